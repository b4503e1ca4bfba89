"""The web pages: rendered on the server, working without scripts, loading nothing from outside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

from anyio.to_thread import current_default_thread_limiter
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from equipoise.app.access import Gate, read_access
from equipoise.app.accounts_web import account_routes
from equipoise.app.answers import encode, related_answer, search_answer
from equipoise.app.api_v2 import PATH as API_PATH
from equipoise.app.api_v2 import make_api
from equipoise.app.api_v2.openapi import show_openapi
from equipoise.app.desk_web import DeskDrawer
from equipoise.app.heap import tend_heap
from equipoise.app.kept_pages import kept_page, may_keep
from equipoise.app.match_web import match_routes
from equipoise.app.notes_page import offering_notes, with_notes
from equipoise.app.notes_web import note_routes
from equipoise.app.opening_web import opening_routes
from equipoise.app.pages import html_page, library_of, on_http_error, on_server_error, on_user_error
from equipoise.app.pictures_web import picture_routes
from equipoise.app.plain_web import plain_routes
from equipoise.app.rendering import render_page
from equipoise.app.saved_web import is_saved, saved_routes
from equipoise.app.shares_web import share_routes
from equipoise.app.shelf import Shelf
from equipoise.app.study_html import read_page, render_study
from equipoise.desk.database import desk_folder
from equipoise.errors import UserError
from equipoise.find.best import best
from equipoise.find.compiled import compiled_words
from equipoise.find.demands import HELP, KINDS, LABELS
from equipoise.find.export import LINES, records, text_of
from equipoise.find.full_record import full_record
from equipoise.find.hits import Hits, read_hits
from equipoise.find.near import read_place
from equipoise.find.parameters import read_query
from equipoise.find.query import AREAS, SORTS, Query
from equipoise.find.related import related_studies
from equipoise.find.search import search
from equipoise.find.strategy import strategy_line
from equipoise.sources.ctgov import NUMBER
from equipoise.store.editions import library_folder
from equipoise.store.library import Library
from equipoise.terms.areas import areas

PAGE_SIZE = 20

# Nothing but our own style, fonts, forms and script files: a script that a record or a note carries cannot run.
SECURITY_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
    "font-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}


class SecurityHeaders:
    """Adds the security headers to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._headers = [(name.encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._headers]
            await send(message)

        await self._app(scope, receive, guarded if scope["type"] == "http" else send)


# What a search is saved as, and the media type of each.
SAVED = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl", "ris": "application/x-research-info-systems"}

# The areas that the form offers to search by themselves: those that the registry's own form has.
FORM_AREAS = [name for name, area in AREAS.items() if name != "term" and area in areas() and areas()[area].label]


def _page_number(request: Request) -> int:
    given = request.query_params.get("page", "1")
    return min(int(given), 100_000) if given.isascii() and given.isdigit() and int(given) > 0 else 1


def _hits(request: Request, library: Library, query: Query) -> tuple[Hits, dict[str, int]]:
    wanted = _page_number(request)
    found = best(library, query, wanted * PAGE_SIZE, facets=True)
    last = max(1, -(-found.total // PAGE_SIZE))
    this = min(wanted, last)
    hits = read_hits(library, found, offset=(this - 1) * PAGE_SIZE, limit=PAGE_SIZE, today=request.app.state.today())
    return hits, {"this": this, "last": last}


def _chosen(query: Query) -> list[dict[str, str]]:
    """Return the filters in use, and the address of the search without each."""
    words = {name: said for said, name in query.parts()}
    chosen = [
        {"words": words[name], "address": query.without_all(name).address()}
        for name in (*query.areas, "advanced", "numbers")
        if name in words
    ]
    chosen += [
        {"words": one.phrase.format(one.said(value)), "address": query.without(one.name, value).address()}
        for one, values in query.filters()
        for value in values
    ]
    if query.age:
        chosen.append({"words": f"aged {query.age.words()}", "address": query.without("age").address()})
    chosen += [{"words": one.words, "address": query.without(one.name).address()} for one in query.demands]
    if query.near:
        chosen.append({"words": query.near.describe(), "address": query.without("near").address()})
    return chosen


def _compiled_words(hits: Hits, library: Library) -> str:
    """Return how many studies could answer, where something was asked about criteria."""
    compiled = hits.found.compiled
    return "" if compiled is None else compiled_words(compiled, len(library))


def show_search(request: Request) -> Response:
    """Show a result list; a number that is in the library leads to its study."""
    library = library_of(request)
    query = read_query(request.query_params.multi_items(), library)
    number = query.text.upper()
    if NUMBER.match(number) and number in library:
        return RedirectResponse(f"/studies/{number}", 303)
    if not may_keep(query, request.url.query):
        return HTMLResponse(_search_page(request, library, query))
    what = ("search", request.url.path, request.url.query)
    return HTMLResponse(kept_page(request, library, what, lambda: _search_page(request, library, query)))


def _search_page(request: Request, library: Library, query: Query) -> str:
    hits, pages = _hits(request, library, query)
    first = request.url.path == "/"
    return render_page(
        "search.html",
        library=library.edition,
        hits=hits,
        pages=pages,
        chosen=_chosen(query),
        sorts=SORTS,
        text=query.text,
        demands=[(kind, LABELS[kind], HELP[kind]) for kind in KINDS],
        compiled=_compiled_words(hits, library),
        plain=first,
        made_up=first and bool(hits.items) and all(hit.demonstration for hit in hits.items),
        areas=[(name, areas()[AREAS[name]].label) for name in FORM_AREAS],
        strategy=strategy_line(query, library, total=hits.found.total, today=request.app.state.today()),
    )


def answer_search(request: Request) -> Response:
    """Answer a search as JSON."""
    library = library_of(request)
    hits, _ = _hits(request, library, read_query(request.query_params.multi_items(), library))
    return Response(encode(search_answer(hits, library, request.app.state.today())), media_type="application/json")


def send_search(request: Request) -> Response:
    """Send all that a search finds as CSV, JSON lines or RIS, while it is read."""
    library, form = library_of(request), request.url.path.rpartition(".")[2]
    query = read_query(request.query_params.multi_items(), library)
    found = search(library, query, facets=False)
    lines = text_of(LINES[form](records(library, found)))
    name = f"equipoise-{request.app.state.today().isoformat()}.{form}"
    headers = {"content-disposition": f'attachment; filename="{name}"', "x-total-count": str(found.total)}
    return StreamingResponse(lines, media_type=SAVED[form], headers=headers)


def show_study(request: Request) -> Response:
    """Show a study's page; a number that it had before leads on to it."""
    number, library = request.path_params["number"], library_of(request)
    row = library.row(number.upper())
    version = library.version_at(row)
    if version.number != number:
        return RedirectResponse(f"/studies/{version.number}", 301)
    saved, today = is_saved(request, number), request.app.state.today()
    near = read_place(request.query_params.get("near"), None)

    def make() -> str:
        return offering_notes(render_study(library, library.record_at(row), today, saved=saved, near=near), number)

    # Whoever names a place is near it: that page is not kept.
    html = make() if near else kept_page(request, library, ("study", number, saved), make)
    return with_notes(request, version, html)


def answer_study(request: Request) -> Response:
    """Answer with the facts of a study's page as JSON."""
    library = library_of(request)
    record = library.record(request.path_params["number"].upper())
    return Response(encode(read_page(library, record, request.app.state.today())), media_type="application/json")


def answer_related(request: Request) -> Response:
    """Answer with the studies related to one, and why, as JSON."""
    library = library_of(request)
    study = library.study(request.path_params["number"].upper())
    answer = related_answer(study, related_studies(library, study.number, study=study))
    return Response(encode(answer), media_type="application/json")


def show_record(request: Request) -> Response:
    """Show every field of a study's record."""
    record = library_of(request).record(request.path_params["number"].upper())
    return html_page(request, "record.html", study=record.study, nodes=full_record(record.document), text="")


def answer_record(request: Request) -> Response:
    """Answer with a study's record as it was published."""
    record = library_of(request).record(request.path_params["number"].upper())
    return Response(record.document, media_type="application/json")


# Programs that follow links would ask for every page of every list; pages themselves may be indexed.
ROBOTS = "User-agent: *\nDisallow: /api/\nDisallow: /s/\nCrawl-delay: 1\n"


def show_robots(request: Request) -> Response:
    """Say what robots may read."""
    return PlainTextResponse(ROBOTS)


# A page keeps a processor busy. More of them at a time would finish no more in a second, and each later; a second
# thread works while the first waits for the disk or the index.
THREADS = 2


@asynccontextmanager
async def tended(_: Starlette) -> AsyncIterator[None]:
    """Let a worker make so many pages at a time, what is asked for meanwhile waits its turn; and tend its memory."""
    current_default_thread_limiter().total_tokens = THREADS
    tending = asyncio.create_task(tend_heap())
    yield
    tending.cancel()


def _on_fault(request: Request, error: Exception) -> Response:
    # It is answered outside of what adds the headers to all else.
    answer = on_server_error(request, error)
    answer.headers.update(SECURITY_HEADERS)
    return answer


def make_app(folder: Path | None = None, desk: Path | None = None) -> Starlette:
    """Return the web application for the library and the desk in these folders, else those the environment names."""
    shelf, drawer, access = Shelf(library_folder(folder)), DeskDrawer(desk_folder(desk)), read_access()
    static = files("equipoise.app").joinpath("static")
    app = Starlette(
        routes=[
            Route("/", show_search),
            Route("/search", show_search),
            Route("/search.json", answer_search),
            *(Route(f"/search.{form}", send_search) for form in LINES),
            *picture_routes(),
            Route("/studies/{number}.json", answer_study),
            Route("/studies/{number}/related.json", answer_related),
            Route("/studies/{number}/record.json", answer_record),
            Route("/studies/{number}/record", show_record),
            Route("/studies/{number}", show_study),
            *match_routes(),
            *note_routes(),
            *share_routes(),
            *opening_routes(),
            *saved_routes(),
            *(account_routes() if access.accounts else []),
            *plain_routes(),
            Route("/robots.txt", show_robots),
            Route("/api/oas/v2", show_openapi),
            Mount(API_PATH, make_api(shelf)),
            Mount("/static", StaticFiles(directory=str(static))),
        ],
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(Gate, access=access),
        ],
        exception_handlers={UserError: on_user_error, HTTPException: on_http_error, Exception: _on_fault},
        lifespan=tended,
    )
    app.state.shelf, app.state.drawer, app.state.access = shelf, drawer, access
    app.state.today = date.today
    app.state.now = lambda: datetime.now(UTC)
    return app
