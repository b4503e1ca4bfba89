"""
What a sync keeps in the library's folder: the pages not loaded yet, and how far it came.

::

    LIBRARY/sync/
      LOCK                  held by the one sync
      synced.json           the last whole sync of each query
      5f0c2a…/              pages of one request that are not loaded yet
        state.json          what is asked for, and the token of the next page
        000001.json.zst     a page as it came

A page is written beside and renamed, and only then named in ``state.json``; so whenever the
process dies, the pages that the state counts are whole.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import filelock
import msgspec
import zstandard

from equipoise.errors import LibraryBusy, LibraryDamaged, LibraryError
from equipoise.records.dates import PartialDate
from equipoise.sources.ctgov_api import Page, Selection
from equipoise.store.editions import write_whole

T = TypeVar("T")

_DAY = timedelta(days=1)


class Asked(msgspec.Struct, frozen=True):
    """What the user asked for: which server, which studies, and from which day if that was given."""

    base: str
    query: str = ""
    since: date | None = None


class Synced(msgspec.Struct, frozen=True):
    """A sync that was loaded whole; *timestamp* is that of the registry's data (UTC)."""

    base: str
    query: str
    timestamp: datetime

    @property
    def since(self) -> date:
        """The day from which the next sync asks: the one before that of the timestamp.

        The registry posts by its own calendar (US Eastern time), hours behind UTC, and more may
        have been posted on the last day after the data were made. A day twice costs little:
        what did not change is not stored again.
        """
        return self.timestamp.date() - _DAY


class Segment(msgspec.Struct):
    """A run of pages that belong to one data version of the registry.

    ``reached`` is the update date up to which studies came; ``ordered`` whether they came in
    that order, so that it is a place to go on from.
    """

    selection: Selection
    timestamp: datetime
    first: int = 1
    pages: int = 0
    studies: int = 0
    total: int | None = None
    token: str | None = None
    reached: str | None = None
    ordered: bool = True

    @property
    def ended(self) -> bool:
        """Whether its last page is there."""
        return self.pages > 0 and self.token is None

    def take(self, page: Page) -> None:
        """Count a page in."""
        self.pages += 1
        self.studies += page.studies
        self.total = page.total if page.total is not None else self.total
        self.token = page.token
        if page.first and page.last:
            self.ordered &= page.ascending and (self.reached or "") <= page.first
            self.reached = page.last

    def next(self, timestamp: datetime) -> Segment | None:
        """Return what goes on from the date reached, in other data of the registry; None where it cannot.

        What was sent with an earlier date stands, unless it changed, and then it has a later
        date now. A day is asked for twice, for the reason that :class:`Synced` gives.
        """
        if not (self.reached and self.ordered):
            return None
        reached = PartialDate(self.reached).first - _DAY
        old = self.selection
        since = max(reached, old.since) if old.since else reached
        selection = msgspec.structs.replace(old, since=since, undated=old.undated or old.since is None)
        return Segment(selection, timestamp, first=self.first + self.pages)


class State(msgspec.Struct):
    """How far a download came. ``complete``: all is there, and whether the registry's data
    ``changed`` meanwhile is known."""

    asked: Asked
    segments: list[Segment]
    complete: bool = False
    changed: bool = False

    @property
    def pages(self) -> int:
        """How many pages are there."""
        return self.segments[-1].first + self.segments[-1].pages - 1

    @property
    def studies(self) -> int:
        """How many studies they have."""
        return sum(segment.studies for segment in self.segments)

    @property
    def total(self) -> int | None:
        """How many studies there will be, if the registry said."""
        last = self.segments[-1]
        return None if last.total is None else self.studies - last.studies + last.total


@contextmanager
def _writing(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LibraryError(
            f"The download cannot be kept ({error.strerror or error})",
            where=str(place),
            next="Make room or choose another folder with --library; the library is as it was. "
            "Then run the same command again to go on.",
        ) from error


def _read(path: Path, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise LibraryDamaged(
            f"What an earlier sync left cannot be read ({error})",
            where=str(path),
            next=f"Delete {path.parent} and sync again; the studies in the library are not touched.",
        ) from None


def _write(path: Path, value: object) -> None:
    with _writing(path.parent):
        write_whole(path, msgspec.json.format(msgspec.json.encode(value)))


class SyncFolder:
    """The folder ``sync`` of a library, held by one process; used as a context manager.

    Raises:
        LibraryBusy: another sync is under way.
        LibraryError: the folder cannot be written.
    """

    def __init__(self, library: Path) -> None:
        self.library = library
        self.path = library / "sync"
        self._lock = filelock.FileLock(self.path / "LOCK")

    def __enter__(self) -> SyncFolder:
        with _writing(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            try:
                self._lock.acquire(timeout=0)
            except filelock.Timeout:
                raise LibraryBusy(
                    "Another sync of this library is under way",
                    where=str(self.library),
                    next="Wait until it has finished; readers are not disturbed.",
                ) from None
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def _all_synced(self) -> list[Synced]:
        return _read(self.path / "synced.json", list[Synced]) or []

    def synced(self, asked: Asked) -> Synced | None:
        """Return the last whole sync of this query with this server, or None."""
        return next((old for old in self._all_synced() if (old.base, old.query) == (asked.base, asked.query)), None)

    def note_synced(self, new: Synced) -> None:
        """Keep that a query was synced whole."""
        others = [old for old in self._all_synced() if (old.base, old.query) != (new.base, new.query)]
        _write(self.path / "synced.json", [*others, new])

    def spool(self, asked: Asked) -> Spool:
        """Return the pages of this request that are here already, if any."""
        name = hashlib.blake2b(msgspec.json.encode(asked), digest_size=8).hexdigest()
        return Spool(self.path / name)


class Spool:
    """The pages of one request."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.state = _read(path / "state.json", State)

    def page(self, number: int) -> Path:
        """Return the file of a page."""
        return self.path / f"{number:06d}.json.zst"

    def begin(self, state: State) -> None:
        """Make room for a new download."""
        with _writing(self.path):
            self.path.mkdir(exist_ok=True)
        self.state = state
        self.keep(state)

    def keep(self, state: State) -> None:
        """Keep how far the download came."""
        _write(self.path / "state.json", state)

    def add(self, state: State, page: Page) -> None:
        """Keep a page, and then that it is there."""
        with _writing(self.path):
            packed = zstandard.ZstdCompressor(write_checksum=True).compress(page.body)
            write_whole(self.page(state.pages + 1), packed)
        state.segments[-1].take(page)
        self.keep(state)

    def drop(self) -> None:
        """Delete the pages; the state goes first, so that no state counts pages that are gone."""
        (self.path / "state.json").unlink(missing_ok=True)
        shutil.rmtree(self.path, ignore_errors=True)
