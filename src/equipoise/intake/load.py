"""Load registry files and trial pages into a library."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from equipoise.errors import InputError, UnknownFormat
from equipoise.intake.care import open_writer
from equipoise.intake.files import Piece, list_files, read_pieces, size_of
from equipoise.sources.catalogue import FULLNESS, SOURCES, recognise
from equipoise.sources.ctgov import CtgovJson
from equipoise.sources.incoming import Incoming, Source
from equipoise.store.compiling import ignore
from equipoise.store.editions import Edition
from equipoise.store.writer import Entry, Outcome


class Progress(msgspec.Struct):
    """How far a load has come, in records read and bytes of input used up."""

    records: int = 0
    used: int = 0


class Summary(msgspec.Struct):
    """What a load did. ``older`` records are kept, as earlier versions of studies known better."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    older: int = 0
    problems: list[InputError] = []
    edition: Edition | None = None

    @property
    def given(self) -> int:
        """How many records were given, read or not."""
        return self.added + self.changed + self.unchanged + self.older + len(self.problems)


# What a file's format is recognised by; no source needs more.
_LOOKED_AT = 1 << 20

# The one source that may have a record a line.
_LINES = CtgovJson()

# What people load by mistake, by how it begins.
_NO_RECORDS = {
    "it is a web page (HTML), and trial pages are read as text": (b"<!doctype html", b"<html"),
    "it is a PDF": (b"%pdf-",),
    "it is UTF-16 text, and UTF-8 is read": (b"\xff\xfe", b"\xfe\xff"),
}

Watch = Callable[[Progress], None]


def _ignore(_: Progress) -> None:
    return None


def read_incoming(
    paths: Iterable[Path], source: Source | None = None, watch: Watch = _ignore
) -> Iterator[Incoming | InputError]:
    """Yield every record under these paths, or the error that says why one was not read.

    The format of each file is recognised by its content unless *source* is given.
    """
    progress = Progress()
    for file in (file for path in paths for file in list_files(path)):
        if isinstance(file, InputError):
            yield file
            continue
        end = progress.used + size_of([file])
        for piece in read_pieces(file, lambda line: _is_line(line, source)):
            if isinstance(piece, InputError):
                yield piece
                continue
            for record in _read_piece(piece, source):
                progress.records += not isinstance(record, UnknownFormat)
                watch(progress)
                yield record
            progress.used += piece.share
            watch(progress)
        progress.used = max(progress.used, end)  # with what could not be read
        watch(progress)


def _is_line(line: bytes, source: Source | None) -> bool:
    """Return whether a line of a file in JSON lines may be one record, so that each is read by itself."""
    return _LINES.recognises(line) if source is None else source.name == _LINES.name


def _read_piece(piece: Piece, source: Source | None) -> Iterator[Incoming | InputError]:
    reader = _LINES if piece.line else source or recognise(piece.data[:_LOOKED_AT])
    if reader is None:
        yield _unknown(piece)
    else:
        yield from reader.read(piece.data, piece.origin)


def _unknown(piece: Piece) -> UnknownFormat:
    begins = piece.data.lstrip(b"\xef\xbb\xbf \t\r\n")[:20].lower()
    if not begins:
        return UnknownFormat("The file is empty", where=piece.origin, next="Fetch it again, or leave it out.")
    kind = next((kind for kind, marks in _NO_RECORDS.items() if begins.startswith(marks)), "")
    problem = "The format of the file is not known" + (f": {kind}" if kind else "")
    kinds = ", ".join(f"{source.name} ({source.title})" for source in SOURCES)
    return UnknownFormat(problem, where=piece.origin, next=f"Known formats: {kinds}. `--as` names one.")


def load(
    paths: Iterable[Path],
    library: Path,
    *,
    source: Source | None = None,
    watch: Watch = _ignore,
    watch_criteria: Callable[[int, int], None] = ignore,
) -> Summary:
    """Load every record under *paths* into the library and publish them as its next edition.

    The criteria of studies that are open, coming or silent on it are compiled at the end, which
    *watch_criteria* sees. Records that cannot be read are listed in the summary; the others are loaded.

    Raises:
        LibraryBusy: another process is writing.
        LibraryError: the folder cannot be written.
    """
    problems: list[InputError] = []
    with open_writer(library, watch=watch_criteria) as writer:
        for record in read_incoming(paths, source, watch):
            if isinstance(record, InputError):
                problems.append(record)
                continue
            fullness = FULLNESS[record.source]
            writer.add(Entry(record.study, record.document, record.sidecar, record.source, fullness, record.origin))
        edition = writer.publish()
    counts = writer.outcomes
    return Summary(
        added=counts[Outcome.ADDED],
        changed=counts[Outcome.CHANGED],
        unchanged=counts[Outcome.UNCHANGED],
        older=counts[Outcome.OLDER],
        problems=problems,
        edition=edition,
    )
