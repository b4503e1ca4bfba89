"""
Split an eligibility text into criteria: side, id, parent and span.

::

    text      = (heading | item | paragraph | blank)*
    item      = indent marker words continuation* item*
    paragraph = a line without a marker: one criterion; a long one alone is cut (`equipoise.criteria.prose`)

Every character that is not white space is in one parentless piece or in one remainder.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from equipoise.criteria import headings, prose
from equipoise.criteria.headings import Side
from equipoise.criteria.lines import Line, Span, read_lines, trimmed
from equipoise.criteria.outline import Node, Outline

# From what length on a paragraph that stands alone is cut at its sentences; where the side was given,
# the text is likely one criterion, and only a very long one is cut.
_LONG, _VERY_LONG = 200, 600


class Piece(msgspec.Struct, frozen=True):
    """A criterion as it lies in the text, its nested ones within ``items``.

    ``span`` is all of it without its marker, ``head`` its own words before the first nested item.
    ``heading`` is the sub-heading it stands under; ``joint`` is "or" after a line that says only that.
    """

    id: str
    parent: str | None
    side: Side
    span: Span
    head: Span
    items: tuple[Piece, ...] = ()
    heading: Span | None = None
    joint: str = ""


class Remainder(msgspec.Struct, frozen=True):
    """Text that is in no criterion, and what it is instead."""

    span: Span
    reason: str


class Split(msgspec.Struct, frozen=True):
    """The criteria of a text, and what was left; ``assumed`` where no heading told the side of some of them."""

    pieces: tuple[Piece, ...]
    left: tuple[Remainder, ...]
    assumed: bool = False


def split(text: str, section: Side | None = None) -> Split:
    """Return the criteria of *text*; a *section* given means that all of it is of that side.

    >>> [piece.id for piece in split("Inclusion Criteria:\\n\\n* Adults\\n\\nExclusion Criteria:\\n\\n* Stroke").pieces]
    ['I1', 'E1']
    """
    outline = Outline(text, section)
    outline.read(list(_cut_lines(text, section)))
    nodes = list(_cut_paragraphs(text, outline, section))
    counts: Counter[Side] = Counter()
    pieces = []
    for node in nodes:
        counts[node.side] += 1
        letter = "I" if node.side == "inclusion" else "E"
        pieces.append(_piece(text, node, f"{letter}{counts[node.side]}", None))
    return Split(tuple(pieces), _left(nodes, pieces, outline.left), outline.assumed)


def _cut_lines(text: str, section: Side | None) -> Iterator[Line]:
    """Yield the lines, cut where a heading stands within one."""
    for line in read_lines(text):
        places = headings.inline_headings(text[line.words : line.end]) if section is None else []
        if not places:
            yield line
            continue
        starts = [line.words + place for place in places]
        for start, end in zip([line.words, *starts], [*starts, line.end], strict=True):
            first, last = trimmed(text, start, end)
            if start == line.words:
                yield Line(line.start, line.words, last, line.indent, line.style, line.number, line.blank)
            else:
                yield Line(first, first, last, line.indent, blank=False, cut=True)


def _cut_paragraphs(text: str, outline: Outline, section: Side | None) -> Iterator[Node]:
    """Yield the items at the top, paragraphs that hold several cut up."""
    counts = Counter(node.section for node in outline.top)
    for node in outline.top:
        alone = counts[node.section] == 1
        if node.items or not (node.prose or alone):
            yield node
            continue
        start, end = trimmed(text, node.line.words, node.end)
        numbers = prose.numbered(text, start, end)
        if numbers and (node.prose or len(numbers) > 2):
            yield from _numbered(text, node, numbers, outline)
        elif node.prose and end - start > (_LONG if section is None and counts[node.section] < 3 else _VERY_LONG):
            yield from _sentences(text, node, (start, end), outline)
        else:
            yield node


def _part(node: Node, start: int, words: int, end: int) -> Node:
    line = Line(start, words, end, node.indent, node.line.style, blank=False, cut=True)
    return Node(line, node.side, end, node.section, node.heading)


def _numbered(text: str, node: Node, numbers: list[tuple[int, int]], outline: Outline) -> Iterator[Node]:
    """Yield the parts of a paragraph with running numbers; words before the first are a heading or their parent."""
    start = node.line.words
    ends = [*(first for first, _ in numbers[1:]), node.end]
    parts = [
        _part(node, first, words, trimmed(text, words, end)[1])
        for (first, words), end in zip(numbers, ends, strict=True)
    ]
    before, last = trimmed(text, start, numbers[0][0])
    if before == last:
        parts[0].line.start = node.line.start
        yield from parts
        return
    intro = text[before:last]
    if not intro.endswith((":", "：", ".", ";")):
        yield node
    elif headings.is_intro(intro) or headings.is_sub_heading(intro):
        outline.left.append(((node.line.start, last), "a heading"))
        yield from parts
    elif intro.endswith((":", "：")):
        parent = _part(node, node.line.start, before, last)
        parent.items, parent.end = parts, parts[-1].end
        yield parent
    else:
        yield _part(node, node.line.start, before, last)
        yield from parts


def _sentences(text: str, node: Node, span: Span, outline: Outline) -> Iterator[Node]:
    parts = list(prose.sentences(text, *span))
    if len(parts) == 1 or outline.sub is not None and len(parts) * 400 < span[1] - span[0]:
        parts = [item for part in parts for item in prose.old_lists(text, *part)]
    for start, end in parts:
        yield _part(node, node.line.start if start == span[0] else start, start, end)


def _piece(text: str, node: Node, id: str, parent: str | None) -> Piece:
    items = tuple(_piece(text, one, f"{id}.{place}", id) for place, one in enumerate(node.items, 1))
    head_end = node.items[0].line.start if node.items else node.end
    span = trimmed(text, node.line.words, node.end)
    head = trimmed(text, node.line.words, head_end)
    return Piece(id, parent, node.side, span, head, items, node.heading, node.joint)


def _left(nodes: list[Node], pieces: list[Piece], left: list[tuple[Span, str]]) -> tuple[Remainder, ...]:
    """Return what is in no piece: what was set aside, and the markers."""
    marks = [((node.line.start, node.line.words), "a marker") for node in nodes if node.line.start < node.line.words]
    spans = sorted(piece.span for piece in pieces)
    found, place = [], 0
    for span, reason in sorted([*left, *marks]):
        while place < len(spans) and spans[place][1] <= span[0]:
            place += 1
        if place == len(spans) or span[1] <= spans[place][0]:
            found.append((span, reason))
    return tuple(Remainder(span, reason) for span, reason in found)
