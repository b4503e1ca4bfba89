"""What is posted: read in memory for the request alone, and no more of it than a page of ours would send."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from starlette.datastructures import FormData
from starlette.formparsers import FormParser
from starlette.requests import Request

from equipoise.errors import InputError

SMALL = 256 * 1024
_KIB, _MIB = 1024, 1 << 20


async def limited(
    request: Request, most: int, *, next: str, what: str = "What was sent"
) -> AsyncGenerator[bytes, None]:
    """
    Yield what is sent, chunk by chunk, up to so many bytes.

    Raises:
        InputError: it is more; *next* says what to do.
    """
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            said = f"{most // _MIB} MiB" if most >= _MIB else f"{most // _KIB} KiB"
            raise InputError(f"{what} has more than {said}", where=request.url.path, next=next)
        yield chunk


async def read_small_form(request: Request) -> FormData:
    """
    Return the fields of a posted form without files.

    Raises:
        InputError: it is too large.
    """
    sent = limited(request, SMALL, next="Go back, and send less at a time.", what="The form")
    return await FormParser(request.headers, sent).parse()


def number(text: str) -> int:
    """Return the number that a field of a form or an address states, 0 where it states none.

    >>> number("12"), number("-1"), number("²"), number("")
    (12, 0, 0, 0)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def word(form: FormData, name: str) -> str:
    """Return a field of a form, empty where it has none."""
    value = form.get(name)
    return value if isinstance(value, str) else ""
