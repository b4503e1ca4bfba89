"""Notes on the command line: one's own, and those of somebody who has an account on the same desk."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from equipoise.app.cli import app
from equipoise.desk.accounts import add_person
from equipoise.desk.database import open_desk
from equipoise.desk.notes import Draft, add_note
from equipoise.desk.people import LOCAL, Person

NOW = datetime(2026, 1, 15, 9, 40, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk with a note of its one person, and one of an account."""
    monkeypatch.setenv("EQUIPOISE_DESK", str(tmp_path / "desk"))
    desk = open_desk(tmp_path / "desk")
    ada = add_person(desk, "ada", "correct horse battery", NOW)
    add_note(desk, Person(LOCAL), Draft(study="NCT99000001", text="Warm tea."), now=NOW)
    add_note(desk, ada, Draft(study="NCT99000002", text="Cold tea."), now=NOW)
    return tmp_path


def said(*words: object) -> str:
    """Return what a command prints, or its error."""
    result = CliRunner().invoke(app, ["notes", *map(str, words)])
    return result.output + str(result.exception or "")


def test_whose_notes_are_meant(folder: Path) -> None:
    """Without a name those of this computer's one person, with it those of an account, and never both."""
    assert "Warm tea." in said("list") and "Cold tea." not in said("list")
    assert "Cold tea." in said("list", "--person", "ADA") and "Warm tea." not in said("list", "--person", "ada")
    assert "Nobody has this name" in said("list", "--person", "bob")


def test_notes_move_into_an_account(folder: Path) -> None:
    """What was written before there were accounts is brought into one."""
    said("export", folder / "mine.jsonld")
    assert "1 note" in said("import", folder / "mine.jsonld", "--person", "ada")
    assert "Warm tea." in said("list", "--person", "ada")
