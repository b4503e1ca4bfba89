"""
The studies related to one, each with the reasons why.

The index is asked for the studies that share topics and telling words with this one; the best few are compared with
it (`equipoise.find.likeness`) by what the library keeps of each (`equipoise.store.telling`). Those that nobody can
join who can join this one come later. Scores are brought to steps of two hundredths of what the study scores with
itself; of those on one step the open ones come first. Reasons are read from the records of those that are shown
(`equipoise.find.reasons`), never from the score.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import msgspec
import numpy as np

from equipoise.find.facts import Word, words
from equipoise.find.kept import Kept, serial
from equipoise.find.likeness import Likeness, Rarities
from equipoise.find.reasons import Reason, Side, read_reasons
from equipoise.find.status import OPEN, bucket
from equipoise.records.study import Study
from equipoise.store.columns import Array
from equipoise.store.index import Index
from equipoise.store.library import Library
from equipoise.store.topics import Naming
from equipoise.terms.enums import term

LIMIT = 8
NO_RELATED = "No study in this library has anything in common with this one. Search for one of its words instead."
# So many are shown where so many exist, though they have little in common with the study.
_LEAST = 5
# So many are looked through to find them.
_FILLING = 40
# So many are compared, unless more are wanted.
_COMPARED = 72
_STEP = 0.02
# What a study keeps of its score if nobody can join both: their ages or sexes do not meet.
_APART = 0.6
# What the same phase or type adds: enough to order what is else alike.
_ALIKE = 0.01
# A topic that more studies have than this share is no reason by itself; in a small library each may be.
_COMMON, _SMALL = 0.15, 100


class RelatedStudy(msgspec.Struct, frozen=True):
    """
    A study that is related to another. ``score`` is how much it has in common with that one, which has 1.0 in
    common with itself; ``tone`` is that of its status.
    """

    number: str
    title: str
    status: str
    bucket: str
    tone: str
    phases: tuple[Word, ...]
    score: float
    reasons: tuple[Reason, ...]

    @property
    def why(self) -> str:
        """The reasons in one line."""
        return "; ".join(reason.text for reason in self.reasons)


def _apart(library: Library, row: int, rows: Array) -> Array:
    """Return which of these studies nobody can join who can join the one in *row*."""
    columns = library.columns
    low, high, sex = (columns.flat[name] for name in ("minimum_age", "maximum_age", "sex"))
    # NaN, a limit that is not stated, compares false and keeps nobody apart.
    ages = (low[rows] >= high[row]) | (high[rows] <= low[row])
    female, male = columns.code("sex", "FEMALE"), columns.code("sex", "MALE")
    if female is None or male is None:
        return np.asarray(ages)
    other = {female: male, male: female}.get(int(sex[row]))
    return np.asarray(ages if other is None else ages | (sex[rows] == other))


def _alike(library: Library, row: int, rows: Array) -> Array:
    """Return how much these studies are alike in design: a share for the type, one for the phase."""
    columns = library.columns
    types, phases = columns.flat["type"], columns.ragged["phase"]
    same_type = (types[rows] == types[row]) & (types[row] != 0)
    mine = set(phases[row].tolist())
    same_phase = np.array([bool(mine.intersection(phases[int(one)].tolist())) for one in rows], bool)
    return np.asarray(same_type * _ALIKE + same_phase * _ALIKE)


def _openness(library: Library, rows: Array) -> Array:
    """Return 0 for studies that are open, 1 for those that will be, 2 for the others."""
    columns = library.columns
    later = ("NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION")
    order = np.full(len(rows), 2)
    for place, statuses in ((1, later), (0, OPEN)):
        codes = [code for status in statuses if (code := columns.code("status", status)) is not None]
        order[np.isin(columns.flat["status"][rows], codes)] = place
    return order


class Ranked(msgspec.Struct, frozen=True):
    """Rows of studies in order, how like each is, and what those compared name."""

    rows: Array
    scores: Array
    namings: dict[int, Naming]


def rank_related(library: Library, mine: Side, like: Likeness, count: int) -> Ranked:
    """Return the studies that are like one, the *count* that promise most compared."""
    row, query = library.columns.row(mine.study.number), like.query()
    assert row is not None
    if query is None:
        return Ranked(np.zeros(0, np.int64), np.zeros(0), {})
    codes, _ = library.index.scored(query, count + 1)
    rows = library.columns.rows(codes)
    rows = rows[rows != row][:count]
    tellings = [library.tellings[one] for one in (row, *rows.tolist())]
    whole, *others = like.scores(tellings)
    shares = np.array(others) / (whole or 1.0)
    shares = np.where(_apart(library, row, rows), shares * _APART, shares) + _alike(library, row, rows)
    order = np.lexsort((rows, -shares.round(4), _openness(library, rows), -np.floor(shares / _STEP)))
    namings = {one: telling.naming for one, telling in zip(rows.tolist(), tellings[1:], strict=True)}
    return Ranked(rows[order], np.minimum(shares[order], 1.0), namings)


def read_side(study: Study, naming: Naming) -> Side:
    """Return a study with what it is about, given what it names."""
    return Side(study, naming.topics())


def _others(library: Library, number: str, found: Array, count: int) -> Array:
    """Return *count* more studies that are alike in who may join and in design alone."""
    row = library.columns.row(number)
    assert row is not None
    rows = np.setdiff1d(np.arange(len(library)), np.append(found, row))
    alike = _alike(library, row, rows) - _apart(library, row, rows)
    return rows[np.lexsort((rows, _openness(library, rows), -alike))][:count]


def _related(mine: Side, theirs: Side, score: float, like: Likeness, rarities: Rarities) -> RelatedStudy:
    """Return a study as one that is related to *mine*, with the reasons why."""

    def telling(key: str) -> float | None:
        frequency, rare = rarities.topics[key]
        common = rarities.studies > _SMALL and frequency > rarities.studies * _COMMON
        return None if common else rare

    study = theirs.study
    status = study.status.overall_status
    comes_to, tone = bucket(status)
    return RelatedStudy(
        number=study.number,
        title=study.title or study.official_title or study.number,
        status=term("Status", status).short if status else "Not stated",
        bucket=comes_to,
        tone=tone,
        phases=words("Phase", study.design.phases),
        score=round(score, 3),
        reasons=read_reasons(mine, theirs, telling, like.words),
    )


def _filled(library: Library, number: str, ranked: Ranked, limit: int) -> Iterator[tuple[int, float]]:
    """Yield the rows to show with their scores: those ranked, then others that are alike in design alone."""
    rows = ranked.rows[:limit]
    yield from zip(rows.tolist(), ranked.scores[:limit].tolist(), strict=True)
    if len(rows) < _LEAST:
        yield from ((int(row), 0.0) for row in _others(library, number, rows, _FILLING))


# Of the edition before nobody asks this any more, once a load has published the next.
@lru_cache(maxsize=1)
def _rarities(index: Index) -> Rarities:
    """Return what one edition's words and topics are worth, which its pages share."""
    return Rarities(index)


