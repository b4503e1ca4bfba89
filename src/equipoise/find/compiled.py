"""A study's compiled criteria: read back where they are stored, else compiled now, without writing."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from equipoise.criteria.records import COMPILER, Criterion
from equipoise.records.study import Study
from equipoise.store.demands import mark_of
from equipoise.store.library import Library

MARK = mark_of(COMPILER)


def unpack(data: bytes, text: str) -> list[Criterion]:
    """Return stored criteria; *text* is what they were compiled from."""
    rows = msgspec.msgpack.decode(data)
    return [Criterion.from_json({**row, "text": text[slice(*row["span"])]}) for row in rows]


@lru_cache(maxsize=64)
def _compiled(text: str) -> tuple[Criterion, ...]:
    """Return what a text compiles to; a page and its JSON are often asked for one after the other."""
    # Imported late: a library whose criteria are all stored never needs the lexicon to show them.
    from equipoise.criteria.compile import compile_criteria

    return tuple(compile_criteria(text))


def read_criteria(library: Library, study: Study) -> list[Criterion]:
    """Return the criteria of a study, nested ones after those that hold them."""
    text = study.eligibility.eligibility_criteria or ""
    if not text.strip():
        return []
    stored = library.compiled.find(text, MARK)
    return unpack(stored.criteria, text) if stored is not None else list(_compiled(text))


def is_current(library: Library) -> bool:
    """Return whether the compiled criteria of this edition are of this version's making."""
    return library.edition.compiler == MARK


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
