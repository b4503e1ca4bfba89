"""
Compiled criteria (``criteria.sqlite``): for each eligibility text, what the compiler made of it.

A row belongs to a text and a compiler, not to a study or an edition: the same text compiles to
the same criteria, so no row is ever changed, and one that is missing is made when it is wanted.
Whatever becomes of this file, nothing is lost.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import msgspec
import zstandard

from equipoise.store.demands import Literal

FILE = "criteria.sqlite"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS compiled (
    digest BLOB NOT NULL,
    compiler TEXT NOT NULL,
    made BLOB NOT NULL,
    UNIQUE (digest, compiler)
) STRICT;
"""

# Rows that are brought to the disk at once.
_BATCH = 2000


class CompiledText(msgspec.Struct, frozen=True, array_like=True):
    """What became of a text: its criteria, as whoever compiled them packed them, and the literals."""

    criteria: bytes
    literals: tuple[Literal, ...]


class TextCompiler(Protocol):
    """What compiles texts."""

    @property
    def mark(self) -> str:
        """By which compiler, and with which vocabularies."""
        ...

    def compile(self, texts: Iterable[tuple[int, str]]) -> Iterator[tuple[int, CompiledText]]:
        """Yield what each text, given with a key, compiles to, with its key and in order."""
        ...


def digest_of(text: str) -> bytes:
    """Return what tells a text from others."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


class _Row:
    """Packs and unpacks what a row holds."""

    def __init__(self) -> None:
        # Each row has a checksum, so that one that decayed is a row that is missing.
        self._compressor = zstandard.ZstdCompressor(level=3, write_checksum=True)
        self._decompressor = zstandard.ZstdDecompressor()
        self._decoder = msgspec.msgpack.Decoder(CompiledText)

    def pack(self, made: CompiledText) -> bytes:
        """Return a compiled text as it is stored."""
        return self._compressor.compress(msgspec.msgpack.encode(made))

    def unpack(self, data: bytes) -> CompiledText | None:
        """Return what was stored, or None where this is not what was written."""
        try:
            return self._decoder.decode(self._decompressor.decompress(data))
        except (zstandard.ZstdError, msgspec.DecodeError):
            return None


_ONE = "SELECT made FROM compiled WHERE digest = ? AND compiler = ?"


class CompiledTexts:
    """Read what texts were compiled to; a file that is missing or cannot be read has none."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._own = threading.local()

    def find(self, text: str, mark: str) -> CompiledText | None:
        """Return what a compiler made of a text, or None where that is not stored."""
        with suppress(sqlite3.Error):
            row = self._connection().execute(_ONE, (digest_of(text), mark)).fetchone()
            # zstd's state may not be shared by threads, and a row is read once a page.
            return _Row().unpack(row[0]) if row else None
        return None

    def _connection(self) -> sqlite3.Connection:
        """Return this thread's connection."""
        connection: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            address = f"{self._path.absolute().as_uri()}?mode=ro"
            connection = self._own.connection = sqlite3.connect(address, uri=True, timeout=0.2)
        return connection

    def check(self) -> Iterator[str]:
        """Yield what is wrong with the file, if there is one."""
        if not self._path.exists():
            return
        row = _Row()
        try:
            connection = self._connection()
            yield from (fault for (fault,) in connection.execute("PRAGMA integrity_check(20)") if fault != "ok")
            broken = sum(row.unpack(data) is None for (data,) in connection.execute("SELECT made FROM compiled"))
            if broken:
                yield f"Rows that are not what was written: {broken:,}"
        except sqlite3.Error as error:
            yield f"The file cannot be read ({error})"


class CompiledWriter:
    """Read and write the rows of one compiler, while the library's lock is held."""

    def __init__(self, folder: Path, mark: str) -> None:
        self._path = folder / FILE
        self._mark = mark
        self._fresh = 0
        self._row = _Row()
        try:
            self._connection = self._connect()
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:  # no database, or one that decayed: all of it can be made again
            self._path.unlink()
            self._connection = self._connect()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path)
        try:
            # No write-ahead log: a reader of a folder that cannot be written needs nothing beside the file.
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("PRAGMA synchronous = FULL")
            connection.executescript(_SCHEMA)
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection

    def find(self, text: str) -> CompiledText | None:
        """Return what a text was compiled to, or None where that is not stored."""
        row = self._connection.execute(_ONE, (digest_of(text), self._mark)).fetchone()
        return self._row.unpack(row[0]) if row else None

    def put(self, text: str, made: CompiledText) -> None:
        """Store what a text compiles to."""
        values = (digest_of(text), self._mark, self._row.pack(made))
        self._connection.execute("INSERT OR REPLACE INTO compiled VALUES (?, ?, ?)", values)
        self._fresh += 1
        if self._fresh % _BATCH == 0:
            self._connection.commit()

    def keep_only(self, digests: set[bytes]) -> None:
        """Delete the rows of other texts and compilers, and give their room back."""
        rows = self._connection.execute("SELECT digest, compiler FROM compiled").fetchall()
        dropped = [(digest, mark) for digest, mark in rows if mark != self._mark or digest not in digests]
        self._connection.executemany("DELETE FROM compiled WHERE digest = ? AND compiler = ?", dropped)
        self._connection.commit()
        self._connection.execute("VACUUM")

    def close(self) -> None:
        """Bring what was written to the disk."""
        self._connection.commit()
        self._connection.close()
