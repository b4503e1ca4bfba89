"""
The receiver's side of sharing: a link and a passcode open what was shared, and nothing else.

A passcode is tried in three steps: :func:`admit` asks the limits, :func:`try_passcode` derives one key, whatever the
link, and :func:`let_in` or :func:`keep_out` records what came of it. A link that is unknown, expired or revoked goes
the same way as a wrong passcode, with a decoy in place of what was sealed.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from equipoise.desk.bundles import Bundle, Reply, read_bundle
from equipoise.desk.clock import stamp
from equipoise.desk.database import Desk
from equipoise.desk.sealing import NONCE, SALT, NotOpened, Sealed, derive_key, id_of, key_of, seal, unseal
from equipoise.desk.share_limits import Refused, address_key, give_back, link_key, take_try
from equipoise.desk.share_tables import share_notes, share_received, share_replies, share_sessions, shares
from equipoise.desk.shares import end_expired
from equipoise.errors import InputError

# How long a receiver reads without typing the passcode again.
READING = timedelta(hours=1)
LONGEST_REPLY, LONGEST_NAME, MOST_REPLIES = 4000, 80, 100

# Stands in for what a link that opens nothing does not have; nobody knows a key of it.
_DECOY = (secrets.token_bytes(SALT), Sealed(secrets.token_bytes(NONCE), secrets.token_bytes(2064)))


class Ticket(msgspec.Struct, frozen=True):
    """A try that the limits let through."""

    share: str
    address: str
    salt: bytes
    sealed: Sealed


class Opened(msgspec.Struct, frozen=True):
    """What a receiver reads."""

    share: str
    bundle: Bundle
    replies: list[Reply]
    expires: str


def _is_live(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(shares.c.sealed.is_not(None), shares.c.revoked.is_(None), shares.c.expires > stamp(now))


def admit(desk: Desk, token: str, address: str, now: datetime) -> Ticket | Refused:
    """Return what a passcode is to be tried on, or why it is not tried."""
    share, source = id_of(token), address_key(address)
    with desk.writing() as connection:
        refused = take_try(connection, link_key(share), source, now)
        if refused is not None:
            more = {"refused": shares.c.refused + 1, "wrong_last": stamp(now)}
            connection.execute(shares.update().where(shares.c.id == share).values(more))
            return refused
        end_expired(connection, now)
        row = connection.execute(shares.select().where(shares.c.id == share, _is_live(now))).first()
    salt, sealed = (row.salt, Sealed(row.nonce, row.sealed)) if row is not None else _DECOY
    return Ticket(share, source, salt, sealed)


def try_passcode(ticket: Ticket, token: str, signs: str) -> bytes | None:
    """Return the share's key if the passcode is the right one."""
    key = derive_key(signs, token=token, salt=ticket.salt)
    try:
        unseal(key, ticket.sealed, about=f"share {ticket.share}")
    except NotOpened:
        return None
    return key


def keep_out(desk: Desk, ticket: Ticket, now: datetime) -> None:
    """Tell the sender, if there is one, of a wrong passcode."""
    more = {"wrong": shares.c.wrong + 1, "wrong_last": stamp(now)}
    with desk.writing() as connection:
        connection.execute(shares.update().where(shares.c.id == ticket.share).values(more))


def let_in(desk: Desk, ticket: Ticket, key: bytes, now: datetime) -> str | None:
    """Return the secret with which the receiver reads on, or None if the share ended meanwhile.

    The share's key is kept sealed under that secret, which only the receiver has.
    """
    secret = secrets.token_urlsafe(32)
    id, end = id_of(secret), stamp(now + READING)
    sealed = seal(key_of(secret), key.hex().encode(), about=f"session {id} of {ticket.share}")
    with desk.writing() as connection:
        live = shares.c.id == ticket.share, _is_live(now)
        expires = connection.execute(sa.select(shares.c.expires).where(*live)).scalar()
        if expires is None:
            return None
        give_back(connection, link_key(ticket.share), ticket.address, now)
        more = {"opened": shares.c.opened + 1, "opened_last": stamp(now)}
        connection.execute(shares.update().where(shares.c.id == ticket.share).values(more))
        connection.execute(
            share_sessions.insert().values(
                id=id, share=ticket.share, nonce=sealed.nonce, sealed=sealed.text, expires=min(end, expires)
            )
        )
    return secret


