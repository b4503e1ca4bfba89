"""Take care of a library: check it, make its index anew, compact it; with the reader of documents."""

from __future__ import annotations

import logging
from pathlib import Path

from equipoise.errors import LibraryStale
from equipoise.intake.compile import answered_criteria, compiling
from equipoise.sources.ctgov import read_study
from equipoise.store import check as checking
from equipoise.store import rebuild as rebuilding
from equipoise.store import recompile as recompiling
from equipoise.store.check import Report
from equipoise.store.editions import Edition
from equipoise.store.library import Library
from equipoise.store.rebuild import Rebuilt, Watch
from equipoise.store.writer import LibraryWriter

_log = logging.getLogger("equipoise")


def _ignore(done: int, total: int) -> None:
    return None


def check_library(path: Path, *, quick: bool = False, watch: Watch = _ignore) -> Report:
    """Return what is wrong with a library; see :func:`equipoise.store.check.check`."""
    return checking.check(path, read_study, quick=quick, read_rules=answered_criteria, watch=watch)


def rebuild_library(path: Path, *, watch: Watch = _ignore) -> Rebuilt:
    """Make index and columns anew; see :func:`equipoise.store.rebuild.rebuild`."""
    return rebuilding.rebuild(path, read_study, compiling=compiling(path), watch=watch)


def compact_library(path: Path, *, keep: int | None = None, watch: Watch = _ignore) -> Rebuilt:
    """Make a library small; see :func:`equipoise.store.rebuild.compact`."""
    return rebuilding.compact(path, read_study, keep=keep, compiling=compiling(path), watch=watch)


def compile_library(path: Path, *, every: bool = False, watch: Watch = _ignore) -> Edition | None:
    """Compile the criteria of open, coming and silent studies, or of *every* one; None if there is nothing to do.

    Raises:
        LibraryEmpty, LibraryBusy, LibraryTooNew, LibraryDamaged, LibraryError: it cannot be opened or written.
    """
    how = compiling(path, every=every, watch=watch)
    try:
        library = Library(path, read_study)
    except LibraryStale as stale:
        refresh(path, stale)
        library = Library(path, read_study)
    return None if recompiling.is_compiled(library, how) else recompiling.recompile(path, how)


def refresh(path: Path, stale: LibraryStale) -> None:
    """Make anew an index that another version made.

    Raises:
        LibraryStale: it cannot be made anew, for want of the lock or of permission.
    """
    _log.warning("%s. Making them anew from the documents; nothing is lost.", stale.problem)
    # Who opens a library does not wait for criteria to compile; the next load or `library compile` does that.
    rebuilding.rebuild(path, read_study, compiling=compiling(path, stored_only=True))


def open_writer(path: Path, *, watch: Watch = _ignore) -> LibraryWriter:
    """Return the writer of a library; an index that another version made is made anew before.

    *watch* sees how far its criteria are compiled, at the end.

    Raises:
        LibraryBusy, LibraryTooNew, LibraryError: as of :class:`~equipoise.store.writer.LibraryWriter`.
    """
    how = compiling(path, watch=watch)
    try:
        return LibraryWriter(path, compiling=how)
    except LibraryStale as stale:
        refresh(path, stale)
        return LibraryWriter(path, compiling=how)
