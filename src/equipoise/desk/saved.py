"""
Saved studies and searches, and what is new in them since they were last seen.

The versions of a library's documents are numbered in the order in which they were loaded, and none is taken away. So
the number of the last one at a look says which came after it: no list of what was seen is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec
import sqlalchemy as sa

from equipoise.desk.clock import stamp
from equipoise.desk.database import Desk
from equipoise.desk.people import Person
from equipoise.desk.tables import saved_searches, saved_studies
from equipoise.errors import InputError, NotOnDesk, QueryError
from equipoise.find.changes import Change, changes_between
from equipoise.find.query import Query
from equipoise.find.search import search
from equipoise.store.library import Library

# So many of each kind one person saves, and so many new studies of a search are named.
MOST, NAMED = 200, 20


class SavedStudy(msgspec.Struct, frozen=True):
    """A study that somebody saved. ``title`` is None where the library has it no more.

    ``changed``: there is a later version than the one seen; ``changes`` says what differs, None where the version that
    was seen is of another library.
    """

    number: str
    title: str | None
    saved: str
    seen: str
    changed: bool = False
    changes: tuple[Change, ...] | None = None


class NewStudy(msgspec.Struct, frozen=True):
    """A study that a search finds and that came, or was changed, since the search was last seen."""

    number: str
    title: str
    added: bool


class SavedSearch(msgspec.Struct, frozen=True):
    """A search that somebody saved, with what is new in it.

    ``total``: the studies found now; ``fresh``: how many of them came or changed since; ``new``: the first of these.
    ``elsewhere``: it was last seen in another library; ``broken``: why it cannot be asked any more.
    """

    id: int
    address: str
    words: str
    saved: str
    seen: str
    total: int = 0
    fresh: int = 0
    new: tuple[NewStudy, ...] = ()
    elsewhere: bool = False
    broken: str = ""


def library_name(library: Library) -> str:
    """Return what a library is known by on the desk."""
    return str(library.folder.path.resolve())


def last_version(library: Library) -> int:
    """Return the number of the last version that a library has of any study."""
    versions = library.columns.flat["version"]
    return int(versions.max()) if len(versions) else 0


def _seen(library: Library, now: datetime) -> dict[str, str | int]:
    return {"library": library_name(library), "seen_version": last_version(library), "seen": stamp(now)}


# Studies


def save_study(desk: Desk, person: Person, library: Library, number: str, now: datetime) -> None:
    """Save a study as it is now; one that is saved already is marked as seen.

    Raises:
        StudyNotFound: the library has no such study.
        InputError: too many are saved.
    """
    study, mine = library.study(number).number, saved_studies.c.person == person.id
    with desk.writing() as connection:
        there = mine & (saved_studies.c.study == study)
        if not connection.execute(saved_studies.update().where(there).values(**_seen(library, now))).rowcount:
            values = {"person": person.id, "study": study, "saved": stamp(now), **_seen(library, now)}
            _check_room(connection, saved_studies, mine, "studies")
            connection.execute(saved_studies.insert().values(**values))


def forget_study(desk: Desk, person: Person, number: str) -> None:
    """Save a study no longer; nothing happens where it was not."""
    there = (saved_studies.c.person == person.id) & (saved_studies.c.study == number)
    with desk.writing() as connection:
        connection.execute(saved_studies.delete().where(there))


def is_saved(desk: Desk, person: Person, number: str) -> bool:
    """Return whether somebody saved a study."""
    there = (saved_studies.c.person == person.id) & (saved_studies.c.study == number)
    with desk.reading() as connection:
        return connection.execute(sa.select(saved_studies.c.study).where(there)).first() is not None


def list_studies(desk: Desk, person: Person, library: Library) -> list[SavedStudy]:
    """Return a person's studies, those that changed first, then those saved last."""
    with desk.reading() as connection:
        mine = sa.select(saved_studies).where(saved_studies.c.person == person.id)
        rows = connection.execute(mine.order_by(saved_studies.c.saved.desc(), saved_studies.c.study)).all()
    return sorted((_study(row, library) for row in rows), key=lambda one: not one.changed)


