"""
The workbench: a note or facts become a list of studies, each with its criteria answered.

Nothing is kept: the patient travels in the pages' forms, by POST alone, so that no address, log or cache has them.
"""

from __future__ import annotations

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from equipoise.app.match_api import answer_match
from equipoise.app.match_form import Posted, read_form, read_posted, text
from equipoise.app.match_run import with_status
from equipoise.app.rendering import render_page
from equipoise.app.shelf import Shelf
from equipoise.errors import StudyNotFound
from equipoise.find.compiled import lexicon_of
from equipoise.find.contacts import read_people
from equipoise.find.parameters import read_query
from equipoise.find.patient_match import NOTICE, PatientMatch, match
from equipoise.find.patient_view import fact_rows, facts_by_kind, overview_words, read_note_parts, study_views
from equipoise.records.patient import ASSERTIONS, patient_json
from equipoise.store.library import Library

SHOWN = 20
# No copy of a page about a patient is to be kept, by the browser or by anything between.
PRIVATE = {"cache-control": "no-store"}
ORDERS = {"fit": "what fits best", "closes": "what closes first", "opens": "what opens later"}
# The kinds of fact that a reader may add, in words.
KINDS = {
    "condition": "condition or finding",
    "measurement": "measurement",
    "drug": "drug",
    "procedure": "procedure",
    "allergy": "allergy",
    "variant": "gene variant",
    "event_time": "time of an event",
    "prior_lines": "lines of treatment",
}


def _library(request: Request) -> Library:
    shelf: Shelf = request.app.state.shelf
    return shelf.library()


def _page(library: Library, template: str, **values: object) -> HTMLResponse:
    page = render_page(template, library=library.edition, text="", notice=NOTICE, **values)
    return HTMLResponse(page, headers=PRIVATE)


def show_form(request: Request) -> Response:
    """Show the empty workbench; ``study`` names a study to be checked."""
    library, number = _library(request), request.query_params.get("study", "").strip().upper()
    study = library.study(number) if number else None
    return _page(library, "match.html", study=study, filters={}, nothing=False)


async def _posted(request: Request, library: Library) -> tuple[Posted, str]:
    """Return what was posted, and the moment as it was typed."""
    form = await read_form(request)
    try:
        return await read_posted(form, lexicon_of(library)), text(form, "at")
    finally:
        await form.close()


async def show_match(request: Request) -> Response:
    """Show how a posted patient stands."""
    library = _library(request)
    posted, at = await _posted(request, library)
    if not posted.given.patient.facts:
        return _page(library, "match.html", study=None, filters=dict(posted.filters), nothing=True)
    return await run_in_threadpool(_matched, library, posted, at)


def _match(library: Library, posted: Posted, *, numbers: str = "") -> PatientMatch:
    filters = [pair for pair in posted.filters if not (numbers and pair[0] != "near")]
    pairs = with_status([*filters, *([("numbers", numbers)] if numbers else [])])
    given = posted.given
    query = read_query(pairs, library)
    return match(
        library,
        given.patient,
        at=given.at,
        note=given.note or "",
        query=query,
        limit=SHOWN,
        order="fit" if numbers else posted.order,
    )


def _matched(library: Library, posted: Posted, at: str) -> Response:
    found, given = _match(library, posted), posted.given
    return _page(
        library,
        "matched.html",
        match=found,
        note=given.note or "",
        report=given.report,
        parts=read_note_parts(given.note or "", given.patient, given.at),
        groups=facts_by_kind(fact_rows(given.patient, given.note, given.at)),
        studies=study_views(found, given.note),
        facts=_kept(posted),
        filters=posted.filters,
        asked=dict(posted.filters),
        at=at,
        assertions=ASSERTIONS,
        kinds=KINDS,
        orders=ORDERS,
        overview=overview_words(found.overview) if found.overview else "",
    )


def _kept(posted: Posted) -> str:
    """Return the patient as the page's form carries them on."""
    tree = {"patient": patient_json(posted.given.patient), "at": str(posted.given.at)}
    return msgspec.json.encode(tree).decode()


async def show_sheet(request: Request) -> Response:
    """Show a sheet to print and hand over: one patient, one study, and whom to call."""
    library = _library(request)
    posted, _ = await _posted(request, library)
    number = posted.study.upper()
    if number not in library:
        raise StudyNotFound(number or "no number")
    return await run_in_threadpool(_sheet, library, posted, number)


def _sheet(library: Library, posted: Posted, number: str) -> Response:
    found = _match(library, posted, numbers=number)
    study = library.study(number)
    return _page(
        library,
        "sheet.html",
        match=found,
        study=study,
        people=read_people(study),
        view=study_views(found, posted.given.note)[0],
        groups=facts_by_kind(fact_rows(posted.given.patient, posted.given.note, posted.given.at)),
    )


def match_routes() -> list[Route]:
    """Return the addresses of the workbench."""
    return [
        Route("/match", show_form, methods=["GET"]),
        Route("/match", show_match, methods=["POST"]),
        Route("/match/sheet", show_sheet, methods=["POST"]),
        Route("/api/match", answer_match, methods=["POST"]),
    ]
