"""
A patient against the studies of a library: who is considered, how each of their criteria stands, and what to ask next.

The page of it, its JSON and what the command line prints are made of the same `PatientMatch`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
import numpy as np

from equipoise.criteria.records import Criterion
from equipoise.find.compiled import lexicon_of, read_criteria
from equipoise.find.distances import distances
from equipoise.find.nearest import Nearest, nearest
from equipoise.find.overview import Crowd, Order, Overview, standings_of
from equipoise.find.query import Query
from equipoise.find.ranking import Among, rank_studies
from equipoise.find.search import search
from equipoise.find.states import read_states
from equipoise.find.status import bucket
from equipoise.matching.match import match_criteria, see
from equipoise.matching.questions import Open, Question, next_questions
from equipoise.matching.verdicts import Asked, StudyVerdict
from equipoise.records.moments import Moment
from equipoise.records.patient import Patient
from equipoise.records.study import Study
from equipoise.rules.seen import Seen
from equipoise.store.library import Library
from equipoise.terms.enums import term

# Shown with every result, wherever it is shown.
NOTICE = (
    "Equipoise reads records and texts; it does not know the patient. What it says supports a clinician's judgement "
    "and never replaces it. Check each answer against the study's own words."
)


class StudyMatch(msgspec.Struct, frozen=True):
    """A study as it stands for the patient; ``criteria`` are those that are answered, in the order of the text."""

    number: str
    title: str
    status: str
    tone: str
    verdict: StudyVerdict
    criteria: tuple[Criterion, ...]
    nearest: Nearest | None = None


class PatientMatch(msgspec.Struct, frozen=True):
    """
    What a patient's facts come to.

    ``considered`` studies passed the filters of ``query``; ``studies`` are the first of them, the best first, and
    ``questions`` what would settle most of what they leave open. ``overview`` counts all that are
    considered, None where the library's criteria are not compiled by this version.
    """

    patient: Patient
    at: Moment
    query: Query
    considered: int
    studies: tuple[StudyMatch, ...]
    questions: tuple[Question, ...]
    overview: Overview | None = None
    order: Order = "fit"


def match(
    library: Library,
    patient: Patient,
    *,
    at: Moment,
    note: str = "",
    query: Query | None = None,
    limit: int = 20,
    order: Order = "fit",
) -> PatientMatch:
    """
    Return how a patient stands in the studies that a query keeps, the best first.

    *note* is the text that the facts were read of: its words count too. By *order* ``closes`` only studies are shown in
    which nothing is not met and a window is known to close, the first to close first; by ``opens`` those that open
    later. Both need criteria that are compiled.

    Raises:
        QueryError: the query cannot be read.
    """
    asked = query or Query()
    seen = see(patient, at, lexicon_of(library))
    rows = search(library, asked, facets=False, explain=False).rows
    states = read_states(library, patient, at=at)
    crowd = None if states is None else Crowd(library, rows, states)
    if order == "fit":
        among, standings = Among(rows, asked.near), standings_of(states)
        ranking = rank_studies(library, patient, seen, note=note, limit=limit, among=among, standings=standings)
        shown = ranking.rows
    else:
        shown = rows[:0] if crowd is None else crowd.ordered(order)[:limit]
    studies = _matches(library, [(row, *_verdict(library, row, seen)) for row in shown.tolist()], asked)
    questions = tuple(next_questions(_open(studies), seen))
    overview = None if crowd is None else crowd.overview()
    return PatientMatch(patient, at, asked, len(rows), studies, questions, overview, order)


_Judged = tuple[int, Study, tuple[Criterion, ...], StudyVerdict]


def _verdict(library: Library, row: int, seen: Seen) -> tuple[Study, tuple[Criterion, ...], StudyVerdict]:
    study = library.outline_at(row)
    return study, *judged(study.number, read_criteria(library, study), seen)


def judged(number: str, criteria: Iterable[Criterion], seen: Seen) -> tuple[tuple[Criterion, ...], StudyVerdict]:
    """Return the criteria of a study that are answered, those without a parent, and the verdict on them."""
    top = tuple(one for one in criteria if one.parent is None)
    return top, match_criteria((Asked(one.id, one.section, one.rule, one.text) for one in top), seen, study=number)


def _matches(library: Library, judged: Sequence[_Judged], query: Query) -> tuple[StudyMatch, ...]:
    rows = np.array([row for row, *_ in judged], dtype=np.int64)
    far = distances(library.columns, rows, query.near) if query.near and len(rows) else None
    found = []
    for place, (_, study, criteria, verdict) in enumerate(judged):
        status = study.status.overall_status
        found.append(
            StudyMatch(
                number=study.number,
                title=study.title or study.official_title or study.number,
                status=term("Status", status).short if status else "Not stated",
                tone=bucket(status)[1],
                verdict=msgspec.structs.replace(verdict, rank=place + 1),
                criteria=criteria,
                nearest=nearest(study, query.near, far, place) if query.near and far else None,
            )
        )
    return tuple(found)


def _open(studies: Iterable[StudyMatch]) -> Iterable[Open]:
    """Yield the criteria that are unknown in studies in which nothing stands in the way."""
    for one in studies:
        if one.verdict.not_met:
            continue
        for criterion, verdict in zip(one.criteria, one.verdict.criteria, strict=True):
            if verdict.answer == "unknown":
                asked = Asked(criterion.id, criterion.section, criterion.rule)
                yield Open(one.number, one.verdict.rank or 1, asked)
