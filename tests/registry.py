"""A server of the registry's API v2, for tests: invented studies, real HTTP, and faults on demand."""

from __future__ import annotations

import json
import re
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Fault = Callable[["Handler", bytes], None]


def study(number: int, *, updated: str | None = "2026-01-10", title: str = "Socks") -> dict[str, Any]:
    """Return an invented study in the registry's form."""
    status = {"lastUpdatePostDateStruct": {"date": updated, "type": "ACTUAL"}} if updated else {}
    named = {"nctId": f"NCT99{number:06d}", "briefTitle": title}
    return {"protocolSection": {"identificationModule": named, "statusModule": status}}


def updated(one: dict[str, Any]) -> str:
    """Return when a study was updated; studies without a date come last."""
    status = one.get("protocolSection", {}).get("statusModule", {})
    return status.get("lastUpdatePostDateStruct", {}).get("date", "")


@dataclass
class Request:
    """A request as it came."""

    path: str
    parameters: dict[str, str]
    headers: dict[str, str]


@dataclass
class Registry:
    """What the server has, what it does wrong, and what it was asked."""

    studies: list[dict[str, Any]]
    page_size: int = 2
    timestamp: str = "2026-01-15T09:00:05"
    sorts: bool = True
    address: str = ""
    faults: dict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    requests: list[Request] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    reached: threading.Event = field(default_factory=threading.Event)

    @property
    def asked(self) -> list[str]:
        """The pages that were asked for, by the place of their first study; ``version`` for the version."""
        return [place(request) for request in self.requests]

    def answer(self, parameters: dict[str, str]) -> dict[str, Any]:
        """Return a page as the contract has it."""
        found = [one for one in self.studies if parameters.get("query.term", "") in json.dumps(one)]
        if bound := re.search(r"RANGE\[([\d-]+),MAX\]", parameters.get("filter.advanced", "")):
            undated = "MISSING" in parameters["filter.advanced"]
            found = [one for one in found if (updated(one) >= bound[1] if updated(one) else undated)]
        if self.sorts:
            found = sorted(found, key=lambda one: updated(one) or "9999")
        start = int(parameters.get("pageToken", "0@").partition("@")[0])
        page: dict[str, Any] = {"studies": found[start : start + self.page_size]}
        if start + self.page_size < len(found):
            page["nextPageToken"] = f"{start + self.page_size}@{self.timestamp}"
        if "pageToken" not in parameters and parameters.get("countTotal") == "true":
            page["totalCount"] = len(found)
        return page


def place(request: Request) -> str:
    """Return what a request is for: ``version``, or the place of a page's first study."""
    if request.path.endswith("/version"):
        return "version"
    return request.parameters.get("pageToken", "0@").partition("@")[0]


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    protocol_version = "HTTP/1.1"
    registry: Registry

    def do_GET(self) -> None:
        """Answer, or do what the next fault says."""
        parts = urlsplit(self.path)
        request = Request(parts.path, dict(parse_qsl(parts.query)), dict(self.headers))
        self.registry.requests.append(request)
        if parts.path.endswith("/version"):
            body = json.dumps({"apiVersion": "2.0.5", "dataTimestamp": self.registry.timestamp}).encode()
        else:
            token = request.parameters.get("pageToken")
            if token and not token.endswith(self.registry.timestamp):
                self.send(b"pageToken is not valid any more", status=400, kind="text/plain; charset=utf-8")
                return
            body = json.dumps(self.registry.answer(request.parameters)).encode()
        waiting = self.registry.faults[place(request)]
        if waiting:
            waiting.pop(0)(self, body)
        else:
            self.send(body)

    def send(self, body: bytes, *, status: int = 200, kind: str = "application/json", **headers: str) -> None:
        """Send a whole answer."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def status(code: int, text: str = "", **headers: str) -> Fault:
    """Answer with a status instead."""
    return lambda handler, _: handler.send(text.encode(), status=code, kind="text/plain", **headers)


def instead(body: bytes, **headers: str) -> Fault:
    """Answer with another body."""
    return lambda handler, _: handler.send(body, **headers)


def stall(handler: Handler, body: bytes) -> None:
    """Begin to answer, and then say nothing more until the test releases it."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[:20])
    handler.wfile.flush()
    handler.registry.reached.set()
    handler.registry.released.wait(20)
    handler.close_connection = True


def hang_up(handler: Handler, body: bytes) -> None:
    """Close the connection in the middle of the body."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[: len(body) // 2])
    handler.close_connection = True


def hang_up_between_chunks(handler: Handler, body: bytes) -> None:
    """Close the connection after the first of several chunks."""
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    half = body[: len(body) // 2]
    handler.wfile.write(b"%x\r\n%s\r\n" % (len(half), half))
    handler.close_connection = True


def cut(handler: Handler, body: bytes) -> None:
    """Send half of the JSON as if it were all."""
    handler.send(body[: len(body) // 2])


def refuse(handler: Handler, body: bytes) -> None:
    """Close the connection without an answer."""
    handler.close_connection = True


class Server(ThreadingHTTPServer):
    """Serves each connection in a thread of its own; a client that was killed is no fault."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a connection that the client left."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving(registry: Registry) -> Iterator[Registry]:
    """Serve a registry on a free port of this computer."""
    handler = type("Bound", (Handler,), {"registry": registry})
    server = Server(("127.0.0.1", 0), handler)
    registry.address = f"http://127.0.0.1:{server.server_address[1]}/api/v2"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield registry
    finally:
        registry.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
