"""
The first studies of a search, and the counts beside them, without reading all that are found.

For words in order of relevance the index ranks and counts by itself: a page then costs what its words cost, however
many studies have them, and nothing when they are asked for again soon: a reader pages, and comes back from a study. All
else is `equipoise.find.search`, of which this gives the same rows, totals and counts.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable

import msgspec
import numpy as np
import numpy.typing as npt
import tantivy

from equipoise.find.asked import Asked, ask
from equipoise.find.facets import Facet, facet
from equipoise.find.filters import FILTERS
from equipoise.find.kept import Kept
from equipoise.find.lookup import looked_up, words_of
from equipoise.find.query import Query
from equipoise.find.search import Found, Rows, search
from equipoise.find.synonyms import Synonyms
from equipoise.store.facets import SILENT
from equipoise.store.library import Library

# Beyond so many studies those before them are read as well, and the search does that at once.
_MOST = 1_000
# So many are looked up at least: those of the next pages, for which the index does no more work.
_LEAST = 50


class _Best(msgspec.Struct, frozen=True):
    """What the index found for some words; ``counts``: by filter, of each of its values; None if nobody asked."""

    rows: Rows
    total: int
    some_words: bool
    marks: frozenset[str]
    synonyms: tuple[Synonyms, ...]
    counts: tuple[npt.NDArray[np.uint32], ...] | None

    def reaches(self, top: int, *, facets: bool) -> bool:
        """Return whether it has the *top* best, and the counts if these are asked for."""
        return len(self.rows) >= min(top, self.total) and not (facets and self.counts is None)


_found = Kept[_Best](8_000_000)
_ENTRY = 4_000


def best(
    library: Library, query: Query, top: int, *, facets: bool = False, loosen: bool = True, explain: bool = True
) -> Found:
    """
    Return the *top* best studies that *query* asks for, and how many there are; all of them where these cost no less.

    Raises:
        QueryError: a part of the search cannot be understood.
    """
    known = _known(library, query, top, facets=facets, loosen=loosen) if _is_ranked_by_words(query, top) else None
    if not isinstance(known, _Best):
        return search(library, query, facets=facets, loosen=loosen, explain=explain, asked=known)
    if explain and not known.total:
        # Nothing is found: it is said why.
        return search(library, query, facets=facets, loosen=loosen, explain=explain)
    return Found(
        query=query,
        rows=known.rows[:top],
        total=known.total,
        unstated=0,
        some_words=known.some_words,
        marks=known.marks,
        facets=tuple(_facets(library, known.counts)) if facets and known.counts else (),
        synonyms=known.synonyms,
    )


def _known(library: Library, query: Query, top: int, *, facets: bool, loosen: bool) -> _Best | Asked:
    """Return what the words find, looked up once; what they ask for, if the index alone cannot say what they find."""
    words = words_of(query, library)
    known = _found.get(words)
    if known is None or not known.reaches(top, facets=facets):
        whole = None if facets else looked_up(library, query)
        if whole is not None:
            return _Best(whole.rows, len(whole.rows), False, whole.asked.marks, whole.asked.synonyms, None)
        looked = _look_up(library, query, top, facets=facets, loosen=False)
        if isinstance(looked, Asked):
            return looked
        known = _keep(words, looked)
    if known.total or not loosen:
        return known
    some = _found.get((words, "some"))
    if some is None or not some.reaches(top, facets=facets):
        looked = _look_up(library, query, top, facets=facets, loosen=True)
        some = _keep((words, "some"), looked) if isinstance(looked, _Best) else known
    return some


def _keep(words: Hashable, found: _Best) -> _Best:
    _found.put(words, found, size=_ENTRY + found.rows.nbytes + sum(one.nbytes for one in found.counts or ()))
    return found


def _look_up(library: Library, query: Query, top: int, *, facets: bool, loosen: bool) -> _Best | Asked:
    asked = ask(library, query, loosen=loosen)
    words = _words(asked)
    if words is None:
        return asked
    codes, total = library.index.best(words, max(_LEAST, top))
    return _Best(
        rows=library.columns.rows(codes),
        total=total,
        some_words=asked.some_words and total > 0,
        marks=asked.marks,
        synonyms=asked.synonyms,
        counts=_counts(library, ask(library, query, loosen=loosen, ranked=False)) if facets else None,
    )


def _words(asked: Asked) -> tantivy.Query | None:
    """Return what the index is asked for, if that is all that is asked."""
    return None if asked.mask is not None or asked.by_number else asked.query


def _is_ranked_by_words(query: Query, top: int) -> bool:
    """Return whether nothing narrows what the words find: columns do that at less cost than one count a filter."""
    narrowed = query.filters() or query.age or query.near or query.demands
    return query.ranked and query.sort == "relevance" and not query.order and not narrowed and top <= _MOST


def _counts(library: Library, asked: Asked) -> tuple[npt.NDArray[np.uint32], ...]:
    """Return for each filter how many studies each of its values would show."""
    assert asked.query is not None
    counts = library.index.counts(asked.query, [one.name for one in FILTERS])
    return tuple(
        np.array([counts[one.name].get(name or SILENT, 0) for name in library.columns.names[one.name]], np.uint32)
        for one in FILTERS
    )


def _facets(library: Library, counts: tuple[npt.NDArray[np.uint32], ...]) -> Iterable[Facet]:
    """Yield each filter with how many studies each of its values would show."""
    for one, counted in zip(FILTERS, counts, strict=True):
        yield facet(one, zip(library.columns.names[one.name], counted.tolist(), strict=True), ())
