"""
Get documents over HTTP: one at a time, politely paced, tried again where that can help.

urllib3 does the HTTP; its own ``Retry`` is left off. That sleeps by the real clock, and it
does not ask again for an answer that arrived whole but is not what was asked for.
"""

from __future__ import annotations

import ipaddress
import random
import time
import urllib.request
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from http.client import responses
from importlib.metadata import version as installed_version
from typing import TypeVar
from urllib.parse import urljoin

import msgspec
import urllib3
from urllib3 import exceptions as faults
from urllib3.util import Url, make_headers, parse_url

from equipoise.errors import RegistryError

T = TypeVar("T")

GO_ON = "What was downloaded is kept: run the same command again to go on."

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_WORTH_ANOTHER_TRY = frozenset({408, 429})  # and every 5xx
_FOLLOWED = 5
_SHOWN_TEXT = 500


class Clock(msgspec.Struct, frozen=True):
    """The clocks, the sleep and the chance that a download uses; a test passes its own."""

    now: Callable[[], float] = time.monotonic
    date: Callable[[], float] = time.time
    sleep: Callable[[float], object] = time.sleep
    chance: Callable[[], float] = random.random


class Limits(msgspec.Struct, frozen=True):
    """How patient a download is (seconds), and how much it takes (bytes).

    A page of 1,000 studies has about 20 MB, and several times that where all have results;
    no more than this is held whole when files are loaded either.
    """

    tries: int = 6
    connect: float = 10
    silence: float = 60
    answer: float = 1800
    wait: float = 300
    largest: int = 256 << 20


class Refusal(msgspec.Struct, frozen=True):
    """The server understood the request and will not answer it (400); ``text`` says why."""

    text: str


class _Answer(msgspec.Struct, frozen=True):
    status: int
    body: bytes
    text: str = ""
    wait: float | None = None


class _Fault(msgspec.Struct, frozen=True):
    problem: str
    wait: float | None = None


def check_base(text: str) -> str:
    """Return the address without a slash at its end.

    Raises:
        RegistryError: it is not the http or https address of a server.
    """
    try:
        url = parse_url(text)
    except faults.LocationParseError:
        url = Url()
    if url.scheme not in ("http", "https") or not url.host or url.auth or url.query or url.fragment:
        raise RegistryError(
            "This is not an address to download from",
            where=text,
            next="Give one that begins with http:// or https://, without user, ? or #, "
            "such as https://clinicaltrials.gov/api/v2.",
        )
    return url.url.rstrip("/")


