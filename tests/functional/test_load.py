"""`equipoise load`: anything named is read, counted, and explained."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from unit.store.made import FIRST, SECOND, THIRD, command, document, write

KNOWN = (
    "Known formats: ctgov (ClinicalTrials.gov v2 JSON), ctgov-xml (ClinicalTrials.gov XML (legacy)), "
    "meddatax (MedDataX page, as text), trialx (TrialX Connect page, as text). `--as` names one."
)
AGAIN = (
    "The record is not ClinicalTrials.gov v2 JSON as published; fetch it again. The other records of the file are read."
)


def counts(output: bytes) -> dict[str, int]:
    """Return the counts that a summary names."""
    found = {}
    for line in output.decode().splitlines():
        count, _, name = line.strip().partition("  ")
        if count.replace(",", "").isdigit():
            found[name.strip().split("  ")[0]] = int(count.replace(",", ""))
    return found


def _last(output: bytes) -> str:
    return output.decode().strip().splitlines()[-1]


def test_a_first_load_says_what_was_added_and_where(tmp_path: Path) -> None:
    """Counts, the library's folder, the speed; nothing on standard error."""
    (tmp_path / "a.json").write_bytes(document())
    (tmp_path / "b.json").write_bytes(document(SECOND))
    answer = command("load", tmp_path / "a.json", tmp_path / "b.json", "--library", tmp_path / "library")
    assert (answer.returncode, answer.stderr) == (0, b"")
    assert counts(answer.stdout) == {"added": 2, "not read": 0}
    assert _last(answer.stdout).startswith(f"2 studies in {tmp_path / 'library'} (")
    assert _last(answer.stdout).endswith(" records/s)")


def test_a_second_load_says_that_nothing_is_new(tmp_path: Path) -> None:
    """The same file twice."""
    (tmp_path / "a.json").write_bytes(document())
    command("load", tmp_path / "a.json", "--library", tmp_path / "library")
    answer = command("load", tmp_path / "a.json", "--library", tmp_path / "library")
    assert (answer.returncode, counts(answer.stdout)) == (0, {"added": 0, "unchanged": 1, "not read": 0})
    assert _last(answer.stdout) == f"Nothing new; {tmp_path / 'library'} stays as it was"


def test_changed_and_older_records_are_told_apart(tmp_path: Path) -> None:
    """Both are kept; the newer is the current one."""
    write(tmp_path / "library", document(updated="2024-02-01"), document(SECOND, updated="2024-02-01"))
    lines = [document(title="Newer", updated="2024-03-01"), document(SECOND, "Older", updated="2024-01-01")]
    answer = command("load", "-", "--library", tmp_path / "library", given=b"\n".join(lines))
    assert counts(answer.stdout) == {"added": 0, "changed": 1, "older": 1, "not read": 0}
    assert b"kept as earlier versions" in answer.stdout


def _zipped(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.json", data)
    return buffer.getvalue()


@pytest.mark.parametrize("pack", [bytes, gzip.compress, _zipped])
def test_standard_input_is_read(tmp_path: Path, pack: type[bytes]) -> None:
    """Plain or packed: ``curl … | equipoise load -``."""
    answer = command("load", "-", "--library", tmp_path, given=pack(document()))
    assert (answer.returncode, counts(answer.stdout)) == (0, {"added": 1, "not read": 0})


def test_what_is_not_read_is_listed_and_the_rest_is_loaded(tmp_path: Path) -> None:
    """Each with its file, record and reason; then what to do; the exit code says so."""
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "broken.jsonl").write_bytes(b"\n".join([document(), b'{"protocolSection": 7}', document(SECOND)]))
    (folder / "good.json").write_bytes(document(THIRD))
    (folder / "page.html").write_bytes(b"<!DOCTYPE html><html></html>")
    answer = command("load", folder, "--library", tmp_path / "library")
    assert (answer.returncode, counts(answer.stdout)) == (3, {"added": 3, "not read": 2})
    assert answer.stderr.decode().strip() == (
        "2 of 5 not read:\n"
        f"  {folder / 'broken.jsonl'}, line 2: Expected `object`, got `int` - at `$.protocolSection`\n"
        f"  {folder / 'page.html'}: The format of the file is not known: "
        f"it is a web page (HTML), and trial pages are read as text\n{AGAIN}\n{KNOWN}"
    )