def read_opened(desk: Desk, token: str, secret: str, now: datetime) -> Opened | None:
    """Return what a receiver who was let in reads, or None if they were not, or it is over."""
    with desk.reading() as connection:
        key = _key(connection, token, secret, now)
        if key is None:
            return None
        share = id_of(token)
        row = connection.execute(shares.select().where(shares.c.id == share)).one()
        answers = connection.execute(
            share_replies.select().where(share_replies.c.share == share).order_by(share_replies.c.created)
        ).all()
    bundle = unseal(key, Sealed(row.nonce, row.sealed), about=f"share {share}")
    replies = [
        msgspec.json.decode(unseal(key, Sealed(one.nonce, one.sealed), about=f"reply {one.id} to {share}"), type=Reply)
        for one in answers
    ]
    return Opened(share, read_bundle(bundle), replies, row.expires)


def _key(connection: sa.Connection, token: str, secret: str, now: datetime) -> bytes | None:
    share, id = id_of(token), id_of(secret)
    row = connection.execute(
        sa.select(share_sessions.c.nonce, share_sessions.c.sealed)
        .join(shares, shares.c.id == share_sessions.c.share)
        .where(
            share_sessions.c.id == id,
            share_sessions.c.share == share,
            share_sessions.c.expires > stamp(now),
            _is_live(now),
        )
    ).first()
    if row is None:
        return None
    opened = unseal(key_of(secret), Sealed(row.nonce, row.sealed), about=f"session {id} of {share}")
    return bytes.fromhex(opened.decode())


def add_reply(desk: Desk, token: str, secret: str, reply: Reply, now: datetime) -> bool:
    """Keep a reply, sealed for the receivers and open for the sender; return False if the receiver is not let in.

    Raises:
        InputError: it is empty or too long, replies are not wanted, or there are too many.
    """
    if not reply.text.strip() or len(reply.text) > LONGEST_REPLY or len(reply.name) > LONGEST_NAME:
        raise InputError(
            f"A reply has 1 to {LONGEST_REPLY:,} characters, and a name at most {LONGEST_NAME}",
            next="Go back and change it.",
        )
    share, id = id_of(token), secrets.token_hex(16)
    with desk.writing() as connection:
        reply = _on_note(connection, share, reply)
        key = _key(connection, token, secret, now)
        if key is None:
            return False
        wanted = connection.execute(sa.select(shares.c.replies).where(shares.c.id == share)).scalar()
        there = connection.execute(
            sa.select(sa.func.count()).select_from(share_replies).where(share_replies.c.share == share)
        ).scalar_one()
        if not wanted or there >= MOST_REPLIES:
            raise InputError("No more replies are taken here", next="Write to the sender in another way.")
        sealed = seal(key, msgspec.json.encode(reply), about=f"reply {id} to {share}")
        values = {"id": id, "share": share, "created": reply.created}
        connection.execute(share_replies.insert().values(**values, nonce=sealed.nonce, sealed=sealed.text))
        connection.execute(share_received.insert().values(**values, name=reply.name, text=reply.text, note=reply.note))
    return True


def _on_note(connection: sa.Connection, share: str, reply: Reply) -> Reply:
    """Return a reply on a note that the share has, else on all of them."""
    of_this = share_notes.c.share == share
    most = connection.execute(sa.select(sa.func.count()).select_from(share_notes).where(of_this)).scalar_one()
    return reply if 0 <= reply.note <= most else msgspec.structs.replace(reply, note=0)


def close(desk: Desk, secret: str) -> None:
    """Forget that a receiver was let in."""
    with desk.writing() as connection:
        connection.execute(share_sessions.delete().where(share_sessions.c.id == id_of(secret)))