def is_loopback(host: str) -> bool:
    """Return whether a host is this computer.

    >>> is_loopback("localhost"), is_loopback("[::1]"), is_loopback("clinicaltrials.gov")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _open_pool(url: Url) -> urllib3.PoolManager:
    """Return connections by way of the proxy that the environment names, as hospitals often have."""
    host = url.host or ""
    proxy = urllib.request.getproxies().get(url.scheme or "")
    if not proxy or is_loopback(host) or urllib.request.proxy_bypass(host):
        return urllib3.PoolManager(maxsize=1)
    auth = parse_url(proxy).auth
    headers = make_headers(proxy_basic_auth=auth) if auth else None
    return urllib3.ProxyManager(proxy, maxsize=1, proxy_headers=headers)


class Downloader:
    """Gets documents below one base address; *note* is told of each wait."""

    def __init__(
        self, base: str, *, note: Callable[[str], None], clock: Clock | None = None, limits: Limits | None = None
    ) -> None:
        self.base = check_base(base)
        self._url = parse_url(self.base)
        self._note = note
        self._clock = clock or Clock()
        self._limits = limits or Limits()
        self._pool = _open_pool(self._url)
        # The registry's robots.txt asks crawlers to leave a second between requests.
        self._pause = 0.0 if is_loopback(self._url.host or "") else 1.0
        self._ended: float | None = None

    def get(self, path: str, parameters: Mapping[str, str], read: Callable[[bytes], T]) -> T | Refusal:
        """Return what *read* makes of the document at *path*, or the server's refusal (400).

        What *read* cannot decode counts as a fault of the download, and is fetched again.

        Raises:
            RegistryError: there was no whole answer in several tries, or another cannot help.
        """
        address = f"{self.base}/{path}"
        fault = _Fault("")
        for attempt in range(self._limits.tries):
            if attempt:
                self._wait(fault, attempt, address)
            answer = self._ask(address, parameters)
            if isinstance(answer, _Answer):
                if answer.status == 400:
                    return Refusal(answer.text)
                if answer.status == 200:
                    try:
                        return read(answer.body)
                    except (msgspec.DecodeError, RecursionError) as error:
                        answer = _Fault(f"The answer is not the JSON expected ({error})")
                else:
                    answer = self._judge(answer, address)
            fault = answer
        raise RegistryError(
            f"{fault.problem}, in the last of {self._limits.tries} tries",
            where=address,
            next=f"Try again later, or name another address with --url. {GO_ON}",
        )

    def _judge(self, answer: _Answer, address: str) -> _Fault:
        """Return the fault that a status stands for, or raise where another try cannot help."""
        name = responses.get(answer.status)
        problem = f"The server answered {answer.status}" + (f" ({name})" if name else "")
        if answer.status in _WORTH_ANOTHER_TRY or answer.status >= 500:
            return _Fault(problem, answer.wait)
        if answer.text:
            problem += f": {answer.text}"
        raise RegistryError(problem, where=address, next=f"Check the address (--url). {GO_ON}")

    def _wait(self, fault: _Fault, attempt: int, address: str) -> None:
        """Sleep before another try: as long as the server asks, and longer with each fault.

        Chance takes up to half off, so that many who failed together do not return together.
        """
        seconds = min(60.0, 2.0 ** (attempt - 1)) * (1 - self._clock.chance() / 2)
        if fault.wait is not None:
            seconds = max(seconds, fault.wait)
        if seconds > self._limits.wait:
            raise RegistryError(
                f"{fault.problem} and asks to wait {seconds:,.0f} s",
                where=address,
                next=f"Try again after that time. {GO_ON}",
            )
        self._note(f"{fault.problem}; trying again in {seconds:.0f} s ({attempt} of {self._limits.tries - 1})")
        self._clock.sleep(seconds)

    def _take_turn(self) -> None:
        if self._ended is not None and self._pause:
            self._clock.sleep(max(0.0, self._ended + self._pause - self._clock.now()))

    def _ask(self, address: str, parameters: Mapping[str, str]) -> _Answer | _Fault:
        """Send one request, following redirects that stay with the server."""
        fields: Mapping[str, str] | None = parameters
        for _ in range(_FOLLOWED):
            self._take_turn()
            try:
                response = self._send(address, fields)
                try:
                    if response.status not in _REDIRECTS:
                        return self._read(response, address)
                    address, fields = self._next_address(address, response.headers.get("Location", "")), None
                finally:
                    # Read to the end, the connection went back already; else it is of no use.
                    response.close()
                    self._ended = self._clock.now()
            except faults.SSLError as error:
                raise RegistryError(
                    f"No safe connection ({_tls_reason(error)})",
                    where=self.base,
                    next="Check the address and this computer's clock; a network's own certificate "
                    "is named by the variable SSL_CERT_FILE.",
                ) from error
            except faults.HTTPError as error:
                return _Fault(self._describe(error))
        raise RegistryError(
            f"The server redirected {_FOLLOWED} times", where=self.base, next="Check the address (--url)."
        )

    def _send(self, address: str, fields: Mapping[str, str] | None) -> urllib3.BaseHTTPResponse:
        return self._pool.request(
            "GET",
            address,
            fields=fields,
            headers={
                "User-Agent": f"equipoise/{installed_version('equipoise')}",
                "Accept": "application/json, text/plain;q=0.5",
                "Accept-Encoding": "gzip",
            },
            timeout=urllib3.Timeout(connect=self._limits.connect, read=self._limits.silence),
            retries=False,
            redirect=False,
            preload_content=False,
        )

    def _next_address(self, address: str, location: str) -> str:
        """Return where a redirect leads.

        Another host is not followed: it would be sent the user's query, and what it answers
        would be taken for the registry's. A change from http to https is.
        """
        target = urljoin(address, location)
        try:
            old, new = parse_url(address), parse_url(target)
        except faults.LocationParseError:
            new = Url()
        same_server = (new.scheme, new.host, new.port) == (old.scheme, old.host, old.port)
        now_safe = (old.scheme, new.scheme) == ("http", "https") and new.host == old.host
        if location and (same_server or now_safe):
            return target
        elsewhere = Url(new.scheme, None, new.host, new.port).url or "no address"
        raise RegistryError(
            f"The server redirects to {elsewhere}",
            where=self.base,
            next="Redirects to another server are not followed. If you trust it, name its address with --url.",
        )

    def _read(self, response: urllib3.BaseHTTPResponse, address: str) -> _Answer:
        """Return the answer with its body, unpacked; of a refusal, only some plain text."""
        if response.status != 200:
            plain = response.headers.get("Content-Type", "").startswith("text/plain")
            text = _clean(next(response.stream(4 * _SHOWN_TEXT), b"")) if plain else ""
            return _Answer(response.status, b"", text, self._asked_wait(response.headers.get("Retry-After")))
        end = self._clock.now() + self._limits.answer
        parts: list[bytes] = []
        size = 0
        for part in response.stream(1 << 16, decode_content=True):
            parts.append(part)
            size += len(part)
            if size > self._limits.largest:
                raise RegistryError(
                    f"The answer is larger than {self._limits.largest >> 20:,} MiB",
                    where=address,
                    next="No page of the registry is; check the address (--url).",
                )
            if self._clock.now() > end:
                raise faults.TimeoutError
        return _Answer(200, b"".join(parts))

    def _asked_wait(self, retry_after: str | None) -> float | None:
        """Return the seconds that Retry-After asks for; it is a number of them, or a date."""
        if retry_after is None:
            return None
        if retry_after.strip().isdecimal():
            return float(retry_after)
        try:
            return max(0.0, parsedate_to_datetime(retry_after).timestamp() - self._clock.date())
        except ValueError:
            return None

    def _describe(self, error: faults.HTTPError) -> str:
        """Return a fault in plain words; urllib3's may hold the address with the user's query."""
        known: tuple[tuple[type[Exception], str], ...] = (
            (faults.ProxyError, "The proxy of this network does not answer"),
            (faults.NameResolutionError, "The server's name is not known here, or there is no network"),
            (faults.NewConnectionError, "The server cannot be reached"),
            (faults.ConnectTimeoutError, f"There was no connection within {self._limits.connect:g} s"),
            (faults.ReadTimeoutError, f"Nothing came for {self._limits.silence:g} s"),
            (faults.TimeoutError, f"The answer was not whole after {self._limits.answer:g} s"),
            (faults.DecodeError, "The answer is not compressed as it says"),
            (faults.ProtocolError, "The connection was closed before the answer was whole"),
        )
        return next((words for kind, words in known if isinstance(error, kind)), type(error).__name__)


def _tls_reason(error: faults.SSLError) -> str:
    inner = error.args[0] if error.args else error
    return str(getattr(inner, "verify_message", "") or getattr(inner, "reason", "") or type(inner).__name__)


def _clean(data: bytes) -> str:
    """Return a server's text on one line, without what could steer a terminal."""
    text = " ".join(data.decode("utf-8", "replace").split())
    return "".join(letter for letter in text if letter.isprintable())[:_SHOWN_TEXT]
