"""
Finished pages, kept for whoever asks for them next.

Kept are pages that show nothing of a person's own but the name in their head. That name belongs to their key, as do the
edition, the day, and the vocabularies of the library: what a page says depends on nothing else. They lie packed in
memory that the workers of this server share, and what was kept first goes first. A search that a patient may be the
matter of, by age, place, criteria or a long text, is not kept.
"""

from __future__ import annotations

from collections.abc import Callable

import zstandard
from starlette.requests import Request

from equipoise.app.board import Board
from equipoise.app.desk_web import person_now
from equipoise.find.compiled import mark_for
from equipoise.find.query import Query
from equipoise.store.library import Library

# Some 1,200 pages; made as the module is imported, which is before workers are forked.
_pages = Board(24_000_000)
# It packs a page of 120 KB to a fifth in 0.3 ms; level 3 takes half as long again for 3 % less.
_LEVEL = 1
# Addresses longer than this hold texts that somebody has pasted.
_LONGEST = 200


def kept_page(request: Request, library: Library, what: tuple[object, ...], make: Callable[[], str]) -> str:
    """Return the page of *what* in an edition, as it was made today for a person of that name, or made now."""
    person = person_now.get()
    # Written out, so that it is the same in each worker.
    edition = (str(library.folder.path), library.edition, mark_for(library))
    key = repr((what, edition, request.app.state.today(), person is None, person and person.name))
    packed = _pages.get(key)
    if packed is not None:
        return unpack(packed)
    page = make()
    _pages.put(key, zstandard.ZstdCompressor(level=_LEVEL).compress(page.encode()))
    return page


def unpack(packed: bytes) -> str:
    """Return a page as it was."""
    # A state of its own for each page: threads may not share one.
    return zstandard.ZstdDecompressor().decompress(packed).decode()


def may_keep(query: Query, address: str) -> bool:
    """Return whether the page of a search may be kept.

    >>> may_keep(Query(text="stroke"), "q=stroke"), may_keep(Query(text="stroke"), "q=" + "stroke+" * 100)
    (True, False)
    """
    return len(address) <= _LONGEST and not (query.age or query.near or query.demands)
