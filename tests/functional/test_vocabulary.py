"""The command `vocabulary`, as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

from unit.store.made import FIRST, command, document

DATA = Path(__file__).parents[1] / "data"


def test_mesh_is_added_and_listed(tmp_path: Path) -> None:
    """What was added is told, listed for people and for programs, and replaced when added again."""
    library = tmp_path / "library"
    told = command("vocabulary", "add", "mesh", DATA / "mesh_descriptors.xml", "--library", library).stdout.decode()
    assert told == (
        "5 concepts with 7 new phrases added from mesh_descriptors.xml; "
        "1 heading left out, of which no criterion asks.\n"
    )
    assert command("vocabulary", "add", "mesh", DATA / "mesh_descriptors.bin", "--library", library).returncode == 0
    listed = json.loads(command("vocabulary", "list", "--library", library, "--format", "json").stdout)
    assert [(one["source"], one["file"], one["concepts"]) for one in listed] == [("mesh", "mesh_descriptors.bin", 3)]
    table = command("vocabulary", "list", "--library", library).stdout.decode()
    assert table.split("\n")[1].split() == ["mesh", "mesh_descriptors.bin", "3", "5", "2", "0"]


def test_a_library_without_one_says_how_to_add_one(tmp_path: Path) -> None:
    """An empty list is a sentence."""
    told = command("vocabulary", "list", "--library", tmp_path / "library").stdout.decode()
    assert told == "This library has no vocabulary of its own. Add one with `equipoise vocabulary add mesh FILE`.\n"


def test_a_vocabulary_may_come_before_the_first_load_and_outlives_rebuilds(tmp_path: Path) -> None:
    """The folder that it made takes studies, and neither a rebuild nor compacting drops it."""
    library = tmp_path / "library"
    (tmp_path / "a.json").write_bytes(document(FIRST))
    command("vocabulary", "add", "mesh", DATA / "mesh_descriptors.bin", "--library", library)
    assert command("load", tmp_path / "a.json", "--library", library).returncode == 0
    assert command("library", "rebuild", "--library", library).returncode == 0
    assert command("library", "compact", "--library", library).returncode == 0
    assert command("library", "check", "--library", library).returncode == 0
    assert b"mesh_descriptors.bin" in command("vocabulary", "list", "--library", library).stdout


def test_stored_criteria_are_made_anew_with_it(tmp_path: Path) -> None:
    """Until then a search says that none are compiled; what is shown meanwhile knows the vocabulary already."""
    library, criteria = tmp_path / "library", {"eligibilityCriteria": "Exclusion Criteria:\n\n* Kite disorders"}
    (tmp_path / "a.json").write_bytes(document(FIRST, eligibility=criteria))
    asked = ("search", "--excludes", "kite diseases", "--library", library)
    assert command("load", tmp_path / "a.json", "--library", library).returncode == 0
    assert command("search", "--excludes", "gout", "--library", library).returncode == 0
    told = command("vocabulary", "add", "mesh", DATA / "mesh_descriptors.bin", "--library", library).stdout.decode()
    assert told.splitlines()[1:] == [
        "The criteria in this library are compiled with it by the next load, or by `equipoise library compile`."
    ]
    assert "0 of 1 studies are compiled" in command(*asked).stdout.decode()
    assert "kite diseases" in command("criteria", FIRST, "--library", library).stdout.decode()
    assert command("library", "compile", "--library", library).returncode == 0
    found = command(*asked).stdout.decode()
    assert "1 found: all studies, excluding kite diseases" in found and FIRST in found
    assert command("library", "check", "--library", library).returncode == 0
    assert command("library", "compile", "--library", library).stdout.startswith(b"There is nothing to compile")


def test_texts_of_your_own_are_read_with_it(tmp_path: Path) -> None:
    """`criteria --text` and `--jsonl` know the vocabularies of the library that they are given."""
    command("vocabulary", "add", "mesh", DATA / "mesh_descriptors.bin", "--library", tmp_path)
    line = b'{"id": "1", "text": "Kite mycin", "section": "exclusion"}'
    for arguments, given in ((("--jsonl", "-"), line), (("--text", "-", "--section", "exclusion"), b"Kite mycin")):
        told = command("criteria", *arguments, "--format", "json", "--library", tmp_path, given=given)
        assert b"D990003" in told.stdout


def test_the_terms_of_records_are_added(tmp_path: Path) -> None:
    """A condition that only a record's terms name is known, and its class counts."""
    library, loaded = tmp_path / "library", json.loads(document(FIRST))
    loaded["derivedSection"] = {
        "conditionBrowseModule": {
            "meshes": [{"id": "D990001", "term": "Disease, Kite, Acute"}],
            "ancestors": [{"id": "D007239", "term": "Infections"}],
        }
    }
    loaded["protocolSection"]["eligibilityModule"] = {"eligibilityCriteria": "Exclusion Criteria:\n\n* Infections"}
    (tmp_path / "a.json").write_text(json.dumps(loaded))
    assert command("load", tmp_path / "a.json", "--library", library).returncode == 0
    told = command("vocabulary", "add", "records", "--library", library).stdout.decode()
    assert told.startswith("1 concept with 1 new phrase added from 1 study; 0 headings left out")
    assert command("library", "compile", "--library", library).returncode == 0
    found = command("search", "--excludes", "acute kite disease", "--library", library).stdout.decode()
    assert "1 found: all studies, excluding acute kite disease" in found and FIRST in found


def test_each_source_says_what_it_reads(tmp_path: Path) -> None:
    """MeSH needs a file and records take none."""
    answer = command("vocabulary", "add", "mesh", "--library", tmp_path)
    assert answer.returncode == 1
    assert answer.stderr.decode().splitlines()[1:] == [
        "Name the file of MeSH descriptors",
        "For example: equipoise vocabulary add mesh desc2026.xml",
    ]
    answer = command("vocabulary", "add", "records", "a.xml", "--library", tmp_path)
    assert answer.returncode == 1
    assert answer.stderr.decode().splitlines()[1:] == [
        "a.xml: A vocabulary of records is read from the library's own studies, not from a file",
        "Leave the file out; --library says which library.",
    ]


def test_a_broken_file_changes_nothing(tmp_path: Path) -> None:
    """The error is printed without a traceback, and the vocabulary that was there stays."""
    library, broken = tmp_path / "library", tmp_path / "d2026.bin"
    command("vocabulary", "add", "mesh", DATA / "mesh_descriptors.bin", "--library", library)
    broken.write_text("*NEWRECORD\nMH = Kite\n")
    answer = command("vocabulary", "add", "mesh", broken, "--library", library)
    assert answer.returncode == 3
    assert answer.stderr.decode().splitlines()[:2] == ["Not read", f"{broken}: The record at line 1 has no MH or no UI"]
    assert b"mesh_descriptors.bin" in command("vocabulary", "list", "--library", library).stdout
