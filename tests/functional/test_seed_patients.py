"""Ten invented patients for each of the five trial pages: whom nothing keeps out, and whom one criterion does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from equipoise.criteria.compile import compile_criteria
from equipoise.criteria.records import Criterion
from equipoise.matching.match import match_criteria, see
from equipoise.matching.verdicts import Asked, StudyVerdict
from equipoise.records.moments import Moment
from equipoise.records.patient import patient_json
from equipoise.store.library import Library
from seed_patients import SeedPatient, seed_patients

PATIENTS = seed_patients()
STUDIES = list(dict.fromkeys(one.study for one in PATIENTS))


@pytest.fixture(scope="module")
def criteria(seeds: Library) -> dict[str, list[Criterion]]:
    """The criteria without a parent of each page."""
    texts = {study: seeds.study(study).eligibility.eligibility_criteria or "" for study in STUDIES}
    return {study: [one for one in compile_criteria(text) if one.parent is None] for study, text in texts.items()}


def verdict(patient: SeedPatient, criteria: list[Criterion]) -> StudyVerdict:
    asked = [Asked(one.id, one.section, one.rule, one.text) for one in criteria]
    return match_criteria(asked, see(patient.patient, Moment(patient.at)), study=patient.study)


def _name(patient: SeedPatient) -> str:
    return f"{patient.study}: {patient.name}"


@pytest.mark.parametrize("patient", PATIENTS, ids=_name)
def test_what_keeps_a_patient_out_is_that_and_no_more(
    patient: SeedPatient, criteria: dict[str, list[Criterion]]
) -> None:
    """No criterion is not met but the one that is, by the facts that decide it, until the moment that is right."""
    found = verdict(patient, criteria[patient.study])
    expected = patient.expected
    refused = [one for one in found.criteria if one.answer == "not met"]
    assert [one.id for one in refused] == ([expected["not_met"]] if "not_met" in expected else [])
    for one in refused:
        assert set(one.evidence) == patient.ids(expected["because"])
    assert str(found.eligible_from or "") == expected.get("from", "")
    if not refused:
        assert str(found.closes_at or "") == expected.get("closes", "")
    answers = {one.id: one for one in found.criteria}
    for id in expected.get("met", ()):
        assert answers[id].answer == "met"
        assert answers[id].evidence
    for id in expected.get("unknown", ()):
        assert answers[id].answer == "unknown"
        assert answers[id].settle


@pytest.mark.parametrize(
    ("study", "met", "administrative"),
    [(STUDIES[0], 18, 1), (STUDIES[1], 19, 0), (STUDIES[2], 9, 0), (STUDIES[3], 12, 2), (STUDIES[4], 9, 1)],
)
def test_most_criteria_of_a_page_are_answered(
    criteria: dict[str, list[Criterion]], study: str, met: int, administrative: int
) -> None:
    """A patient of whom the record says much has few unknown criteria; each says what would settle it."""
    base = next(one for one in PATIENTS if one.study == study)
    found = verdict(base, criteria[study])
    assert found.met >= met
    assert found.administrative <= administrative
    assert all(bool(one.settle) is (one.answer in ("unknown", "administrative")) for one in found.criteria)


@pytest.mark.parametrize("study", STUDIES)
def test_a_page_has_ten_patients(study: str) -> None:
    """Five whom nothing keeps out, and five of whom each has another reason."""
    reasons = [one.expected.get("not_met") for one in PATIENTS if one.study == study]
    assert len(reasons) == 10
    assert reasons.count(None) == 5
    assert len(set(reasons)) == 6


def _matched(lines: list[dict[str, Any]], tmp_path: Path) -> list[dict[str, Any]]:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    code = "from equipoise.app.cli import main; main()"
    command = [sys.executable, "-c", code, "match", "--library", str(tmp_path), "--jsonl", str(path)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return [json.loads(line) for line in ran.stdout.splitlines()]


def _question(patient: SeedPatient, criteria: list[Criterion]) -> dict[str, Any]:
    asked = [{"id": one.id, "text": one.text, "section": one.section} for one in criteria if not _nested(one)]
    return {"id": patient.name, "at": patient.at, "criteria": asked}


def _nested(criterion: Criterion) -> bool:
    return "\n" in criterion.text.strip()


@pytest.mark.parametrize("study", STUDIES)
def test_the_command_line_answers_the_same(criteria: dict[str, list[Criterion]], study: str, tmp_path: Path) -> None:
    """``match --jsonl`` answers each criterion sent, in order, as the evaluator does."""
    patients = [one for one in PATIENTS if one.study == study]
    facts = [patient_json(one.patient) for one in patients]
    lines = [_question(one, criteria[study]) | said for one, said in zip(patients, facts, strict=True)]
    answers = _matched(lines, tmp_path)
    for patient, line, answer in zip(patients, lines, answers, strict=True):
        assert [one["id"] for one in answer["criteria"]] == [one["id"] for one in line["criteria"]]
        expected = {one.id: one.answer for one in verdict(patient, criteria[study]).criteria}
        assert {one["id"]: one["answer"] for one in answer["criteria"]} == {
            id: state for id, state in expected.items() if id in {one["id"] for one in line["criteria"]}
        }


@pytest.mark.parametrize("study", STUDIES)
def test_a_letter_is_never_answered_against_its_facts(
    criteria: dict[str, list[Criterion]], study: str, tmp_path: Path
) -> None:
    """What a letter leaves open may be unknown, but it is never "not met" where the facts are met, nor the reverse."""
    patients = [one for one in PATIENTS if one.study == study]
    lines = [_question(one, criteria[study]) | {"note": one.letter} for one in patients]
    for patient, answer in zip(patients, _matched(lines, tmp_path), strict=True):
        states = {one.id: one.answer for one in verdict(patient, criteria[study]).criteria}
        wrong = [
            (one["id"], one["answer"], states[one["id"]])
            for one in answer["criteria"]
            if {one["answer"], states[one["id"]]} == {"met", "not met"}
        ]
        assert wrong == [], patient.name
