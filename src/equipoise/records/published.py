"""A published record as plain objects: what is not typed is read from this."""

from __future__ import annotations

import json
from typing import Any

import msgspec

BOM = b"\xef\xbb\xbf"


def read_json(document: bytes) -> Any:
    """Return a document as plain objects; a number beyond what a computer counts with stays its digits.

    >>> read_json(b'{"n": 1}'), len(read_json(b'{"n": 1' + b"0" * 5000 + b"}")["n"])
    ({'n': 1}, 5001)
    """
    plain = document.removeprefix(BOM)
    try:
        return msgspec.json.decode(plain)
    except msgspec.ValidationError:
        return json.loads(plain, parse_int=str, parse_float=str)
