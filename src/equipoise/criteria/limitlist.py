"""
Where the limits of a variable stand, and how several are joined.

::

    limits     = limit (joint limit population?)*     # "< 2.8 or > 22.2", "≤ 2.5 × ULN (≤ 5 if liver metastases)"
    limit      = comparison | levels
    population = ("in" | "for" | "if") words that name people

A length of time is no limit of a variable that is not one. Words between a name and its limit may say how it is
measured, never what. A limit in brackets that only says it again in another unit is passed over.
"""

from __future__ import annotations

import msgspec

from equipoise.criteria.cues import FEMALE, MALE
from equipoise.criteria.levels import LevelReader, beyond
from equipoise.criteria.limits import Comparison, operator_at
from equipoise.terms.cues import word_set
from equipoise.terms.units import convert
from equipoise.terms.units import unit as unit_of
from equipoise.terms.variables import Variable

# A limit, how it is joined to the one before, and for whom it holds.
Joined = tuple[str, Comparison, str | None]

_FILLERS = word_set("measures.fillers")
_METHOD = word_set("measures.method")
_TIME_DIMENSION = "time"
_PEOPLE = word_set("measures.people")
# By descent some limits differ.
_DESCENTS = word_set("measures.descents")
# Who may stand beside a sex without changing who is meant: "male patients", and not "pregnant women".
_PLAIN_PEOPLE = frozenset(("patients", "subjects", "participants", "the", "adult", "adults", "all"))

_CONTINUOUS = frozenset(("lab", "vital", "function"))


_AHEAD_OF_NAME = frozenset(
    ("the", "known", "patients", "subjects", "those", "case", "cases", "of", "setting", "presence", "event")
)


