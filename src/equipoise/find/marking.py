"""Mark a search's words in a text, and cut from it the few words that show most of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from equipoise.store.index import words

# As the index splits: letters and digits of any script.
_WORD = re.compile(r"[^\W_]+")
_OTHER = re.compile(r"[^\x00-\x7f]")
_LINES = re.compile(r"\s*\n\s*")


class Part(msgspec.Struct, frozen=True):
    """A piece of text; ``marked``: it matched the search."""

    text: str
    marked: bool = False


class Cut(msgspec.Struct, frozen=True):
    """Some words of a text, in parts. ``different`` and ``marked`` count the search's words in it."""

    parts: tuple[Part, ...]
    different: int
    marked: int


@lru_cache(maxsize=1 << 14)
def _stems(word: str) -> tuple[str, ...]:
    return tuple(words(word))


# The words whose stems begin otherwise than they do: "dying" is "die".
_CHANGED = frozenset(("die", "lie", "tie"))


@lru_cache(maxsize=64)
def _heads(marks: frozenset[str]) -> tuple[str, ...]:
    """
    Return how English words begin that may be one of these: as their stems do.

    A stem may end otherwise than what the word has there: of the 65,677 English words of 25,000 records none differed
    from its stem before the last letter.
    """
    heads = {
        mark[: max(3, len(mark) - 2)] if len(mark) >= 5 else mark[:1] if mark in _CHANGED else mark[:2]
        for mark in marks
    }
    return tuple(sorted(heads))


def _foreign(text: str) -> Iterator[int]:
    """
    Yield where words begin that have a letter or digit other than the English ones.

    >>> list(_foreign("≥ 5 µg of naïve cells"))
    [4, 10]
    """
    end = 0
    for found in _OTHER.finditer(text):
        start = found.start()
        if start < end or not text[start].isalnum():
            continue
        while start and text[start - 1].isalnum():
            start -= 1
        word = _WORD.match(text, start)
        assert word is not None  # a letter stands there
        end = word.end()
        yield start


def _likely(text: str, marks: frozenset[str]) -> Iterator[re.Match[str]]:
    """Yield the words of a text that begin as one of these does or are not English, in order."""
    small = text.lower()
    if len(small) != len(text):  # some letters are two in lower case: places would not fit
        yield from _WORD.finditer(text)
        return
    starts = set() if text.isascii() else set(_foreign(text))
    for head in _heads(marks):
        at = small.find(head)
        while at >= 0:
            if not at or not small[at - 1].isalnum():
                starts.add(at)
            at = small.find(head, at + 1)
    for start in sorted(starts):
        if found := _WORD.match(text, start):
            yield found


def _found(text: str, marks: frozenset[str]) -> list[tuple[int, int, str]]:
    """Return where words of the search stand, and which."""
    if not marks:
        return []
    found = []
    # Most words of a long text begin otherwise and need not be brought to their stems.
    for match in _likely(text, marks):
        stems = _stems(match[0])
        if stems and stems[0] in marks:
            found.append((match.start(), match.end(), stems[0]))
    return found


def _parts(text: str, start: int, stop: int, found: list[tuple[int, int, str]]) -> tuple[Part, ...]:
    parts, last = [], start
    for begin, end, _ in found:
        if begin < start or end > stop:
            continue
        if begin > last:
            parts.append(_part(text[last:begin]))
        parts.append(_part(text[begin:end], marked=True))
        last = end
    if last < stop:
        parts.append(_part(text[last:stop]))
    return tuple(parts)


def _part(text: str, *, marked: bool = False) -> Part:
    """Return a part; the lines of a list, joined, stay told apart."""
    return Part(_LINES.sub(" · ", text), marked)


def mark_all(text: str, marks: frozenset[str]) -> tuple[Part, ...]:
    """Return a text, whole, with the words marked.

    >>> [part.text for part in mark_all("Acute strokes", frozenset(["stroke"])) if part.marked]
    ['strokes']
    """
    found = _found(text, marks)
    parts, last = [], 0
    for begin, end, _ in found:
        if begin > last:
            parts.append(Part(text[last:begin]))
        parts.append(Part(text[begin:end], marked=True))
        last = end
    return (*parts, Part(text[last:])) if last < len(text) else tuple(parts)


def cut(text: str, marks: frozenset[str], size: int) -> Cut | None:
    """Return the stretch of about *size* characters with most of the words, the first among equals, if any has one."""
    found = _found(text, marks)
    if not found:
        return None
    best, chosen = (0, 0), 0
    last = 0
    for first in range(len(found)):
        last = max(last, first)
        while last + 1 < len(found) and found[last + 1][1] - found[first][0] <= size:
            last += 1
        inside = found[first : last + 1]
        score = (len({stem for _, _, stem in inside}), len(inside))
        if score > best:
            best, chosen = score, first
    start, stop = _around(text, found[chosen][0], size)
    lead = (Part("… "),) if text[:start].strip() else ()
    rest = (Part(" …"),) if text[stop:].strip() else ()
    return Cut((*lead, *_parts(text, start, stop, found), *rest), *best)


def _around(text: str, place: int, size: int) -> tuple[int, int]:
    """Return where a stretch of whole words begins, a little before *place*, and ends."""
    start = place
    before = max(0, place - size // 4)
    if len(text) <= size:
        return len(text) - len(text.lstrip()), len(text.rstrip())
    if before == 0:
        start = 0
    else:
        spaces = [match.end() for match in re.finditer(r"\s+", text[before:place])]
        start = before + spaces[0] if spaces else place
    stop = min(len(text), start + size)
    if stop < len(text) and not text[stop].isspace():
        back = re.search(r"\s+\S*\Z", text[start:stop])
        stop = start + back.start() if back and start + back.start() > place else stop
    return start, len(text[:stop].rstrip())
