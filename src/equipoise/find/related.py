"""
The studies related to one, each with the reasons why.

The index scores studies by the topics and telling words that they share with this one (`equipoise.find.likeness`).
Of the best few hundred, those that no one could join both of come later. Scores are brought to steps of two
hundredths of what the study scores with itself; of those on one step the open ones come first. What is shown has
its reasons read from the two records (`equipoise.find.reasons`), never from the score.
"""

from __future__ import annotations

import msgspec
import numpy as np

from equipoise.find.facts import Word, words
from equipoise.find.likeness import Likeness, likeness, rarity
from equipoise.find.reasons import Reason, Side, read_reasons
from equipoise.find.status import OPEN, bucket
from equipoise.records.study import Study
from equipoise.store.columns import Array
from equipoise.store.index import TOPICS
from equipoise.store.library import Library
from equipoise.store.topics import read_topics
from equipoise.terms.enums import term

LIMIT = 8
# So many are shown where so many exist, though they have little in common with the study.
_LEAST = 5
_CANDIDATES = 300
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
    return same_type * _ALIKE + same_phase * _ALIKE


def _openness(library: Library, rows: Array) -> Array:
    """Return 0 for studies that are open, 1 for those that will be, 2 for the others."""
    columns = library.columns
    later = ("NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION")
    order = np.full(len(rows), 2)
    for place, statuses in ((1, later), (0, OPEN)):
        codes = [code for status in statuses if (code := columns.code("status", status)) is not None]
        order[np.isin(columns.flat["status"][rows], codes)] = place
    return order


def rank(library: Library, row: int, asked: Likeness, *, limit: int = _CANDIDATES) -> tuple[Array, Array]:
    """Return the rows of the studies that are like the one in *row*, in order, and their scores."""
    if asked.query is None:
        return np.zeros(0, np.int64), np.zeros(0)
    codes, scores = library.index.scored(asked.query, limit + 1)
    rows = library.columns.rows(codes)
    itself = rows == row
    whole = float(scores[itself][0]) if itself.any() else float(scores.max(initial=1.0))
    rows, shares = rows[~itself], scores[~itself] / whole
    shares = np.where(_apart(library, row, rows), shares * _APART, shares) + _alike(library, row, rows)
    steps = np.floor(shares / _STEP)
    order = np.lexsort((rows, -shares.round(4), _openness(library, rows), -steps))
    return rows[order], np.minimum(shares[order], 1.0)


def _others(library: Library, row: int, found: Array, count: int) -> Array:
    """Return *count* more studies that are alike in who may join and in design alone."""
    rows = np.setdiff1d(np.arange(len(library)), np.append(found, row))
    alike = _alike(library, row, rows) - _apart(library, row, rows)
    return rows[np.lexsort((rows, _openness(library, rows), -alike))][:count]


class _Reader:
    """Reads the studies that are shown, with why they are."""

    def __init__(self, library: Library, study: Study) -> None:
        self._library = library
        self.side = Side(study, read_topics(study))
        self.asked = likeness(library.index, study, self.side.topics)

    def _telling(self, key: str) -> float | None:
        studies = len(self._library.index)
        frequency = self._library.index.frequency(TOPICS, key)
        return None if studies > _SMALL and frequency > studies * _COMMON else rarity(frequency, studies)

    def read(self, row: int, score: float) -> RelatedStudy:
        """Return a study as one that is related."""
        study = self._library.record_at(row).study
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
            reasons=read_reasons(self.side, Side(study, read_topics(study)), self._telling, self.asked.words),
        )


def related_studies(library: Library, number: str, *, limit: int = LIMIT) -> tuple[RelatedStudy, ...]:
    """
    Return the *limit* studies that have most in common with one, open ones first among equals.

    Raises:
        StudyNotFound: the library has no such study.
    """
    study = library.study(number)
    row = int(library.columns.rows(np.array([int(study.number[3:])]))[0])
    reader = _Reader(library, study)
    rows, scores = rank(library, row, reader.asked)
    rows, scores = rows[:limit], scores[:limit]
    if len(rows) < min(limit, _LEAST):
        more = _others(library, row, rows, min(limit, _LEAST) - len(rows))
        rows, scores = np.append(rows, more), np.append(scores, np.zeros(len(more)))
    found = (reader.read(int(row), float(score)) for row, score in zip(rows, scores, strict=True))
    return tuple(one for one in found if one.reasons)
