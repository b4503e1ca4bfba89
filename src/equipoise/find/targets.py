"""Where a clause searches: a search area, or a field by its piece name or its path, with weights."""

from __future__ import annotations

from functools import cache

import msgspec

from equipoise.errors import QueryError
from equipoise.find.suggest import meant
from equipoise.store.index import NAMES, REST
from equipoise.store.pieces import is_searched
from equipoise.terms.areas import BASIC, areas
from equipoise.terms.fields import Field, field, fields


class Target(msgspec.Struct, frozen=True):
    """Fields that are searched together, each with its weight; ``field`` is set where it is one field alone.

    ``synonyms``: the fields in which other words for the same thing are sought too. ``piece`` is the field or
    branch of the record that is named; an area of several fields has none. ``together``: the fields of the index
    that hold all its words, the words of ``synonyms`` in the first; none where each is sought by itself.
    """

    name: str
    label: str
    weights: tuple[tuple[str, float], ...]
    synonyms: frozenset[str]
    field: Field | None = None
    piece: str = ""
    together: tuple[str, ...] = ()

    @property
    def stated(self) -> tuple[str, ...]:
        """The fields of which one at least must be stated for the target to be."""
        return (self.piece,) if self.piece else tuple(piece for piece, _ in self.weights)


DEFAULT = BASIC


@cache
def _area(name: str) -> Target:
    area = areas()[name]
    known = frozenset(piece for part in area.parts if part.synonyms for piece in part.pieces)
    together = (NAMES, REST) if name == BASIC else ()
    return Target(name, area.label or name, tuple(area.weights()), known, together=together)


@cache
def _names() -> dict[str, str]:
    """Return every name under which something can be searched, by its lower case."""
    names = {field.path.lower(): field.piece for field in fields()}
    names |= {field.piece.lower(): field.piece for field in fields()}
    return names | {name.lower(): name for name in areas()}


@cache
def _leaves(piece: str) -> tuple[Field, ...]:
    """Return the fields with words in a branch of the record."""
    stem = field(piece).path + "."
    return tuple(one for one in fields() if one.path.startswith(stem) and is_searched(one))


@cache
def _of_field(piece: str) -> Target:
    known = field(piece)
    inside = _leaves(piece) if known.is_struct else (known,)
    other_words = frozenset(one.piece for one in inside if one.synonyms)
    weights = tuple((one.piece, 1.0) for one in inside)
    return Target(piece, known.label, weights, other_words, None if known.is_struct else known, piece)


def find_target(name: str) -> Target | None:
    """Return where *name* says to search, or None; case does not matter.

    >>> find_target("conditionsearch").weights[0], find_target("briefTitle").label, find_target("Title")
    (('Condition', 0.95), 'Brief title', None)
    """
    known = _names().get(name.lower())
    if known is None:
        return None
    return _area(known) if known in areas() else _of_field(known)


def target(name: str, *, text: str, span: tuple[int, int]) -> Target:
    """Return where *name* says to search; *text* and *span* say where it is named.

    Raises:
        QueryError: nothing is known by that name; the nearest names are given.
    """
    found = find_target(name)
    if found is not None:
        return found
    known = [*areas(), *(one.piece for one in fields())]
    raise QueryError(
        f"Unknown area name: `{name[:60]}`",
        text=text,
        span=span,
        next=meant(name, known) or "Names are those of search areas (ConditionSearch) and fields (BriefTitle).",
    )