# What was found last: a page and its JSON are often asked for one after the other.
_found = Kept[tuple[RelatedStudy, ...]](2_000_000)
_SIZE = 2_000


def related_studies(
    library: Library, number: str, *, limit: int = LIMIT, study: Study | None = None
) -> tuple[RelatedStudy, ...]:
    """
    Return the *limit* studies that have most in common with one, open ones first among equals.

    Who has read the *study* already gives it, so that it is not read again.

    Raises:
        StudyNotFound: the library has no such study.
    """
    key = serial(library), number, limit
    known = _found.get(key)
    if known is None:
        known = _look_for(library, study or library.outline_at(library.row(number)), limit)
        _found.put(key, known, size=_SIZE * (1 + len(known)))
    return known


def _look_for(library: Library, study: Study, limit: int) -> tuple[RelatedStudy, ...]:
    naming, rarities = library.tellings[library.row(study.number)].naming, _rarities(library.index)
    mine, like = read_side(study, naming), Likeness(rarities, study, naming)
    ranked = rank_related(library, mine, like, max(_COMPARED, limit))
    found: list[RelatedStudy] = []
    for row, score in _filled(library, mine.study.number, ranked, limit):
        if score == 0 and len(found) >= min(limit, _LEAST):
            break
        theirs = read_side(library.outline_at(row), ranked.namings.get(row) or library.tellings[row].naming)
        one = _related(mine, theirs, score, like, rarities)
        if one.reasons:
            found.append(one)
    return tuple(found)
