"""``/stats``: how large records are, what fields hold, how long their lists are."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from equipoise.app.api_v2.reading import Asked
from equipoise.app.api_v2.serving import NotFound, answer_json, asked_of, shelf_of
from equipoise.errors import QueryError
from equipoise.find.field_stats import stats_type
from equipoise.find.selection import read_fields
from equipoise.find.statistics import leaves, lists
from equipoise.terms.fields import Field


def _wanted(asked: Asked, known: Sequence[Field], what: str) -> list[Field]:
    """Return the fields that a request names, or those below them; all where it names none.

    Raises:
        NotFound: there is no such field, or it has no such statistics.
    """
    if not asked.list("fields"):
        return list(known)
    try:
        paths = read_fields(asked.list("fields"))
    except QueryError as error:
        raise NotFound(f"{error.problem}: {error.text[:60]}", next=error.next) from None
    found = list(
        dict.fromkeys(one for path in paths for one in known if one.path == path or one.path.startswith(f"{path}."))
    )
    if not found:
        raise NotFound(f"{', '.join(asked.list('fields'))}: {what}", next="`/studies/metadata` lists every field.")
    return found


def show_size(request: Request) -> Response:
    """Answer with how large the records are."""
    asked_of("size", request)
    return answer_json(request, shelf_of(request).statistics().records())


def show_values(request: Request) -> Response:
    """Answer with what fields hold."""
    asked = asked_of("values", request)
    types = asked.list("types")
    known = [one for one in leaves() if not types or stats_type(one) in types]
    wanted = _wanted(asked, known, "no such field has values of this type")
    return answer_json(request, shelf_of(request).statistics().values(wanted))


def show_sizes(request: Request) -> Response:
    """Answer with how long the lists in fields are."""
    asked = asked_of("sizes", request)
    wanted = _wanted(asked, lists(), "no list of values is in this field")
    return answer_json(request, shelf_of(request).statistics().sizes(wanted))
