"""
Age, and lines of prior treatment: limits whose variable is in no catalogue.

::

    age   = "aged" filler* (comparison | bare) (joint comparison)* old? | comparison old | people comparison
    old   = "of age" | "old" | "years"
    lines = comparison "prior"? treatment? ("line" | "lines" | "regimen" …) ("of" treatment)?

A length in years or months is an age where the text says so (aged, old, of age, older, younger), where it
follows people ("adults ≥ 18 years"), or where nothing else stands in the criterion.
"""

from __future__ import annotations

import msgspec

from equipoise.criteria.context import Context
from equipoise.criteria.limitlist import ends_of
from equipoise.criteria.limits import Comparison, operator_at, tidy
from equipoise.criteria.measures import Measure
from equipoise.rules.nodes import All, AnyOf, ConceptRef, Left, Predicate, Rule, Span, all_of, any_of
from equipoise.terms.cues import word_set

_FILLERS = word_set("ages.fillers")
# Whose age it is, if it is not the patient's.
_SOMEONE = word_set("ages.someone")
_THEN = frozenset(
    ("diagnosis", "diagnosed", "onset", "surgery", "transplant", "transplantation", "first", "menopause", "menarche",
     "injury")
)  # fmt: skip
_NOT_NOW = _THEN - {"first"}
_PEOPLE = word_set("ages.people")
_UNITS = ("a", "mo", "wk", "d")
# Behind a length of time these say of what: no age.
_COUNTED_FROM = frozenset(
    ("from", "since", "after", "following", "post", "before", "prior", "ago", "of", "on", "without", "in")
)
# What brought a patient here: their age then is their age now.
_ACUTE = frozenset(
    ("arrest", "injury", "stroke", "trauma", "accident", "burn", "surgery", "operation", "admission", "presentation",
     "hospitalization", "arrival", "infarction", "resuscitation", "event")
)  # fmt: skip
_WHICH = frozenset(("the", "their", "his", "her", "index", "acute", "cardiac", "hospital", "initial", "qualifying"))
_YOUNG = frozenset(("neonate", "neonates", "newborn", "newborns", "infant", "infants", "child", "children", "adults"))
_SAID_AGAIN = frozenset(("inclusive", "inclusively", "included", "years"))
_MOMENTS = frozenset(("time", "day", "date", "moment"))
_FROM_UP, _UP_TO = (">", ">="), ("<", "<=")
_AGE = ConceptRef("age")
# Two ages so far apart are the ends of a range.
_APART = 10


