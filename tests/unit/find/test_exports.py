"""Studies leave as CSV, RIS and FHIR in the forms that their readers expect."""

from __future__ import annotations

import csv
import io
import itertools
import json

import msgspec
import pytest
import rispy
from fhir.resources.R4B.researchstudy import ResearchStudy

from equipoise.find.export_csv import COLUMNS, csv_head, csv_rows
from equipoise.find.export_fhir import PHASES, STATUSES, fhir_json
from equipoise.find.export_ris import TAGS, ris_records
from equipoise.records.study import Study
from equipoise.sources.ctgov import read_study
from equipoise.store.library import Library
from equipoise.terms.enums import enumerations
from every_field import as_json, every_field

FULL = read_study(as_json(every_field(lambda known: f'{known.piece}, "said" <b>\n|x')))
BARE = Study(number="NCT99000001")


def replaced(**parts: object) -> Study:
    """Return a bare study with some parts."""
    return msgspec.structs.replace(BARE, **parts)


def test_rows_are_written_as_they_are_asked_for() -> None:
    """Nothing is collected first: a row comes before the next study is read."""
    read = []

    def studies():
        for count in itertools.count(1):
            read.append(count)
            yield BARE

    rows = csv_rows(studies())
    next(rows)
    next(rows)
    assert read == [1, 2]
    assert next(ris_records(studies())).startswith("TY  - DBASE")


def test_any_text_survives_csv() -> None:
    """Quotes, commas, bars and line ends in values come back as they were; every column is filled."""
    [row] = csv.DictReader(io.StringIO(csv_head() + next(csv_rows([FULL])), newline=""))
    assert row["Study Title"] == FULL.title
    assert row["Brief Summary"] == FULL.summary
    assert list(row) == list(COLUMNS)
    assert [name for name, value in row.items() if not value] == []


def test_a_study_that_states_nothing_has_empty_cells() -> None:
    """Nothing is made up."""
    [row] = csv.DictReader(io.StringIO(csv_head() + next(csv_rows([BARE]))))
    filled = {name: value for name, value in row.items() if value}
    assert filled == {"NCT Number": "NCT99000001", "Study URL": "https://clinicaltrials.gov/study/NCT99000001"}


def test_documents_are_at_the_registrys_address() -> None:
    """By the last two digits of the number, the number and the name of the file."""
    document = msgspec.structs.replace(FULL.documents[0], label="Study Protocol", filename="Prot_000.pdf")
    [row] = csv.reader(csv_rows([replaced(documents=(document,))], ["Study Documents"]))
    assert row == ["Study Protocol, https://cdn.clinicaltrials.gov/large-docs/01/NCT99000001/Prot_000.pdf"]


def test_ris_is_read_by_a_reader_of_ris() -> None:
    """A record holds one line a value, whatever line ends the values have."""
    records = rispy.loads("".join(ris_records([FULL, BARE])))
    assert [one["accession_number"] for one in records] == [FULL.number, BARE.number]
    assert records[0]["title"] == " ".join((FULL.title or "").split())
    text = next(ris_records([FULL]))
    assert {line[:2] for line in text.splitlines()} == {"TY", *TAGS, "ER"}


@pytest.mark.parametrize("study", [FULL, BARE], ids=["full", "bare"])
def test_fhir_is_valid(study: Study) -> None:
    """The resource has the fields of R4 and nothing that is empty."""
    resource = ResearchStudy.model_validate_json(fhir_json(study))
    assert resource.identifier[0].value == study.number


def test_every_status_and_phase_has_a_code() -> None:
    """Only what R4 cannot say goes without; then the status says that it is absent."""
    codes = {
        *("active", "administratively-completed", "approved", "closed-to-accrual", "completed", "disapproved"),
        *("closed-to-accrual-and-intervention", "in-review", "temporarily-closed-to-accrual", "withdrawn"),
    }
    assert set(STATUSES.values()) <= codes
    assert set(enumerations()["Status"]) - set(STATUSES) == {"WITHHELD"}
    assert {(phase,) for phase in enumerations()["Phase"]} <= set(PHASES)
    bare = json.loads(fhir_json(BARE))
    assert "status" not in bare
    assert bare["_status"]["extension"][0]["valueCode"] == "unknown"


def test_a_status_that_nobody_confirmed_is_noted() -> None:
    """UNKNOWN has no code in R4; the note says what the registry says."""
    status = msgspec.structs.replace(BARE.status, overall_status="UNKNOWN", last_known_status="RECRUITING")
    resource = json.loads(fhir_json(replaced(status=status)))
    assert resource["status"] == "active"
    assert "it was: Recruiting" in resource["note"][1]["text"]


def test_every_record_of_the_corpus_leaves_in_each_form(corpus: Library) -> None:
    """Real records make valid FHIR, RIS that is read again, and one row of CSV each."""
    studies = [corpus.record_at(row).study for row in range(0, len(corpus), 7)]
    for study in studies:
        ResearchStudy.model_validate_json(fhir_json(study))
    text = "".join(ris_records(studies))
    assert [one["accession_number"] for one in rispy.loads(text)] == [study.number for study in studies]
    rows = list(csv.reader(io.StringIO("".join(csv_rows(studies)), newline="")))
    assert [row[0] for row in rows] == [study.number for study in studies]
    assert {len(row) for row in rows} == {30}
