"""The links of a facet as HTML: a list of results has 250 of them, a third of what its template would take."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from equipoise.find.facets import FacetValue
from equipoise.find.filters import Filter
from equipoise.find.query import Query


def facet_links(query: Query, filter: Filter, values: Iterable[FacetValue]) -> Markup:
    """Return links to the search with one more value of a filter, or without one that is chosen."""
    add, lines = query.adding(filter.name), []
    for one in values:
        if one.chosen:
            address = escape(query.without(filter.name, one.value).address())
            begin = f'<li><a href="/search?{address}" aria-current="true">'
            removes = '<span class="visually-hidden"> (chosen; remove)</span>'
        else:
            begin, removes = f'<li><a href="/search?{escape(add(one.value))}">', ""
        count = f'<span class="count">{one.count:,}</span>'
        lines.append(f"{begin}<span>{escape(one.words)}</span>{removes}{count}</a></li>")
    return Markup(f"<ul>{''.join(lines)}</ul>")  # noqa: S704 (addresses and words were escaped)