def _study(row: sa.Row[tuple[object, ...]], library: Library) -> SavedStudy:
    if row.study not in library:
        return SavedStudy(row.study, None, row.saved, row.seen)
    record = library.record(row.study)
    title = record.study.title or record.study.official_title or row.study
    versions = library.versions(row.study)
    before = [one for one in versions if one.id <= row.seen_version]
    if row.library != library_name(library) or not before:
        return SavedStudy(row.study, title, row.saved, row.seen, True, None)
    last = max(before, key=lambda one: one.order)
    if last.id == record.version.id:
        return SavedStudy(row.study, title, row.saved, row.seen)
    document, _ = library.stored.read(last.id)
    return SavedStudy(row.study, title, row.saved, row.seen, True, changes_between(document, record.document))


# Searches


def save_search(desk: Desk, person: Person, library: Library, query: Query, now: datetime) -> None:
    """Save a search as it stands now; one that is saved already is marked as seen.

    Raises:
        InputError: too many are saved.
    """
    address, mine = query.address(), saved_searches.c.person == person.id
    with desk.writing() as connection:
        there = mine & (saved_searches.c.address == address)
        if not connection.execute(saved_searches.update().where(there).values(**_seen(library, now))).rowcount:
            values = {"person": person.id, "address": address, "words": query.describe(), "saved": stamp(now)}
            _check_room(connection, saved_searches, mine, "searches")
            connection.execute(saved_searches.insert().values(**values, **_seen(library, now)))


def see_search(desk: Desk, person: Person, library: Library, number: int, now: datetime) -> None:
    """Mark a search as seen.

    Raises:
        NotOnDesk: this person has no such search.
    """
    with desk.writing() as connection:
        changed = connection.execute(
            saved_searches.update().where(_own(person, number)).values(**_seen(library, now))
        ).rowcount
    _check_there(changed)


def forget_search(desk: Desk, person: Person, number: int) -> None:
    """Save a search no longer.

    Raises:
        NotOnDesk: this person has no such search.
    """
    with desk.writing() as connection:
        changed = connection.execute(saved_searches.delete().where(_own(person, number))).rowcount
    _check_there(changed)


def list_searches(desk: Desk, person: Person, library: Library, read: Callable[[str], Query]) -> list[SavedSearch]:
    """Return a person's searches, asked again; *read* reads an address. Those with something new come first."""
    with desk.reading() as connection:
        mine = sa.select(saved_searches).where(saved_searches.c.person == person.id)
        rows = connection.execute(mine.order_by(saved_searches.c.saved.desc(), saved_searches.c.id)).all()
    found = [_search(row, library, read) for row in rows]
    return sorted(found, key=lambda one: not one.fresh)


def _search(row: sa.Row[tuple[object, ...]], library: Library, read: Callable[[str], Query]) -> SavedSearch:
    told = SavedSearch(row.id, row.address, row.words, row.saved, row.seen)
    try:
        found = search(library, read(row.address), facets=False)
    except (InputError, QueryError) as error:
        return msgspec.structs.replace(told, broken=error.problem)
    if row.library != library_name(library):
        return msgspec.structs.replace(told, total=found.total, elsewhere=True)
    fresh = found.rows[library.columns.flat["version"][found.rows] > row.seen_version]
    new = tuple(_new(library, int(one), row.seen_version) for one in fresh[:NAMED])
    return msgspec.structs.replace(told, total=found.total, fresh=len(fresh), new=new)


def _new(library: Library, row: int, seen: int) -> NewStudy:
    study = library.outline_at(row)
    added = min(one.id for one in library.versions(study.number)) > seen
    return NewStudy(study.number, study.title or study.official_title or study.number, added)


def _own(person: Person, number: int) -> sa.ColumnElement[bool]:
    return (saved_searches.c.person == person.id) & (saved_searches.c.id == number)


def _check_there(changed: int) -> None:
    if not changed:
        raise NotOnDesk("There is no such saved search", next="It may have been removed: look at what you saved.")


def _check_room(connection: sa.Connection, table: sa.Table, mine: sa.ColumnElement[bool], words: str) -> None:
    count = connection.execute(sa.select(sa.func.count()).select_from(table).where(mine)).scalar() or 0
    if count >= MOST:
        raise InputError(f"{MOST} {words} are saved, which is the most", next="Remove one that you need no longer.")
