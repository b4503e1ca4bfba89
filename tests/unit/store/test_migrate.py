"""Libraries of earlier formats."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import filelock
import numpy as np
import pytest

from equipoise.errors import LibraryBusy, LibraryError
from equipoise.intake.care import check_library
from equipoise.intake.opening import open_library
from equipoise.sources.ctgov import read_study
from equipoise.store import migrate as migrating
from equipoise.store.documents import Version, digest
from equipoise.store.editions import FORMAT, Folder
from equipoise.store.index import IndexWriter
from equipoise.store.migrate import STEPS, migrate
from unit.store.made import FIRST, SECOND, THIRD, document, write

# The layout of format 1, as *First light* wrote it.
FIRST_SCHEMA = """
CREATE TABLE dictionaries (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE versions (
    id INTEGER PRIMARY KEY, number TEXT NOT NULL, edition INTEGER NOT NULL, source TEXT NOT NULL,
    fullness INTEGER NOT NULL, origin TEXT NOT NULL, updated TEXT NOT NULL, digest BLOB NOT NULL,
    dictionary INTEGER NOT NULL, document BLOB NOT NULL, sidecar BLOB
) STRICT;
CREATE TABLE aliases (
    alias TEXT NOT NULL, number TEXT NOT NULL, edition INTEGER NOT NULL, PRIMARY KEY (alias, number)
) STRICT;
CREATE INDEX versions_by_number ON versions (number);
CREATE INDEX versions_by_edition ON versions (edition);
"""


def write_format_one(folder: Path, *documents: bytes) -> None:
    """Write a library of format 1."""
    import zstandard

    place = folder / "editions" / "000001"
    (place / "columns").mkdir(parents=True)
    (folder / "manifest.json").write_text('{"format": 1, "kind": "equipoise library"}')
    (folder / "CURRENT").write_text("1\n")
    connection = sqlite3.connect(folder / "documents.sqlite")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(FIRST_SCHEMA)
    index = IndexWriter(place / "index")
    for row, one in enumerate(documents, start=1):
        study = read_study(one)
        version = Version(row, study.number, 1, "ctgov", 4, "a.json", study.updated or "", digest(one, None))
        values = (*(getattr(version, name) for name in Version.__struct_fields__), 0, zstandard.compress(one, 3), None)
        connection.execute(f"INSERT INTO versions VALUES ({', '.join('?' * len(values))})", values)
        index.add(study, json.loads(one))
    connection.commit()
    connection.close()
    index.commit()
    # Its columns were fewer than today's, and none is read: the layout is not this version's.
    np.save(place / "columns" / "number.npy", np.arange(len(documents), dtype=np.uint32))
    (place / "columns" / "names.json").write_text("{}")
    edition = {
        "number": 1, "made": "2026-11-20T10:00:00+00:00", "studies": len(documents),
        "sources": {"ctgov": len(documents)}, "updated": "2024-02-29", "index": "tantivy 0.27.0",
    }  # fmt: skip
    (place / "edition.json").write_text(json.dumps(edition))


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A library of format 1 with two studies."""
    folder = tmp_path / "library"
    write_format_one(folder, document(updated="2024-02-29"), document(SECOND, "Another"))
    return folder


def format_of(folder: Path) -> int:
    """Return the number in the manifest."""
    return int(json.loads((folder / "manifest.json").read_text())["format"])


def test_a_library_of_first_light_is_read(first: Path) -> None:
    """Every document, byte for byte; its index and columns are made anew."""
    opened = open_library(first)
    assert dict(opened.documents()) == {
        FIRST: document(updated="2024-02-29"),
        SECOND: document(SECOND, "Another"),
    }
    assert (format_of(first), opened.edition.number) == (FORMAT, 2)
    assert check_library(first).faults == []


def test_a_library_of_first_light_takes_a_load(first: Path) -> None:
    """Without having been read before."""
    from equipoise.intake.load import load

    (first.parent / "third.json").write_bytes(document(THIRD))
    assert load([first.parent / "third.json"], first).added == 1
    assert (len(open_library(first)), format_of(first)) == (3, FORMAT)
    assert check_library(first).faults == []


def test_every_format_has_a_step_to_the_next() -> None:
    """The chain from the first format to this one has no hole."""
    assert sorted(STEPS) == list(range(1, FORMAT))


def test_steps_are_done_in_order_and_each_is_kept(first: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that fails leaves the format before it; the next opening goes on from there."""
    done: list[int] = []

    def fail(folder: Folder) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(migrating, "FORMAT", 4)
    monkeypatch.setattr("equipoise.store.editions.FORMAT", 4)
    monkeypatch.setattr(migrating, "STEPS", {1: lambda _: done.append(1), 2: lambda _: done.append(2), 3: fail})
    with pytest.raises(LibraryError) as caught:
        migrate(Folder(first))
    assert str(caught.value) == (
        f"{first}: The new edition cannot be written (No space left on device)\n"
        "Make room or choose another folder with --library; the last edition is untouched."
    )
    assert (done, format_of(first)) == ([1, 2], 3)
    monkeypatch.setattr(migrating, "STEPS", {3: lambda _: done.append(3)})
    migrate(Folder(first))
    assert (done, format_of(first)) == ([1, 2, 3], 4)


def test_a_library_of_this_format_is_left_alone(tmp_path: Path) -> None:
    """Not even its lock is taken."""
    write(tmp_path, document())
    with filelock.FileLock(tmp_path / "LOCK"):
        migrate(Folder(tmp_path))
    assert format_of(tmp_path) == FORMAT


def test_a_library_that_is_written_is_not_migrated(first: Path) -> None:
    """The whole message."""
    with filelock.FileLock(first / "LOCK"), pytest.raises(LibraryBusy) as caught:
        migrate(Folder(first))
    assert str(caught.value) == (
        f"{first}: Another process is writing to this library\n"
        "Wait until it has finished, then try again; readers are not disturbed."
    )
    assert format_of(first) == 1


def test_a_library_that_cannot_be_written_says_so(first: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole message."""

    def refuse(folder: Folder) -> None:
        raise LibraryError("The folder cannot be written (Read-only file system)")

    monkeypatch.setattr(migrating, "take_lock", refuse)
    with pytest.raises(LibraryError) as caught:
        migrate(Folder(first))
    assert str(caught.value) == (
        f"{first}: The library has format 1 and must be brought to format {FORMAT}, but cannot be written\n"
        "Make it writable, or copy it to a folder that is, and open it once."
    )
    shutil.rmtree(first)
