"""
The resources in a file, a folder, a zip archive or a stream, one at a time.

A file is a Bundle, one resource, or ndjson: a resource, or a Bundle, a line. Of ndjson one line is in memory, of a
Bundle the whole of it.
"""

from __future__ import annotations

import contextlib
import re
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, BinaryIO

import msgspec

from equipoise.errors import InputError, RecordError, UnknownFormat
from equipoise.sources.fhir.elements import Resource, items, text
from equipoise.sources.json_text import DEEPEST, TOO_DEEP, is_flat

ENDINGS = (".json", ".ndjson", ".jsonl")
# A Bundle holds a whole life; the largest of those at hand has 1.4 MB.
LARGEST_BUNDLE = 512 << 20
_NEXT = "FHIR comes as JSON: a Bundle, or ndjson with a resource a line; see docs/how-to/match-fhir.md."

Complain = Callable[[RecordError], None]


class Entry(msgspec.Struct, frozen=True):
    """
    A resource and where it stands, or the address of one that was deleted, and when.

    ``bundle`` numbers the Bundles, 0 is none; ``url`` is its address in one.
    """

    resource: Resource
    where: str
    bundle: int = 0
    url: str = ""
    newest_first: bool = False
    deleted: str = ""
    deleted_at: str = ""


class Reader:
    """Reads resources and hands over what cannot be read."""

    def __init__(self, complain: Complain) -> None:
        self._complain = complain
        self._bundles = 0

    def read(self, source: str | Path | BinaryIO) -> Iterator[Entry]:
        """Yield every resource of a file, a folder, an archive or a stream."""
        if not isinstance(source, (str, Path)):
            with _seekable(source) as stream:
                yield from self._stream(stream, "the stream")
            return
        path = Path(source)
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.suffix in ENDINGS and one.is_file())
            if not inside:
                raise UnknownFormat("No FHIR in this folder", where=str(path), next=_NEXT)
            for one in inside:
                with one.open("rb") as stream:
                    yield from self._guarded(stream, str(one))
            return
        try:
            stream = path.open("rb")
        except OSError as error:
            raise InputError(f"Cannot be read: {error.strerror}", where=str(path), next="Check the path.") from None
        with stream:
            yield from self._stream(stream, str(path))

    def _stream(self, stream: BinaryIO, where: str) -> Iterator[Entry]:
        head = stream.read(4)
        stream.seek(0)
        if head != b"PK\x03\x04":
            yield from self._file(stream, where)
            return
        try:
            with zipfile.ZipFile(stream) as archive:
                yield from self._archive(archive, where)
        # Besides its own error zipfile raises RuntimeError for an encrypted member, NotImplementedError for a method
        # that it does not know, and EOFError for a member that is cut off.
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            if isinstance(error, RecursionError):
                raise
            raise InputError(
                "The archive is damaged, encrypted or cut off", where=where, next="Export it again."
            ) from None

    def _archive(self, archive: zipfile.ZipFile, where: str) -> Iterator[Entry]:
        names = sorted(
            name for name in archive.namelist() if name.endswith(ENDINGS) and not name.startswith("__MACOSX/")
        )
        if not names:
            raise UnknownFormat("No FHIR in this archive", where=where, next=_NEXT)
        for name in names:
            with archive.open(name) as member:
                yield from self._guarded(member, f"{where}:{name}")

    def _guarded(self, stream: IO[bytes], where: str) -> Iterator[Entry]:
        """Read one of several files: one that cannot be read does not keep the others from being read."""
        try:
            yield from self._file(stream, where)
        except InputError as error:
            self._complain(RecordError(error.problem, where=error.where, next=error.next))

    def _file(self, stream: IO[bytes], where: str) -> Iterator[Entry]:
        first = _line(stream, where)
        while first and not first.strip(b" \t\r\n\xef\xbb\xbf"):
            first = _line(stream, where)
        first = first.removeprefix(b"\xef\xbb\xbf")
        _check_kind(first.lstrip(), where)
        whole = _decoded(first)
        if isinstance(whole, dict) and "resourceType" in whole:
            yield from self._ndjson(first, stream, where)
            return
        rest = stream.read(LARGEST_BUNDLE + 1 - len(first))
        if len(first) + len(rest) > LARGEST_BUNDLE:
            raise InputError(
                f"The JSON has more than {LARGEST_BUNDLE >> 20} MiB", where=where, next="Split it, or use ndjson."
            )
        if not rest.strip() and len(first) < 2:
            raise InputError("The file is empty", where=where, next=_NEXT)
        yield from self._entries(self._parsed(first + rest, where), where)

    def _ndjson(self, first: bytes, stream: IO[bytes], where: str) -> Iterator[Entry]:
        line, number = first, 1
        while line:
            if line.strip():
                place = f"{where}, line {number}"
                try:
                    yield from self._entries(self._parsed(line, place), place)
                except InputError as error:
                    self._complain(RecordError(error.problem, where=error.where, next=error.next))
            line = _line(stream, where)
            number += 1

    def _parsed(self, document: bytes, where: str) -> Resource:
        try:
            document.decode()
            found = msgspec.json.decode(document)
        except RecursionError:
            raise InputError(f"{TOO_DEEP} (more than {DEEPEST} deep)", where=where, next=_NEXT) from None
        except UnicodeDecodeError as error:
            raise InputError(f"Not UTF-8 text (byte {error.start})", where=where, next=_NEXT) from None
        except msgspec.DecodeError as error:
            problem = re.sub(r"'.*'|\".*\"", "(a word)", str(error))
            raise InputError(f"Not JSON, or cut off: {problem}", where=where, next="Export it again.") from None
        if not is_flat(document):
            raise InputError(f"{TOO_DEEP} (more than {DEEPEST} deep)", where=where, next=_NEXT)
        if not isinstance(found, dict):
            raise InputError("The JSON is no resource but a list or a value", where=where, next=_NEXT)
        if not isinstance(found.get("resourceType"), str):
            raise InputError("The JSON has no resourceType, so it is no FHIR resource", where=where, next=_NEXT)
        return found

    def _entries(self, resource: Resource, where: str) -> Iterator[Entry]:
        """Yield a resource, or those of a Bundle."""
        version = text(resource, "fhirVersion")
        if version and not version.startswith(("4.0", "4.3")):
            raise InputError(
                "This is another version of FHIR; R4 is read", where=where, next="Export it as R4 (4.0.1)."
            )
        if resource.get("resourceType") != "Bundle":
            yield Entry(resource, where)
            return
        self._bundles += 1
        bundle, kind = self._bundles, text(resource, "type")
        for number, entry in enumerate(items(resource, "entry")):
            inside, place = entry.get("resource"), f"{where}, entry {number}"
            if isinstance(inside, dict) and inside.get("resourceType") == "Bundle":
                yield from self._entries(inside, place)
            elif isinstance(inside, dict):
                own = bundle if kind not in ("searchset", "history") else 0
                yield Entry(inside, place, own, text(entry, "fullUrl"), newest_first=kind == "history")
            elif text(entry, "request", "method") == "DELETE":
                url, stamp = text(entry, "request", "url"), text(entry, "response", "lastModified")
                yield Entry({}, place, deleted=url, deleted_at=stamp, newest_first=kind == "history")
            else:
                yield Entry({}, place)


