"""
What a patient's states by column say of many studies at once: how many are free, which window closes first.

Only studies whose criteria are compiled are in the columns; of the others nothing is said here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import msgspec
import numpy as np

from equipoise.find.ranking import Standings, read_standings
from equipoise.matching.columns import ANSWERS, States
from equipoise.matching.rank import Standing
from equipoise.matching.trees import NEVER
from equipoise.rules.seen import Seen
from equipoise.store.columns import Array
from equipoise.store.library import Library

Order = Literal["fit", "closes", "opens"]
ORDERS: tuple[str, ...] = get_args(Order)
_UNKNOWN, _MET, _NOT_MET = (ANSWERS.index(one) for one in ("unknown", "met", "not met"))


class Overview(msgspec.Struct, frozen=True):
    """
    Of the studies considered: how many are *answered* (their criteria are compiled), in how many nothing is not met
    (*free*), of these in how many a window is known to close (*closing*), and how many open later (*opening*).
    """

    answered: int
    free: int
    closing: int
    opening: int


class Crowd:
    """The states of the studies at some rows of a library."""

    def __init__(self, library: Library, rows: Array, states: States) -> None:
        codes = library.columns.flat["number"][rows]
        places = np.searchsorted(states.studies, codes)
        there = places < len(states.studies)
        there[there] = states.studies[places[there]] == codes[there]
        self._rows, self._places, self._states = rows[there], places[there], states
        self._free = states.counts[self._places, _NOT_MET] == 0

    def overview(self) -> Overview:
        """Return how many studies are free, closing and opening."""
        closing, opening = self._moments("closes"), self._moments("opens")
        return Overview(len(self._rows), int(self._free.sum()), int(closing.sum()), int(opening.sum()))

    def ordered(self, order: Order) -> Array:
        """Return the rows of the studies whose window closes, or opens, the earliest first."""
        known = np.flatnonzero(self._moments(order))
        moments = self._column(order)[known]
        return self._rows[known[np.argsort(moments, kind="stable")]]

    def _column(self, order: Order) -> Array:
        states = self._states
        return (states.closes_at if order == "closes" else states.eligible_from)[self._places]

    def _moments(self, order: Order) -> Array:
        known: Array = self._column(order) != NEVER
        return known & self._free if order == "closes" else known


def standings_of(states: States | None) -> Standings:
    """Return what says how the criteria of studies stand: the columns, and for studies not in them the reference."""

    def standings(library: Library, rows: Sequence[int], seen: Seen) -> list[Standing]:
        if states is None:
            return read_standings(library, rows, seen)
        return [_standing(library, row, seen, states) for row in rows]

    return standings


def _standing(library: Library, row: int, seen: Seen, states: States) -> Standing:
    place = states.row(int(library.columns.flat["number"][row]))
    if place is None:
        return read_standings(library, [row], seen)[0]
    span = slice(int(states.offsets[place]), int(states.offsets[place + 1]))
    answers, included, of_people = states.answers[span], states.sides[span] == 0, states.of_people[span]
    failed = answers == _NOT_MET
    return Standing(
        inclusion=int(included.sum()),
        met=int((answers[included] == _MET).sum()),
        unknown=int((answers[included] == _UNKNOWN).sum()),
        other_people=bool((failed & of_people).any()),
        not_included=bool((failed & included & ~of_people).any()),
        excluded=bool((failed & ~included & ~of_people).any()),
    )
