"""Patients with their facts, one after the other, and a report on each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import BinaryIO

import msgspec

from equipoise.errors import RecordError, UnknownFormat
from equipoise.records.patient import Patient
from equipoise.sources.fhir.allergies import names_none, read_allergy
from equipoise.sources.fhir.care import (
    read_device,
    read_device_use,
    read_encounter,
    read_immunization,
    read_order,
    read_plan,
    read_procedure,
    read_section,
    read_trial,
)
from equipoise.sources.fhir.case import Case
from equipoise.sources.fhir.conditions import read_condition
from equipoise.sources.fhir.drugs import read_administration, read_dispense, read_request, read_statement
from equipoise.sources.fhir.elements import Resource, code_of, reference_of, text
from equipoise.sources.fhir.files import Complain, Reader
from equipoise.sources.fhir.gathering import Gathering
from equipoise.sources.fhir.observations import read_observation
from equipoise.sources.fhir.people import read_family, read_patient, sex_of
from equipoise.sources.fhir.report import NotUsed, Report, Tally
from equipoise.sources.fhir.resource_types import TYPES, why_unread

READERS: Mapping[str, Callable[[Resource, Case], None]] = {
    "Patient": read_patient,
    "Condition": read_condition,
    "AllergyIntolerance": read_allergy,
    "Observation": read_observation,
    "MedicationRequest": read_request,
    "MedicationStatement": read_statement,
    "MedicationAdministration": read_administration,
    "MedicationDispense": read_dispense,
    "Immunization": read_immunization,
    "Procedure": read_procedure,
    "Encounter": read_encounter,
    "Device": read_device,
    "DeviceUseStatement": read_device_use,
    "ServiceRequest": read_order,
    "CarePlan": read_plan,
    "FamilyMemberHistory": read_family,
    "ResearchSubject": read_trial,
    "List": read_section,
    "Composition": read_section,
}
# Types that others point at, and that say nothing of a patient by themselves.
_POINTED_AT = frozenset({"Medication", "Device", "Location", "Substance"})


class FhirPatient(msgspec.Struct, frozen=True):
    """A patient, the number that the record gives, and what was made of the resources."""

    id: str
    patient: Patient
    report: Report


class FhirReading:
    """
    The patients of one source, read as they are asked for.

    ``rest`` reports on the resources that belong to no patient, once the first patient was asked for.
    """

    def __init__(self, source: str | Path | BinaryIO, complain: Complain | None = None) -> None:
        self._source = source
        self._hand_over = complain or _raise
        self._complaints = 0
        self.rest = Report()

    def __iter__(self) -> Iterator[FhirPatient]:
        gathering = Gathering()
        try:
            for entry in Reader(self._complain).read(self._source):
                gathering.lay_down(entry)
            gathering.settle()
            self.rest = _rest(gathering)
            keys = gathering.patients()
            if not keys and not self._complaints:
                self._refuse_stranger()
            for key in keys:
                if not gathering.refuse_doubles(key, self._complain):
                    yield _patient(key, gathering)
        finally:
            gathering.close()

    def _complain(self, error: RecordError) -> None:
        self._complaints += 1
        self._hand_over(error)

    def _refuse_stranger(self) -> None:
        """Say that a source holds nothing about a patient."""
        types = {kind for kind, _ in self.rest.unused if kind in TYPES}
        foreign = self.rest.unused and not types
        problem = "JSON, but no resource of FHIR R4" if foreign else "No patient in these resources"
        raise UnknownFormat(
            problem,
            where=str(self._source) if isinstance(self._source, (str, Path)) else None,
            next="Include the Patient resources, or those that name a patient.",
        )


def read_fhir(source: str | Path | BinaryIO, *, complain: Complain | None = None) -> FhirReading:
    """
    Return the patients of a FHIR R4 source: a path (file, folder, zip archive) or a binary stream.

    What cannot be read, such as a broken line, is raised, or handed to *complain*, after which the rest is read.

    Raises:
        InputError: while the patients are read: not FHIR R4 as JSON. The message names the place, never a value.
    """
    return FhirReading(source, complain)


def _raise(error: RecordError) -> None:
    raise error


def _patient(key: str, gathering: Gathering) -> FhirPatient:
    # Who the patient is comes first.
    listed = sorted(gathering.of_patient(key), key=lambda one: one[0].get("resourceType") != "Patient")
    newest = [resource for resource, is_newest in listed if is_newest]
    person = next((one for one in newest if one.get("resourceType") == "Patient"), None)
    case = Case(partial(gathering.find, bundle=gathering.bundle_of(key)), None if person is None else sex_of(person))
    case.allergic = any(_allergic(one) for one in newest)
    for resource, is_newest in listed:
        kind = text(resource, "resourceType")
        if not is_newest:
            case.tally.unused(kind, "is an older version, or stands there twice")
            continue
        _read(resource, kind, case)
    if person is None:
        case.tally.partly("Patient", "is missing; only what names this patient was read")
    return FhirPatient(
        key.rpartition("/")[2].removeprefix("urn:uuid:"), Patient(tuple(case.facts)), case.tally.report()
    )


def _read(resource: Resource, kind: str, case: Case) -> None:
    """Use a resource, or count why not."""
    reader = READERS.get(kind)
    if reader is None:
        case.tally.unused(kind, why_unread(kind))
        return
    before = len(case.facts)
    try:
        reader(resource, case)
    except NotUsed as reason:
        case.tally.unused(kind, str(reason))
        return
    if len(case.facts) > before:
        case.tally.used(kind)
    else:
        case.tally.unused(kind, "states nothing that is read")


def _allergic(resource: Resource) -> bool:
    """Return whether a resource states an allergy that is not over."""
    verified, clinical = code_of(resource.get("verificationStatus")), code_of(resource.get("clinicalStatus"))
    return (
        resource.get("resourceType") == "AllergyIntolerance"
        and verified not in ("entered-in-error", "refuted")
        and clinical in ("active", "")
        and not names_none(resource)
    )


def _rest(gathering: Gathering) -> Report:
    tally = Tally()
    for resource in gathering.of_nobody():
        kind = text(resource, "resourceType")
        if kind in _POINTED_AT:
            tally.unused(kind, "is of no patient; it is read where a patient's resource points at it")
        elif kind in READERS:
            pointed = any(reference_of(resource.get(name)) for name in ("subject", "patient"))
            tally.unused(kind, "is about something other than a patient" if pointed else "names no patient")
        else:
            tally.unused(kind, why_unread(kind))
    for _ in range(gathering.entries_without):
        tally.unused("Bundle", "has an entry without a resource")
    return tally.report()
