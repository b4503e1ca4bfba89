"""Lists of values by row, as two arrays: the values end to end, and where each row's begin."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


# Keys below this are numbered by a table, which is quicker than sorting them.
_TABLE = 4_000_000


def _numbered(keys: Array) -> Array:
    """Return numbers from 0 on instead of keys that are not negative: the same for the same keys."""
    if int(keys.max(initial=0)) >= _TABLE:
        return np.unique(keys, return_inverse=True)[1]
    seen = np.zeros(int(keys.max(initial=0)) + 1, np.int64)
    seen[keys] = 1
    numbers: Array = (np.cumsum(seen) - 1)[keys]
    return numbers


class Patterns(NamedTuple):
    """The different lists that rows have. ``of``: by row, which of the ``lists`` it has."""

    of: Array
    lists: Ragged


class Ragged:
    """Several values for each row: row *i* has ``values[offsets[i]:offsets[i + 1]]``."""

    def __init__(self, values: Array, offsets: Array) -> None:
        self.values = values
        self.offsets = offsets

    def __getitem__(self, row: int) -> Array:
        return self.values[int(self.offsets[row]) : int(self.offsets[row + 1])]

    @property
    def lengths(self) -> Array:
        """How many values each row has."""
        lengths: Array = np.diff(self.offsets)
        return lengths

    def take(self, rows: Array) -> Ragged:
        """Return these rows, in this order."""
        firsts = self.offsets[rows]
        lengths = self.offsets[rows + 1] - firsts
        offsets = np.zeros(len(rows) + 1, np.int64)
        np.cumsum(lengths, out=offsets[1:])
        # The index of each wanted value: its row's first value, plus its place in the row.
        starts = np.repeat(firsts - offsets[:-1], lengths)
        return Ragged(self.values[starts + np.arange(offsets[-1])], offsets)

    @cached_property
    def patterns(self) -> Patterns:
        """
        Which of the different lists each row has.

        Half a million rows have some ten thousand different lists of countries and a dozen of phases: what is asked of
        many rows is asked of each list once.
        """
        lengths = self.lengths
        codes = np.zeros(len(lengths), np.int64)
        place, left = 0, np.flatnonzero(lengths)
        while len(left):
            # Lists that were alike so far and have the same value here still are.
            values = self.values[self.offsets[left] + place].astype(np.int64)
            codes[left] = int(codes.max()) + 1 + _numbered(codes[left] * (int(values.max()) + 1) + values)
            place += 1
            left = left[lengths[left] > place]
        of = _numbered(codes)
        rows = np.zeros(int(of.max(initial=-1)) + 1, np.int64)
        rows[of] = np.arange(len(of))  # any row that has the list
        return Patterns(of.astype(np.uint32), self.take(rows))

    def counts(self, rows: Array, size: int) -> Array:
        """Return how many of these rows have each value below *size*; of 0 also those that have no value."""
        of, lists = self.patterns
        times = np.bincount(of[rows], minlength=len(lists.lengths))
        found = np.bincount(lists.values, np.repeat(times, lists.lengths), size).astype(np.int64)
        found[0] += times[lists.lengths == 0].sum()
        return found

    def having(self, rows: Array, values: Iterable[int]) -> Array:
        """Return for each of these rows whether it has one of the values."""
        of, lists = self.patterns
        before = np.concatenate(([0], np.cumsum(np.isin(lists.values, list(values)))))
        has = before[lists.offsets[1:]] > before[lists.offsets[:-1]]
        found: Array = has[of[rows]]
        return found

    @staticmethod
    def joined(first: Ragged, second: Ragged) -> Ragged:
        """Return the rows of both, one after the other."""
        values = np.concatenate((first.values, second.values))
        return Ragged(values, np.concatenate((first.offsets, second.offsets[1:] + first.offsets[-1])))
