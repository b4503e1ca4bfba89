"""One writer at a time, and what becomes of a folder that cannot be written."""

from __future__ import annotations

import errno
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from equipoise.errors import LibraryBusy, LibraryError
from equipoise.store.editions import Folder


def take_lock(folder: Folder) -> filelock.BaseFileLock:
    """Return the held lock of a library, whose folder is made if there is none.

    Raises:
        LibraryBusy: another process holds it.
        LibraryError: the folder cannot be written.
    """
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(folder.lock)
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise LibraryBusy(
            "Another process is writing to this library",
            where=str(folder.path),
            next="Wait until it has finished, then try again; readers are not disturbed.",
        ) from None
    except OSError as error:
        raise LibraryError(
            f"The folder cannot be written ({error.strerror})",
            where=str(folder.path),
            next="Choose another with --library, or change its permissions.",
        ) from None
    return lock


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say of a full disk, a quota, a file that may not be written: the last edition is untouched.

    Raises:
        LibraryError: something could not be written.
    """
    try:
        yield
    # tantivy says with ValueError what the system refused to its threads.
    except (OSError, sqlite3.OperationalError, ValueError) as error:
        raise LibraryError(
            f"The new edition cannot be written ({_reason(error)})",
            where=str(path),
            next="Make room or choose another folder with --library; the last edition is untouched.",
        ) from error


def _reason(error: Exception) -> str:
    """Return what the system says, in its words, whoever hands it on."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode == sqlite3.SQLITE_FULL:
        return os.strerror(errno.ENOSPC)
    if isinstance(error, OSError) and re.fullmatch(r"\d+ requested and \d+ written", str(error)):
        return os.strerror(errno.ENOSPC)  # numpy's words for a write that the disk cut short
    told = re.search(r"\(os error (\d+)\)", str(error))  # tantivy
    return os.strerror(int(told[1])) if told else str(error)
