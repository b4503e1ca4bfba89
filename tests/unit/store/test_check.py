"""A check finds what is wrong, and only that."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import zstandard

from equipoise.errors import LibraryEmpty
from equipoise.sources.ctgov import read_study
from equipoise.store.check import Report, check
from equipoise.store.index import IndexWriter
from equipoise.store.seals import seal_files
from unit.store.made import FIRST, SECOND, THIRD, document, entry, write

FULL = document(
    SECOND,
    "Second of ours",
    identification={"nctIdAliases": ["NCT99000999"]},
    status={"overallStatus": "RECRUITING"},
    design={"phases": ["PHASE2"]},
    contactsLocations={"locations": [{"country": "Spain", "city": "Vigo"}, {"country": "Chile"}]},
)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Three studies in two editions; the first was changed."""
    write(tmp_path, document(), FULL)
    write(tmp_path, document(title="Changed"), document(THIRD))
    return tmp_path


def found(folder: Path, *, quick: bool = False) -> list[tuple[str, str]]:
    """Return what a check finds."""
    return [(fault.where, fault.problem) for fault in check(folder, read_study, quick=quick).faults]


def change(folder: Path, statement: str, *values: object) -> None:
    """Change the documents."""
    with closing(sqlite3.connect(folder / "documents.sqlite")) as connection, connection:
        connection.execute(statement, values)


def place(folder: Path) -> Path:
    """Return the folder of the current edition."""
    return folder / "editions" / "000002"


def alter(folder: Path, name: str, change: Callable[[np.ndarray], object]) -> None:
    """Change a column, and seal it as if it had been published so."""
    values = np.load(place(folder) / "columns" / f"{name}.npy")
    made = change(values)
    np.save(place(folder) / "columns" / f"{name}.npy", values if made is None else made)
    seal_files(place(folder), None)


def test_a_whole_library_has_no_fault(library: Path) -> None:
    """It is counted: studies and versions."""
    for quick in (False, True):
        assert check(library, read_study, quick=quick) == Report(studies=3, versions=4)


def test_an_empty_library_is_not_checked(tmp_path: Path) -> None:
    """There is nothing to check."""
    with pytest.raises(LibraryEmpty):
        check(tmp_path, read_study)


def test_progress_comes_to_its_end(library: Path) -> None:
    """The last call says that all versions were read."""
    calls: list[tuple[int, int]] = []
    check(library, read_study, watch=lambda done, total: calls.append((done, total)))
    assert calls[-1] == (4, 4)


def test_what_an_unfinished_load_left_is_a_note(library: Path) -> None:
    """The next load uses or removes it, so it is no fault."""
    change(library, "UPDATE versions SET edition = 3 WHERE id = 4")
    (library / "editions" / "000003").mkdir()
    report = check(library, read_study)
    assert report.notes == [
        "Edition 3 was never published; the next load removes it",
        "1 document of a load that did not finish; the next load uses or removes them",
    ]


def test_a_document_that_was_changed(library: Path) -> None:
    """It does not match its digest; the study's columns and index are not blamed."""
    change(library, "UPDATE versions SET document = ? WHERE id = 2", zstandard.compress(document(SECOND, "Forged")))
    assert found(library) == [(f"{SECOND}, version 2", "The document is not what was written")]
    assert found(library, quick=True) == []


def test_a_document_that_cannot_be_unpacked(library: Path) -> None:
    """An earlier version counts as well."""
    change(library, "UPDATE versions SET document = ? WHERE id = 1", b"\x28\xb5\x2f\xfd" + bytes(9))
    [(where, problem)] = found(library)
    assert (where, problem.partition(" (")[0]) == (f"{FIRST}, version 1", "The document 1 cannot be unpacked")


def test_a_document_that_is_missing(library: Path) -> None:
    """The columns name a row that is not there."""
    change(library, "DELETE FROM versions WHERE id = 4")
    assert found(library, quick=True) == [(THIRD, "Its document, version 4, is missing")]


def test_a_study_that_the_columns_lack(library: Path) -> None:
    """A document of a study that no column has."""
    change(library, "UPDATE versions SET number = 'NCT99000950' WHERE id = 1")
    assert ("NCT99000950", "The columns do not have this study") in found(library)


def test_an_alias_that_is_missing_and_one_of_nobody(library: Path) -> None:
    """Aliases are checked against the documents."""
    change(library, "UPDATE aliases SET number = 'NCT99000950'")
    assert found(library) == [
        (SECOND, "Its alias NCT99000999 is not known"),
        ("NCT99000999", "It is an alias of NCT99000950, which is not there"),
    ]


@pytest.mark.parametrize(
    ("name", "value"), [("status", 0), ("phase", 0), ("enrollment", 7), ("version", 1), ("site_country", 0)]
)
def test_a_column_that_differs_from_the_document(library: Path, name: str, value: int) -> None:
    """Numbers, codes, lists and sites."""

    def set_one(values: np.ndarray) -> None:
        values[0 if name in ("phase", "site_country") else 1] = value

    alter(library, name, set_one)
    expected = [(SECOND, f"The column {name} differs from the document")]
    assert [fault for fault in found(library) if fault[1].startswith("The column")] == expected


def test_columns_that_are_no_columns(library: Path) -> None:
    """Lengths, offsets, codes and order are checked without a document."""
    alter(library, "status", lambda values: values[:-1])
    assert found(library, quick=True) == [("column status", "2 rows, 3 expected")]
    alter(library, "status", lambda values: np.array([0, 99, 0], values.dtype))
    assert found(library, quick=True) == [("column status", "A code has no name")]
    alter(library, "status", lambda values: np.zeros_like(values))
    alter(library, "country.offsets", lambda values: values[::-1])
    assert found(library, quick=True) == [("column country", "The offsets do not fit the values")]


def test_an_index_of_an_earlier_text(library: Path) -> None:
    """The study is there, but its words are not."""
    index = IndexWriter(place(library) / "index")
    index.remove(THIRD)
    index.add(entry(document(THIRD, "Words of yesterday")).study, json.loads(document(THIRD, "Words of yesterday")))
    index.commit()
    del index
    seal_files(place(library), None)
    assert found(library) == [(THIRD, "The index does not find the study by its words")]


def test_an_index_with_a_study_too_few_and_one_too_many(library: Path) -> None:
    """Its studies are those of the columns."""
    index = IndexWriter(place(library) / "index")
    index.remove(THIRD)
    index.add(entry(document("NCT99000950")).study, json.loads(document("NCT99000950")))
    index.commit()
    del index
    seal_files(place(library), None)
    assert found(library, quick=True) == [
        ("index", "Studies that it lacks: 1"),
        ("index", "Studies that only it has: 1"),
    ]


def test_a_file_of_another_size_or_content(library: Path) -> None:
    """Sizes are always compared, digests unless the check is quick."""
    names = place(library) / "columns" / "names.json"
    names.write_bytes(names.read_bytes().replace(b"RECRUITING", b"RECRUITINK"))
    assert found(library, quick=True) == []
    assert found(library) == [
        ("editions/000002/columns/names.json", "The content of the file is not what was published")
    ]
    size = names.stat().st_size
    names.write_bytes(names.read_bytes() + b" ")
    assert found(library, quick=True) == [
        ("editions/000002/columns/names.json", f"The file has {size + 1} bytes; it was published with {size}")
    ]