def test_broken_records_can_be_passed_over(tmp_path: Path) -> None:
    """They are listed all the same; the exit code is 0."""
    (tmp_path / "a.jsonl").write_bytes(document() + b"\n" + b'{"protocolSection": 7}')
    answer = command("load", tmp_path / "a.jsonl", "--library", tmp_path / "library", "--skip-broken")
    assert (answer.returncode, counts(answer.stdout)) == (0, {"added": 1, "not read": 1})
    assert b"1 of 2 not read" in answer.stderr


def test_many_broken_records_are_listed_in_part(tmp_path: Path) -> None:
    """The first twenty, and how many more."""
    (tmp_path / "a.jsonl").write_bytes(b"\n".join([b'{"protocolSection": 7}'] * 30))
    answer = command("load", tmp_path / "a.jsonl", "--library", tmp_path / "library")
    lines = answer.stderr.decode().strip().splitlines()
    assert lines[0] == "30 of 30 not read:"
    assert lines[21:] == ["  … and 10 more", AGAIN]


def test_a_library_that_stays_empty_is_not_said_to_be_filled(tmp_path: Path) -> None:
    """Where nothing could be read there is still no study."""
    (tmp_path / "a.txt").write_text("hello")
    answer = command("load", tmp_path / "a.txt", "--library", tmp_path / "library")
    assert (answer.returncode, counts(answer.stdout)) == (3, {"added": 0, "not read": 1})
    assert command("library", "--library", tmp_path / "library").returncode == 4


def test_a_path_that_is_not_there_is_said_before_anything_is_read(tmp_path: Path) -> None:
    """The whole message; no library is made."""
    (tmp_path / "a.json").write_bytes(document())
    missing = tmp_path / "none.json"
    answer = command("load", tmp_path / "a.json", missing, "--library", tmp_path / "library")
    assert (answer.returncode, answer.stdout) == (3, b"")
    assert answer.stderr.decode() == f"Not read\n{missing}: No such file or folder\nCheck the path.\n"
    assert not (tmp_path / "library").exists()


def test_a_format_that_there_is_not_is_said(tmp_path: Path) -> None:
    """The whole message."""
    (tmp_path / "a.json").write_bytes(document())
    answer = command("load", tmp_path / "a.json", "--as", "csv", "--library", tmp_path / "library")
    assert answer.returncode == 1
    assert answer.stderr.decode() == (
        "This cannot be done\nNo source is named 'csv'\nChoose one of: ctgov, ctgov-xml, meddatax, trialx.\n"
    )


def test_a_format_can_be_named(tmp_path: Path) -> None:
    """Where the file does not show it."""
    (tmp_path / "a.json").write_bytes(b'{"padding": "' + b" " * 5000 + b'", ' + document()[1:])
    assert command("load", tmp_path / "a.json", "--library", tmp_path / "one").returncode == 3
    answer = command("load", tmp_path / "a.json", "--as", "ctgov", "--library", tmp_path / "two")
    assert (answer.returncode, counts(answer.stdout)) == (0, {"added": 1, "not read": 0})


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """The whole message."""
    (tmp_path / "a.json").write_bytes(document())
    answer = command("load", tmp_path / "a.json", "--library", tmp_path / "a.json")
    assert answer.returncode == 4
    assert answer.stderr.decode() == (
        f"The library cannot be used\n{tmp_path / 'a.json'}: The folder cannot be written (File exists)\n"
        "Choose another with --library, or change its permissions.\n"
    )


def test_the_environment_names_the_library(tmp_path: Path) -> None:
    """Where no option does."""
    (tmp_path / "a.json").write_bytes(document())
    answer = command("load", tmp_path / "a.json", EQUIPOISE_LIBRARY=str(tmp_path / "named"))
    assert f" in {tmp_path / 'named'}".encode() in answer.stdout
    shown = command("show", FIRST, EQUIPOISE_LIBRARY=str(tmp_path / "named"))
    assert (shown.returncode, b"A study of ours" in shown.stdout) == (0, True)
