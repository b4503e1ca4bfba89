"""The sender's pages: notes are chosen, a link and a passcode are shown once, and shares are seen and revoked."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import suppress

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from equipoise.app.desk_web import PRIVATE, check_own_page, desk_of, drawer_of, now_of, person_of
from equipoise.app.forms import read_small_form
from equipoise.app.pages import library_of, title_of
from equipoise.app.peers import is_here_alone, own_address
from equipoise.app.rendering import render_page
from equipoise.app.share_form import Wanted, read_wanted
from equipoise.desk.bundles import make_bundle
from equipoise.desk.notes import Note, beginning, notes_of
from equipoise.desk.opening import LONGEST_NAME
from equipoise.desk.shares import LIFETIMES, Share, end_expired, make_share, remove, revoke, shares_of, unlock
from equipoise.errors import DeskError, InputError

MOST_NOTES = 500


class Chosen(msgspec.Struct, frozen=True):
    """The notes on one study among which a sender chooses."""

    study: str
    title: str
    notes: list[Note]


def _page(request: Request, template: str, **values: object) -> HTMLResponse:
    page = render_page(template, library=library_of(request).edition, text="", **values)
    return HTMLResponse(page, headers=PRIVATE)


def show_choice(request: Request) -> Response:
    """Show the notes on one study, or all of them, to choose from; those of the study are ticked."""
    study = request.query_params.get("study", "").strip().upper()
    notes = _own(request, study)
    return _choice(request, notes, Wanted(frozenset(note.id for note in notes) if study else frozenset()))


async def show_ticked(request: Request) -> Response:
    """Show how the notes that were ticked in a list may be shared."""
    check_own_page(request)
    wanted = read_wanted(await read_small_form(request))
    return await run_in_threadpool(_ticked, request, wanted)


def _ticked(request: Request, wanted: Wanted) -> Response:
    notes = [note for note in _own(request) if note.id in wanted.notes]
    return _choice(request, notes or _own(request), Wanted(wanted.notes))


def _own(request: Request, study: str = "") -> list[Note]:
    if not drawer_of(request).begun():
        return []
    return notes_of(desk_of(request), person_of(request), study=study or None)


def _choice(request: Request, notes: list[Note], wanted: Wanted) -> Response:
    library, by_study = library_of(request), dict[str, list[Note]]()
    for note in notes:
        by_study.setdefault(note.study, []).append(note)
    return _page(
        request,
        "share_new.html",
        groups=[Chosen(study, title_of(library, study) or study, some) for study, some in by_study.items()],
        wanted=wanted,
        lifetimes=LIFETIMES,
        form=secrets.token_urlsafe(16),
        longest_name=LONGEST_NAME,
    )


async def share(request: Request) -> Response:
    """Share what was chosen, and show the link and the passcode: once, in this answer alone."""
    check_own_page(request)
    form = await read_small_form(request)
    return await run_in_threadpool(_shared, request, form)


def _shared(request: Request, form: FormData) -> Response:
    wanted = read_wanted(form)
    if len(wanted.notes) > MOST_NOTES or len(wanted.sender) > LONGEST_NAME or not 8 <= len(wanted.form) <= 64:
        raise InputError(
            f"A share has at most {MOST_NOTES} notes, and a name at most {LONGEST_NAME} characters",
            next="Go back and change it.",
        )
    # In the order in which they were written, study by study.
    notes = sorted((note for note in _own(request) if note.id in wanted.notes), key=lambda note: note.id)
    made = make_share(
        desk_of(request),
        person_of(request),
        make_bundle(notes, sender=wanted.sender, replies=wanted.replies),
        notes=[(note.study, note.id) for note in notes],
        lasts=wanted.lasts,
        form=wanted.form,
        now=now_of(request),
    )
    address = own_address(request)
    return _page(
        request,
        "share_made.html",
        link=f"{address}/s/{made.token}",
        passcode=made.passcode,
        expires=made.expires,
        here_alone=is_here_alone(address),
        number=len(notes),
    )


def show_shares(request: Request) -> Response:
    """List a person's shares, and what came of each."""
    shares: list[Share] = []
    if drawer_of(request).begun():
        desk, now = desk_of(request), now_of(request)
        shares = shares_of(desk, person_of(request), now)
        # A list that cannot tidy up is still a list.
        with suppress(DeskError), desk.writing() as connection:
            end_expired(connection, now)
    library = library_of(request)
    titles = {number: title_of(library, number) or number for one in shares for number in one.studies}
    known = {number for number in titles if number in library}
    mine = {note.id: note for note in _own(request)} if any(one.received for one in shares) else {}
    return _page(
        request,
        "shares.html",
        shares=shares,
        titles=titles,
        known=known,
        beginnings={one.id: _words(one, mine) for one in shares},
    )


def _words(share: Share, mine: Mapping[int, Note]) -> dict[int, str]:
    """Return how the notes of a share begin, by the numbers that its replies name; one that is gone says so."""
    if len(share.notes) < 2:
        return {}
    gone = "a note that you deleted"
    return {at: beginning(mine[id]) if id in mine else gone for at, id in enumerate(share.notes, 1)}


async def end_share(request: Request) -> Response:
    """Revoke a share at once."""
    check_own_page(request)
    now = now_of(request)
    await run_in_threadpool(revoke, desk_of(request), person_of(request), request.path_params["id"], now)
    return RedirectResponse("/shares", 303)


async def unlock_share(request: Request) -> Response:
    """Let a locked link be tried again."""
    check_own_page(request)
    await run_in_threadpool(unlock, desk_of(request), person_of(request), request.path_params["id"])
    return RedirectResponse("/shares", 303)


async def remove_share(request: Request) -> Response:
    """Delete a share and all that is known of it."""
    check_own_page(request)
    await run_in_threadpool(remove, desk_of(request), person_of(request), request.path_params["id"])
    return RedirectResponse("/shares", 303)


def share_routes() -> list[Route]:
    """Return the addresses of the sender's pages."""
    return [
        Route("/shares", show_shares, methods=["GET"]),
        Route("/shares", share, methods=["POST"]),
        Route("/shares/new", show_choice, methods=["GET"]),
        Route("/shares/new", show_ticked, methods=["POST"]),
        Route("/shares/{id}/revoke", end_share, methods=["POST"]),
        Route("/shares/{id}/unlock", unlock_share, methods=["POST"]),
        Route("/shares/{id}/remove", remove_share, methods=["POST"]),
    ]
