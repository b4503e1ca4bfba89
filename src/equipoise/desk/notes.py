"""
Notes: what a person wrote on the text of a study.

Every question names the person; another's note is not there. A note that was removed can be restored for thirty days.
A note carries a key of its own: the same note saved again (a form sent twice, a file imported twice) is one note.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

import msgspec
import sqlalchemy as sa

from equipoise.desk.anchors import CONTEXT, Anchor
from equipoise.desk.clock import stamp
from equipoise.desk.database import Desk
from equipoise.desk.people import Person
from equipoise.desk.tables import notes
from equipoise.errors import InputError, NotOnDesk

LONGEST = 20_000
LONGEST_QUOTE = 10_000
TAGS, LONGEST_TAG = 20, 60
KEPT = timedelta(days=30)
_BEGINNING = 70

_KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# What no text has: the database would cut a text at a NUL, and half a surrogate pair is no letter.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A note; ``version`` is that of the record on which it was written, ``revision`` counts its changes from 1."""

    id: int
    person: int
    study: str
    version: str
    place: Anchor
    text: str
    tags: tuple[str, ...]
    created: str
    changed: str
    deleted: str | None
    revision: int
    key: str


class Change(NamedTuple):
    """A note as it is after somebody tried to change it, and whether it is as they wanted it."""

    note: Note
    kept: bool


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A note that is to be written; ``key`` is a UUID, and made where there is none."""

    study: str
    text: str
    version: str = ""
    place: Anchor = Anchor()
    tags: tuple[str, ...] = ()
    key: str = ""
    created: str = ""


def clean_text(text: str) -> str:
    r"""
    Return a text as it is kept: lines end in one way, and what is no letter is left out.

    >>> clean_text("warm\r\ntea\0 ")
    'warm\ntea'
    """
    return _NO_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def read_tags(text: str) -> tuple[str, ...]:
    """
    Return the tags that a person typed, with commas between them; each once, however it is written.

    >>> read_tags("ask, #Dose ,dose")
    ('ask', 'Dose')
    """
    found: dict[str, str] = {}
    for one in clean_text(text.replace("\n", ",")).split(","):
        tag = " ".join(one.strip().lstrip("#").split())[:LONGEST_TAG]
        if tag:
            found.setdefault(tag.casefold(), tag)
    return tuple(found.values())[:TAGS]


def check_text(text: str) -> str:
    """
    Return a note's text as it is kept.

    Raises:
        InputError: there is none, or too much.
    """
    kept = clean_text(text)
    if not kept:
        raise InputError("The note is empty", next="Write something, or leave the page without saving.")
    if len(kept) > LONGEST:
        raise InputError(
            f"The note has {len(kept):,} characters; {LONGEST:,} are kept at most",
            next="Shorten it, or make two notes of it. Nothing was saved; what you typed is still there.",
        )
    return kept


def add_note(desk: Desk, person: Person, draft: Draft, *, now: datetime) -> Note:
    """
    Keep a note. The same note with the same key again is the one that there is; one that says something else is new.

    Raises:
        InputError: the text is empty or too long.
        DeskError: the desk cannot be written.
    """
    with desk.writing() as connection:
        return keep_draft(connection, person, draft, now=now)


def keep_draft(connection: sa.Connection, person: Person, draft: Draft, *, now: datetime) -> Note:
    """Keep a note in a transaction that is under way, as :func:`add_note` does."""
    values = _values(person, draft, now)
    known = _one(connection, person, notes.c.key == values["key"])
    if known is not None and (known.text, known.tags) == (values["text"], draft.tags):
        again = _mine(notes.update(), person, known.id).values(deleted=None)
        return _note(connection.execute(again.returning(*notes.c)).one())
    if known is not None:
        values["key"] = str(uuid4())
    return _note(connection.execute(notes.insert().values(values).returning(*notes.c)).one())


def _values(person: Person, draft: Draft, now: datetime) -> dict[str, Any]:
    place, at = draft.place, stamp(now)
    return {
        "person": person.id,
        "study": draft.study,
        "version": draft.version[:64],
        "part": place.part[:64],
        "exact": clean_quote(place.exact)[:LONGEST_QUOTE],
        "prefix": clean_quote(place.prefix)[-CONTEXT:],
        "suffix": clean_quote(place.suffix)[:CONTEXT],
        "start": max(0, min(place.start, 2**31)),
        "end": max(0, min(place.end, 2**31)),
        "text": check_text(draft.text),
        "tags": msgspec.json.encode(draft.tags).decode(),
        "created": draft.created or at,
        "changed": at,
        "deleted": None,
        "revision": 1,
        "key": draft.key if _KEY.fullmatch(draft.key) else str(uuid4()),
    }


def clean_quote(text: str) -> str:
    """Return quoted words as a part's text has them: any white space is one space."""
    return re.sub(r"[\t\n\f\r \u00a0]+", " ", _NO_TEXT.sub("", text))


