"""
Lines of earlier treatment, counted.

::

    lines = number prior* treatment? ("lines" | "regimens") ("of" treatment)?      # "at most 2 lines of chemotherapy"
"""

from __future__ import annotations

import msgspec

from equipoise.criteria.context import Context, reference
from equipoise.criteria.limits import Comparison, tidy
from equipoise.criteria.measures import Measure
from equipoise.rules.nodes import ConceptRef, Predicate
from equipoise.terms.cues import word_set
from equipoise.terms.lexicon import Concept

_LINES = frozenset(("line", "lines", "regimen", "regimens"))
_PRIOR = word_set("ages.prior")


def _counts(word: str) -> bool:
    """Return whether a word can be counted: "at most one prior regimen", "2 prior chemotherapies"."""
    return word.endswith("s") or word in _LINES


class LineReader:
    """Reads the lines of treatment of one criterion."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def at(self, at: int) -> Measure | None:
        """Return the number of lines of treatment that begins at a token."""
        context = self.context
        limit = context.comparison(at) or self._either(at)
        if limit is None and context.tokens[at].value is not None:
            value = float(context.tokens[at].value or 0)
            bare = Comparison(">=", value, None, None, None, at + 1, context.span(at, at + 1))
            return self._lines_of(at, bare, counted=False)
        if limit is None or limit.unit is not None or limit.relative_to is not None:
            return None
        return self._lines_of(at, limit, counted=True)

    def _either(self, at: int) -> Comparison | None:
        """Read "one or two": a range, where the second number is the next after the first."""
        low, high = self.context.quantity(at), self.context.quantity(at + 2)
        more = self._either(at + 2) if self.context.norm(at + 1) == "," else None
        if low is not None and more is not None and more.upper is not None and more.value == low.value + 1:
            return msgspec.structs.replace(more, value=low.value, span=(low.start, more.span[1]))
        if low is None or high is None or self.context.norm(at + 1) not in ("or", "/", "-", "to"):
            return None
        if (
            low.end != at + 1
            or high.value <= low.value
            or (high.value > low.value + 1 and self.context.norm(at + 1) == "or")
        ):
            return None
        span = (low.start, high.stop)
        return Comparison("between", low.value, high.value, high.unit, high.relative_to, high.end, span)

    def _lines_of(self, at: int, limit: Comparison, *, counted: bool) -> Measure | None:
        """Return the lines that a number is of; *counted*: "at most 2 prior chemotherapies" names none."""
        context, end = self.context, limit.end
        if context.norm(end) == "(" and context.norm(end + 2) == ")":
            end += 3
        treatment, begin, prior = None, end, False
        while end - begin < 6 and context.norm(end) not in _LINES:
            if context.norm(end) in _PRIOR:
                prior = prior or context.norm(end) in ("prior", "previous")
                end += 1
                continue
            named = context.named(end)
            if named is None and treatment is not None:
                break
            if named is None or not isinstance(named[0], Concept) or named[0].kind not in ("drug", "procedure"):
                return None
            treatment, end = reference(named[0], context.span(end, named[1])), named[1]
        if context.norm(end) in _LINES:
            treatment, end = self._line_of(treatment, end + 1)
        elif treatment is None or not prior or not counted or not _counts(context.norm(end - 1)):
            return None
        upper, span = None if limit.upper is None else tidy(limit.upper), context.span(at, end)
        rule = Predicate(
            kind="prior_lines", concept=treatment, op=limit.op, value=tidy(limit.value), upper=upper, span=span
        )
        return Measure(rule, at, end)

    def _line_of(self, treatment: ConceptRef | None, at: int) -> tuple[ConceptRef | None, int]:
        """Return the treatment that "of" names behind the lines, and the next token."""
        context = self.context
        if context.norm(at) != "of":
            return treatment, at
        place = at + 1
        while context.norm(place) in _PRIOR:
            place += 1
        named = context.named(place)
        if named is not None and isinstance(named[0], Concept):
            known = treatment if named[0].ambiguous else reference(named[0], context.span(place, named[1]))
            return known, named[1]
        generic = context.norm(place) in ("therapy", "treatment", "treatments", "therapies")
        return treatment, place + 1 if generic else at
