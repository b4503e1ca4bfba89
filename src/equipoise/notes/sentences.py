"""
A note in sentences, each with its span.

A line break ends a sentence where the line is a heading, an item or ends like one; in a wrapped paragraph it does not.
"""

from __future__ import annotations

import re

Span = tuple[int, int]

# What a full stop does not end.
_SHORT = re.compile(
    r"(?:\b(?:Dr|Mr|Mrs|Ms|Prof|vs|e\.g|i\.e|etc|approx|No|St|Fig|resp|cf|ca|yr|yrs|wk|mo|hr|hrs|min|q\.d|b\.i\.d"
    r"|t\.i\.d|p\.o|i\.v|y\.o|a\.m|p\.m|s\.p|h\.o|c\.o)|\b[A-Z])$"
)
_END = re.compile(r"[.!?][\"')\]]*(?=\s|$)|\n\s*\n|\n(?=\s*(?:[-*•]|\d{1,2}[.)]\s|[A-Z][A-Za-z /]{0,40}:))|;(?=\s)")


def sentences(text: str) -> list[Span]:
    """
    Return the spans of a note's sentences, without the white space around them.

    >>> note = "A 64-year-old man. No diabetes."
    >>> [note[start:end] for start, end in sentences(note)]
    ['A 64-year-old man.', 'No diabetes.']
    """
    found: list[Span] = []
    start = 0
    for end in _END.finditer(text):
        if end[0][0] == "." and _SHORT.search(text[max(start, end.start() - 6) : end.start()]):
            continue
        _add(found, text, start, end.end())
        start = end.end()
    _add(found, text, start, len(text))
    return found


def _add(found: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    if piece.strip():
        found.append((start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())))
