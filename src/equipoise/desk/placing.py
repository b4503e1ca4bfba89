"""Notes put into a page: the words that each speaks of are marked, and a number leads to the note."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from html import escape
from itertools import groupby

import msgspec

from equipoise.desk.anchors import find_anchor, words_now
from equipoise.desk.notes import Note
from equipoise.desk.page_text import PartText, Piece, read_part

_NAMED = 60


class Placed(msgspec.Struct, frozen=True):
    """A note that has its place; ``number`` is what the page calls it, from 1, or None for the study as a whole.

    ``edited``: a few letters of the words differ from those that were noted; these are ``now``.
    """

    note: Note
    number: int | None
    now: str | None = None

    @property
    def edited(self) -> bool:
        """Whether the words are not to the letter those that were noted."""
        return self.now is not None


class Orphan(msgspec.Struct, frozen=True):
    """A note whose words are not on the page any more, and what stands there ``now``, if its surroundings do."""

    note: Note
    now: str | None


class _Spot(msgspec.Struct, frozen=True):
    """Where a note stands in the HTML: its words as ranges, and where its number goes."""

    note: Note
    ranges: tuple[tuple[int, int], ...]
    after: int
    now: str | None = None


def place_notes(html: str, notes: Sequence[Note]) -> tuple[str, tuple[Placed, ...], tuple[Orphan, ...]]:
    """
    Return a study's page with these notes on it, those that have a place in its order, and those that have none.

    Besides the marks the page is the same, byte for byte. A link beside the words leads to ``#note-ID``, which the page
    should have; the mark is ``#mark-ID``.
    """
    parts = {part: read_part(html, part) for part in {note.place.part for note in notes if note.place.part}}
    spots: list[_Spot] = []
    orphans: list[Orphan] = []
    whole = [Placed(note, None) for note in notes if not note.place.part]
    for note in notes:
        if note.place.part:
            found = _spot(note, parts[note.place.part])
            spots.append(found) if isinstance(found, _Spot) else orphans.append(found)
    spots.sort(key=lambda spot: (spot.ranges[0] if spot.ranges else (spot.after, spot.after), spot.note.id))
    numbers = {spot.note.id: number for number, spot in enumerate(spots, 1)}
    placed = [Placed(spot.note, numbers[spot.note.id], spot.now) for spot in spots]
    return _spliced(html, spots, numbers), (*whole, *placed), tuple(orphans)


def _spot(note: Note, part: PartText | None) -> _Spot | Orphan:
    if part is None or (not note.place.exact and part.heading < 0):
        return Orphan(note, None)
    if not note.place.exact:
        return _Spot(note, (), part.heading)
    found = find_anchor(part.text, note.place)
    if found is None:
        return Orphan(note, words_now(part.text, note.place))
    ranges, node = _ranges(part.pieces, found)
    if not ranges:
        return Orphan(note, None)
    said = part.text[slice(*found)]
    return _Spot(note, ranges, part.links.get(node, ranges[-1][1]), None if said == note.place.exact else said)


def _ranges(pieces: tuple[Piece, ...], found: tuple[int, int]) -> tuple[tuple[tuple[int, int], ...], int]:
    """Return the ranges of the HTML that hold these words, a range a text node, and the node of the last."""
    start, end = found
    within = [piece for piece in pieces if piece.start < end and piece.start + len(piece.text) > start]
    ranges, last = [], -1
    for node, several in groupby(within, lambda piece: piece.node):
        cut = [_cut(piece, start, end) for piece in several if piece.source < piece.source_end]
        # White space between blocks is in no block: a mark there would be no HTML.
        if any(says for _, _, says in cut):
            ranges.append((cut[0][0], cut[-1][1]))
            last = node
    return tuple(ranges), last


def _cut(piece: Piece, start: int, end: int) -> tuple[int, int, bool]:
    """Return the part of a piece's source that lies in ``[start, end)``, and whether it says anything."""
    first, last = max(start - piece.start, 0), min(end - piece.start, len(piece.text))
    if piece.source_end - piece.source == len(piece.text):
        return piece.source + first, piece.source + last, piece.text != " "
    return piece.source, piece.source_end, piece.text != " "


def _spliced(html: str, spots: Sequence[_Spot], numbers: dict[int, int]) -> str:
    """Put the marks into the HTML; where notes overlap, one mark lies in the other."""
    begins: defaultdict[int, list[int]] = defaultdict(list)
    ends: defaultdict[int, list[int]] = defaultdict(list)
    links: defaultdict[int, list[str]] = defaultdict(list)
    for spot in spots:
        links[spot.after].append(_link(spot, numbers[spot.note.id]))
        for first, last in spot.ranges:
            begins[first].append(spot.note.id)
            ends[last].append(spot.note.id)
    parts, at = [], 0
    over: list[int] = []
    seen: set[int] = set()
    for place in sorted({*begins, *ends, *links}):
        # Marks lie in one another as elements must: all end here, and those that go on begin anew.
        parts += [html[at:place], "</mark>" * len(over), *links[place]]
        over = [id for id in over if id not in ends[place]] + begins[place]
        parts += [_mark(id, seen) for id in over]
        at = place
    return "".join([*parts, html[at:]])


def _mark(id: int, begun: set[int]) -> str:
    if id in begun:
        return '<mark class="noted">'
    begun.add(id)
    return f'<mark class="noted" id="mark-{id}">'


def _link(spot: _Spot, number: int) -> str:
    """Return the number beside the words, which leads to the note and says how it begins."""
    text = " ".join(spot.note.text.split())
    said = escape(text if len(text) <= _NAMED else f"{text[:_NAMED]} …")
    id = "" if spot.ranges else f' id="mark-{spot.note.id}"'
    hidden = f'<span class="visually-hidden">Note <bdi>{number}: {said}</bdi></span>'
    return (
        f'<a class="note-number" data-aside{id} href="#note-{spot.note.id}">{hidden}'
        f'<span aria-hidden="true">{number}</span></a>'
    )
