"""Who may use a server that others reach: people with a name and a password."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

import sqlalchemy as sa

from equipoise.desk.clock import stamp
from equipoise.desk.database import Desk
from equipoise.desk.passwords import check_password, hash_password
from equipoise.desk.people import Person
from equipoise.desk.tables import logins, people
from equipoise.errors import InputError, NotOnDesk

_NAME = re.compile(r"[\w][\w.@+-]{0,63}")


def read_name(text: str) -> str:
    """Return a name as it is kept: the same however it is typed.

    Raises:
        InputError: it has characters that no name has.

    >>> read_name("Ada.Lovelace")
    'ada.lovelace'
    """
    name = unicodedata.normalize("NFKC", text).strip().casefold()
    if not _NAME.fullmatch(name):
        raise InputError(
            "A name has letters, digits and . _ - @ +, at most 64", next="An address of mail is a name, too."
        )
    return name


def list_people(desk: Desk) -> list[tuple[Person, str]]:
    """Return the people who have accounts, each with when it was made, in the order of their names."""
    with desk.reading() as connection:
        rows = connection.execute(sa.select(people).where(people.c.password.is_not(None)).order_by(people.c.name))
        return [(Person(row.id, row.name), row.created) for row in rows]


def named_person(desk: Desk, text: str) -> Person:
    """Return who has an account of this name.

    Raises:
        NotOnDesk: nobody has that name.
    """
    name = read_name(text)
    with desk.reading() as connection:
        return Person(_id_of(connection, name), name)


def add_person(desk: Desk, text: str, password: str, now: datetime) -> Person:
    """Give someone an account.

    Raises:
        InputError: the name is taken or is none, or the password cannot be set.
    """
    name = read_name(text)
    check_password(password, name)
    hashed = hash_password(password)
    with desk.writing() as connection:
        if connection.execute(sa.select(people.c.id).where(people.c.name == name)).first():
            raise InputError("This name is taken", where=name, next="Choose another, or set its password anew.")
        made = connection.execute(people.insert().values(name=name, password=hashed, created=stamp(now)))
        assert made.inserted_primary_key is not None
        return Person(made.inserted_primary_key[0], name)


def set_password(desk: Desk, text: str, password: str) -> None:
    """Set someone's password anew, and end the sessions that were begun with the old one.

    Raises:
        InputError: the password cannot be set.
        NotOnDesk: nobody has that name.
    """
    name = read_name(text)
    check_password(password, name)
    hashed = hash_password(password)
    with desk.writing() as connection:
        person = _id_of(connection, name)
        connection.execute(people.update().where(people.c.id == person).values(password=hashed))
        connection.execute(logins.delete().where(logins.c.person == person))


def remove_person(desk: Desk, text: str) -> None:
    """Remove someone with all that is theirs.

    Raises:
        NotOnDesk: nobody has that name.
    """
    with desk.writing() as connection:
        connection.execute(people.delete().where(people.c.id == _id_of(connection, read_name(text))))


def _id_of(connection: sa.Connection, name: str) -> int:
    found = connection.execute(sa.select(people.c.id).where(people.c.name == name)).scalar()
    if found is None:
        raise NotOnDesk("Nobody has this name", where=name, next="`equipoise user list` names everyone.")
    return int(found)
