"""Requests to the registry's API and what its pages become, apart from any library."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest

from equipoise.errors import InputError, RecordError
from equipoise.sources.ctgov_api import BASE, Registry, Selection, parameters, read_page
from equipoise.sources.download import Clock, Downloader, Limits, check_base, is_loopback
from equipoise.sources.incoming import Incoming
from registry import Registry as Server
from registry import instead, serving, status, study

SINCE = date(2026, 1, 14)


@pytest.fixture
def server() -> Iterator[Server]:
    """A server with three studies on two pages."""
    with serving(Server([study(count, updated=f"2026-01-0{count}") for count in range(1, 4)])) as running:
        yield running


class Time:
    """A clock that moves when someone sleeps."""

    def __init__(self) -> None:
        self.moment = 100.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        """Move on."""
        self.slept.append(seconds)
        self.moment += seconds

    def clock(self, chance: float = 0.0) -> Clock:
        """Return it as the download's clock."""
        return Clock(now=lambda: self.moment, date=lambda: self.moment, sleep=self.sleep, chance=lambda: chance)


def registry(address: str, time: Time | None = None, **limits: float) -> Registry:
    """Return the registry at this address."""
    clock = (time or Time()).clock()
    return Registry(Downloader(address, note=lambda _: None, clock=clock, limits=Limits(**limits)))  # type: ignore[arg-type]


def test_the_registry_is_asked_at_its_published_address() -> None:
    """Unless another is named, studies come from ClinicalTrials.gov."""
    assert BASE == "https://clinicaltrials.gov/api/v2"


@pytest.mark.parametrize(
    ("selection", "token", "expected"),
    [
        (Selection(), None, {}),
        (Selection("socks"), None, {"query.term": "socks"}),
        (Selection(since=SINCE), None, {"filter.advanced": "AREA[LastUpdatePostDate]RANGE[2026-01-14,MAX]"}),
        (
            Selection(since=SINCE, undated=True),
            None,
            {"filter.advanced": "AREA[LastUpdatePostDate]RANGE[2026-01-14,MAX] OR AREA[LastUpdatePostDate]MISSING"},
        ),
        (Selection("socks"), "x1", {"query.term": "socks", "pageToken": "x1"}),
    ],
)
def test_parameters(selection: Selection, token: str | None, expected: dict[str, str]) -> None:
    """Beside what every page is asked with stand the query, the first day and the token, where there are such."""
    always = {
        "format": "json",
        "markupFormat": "markdown",
        "pageSize": "1000",
        "countTotal": "true",
        "sort": "LastUpdatePostDate:asc",
    }
    assert parameters(selection, token) == always | expected


def test_a_page_tells_what_a_download_needs(server: Server) -> None:
    """Its JSON as it came, the counts, the next token, and the dates at its ends."""
    asked = registry(server.address)
    first = asked.page(Selection())
    assert first is not None
    assert json.loads(first.body)["studies"] == server.studies[:2]
    assert (first.studies, first.total, first.token) == (2, 3, "2@2026-01-15T09:00:05")
    assert (first.first, first.last, first.ascending) == ("2026-01-01", "2026-01-02", True)
    last = asked.page(Selection(), first.token)
    assert last is not None
    assert (last.studies, last.total, last.token, last.first) == (1, None, None, "2026-01-03")


def test_a_page_out_of_order_says_so(server: Server) -> None:
    """Dates that fall give no place to go on from; studies without a date do not matter."""
    server.sorts = False
    server.studies[0], server.studies[1] = server.studies[1], server.studies[0]
    page = registry(server.address).page(Selection())
    assert page is not None and not page.ascending
    server.studies[:2] = [study(7, updated=None), study(8)]
    page = registry(server.address).page(Selection())
    assert page is not None and page.ascending
    assert (page.first, page.last) == ("2026-01-10", "2026-01-10")


def test_the_version_tells_when_the_data_were_made(server: Server) -> None:
    """The timestamp is that of the data, in UTC, whether or not the server says so."""
    assert registry(server.address).timestamp() == datetime(2026, 1, 15, 9, 0, 5)
    server.timestamp = "2026-01-15T04:00:05-05:00"
    assert registry(server.address).timestamp() == datetime(2026, 1, 15, 9, 0, 5)


def test_a_version_refused_is_reported(server: Server) -> None:
    """There is nothing to go on with."""
    server.faults["version"] = [status(400)]
    with pytest.raises(InputError) as caught:
        registry(server.address).timestamp()
    assert str(caught.value) == (
        f"{server.address}/version: The registry does not understand the request: it does not say why\n"
        "Check --query; it is an expression as in the registry's own search for other terms."
    )


def test_a_token_refused_is_no_page(server: Server) -> None:
    """Of a token that is not taken any more nothing comes, and it is no error."""
    assert registry(server.address).page(Selection(), "2@2025-01-01") is None


