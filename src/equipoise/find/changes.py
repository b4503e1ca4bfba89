"""What differs between two versions of a record, by field, in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

import msgspec

from equipoise.find.full_record import Leaf, Node, full_record

# What the registry works out, and its own marks of a version: they change without the record.
_DERIVED = ("derivedSection",)
# So many words are shown around what changed within a text.
_AROUND = 6
# Texts longer than this, in words, are not compared word by word: that takes time that grows with the square.
_LONG = 4_000


class Piece(msgspec.Struct, frozen=True):
    """A piece of a changed text: ``kept``, ``added`` or ``removed``; a kept one may be cut short."""

    kind: str
    text: str


class Change(msgspec.Struct, frozen=True):
    """A field with what it had and has; ``pieces`` where one text took another's place."""

    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    pieces: tuple[Piece, ...] = ()


def changes_between(old: bytes, new: bytes) -> tuple[Change, ...]:
    """Return what differs between two documents of one study, in the order of the newer one's fields.

    Entries of a list are compared as a whole, wherever they stand: a site that moved up is no change.
    """
    before, after = _values(old), _values(new)
    found = []
    for path in [*after, *(path for path in before if path not in after)]:
        label, had = before.get(path, (after.get(path, ("", Counter()))[0], Counter()))
        label, has = after.get(path, (label, Counter()))
        gone, come = tuple((had - has).elements()), tuple((has - had).elements())
        if gone or come:
            single = len(gone) == len(come) == 1
            found.append(Change(label, gone, come, word_changes(gone[0], come[0]) if single else ()))
    return tuple(found)


def word_changes(before: str, after: str) -> tuple[Piece, ...]:
    """Return what one text has for another's words; none where they have little in common or are very long.

    >>> [(one.kind, one.text) for one in word_changes("ages 18 to 75 years", "ages 18 to 80 years")]
    [('kept', 'ages 18 to '), ('removed', '75'), ('added', '80'), ('kept', ' years')]
    """
    old, new = re.findall(r"\S+|\s+", before), re.findall(r"\S+|\s+", after)
    if max(len(old), len(new)) > _LONG:
        return ()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < 0.5:
        return ()
    pieces: list[Piece] = []
    blocks = matcher.get_opcodes()
    for number, (kind, start, end, first, last) in enumerate(blocks):
        if kind == "equal":
            text = _cut(old[start:end], open_left=number > 0, open_right=number < len(blocks) - 1)
            pieces.append(Piece("kept", text))
            continue
        pieces += [Piece("removed", "".join(old[start:end]))] if end > start else []
        pieces += [Piece("added", "".join(new[first:last]))] if last > first else []
    return tuple(pieces)


def _cut(words: list[str], *, open_left: bool, open_right: bool) -> str:
    """Return kept words, those far from a change left out."""
    head = 2 * _AROUND if open_left else 0
    tail = 2 * _AROUND if open_right else 0
    if len(words) <= head + tail + 4:
        return "".join(words)
    return "".join(words[:head]) + " … " + "".join(words[len(words) - tail :] if tail else [])


def _values(document: bytes) -> dict[str, tuple[str, Counter[str]]]:
    found: dict[str, tuple[str, Counter[str]]] = {}
    for path, label, value in _leaves(full_record(document)):
        found.setdefault(path, (label, Counter()))[1][value] += 1
    return found


def _leaves(nodes: Iterable[Node]) -> Iterator[tuple[str, str, str]]:
    for node in nodes:
        if node.path.startswith(_DERIVED):
            continue
        if isinstance(node, Leaf):
            yield from ((node.path, node.label, value) for value in node.values)
        else:
            for group in node.groups:
                yield from _leaves(group)
