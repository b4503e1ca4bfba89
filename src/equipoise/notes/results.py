"""
Results: laboratory values, vital signs, scores, classes and stages, each with what the note says of it.

::

    result   = name link* (value | level | word) how? | word name | pressure
    pressure = name link* number "/" number unit?            # systolic, then diastolic
    names    = name (("/" | "and" | ",") name)+ link* value (("/" | "and" | ",") value)+      # "AST/ALT 120/85"
    change   = name "fell" … "from" value "to" value         # the later one stands
    how      = "on room air" | "predicted" …

A value without a unit stays without one. Where a range is given ("25-30 %") both ends are facts: a limit between
them stays open. "> 60" is no number, and stays a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from equipoise.criteria.context import Context
from equipoise.criteria.limits import tidy
from equipoise.notes.drafts import Draft
from equipoise.notes.shorthand import Measured, measured_at
from equipoise.notes.special import SpecialReader
from equipoise.notes.values import Value, fits, plausible, value_at
from equipoise.terms.units import convert
from equipoise.terms.variables import Variable

_LINKS = frozenset(
    ("of", "is", "was", "are", "were", "been", ":", "=", "at", "count", "level", "levels", "value", "a", "an",
    "the", "to",
     "found", "measured", "noted", "recorded", "reported", "remained", "remains", "as", "today", "now", "currently",
     "only", "score", "scores", "scored", "scale", "class", "grade", "stage", "which", "calculated", "estimated",
     "came",
     "back", "with", "be", "has", "had", "his", "her", "rate", "per", "(", "[", "ranging", "between", "from", "ranges",
     "ranged", "-", "total", "initially", "about", "approximately", "~", "type", "test", "reading", "showed", "shows",
     "again", "status", "equal", "irregular", "regular", "on", "admission", "presentation", "arrival", "room",
     "air", "by")
)  # fmt: skip
_CHANGES = re.compile(
    r"\s(?:(?:has|had|have|then|gradually|rapidly|subsequently|significantly|acutely)\s)*(?:fell|fallen|dropped|decreased|declined|rose|risen|"
    r"increased|went|improved|worsened|changed|trended|down ?trended|up ?trended|climbed|drop|rise|fall|decrease|"
    r"increase)(?:ed)?\s(?:down\s|up\s|in\s)*(?:from\s(?P<old>\d[\d.,]*)[^\d.;]{0,16}?\s(?:to|down to|up to)\s|to\s)",
    re.IGNORECASE,
)
_ARROW = re.compile(r"\s?[^\d.;,()]{0,10}?\s?(?:→|->|=>|-->)\s?(?=\d)")
# What is measured behind it is measured in a fluid that is not blood.
_FLUID = re.compile(
    r"\b(?:(?:U/?A|urinalysis|urine dipstick|dipstick)\b\s?(?::|show\w*|reveal\w*|was|is|with)|"
    r"(?:LP|CSF|lumbar puncture|BAL|(?:pleural|ascitic|peritoneal|synovial|pericardial|joint) fluid|paracentesis|"
    r"thoracentesis|arthrocentesis|joint aspirat\w+)\b[^.;:\n]{0,30}?"
    r"(?::|show\w*|reveal\w*|demonstrat\w*|\bwas\b|with))",
    re.IGNORECASE,
)
# "29 weeks 3 days": the days go with the weeks.
_DAYS = re.compile(r"\s?(?:and\s|,\s)?(?P<days>[0-6])\s?d(?:ays?)?\b", re.IGNORECASE)
# The verbal part of "GCS 3T" cannot be told.
_TUBE = re.compile(r"\s?T\b")
# "SBP 84 at scene, now 118": the later one counts, and where only the earlier one is told, none.
_EARLIER = re.compile(
    r"\s?(?:%|mm\s?Hg|mg/dL|g/dL|/min|bpm)?,?\s\(?(?:at (?:the )?scene|in the field|pre-?hospital|en route|at OSH)\b"
    r"|[^.;:\d\n]{0,24}?,?\s(?:and |but )?\d+(?:\.\d+)?\s?%?\s(?:today|now|currently|at present|at discharge)\b"
    r"|[^.;:\d\n]{0,24}?[,;]?\s(?:but |and )?(?:is |are )?now\s(?:at |of |is |down to |up to |back to )?\d",
    re.IGNORECASE,
)
_JOINTS = frozenset(("/", "and", ",", "&"))
_ARE = frozenset(("are", "were", "is", "was", "all"))


def read_results(context: Context, taken: set[int]) -> Iterator[Draft]:
    """Yield a draft for each result, and add its tokens to *taken*."""
    reader = _Results(context, taken)
    at = 0
    while at < len(context.tokens):
        at = max(at + 1, reader.read(at))
    yield from reader.drafts


class _Results(SpecialReader):
    """Reads the results of one sentence."""

    _fluid: int | None = None

    def read(self, at: int) -> int:
        """Read what begins at a token; return the next token."""
        if at in self.taken or self._of_fluid(at):
            return at + 1
        special = self._stage(at) or self._alone(at)
        if special:
            return special
        measured = measured_at(self.context, at)
        if measured is None:
            return self._tested(at)
        if not measured.state:
            several = self._several(at, measured)
            if several:
                return several
        return self._single(at, measured)

    def _of_fluid(self, at: int) -> bool:
        """Return whether a token stands behind "U/A:" or "LP:", where cells and glucose are not of the blood."""
        if self.context.norm(at) in ("specific", "urine"):
            return False
        if self._fluid is None:
            found = _FLUID.search(self.context.text, self.begin, self.end)
            self._fluid = self.end if found is None else found.end()
        return self._fluid <= self.context.tokens[at].start

    # One name

    def _single(self, at: int, measured: Measured) -> int:
        place = self._linked(measured, at)
        variable = measured.variable
        if variable.name == "blood pressure":
            done = self._pressure(at, place) if place < len(self.context.tokens) else 0
            return done or (0 if measured.state else self._worded(at, measured))
        if variable.name == "glasgow coma scale" and (done := self._parts_of_gcs(at, place)):
            return done
        done = self._levelled(at, place, variable) or self._numbered(at, place, variable)
        if done or measured.state:
            return done
        return self._worded(at, measured)

    def _linked(self, measured: Measured, at: int) -> int:
        """Return the token at which the value should stand."""
        context, place = self.context, measured.end
        place = context.explain(place, measured.variable, at)
        if measured.state:
            end = place + 4
            while place < end and context.norm(place) in (
                "(",
                "[",
                "of",
                "at",
                "to",
                "with",
                "up",
                "ranging",
                "as",
                "high",
            ):
                place += 1
            return place
        stop = context.tokens[place - 1].end
        change = _CHANGES.match(context.text, stop)
        if change is not None:
            return self._token(change.end())
        limit = place + 7
        while place < min(limit, len(context.tokens)) and context.norm(place) in _LINKS:
            if context.norm(place) in ("between", "from") and context.comparison(place) is not None:
                break
            if context.norm(place) == "-" and context.tokens[place].end == self._start(place + 1):
                break
            place += 1
        arrow = self._arrow(place)
        return arrow if arrow else place

    def _arrow(self, place: int) -> int:
        """Return the token behind the last arrow: of "35 → 28" the later one."""
        stop, last = self._stop_of_number(place), 0
        while stop and (found := _ARROW.match(self.context.text, stop)) is not None:
            last = self._token(found.end())
            stop = self._stop_of_number(last)
        return last

    def _stop_of_number(self, place: int) -> int:
        if place >= len(self.context.tokens) or self.context.tokens[place].kind != "n":
            return 0
        return self.context.tokens[place].end

    def _numbered(self, at: int, place: int, variable: Variable) -> int:
        if place >= len(self.context.tokens):
            return 0
        both = self._range(at, place, variable)
        if both:
            return both
        value = value_at(self.context, place, variable)
        if variable.name == "glasgow coma scale" and value is not None and _TUBE.match(self.context.text, value.stop):
            return 0
        if value is not None and _EARLIER.match(self.context.text, value.stop):
            return value.end
        if value is None or self._is_dose(value) or not _of_its_kind(value.unit, variable):
            return 0
        if variable.name == "gestational age" and (more := _DAYS.match(self.context.text, value.stop)) is not None:
            days = int(value.value) * 7 + int(more["days"])
            value = Value(days, "d", self._token(more.end()), more.end())
        self._add(at, value, variable)
        return value.end

    def _range(self, at: int, place: int, variable: Variable) -> int:
        """Read "25-30 %": both ends, so that a limit between them stays open."""
        limit = self.context.comparison(place)
        if limit is None or limit.op != "between" or limit.upper is None or limit.relative_to:
            return 0
        low = self.context.quantity(place if self.context.tokens[place].value is not None else place + 1)
        ends = [(limit.value, limit.unit), (limit.upper, limit.unit)]
        fits = [
            value_of_range(variable, value, unit) for value, unit in ends if low is not None or limit.unit is not None
        ]
        if len(fits) < 2 or not all(fits) or limit.upper > 4 * max(limit.value, 1):
            return 0
        stop = self.context.tokens[limit.end - 1].end
        for value, unit in ends:
            self._add(at, Value(tidy(value), unit, limit.end, stop), variable)
        return limit.end

    def _is_dose(self, value: Value) -> bool:
        rest = self.context.text[value.stop : value.stop + 26]
        return (
            re.match(r"\s?(?:tablets?|caps|daily|bid|tid|qd|qid|po\b|iv\b|every|q\d|once|twice|weekly|per day|"
                     r"a day)", rest, re.I)
            is not None
        )  # fmt: skip

    # Several names

    def _several(self, at: int, first: Measured) -> int:
        """Read "AST/ALT 120/85" and "Na and K are 132 and 4.1": as many values as names."""
        context, names = self.context, [(at, first)]
        place = first.end
        place = context.explain(place, first.variable, at)
        while context.norm(place) in _JOINTS and place + 1 < len(context.tokens) and len(names) < 6:
            if context.norm(place) == "," and context.norm(place + 1) in _ARE:
                break  # "tests, including A and B, are normal"
            place += 1 + (context.norm(place + 1) == "and")
            another = measured_at(context, place) if place < len(context.tokens) else None
            if another is None or another.state:
                return 0
            names.append((place, another))
            place = context.explain(another.end, another.variable, place)
        if len(names) < 2:
            return 0
        if done := self.listed(names):
            return done
        while place < len(context.tokens) and context.norm(place) in _LINKS:
            place += 1
        values = self._values(place, [one.variable for _, one in names])
        if len(values) != len(names):
            return 0
        for (begin, one), value in zip(names, values, strict=True):
            self._add(begin, value, one.variable)
        self.taken.update(range(at, values[-1].end))
        return values[-1].end

    def _values(self, place: int, variables: Sequence[Variable]) -> list[Value]:
        context, text = self.context, self.context.text
        found: list[Value] = []
        for number, variable in enumerate(variables):
            if number:
                if context.norm(place) not in _JOINTS:
                    return []
                place += 1 + (context.norm(place + 1) == "and")
            if place >= len(context.tokens) or context.tokens[place].kind != "n":
                return []
            quantity = context.quantity(place)
            if quantity is None or variable.name == "blood pressure":
                return []
            unit = (
                quantity.unit
                if quantity.unit is not None and value_of_range(variable, quantity.value, quantity.unit)
                else None
            )
            if not plausible(quantity.value, unit, variable) or (quantity.unit is not None and unit is None):
                return []
            found.append(Value(tidy(quantity.value), unit, quantity.end, quantity.stop))
            place = quantity.end
        shared = found[-1].unit
        if shared is not None and all(one.unit is None for one in found[:-1]):
            fitting = [
                value_of_range(variable, float(one.value), shared)
                for variable, one in zip(variables, found, strict=True)
            ]
            if all(fitting):  # "120/85 U/L": the unit is of both
                found = [msgspec.structs.replace(one, unit=shared) for one in found]
        return [] if re.match(r"\s?/\s?\d|\s?[-–]\s?\d", text[found[-1].stop : found[-1].stop + 4]) else found


def value_of_range(variable: Variable, value: float, unit: str | None) -> bool:
    """Return whether a number in a unit is one of the variable's."""
    own = (unit is None or fits(unit, variable)) and _of_its_kind(unit, variable)
    return own and plausible(value, unit, variable)


def _of_its_kind(unit: str | None, variable: Variable) -> bool:
    """Return whether a unit measures what the variable does: packs are no cigarettes, and sizes need a unit."""
    if variable.kind != "other" or variable.unit is None:
        return True
    return unit is not None and convert(1.0, unit, variable.unit, analyte=variable.name) is not None