def _line(stream: IO[bytes], where: str) -> bytes:
    """Return the next line; one too long is not read on, except as a file of its own."""
    line = stream.readline(LARGEST_BUNDLE + 1)
    if len(line) > LARGEST_BUNDLE:
        raise InputError(
            f"A line has more than {LARGEST_BUNDLE >> 20} MiB", where=where, next="Split it into resources."
        )
    return line


def _check_kind(head: bytes, where: str) -> None:
    """Refuse by name what is not JSON."""
    if not head:
        raise InputError("The file is empty", where=where, next=_NEXT)
    if head.startswith(b"<"):
        raise UnknownFormat("This is XML; FHIR is read as JSON", where=where, next="Export it as JSON.")
    if head.startswith(b"\x1f\x8b"):
        raise UnknownFormat(
            "This is compressed by gzip", where=where, next="Unpack it with gunzip, or use a zip archive."
        )
    if head.startswith(b"["):
        raise UnknownFormat("A list of JSON is neither a Bundle nor ndjson", where=where, next=_NEXT)
    if not head.startswith(b"{"):
        raise UnknownFormat("This is no JSON", where=where, next=_NEXT)


def _decoded(line: bytes) -> object:
    """Return the JSON of a line, None where the line is only its beginning."""
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


@contextlib.contextmanager
def _seekable(stream: BinaryIO) -> Iterator[BinaryIO]:
    """Yield a stream that can go back, since an archive is read from its end."""
    if stream.seekable():
        yield stream
        return
    yield BytesIO(stream.read())  # in memory, never in a file: it is patients
