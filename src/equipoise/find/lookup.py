"""Which rows the words of a search find, kept for a while: the words are what a search costs."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
import numpy as np
import numpy.typing as npt

from equipoise.find.asked import Asked, ask
from equipoise.find.query import Query
from equipoise.store.library import Library
from equipoise.store.vocabularies import vocabularies_mark

Rows = npt.NDArray[Any]
Scores = npt.NDArray[np.float32]


def _rows(library: Library, asked: Asked) -> tuple[Rows, Scores]:
    """Return the rows that the words of a search find, best first, and their scores; without words the latest first."""
    if asked.query is None:
        rows, scores = library.columns.latest, np.zeros(len(library), np.float32)
    else:
        codes, scores = library.index.hits(asked.query)
        rows = library.columns.rows(codes).astype(np.int32)
    if asked.mask is None:
        return rows, scores
    keep = asked.mask[rows]
    return rows[keep], scores[keep]


class Looked(msgspec.Struct, frozen=True):
    """What the words of a search ask for, and which rows they find."""

    asked: Asked
    rows: Rows
    scores: Scores


class _Lately(msgspec.Struct):
    """What was looked up last in an edition, of so many bytes."""

    kept: OrderedDict[Hashable, Looked] = msgspec.field(default_factory=OrderedDict)
    size: int = 0


# A reader narrows, sorts and pages through what the same words find. The words are what costs.
_lately: WeakKeyDictionary[Library, _Lately] = WeakKeyDictionary()
_lately_lock = threading.Lock()
_MOST_KEPT = 24_000_000
_LARGEST_KEPT = _MOST_KEPT // 6
_ENTRY = 4_000


def look_up(library: Library, query: Query, *, loosen: bool, asked: Asked | None = None) -> Looked:
    """
    Return what the words of a search find, best first, looked up once for all that is asked of the same words.

    *asked* is what the words ask for, where it is known already.

    Raises:
        QueryError: a part of the search cannot be understood.
    """
    words = (query.text, tuple(query.areas.items()), query.advanced, query.numbers, query.dropped)
    key = (words, loosen, vocabularies_mark(library.folder))
    with _lately_lock:
        lately = _lately.setdefault(library, _Lately())
        if key in lately.kept:
            lately.kept.move_to_end(key)
            return lately.kept[key]
    asked = asked or ask(library, query, loosen=loosen)
    rows, scores = _rows(library, asked)
    looked = Looked(asked, rows, scores)
    size = _size(looked)
    if asked.query is not None and size <= _LARGEST_KEPT:
        with _lately_lock:
            lately.size += 0 if key in lately.kept else size
            lately.kept[key] = looked
            while lately.size > _MOST_KEPT:
                _, last = lately.kept.popitem(last=False)
                lately.size -= _size(last)
    return looked


def _size(looked: Looked) -> int:
    mask = looked.asked.mask
    return _ENTRY + looked.rows.nbytes + looked.scores.nbytes + (0 if mask is None else mask.nbytes)
