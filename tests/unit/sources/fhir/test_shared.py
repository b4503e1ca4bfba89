"""All patients of the shared archives: each is read, each resource used or counted, no fact contradicts itself."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from equipoise.records.moments import Moment
from equipoise.records.patient import Fact, Patient, patient_json, read_patient
from equipoise.rules.evaluate import evaluate
from equipoise.rules.nodes import ConceptRef, Predicate, Window
from equipoise.sources.fhir import FhirPatient, Report, read_fhir
from equipoise.terms.lexicon import lexicon
from equipoise.terms.variables import variables

ARCHIVES = {"acute-fhir-r4-ndjson.zip": 563, "primary-care-fhir-r4-bundles.zip": 60}
AT = Moment("2025-05-01T12:00Z")


@cache
def everyone(archive: Path) -> tuple[tuple[FhirPatient, ...], Report]:
    reading = read_fhir(archive)
    return tuple(reading), reading.rest


@pytest.fixture(params=ARCHIVES, scope="module")
def archive(request: pytest.FixtureRequest, shared: Path) -> Path:
    path: Path = shared / "patients" / request.param
    if not path.is_file():
        pytest.skip(f"needs {path}")
    return path


def facts(archive: Path) -> Iterator[Fact]:
    for one in everyone(archive)[0]:
        yield from one.patient.facts


def test_every_patient_is_read_and_every_resource_counted(archive: Path) -> None:
    """What was used and what was not add up to what is there, type by type."""
    patients, rest = everyone(archive)
    assert len(patients) == ARCHIVES[archive.name]
    assert len({one.id for one in patients}) == len(patients)
    there: Counter[str] = Counter()
    with zipfile.ZipFile(archive) as packed:
        for name in packed.namelist():
            for line in packed.read(name).decode().splitlines() if name.endswith(".ndjson") else [packed.read(name)]:
                tree = json.loads(line)
                listed = [entry["resource"] for entry in tree["entry"]] if tree["resourceType"] == "Bundle" else [tree]
                there.update(one["resourceType"] for one in listed)
    counted: Counter[str] = Counter()
    for report in (rest, *(one.report for one in patients)):
        counted.update(report.used)
        for (kind, _), count in report.unused.items():
            counted[kind] += count
    assert counted == there


def test_a_report_names_no_value(archive: Path) -> None:
    """Its words are types of resources and our own."""
    patients, rest = everyone(archive)
    total = sum((one.report for one in patients), rest)
    assert not [
        reason
        for _, reason in (*total.unused, *total.partly)
        if any(mark.isdigit() for mark in reason.replace("R4", ""))
    ]


def test_no_fact_ends_before_it_begins(archive: Path) -> None:
    """Times are to the minute or a date, and in order; what goes on has no end."""
    for fact in facts(archive):
        if fact.when is not None and fact.until is not None:
            first, last = (one.period(by_clock=True, clock=0) for one in (fact.when, fact.until))
            assert first.first <= last.last, fact.id
        assert fact.until is None or "ongoing" not in fact.qualifier
        assert fact.when is None or len(fact.when) in (4, 7, 10, 17, 22)


def test_what_is_ordered_or_a_relative_s_is_no_finding(archive: Path) -> None:
    """Orders are planned or pending, and only relatives' conditions are of the family."""
    for fact in facts(archive):
        assert fact.source is not None
        kind = fact.source.document.partition("/")[0]
        assert (kind in ("ServiceRequest", "CarePlan")) == (fact.assertion in ("planned", "pending"))
        assert (kind == "FamilyMemberHistory") == (fact.assertion == "family")


def test_patients_survive_their_json(archive: Path) -> None:
    """A patient written as JSON is read back as the same, and no kind is declared complete."""
    for one in everyone(archive)[0][:20]:
        assert read_patient(json.loads(json.dumps(patient_json(one.patient)))) == one.patient
        assert not one.patient.complete


@pytest.mark.parametrize(("kind", "least"), [("condition", 0.97), ("drug", 0.94), ("measurement", 0.8)])
def test_most_names_are_the_catalogue_s(archive: Path, kind: str, least: float) -> None:
    """Of conditions, drugs and measurements the catalogue knows nearly all; what it lacks is no trial's matter."""
    names = [fact.name for fact in facts(archive) if fact.kind == kind and fact.name]
    find = variables().find if kind == "measurement" else lexicon().find
    assert sum(find(name) is not None for name in names) / len(names) >= least


def holds(patient: Patient, rule: Predicate) -> bool | None:
    return evaluate(rule, patient, at=AT).holds


def test_rules_are_answered_from_real_records(archive: Path) -> None:
    """Some have it, some have not or are unknown, and adults are adults; nothing breaks."""
    diabetes = Predicate(kind="condition", concept=ConceptRef("type 2 diabetes"))
    statin = Predicate(kind="drug", concept=ConceptRef("statin"))
    sugar = Predicate(
        kind="measurement", concept=ConceptRef("hemoglobin a1c"), op=">=", value=6, unit="%",
        window=Window(anchor="screening", side="before", within="P20Y"),
    )  # fmt: skip
    weight = Predicate(kind="measurement", concept=ConceptRef("body weight"), op=">", value=1, unit="kg")
    adult = Predicate(kind="demographic", concept=ConceptRef("age"), op=">=", value=18, unit="a")
    people = [one.patient for one in everyone(archive)[0]]
    for rule in (diabetes, statin):
        assert {holds(person, rule) for person in people} >= {True, None}
    assert {holds(person, sugar) for person in people} == {True, False, None}
    assert {holds(person, adult) for person in people} == {True, False}
    assert {holds(person, weight) for person in people} <= {True, None}
    assert True in {holds(person, weight) for person in people}
