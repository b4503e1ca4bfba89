"""
Who may ask: everyone on this computer, or people with accounts.

On the loopback address there is one person and no login. A page of another site can still make the browser ask this
server, under a name that it has led to this computer (DNS rebinding), so a request must name the computer itself. On
every other address each request but those for the login page and a shared link belongs to somebody: pages by a
cookie, programs by name and password (HTTP Basic), or it is refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
from datetime import datetime
from urllib.parse import quote

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from equipoise.app.desk_web import desk_of, now_of, person_now
from equipoise.app.pages import on_user_error
from equipoise.desk.database import Desk
from equipoise.desk.logins import find_kept, find_person, person_of_session
from equipoise.desk.people import LOCAL, Person
from equipoise.errors import NotAllowed, UserError

# How the server's processes learn what the command said.
VARIABLE = "EQUIPOISE_ACCESS"

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
# What is answered to people without an account.
OPEN_PATHS = ("/login", "/robots.txt")
OPEN_FOLDERS = ("/static/", "/s/")
# How many passwords of programs are remembered.
_REMEMBERED = 10_000


class Access(msgspec.Struct, frozen=True):
    """How a server is reached."""

    accounts: bool = False  # people log in
    loopback: bool = False  # by this computer alone, under its own names
    encrypted: bool = False  # by TLS, ours or that of the proxy before it
    proxied: bool = False  # by a proxy, which says for whom it asks

    @property
    def cookie(self) -> str:
        """The name of the session's cookie; a browser keeps one with this prefix only if it is secure (RFC 6265bis)."""
        return "__Host-equipoise" if self.encrypted else "equipoise"

    def address(self, request: Request) -> str:
        """Return the address that asks, as limits count it."""
        forwarded = request.headers.get("x-forwarded-for", "") if self.proxied else ""
        return forwarded.rpartition(",")[2].strip() or (request.client.host if request.client else "")


def write_access(access: Access) -> None:
    """Leave word of the access for the processes that this one starts."""
    os.environ[VARIABLE] = msgspec.json.encode(access).decode()


def read_access() -> Access:
    """Return the access of which word was left; without it one person, under any name, as in a test."""
    return msgspec.json.decode(os.environ.get(VARIABLE) or "{}", type=Access)


class Gate:
    """Finds out whose each request is, and refuses those that are nobody's."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access
        self._programs = _Programs()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        found = await self._who(Request(scope))
        if isinstance(found, Response):
            return await found(scope, receive, send)
        scope.setdefault("state", {})["person"] = found
        reset = person_now.set(found)
        try:
            await self._app(scope, receive, send)
        finally:
            person_now.reset(reset)

    async def _who(self, request: Request) -> Person | Response | None:
        """Return the person, nobody where a path is open to all, or what refuses."""
        access = self._access
        if access.loopback and host_of(request) not in LOOPBACK_HOSTS:
            problem = NotAllowed(
                "This server answers this computer alone, under its own name",
                next="Open it at http://localhost; for others, start it with --host and accounts.",
            )
            return on_user_error(request, problem)
        if not access.accounts:
            return Person(LOCAL)
        path = request.url.path
        token = request.cookies.get(access.cookie)
        try:
            person = await run_in_threadpool(_of_session, request, token) if token else None
            if person is None and "authorization" in request.headers:
                person = await run_in_threadpool(self._program, request)
        except UserError as error:
            return on_user_error(request, error)
        if person or path in OPEN_PATHS or path.startswith(OPEN_FOLDERS):
            return person
        return _refuse(request)

    def _program(self, request: Request) -> Person:
        """Return whose name and password a program sends."""
        name, password = _read_basic(request.headers["authorization"])
        address, now = self._access.address(request), now_of(request)
        return self._programs.find(desk_of(request), name, password, address=address, now=now)


def _of_session(request: Request, token: str) -> Person | None:
    return person_of_session(desk_of(request), token, now_of(request))


def host_of(request: Request) -> str:
    """Return the name under which the server was asked, without its port."""
    host = request.headers.get("host", "")
    name, _, port = host.rpartition(":")
    return name if port.isdigit() and name else host


def _refuse(request: Request) -> Response:
    """Lead people to the login; tell programs what to send."""
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse("/login" if back == "/" else f"/login?next={quote(back, safe='/')}", 303)
    problem = {
        "title": "This is not allowed",
        "status": 401,
        "detail": "This server is for people with an account",
        "where": request.url.path,
        "next": "Send a name and a password (HTTP Basic).",
    }
    headers = {"www-authenticate": 'Basic realm="Equipoise", charset="UTF-8"'}
    return Response(msgspec.json.encode(problem), 401, headers, "application/problem+json")


def _read_basic(given: str) -> tuple[str, str]:
    kind, _, coded = given.partition(" ")
    try:
        name, colon, password = base64.b64decode(coded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        colon = ""
    if kind.lower() != "basic" or not colon:
        raise NotAllowed("This is no name and password", next="Send them as HTTP Basic (RFC 7617).")
    return name, password


class _Programs:
    """Remembers which passwords were right, so that a program's every request need not derive a key.

    What is remembered is a hash under a key of this process, of the password and of what is kept of it: a password
    that is set anew, or a person who is removed, is not remembered.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._known: set[bytes] = set()

    def find(self, desk: Desk, name: str, password: str, *, address: str, now: datetime) -> Person:
        """Return whose name and password these are.

        Raises:
            NotAllowed: they are nobody's, or it was tried too often.
        """
        person, kept = find_kept(desk, name)
        made = hashlib.blake2b(f"{password}\0{kept}".encode(), key=self._key, digest_size=32).digest()
        if person is not None and made in self._known:
            return person
        found = find_person(desk, name, password, address=address, now=now)
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        self._known.add(made)
        return found
