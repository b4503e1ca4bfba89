"""A library: versions, editions, one writer, and what it says when it cannot be used."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from equipoise.errors import (
    LibraryBusy,
    LibraryDamaged,
    LibraryEmpty,
    LibraryError,
    LibraryTooNew,
    StudyNotFound,
)
from equipoise.intake.opening import open_library
from equipoise.records.sidecar import Sidecar
from equipoise.store.editions import FORMAT, Folder, library_folder
from equipoise.store.library import Library
from equipoise.store.writer import LibraryWriter
from unit.store.made import FIRST, SECOND, THIRD, document, entry, library, write


def titles(opened: Library) -> dict[str, str | None]:
    """Return the title of every study."""
    return {number: opened.study(number).title for number, _ in opened.documents()}


def everything(folder: Path) -> dict[str, bytes]:
    """Return the content of every file of a library but its lock and SQLite's own."""
    unsteady = ("LOCK", "documents.sqlite", "documents.sqlite-wal", "documents.sqlite-shm")
    files = (file for file in folder.rglob("*") if file.is_file() and file.name not in unsteady)
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


# What becomes of a record


def test_the_same_record_twice_changes_nothing(tmp_path: Path) -> None:
    """No version, no edition, no file is new."""
    assert write(tmp_path, document()) == {"added": 1}
    before = everything(tmp_path)
    assert write(tmp_path, document()) == {"unchanged": 1}
    assert everything(tmp_path) == before
    assert len(open_library(tmp_path).versions(FIRST)) == 1


def test_nothing_to_publish_makes_no_edition(tmp_path: Path) -> None:
    """A load without any record leaves a new library empty."""
    with LibraryWriter(tmp_path) as writer:
        assert writer.publish() is None
    with pytest.raises(LibraryEmpty):
        open_library(tmp_path)


def test_white_space_between_values_is_no_change(tmp_path: Path) -> None:
    """A record that was only indented is the same; the bytes of the first stay."""
    plain = document()
    indented = plain.replace(b": ", b" :\n\t").replace(b", ", b",\n  ")
    assert indented != plain
    assert write(tmp_path, plain) == {"added": 1}
    assert write(tmp_path, indented) == {"unchanged": 1}
    assert open_library(tmp_path).document(FIRST) == plain


def test_white_space_in_a_text_is_a_change(tmp_path: Path) -> None:
    """What a reader would see changed."""
    assert write(tmp_path, document(title="Two words")) == {"added": 1}
    assert write(tmp_path, document(title="Two  words")) == {"changed": 1}


def test_a_newer_update_replaces(tmp_path: Path) -> None:
    """The study that the registry updated last is the current one; both are kept, it last."""
    old, new = document(title="Old", updated="2024-01-31"), document(title="New", updated="2024-02-01")
    write(tmp_path, old)
    assert write(tmp_path, new) == {"changed": 1}
    opened = open_library(tmp_path)
    assert opened.document(FIRST) == new
    assert [(version.updated, version.edition) for version in opened.versions(FIRST)] == [
        ("2024-01-31", 1),
        ("2024-02-01", 2),
    ]


def test_an_older_record_is_kept_and_is_not_current(tmp_path: Path) -> None:
    """It becomes an earlier version of the study that is known better."""
    write(tmp_path, document(title="New", updated="2024-02-01"))
    assert write(tmp_path, document(title="Old", updated="2024-01-31")) == {"older": 1}
    opened = open_library(tmp_path)
    assert titles(opened) == {FIRST: "New"}
    assert [version.updated for version in opened.versions(FIRST)] == ["2024-01-31", "2024-02-01"]
    assert len(opened.index) == 1


def test_a_record_without_a_date_is_older_than_any(tmp_path: Path) -> None:
    """What does not say when it was updated does not replace what does."""
    write(tmp_path, document(title="Dated", updated="1999-01-01"))
    assert write(tmp_path, document(title="Undated")) == {"older": 1}
    assert titles(open_library(tmp_path)) == {FIRST: "Dated"}


