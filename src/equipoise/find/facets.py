"""How many of the studies found have each value of each filter."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from equipoise.find.filters import Filter


class FacetValue(msgspec.Struct, frozen=True):
    """A value of a filter, and how many studies it would show."""

    value: str
    words: str
    count: int
    chosen: bool


class Facet(msgspec.Struct, frozen=True):
    """A filter with the values that the studies found have, most frequent first."""

    filter: Filter
    values: tuple[FacetValue, ...]


def facet(one: Filter, counts: Iterable[tuple[str, int]], chosen: tuple[str, ...]) -> Facet:
    """Return a filter with its values of which there is a study, or that are *chosen*; what is not stated comes last.

    >>> from equipoise.find.filters import BY_NAME
    >>> [one.words for one in facet(BY_NAME["phase"], [("", 9), ("PHASE1", 2), ("PHASE2", 5), ("NA", 0)], ()).values]
    ['Phase 2', 'Phase 1', 'Not stated']
    """
    pairs = list(counts)
    if one.name == "sex":
        pairs = _with_studies_for_all(pairs)
    values = [
        FacetValue(name, one.words(name), count, name in chosen) for name, count in pairs if count or name in chosen
    ]
    values.sort(key=lambda value: (value.value == "", -value.count, value.words))
    return Facet(one, tuple(values))


def _with_studies_for_all(counts: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return the counts by sex with the studies for all in those for either, as the filter finds them.

    >>> _with_studies_for_all([("ALL", 5), ("FEMALE", 2), ("", 1)])
    [('ALL', 5), ('FEMALE', 7), ('', 1)]
    """
    both = dict(counts).get("ALL", 0)
    return [(name, count + both if name in ("FEMALE", "MALE") else count) for name, count in counts]
