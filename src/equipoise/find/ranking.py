"""
Rank a library for a patient: candidates by what the record is about, then by how their criteria stand.

How it works, and what each part of it is worth, is in ``docs/explanation/ranking.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import numpy as np

from equipoise.find.candidates import Candidates, Mask, find_candidates
from equipoise.find.compiled import read_criteria
from equipoise.find.wants import read_wants
from equipoise.matching.rank import Standing, answers_of, fuse, standing_of
from equipoise.matching.verdicts import Asked
from equipoise.records.patient import Patient
from equipoise.rules.seen import Seen
from equipoise.store.columns import Array
from equipoise.store.library import Library

# Of so many candidates the criteria are looked at. More cost time, and change little among the first.
LOOKED_AT = 200
# So many are found, however few are wanted.
_DEEP = 1000

Standings = Callable[[Library, Sequence[int], Seen], list[Standing]]


class Ranking(msgspec.Struct, frozen=True):
    """Rows of studies, the best first; ``looked_at``: of so many of them the criteria were asked."""

    rows: Array
    looked_at: int


def read_standings(library: Library, rows: Sequence[int], seen: Seen) -> list[Standing]:
    """Return how the criteria of studies stand, by the reference evaluator."""
    found = []
    for row in rows:
        criteria = read_criteria(library, library.study_at(row))
        asked = [Asked(one.id, one.section, one.rule) for one in criteria if one.parent is None]
        found.append(standing_of(asked, answers_of(asked, seen)))
    return found


def rank_studies(
    library: Library,
    patient: Patient,
    seen: Seen,
    *,
    note: str = "",
    limit: int = 1000,
    among: Mask | None = None,
    standings: Standings = read_standings,
) -> Ranking:
    """
    Return the *limit* studies that a patient may be a candidate for, the best first.

    *note* is the text that the facts were read of; *among* marks the rows that filters keep. *standings* says how
    the criteria of studies stand.
    """
    wants = read_wants(patient, note)
    found = find_candidates(library, wants, seen, limit=max(limit, _DEEP), among=among)
    first, rest = _parted(found)
    standing = standings(library, first.rows.tolist(), seen)
    order = np.array(fuse(first.scores.tolist(), standing), np.int64)
    return Ranking(np.append(first.rows[order], rest.rows)[:limit], len(first.rows))


def _parted(found: Candidates) -> tuple[Candidates, Candidates]:
    """
    Return the candidates whose criteria are looked at, and the others.

    Whom an age or a sex keeps out comes among the others and is not lost: a note's age may have been misread.
    """
    first = np.flatnonzero(found.open_to)[:LOOKED_AT]
    rest = np.setdiff1d(np.arange(len(found.rows)), first)
    return found.take(first), found.take(rest)
