"""
The registry's search areas, from the table ``terms/data/areas.tsv``.

An area is a set of fields that are searched together, each with a weight that says how much a
match in it tells. A part is one row: fields that share weight, type and treatment of synonyms.
Areas, weights and parameters are those of the ClinicalTrials.gov search areas. Besides the areas
named here every single field is an area of its own, by its piece name.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import groupby

import msgspec

from equipoise.terms.fields import field
from equipoise.terms.tables import read_table

# The area that is searched where none is named.
BASIC = "BasicSearch"


class Part(msgspec.Struct, frozen=True):
    """Fields of one area that weigh the same. ``synonyms``: other words for what is sought are sought too.

    ``type`` is that of the fields, an enumeration's name where ``is_enum``.
    """

    pieces: tuple[str, ...]
    weight: float
    type: str
    is_enum: bool
    synonyms: bool


class Area(msgspec.Struct, frozen=True):
    """
    One search area.

    ``param`` is the parameter that searches it and ``label`` what forms call it; both may be empty.
    """

    name: str
    param: str
    label: str
    parts: tuple[Part, ...]

    def weights(self) -> Iterator[tuple[str, float]]:
        """Yield every field of the area with its weight, the weightiest first."""
        return ((piece, part.weight) for part in self.parts for piece in part.pieces)


@cache
def areas() -> dict[str, Area]:
    """Return every search area by its name, in the registry's order.

    >>> areas()["ConditionSearch"].param
    'query.cond'
    >>> next(areas()["ConditionSearch"].weights())
    ('Condition', 0.95)
    """
    found = {}
    for (name, param, label), rows in groupby(
        read_table("areas"), lambda row: (row["area"], row["parameter"], row["label"])
    ):
        found[name] = Area(name, param, label, tuple(_part(row) for row in rows))
    return found


def _part(row: dict[str, str]) -> Part:
    pieces = tuple(row["pieces"].split())
    first = field(pieces[0])
    return Part(
        pieces=pieces,
        weight=float(row["weight"]),
        type=first.type.removesuffix("[]"),
        is_enum=first.is_enum,
        synonyms="synonyms" in row["flags"],
    )


@cache
def _by_param() -> dict[str, Area]:
    return {area.param: area for area in areas().values() if area.param}


def area_of(param: str) -> Area | None:
    """Return the area that a parameter searches, or None.

    >>> area_of("query.locn").name
    'LocationSearch'
    """
    return _by_param().get(param)
