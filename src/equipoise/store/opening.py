"""Open an edition, if it is whole and of this version's making."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from equipoise.errors import LibraryDamaged, LibraryStale
from equipoise.store.columns import Columns
from equipoise.store.editions import REBUILD, Edition, Folder
from equipoise.store.index import Index
from equipoise.store.layout import index_format, layout
from equipoise.store.postings import Postings
from equipoise.store.rule_columns import RuleColumns
from equipoise.store.seals import broken_seals
from equipoise.store.taught import TaughtNames
from equipoise.store.telling import Tellings


def open_edition(folder: Folder, number: int | None = None) -> tuple[Path, Edition]:
    """Return the folder and the description of an edition (the current one), of which every file has its size.

    Raises:
        LibraryEmpty, LibraryTooNew, LibraryDamaged: it cannot be read.
        LibraryStale: another version made its index or columns.
    """
    place, edition = folder.open_edition(number)
    if edition.index != index_format():
        raise _stale(place, f"The index was made by {edition.index}; this version of Equipoise has {index_format()}")
    if edition.layout != layout():
        raise _stale(place, "Index and columns were made by another version of Equipoise, which had other columns")
    try:
        # A file cut short must not be mapped: reading past its end kills the process.
        for name, problem in broken_seals(place, sizes_only=True):
            raise LibraryDamaged(problem, where=str(place / name), next=REBUILD)
    except (OSError, msgspec.DecodeError) as error:
        raise damaged(place, edition, error) from None
    return place, edition


def open_columns(place: Path, edition: Edition) -> Columns:
    """Return the columns of an edition.

    Raises:
        LibraryDamaged: they are not what was written.
    """
    try:
        return Columns.open(place / "columns")
    except (OSError, EOFError, ValueError, KeyError) as error:
        raise damaged(place, edition, error) from None


def open_postings(place: Path, edition: Edition) -> Postings:
    """Return the postings of an edition.

    Raises:
        LibraryDamaged: they are not what was written.
    """
    try:
        return Postings.open(place / "criteria")
    except (OSError, EOFError, ValueError, KeyError) as error:
        raise damaged(place, edition, error) from None


def open_rules(place: Path, edition: Edition) -> RuleColumns:
    """Return the rules of an edition; there are none where an earlier version wrote it.

    Raises:
        LibraryDamaged: they are not what was written.
    """
    try:
        return RuleColumns.open(place / "rules")
    except (OSError, EOFError, ValueError, KeyError) as error:
        raise damaged(place, edition, error) from None


def open_taught(place: Path, edition: Edition) -> TaughtNames:
    """Return the other names that an edition teaches.

    Raises:
        LibraryDamaged: they are not what was written.
    """
    try:
        return TaughtNames.open(place / "taught")
    except (OSError, EOFError, ValueError) as error:
        raise damaged(place, edition, error) from None


def open_tellings(place: Path, edition: Edition) -> Tellings:
    """Return what related studies need of each study of an edition.

    Raises:
        LibraryDamaged: it is not what was written.
    """
    try:
        found = Tellings.open(place / "telling")
        if len(found) != edition.studies:
            raise ValueError(f"{len(found):,} rows of telling words, {edition.studies:,} expected")
        return found
    except (OSError, EOFError, ValueError) as error:
        raise damaged(place, edition, error) from None


def open_index(place: Path, edition: Edition) -> Index:
    """Return the index of an edition.

    Raises:
        LibraryDamaged: it is not what was written.
    """
    folder = place / "index"
    try:
        if os.access(folder, os.W_OK):
            return Index(folder)
        # tantivy locks the folder that it opens. Where it cannot be written it is opened through
        # links from one that can; the files stay open when the links go.
        with TemporaryDirectory(prefix="equipoise-") as links:
            for file in (file for file in folder.iterdir() if file.suffix != ".lock"):
                (Path(links) / file.name).symlink_to(file.absolute())
            return Index(Path(links))
    except (OSError, ValueError) as error:
        raise damaged(place, edition, error) from None


def damaged(place: Path, edition: Edition, error: Exception) -> LibraryDamaged:
    """Return the error that an edition cannot be opened."""
    return LibraryDamaged(
        f"Edition {edition.number} cannot be opened ({error})",
        where=str(place),
        next=REBUILD,
    )


def _stale(place: Path, problem: str) -> LibraryStale:
    return LibraryStale(problem, where=str(place), next="Run `equipoise library rebuild`.")
