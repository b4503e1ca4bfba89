"""All notes of a person: searched, listed by study, saved as a file and brought in from one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from urllib.parse import urlencode

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from equipoise.app.desk_web import PRIVATE, check_own_page, desk_of, drawer_of, person_of
from equipoise.app.notes_form import read_upload
from equipoise.app.pages import own_page
from equipoise.app.shelf import Shelf
from equipoise.desk.annotations import read_annotations, write_annotations
from equipoise.desk.exchange import Imported, import_drafts
from equipoise.desk.notes import Note, find_notes, notes_of, removed_notes
from equipoise.store.library import Library

PAGE_SIZE = 50
_TAGS_SHOWN = 40
FILE_TYPE = "application/ld+json"


class Group(msgspec.Struct, frozen=True):
    """The notes on one study; ``title`` is None where the library does not have it."""

    study: str
    title: str | None
    notes: tuple[Note, ...]


def show_notes(request: Request) -> Response:
    """List all notes, those that match a search, or those on one study."""
    begun, asked = drawer_of(request).begun(), request.query_params
    mine = notes_of(desk_of(request), person_of(request)) if begun else []
    removed = removed_notes(desk_of(request), person_of(request), now=request.app.state.now()) if begun else []
    words, tag, study = asked.get("q", "").strip(), asked.get("tag", ""), asked.get("study", "").upper()
    found = find_notes(mine, words, tag=tag, study=study)
    given = asked.get("page", "")
    last = max(1, -(-len(found) // PAGE_SIZE))
    page = min(max(1, int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 1), last)
    shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return own_page(
        request,
        "notes.html",
        groups=_groups(request.app.state.shelf, shown),
        total=len(mine),
        found=len(found),
        pages={"this": page, "last": last},
        words=words,
        tag=tag,
        study=study,
        all_tags=_tags(mine),
        removed=removed,
        deleted=asked.get("deleted", ""),
        imported=_imported(request),
        address=_address(words, tag, study),
    )


def _address(words: str, tag: str, study: str) -> str:
    """Return the address of a search, to which a page's number is added."""
    given = {"q": words, "tag": tag, "study": study}
    return f"/notes?{urlencode({name: value for name, value in given.items() if value} | {'page': ''})}"


def _imported(request: Request) -> str:
    given = [request.query_params.get(name, "") for name in ("added", "there", "others")]
    if not all(one.isascii() and one.isdigit() and len(one) < 7 for one in given):
        return ""
    return Imported(*map(int, given)).words()


def _tags(notes: Sequence[Note]) -> list[tuple[str, int]]:
    """Return the tags in use, the most used first; one that is written in two ways is one, as it was written last."""
    written = {tag.casefold(): tag for note in reversed(notes) for tag in note.tags}
    counts = Counter(tag.casefold() for note in notes for tag in note.tags)
    return [(written[name], count) for name, count in counts.most_common(_TAGS_SHOWN)]


def _groups(shelf: Shelf, notes: Sequence[Note]) -> list[Group]:
    """Return the notes by study, the study that was written about last first."""
    library = shelf.library()
    order = {study: place for place, study in reversed(list(enumerate(note.study for note in notes)))}
    several = sorted(notes, key=lambda note: order[note.study])
    return [
        Group(study, _title(library, study), tuple(of_study))
        for study, of_study in groupby(several, key=lambda note: note.study)
    ]


def _title(library: Library, number: str) -> str | None:
    if number not in library:
        return None
    study = library.outline_at(library.row(number))
    return study.title or study.official_title or number


def send_notes(request: Request) -> Response:
    """Send all notes as Web Annotations."""
    mine = notes_of(desk_of(request), person_of(request)) if drawer_of(request).begun() else []
    name = f"notes-{request.app.state.now().date().isoformat()}.jsonld"
    headers = PRIVATE | {"content-disposition": f'attachment; filename="{name}"'}
    return Response(write_annotations(mine), media_type=FILE_TYPE, headers=headers)


async def import_notes(request: Request) -> Response:
    """Bring in the notes of a file, and say how many are new."""
    check_own_page(request)
    return await run_in_threadpool(_bring_in, request, await read_upload(request))


def _bring_in(request: Request, content: bytes) -> Response:
    read = read_annotations(content)
    done = import_drafts(desk_of(request), person_of(request), read.drafts, now=request.app.state.now())
    address = f"/notes?added={done.added}&there={done.there}&others={read.others}"
    return RedirectResponse(address, 303, headers=PRIVATE)
