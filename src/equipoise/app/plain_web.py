"""The pages in plain language: a study's plain view, and the glossary."""

from __future__ import annotations

from itertools import groupby

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from equipoise.app.answers import encode
from equipoise.app.faq import shown_faq
from equipoise.app.pages import html_page, library_of
from equipoise.find.compiled import read_criteria
from equipoise.find.page import study_page
from equipoise.find.plain_view import PlainView, plain_view
from equipoise.store.library import Library
from equipoise.terms.enums import enumerations
from equipoise.terms.glossary import GROUPS, SOURCES, entries

# The registry's own values that a reader meets, each with its sentence: the heading, and the enumeration.
VALUES = {
    "status": ("What a status means", "Status"),
    "phase": ("What a phase means", "Phase"),
    "group": ("Kinds of groups", "ArmGroupType"),
    "intervention": ("Kinds of interventions", "InterventionType"),
    "masking": ("Kinds of masking", "DesignMasking"),
    "model": ("How groups are compared", "InterventionalAssignment"),
    "purpose": ("What a study is for", "PrimaryPurpose"),
}


def plain_routes() -> list[Route]:
    """Return the routes of these pages."""
    return [
        Route("/studies/{number}/plain.json", answer_plain),
        Route("/studies/{number}/plain", show_plain),
        Route("/glossary", show_glossary),
    ]


def _view(request: Request, library: Library, number: str) -> PlainView:
    record = library.record(number)
    page = study_page(record, read_criteria(library, record.study), request.app.state.today())
    return plain_view(page, record.study)


def show_plain(request: Request) -> Response:
    """Show a study's plain view; a number that it had before leads on to it."""
    library, number = library_of(request), request.path_params["number"]
    view = _view(request, library, number.upper())
    if view.number != number:
        return RedirectResponse(f"/studies/{view.number}/plain", 301)
    faq = shown_faq(library.folder.path)
    return html_page(request, "plain.html", view=view, faq=faq, text="")


def answer_plain(request: Request) -> Response:
    """Answer with the facts of a study's plain view as JSON."""
    view = _view(request, library_of(request), request.path_params["number"].upper())
    return Response(encode(view), media_type="application/json")


def show_glossary(request: Request) -> Response:
    """Show all words that the pages explain, group by group."""
    ordered = sorted(entries(), key=lambda one: (list(GROUPS).index(one.group), one.term.casefold()))
    groups = [(key, GROUPS[key], list(found)) for key, found in groupby(ordered, key=lambda one: one.group)]
    values = [(key, said, list(enumerations()[enum].values())) for key, (said, enum) in VALUES.items()]
    return html_page(request, "glossary.html", groups=groups, values=values, sources=SOURCES, text="")
