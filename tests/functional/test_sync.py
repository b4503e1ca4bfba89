"""`sync` brings a library up to date with a real server of the registry's API, whatever the server does."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from equipoise.errors import InputError, LibraryBusy, LibraryDamaged, LibraryError, UserError
from equipoise.intake.load import Summary
from equipoise.intake.opening import open_library
from equipoise.intake.spool import SyncFolder
from equipoise.intake.sync import Downloaded, Watcher, sync
from equipoise.sources.download import Clock, Limits
from equipoise.store.library import Library
from equipoise.store.writer import LibraryWriter
from registry import (
    Registry,
    cut,
    hang_up,
    hang_up_between_chunks,
    instead,
    refuse,
    serving,
    stall,
    status,
    study,
)

GO_ON = "What was downloaded is kept: run the same command again to go on."
LATER = f"Try again later, or name another address with --url. {GO_ON}"
FIVE = [study(count, updated=f"2026-01-0{count}") for count in range(1, 6)]
ALL = ["version", "0", "2", "4", "version"]


class Syncs:
    """Syncs a library with a server, and keeps what was said and how long was slept."""

    def __init__(self, registry: Registry, folder: Path) -> None:
        self.registry = registry
        self.folder = folder
        self.notes: list[str] = []
        self.pages: list[Downloaded] = []
        self.slept: list[float] = []
        self.limits = Limits(silence=5)

    def __call__(self, **options: object) -> Summary:
        """Sync once; what is kept is that of the last call."""
        self.notes.clear()
        self.pages.clear()
        self.slept.clear()
        self.registry.requests.clear()
        return sync(
            self.folder,
            base=self.registry.address,
            watcher=Watcher(self.notes.append, self.pages.append),
            clock=Clock(date=lambda: 1_768_467_600.0, sleep=self.slept.append, chance=lambda: 0.0),
            limits=self.limits,
            **options,  # type: ignore[arg-type]
        )

    def fails(self, **options: object) -> str:
        """Sync once, which must fail; return the message."""
        with pytest.raises(UserError) as caught:
            self(**options)
        return str(caught.value).replace(self.registry.address, "BASE").replace(str(self.folder), "LIBRARY")

    @property
    def library(self) -> Library:
        """The library as it is now."""
        return open_library(self.folder)

    @property
    def numbers(self) -> list[int]:
        """The studies in the library, as counted by the test."""
        return [int(number[5:]) for number, _ in self.library.documents()]

    @property
    def left(self) -> list[str]:
        """What lies in the folder ``sync``."""
        return sorted(path.name for path in (self.folder / "sync").rglob("*.*"))


@pytest.fixture
def syncs(tmp_path: Path) -> Iterator[Syncs]:
    """A server with five studies on three pages, and an empty library."""
    with serving(Registry([dict(one) for one in FIVE])) as registry:
        yield Syncs(registry, tmp_path / "library")


def counts(summary: Summary) -> tuple[int, int, int, int]:
    """Return added, changed, unchanged, not read."""
    return summary.added, summary.changed, summary.unchanged, len(summary.problems)


# What is asked for


def test_a_first_sync_takes_every_page(syncs: Syncs) -> None:
    """All studies of all pages are loaded as one edition, byte for byte, with the server as their origin."""
    summary = syncs()
    assert counts(summary) == (5, 0, 0, 0)
    assert syncs.registry.asked == ALL
    assert syncs.numbers == [1, 2, 3, 4, 5]
    assert syncs.library.edition.number == 1
    assert syncs.library.document("NCT99000003") == json.dumps(FIVE[2]).encode()
    assert syncs.library.record("NCT99000003").version.origin == f"{syncs.registry.address}/studies, page 2, study 1"
    assert syncs.notes == [f"Asking {syncs.registry.address} for all studies"]
    assert syncs.pages == [Downloaded(1, 2, 5), Downloaded(2, 4, 5), Downloaded(3, 5, 5)]
    assert (syncs.left, syncs.slept) == (["synced.json"], [])


def test_the_parameters_are_those_of_the_contract(syncs: Syncs) -> None:
    """The first page is asked for by these parameters, and each other by the same and its token."""
    syncs(query="Socks AND Feet", since=date(2026, 1, 1))
    first = {
        "format": "json",
        "markupFormat": "markdown",
        "pageSize": "1000",
        "countTotal": "true",
        "sort": "LastUpdatePostDate:asc",
        "query.term": "Socks AND Feet",
        "filter.advanced": "AREA[LastUpdatePostDate]RANGE[2026-01-01,MAX]",
    }
    assert [request.parameters for request in syncs.registry.requests] == [{}, first, {}]
    syncs(query="Socks")
    del first["filter.advanced"]
    first["query.term"] = "Socks"
    version, *pages, _ = syncs.registry.requests
    assert version.path == "/api/v2/version"
    assert {request.path for request in pages} == {"/api/v2/studies"}
    assert [request.parameters for request in pages] == [
        first,
        first | {"pageToken": "2@2026-01-15T09:00:05"},
        first | {"pageToken": "4@2026-01-15T09:00:05"},
    ]


def test_requests_say_who_asks(syncs: Syncs) -> None:
    """Name and version are sent, and that compressed answers are welcome."""
    syncs()
    assert {request.headers["User-Agent"] for request in syncs.registry.requests} == {"equipoise/0.1.0"}
    assert {request.headers["Accept-Encoding"] for request in syncs.registry.requests} == {"gzip"}


def test_syncing_twice_changes_nothing(syncs: Syncs) -> None:
    """A second sync asks for a day more than it needs, and publishes no edition for what it knows."""
    syncs.registry.timestamp = "2026-01-05T09:00:05"
    syncs()
    summary = syncs()
    assert (counts(summary), summary.edition) == ((0, 0, 2, 0), None)
    assert syncs.library.edition.number == 1
    assert syncs.notes == [f"Asking {syncs.registry.address} for studies updated on 2026-01-04 or later"]


def test_a_later_sync_takes_what_was_updated(syncs: Syncs) -> None:
    """New and changed studies come, from the day before the last data's; what is as it was is not asked for."""
    syncs.registry.timestamp = "2026-01-05T09:00:05"
    syncs()
    syncs.registry.timestamp = "2026-01-06T09:00:05"
    syncs.registry.studies[0] = study(1, updated="2026-01-06", title="Warmer socks")
    syncs.registry.studies.append(study(6, updated="2026-01-06"))
    assert counts(syncs()) == (1, 1, 2, 0)
    assert syncs.library.study("NCT99000001").title == "Warmer socks"
    assert len(syncs.library.versions("NCT99000001")) == 2
    syncs()
    assert syncs.notes == [f"Asking {syncs.registry.address} for studies updated on 2026-01-05 or later"]


