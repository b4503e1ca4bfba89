"""A study's compiled criteria: read back where they are stored, else compiled now, without writing."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from equipoise.criteria.records import COMPILER, Criterion
from equipoise.records.study import Study
from equipoise.store.demands import mark_of
from equipoise.store.library import Library
from equipoise.store.vocabularies import library_lexicon, vocabularies_mark

if TYPE_CHECKING:
    from equipoise.terms.lexicon import Lexicon


def mark_for(library: Library) -> str:
    """Return what criteria are marked with that this version compiles with the library's vocabularies."""
    return mark_of(COMPILER, vocabularies_mark(library.folder))


def lexicon_of(library: Library) -> Lexicon:
    """Return the lexicon that ships, with the library's vocabularies added."""
    return library_lexicon(library.folder)


def unpack(data: bytes, text: str) -> list[Criterion]:
    """Return stored criteria; *text* is what they were compiled from."""
    rows = msgspec.msgpack.decode(data)
    return [Criterion.from_json({**row, "text": text[slice(*row["span"])]}) for row in rows]


@lru_cache(maxsize=64)
def _compiled(text: str, lexicon: Lexicon) -> tuple[Criterion, ...]:
    """Return what a text compiles to; a page and its JSON are often asked for one after the other."""
    # Imported late: a library whose criteria are all stored never needs the compiler to show them.
    from equipoise.criteria.compile import compile_criteria

    return tuple(compile_criteria(text, lexicon=lexicon))


def read_criteria(library: Library, study: Study) -> list[Criterion]:
    """Return the criteria of a study, nested ones after those that hold them."""
    text = study.eligibility.eligibility_criteria or ""
    if not text.strip():
        return []
    stored = library.compiled.find(text, mark_for(library))
    return unpack(stored.criteria, text) if stored is not None else list(_compiled(text, lexicon_of(library)))


def is_current(library: Library) -> bool:
    """Return whether this edition's criteria are what this version makes of them with the library's vocabularies."""
    return library.edition.compiler == mark_for(library)


def count_compiled(library: Library) -> int:
    """Return of how many studies criteria are compiled that a search can use."""
    return len(library.postings) if is_current(library) else 0


def compiled_words(compiled: int, studies: int) -> str:
    """Return how far a library's criteria are compiled, and what does the rest.

    >>> compiled_words(1204, 1709)
    'Criteria of 1,204 of 1,709 studies are compiled; `equipoise library compile --all` does the rest.'
    """
    if compiled == studies:
        return f"Criteria of all {studies:,} studies are compiled."
    rest = "`equipoise library compile --all` does the rest."
    return f"Criteria of {compiled:,} of {studies:,} studies are compiled; {rest}"
