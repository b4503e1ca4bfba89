"""Files, folders, archives and streams, whole and broken; resources of one patient wherever they lie."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from equipoise.errors import InputError, RecordError, UnknownFormat
from equipoise.sources.fhir import read_fhir
from fhir_records import PERSON, about, lines, status

SECRET = "Xanthippe"
ASTHMA = about("Condition", clinicalStatus=status("active"), code={"text": "Asthma"})


def bundle(*resources: dict[str, Any], kind: str = "transaction", url: str = "") -> dict[str, Any]:
    entries = [{"resource": one} | ({"fullUrl": url} if url and n == 0 else {}) for n, one in enumerate(resources)]
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


def names(source: Any) -> list[list[str]]:
    return [[fact.name for fact in one.patient.facts] for one in read_fhir(source)]


DEEP = b'{"resourceType": "Patient", "x": ' + b"[" * 9999 + b"]" * 9999 + b"}"
EXPECTED = [["born", "sex", "asthma"]]


def test_one_record_in_all_its_shapes(tmp_path: Path) -> None:
    """A Bundle, printed or on one line, ndjson, a folder, an archive and a stream give the same patient."""
    whole = bundle(ASTHMA, PERSON)
    (tmp_path / "pretty.json").write_text(json.dumps(whole, indent=2))
    (tmp_path / "flat.json").write_text("\ufeff" + json.dumps(whole))
    (tmp_path / "lines.ndjson").write_bytes(lines(ASTHMA, PERSON).read().replace(b"\n", b"\r\n\r\n"))
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "Condition.ndjson").write_bytes(lines(ASTHMA).read())
    (folder / "Patient.ndjson").write_bytes(lines(PERSON).read())
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for one in folder.iterdir():
            archive.write(one, one.name)
    for source in ("pretty.json", "flat.json", "lines.ndjson", "folder", "all.zip"):
        assert names(tmp_path / source) == EXPECTED, source
    assert names(io.BytesIO((tmp_path / "all.zip").read_bytes())) == EXPECTED
    assert names(lines(bundle(PERSON, ASTHMA), bundle(PERSON, ASTHMA))) == EXPECTED


def test_a_stream_that_cannot_go_back() -> None:
    """What comes through a pipe is read."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    assert names(Pipe(lines(PERSON, ASTHMA).read())) == EXPECTED


def test_addresses_within_a_bundle() -> None:
    """A resource without a number is found by its address, before it comes as well as after."""
    person = {key: value for key, value in PERSON.items() if key != "id"}
    about_urn = ASTHMA | {"subject": {"reference": "urn:uuid:7"}}
    made = bundle(person, about_urn, url="urn:uuid:7")
    made["entry"].reverse()
    [found] = read_fhir(io.BytesIO(json.dumps(made).encode()))
    assert (found.id, [fact.name for fact in found.patient.facts]) == ("7", ["born", "sex", "asthma"])


def test_two_people_under_one_number_are_not_mixed() -> None:
    """Two Bundles with different patients of one number are refused; the same patient twice is one."""
    other = PERSON | {"birthDate": "1990-01-01"}
    problems: list[RecordError] = []
    assert list(read_fhir(lines(bundle(PERSON), bundle(other)), complain=problems.append)) == []
    assert [error.problem for error in problems] == ["Two Bundles have different patients under one number"]
    assert len(list(read_fhir(lines(bundle(PERSON), bundle(PERSON, ASTHMA))))) == 1


def test_the_newest_version_counts() -> None:
    """Of two versions the later one is read, wherever it stands; the other is counted. What was deleted is gone."""

    def version(stamp: str, state: str) -> dict[str, Any]:
        return ASTHMA | {"meta": {"lastUpdated": stamp}, "verificationStatus": status(state)}

    [found] = read_fhir(lines(version("2026-01-02", "refuted"), PERSON, version("2025-01-01", "confirmed")))
    assert [fact.assertion for fact in found.patient.facts if fact.kind == "condition"] == ["absent"]
    assert found.report.unused == {("Condition", "is an older version, or stands there twice"): 1}
    history = bundle(ASTHMA, PERSON, kind="history")
    history["entry"].insert(0, {"request": {"method": "DELETE", "url": "Condition/condition1"}})
    [found] = read_fhir(lines(history))
    assert [fact.kind for fact in found.patient.facts] == ["demographic", "demographic"]


