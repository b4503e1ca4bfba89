"""
Other words for what is searched for.

A search for *heart attack* is one for myocardial infarction, for *Tylenol* one for acetaminophen. The
words come from the lexicon of criteria (names and synonyms of conditions, drugs and procedures), with
the vocabularies that were added to the library, and from what the library's own records say of names. A
phrase with more than one meaning has no synonyms: *MS* is left as it is. The reader sees which were used,
and from where, and can drop each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from equipoise.store.index import words
from equipoise.store.taught import Row, Taught, TaughtNames
from equipoise.terms.lexicon import Concept, Lexicon
from equipoise.terms.naming import name_key, name_words
from equipoise.terms.spelling import normal

# More words for one thing find nothing more, and each costs time.
_MOST = 12
_MOST_MEMBERS = 60
_MOST_TAUGHT = 8
_KINDS = ("condition", "drug", "procedure")
NOTHING_TAUGHT = TaughtNames.none()


class TaughtName(msgspec.Struct, frozen=True):
    """Another name, with how many studies of how many sponsors have it beside a known one."""

    name: str
    studies: int
    sponsors: int

    @property
    def evidence(self) -> str:
        """Who says so, in words.

        >>> TaughtName("Neosar", 26, 12).evidence
        'named together in 26 studies of 12 sponsors'
        """
        studies = "1 study" if self.studies == 1 else f"{self.studies:,} studies"
        return f"named together in {studies} of {self.sponsors:,} sponsor{'s' if self.sponsors > 1 else ''}"


class Synonyms(msgspec.Struct, frozen=True):
    """What was searched for as well: ``said`` in the search, ``name`` of the thing, its other words, the
    ``members`` of a class of drugs, and the names that the library's records teach."""

    said: str
    name: str
    others: tuple[str, ...]
    members: tuple[str, ...] = ()
    taught: tuple[TaughtName, ...] = ()

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


class _Term:
    """The chunks of a term as words, and what is known of them."""

    def __init__(self, chunks: Sequence[str], lexicon: Lexicon, dropped: frozenset[str], taught: TaughtNames) -> None:
        self._chunks, self._lexicon, self._dropped, self._taught = chunks, lexicon, dropped, taught
        self._words: list[str] = []
        self._places: list[int] = []
        for place, chunk in enumerate(chunks):
            for word in _plain(chunk).split():
                # Capitals tell an abbreviation from a word.
                self._words.append(word.upper() if chunk.isupper() and len(chunk) > 1 else word)
                self._places.append(place)
        self._starts = {place: index for index, place in reversed(list(enumerate(self._places)))}

    def piece(self, place: int) -> Piece:
        """Return the part that begins with the chunk at *place*."""
        start = self._starts.get(place)
        alone = Piece(place, place + 1, None)
        if start is None:
            return alone
        found = self._lexicon.longest(self._words, start)
        taught = self._taught.longest(self._words, start)
        stop = self._stop(start, taught[1]) if taught else 0
        if taught and stop and (found is None or _is_less(found, taught)):
            return Piece(place, stop, self._of_taught(place, stop, taught[0]))
        stop = self._stop(start, found[1]) if found else 0
        if found is None or not stop or found[0].ambiguous or found[0].kind not in _KINDS:
            return alone
        return Piece(place, stop, self._of_concept(place, stop, found[0]))

    def _stop(self, start: int, length: int) -> int:
        """Return the chunk after so many words, 0 where they end within one."""
        last, places = start + length - 1, self._places
        whole = last + 1 == len(places) or places[last + 1] != places[last]
        return places[last] + 1 if whole else 0

    def _of_concept(self, place: int, stop: int, concept: Concept) -> Synonyms | None:
        said = " ".join(self._chunks[place:stop])
        others = tuple(one for one in _others(concept, said) if one.lower() not in self._dropped)
        row = self._taught.find(name_key(concept.name))
        found = Synonyms(said, concept.name, others, _members(concept, self._lexicon))
        if found.kinds in self._dropped:
            found = msgspec.structs.replace(found, members=())
        return self._with(found, row.names if row else ())

    def _of_taught(self, place: int, stop: int, row: Row) -> Synonyms | None:
        """Return the names of the thing that the records say this is, or is a name of."""
        said = " ".join(self._chunks[place:stop])
        names = []
        for thing in row.things:
            concept = self._lexicon.find(" ".join(name_words(thing.name)))
            others = _others(concept, said) if concept and concept.name == thing.name else ()
            names += [thing, *(msgspec.structs.replace(thing, name=name) for name in others)]
        name = row.things[0].name if row.things else said
        return self._with(Synonyms(said, name, ()), (*names, *row.names))

    def _with(self, found: Synonyms, taught: Sequence[Taught]) -> Synonyms | None:
        """Return synonyms with those of the taught names that are new and wanted; None where nothing is left."""
        known = {tuple(words(name)) for name in (found.said, *found.others)}
        names = []
        for one in taught:
            key = tuple(words(one.name))
            if key and key not in known and one.name.lower() not in self._dropped:
                known.add(key)
                names.append(TaughtName(one.name, one.studies, one.sponsors))
        found = msgspec.structs.replace(found, taught=tuple(names[:_MOST_TAUGHT]))
        return found if found.others or found.members or found.taught else None


def _is_less(found: tuple[Concept, int], taught: tuple[Row, int]) -> bool:
    """Return whether the lexicon knows less of a phrase than the records teach."""
    (concept, known), (row, length) = found, taught
    bare = not (concept.synonyms or concept.codes or concept.ambiguous)
    return known < length or (known == length and bare and bool(row.things))


def find_pieces(
    chunks: Sequence[str], lexicon: Lexicon, dropped: frozenset[str], taught: TaughtNames = NOTHING_TAUGHT
) -> Iterator[Piece]:
    """
    Yield the parts of a term, given in *chunks*: what is known by a name, the longest first, and single chunks.

    *dropped* are other words that are not wanted, in lower case; *taught* is what the library's records teach.

    >>> from equipoise.terms.lexicon import lexicon
    >>> parts = find_pieces(["old", "heart", "attack"], lexicon(), frozenset())
    >>> [part.synonyms.name if part.synonyms else None for part in parts]
    [None, 'myocardial infarction']
    """
    term = _Term(chunks, lexicon, dropped, taught)
    place = 0
    while place < len(chunks):
        piece = term.piece(place)
        yield piece
        place = piece.stop
