"""
Tokens for the next page: which edition of the library, which query, which place in its result.

A token names the edition of its first page, so that pages neither repeat nor skip a study when a
load is published meanwhile; and a digest of what was asked, so that one query's token is not taken
for another's.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct

import msgspec

from equipoise.app.api_v2.parameters import SELECTING
from equipoise.app.api_v2.reading import Asked, fault

_FORM = struct.Struct(">BIQ8s")
_KIND = 1


class Token(msgspec.Struct, frozen=True):
    """Where the next page begins."""

    edition: int
    place: int
    digest: bytes


def digest_of(asked: Asked) -> bytes:
    """Return what tells the selection and order of one request from those of another."""
    values = sorted((name, several) for name, several in asked.values.items() if name in SELECTING)
    return hashlib.blake2b(msgspec.json.encode(values), digest_size=8).digest()


def write_token(token: Token) -> str:
    """Return a token as the text that a client sends back.

    >>> read_token(write_token(Token(7, 1000, b"12345678")))
    Token(edition=7, place=1000, digest=b'12345678')
    """
    packed = _FORM.pack(_KIND, token.edition, token.place, token.digest)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_token(text: str) -> Token:
    """Return what a token says.

    Raises:
        QueryError: it is none that a library gave.
    """
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        kind, edition, place, digest = _FORM.unpack(packed)
    except (binascii.Error, struct.error, ValueError):
        kind = 0
    if kind != _KIND:
        next = "Begin with the first page, and send the `nextPageToken` of each page unchanged."
        raise fault("pageToken", text, "This is no token for a page", next=next)
    return Token(edition, place, digest)