@pytest.mark.parametrize("later", ["fuller", "thinner"])
@pytest.mark.parametrize(
    ("fuller", "thinner"),
    [("ctgov", "ctgov-xml"), ("ctgov-xml", "meddatax"), ("meddatax", "trialx"), ("ctgov", "trialx")],
)
def test_on_one_day_the_fuller_source_wins(tmp_path: Path, fuller: str, thinner: str, later: str) -> None:
    """Whichever is loaded later: JSON over XML over MedDataX over TrialX."""
    entries = [
        entry(document(title=fuller, updated="2024-02-01"), source=fuller),
        entry(document(title=thinner, updated="2024-02-01"), source=thinner),
    ]
    if later == "fuller":
        entries.reverse()
    for one in entries:
        write(tmp_path, one)
    opened = open_library(tmp_path)
    assert titles(opened) == {FIRST: fuller}
    assert [version.source for version in opened.versions(FIRST)] == [thinner, fuller]
    assert opened.edition.sources == {fuller: 1}


def test_a_newer_update_from_a_thinner_source_wins(tmp_path: Path) -> None:
    """The date decides before the source."""
    write(tmp_path, entry(document(title="Full", updated="2024-02-01"), source="ctgov"))
    write(tmp_path, entry(document(title="Thin", updated="2024-02-02"), source="trialx"))
    assert titles(open_library(tmp_path)) == {FIRST: "Thin"}


def test_on_one_day_from_one_source_the_later_record_wins(tmp_path: Path) -> None:
    """A registry may mend a record twice a day."""
    write(tmp_path, document(title="Morning", updated="2024-02-01"))
    assert write(tmp_path, document(title="Evening", updated="2024-02-01")) == {"changed": 1}
    assert titles(open_library(tmp_path)) == {FIRST: "Evening"}


def test_one_load_may_hold_a_study_twice(tmp_path: Path) -> None:
    """The newer record is found, the older kept, and the study stands once in the index."""
    outcomes = write(tmp_path, document(title="New", updated="2024-02-01"), document(title="Old", updated="2024-01-01"))
    opened = open_library(tmp_path)
    assert outcomes == {"added": 1, "older": 1}
    assert (titles(opened), len(opened), len(opened.index)) == ({FIRST: "New"}, 1, 1)


def test_a_changed_sidecar_is_a_change(tmp_path: Path) -> None:
    """What a page shows beside the record belongs to the version."""
    first, second = Sidecar(coarse_status="Recruiting"), Sidecar(coarse_status="Non Recruiting")
    write(tmp_path, entry(document(), source="meddatax", sidecar=first))
    assert write(tmp_path, entry(document(), source="meddatax", sidecar=first)) == {"unchanged": 1}
    assert write(tmp_path, entry(document(), source="meddatax", sidecar=second)) == {"changed": 1}
    assert open_library(tmp_path).record(FIRST).sidecar == second


def test_the_same_document_from_another_source_is_another_version(tmp_path: Path) -> None:
    """Two registries' files that agree are both noted."""
    write(tmp_path, entry(document(), source="ctgov-xml"))
    assert write(tmp_path, entry(document(), source="ctgov")) == {"changed": 1}
    assert [version.source for version in open_library(tmp_path).versions(FIRST)] == ["ctgov-xml", "ctgov"]


# Reading


def test_documents_come_back_byte_for_byte(tmp_path: Path) -> None:
    """Unknown fields, odd spacing, escapes and a doubled key are as they were published."""
    odd = (
        b'{ "protocolSection" : {"identificationModule":{"nctId":"NCT99000901","briefTitle":"\\u00e9 \xc3\xa9"},'
        b'"laterModule":{"a":[1.0,1e2,{"b":null}]}},\n\t"unknown":"\\/", "unknown":2}'
    )
    opened = library(tmp_path, odd, document(SECOND))
    assert opened.document(FIRST) == odd
    assert dict(opened.documents()) == {FIRST: odd, SECOND: document(SECOND)}


