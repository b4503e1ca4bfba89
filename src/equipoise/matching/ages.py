"""
Limits on age, compared by column.

From and until which age a limit holds is worked out once, for everybody; when a patient reaches these ages follows
from when they were born, as `equipoise.rules.aged` has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from equipoise.matching.trees import FAILS, HOLDS, NEVER, UNKNOWN, opposite
from equipoise.matching.windows import Lengths, at_most, moment_codes
from equipoise.records.moments import EVER, Period
from equipoise.rules.aged import age_limits, birth
from equipoise.rules.nodes import Predicate
from equipoise.rules.seen import Seen

Array = npt.NDArray[Any]
_UNKNOWN = Period(-EVER, EVER)


class Ages:
    """The limits on age among some predicates, none of which has a window or a qualifier."""

    def __init__(self, rules: Sequence[Predicate | None]) -> None:
        limits = [None if rule is None else age_limits(rule) for rule in rules]
        stated = [one for one in limits if one is not None]
        known = np.array([one is not None for one in limits], bool)
        # The place of each of the rules among those that state an age, -1 for one that does not.
        self.places = np.where(known, np.cumsum(known) - 1, -1)
        self._low, self._high = Lengths(one.low for one in stated), Lengths(one.high for one in stated)
        self._by_clock = np.array([one.by_clock for one in stated], bool)

    def outcomes(self, seen: Seen) -> tuple[Array, Array, Array]:
        """Return whether each limit holds, from when and until when it does, as numbers."""
        low, high, every = self._low, self._high, np.arange(len(self._by_clock))
        births = [birth(seen, by_clock=by_clock) for by_clock in (False, True)]
        born = self._on_ruler([one or _UNKNOWN for one in births])
        now = self._on_ruler([seen.now(by_clock=by_clock) for by_clock in (False, True)])
        starts = low.move(every, born, 1, by_clock=self._by_clock)
        ends = high.move(every, born, 1, by_clock=self._by_clock)
        begun = np.where(low.stated, at_most(starts, now), HOLDS)
        lasts = np.where(high.stated, opposite(at_most(ends, now)), HOLDS)
        told = np.array([one is not None for one in births])[self._by_clock.astype(np.int64)]
        holds = np.where(told & (low.stated | high.stated), np.minimum(begun, lasts), UNKNOWN)
        # An age without a date says how old the patient is now, and not on which day that changes.
        dated = all(one.when is not None for one in seen.ages)
        crossed = high.stated & (ends[1] <= starts[0])
        begins = dated & (holds == FAILS) & low.stated & (starts[0] == starts[1]) & (starts[0] > now[1]) & ~crossed
        finishes = dated & (holds == HOLDS) & high.stated & (ends[0] == ends[1])
        ticks = np.where(begins, starts[0], NEVER), np.where(finishes, ends[0] - 1, NEVER)
        true_from, true_until = (moment_codes(one, by_clock=self._by_clock, clock=seen.clock) for one in ticks)
        return holds, true_from, true_until

    def _on_ruler(self, periods: Sequence[Period]) -> tuple[Array, Array]:
        """Return for each limit which of two periods is meant: the one in days, or the one in minutes."""
        ticks = np.array([(one.first, one.last) for one in periods], np.int64)[self._by_clock.astype(np.int64)]
        return ticks[:, 0], ticks[:, 1]
