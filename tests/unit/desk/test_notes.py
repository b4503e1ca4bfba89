"""Notes are kept, changed, removed and restored, and are their writer's alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from equipoise.desk.anchors import Anchor
from equipoise.desk.database import Desk, open_desk
from equipoise.desk.notes import (
    LONGEST,
    Draft,
    add_note,
    change_note,
    note_of,
    notes_of,
    read_tags,
    remove_note,
    removed_notes,
    restore_note,
)
from equipoise.desk.people import Person
from equipoise.desk.tables import people
from equipoise.errors import InputError, NotOnDesk

NOW = datetime(2026, 1, 15, 8, 40, tzinfo=UTC)
ADA, BEN = Person(1), Person(2, "Ben")
KEY = "6f0c3a52-2b1e-4c57-9d0a-0d8f6a1b2c3d"
DRAFT = Draft(
    study="NCT99000001", text="Ask about tea.", version="ab12", place=Anchor("about", "warm", "is ", ".", 7, 11),
    tags=("ask",), key=KEY,
)  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = open_desk(tmp_path / "desk")
    with desk.writing() as connection:
        connection.execute(people.insert().values(name="Ben", created=""))
    return desk


def test_a_note_is_kept(desk: Desk) -> None:
    """All that was given comes back, with the moment at which it was written."""
    kept = add_note(desk, ADA, DRAFT, now=NOW)
    assert note_of(desk, ADA, kept.id) == kept
    assert (kept.study, kept.version, kept.place, kept.text) == ("NCT99000001", "ab12", DRAFT.place, "Ask about tea.")
    assert (kept.tags, kept.created, kept.revision, kept.deleted) == (("ask",), "2026-01-15T08:40:00Z", 1, None)


def test_a_note_saved_twice_is_one(desk: Desk) -> None:
    """A form that is sent again makes no second note; what says something else is not lost."""
    first = add_note(desk, ADA, DRAFT, now=NOW)
    assert add_note(desk, ADA, DRAFT, now=NOW) == first
    other = add_note(desk, ADA, Draft(study="NCT99000001", text="Something else", key=KEY), now=NOW)
    assert other.id != first.id and len(notes_of(desk, ADA)) == 2
    remove_note(desk, ADA, first.id, now=NOW)
    assert add_note(desk, ADA, DRAFT, now=NOW) == first


def test_another_persons_note_is_not_there(desk: Desk) -> None:
    """Nobody reads, changes, removes or restores a note of somebody else, and the answer is that there is none."""
    kept = add_note(desk, ADA, DRAFT, now=NOW)
    for attempt in (
        lambda: note_of(desk, BEN, kept.id),
        lambda: change_note(desk, BEN, kept.id, text="x", tags=(), revision=1, now=NOW),
        lambda: remove_note(desk, BEN, kept.id, now=NOW),
        lambda: restore_note(desk, BEN, kept.id),
        lambda: note_of(desk, BEN, 999),
    ):
        with pytest.raises(NotOnDesk, match=r"There is no note \d+ on your desk"):
            attempt()
    assert notes_of(desk, BEN) == []
    assert notes_of(desk, ADA) == [kept]
    assert add_note(desk, BEN, DRAFT, now=NOW).id != kept.id


def test_two_who_change_one_note_lose_nothing(desk: Desk) -> None:
    """The second is given the note as it is now, and changes nothing until they say so with its revision."""
    kept = add_note(desk, ADA, DRAFT, now=NOW)
    first = change_note(desk, ADA, kept.id, text="Once", tags=(), revision=1, now=NOW)
    second = change_note(desk, ADA, kept.id, text="Twice", tags=(), revision=1, now=NOW)
    assert (first.kept, second.kept, second.note.text, second.note.revision) == (True, False, "Once", 2)
    assert change_note(desk, ADA, kept.id, text="Once", tags=(), revision=1, now=NOW).kept
    assert change_note(desk, ADA, kept.id, text="Both", tags=(), revision=2, now=NOW).note.text == "Both"


def test_what_was_removed_is_restored(desk: Desk) -> None:
    """A removed note is in no list; it comes back as it was for thirty days, then it is gone for good."""
    kept = add_note(desk, ADA, DRAFT, now=NOW)
    other = add_note(desk, ADA, Draft(study="NCT99000002", text="x"), now=NOW)
    remove_note(desk, ADA, kept.id, now=NOW)
    assert [one.id for one in notes_of(desk, ADA)] == [other.id]
    assert [one.id for one in removed_notes(desk, ADA, now=NOW)] == [kept.id]
    with pytest.raises(NotOnDesk):
        note_of(desk, ADA, kept.id)
    assert restore_note(desk, ADA, kept.id) == kept
    remove_note(desk, ADA, kept.id, now=NOW)
    remove_note(desk, ADA, other.id, now=NOW + timedelta(days=31))
    with pytest.raises(NotOnDesk):
        restore_note(desk, ADA, kept.id)
    assert restore_note(desk, ADA, other.id) == other


@pytest.mark.parametrize(
    ("text", "problem"),
    [(" \n", "The note is empty"), ("x" * (LONGEST + 1), "The note has 20,001 characters; 20,000 are kept at most")],
)
def test_a_text_that_is_not_taken_is_refused(desk: Desk, text: str, problem: str) -> None:
    """Nothing and too much are refused in words; nothing is kept."""
    with pytest.raises(InputError, match=problem):
        add_note(desk, ADA, Draft(study="NCT99000001", text=text), now=NOW)
    assert notes_of(desk, ADA) == []


def test_any_text_is_kept_as_it_is(desk: Desk) -> None:
    """Scripts, right-to-left letters, emoji and long texts come back; what is no letter does not."""
    for text in ("<script>alert(1)</script>", "שלום, لماذا؟", "👩🏽‍⚕️ ok", "x" * LONGEST):
        assert add_note(desk, ADA, Draft(study="NCT99000001", text=text), now=NOW).text == text
    assert add_note(desk, ADA, Draft(study="NCT99000001", text="a\0b\ud800c\r\nd"), now=NOW).text == "abc\nd"


def test_tags_are_words_with_commas_between(desk: Desk) -> None:
    """Each is kept once, without its mark, cut where it is long."""
    assert read_tags("Ask, #dose,  ask ,, two  words\n third") == ("Ask", "dose", "two words", "third")
    assert len(read_tags(",".join(map(str, range(50))))) == 20