def test_many_documents_come_back_through_the_trained_dictionary(tmp_path: Path) -> None:
    """A hundred records train the compression; those before and after read the same."""
    made = {
        f"NCT99{count:06d}": document(
            f"NCT99{count:06d}", f"Study {count}", description={"briefSummary": f"The {count}th of these. " * count}
        )
        for count in range(1, 151)
    }
    write(tmp_path, *made.values())
    more = document(THIRD, "Later", description={"briefSummary": "One of these."})
    write(tmp_path, more)
    assert dict(open_library(tmp_path).documents()) == made | {THIRD: more}


def test_a_version_is_known_without_its_document(tmp_path: Path) -> None:
    """It is the one that the whole record names."""
    made = library(tmp_path, document(FIRST), document(SECOND))
    version = made.version_at(made.row(SECOND))
    assert (version.number, version) == (SECOND, made.record(SECOND).version)


def test_an_alias_leads_to_its_study(tmp_path: Path) -> None:
    """A number that the registry gave up finds the study that took its place."""
    opened = library(tmp_path, document(identification={"nctIdAliases": ["NCT99000999"]}), document(SECOND))
    assert opened.study("NCT99000999").number == FIRST
    assert "NCT99000999" not in opened


def test_a_study_of_its_own_comes_before_an_alias(tmp_path: Path) -> None:
    """A number that is a study here is never read as another's alias."""
    opened = library(tmp_path, document(identification={"nctIdAliases": [SECOND]}), document(SECOND, "Itself"))
    assert opened.study(SECOND).title == "Itself"


@pytest.mark.parametrize("number", ["NCT99000999", "NCT9", "NCT999999999999"])
def test_a_study_that_is_not_there_is_said_so(tmp_path: Path, number: str) -> None:
    """The message says how large the library is and what to do."""
    with pytest.raises(StudyNotFound) as caught:
        library(tmp_path, document(), document(SECOND)).record(number)
    assert str(caught.value) == (
        f"{number} is not in this library of 2 studies\n"
        "Check the number, or load the file that has it with `equipoise load FILE`."
    )


@pytest.mark.parametrize(
    "number", ["", "NCT", "stroke", "XYZ99000901", "nct99000901 ", "NCT99000901x", "ISRCTN99000901"]
)
def test_what_is_no_number_is_no_study(tmp_path: Path, number: str) -> None:
    """Nothing but the study's own number finds it: digits alone do not count."""
    with pytest.raises(StudyNotFound):
        library(tmp_path, document()).record(number)


def test_a_record_says_where_it_came_from(tmp_path: Path) -> None:
    """Its version names source, origin, edition and update."""
    made = entry(document(updated="2024-02"), source="trialx", origin="page.txt", sidecar=Sidecar(overview="Retold"))
    version = library(tmp_path, made).record(FIRST).version
    assert (version.source, version.origin, version.edition, version.updated) == ("trialx", "page.txt", 1, "2024-02")


# Editions


def test_an_open_reader_keeps_its_edition(tmp_path: Path) -> None:
    """It shows what it showed, in text, columns and versions; the next reader sees what was loaded."""
    before = library(tmp_path, document(title="Old", updated="2024-01-01"))
    write(tmp_path, document(title="New", updated="2024-02-01"), document(SECOND))
    after = open_library(tmp_path)
    assert (titles(before), len(before.index), len(before.versions(FIRST))) == ({FIRST: "Old"}, 1, 1)
    assert (titles(after), len(after.versions(FIRST))) == ({FIRST: "New", SECOND: "A study of ours"}, 2)
    assert SECOND not in before
    with pytest.raises(StudyNotFound):
        before.record(SECOND)


def test_the_index_has_each_study_once(tmp_path: Path) -> None:
    """A change takes the old text out, in a later load and within one."""
    write(tmp_path, document(title="1", updated="2024-01-01"), document(title="2", updated="2024-01-02"))
    assert len(open_library(tmp_path).index) == 1
    write(tmp_path, document(title="3", updated="2024-01-03"), document(SECOND))
    assert len(open_library(tmp_path).index) == 2


