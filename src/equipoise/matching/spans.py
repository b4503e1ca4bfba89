"""Limits on lengths of time by column, as `equipoise.rules.elapsed.Span` has one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from equipoise.matching.trees import FAILS, NEVER, UNKNOWN, opposite
from equipoise.matching.windows import Lengths, Periods, at_most
from equipoise.records.moments import EVER, duration_of
from equipoise.rules.nodes import OPS

if TYPE_CHECKING:
    from equipoise.matching.index import Group

Array = npt.NDArray[Any]


class SpanLimits:
    """Limits on lengths of time, row by row of a group."""

    def __init__(self, group: Group, units: list[str]) -> None:
        self._op = group["op"]

        def lengths(field: str) -> Lengths:
            pairs = zip(group[field].tolist(), group["unit"].tolist(), strict=True)
            return Lengths(duration_of(value, units[unit]) if value == value else None for value, unit in pairs)

        self.low, self._high = lengths("value"), lengths("upper")

    def meets(self, rows: Array, start: Periods, end: Periods) -> Array:
        """Return whether the time from *start* to *end* meets the limits in some rows."""
        by_clock = self.low.by_clock[rows]
        low, high = (one.move(rows, start, 1, by_clock=by_clock) for one in (self.low, self._high))
        reached, within = at_most(low, end), at_most(end, low)
        under = np.where(self._high.stated[rows], at_most(end, high), UNKNOWN)
        truths = {
            "<": opposite(reached),
            "<=": within,
            ">": opposite(within),
            ">=": reached,
            "=": np.minimum(reached, within),
            "between": np.where(self._high.stated[rows], np.minimum(reached, under), UNKNOWN),
        }
        op = self._op[rows]
        found = np.select([op == OPS.index(name) for name in truths], list(truths.values()), UNKNOWN)
        return np.where(at_most(start, end) == FAILS, UNKNOWN, found)

    def turns(self, rows: Array, start: Periods) -> tuple[Array, Array]:
        """Return from and until which tick the limits are met while the end moves on, where that is known."""
        op, by_clock = self._op[rows], self.low.by_clock[rows]
        known = (start[0] == start[1]) & (np.abs(start[0]) < EVER)
        low, high = (one.shift(rows, start[0], 1, by_clock=by_clock) for one in (self.low, self._high))
        high = np.where(self._high.stated[rows], high, low)
        known &= high >= low  # crossed limits are never met

        def ticks(of: dict[str, Array]) -> Array:
            found = np.select([op == OPS.index(name) for name in of], list(of.values()), NEVER)
            return np.where(known, found, NEVER)

        begins = ticks({">=": low, ">": low + 1, "between": low, "=": low})
        return begins, ticks({"<=": low, "<": low - 1, "between": high, "=": low})