def test_compressed_pages_are_unpacked(server: Server) -> None:
    """What comes as gzip is the JSON that was packed."""
    body = json.dumps({"studies": [server.studies[0]]}).encode()
    server.faults["0"] = [instead(gzip.compress(body), Content_Encoding="gzip")]
    page = registry(server.address).page(Selection())
    assert page is not None and page.body == body


def test_a_packed_page_is_bounded_unpacked(server: Server) -> None:
    """A small answer that unpacks to more than the limit is refused."""
    server.faults["0"] = [instead(gzip.compress(b" " * (3 << 20)), Content_Encoding="gzip")]
    with pytest.raises(InputError, match=r"The answer is larger than 1 MiB\nNo page of the registry is;"):
        registry(server.address, largest=1 << 20).page(Selection())


def test_an_answer_that_drips_is_not_waited_for(server: Server) -> None:
    """A body that comes a little at a time may take a stated while and no longer."""
    time = Time()
    server.faults["0"] = [instead(b" " * 10)] * 6
    asked = Downloader(server.address, note=lambda _: None, clock=time.clock(), limits=Limits(answer=-1, tries=1))
    with pytest.raises(InputError, match=r"studies: The answer was not whole after -1 s, in the last of 1 tries\n"):
        asked.get("studies", {}, bytes)


def test_tries_come_later_each_time_by_chance(server: Server) -> None:
    """The time doubles; chance takes up to half off, so that clients do not return together."""
    server.faults["version"] = [status(500)] * 3
    time = Time()
    Registry(Downloader(server.address, note=lambda _: None, clock=time.clock(chance=0.5))).timestamp()
    assert time.slept == [0.75, 1.5, 3.0]


def test_a_second_is_left_between_requests_to_another_computer(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The registry asks for that; time that passed otherwise counts. The network's proxy is used, with its password."""
    proxy = server.address.removesuffix("/api/v2").replace("http://", "http://user:word@")
    monkeypatch.setenv("http_proxy", proxy)
    monkeypatch.delenv("no_proxy", raising=False)
    time = Time()
    asked = registry("http://registry.invalid/api/v2", time)
    asked.timestamp()
    asked.page(Selection())
    time.moment += 0.75
    asked.page(Selection())
    time.moment += 5
    asked.page(Selection())
    assert time.slept == [1.0, 0.25, 0.0]
    assert server.requests[0].headers["proxy-authorization"] == "Basic dXNlcjp3b3Jk"
    assert server.requests[0].headers["Host"] == "registry.invalid"


def test_no_pause_on_this_computer(server: Server) -> None:
    """One's own server need not be spared."""
    time = Time()
    asked = registry(server.address, time)
    asked.timestamp()
    asked.timestamp()
    assert time.slept == []


@pytest.mark.parametrize(("host", "answer"), [("localhost", True), ("127.8.0.1", True), ("10.0.0.1", False)])
def test_loopback(host: str, answer: bool) -> None:
    """All of 127.0.0.0/8 is this computer."""
    assert is_loopback(host) is answer


def test_an_address_may_end_with_a_slash() -> None:
    """It is the same address."""
    assert check_base("HTTP://127.0.0.1:8000/api/v2/") == "http://127.0.0.1:8000/api/v2"


def test_a_page_is_read_record_by_record() -> None:
    """Each study keeps its bytes; one that is broken is named by its place."""
    good, bad = json.dumps(study(1)).encode(), b'{"protocolSection": 1}'
    one, other = read_page(b'{"studies": [' + good + b",\n" + bad + b"]}", "page 7")
    assert isinstance(one, Incoming) and isinstance(other, RecordError)
    assert (one.document, one.source, one.origin) == (good, "ctgov", "page 7, study 1")
    assert str(other).partition("\n")[0] == "page 7, study 2: Expected `object`, got `int` - at `$.protocolSection`"


def test_no_chance_is_taken_with_certificates(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that is not safe is not tried again, and not made otherwise."""
    address = server.address.replace("http://", "https://")
    with pytest.raises(InputError) as caught:
        registry(address).timestamp()
    assert str(caught.value).replace(address, "BASE").partition("(")[0] == "BASE: No safe connection "
    assert caught.value.next == (
        "Check the address and this computer's clock; "
        "a network's own certificate is named by the variable SSL_CERT_FILE."
    )


@pytest.mark.parametrize(
    ("location", "leads_on"),
    [("/other", True), ("https://{host}/x", True), ("http://{host}:1/x", False), ("ftp://{host}/", False), ("", False)],
)
def test_redirects_stay_with_the_server(server: Server, location: str, leads_on: bool) -> None:
    """The same server, or the same host made safe; never another one, another port or no safety."""
    asked = Downloader(server.address, note=lambda _: None)
    step: Callable[[str, str], str] = asked._next_address
    target = location.replace("{host}", "127.0.0.1")
    if leads_on:
        assert step(f"{server.address}/studies", target).endswith(target)
    else:
        with pytest.raises(InputError, match="The server redirects to "):
            step(f"{server.address}/studies", target)
