"""
Migrate a library that an earlier version wrote: a chain of steps, format *n* to *n* + 1.

- **1** (*First light*): one ``documents.sqlite``; an edition has ``index`` and ``columns``,
  and its ``edition.json`` says neither by what columns it was made, nor their digests.
- **2**: documents may lie in ``documents-NNNNNN.sqlite``, begun with edition *NNNNNN*;
  an edition has ``files.json``.

A step leaves the library whole in the format it had; the number in the manifest, which is
written after it, is what makes it the next. So a step that was killed is done again, and must
bear that.
"""

from __future__ import annotations

from collections.abc import Callable

from equipoise.errors import LibraryBusy, LibraryError
from equipoise.store.editions import FORMAT, Folder
from equipoise.store.lock import take_lock, writing


def _one_to_two(folder: Folder) -> None:
    """Do nothing: what format 2 adds, format 1 lacks, and every reader of 2 bears that.

    The number must grow all the same: a reader of format 1 would not find documents that
    were begun anew. Index and columns are made again where their layout is another.
    """


STEPS: dict[int, Callable[[Folder], None]] = {1: _one_to_two}


def migrate_locked(folder: Folder) -> None:
    """Bring a library, whose lock is held, to this version's format.

    Raises:
        LibraryTooNew, LibraryDamaged: its format cannot be read.
        LibraryError: it cannot be written.
    """
    for number in range(folder.check_format(), FORMAT):
        with writing(folder.path):
            STEPS[number](folder)
            folder.set_format(number + 1)


def migrate(folder: Folder) -> None:
    """Bring a library to this version's format, if it has an earlier one.

    Raises:
        LibraryTooNew, LibraryDamaged: its format cannot be read.
        LibraryError: another process is writing, or the folder cannot be written.
    """
    found = folder.check_format()
    if found == FORMAT:
        return
    try:
        lock = take_lock(folder)
    except LibraryBusy:
        raise
    except LibraryError as error:
        raise LibraryError(
            f"The library has format {found} and must be brought to format {FORMAT}, but cannot be written",
            where=str(folder.path),
            next="Make it writable, or copy it to a folder that is, and open it once.",
        ) from error
    try:
        migrate_locked(folder)
    finally:
        lock.release()
