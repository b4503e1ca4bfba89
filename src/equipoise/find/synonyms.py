"""
Other words for what is searched for.

A search for *heart attack* is one for myocardial infarction, for *Tylenol* one for acetaminophen. The
words come from the lexicon of criteria (names and synonyms of conditions, drugs and procedures), with
the vocabularies that were added to the library. A phrase with more than one meaning has no synonyms:
*MS* is left as it is. The reader sees which were used and can drop each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from equipoise.store.index import words
from equipoise.terms.lexicon import Concept, Lexicon
from equipoise.terms.spelling import normal

# More words for one thing find nothing more, and each costs time.
_MOST = 12
_MOST_MEMBERS = 60


class Synonyms(msgspec.Struct, frozen=True):
    """What was searched for as well: ``said`` in the search, ``name`` of the thing, its other words, and the
    ``members`` of a class of drugs."""

    said: str
    name: str
    others: tuple[str, ...]
    members: tuple[str, ...] = ()

    @property
    def kinds(self) -> str:
        """What to drop, so that the members are not searched for."""
        return f"kinds of {self.name}"


class Piece(msgspec.Struct, frozen=True):
    """A part of a term: chunks from ``start`` to ``stop``, and what they name."""

    start: int
    stop: int
    synonyms: Synonyms | None


def _plain(chunk: str) -> str:
    return normal(chunk.strip(".,;:!?'\"/"))


def _others(concept: Concept, said: str) -> tuple[str, ...]:
    """Return a concept's names but the one that was said, the same for the index counted once."""
    known = {tuple(words(said))}
    others = []
    for name in (concept.name, *concept.synonyms):
        key = tuple(words(name))
        # An abbreviation is a word of its own, and often another's: MI is Michigan too.
        if key and key not in known and not (name.isupper() and len(name) <= 3):
            known.add(key)
            others.append(name)
    return tuple(others[:_MOST])


def _members(concept: Concept, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the members of a class of drugs; a class of very many says too little."""
    members = lexicon.members(concept.name) if concept.kind == "drug" else frozenset()
    return tuple(sorted(members)) if len(members) <= _MOST_MEMBERS else ()


def find_pieces(chunks: Sequence[str], lexicon: Lexicon, dropped: frozenset[str]) -> Iterator[Piece]:
    """
    Yield the parts of a term, given in *chunks*: what the lexicon knows, the longest first, and single chunks.

    *dropped* are other words that are not wanted, in lower case.

    >>> from equipoise.terms.lexicon import lexicon
    >>> parts = find_pieces(["old", "heart", "attack"], lexicon(), frozenset())
    >>> [part.synonyms.name if part.synonyms else None for part in parts]
    [None, 'myocardial infarction']
    """
    plain, places = [], []
    for place, chunk in enumerate(chunks):
        for word in _plain(chunk).split():
            # Capitals tell an abbreviation from a word.
            plain.append(word.upper() if chunk.isupper() and len(chunk) > 1 else word)
            places.append(place)
    starts = {place: index for index, place in reversed(list(enumerate(places)))}
    place = 0
    while place < len(chunks):
        found = lexicon.longest(plain, starts[place]) if place in starts else None
        stop = place + 1
        synonyms = None
        if found is not None:
            concept, length = found
            last = starts[place] + length - 1
            whole = last + 1 == len(places) or places[last + 1] != places[last]
            if whole and not concept.ambiguous and concept.kind in ("condition", "drug", "procedure"):
                stop = places[last] + 1
                said = " ".join(chunks[place:stop])
                others = tuple(one for one in _others(concept, said) if one.lower() not in dropped)
                synonyms = Synonyms(said, concept.name, others, _members(concept, lexicon))
                if synonyms.kinds in dropped:
                    synonyms = msgspec.structs.replace(synonyms, members=())
                synonyms = synonyms if others or synonyms.members else None
        yield Piece(place, stop, synonyms)
        place = stop