def test_what_was_made_anew_after_it_was_deleted_is_there() -> None:
    """A deletion takes away what stood before it: in a history behind it, in other files ahead of it."""
    deletion = {"request": {"method": "DELETE", "url": "Condition/condition1"}}

    def kinds(*resources: dict[str, Any]) -> list[str]:
        [found] = read_fhir(lines(*resources))
        return [fact.kind for fact in found.patient.facts if fact.kind != "demographic"]

    older, newer = ASTHMA | {"meta": {"versionId": "1"}}, ASTHMA | {"meta": {"versionId": "3"}}
    history = bundle(newer, older, PERSON, kind="history")
    history["entry"].insert(1, deletion)
    assert kinds(history) == ["condition"]
    history["entry"].insert(0, deletion)
    assert kinds(history) == []
    change = bundle(PERSON, kind="transaction")
    change["entry"].append(deletion)
    assert kinds(ASTHMA, change) == []
    assert kinds(change, ASTHMA) == ["condition"]


def test_between_a_history_and_an_export_the_stated_time_decides() -> None:
    """What an export has is gone if a history deletes it, unless the export says that it is newer."""
    deletion = {
        "request": {"method": "DELETE", "url": "Condition/condition1"},
        "response": {"lastModified": "2026-01-02T10:00:00Z"},
    }
    history = bundle(PERSON, kind="history")
    history["entry"].append(deletion)
    for stamp, kept in (("2026-01-03T10:00:00Z", 1), ("2026-01-01T10:00:00Z", 0), (None, 0)):
        meta = {} if stamp is None else {"meta": {"lastUpdated": stamp}}
        [found] = read_fhir(lines(history, ASTHMA | meta))
        assert sum(fact.kind == "condition" for fact in found.patient.facts) == kept


def test_what_belongs_to_nobody_is_reported() -> None:
    """Resources of no patient, of no type and of other versions are counted, without a word of theirs."""
    nobody = about("Observation", status="final", code={"text": SECRET}, valueInteger=1)
    del nobody["subject"]
    reading = read_fhir(
        lines(
            PERSON,
            nobody,
            {"resourceType": "Organization", "id": "o"},
            {"resourceType": SECRET},
            {"resourceType": "MedicationOrder", "patient": {"reference": "Patient/p1"}},
        )
    )
    [found] = reading
    assert SECRET not in str(reading.rest) + str(found.report)
    assert reading.rest.unused == {
        ("Observation", "names no patient"): 1,
        ("Organization", "says who gives care, where or how"): 1,
        ("A resource of no type of R4", "is of a type that is not read"): 1,
    }
    assert found.report.unused == {("A resource of no type of R4", "is of another version of FHIR"): 1}


