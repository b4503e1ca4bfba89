"""
Rank a library for a patient: candidates by what the record is about, then by how their criteria stand.

How it works, and what each part of it is worth, is in ``docs/explanation/ranking.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import numpy as np

from equipoise.find.candidates import Candidates, Mask, find_candidates, may_join
from equipoise.find.compiled import read_criteria
from equipoise.find.distances import distances
from equipoise.find.near import Near
from equipoise.find.wants import read_wants
from equipoise.matching.match import state_of
from equipoise.matching.rank import Standing, fuse, standing_of
from equipoise.matching.verdicts import Asked
from equipoise.records.patient import Patient
from equipoise.rules.seen import Seen
from equipoise.store.columns import Array
from equipoise.store.library import Library

# Of so many candidates the criteria are looked at. More cost time, and change little among the first.
LOOKED_AT = 100
# So many are found, however few are wanted.
_DEEP = 1000
# At this distance a site counts half of what it does next door.
_HALF_KM = 50.0

Standings = Callable[[Library, Sequence[int], Seen], list[Standing]]


class Ranking(msgspec.Struct, frozen=True):
    """Rows of studies, the best first."""

    rows: Array


class Among(msgspec.Struct, frozen=True):
    """The rows of the studies that are ranked, in the order of the search that found them, and the place it is near."""

    rows: Array
    near: Near | None = None

    def mask(self, size: int) -> Mask:
        """Return which of all rows these are."""
        marked = np.zeros(size, bool)
        marked[self.rows] = True
        return marked


def read_asked(library: Library, row: int) -> list[Asked]:
    """Return the criteria of a study that are answered: those without a parent."""
    criteria = read_criteria(library, library.outline_at(row))
    return [Asked(one.id, one.section, one.rule, one.text) for one in criteria if one.parent is None]


def read_standings(library: Library, rows: Sequence[int], seen: Seen) -> list[Standing]:
    """Return how the criteria of studies stand, by the reference evaluator."""
    found = []
    for row in rows:
        asked = read_asked(library, row)
        found.append(standing_of(asked, [state_of(one, seen) for one in asked]))
    return found


def rank_studies(
    library: Library,
    patient: Patient,
    seen: Seen,
    *,
    note: str = "",
    limit: int = 1000,
    among: Among | None = None,
    standings: Standings = read_standings,
) -> Ranking:
    """
    Return the *limit* studies that a patient may be a candidate for, the best first.

    *note* is the text that the facts were read of. *standings* says how the criteria of studies stand. Of the studies
    *among* which they are sought, those that have nothing of what the record names come last.
    """
    wants, deep = read_wants(patient, note), max(limit, _DEEP)
    mask = None if among is None else among.mask(len(library))
    found = find_candidates(library, wants, seen, limit=deep, among=mask)
    if among is not None:
        found = _filled(library, found, among.rows, seen)
    first, rest = _parted(found)
    standing = standings(library, first.rows.tolist(), seen)
    reach = None if among is None or among.near is None else closeness(library, first.rows, among.near)
    order = np.array(fuse(first.scores.tolist(), standing, reach), np.int64)
    return Ranking(np.append(first.rows[order], rest.rows)[:limit])


def closeness(library: Library, rows: Array, near: Near) -> list[float]:
    """Return how close each study's nearest open site is: 1 at the place, a half at 50 km, 0 where there is none."""
    km = distances(library.columns, rows, near).open_km.astype(np.float64)
    return [float(one) for one in np.nan_to_num(_HALF_KM / (_HALF_KM + km), nan=0.0)]


def _filled(library: Library, found: Candidates, rows: Array, seen: Seen) -> Candidates:
    """Return the candidates with the other studies that they were sought among behind them, in their own order."""
    others = rows[~np.isin(rows, found.rows)][:_DEEP]
    return Candidates(
        np.append(found.rows, others),
        np.append(found.scores, np.zeros(len(others))),
        np.append(found.open_to, may_join(library.columns, others, seen)),
    )


def _parted(found: Candidates) -> tuple[Candidates, Candidates]:
    """
    Return the candidates whose criteria are looked at, and the others.

    Whom an age or a sex keeps out comes among the others and is not lost: a note's age may have been misread.
    """
    first = np.flatnonzero(found.open_to)[:LOOKED_AT]
    rest = np.setdiff1d(np.arange(len(found.rows)), first)
    return found.take(first), found.take(rest)
