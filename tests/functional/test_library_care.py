"""Taking care of a library: what it says, what it refuses, and what it never loses."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock
import pytest
from typer.testing import CliRunner, Result

from equipoise.app.cli import app
from equipoise.errors import LibraryBusy, LibraryDamaged, LibraryError
from equipoise.find.query import Query
from equipoise.find.search import search
from equipoise.intake.care import check_library, compact_library, rebuild_library
from equipoise.intake.load import load
from equipoise.intake.opening import open_library
from equipoise.store.library import Library
from varied import varied, write_varied

RESTORE = "Restore the folder from a copy, or load your files again into a new folder."
REBUILD = "`equipoise library rebuild` makes it again from the documents, which stay untouched."


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of two editions: 150 studies, of which 40 were changed."""
    folder = tmp_path_factory.mktemp("made")
    load([write_varied(folder / "one.jsonl", range(150))], folder / "library")
    load([write_varied(folder / "two.jsonl", range(40), mark=" b")], folder / "library")
    return folder / "library"


@pytest.fixture
def library(made: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return shutil.copytree(made, tmp_path / "library")


def run(*words: str | Path) -> Result:
    """Run the command line; errors of the user's are raised."""
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


def shown(library: Library) -> tuple[dict[str, bytes], list[int], list[int]]:
    """Return the documents and what two searches find."""
    # In no order: an index made anew has forgotten replaced texts, which count in the scores until then.
    found = [sorted(search(library, Query(text=text)).rows.tolist()) for text in ("trial", "site 7")]
    return dict(library.documents()), found[0], found[1]


# A reader


def test_an_open_reader_sees_one_edition_throughout(library: Path, tmp_path: Path) -> None:
    """While five loads are published, and compacted, and after its own folder is gone; in old and new threads."""
    used, unused = open_library(library), open_library(library)
    first, place = shown(used), library / "editions" / "000002"
    ended, wrong = threading.Event(), list[str]()

    def read() -> None:
        while not ended.is_set():
            if shown(used) != first:
                wrong.append("changed")

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(5):
        load([write_varied(tmp_path / "more.jsonl", range(turn, 160 + turn), mark=f" {turn}")], library)
    compact_library(library, keep=1)
    ended.set()
    reader.join()
    assert (wrong, place.exists(), (library / "documents.sqlite").exists()) == ([], False, False)
    later = list[object]()
    thread = threading.Thread(target=lambda: later.append(shown(unused)))
    thread.start()
    thread.join()
    assert later == [first]
    assert shown(open_library(library)) != first


# Two at once


@pytest.mark.parametrize("use", [check_library, rebuild_library, compact_library])
def test_care_waits_for_no_writer(library: Path, use: Callable[[Path], object]) -> None:
    """While another process writes, checking and rebuilding are refused at once."""
    with filelock.FileLock(library / "LOCK"), pytest.raises(LibraryBusy) as caught:
        use(library)
    assert str(caught.value) == (
        f"{library}: Another process is writing to this library\n"
        "Wait until it has finished, then try again; readers are not disturbed."
    )


def test_documents_that_another_program_has_locked(library: Path) -> None:
    """A database browser that holds the file is named as what it is."""
    other = sqlite3.connect(library / "documents.sqlite")
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(LibraryBusy) as caught:
        open_library(library)
    other.close()
    assert str(caught.value) == (
        f"{library / 'documents.sqlite'}: Another program has locked the documents\nClose it there, then try again."
    )
    assert len(open_library(library)) == 150


# No room, no permission


def used_room(folder: Path) -> int:
    """Return the size of a folder's files, but those that only readers share."""
    files = (file for file in folder.rglob("*") if file.is_file() and not file.name.endswith(("-shm", ".lock")))
    return sum(file.stat().st_size for file in files)


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of this size; skips where none can be mounted."""
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("needs root, to mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.mark.skipif(not shutil.which("mount"), reason="needs mount")
@pytest.mark.parametrize("size", ["6m", "10m"])
def test_a_full_disk_loses_nothing(made: Path, tmp_path: Path, size: str) -> None:
    """The load says so, the last edition is whole, the room is given back, and the next load works."""
    given = write_varied(tmp_path / "more.jsonl", range(100, 3000))
    with small_disk(tmp_path / "disk", size) as disk:
        library = shutil.copytree(made, disk / "library")
        before, room = shown(open_library(library)), used_room(library)
        with pytest.raises(LibraryError) as caught:
            load([given], library)
        message = str(caught.value)
        assert used_room(library) < room + 100_000, {f: f.stat().st_size for f in library.rglob("*")}
        assert shown(open_library(library)) == before
        assert check_library(library).faults == []
        assert load([write_varied(tmp_path / "few.jsonl", range(200, 203))], library).added == 3
        assert check_library(library).faults == []
    assert message == (
        f"{library}: The new edition cannot be written (No space left on device)\n"
        "Make room or choose another folder with --library; the last edition is untouched."
    )


LIMITED = """
import resource, sys
from pathlib import Path
from equipoise.errors import LibraryError
from equipoise.intake.load import load
resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000))
try:
    load([Path(sys.argv[1])], Path(sys.argv[2]))
