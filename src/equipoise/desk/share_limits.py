"""
How often a passcode may be tried, by link and by address, and told before any key is derived.

A link that does not exist is counted like one that does, so that the limits do not tell the two apart. A try is
counted before it is looked at, so that many at a time are no more than one after the other; a right one is given back.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from equipoise.desk.clock import stamp
from equipoise.desk.tables import tries
from equipoise.desk.tries import Limit, count_failure, forget, subject_key, wait_for

# What is kept of a link outlives the longest share.
LINK = Limit(free=4, longest=timedelta(hours=1), forget=timedelta(days=100))
# So many wrong tries, and the link is locked until its sender unlocks it.
LOCK = 20
# Many people may share an address, so it is slowed down and never locked.
ADDRESS = Limit(free=10, longest=timedelta(minutes=15), forget=timedelta(days=1))


class Refused(msgspec.Struct, frozen=True):
    """A try that is not looked at: the link is locked, or it must wait so many seconds."""

    locked: bool
    seconds: int


def link_key(share: str) -> str:
    """Return under what the wrong tries at a link are kept, by the id of its share, be there one or not."""
    return subject_key("link", share)


def address_key(address: str) -> str:
    """Return under what the wrong tries from an address are kept."""
    return subject_key("share address", address)


def take_try(connection: sa.Connection, link: str, address: str, now: datetime) -> Refused | None:
    """Count a try against a link and an address, or say why it is not looked at; then none is counted."""
    if _failures(connection, link) >= LOCK:
        return Refused(True, 0)
    wait = wait_for(connection, (link, address), now)
    if wait > timedelta():
        return Refused(False, -(-wait // timedelta(seconds=1)))
    count_failure(connection, link, LINK, now)
    count_failure(connection, address, ADDRESS, now)
    return None


def give_back(connection: sa.Connection, link: str, address: str, now: datetime) -> None:
    """Forget the wrong tries of a link that was opened; of its address only the try that was right.

    Else somebody could open a share of their own between any two guesses at another's.
    """
    forget(connection, (link,))
    less = {"failures": tries.c.failures - 1, "until": stamp(now)}
    connection.execute(tries.update().where(tries.c.key == address).values(less))


def unlock_link(connection: sa.Connection, link: str) -> None:
    """Let a link be tried anew."""
    forget(connection, (link,))


def is_locked(connection: sa.Connection, link: str) -> bool:
    """Return whether a link was tried in vain so often that it is locked."""
    return _failures(connection, link) >= LOCK


def forget_old(connection: sa.Connection, now: datetime) -> None:
    """Delete what counts no more for any limit: the links that strangers made up would else be kept for good."""
    connection.execute(tries.delete().where(tries.c.last < stamp(now - LINK.forget)))


def _failures(connection: sa.Connection, key: str) -> int:
    return connection.execute(sa.select(tries.c.failures).where(tries.c.key == key)).scalar() or 0