def test_since_is_taken_as_given(syncs: Syncs) -> None:
    """`--since` decides what is asked for, whenever the last sync was."""
    syncs()
    assert counts(syncs(since=date(2026, 1, 4))) == (0, 0, 2, 0)


def test_the_first_sync_may_begin_on_any_day(syncs: Syncs) -> None:
    """What is older came with a file or is not wanted; later syncs follow on."""
    assert counts(syncs(since=date(2026, 1, 4))) == (2, 0, 0, 0)
    syncs()
    assert syncs.notes == [f"Asking {syncs.registry.address} for studies updated on 2026-01-14 or later"]


def test_since_leaves_no_gap_behind(syncs: Syncs) -> None:
    """A sync from a later day than was due does not count: the next takes what it left out."""
    syncs()
    syncs.registry.timestamp = "2026-02-15T09:00:05"
    syncs.registry.studies.append(study(6, updated="2026-02-10"))
    syncs(since=date(2026, 1, 20))
    syncs()
    assert syncs.notes == [f"Asking {syncs.registry.address} for studies updated on 2026-01-14 or later"]
    syncs.registry.timestamp = "2026-03-15T09:00:05"
    syncs(since=date(2026, 1, 1))
    syncs()
    assert syncs.notes == [f"Asking {syncs.registry.address} for studies updated on 2026-03-14 or later"]


