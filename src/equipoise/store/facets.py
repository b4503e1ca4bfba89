"""The values by which the index counts what it finds: those of some columns, as the columns have them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from equipoise.records.study import Study
from equipoise.store.columns import CATEGORIES, LISTS

# A value that stands for none stated. The index knows no empty text.
SILENT = "-"

# The columns that are counted: those of the filters (`equipoise.find.filters`).
FACETS = ("status", "phase", "type", "age_group", "sex", "healthy", "intervention", "country", "sponsor", "results")


def facet_field(name: str) -> str:
    """Return where the index has the values of a facet.

    >>> facet_field("phase")
    'facet_phase'
    """
    return f"facet_{name}"


def facet_values(study: Study) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield each facet's name and its values in a study."""
    for name, category in CATEGORIES:
        if name in FACETS:
            yield name, (category(study) or SILENT,)
    for name, several in LISTS:
        if name in FACETS:
            yield name, tuple(several(study)) or (SILENT,)
