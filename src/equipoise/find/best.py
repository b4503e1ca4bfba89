"""
The first studies of a search, and the counts beside them, without reading all that are found.

For words in order of relevance the index ranks and counts by itself: a page then costs what its words cost, however
many studies have them. All else is `equipoise.find.search`, of which this gives the same rows, totals and counts.
"""

from __future__ import annotations

from collections.abc import Iterable

import tantivy

from equipoise.find.asked import Asked, ask
from equipoise.find.facets import Facet, facet
from equipoise.find.filters import FILTERS
from equipoise.find.query import Query
from equipoise.find.search import Found, search
from equipoise.store.facets import SILENT
from equipoise.store.library import Library

# Beyond so many studies those before them are read as well, and the search does that at once.
_MOST = 1_000


def best(
    library: Library, query: Query, top: int, *, facets: bool = False, loosen: bool = True, explain: bool = True
) -> Found:
    """
    Return the *top* best studies that *query* asks for, and how many there are; all of them where these cost no less.

    Raises:
        QueryError: a part of the search cannot be understood.
    """
    asked = ask(library, query) if _is_ranked_by_words(query) and top <= _MOST else None
    words = _words(asked) if asked else None
    if asked is None or words is None:
        return search(library, query, facets=facets, loosen=loosen, explain=explain, asked=asked)
    found = _found(library, words, query, asked, top, facets=facets)
    if not found.total and loosen:
        asked = ask(library, query, loosen=True)
        words = _words(asked)
        found = _found(library, words, query, asked, top, facets=facets) if words else found
    if found.total or not explain:
        return found
    # Nothing is found: it is said why.
    return search(library, query, facets=facets, loosen=loosen, explain=explain)


def _words(asked: Asked) -> tantivy.Query | None:
    """Return what the index is asked for, if that is all that is asked."""
    return None if asked.mask is not None or asked.by_number else asked.query


def _is_ranked_by_words(query: Query) -> bool:
    """Return whether nothing narrows what the words find: columns do that at less cost than one count a filter."""
    narrowed = query.filters() or query.age or query.near or query.demands
    return query.ranked and query.sort == "relevance" and not query.order and not narrowed


def _found(library: Library, words: tantivy.Query, query: Query, asked: Asked, top: int, *, facets: bool) -> Found:
    codes, total = library.index.best(words, max(1, top))
    return Found(
        query=query,
        rows=library.columns.rows(codes),
        total=total,
        unstated=0,
        some_words=asked.some_words and total > 0,
        marks=asked.marks,
        facets=tuple(_facets(library, words)) if facets else (),
        synonyms=asked.synonyms,
    )


def _facets(library: Library, words: tantivy.Query) -> Iterable[Facet]:
    """Yield each filter with how many studies each of its values would show."""
    counts = library.index.counts(words, [one.name for one in FILTERS])
    for one in FILTERS:
        found, names = counts[one.name], library.columns.names[one.name]
        yield facet(one, ((name, found.get(name or SILENT, 0)) for name in names), ())
