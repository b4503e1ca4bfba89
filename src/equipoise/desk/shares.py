"""The sender's side of sharing: make a share, see what came of it, end it."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from equipoise.desk.bundles import Bundle, Reply, write_bundle
from equipoise.desk.clock import stamp
from equipoise.desk.database import Desk
from equipoise.desk.passcodes import make_passcode, read_passcode
from equipoise.desk.people import Person
from equipoise.desk.sealing import SALT, derive_key, id_of, seal
from equipoise.desk.share_limits import forget_old, is_locked, link_key, unlock_link
from equipoise.desk.share_tables import share_notes, share_received, share_replies, share_sessions, shares
from equipoise.errors import InputError, NotOnDesk

LIFETIMES = {
    "1 hour": timedelta(hours=1),
    "1 day": timedelta(days=1),
    "7 days": timedelta(days=7),
    "30 days": timedelta(days=30),
    "90 days": timedelta(days=90),
}
USUAL = "7 days"

# 144 bits: a link cannot be guessed, whatever the passcode.
_TOKEN = 18


class Made(msgspec.Struct, frozen=True):
    """A new share; its token and passcode are told once and kept nowhere."""

    id: str
    token: str
    passcode: str
    expires: str


class Share(msgspec.Struct, frozen=True):
    """
    A share as its sender sees it. ``state`` is open, locked, expired or revoked.

    ``notes`` are the ids of the sender's own notes, in the order in which the share numbers them from 1.
    """

    id: str
    state: str
    created: str
    expires: str
    revoked: str | None
    replies: bool
    opened: int
    opened_last: str | None
    wrong: int
    wrong_last: str | None
    refused: int
    studies: dict[str, int]
    notes: tuple[int, ...]
    received: list[Reply]


def make_share(
    desk: Desk,
    person: Person,
    bundle: Bundle,
    *,
    notes: Iterable[tuple[str, int]],
    lasts: str,
    form: str,
    now: datetime,
) -> Made:
    """Seal *bundle*, keep it, and return what opens it; *notes* are the sender's own, by study and id.

    Raises:
        InputError: nothing is shared, there is no such lifetime, or the form was sent before.
    """
    if not bundle.notes:
        raise InputError("No note was chosen", next="Go back, and tick the notes that you want to share.")
    if lasts not in LIFETIMES:
        raise InputError("There is no such lifetime", next=f"Choose one of {', '.join(LIFETIMES)}.")
    token, passcode, salt = secrets.token_urlsafe(_TOKEN), make_passcode(), secrets.token_bytes(SALT)
    id, expires = id_of(token), stamp(now + LIFETIMES[lasts])
    key = derive_key(read_passcode(passcode), token=token, salt=salt)
    sealed = seal(key, write_bundle(bundle), about=f"share {id}")
    with desk.writing() as connection:
        end_expired(connection, now)
        if connection.execute(sa.select(shares.c.id).where(shares.c.form == form)).first():
            raise InputError(
                "This form was sent before, and the link and passcode that it made are shown only once",
                next="Revoke that share if you did not note them, and make another.",
            )
        connection.execute(
            shares.insert().values(
                id=id,
                person=person.id,
                form=form,
                salt=salt,
                nonce=sealed.nonce,
                sealed=sealed.text,
                created=stamp(now),
                expires=expires,
                replies=bundle.replies,
                opened=0,
                wrong=0,
                refused=0,
            )
        )
        connection.execute(share_notes.insert(), [{"share": id, "study": study, "note": note} for study, note in notes])
    return Made(id, token, passcode, expires)


def shares_of(desk: Desk, person: Person, now: datetime) -> list[Share]:
    """Return a person's shares, the newest first."""
    with desk.reading() as connection:
        rows = connection.execute(
            shares.select().where(shares.c.person == person.id).order_by(shares.c.created.desc(), shares.c.id)
        ).all()
        return [_share(connection, row, stamp(now)) for row in rows]


def _share(connection: sa.Connection, row: sa.Row[tuple[object, ...]], now: str) -> Share:
    of_this = share_notes.c.share == row.id
    notes = connection.execute(share_notes.select().where(of_this).order_by(share_notes.c.id)).all()
    received = connection.execute(
        share_received.select().where(share_received.c.share == row.id).order_by(share_received.c.created)
    )
    if row.revoked is not None:
        state = "revoked"
    elif row.expires <= now:
        state = "expired"
    else:
        state = "locked" if is_locked(connection, link_key(row.id)) else "open"
    return Share(
        id=row.id,
        state=state,
        created=row.created,
        expires=row.expires,
        revoked=row.revoked,
        replies=row.replies,
        opened=row.opened,
        opened_last=row.opened_last,
        wrong=row.wrong,
        wrong_last=row.wrong_last,
        refused=row.refused,
        studies=dict(Counter(one.study for one in notes)),
        notes=tuple(one.note for one in notes),
        received=[Reply(one.name, one.text, one.created, one.note) for one in received],
    )


def revoke(desk: Desk, person: Person, id: str, now: datetime) -> None:
    """End a share at once: what was sealed is deleted, and whoever reads it now reads no further.

    Raises:
        NotOnDesk: the person has no such share.
    """
    with desk.writing() as connection:
        _check_own(connection, person, id)
        _empty(connection, shares.c.id == id)
        connection.execute(
            shares.update()
            .where(shares.c.id == id, shares.c.person == person.id, shares.c.revoked.is_(None))
            .values(revoked=stamp(now))
        )


def unlock(desk: Desk, person: Person, id: str) -> None:
    """Let a locked link be tried again.

    Raises:
        NotOnDesk: the person has no such share.
    """
    with desk.writing() as connection:
        _check_own(connection, person, id)
        unlock_link(connection, link_key(id))


def remove(desk: Desk, person: Person, id: str) -> None:
    """Delete a share with all that is known of it, its replies too.

    Raises:
        NotOnDesk: the person has no such share.
    """
    with desk.writing() as connection:
        _check_own(connection, person, id)
        connection.execute(shares.delete().where(shares.c.id == id, shares.c.person == person.id))


def end_expired(connection: sa.Connection, now: datetime) -> None:
    """Delete what was sealed for shares and sessions whose time is over."""
    over = shares.c.expires <= stamp(now)
    # The same statements whether or not there is anything to delete: a receiver's try runs them, and how long it
    # takes tells nothing of the link.
    _empty(connection, over)
    connection.execute(share_sessions.delete().where(share_sessions.c.expires <= stamp(now)))
    forget_old(connection, now)


def _check_own(connection: sa.Connection, person: Person, id: str) -> None:
    own = sa.select(shares.c.id).where(shares.c.id == id, shares.c.person == person.id)
    if connection.execute(own).first() is None:
        raise NotOnDesk("There is no such share on this desk", next="See the list of your shares.")


def _empty(connection: sa.Connection, which: sa.ColumnElement[bool]) -> None:
    ids = sa.select(shares.c.id).where(which)
    sealed = shares.c.sealed.is_not(None)
    connection.execute(shares.update().where(which, sealed).values(salt=None, nonce=None, sealed=None))
    connection.execute(share_replies.delete().where(share_replies.c.share.in_(ids)))
    connection.execute(share_sessions.delete().where(share_sessions.c.share.in_(ids)))
