"""Write the next edition of a library."""

from __future__ import annotations

import sqlite3
from collections import Counter
from datetime import UTC, datetime
from enum import Enum
from importlib.metadata import version as installed_version
from pathlib import Path
from types import TracebackType

import filelock
import msgspec

from equipoise.errors import LibraryBusy, LibraryError
from equipoise.records.sidecar import Sidecar
from equipoise.records.study import Study
from equipoise.store.columns import Columns, ColumnsBuilder, date_text
from equipoise.store.documents import Documents, Version, digest
from equipoise.store.editions import Edition, Folder
from equipoise.store.index import IndexWriter, copy_index

# Documents whose sample trains the compression dictionary: enough that it knows the field
# names and the stock phrases, few enough to hold in memory.
_SAMPLES = 2000


class Outcome(Enum):
    """What became of a record that was added."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    OLDER = "older"


class Entry(msgspec.Struct, frozen=True):
    """A record to be stored. ``fullness`` ranks sources: of two versions updated on one day
    the fuller source's is the current one."""

    study: Study
    document: bytes
    sidecar: Sidecar | None
    source: str
    fullness: int
    origin: str


class LibraryWriter:
    """The one writer of a library; used as a context manager.

    What is added becomes visible by :meth:`publish`; leaving without it forgets it all.

    Raises:
        LibraryBusy: another process is writing.
        LibraryTooNew: a later version of Equipoise wrote the library.
        LibraryError: the folder cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._folder = Folder(path)
        try:
            path.mkdir(parents=True, exist_ok=True)
            self._lock = filelock.FileLock(self._folder.lock)
            self._lock.acquire(timeout=0)
        except filelock.Timeout:
            raise LibraryBusy(
                "Another process is writing to this library",
                where=str(path),
                next="Wait until it has finished, then try again; readers are not disturbed.",
            ) from None
        except OSError as error:
            raise LibraryError(
                f"The folder cannot be written ({error.strerror})",
                where=str(path),
                next="Choose another with --library, or change its permissions.",
            ) from None
        try:
            self._open()
        except BaseException:
            self._lock.release()
            raise

    def _open(self) -> None:
        self._folder.check_format()
        self._last = self._folder.current()
        self._number = self._last + 1
        self._folder.drop_unpublished()
        self._documents = Documents(self._folder.documents, write=True)
        self._documents.forget_after(self._last)
        old: Columns | None = None
        if self._last:
            place, _ = self._folder.open_current()
            old = Columns.open(place / "columns")
            copy_index(place / "index", self._place / "index")
        self._index = IndexWriter(self._place / "index")
        self._columns = ColumnsBuilder(old)
        self._waiting: list[Entry] | None = None if self._documents.has_dictionary else []
        self.outcomes: Counter[Outcome] = Counter()

    @property
    def _place(self) -> Path:
        return self._folder.edition(self._number)

    def __enter__(self) -> LibraryWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._documents.connection.rollback()
        self._documents.connection.close()
        if self._folder.current() != self._number:
            self._folder.drop_unpublished()
        self._lock.release()

    def add(self, entry: Entry) -> None:
        """Add a record; :attr:`outcomes` counts what becomes of it."""
        if self._waiting is not None:
            self._waiting.append(entry)
            if len(self._waiting) >= _SAMPLES:
                self._flush()
            return
        self.outcomes[self._store(entry)] += 1

    def _flush(self) -> None:
        """Store what was held back so that the compression dictionary could learn from it."""
        waiting, self._waiting = self._waiting or [], None
        if len(waiting) >= 100:  # zstd refuses to train on next to nothing
            self._documents.train([entry.document for entry in waiting])
        for entry in waiting:
            self.outcomes[self._store(entry)] += 1

    def _store(self, entry: Entry) -> Outcome:
        known = self._documents.versions(entry.study.number, self._number)
        mark = digest(entry.document, entry.sidecar)
        if any(version.digest == mark and version.source == entry.source for version in known):
            return Outcome.UNCHANGED
        version = Version(
            id=0,
            number=entry.study.number,
            edition=self._number,
            source=entry.source,
            fullness=entry.fullness,
            origin=entry.origin,
            updated=entry.study.updated or "",
            digest=mark,
        )
        row = self._documents.append(version, entry.document, entry.sidecar)
        for alias in entry.study.aliases:
            self._documents.add_alias(alias, entry.study.number, self._number)
        if known and known[-1].order > msgspec.structs.replace(version, id=row).order:
            return Outcome.OLDER
        if known:
            self._index.remove(entry.study.number)
        self._index.add(entry.study)
        self._columns.add(entry.study, row)
        return Outcome.CHANGED if known else Outcome.ADDED

    def publish(self) -> Edition | None:
        """Make everything added visible at once, as the next edition; return it, or None if nothing changed.

        Raises:
            LibraryError: the disk is full or cannot be written; the last edition stays.
        """
        self._flush()
        if not (self.outcomes.total() - self.outcomes[Outcome.UNCHANGED]):
            return None
        try:
            self._index.commit()
            columns = self._columns.columns()
            columns.save(self._place / "columns")
            edition = self._describe(columns)
            self._documents.connection.commit()
            self._folder.publish(edition)
        except (OSError, sqlite3.OperationalError, ValueError) as error:
            raise LibraryError(
                f"The new edition cannot be written ({error})",
                where=str(self._folder.path),
                next="Make room or choose another folder with --library; the last edition is untouched.",
            ) from error
        return edition

    def _describe(self, columns: Columns) -> Edition:
        updated = int(columns.flat["updated"].max())
        return Edition(
            number=self._number,
            made=datetime.now(UTC).isoformat(timespec="seconds"),
            studies=len(columns),
            sources=self._documents.sources([int(row) for row in columns.flat["version"]]),
            updated=date_text(updated),
            index=f"tantivy {installed_version('tantivy')}",
        )
