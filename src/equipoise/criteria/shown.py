"""
Limits and times in words that found no place in a rule: shown in it, and deciding nothing.

::

    subject = the name, or the few words, before a limit or a time; where there are none, those behind it

"Travel to such regions within 30 days" names nothing that the tables know, and its 30 days were read all the same.
What was not understood (`Left`) stays unknown: beside it stands, in doubt, what its numbers say of the text's own
words. A number of which nobody can tell what it is of is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from equipoise.criteria.anchors import TimePhrase, iso
from equipoise.criteria.context import Context
from equipoise.criteria.elements import Element
from equipoise.criteria.join import doubted
from equipoise.criteria.limits import Comparison, may_compare, operator_at, tidy
from equipoise.criteria.times import ISO_UNITS
from equipoise.rules.nodes import (
    All,
    AnyOf,
    ConceptRef,
    Left,
    Not,
    Predicate,
    Rule,
    Span,
    Unless,
    all_of,
    leaves,
)
from equipoise.terms.cues import word_set

_MOST_WORDS = 6
_ELAPSED = ("duration", "event_time")
_SOMEONE = word_set("ages.someone")
# What a number is of where it has no unit: the word before it says that it is measured.
_MEASURED = word_set("shown.measured")
# Words that say how or when, and do not name what a number is of.
_IDLE = word_set("shown.idle") | word_set("shown.verbs")
_APART = frozenset(
    ("comma", "stop", "or", "and", "but", "slash", "colon", "open", "close", "except", "unless", "if", "dash", "must")
)

_NUMBER_OF = "number of "
_BACK = frozenset(("last", "past", "previous", "preceding", "prior", "recent", "next", "coming", "following"))
_OLD = frozenset(("old", "yo", "age", "aged", "ages"))
_DOSES = frozenset(("dose", "dosage", "doses", "regimen"))
_UNCOUNTED = frozenset(("times", "occasions", "capabilities", "minutes", "hours", "days", "weeks", "months", "years"))
_VAGUE = frozenset(
    ("level", "levels", "value", "values", "points", "number", "score", "scores", "size", "stage", "grade")
)
_SHARES = frozenset(
    ("predicted", "normal", "doses", "their", "the", "expected", "baseline", "maximum", "maximal", "total", "all")
)
# "More than 50 % obstruction", "less than 2 cm spread": what such a unit is of may stand behind it.
_OF_THINGS = frozenset(("%", "mm", "cm"))

Seen = tuple[Predicate, Span]


class Shower:
    """Finds what the numbers in the words of one criterion say that its rule does not."""

    def __init__(self, context: Context, elements: Sequence[Element]) -> None:
        self.context = context
        self.elements = elements

    def shown(self, rule: Rule) -> Rule:
        """Return the rule with its unknown words' limits and times beside them; it answers what it answered."""
        facts: list[Predicate] | None = None
        seen: list[Seen] = []
        if not [leaf for leaf in leaves(rule) if type(leaf) is Left or leaf.kind != "administrative"]:
            return rule  # what someone agrees to is for a person to judge, whatever its numbers
        for place, one in enumerate(self.elements):
            if one.kind not in ("time", "atom", "word") or (one.kind == "word" and not self._may_limit(one)):
                continue
            if one.kind == "atom" and type(one.rule) is Predicate and one.rule.op in ("present", "absent"):
                continue  # most names
            if facts is None:
                facts = [leaf for leaf in leaves(rule) if type(leaf) is Predicate]
            for found in self._stated(place, one):
                if not any(_says(fact, found) for fact in facts):
                    facts.append(found)
                    seen.append((found, one.span))
        return _beside(rule, seen) if seen else rule

    def _may_limit(self, one: Element) -> bool:
        return may_compare(self.context.tokens[one.first])

    def _stated(self, place: int, one: Element) -> Iterator[Predicate]:
        """Yield the limits and lengths of time that an element states."""
        if one.kind == "time":
            assert one.time is not None
            if one.time.mode != "when" and (found := self._of_time(place, one.time)) is not None:
                yield found
        elif one.kind == "atom":
            for leaf in leaves(one.rule):
                if type(leaf) is Predicate and leaf.op not in ("present", "absent") and leaf.name != "sex":
                    yield leaf
        else:
            limit = self.context.comparison(one.first)
            if limit is None and (graded := self._beyond_grade(place, one)) is not None:
                yield graded
            if limit is not None and (found := self._of_limit(place, one, limit)) is not None:
                yield found

    # Times

    def _of_time(self, place: int, time: TimePhrase) -> Predicate | None:
        lead = self.context.norm(self.elements[place].first)
        if (lead == "over" and time.op == ">") or (lead == "in" and time.anchor is None and time.side == "before"
                                                   and not self._looks_back(place)):  # fmt: skip
            return None  # "1 g of protein in 24 hours", "over the 8-week phase": how it is measured
        subject = self._before(place) or self._behind(place)
        if time.mode == "for":
            if subject is None or set(subject.name.split()) <= _DOSES:
                return None
            return self._limit(
                "duration", subject, Comparison(time.op, time.value, None, time.unit, None, 0, time.span)
            )
        anchor = time.anchor or "screening"
        name = "what is asked" if subject is None else subject.name
        start, stop = (anchor, name) if time.side == "after" else (name, anchor)
        return Predicate(
            kind="event_time", from_=start, to=stop, op=time.sign, value=tidy(time.value), unit=time.unit,
            span=time.span,
        )  # fmt: skip

    def _looks_back(self, place: int) -> bool:
        one = self.elements[place]
        words = {token.norm for token in self.context.tokens[one.first : one.last]}
        return bool(words & _BACK)

    @staticmethod
    def _limit(kind: str, subject: ConceptRef, limit: Comparison) -> Predicate:
        return Predicate(
            kind=kind, concept=subject, op=limit.op, value=tidy(limit.value),
            upper=None if limit.upper is None else tidy(limit.upper),
            unit=None if limit.relative_to or limit.unit in ("1", "{points}") else limit.unit,
            relative_to=limit.relative_to, span=limit.span,
        )  # fmt: skip

    # Limits

    def _of_limit(self, place: int, one: Element, limit: Comparison) -> Predicate | None:
        """Return a limit of what the words before it name, or behind it: "> 50 % obstruction", "≤ 444 mg of milk"."""
        if limit.relative_to == "baseline" or (limit.op == "=" and limit.unit is not None):
            return None
        if self.context.norm(one.first - 1) in ("not", "never") and limit.op in (">", "<"):
            limit = msgspec.structs.replace(limit, op="<=" if limit.op == ">" else ">=")  # "should not exceed"
        if limit.unit in ISO_UNITS:
            return self._lasting(place, one, limit)
        if limit.unit is None and limit.relative_to is None:
            subject = self._scored(place) or self._counted(limit)
        elif limit.unit is not None and limit.unit.startswith("{") and limit.unit != "{points}":
            subject = self._things(one, limit)
        else:
            ahead = self._named_behind(limit, place)
            subject = ahead or self._scored(place) or self._before(place, drugs=False)
            if (
                subject is None
                and limit.unit != "%"
                and (not place or self.elements[place - 1].kind in _APART - {"open"})
            ):
                subject = self._behind(place)
        return None if subject is None else self._limit("measurement", subject, limit)

    def _beyond_grade(self, place: int, one: Element) -> Predicate | None:
        """Return the limit of "neuropathy > grade 1"."""
        context, op = self.context, operator_at(self.context.tokens, one.first)
        if op is None or op[0] == "=" or context.norm(op[1]) not in ("grade", "stage", "class"):
            return None
        number = context.quantity(op[1] + 1)
        if number is None or number.unit is not None:
            return None
        subject = self._before(place) or self._behind(place + 1)
        word = context.norm(op[1])
        name = ConceptRef(f"{subject.name} {word}" if subject else word, (word,), span=context.span(op[1], op[1] + 1))
        limit = Comparison(op[0], number.value, None, None, None, number.end, context.span(one.first, number.end))
        return self._limit("measurement", name, limit)

    def _things(self, one: Element, limit: Comparison) -> ConceptRef:
        """Return what a unit counts: "> 6 standard drinks"."""
        words = [token for token in self.context.tokens[one.first : limit.end] if token.kind == "w"]
        named = [token.norm for token in words if token.value is None and token.norm not in _IDLE]
        return ConceptRef(" ".join(named[-3:]), span=limit.span)

    def _lasting(self, place: int, one: Element, limit: Comparison) -> Predicate | None:
        """Return how long something has lasted; of an age, only a donor's or a parent's is not the patient's."""
        words = {token.norm for token in self.context.tokens[one.first : limit.end + 2]}
        if words & _OLD or limit.worded in ("older", "younger"):
            for before in reversed(self.elements[max(0, place - 6) : place]):
                if before.text in _SOMEONE:
                    return self._limit(
                        "measurement", ConceptRef(f"{before.text.rstrip('s')} age", span=before.span), limit
                    )
                if before.kind in ("stop", "comma"):
                    return None
            return None
        subject = self._before(place) or self._behind(place)
        return None if subject is None else self._limit("duration", subject, limit)

    def _named_behind(self, limit: Comparison, place: int) -> ConceptRef | None:
        """Return what stands right behind a limit, or behind "of"."""
        behind = self.elements[place + 1 : place + 8]
        if not behind or behind[0].first != limit.end:
            return None
        if behind[0].text == "of" and self.context.norm(limit.end + 1) in _SHARES:
            return None  # "80 % of predicted": of what stands before
        if behind[0].text == "of" or (limit.unit in _OF_THINGS and behind[0].kind in ("word", "atom")):
            return self._subject(behind, backward=False)
        return None

    def _scored(self, place: int) -> ConceptRef | None:
        """Return the score, the size or the like that the words before a number name, a few words away."""
        for at in range(place - 1, max(-1, place - 12), -1):
            one = self.elements[at]
            if one.kind in _APART and one.kind not in ("open", "close"):
                return None
            if one.kind == "word" and one.text.rpartition(" ")[2] in _MEASURED:
                name = self._before(at)
                own = ConceptRef(one.text, span=one.span)
                if name is None or name.span is None:
                    return own if one.text not in _VAGUE else self._graded(place, one)
                return ConceptRef(f"{name.name} {one.text}", name.synonyms, span=(name.span[0], one.span[1]))
        return None

    def _graded(self, place: int, scale: Element) -> ConceptRef | None:
        """Return "bleeding grade" for "grade ≥ 3 bleeding"."""
        ahead = self._behind(place) if scale.text in ("grade", "stage", "class") else None
        return None if ahead is None else ConceptRef(f"{ahead.name} {scale.text}", (scale.text,), span=scale.span)

    def _counted(self, limit: Comparison) -> ConceptRef | None:
        """Return what a bare number counts: the words right behind it."""
        if (limit.value < 2 and limit.op in (">=", "=")) or limit.value != int(limit.value):
            return None
        tokens, end = self.context.tokens, limit.end
        begin = end = end + (self.context.norm(end) == ")")  # "multiple (> 1) bites"
        while end < len(tokens) and end - begin < 4 and tokens[end].kind == "w" and tokens[end].norm not in _IDLE:
            end += 1
        words = [token.norm for token in tokens[begin:end]]
        if (
            not words
            or words[0] in _UNCOUNTED
            or words[0] in _MEASURED
            or (limit.value != 1 and not any(word.endswith("s") for word in words))
        ):
            return None
        return ConceptRef("number of " + " ".join(words), span=self.context.span(begin, end))

    # Subjects

    def _before(self, place: int, *, drugs: bool = True) -> ConceptRef | None:
        """Return the name or the words right before an element; of a drug, only a length of time is a limit."""
        return self._subject(list(reversed(self.elements[max(0, place - 9) : place])), backward=True, drugs=drugs)

    def _behind(self, place: int) -> ConceptRef | None:
        return self._subject(self.elements[place + 1 : place + 9], backward=False)

    def _subject(self, elements: Sequence[Element], *, backward: bool, drugs: bool = True) -> ConceptRef | None:
        taken: list[Element] = []
        for place, one in enumerate(elements):
            if one.kind == "atom":
                if not taken and one.predicate is not None and one.predicate.op == "present":
                    headed = _headed(one.predicate, elements[place + 1 : place + 3]) if backward else None
                    return headed or (one.predicate.concept if drugs or one.predicate.kind != "drug" else None)
                if not taken and one.predicate is not None and one.predicate.name.startswith(_NUMBER_OF):
                    return ConceptRef(one.predicate.name[len(_NUMBER_OF) :], span=one.span)  # "25 follicles (2-9 mm)"
                break
            if one.kind in ("word", "quality", "event"):
                if one.text in _IDLE:
                    continue
                if any(mark.isdigit() for mark in one.text):
                    break
                taken.append(one)
                if len(taken) == _MOST_WORDS:
                    break
            elif one.kind in _APART or (one.kind != "light" and taken):
                if one.kind == "open" and not taken and backward:
                    continue
                break
        if not taken or all(one.kind == "quality" for one in taken):
            return None
        if backward:
            taken.reverse()
        return ConceptRef(" ".join(one.text for one in taken), span=(taken[0].span[0], taken[-1].span[1]))


