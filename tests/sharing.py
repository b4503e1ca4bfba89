"""A desk with a clock of its own, something shared on it, and somebody who tries to open it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from equipoise.desk import opening
from equipoise.desk.anchors import Anchor
from equipoise.desk.bundles import Bundle
from equipoise.desk.database import open_desk
from equipoise.desk.notes import Draft
from equipoise.desk.passcodes import read_passcode
from equipoise.desk.people import LOCAL, Person
from equipoise.desk.share_limits import Refused
from equipoise.desk.shares import Made, Share, make_share, shares_of

ME = Person(LOCAL)
# No word or number that the program itself could say.
STUDY, WORD, QUOTE, ANSWER = "NCT99000777", "zebulonitis", "quartermaine", "grommelkin"
SEALED_TABLES = ("shares", "share_replies", "share_sessions", "tries")


def bundle(*, replies: bool = True) -> Bundle:
    """Something to share."""
    note = Draft(
        study=STUDY, text=f"Ask about {WORD}.", place=Anchor("eligibility", QUOTE), created="2026-01-15T09:40:00Z"
    )
    return Bundle((note,), "Adalovelace", replies)


class Sharing:
    """A sender's desk, and how others try what is shared."""

    def __init__(self, folder: Path) -> None:
        self.desk = open_desk(folder)
        # A test need not outlive a power cut.
        sa.event.listen(self.desk._engine, "connect", lambda one, _: one.execute("PRAGMA synchronous=OFF"))
        self.desk._engine.dispose()
        self.now = datetime(2026, 1, 15, 9, 40, tzinfo=UTC)
        self.forms = 0

    def later(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)

    def share(self, what: Bundle | None = None, *, lasts: str = "7 days") -> Made:
        """Share something."""
        self.forms += 1
        notes = [(STUDY, 1)]
        return make_share(
            self.desk, ME, what or bundle(), notes=notes, lasts=lasts, form=f"form {self.forms}", now=self.now
        )

    def seen(self) -> list[Share]:
        """What the sender sees."""
        return shares_of(self.desk, ME, self.now)

    def try_it(self, token: str, passcode: str, *, address: str = "192.0.2.1") -> str | Refused | None:
        """Try a passcode; return the secret of a receiver who is let in, a refusal, or None."""
        ticket = opening.admit(self.desk, token, address, self.now)
        if isinstance(ticket, Refused):
            return ticket
        key = opening.try_passcode(ticket, token, read_passcode(passcode))
        if key is None:
            opening.keep_out(self.desk, ticket, self.now)
            return None
        return opening.let_in(self.desk, ticket, key, self.now)

    def dump(self, *tables: str) -> str:
        """All that tables hold, bytes as they are and as hexadecimal digits."""
        with closing(sqlite3.connect(self.desk.path)) as connection:
            rows = [row for table in tables for row in connection.execute(f"SELECT * FROM {table}")]
        cells = [cell for row in rows for cell in row]
        return "\n".join(
            f"{cell.decode('latin-1')} {cell.hex()}" if isinstance(cell, bytes) else str(cell) for cell in cells
        )