def test_each_query_has_its_own_last_sync(syncs: Syncs) -> None:
    """A query that was never synced takes all that it finds, and does not move the others' dates."""
    syncs()
    assert counts(syncs(query="NCT99000002")) == (0, 0, 1, 0)
    assert syncs.notes == [f"Asking {syncs.registry.address} for all studies"]
    syncs(query="NCT99000002")
    assert syncs.notes == [f"Asking {syncs.registry.address} for studies updated on 2026-01-14 or later"]
    syncs()
    assert syncs.notes == [f"Asking {syncs.registry.address} for studies updated on 2026-01-14 or later"]


def test_nothing_found_changes_nothing(syncs: Syncs) -> None:
    """Where no study is found, no edition is made and no date is kept."""
    summary = syncs(query="gloves")
    assert (summary.given, summary.edition) == (0, None)
    assert syncs.left == []
    assert not (syncs.folder / "CURRENT").exists()


def test_a_library_begun_anew_takes_all_again(syncs: Syncs) -> None:
    """The date of the last sync counts only while the studies that it brought are there."""
    syncs()
    (syncs.folder / "CURRENT").unlink()
    assert counts(syncs()) == (5, 0, 0, 0)
    assert syncs.notes == [f"Asking {syncs.registry.address} for all studies"]


# What servers do


@pytest.mark.parametrize(
    ("fault", "note"),
    [
        (status(500), "The server answered 500 (Internal Server Error)"),
        (status(503), "The server answered 503 (Service Unavailable)"),
        (status(429), "The server answered 429 (Too Many Requests)"),
        (stall, "Nothing came for 0.5 s"),
        (hang_up, "The connection was closed before the answer was whole"),
        (hang_up_between_chunks, "The connection was closed before the answer was whole"),
        (refuse, "The connection was closed before the answer was whole"),
        (cut, "The answer is not the JSON expected (Input data was truncated)"),
        (
            instead(b"<!DOCTYPE html><p>Down for maintenance", Content_Language="en"),
            "The answer is not the JSON expected (JSON is malformed: invalid character (byte 0))",
        ),
        (
            instead(b'{"message": "busy"}'),
            "The answer is not the JSON expected (Object missing required field `studies`)",
        ),
        (instead(b"no gzip at all", Content_Encoding="gzip"), "The answer is not compressed as it says"),
    ],
)
def test_a_passing_fault_is_waited_out(syncs: Syncs, fault: Callable[..., None], note: str) -> None:
    """A page that does not come, or does not come whole, is asked for again; nothing of it is loaded twice."""
    syncs.registry.faults["2"] = [fault, fault]
    syncs.limits = Limits(silence=0.5 if fault is stall else 5)
    assert counts(syncs()) == (5, 0, 0, 0)
    assert syncs.registry.asked == ["version", "0", "2", "2", "2", "4", "version"]
    assert syncs.slept == [1.0, 2.0]
    assert syncs.notes[1:] == [
        f"{note}; trying again in 1 s (1 of 5)",
        f"{note}; trying again in 2 s (2 of 5)",
    ]


@pytest.mark.parametrize(
    ("given", "slept"),
    [("7", 7.0), ("Thu, 15 Jan 2026 09:00:30 GMT", 30.0), ("soon", 1.0), ("0", 1.0)],
)
def test_retry_after_is_honoured(syncs: Syncs, given: str, slept: float) -> None:
    """The server's own time to wait counts, in seconds or as a date, if it is the longer one."""
    syncs.registry.faults["0"] = [status(429, Retry_After=given)]
    assert counts(syncs()) == (5, 0, 0, 0)
    assert syncs.slept == [slept]


def test_a_long_wait_is_left_to_the_user(syncs: Syncs) -> None:
    """Asked to wait for an hour, the command stops and says so."""
    syncs.registry.faults["2"] = [status(503, Retry_After="3600")]
    assert syncs.fails() == (
        "BASE/studies: The server answered 503 (Service Unavailable) and asks to wait 3,600 s\n"
        f"Try again after that time. {GO_ON}"
    )
    assert syncs.slept == []


