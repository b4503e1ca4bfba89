"""
Split an eligibility text into criteria: side, id, parent and span.

::

    text      = (heading | item | paragraph | blank)*
    item      = indent marker words continuation* item*
    paragraph = a line without a marker: one criterion; a long one alone is cut (`equipoise.criteria.prose`)

Every character that is not white space is in one parentless piece or in one remainder.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import msgspec

from equipoise.criteria import governing, headings, prose
from equipoise.criteria.headings import Side
from equipoise.criteria.lines import Line, Span, is_exported, read_lines, trimmed
from equipoise.criteria.nesting import Node
from equipoise.criteria.outline import Outline

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
    return Split(tuple(pieces), _left(text, nodes, pieces, outline.left), outline.assumed)


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
        parts = None
        if not node.items:
            parts = _at_marks(text, node, outline, alone=counts[node.section] == 1)
        if parts is None and node.prose and not node.items:
            long = _LONG if section is None and counts[node.section] < 3 else _VERY_LONG
            old = node.heading is not None and text[slice(*node.heading)].isupper()
            parts = _at_sentences(text, node, old) if old or node.end - node.line.words > long else None
        for one in parts or [node]:
            _hold_lists(text, one)
            yield one


def _part(node: Node, start: int, words: int, end: int) -> Node:
    line = Line(start, words, end, node.indent, node.line.style, blank=False, cut=True)
    return Node(line, node.side, end, node.section, node.heading)


def _at_marks(text: str, node: Node, outline: Outline, *, alone: bool) -> list[Node] | None:
    """Return the parts of a paragraph with running numbers or bullets; words before the first head or hold them."""
    start, end = trimmed(text, node.line.words, node.end)
    if node.line.number and not any(map(str.isalpha, node.line.style)):
        # "4. Stroke; 5. Coma; 6. Sepsis" in one item: its list goes on within it.
        marks = prose.numbered(text, node.line.start, end, node.line.number)
        marks = marks if len(marks) > 2 or alone else []
    else:
        marks = prose.numbered(text, start, end) or (
            prose.bulleted(text, node.line.start if node.line.cut else start, end) if alone or node.prose else []
        )
        marks = marks if node.prose or (alone and len(marks) > 2) else []
    if not marks:
        return None
    ends = [*(first for first, _ in marks[1:]), end]
    parts = [_part(node, a, b, trimmed(text, b, c)[1]) for (a, b), c in zip(marks, ends, strict=True)]
    before, last = trimmed(text, start, marks[0][0])
    if before >= last:
        parts[0].line.start = node.line.start
        return parts
    intro = text[before:last]
    if not intro.endswith((":", "：", ".", ";")):
        return None
    if governing.is_intro(intro) or governing.is_sub_heading(intro):
        outline.left.append(((node.line.start, last), "a heading"))
        return parts
    whole = _part(node, node.line.start, before, last)
    if intro.endswith((":", "：")):
        whole.items, whole.end = parts, parts[-1].end
        return [whole]
    return [whole, *parts]


def _hold_lists(text: str, node: Node) -> None:
    """Give a node, or those within it, the items of a list that its words lead to: "any of: a) coma b) stroke"."""
    for item in node.items:
        _hold_lists(text, item)
    if node.items:
        return
    start, end = trimmed(text, node.line.words, node.end)
    marks = prose.listed(text, start, end)
    if not marks or not prose.leads(text[start : marks[0][0]]):
        return
    ends = [*(first for first, _ in marks[1:]), end]
    node.line.end = trimmed(text, start, marks[0][0])[1]
    node.items = [_part(node, a, b, trimmed(text, b, c)[1]) for (a, b), c in zip(marks, ends, strict=True)]


def _at_sentences(text: str, node: Node, old: bool) -> list[Node]:
    span = trimmed(text, node.line.words, node.end)
    parts = list(prose.sentences(text, *span))
    if old or len(parts) * 300 < span[1] - span[0]:
        parts = [item for part in parts for item in prose.old_lists(text, *part)]
    return [_part(node, node.line.start if start == span[0] else start, start, end) for start, end in parts]


def _piece(text: str, node: Node, id: str, parent: str | None) -> Piece:
    items = tuple(_piece(text, one, f"{id}.{place}", id) for place, one in enumerate(node.items, 1))
    span = trimmed(text, node.line.words, node.end)
    head = trimmed(text, node.line.words, node.line.end) if node.items else span
    return Piece(id, parent, node.side, span, head, items, node.heading, node.joint)


def _left(text: str, nodes: list[Node], pieces: list[Piece], left: list[tuple[Span, str]]) -> tuple[Remainder, ...]:
    """Return what is in no piece: what was set aside, and the markers."""
    marks = [
        (trimmed(text, node.line.start, node.line.words), "a marker")
        for node in nodes
        if node.line.start < node.line.words
    ]
    if is_exported(text):
        left += [((found.start(), found.end()), "a separator") for found in re.finditer("~", text)]
    spans = sorted(piece.span for piece in pieces)
    found: list[Remainder] = []
    place = last = 0
    for span, reason in sorted([*left, *marks]):
        while place < len(spans) and spans[place][1] <= span[0]:
            place += 1
        # A "~" may stand between a marker and its words, and is then in the marker's span.
        if last <= span[0] and (place == len(spans) or span[1] <= spans[place][0]):
            found.append(Remainder(span, reason))
            last = span[1]
    return tuple(found)
