"""Find the studies that a query asks for, in order, with counts by filter."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from equipoise.find.asked import Asked
from equipoise.find.compiled import count_compiled, is_current, lexicon_of
from equipoise.find.demands import Demand
from equipoise.find.distances import EDGE_KM, distances, studies_within, unlocated
from equipoise.find.entailing import demanded, entailing, ruled_out_by_age
from equipoise.find.facets import Facet, facet
from equipoise.find.filters import FILTERS, Filter
from equipoise.find.funnel import Count, Nothing, explain_nothing
from equipoise.find.kept import Kept, serial
from equipoise.find.lookup import look_up
from equipoise.find.query import Query
from equipoise.find.ranges import COLUMNS, DATES
from equipoise.find.synonyms import Synonyms
from equipoise.records.dates import Age
from equipoise.rules.nodes import Predicate, leaves
from equipoise.store.columns import NOT_STATED, Columns
from equipoise.store.library import Library

Rows = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.float32]
Array = npt.NDArray[Any]


# The registry leaves nearness out of the ranking where more studies are found.
MOST_WEIGHED = 10_000


class Found(msgspec.Struct, frozen=True):
    """The rows of the studies found, in order.

    ``some_words``: no study has all the words; ``marks``: the words they are found by, as the index knows them;
    ``nothing``: why none is found; ``synonyms``: what was searched for as well; ``compiled``: of how many studies of
    the library the criteria are compiled, or None where nothing was asked about criteria.
    """

    query: Query
    rows: Rows
    total: int
    unstated: int
    some_words: bool
    marks: frozenset[str]
    facets: tuple[Facet, ...]
    nothing: Nothing | None = None
    compiled: int | None = None
    synonyms: tuple[Synonyms, ...] = ()


class _Kept(msgspec.Struct, frozen=True):
    """Which rows a filter keeps, and which of these only because they do not state its field."""

    keep: Mask
    unstated: Mask


def _choice(columns: Columns, rows: Rows, name: str, values: tuple[str, ...]) -> _Kept:
    codes = [code for value in values if (code := columns.code(name, value)) is not None]
    if name == "sex" and ({"MALE", "FEMALE"} & set(values)):
        # A study for all sexes is open to each.
        codes += [code for code in [columns.code(name, "ALL")] if code is not None]
    if name in columns.flat:
        column = columns.flat[name][rows]
        return _Kept(np.isin(column, codes), column == 0)
    lists = columns.ragged[name]
    silent: Mask = lists.lengths[rows] == 0
    keep: Mask = lists.having(rows, codes)
    return _Kept(keep | silent if NOT_STATED in values else keep, silent)


def _age(columns: Columns, rows: Rows, age: Age) -> _Kept:
    minimum, maximum = columns.flat["minimum_age"][rows], columns.flat["maximum_age"][rows]
    # NaN (no limit stated) compares false with everything, so a missing limit excludes nobody.
    # Limits are single precision; an age that equals one must not fail by rounding.
    days = np.float32(age.days)
    keep: Mask = ~((minimum > days) | (maximum <= days))
    return _Kept(keep, np.zeros(len(rows), bool))


def _demand(library: Library, rows: Rows, demand: Demand) -> _Kept:
    """Return the studies whose criteria answer a question; one whose criteria are not compiled does not."""
    columns, none = library.columns, np.zeros(len(rows), bool)
    if not is_current(library):
        return _Kept(none, none)
    codes = columns.flat["number"][rows]
    known = demanded(library.postings, lexicon_of(library))
    found = np.isin(codes, entailing(known, demand.rule, holds=demand.kind == "requires"))
    if demand.kind != "accepts":
        return _Kept(found, none)
    ages = (columns.flat["minimum_age"][rows], columns.flat["maximum_age"][rows])
    facts = [leaf for leaf in leaves(demand.rule) if isinstance(leaf, Predicate)]
    compiled = np.isin(codes, library.postings.studies)
    return _Kept(compiled & ~found & ~ruled_out_by_age(ages, facts), none)


def _masks(query: Query, library: Library, rows: Rows) -> dict[str, _Kept]:
    columns = library.columns
    masks = {one.name: _choice(columns, rows, one.name, values) for one, values in query.filters()}
    if query.age is not None:
        masks["age"] = _age(columns, rows, query.age)
    if query.near is not None:
        masks["near"] = _Kept(studies_within(columns, query.near)[rows], unlocated(columns)[rows])
    return masks | {one.name: _demand(library, rows, one) for one in query.demands}


def _combined(masks: dict[str, _Kept], size: int, *, stated_only: bool, but: str = "") -> Mask:
    keep = np.ones(size, bool)
    for name, kept in masks.items():
        if name != but:
            keep &= kept.keep if stated_only else kept.keep | kept.unstated
    return keep


def _key(name: str, columns: Columns, rows: Rows, scores: Scores) -> Array:
    """Return what studies are sorted by, as numbers; what is not stated is not a number."""
    if name == "relevance":
        return scores
    column = COLUMNS.get(name, name)
    values = columns.flat[column][rows].astype(np.float64)
    nothing = 0 if name in DATES or column in DATES.values() or column == "updated" else -1
    return np.where(np.isnan(values) | (values == nothing), np.nan, values)


def _weighed(query: Query, columns: Columns, rows: Rows, scores: Scores) -> Scores:
    """Return scores in which nearness weighs in; without words it alone decides."""
    assert query.decay is not None
    assert query.near is not None
    nearness = query.decay.weights(distances(columns, rows, query.near).km)
    return (scores * nearness if query.ranked else nearness).astype(np.float32)


def _order(query: Query, columns: Columns, rows: Rows, scores: Scores, unstated: Mask) -> Rows:
    """Return *rows* in order: those that state what was asked first, then by the sort, then by number."""
    numbers = -columns.flat["number"][rows].astype(np.int64)
    if query.sort == "distance" and query.near is not None and not query.order:
        # Studies whose open sites all lie beyond the distance come after those with one within it.
        far = distances(columns, rows, query.near)
        beyond = ~(far.open_km <= query.near.km + EDGE_KM)
        return rows[np.lexsort((numbers, np.where(beyond, far.km, far.open_km), beyond, unstated))]
    if query.sort == "relevance" and not query.order and query.decay is None:
        return np.concatenate((rows[~unstated], rows[unstated]))  # `look_up` has them in order
    weighs = query.decay is not None and query.near is not None and len(rows) <= MOST_WEIGHED
    if weighs:
        scores = _weighed(query, columns, rows, scores)
    latest = query.sort == "relevance" and not query.ranked and not weighs
    orders = query.order or (("updated" if latest else query.sort, True),)
    keys = []
    for name, down in orders:
        key = _key(name, columns, rows, scores)
        keys.append(np.where(np.isnan(key), np.inf, -key if down else key))  # what is not stated comes last
    return rows[np.lexsort((numbers, *reversed(keys), unstated))]


def _counts(one: Filter, columns: Columns, rows: Rows) -> Iterable[tuple[str, int]]:
    return zip(columns.names[one.name], columns.counts(one.name, rows).tolist(), strict=True)


# How many studies some filters alone find, which is asked again for each search with these that finds nothing.
_counted = Kept[int](400_000)
_ENTRY = 400


def counting(library: Library) -> Count:
    """Return what counts the studies that a search finds."""

    def count(query: Query) -> int:
        key = _filters_alone(library, query)
        known = None if key is None else _counted.get(key)
        if known is not None:
            return known
        found = search(library, query, facets=False, loosen=False, explain=False).total
        if key is not None:
            _counted.put(key, found, size=_ENTRY)
        return found

    return count


def _filters_alone(library: Library, query: Query) -> Hashable | None:
    """Return what tells a search by filters from others, or None for one that asks for more than they."""
    if query.ranked or query.advanced or query.numbers or query.age or query.near or query.demands:
        return None
    return serial(library), tuple((one.name, values) for one, values in query.filters()), query.stated_only


def search(
    library: Library,
    query: Query,
    *,
    facets: bool = True,
    loosen: bool = True,
    explain: bool = True,
    asked: Asked | None = None,
) -> Found:
    """Return the studies that *query* asks for.

    Without words all studies match. Where no study has all the words, those that have some are
    found, unless not to *loosen* is asked for, and the result says so. Studies that are searched for
    by their numbers are found whatever the filters say. Where none is found, the result can *explain* why.
    *asked* is what all of the words ask for, where it is known already.

    Raises:
        QueryError: a part of the search cannot be understood.
    """
    columns = library.columns
    looked = look_up(library, query, loosen=False, asked=asked)
    if not len(looked.rows) and loosen and query.ranked:
        looked = look_up(library, query, loosen=True)
    rows, scores = looked.rows, looked.scores
    masks = {} if looked.asked.by_number else _masks(query, library, rows)
    keep = _combined(masks, len(rows), stated_only=query.stated_only)
    unstated = np.zeros(len(rows), bool)
    for kept in masks.values():
        unstated |= kept.unstated & ~kept.keep
    counts: tuple[Facet, ...] = ()
    if facets:
        counts = tuple(
            facet(
                one,
                _counts(
                    one,
                    columns,
                    # Without the other filters all rows count; taking them one by one would only cost.
                    rows[_combined(masks, len(rows), stated_only=query.stated_only, but=one.name)] if masks else rows,
                ),
                query.chosen.get(one.name, ()),
            )
            for one in FILTERS
        )
    return Found(
        query=query,
        rows=_order(query, columns, rows[keep], scores[keep], unstated[keep]),
        total=int(np.count_nonzero(keep)),
        unstated=int(np.count_nonzero(unstated & keep)),
        some_words=looked.asked.some_words and len(rows) > 0,
        marks=looked.asked.marks,
        facets=counts,
        nothing=None if keep.any() or not explain else explain_nothing(library, query, counting(library)),
        compiled=count_compiled(library) if query.demands else None,
        synonyms=looked.asked.synonyms,
    )
