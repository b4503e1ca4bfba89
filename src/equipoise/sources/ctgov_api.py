"""
The registry's API v2: its requests and its pages. Names of the API are typed here alone.

::

    GET BASE/version     {"apiVersion": "2.0.5", "dataTimestamp": "2026-01-15T09:00:05"}
    GET BASE/studies?…   {"totalCount"?: 3, "studies": […], "nextPageToken"?: "…"}
                         400 and a plain text where a parameter is not understood
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import pairwise

import msgspec

from equipoise.errors import RecordError, RegistryError
from equipoise.sources.ctgov import read_record
from equipoise.sources.download import Downloader, Refusal
from equipoise.sources.incoming import Incoming

BASE = "https://clinicaltrials.gov/api/v2"


class Selection(msgspec.Struct, frozen=True):
    """Which studies are asked for: those of an Essie expression, all where it is empty, and of
    them those whose last update was posted on *since* or later. ``undated`` adds those that
    state no such date."""

    query: str = ""
    since: date | None = None
    undated: bool = False


class Page(msgspec.Struct, frozen=True):
    """One page: its JSON as it came, how many studies it has and how many all pages have.

    ``token`` asks for the next page, None on the last. ``first`` and ``last`` are the update
    dates at its ends; ``ascending`` says whether those between are in order.
    """

    body: bytes
    studies: int
    total: int | None
    token: str | None
    first: str | None
    last: str | None
    ascending: bool


class _Page(msgspec.Struct, frozen=True, rename="camel"):
    studies: list[msgspec.Raw]
    total_count: int | None = None
    next_page_token: str | None = None


class _Version(msgspec.Struct, frozen=True, rename="camel"):
    data_timestamp: datetime


_page = msgspec.json.Decoder(_Page)
_version = msgspec.json.Decoder(_Version)


def parameters(selection: Selection, token: str | None = None) -> dict[str, str]:
    """Return the parameters that ask for a page.

    With a token the others must be those of the first page, so all are sent again
    (``countTotal`` is ignored then). The order is by date of update, the oldest first: what
    changes meanwhile moves to the end, and the date reached is a place to go on from when a
    token is no longer taken.
    """
    found = {
        "format": "json",
        "markupFormat": "markdown",
        "pageSize": "1000",
        "countTotal": "true",
        "sort": "LastUpdatePostDate:asc",
    }
    if selection.query:
        found["query.term"] = selection.query
    if selection.since:
        since = f"AREA[LastUpdatePostDate]RANGE[{selection.since.isoformat()},MAX]"
        found["filter.advanced"] = since + (" OR AREA[LastUpdatePostDate]MISSING" if selection.undated else "")
    if token:
        found["pageToken"] = token
    return found


def read_page(body: bytes, origin: str) -> Iterator[Incoming | RecordError]:
    """Yield each study of a page, or the error that says why it was not read."""
    for count, raw in enumerate(_page.decode(body).studies, 1):
        yield read_record(bytes(raw), f"{origin}, study {count}")


def _survey(body: bytes) -> Page:
    page = _page.decode(body)
    records = read_page(body, "")
    dates = [str(record.study.updated) for record in records if isinstance(record, Incoming) and record.study.updated]
    return Page(
        body=body,
        studies=len(page.studies),
        total=page.total_count,
        token=page.next_page_token or None,
        first=dates[0] if dates else None,
        last=dates[-1] if dates else None,
        ascending=all(one <= other for one, other in pairwise(dates)),
    )


class Registry:
    """A server of the API."""

    def __init__(self, downloader: Downloader) -> None:
        self._downloader = downloader
        self.base = downloader.base

    def timestamp(self) -> datetime:
        """Return which data the server has: the UTC time at which they were made.

        Raises:
            RegistryError: the server does not say.
        """
        version = self._downloader.get("version", {}, _version.decode)
        if isinstance(version, Refusal):
            raise self._refused("version", version)
        made = version.data_timestamp  # published without a zone
        return made.astimezone(UTC).replace(tzinfo=None) if made.tzinfo else made

    def page(self, selection: Selection, token: str | None = None) -> Page | None:
        """Return a page, or None where the server no longer takes the token of the page before.

        Raises:
            RegistryError: there was no whole answer, or the server does not understand the query.
        """
        page = self._downloader.get("studies", parameters(selection, token), _survey)
        if not isinstance(page, Refusal):
            return page
        if token:
            return None
        raise self._refused("studies", page)

    def _refused(self, path: str, refusal: Refusal) -> RegistryError:
        return RegistryError(
            f"The registry does not understand the request: {refusal.text or 'it does not say why'}",
            where=f"{self.base}/{path}",
            next="Check --query; it is an expression as in the registry's own search for other terms.",
        )
