"""A study's page with somebody's notes on it, and where they may write more."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse

from equipoise.app.desk_web import PRIVATE, desk_of, drawer_of, person_of
from equipoise.app.rendering import render_page
from equipoise.desk.anchors import Anchor, make_anchor
from equipoise.desk.hints import is_dismissed
from equipoise.desk.notes import Note, notes_of
from equipoise.desk.page_text import read_part, words_between
from equipoise.desk.placing import place_notes
from equipoise.errors import DeskError, InputError
from equipoise.store.documents import Version
from equipoise.store.library import Record

HINT = "notes"
# Where a study's template has room for what is somebody's own.
_BAR, _LIST = "<!--notes-->", "<!--note-list-->"
_HEADING = re.compile(r'(<section class="part" id="([a-z-]+)"><h2>(.*?)</h2>)', re.DOTALL)
_CRITERION = re.compile(r'(<li id="(\w[\w.-]*)" data-id="\2"><p class="words">.*?)(</p>)', re.DOTALL)
_PEN = (
    '<svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.4" '
    'stroke-linejoin="round"><path d="M2.5 13.5l.8-3.2 7.6-7.6a1.4 1.4 0 0 1 2 0l.4.4a1.4 1.4 0 0 1 0 2l-7.6 7.6z"/>'
    '<path d="M9.6 4l2.4 2.4"/></svg>'
)


def with_notes(request: Request, version: Version, html: str) -> HTMLResponse:
    """
    Return the page of a study's *version*, as :func:`offering_notes` returned it, with the notes of who asks for it.

    It is theirs alone if it has any.
    """
    number = version.number
    notes, hint, trouble = _read(request, number)
    html, placed, orphaned = place_notes(html, notes) if notes else (html, (), ())
    removed = request.query_params.get("deleted", "")
    values = {
        "number": number,
        "version": version.digest.hex(),
        "person": person_of(request).id,
        "placed": placed,
        "orphaned": orphaned,
        "hint": hint and not notes,
        "trouble": trouble,
        "removed": removed if removed.isdigit() else "",
        "pen": _PEN,
    }
    html = html.replace(_BAR, render_page("_notes_bar.html", **values), 1)
    html = html.replace(_LIST, render_page("_notes_list.html", **values), 1)
    return HTMLResponse(html, headers=PRIVATE if notes or removed else None)


def _read(request: Request, number: str) -> tuple[list[Note], bool, DeskError | None]:
    """Return the notes, whether the hint is to be shown, and why the notes cannot be read: a study is shown anyway."""
    if not drawer_of(request).begun():
        return [], True, None
    try:
        desk, person = desk_of(request), person_of(request)
        notes = notes_of(desk, person, study=number)
        return notes, not notes and not is_dismissed(desk, person, HINT), None
    except DeskError as error:
        return [], False, error


def version_of(record: Record) -> str:
    """Return what tells the versions of a record apart, in whichever library they are."""
    return record.version.digest.hex()


def offering_notes(html: str, number: str) -> str:
    """Return the page with a link at each heading and criterion that leads to a new note, for who has no scripts."""
    address = f"/studies/{quote(number)}/notes/new?part="

    def heading(found: re.Match[str]) -> str:
        # Without a space between: the style puts one there at which no line breaks.
        return found[1] + _offer(f"{address}{found[2]}", re.sub("<[^>]*>", "", found[3])).lstrip()

    def criterion(found: re.Match[str]) -> str:
        link = _offer(f"{address}eligibility&amp;criterion={quote(found[2])}", f"criterion {escape(found[2])}")
        return f"{found[1]}{link}{found[3]}"

    return _CRITERION.sub(criterion, _HEADING.sub(heading, html))


def _offer(address: str, what: str) -> str:
    hidden = f'<span class="visually-hidden">Add a note on {what}</span>'
    return f' <a class="note-offer" data-aside href="{address}" title="Add a note">{_PEN}{hidden}</a>'


def place_named(html: str, part: str, criterion: str) -> Anchor:
    """
    Return the place of a part, or of a criterion in it, on a study's page; of the study as a whole if none is named.

    Raises:
        InputError: the page has no such part or criterion.
    """
    if not part:
        return Anchor()
    text = read_part(html, part)
    if text is None:
        raise InputError("The page of this study has no such section", next="Go back, and choose one that it has.")
    if not criterion:
        return Anchor(part)
    for found in _CRITERION.finditer(html):
        if found[2] == criterion:
            begin = html.index(">", html.index("<p", found.start())) + 1
            span = words_between(text, begin, found.start(3))
            return make_anchor(part, text.text, *span) if span else Anchor(part)
    raise InputError("This study has no such criterion", next="Go back, and choose one that it has.")
