"""
Suggest another spelling for words that no study has.

Candidates are the words of the lexicon's names; one is suggested only if some study has it.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from equipoise.find.essie import parse_expression
from equipoise.find.expressions import Words, nodes
from equipoise.find.targets import Target, find_target
from equipoise.find.textual import Terms
from equipoise.store.index import OTHERS, index_field, stem_of
from equipoise.store.library import Library
from equipoise.terms.lexicon import Lexicon
from equipoise.terms.spelling import normal

_WORD = re.compile(r"[^\W\d_]{4,40}")

# Of so many studies that have a word in the index, some of them removed since, one has it still: none is counted.
_SURELY = 1_000

# So many letters may differ that words this much alike are one word mistyped.
_ALIKE = 0.8


@lru_cache(maxsize=4)
def _known(lexicon: Lexicon) -> dict[str, list[str]]:
    """Return the words of the lexicon by their first letter."""
    found: dict[str, set[str]] = defaultdict(set)
    for phrase in lexicon.phrases():
        for word in _WORD.findall(normal(phrase)):
            found[word[0]].add(word)
    return {letter: sorted(words) for letter, words in found.items()}


def _nearest(word: str, lexicon: Lexicon) -> list[str]:
    plain = normal(word)
    known = _known(lexicon)
    # People seldom mistype the first letter; where they do, the second often stands in its place.
    candidates = [one for letter in dict.fromkeys(plain[:2]) for one in known.get(letter, ())]
    return [one for one in difflib.get_close_matches(plain, candidates, n=3, cutoff=_ALIKE) if one != plain]


def respelled(text: str, area: str, *, library: Library, lexicon: Lexicon) -> str | None:
    """Return a search text with other spellings for the words that no study has; None if there is nothing better."""
    target = find_target(area)
    expression = parse_expression(text)
    assert target is not None
    if expression is None:
        return None
    changes: list[tuple[int, int, str]] = []
    for node in nodes(expression):
        for found in _WORD.finditer(text, *node.span) if isinstance(node, Words) else ():
            if _is_there(found[0], target, library, lexicon):
                continue
            better = (one for one in _nearest(found[0], lexicon) if _is_there(one, target, library, lexicon))
            changes += [(*found.span(), one) for one in [next(better, None)] if one is not None]
    for start, stop, word in reversed(changes):
        text = text[:start] + word + text[stop:]
    return text if changes else None


def _fields(target: Target) -> Iterator[str]:
    """Yield the fields of the index that have the words of a target, save those that lie together by name."""
    for piece in target.together or (piece for piece, _ in target.weights):
        name = index_field(piece)
        if not name.startswith(OTHERS):
            yield name


def _is_there(word: str, target: Target, library: Library, lexicon: Lexicon) -> bool:
    stem = stem_of(word)
    if stem and any(library.index.frequency(name, stem) >= _SURELY for name in _fields(target)):
        return True
    query = Terms(lexicon, frozenset(), ranked=False).query(Words(word, (0, len(word)), quoted=True), target, "Term")
    return library.index.count(query) > 0
