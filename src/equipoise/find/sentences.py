"""
The sentences of a record's text, each with its span.

A full stop ends a sentence where white space and the beginning of another follow, unless it belongs to a short form
("e.g.", "vs.", "Dr."). A line end does as well: paragraphs and items of a list stand on lines of their own.
"""

from __future__ import annotations

import re

from equipoise.rules.nodes import Span

_SHORT = re.compile(
    r"(?:\b(?:Dr|Mr|Mrs|Ms|Prof|St|vs|e\.g|i\.e|etc|approx|al|cf|ca|resp|incl|excl|max|min|No|Nr|Fig|Ref|Inc|Ltd|Co|Corp"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|U\.S|U\.K|i\.v|p\.o|s\.c|b\.i\.d|q\.d|spp?)"
    r"|(?:^|[\s(])[A-Z]|(?:^|\n)\s*\d{1,2})\Z"
)
_END = re.compile(r"[.!?][\"'”’)\]]*(?=\s+[\"'“‘(\[]?[A-Z0-9])|[.!?][\"'”’)\]]*\s*\Z|\n+")


def sentences(text: str) -> list[Span]:
    """Return the spans of the sentences of plain text, without the white space around them.

    >>> text = "Does it work, e.g. in stroke? Dr. Lee asks.\\nPeople come twice."
    >>> [text[start:end] for start, end in sentences(text)]
    ['Does it work, e.g. in stroke?', 'Dr. Lee asks.', 'People come twice.']
    """
    found: list[Span] = []
    start = 0
    for end in _END.finditer(text):
        if end[0][0] == "." and _SHORT.search(text, max(start, end.start() - 12), end.start()):
            continue
        _add(found, text, start, end.end())
        start = end.end()
    _add(found, text, start, len(text))
    return found


def _add(found: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    if piece.strip():
        found.append((start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())))
