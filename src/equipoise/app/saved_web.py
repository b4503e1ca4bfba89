"""Saved studies and searches, and what is new in them."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from equipoise.app.desk_web import check_own_page, desk_of, drawer_of, now_of, person_of
from equipoise.app.forms import read_small_form, word
from equipoise.app.pages import library_of, own_page
from equipoise.desk import saved
from equipoise.errors import DeskError
from equipoise.find.parameters import read_query
from equipoise.find.query import Query
from equipoise.store.library import Library


def saved_routes() -> list[Route]:
    """Return the addresses of what is saved."""
    return [
        Route("/saved", show_saved, methods=["GET"]),
        Route("/saved/studies", change_study, methods=["POST"]),
        Route("/saved/searches", change_search, methods=["POST"]),
    ]


def is_saved(request: Request, number: str) -> bool:
    """Return whether whoever asks saved a study; where there is no desk yet, nobody did."""
    try:
        return drawer_of(request).begun() and saved.is_saved(desk_of(request), person_of(request), number)
    except DeskError:
        # A study is shown whatever became of the desk; what is said of the notes says why.
        return False


def read_address(library: Library, address: str) -> Query:
    """Return the search that the query string of an address asks for."""
    return read_query(parse_qsl(address, keep_blank_values=True), library)


def show_saved(request: Request) -> Response:
    """Show what somebody saved; without a desk there is nothing, and none is made."""
    library, begun = library_of(request), drawer_of(request).begun()
    studies, searches = [], []
    if begun:
        desk, person = desk_of(request), person_of(request)
        studies = saved.list_studies(desk, person, library)
        searches = saved.list_searches(desk, person, library, lambda address: read_address(library, address))
    return own_page(request, "saved.html", studies=studies, searches=searches)


async def change_study(request: Request) -> Response:
    """Save a study, mark it as seen, or save it no longer."""
    check_own_page(request)
    form = await read_small_form(request)
    return await run_in_threadpool(_change_study, request, word(form, "number").upper(), word(form, "do"))


def _change_study(request: Request, number: str, do: str) -> Response:
    desk, person = desk_of(request), person_of(request)
    if do == "remove":
        saved.forget_study(desk, person, number)
        return RedirectResponse("/saved", 303)
    library = library_of(request)
    saved.save_study(desk, person, library, number, now_of(request))
    return RedirectResponse("/saved" if do == "seen" else f"/studies/{library.study(number).number}", 303)


async def change_search(request: Request) -> Response:
    """Save a search, mark it as seen, or save it no longer."""
    check_own_page(request)
    form = await read_small_form(request)
    return await run_in_threadpool(_change_search, request, form)


def _change_search(request: Request, form: FormData) -> Response:
    desk, person, library = desk_of(request), person_of(request), library_of(request)
    do, id = word(form, "do"), word(form, "id")
    number = int(id) if id.isascii() and id.isdigit() and len(id) < 16 else 0
    if do == "remove":
        saved.forget_search(desk, person, number)
    elif do == "seen":
        saved.see_search(desk, person, library, number, now_of(request))
    else:
        query = read_address(library, word(form, "address"))
        saved.save_search(desk, person, library, query, now_of(request))
    return RedirectResponse("/saved", 303)