def test_a_server_that_stays_down_is_reported_and_the_next_sync_goes_on(syncs: Syncs) -> None:
    """After six tries, each later than the last, the command fails; the pages that came are not asked for again."""
    syncs.registry.faults["4"] = [status(503)] * 6
    assert syncs.fails() == (
        f"BASE/studies: The server answered 503 (Service Unavailable), in the last of 6 tries\n{LATER}"
    )
    assert syncs.slept == [1.0, 2.0, 4.0, 8.0, 16.0]
    assert not (syncs.folder / "CURRENT").exists()
    assert counts(syncs()) == (5, 0, 0, 0)
    assert syncs.registry.asked == ["version", "4", "version"]
    assert syncs.notes == ["Going on after 2 pages with 4 studies, downloaded before"]


def test_no_server_is_reported(syncs: Syncs) -> None:
    """An address where nothing answers is tried like any, and named."""
    syncs.registry.address = "http://127.0.0.1:9/api/v2"
    assert syncs.fails() == f"BASE/version: The server cannot be reached, in the last of 6 tries\n{LATER}"


def test_the_registrys_own_words_are_shown(syncs: Syncs) -> None:
    """A query that the registry does not understand is answered with what it says, safe for a terminal."""
    syncs.registry.faults["0"] = [status(400, "Error parsing query in query.term:\n\x1b[31m(socks")]
    assert syncs.fails(query="(socks") == (
        "BASE/studies: The registry does not understand the request: Error parsing query in query.term: [31m(socks\n"
        "Check --query; it is an expression as in the registry's own search for other terms."
    )
    assert syncs.registry.asked == ["version", "0"]


def test_a_status_that_no_try_can_mend_is_reported_at_once(syncs: Syncs) -> None:
    """Not found stays not found."""
    syncs.registry.faults["version"] = [status(404, "no such page")]
    assert syncs.fails() == (
        f"BASE/version: The server answered 404 (Not Found): no such page\nCheck the address (--url). {GO_ON}"
    )


def test_a_server_that_is_no_registry_is_reported(syncs: Syncs) -> None:
    """What answers with something else is not synced with."""
    syncs.registry.faults["version"] = [instead(b"{}")] * 6
    assert syncs.fails() == (
        "BASE/version: The answer is not the JSON expected (Object missing required field `dataTimestamp`), "
        f"in the last of 6 tries\n{LATER}"
    )


def test_an_answer_that_does_not_end_is_refused(syncs: Syncs) -> None:
    """No more than the stated limit is read, packed or not."""
    syncs.limits = Limits(largest=1 << 20)
    syncs.registry.faults["0"] = [instead(b" " * (2 << 20))]
    assert syncs.fails() == (
        "BASE/studies: The answer is larger than 1 MiB\nNo page of the registry is; check the address (--url)."
    )


def test_a_redirect_on_the_same_server_is_followed(syncs: Syncs) -> None:
    """Where the server says that a page lies elsewhere on it, the page is taken from there."""
    place = syncs.registry.address.removeprefix("http://").partition("/")[2]
    syncs.registry.faults["version"] = [status(301, Location=f"/{place}/new/version")]
    assert counts(syncs()) == (5, 0, 0, 0)
    assert [request.path for request in syncs.registry.requests[:2]] == ["/api/v2/version", "/api/v2/new/version"]


def test_a_redirect_to_another_server_is_refused(syncs: Syncs) -> None:
    """Neither the query nor the library is given to a server that the user did not name."""
    syncs.registry.faults["0"] = [status(302, Location="http://localhost:9/api/v2/studies?x=1")]
    assert syncs.fails() == (
        "BASE: The server redirects to http://localhost:9\n"
        "Redirects to another server are not followed. If you trust it, name its address with --url."
    )
    syncs.registry.faults["0"] = [status(302, Location=syncs.registry.address + "/studies")] * 9
    assert syncs.fails() == "BASE: The server redirected 5 times\nCheck the address (--url)."


