"""Compile criteria of a library whose documents stay as they are, as its next edition."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from equipoise.store.compiling import Compiling
from equipoise.store.editions import Edition
from equipoise.store.library import Library
from equipoise.store.next_edition import NextEdition


class _Recompile(NextEdition):
    """The next edition: the same documents, index and columns, and more of the criteria compiled."""

    def recompile(self) -> Edition:
        """Compile what is wanted and publish it."""
        return self._finish()


def is_compiled(library: Library, compiling: Compiling) -> bool:
    """Return whether all criteria that are wanted are compiled, and by this compiler."""
    if library.edition.compiler != compiling.compiler.mark:
        return False
    wanted = library.columns.flat["number"][compiling.wanted(library.columns, library.postings)]
    has_rules = compiling.read_rules is None or bool(np.isin(wanted, library.rules.studies).all())
    return has_rules and bool(np.isin(wanted, library.postings.studies).all())


def recompile(path: Path, compiling: Compiling) -> Edition:
    """Compile the criteria of a library and publish them as its next edition.

    Raises:
        LibraryBusy, LibraryStale, LibraryTooNew: as of :class:`~equipoise.store.next_edition.NextEdition`.
        LibraryError: the folder cannot be written; the last edition stays.
    """
    with _Recompile(path, compiling=compiling) as writer:
        return writer.recompile()
