"""Open what a user names: a file, a folder, a zip, a compressed file, or standard input."""

from __future__ import annotations

import gzip
import io
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import zstandard

from equipoise.errors import InputError

# One record is at most a few MB. A member that unpacks to more than this is no registry
# file but a zip bomb, or a bulk file that should be fed as it is.
LARGEST = 1 << 30


class Piece(msgspec.Struct, frozen=True):
    """The content of one file or zip member; ``share`` is how much of the given bytes it took."""

    origin: str
    data: bytes
    share: int


def size_of(paths: list[Path]) -> int:
    """Return how many bytes lie under these paths (0 where that cannot be known)."""
    total = 0
    for path in paths:
        if path.is_dir():
            total += sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
        elif path.is_file():
            total += path.stat().st_size
    return total


def read_pieces(path: Path) -> Iterator[Piece | InputError]:
    """Yield the content of every file in *path*, which may be ``-`` for standard input."""
    if str(path) == "-":
        data = sys.stdin.buffer.read()
        yield from _unpacked("standard input", data, len(data))
    elif path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file())
        if not files:
            yield InputError("The folder holds no file", where=str(path), next="Name a folder with registry files.")
        for file in files:
            yield from _read_file(file, str(file))
    else:
        yield from _read_file(path, str(path))


def _read_file(path: Path, origin: str) -> Iterator[Piece | InputError]:
    try:
        if zipfile.is_zipfile(path):
            with path.open("rb") as file:
                yield from _members(file, origin)
            return
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        yield InputError(reason, where=origin, next="Check the path and its permissions.")
        return
    yield from _unpacked(origin, data, len(data))


def _unpacked(origin: str, data: bytes, share: int) -> Iterator[Piece | InputError]:
    try:
        if data.startswith(b"PK\x03\x04"):
            yield from _members(io.BytesIO(data), origin)
            return
        if data.startswith(b"\x1f\x8b"):
            with gzip.open(io.BytesIO(data)) as file:
                data = file.read(LARGEST + 1)
        elif data.startswith(b"\x28\xb5\x2f\xfd"):
            with zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True) as reader:
                data = reader.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
        yield InputError(f"The file is cut short or broken ({error})", where=origin, next="Download it again.")
        return
    if len(data) > LARGEST:
        yield _too_large(origin)
        return
    yield Piece(origin, data, share)


def _too_large(origin: str) -> InputError:
    return InputError(
        f"The content unpacks to more than {LARGEST >> 20:,} MiB",
        where=origin,
        next="Unpack it yourself and load the files if you trust it.",
    )


def _members(file: io.BufferedReader | io.BytesIO, origin: str) -> Iterator[Piece | InputError]:
    try:
        archive = zipfile.ZipFile(file)
    except zipfile.BadZipFile as error:
        yield InputError(f"The zip file is broken ({error})", where=origin, next="Download it again.")
        return
    with archive:
        for member in archive.infolist():
            if not member.is_dir():
                yield from _member(archive, member, f"{origin}:{member.filename}")


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, origin: str) -> Iterator[Piece | InputError]:
    if member.file_size > LARGEST:
        yield _too_large(origin)
        return
    try:
        data = archive.read(member)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        yield InputError(f"The zip member cannot be read ({error})", where=origin, next="Download the zip again.")
        return
    if data.startswith((b"PK\x03\x04", b"\x1f\x8b", b"\x28\xb5\x2f\xfd")):
        yield from _unpacked(origin, data, member.compress_size)
    else:
        yield Piece(origin, data, member.compress_size)