def test_a_token_that_comes_again_is_reported(syncs: Syncs) -> None:
    """A server whose pages lead in a circle does not keep the command for ever."""
    page = {"studies": FIVE[:1], "nextPageToken": "2@2026-01-15T09:00:05"}
    syncs.registry.faults["2"] = [instead(json.dumps(page).encode())]
    assert syncs.fails() == (
        "BASE/studies: The server gives the same token for the next page again\n"
        f"Try again later, or check the address (--url). {GO_ON}"
    )


def test_an_empty_page_is_not_the_end(syncs: Syncs) -> None:
    """A page may have no study while a token follows."""
    page = {"studies": [], "nextPageToken": "2@2026-01-15T09:00:05"}
    syncs.registry.faults["0"] = [instead(json.dumps(page).encode())]
    assert counts(syncs()) == (3, 0, 0, 0)


# What pages hold


def test_a_study_on_two_pages_is_one_study(syncs: Syncs) -> None:
    """Sent twice as it is, a study is kept once."""
    syncs.registry.studies.append(FIVE[4])
    assert counts(syncs()) == (5, 0, 1, 0)


def test_a_broken_record_is_reported_and_the_others_are_loaded(syncs: Syncs) -> None:
    """The message names the page and the place on it, since the page itself is not kept."""
    syncs.registry.studies[2] = {"protocolSection": {"identificationModule": {"nctId": 3}}}
    summary = syncs()
    assert counts(summary) == (4, 0, 0, 1)
    assert str(summary.problems[0]).replace(syncs.registry.address, "BASE") == (
        "BASE/studies, page 3, study 1: "
        "Expected `str`, got `int` - at `$.protocolSection.identificationModule.nctId`\n"
        "The record is not ClinicalTrials.gov v2 JSON as published; fetch it again. "
        "The other records of the file are read."
    )
    assert syncs.left == ["synced.json"]


def test_fewer_studies_than_counted_are_said_to_be(syncs: Syncs) -> None:
    """What a server counts and does not send is not passed over in silence."""
    page = {"studies": FIVE[:1], "totalCount": 5, "nextPageToken": "2@2026-01-15T09:00:05"}
    syncs.registry.faults["0"] = [instead(json.dumps(page).encode())]
    assert counts(syncs()) == (4, 0, 0, 0)
    assert syncs.notes[1:] == ["The registry counted 5 studies and sent 4"]


def test_what_went_missing_while_data_changed_is_asked_for_again(syncs: Syncs) -> None:
    """If data changed under the download and studies are missing, the next sync is a whole one again."""
    page = {"studies": FIVE[:1], "totalCount": 5, "nextPageToken": "2@2026-01-15T09:00:05"}
    change: Callable[..., None] = instead(b'{"dataTimestamp": "2026-01-16T09:00:05"}')
    syncs.registry.faults["0"] = [instead(json.dumps(page).encode())]
    syncs.registry.faults["version"] = [lambda handler, body: handler.send(body), change]
    assert counts(syncs()) == (4, 0, 0, 0)
    assert syncs.notes[1:] == [
        "The registry counted 5 studies and sent 4; its data changed meanwhile, "
        "so the next sync asks for all of them again"
    ]
    assert counts(syncs()) == (1, 0, 4, 0)
    assert syncs.notes == [f"Asking {syncs.registry.address} for all studies"]


# Stopped and gone on with


def command(folder: Path, address: str, *options: str) -> list[str]:
    """Return the command line of a sync."""
    code = "from equipoise.app.cli import main; main()"
    return [sys.executable, "-c", code, "sync", "--library", str(folder), "--url", address, *options]


