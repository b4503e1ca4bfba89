"""
How long things have lasted, by column, as `equipoise.rules.elapsed.duration` has it.

Left to the reference evaluator are lengths that the record states, and what nothing in the record lasts for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from equipoise.matching.presences import Outcomes
from equipoise.matching.related import class_numbers
from equipoise.matching.trees import FAILS, HOLDS, NEVER, UNKNOWN
from equipoise.matching.windows import Periods, moment_codes
from equipoise.terms.spelling import normal

if TYPE_CHECKING:
    from equipoise.matching.answering import Answering
    from equipoise.matching.index import Group
    from equipoise.matching.related import Signs

Array = npt.NDArray[Any]

# The way in which a fact relates to what it lasts for, in the order in which `Answering` asks for them.
_LASTS = 4


class Lasting:
    """The lengths of time that one patient's facts have lasted, and limits on them."""

    def __init__(self, asked: Answering, group: Group, rows: Array, signs: Signs) -> None:
        self._asked, self._group, self._rows = asked, group, rows
        self._limits, self._times = asked.index.spans, asked.presences.times
        self.limited = self._limits.low.stated[rows] & (group["window"][rows] == 0)
        places, facts, ways = signs.pairs(signs.of[group["concept"][rows]], asked.presences.places)
        known = asked.seen.known
        counts = np.array([one.assertion in ("present", "historical") for one in known], bool)
        lasts = counts[facts] & (ways & _LASTS > 0)
        self._places, self._facts = places[lasts], facts[lasts]
        self.any = self._marked(self._places)
        stated = np.array([one.kind == "duration" for one in known], bool)
        # A length that is stated needs no dates.
        self.stated = self._marked(self._places[stated[self._facts]])

    def _marked(self, places: Array) -> Array:
        marked = np.zeros(len(self._rows), bool)
        marked[places] = True
        return marked

    def outcomes(self, chosen: Array) -> Outcomes:
        """Return what becomes of the chosen predicates, each of which has a fact that lasts and states no length."""
        kept = chosen[self._places]
        places, facts = (np.cumsum(chosen) - 1)[self._places[kept]], self._facts[kept]
        rows = self._rows[chosen]
        truths = self._truths(rows[places], facts)
        firsts = np.flatnonzero(np.diff(places, prepend=-1))
        low, high = np.minimum.reduceat(truths, firsts), np.maximum.reduceat(truths, firsts)
        holds = np.where(low == high, low, UNKNOWN)
        single = (np.diff(firsts, append=len(facts)) == 1) & self._going_on()[facts[firsts]]
        by_clock, clock = self._limits.low.by_clock[rows], self._asked.seen.clock
        begins, ends = self._limits.turns(rows, self._times.start(facts[firsts], by_clock=by_clock))
        begins = np.where(single & (holds == FAILS) & (begins > self._now(by_clock)[1]), begins, NEVER)
        ends = np.where(single & (holds == HOLDS), ends, NEVER)
        return Outcomes(holds, *(moment_codes(one, by_clock=by_clock, clock=clock) for one in (begins, ends)))

    def _now(self, by_clock: Array) -> Periods:
        days, minutes = (self._asked.seen.now(by_clock=one) for one in (False, True))
        return np.where(by_clock, minutes.first, days.first), np.where(by_clock, minutes.last, days.last)

    def _going_on(self) -> Array:
        """Return which facts have no end."""
        return np.array([one.until is None for one in self._asked.seen.known], bool)

    def _truths(self, rows: Array, facts: Array) -> Array:
        """Return whether facts have lasted as limits say, pair by pair."""
        by_clock = self._limits.low.by_clock[rows]
        start, end = (ask(facts, by_clock=by_clock) for ask in (self._times.start, self._times.end))
        known = self._asked.seen.known
        # A condition that is present, or a drug that is taken, goes on; an event does not say how long it held.
        held, present, happens = (
            np.array([test(one) for one in known], bool)[facts]
            for test in (
                lambda one: one.kind in ("condition", "drug"),
                lambda one: one.assertion == "present",
                lambda one: one.kind in ("procedure", "event_time"),
            )
        )
        going = self._going_on()[facts]
        lasts = present & (held | (end[0] >= start[1])) & ~happens
        now = self._now(by_clock)
        found = self._limits.meets(rows, start, (np.where(going, now[0], end[0]), np.where(going, now[1], end[1])))
        return np.where((going & ~lasts) | ~self._qualified(rows, facts), UNKNOWN, found)

    def _qualified(self, rows: Array, facts: Array) -> Array:
        """Return whether facts state all the qualifiers of predicates."""
        sets, known = self._asked.index.qualifiers.sets, self._asked.seen.known
        numbers = self._group["qualifier"][rows]
        classes, places = class_numbers(numbers, facts)
        pairs = zip(numbers[places].tolist(), facts[places].tolist(), strict=True)
        told = [sets[one] <= frozenset(map(normal, known[fact].qualifier)) for one, fact in pairs]
        return np.array(told, bool)[classes]
