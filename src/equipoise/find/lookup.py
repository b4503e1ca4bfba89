"""Which rows the words of a search find, kept for a while: the words are what a search costs."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from equipoise.find.asked import Asked, ask
from equipoise.find.kept import Kept, serial
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


# A reader narrows, sorts and pages through what the same words find. The words are what costs.
_lately = Kept[Looked](12_000_000)
_ENTRY = 4_000


def words_of(query: Query, library: Library) -> Hashable:
    """Return what tells apart what the words of a search find: themselves, the edition and its vocabularies."""
    words = (query.text, tuple(query.areas.items()), query.advanced, query.numbers, query.dropped)
    return serial(library), words, vocabularies_mark(library.folder)


def look_up(library: Library, query: Query, *, loosen: bool, asked: Asked | None = None) -> Looked:
    """
    Return what the words of a search find, best first, looked up once for all that is asked of the same words.

    *asked* is what the words ask for, where it is known already.

    Raises:
        QueryError: a part of the search cannot be understood.
    """
    key = words_of(query, library), loosen
    looked = _lately.get(key)
    if looked is None:
        asked = asked or ask(library, query, loosen=loosen)
        looked = Looked(asked, *_rows(library, asked))
        if asked.query is not None:
            _lately.put(key, looked, size=_size(looked))
    return looked


def looked_up(library: Library, query: Query) -> Looked | None:
    """Return what was found for all of the words of a search, if that is kept."""
    return _lately.get((words_of(query, library), False))


def _size(looked: Looked) -> int:
    mask = looked.asked.mask
    return _ENTRY + looked.rows.nbytes + looked.scores.nbytes + (0 if mask is None else mask.nbytes)
