"""All that a search finds is saved, with the search."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest

from equipoise.errors import OutputError
from equipoise.find.export import save
from equipoise.find.query import Query
from equipoise.find.tidy import TABLES, head
from equipoise.store.library import Library
from unit.store.made import FIRST, SECOND, THIRD, document, library

TODAY = date(2026, 11, 28)


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> Library:
    sites = {"locations": [{"city": "Leeds", "country": "United Kingdom", "geoPoint": {"lat": 53.8, "lon": -1.55}}, {}]}
    made = [
        document(FIRST, 'Stroke, and "more"', contactsLocations=sites, conditions={"conditions": ["Stroke", "Ataxia"]}),
        document(SECOND, "Stroke again", design={"enrollmentInfo": {"count": 7}}),
        document(THIRD, "Asthma"),
    ]
    return library(tmp_path_factory.mktemp("saved"), *made)


def saved(studies: Library, target: Path) -> Path:
    described = save(studies, Query(text="stroke"), target, today=TODAY)
    assert described.studies == 2
    return target


def test_csv_has_the_registrys_columns_and_the_search_beside_it(studies: Library, tmp_path: Path) -> None:
    """Thirty columns; marks in a title survive."""
    target = saved(studies, tmp_path / "found.csv")
    rows = list(csv.DictReader(io.StringIO(target.read_text("utf-8"))))
    assert len(rows[0]) == 30
    assert sorted(row["NCT Number"] for row in rows) == [FIRST, SECOND]
    assert {row["Study Title"] for row in rows} == {'Stroke, and "more"', "Stroke again"}
    beside = json.loads((tmp_path / "found.csv.search.json").read_text())
    assert beside["english"] == "studies with the words “stroke”"
    assert beside["address"] == "q=stroke"
    assert "2 records" in beside["strategy"]
    assert "2026-11-28" in beside["strategy"]


def test_tidy_tables_join_by_number(studies: Library, tmp_path: Path) -> None:
    """One row a study, a condition, a site; the search lies in the zip."""
    with zipfile.ZipFile(saved(studies, tmp_path / "found.zip")) as packed:
        tables = {name: list(csv.reader(io.StringIO(packed.read(f"{name}.csv").decode("utf-8")))) for name in TABLES}
        assert json.loads(packed.read("search.json"))["studies"] == 2
    assert all(tuple(rows[0]) == head(name) for name, rows in tables.items())
    assert [row[:2] for row in tables["conditions"][1:]] == [[FIRST, "Stroke"], [FIRST, "Ataxia"]]
    assert len(tables["studies"]) == 3
    assert tables["sites"][1][tables["sites"][0].index("latitude")] == "53.8"
    assert len(tables["sites"]) == 3


def test_json_lines_are_the_records(studies: Library, tmp_path: Path) -> None:
    """Each as it was published, on a line of its own."""
    lines = saved(studies, tmp_path / "found.jsonl").read_text("utf-8").splitlines()
    numbers = [json.loads(line)["protocolSection"]["identificationModule"]["nctId"] for line in lines]
    assert sorted(numbers) == [FIRST, SECOND]
    by_number = dict(zip(numbers, lines, strict=True))
    assert json.loads(by_number[SECOND]) == json.loads(studies.document(SECOND))


def test_ris_has_a_reference_for_each(studies: Library, tmp_path: Path) -> None:
    """Which a reference manager reads."""
    text = saved(studies, tmp_path / "found.ris").read_text("utf-8")
    assert text.count("TY  - ") == text.count("ER  - ") == 2


def test_parquet_has_types_and_the_search_in_its_metadata(studies: Library, tmp_path: Path) -> None:
    """A row a study, the other tables as lists in it."""
    parquet = pytest.importorskip("pyarrow.parquet", reason="needs equipoise[parquet]")
    table = parquet.read_table(saved(studies, tmp_path / "found.parquet"))
    rows = {row["number"]: row for row in table.to_pylist()}
    assert rows[SECOND]["enrollment"] == 7
    assert rows[FIRST]["enrollment"] is None
    assert [one["condition"] for one in rows[FIRST]["conditions"]] == ["Stroke", "Ataxia"]
    assert rows[FIRST]["sites"][0]["longitude"] == -1.55
    assert json.loads(table.schema.metadata[b"equipoise.search"])["studies"] == 2


def test_a_form_that_there_is_not_is_refused(studies: Library, tmp_path: Path) -> None:
    """The whole message; nothing is written."""
    target = tmp_path / "found.xlsx"
    with pytest.raises(OutputError) as caught:
        save(studies, Query(text="stroke"), target, today=TODAY)
    assert str(caught.value) == (
        f"{target}: No such form: .xlsx\nName the file .csv, .zip (tidy tables), .jsonl, .parquet or .ris."
    )
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told(studies: Library, tmp_path: Path) -> None:
    """And no half of a file is left."""
    with pytest.raises(OutputError, match="It cannot be written"):
        save(studies, Query(text="stroke"), tmp_path / "missing" / "found.csv", today=TODAY)
