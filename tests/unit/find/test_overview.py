"""Many studies at once: how many are free, and which window closes or opens first."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from equipoise.find.overview import Crowd, standings_of
from equipoise.find.patient_match import match
from equipoise.find.ranking import read_standings
from equipoise.find.states import read_states
from equipoise.intake.care import compile_library, open_writer
from equipoise.intake.opening import open_library
from equipoise.matching.match import see
from equipoise.records.moments import Moment
from equipoise.records.patient import Patient, read_patient
from unit.store.made import FIRST, SECOND, document, entry

AT = Moment("2026-01-15T09:40+01:00")
OPEN = "Inclusion Criteria:\n\n* Stroke onset within 24 hours before randomization"
LATER = "Exclusion Criteria:\n\n* Major surgery within 4 weeks before randomization"


def _patient() -> Patient:
    onset = "2026-01-14T20:00+01:00"
    facts = [
        {"kind": "event_time", "concept": {"name": "stroke onset"}, "when": onset},
        {"kind": "procedure", "concept": {"name": "major surgery"}, "when": "2026-01-02"},
    ]
    return read_patient({"facts": facts})


def _library(folder: Path):
    with open_writer(folder) as writer:
        for number, text in ((FIRST, OPEN), (SECOND, LATER)):
            made = document(number, eligibility={"eligibilityCriteria": text}, status={"overallStatus": "RECRUITING"})
            writer.add(entry(made))
        writer.publish()
    compile_library(folder, every=True)
    return open_library(folder)


def test_studies_are_ordered_by_their_windows(tmp_path: Path) -> None:
    """By closes come those whose window closes, by opens those that open later; the overview counts both."""
    library = _library(tmp_path)
    closing = match(library, _patient(), at=AT, order="closes")
    assert [one.number for one in closing.studies] == [FIRST]
    assert closing.studies[0].verdict.closes_at == "2026-01-15T20:00+01:00"
    opening = match(library, _patient(), at=AT, order="opens")
    assert [one.number for one in opening.studies] == [SECOND]
    assert opening.overview is not None
    counts = opening.overview
    assert (counts.answered, counts.free, counts.closing, counts.opening) == (2, 1, 1, 1)


def test_columns_and_reference_stand_alike(tmp_path: Path) -> None:
    """How criteria stand is the same from the columns and from the reference, and a study not in columns is read."""
    library = _library(tmp_path)
    patient = _patient()
    states, seen = read_states(library, patient, at=AT), see(patient, AT)
    assert states is not None
    assert standings_of(states)(library, [0, 1], seen) == read_standings(library, [0, 1], seen)
    assert standings_of(None)(library, [0, 1], seen) == read_standings(library, [0, 1], seen)
    nobody = Crowd(library, np.array([], np.int64), states)
    assert nobody.overview().answered == 0
