"""What is posted to share notes, to open them and to reply. It is held in memory for the request alone."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import msgspec
from starlette.datastructures import FormData
from starlette.formparsers import FormParser
from starlette.requests import Request

from equipoise.desk.shares import USUAL
from equipoise.errors import InputError

LARGEST = 256 * 1024


class Wanted(msgspec.Struct, frozen=True):
    """What a sender chose: the ids of notes, and how they are shared."""

    notes: frozenset[int] = frozenset()
    lasts: str = USUAL
    replies: bool = False
    sender: str = ""
    form: str = ""


async def _limited(request: Request) -> AsyncGenerator[bytes, None]:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > LARGEST:
            raise InputError(f"The form has more than {LARGEST // 1024} KiB", next="Go back, and send less at a time.")
        yield chunk


async def read_small_form(request: Request) -> FormData:
    """
    Return a posted form.

    Raises:
        InputError: it is too large.
    """
    return await FormParser(request.headers, _limited(request)).parse()


def word(form: FormData, name: str) -> str:
    """Return a field of a form, empty where it is none."""
    value = form.get(name)
    return value if isinstance(value, str) else ""


def read_wanted(form: FormData) -> Wanted:
    """Return what a sender chose; what is no number of a note is left out."""
    ids = [one for one in form.getlist("note") if isinstance(one, str) and one.isascii() and one.isdigit()]
    return Wanted(
        frozenset(int(one) for one in ids if len(one) < 19),
        word(form, "lasts"),
        word(form, "replies") == "yes",
        word(form, "sender").strip(),
        word(form, "form"),
    )
