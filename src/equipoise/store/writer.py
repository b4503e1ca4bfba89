"""Add records to a library."""

from __future__ import annotations

from collections import Counter
from enum import Enum
from pathlib import Path

import msgspec

from equipoise.records.sidecar import Sidecar
from equipoise.records.study import Study
from equipoise.store.compiling import Compiling
from equipoise.store.documents import Version, digest
from equipoise.store.editions import Edition
from equipoise.store.lock import writing
from equipoise.store.next_edition import NextEdition

# Documents whose sample trains the compression dictionary: enough that it knows the field
# names and the stock phrases, few enough to hold in memory.
_SAMPLES = 2000
# Documents that are brought to the disk at once. SQLite's log grows to their size, some 30 MB.
_BATCH = 5000


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


class LibraryWriter(NextEdition):
    """The one writer of a library; used as a context manager.

    What is added becomes visible by :meth:`publish`; leaving without it shows nothing of it.
    Documents reach the disk in batches. Those of a load that was killed wait for the next, which
    takes those that it is given again as they lie there, and drops the others.

    Raises:
        LibraryBusy: another process is writing.
        LibraryTooNew: a later version of Equipoise wrote the library.
        LibraryStale: the index must first be made anew.
        LibraryError: the folder cannot be written.
    """

    def __init__(self, path: Path, *, compiling: Compiling | None = None) -> None:
        super().__init__(path, compiling=compiling)
        self._left = self._documents.rows_after(self._last)
        self._documents.forget_aliases_after(self._last)
        self._reached = 0
        self._fresh = 0
        self._waiting: list[Entry] | None = None if self._documents.has_dictionary else []
        self.outcomes: Counter[Outcome] = Counter()

    def add(self, entry: Entry) -> None:
        """Add a record; :attr:`outcomes` counts what becomes of it.

        Raises:
            LibraryError: the disk is full or cannot be written.
        """
        if self._waiting is not None:
            self._waiting.append(entry)
            if len(self._waiting) >= _SAMPLES:
                self._flush()
            return
        with writing(self._folder.path):
            self.outcomes[self._store(entry)] += 1

    def _flush(self) -> None:
        """Store what was held back so that the compression dictionary could learn from it."""
        waiting, self._waiting = self._waiting or [], None
        with writing(self._folder.path):
            if len(waiting) >= 100:  # zstd refuses to train on next to nothing
                self._documents.train([entry.document for entry in waiting])
            for entry in waiting:
                self.outcomes[self._store(entry)] += 1

    def _store(self, entry: Entry) -> Outcome:
        known = self._documents.versions(entry.study.number, self._number)
        left = [version for version in known if version.id in self._left]
        known = [version for version in known if version.id not in self._left]
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
        row = self._row(version, entry, left)
        for alias in entry.study.aliases:
            self._documents.add_alias(alias, entry.study.number, self._number)
        if known and known[-1].order > msgspec.structs.replace(version, id=row).order:
            return Outcome.OLDER
        self._show(entry.study, entry.document, row, instead=bool(known))
        return Outcome.CHANGED if known else Outcome.ADDED

    def _row(self, version: Version, entry: Entry, left: list[Version]) -> int:
        """Return the row of a version: the one that a killed load *left* for it, else a new one.

        Rows rise in the order of adding, since they decide which of two versions that nothing
        else tells apart is the current one.
        """
        for one in left:
            alike = one.id > self._reached and msgspec.structs.replace(one, id=0) == version
            if alike and self._documents.read(one.id) == (entry.document, entry.sidecar):
                self._left.remove(one.id)
                self._reached = one.id
                return one.id
        self._reached = self._documents.append(version, entry.document, entry.sidecar)
        self._fresh += 1
        if self._fresh % _BATCH == 0:
            self._documents.commit()
        return self._reached

    def publish(self) -> Edition | None:
        """Make everything added visible at once, as the next edition; return it, or None if nothing changed.

        Raises:
            LibraryError: the disk is full or cannot be written; the last edition stays.
        """
        self._flush()
        with writing(self._folder.path):
            self._documents.forget_rows(self._left)
            self._left = set()
            if not (self.outcomes.total() - self.outcomes[Outcome.UNCHANGED]):
                self._documents.commit()
                return None
        return self._finish()