def test_an_alias_of_a_later_edition_is_not_known_to_an_earlier(tmp_path: Path) -> None:
    """Aliases belong to editions too."""
    before = library(tmp_path, document())
    write(tmp_path, document(title="Renamed", identification={"nctIdAliases": ["NCT99000999"]}))
    with pytest.raises(StudyNotFound):
        before.record("NCT99000999")
    assert open_library(tmp_path).study("NCT99000999").number == FIRST


def test_the_last_two_editions_are_kept(tmp_path: Path) -> None:
    """Older folders go; a reader of one that went still reads what it had open."""
    first = library(tmp_path, document(title="1"))
    for count in range(2, 5):
        write(tmp_path, document(title=str(count)))
    assert sorted(folder.name for folder in (tmp_path / "editions").iterdir()) == ["000003", "000004"]
    assert titles(first) == {FIRST: "1"}
    assert titles(open_library(tmp_path)) == {FIRST: "4"}


def test_an_edition_says_what_it_holds(tmp_path: Path) -> None:
    """Its number, how many studies, from which sources, and the last update of any."""
    opened = library(
        tmp_path,
        entry(document(updated="2024-02-29")),
        entry(document(SECOND, updated="2023-12"), source="trialx"),
        entry(document(THIRD), source="trialx"),
    )
    edition = opened.edition
    assert (edition.number, edition.studies, edition.sources, edition.updated) == (
        1,
        3,
        {"ctgov": 1, "trialx": 2},
        "2024-02-29",
    )
    assert edition.made.endswith("+00:00")


def test_a_writer_that_does_not_publish_leaves_no_trace(tmp_path: Path) -> None:
    """Nothing of it is seen, and the next load begins from the last edition."""
    write(tmp_path, document(title="Kept"))
    before = everything(tmp_path)
    with LibraryWriter(tmp_path) as writer:
        writer.add(entry(document(title="Lost")))
        writer.add(entry(document(SECOND)))
    assert everything(tmp_path) == before
    opened = open_library(tmp_path)
    assert (titles(opened), len(opened.versions(FIRST))) == ({FIRST: "Kept"}, 1)
    assert write(tmp_path, document(SECOND)) == {"added": 1}
    assert open_library(tmp_path).edition.number == 2


def test_a_writer_that_fails_leaves_no_trace(tmp_path: Path) -> None:
    """An error inside is passed on, nothing is published, and the lock is free again."""
    write(tmp_path, document(title="Kept"))
    before = everything(tmp_path)
    with pytest.raises(ZeroDivisionError), LibraryWriter(tmp_path) as writer:
        writer.add(entry(document(title="Lost")))
        raise ZeroDivisionError
    assert everything(tmp_path) == before
    assert titles(open_library(tmp_path)) == {FIRST: "Kept"}
    assert write(tmp_path, document(SECOND)) == {"added": 1}


def test_what_a_killed_load_left_is_forgotten(tmp_path: Path) -> None:
    """Rows and folders of an edition that was never published do not come back with the next."""
    write(tmp_path, document(title="Kept"))
    killed = (
        "import os, sys; sys.path.insert(0, sys.argv[2])\n"
        "from pathlib import Path\n"
        "from unit.store.made import SECOND, document, entry\n"
        "from equipoise.store.writer import LibraryWriter\n"
        "writer = LibraryWriter(Path(sys.argv[1]))\n"
        "writer.add(entry(document(title='Lost'))); writer.add(entry(document(SECOND, 'Lost')))\n"
        "writer._flush(); writer._index.commit(); writer._documents.connection.commit()\n"
        "os._exit(9)\n"
    )
    tests = str(Path(__file__).parents[2])
    assert subprocess.run([sys.executable, "-c", killed, str(tmp_path), tests], check=False).returncode == 9
    assert (tmp_path / "editions" / "000002").exists()
    assert titles(open_library(tmp_path)) == {FIRST: "Kept"}
    assert write(tmp_path, document(THIRD)) == {"added": 1}
    opened = open_library(tmp_path)
    assert titles(opened) == {FIRST: "Kept", THIRD: "A study of ours"}
    assert len(opened.versions(FIRST)) == 1
    assert opened.versions(SECOND) == []


