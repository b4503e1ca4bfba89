"""Small FHIR records for tests, made of plain resources; the people in them are invented."""

from __future__ import annotations

import io
import json
from typing import Any

from equipoise.records.patient import Fact
from equipoise.sources.fhir import FhirPatient, read_fhir

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"

PERSON = {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1961-04-09"}


def coded(system: str, code: str, display: str = "", text: str = "") -> dict[str, Any]:
    """A CodeableConcept."""
    made: dict[str, Any] = {"coding": [{"system": system, "code": code} | ({"display": display} if display else {})]}
    return made | ({"text": text} if text else {})


def status(code: str) -> dict[str, Any]:
    """A status as a CodeableConcept."""
    return {"coding": [{"code": code}]}


def about(kind: str, number: int = 1, **elements: Any) -> dict[str, Any]:
    """A resource about the person."""
    names = {"AllergyIntolerance": "patient", "Immunization": "patient", "FamilyMemberHistory": "patient"}
    return {
        "resourceType": kind,
        "id": f"{kind.lower()}{number}",
        names.get(kind, "subject"): {"reference": "Patient/p1"},
    } | (elements)


def lines(*resources: dict[str, Any]) -> io.BytesIO:
    """The resources as ndjson."""
    return io.BytesIO("\n".join(json.dumps(one) for one in resources).encode())


def read(*resources: dict[str, Any], person: dict[str, Any] = PERSON) -> FhirPatient:
    """The one person of these resources."""
    [found] = read_fhir(lines(person, *resources))
    return found


def facts(*resources: dict[str, Any]) -> list[Fact]:
    """The facts of these resources, the person's own aside."""
    return [fact for fact in read(*resources).patient.facts if fact.kind != "demographic"]
