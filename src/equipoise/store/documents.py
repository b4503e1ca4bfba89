"""The documents (SQLite): every version of every study, byte for byte, append-only."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec
import zstandard

from equipoise.records.sidecar import Sidecar

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
"""

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


class _Connection(threading.local):
    """A connection for each thread, since SQLite's may not be shared."""

    value: sqlite3.Connection | None = None


class Documents:
    """The versions of all studies in ``documents.sqlite``."""

    def __init__(self, path: Path, *, write: bool = False) -> None:
        self._path = path
        self._write = write
        self._local = _Connection()
        self._dictionaries: dict[int, zstandard.ZstdCompressionDict] = {}
        self._newest = 0
        self._compressor: zstandard.ZstdCompressor | None = None
        if write:
            self.connection.executescript(_SCHEMA)
            newest = self.connection.execute("SELECT max(id) FROM dictionaries").fetchone()[0]
            self._newest = newest or 0

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        if self._local.value is None:
            self._local.value = self._connect()
        return self._local.value

    def _connect(self) -> sqlite3.Connection:
        if not self._write:
            return sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True)
        connection = sqlite3.connect(self._path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection

    def _dictionary(self, number: int) -> zstandard.ZstdCompressionDict | None:
        if number == 0:
            return None
        if number not in self._dictionaries:
            row = self.connection.execute("SELECT data FROM dictionaries WHERE id = ?", (number,)).fetchone()
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

    def append(self, version: Version, document: bytes, sidecar: Sidecar | None) -> int:
        """Append a version (its ``id`` is ignored) and return its id."""
        beside = msgspec.json.encode(sidecar) if sidecar else None
        values = (
            *(getattr(version, name) for name in Version.__struct_fields__ if name != "id"),
            self._newest,
            self._compress(document),
            beside,
        )
        marks = ", ".join("?" * len(values))
        names = _VERSION_FIELDS.removeprefix("id, ") + ", dictionary, document, sidecar"
        cursor = self.connection.execute(f"INSERT INTO versions ({names}) VALUES ({marks})", values)
        return int(cursor.lastrowid or 0)

    def add_alias(self, alias: str, number: str, edition: int) -> None:
        """Note that a study was known under another number."""
        self.connection.execute("INSERT OR IGNORE INTO aliases VALUES (?, ?, ?)", (alias, number, edition))

    def number_of(self, alias: str, edition: int) -> str | None:
        """Return the number of the study that was known as *alias*, or None."""
        row = self.connection.execute(
            "SELECT number FROM aliases WHERE alias = ? AND edition <= ?", (alias, edition)
        ).fetchone()
        return row[0] if row else None

    def versions(self, number: str, edition: int) -> list[Version]:
        """Return the versions of a study that an edition knows, the current one last."""
        rows = self.connection.execute(
            f"SELECT {_VERSION_FIELDS} FROM versions WHERE number = ? AND edition <= ?", (number, edition)
        )
        return sorted((Version(*row) for row in rows), key=lambda version: version.order)

    def version(self, row: int) -> Version:
        """Return the version in this row."""
        found = self.connection.execute(f"SELECT {_VERSION_FIELDS} FROM versions WHERE id = ?", (row,)).fetchone()
        return Version(*found)

    def read(self, row: int) -> tuple[bytes, Sidecar | None]:
        """Return the document and sidecar in this row."""
        number, data, beside = self.connection.execute(
            "SELECT dictionary, document, sidecar FROM versions WHERE id = ?", (row,)
        ).fetchone()
        decompressor = zstandard.ZstdDecompressor(dict_data=self._dictionary(number))
        sidecar = msgspec.json.decode(beside, type=Sidecar) if beside else None
        return decompressor.decompress(data), sidecar

    def forget_after(self, edition: int) -> int:
        """Delete what a load that did not finish has left; return how many versions it was."""
        self.connection.execute("DELETE FROM aliases WHERE edition > ?", (edition,))
        return self.connection.execute("DELETE FROM versions WHERE edition > ?", (edition,)).rowcount

    def sources(self, rows: Sequence[int]) -> dict[str, int]:
        """Return how many of these versions came from each source."""
        wanted = set(rows)
        found = self.connection.execute("SELECT id, source FROM versions")
        return dict(sorted(Counter(source for row, source in found if row in wanted).items()))
