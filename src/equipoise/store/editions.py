"""
Where a library lies and which edition of it is current.

::

    LIBRARY/
      manifest.json         {"format": 1, …}
      documents.sqlite      every version of every study
      CURRENT               the number of the current edition
      LOCK                  held by the one writer
      editions/000007/
        edition.json        what it holds
        index/              tantivy
        columns/            numpy

SQLite and tantivy cannot commit together. So an edition's documents, index and columns are
written beside the last one's, and the rename of ``CURRENT`` publishes all of them at once.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import platformdirs

from equipoise.errors import LibraryDamaged, LibraryEmpty, LibraryTooNew

FORMAT = 1
KEEP = 2


class Manifest(msgspec.Struct, frozen=True):
    """What kind of folder this is. ``format`` grows by one when older code cannot read it."""

    format: int = FORMAT
    kind: str = "equipoise library"


class Edition(msgspec.Struct, frozen=True):
    """What one edition holds. ``made`` is a UTC time; ``updated`` the latest update posted in it."""

    number: int
    made: str
    studies: int
    sources: dict[str, int]
    updated: str
    index: str


def library_folder(option: Path | None = None) -> Path:
    """Return the library's folder: *option*, else ``$EQUIPOISE_LIBRARY``, else the user's data folder."""
    if option is not None:
        return option
    if named := os.environ.get("EQUIPOISE_LIBRARY"):
        return Path(named)
    return Path(platformdirs.user_data_dir("equipoise", appauthor=False)) / "library"


def write_whole(path: Path, data: bytes) -> None:
    """Replace a small file so that a reader sees the old one or the new one, never a part."""
    beside = path.with_name(path.name + ".new")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


class Folder:
    """The files of one library."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.documents = path / "documents.sqlite"
        self.lock = path / "LOCK"
        self._current = path / "CURRENT"
        self._manifest = path / "manifest.json"

    def edition(self, number: int) -> Path:
        """Return the folder of an edition."""
        return self.path / "editions" / f"{number:06d}"

    def current(self) -> int:
        """Return the number of the current edition, 0 where none was ever published."""
        try:
            return int(self._current.read_text("ascii"))
        except FileNotFoundError:
            return 0
        except ValueError:
            raise LibraryDamaged(
                "CURRENT does not name an edition",
                where=str(self._current),
                next="Load again into a new folder, or write the number of the last whole edition into it.",
            ) from None

    def check_format(self) -> None:
        """Check that this version of Equipoise can read the library.

        Raises:
            LibraryTooNew: it was written by a later version.
            LibraryDamaged: its manifest cannot be read.
        """
        try:
            manifest = msgspec.json.decode(self._manifest.read_bytes(), type=Manifest)
        except FileNotFoundError:
            return
        except msgspec.DecodeError as error:
            raise LibraryDamaged(
                str(error), where=str(self._manifest), next="Restore it, or load again into a new folder."
            ) from None
        if manifest.format > FORMAT:
            raise LibraryTooNew(
                f"The library has format {manifest.format}; this version of Equipoise reads up to {FORMAT}",
                where=str(self.path),
                next="Update Equipoise (`pip install -U equipoise`), or name another folder with --library.",
            )

    def open_current(self) -> tuple[Path, Edition]:
        """Return the folder and the description of the current edition.

        Raises:
            LibraryEmpty: nothing was ever loaded.
            LibraryTooNew, LibraryDamaged: it cannot be read.
        """
        self.check_format()
        number = self.current()
        if number == 0:
            raise LibraryEmpty(
                "There is no study in this library yet",
                where=str(self.path),
                next="Fill it with `equipoise load PATH…` (registry files or trial pages), "
                "or look around first with `equipoise demo`.",
            )
        folder = self.edition(number)
        try:
            return folder, msgspec.json.decode((folder / "edition.json").read_bytes(), type=Edition)
        except (OSError, msgspec.DecodeError) as error:
            raise LibraryDamaged(
                f"Edition {number} cannot be read ({error})",
                where=str(folder),
                next="Load your files again into a new folder; the documents here stay untouched.",
            ) from None

    def publish(self, edition: Edition) -> None:
        """Make an edition, whose files are all written, the current one; drop those before the last."""
        if not self._manifest.exists():
            write_whole(self._manifest, msgspec.json.format(msgspec.json.encode(Manifest())))
        description = msgspec.json.format(msgspec.json.encode(edition))
        write_whole(self.edition(edition.number) / "edition.json", description)
        write_whole(self._current, f"{edition.number}\n".encode("ascii"))
        self._drop(lambda number: number <= edition.number - KEEP)

    def drop_unpublished(self) -> None:
        """Delete the folders of editions that were never published."""
        current = self.current()
        self._drop(lambda number: number > current)

    def _drop(self, unwanted: Callable[[int], bool]) -> None:
        for folder in (self.path / "editions").glob("[0-9]*"):
            if unwanted(int(folder.name)):
                shutil.rmtree(folder, ignore_errors=True)