except LibraryError as error:
    print(error)
"""


def test_a_file_that_may_not_grow_loses_nothing(library: Path, tmp_path: Path) -> None:
    """A quota is as a full disk, without being root."""
    given = write_varied(tmp_path / "more.jsonl", range(100, 3000))
    before = shown(open_library(library))
    command = [sys.executable, "-c", LIMITED, str(given), str(library)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = printed.splitlines()
    assert lines[0].startswith(f"{library}: The new edition cannot be written (")
    assert lines[1:] == ["Make room or choose another folder with --library; the last edition is untouched."]
    assert shown(open_library(library)) == before
    assert load([given], library).added == 2850
    assert check_library(library).faults == []


@contextmanager
def read_only(folder: Path, at: Path) -> Iterator[Path]:
    """The folder where it cannot be written; skips where that cannot be made."""
    at.mkdir()
    if subprocess.run(["mount", "--bind", folder, at], capture_output=True).returncode:
        pytest.skip("needs root, to mount a folder read-only")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", at], check=True)
        yield at
    finally:
        subprocess.run(["umount", "--lazy", at], check=True)


@pytest.mark.skipif(not shutil.which("mount"), reason="needs mount")
def test_a_folder_that_cannot_be_written_is_read(library: Path, tmp_path: Path) -> None:
    """Searching, reading and checking work; what writes says why it cannot."""
    before = shown(open_library(library))
    with read_only(library, tmp_path / "fixed") as fixed:
        assert shown(open_library(fixed)) == before
        assert check_library(fixed).faults == []
        for use in (rebuild_library, compact_library, lambda path: load([tmp_path / "x"], path)):
            with pytest.raises(LibraryError) as caught:
                use(fixed)
            assert str(caught.value) == (
                f"{fixed}: The folder cannot be written (Read-only file system)\n"
                "Choose another with --library, or change its permissions."
            )


# What is damaged


def _truncate(size: int) -> Callable[[Path], None]:
    return lambda path: os.truncate(path, size)


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


CUT = {
    "documents.sqlite missing": ("documents.sqlite", Path.unlink, "The documents are missing", RESTORE),
    "documents.sqlite corrupt": (
        "documents.sqlite",
        lambda path: path.write_bytes(b"x" * 9999),
        "The documents cannot be read (file is not a database)",
        RESTORE,
    ),
    "documents.sqlite cut short": (
        "documents.sqlite",
        _truncate(40960),
        "The documents cannot be read (database disk image is malformed)",
        RESTORE,
    ),
    "a column cut short": (
        "editions/000002/columns/status.npy",
        _truncate(200),
        "The file has 200 bytes; it was published with 728",
        REBUILD,
    ),
    "a column missing": ("editions/000002/columns/status.npy", Path.unlink, "The file is missing", REBUILD),
    "the index's head missing": ("editions/000002/index/meta.json", Path.unlink, "The file is missing", REBUILD),
}


@pytest.mark.parametrize("damage", CUT)
def test_what_is_damaged_is_named(library: Path, damage: str) -> None:
    """Opening says which file and what to do; a check lists it; rebuilding mends all but the documents."""
    name, break_it, problem, then = CUT[damage]
    whole = shown(open_library(library))
    for beside in library.glob("documents.sqlite-*"):
        beside.unlink()
    break_it(library / name)
    with pytest.raises(LibraryDamaged) as caught:
        open_library(library)
    assert str(caught.value) == f"{library / name}: {problem}\n{then}"
    assert [(fault.where, fault.problem) for fault in check_library(library).faults] == [(name, problem)]
    if then == REBUILD:
        rebuild_library(library)
        assert shown(open_library(library)) == whole


def test_a_missing_segment_is_named(library: Path) -> None:
    """Each file of the index counts."""
    segment = next((library / "editions" / "000002" / "index").glob("*.idx"))
    segment.unlink()
    with pytest.raises(LibraryDamaged) as caught:
        open_library(library)
    assert str(caught.value) == f"{segment}: The file is missing\n{REBUILD}"


@pytest.mark.parametrize("lost", ["CURRENT", "editions"])
def test_documents_alone_make_the_library_again(library: Path, lost: str) -> None:
    """Whatever became of CURRENT and the editions."""
    whole = shown(open_library(library))
    if lost == "CURRENT":
        (library / "CURRENT").write_text("the last one\n")
    else:
        shutil.rmtree(library / "editions")
    with pytest.raises(LibraryDamaged):
        open_library(library)
    rebuild_library(library)
    assert shown(open_library(library)) == whole


# The commands


def test_library_says_what_is_in_it(library: Path) -> None:
    """Counts, dates, sizes, editions, format and dictionary; and the same for programs."""
    printed = run("library", "--library", library).stdout
    for words in (
        "Studies",
        "150",
        "from ctgov",
        "recruiting",
        "Versions",
        "190",
        "Editions kept",
        "1, 2",
        "documents",
    ):
        assert words in printed
    answer = json.loads(run("library", "--library", library, "--format", "json").stdout)
    assert (answer["studies"], answer["versions"], answer["edition"], answer["editions"]) == (150, 190, 2, [1, 2])
    assert (answer["format"], answer["sources"], answer["unfinished"]) == (2, {"ctgov": 150}, 0)
    assert sum(answer["statuses"].values()) == 150
    assert answer["updated_from"] <= answer["updated_to"] == open_library(library).edition.updated
    assert set(answer["size"]) == {"documents", "index", "columns", "criteria", "earlier", "other"}
    assert (answer["dictionaries"], answer["dictionary_size"]) > (0, 0)


def test_library_check_of_a_whole_library(library: Path) -> None:
    """It says what was read, and that nothing is wrong."""
    assert run("library", "check", "--library", library).stdout == (
        "150 studies in 190 versions, every document read\nNothing is wrong\n"
    )
    assert run("library", "check", "--quick", "--library", library).stdout == (
        "150 studies in 190 versions, documents not read\nNothing is wrong\n"
    )


def test_library_check_lists_what_is_wrong(library: Path) -> None:
    """With exit code 4, and what to do."""
    _flip(library / "editions" / "000002" / "columns" / "updated.npy")
    result = run("library", "check", "--library", library)
    assert (result.exit_code, result.stdout) == (4, "0 studies in 190 versions, every document read\n")
    assert result.stderr == (
        "\n1 thing is wrong:\n"
        "  editions/000002/columns/updated.npy: The content of the file is not what was published\n"
        "Where a document is broken or missing, restore the folder from a copy, or load the record again. "
        "All else comes right with `equipoise library rebuild`.\n"
    )


def test_library_rebuild_shows_the_same(library: Path) -> None:
    """As the next edition."""
    before = shown(open_library(library))
    printed = run("library", "rebuild", "--library", library).stdout
    assert printed == f"150 studies in {library}, edition 3\n"
    assert shown(open_library(library)) == before
    assert check_library(library).faults == []


def test_library_compact_keeps_every_version(library: Path) -> None:
    """Unless told otherwise: documents, versions and searches are the same, and the earlier editions go."""
    before, versions = shown(open_library(library)), open_library(library).versions("NCT99100007")
    printed = run("library", "compact", "--library", library).stdout.splitlines()
    assert printed[1:] == [f"150 studies in {library}, edition 3"]
    opened = open_library(library)
    assert (shown(opened), opened.versions("NCT99100007")) == (before, versions)
    assert [file.name for file in library.glob("documents*.sqlite")] == ["documents-000003.sqlite"]
    assert [folder.name for folder in (library / "editions").iterdir()] == ["000003"]
    assert check_library(library).faults == []


def test_library_compact_keep_drops_superseded_versions(library: Path) -> None:
    """``--keep 1`` leaves the current ones; loading goes on as ever."""
    before = shown(open_library(library))
    printed = run("library", "compact", "--keep", "1", "--library", library).stdout.splitlines()
    assert printed[0] == "40 earlier versions removed"
    opened = open_library(library)
    assert (shown(opened), len(opened.versions("NCT99100007"))) == (before, 1)
    (library.parent / "c.jsonl").write_bytes(varied([7, 500], mark=" c"))
    summary = load([library.parent / "c.jsonl"], library)
    assert (summary.added, summary.changed) == (1, 1)
    assert check_library(library).faults == []


def test_compacting_a_damaged_library_changes_nothing(library: Path) -> None:
    """It names the document and leaves everything as it was."""
    with sqlite3.connect(library / "documents.sqlite") as connection:
        connection.execute("UPDATE versions SET digest = x'00' WHERE id = 60")
    connection.close()
    before = shown(open_library(library))
    with pytest.raises(LibraryDamaged) as caught:
        compact_library(library)
    assert str(caught.value) == (
        f"{library / 'documents.sqlite'}: The document 60 is not what was written\n"
        "`equipoise library check` lists all such documents."
    )
    assert shown(open_library(library)) == before
    assert [file.name for file in library.glob("documents*.sqlite")] == ["documents.sqlite"]


# Another version's index


@pytest.mark.parametrize("field", ["index", "layout"])
def test_an_index_of_another_version_is_made_anew(
    library: Path, tmp_path: Path, field: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It is never opened: the first reader or the first load rebuilds it, and says so."""
    place = library / "editions" / "000002"
    edition = json.loads((place / "edition.json").read_text())
    before = shown(open_library(library))
    (place / "edition.json").write_text(json.dumps(edition | {field: "another"}))
    (place / "index" / "meta.json").write_bytes(b"what no reader of ours knows")
    other = shutil.copytree(library, tmp_path / "other")
    assert shown(open_library(library)) == before
    assert open_library(library).edition.number == 3
    assert "Making them anew from the documents; nothing is lost." in caplog.text
    assert load([write_varied(tmp_path / "few.jsonl", range(200, 203))], other).added == 3
    assert check_library(other).faults == []
