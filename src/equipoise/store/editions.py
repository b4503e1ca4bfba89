"""
Where a library lies and which edition of it is current.

::

    LIBRARY/
      manifest.json         {"format": 2, …}
      criteria.sqlite       the criteria of texts that were compiled
      documents.sqlite      every version of every study; after `compact` its name has
                            the number of the first edition that it belongs to
      CURRENT               the number of the current edition
      LOCK                  held by the one writer
      editions/000007/
        edition.json        what it holds
        files.json          sizes and digests of the files below
        index/              tantivy
        columns/            numpy
        criteria/           numpy: what the compiled criteria demand
        rules/              numpy: their rules, for one patient against all
        taught/             numpy: other names that the records teach
        telling/            numpy: what related studies need of each study

SQLite and tantivy cannot commit together. So an edition's documents, index and columns are
written beside the last one's and brought to the disk, and the rename of ``CURRENT``
publishes all of it at once.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec
import platformdirs

from equipoise.errors import LibraryDamaged, LibraryEmpty, LibraryError, LibraryTooNew
from equipoise.store.durable import sync_folder, sync_tree
from equipoise.store.durable import write_whole as write_whole

FORMAT = 2
KEEP = 2

REBUILD = "`equipoise library rebuild` makes it again from the documents, which stay untouched."


class Manifest(msgspec.Struct, frozen=True):
    """What kind of folder this is. ``format`` grows by one when older code cannot read it."""

    format: int = FORMAT
    kind: str = "equipoise library"


class Edition(msgspec.Struct, frozen=True):
    """What one edition holds. ``made`` is a UTC time; ``updated`` the latest update posted in it.

    ``index`` and ``layout`` say by what its index and columns were made, ``compiler`` by what the criteria
    of ``compiled`` studies were.
    """

    number: int
    made: str
    studies: int
    sources: dict[str, int]
    updated: str
    index: str
    layout: str = ""
    compiler: str = ""
    compiled: int = 0


def library_folder(option: Path | None = None) -> Path:
    """Return the library's folder: *option*, else ``$EQUIPOISE_LIBRARY``, else the user's data folder."""
    if option is not None:
        return option
    if named := os.environ.get("EQUIPOISE_LIBRARY"):
        return Path(named)
    return Path(platformdirs.user_data_dir("equipoise", appauthor=False)) / "library"


class Folder:
    """The files of one library."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = path / "LOCK"
        self._current = path / "CURRENT"
        self._manifest = path / "manifest.json"

    def edition(self, number: int) -> Path:
        """Return the folder of an edition."""
        return self.path / "editions" / f"{number:06d}"

    def editions(self) -> list[int]:
        """Return the numbers of the editions whose folders are there, published or not."""
        folders = (self.path / "editions").glob("[0-9]*")
        return sorted(int(folder.name) for folder in folders if folder.name.isdigit())

    @property
    def documents(self) -> Path:
        """The documents of the current edition."""
        return self.documents_of(self.current())

    def documents_of(self, edition: int) -> Path:
        """Return the documents of an edition: the last file that was begun with it or before."""
        begun = [number for number in self._files() if number <= edition]
        return self.new_documents(begun[-1]) if begun else self.path / "documents.sqlite"

    def new_documents(self, edition: int) -> Path:
        """Return the file of documents that is begun with an edition."""
        return self.path / f"documents-{edition:06d}.sqlite"

    def _files(self) -> list[int]:
        names = (file.stem.removeprefix("documents-") for file in self.path.glob("documents-*.sqlite"))
        return sorted(int(name) for name in names if name.isdigit())

    def current(self) -> int:
        """Return the number of the current edition, 0 where none was ever published."""
        try:
            number = int(self._current.read_text("ascii"))
        except (FileNotFoundError, NotADirectoryError):
            return 0
        except OSError as error:
            raise self._unreadable(error) from None
        except ValueError:
            number = 0
        if number < 1:
            raise LibraryDamaged(
                "CURRENT does not name an edition",
                where=str(self._current),
                next="`equipoise library rebuild` makes an edition from the documents and names it.",
            )
        return number

    def _unreadable(self, error: OSError) -> LibraryError:
        return LibraryError(
            f"The folder cannot be read ({error.strerror})",
            where=str(self.path),
            next="Name another with --library, or change its permissions.",
        )

    def last_whole(self) -> int:
        """Return the last edition that was written to its end, whatever ``CURRENT`` says; 0 for none."""
        whole = (number for number in self.editions() if (self.edition(number) / "edition.json").exists())
        return max(whole, default=0)

    def check_format(self) -> int:
        """Return the library's format, which this version of Equipoise can read or migrate.

        Raises:
            LibraryTooNew: it was written by a later version.
            LibraryDamaged: its manifest cannot be read.
            LibraryError: the folder is none, or cannot be read.
        """
        try:
            manifest = msgspec.json.decode(self._manifest.read_bytes(), type=Manifest)
        except FileNotFoundError:
            return FORMAT
        except OSError as error:
            raise self._unreadable(error) from None
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
        return manifest.format

    def set_format(self, number: int) -> None:
        """Write the manifest."""
        write_whole(self._manifest, msgspec.json.format(msgspec.json.encode(Manifest(number))))

    def open_edition(self, number: int | None = None) -> tuple[Path, Edition]:
        """Return the folder and the description of an edition, the current one where none is named.

        Raises:
            LibraryEmpty: nothing was ever loaded.
            LibraryTooNew, LibraryDamaged: it cannot be read.
        """
        self.check_format()
        if number is None:
            number = self.current()
        if number == 0:
            raise LibraryEmpty(
                "There is no study in this library yet",
                where=str(self.path),
                next="Fill it with `equipoise load FILE` (registry files or trial pages), "
                "or look around first with `equipoise demo`.",
            )
        folder = self.edition(number)
        try:
            return folder, msgspec.json.decode((folder / "edition.json").read_bytes(), type=Edition)
        except (OSError, msgspec.DecodeError) as error:
            raise LibraryDamaged(
                f"Edition {number} cannot be read ({error})",
                where=str(folder),
                next=REBUILD,
            ) from None

    def publish(self, edition: Edition, *, keep: int = KEEP) -> None:
        """Make an edition, whose files are all written, the current one; drop all but the last *keep*.

        Everything that ``CURRENT`` will name is on the disk before it does. Documents must be
        committed.
        """
        if not self._manifest.exists():
            self.set_format(FORMAT)
        description = msgspec.json.format(msgspec.json.encode(edition))
        place = self.edition(edition.number)
        write_whole(place / "edition.json", description)
        sync_tree(place)
        sync_folder(place.parent)
        sync_folder(self.path)
        write_whole(self._current, f"{edition.number}\n".encode("ascii"))
        self._drop(lambda number: number <= edition.number - keep)
        self._drop_documents(keep=self.documents_of(edition.number + 1 - keep), after=edition.number)

    def drop_unpublished(self, current: int) -> None:
        """Delete what was begun for editions after the *current* one and never published."""
        self._drop(lambda number: number > current)
        self._drop_documents(keep=None, after=current)

    def _drop(self, unwanted: Callable[[int], bool]) -> None:
        for number in self.editions():
            if unwanted(number):
                shutil.rmtree(self.edition(number), ignore_errors=True)

    def _drop_documents(self, *, keep: Path | None, after: int) -> None:
        """Delete the documents that no edition has: those begun after one, and those before the file to *keep*."""
        files = [self.path / "documents.sqlite", *(self.new_documents(number) for number in self._files())]
        dropped = files[: files.index(keep)] if keep in files else []
        dropped += [self.new_documents(number) for number in self._files() if number > after]
        for file in dropped:
            for part in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
                with suppress(OSError):  # where a reader keeps it from being deleted, the next load tries again
                    part.unlink(missing_ok=True)
