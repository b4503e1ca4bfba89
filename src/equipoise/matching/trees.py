"""
Kleene's algebra over many trees at once, level by level, with the moments at which answers turn.

An answer is -2 where a rule does not hold, 2 where it does, 0 where it is unknown, and 1 where only a person keeps it
open. So the answer of *all* is the least of its parts; that of *any* is the greatest, once 1 is turned to -1: one that
is unknown for another reason hides that a person could tell.

A moment is one number, in the order in which the reference evaluator compares moments: twice the last minute that
it can mean, and one more where it is stated to the minute.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from equipoise.records.moments import Moment, moment_at
from equipoise.rules.interned import ALL, ANY, AT_LEAST, NOT, UNLESS

Array = npt.NDArray[Any]
# The answer to a rule by what its exception leaves, None where that is not asked.

# What a rule with an exception comes to, by its number and what its two parts did; None where these alone decide.
Rest = Callable[[int, int, int], int | None]

HOLDS, FAILS, UNKNOWN, PERSON = 2, -2, 0, 1
NEVER = np.iinfo(np.int64).min  # no moment is known

_DAY = 1440


def opposite(answers: Array) -> Array:
    """Return the opposite answers; what only a person can tell stays so."""
    # By sums, since looking numbers up in a table takes five times as long.
    turned: Array = 2 * (answers == PERSON).view(np.int8) - answers
    return turned


def _for_any(answers: Array) -> Array:
    made: Array = answers - 2 * (answers == PERSON).view(np.int8)
    return made


def _from_any(answers: Array) -> Array:
    made: Array = answers + 2 * (answers == -PERSON).view(np.int8)
    return made


def moment_code(moment: Moment | None) -> int:
    """Return a moment as a number.

    >>> moment_code(Moment("2026-01-15")) < moment_code(Moment("2026-01-15T23:59Z")) < moment_code(Moment("2026-01-16"))
    True
    """
    if moment is None:
        return int(NEVER)
    last = moment.period(by_clock=True, clock=moment.offset or 0).last
    return 2 * last + moment.to_the_minute


def moment_of(code: int, *, clock: int) -> Moment | None:
    """Return the moment of a number.

    >>> moment_of(moment_code(Moment("2026-01-15T09:40+01:00")), clock=60)
    '2026-01-15T09:40+01:00'
    """
    if code == NEVER:
        return None
    return moment_at(code >> 1 if code & 1 else (code >> 1) // _DAY, by_clock=bool(code & 1), clock=clock)


def later(codes: Array, sign: int, *, clock: int) -> Array:
    """Return the next moments as precise as these (*sign* 1), or the last before them (-1)."""
    exact = (codes & 1).astype(bool)
    moved = codes + np.where(exact, 2 * sign, 2 * _DAY * sign)
    day = ((moved >> 1) + np.where(exact, clock, 0)) // _DAY
    return np.where((codes == NEVER) | (day < 1) | (day > date.max.toordinal()), NEVER, moved)


class Trees:
    """The inner nodes of rules, in order of height and of what they do, numbered behind the predicates."""

    def __init__(self, leaves: int, nodes: Array, starts: Array, parts: Array) -> None:
        self._leaves = leaves
        self._starts, self._parts, self._counts = starts, parts, nodes["count"]
        self._ops = ops = nodes["op"]
        heights = nodes["height"]
        steps = np.flatnonzero((ops[1:] != ops[:-1]) | (heights[1:] != heights[:-1])) + 1
        borders = [0, *steps.tolist(), len(nodes)] if len(nodes) else [0]
        self._runs = [(int(ops[first]), first, last) for first, last in pairwise(borders)]

    def node(self, number: int) -> tuple[int, int, list[int]]:
        """Return what the node with a number does, its count, and the numbers of its parts."""
        place = number - self._leaves
        first, last = self._starts[place : place + 2].tolist()
        return int(self._ops[place]), int(self._counts[place]), self._parts[first:last].tolist()

    def answers(self, leaves: Array, rest: Rest) -> Array:
        """
        Return the answers of all rules, given those of the predicates.

        *rest* is asked, by number, of each rule that may hold and whose exception may only take something out of it.
        """
        found = np.empty(self._leaves + len(self._counts), np.int8)
        found[: self._leaves] = leaves
        for op, first, last in self._runs:
            begin, end = int(self._starts[first]), int(self._starts[last])
            inner = found.take(self._parts[begin:end])
            starts = self._starts[first:last] - begin
            if op == NOT:
                made = opposite(inner)
            elif op == ALL:
                made = np.minimum.reduceat(inner, starts)
            elif op == ANY:
                made = _from_any(np.maximum.reduceat(_for_any(inner), starts))
            elif op == AT_LEAST:
                made = _counted(inner, starts, self._counts[first:last])
            else:
                made = self._unless(first, inner[starts], inner[starts + 1], rest)
            found[self._leaves + first : self._leaves + last] = made
        return found

    def _unless(self, first: int, stated: Array, exception: Array, rest: Rest) -> Array:
        made = np.minimum(stated, opposite(exception))
        asked = ((stated == HOLDS) & (exception != FAILS)) | ((stated != FAILS) & (exception == HOLDS))
        for row in np.flatnonzero(asked).tolist():
            left = rest(self._leaves + first + row, int(stated[row]), int(exception[row]))
            if left is not None:
                made[row] = left
        return made

    def moments(self, answers: Array, *, turning: Array, moments: tuple[Array, Array], clock: int) -> Moments:
        """Return from when and until when rules hold, given that of the predicates whose numbers are *turning*."""
        kept = Moments(len(answers), clock)
        kept.put(turning, *moments)
        left = np.zeros(len(answers), bool)
        left[turning] = True
        for op, first, last in self._runs:
            if op == AT_LEAST:
                continue
            if op == UNLESS:
                self._turned(first, last, answers, kept, left)
                continue
            begin, end = int(self._starts[first]), int(self._starts[last])
            moved = begin + np.flatnonzero(kept.known.take(self._parts[begin:end]))
            rows = np.unique(np.searchsorted(self._starts[first:last], moved, side="right")) + first - 1
            if not len(rows):
                continue
            lengths = self._starts[rows + 1] - self._starts[rows]
            starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
            within = np.repeat(self._starts[rows] - starts, lengths) + np.arange(lengths.sum())
            joined = kept.joined(op, answers[self._leaves + rows], self._parts[within], starts, answers)
            kept.put(self._leaves + rows, *joined)
        return kept

    def _turned(self, first: int, last: int, answers: Array, kept: Moments, given: Array) -> None:
        """Keep the moments of rules with exceptions, but for those that are *given*: of what an exception left."""
        starts = self._starts[first:last]
        rule, exception = self._parts[starts], self._parts[starts + 1]
        rows = self._leaves + np.arange(first, last)
        moved = np.flatnonzero((kept.known[rule] | kept.known[exception]) & ~given[rows])
        own, rule, exception = rows[moved], rule[moved], exception[moved]
        begins, ends = kept.turned(answers[exception], *kept.get(exception))
        stated = kept.get(rule)
        inner = _alternating(answers[rule], opposite(answers[exception]))
        moments = (_alternating(stated[0], begins), _alternating(stated[1], ends))
        kept.put(own, *kept.all_of(answers[own], inner, moments, np.arange(0, 2 * len(own), 2)))


class Moments:
    """From when and until when rules hold, of those of which that is known."""

    def __init__(self, rules: int, clock: int) -> None:
        self.known = np.zeros(rules, bool)
        # Only the places of rules that are known are ever written or read.
        self._from, self._until = np.empty(rules, np.int64), np.empty(rules, np.int64)
        self._clock = clock

    def put(self, rules: Array, true_from: Array, true_until: Array) -> None:
        """Keep the moments of some rules."""
        self.known[rules] = (true_from != NEVER) | (true_until != NEVER)
        self._from[rules], self._until[rules] = true_from, true_until

    def get(self, rules: Array) -> tuple[Array, Array]:
        """Return from when and until when rules hold."""
        known = self.known[rules]
        return np.where(known, self._from[rules], NEVER), np.where(known, self._until[rules], NEVER)

    def turned(self, answers: Array, true_from: Array, true_until: Array) -> tuple[Array, Array]:
        """Return the moments of the opposites: what holds until a moment does not until then."""
        begins = np.where(answers == HOLDS, later(true_until, 1, clock=self._clock), NEVER)
        return begins, np.where(answers == FAILS, later(true_from, -1, clock=self._clock), NEVER)

    def joined(self, op: int, own: Array, parts: Array, starts: Array, answers: Array) -> tuple[Array, Array]:
        """Return the moments of nodes whose answers are *own*, given those of their *parts*."""
        inner = answers[parts]
        begins, ends = self.get(parts)
        if op == NOT:
            return self.turned(inner, begins, ends)
        if op == ALL:
            return self.all_of(own, inner, (begins, ends), starts)
        # A part that is unknown may hold for longer, so its silence leaves the end open.
        until = np.where(own == HOLDS, _latest(ends, inner != FAILS, starts), NEVER)
        return np.where(own == FAILS, _earliest(begins, starts), NEVER), until

    @staticmethod
    def all_of(own: Array, inner: Array, moments: tuple[Array, Array], starts: Array) -> tuple[Array, Array]:
        """Return the moments of nodes that hold where all of their parts do."""
        begins, ends = moments
        if not len(starts):
            return begins, ends
        # It holds once the last of the parts that stand in the way does, if each of them will.
        from_ = np.where(own == FAILS, _latest(begins, inner == FAILS, starts), NEVER)
        return from_, np.where(own == FAILS, NEVER, _earliest(ends, starts))


def _counted(inner: Array, starts: Array, least: Array) -> Array:
    """Return the answers of "at least so many": a node may have no part at all."""
    lengths = np.diff(np.append(starts, len(inner)))

    def counted(what: Array) -> Array:
        sums = np.concatenate(([0], np.cumsum(what, dtype=np.int64)))
        found: Array = sums[starts + lengths] - sums[starts]
        return found

    hold, plain, people = counted(inner == HOLDS), counted(inner == UNKNOWN), counted(inner == PERSON)
    unknown = np.where(plain > 0, UNKNOWN, PERSON)
    return np.where(hold >= least, HOLDS, np.where(hold + plain + people >= least, unknown, FAILS)).astype(np.int8)


def _alternating(first: Array, second: Array) -> Array:
    return np.column_stack((first, second)).ravel()


def _latest(codes: Array, counts: Array, starts: Array) -> Array:
    """Return the latest moment of each node's parts that count, none where one of them is not known."""
    latest = np.maximum.reduceat(np.where(counts, codes, NEVER), starts)
    return np.where(np.logical_or.reduceat(counts & (codes == NEVER), starts), NEVER, latest)


def _earliest(codes: Array, starts: Array) -> Array:
    """Return the earliest moment that is known of each node's parts."""
    far = np.iinfo(np.int64).max
    earliest = np.minimum.reduceat(np.where(codes == NEVER, far, codes), starts)
    return np.where(earliest == far, NEVER, earliest)
