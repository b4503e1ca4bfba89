"""Unpack what is packed: zip, gzip and Zstandard, also inside one another, within limits."""

from __future__ import annotations

import gzip
import io
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any

import msgspec
import zstandard

from equipoise.errors import InputError
from equipoise.intake.limits import (
    DEEPEST,
    LARGEST_CONTENTS,
    MIB,
    Allowance,
    check_ratio,
    shown,
)
from equipoise.intake.lines import Feed, Known, Piece, cut

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"

# A zip inside another up to this size is held in memory, a larger one in a temporary file.
_IN_MEMORY = 64 * MIB
_BUFFER = 1 << 16

# What a broken zip makes the standard library raise, found by flipping bytes of real ones.
_BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
)
_BROKEN_STREAM = (OSError, EOFError, zlib.error, zstandard.ZstdError)


class Inside(msgspec.Struct):
    """Where we are: what may still be unpacked, how many archives deep, what is a known record."""

    allowance: Allowance
    known: Known
    depth: int = 0

    def deeper(self) -> Inside:
        """Return the same, one archive further in."""
        return Inside(self.allowance, self.known, self.depth + 1)


class Metered(io.RawIOBase):
    """Counts what is read from *source*, and charges it to *allowance*."""

    def __init__(self, source: IO[bytes], allowance: Allowance | None = None) -> None:
        self._source = source
        self._allowance = allowance
        self.count = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read at most as much as *buffer* holds."""
        data = self._source.read(len(buffer))
        buffer[: len(data)] = data
        self.count += len(data)
        if self._allowance:
            self._allowance.charge(len(data))
        return len(data)


class _Zstd(io.RawIOBase):
    """Reads Zstandard frames. The library's own reader takes data that end too soon for whole."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._decompressor = zstandard.ZstdDecompressor()
        self._frame: Any = None
        self._left = b""

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read at most as much as *buffer* holds."""
        while not self._left:
            # So little that no more than 128 MiB can come of it at once (128 KiB of 4 bytes).
            chunk = self._source.read(4096)
            if not chunk and self._frame is not None:
                raise EOFError("it ends inside a frame")
            if not chunk:
                return 0
            self._left = b"".join(self._decompress(chunk))
        size = min(len(buffer), len(self._left))
        buffer[:size], self._left = self._left[:size], self._left[size:]
        return size

    def _decompress(self, chunk: bytes) -> Iterator[bytes]:
        while chunk:
            frame = self._frame = self._frame or self._decompressor.decompressobj()
            yield frame.decompress(chunk)
            chunk = frame.unused_data if frame.eof else b""
            if frame.eof:
                self._frame = None


def unpack(feed: Feed, inside: Inside) -> Iterator[Piece | InputError]:
    """Yield the pieces of a stream: unpacked if it is packed, then cut into lines if it is lines."""
    head = feed.stream.peek(4)[:4]  # never less, unless the stream has no more
    if head.startswith((*_ZIP, _GZIP, _ZSTD)) and inside.depth == DEEPEST:
        yield _too_deep(feed.origin)
    elif head.startswith(_ZIP):
        yield from _nested(feed, inside)
    elif head.startswith((_GZIP, _ZSTD)):
        yield from _stream(feed, inside, head)
    else:
        yield from cut(feed, inside.known)


def _too_deep(origin: str) -> InputError:
    return InputError(
        f"Archives lie in one another more than {DEEPEST} deep",
        where=origin,
        next="Unpack the outer ones and load what is in them.",
    )


def _stream(feed: Feed, inside: Inside, head: bytes) -> Iterator[Piece | InputError]:
    source: IO[bytes] = feed.stream
    unpacked: Any = (
        gzip.GzipFile(fileobj=source) if head.startswith(_GZIP) else io.BufferedReader(_Zstd(source), _BUFFER)
    )
    stream: io.BufferedReader = io.BufferedReader(Metered(unpacked, inside.allowance), _BUFFER)
    last = 0
    try:
        for piece in unpack(Feed(feed.origin, stream, feed.taken, feed.share), inside.deeper()):
            last = piece.line if isinstance(piece, Piece) else last
            yield piece
    except _BROKEN_STREAM as error:
        where = f"{feed.origin}, after line {last}" if last else feed.origin
        yield InputError(f"The file is cut short or broken ({error})", where=where, next="Download it again.")


def _nested(feed: Feed, inside: Inside) -> Iterator[Piece | InputError]:
    """Read a zip, whose list of members is at its end; one in a stream is put aside for that."""
    if feed.stream.seekable():
        yield from _read_zip(feed.stream, feed.origin, inside)
        return
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
        shutil.copyfileobj(feed.stream, file)
        scale = feed.next_share() / max(1, file.tell())
        yield from _read_zip(file, feed.origin, inside, scale=scale)


def _read_zip(file: IO[bytes], origin: str, inside: Inside, *, scale: float = 1.0) -> Iterator[Piece | InputError]:
    """Yield the pieces of every member, one after another; a broken member does not hide the others.

    *scale* is how many given bytes a byte of this zip stands for.
    """
    try:
        if _contents_size(file) > LARGEST_CONTENTS:
            yield InputError(
                f"The zip's list of members has more than {LARGEST_CONTENTS >> 20} MiB",
                where=origin,
                next="Unpack it yourself and load the folder if you trust it.",
            )
            return
        archive = zipfile.ZipFile(file)
    except _BROKEN_ZIP as error:
        missing = str(error) == "File is not a zip file"
        why = "cut short: the list of its members, at its end, is missing" if missing else f"broken ({error})"
        yield InputError(f"The zip file is {why}", where=origin, next="Download it again.")
        return
    with archive:
        for member in archive.infolist():
            if member.file_size or not member.is_dir():
                yield from _member(archive, member, f"{origin}:{shown(member.orig_filename)}", inside, scale)


def _contents_size(file: IO[bytes]) -> int:
    """Return the size that the zip states for its list of members (APPNOTE 4.3.14 to 4.3.16)."""
    end = file.seek(0, io.SEEK_END)
    start = max(0, end - (1 << 16) - 22 - 20)
    file.seek(start)
    tail = file.read()
    found = tail.rfind(b"PK\x05\x06")
    if found < 0 or len(tail) < found + 22:
        return 0
    size = int.from_bytes(tail[found + 12 : found + 16], "little")
    locator = tail[max(0, found - 20) : found]
    if locator.startswith(b"PK\x06\x07"):
        file.seek(min(end, int.from_bytes(locator[8:16], "little")))
        record = file.read(56)
        if record.startswith(b"PK\x06\x06"):
            size = max(0, int.from_bytes(record[40:48], "little"))
    return min(size, end)


def _member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, origin: str, inside: Inside, scale: float
) -> Iterator[Piece | InputError]:
    refused = _refuse(member, origin) or check_ratio(member.compress_size, member.file_size, origin)
    if refused:
        yield refused
        return
    last = 0
    try:
        with archive.open(member) as packed:
            source = Metered(packed, inside.allowance)
            per_byte = scale * member.compress_size / max(1, member.file_size)
            stream: io.BufferedReader = io.BufferedReader(source, _BUFFER)
            feed = Feed(origin, stream, lambda: int(source.count * per_byte))
            for piece in unpack(feed, inside.deeper()):
                last = piece.line if isinstance(piece, Piece) else last
                yield piece
    except _BROKEN_ZIP as error:
        where = f"{origin}, after line {last}" if last else origin
        yield InputError(f"The zip member cannot be read ({error})", where=where, next="Download the zip again.")


def _refuse(member: zipfile.ZipInfo, origin: str) -> InputError | None:
    if member.flag_bits & 1:
        return InputError(
            "The zip member cannot be read (it is encrypted)",
            where=origin,
            next="Unpack the zip with its password, and load the folder.",
        )
    # bzip2 and LZMA unpack without a bound on memory in Python's zipfile, and no registry uses them.
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        method = zipfile.compressor_names.get(member.compress_type, "unknown")  # type: ignore[attr-defined]
        return InputError(
            f"The zip member cannot be read (it is packed by method {member.compress_type}, {method})",
            where=origin,
            next="Unpack the zip yourself, and load the folder.",
        )
    return None
