"""
What a reader posts to write a note, and the form that is shown again with it where it cannot be saved.

::

    text, tags                              what was typed
    key, version                            what makes a form sent twice one note; the record on which it was written
    part, exact, prefix, suffix, start, end the place, as the page found it
    revision, back                          for a note that is changed: what it was; where to go then
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from typing import Any
from uuid import uuid4

import msgspec
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from equipoise.app.desk_web import PRIVATE
from equipoise.app.forms import limited, number
from equipoise.app.pages import own_page, status_of
from equipoise.desk.anchors import Anchor
from equipoise.desk.notes import Draft, Note, read_tags
from equipoise.errors import InputError, UserError
from equipoise.intake.limits import MIB

LARGEST_FILE = 16 * MIB
# With what a form adds to a file.
LARGEST = LARGEST_FILE + MIB


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """A form as it was typed; numbers that are none are 0."""

    text: str = ""
    tags: str = ""
    key: str = ""
    version: str = ""
    part: str = ""
    exact: str = ""
    prefix: str = ""
    suffix: str = ""
    start: int = 0
    end: int = 0
    revision: int = 0
    back: str = ""

    def draft(self, study: str) -> Draft:
        """Return the note that is to be written."""
        place = Anchor(self.part, self.exact, self.prefix, self.suffix, self.start, self.end)
        return Draft(
            study=study, text=self.text, version=self.version, place=place, tags=read_tags(self.tags), key=self.key
        )


def new_form(place: Anchor, version: str) -> Typed:
    """Return the empty form of a note on a place, with a key of its own."""
    return Typed(
        key=str(uuid4()),
        version=version,
        part=place.part,
        exact=place.exact,
        prefix=place.prefix,
        suffix=place.suffix,
        start=place.start,
        end=place.end,
    )


def form_of(note: Note) -> Typed:
    """Return the form that changes a note."""
    return Typed(
        text=note.text, tags=", ".join(note.tags), revision=note.revision, part=note.place.part, exact=note.place.exact
    )


def _limited(request: Request) -> AsyncGenerator[bytes, None]:
    return limited(request, LARGEST, next="Go back: what you typed is there to be shortened.")


async def read_typed(request: Request) -> Typed:
    """
    Return what was typed.

    Raises:
        InputError: it is no form, or far too large.
    """
    try:
        form = await FormParser(request.headers, _limited(request), max_part_size=LARGEST_FILE, max_fields=50).parse()
    except MultiPartException:
        raise InputError(
            "What was sent is no note, or is far too long", next="Go back: what you typed is there to be shortened."
        ) from None
    given = {name: value for name, value in form.items() if isinstance(value, str)}
    return _typed(given)


def _typed(given: Mapping[str, str]) -> Typed:
    texts = ("text", "tags", "key", "version", "part", "exact", "prefix", "suffix", "back")
    values: dict[str, Any] = {name: given.get(name, "") for name in texts}
    values |= {name: number(given.get(name, "")) for name in ("start", "end", "revision")}
    return Typed(**values)


async def read_upload(request: Request) -> bytes:
    """
    Return the file that was sent, all of it in memory.

    Raises:
        InputError: there is none, or it is too large.
    """
    parser = MultiPartParser(request.headers, _limited(request), max_part_size=LARGEST_FILE, max_files=1)
    parser.spool_max_size = LARGEST
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError):
        raise InputError("What was sent is no file of notes", next="Choose the file, and send it again.") from None
    upload = form.get("file")
    try:
        if upload is None or isinstance(upload, str):
            raise InputError("No file was chosen", next="Choose a file that /notes.jsonld gave, and send it again.")
        return await upload.read()
    finally:
        await form.close()


def wants_json(request: Request) -> bool:
    """Return whether a script of ours asks, which shows the answer itself."""
    return "application/json" in request.headers.get("accept", "")


def not_saved(request: Request, error: UserError, typed: Typed, *, action: str, title: str, back: str) -> Response:
    """Say why a note was not saved, with what was typed still there."""
    if wants_json(request):
        told = {"problem": error.problem, "next": error.next or ""}
        return JSONResponse(told, status_of(error), headers=PRIVATE)
    return own_page(
        request,
        "note_form.html",
        status=status_of(error),
        typed=typed,
        action=action,
        title=title,
        study="",
        back=back,
        error=error,
        other=None,
        note=None,
    )
