"""The documents (SQLite): every version of every study, byte for byte, append-only."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
import zstandard

from equipoise.errors import LibraryDamaged
from equipoise.records.sidecar import Sidecar
from equipoise.store.sqlite_faults import RESTORE, named_faults

_SCHEMA = """
CREATE TABLE IF NOT EXISTS dictionaries (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS versions (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL,
    edition INTEGER NOT NULL,
    source TEXT NOT NULL,
    fullness INTEGER NOT NULL,
    origin TEXT NOT NULL,
    updated TEXT NOT NULL,
    digest BLOB NOT NULL,
    dictionary INTEGER NOT NULL,
    document BLOB NOT NULL,
    sidecar BLOB
) STRICT;
CREATE TABLE IF NOT EXISTS aliases (
    alias TEXT NOT NULL,
    number TEXT NOT NULL,
    edition INTEGER NOT NULL,
    PRIMARY KEY (alias, number)
) STRICT;
CREATE INDEX IF NOT EXISTS versions_by_number ON versions (number);
CREATE INDEX IF NOT EXISTS versions_by_edition ON versions (edition);
CREATE INDEX IF NOT EXISTS versions_by_source ON versions (source);
"""

_UNWRITABLE = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}

# A row beside its document, its place in the indexes counted; and the room that undoing takes.
_ROW = 400
_SPARE = 1 << 20

# zstd level 3 with a trained dictionary of 110 KB: 2.6 times smaller, 0.2 ms a document to
# read back; level 9 is 5 times slower to write for a tenth less space.
_LEVEL = 3
_DICTIONARY_SIZE = 110 * 1024


class Version(msgspec.Struct, frozen=True):
    """One version of a study, without its document."""

    id: int
    number: str
    edition: int
    source: str
    fullness: int
    origin: str
    updated: str
    digest: bytes

    @property
    def order(self) -> tuple[str, int, int]:
        """What makes a version the current one: updated last, then the fuller source, then the later."""
        return (self.updated, self.fullness, self.id)


_VERSION_FIELDS = ", ".join(Version.__struct_fields__)


def digest(document: bytes, sidecar: Sidecar | None) -> bytes:
    """Return what tells two versions apart; white space in the JSON does not count."""
    compact = msgspec.json.format(document, indent=-1)
    beside = msgspec.json.encode(sidecar) if sidecar else b""
    return hashlib.blake2b(compact + b"\0" + beside, digest_size=16).digest()


def is_whole(version: Version, document: bytes, sidecar: Sidecar | None) -> bool:
    """Return whether a version that was read back is what was written."""
    try:
        return digest(document, sidecar) == version.digest
    except msgspec.DecodeError:
        return False


class _Own(threading.local):
    """What each thread has of its own: SQLite's connections and zstd's state may not be shared."""

    def __init__(self) -> None:
        self.connection: sqlite3.Connection | None = None
        self.decompressors: dict[int, zstandard.ZstdDecompressor] = {}


class Documents:
    """The versions of all studies in one SQLite file.

    Raises:
        LibraryDamaged, LibraryBusy, LibraryError: the file cannot be used.
    """

    def __init__(self, path: Path, *, write: bool = False, new: bool = False) -> None:
        self._path = path
        self._write = write
        self._own = _Own()
        self._dictionaries: dict[int, zstandard.ZstdCompressionDict] = {}
        self._newest = 0
        self._pending = 0
        self._compressor: zstandard.ZstdCompressor | None = None
        with named_faults(path):
            self._first = self._own.connection = self._connect_to_write(new) if write else self._connect()
            if write:
                newest = self.connection.execute("SELECT max(id) FROM dictionaries").fetchone()[0]
                self._newest = newest or 0

    @property
    def folder(self) -> Path:
        """The folder in which the file lies."""
        return self._path.parent

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        if self._own.connection is None:
            try:
                self._own.connection = self._connect()
            except sqlite3.Error:
                # The file was replaced and deleted since it was opened. The first connection
                # still has it, and SQLite lets several threads take turns on one.
                self._own.connection = self._first
        return self._own.connection

    def _connect(self) -> sqlite3.Connection:
        address = f"{self._path.absolute().as_uri()}?mode=ro"
        connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        try:
            connection.execute("SELECT 1 FROM versions LIMIT 1").fetchone()
        except sqlite3.OperationalError as error:
            connection.close()
            # Readers share a file of memory with the writer. Where the folder cannot be
            # written there is none to share with, unless a writer has left its log.
            log = self._path.with_name(self._path.name + "-wal")
            if error.sqlite_errorcode & 0xFF not in _UNWRITABLE or not self._path.exists() or log.exists():
                raise
            connection = sqlite3.connect(f"{address}&immutable=1", uri=True, check_same_thread=False)
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection

    def _connect_to_write(self, new: bool) -> sqlite3.Connection:
        mode = "rwc" if new else "rw"
        connection = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode={mode}", uri=True)
        try:
            # So that what a failed load took can be given back; only a new file takes this.
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("PRAGMA journal_mode = WAL")
            # Each commit is on the disk when it returns: CURRENT may name it right after.
            connection.execute("PRAGMA synchronous = FULL")
            connection.executescript(_SCHEMA)
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection

    def commit(self) -> None:
        """Bring what was written to the disk.

        Raises:
            OSError, sqlite3.OperationalError: the disk is full; what was committed before stays.
        """
        # What is committed lies in SQLite's log first, then in the file as well. A log that has
        # no room to be moved could not even be undone, so such a commit is not begun.
        if self._pending and shutil.disk_usage(self._path.parent).free < 2 * self._pending + _SPARE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.connection.commit()
        self._pending = 0
        self.settle()

    def settle(self) -> None:
        """Move what SQLite's log holds into the file, if no reader needs it there."""
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close a writer's connection; what was not committed is forgotten."""
        self._first.rollback()
        self._first.close()

    def _dictionary(self, number: int) -> zstandard.ZstdCompressionDict | None:
        if number == 0:
            return None
        if number not in self._dictionaries:
            row = self._one("SELECT data FROM dictionaries WHERE id = ?", number)
            if row is None:
                raise LibraryDamaged(
                    f"The compression dictionary {number} is missing", where=str(self._path), next=RESTORE
                )
            self._dictionaries[number] = zstandard.ZstdCompressionDict(row[0])
        return self._dictionaries[number]

    @property
    def has_dictionary(self) -> bool:
        """Whether new documents are compressed with a dictionary."""
        return self._newest > 0

    def train(self, samples: Sequence[bytes]) -> None:
        """Make the compression dictionary for the documents that follow from samples of them."""
        data = zstandard.train_dictionary(_DICTIONARY_SIZE, list(samples)).as_bytes()
        cursor = self.connection.execute("INSERT INTO dictionaries (data) VALUES (?)", (data,))
        self._newest = int(cursor.lastrowid or 0)
        self._compressor = None

    def _compress(self, data: bytes) -> bytes:
        if self._compressor is None:
            self._compressor = zstandard.ZstdCompressor(level=_LEVEL, dict_data=self._dictionary(self._newest))
        return self._compressor.compress(data)

    def append(self, version: Version, document: bytes, sidecar: Sidecar | None, *, row: int | None = None) -> int:
        """Append a version (its ``id`` is ignored), in this row or the next, and return its id."""
        beside = msgspec.json.encode(sidecar) if sidecar else None
        data = self._compress(document)
        self._pending += len(data) + len(beside or b"") + _ROW
        values = (
            row,
            *(getattr(version, name) for name in Version.__struct_fields__ if name != "id"),
            self._newest,
            data,
            beside,
        )
        marks = ", ".join("?" * len(values))
        names = f"{_VERSION_FIELDS}, dictionary, document, sidecar"
        cursor = self.connection.execute(f"INSERT INTO versions ({names}) VALUES ({marks})", values)
        return int(cursor.lastrowid or 0)

    def add_alias(self, alias: str, number: str, edition: int) -> None:
        """Note that a study was known under another number."""
        self.connection.execute("INSERT OR IGNORE INTO aliases VALUES (?, ?, ?)", (alias, number, edition))

    def _one(self, query: str, *values: object) -> tuple[Any, ...] | None:
        with named_faults(self._path):
            found: tuple[Any, ...] | None = self.connection.execute(query, values).fetchone()
            return found

    def _all(self, query: str, *values: object) -> Iterator[tuple[Any, ...]]:
        with named_faults(self._path):
            yield from self.connection.execute(query, values)

    def number_of(self, alias: str, edition: int) -> str | None:
        """Return the number of the study that was known as *alias*, or None."""
        row = self._one("SELECT number FROM aliases WHERE alias = ? AND edition <= ?", alias, edition)
        return row[0] if row else None

    def aliases(self, edition: int) -> Iterator[tuple[str, str]]:
        """Yield each alias that an edition knows, with the number it stands for."""
        yield from self._all("SELECT alias, number FROM aliases WHERE edition <= ?", edition)

    def versions(self, number: str, edition: int) -> list[Version]:
        """Return the versions of a study that an edition knows, the current one last."""
        rows = self._all(f"SELECT {_VERSION_FIELDS} FROM versions WHERE number = ? AND edition <= ?", number, edition)
        return sorted((Version(*row) for row in rows), key=lambda version: version.order)

    def studies(self, edition: int) -> Iterator[list[Version]]:
        """Yield the versions of every study that an edition knows, in order of number, the current one last."""
        rows = self._all(f"SELECT {_VERSION_FIELDS} FROM versions WHERE edition <= ? ORDER BY number", edition)
        versions = (Version(*row) for row in rows)
        for _, several in groupby(versions, key=lambda version: version.number):
            yield sorted(several, key=lambda version: version.order)

    def version(self, row: int) -> Version:
        """Return the version in this row."""
        return Version(*self._row(_VERSION_FIELDS, row))

    def _row(self, fields: str, row: int) -> tuple[Any, ...]:
        found = self._one(f"SELECT {fields} FROM versions WHERE id = ?", row)
        if found is None:
            raise LibraryDamaged(f"The document {row} is missing", where=str(self._path), next=RESTORE)
        return found

    def read(self, row: int) -> tuple[bytes, Sidecar | None]:
        """Return the document and sidecar in this row.

        Raises:
            LibraryDamaged: it is missing, or is not what was written.
        """
        number, data, beside = self._row("dictionary, document, sidecar", row)
        decompressor = self._own.decompressors.get(number)
        if decompressor is None:
            decompressor = zstandard.ZstdDecompressor(dict_data=self._dictionary(number))
            self._own.decompressors[number] = decompressor
        try:
            return decompressor.decompress(data), msgspec.json.decode(beside, type=Sidecar) if beside else None
        except (zstandard.ZstdError, msgspec.DecodeError) as error:
            raise LibraryDamaged(
                f"The document {row} cannot be unpacked ({error})", where=str(self._path), next=RESTORE
            ) from None

    def sizes(self, edition: int) -> Iterator[tuple[int, int]]:
        """Yield the row of each version that an edition knows, and the bytes of its document, without unpacking any."""
        # A frame of zstd says in its first 18 bytes at most how large its content is.
        frames = self._all("SELECT id, substr(document, 1, 18) FROM versions WHERE edition <= ?", edition)
        for row, frame in frames:
            yield row, zstandard.frame_content_size(frame)

    def rows(self, edition: int) -> list[int]:
        """Return the rows of all versions that an edition knows."""
        return sorted(row for (row,) in self._all("SELECT id FROM versions WHERE edition <= ?", edition))

    def count(self, edition: int) -> int:
        """Return how many versions an edition knows."""
        found = self._one("SELECT count(*) FROM versions WHERE edition <= ?", edition)
        return int(found[0]) if found else 0

    def rows_after(self, edition: int) -> set[int]:
        """Return the rows that a load which did not finish has left."""
        return {row for (row,) in self._all("SELECT id FROM versions WHERE edition > ?", edition)}

    def forget_rows(self, rows: Iterable[int]) -> None:
        """Delete versions."""
        self.connection.executemany("DELETE FROM versions WHERE id = ?", ((row,) for row in rows))

    def forget_aliases_after(self, edition: int) -> None:
        """Delete the aliases that a load which did not finish has left."""
        self.connection.execute("DELETE FROM aliases WHERE edition > ?", (edition,))

    def forget_after(self, edition: int) -> None:
        """Delete everything that a load which did not finish has left, and give its room back."""
        self.connection.rollback()
        self._pending = 0
        self.forget_aliases_after(edition)
        self.connection.execute("DELETE FROM versions WHERE edition > ?", (edition,))
        self.commit()
        self.connection.executescript("PRAGMA incremental_vacuum")
        self.settle()

    def copy_from(self, other: Documents, rows: Iterable[int], edition: int) -> Iterator[int]:
        """Copy versions, each with its row, and all aliases that an edition knows; yield each row that is done.

        Raises:
            LibraryDamaged: a document of the other's is not what was written.
        """
        for row in rows:
            version = other.version(row)
            document, sidecar = other.read(row)
            if not is_whole(version, document, sidecar):
                raise LibraryDamaged(
                    f"The document {row} is not what was written",
                    where=str(other._path),
                    next="`equipoise library check` lists all such documents.",
                )
            self.append(version, document, sidecar, row=row)
            yield row
        known = other._all("SELECT alias, number, edition FROM aliases WHERE edition <= ?", edition)
        self.connection.executemany("INSERT INTO aliases VALUES (?, ?, ?)", known)

    def check_pages(self) -> list[str]:
        """Return what SQLite's own check of the file finds."""
        return [fault for (fault,) in self._all("PRAGMA integrity_check(20)") if fault != "ok"]

    def dictionaries(self) -> list[tuple[int, int]]:
        """Return the compression dictionaries with their sizes in bytes, the one in use last."""
        return [(number, size) for number, size in self._all("SELECT id, length(data) FROM dictionaries ORDER BY id")]

    def sources(self, rows: Sequence[int]) -> dict[str, int]:
        """Return how many of these versions came from each source."""
        wanted = set(rows)
        found = self._all("SELECT id, source FROM versions")
        return dict(sorted(Counter(source for row, source in found if row in wanted).items()))
