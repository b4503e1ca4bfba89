"""Load registry files and trial pages into a library."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from equipoise.errors import InputError, UnknownFormat
from equipoise.intake.files import read_pieces
from equipoise.sources.catalogue import FULLNESS, SOURCES, recognise
from equipoise.sources.incoming import Incoming, Source
from equipoise.store.editions import Edition
from equipoise.store.writer import Entry, LibraryWriter, Outcome


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
    for path in paths:
        for piece in read_pieces(path):
            if isinstance(piece, InputError):
                yield piece
                continue
            reader = source or recognise(piece.data)
            if reader is None:
                yield _unknown(piece.origin, piece.data)
            else:
                for record in reader.read(piece.data, piece.origin):
                    progress.records += 1
                    watch(progress)
                    yield record
            progress.used += piece.share
            watch(progress)


def _unknown(origin: str, data: bytes) -> UnknownFormat:
    kinds = ", ".join(f"{source.name} ({source.title})" for source in SOURCES)
    problem = "The file is empty" if not data.strip() else "The format of the file is not known"
    return UnknownFormat(problem, where=origin, next=f"Known formats: {kinds}. `--as` names one.")


def load(paths: Iterable[Path], library: Path, *, source: Source | None = None, watch: Watch = _ignore) -> Summary:
    """Load every record under *paths* into the library and publish them as its next edition.

    Records that cannot be read are listed in the summary; the others are loaded.

    Raises:
        LibraryBusy: another process is writing.
        LibraryError: the folder cannot be written.
    """
    problems: list[InputError] = []
    with LibraryWriter(library) as writer:
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