def test_a_patient_of_whom_only_the_facts_are_there() -> None:
    """Facts without their Patient are read, and that it is missing is reported."""
    [found] = read_fhir(lines(ASTHMA))
    assert (found.id, [fact.name for fact in found.patient.facts]) == ("p1", ["asthma"])
    assert ("Patient", "is missing; only what names this patient was read") in found.report.partly


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "The file is empty"),
        (b" \n\n", "The file is empty"),
        (b"<Bundle xmlns='http://hl7.org/fhir'/>", "This is XML; FHIR is read as JSON"),
        (b"\x1f\x8b\x08", "This is compressed by gzip"),
        (b"[]", "A list of JSON is neither a Bundle nor ndjson"),
        (b"Xanthippe,1961", "This is no JSON"),
        (b'{"a": 1}', "The JSON has no resourceType, so it is no FHIR resource"),
        (b'{"resourceType": "Patient", "id": "Xanthippe"', "Not JSON, or cut off: Input data was truncated"),
        (b'{"resourceType": "Patient", "n": 1e999}', "Not JSON, or cut off: Number out of range - at `$[...]`"),
        (b'{"resourceType": "Patient", "id": "\xff"}', "Not UTF-8 text (byte 35)"),
        (DEEP, "The JSON is nested too deeply (more than 64 deep)"),
        (b"PK\x03\x04 cut off", "The archive is damaged, encrypted or cut off"),
        (b'{"resourceType": "Bundle", "fhirVersion": "3.0.1"}', "This is another version of FHIR; R4 is read"),
        (b'{"resourceType": "Organization"}', "No patient in these resources"),
        (b'{"resourceType": "Bundle", "entry": []}', "No patient in these resources"),
        (b'{"resourceType": "Xanthippe"}', "JSON, but no resource of FHIR R4"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(data: bytes, problem: str, tmp_path: Path) -> None:
    """Each error says what is wrong, where and what to do, and nothing of the record."""
    path = tmp_path / "record"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        list(read_fhir(path))
    assert caught.value.problem == problem
    assert (str(path) in str(caught.value), bool(caught.value.next)) == (True, True)
    assert SECRET not in str(caught.value)


def test_a_broken_line_does_not_hide_the_others(tmp_path: Path) -> None:
    """Without a place for complaints it is raised, with one the rest is read."""
    broken = lines(PERSON).read() + b'\n{"resourceType": "Condition", \n' + lines(ASTHMA).read()
    with pytest.raises(RecordError, match="line 2"):
        list(read_fhir(io.BytesIO(broken)))
    problems: list[RecordError] = []
    [found] = read_fhir(io.BytesIO(broken), complain=problems.append)
    assert [fact.name for fact in found.patient.facts] == EXPECTED[0]
    assert [error.where for error in problems] == ["the stream, line 2"]


def test_a_folder_or_archive_without_fhir(tmp_path: Path) -> None:
    """It is said that there is none."""
    with pytest.raises(UnknownFormat, match="No FHIR in this folder"):
        list(read_fhir(tmp_path))
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as archive:
        archive.writestr("readme.txt", "nothing")
    with pytest.raises(UnknownFormat, match="No FHIR in this archive"):
        list(read_fhir(tmp_path / "empty.zip"))
    with pytest.raises(InputError, match="Cannot be read"):
        list(read_fhir(tmp_path / "missing.json"))


WRONG: list[object] = [
    None,
    3,
    -1.5,
    "word",
    True,
    [],
    {},
    [None],
    [[]],
    {"coding": 3},
    {"coding": [3]},
    [{"x": {}}],
    10**30,
]


def test_elements_of_wrong_types_never_break_a_reading() -> None:
    """Any element of any resource may be anything: the resource is used or counted."""
    kinds = [
        ("Condition", ["code", "clinicalStatus", "onsetDateTime", "stage", "severity", "subject", "abatementPeriod"]),
        ("Observation", ["status", "code", "valueQuantity", "component", "referenceRange", "interpretation"]),
        ("Observation", ["effectivePeriod"]),
        ("MedicationRequest", ["status", "intent", "medicationCodeableConcept", "dosageInstruction"]),
        ("MedicationRequest", ["dispenseRequest"]),
        ("MedicationStatement", ["status", "medicationReference", "effectiveDateTime", "dosage"]),
        ("MedicationAdministration", ["status", "medicationCodeableConcept", "effectiveDateTime", "dosage"]),
        ("Encounter", ["status", "class", "period", "location", "classHistory", "type"]),
        ("AllergyIntolerance", ["code", "reaction", "verificationStatus", "type"]),
        ("FamilyMemberHistory", ["condition", "relationship", "status"]),
        ("Immunization", ["vaccineCode", "occurrenceDateTime"]),
        ("Patient", ["birthDate", "gender", "extension", "_birthDate", "deceasedDateTime", "meta", "name"]),
        ("CarePlan", ["activity", "status"]),
        ("List", ["code", "emptyReason", "section"]),
    ]  # fmt: skip
    base = {"status": "active", "intent": "order", "code": {"text": "Asthma"}, "class": {"code": "IMP"}}
    for kind, elements in kinds:
        for element in elements:
            for wrong in WRONG:
                resource = {**about(kind), **base, "medicationCodeableConcept": {"text": "Aspirin"}, element: wrong}
                reading = read_fhir(lines({**PERSON, "id": "someone"}, resource))
                total = sum(one.report.total for one in reading) + reading.rest.total
                assert total == 2, (kind, element, wrong)
