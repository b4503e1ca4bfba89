"""Keep the current edition of a library open while a server runs."""

from __future__ import annotations

import threading
from pathlib import Path

from equipoise.intake.opening import open_library
from equipoise.store.editions import Folder
from equipoise.store.library import Library


class Shelf:
    """Hands out the library's current edition, and opens the next when a load has published it.

    A request that began with one edition ends with it.
    """

    def __init__(self, path: Path) -> None:
        self._folder = Folder(path)
        self._library: Library | None = None
        self._opening = threading.Lock()

    def library(self) -> Library:
        """Return the current edition.

        Raises:
            LibraryError: the folder cannot be opened.
        """
        library = self._library
        if library is None or library.edition.number != self._folder.current():
            with self._opening:
                library = open_library(self._folder.path)
                self._library = library
        return library