def _headed(named: Predicate, before: Sequence[Element]) -> ConceptRef | None:
    """Return "adherence to steroids" for the steroids that it ends with: what is limited is the first."""
    if len(before) < 2 or before[0].text not in ("to", "in", "of") or before[1].kind != "word":
        return None
    if before[1].text in _IDLE or named.concept is None or named.concept.span is None:
        return None
    return ConceptRef(
        f"{before[1].text} {before[0].text} {named.name}", span=(before[1].span[0], named.concept.span[1])
    )


def _says(fact: Predicate, found: Predicate) -> bool:
    """Return whether a rule states a limit already, on whatever it is of, or a length of time."""
    if found.kind in _ELAPSED:
        if fact.unit in ISO_UNITS and fact.value == found.value and fact.unit == found.unit:
            return True
        window = fact.window
        if window is None:
            return False
        assert found.unit is not None
        length = iso(float(found.value or 0), found.unit)
        return length in (window.within, window.at_least)
    return (fact.value, fact.op, fact.unit) == (found.value, found.op, found.unit) and (
        fact.span is None or found.span is None or (fact.span[0] < found.span[1] and found.span[0] < fact.span[1])
    )


def _beside(rule: Rule, seen: Sequence[Seen]) -> Rule:
    """Return the rule with what was seen in its unknown words beside them; what is in none doubts the whole."""
    places = [leaf.span for leaf in leaves(rule) if type(leaf) is Left]
    held: dict[Span, list[Rule]] = {}
    loose: list[Seen] = []
    for found, span in seen:
        around = [place for place in places if place[0] <= span[0] and span[1] <= place[1]]
        if around:
            held.setdefault(min(around, key=lambda place: place[1] - place[0]), []).append(found)
        else:
            loose.append((found, span))
    if held:
        rule = _with(rule, held)
    for found, span in loose:
        rule = doubted(all_of([rule, found]) or rule, span)
    return rule


def _with(rule: Rule, held: dict[Span, list[Rule]]) -> Rule:
    """Return the rule with each `Left` that holds numbers shown once with what they say; the rest stays as it is."""
    if not held or type(rule) is Predicate:
        return rule
    if type(rule) is Left:
        more = held.pop(rule.span, None)
        return rule if more is None else All((AnyOf((*more, rule)), rule))
    if type(rule) is Not:
        return Not(_with(rule.rule, held))
    if type(rule) is Unless:
        return Unless(_with(rule.rule, held), _with(rule.exception, held))
    rules = tuple([_with(one, held) for one in rule.rules])
    same = all(one is other for one, other in zip(rules, rule.rules, strict=True))
    return rule if same else msgspec.structs.replace(rule, rules=rules)
