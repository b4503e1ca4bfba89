"""
The workbench: a note or facts become a list of studies, each with its criteria answered.

Nothing is kept: the patient travels in the pages' forms, by POST alone, so that no address, log or cache has them.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from equipoise.app.desk_web import PRIVATE
from equipoise.app.match_api import answer_match
from equipoise.app.match_form import NoMoment, Posted, Sent, read_form, read_posted, text
from equipoise.app.pages import library_of
from equipoise.app.rendering import render_page
from equipoise.errors import InputError, QueryError, StudyNotFound, UserError
from equipoise.find.compiled import lexicon_of
from equipoise.find.contacts import read_people
from equipoise.find.parameters import read_query
from equipoise.find.patient_match import NOTICE, PatientMatch, match
from equipoise.find.patient_view import (
    considered_words,
    fact_rows,
    facts_by_kind,
    overview_words,
    read_note_parts,
    study_views,
)
from equipoise.find.status import with_status
from equipoise.notes.zero import is_own
from equipoise.records.patient import ASSERTIONS, patient_json
from equipoise.store.library import Library

SHOWN = 20
_SAY_MORE = "Write at least an age, a condition or a drug, in a note or in the short form."
# For whoever looks first and has no patient at hand: invented, like the studies of the demonstration.
EXAMPLE = (
    "67-year-old man, seen at 10:15. Witnessed cardiac arrest at home at 07:50, presumed cardiac cause, no trauma. "
    "Return of spontaneous circulation at 08:10, sustained since. Comatose since then, GCS 3. Blood pressure 112/68, "
    "no shock. At 09:30 ejection fraction 40 %, temperature 35.9 C, platelets 210 x10^9/L, creatinine 96 umol/L, "
    "lactate 4.1 mmol/L. Hypertension, type 2 diabetes; no history of stroke, cancer, heart failure or cirrhosis. "
    "No active infection, no tuberculosis. Takes metformin and ramipril. No known allergies. Mother had a stroke at 80."
)
ORDER_WORDS = {"fit": "what fits best", "closes": "what closes first", "opens": "what opens later"}
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


# What the first form asks; whatever else was posted travels on unseen.
ASKED = ("note", "age", "sex", "has", "takes", "at", "near", "within", "upload")
WHERE = ("at", "near", "within")


def _page(library: Library, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    page = render_page(template, library=library.edition, text="", notice=NOTICE, **values)
    return HTMLResponse(page, status, PRIVATE)


def _begin(library: Library, fields: Sequence[tuple[str, str]], *, problem: UserError | None = None) -> HTMLResponse:
    """
    Return the first form with what was typed in it, and what is wrong with that.

    Of a patient that was read already only when and where is asked again: the facts travel on as they were.
    """
    typed = dict(fields)
    number = typed.get("numbers", "").strip().upper()
    again = bool(typed.get("facts"))
    carried = [(name, value) for name, value in fields if name not in (WHERE if again else ASKED)]
    study = library.study(number) if number in library else None
    status = 200 if problem is None else 400
    values = {"study": study, "typed": typed, "carried": carried, "again": again}
    return _page(library, "match.html", status=status, problem=problem, **values)


def _typed(sent: Sent) -> list[tuple[str, str]]:
    """Return the fields of a form but its files."""
    return [(name, value) for name, value in sent.form.multi_items() if isinstance(value, str)]


def show_form(request: Request) -> Response:
    """Show the empty workbench; ``study`` names a study to be checked, ``example`` asks for an invented patient."""
    library, number = library_of(request), request.query_params.get("study", "").strip().upper()
    if number:
        library.study(number)  # says so where there is none
    note = EXAMPLE if request.query_params.get("example") else ""
    return _begin(library, [("note", note), *([("numbers", number)] if number else [])])


async def show_match(request: Request) -> Response:
    """Show how a posted patient stands."""
    # A note is read, and an edition perhaps opened, beside the loop that serves the others.
    return await run_in_threadpool(_matched, request, await read_form(request))


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


def _matched(request: Request, sent: Sent) -> Response:
    library = library_of(request)
    try:
        posted = read_posted(sent, lexicon_of(library))
        if not posted.given.patient.facts:
            raise InputError("No fact about a patient was found in what you sent", next=_SAY_MORE)
        found, given = _match(library, posted), posted.given
    except (NoMoment, QueryError) as error:
        return _begin(library, _typed(sent), problem=error)
    except InputError as error:
        # Facts that were corrected wrongly are mended where they were corrected.
        if text(sent.form, "facts"):
            raise
        return _begin(library, _typed(sent), problem=error)
    return _page(
        library,
        "matched.html",
        match=found,
        note=given.note or "",
        report=given.report,
        parts=read_note_parts(given.note or "", given.patient, given.at),
        groups=facts_by_kind(fact_rows(given.patient, given.at)),
        studies=study_views(found, given.note),
        facts=_kept(posted),
        filters=posted.filters,
        asked=dict(posted.filters),
        at=text(sent.form, "at"),
        assertions=ASSERTIONS,
        kinds=KINDS,
        orders=ORDER_WORDS,
        considered=considered_words(found.query),
        overview=overview_words(found.overview) if found.overview else "",
    )


def _kept(posted: Posted) -> str:
    """Return the patient as the page's form carries them on."""
    tree = {"patient": patient_json(posted.given.patient), "at": str(posted.given.at)}
    return msgspec.json.encode(tree).decode()


async def show_sheet(request: Request) -> Response:
    """Show a sheet to print and hand over: one patient, one study, and whom to call."""
    return await run_in_threadpool(_sheet, request, await read_form(request))


def _sheet(request: Request, sent: Sent) -> Response:
    library = library_of(request)
    posted = read_posted(sent, lexicon_of(library))
    number = posted.study.upper()
    if number not in library:
        raise StudyNotFound(number or "no number")
    found = _match(library, posted, numbers=number)
    study = library.study(number)
    return _page(
        library,
        "sheet.html",
        match=found,
        study=study,
        people=read_people(study),
        seen="" if is_own(found.at) else found.at.words(),
        view=study_views(found, posted.given.note)[0],
        groups=facts_by_kind(fact_rows(posted.given.patient, posted.given.at)),
    )


def match_routes() -> list[Route]:
    """Return the addresses of the workbench."""
    return [
        Route("/match", show_form, methods=["GET"]),
        Route("/match", show_match, methods=["POST"]),
        Route("/match/sheet", show_sheet, methods=["POST"]),
        Route("/api/match", answer_match, methods=["POST"]),
    ]
