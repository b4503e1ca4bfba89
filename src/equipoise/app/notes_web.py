"""The pages of notes: one is written, changed, removed and restored by a form; all of them are listed."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from equipoise.app.desk_web import PRIVATE, check_own_page, desk_of, person_of
from equipoise.app.notes_form import (
    Typed,
    form_of,
    new_form,
    not_saved,
    read_typed,
    wants_json,
)
from equipoise.app.notes_list import import_notes, send_notes, show_notes
from equipoise.app.notes_page import HINT, place_named, version_of
from equipoise.app.notes_question import show_question
from equipoise.app.pages import own_page, title_of
from equipoise.app.shelf import Shelf
from equipoise.app.study_html import render_study
from equipoise.desk.hints import dismiss
from equipoise.desk.notes import add_note, change_note, note_of, read_tags, remove_note, restore_note
from equipoise.errors import DeskError, InputError, NotOnDesk
from equipoise.store.library import Library, Record


def _library(request: Request) -> Library:
    shelf: Shelf = request.app.state.shelf
    return shelf.library()


def _record(request: Request) -> Record:
    return _library(request).record(request.path_params["number"].upper())


def _gone(request: Request, address: str, id: int) -> Response:
    """Lead to where a note is now."""
    if wants_json(request):
        return JSONResponse({"id": id, "address": address}, headers=PRIVATE)
    return RedirectResponse(address, 303, headers=PRIVATE)


def _at_mark(study: str, id: int, whole: bool) -> str:
    return f"/studies/{study}#{'note' if whole else 'mark'}-{id}"


def show_new(request: Request) -> Response:
    """Show the form of a note on a section, a criterion or the whole study."""
    record, asked = _record(request), request.query_params
    html = render_study(_library(request), record, request.app.state.today())
    place = place_named(html, asked.get("part", ""), asked.get("criterion", ""))
    number = record.study.number
    return own_page(
        request,
        "note_form.html",
        typed=new_form(place, version_of(record)),
        action=f"/studies/{number}/notes",
        title=f"A note on {number}",
        study=title_of(_library(request), number),
        back=f"/studies/{number}{'#' + place.part if place.part else ''}",
        error=None,
        other=None,
        note=None,
    )


async def save_note(request: Request) -> Response:
    """Keep a new note, and lead back to its words."""
    check_own_page(request)
    return await run_in_threadpool(_saved, request, await read_typed(request))


def _saved(request: Request, typed: Typed) -> Response:
    library, number = _library(request), request.path_params["number"].upper()
    if number not in library:
        number = library.record(number).study.number
    try:
        kept = add_note(desk_of(request), person_of(request), typed.draft(number), now=request.app.state.now())
    except (InputError, DeskError) as error:
        action = f"/studies/{number}/notes"
        return not_saved(request, error, typed, action=action, title=f"A note on {number}", back=f"/studies/{number}")
    return _gone(request, _at_mark(kept.study, kept.id, not kept.place.part), kept.id)


def show_note(request: Request) -> Response:
    """Show a note, to be changed or removed."""
    note = note_of(desk_of(request), person_of(request), request.path_params["id"])
    return own_page(
        request,
        "note_form.html",
        typed=form_of(note),
        action=f"/notes/{note.id}",
        title=f"A note on {note.study}",
        study=title_of(_library(request), note.study),
        back=_at_mark(note.study, note.id, not note.place.part),
        error=None,
        other=None,
        note=note,
    )


async def save_change(request: Request) -> Response:
    """Change a note; where it was changed elsewhere meanwhile, show both texts and change nothing."""
    check_own_page(request)
    return await run_in_threadpool(_changed, request, await read_typed(request))


def _changed(request: Request, typed: Typed) -> Response:
    id, person = request.path_params["id"], person_of(request)
    action, title, back = f"/notes/{id}", "A note", "/notes"
    try:
        now = request.app.state.now()
        tags, revision = read_tags(typed.tags), typed.revision
        change = change_note(desk_of(request), person, id, text=typed.text, tags=tags, revision=revision, now=now)
    except (InputError, DeskError) as error:
        return not_saved(request, error, typed, action=action, title=title, back=back)
    note = change.note
    if change.kept:
        return _gone(request, _at_mark(note.study, note.id, not note.place.part), note.id)
    if wants_json(request):
        return JSONResponse({"problem": "The note was changed elsewhere", "next": ""}, 409, headers=PRIVATE)
    both = Typed(text=typed.text, tags=typed.tags, revision=note.revision, part=note.place.part, exact=note.place.exact)
    return own_page(
        request,
        "note_form.html",
        status=409,
        typed=both,
        action=action,
        title=f"A note on {note.study}",
        study=title_of(_library(request), note.study),
        back=_at_mark(note.study, note.id, not note.place.part),
        error=None,
        other=note,
        note=note,
    )


async def delete_note(request: Request) -> Response:
    """Remove a note, and lead to a page that offers to restore it."""
    check_own_page(request)
    return await run_in_threadpool(_deleted, request, await read_typed(request))


def _deleted(request: Request, typed: Typed) -> Response:
    id = request.path_params["id"]
    note = remove_note(desk_of(request), person_of(request), id, now=request.app.state.now())
    where = f"/studies/{note.study}" if typed.back == "study" else "/notes"
    return RedirectResponse(f"{where}?deleted={id}#notes", 303, headers=PRIVATE)


async def undo_delete(request: Request) -> Response:
    """Restore a note, and lead back to it."""
    check_own_page(request)
    return await run_in_threadpool(_restored, request, await read_typed(request))


def _restored(request: Request, typed: Typed) -> Response:
    note = restore_note(desk_of(request), person_of(request), request.path_params["id"])
    whole = not note.place.part
    address = _at_mark(note.study, note.id, whole) if typed.back == "study" else f"/notes#note-{note.id}"
    return RedirectResponse(address, 303, headers=PRIVATE)


async def dismiss_hint(request: Request) -> Response:
    """Put the hint away for good, and lead back to the study that showed it."""
    check_own_page(request)
    return await run_in_threadpool(_dismissed, request, await read_typed(request))


def _dismissed(request: Request, typed: Typed) -> Response:
    dismiss(desk_of(request), person_of(request), HINT)
    number = typed.back.upper()
    if number not in _library(request):
        raise NotOnDesk("The hint was put away; no study is named to go back to", next="Search for one.")
    return RedirectResponse(f"/studies/{number}", 303)


def note_routes() -> list[Route]:
    """Return the addresses of notes."""
    return [
        Route("/studies/{number}/notes/new", show_new, methods=["GET"]),
        Route("/studies/{number}/notes", save_note, methods=["POST"]),
        Route("/notes", show_notes, methods=["GET"]),
        Route("/notes.jsonld", send_notes, methods=["GET"]),
        Route("/notes/import", import_notes, methods=["POST"]),
        Route("/notes/hint", dismiss_hint, methods=["POST"]),
        Route("/notes/{id:int}", show_note, methods=["GET"]),
        Route("/notes/{id:int}", save_change, methods=["POST"]),
        Route("/notes/{id:int}/delete", delete_note, methods=["POST"]),
        Route("/notes/{id:int}/restore", undo_delete, methods=["POST"]),
        Route("/notes/{id:int}/question", show_question, methods=["GET"]),
    ]
