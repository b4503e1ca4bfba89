"""Keep the editions of a library open while a server runs."""

from __future__ import annotations

import threading
from pathlib import Path

from equipoise.find.statistics import Statistics
from equipoise.intake.opening import open_library
from equipoise.store.editions import KEEP, Folder
from equipoise.store.library import Library


class Shelf:
    """Hands out the library's current edition, and opens the next when a load has published it.

    A request that began with one edition ends with it. Pages of a list are asked for one by one; those
    that follow name the edition of the first, which stays open as long as the folder has it.
    """

    def __init__(self, path: Path) -> None:
        self._folder = Folder(path)
        self._open: dict[int, Library] = {}
        self._statistics: dict[int, Statistics] = {}
        self._opening = threading.Lock()

    def library(self, edition: int | None = None) -> Library:
        """Return an edition, the current one where none is named.

        Raises:
            LibraryError: the folder cannot be opened, or has no such edition any more.
        """
        wanted = self._folder.current() if edition is None else edition
        library = self._open.get(wanted)
        if library is None:
            with self._opening:
                library = self._open.get(wanted) or open_library(self._folder.path, edition=edition)
                self._keep(library)
        return library

    def statistics(self) -> Statistics:
        """Return the statistics of the current edition."""
        library = self.library()
        number = library.edition.number
        with self._opening:
            if number not in self._statistics:
                self._statistics[number] = Statistics(library)
            return self._statistics[number]

    def _keep(self, library: Library) -> None:
        """Keep an edition open, and let go of those that are neither among the last nor just asked for."""
        several = self._open | {library.edition.number: library}
        last = sorted(several)[-KEEP:]
        self._open = {
            number: one for number, one in several.items() if number in last or number == library.edition.number
        }
        self._statistics = {number: one for number, one in self._statistics.items() if number in self._open}
