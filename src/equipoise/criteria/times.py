"""
Windows and lengths of time.

::

    time     = lead? count unit tail? | lead? count unit tail | recent-unit | anchored
    lead     = preposition? "the"? which? operator?
    preposition = "within" | "in" | "during" | "over" | "for" | "lasting" …
    which    = "last" | "past" | "previous" | "preceding" | "next" | "first" …
    tail     = "ago" | "earlier" | relation anchor
    relation = "before" | "prior to" | "of" | "after" | "following" | "from" | "since" …
    anchored, anchor: `equipoise.criteria.anchors`

A length with no word that makes it a window is none ("18 years"): the limit or age that it belongs to
is read elsewhere. A half-life is a length we cannot know: such a phrase is not read here.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from equipoise.criteria.anchors import STUDY_MOMENTS, AnchorReader, Mode, TimePhrase
from equipoise.criteria.limits import may_compare, operator_at
from equipoise.criteria.tokens import Token
from equipoise.rules.nodes import Span
from equipoise.terms.cues import word_set

UNITS = {
    **dict.fromkeys(["minute", "minutes", "min", "mins"], "min"),
    **dict.fromkeys(["hour", "hours", "hr", "hrs", "h"], "h"),
    **dict.fromkeys(["day", "days", "d"], "d"),
    **dict.fromkeys(["week", "weeks", "wk", "wks", "weeks'"], "wk"),
    **dict.fromkeys(["month", "months", "mo", "mos", "mth", "mths", "months'"], "mo"),
    **dict.fromkeys(["year", "years", "yr", "yrs", "y"], "a"),
}
ISO_UNITS = frozenset(UNITS.values())
_PREPOSITIONS = word_set("times.prepositions")
_PAST = frozenset(("last", "past", "preceding", "previous", "prior", "recent"))
_NEXT = frozenset(("coming", "following", "next", "subsequent", "upcoming"))
_SMALL = word_set("times.small")
_BEFORE = frozenset(("before", "pre", "preceding", "previous", "prior"))
_AFTER = frozenset(("after", "following", "from", "post", "since"))

_MEASURED_NOUNS = word_set("times.measured_nouns")
_HAVING = frozenset(("have", "has", "must", "should", "elapsed", "passed", "immediately"))
# "Now or within 2 weeks" is within 2 weeks.
_PRESENT = frozenset(("now", "currently", "presently", "current"))
_THEN_TOO = frozenset(("present", "screening", "baseline", "enrollment", "enrolment", "presentation"))
STARTS = _PREPOSITIONS | _PAST | _NEXT | _SMALL | _BEFORE | _AFTER | frozenset(("at", "upon", "on")) | _PRESENT
_STAYS = frozenset(("diagnosis", "hospital arrival", "time of icu admission", "icu admission", "hospitalization"))
_MODES: dict[str, Mode] = {"<": "within", "<=": "within", ">": "at_least", ">=": "at_least", "=": "within"}


class _Lead(msgspec.Struct, gc=False):
    """What stands before the count."""

    at: int
    preposition: str = ""
    which: str = ""
    op: str = ""
    first: bool = False


def _lead(tokens: Sequence[Token], at: int) -> _Lead:
    lead = _Lead(at)
    count = len(tokens)
    if at < count and tokens[at].norm in _PREPOSITIONS:
        lead.preposition = tokens[at].norm
        at += 1
        if lead.preposition == "over" and at < count and tokens[at].norm == "the":
            lead.preposition = "in"  # "over the 8 weeks prior to"
    steps = 0
    while at < count and steps < 6:
        word = tokens[at].norm
        if word in _PAST and not (word == "prior" and at + 1 < count and tokens[at + 1].norm == "to"):
            lead.which = "past"
        elif word in _NEXT:
            lead.which = "next"
        elif word == "first":
            lead.first = True
        elif (word in _SMALL and word != "least") or (word == "(" and lead.preposition):
            pass
        elif word == "over" and tokens[at - 1].norm == "time" and at > 0:
            lead.preposition = "in"  # "any time over the 8 weeks prior to"
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
        and tokens[at].norm in ("(", "[")
        and tokens[at + 1].value is not None
        and tokens[at + 2].norm in (")", "]")
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


_TO_COME = frozenset(("anticipated", "planned", "scheduled", "upcoming", "current", "intended", "proposed"))


class TimeReader(AnchorReader):
    """Reads the time phrases of one criterion."""

    def at(self, at: int) -> TimePhrase | None:
        """Return the time phrase that begins at a token, or None."""
        token = self.tokens[at]
        if token.norm not in STARTS and not may_compare(token):
            return None
        if (joined := self._or_before(at)) is not None:
            return joined
        if token.norm in _PRESENT:
            return None
        lead = _lead(self.tokens, at)
        count = _count(self.tokens, lead.at)
        if count is None:
            unit = _unit(self.tokens, lead.at) if lead.which or lead.preposition in ("in", "within", "during") else None
            if unit is None or (not lead.preposition and lead.which != "past"):
                return self._anchored(at)
            alone = lead.preposition == "within" and self._closes(unit[1])  # "within a year"
            if not lead.which and not alone and (self._relation(unit[1]) or ("", 0))[0] not in ("before", "after"):
                return self._anchored(at)
            value, low, end = 1.0, None, lead.at
        else:
            value, low, end = count
            if end < len(self.tokens) and self.tokens[end].norm in _PAST and _unit(self.tokens, end + 1) is not None:
                lead.which, end = "past", end + 1  # "during the 3 preceding months"
            unit = _unit(self.tokens, end)
            if unit is None:
                return self._anchored(at)
        name, end = unit
        if self._is_of_noun(end):
            return None  # "in the 12-min walk test": how long that is
        return self._tailed(at, lead, (value, low, name), end)

    def _or_before(self, at: int) -> TimePhrase | None:
        """Read "now or within 2 weeks", "at screening or in the last 24 hours": the longer of the two."""
        tokens, place = self.tokens, at + 1
        if tokens[at].norm == "at" and place < len(tokens) and tokens[place].norm in _THEN_TOO:
            place += 1
        elif tokens[at].norm not in _PRESENT:
            return None
        if place + 1 >= len(tokens) or tokens[place].norm != "or" or tokens[place + 1].norm not in ("within", "in"):
            return None
        found = self.at(place + 1)
        return found if found is not None and found.mode == "within" else None

    def _is_of_noun(self, end: int) -> bool:
        """Return whether a length that a hyphen joins goes with the noun behind it, and is no window."""
        if end >= len(self.tokens) or not self.tokens[end - 1].glued:
            return False
        return self.tokens[end].norm in _MEASURED_NOUNS and self.tokens[end].start == self.tokens[end - 1].end + 1

    def _tailed(self, at: int, lead: _Lead, length: tuple[float, float | None, str], end: int) -> TimePhrase | None:
        tokens = self.tokens
        word = tokens[end].norm if end < len(tokens) else ""
        if lead.preposition == "within" and lead.op == ">=":
            lead.op = ""  # "within at least 2 weeks before": within them
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
            mode = mode if lead.preposition in ("for", "lasting") else "at_least"  # "30 days or more after discharge"
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
            return self._lasted(at, lead, length, end)
        if relation is None:
            if lead.first or (not lead.preposition and not lead.which):
                return None  # "within the first hour": of what, it does not say
            return self._phrase(at, lead, length, end, mode=mode)
        if relation[0] == "after" and not lead.preposition and self._is(at - 1, "for"):
            return None
        return self._related(at, lead, length, relation, mode)

    def _lasted(self, at: int, lead: _Lead, length: tuple[float, float | None, str], end: int) -> TimePhrase | None:
        """Return "for 3 months", with the moment that it is before or after."""
        relation = self._relation(end)
        how = "" if relation is None else relation[0]
        anchor, stop = (None, end) if relation is None else self._anchor(relation[1])[:2]
        if how == "after" and anchor in (None, "study vaccination", *STUDY_MOMENTS):
            return None  # "and for 28 days after the study"
        op = lead.op or (">=" if lead.preposition != "over" else ">")
        stop = stop if anchor and how in ("before", "after") else end
        return self._phrase(at, lead, length, stop, mode="for", op=op)

    def _related(
        self, at: int, lead: _Lead, length: tuple[float, float | None, str], relation: tuple[str, int], mode: Mode
    ) -> TimePhrase | None:
        how, after = relation
        anchor, end, span = self._anchor(after)
        if anchor is None and how == "of" and self._is(after, "life"):
            anchor, end, lead.first = "birth", after + 1, True  # "in the first hour of life"
        if anchor is None and how != "since":
            anchor, end, span = self._admission(after)
        # "Since prior therapy with X" is no moment of the study; "since therapy, including X" is of any.
        given = span is not None or anchor is None or (anchor == "study entry" and not self._lists(end))
        if (how == "since" and lead.op and given) or (
            mode == "at_least"
            and how in ("since", "after")
            and anchor not in STUDY_MOMENTS
            and not (how == "since" and anchor is not None and span is None and self._closes(end))
        ):
            return self._phrase(at, lead, length, after, mode="since", op=lead.op or ">=")
        if how == "of" and lead.op and not lead.preposition and (self._is_given(span) or self._is_of_it(anchor, end)):
            return self._phrase(at, lead, length, after, mode="for", op=lead.op)  # "at least 4 weeks of zidovudine"
        if anchor is None and how == "of":
            return (
                None
                if not lead.preposition and not lead.which
                else self._phrase(at, lead, length, after - 1, mode=mode)
            )
        if anchor is None and how != "of":
            anchor, end, span = self._unlisted(after)
        if how == "of" and lead.which == "past" and self._kind(span) == "condition":
            return None  # "in the last month of pregnancy": before its end
        side = {"before": "before", "both": "around"}.get(how, "after")  # "before or during treatment"
        if how == "of":
            to_come = any(token.norm in _TO_COME for token in self.tokens[after:end])
            side = self._side_of(lead, anchor, span, to_come=to_come)
        return self._phrase(at, lead, length, end, mode=mode, side=side, anchor=anchor, by=span)

    def _side_of(self, lead: _Lead, anchor: str | None, span: Span | None, *, to_come: bool) -> str:
        """Return on which side of a moment a length "of" it lies."""
        if anchor in STUDY_MOMENTS:
            return "before"
        if lead.first:
            return "after"
        if anchor == "assessment":
            return "before"
        if self._is_given(span) or self._is_found(anchor, span):
            return "around"
        if lead.which == "past":
            return "before"  # "during the past week of the procedure"
        return "around" if to_come else "after"  # "chemotherapy within 3 months of the anticipated surgery"

    def _unlisted(self, at: int) -> tuple[str | None, int, tuple[int, int] | None]:
        """Return a moment that no table lists, a word or two up to the end of the clause: "before admission"."""
        tokens, end = self.tokens, at
        while end - at < 4 and not self._closes(end) and tokens[end].value is None:
            end += 1
        words = [token.norm for token in tokens[at:end]]
        while words[:1] and words[0] in ("a", "an", "the", "their"):
            del words[0]
        if not 0 < len(words) < 3 or not self._closes(end):
            return None, at, None
        return " ".join(words), end, (tokens[at].start, tokens[end - 1].end)

    def _is_found(self, anchor: str | None, span: tuple[int, int] | None) -> bool:
        """Return whether an anchor is a diagnosis or a stay: "within 5 years of" it is before or after it."""
        if anchor is None or anchor in _STAYS:
            return anchor is not None
        named = span is not None and (found := self.lexicon.find(anchor)) is not None and found.kind == "condition"
        if not named or span is None:
            return False
        behind = next((token.norm for token in self.tokens if token.start >= span[1]), "")
        within = any(token.norm == "diagnosis" for token in self.tokens if span[0] <= token.start < span[1])
        return behind == "diagnosis" or within

    def _is_given(self, span: tuple[int, int] | None) -> bool:
        """Return whether an anchor is a treatment: "within 4 weeks of vaccination" is before or after it."""
        return self._kind(span) in ("drug", "procedure")

    def _kind(self, span: tuple[int, int] | None) -> str:
        """Return the kind of the concept at a span of the source; nothing where none is."""
        for at in range(len(self.tokens)) if span is not None else ():
            if span is not None and self.tokens[at].start == span[0]:
                found = self.lexicon.longest(self.words, at, guess=True)
                return "" if found is None else found[0].kind
        return ""

    def _phrase(
        self, at: int, lead: _Lead, length: tuple[float, float | None, str], end: int, *, mode: Mode,
        side: str = "before", anchor: str | None = None, op: str = ">=", by: tuple[int, int] | None = None,
    ) -> TimePhrase:  # fmt: skip
        if lead.which == "next":
            side = "after"
        return TimePhrase(
            mode, end, (self.tokens[at].start, self.tokens[end - 1].end), length[0], length[2], length[1], side, anchor,
            op, lead.which == "next", by, lead.op in ("<", ">"),
        )  # fmt: skip

    def _is_of_it(self, anchor: str | None, end: int) -> bool:
        """Return whether a length is of a treatment for what is named next: "of treatment for pneumonia"."""
        return anchor == "study entry" and self._is(end, "for")

    def _lists(self, at: int) -> bool:
        """Return whether kinds of a treatment that no word names follow: "therapy, including surgery"."""
        at += self._is(at, ",") or self._is(at, "(")
        return any(self._is(at, word) for word in ("including", "includes", "such", "eg", "e"))

    def _closes(self, at: int) -> bool:
        """Return whether a clause ends at a token, so that "6 months prior" is whole."""
        return (
            at >= len(self.tokens)
            or self.tokens[at].kind == "m"
            or self.tokens[at].norm in ("or", "and", "unless", "except", "with", "that")
        )

    def _relation(self, at: int) -> tuple[str, int] | None:
        """Return how a length is related to its anchor, and where the anchor begins."""
        tokens = self.tokens
        while at < len(tokens) and tokens[at].norm in _HAVING:
            at += 1
        if at >= len(tokens):
            return None
        word = tokens[at].norm
        if word in _BEFORE:
            at += 1
            if self._is(at, "to"):
                at += 1
            if self._is(at, "or") and at + 1 < len(tokens) and tokens[at + 1].norm in ("at", "during", "after"):
                return "before" if self._is(at + 1, "at") else "both", at + 2
            return "before", at
        if word in ("since", "from"):
            return "since", at + 1
        if word in _AFTER:
            return "after", at + 1
        if word == "of":
            return "of", at + 1
        return None
