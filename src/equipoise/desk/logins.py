"""Sessions: from a name and a password to a cookie, and from the cookie to the person."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa

from equipoise.desk.accounts import read_name
from equipoise.desk.clock import moment_of, stamp
from equipoise.desk.database import Desk
from equipoise.desk.passwords import is_password
from equipoise.desk.people import Person
from equipoise.desk.tables import logins, people
from equipoise.desk.tries import Limit, count_failure, forget, subject_key, wait_for
from equipoise.errors import InputError, NotAllowed

# A session ends after so long without a page, and in any case after so long: a shift, and a week.
IDLE, LONGEST = timedelta(hours=12), timedelta(days=7)
# A session that is in use is marked as such once in a while, so that not every page writes.
_MARKED = timedelta(minutes=5)

# Behind one address there may be a whole hospital.
_BY_NAME = Limit(free=5, longest=timedelta(minutes=15), forget=timedelta(days=1))
_BY_ADDRESS = Limit(free=30, longest=timedelta(minutes=15), forget=timedelta(days=1))


def find_person(desk: Desk, text: str, password: str, *, address: str, now: datetime) -> Person:
    """Return whose name and password these are.

    Names and addresses are limited before anything is derived, and a name that nobody has takes as long as one that
    somebody has.

    Raises:
        NotAllowed: they are nobody's, or it was tried too often.
    """
    name = _name(text)
    keys = [subject_key("name", name), subject_key("address", address)]
    with desk.reading() as connection:
        wait = wait_for(connection, keys, now)
        row = connection.execute(sa.select(people).where(people.c.name == name)).one_or_none()
    if wait:
        minutes = -(-wait.seconds // 60)
        raise NotAllowed(
            "There were too many wrong passwords",
            next=f"Wait {f'{minutes} minutes' if minutes > 1 else 'a minute'}, then try again.",
        )
    known = is_password(password, row.password if row is not None else None)
    with desk.writing() as connection:
        if row is None or not known:
            count_failure(connection, keys[0], _BY_NAME, now)
            count_failure(connection, keys[1], _BY_ADDRESS, now)
        else:
            forget(connection, keys[:1])
            return Person(row.id, row.name)
    # Raised outside the transaction, which would otherwise be undone with its count.
    raise NotAllowed(
        "The name or the password is not right", next="Try again; whoever runs this server can set a password anew."
    )


def find_kept(desk: Desk, text: str) -> tuple[Person | None, str | None]:
    """Return who has a name, and what is kept of the password; nothing of either where nobody has."""
    with desk.reading() as connection:
        row = connection.execute(sa.select(people).where(people.c.name == _name(text))).one_or_none()
    return (Person(row.id, row.name), row.password) if row is not None else (None, None)


def begin_session(desk: Desk, person: Person, now: datetime) -> str:
    """Begin a session, and return the secret that the cookie carries; its hash alone is kept."""
    token = secrets.token_urlsafe(32)
    with desk.writing() as connection:
        connection.execute(logins.delete().where(logins.c.expires <= stamp(now)))
        connection.execute(
            logins.insert().values(token=_hash(token), person=person.id, seen=stamp(now), expires=stamp(now + LONGEST))
        )
    return token


def person_of_session(desk: Desk, token: str, now: datetime) -> Person | None:
    """Return whose session it is, None where there is none or it has ended."""
    key = _hash(token)
    with desk.reading() as connection:
        row = connection.execute(
            sa.select(people.c.id, people.c.name, logins.c.seen, logins.c.expires)
            .join_from(logins, people)
            .where(logins.c.token == key)
        ).one_or_none()
    if row is None:
        return None
    seen = moment_of(row.seen)
    if now - seen > IDLE or now >= moment_of(row.expires):
        return None
    if now - seen > _MARKED:
        with desk.writing() as connection:
            connection.execute(logins.update().where(logins.c.token == key).values(seen=stamp(now)))
    return Person(row.id, row.name)


def end_session(desk: Desk, token: str) -> None:
    """End a session."""
    with desk.writing() as connection:
        connection.execute(logins.delete().where(logins.c.token == _hash(token)))


def _name(text: str) -> str:
    """Return the name that a text is, the local person's where it is none: nobody logs in as that."""
    try:
        return read_name(text)
    except InputError:
        return ""


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
