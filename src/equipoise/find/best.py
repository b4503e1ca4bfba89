"""
The first studies of a search, and the counts beside them, without reading all that are found.

For words and the filters that the index has, in order of relevance, the index ranks, counts and narrows by itself: a
page then costs what its words cost, however many studies have them. All else is `equipoise.find.search`, of which
this gives the same rows, totals and counts.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import tantivy

from equipoise.find.asked import Asked, ask
from equipoise.find.facets import Facet, facet
from equipoise.find.filters import FILTERS
from equipoise.find.query import Query
from equipoise.find.search import Found, Rows, all_sexes, search
from equipoise.find.textual import all_of, any_of, but, facet_value
from equipoise.store.columns import NOT_STATED
from equipoise.store.facets import SILENT
from equipoise.store.index import Index
from equipoise.store.library import Library

# Where filters narrow what so few studies have, reading them once costs less than asking the index for every count.
_FEW = 20_000
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
    if asked is None or words is None or (query.filters() and library.index.count(words) <= _FEW):
        return search(library, query, facets=facets, loosen=loosen, explain=explain, asked=asked)
    found = _found(library, _Narrowed(library.index, words, query), asked, top, facets=facets)
    if found.total or not (loosen or explain):
        return found
    # Nothing is found: fewer words are tried, or it is said why.
    return search(library, query, facets=facets, loosen=loosen, explain=explain)


def _words(asked: Asked) -> tantivy.Query | None:
    """Return what the index is asked for, if that is all that is asked."""
    return None if asked.mask is not None or asked.by_number else asked.query


def _is_ranked_by_words(query: Query) -> bool:
    narrowed = query.age or query.near or query.demands
    return query.ranked and query.sort == "relevance" and not query.order and not narrowed


def _found(library: Library, narrowed: _Narrowed, asked: Asked, top: int, *, facets: bool) -> Found:
    rows, stated = _best(library, narrowed.stated, max(1, top))
    unstated = 0
    if narrowed.unstated is not None:
        more, unstated = _best(library, narrowed.unstated, max(1, top - stated))
        rows = np.concatenate((rows, more[: max(0, top - stated)]))
    total = stated + unstated
    return Found(
        query=narrowed.query,
        rows=rows,
        total=total,
        unstated=unstated,
        some_words=asked.some_words and total > 0,
        marks=asked.marks,
        facets=tuple(narrowed.facets(library)) if facets else (),
        synonyms=asked.synonyms,
    )


def _best(library: Library, query: tantivy.Query, top: int) -> tuple[Rows, int]:
    codes, total = library.index.best(query, top)
    return library.columns.rows(codes), total


class _Narrowed:
    """The queries for what words find, narrowed by a search's filters: by all of them, and by all but one."""

    def __init__(self, index: Index, words: tantivy.Query, query: Query) -> None:
        self.query, self._index, self._words = query, index, words
        sure = {one.name: _having(one.name, values) for one, values in query.filters()}
        maybe = {one.name: _having(one.name, (*values, NOT_STATED)) for one, values in query.filters()}
        self._kept = sure if query.stated_only else maybe
        self.stated = self._with(sure.values())
        self.unstated: tantivy.Query | None = None
        if sure and not query.stated_only:
            self.unstated = but(self._with(maybe.values()), all_of([*sure.values()]))

    def _with(self, filters: Iterable[tantivy.Query]) -> tantivy.Query:
        return all_of([self._words, *filters])

    def facets(self, library: Library) -> Iterable[Facet]:
        """Yield each filter with how many studies each of its values would show, whatever of it is chosen."""
        free = [one.name for one in FILTERS if one.name not in self._kept]
        counts = self._index.counts(self._with(self._kept.values()), free)
        for name in self._kept:
            others = [query for other, query in self._kept.items() if other != name]
            counts |= self._index.counts(self._with(others), [name])
        for one in FILTERS:
            found, names = counts[one.name], library.columns.names[one.name]
            yield facet(
                one, ((name, found.get(name or SILENT, 0)) for name in names), self.query.chosen.get(one.name, ())
            )


def _having(name: str, values: tuple[str, ...]) -> tantivy.Query:
    """Return the query for studies with one of these values of a filter."""
    wanted = dict.fromkeys((*values, *all_sexes(name, values)))
    return any_of([facet_value(name, value or SILENT) for value in wanted])