def test_a_killed_sync_goes_on_where_it_was(syncs: Syncs) -> None:
    """Killed while a page comes in, the next sync takes that page and those after it, and ends as if undisturbed."""
    syncs.registry.faults["4"] = [stall]
    process = subprocess.Popen(command(syncs.folder, syncs.registry.address), stderr=subprocess.DEVNULL)
    assert syncs.registry.reached.wait(20)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert syncs.left == ["000001.json.zst", "000002.json.zst", "state.json"]
    assert counts(syncs()) == (5, 0, 0, 0)
    assert syncs.registry.asked == ["version", "4", "version"]
    assert (syncs.numbers, syncs.left) == ([1, 2, 3, 4, 5], ["synced.json"])


def test_a_sync_killed_again_and_again_ends_like_an_undisturbed_one(syncs: Syncs) -> None:
    """Wherever it is killed, the library stays whole and the next sync goes on; each study is there once."""
    syncs.registry.studies = [study(count, updated=f"2026-01-{1 + count // 2:02d}") for count in range(1, 41)]
    for times in range(5):
        process = subprocess.Popen(command(syncs.folder, syncs.registry.address), stderr=subprocess.DEVNULL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.25 + 0.15 * times)
        process.kill()
        process.wait()
    syncs()
    assert syncs.numbers == list(range(1, 41))
    assert all(len(syncs.library.versions(f"NCT99{count:06d}")) == 1 for count in range(1, 41))
    assert syncs.left == ["synced.json"]


