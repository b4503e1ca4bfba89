"""
The windows of rules by column, and when facts lie in them, as `equipoise.rules.seen.Opening` has it for one of both.

Whatever its side, a window sets at most four bounds: by when a fact has begun, and has ended; from when on it begins,
and is not over. A bound that is not set lies beyond all moments.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from equipoise.matching.trees import FAILS, HOLDS, NEVER, UNKNOWN
from equipoise.records.moments import EVER, Duration, Period, parse_duration
from equipoise.records.patient import Fact
from equipoise.rules.interned import read_window
from equipoise.rules.names import Names
from equipoise.rules.nodes import Window
from equipoise.rules.seen import NOW, Seen, is_now

Array = npt.NDArray[Any]
# The first and the last tick of many periods.
Periods = tuple[Array, Array]

_BEYOND = 4 * EVER
# Longer than all time, and short enough to count with.
_LONGEST = 10**15
_BEFORE, _AFTER, _AROUND = range(3)
_SIDES = ("before", "after", "around")
# Day 0 of numpy's calendar, as the ordinal of a date.
_EPOCH = date(1970, 1, 1).toordinal()
_DAY = 1440


class Anchors:
    """Names of events, and what each comes to in the lexicon."""

    def __init__(self, names: Iterable[str | None], lexicon_names: Names) -> None:
        self.events = [lexicon_names.event(name) for name in names]
        self.names = [None if event is None else lexicon_names.canonical(event) for event in self.events]
        self.is_now = np.array([event is None or event in NOW for event in self.events], bool)

    def known(self, events: set[str | None], names: set[str | None]) -> Array:
        """Return of which events a record says when they were, or which are now."""
        pairs = zip(self.events, self.names, strict=True)
        told = np.fromiter((event in events or name in names for event, name in pairs), bool, len(self.events))
        known: Array = self.is_now | told
        return known


class Lengths:
    """Lengths of time; some are not ``stated``."""

    def __init__(self, given: Iterable[Duration | None]) -> None:
        lengths = list(given)
        self.stated = np.array([one is not None for one in lengths], bool)
        self.by_clock = np.array([one is not None and one.by_clock for one in lengths], bool)
        every = [one or Duration() for one in lengths]
        self._months, self._days, self._minutes = (
            np.array([min(one, _LONGEST) for one in column], np.int64)
            for column in (
                (one.months for one in every),
                (one.days for one in every),
                (one.shift(0, 1, by_clock=True) for one in every),
            )
        )

    def shift(self, rows: Array, ticks: Array, sign: int, *, by_clock: Array) -> Array:
        """Return the ticks that the lengths in some rows are after (*sign* 1) or before (-1) these."""
        days = _months_later(ticks, sign * self._months[rows]) + sign * self._days[rows]
        moved = np.where(by_clock, ticks + sign * self._minutes[rows], days)
        return np.where(np.abs(ticks) >= EVER, ticks, moved)

    def move(self, rows: Array, periods: Periods, sign: int, *, by_clock: Array) -> Periods:
        """Return the periods that the lengths in some rows are after or before these."""
        first, last = (self.shift(rows, ticks, sign, by_clock=by_clock) for ticks in periods)
        return first, last


def _months_later(days: Array, months: Array) -> Array:
    """Return the days so many calendar months away, as `equipoise.records.moments` has it."""
    there = (months != 0) & (days >= 1) & (days <= date.max.toordinal())
    calendar = (np.where(there, days, _EPOCH) - _EPOCH).astype("M8[D]")
    month = calendar.astype("M8[M]")
    of_month = (calendar - month.astype("M8[D]")).astype(np.int64)
    count = month.astype(np.int64) + months
    year = count // 12 + 1970
    count = np.where((year < 1) | (year > 9998), 0, count)
    first, following = ((count + more).astype("M8[M]").astype("M8[D]").astype(np.int64) + _EPOCH for more in (0, 1))
    moved = np.minimum(first + of_month, following - 1)
    moved = np.where(year < 1, -EVER, np.where(year > 9998, EVER, moved))
    return np.where(there, moved, days)


class Times:
    """When facts began and ended, on both rulers, and what else matters for whether they lie in a window."""

    def __init__(self, facts: Sequence[Fact], seen: Seen) -> None:
        every = [[seen.times(fact, by_clock=by_clock) for fact in facts] for by_clock in (False, True)]
        rows = [[(one.start.first, one.start.last, one.end.first, one.end.last) for one in times] for times in every]
        self._ticks = np.array(rows, np.int64).reshape(2, len(facts), 4)
        self.planned = np.array([fact.assertion == "planned" for fact in facts], bool)
        # A condition is dated by its beginning; where the record does not end it, that is its time.
        self.unended = np.array([fact.kind == "condition" and fact.until is None for fact in facts], bool)

    def start(self, facts: Array, *, by_clock: Array) -> Periods:
        """Return when facts began."""
        ticks = self._ticks[by_clock.astype(np.int64), facts]
        return ticks[:, 0], ticks[:, 1]

    def end(self, facts: Array, *, by_clock: Array) -> Periods:
        """Return when facts ended."""
        ticks = self._ticks[by_clock.astype(np.int64), facts]
        return ticks[:, 2], ticks[:, 3]


class Lies(NamedTuple):
    """
    Whether facts lie in windows, as -2, 0 or 2, and from and until when they do while the moment moves on.

    ``recent`` says that they are later than the window allows. Moments are numbers, as in `equipoise.matching.trees`.
    """

    truth: Array
    recent: Array
    true_from: Array
    true_until: Array


class _Bounds(NamedTuple):
    """What windows ask of facts; ``unknown`` where nobody can tell, ``sure_only`` where what is not certain may be."""

    begun_by: Periods
    not_over: Periods
    ended_by: Periods
    begins: Periods
    unknown: Array
    sure_only: Array


class Windows:
    """Windows, in classes that mean the same moment for everybody."""

    def __init__(self, words: list[str], names: Names) -> None:
        self.windows: list[Window | None] = [None, *(read_window(word) for word in words[1:])]
        self.anchors = Anchors((one.anchor if one else None for one in self.windows), names)
        known: dict[Any, int] = {None: 0}
        found, sides = [], []
        for one, event in zip(self.windows, self.anchors.events, strict=True):
            key = None if one is None else (*self._key(one, None if event in NOW else event), is_now(one, names))
            found.append(known.setdefault(key, len(known)))
            sides.append(_BEFORE if key is None else _SIDES.index(key[1] or ""))
        self.classes = np.array(found, np.int64)
        self._side = side = np.array(sides, np.int8)
        self.ahead = self.anchors.is_now & (side != _BEFORE)
        # "Currently" is no window of conditions and drugs.
        self.current = np.array([is_now(one, names) for one in self.windows], bool)
        self.within = Lengths(_length(one.within) if one else None for one in self.windows)
        self.least = Lengths(_length(one.at_least) if one else None for one in self.windows)
        self.long = self.within.stated | self.least.stated
        # Before or after an event is to the minute; "at" one is on its day.
        self.by_clock = self.within.by_clock | self.least.by_clock | (~self.long & (side != _AROUND))

    @staticmethod
    def _key(one: Window, event: str | None) -> tuple[str | None, ...]:
        lengths = one.within is not None or one.at_least is not None
        side = one.side or ("around" if one.anchor and not lengths else "before")
        return event, side, one.within, one.at_least

    def told_by(self, known: Array) -> Array:
        """Return the classes for a record that tells of the *known* anchors; the others lie nowhere, all alike."""
        return np.where(known, self.classes, -1)

    def lies(self, windows: Array, facts: Array, times: Times, seen: Seen) -> Lies:
        """Return whether facts lie in windows, pair by pair."""
        used, places = np.unique(windows, return_inverse=True)
        bounds = self._bounds(used, seen)
        by_clock = self.by_clock[windows]
        start, end = times.start(facts, by_clock=by_clock), times.end(facts, by_clock=by_clock)
        final = tuple(np.where(times.unended[facts], *both) for both in zip(start, end, strict=True))
        over = final[0], final[1]
        # What the record states, plans aside, has begun by the time at which the patient is seen.
        past = (self.anchors.is_now & (self._side == _BEFORE))[windows] & ~times.planned[facts]
        truths = [np.where(past, HOLDS, at_most(start, _taken(bounds.begun_by, places)))]
        truths.append(at_most(_taken(bounds.not_over, places), end))
        ended = at_most(over, _taken(bounds.ended_by, places))
        truths += [ended, at_most(_taken(bounds.begins, places), start)]
        truth = np.minimum.reduce(truths)
        truth = np.where(bounds.sure_only[places] & (truth != HOLDS), UNKNOWN, truth)
        unknown = bounds.unknown[places]
        true_from = self._turns(self.least, windows, over, past & ~unknown)
        true_until = self._turns(self.within, windows, end, past & ~unknown)
        # Crossed lengths: nothing ever lies there.
        crossed = (true_from != NEVER) & (true_until != NEVER) & (true_from > true_until)
        true_from, true_until = (np.where(crossed, NEVER, one) for one in (true_from, true_until))
        recent = self.least.stated[windows] & (self._side[windows] == _BEFORE) & (ended == FAILS) & ~unknown
        return Lies(np.where(unknown, UNKNOWN, truth), recent, true_from, true_until)

    def _turns(self, lengths: Lengths, windows: Array, ends: Periods, turning: Array) -> Array:
        """Return the ticks at which facts come to lie in windows, or cease to, where that is known."""
        first, last = ends
        turning = turning & lengths.stated[windows] & (first == last) & (np.abs(last) < EVER)
        found = np.full(len(windows), NEVER, np.int64)
        rows = windows[turning]
        found[turning] = lengths.shift(rows, last[turning], 1, by_clock=self.by_clock[rows])
        return found

    def _bounds(self, windows: Array, seen: Seen) -> _Bounds:
        point, unknown = self._points(windows, seen)
        side, by_clock = self._side[windows], self.by_clock[windows]
        within, least = self.within.stated[windows], self.least.stated[windows]
        before, after, around = (side == one for one in range(3))
        early, late = (self.within.move(windows, point, sign, by_clock=by_clock) for sign in (-1, 1))
        sooner, later = (self.least.move(windows, point, sign, by_clock=by_clock) for sign in (-1, 1))
        at = around & ~within
        return _Bounds(
            begun_by=_either((before | at, point), (within, late), beyond=_BEYOND),
            not_over=_either((at | (after & within), point), (within, early), beyond=-_BEYOND),
            ended_by=_either((before & least, sooner), beyond=_BEYOND),
            begins=_either((after & least, later), (after & ~within & ~least, point), beyond=-_BEYOND),
            unknown=unknown | (around & least),
            sure_only=at,
        )

    def _points(self, windows: Array, seen: Seen) -> tuple[Periods, Array]:
        """Return when the events were that windows are counted from, and of which nobody knows it."""
        found: dict[tuple[str | None, bool], Period | None] = {}
        points = []
        for number, by_clock in zip(windows.tolist(), self.by_clock[windows].tolist(), strict=True):
            key = (self.anchors.events[number], by_clock)
            if key not in found:
                window = self.windows[number]
                found[key] = seen.anchor(None if window is None else window.anchor, by_clock=by_clock)[0]
            points.append(found[key])
        ticks = np.array([(one.first, one.last) if one else (0, 0) for one in points], np.int64).reshape(-1, 2)
        return (ticks[:, 0], ticks[:, 1]), np.array([one is None for one in points], bool)

    def moments(self, windows: Array, ticks: Array, *, clock: int) -> Array:
        """Return the moments of ticks on the rulers of windows, as numbers."""
        return moment_codes(ticks, by_clock=self.by_clock[windows], clock=clock)


def moment_codes(ticks: Array, *, by_clock: Array, clock: int) -> Array:
    """Return the moments of ticks as numbers; NEVER where the calendar does not reach."""
    known = ticks != NEVER
    ticks = np.where(known, ticks, 0)
    day = np.where(by_clock, (ticks + clock) // _DAY, ticks)
    known &= (day >= 1) & (day <= date.max.toordinal())
    return np.where(known, np.where(by_clock, 2 * ticks + 1, 2 * (day * _DAY + _DAY - 1)), NEVER)


def _length(text: str | None) -> Duration | None:
    return None if text is None else parse_duration(text)


def _taken(periods: Periods, places: Array) -> Periods:
    return periods[0][places], periods[1][places]


def _either(*choices: tuple[Array, Periods], beyond: int) -> Periods:
    """Return of each row the period of the first choice that it is among, else one beyond all moments."""
    among = [one for one, _ in choices]
    first, last = (np.select(among, [periods[end] for _, periods in choices], beyond) for end in (0, 1))
    return first, last


def at_most(one: Periods, other: Periods) -> Array:
    """Return whether periods are not after others, as `Period.at_most` has it."""
    known = np.where(one[0] > other[1], FAILS, UNKNOWN)
    return np.where(one[1] <= other[0], HOLDS, known).astype(np.int8)
