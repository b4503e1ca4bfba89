"""
The column evaluator: one patient against every study at once.

It answers as `equipoise.rules.evaluate` does, which is the truth; evidence and words are that one's to give, for the
studies that are shown. See docs/explanation/matching.md for how.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from equipoise.matching.agreement import ASKED, NOTHING, agreed
from equipoise.matching.answering import Answering
from equipoise.matching.index import RuleIndex
from equipoise.matching.trees import FAILS, HOLDS, NEVER, PERSON, Moments, moment_of, opposite
from equipoise.records.moments import Moment
from equipoise.records.patient import Patient
from equipoise.rules.answer import State
from equipoise.rules.seen import Seen

Array = npt.NDArray[Any]

# What a criterion answers, by number; the words are those of `equipoise.rules.answer.answer_criterion`.
ANSWERS: tuple[State, ...] = ("unknown", "met", "not met", "administrative")
_EXCLUSION = 1


class States:
    """
    How one patient stands to every criterion of every study.

    ``studies`` are the studies' number codes. ``answers`` has for each criterion the number of its answer in `ANSWERS`;
    those of study *i* are ``answers[offsets[i]:offsets[i + 1]]``, with the same places in ``sides`` and ``places``,
    which make their ids, and in ``of_people``, which marks those that ask for an age or a sex alone. ``holds`` says of
    each whether its text holds, as -2, 0, 1 or 2 (`equipoise.matching.trees`).
    ``counts`` has for each study how many criteria have which answer.

    ``eligible_from`` is the earliest moment at which all criteria that are not met can be, for each study;
    ``closes_at`` the first at which one that is met, or may be, ceases to be. Both are numbers that `moment` reads.
    """

    def __init__(self, index: RuleIndex, asked: Answering) -> None:
        self._clock = asked.seen.clock
        self.studies, self.offsets = index.studies, index.offsets
        self.sides, self.places, self.of_people = index.sides, index.places, index.of_people
        answers = index.trees.answers(asked.answers, asked.rest)
        self.holds = answers.take(index.rules)
        excluded = index.sides == _EXCLUSION
        lets_in = self.holds.copy()
        np.copyto(lets_in, opposite(self.holds), where=excluded)
        self._agree(index.agreements, asked.seen, lets_in)
        numbers = 2 * (lets_in == FAILS).view(np.uint8) + 3 * (lets_in == PERSON).view(np.uint8)
        self.answers: Array = (lets_in == HOLDS).view(np.uint8) + numbers
        self.counts = self._counted(index.rows)
        turning, begins, ends = asked.turning()
        moments = index.trees.moments(answers, turning=turning, moments=(begins, ends), clock=self._clock)
        self._moments(index, moments, lets_in)

    def __len__(self) -> int:
        return len(self.studies)

    def _agree(self, agreements: Array, seen: Seen, lets_in: Array) -> None:
        """Answer the criteria that ask whether the patient agrees to something, as the record says it, or nothing."""
        for code in range(1, 1 << len(ASKED)):
            agrees, _ = agreed(tuple(one for place, one in enumerate(ASKED) if code >> place & 1), seen)
            lets_in[agreements == code] = PERSON if agrees is None else HOLDS if agrees else FAILS
        lets_in[agreements == NOTHING] = HOLDS
        rows = np.flatnonzero(agreements)
        excluded = self.sides[rows] == _EXCLUSION
        self.holds[rows] = np.where(excluded, opposite(lets_in[rows]), lets_in[rows])

    def _counted(self, rows: Array) -> Array:
        """Count the answers of each study; criteria are of the studies in these rows."""
        places = rows * len(ANSWERS) + self.answers
        counts = np.bincount(places, minlength=len(self.studies) * len(ANSWERS))
        return counts.reshape(-1, len(ANSWERS)).astype(np.int32)

    def _moments(self, index: RuleIndex, moments: Moments, lets_in: Array) -> None:
        """Bring the moments of criteria to those of their studies."""
        turning = np.flatnonzero(moments.known[index.rules] & (index.agreements == 0))
        begins, ends = moments.get(index.rules[turning])
        excluded = index.sides[turning] == _EXCLUSION
        turned = moments.turned(self.holds[turning], begins, ends)
        begins, ends = np.where(excluded, turned[0], begins), np.where(excluded, turned[1], ends)
        self.turning, self.true_from, self.true_until = turning, begins, ends
        studies = index.rows[turning]
        far = np.iinfo(np.int64).max
        self.closes_at = np.full(len(self), far, np.int64)
        closing = ends != NEVER
        np.minimum.at(self.closes_at, studies[closing], ends[closing])
        self.closes_at[self.closes_at == far] = NEVER
        waiting = (lets_in[turning] == FAILS) & (begins != NEVER)
        latest = np.full(len(self), NEVER, np.int64)
        np.maximum.at(latest, studies[waiting], begins[waiting])
        # Each of those that are not met must say when it will be.
        all_wait = np.bincount(studies[waiting], minlength=len(self)) == self.counts[:, 2]
        self.eligible_from = np.where(all_wait & (self.counts[:, 2] > 0), latest, NEVER)

    def row(self, number: int) -> int | None:
        """Return the row of a study, by its number code, None where its criteria are not here."""
        row = int(np.searchsorted(self.studies, number))
        return row if row < len(self) and self.studies[row] == number else None

    def id(self, place: int) -> str:
        """Return the id of the criterion at a place."""
        return f"{'IE'[self.sides[place]]}{self.places[place]}"

    def truth(self, place: int) -> bool | None:
        """Return whether the text of the criterion at a place holds."""
        return {FAILS: False, HOLDS: True}.get(int(self.holds[place]))

    def turns(self, place: int) -> tuple[Moment | None, Moment | None]:
        """Return from when the criterion at a place, which is not met, will be, and until when it stays as it is."""
        found = int(np.searchsorted(self.turning, place))
        if found >= len(self.turning) or self.turning[found] != place:
            return None, None
        return self.moment(int(self.true_from[found])), self.moment(int(self.true_until[found]))

    def moment(self, code: int) -> Moment | None:
        """Return the moment that a number stands for, None for none."""
        return moment_of(code, clock=self._clock)


def screen_all(index: RuleIndex, patient: Patient, *, at: Moment) -> States:
    """
    Return how a patient, seen at a moment, stands to every criterion of every study of an index.

    >>> from equipoise.records.patient import read_patient
    >>> from equipoise.rules.nodes import ConceptRef, Predicate
    >>> from equipoise.store.rule_columns import Answered, RuleColumnsBuilder
    >>> builder = RuleColumnsBuilder(None)
    >>> lupus = Predicate(kind="condition", concept=ConceptRef("autoimmune disease"))
    >>> builder.add(99000001, [Answered("I1", lupus), Answered("E2", lupus)])
    >>> columns = builder.columns()
    >>> patient = read_patient({"facts": [{"kind": "condition", "concept": {"name": "rheumatoid arthritis"}}]})
    >>> states = screen_all(RuleIndex(columns.arrays, columns.words), patient, at=Moment("2026-01-15"))
    >>> [ANSWERS[one] for one in states.answers]
    ['met', 'not met']
    """
    asked = Answering(index, Seen(patient, at, index.lexicon))
    asked.answer_all()
    return States(index, asked)
