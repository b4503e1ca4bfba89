"""The reference of the library's folder is true of a library."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import msgspec
import numpy as np
import pytest

from equipoise.store.editions import FORMAT, KEEP, Edition, Manifest
from equipoise.store.facets import FACETS, facet_field
from equipoise.store.index import JOINING, NAMES, OTHERS, REST, STATED, TOPICS, WHOLE
from equipoise.store.pieces import LONG
from equipoise.store.postings import LITERALS
from equipoise.store.rule_columns import CRITERIA, LEAVES, NODES

DOC = "reference/library-folder.md"


@pytest.fixture(scope="module")
def parts(read_doc):
    """What stands below each heading of the document."""
    split = re.split(r"^## (.*)$", read_doc("reference/library-folder.md"), flags=re.MULTILINE)
    return {name.strip("`"): body for name, body in zip(split[1::2], split[2::2], strict=True)}


def names(text: str) -> list[str]:
    """Return the names in code in the first cells of a table."""
    return [
        name for row in re.findall(r"^\| (`[^|]*) \|", text, re.MULTILINE) for name in re.findall(r"`([^`]+)`", row)
    ]


def test_files_are_documented(read_doc, blocks, demonstration):
    """The drawing of the folder has each file and folder that a library has."""
    [drawing] = blocks(read_doc("reference/library-folder.md"), "text")
    drawn = set(re.findall(r"^\s+([\w.]+)/? ", drawing + " ", re.MULTILINE)) | {"editions"}
    folder = demonstration.folder.path
    edition = folder / "editions" / "000001"
    found = {one.name for one in (*folder.iterdir(), *edition.iterdir())}
    # SQLite's own companions come and go with a connection.
    found -= {"documents.sqlite-wal", "documents.sqlite-shm"}
    told = re.split("^## ", read_doc(DOC), flags=re.MULTILINE)
    for part in ("Criteria", "Rules", "Taught names", "Telling words"):
        [body] = [one for one in told if one.startswith(f"{part}\n")]
        assert {one.name for one in (edition / part.lower().partition(" ")[0]).iterdir()} == set(names(body))
    # The demonstration library has no vocabulary; `test_vocabulary` adds one. Its questions are ours.
    # Statistics are taken when the API is asked for them.
    assert drawn - {"000007", "vocabularies", "statistics.json", "faq.md"} == found


def test_manifest_and_edition_are_documented(parts):
    """The fields of both files, the format and the number of editions kept are those of the code."""
    assert names(parts["manifest.json"]) == list(Manifest.__struct_fields__)
    assert f"| `format` | {FORMAT}." in parts["manifest.json"]
    assert names(parts["Editions"]) == list(Edition.__struct_fields__)
    assert KEEP == 2


def test_formats_are_documented(parts):
    """Each format up to the present one is in the table of formats."""
    assert re.findall(r"^\| (\d+) \|", parts["Formats"], re.MULTILINE) == [str(one + 1) for one in range(FORMAT)]


def test_tables_are_documented(parts, demonstration):
    """Each column of each SQLite table is documented."""
    for file in (demonstration.folder.documents, demonstration.folder.path / "criteria.sqlite"):
        rows = re.findall(r"^\| `(\w+)` \| ([^|]*) \|", parts[file.name], re.MULTILINE)
        documented = {(table, name) for table, cell in rows for name in re.findall(r"`(\w+)`", cell)}
        with closing(sqlite3.connect(file)) as connection:
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            found = {(table, row[1]) for table in tables for row in connection.execute(f"PRAGMA table_info({table})")}
        assert documented == found


def test_literals_are_documented(parts, demonstration):
    """What a literal holds is told in the row of its file, in order."""
    place = demonstration.folder.edition(1) / "criteria"
    dtype = np.load(place / "literals.npy").dtype.names
    assert dtype == LITERALS.names
    row = next(line for line in parts["Criteria"].splitlines() if "literals.npy" in line)
    assert row.count(",") + 1 == len(dtype)


def test_fields_of_rules_are_documented(parts):
    """Each field of a criterion, a predicate and a node is told in the row of its file, in order."""
    rows = {name: line for line in parts["Rules"].splitlines() for name in re.findall(r"^\| `(\w+)\.npy`", line)}
    for name, dtype in (("criteria", CRITERIA), ("leaves", LEAVES), ("nodes", NODES)):
        assert tuple(re.findall(r"`(\w+)`", rows[name])) == dtype.names


def test_fields_of_the_index_are_documented(parts):
    """Each field that is no field of the registry stands there, and the long ones that no area has are named."""
    counted = [facet_field(name) for name in FACETS]
    assert names(parts["The index"]) == ["number", OTHERS, STATED, WHOLE, TOPICS, NAMES, REST, *counted, JOINING]
    assert all(f"`{piece}`" in parts["The index"] for piece in LONG)


def test_topics_are_documented(parts):
    """The field of topics stands there by its name."""
    assert f"`{TOPICS}`" in parts["The index"]


def test_columns_are_documented(parts, demonstration):
    """Each column that an edition has is documented, and no other."""
    folder = demonstration.folder.path / "editions" / "000001" / "columns"
    found = {one.name.partition(".")[0] for one in folder.glob("*.npy")}
    assert set(names(parts["Columns"])) == found
    coded = msgspec.json.decode((folder / "names.json").read_bytes())
    assert all(values[0] == "" for values in coded.values())
