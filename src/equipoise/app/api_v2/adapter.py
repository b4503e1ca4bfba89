"""From parameters to a query: the one place that knows both."""

from __future__ import annotations

import re
from collections.abc import Iterable

from equipoise.app.api_v2.facets import read_facets
from equipoise.app.api_v2.parameters import QUERIES
from equipoise.app.api_v2.reading import Asked, fault
from equipoise.errors import QueryError
from equipoise.find.decay import read_decay
from equipoise.find.near import Near, read_registry_distance
from equipoise.find.query import Query
from equipoise.find.ranges import COLUMNS, kind_of
from equipoise.find.selection import nearest_field, read_fields
from equipoise.terms.areas import area_of, areas
from equipoise.terms.fields import field, find_field

RELEVANCE = "@relevance"
TERM = "query.term"

# Values that no study has: what two filters leave where they exclude each other.
_NO_VALUE = ("NONE OF THEM",)
_NO_NUMBER = ("NCT00000000",)

_AREA = re.compile(r"\bAREA\[\s*([^\]:]+)")


def study_number(text: str) -> str:
    """Return a study's number in its full form.

    >>> study_number("nct410")
    'NCT00000410'
    """
    return f"NCT{int(text[3:]):08d}"


def _both(several: Iterable[tuple[str, ...]], none: tuple[str, ...]) -> tuple[str, ...]:
    """Return what all lists have that are not empty; *none* where they have nothing in common."""
    given = [one for one in several if one]
    if not given:
        return ()
    return tuple(one for one in given[0] if all(one in other for other in given)) or none


def _numbers(asked: Asked) -> tuple[str, ...]:
    lists = (asked.list(f"{prefix}.ids") for prefix in ("filter", "postFilter"))
    return _both([tuple(map(study_number, one)) for one in lists], _NO_NUMBER)


def _order(asked: Asked) -> tuple[tuple[str, bool], ...]:
    """Return the fields to sort by, and whether each falls."""
    order = []
    for entry in asked.list("sort"):
        name, _, direction = entry.partition(":")
        if name == RELEVANCE:
            order.append(("relevance", direction != "asc"))
            continue
        known = find_field(name)
        if known is None:
            raise fault("sort", entry, "No such field", next=nearest_field(name), span=(0, len(name)))
        kind = kind_of(known)
        if not kind:
            next = "Sort by a field such as LastUpdatePostDate, StartDate or EnrollmentCount, or by @relevance."
            raise fault("sort", entry, "Only dates and numbers can be sorted by", next=next, span=(0, len(name)))
        if known.piece not in COLUMNS:
            next = f"Sort by one of: {', '.join(COLUMNS)}, @relevance."
            raise fault("sort", entry, "A library has no order by this field", next=next, span=(0, len(name)))
        order.append((known.piece, direction == "desc" if direction else kind == "date"))
    return tuple(order)


def _refuse_synonyms(asked: Asked) -> None:
    for name in ("filter.synonyms", "postFilter.synonyms"):
        for value in asked.list(name):
            next = "Search with the words of the concept in `query.cond` or `query.intr`, which seek synonyms too."
            raise fault(name, value, "A library does not have the registry's synonym sets", next=next)


def make_query(asked: Asked) -> Query:
    """Return the query that the parameters of a request ask for.

    Raises:
        QueryError: a value is not understood.
    """
    _refuse_synonyms(asked)
    facets = read_facets(asked.text("aggFilters"))
    statuses = [asked.list("filter.overallStatus"), asked.list("postFilter.overallStatus")]
    chosen = facets.values | {"status": _both([*statuses, facets.values.get("status", ())], _NO_VALUE)}
    advanced = [asked.text("filter.advanced"), asked.text("postFilter.advanced"), *facets.expressions]
    near = _near(asked)
    return Query(
        text=asked.text(TERM),
        areas={name.removeprefix("query."): asked.text(name) for name in QUERIES if name in asked and name != TERM},
        chosen={name: values for name, values in chosen.items() if values},
        advanced=tuple(filter(None, advanced)),
        numbers=_numbers(asked),
        near=near,
        decay=read_decay(asked.text("geoDecay")) if near else None,
        order=_order(asked),
        stated_only=True,
    )


def _near(asked: Asked) -> Near | None:
    """Return the point and the distance around it that sites must lie in."""
    texts = {asked.text(name): name for name in ("postFilter.geo", "filter.geo") if name in asked}
    if len(texts) > 1:
        value, name = next(iter(texts.items()))
        raise fault(name, value, "Two distances are given", next="Give one, as `filter.geo` or as `postFilter.geo`.")
    for text, name in texts.items():
        try:
            return read_registry_distance(text)
        except QueryError as error:
            at = max(0, text.find(error.text))
            span = (at, at + len(error.text)) if error.text in text else (0, len(text))
            raise fault(name, text, error.problem, next=error.next or "", span=span) from None
    return None


def queried_pieces(asked: Asked) -> tuple[str, ...]:
    """Return the fields in which the queries of a request look, which ``@query`` stands for."""
    pieces: dict[str, None] = {}
    for name in QUERIES:
        if name not in asked:
            continue
        area = area_of(name)
        found = [piece for piece, _ in area.weights()] if area else ["LeadSponsorName"]
        named = _AREA.findall(asked.text(name))
        for word in named:
            found = [piece for piece, _ in areas()[word].weights()] if word in areas() else []
            found += [known.piece] if (known := find_field(word)) else []
        pieces |= dict.fromkeys(found)
    return tuple(pieces)


def chosen_paths(asked: Asked) -> tuple[str, ...]:
    """Return the paths of the fields that a request wants, none where it wants all.

    Raises:
        QueryError: there is no such field.
    """
    names = asked.list("fields")
    queried = queried_pieces(asked) if asked.endpoint == "studies" else ()
    try:
        paths = read_fields(names, queried=queried)
    except QueryError as error:
        raise fault("fields", error.text, error.problem, next=error.next or "") from None
    if names and not paths:  # @query without a query
        return (field("NCTId").path,)
    return paths


def name_of_expression(asked: Asked, text: str) -> str | None:
    """Return the parameter whose value *text* is, None for none."""
    names = (*QUERIES, "filter.advanced", "postFilter.advanced", "filter.geo", "postFilter.geo", "geoDecay")
    return next((name for name in names if asked.text(name) and asked.text(name) == text), None)
