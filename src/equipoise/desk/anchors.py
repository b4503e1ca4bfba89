"""
Where in a text a note stands, so that it is found again when the text has changed.

A place is kept as the W3C Web Annotation Data Model keeps it: the words themselves with what stands before and after
(TextQuoteSelector), and where they stood (TextPositionSelector), in code points. It is found again by these rules, the
first that holds:

1. Where the same words stand once more, in the place whose surroundings agree best, and of equals the nearest to the
   old one. A short quote needs surroundings that agree: `no` stands in many places.
2. Where a few letters of a long quote differ: at most one in ten, no figure, no sign of comparison and no word that
   denies among them. "Platelets ≥ 75" is not what a note on "platelets ≥ 100" says. At each end, sixteen characters
   of the quote, or those before or after it, must be as they were.

Otherwise the note is *orphaned*: it is placed nowhere rather than on other words.
"""

from __future__ import annotations

import re

import msgspec

# How many characters before and after a place are kept: what Hypothesis, the best known annotator, keeps.
CONTEXT = 32
# So much of the quote and its surroundings must agree before the same words are the same place.
ENOUGH = 32
# So much must be unchanged at each end before other letters between them are the same place, edited.
_SIDE = 16
_EDITS = 10
# What stands in more places than these tells none of them.
_SEVERAL = 20
# Fewer letters than these stand anywhere.
_TOO_FEW = 4
# How much of a text that has changed is shown.
_SHOWN = 300

# The text ends here: it counts as surroundings like any letter, and is in no text.
_EDGE = "\0"
_TELLING = re.compile(
    r"\d+|[<>=≤≥±%]|\b(?:no|not|non|none|never|nor|without|except|unless|cannot)\b|n't", re.IGNORECASE
)


class Anchor(msgspec.Struct, frozen=True):
    """A place in the text of one part of a page; without ``exact`` it is the whole part, without ``part`` the page."""

    part: str = ""
    exact: str = ""
    prefix: str = ""
    suffix: str = ""
    start: int = 0
    end: int = 0


def make_anchor(part: str, text: str, start: int, end: int) -> Anchor:
    """
    Return the anchor of what stands at ``[start, end)`` in a part's text.

    >>> make_anchor("about", "Tea is warm.", 7, 11)
    Anchor(part='about', exact='warm', prefix='Tea is ', suffix='.', start=7, end=11)
    """
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    return Anchor(part, text[start:end], before, after, start, end)


def find_anchor(text: str, anchor: Anchor) -> tuple[int, int] | None:
    """
    Return where the words of an anchor stand in a text that may have changed, or None where they are gone.

    >>> find_anchor("Black tea is warm.", make_anchor("about", "Tea is warm.", 7, 11))
    (13, 17)
    >>> print(find_anchor("Tea is cold.", make_anchor("about", "Tea is warm.", 7, 11)))
    None
    """
    if not anchor.exact:
        return None
    return _same_words(text, anchor) or _edited(text, anchor)


def words_now(text: str, anchor: Anchor) -> str | None:
    """
    Return what stands now where the words of an orphaned anchor stood, or None where its surroundings are gone, too.

    >>> words_now("Tea is cold.", make_anchor("about", "Tea is warm.", 7, 11))
    'cold'
    """
    first = _only(text, (anchor.prefix, anchor.prefix[-_SIDE:]), end=True)
    last = _only(text, (anchor.suffix, anchor.suffix[:_SIDE]), end=False)
    if first is not None and last is not None and first < last <= first + 4 * len(anchor.exact) + _SHOWN:
        now = text[first:last]
    elif first is not None:
        now = text[first : first + len(anchor.exact)]
    elif last is not None:
        now = text[max(0, last - len(anchor.exact)) : last]
    else:
        return None
    now = now.strip()
    return f"{now[:_SHOWN]} …" if len(now) > _SHOWN else now or None


def _only(text: str, several: tuple[str, ...], *, end: bool) -> int | None:
    """Return where the first of *several* that says enough and stands there alone begins, or ends."""
    for words in several:
        if len(words.strip()) >= _TOO_FEW and text.count(words) == 1:
            return text.find(words) + (len(words) if end else 0)
    return None


def _agreement(text: str, anchor: Anchor, start: int, end: int) -> int:
    """Return how many characters around a place are those that stood around the old one."""
    before = text[max(0, start - CONTEXT) : start].rjust(CONTEXT, _EDGE)
    after = text[end : end + CONTEXT].ljust(CONTEXT, _EDGE)
    left = _alike(before[::-1], anchor.prefix.rjust(CONTEXT, _EDGE)[::-1])
    return left + _alike(after, anchor.suffix.ljust(CONTEXT, _EDGE))


def _alike(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    count = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        count += 1
    return count


def _same_words(text: str, anchor: Anchor) -> tuple[int, int] | None:
    length, best, found = len(anchor.exact), (-1, 0), None
    start, several = text.find(anchor.exact), 0
    while start >= 0:
        rank = (_agreement(text, anchor, start, start + length), -abs(start - anchor.start))
        if rank > best:
            best, found = rank, (start, start + length)
        several += 1
        start = text.find(anchor.exact, start + 1)
    if found is None:
        return None
    # Another program may have stated no surroundings at all: then the words must be alone.
    bare = not anchor.prefix and not anchor.suffix and several == 1
    return found if bare or length + best[0] >= ENOUGH else None


def _edited(text: str, anchor: Anchor) -> tuple[int, int] | None:
    """Return where a few letters of the quote differ; either end of it, inside or outside, must be as it was."""
    exact = anchor.exact
    most = len(exact) // _EDITS
    if not most or len(exact) < 2 * _SIDE:
        return None
    starts = [*_places(text, anchor.prefix[-_SIDE:], end=True), *_places(text, exact[:_SIDE], end=False)]
    ends = [*_places(text, anchor.suffix[:_SIDE], end=False), *_places(text, exact[-_SIDE:], end=True)]
    telling = _TELLING.findall(exact.lower())
    for first in sorted(set(starts), key=lambda start: (abs(start - anchor.start), start)):
        for last in sorted(set(ends)):
            now = text[first:last]
            near = first < last and abs(last - first - len(exact)) <= most
            if near and _TELLING.findall(now.lower()) == telling and _close(exact, now, most):
                return first, last
    return None


def _places(text: str, words: str, *, end: bool) -> list[int]:
    """Return where *words* begin, or end, if they are enough to tell a place by and do not stand everywhere."""
    if len(words) < _SIDE or text.count(words) > _SEVERAL:
        return []
    return [found.end() if end else found.start() for found in re.finditer(re.escape(words), text)]


def _close(one: str, other: str, most: int) -> bool:
    """
    Return whether *one* becomes *other* by so many letters put in, taken out or changed at the most (Ukkonen's band).

    >>> _close("haemoglobin", "hemoglobin", 1), _close("warm", "cold", 3)
    (True, False)
    """
    far = most + 1
    row = [min(place, far) for place in range(len(other) + 1)]
    for down, letter in enumerate(one, 1):
        low, high = max(1, down - most), min(len(other), down + most)
        below = [far] * (len(other) + 1)
        below[0] = min(down, far)
        for place in range(low, high + 1):
            change = row[place - 1] + (letter != other[place - 1])
            below[place] = min(change, row[place] + 1, below[place - 1] + 1, far)
        row = below
    return row[-1] <= most