class AgeReader:
    """Reads the ages and the lines of treatment of one criterion."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def aged(self, at: int, end: int) -> Measure | None:
        """Return the age limits behind a word that says age, at the tokens *at* to *end*."""
        stated = self._bounded(at, end) or self._reached(at, end) or self._pair(at, end)
        if stated is not None:
            return stated
        place = end
        while place < len(self.context.tokens) and place - end < 14:
            limit, both = self._limit(place, bare_range=True), self.in_two_units(place, said=True)
            if both is not None:
                return Measure(both.rule, at, both.end)
            if limit is not None:
                return self._age(at, place, self.context.span(at, end))
            if self.context.norm(place) not in _FILLERS or self.context.norm(place) in _NOT_NOW:
                return None
            place += 1
        return None

    def in_two_units(self, at: int, *, said: bool = False) -> Measure | None:
        """Return the age that "from 6 months to 5 years of age" states; *said*: the text has said that it is one."""
        context = self.context
        place = at + (context.norm(at) in ("from", "between"))
        low = context.quantity(place)
        if low is None or context.norm(low.end) not in (
            "to",
            "-",
            "through",
            *("and",) * (context.norm(at) == "between"),
        ):
            return None
        high = context.quantity(low.end + 1)
        if high is None or low.unit not in _UNITS or high.unit not in _UNITS:
            return None
        last = Comparison("<=", high.value, None, high.unit, None, high.end, (high.start, high.stop))
        if _UNITS.index(low.unit) <= _UNITS.index(high.unit) or not (said or self._says_age(at, last)):
            return None
        first = Comparison(">=", low.value, None, low.unit, None, low.end, (low.start, low.stop))
        rule = all_of([_age_predicate(one, one.unit or "a", one.span, one.span) for one in (first, last)])
        assert rule is not None
        return Measure(rule, at, self._behind(high.end))

    def _bounded(self, at: int, end: int) -> Measure | None:
        """Read "minimum age of 18 years": the bound is said before the age."""
        op = {
            "minimum": ">=",
            "min": ">=",
            "minimal": ">=",
            "maximum": "<=",
            "max": "<=",
            "maximal": "<=",
            "upper": "<=",
            "lower": ">=",
        }.get(self.context.norm(at - 1))
        if op is None:
            return None
        place = end
        while self.context.norm(place) in ("of", "is", ":", "limit", "=", "at"):
            place += 1
        number = self.context.quantity(place)
        if number is None or number.unit not in (*_UNITS, None):
            return None
        limit = Comparison(op, number.value, None, number.unit, None, number.end, (number.start, number.stop))
        rule = _age_predicate(
            limit, number.unit or "a", (self.context.tokens[at].start, number.stop), self.context.span(at, end)
        )
        return Measure(rule, at, self._behind(number.end))

    def _pair(self, at: int, end: int) -> Measure | None:
        """Read "aged 20 and 50 years" as from one to the other; of "aged 8 and 12 years" those between stay open."""
        context = self.context
        low = context.quantity(end)
        high = context.quantity(low.end + 1) if low is not None and context.norm(low.end) == "and" else None
        if low is None or high is None or low.unit not in (None, "a") or high.unit != "a" or low.value >= high.value:
            return None
        span, words = context.span(at, high.end), context.span(at, end)
        both = Comparison("between", low.value, high.value, "a", None, high.end, (low.start, high.stop))
        rule: Rule = _age_predicate(both, "a", span, words)
        if high.value - low.value < _APART:
            each = [Comparison("=", one.value, None, "a", None, one.end, (one.start, one.stop)) for one in (low, high)]
            rule = All((rule, AnyOf((*(_age_predicate(one, "a", span, words) for one in each), Left(span)))))
        return Measure(rule, at, self._behind(high.end))

    def _reached(self, at: int, end: int) -> Measure | None:
        """Read "asthma after the age of 6 years": nobody younger has that; of others, when it was is open."""
        context = self.context
        begin = at - 1 - (context.norm(at - 1) == "the")
        place = end + (context.norm(end) == "of")
        number = context.quantity(place) if begin > 0 and context.norm(begin) == "after" else None
        if number is None or number.unit not in (*_UNITS, None) or not 0 < number.value <= 100:
            return None
        span = context.span(begin, number.end)
        least = Comparison(">=", number.value, None, number.unit, None, number.end, (number.start, number.stop))
        age = _age_predicate(least, number.unit or "a", span, context.span(at, end))
        return Measure(All((age, Left(span))), begin, number.end)

    def aged_before(self, at: int, limit: Comparison) -> Measure | None:
        """Return the age that the length *limit* at a token is, if the text says that it is one."""
        if limit.unit not in (*_UNITS, None) or limit.relative_to is not None:
            return None
        near = [self.context.norm(place) for place in range(max(0, at - 7), at)]
        before = set(near[near.index("if") :] if "if" in near else near)  # "consent of a parent if under 18 years old"
        if before & _SOMEONE or (before & _NOT_NOW and before & {"age", "aged", "ages"}):
            return None
        return self._age(at, at, None) if self._says_age(at, limit) else None

    def _says_age(self, at: int, limit: Comparison) -> bool:
        context = self.context
        whole = at == 0 and limit.end >= len(context.tokens) - 1 and limit.unit is None and 12 <= limit.value <= 90
        if whole and limit.op == ">=" and limit.worded in ("above", "older", "over", "up"):
            return True  # "18 and over" is all that a criterion says
        if any(context.norm(place) in ("age", "ages", "aged") for place in range(at, limit.end)):
            return True
        after = [context.norm(place) for place in range(limit.end, limit.end + 3)]
        if limit.unit is None and limit.op in ("<", "<=") and after[0] == "or" and limit.value > 5:
            other = context.comparison(limit.end + 1)  # "under 40 or over 60 years of age"
            return other is not None and other.unit == "a" and self._says_age(limit.end + 1, other)
        if self._begins_range(at, limit):
            return True
        if after[0] == "old" or after[:2] in (["of", "age"], [".", "old"]) or after[0] in ("aged", "age"):
            return True
        if after[:2] in (["in", "age"], ["or", "older"], ["and", "older"], ["or", "younger"], ["and", "younger"]):
            return limit.unit is not None
        if limit.worded in ("older", "younger") and (limit.unit is not None or limit.value > 5):
            return True
        of_whom = after[0] == "of" and after[1] in ("either", "both", "any", "all")
        if limit.unit not in ("a", "mo") or (after[0] in _COUNTED_FROM and not of_whom):
            return False  # "less than one year from first diagnosis" is no age
        if at > 1 and context.norm(at - 1) == "child" and context.norm(at - 2) in ("a", "one"):
            return False  # "has a child less than 4 years": another's age
        if any(
            context.norm(at - back) in _PEOPLE
            for back in (1, 2)
            if at - back >= 0 and (back == 1 or context.norm(at - 1) in (",", "(", "is", "are", "from", "must", "be"))
        ):
            return True
        alone = all(
            token.kind == "m" or token.norm in _FILLERS
            for token in (*context.tokens[:at], *context.tokens[limit.end :])
        )
        return alone and limit.value > 0 and (limit.unit == "a" or limit.op == "between")

    def _begins_range(self, at: int, limit: Comparison) -> bool:
        """Return whether a limit is the lower end of "men or women ≥ 18 and < 60 years"."""
        context, place = self.context, limit.end
        if limit.unit is not None or limit.op not in _FROM_UP:
            return False
        while context.norm(place) in ("and", "to", "but", ",", "&", "-") and place - limit.end < 2:
            place += 1
        other = context.comparison(place) if place > limit.end else None
        if other is None or other.op not in _UP_TO or other.unit not in _UNITS or not limit.value < other.value:
            return False
        people = at > 0 and context.norm(at - 1) in _PEOPLE and other.unit == "a"
        return people or self._says_age(at, other)

    def _limit(self, at: int, *, bare_range: bool) -> Comparison | None:
        context = self.context
        found = context.comparison(at)
        if found is None and bare_range:
            number = context.quantity(at)
            if (
                number is not None
                and number.unit in ("a",)
                and context.norm(number.end) in ("old", "of")
                and context.norm(at - 1) not in (":",)
            ):
                return None
        if found is not None and found.unit == "m" and found.relative_to is None:
            found = msgspec.structs.replace(found, unit="mo")  # of an age, m is months
        if found is None or found.unit not in (*_UNITS, None) or found.relative_to is not None:
            return None
        if found.op == "=" and context.tokens[at].kind == "o":
            return None  # "age = 18 years": a sign "≥" or "≤" that was lost on the way
        return found

    def _age(self, first: int, at: int, named: Span | None) -> Measure | None:
        context = self.context
        groups: list[list[Rule]] = [[]]
        joint, end, unit = "", at, None
        limits: list[tuple[str, Comparison]] = []
        while (limit := self._limit(at, bare_range=False)) is not None:
            if joint == "or" and limits and limit.worded in ("older", "younger") and limit.op in ("<", ">"):
                pass
            limits.append((joint, limit))
            unit = limit.unit or unit
            end = self._behind(limit.end)
            at, joint = end, ""
            while context.norm(at) in ("and", "or", "but", ",", "to", "&", "at", "-") and at - end < 3:
                joint = context.norm(at) if context.norm(at) != "," or not joint else joint
                at += 1
            while context.norm(at) in ("must", "be", "are", "is", "years", "age", "aged"):
                at += 1
            if not joint:
                break
        if not limits or self._another_time(end):
            return None
        end = self._at_event(end)
        for joint, limit in limits:
            if joint == "or" and groups[-1]:
                groups.append([])
            span = (
                min(named[0] if named else limit.span[0], limit.span[0]),
                max(limit.span[1], named[1] if named else 0),
            )
            for one in ends_of(limit):
                groups[-1].append(_age_predicate(one, limit.unit or unit or "a", span, named or limit.span))
        rule = any_of([part for group in groups if (part := all_of(group)) is not None])
        assert rule is not None
        return Measure(rule, first, end)

    def _another_time(self, at: int) -> bool:
        """Return whether it is the age at diagnosis, at onset, at an earlier operation: not the age now."""
        if self.context.norm(at) not in ("at", "when", "before", "on") or self._at_event(at) > at:
            return False
        words = [self.context.norm(place) for place in range(at + 1, at + 5)]
        if "first" in words and not {"visit", "screening", "dose"}.isdisjoint(words):
            return False
        return any(word in _THEN for word in words)

    def _at_event(self, at: int) -> int:
        """Pass over "on the day of the arrest", "at the time of surgery": what brought the patient here."""
        context, place = self.context, at
        if context.norm(place) not in ("at", "on"):
            return at
        place += 1 + (context.norm(place + 1) == "the")
        if context.norm(place) not in _MOMENTS or context.norm(place + 1) != "of":
            return at
        place += 2
        while context.norm(place) in _WHICH:
            place += 1
        past = any(token.norm in ("underwent", "undergone", "previous", "prior", "had") for token in context.tokens)
        return place + 1 if context.norm(place) in _ACUTE and not past else at

    def enclosed(self, at: int) -> Measure | None:
        """Read "18 years ≤ age ≤ 65 years": a value on each side of the word."""
        context = self.context
        low = context.quantity(at)
        if low is None or low.unit not in (*_UNITS, None):
            return None
        place = self._behind(low.end) if low.unit is not None else low.end
        sign = operator_at(context.tokens, place)
        if sign is None or sign[0] not in _UP_TO or context.norm(sign[1]) not in ("age", "ages", "aged"):
            return None
        high = context.comparison(sign[1] + 1)
        if high is None or high.op not in _UP_TO or high.unit not in (*_UNITS, None) or high.value <= low.value:
            return None
        op, named = ">=" if sign[0] == "<=" else ">", context.span(sign[1], sign[1] + 1)
        first = Comparison(op, low.value, None, low.unit, None, place, (low.start, named[1]))
        unit = high.unit or low.unit or "a"
        rule = all_of([_age_predicate(one, one.unit or unit, one.span, named) for one in (first, high)])
        assert rule is not None
        return Measure(rule, at, self._behind(high.end))

    def _behind(self, at: int) -> int:
        """Pass over what says again that it was an age: "years old", "of age", "(inclusive)", "or older"."""
        context = self.context
        for _ in range(5):
            norm, following = context.norm(at), context.norm(at + 1)
            if norm in ("old", "age", "yo", "inclusive", "years", "year", "months", "completed") or (
                norm == "of" and following == "age"
            ):
                at += 2 if norm == "of" else 1
            elif norm == "." and following == "old":
                at += 2  # "18-65 yrs. old"
            elif norm in ("(", "[") and (following in _SAID_AGAIN or self._young(at)):
                at = context.close_of(at) + 1
            elif norm in ("or", "and") and following in ("older", "above", "over", "younger", "up"):
                if context.quantity(at + 2) is not None or context.norm(at + 2) in ("than", "then"):
                    break  # "under 18 or over 75"
                at += 2
            elif norm == "," and following == "inclusive":
                at += 2
            else:
                break
        return at

    def _young(self, at: int) -> bool:
        """Return whether a bracket only says that somebody is young: "less than 28 days old (neonates)"."""
        said = self.context.norm(at + 1)
        return said in _YOUNG and self.context.norm(at + 2) in (")", "]")


def _age_predicate(limit: Comparison, unit: str, span: Span, named: Span) -> Predicate:
    return Predicate(
        kind="demographic",
        concept=ConceptRef(_AGE.name, span=named),
        op=limit.op,
        value=tidy(limit.value),
        upper=None if limit.upper is None else tidy(limit.upper),
        unit=unit,
        span=span,
    )
