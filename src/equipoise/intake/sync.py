"""
Bring a library up to date with a server of the registry's API.

First every page is downloaded, which may take an hour and may be stopped and gone on with at
any time; then all are loaded as one edition. Readers and other loads are not disturbed
meanwhile: the library's lock is taken for the loading alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import msgspec

from equipoise.errors import RecordError, RegistryError
from equipoise.intake.load import Progress, Summary, load
from equipoise.intake.spool import Asked, Segment, Spool, State, Synced, SyncFolder
from equipoise.sources.ctgov_api import BASE, Registry, Selection, read_page
from equipoise.sources.download import GO_ON, Clock, Downloader, Limits, check_base
from equipoise.sources.incoming import Incoming
from equipoise.store.editions import Folder

# A data version lasts a day; a server that refuses its own tokens more often in one run is broken.
_REFUSALS = 3


def _ignore(_: object) -> None:
    return None


class Downloaded(msgspec.Struct, frozen=True):
    """How far a download has come. ``total`` is None where the server does not count."""

    pages: int
    studies: int
    total: int | None


class Watcher(msgspec.Struct, frozen=True):
    """Who is told what happens: sentences for the user, each page, each record loaded."""

    note: Callable[[str], None] = _ignore
    page: Callable[[Downloaded], None] = _ignore
    record: Callable[[Progress], None] = _ignore


class _SpooledPages:
    """The source of what was downloaded. It counts the studies of the last run of pages."""

    name = "sync"
    title = "pages of the registry's API"

    def __init__(self, state: State) -> None:
        self._base = state.asked.base
        self._first = state.segments[-1].first
        self._numbers: set[str] = set()
        self._broken = 0

    @property
    def sent(self) -> int:
        """How many different studies came."""
        return len(self._numbers) + self._broken

    def recognises(self, data: bytes) -> bool:
        """Return True: nothing but pages lies in the spool."""
        return True

    def read(self, data: bytes, origin: str) -> Iterator[Incoming | RecordError]:
        """Yield each study of a page; its origin is the server, since the spool will be gone."""
        number = int(Path(origin).name.partition(".")[0])
        for record in read_page(data, f"{self._base}/studies, page {number}"):
            if number >= self._first:
                if isinstance(record, Incoming):
                    self._numbers.add(record.study.number)
                else:
                    self._broken += 1
            yield record


def sync(
    library: Path,
    *,
    base: str = BASE,
    query: str = "",
    since: date | None = None,
    watcher: Watcher | None = None,
    clock: Clock | None = None,
    limits: Limits | None = None,
) -> Summary:
    """Load what a server of the registry's API has of *query* into the library, and return what that did.

    The first time it takes everything; later, what was updated since the last time, or since
    *since*. What an earlier call has downloaded and not loaded is not downloaded again.

    Raises:
        RegistryError: the server does not answer, or not as it should.
        LibraryBusy: another sync is under way, or another process is writing.
        LibraryError: the folder cannot be written.
    """
    asked = Asked(check_base(base), query.strip(), since)
    watcher = watcher or Watcher()
    Folder(library).check_format()
    with SyncFolder(library) as folder:
        spool = folder.spool(asked)
        if spool.state and spool.state.complete:
            watcher.note(f"All {spool.state.pages:,} pages were downloaded before; loading them")
            state = spool.state
        else:
            registry = Registry(Downloader(asked.base, note=watcher.note, clock=clock, limits=limits))
            state = _begin(folder, spool, asked, registry, watcher)
            _download(spool, state, registry, watcher)
        summary = _load(library, folder, spool, state, watcher) if state.studies else Summary()
        spool.drop()
    return summary


def _begin(folder: SyncFolder, spool: Spool, asked: Asked, registry: Registry, watcher: Watcher) -> State:
    """Return where to go on, or a new beginning."""
    timestamp = registry.timestamp()
    if state := spool.state:
        watcher.note(f"Going on after {state.pages:,} pages with {state.studies:,} studies, downloaded before")
        if state.segments[-1].timestamp != timestamp:
            _move_on(spool, state, timestamp, watcher)
        return state
    # Without studies the library was begun anew, whatever an earlier one had.
    last = folder.synced(asked) if Folder(folder.library).current() else None
    since = asked.since or (last.since if last else None)
    what = f"studies updated on {since.isoformat()} or later" if since else "all studies"
    watcher.note(f"Asking {asked.base} for {what}")
    state = State(asked, [Segment(Selection(asked.query, since), timestamp)])
    spool.begin(state)
    return state


def _move_on(spool: Spool, state: State, timestamp: datetime, watcher: Watcher) -> None:
    """Leave a data version that the server has no longer: go on from the date reached, or ask again."""
    old = state.segments[-1]
    if not old.pages:
        state.segments[-1] = Segment(old.selection, timestamp, first=old.first)
    elif following := old.next(timestamp):
        watcher.note(
            f"The registry has other data now than when this download began; going on with studies "
            f"updated on {following.selection.since} or later"
        )
        state.segments.append(following)
    else:
        watcher.note("The registry has other data now than when this download began; asking for all of it again")
        state.segments[-1] = Segment(old.selection, timestamp, first=old.first)
    spool.keep(state)


def _download(spool: Spool, state: State, registry: Registry, watcher: Watcher) -> None:
    """Get and keep page after page, until there is none left.

    Raises:
        RegistryError: the server does not answer as it should; what was downloaded is kept.
    """
    refusals = 0
    used: set[str] = set()
    while not state.segments[-1].ended:
        segment = state.segments[-1]
        page = registry.page(segment.selection, segment.token)
        if page is None:
            refusals += 1
            if refusals > _REFUSALS:
                raise _broken_paging(registry, "The server refuses the tokens that it gives for the next page")
            _move_on(spool, state, registry.timestamp(), watcher)
            used.clear()
            continue
        if page.token in used:
            raise _broken_paging(registry, "The server gives the same token for the next page again")
        if page.token:
            used.add(page.token)
        spool.add(state, page)
        watcher.page(Downloaded(state.pages, state.studies, state.total))
    state.changed = state.segments[-1].timestamp != registry.timestamp()
    state.complete = True
    spool.keep(state)


def _broken_paging(registry: Registry, problem: str) -> RegistryError:
    return RegistryError(
        problem, where=f"{registry.base}/studies", next=f"Try again later, or check the address (--url). {GO_ON}"
    )


def _load(library: Path, folder: SyncFolder, spool: Spool, state: State, watcher: Watcher) -> Summary:
    """Load all pages as one edition, and keep that this was done if nothing is missing."""
    source = _SpooledPages(state)
    pages = (spool.page(number) for number in range(1, state.pages + 1))
    summary = load(pages, library, source=source, watch=watcher.record)
    counted = state.segments[-1].total or 0
    short = source.sent < counted
    if short:
        again = "; its data changed meanwhile, so the next sync asks for all of them again" if state.changed else ""
        watcher.note(f"The registry counted {counted:,} studies and sent {source.sent:,}{again}")
    pages_read = all(isinstance(problem, RecordError) for problem in summary.problems)
    if pages_read and not (short and state.changed):
        _note_synced(folder, state)
    return summary


def _note_synced(folder: SyncFolder, state: State) -> None:
    """Keep from when the next sync has to ask, unless this one leaves a gap after the last.

    The first may begin on any day: what is older came with a file, or is not wanted.
    """
    asked = state.asked
    last = folder.synced(asked)
    new = Synced(asked.base, asked.query, state.segments[-1].timestamp)
    if asked.since is None or last is None or (asked.since <= last.since and last.timestamp < new.timestamp):
        folder.note_synced(new)
