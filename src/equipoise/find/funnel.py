"""Say why a search finds nothing: how many studies each part leaves, and what leaving out one would bring."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from equipoise.find.compiled import lexicon_of
from equipoise.find.query import AREAS, Query
from equipoise.find.spelling import respelled
from equipoise.store.library import Library

Count = Callable[[Query], int]

# Where else words may stand that the registry's basic search does not look at.
_LONGEST = 1_000
_ELSEWHERE = ("EligibilitySearch", "DetailedDescription")


class Step(msgspec.Struct, frozen=True):
    """What is asked for, and how many studies are left once it is."""

    words: str
    count: int


class Remedy(msgspec.Struct, frozen=True):
    """Another search, and how many studies it finds."""

    words: str
    query: Query
    count: int


class Nothing(msgspec.Struct, frozen=True):
    """Why nothing was found. ``elsewhere`` and ``spelling`` are other searches for the same words."""

    steps: tuple[Step, ...]
    remedies: tuple[Remedy, ...]
    elsewhere: Remedy | None = None
    spelling: Remedy | None = None


def explain_nothing(library: Library, query: Query, count: Count) -> Nothing:
    """Return why *query* finds nothing; *count* says how many studies a search finds."""
    parts = query.parts()
    steps, asked = [], query
    partial = [query]
    for _, name in reversed(parts):
        asked = asked.without_all(name)
        partial.append(asked)
    for (words, _), so_far in zip(parts, partial[-2::-1], strict=True):
        left = count(so_far)
        steps.append(Step(words, left))
        if not left:
            break
    remedies = [Remedy(words, query.without_all(name), 0) for words, name in reversed(parts) if len(parts) > 1]
    remedies = [msgspec.structs.replace(one, count=count(one.query)) for one in remedies]
    remedies = sorted((one for one in remedies if one.count), key=lambda one: -one.count)
    return Nothing(
        steps=tuple(steps),
        remedies=tuple(remedies),
        elsewhere=_elsewhere(query, count),
        spelling=_spelling(library, query, count),
    )


def _elsewhere(query: Query, count: Count) -> Remedy | None:
    """Return the search for the same words in criteria and descriptions, if it finds any."""
    text = query.text.strip()
    if not text or "[" in text or len(text) > _LONGEST:
        return None
    wider = " OR ".join(f"AREA[{name}]({text})" for name in _ELSEWHERE)
    other = msgspec.structs.replace(query, text=wider)
    found = count(other)
    return Remedy("in the criteria or the description", other, found) if found else None


def _spelling(library: Library, query: Query, count: Count) -> Remedy | None:
    """Return the search with other spellings, if it finds any."""
    lexicon = lexicon_of(library)
    better = respelled(query.text, AREAS["term"], library=library, lexicon=lexicon) if query.text.strip() else None
    areas = {
        name: respelled(text, AREAS[name], library=library, lexicon=lexicon) or text
        for name, text in query.areas.items()
    }
    other = msgspec.structs.replace(query, text=better or query.text, areas=areas)
    if other == query:
        return None
    found = count(other)
    said = " ".join([one for one in (other.text, *areas.values()) if one])
    return Remedy(said, other, found) if found else None
