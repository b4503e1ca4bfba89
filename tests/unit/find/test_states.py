"""A patient meets a library by column, and gets the verdicts that each study alone gives."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

from equipoise.find.compiled import read_criteria
from equipoise.find.patient_match import judged
from equipoise.find.states import read_states, rule_index
from equipoise.intake.care import compile_library, open_writer
from equipoise.intake.opening import open_library
from equipoise.matching.columns import ANSWERS
from equipoise.matching.match import see
from equipoise.records.moments import Moment
from equipoise.records.patient import Patient, read_patient
from equipoise.store.columns import number_code
from unit.store.made import FIRST, SECOND, document, entry

AT = Moment("2026-01-15T09:40+01:00")
TEXT = """Inclusion Criteria:

* Age 18 to 75 years
* Stroke onset within 24 hours
* Written informed consent

Exclusion Criteria:

* Asthma or epilepsy
* Platelets < 100 x 10^9/L
* Major surgery within 4 weeks
"""


def _patient() -> Patient:
    onset = "2026-01-14T20:00+01:00"
    facts = [
        {"kind": "demographic", "concept": {"name": "born"}, "when": "1961-04-09"},
        {"kind": "condition", "concept": {"name": "stroke"}, "when": onset},
        {"kind": "event_time", "concept": {"name": "stroke onset"}, "when": onset},
        {"kind": "measurement", "concept": {"name": "platelet count"}, "value": 84, "unit": "10*9/L"},
        {"kind": "procedure", "concept": {"name": "major surgery"}, "when": "2026-01-02"},
        {"kind": "administrative", "concept": {"name": "informed consent"}},
    ]
    return read_patient({"facts": facts})


def _fill(folder: Path) -> None:
    with open_writer(folder) as writer:
        for number, status in ((FIRST, "RECRUITING"), (SECOND, "COMPLETED")):
            made = document(number, eligibility={"eligibilityCriteria": TEXT}, status={"overallStatus": status})
            writer.add(entry(made))
        writer.publish()


def test_a_library_is_answered_as_each_study_alone(tmp_path: Path) -> None:
    """Answers, sums and moments; studies that nobody can join are there once all are compiled."""
    _fill(tmp_path)
    first = read_states(open_library(tmp_path), _patient(), at=AT)
    assert first is not None and first.row(number_code(SECOND)) is None
    compile_library(tmp_path, every=True)
    library = open_library(tmp_path)
    states = read_states(library, _patient(), at=AT)
    assert states is not None and len(states) == 2
    row = states.row(number_code(FIRST))
    assert row is not None
    top, verdict = judged(FIRST, read_criteria(library, library.study(FIRST)), see(_patient(), AT))
    places = range(*states.offsets[row : row + 2].tolist())
    assert [(states.id(one), ANSWERS[states.answers[one]]) for one in places] == [
        (one.id, one.answer) for one in verdict.criteria
    ]
    assert len(top) == 6 and {one.answer for one in verdict.criteria} >= {"met", "not met", "unknown"}
    assert states.moment(int(states.closes_at[row])) == verdict.closes_at
    assert states.moment(int(states.eligible_from[row])) == verdict.eligible_from
    assert states.counts[row].tolist() == [verdict.unknown, verdict.met, verdict.not_met, verdict.administrative]


def test_an_index_goes_with_its_edition(tmp_path: Path) -> None:
    """Without the collector of garbage, from which it is withheld: nothing of a library refers to itself."""
    _fill(tmp_path)
    library = open_library(tmp_path)
    read_states(library, _patient(), at=AT)
    left = [weakref.ref(library), weakref.ref(rule_index(library))]
    gc.disable()
    try:
        del library
        assert [one() for one in left] == [None, None]
    finally:
        gc.enable()
