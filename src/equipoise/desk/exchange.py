"""Notes brought in from a file: each once, however often the file is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from equipoise.desk.database import Desk
from equipoise.desk.notes import Draft, keep_draft
from equipoise.desk.people import Person
from equipoise.desk.tables import notes


class Imported(msgspec.Struct, frozen=True):
    """How many notes of a file are new, were there, and are none on a study."""

    added: int
    there: int
    others: int = 0

    def words(self) -> str:
        """
        Return what was done, in words.

        >>> Imported(2, 1).words()
        '2 notes added, 1 was there already.'
        """
        parts = [f"{self.added:,} {'note' if self.added == 1 else 'notes'} added"]
        if self.there:
            parts.append(f"{self.there:,} {'was' if self.there == 1 else 'were'} there already")
        if self.others:
            parts.append(f"{self.others:,} {'is' if self.others == 1 else 'are'} no note on a study, or too long")
        return f"{', '.join(parts)}."


def import_drafts(desk: Desk, person: Person, drafts: Sequence[Draft], *, now: datetime) -> Imported:
    """
    Keep the notes of a file, all or none. What has the key of a note that is there is left as it is; one that was
    removed comes back.

    Raises:
        DeskError: the desk cannot be written.
    """
    added = 0
    with desk.writing() as connection:
        mine = sa.select(notes.c.key).where(notes.c.person == person.id, notes.c.deleted.is_(None))
        known = set(connection.execute(mine).scalars())
        for draft in drafts:
            if draft.key in known:
                continue
            known.add(draft.key)
            connection.execute(notes.delete().where(notes.c.person == person.id, notes.c.key == draft.key))
            keep_draft(connection, person, draft, now=now)
            added += 1
    return Imported(added, len(drafts) - added)
