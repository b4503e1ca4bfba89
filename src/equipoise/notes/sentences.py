"""
A note in sentences, each with its span.

A line break ends a sentence where the line is a heading, an item or ends like one; in a wrapped paragraph it does not.
The items of a list that runs on in one line ("1. Migraine 2. HTN", " - COPD - CHF") are sentences too.
"""

from __future__ import annotations

import itertools
import re

from equipoise.notes.sections import Section, sections

Span = tuple[int, int]

# What a full stop does not end.
_SHORT = re.compile(
    r"(?:\b(?:Dr|Mr|Mrs|Ms|Prof|vs|e\.g|i\.e|etc|incl|excl|esp|approx|St|Fig|resp|cf|ca|yr|yrs|wk|mo|hr|hrs|min|q\.d|b\.i\.d"
    r"|t\.i\.d|p\.o|i\.v|y\.o|a\.m|p\.m|s\.p|h\.o|c\.o|pt)|(?:^|\s)[A-Z]|(?:^\s*|[\n.;:]\s*)\d{1,2})$"
)
_END = re.compile(r"[.!?][\"')\]]*(?=\s|$)|\n\s*\n|\n(?=\s*(?:[-*•]|\d{1,2}[.)]\s|[A-Z][A-Za-z /]{0,40}:))|;(?=\s)")
_NUMBERED = re.compile(r"(?:^|\s)(\d{1,2})[.)]\s+(?=[A-Z])")
_DASHED = re.compile(r"\s(?:--?|\*|•)\s?(?=[A-Za-z])")


def sentences(text: str) -> list[Span]:
    """
    Return the spans of a note's sentences, without the white space around them.

    >>> note = "A 64-year-old man. No diabetes."
    >>> [note[start:end] for start, end in sentences(note)]
    ['A 64-year-old man.', 'No diabetes.']
    """
    cuts = {0, len(text)}
    start = 0
    for end in _END.finditer(text):
        if end[0][0] == "." and _SHORT.search(text[max(start, end.start() - 6) : end.start()]):
            continue
        cuts.add(end.end())
        start = end.end()
    for section in sections(text):
        cuts |= {section.start, section.body, section.end, *_items(text, section)}
    cuts |= _numbered(text)
    spots = sorted(cuts)
    found: list[Span] = []
    for one, other in itertools.pairwise(spots):
        _add(found, text, one, other)
    return found


def _items(text: str, section: Section) -> set[int]:
    """Return where the items of a section's list begin: a line or a dash each."""
    body = text[section.body : section.end]
    lines = [one.end() for one in re.finditer(r"\n", body)]
    dashes = [one.start() for one in _DASHED.finditer(body)]
    wrapped = section.kind == "other" or max((len(line) for line in body.splitlines()), default=0) > 60
    starts = dashes if len(dashes) > 1 else []
    starts = starts if wrapped and section.kind == "other" else [*starts, *([] if wrapped else lines)]
    return {section.body + one for one in starts}


def _numbered(text: str) -> set[int]:
    """Return where "1.", "2." … begin, where they are counted in order."""
    cuts: set[int] = set()
    run: list[int] = []
    for found in _NUMBERED.finditer(text):
        number = int(found[1])
        if number == len(run) + 1:
            run.append(found.start(1))
        elif number == 1:
            run = [found.start(1)]
        if len(run) > 1:
            cuts |= set(run)
    return cuts


def _add(found: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    if piece.strip():
        found.append((start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())))
