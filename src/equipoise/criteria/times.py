"""
Windows and lengths of time.

::

    time     = lead? count unit tail? | lead? count unit tail | recent-unit | anchored
    lead     = preposition? "the"? which? operator?
    preposition = "within" | "in" | "during" | "over" | "for" | "lasting" …
    which    = "last" | "past" | "previous" | "preceding" | "next" | "first" …
    tail     = "ago" | "earlier" | relation anchor
    relation = "before" | "prior to" | "of" | "after" | "following" | "from" | "since" …
    anchored = ("before" | "after" | "at" | "during" …) anchor            # no length: "after ROSC"
    anchor   = a moment or a concept of the lexicon

A length with no word that makes it a window is none ("18 years"): the limit or age that it belongs to
is read elsewhere. A half-life is a length we cannot know: such a phrase is not read here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from equipoise.criteria.limits import may_compare, operator_at, tidy
from equipoise.criteria.tokens import Token
from equipoise.rules.nodes import Window
from equipoise.terms.cues import word_set
from equipoise.terms.lexicon import Lexicon

UNITS = {
    **dict.fromkeys(["minute", "minutes", "min", "mins"], "min"),
    **dict.fromkeys(["hour", "hours", "hr", "hrs", "h"], "h"),
    **dict.fromkeys(["day", "days", "d"], "d"),
    **dict.fromkeys(["week", "weeks", "wk", "wks", "weeks'"], "wk"),
    **dict.fromkeys(["month", "months", "mo", "mos", "mth", "mths", "months'"], "mo"),
    **dict.fromkeys(["year", "years", "yr", "yrs", "y"], "a"),
}
_ISO = {"min": "PT{}M", "h": "PT{}H", "d": "P{}D", "mo": "P{}M", "a": "P{}Y"}

ISO_UNITS = frozenset(UNITS.values())
_PREPOSITIONS = word_set("times.prepositions")
_PAST = frozenset(("last", "past", "preceding", "previous", "prior", "recent"))
_NEXT = frozenset(("coming", "following", "next", "subsequent", "upcoming"))
_SMALL = word_set("times.small")
_BEFORE = frozenset(("before", "pre", "preceding", "previous", "prior"))
_AFTER = frozenset(("after", "following", "from", "post", "since"))
_DETERMINERS = word_set("times.determiners")

# Words that name the study's own moments where no phrase of the lexicon does.
_STUDY_WORDS = word_set("times.study_words")
# "At a dose", "on treatment": these words alone are no moment of the study.
_FIRM = word_set("times.firm")
_LAST = frozenset(("completing", "completion", "discontinuation", "end", "final", "last"))
STUDY_MOMENTS = frozenset(
    (
        "screening",
        "randomization",
        "enrollment",
        "baseline",
        "first dose",
        "study entry",
        "informed consent",
        "registration",
        "inclusion",
    )
)
_STARTS = _PREPOSITIONS | _PAST | _NEXT | _SMALL | _BEFORE | _AFTER | frozenset(("at", "upon", "on"))
_MODES = {"<": "within", "<=": "within", ">": "at_least", ">=": "at_least", "=": "within"}


class TimePhrase(msgspec.Struct, frozen=True, gc=False):
    """
    A time as the text states it, up to token ``end``.

    ``mode``: ``within`` or ``at_least`` so long from the anchor, ``for`` so long (a duration), ``since`` (at
    least so long since what the text names next), or ``when`` (no length). ``op`` is the sign of a duration.
    """

    mode: Literal["within", "at_least", "for", "since", "when"]
    end: int
    span: tuple[int, int]
    value: float = 0
    unit: str = "d"
    low: float | None = None
    side: str = "before"
    anchor: str | None = None
    op: str = ">="
    next: bool = False
    anchored_by: tuple[int, int] | None = None

    @property
    def iso(self) -> str:
        """The length as an ISO 8601 duration."""
        return iso(self.value, self.unit)

    def window(self) -> Window:
        """Return the window that the phrase states."""
        if self.mode == "when":
            return Window(anchor=self.anchor, side=self.side)
        if self.mode == "at_least":
            return Window(anchor=self.anchor, side=self.side, at_least=self.iso)
        low = None if self.low is None else iso(self.low, self.unit)
        return Window(anchor=self.anchor, side=self.side, within=self.iso, at_least=low)


def iso(value: float, unit: str) -> str:
    """Return a length of time in ISO 8601; weeks as days, and parts of a unit in the next smaller one.

    >>> iso(6, "mo"), iso(2, "wk"), iso(1.5, "h"), iso(0.5, "a")
    ('P6M', 'P14D', 'PT90M', 'P6M')
    """
    if unit == "wk":
        value, unit = value * 7, "d"
    smaller = {"a": ("mo", 12), "h": ("min", 60), "d": ("h", 24), "mo": ("d", 30)}
    while value != int(value) and unit in smaller:
        unit, factor = smaller[unit][0], smaller[unit][1]
        value *= factor
    return _ISO[unit].format(int(round(value)))


class _Lead(msgspec.Struct, gc=False):
    """What stands before the count."""

    at: int
    preposition: str = ""
    which: str = ""
    op: str = ""


def _lead(tokens: Sequence[Token], at: int) -> _Lead:
    lead = _Lead(at)
    count = len(tokens)
    if at < count and tokens[at].norm in _PREPOSITIONS:
        lead.preposition = tokens[at].norm
        at += 1
    steps = 0
    while at < count and steps < 6:
        word = tokens[at].norm
        if word in _PAST and not (word == "prior" and at + 1 < count and tokens[at + 1].norm == "to"):
            lead.which = "past"
        elif word in _NEXT:
            lead.which = "next"
        elif (word in _SMALL and word != "least") or (word == "(" and lead.preposition):
            pass
        else:
            found = operator_at(tokens, at)
            if found is None:
                break
            lead.op = found[0]
            at = found[1] - 1
        at += 1
        steps += 1
    lead.at = at
    return lead


def _count(tokens: Sequence[Token], at: int) -> tuple[float, float | None, int] | None:
    """Return a count, the lower end of a range if it is one, and the next token."""
    if at >= len(tokens) or tokens[at].value is None:
        return None
    value, low = float(tokens[at].value or 0), None
    at += 1
    if (
        at + 2 < len(tokens)
        and tokens[at].norm == "("
        and tokens[at + 1].value is not None
        and tokens[at + 2].norm == ")"
    ):
        value = float(tokens[at + 1].value or 0)  # "three (3) months"
        at += 3
    if at + 1 < len(tokens) and tokens[at].norm in ("-", "to") and tokens[at + 1].value is not None:
        low, value = value, float(tokens[at + 1].value or 0)
        at += 2
        if low >= value:
            return None
    return value, low, at


def _unit(tokens: Sequence[Token], at: int) -> tuple[str, int] | None:
    if at < len(tokens) and tokens[at].norm in (
        "calendar",
        "consecutive",
        "full",
        "complete",
        "whole",
        "business",
        "working",
    ):
        at += 1
    if at >= len(tokens):
        return None
    unit = UNITS.get(tokens[at].norm)
    if unit is None:
        return None
    at += 1
    if at + 2 < len(tokens) and tokens[at].norm == "(" and tokens[at + 1].norm == "s" and tokens[at + 2].norm == ")":
        at += 3
    if at < len(tokens) and tokens[at].norm == "'":
        at += 1
    if (
        at < len(tokens)
        and tokens[at].norm in ("period", "duration")
        and not (at + 1 < len(tokens) and tokens[at + 1].norm == "of")
    ):
        at += 1
    return unit, at


class TimeReader:
    """Reads the time phrases of one criterion."""

    def __init__(self, tokens: Sequence[Token], words: Sequence[str], lexicon: Lexicon) -> None:
        self.tokens = tokens
        self.words = words
        self.lexicon = lexicon

    def at(self, at: int) -> TimePhrase | None:
        """Return the time phrase that begins at a token, or None."""
        token = self.tokens[at]
        if token.norm not in _STARTS and not may_compare(token):
            return None
        lead = _lead(self.tokens, at)
        count = _count(self.tokens, lead.at)
        if count is None:
            unit = _unit(self.tokens, lead.at) if lead.which or lead.preposition in ("in", "within", "during") else None
            if unit is None or (not lead.preposition and lead.which != "past"):
                return self._anchored(at)
            if not lead.which and (self._relation(unit[1]) or ("", 0))[0] not in ("before", "after"):
                return self._anchored(at)
            value, low, end = 1.0, None, lead.at
        else:
            value, low, end = count
            unit = _unit(self.tokens, end)
            if unit is None:
                return self._anchored(at)
        name, end = unit
        return self._tailed(at, lead, (value, low, name), end)

    def _tailed(self, at: int, lead: _Lead, length: tuple[float, float | None, str], end: int) -> TimePhrase | None:
        tokens = self.tokens
        word = tokens[end].norm if end < len(tokens) else ""
        mode = _MODES.get(lead.op, "within")
        if word in ("ago", "earlier", "previously", "beforehand") or (
            word in ("prior", "previous") and not self._is(end + 1, "to") and self._closes(end + 1)
        ):
            return self._phrase(at, lead, length, end + 1, mode=mode)
        if word == "old" or (word == "of" and self._is(end + 1, "age")):
            return None
        if (
            word in ("or", "and")
            and end + 1 < len(tokens)
            and tokens[end + 1].norm in ("older", "younger", "more", "above", "greater", "longer")
        ):
            if lead.preposition not in ("for", "lasting") and tokens[end + 1].norm not in ("more", "longer"):
                return None
            end += 2
            word = tokens[end].norm if end < len(tokens) else ""
        elif word == "or" and end + 1 < len(tokens) and tokens[end + 1].norm in ("less", "fewer", "shorter"):
            mode, lead.op, end = "within", "<=", end + 2
        relation = self._relation(end)
        if (
            lead.preposition in ("for", "lasting", "over")
            and lead.which == ""
            and (relation is None or relation[0] != "since")
        ):
            op = lead.op or (">=" if lead.preposition != "over" else ">")
            stop = end
            if relation is not None and relation[0] in ("before", "after"):
                stop = self._anchor(relation[1])[1] if self._anchor(relation[1])[0] else end
            return self._phrase(at, lead, length, stop, mode="for", op=op)
        if relation is None:
            if not lead.preposition and not lead.which:
                return None
            return self._phrase(at, lead, length, end, mode=mode)
        return self._related(at, lead, length, relation, mode)

    def _related(
        self, at: int, lead: _Lead, length: tuple[float, float | None, str], relation: tuple[str, int], mode: str
    ) -> TimePhrase | None:
        how, after = relation
        anchor, end, span = self._anchor(after)
        if (
            (how == "since"
            and lead.op
            and span is not None)
            or (mode == "at_least" and how in ("since", "after") and anchor not in STUDY_MOMENTS)
        ):
            return self._phrase(at, lead, length, after, mode="since", op=lead.op or ">=")
        if anchor is None and how == "of":
            return (
                None
                if not lead.preposition and not lead.which
                else self._phrase(at, lead, length, after - 1, mode=mode)
            )
        side = "before" if how == "before" else "after"
        if how == "of":
            side = "before" if anchor in STUDY_MOMENTS else "after"
        return self._phrase(at, lead, length, end, mode=mode, side=side, anchor=anchor, by=span)

    def _phrase(
        self, at: int, lead: _Lead, length: tuple[float, float | None, str], end: int, *, mode: str, side: str = "before",
        anchor: str | None = None, op: str = ">=", by: tuple[int, int] | None = None,
    ) -> TimePhrase:  # fmt: skip
        if lead.which == "next":
            side = "after"
        return TimePhrase(
            mode, end, (self.tokens[at].start, self.tokens[end - 1].end), length[0], length[2], length[1], side, anchor,
            op, lead.which == "next", by,
        )  # type: ignore[arg-type]  # fmt: skip

    def _closes(self, at: int) -> bool:
        """Return whether a clause ends at a token, so that "6 months prior" is whole."""
        return (
            at >= len(self.tokens)
            or self.tokens[at].kind == "m"
            or self.tokens[at].norm in ("or", "and", "unless", "except", "with", "that")
        )

    def _is(self, at: int, word: str) -> bool:
        return at < len(self.tokens) and self.tokens[at].norm == word

    def _relation(self, at: int) -> tuple[str, int] | None:
        """Return how a length is related to its anchor, and where the anchor begins."""
        tokens = self.tokens
        if at < len(tokens) and tokens[at].norm in (
            "have",
            "has",
            "must",
            "should",
            "elapsed",
            "apart",
            "or",
            "immediately",
            "(",
            "duration",
        ):
            skip = at
            while skip < len(tokens) and tokens[skip].norm in (
                "have",
                "has",
                "must",
                "should",
                "elapsed",
                "passed",
                "immediately",
            ):
                skip += 1
            at = skip
        if at >= len(tokens):
            return None
        word = tokens[at].norm
        if word in _BEFORE:
            at += 1
            if self._is(at, "to"):
                at += 1
            if self._is(at, "or") and at + 1 < len(tokens) and tokens[at + 1].norm in ("at", "during", "after"):
                at += 2
            return "before", at
        if word in ("since", "from"):
            return "since", at + 1
        if word in _AFTER:
            return "after", at + 1
        if word == "of":
            return "of", at + 1
        return None

    def _anchored(self, at: int) -> TimePhrase | None:
        """Return "after ROSC", "prior to surgery", "at admission": a side of a moment, with no length."""
        tokens = self.tokens
        word = tokens[at].norm
        if word in ("before", "prior", "preceding", "previous"):
            after = at + 1
            if self._is(after, "to"):
                after += 1
            elif word in ("prior", "previous"):
                return None
            side = "before"
        elif word in ("after", "following", "post", "since"):
            after, side = at + 1, "after"
        elif word in ("at", "during", "upon", "on") or word == "pre":
            after, side = at + 1, "before" if word == "pre" else "around"
        else:
            return None
        anchor, end, span = self._anchor(after, strict=side == "around")
        if anchor is None:
            return None
        return TimePhrase(
            "when", end, (tokens[at].start, tokens[end - 1].end), side=side, anchor=anchor, anchored_by=span
        )

    def _anchor(self, at: int, *, strict: bool = False) -> tuple[str | None, int, tuple[int, int] | None]:
        """Return the moment or concept named at a token, the next token, and its span if it is a concept's."""
        tokens, begin = self.tokens, at
        while at < len(tokens) and at - begin < 5:
            event = self.lexicon.longest_event(self.words, at)
            if event is not None:
                return event[0].name, self._study_words(at + event[1]), None
            if tokens[at].norm not in _DETERMINERS:
                break
            at += 1
        if at >= len(tokens):
            return None, begin, None
        end = self._study_words(at)
        if strict and not any(self.tokens[place].norm in _FIRM for place in range(at, end)):
            return None, begin, None
        if end > at and any(
            self.tokens[place].norm not in ("of", "the", "to", "in", "into", "this", "being", "first", "initial")
            for place in range(at, end)
        ):
            last = any(self.tokens[place].norm in _LAST for place in range(at, end))
            return "last dose" if last else "study entry", end, None
        if strict:
            return None, begin, None
        found = self.lexicon.longest(self.words, at, guess=True)
        if found is not None and not found[0].ambiguous:
            end = at + found[1]
            return found[0].name, end, (tokens[at].start, tokens[end - 1].end)
        return None, begin, None

    def _study_words(self, at: int) -> int:
        while at < len(self.tokens) and self.tokens[at].norm in _STUDY_WORDS:
            at += 1
        while self.tokens[at - 1].norm in ("of", "the", "to", "in", "into", "first", "this"):
            at -= 1
        return at


def length_of(value: float) -> int | float:
    """Return a length's number as a predicate states it."""
    return tidy(value)
