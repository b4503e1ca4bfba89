"""What the pages of the desk share: whose they are, where they are kept, and that a request came from our own pages."""

from __future__ import annotations

import threading
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from starlette.requests import Request

from equipoise.desk.database import FILE, Desk, open_desk
from equipoise.desk.people import Person
from equipoise.errors import DeskError, NotAllowed

# No copy of a page of somebody's own is to be kept, by the browser or by anything between.
PRIVATE = {"cache-control": "no-store"}


# Whose the request is that is being answered; nobody's where a page is open to all. Templates read it.
person_now: ContextVar[Person | None] = ContextVar("person_now", default=None)


class DeskDrawer:
    """Opens the desk when it is first needed, and keeps it open."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: Desk | None = None
        self._opening = threading.Lock()
        # A desk that was there and is no more is not one that nobody has begun: an empty one in its place would say
        # that there are no notes, and take new ones that are lost to sight when the old one comes back.
        self._was_there = self._is_there()

    def _is_there(self) -> bool:
        return (self._folder / FILE).exists()

    def desk(self) -> Desk:
        """Return the desk; it is made where there never was one.

        Raises:
            DeskError: it cannot be opened, or was there before and is gone.
        """
        with self._opening:
            there = self._is_there()
            if self._was_there and not there:
                raise DeskError(
                    "The desk is no longer where it was",
                    where=str(self._folder / FILE),
                    next="Bring it back, if its disk was unplugged or its folder moved; or start Equipoise again to "
                    "begin a new one. Nothing was written meanwhile.",
                )
            if self._open is None or not there:
                self._open = open_desk(self._folder)
                self._was_there = True
            return self._open

    def begun(self) -> bool:
        """Return whether there is a desk, or was one: a page that only looks makes none."""
        self._was_there = self._was_there or self._is_there()
        return self._was_there


def drawer_of(request: Request) -> DeskDrawer:
    """Return what opens the desk."""
    drawer: DeskDrawer = request.app.state.drawer
    return drawer


def desk_of(request: Request) -> Desk:
    """Return the desk; it is made where there is none."""
    return drawer_of(request).desk()


def now_of(request: Request) -> datetime:
    """Return the moment by the server's clock."""
    now: datetime = request.app.state.now()
    return now


def person_of(request: Request) -> Person:
    """Return whose page this is.

    Raises:
        NotAllowed: it is nobody's.
    """
    person: Person | None = getattr(request.state, "person", None)
    if person is None:
        raise NotAllowed("This page belongs to somebody", next="Log in first.")
    return person


def check_own_page(request: Request) -> None:
    """Check that what changes something was sent by one of our own pages, not by another site that is open.

    Browsers say so in ``Sec-Fetch-Site``, which no page can set; older ones in ``Origin`` (OWASP, cross-site request
    forgery: fetch metadata, with the origin to fall back on).

    Raises:
        NotAllowed: it was not, or the browser does not say.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        own = site == "same-origin"
    else:
        own = origin is not None and urlsplit(origin).netloc == request.headers.get("host")
    if not own:
        raise NotAllowed(
            "This request did not come from a page of Equipoise", next="Open the page here, and send it from there."
        )