def test_an_index_copy_shares_no_file_that_changes(tmp_path: Path) -> None:
    """A load does not touch a byte of the edition before it."""
    write(tmp_path, document(), document(SECOND))
    place = tmp_path / "editions" / "000001"
    before = everything(place)
    write(tmp_path, document(title="Changed"), document(THIRD))
    assert everything(place) == before


# What it says when it cannot be used


def test_an_empty_library_says_how_to_fill_it(tmp_path: Path) -> None:
    """The whole message."""
    with pytest.raises(LibraryEmpty) as caught:
        open_library(tmp_path / "none")
    assert str(caught.value) == (
        f"{tmp_path / 'none'}: There is no study in this library yet\n"
        "Fill it with `equipoise load FILE` (registry files or trial pages), "
        "or look around first with `equipoise demo`."
    )
    assert not (tmp_path / "none").exists(), "looking makes no folder"


def test_a_second_writer_is_told_so(tmp_path: Path) -> None:
    """While another process writes, readers read and a second writer is refused at once."""
    write(tmp_path, document())
    holding = (
        "import sys; from pathlib import Path\n"
        "from equipoise.store.writer import LibraryWriter\n"
        "with LibraryWriter(Path(sys.argv[1])):\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", holding, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(LibraryBusy) as caught:
            LibraryWriter(tmp_path)
        assert titles(open_library(tmp_path)) == {FIRST: "A study of ours"}
        other.communicate()
    assert str(caught.value) == (
        f"{tmp_path}: Another process is writing to this library\n"
        "Wait until it has finished, then try again; readers are not disturbed."
    )
    assert write(tmp_path, document(SECOND)) == {"added": 1}


def test_a_later_format_is_refused(tmp_path: Path) -> None:
    """Neither reading nor writing touches a library that a later version wrote."""
    write(tmp_path, document())
    (tmp_path / "manifest.json").write_text('{"format": 99, "kind": "equipoise library", "later": true}')
    before = everything(tmp_path)
    message = (
        f"{tmp_path}: The library has format 99; this version of Equipoise reads up to {FORMAT}\n"
        "Update Equipoise (`pip install -U equipoise`), or name another folder with --library."
    )
    for use in (open_library, LibraryWriter):
        with pytest.raises(LibraryTooNew) as caught:
            use(tmp_path)
        assert str(caught.value) == message
    assert everything(tmp_path) == before


def _unlink(name: str):
    return lambda edition: (edition / name).unlink()


def _overwrite(name: str, data: bytes):
    return lambda edition: (edition / name).write_bytes(data)


DAMAGES = {
    "CURRENT is not a number": _overwrite("../../CURRENT", b"seven"),
    "CURRENT is no text": _overwrite("../../CURRENT", b"\xff\xfe"),
    "CURRENT is empty": _overwrite("../../CURRENT", b""),
    "CURRENT names no edition": _overwrite("../../CURRENT", b"9\n"),
    "the manifest is no JSON": _overwrite("../../manifest.json", b"{"),
    "the edition is not described": _unlink("edition.json"),
    "the description is cut short": _overwrite("edition.json", b'{"number": 1'),
    "a column is missing": _unlink("columns/status.npy"),
    "offsets are missing": _unlink("columns/phase.offsets.npy"),
    "a column is empty": _overwrite("columns/status.npy", b""),
    "a column is no column": _overwrite("columns/status.npy", b"not numpy at all"),
    "the names are missing": _unlink("columns/names.json"),
    "the names are no JSON": _overwrite("columns/names.json", b"["),
    "the index is missing": lambda edition: shutil.rmtree(edition / "index"),
    "the index has no meta": _unlink("index/meta.json"),
    "the index's meta is broken": _overwrite("index/meta.json", b"{"),
    "the documents are missing": _unlink("../../documents.sqlite"),
    "the documents are no database": _overwrite("../../documents.sqlite", b"not a database" * 500),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library to be damaged."""
    folder = tmp_path_factory.mktemp("whole")
    write(folder, document(status={"overallStatus": "RECRUITING"}), document(SECOND, design={"phases": ["PHASE1"]}))
    return folder


def _damaged(whole: Path, folder: Path, damage: str) -> Path:
    shutil.copytree(whole, folder)
    for beside in ("documents.sqlite-wal", "documents.sqlite-shm"):
        (folder / beside).unlink(missing_ok=True)
    DAMAGES[damage](folder / "editions" / "000001")
    return folder


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_library_is_said_to_be_damaged(whole: Path, tmp_path: Path, damage: str) -> None:
    """Reading names what is broken and says what to do; it never fails in another way."""
    folder = _damaged(whole, tmp_path / "library", damage)
    with pytest.raises(LibraryDamaged) as caught:
        open_library(folder).record(FIRST)
    assert caught.value.next


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_library_is_not_written(whole: Path, tmp_path: Path, damage: str) -> None:
    """Loading is refused in the same words, and the lock is free afterwards."""
    folder = _damaged(whole, tmp_path / "library", damage)
    for _ in range(2):
        with pytest.raises(LibraryDamaged):
            write(folder, document(THIRD))


def test_the_message_of_a_missing_column_is_whole(whole: Path, tmp_path: Path) -> None:
    """It names the edition, the file and the way out."""
    folder = _damaged(whole, tmp_path / "library", "a column is missing")
    place = folder / "editions" / "000001"
    with pytest.raises(LibraryDamaged) as caught:
        open_library(folder)
    assert str(caught.value) == (
        f"{place / 'columns' / 'status.npy'}: The file is missing\n"
        "`equipoise library rebuild` makes it again from the documents, which stay untouched."
    )


@pytest.mark.parametrize("under", ["", "under"])
def test_a_file_is_no_library(tmp_path: Path, under: str) -> None:
    """Where a file lies in the way, writing says so and changes nothing."""
    (tmp_path / "file").write_text("mine")
    place = tmp_path / "file" / under
    with pytest.raises(LibraryError) as caught:
        LibraryWriter(place)
    reason = "Not a directory" if under else "File exists"
    assert str(caught.value) == (
        f"{place}: The folder cannot be written ({reason})\nChoose another with --library, or change its permissions."
    )
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("under", ["", "under"])
def test_a_file_cannot_be_read_as_a_library(tmp_path: Path, under: str) -> None:
    """Reading says so as well."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(LibraryError):
        open_library(tmp_path / "file" / under)


def test_what_else_lies_in_the_folder_stays(tmp_path: Path) -> None:
    """Files and folders of the user's are neither read nor deleted."""
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "editions" / "2024 report").mkdir(parents=True)
    (tmp_path / "editions" / "2024 report" / "text").write_text("mine")
    for title in ("1", "2", "3"):
        write(tmp_path, document(title=title))
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert (tmp_path / "editions" / "2024 report" / "text").read_text() == "mine"


def test_the_folder_is_the_option_then_the_environment_then_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``--library`` comes before ``$EQUIPOISE_LIBRARY``, which comes before the user's data folder."""
    monkeypatch.setenv("EQUIPOISE_LIBRARY", str(tmp_path / "named"))
    assert library_folder(tmp_path / "option") == tmp_path / "option"
    assert library_folder() == tmp_path / "named"
    monkeypatch.delenv("EQUIPOISE_LIBRARY")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    if sys.platform == "linux":
        assert library_folder() == tmp_path / "data" / "equipoise" / "library"


def test_columns_and_documents_agree(tmp_path: Path) -> None:
    """Each row's version is the document of that row's study, after several loads."""
    write(tmp_path, document(THIRD), document())
    write(tmp_path, document(SECOND), document(THIRD, "Changed"))
    opened = open_library(tmp_path)
    assert [opened.record_at(row).study.number for row in range(len(opened))] == [FIRST, SECOND, THIRD]
    assert opened.columns.flat["number"].dtype == np.uint32
    assert opened.study(THIRD).title == "Changed"
    assert Folder(tmp_path).current() == 2