class LimitReader(LevelReader):
    """Reads the limits of one criterion's variables."""

    def _limit_at(self, at: int, variable: Variable) -> Comparison | None:
        """Return the comparison or levels at a token, if they can be this variable's."""
        levels = self.levels_at(at, variable)
        found = self.context.comparison(at)
        if levels is not None and (found is None or levels.end > found.end or found.unit == "d"):
            return levels
        if found is None:
            found = self._bare(at, variable)
        if found is None or not self._fits(found, variable):
            return None
        if not _plausible(found, variable):
            return None  # "creatinine > 133 mol/L": a unit was mistyped, and nobody can tell which
        if found.op == "=" and variable.kind in _CONTINUOUS:
            return None  # "DBP = 110 mmHg": no one is held to the very value, so a sign was lost
        return found

    @staticmethod
    def _fits(found: Comparison, variable: Variable) -> bool:
        if found.unit is None or found.relative_to is not None:
            return True
        unit, own = unit_of(found.unit), unit_of(variable.unit) if variable.unit else None
        if unit is None or (found.unit == "U" and "U" not in "".join((variable.unit or "", *variable.units))):
            return False  # "2 units of red blood cells"
        own_dimensions = {
            known.dimension for one in (variable.unit, *variable.units) if one and (known := unit_of(one)) is not None
        }
        if unit.dimension == _TIME_DIMENSION:
            return _TIME_DIMENSION in own_dimensions
        return own is not None or found.unit in ("%", "1") or not own_dimensions

    def _bare(self, at: int, variable: Variable) -> Comparison | None:
        """Read "GCS 15" and "ECOG of 1": a score with no operator."""
        quantity = self.context.quantity(at)
        if quantity is None or self.context.tokens[at].kind != "n":
            return None
        scale = variable.kind in ("score", "class", "stage")
        if not scale:
            return None  # "ANC 1500/uL" sets a limit, and does not say which
        if quantity.unit not in (None, "{points}", "1"):
            return None
        if beyond(quantity.value, variable):
            return None
        return Comparison(
            "=",
            quantity.value,
            None,
            quantity.unit,
            quantity.relative_to,
            quantity.end,
            (quantity.start, quantity.stop),
            quantity.mended,
        )

    def _limits(self, at: int, variable: Variable) -> tuple[list[Joined], int] | None:
        """Return limits with how each is joined to the one before and for whom it holds, and the next token."""
        context = self.context
        opened = context.norm(at - 1) in ("(", "[")
        first = self._limit_at(at, variable)
        if first is None:
            return None
        found: list[Joined] = []
        joint, limit, bracket = "", first, False
        while True:
            end = self._second_unit(limit.end, variable)
            population, end = self._population(end, bracket=bracket)
            low, *high = ends_of(limit)
            found.append((joint, low, population))
            found += [("and", one, population) for one in high]
            upto = self._up_to(limit, end)
            if upto is not None:
                found.append(("and", upto, population))
                end = upto.end
            place, joint, bracket = self._next_limit(end)
            following = self._limit_at(place, variable) or self._same_for_some(place, limit) if joint else None
            if following is None or self._other_variable(following.end):
                break
            limit = following
            if bracket:
                limit = msgspec.structs.replace(limit, end=limit.end)
        if opened and context.norm(end) in (")", "]"):
            end += 1
        return _with_unit(found), end

    def _same_for_some(self, at: int, limit: Comparison) -> Comparison | None:
        """Read "≥ 1500 or 1200/mm3 for African Americans": the sign stands once."""
        number = self.context.quantity(at)
        if number is None or limit.op not in ("<", "<=", ">", ">=") or number.unit not in (None, limit.unit):
            return None
        if self._population(number.end)[0] is None or number.relative_to != limit.relative_to:
            return None
        return Comparison(
            limit.op, number.value, None, number.unit or limit.unit, number.relative_to, number.end,
            (number.start, number.stop), number.mended,
        )  # fmt: skip

    def _up_to(self, limit: Comparison, at: int) -> Comparison | None:
        """Read the upper end of "> 27 to 45"."""
        if limit.op not in (">", ">=") or self.context.norm(at) not in ("to", "-"):
            return None
        op = operator_at(self.context.tokens, at + 1)
        if op is not None and op[0] not in ("<", "<="):
            return None
        number = self.context.quantity(at + 1 if op is None else op[1])
        if number is None or number.value <= limit.value:
            return None
        if limit.unit is not None and number.unit not in (None, limit.unit):
            return None
        span, unit = (self.context.tokens[at].start, number.stop), number.unit or limit.unit
        return Comparison("<=" if op is None else op[0], number.value, None, unit, limit.relative_to, number.end, span)

    def _next_limit(self, at: int) -> tuple[int, str, bool]:
        context = self.context
        place, joint = at, ""
        if context.norm(place) in ("(", "[") and context.close_of(place) < len(context.tokens):
            inner = place + 1
            while context.norm(inner) in ("or", "and", "if", "but"):
                joint = context.norm(inner)
                inner += 1
            limit = context.comparison(inner)
            if limit is not None and context.norm(limit.end) in ("in", "for", "if", "among", "when", "with"):
                return inner, joint or "or", True
            return at, "", False
        while context.norm(place) in ("or", "and", "but", ",", "and/or", "to", "&") and place - at < 3:
            joint = joint if context.norm(place) == "," and joint else context.norm(place)
            place += 1
        while joint and context.norm(place) in (
            "is",
            "of",
            "a",
            "value",
            "values",
            "level",
            "levels",
            "class",
            "score",
        ):
            place += 1
        if joint == "," and not self._sign_follows(place):
            return at, "", False
        return (
            place,
            "and" if joint in ("but", ",", "&") else "or" if joint == "and/or" else joint if joint != "to" else "",
            False,
        )

    def _sign_follows(self, at: int) -> bool:
        return at < len(self.context.tokens) and (
            self.context.tokens[at].kind == "o" or operator_at(self.context.tokens, at) is not None
        )

    def _other_variable(self, at: int) -> bool:
        """Return whether what was read as a further limit belongs to the variable that follows it ("> 3 × ULN ALT")."""
        named = self.context.named(at) if at < len(self.context.tokens) and self.context.norm(at) != "of" else None
        return (
            named is not None
            and isinstance(named[0], Variable)
            and named[0].name not in ("",)
            and self._limit_place(named[1], named[0]) is None
        )

    def _second_unit(self, at: int, variable: Variable) -> int:
        """Pass over "(50 mg/dL)" and "[≤ 1.5 mg/dL]": the limit again, in another unit."""
        context = self.context
        if context.norm(at) not in ("(", "[", "/", "or", "="):
            return at
        if context.norm(at) in ("(", "["):
            close = context.close_of(at)
            if "age" in context.norms[at:close]:
                return at  # "Karnofsky 50-100 % (over age 10)"
            inner = at + 1
            while context.norm(inner) in ("or", "i", "ie", "approximately", "eq", "equivalent", "to", "about", "="):
                inner += 1
            limit = self._limit_at(inner, variable)
            if limit is None:
                number = context.quantity(inner)
                return close + 1 if number is not None and number.end == close else at
            return close + 1 if limit.end == close and limit.relative_to is None else at
        return at

    def _population(self, at: int, *, bracket: bool = False) -> tuple[str | None, int]:
        """Read "in African-American patients", "if liver metastases are present": for whom the limit holds."""
        context = self.context
        if context.norm(at) == "(" and context.norm(at + 2) == ")" and context.norm(at + 1) in FEMALE | MALE:
            return ("female" if context.norm(at + 1) in FEMALE else "male"), at + 3
        if context.norm(at) == "," and context.norm(at + 1) in ("if", "for", "in"):
            at += 1
        opener = context.norm(at)
        if opener not in ("in", "for", "if", "among") and not (bracket and opener in ("with", "when")):
            return None, at
        end = at + 1
        while (
            end < len(context.tokens)
            and end - at < 12
            and context.norm(end) not in (",", ";", ")", "]", ".", "or", "(", "unless", "and")
        ):
            if context.comparison(end) is not None:
                break
            end += 1
        end = self._or_ill(end) if end - at > 1 else end
        words = [token.norm for token in context.tokens[at + 1 : end]]
        if not words:
            return None, at
        people = any(word in _PEOPLE or word in _DESCENTS for word in words)
        if people and context.norm(end) not in ("", ",", ";", ")", "]", ".", "or", "and", "(", "unless"):
            return "some", end  # "for children over age 10": who is meant is more than was read
        lead = next((place for place, word in enumerate(words) if word not in _AHEAD_OF_NAME), 0)
        named = context.named(at + 1 + lead) if bracket or len(words) > 1 or opener in ("if", "with", "when") else None
        # "(≤ 5 × ULN for liver metastases)", "(… in case of Gilbert syndrome)": whoever has them.
        condition = named is not None and getattr(named[0], "kind", "") == "condition"
        ill = bracket and condition and context.norm(end) in (")", "]")
        if not people and not ill and (opener not in ("if", "with", "when") or named is None):
            return None, at
        if set(words) <= {"all", "patients", "subjects", "the", "both", "participants"}:
            return None, end
        for sex, named_so in (("male", MALE), ("female", FEMALE)):
            if len(words) <= 2 and set(words) & named_so and set(words) <= named_so | _PLAIN_PEOPLE:
                return sex, end
        span = context.span(at + 1, end)
        return context.text[span[0] : span[1]], end

    def _or_ill(self, at: int) -> int:
        """Return where a population ends of which "or bone metastases" says more, up to the end of the clause."""
        context = self.context
        if context.norm(at) not in ("or", "and/or"):
            return at
        place = at + 1
        while context.norm(place) in _AHEAD_OF_NAME or context.norm(place) in ("with", "documented"):
            place += 1
        named = context.named(place) if place < len(context.tokens) else None
        ill = named is not None and getattr(named[0], "kind", "") == "condition"
        return named[1] if named is not None and ill and context.norm(named[1]) in ("", ")", "]", ";", ".") else at

    def _limit_place(self, at: int, variable: Variable) -> int | None:
        """Return the token at which the limit of a variable begins."""
        context, begin = self.context, at
        while at < len(context.tokens) and at - begin < 12:
            if self._limit_at(at, variable) is not None:
                return at
            norm = context.norm(at)
            if norm in ("(", "["):
                inside = self._limit_place_inside(at + 1, variable)
                if inside is not None:
                    return inside
                at = context.close_of(at) + 1
                continue
            if norm in _FILLERS or (norm in (",", "-", "–") and self._sign_follows(at + 1)):
                at += 1
                continue
            again = context.variables.longest(context.words, at)
            if again is not None and again[0].name == variable.name:
                at += again[1]
                continue
            if norm in _METHOD:
                return self._behind_method(at, variable)
            return None
        return None

    def _limit_place_inside(self, at: int, variable: Variable) -> int | None:
        for place in range(at, min(at + 3, len(self.context.tokens))):
            if self._limit_at(place, variable) is not None:
                return place
            if self.context.norm(place) not in _FILLERS:
                return None
        return None

    def _behind_method(self, at: int, variable: Variable) -> int | None:
        """Look behind "by the Cockcroft-Gault formula" for the limit: the same clause, no other variable between."""
        context = self.context
        for place in range(at, min(at + 14, len(context.tokens))):
            token = context.tokens[place]
            if token.norm in (",", ";", ".", "or", "and") and not (
                token.norm == "and" and context.norm(place + 1) == "gault"
            ):
                return None
            if self._sign_follows(place):
                return place if self._limit_at(place, variable) is not None else None
            if place > at and context.variables.longest(context.words, place) is not None:
                return None
        return None


def _with_unit(found: list[Joined]) -> list[Joined]:
    """Return "> 25 and < 90 mL/min" with the unit, which stands once, on both."""
    unit = found[-1][1].unit
    if unit is None or any(limit.unit not in (None, unit) or limit.relative_to for _, limit, _ in found):
        return found
    return [(joint, msgspec.structs.replace(limit, unit=unit), population) for joint, limit, population in found]


def _plausible(found: Comparison, variable: Variable) -> bool:
    """Return whether a limit lies within twenty times of what the variable can be."""
    if found.relative_to is not None or variable.high is None or variable.unit is None or found.unit in (None, "%"):
        return True
    assert found.unit is not None
    value = convert(found.value, found.unit, variable.unit, analyte=variable.name)
    return value is None or value <= variable.high * 20


def ends_of(limit: Comparison) -> tuple[Comparison, ...]:
    """Return a range whose upper end is left out as its two ends, any other limit as it is."""
    if not limit.strict or limit.upper is None:
        return (limit,)
    return msgspec.structs.replace(limit, op=">=", upper=None, strict=False), msgspec.structs.replace(
        limit, op="<", value=limit.upper, upper=None, strict=False
    )
