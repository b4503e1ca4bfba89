"""
What only the records themselves can tell: whether a value begins or ends with some words, has them
letter for letter, or lies within limits that have no column. Records are read one by one, so only
so many are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from equipoise.errors import QueryError
from equipoise.find.expressions import Covering, Span, Widening
from equipoise.records.published import read_json
from equipoise.store.index import words
from equipoise.store.library import Library

# 0.2 ms a record: some four seconds.
MOST = 20_000

# Down to here a record is decoded only where it is wanted: a section, its module, a field of the module. No
# lists lie above. Most of a record's bytes are then passed over, in a tenth of the time.
_LEVELS = 3

Branches = dict[str, "Branches"]


def _part(branches: Branches) -> Any:
    """Return the type of the wanted part of a record."""
    if not branches:
        return Any
    wanted = [
        (f"f{place}", _part(inner) | None if inner else Any, None) for place, inner in enumerate(branches.values())
    ]
    names = {f"f{place}": name for place, name in enumerate(branches)}
    return msgspec.defstruct("Part", wanted, rename=names)


def _plain(part: Any, branches: Branches) -> Any:
    """Return the part of a record as objects of JSON; what is not there is left out."""
    if not isinstance(part, msgspec.Struct):
        return part
    values = ((name, inner, getattr(part, f"f{place}")) for place, (name, inner) in enumerate(branches.items()))
    return {name: _plain(value, inner) for name, inner, value in values if value is not None}


@lru_cache(maxsize=256)
def _decoder(paths: tuple[str, ...]) -> tuple[msgspec.json.Decoder[Any], Branches]:
    root: Branches = {}
    for path in paths:
        branches = root
        for name in path.split(".")[:_LEVELS]:
            branches = branches.setdefault(name, {})
    return msgspec.json.Decoder(_part(root)), root


def decode_part(document: bytes, paths: tuple[str, ...]) -> dict[str, Any]:
    """Return a record with at least what lies at some paths.

    >>> decode_part(b'{"a": {"b": {"c": [{"d": 1}], "e": 2}, "f": 3}}', ("a.b.c.d",))
    {'a': {'b': {'c': [{'d': 1}]}}}
    """
    decoder, branches = _decoder(paths)
    try:
        part: dict[str, Any] = _plain(decoder.decode(document), branches)
    except msgspec.ValidationError:
        # A value where an object is due, or a number without bound: such a record is read whole, as it is.
        part = read_json(document)
    return part


def read_rows(
    library: Library,
    rows: npt.NDArray[Any],
    holds: Callable[[dict[str, Any]], bool],
    *,
    paths: tuple[str, ...],
    text: str,
    span: Span,
) -> npt.NDArray[np.bool_]:
    """Return in which of these rows something holds of what a record has at *paths*, as a mask over all rows.

    Raises:
        QueryError: there are too many to be read.
    """
    if len(rows) > MOST:
        raise QueryError(
            f"To answer this, {len(rows):,} records would have to be read; at most {MOST:,} are",
            text=text,
            span=span,
            next="Search in a field, or for more words, so that fewer studies are in question.",
        )
    mask = np.zeros(len(library), bool)
    for row in rows:
        document, _ = library.stored.read(int(library.columns.flat["version"][row]))
        mask[row] = holds(decode_part(document, paths))
    return mask


@lru_cache(maxsize=256)
def _exact(text: str) -> re.Pattern[str]:
    """Return the pattern of words letter for letter; spaces may be any white space."""
    inner = r"\s+".join(re.escape(chunk) for chunk in text.split())
    return re.compile(rf"(?<!\w){inner}(?!\w)")


def _places(stems: Sequence[str], wanted: Sequence[str]) -> Iterator[int]:
    size = len(wanted)
    return (place for place in range(len(stems) - size + 1) if stems[place : place + size] == wanted)


@lru_cache(maxsize=1024)
def _wanted(asked: str) -> list[str]:
    return words(asked)


def _covers(found: list[tuple[int, int]], size: int, covering: Covering) -> bool:
    if covering == "FullMatch":
        return (0, size) in found
    if covering == "StartsWith":
        return any(start == 0 for start, _ in found)
    if covering == "EndsWith":
        return any(end == size for _, end in found)
    return bool(found)


def covers(value: str, asked: str, covering: Covering, widening: Widening, *, stems: list[str] | None = None) -> bool:
    """Return whether a field's *value* has the words of *asked* side by side, as they are wanted.

    *stems* are the value's words as the index knows them, where they are known already.

    >>> covers("Acute heart failure", "heart", "StartsWith", "Term")
    False
    >>> covers("Acute heart failure", "Heart", "Contains", "None")
    False
    """
    if widening == "None":
        plain = " ".join(value.split())
        return _covers([match.span() for match in _exact(asked).finditer(plain)], len(plain), covering)
    wanted = _wanted(asked)
    if not wanted:
        return not any(mark.isalnum() for mark in asked)  # marks alone ask for nothing in particular
    own = words(value) if stems is None else stems
    return _covers([(place, place + len(wanted)) for place in _places(own, wanted)], len(own), covering)


def in_parts(asked: str, covering: Covering, widening: Widening, *, quoted: bool) -> list[str]:
    """Return the parts of a term, each of which may be found apart from the others.

    >>> in_parts("heart - failure", "Contains", "Relaxation", quoted=False)
    ['heart', 'failure']
    """
    if quoted or covering != "Contains" or widening not in ("Relaxation", "Lossy"):
        return [asked]
    return [chunk for chunk in asked.split() if any(mark.isalnum() for mark in chunk)] or [asked]
