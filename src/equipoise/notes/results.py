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

from equipoise.criteria.context import Context, codes_of
from equipoise.criteria.limits import tidy
from equipoise.notes.assertions import assertion_of
from equipoise.notes.drafts import Draft
from equipoise.notes.levels import levels_at, stage_beside
from equipoise.notes.outcomes import Outcome, outcome_before, outcome_behind
from equipoise.notes.sentences import Span
from equipoise.notes.shorthand import Measured, measured_at
from equipoise.notes.values import Value, fits, plausible, value_at
from equipoise.records.patient import Number
from equipoise.terms.lexicon import Concept
from equipoise.terms.units import convert
from equipoise.terms.variables import Variable

_LINKS = frozenset(
    ("of", "is", "was", "are", "were", "been", ":", "=", "at", "count", "level", "levels", "value", "a", "an", "the", "to",
     "found", "measured", "noted", "recorded", "reported", "remained", "remains", "as", "today", "now", "currently",
     "only", "score", "scores", "scored", "scale", "class", "grade", "stage", "which", "calculated", "estimated", "came",
     "back", "with", "be", "has", "had", "his", "her", "rate", "per", "(", "[", "ranging", "between", "from", "ranges",
     "ranged", "-", "total", "initially", "about", "approximately", "~", "type", "test", "reading", "showed", "shows",
     "again", "status", "equal", "irregular", "regular", "on", "admission", "presentation", "arrival", "room", "air", "by")
)  # fmt: skip
_ON = frozenset(("on", "admission", "presentation", "arrival", "room", "air", "by"))
_CHANGES = re.compile(
    r"\s(?:(?:has|had|have|then|gradually|rapidly|subsequently|significantly|acutely)\s)*(?:fell|fallen|dropped|decreased|declined|rose|risen|"
    r"increased|went|improved|worsened|changed|trended|down ?trended|up ?trended|climbed|drop|rise|fall|decrease|"
    r"increase)(?:ed)?\s(?:down\s|up\s|in\s)*(?:from\s(?P<old>\d[\d.,]*)[^\d.;]{0,16}?\s(?:to|down to|up to)\s|to\s)",
    re.IGNORECASE,
)
_ARROW = re.compile(r"\s?[^\d.;,()]{0,10}?\s?(?:→|->|=>|-->)\s?(?=\d)")
_PRESSURE = re.compile(
    r"(?P<high>\d{2,3})\s?/\s?(?P<low>\d{2,3})(?![\d/]|\.\d)\s?(?P<unit>mm\s?\.?\s?Hg|kPa|torr)?", re.IGNORECASE
)
_HOW = (
    (re.compile(r"\s?(?:,|\()?\s?(?:on|at|while on|breathing)?\s?(?:ra\b|room air|ambient air)", re.IGNORECASE),
     ("on room air", "room air", "on ambient air")),
    (re.compile(r"\s?(?:of|of the)?\s?(?:predicted|pred\b|the predicted)", re.IGNORECASE), ("predicted",)),
    (re.compile(r"\s?,?\(?\s?fasting", re.IGNORECASE), ("fasting",)),
    (re.compile(r"\s?,?\(?\s?(?:on|at|upon)\s(?:hospital\s)?admission", re.IGNORECASE), ("admission", "at admission", "on admission")),
)  # fmt: skip
_HOW_BEFORE = re.compile(
    r"\b(?P<how>fasting|baseline|resting|admission|pre-?\s?stroke|pre-?\s?morbid)\s(?:\w+\s)?$", re.IGNORECASE
)
_HOW_IN = re.compile(r"(?P<how>baseline|resting|pre-?\s?stroke|pre-?\s?morbid)\b", re.IGNORECASE)
_MOTOR = re.compile(r"\(?\s?E\s?(?P<e>[1-4])\s?,?\s?V\s?(?P<v>[1-5])\s?,?\s?M\s?(?P<m>[1-6])\s?\)?(?!\w)")
_ALONE = re.compile(r"(?P<value>\d{2,3})\s?%\s(?:on |at )?(?:ra\b|room air|ambient air)", re.IGNORECASE)
_GESTATION = re.compile(
    r"\b(?P<weeks>\d{1,2})\s?(?:\+\s?(?P<plus>[0-6])\s?)?(?:w(?:ee)?ks?'?|w)\s?(?:(?:and\s)?(?P<days>[0-6])\s?d(?:ays?)?)?[\s-]{0,2}"
    r"(?:(?:of\s|in\s)?(?:gestation(?:al)?\b|pregnan\w+)|pregnant)",
    re.IGNORECASE,
)
_URINE = re.compile(
    r"\b(?:U/?A|urinalysis|urine dipstick|dipstick)\b\s?(?::|show\w*|reveal\w*|was|is|with)", re.IGNORECASE
)
_NOT_THEN = re.compile(r"\b(?:when|until|after|before|from|since)\b[^.;]{0,20}$", re.IGNORECASE)
_JOINTS = frozenset(("/", "and", ",", "&"))
_ASKED_ABOUT = frozenset(("family", "planned", "pending"))


