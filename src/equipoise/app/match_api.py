"""``POST /api/match``: a patient in, verdicts out, as JSON. Nothing is stored and nothing is logged."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from equipoise.app.answers import match_json
from equipoise.app.match_form import limited_patient
from equipoise.app.match_input import Given, given_facts, given_fhir, given_text, stated_moment
from equipoise.app.shelf import Shelf
from equipoise.errors import InputError
from equipoise.find.compiled import lexicon_of
from equipoise.find.overview import Order
from equipoise.find.parameters import read_query
from equipoise.find.patient_match import match
from equipoise.find.status import with_status
from equipoise.store.library import Library

_EXAMPLE = 'For example: {"note": "A 64-year-old man with asthma.", "at": null, "filters": {"phase": ["3"]}}'
MOST = 500


class MatchRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked: a patient as a note, facts or FHIR, the moment, a search's filters, and how many studies."""

    note: str | None = None
    facts: list[Any] | None = None
    fhir: msgspec.Raw | None = None
    complete: list[str] = []
    at: str | None = None
    filters: dict[str, str | list[str]] = {}
    limit: int = 20
    order: Order = "fit"


async def answer_match(request: Request) -> Response:
    """Answer how a patient stands in the studies that the filters keep."""
    body = b"".join([chunk async for chunk in limited_patient(request)])
    try:
        asked = msgspec.json.decode(body, type=MatchRequest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(str(error), where="the body", next=_EXAMPLE) from None
    shelf: Shelf = request.app.state.shelf
    answer = await run_in_threadpool(lambda: _answer(shelf.library(), asked))
    return Response(answer, media_type="application/json", headers={"cache-control": "no-store"})


def _answer(library: Library, asked: MatchRequest) -> bytes:
    given = _given(library, asked)
    pairs = [
        (name, value)
        for name, values in asked.filters.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    query = read_query(with_status(pairs), library)
    limit = min(max(asked.limit, 1), MOST)
    return match_json(
        match(library, given.patient, at=given.at, note=given.note or "", query=query, limit=limit, order=asked.order)
    )


def _given(library: Library, asked: MatchRequest) -> Given:
    if sum(one is not None for one in (asked.note, asked.facts, asked.fhir)) != 1:
        raise InputError("A request has a note, facts or FHIR, one of them", where="the body", next=_EXAMPLE)
    at = stated_moment(asked.at, "the body")
    if asked.note is not None:
        return given_text(asked.note, at=at, lexicon=lexicon_of(library))
    if asked.fhir is not None:
        return given_fhir(BytesIO(bytes(asked.fhir)), at=at, several="Send the resources of one patient.")
    return given_facts({"facts": asked.facts, "complete": asked.complete}, at=at, where="the body")