def test_a_sync_killed_after_its_load_is_only_tidied_up(syncs: Syncs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that were loaded already change nothing when they are loaded again."""
    with monkeypatch.context() as patch, pytest.raises(RecursionError):
        patch.setattr("equipoise.intake.sync._note_synced", lambda *_: (_ for _ in ()).throw(RecursionError))
        syncs()
    assert syncs.numbers == [1, 2, 3, 4, 5]
    summary = syncs()
    assert (counts(summary), summary.edition) == ((0, 0, 5, 0), None)
    assert (syncs.registry.asked, syncs.left) == ([], ["synced.json"])


def test_a_stopped_sync_says_how_to_go_on(syncs: Syncs) -> None:
    """Ctrl-C ends the command without a traceback; what came is kept."""
    syncs.registry.faults["4"] = [stall]
    started = command(syncs.folder, syncs.registry.address)
    process = subprocess.Popen(started, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert syncs.registry.reached.wait(20)
    process.send_signal(signal.SIGINT)
    printed, said = process.communicate(timeout=20)
    assert (process.returncode, printed) == (130, "")
    assert said.splitlines()[1:] == [f"Stopped. {GO_ON}"]
    assert counts(syncs()) == (5, 0, 0, 0)
    assert syncs.registry.asked == ["version", "4", "version"]


def test_a_page_half_written_is_not_counted(syncs: Syncs) -> None:
    """What the state does not name is not there, whatever lies in the folder."""
    syncs.registry.faults["2"] = [status(404)]
    syncs.fails()
    [state] = (syncs.folder / "sync").glob("*/state.json")
    state.with_name("000002.json.zst").write_bytes(b"half")
    state.with_name("000003.json.zst.new").write_bytes(b"")
    assert counts(syncs()) == (5, 0, 0, 0)


def test_what_was_downloaded_is_loaded_when_the_library_is_free_again(syncs: Syncs) -> None:
    """A writer at work is not disturbed; afterwards nothing is downloaded again."""
    with LibraryWriter(syncs.folder):
        assert syncs.fails() == (
            "LIBRARY: Another process is writing to this library\n"
            "Wait until it has finished, then try again; readers are not disturbed."
        )
        assert syncs.registry.asked == ALL
    assert counts(syncs()) == (5, 0, 0, 0)
    assert syncs.registry.asked == []
    assert syncs.notes == ["All 3 pages were downloaded before; loading them"]


def test_one_sync_at_a_time(syncs: Syncs) -> None:
    """A second sync of a library is told of the first, and asks the server for nothing."""
    with SyncFolder(syncs.folder), pytest.raises(LibraryBusy) as caught:
        syncs()
    assert str(caught.value) == (
        f"{syncs.folder}: Another sync of this library is under way\n"
        "Wait until it has finished; readers are not disturbed."
    )
    assert syncs.registry.asked == []


def test_a_reader_is_not_disturbed(syncs: Syncs) -> None:
    """A library that was opened before a sync shows what it showed."""
    syncs(query="NCT99000002")
    before = syncs.library
    syncs()
    assert [number for number, _ in before.documents()] == ["NCT99000002"]
    assert syncs.numbers == [1, 2, 3, 4, 5]


def interrupt(syncs: Syncs, place: str) -> None:
    """Let a sync fail at this page."""
    syncs.registry.faults[place] = [status(404)]
    syncs.fails()


def test_other_data_on_the_next_day_are_gone_on_with(syncs: Syncs) -> None:
    """A download of old data goes on from the date reached, with what changed since; nothing is lost."""
    interrupt(syncs, "4")
    syncs.registry.timestamp = "2026-01-16T09:00:05"
    syncs.registry.studies[0] = study(1, updated="2026-01-16", title="Warmer socks")
    syncs.registry.studies.append(study(6, updated=None))
    assert counts(syncs()) == (6, 1, 2, 0)
    assert syncs.notes == [
        "Going on after 2 pages with 4 studies, downloaded before",
        "The registry has other data now than when this download began; "
        "going on with studies updated on 2026-01-03 or later",
    ]
    assert syncs.registry.requests[1].parameters["filter.advanced"] == (
        "AREA[LastUpdatePostDate]RANGE[2026-01-03,MAX] OR AREA[LastUpdatePostDate]MISSING"
    )
    assert syncs.pages == [Downloaded(3, 6, 9), Downloaded(4, 8, 9), Downloaded(5, 9, 9)]
    assert syncs.numbers == [1, 2, 3, 4, 5, 6]
    assert syncs.library.study("NCT99000001").title == "Warmer socks"
    syncs()
    assert syncs.notes == [f"Asking {syncs.registry.address} for studies updated on 2026-01-15 or later"]


def test_a_token_refused_under_way_is_gone_on_from(syncs: Syncs) -> None:
    """When the data change between two pages, the server refuses the token; the download goes on without it."""

    def change(handler: object, body: bytes) -> None:
        handler.send(body)  # type: ignore[attr-defined]
        syncs.registry.timestamp = "2026-01-16T09:00:05"

    syncs.registry.faults["2"] = [change]
    assert counts(syncs()) == (5, 0, 2, 0)
    assert syncs.registry.asked == ["version", "0", "2", "4", "version", "0", "2", "version"]
    assert syncs.notes[1:] == [
        "The registry has other data now than when this download began; "
        "going on with studies updated on 2026-01-03 or later"
    ]


def test_without_order_all_is_asked_for_again(syncs: Syncs) -> None:
    """A server that does not sort gives no date to go on from; its pages count for nothing then."""
    syncs.registry.sorts = False
    syncs.registry.studies.reverse()
    interrupt(syncs, "4")
    syncs.registry.timestamp = "2026-01-16T09:00:05"
    assert counts(syncs()) == (5, 0, 0, 0)
    assert syncs.notes[1:] == [
        "The registry has other data now than when this download began; asking for all of it again"
    ]
    assert syncs.registry.asked == ["version", "0", "2", "4", "version"]


def test_a_server_that_refuses_its_own_tokens_is_reported(syncs: Syncs) -> None:
    """Tokens that are never taken do not keep the command for ever."""
    syncs.registry.faults["2"] = [status(400, "no")] * 9
    assert syncs.fails() == (
        "BASE/studies: The server refuses the tokens that it gives for the next page\n"
        f"Try again later, or check the address (--url). {GO_ON}"
    )


def test_a_damaged_page_is_asked_for_again(syncs: Syncs) -> None:
    """If a page was damaged on the disk, the others are loaded, and the sync does not count as whole."""
    with LibraryWriter(syncs.folder):
        syncs.fails()
    [page] = (syncs.folder / "sync").glob("*/000002.json.zst")
    page.write_bytes(page.read_bytes()[:-7])
    assert counts(syncs()) == (3, 0, 0, 1)
    assert counts(syncs()) == (2, 0, 3, 0)


def test_a_damaged_state_is_reported(syncs: Syncs) -> None:
    """What cannot be read is named, and can be deleted."""
    interrupt(syncs, "4")
    [state] = (syncs.folder / "sync").glob("*/state.json")
    state.write_bytes(b"{}")
    with pytest.raises(LibraryDamaged) as caught:
        syncs()
    assert str(caught.value) == (
        f"{state}: What an earlier sync left cannot be read (Object missing required field `asked`)\n"
        f"Delete {state.parent} and sync again; the studies in the library are not touched."
    )


def test_a_folder_that_cannot_be_written_is_reported(syncs: Syncs) -> None:
    """It is said before anything is downloaded."""
    syncs.folder.mkdir()
    (syncs.folder / "sync").write_text("in the way")
    with pytest.raises(LibraryError) as caught:
        syncs()
    assert str(caught.value) == (
        f"{syncs.folder / 'sync'}: The download cannot be kept (File exists)\n"
        "Make room or choose another folder with --library; the library is as it was. "
        "Then run the same command again to go on."
    )
    assert syncs.registry.asked == []


# On the command line


def run(syncs: Syncs, *options: str) -> tuple[int, str, str]:
    """Run the command; return its exit code and what it prints."""
    environment = os.environ | {"COLUMNS": "200", "TERM": "dumb", "NO_COLOR": "1"}
    done = subprocess.run(
        command(syncs.folder, syncs.registry.address, *options),
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )
    said = [text.replace(syncs.registry.address, "BASE").replace(str(syncs.folder), "LIBRARY").rstrip() for text in
            (done.stdout, done.stderr)]  # fmt: skip
    return done.returncode, said[0], said[1]


def test_the_command_gives_the_summary_of_load(syncs: Syncs) -> None:
    """What is asked is said apart; the summary is that of `load`, and broken records set the exit code."""
    syncs.registry.studies.append({"protocolSection": {}})
    code, printed, said = run(syncs)
    assert code == 3
    lines = [" ".join(line.split()) for line in printed.splitlines()]
    assert lines[:2] == ["5 added", "1 not read listed below"]
    assert lines[2].startswith("5 studies in LIBRARY (")
    assert said.splitlines()[:4] == [
        "Asking BASE for all studies",
        "",
        "1 of 6 not read:",
        "  BASE/studies, page 3, study 2: Object missing required field `identificationModule`"
        " - at `$.protocolSection`",
    ]
    assert run(syncs, "--skip-broken", "--since", "2020-01-01")[0] == 0


def test_the_command_says_that_nothing_was_found(syncs: Syncs) -> None:
    """The user's query is not repeated."""
    assert run(syncs, "--query", "gloves") == (
        0,
        "No studies found; LIBRARY stays as it was",
        "Asking BASE for all studies",
    )


def test_the_command_reports_a_fault(syncs: Syncs) -> None:
    """One message, no traceback, and the exit code of input that cannot be read; the query is not in it."""
    syncs.registry.faults["version"] = [status(403)]
    assert run(syncs, "--query", "my socks") == (
        3,
        "",
        "The registry cannot be read\nBASE/version: The server answered 403 (Forbidden)\n"
        f"Check the address (--url). {GO_ON}",
    )


@pytest.mark.parametrize("address", ["ftp://example.org/api", "clinicaltrials.gov", "http://u:p@h/x", "http://h/?a=1"])
def test_an_address_must_be_one(tmp_path: Path, address: str) -> None:
    """Other schemes, users and parameters are refused before anything is written."""
    with pytest.raises(InputError) as caught:
        sync(tmp_path / "library", base=address)
    assert str(caught.value) == (
        f"{address}: This is not an address to download from\n"
        "Give one that begins with http:// or https://, without user, ? or #, "
        "such as https://clinicaltrials.gov/api/v2."
    )
    assert not (tmp_path / "library").exists()
