"""
Where a result lies that is a number: above, below or within the limits of normal.

By the laboratory's own range where the result has one, else by the limits of every common laboratory, as in
`equipoise.rules.defaults`; children have limits of their own.
"""

from __future__ import annotations

import math

from equipoise.records.patient import Fact
from equipoise.rules.aged import is_child
from equipoise.rules.names import variable_name
from equipoise.rules.quantities import converted
from equipoise.rules.seen import Seen
from equipoise.rules.usual import unit_of
from equipoise.terms.normal_limits import common_limits
from equipoise.terms.spelling import normal


def where_it_lies(fact: Fact, seen: Seen) -> frozenset[str]:
    """Return the words for a result: its own, and "elevated", "low" or "normal" for a number; none where unsure."""
    if isinstance(fact.value, str):
        return frozenset((normal(fact.value),))
    if fact.value is None:
        return frozenset()
    low, high = fact.range or (None, None)
    if low is not None and high is not None:
        return frozenset((_by(float(fact.value), (float(low), float(low)), (float(high), float(high))),))
    name = variable_name(fact.name)
    spans = [common_limits(name, side) for side in ("LLN", "ULN")]
    if fact.range is not None or spans == [None, None] or is_child(seen):
        return frozenset()
    ends = [(-math.inf, -math.inf), (math.inf, math.inf)]
    for place, span in enumerate(spans):
        if span is not None:
            both = [converted(one, span.unit, unit_of(fact), analyte=name) for one in (span.low, span.high)]
            if both[0] is None or both[1] is None:
                return frozenset()
            ends[place] = both[0], both[1]
    word = _by(float(fact.value), ends[0], ends[1])
    return frozenset((word,)) if word else frozenset()


def _by(value: float, lower: tuple[float, float], upper: tuple[float, float]) -> str:
    """Return the word for a value by where the lower and the upper limit may be; none where that matters.

    >>> _by(15, (0.3, 0.5), (4, 5.5)), _by(5, (0.3, 0.5), (4, 5.5)), _by(2, (0.3, 0.5), (4, 5.5))
    ('elevated', '', 'normal')
    """
    if value > upper[1]:
        return "elevated"
    if value < lower[0]:
        return "low"
    return "normal" if lower[1] <= value <= upper[0] else ""
