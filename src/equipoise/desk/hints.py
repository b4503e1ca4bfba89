"""Hints that a person has read and put away for good."""

from __future__ import annotations

import sqlalchemy as sa

from equipoise.desk.database import Desk
from equipoise.desk.people import Person
from equipoise.desk.tables import dismissed


def _row(connection: sa.Connection, person: Person, hint: str) -> bool:
    query = sa.select(dismissed.c.hint).where(dismissed.c.person == person.id, dismissed.c.hint == hint)
    return connection.execute(query).first() is not None


def is_dismissed(desk: Desk, person: Person, hint: str) -> bool:
    """Return whether a person has put a hint away."""
    with desk.reading() as connection:
        return _row(connection, person, hint)


def dismiss(desk: Desk, person: Person, hint: str) -> None:
    """Put a hint away for good."""
    with desk.writing() as connection:
        if not _row(connection, person, hint):
            connection.execute(dismissed.insert().values(person=person.id, hint=hint))
