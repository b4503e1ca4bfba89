"""What the readers of results share: the sentence, the drafts, and how a result was taken."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property

from equipoise.criteria.context import Context, codes_of
from equipoise.notes.assertions import Sayings
from equipoise.notes.drafts import Draft
from equipoise.notes.outcomes import outcome_before
from equipoise.notes.values import Value
from equipoise.records.patient import Assertion, Number
from equipoise.terms.lexicon import Concept
from equipoise.terms.variables import Variable

_BEFORE_STROKE = ("pre stroke", "prestroke", "premorbid")
_HOW = (
    (re.compile(r"\s?(?:,|\()?\s?(?:on|at|while on|breathing)?\s?(?:ra\b|room air|ambient air)", re.IGNORECASE),
     ("on room air", "room air", "on ambient air")),
    (re.compile(r"\s?(?:of|of the)?\s?(?:predicted|pred\b|the predicted)", re.IGNORECASE), ("predicted",)),
    (re.compile(r"\s?,?\(?\s?fasting", re.IGNORECASE), ("fasting",)),
    (re.compile(r"\s?,?\(?\s?(?:at\s)?(?:\w+\s)?baseline\b(?!\s*:?\s*\d)", re.IGNORECASE), ("baseline",)),
    (re.compile(r"\s?,?\(?\s?(?:on|at|upon)\s(?:hospital\s)?admission", re.IGNORECASE), ("admission",
    "at admission", "on admission")),
)  # fmt: skip
_HOW_BEFORE = re.compile(
    r"\b(?P<how>fasting|baseline|resting|admission|pre-?\s?stroke|pre-?\s?morbid)\s(?:\w+\s)?$", re.IGNORECASE
)
_HOW_IN = re.compile(r"(?P<how>baseline|resting|pre-?\s?stroke|pre-?\s?morbid)\b", re.IGNORECASE)
# What a result is to come to is none: "warfarin held until INR < 3", "keep SpO2 above 92 %".
_AIM = re.compile(
    r"\b(?:until|till|unless|if|goal|target|keep|maintain|aim(?:ing)?(?: for)?|titrate(?: to)?)\s(?:[\w-]+\s)?$",
    re.IGNORECASE,
)
# A saturation that is low with oxygen is low without.
_LOW = 88
_HELPED = re.compile(
    r"\s?%?\s?(?:on|w/|with|via|@)?\s?\(?(?:\d+(?:\.\d)?(?:\s?-\s?\d+)?\s?L(?:PM|/min)?\b|"
    r"(?:supplemental )?(?:oxygen|O2)\b|NC\b|NRB|HFNC|HHFNC|"
    r"BI?PAP|CPAP|vent\w*|FiO2|non-?rebreather|face ?mask|nasal cannula)",
    re.IGNORECASE,
)
_REACH = 300
# What is said of a relative, or is to come, is no result.
ASKED_ABOUT = frozenset(("family", "planned", "pending"))


class ResultFinder:
    """The results found in one sentence so far."""

    def __init__(self, context: Context, taken: set[int]) -> None:
        self.context = context
        self.taken = taken
        self.drafts: list[Draft] = []
        self.begin = context.tokens[0].start if context.tokens else 0
        self.end = context.tokens[-1].end if context.tokens else 0

    def _add(self, at: int, value: Value, variable: Variable, qualifier: tuple[str, ...] = ()) -> None:
        context = self.context
        start = context.tokens[at].start
        if self.asserted(start, start) in ASKED_ABOUT or _AIM.search(context.text, max(self.begin, start - 30), start):
            return
        fair = isinstance(value.value, (int, float)) and value.value >= _LOW
        if variable.name == "oxygen saturation" and fair and _HELPED.match(context.text, value.stop):
            self.taken.update(range(at, value.end))
            return  # with oxygen it says nothing of what it is without
        number: Number | str = f"{value.sign} {value.value}" if value.sign else value.value
        how = (*qualifier, *self._how(start, value.stop), *self._called(start))
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

    def _called(self, start: int) -> tuple[str, ...]:
        """Return what the note calls a number: "high TSH (15 mU/L)"."""
        word = outcome_before(self.context.text, self.begin, start)
        return (word.word,) if word is not None and word.kind == "level" else ()

    def asserted(self, start: int, stop: int) -> Assertion:
        """Return what the sentence says of the words between two offsets; a cue far away governs nothing."""
        return self._sayings.of(start - self.begin, stop - self.begin, reach=_REACH).assertion or "possible"

    @cached_property
    def _sayings(self) -> Sayings:
        """The cues of the sentence, looked for once: a table of laboratory values is one sentence of many results."""
        return Sayings(self.context.source[self.begin : self.end], ())

    def _token(self, offset: int) -> int:
        return bisect_left(self.context.tokens, offset, key=lambda token: token.start)

    def _start(self, place: int) -> int:
        return self.context.tokens[place].start if place < len(self.context.tokens) else -1


def _as_criteria_say(how: str) -> tuple[str, ...]:
    word = re.sub(r"[\s-]", "", how.lower())
    return _BEFORE_STROKE if word in ("prestroke", "premorbid") else (word,)