def read_results(context: Context, taken: set[int]) -> Iterator[Draft]:
    """Yield a draft for each result, and add its tokens to *taken*."""
    reader = _Results(context, taken)
    at = 0
    while at < len(context.tokens):
        at = max(at + 1, reader.read(at))
    yield from reader.drafts


class _Results:
    """Reads the results of one sentence."""

    def __init__(self, context: Context, taken: set[int]) -> None:
        self.context = context
        self.taken = taken
        self.drafts: list[Draft] = []
        self.begin = context.tokens[0].start if context.tokens else 0
        self.end = context.tokens[-1].end if context.tokens else 0

    def read(self, at: int) -> int:
        """Read what begins at a token; return the next token."""
        if at in self.taken or self._of_urine(at):
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

    def _of_urine(self, at: int) -> bool:
        """Return whether a token stands behind "U/A:", where cells and glucose are of the urine."""
        return _URINE.search(self.context.text, self.begin, self.context.tokens[at].start) is not None

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
        if value is None or self._is_dose(value) or not _of_its_kind(value.unit, variable):
            return 0
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
            re.match(r"\s?(?:tablets?|caps|daily|bid|tid|qd|qid|po\b|iv\b|every|q\d|once|twice|weekly|per day|a day)", rest, re.I)
            is not None
        )  # fmt: skip

    # Vital signs

    def _pressure(self, at: int, place: int) -> int:
        found = _PRESSURE.match(self.context.text, self.context.tokens[place].start)
        if found is None or int(found["low"]) >= int(found["high"]):
            return 0
        unit = None if not found["unit"] else "kPa" if found["unit"].lower() == "kpa" else "mm[Hg]"
        stop = found.end("unit") if unit else found.end("low")
        end = self._token(stop)
        for name, part in (("systolic blood pressure", "high"), ("diastolic blood pressure", "low")):
            variable = self.context.variables[name]
            if plausible(float(found[part]), unit or "mm[Hg]", variable):
                self._add(at, Value(int(found[part]), unit, end, stop), variable)
        return end

    def _alone(self, at: int) -> int:
        """Read "98 % on room air", the variable unsaid, and "at 11 weeks gestation"."""
        token = self.context.tokens[at]
        if token.kind != "n":
            return 0
        found = _ALONE.match(self.context.text, token.start, self.end)
        if found is not None and 40 <= int(found["value"]) <= 100:
            value = Value(int(found["value"]), "%", self._token(found.end()), found.start() + found[0].index("%") + 1)
            self._add(at, value, self.context.variables["oxygen saturation"])
            return value.end
        found = _GESTATION.match(self.context.text, token.start, self.end)
        if found is None or not 2 <= int(found["weeks"]) <= 45:
            return 0
        if _NOT_THEN.search(self.context.text, self.begin, token.start):
            return 0
        days = found["days"] or found["plus"]
        weeks = int(found["weeks"])
        value = Value(weeks if days is None else weeks * 7 + int(days), "wk" if days is None else "d",
                      self._token(found.end()), found.end())  # fmt: skip
        self._add(at, value, self.context.variables["gestational age"])
        return value.end

    # Scores, classes, stages

    def _parts_of_gcs(self, at: int, place: int) -> int:
        place = place - 1 if self.context.norm(place - 1) == "(" else place
        if place >= len(self.context.tokens):
            return 0
        found = _MOTOR.match(self.context.text, self.context.tokens[place].start)
        if found is None:
            return 0
        total = sum(int(found[part]) for part in "evm")
        end = self._token(found.end())
        self._add(at, Value(total, None, end, found.end()), self.context.variables["glasgow coma scale"])
        return end

    def _levelled(self, at: int, place: int, variable: Variable) -> int:
        if not variable.levels or place >= len(self.context.tokens):
            return 0
        levels = levels_at(self.context.text, self.context.tokens[place].start, variable)
        if not levels:
            return 0
        end = self._token(levels[0].stop)
        for level in levels:
            qualifier = (level.part,) if level.part else ()
            self._add(at, Value(level.value, None, end, level.stop), variable, qualifier)
        return end

    def _stage(self, at: int) -> int:
        found = stage_beside(self.context, self.end, at)
        if found is None:
            return 0
        level, _, stop = found
        end = self._token(stop)
        qualifier = (level.part,) if level.part else ()
        self._add(at, Value(level.value, None, end, stop), self.context.variables["cancer stage"], qualifier)
        return end

    # Several names

    def _several(self, at: int, first: Measured) -> int:
        """Read "AST/ALT 120/85" and "Na and K are 132 and 4.1": as many values as names."""
        context, names = self.context, [(at, first)]
        place = first.end
        while context.norm(place) in _JOINTS and place + 1 < len(context.tokens) and len(names) < 6:
            place += 1 + (context.norm(place + 1) == "and")
            another = measured_at(context, place) if place < len(context.tokens) else None
            if another is None or another.state:
                return 0
            names.append((place, another))
            place = another.end
        if len(names) < 2:
            return 0
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

    # Words

    def _worded(self, at: int, measured: Measured) -> int:
        variable, context = measured.variable, self.context
        if variable.kind == "other":
            return 0
        place = context.explain(measured.end, variable, at)
        return self._outcome(at, place, variable.name, codes_of(variable))

    def _tested(self, at: int) -> int:
        """Read a test or an infection with its outcome: "pregnancy test negative", "HIV positive"."""
        named = self.context.named(at)
        if named is None or not isinstance(named[0], Concept) or named[0].ambiguous:
            return at + 1
        concept, end = named
        behind = self.context.explain(end, concept, at)
        if concept.kind == "measurement":
            return self._outcome(at, behind, concept.name, codes_of(concept)) or end
        if concept.kind == "condition" and self.context.lexicon.is_a(concept.name, "infection"):
            return self._infection(at, behind, concept) or end
        return end

    def _infection(self, at: int, end: int, concept: Concept) -> int:
        """Read "HIV negative": a test of an infection says whether it is there."""
        start, stop = self.context.tokens[at].start, self.context.tokens[end - 1].end
        found = outcome_behind(self.context.text, stop, self.end)
        if found is None or found.kind != "test" or found.start - stop > 24:
            return 0
        last = self._token(found.stop)
        self.taken.update(range(at, last))
        self.drafts.append(
            Draft(
                kind="condition",
                name=concept.name,
                codes=dict(codes_of(concept)),
                span=(start, found.stop),
                assertion="absent" if found.word == "negative" else "present",
            )
        )
        return last

    def _outcome(self, at: int, end: int, name: str, codes: object) -> int:
        context = self.context
        start, stop = context.tokens[at].start, context.tokens[end - 1].end
        behind = outcome_behind(context.text, stop, self.end)
        before = outcome_before(context.text, self.begin, start)
        outcome = behind if behind is not None and (before is None or behind.kind == "test") else before
        if outcome is None:
            return 0
        span = (min(start, outcome.start), max(stop, outcome.stop))
        said = assertion_of(context.source[self.begin : self.end], span[0] - self.begin, span[1] - self.begin)
        if said in _ASKED_ABOUT or (said == "absent" and outcome.word != "negative"):
            return 0
        assertion = "present" if said == "absent" else said
        last = self._token(span[1])
        first = next(place for place, token in enumerate(context.tokens) if token.end > span[0])
        self.taken.update(range(first, last))
        self.drafts.append(
            Draft(kind="measurement", name=name, codes=dict(codes), value=outcome.word, span=span, assertion=assertion)
        )
        return last

    # What all share

    def _add(self, at: int, value: Value, variable: Variable, qualifier: tuple[str, ...] = ()) -> None:
        context = self.context
        start = context.tokens[at].start
        if assertion_of(context.source[self.begin : self.end], start - self.begin, start - self.begin) in _ASKED_ABOUT:
            return
        number: Number | str = f"{value.sign} {value.value}" if value.sign else value.value
        how = (*qualifier, *self._how(start, value.stop))
        named = context.named(at)
        is_state = named is not None and isinstance(named[0], Concept)  # "febrile" is a condition, too
        self.taken.update(range(at + 1 if is_state else at, value.end))
        self.drafts.append(
            Draft(
                kind="measurement",
                name=variable.name,
                codes=codes_of(variable),
                value=number,
                unit=value.unit,
                range=value.range,
                span=(start, value.stop),
                qualifier=how,
            )
        )

    def _how(self, start: int, stop: int) -> tuple[str, ...]:
        text = self.context.text
        found: list[str] = []
        for rule, words in _HOW:
            behind = rule.match(text, stop, self.end)
            if behind is not None:
                self.taken.update(range(self._token(behind.start() + 1), self._token(behind.end())))
                found += words
        before = _HOW_BEFORE.search(text, max(self.begin, start - 30), start) or _HOW_IN.match(text, start, stop)
        return (*found, *(() if before is None else _as_criteria_say(before["how"])))

    def _token(self, offset: int) -> int:
        tokens = self.context.tokens
        return next((place for place, token in enumerate(tokens) if token.start >= offset), len(tokens))

    def _start(self, place: int) -> int:
        return self.context.tokens[place].start if place < len(self.context.tokens) else -1


_BEFORE_STROKE = ("pre stroke", "prestroke", "premorbid")


def _as_criteria_say(how: str) -> tuple[str, ...]:
    word = re.sub(r"[\s-]", "", how.lower())
    return _BEFORE_STROKE if word in ("prestroke", "premorbid") else (word,)


def value_of_range(variable: Variable, value: float, unit: str | None) -> bool:
    """Return whether a number in a unit is one of the variable's."""
    own = (unit is None or fits(unit, variable)) and _of_its_kind(unit, variable)
    return own and plausible(value, unit, variable)


def _of_its_kind(unit: str | None, variable: Variable) -> bool:
    """Return whether a unit measures what the variable does: packs are no cigarettes, and sizes need a unit."""
    if variable.kind != "other" or variable.unit is None:
        return True
    return unit is not None and convert(1.0, unit, variable.unit, analyte=variable.name) is not None
