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
from equipoise.store.index import words
from equipoise.store.library import Library

# 0.4 ms a record: some eight seconds.
MOST = 20_000


def read_rows(
    library: Library, rows: npt.NDArray[Any], holds: Callable[[dict[str, Any]], bool], *, text: str, span: Span
) -> npt.NDArray[np.bool_]:
    """Return which of the records in these rows something holds of, as a mask over all rows.

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
        mask[row] = holds(msgspec.json.decode(document))
    return mask


@lru_cache(maxsize=256)
def _exact(text: str) -> re.Pattern[str]:
    """Return the pattern of words letter for letter; spaces may be any white space."""
    inner = r"\s+".join(re.escape(chunk) for chunk in text.split())
    return re.compile(rf"(?<!\w){inner}(?!\w)")


def _places(stems: Sequence[str], wanted: Sequence[str]) -> Iterator[int]:
    size = len(wanted)
    return (place for place in range(len(stems) - size + 1) if list(stems[place : place + size]) == list(wanted))


def covers(value: str, asked: str, *, covering: Covering, widening: Widening, apart: bool) -> bool:
    """Return whether a field's *value* has the words of *asked* as they are wanted.

    ``apart``: they may stand anywhere in it.

    >>> covers("Acute heart failure", "heart", covering="StartsWith", widening="Term", apart=False)
    False
    >>> covers("Acute heart failure", "Heart", covering="Contains", widening="None", apart=False)
    False
    """
    if widening == "None":
        plain = " ".join(value.split())
        found = [match.span() for match in _exact(asked).finditer(plain)]
        size = len(plain)
    else:
        stems, wanted = words(value), words(asked)
        if not wanted:
            return False
        if apart and covering == "Contains":
            return set(wanted) <= set(stems)
        found = [(place, place + len(wanted)) for place in _places(stems, wanted)]
        size = len(stems)
    if covering == "FullMatch":
        return (0, size) in found
    if covering == "StartsWith":
        return any(start == 0 for start, _ in found)
    if covering == "EndsWith":
        return any(end == size for _, end in found)
    return bool(found)
