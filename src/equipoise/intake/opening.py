"""Open a library, and read studies from files without one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from equipoise.errors import InputError, LibraryStale
from equipoise.intake.care import refresh
from equipoise.intake.load import read_incoming
from equipoise.records.study import Study
from equipoise.sources.ctgov import read_outline, read_study
from equipoise.store.editions import library_folder
from equipoise.store.library import Library


def open_library(folder: Path | str | None = None, *, edition: int | None = None) -> Library:
    """Return the current edition of the library in *folder* (else ``$EQUIPOISE_LIBRARY``, else the user's).

    With *edition* it is that edition, as long as the folder has it. An index that another version made is
    made anew first.

    Raises:
        LibraryEmpty, LibraryTooNew, LibraryDamaged: it cannot be opened.
    """
    path = library_folder(Path(folder) if folder else None)
    if edition is not None:
        return Library(path, read_study, read_outline=read_outline, edition=edition)
    try:
        return Library(path, read_study, read_outline=read_outline)
    except LibraryStale as stale:
        refresh(path, stale)
        return Library(path, read_study, read_outline=read_outline)


def read_studies(*paths: Path | str) -> Iterator[Study]:
    """Yield the studies in registry files and trial pages.

    Raises:
        InputError: a record cannot be read.
    """
    for record in read_incoming([Path(path) for path in paths]):
        if isinstance(record, InputError):
            raise record
        yield record.study
