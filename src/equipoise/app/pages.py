"""Pages and errors, as every route answers them."""

from __future__ import annotations

import re
from textwrap import dedent
from typing import Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from equipoise.app.answers import encode
from equipoise.app.desk_web import PRIVATE
from equipoise.app.rendering import render_page
from equipoise.app.shelf import Shelf
from equipoise.errors import (
    DeskError,
    InputError,
    LibraryError,
    NotAllowed,
    NotOnDesk,
    QueryError,
    StudyNotFound,
    UserError,
)
from equipoise.store.library import Library


def library_of(request: Request) -> Library:
    """Return the library's current edition."""
    shelf: Shelf = request.app.state.shelf
    return shelf.library()


def title_of(library: Library, number: str) -> str:
    """Return a study's title, or nothing where the library does not have it."""
    if number not in library:
        return ""
    study = library.study(number)
    return study.title or study.official_title or ""


def html_page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a template as a page, with what every page says of the library."""
    return HTMLResponse(render_page(template, library=library_of(request).edition, **values), status)


def own_page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a template as a page that is somebody's own: nothing between keeps a copy."""
    page = html_page(request, template, status=status, text="", **values)
    page.headers.update(PRIVATE)
    return page


def is_program(request: Request) -> bool:
    """Return whether an address is for programs, which are answered in JSON also where something is wrong."""
    return request.url.path.endswith(".json") or request.url.path == "/api/match"


def status_of(error: UserError) -> int:
    """Return the status of HTTP that an error is answered with."""
    if isinstance(error, (StudyNotFound, NotOnDesk)):
        return 404
    if isinstance(error, NotAllowed):
        return 403
    if isinstance(error, (LibraryError, DeskError)):
        return 503
    return 400 if isinstance(error, (InputError, QueryError)) else 500


def _problem(status: int, title: str, detail: str, *, where: str | None, next: str | None) -> Response:
    """Return an error for programs (RFC 9457)."""
    problem = {"title": title, "status": status, "detail": detail, "where": where, "next": next}
    return Response(encode(problem), status, media_type="application/problem+json")


def _meant(request: Request, error: UserError) -> str:
    """Return the address of the search with the one name that was probably meant, or nothing."""
    found = re.match(r"Did you mean ([\w-]+)\?", error.next or "")
    given = request.query_params.get("q", "")
    if not isinstance(error, QueryError) or found is None or not given or given != error.text:
        return ""
    start, end = error.span
    mended = [
        (name, given[:start] + found[1] + given[end:] if name == "q" else value)
        for name, value in request.query_params.multi_items()
    ]
    return f"/search?{urlencode(mended)}"


def on_user_error(request: Request, error: Exception) -> Response:
    """Answer an error of the user's: a page for people, problem+json for programs."""
    assert isinstance(error, UserError)
    status = status_of(error)
    caret = str(error).split("\n")[1:3] if isinstance(error, QueryError) else []
    if is_program(request):
        where = error.where or (error.text if isinstance(error, QueryError) else None)
        return _problem(status, error.title, error.problem, where=where, next=error.next)
    words = {"title": error.title, "problem": error.problem, "next": error.next, "caret": dedent("\n".join(caret))}
    words["text"] = request.query_params.get("q", "")
    words["meant"] = _meant(request, error)
    if isinstance(error, LibraryError):
        return HTMLResponse(render_page("error.html", library=None, **words), status)
    return html_page(request, "error.html", status=status, **words)


def on_http_error(request: Request, error: Exception) -> Response:
    """Answer an address that is not served, or not by this method."""
    assert isinstance(error, HTTPException)
    title, problem = "There is no such page", f"Nothing is at {request.url.path}."
    next = "Search for a study instead."
    if error.status_code == 405:
        title, problem = "This page can only be read", f"{request.method} is not answered at {request.url.path}."
        if request.method == "GET":
            title, next = "This page is made from a form", "Go back to the page that leads here, and use its button."
            problem = f"{request.url.path} shows what a form sends, and cannot be opened or reloaded by its address."
    if is_program(request):
        return _problem(error.status_code, title, problem, where=request.url.path, next=next)
    words = {"title": title, "problem": problem, "next": next, "caret": "", "text": ""}
    return html_page(request, "error.html", status=error.status_code, **words)


def on_server_error(request: Request, error: Exception) -> Response:
    """Answer a fault of our own. What it was goes to the server's log alone."""
    title, problem = "Something went wrong here", "This is a fault of Equipoise, not of yours."
    next = "Go back and try again: what was saved before is still there. If it stays, tell whoever runs this server."
    if is_program(request):
        return _problem(500, title, problem, where=request.url.path, next=next)
    words = {"title": title, "problem": problem, "next": next, "caret": "", "text": ""}
    return HTMLResponse(render_page("error.html", library=None, **words), 500)
