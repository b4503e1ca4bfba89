"""
How often something may be tried: the first failures are free, then each makes the next wait longer.

What is limited is named by its kind and a subject (a name, an address, a link). The subject is kept as a hash, so
that the table lists neither names nor addresses.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from equipoise.desk.clock import moment_of, stamp
from equipoise.desk.tables import tries


class Limit(msgspec.Struct, frozen=True):
    """What one kind of subject may do."""

    free: int  # failures before the first wait
    longest: timedelta  # the wait that failures grow to
    forget: timedelta  # after so long without a failure, they count no more


def subject_key(kind: str, subject: str) -> str:
    """Return under what a subject's failures are kept.

    >>> len(subject_key("name", "ada"))
    32
    """
    return hashlib.blake2b(f"{kind}\0{subject}".encode(), digest_size=16).hexdigest()


def wait_of(failures: int, limit: Limit) -> timedelta:
    """Return how long after so many failures the next try has to wait.

    >>> limit = Limit(5, timedelta(minutes=15), timedelta(days=1))
    >>> [wait_of(failures, limit).seconds for failures in (4, 5, 6, 10, 40)]
    [0, 1, 2, 32, 900]
    """
    over = failures - limit.free
    return timedelta() if over < 0 else min(limit.longest, timedelta(seconds=2 ** min(over, 20)))


def wait_for(connection: sa.Connection, keys: Sequence[str], now: datetime) -> timedelta:
    """Return how long a try has still to wait, nothing where it may be made now."""
    untils = connection.execute(sa.select(tries.c.until).where(tries.c.key.in_(keys))).scalars()
    waits = [moment_of(until) - now for until in untils]
    return max([timedelta(), *waits])


def count_failure(connection: sa.Connection, key: str, limit: Limit, now: datetime) -> int:
    """Count one more failure, and return how many there are."""
    row = connection.execute(sa.select(tries).where(tries.c.key == key)).one_or_none()
    fresh = row is None or now - moment_of(row.last) > limit.forget
    failures = 1 if fresh or row is None else row.failures + 1
    values = {"failures": failures, "last": stamp(now), "until": stamp(now + wait_of(failures, limit))}
    if row is None:
        connection.execute(tries.insert().values(key=key, **values))
    else:
        connection.execute(tries.update().where(tries.c.key == key).values(**values))
    return failures


def forget(connection: sa.Connection, keys: Sequence[str]) -> None:
    """Forget the failures of what has succeeded."""
    connection.execute(tries.delete().where(tries.c.key.in_(keys)))
