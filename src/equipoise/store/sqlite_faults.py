"""What SQLite says of a file, in our words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from equipoise.errors import LibraryBusy, LibraryDamaged, LibraryError

RESTORE = "Restore the folder from a copy, or load your files again into a new folder."

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_SCHEMA}


@contextmanager
def named_faults(path: Path) -> Iterator[None]:
    """Raise SQLite's errors as ours.

    Raises:
        LibraryDamaged: the file is missing or is not what was written.
        LibraryBusy: another program has locked it.
        LibraryError: it cannot be read or written, for want of room or permission.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _named(error, path) from error


def _named(error: sqlite3.DatabaseError, path: Path) -> LibraryError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in _BUSY:
        return LibraryBusy(
            "Another program has locked the documents", where=str(path), next="Close it there, then try again."
        )
    if not path.exists():
        return LibraryDamaged("The documents are missing", where=str(path), next=RESTORE)
    if code in _DAMAGED:
        return LibraryDamaged(f"The documents cannot be read ({error})", where=str(path), next=RESTORE)
    return LibraryError(
        f"The documents cannot be used ({error})",
        where=str(path),
        next="Make room or change the permissions; the last edition is untouched.",
    )