def change_note(
    desk: Desk, person: Person, id: int, *, text: str, tags: Sequence[str], revision: int, now: datetime
) -> Change:
    """
    Change a note's text and tags, if it is still as it was at *revision*: else nothing is changed.

    Raises:
        NotOnDesk: there is no such note.
        InputError: the text is empty or too long.
    """
    kept, words = check_text(text), msgspec.json.encode(tuple(tags)).decode()
    with desk.writing() as connection:
        found = _present(connection, person, id)
        if (found.text, found.tags) == (kept, tuple(tags)):
            return Change(found, True)
        if found.revision != revision:
            return Change(found, False)
        values = {"text": kept, "tags": words, "changed": stamp(now), "revision": revision + 1}
        change = _mine(notes.update(), person, id).values(values).returning(*notes.c)
        return Change(_note(connection.execute(change).one()), True)


def remove_note(desk: Desk, person: Person, id: int, *, now: datetime) -> Note:
    """
    Remove a note; it can be restored for thirty days.

    Raises:
        NotOnDesk: there is no such note.
    """
    with desk.writing() as connection:
        _purge(connection, person, now)
        _present(connection, person, id)
        change = _mine(notes.update(), person, id).values(deleted=stamp(now)).returning(*notes.c)
        return _note(connection.execute(change).one())


def restore_note(desk: Desk, person: Person, id: int) -> Note:
    """
    Restore a note that was removed.

    Raises:
        NotOnDesk: there is no such note, or it was removed long ago.
    """
    with desk.writing() as connection:
        if _one(connection, person, notes.c.id == _known(id)) is None:
            raise _unknown(id)
        change = _mine(notes.update(), person, id).values(deleted=None).returning(*notes.c)
        return _note(connection.execute(change).one())


def note_of(desk: Desk, person: Person, id: int) -> Note:
    """
    Return a note.

    Raises:
        NotOnDesk: this person has no such note.
    """
    with desk.reading() as connection:
        return _present(connection, person, id)


def beginning(note: Note | Draft) -> str:
    """Return how a note begins, in one short line.

    >>> beginning(Draft(study="NCT99000001", text="Does my old TB\\ncount?"))
    'Does my old TB count?'
    """
    words = " ".join(note.text.split())
    return words if len(words) <= _BEGINNING else words[:_BEGINNING].rsplit(" ", 1)[0] + " …"


def notes_of(desk: Desk, person: Person, *, study: str | None = None) -> list[Note]:
    """Return a person's notes, the last written first, or those on one study in the order of writing."""
    query = sa.select(notes).where(notes.c.person == person.id, notes.c.deleted.is_(None))
    if study is not None:
        query = query.where(notes.c.study == study).order_by(notes.c.id)
    else:
        query = query.order_by(notes.c.changed.desc(), notes.c.id.desc())
    with desk.reading() as connection:
        return [_note(row) for row in connection.execute(query)]


def removed_notes(desk: Desk, person: Person, *, now: datetime) -> list[Note]:
    """Return the notes that can still be restored, the last removed first."""
    query = (
        sa.select(notes)
        .where(notes.c.person == person.id, notes.c.deleted > stamp(now - KEPT))
        .order_by(notes.c.deleted.desc(), notes.c.id.desc())
    )
    with desk.reading() as connection:
        return [_note(row) for row in connection.execute(query)]


def find_notes(notes: Sequence[Note], words: str, *, tag: str = "", study: str = "") -> list[Note]:
    """Return the notes that have all these words, in their text, their quote, their tags or the study's number."""
    wanted = words.casefold().split()
    return [
        note
        for note in notes
        if (not study or note.study == study)
        and (not tag or tag.casefold() in {one.casefold() for one in note.tags})
        and all(word in _searched(note) for word in wanted)
    ]


def _searched(note: Note) -> str:
    return " ".join((note.text, note.place.exact, *note.tags, note.study)).casefold()


def _purge(connection: sa.Connection, person: Person, now: datetime) -> None:
    """Forget for good what was removed long ago."""
    connection.execute(notes.delete().where(notes.c.person == person.id, notes.c.deleted <= stamp(now - KEPT)))


def _mine(statement: sa.Update, person: Person, id: int) -> sa.Update:
    return statement.where(notes.c.id == id, notes.c.person == person.id)


def _one(connection: sa.Connection, person: Person, *where: sa.ColumnElement[bool]) -> Note | None:
    row = connection.execute(sa.select(notes).where(notes.c.person == person.id, *where)).first()
    return None if row is None else _note(row)


def _present(connection: sa.Connection, person: Person, id: int) -> Note:
    found = _one(connection, person, notes.c.id == _known(id), notes.c.deleted.is_(None))
    if found is None:
        raise _unknown(id)
    return found


def _known(id: int) -> int:
    """Return a number that the database takes: none larger is a note's."""
    return id if id < 2**63 else 0


def _unknown(id: int) -> NotOnDesk:
    return NotOnDesk(f"There is no note {id} on your desk", next="It may have been deleted. All notes are at /notes.")


def _note(row: sa.Row[Any]) -> Note:
    return Note(
        id=row.id,
        person=row.person,
        study=row.study,
        version=row.version,
        place=Anchor(row.part, row.exact, row.prefix, row.suffix, row.start, row.end),
        text=row.text,
        tags=tuple(msgspec.json.decode(row.tags, type=list[str])),
        created=row.created,
        changed=row.changed,
        deleted=row.deleted,
        revision=row.revision,
        key=row.key,
    )
