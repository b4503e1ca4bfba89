"""
Clauses that must hold of one and the same site.

Cities, states, countries, postal codes and statuses of sites have columns; whatever else is asked of
a site is read from the records of those studies in which it may hold. Other words for a thing are not
sought in a site.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import msgspec
import numpy as np
import numpy.typing as npt

from equipoise.errors import QueryError
from equipoise.find.expressions import (
    Both,
    Bounds,
    Covered,
    Covering,
    Either,
    Everything,
    Expression,
    Missing,
    Tilted,
    Together,
    Widened,
    Widening,
    Within,
    Without,
    Words,
)
from equipoise.find.reading import covers, in_parts, read_rows
from equipoise.find.targets import Target, find_target, target
from equipoise.find.values import read_choice
from equipoise.store.columns import Columns
from equipoise.store.index import words
from equipoise.store.library import Library
from equipoise.store.pieces import values_at
from equipoise.terms.countries import country_name
from equipoise.terms.enums import term
from equipoise.terms.fields import field
from equipoise.terms.place_names import other_names

if TYPE_CHECKING:
    from equipoise.find.evaluate import Context, Evaluator

Mask = npt.NDArray[np.bool_]

COLUMNS = {
    "LocationCity": "site_city",
    "LocationState": "site_state",
    "LocationCountry": "site_country",
    "LocationZip": "site_zip",
    "LocationStatus": "site_status",
}
_PIECES = {name: piece for piece, name in COLUMNS.items()}
_SITE = "Location"

# The words of each name in a column: a registry has some hundred thousand cities and postal codes.
_stems: WeakKeyDictionary[Columns, dict[str, list[list[str]]]] = WeakKeyDictionary()


class _Leaf(msgspec.Struct, frozen=True):
    """What is asked of the fields of one site; of no fields, nothing. ``choice`` is a value of an enumeration."""

    node: Words | Missing | Everything
    target: Target
    covering: Covering
    widening: Widening
    choice: str | None = None

    @property
    def pieces(self) -> tuple[str, ...]:
        """The fields that decide."""
        if isinstance(self.node, Everything):
            return ()
        return tuple(piece for piece, _ in self.target.weights)


class _All(msgspec.Struct, frozen=True):
    parts: tuple[_Asked, ...]


class _Any(msgspec.Struct, frozen=True):
    parts: tuple[_Asked, ...]


class _None(msgspec.Struct, frozen=True):
    part: _Asked


_Asked = _Leaf | _All | _Any | _None


def _leaves(asked: _Asked) -> list[_Leaf]:
    if isinstance(asked, _Leaf):
        return [asked]
    parts = (asked.part,) if isinstance(asked, _None) else asked.parts
    return [leaf for part in parts for leaf in _leaves(part)]


class _Reader:
    """Reads what an expression asks of a site; ``text`` is what it was read from."""

    def __init__(self, text: str) -> None:
        self._text = text

    def _error(self, problem: str, span: tuple[int, int], next: str) -> QueryError:
        return QueryError(problem, text=self._text, span=span, next=next)

    def _target(self, node: Within) -> Target:
        """Return where a clause searches, which must be fields of a site."""
        found = target(node.name, text=self._text, span=node.name_span)
        if not all(_is_of_site(piece) for piece in found.stated) or not found.weights:
            raise self._error(
                f"{node.name[:60]} is not a field of a site",
                node.name_span,
                "Within SEARCH[Location] use LocationCity, LocationState, LocationCountry, LocationStatus, "
                "LocationFacility, LocationZip, or LocationSearch.",
            )
        if node.sized:
            raise self._error(
                "The values of one site are not counted", node.name_span, "Leave :size out of SEARCH[Location]."
            )
        return found

    def read(self, node: Expression, at: Target, how: tuple[Covering, Widening]) -> _Asked:
        """Return what is asked, with what the operators around each part say about it."""
        if isinstance(node, Both | Either):
            parts = tuple(self.read(part, at, how) for part in node.parts)
            return _All(parts) if isinstance(node, Both) else _Any(parts)
        if isinstance(node, Without):
            return _None(self.read(node.part, at, how))
        if isinstance(node, Within):
            return self.read(node.part, self._target(node), how)
        if isinstance(node, Widened):
            return self.read(node.part, at, (how[0], node.how))
        if isinstance(node, Covered):
            return self.read(node.part, at, (node.how, how[1]))
        if isinstance(node, Words | Missing | Everything):
            return self._leaf(node, at, how)
        raise self._refused(node)

    def _leaf(self, node: Words | Missing | Everything, at: Target, how: tuple[Covering, Widening]) -> _Leaf:
        choice = None
        if isinstance(node, Words) and at.field is not None and at.field.is_enum:
            choice = read_choice(at.field, node.text, text=self._text, span=node.span)
        return _Leaf(node, at, *how, choice)

    def _refused(self, node: Bounds | Together | Tilted) -> QueryError:
        if isinstance(node, Bounds):
            return self._error(
                "Dates and numbers of a site are not compared", node.span, "Leave RANGE out of SEARCH[Location]."
            )
        if isinstance(node, Together):
            return self._error(
                f"SEARCH[{node.scope}] stands in SEARCH[Location]", node.span, "Write it beside it, joined by AND."
            )
        return self._error(
            "TILT is not answered", node.span, "It changes no finding, only the order: leave it out, or sort."
        )


def _is_of_site(piece: str) -> bool:
    return piece == _SITE or field(piece).path.startswith(field(_SITE).path + ".")


def _mask(asked: _Asked, size: int, leaf: Callable[[_Leaf], Mask]) -> Mask:
    """Return where something is so, given where each of its leaves is."""
    if isinstance(asked, _Leaf):
        return leaf(asked)
    if isinstance(asked, _None):
        return ~_mask(asked.part, size, leaf)
    masks = [_mask(part, size, leaf) for part in asked.parts]
    joined: Mask = np.logical_and.reduce(masks) if isinstance(asked, _All) else np.logical_or.reduce(masks)
    return joined


class _InColumns:
    """Says of which sites, end to end, a leaf holds, by the columns alone."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self.size = len(columns.ragged["site_status"].values)

    def mask(self, leaf: _Leaf) -> Mask:
        """Return of which sites a leaf holds."""
        if isinstance(leaf.node, Everything):
            return np.ones(self.size, bool)
        columns = [COLUMNS[piece] for piece in leaf.pieces]
        if isinstance(leaf.node, Missing):
            missing: Mask = np.logical_and.reduce([self._columns.ragged[name].values == 0 for name in columns])
            return missing
        parts = in_parts(leaf.node.text, leaf.covering, leaf.widening, quoted=leaf.node.quoted)
        masks = [np.logical_or.reduce([self._part(leaf, name, part) for name in columns]) for part in parts]
        joined: Mask = (np.logical_or if leaf.widening == "Lossy" else np.logical_and).reduce(masks)
        return joined

    def _part(self, leaf: _Leaf, name: str, part: str) -> Mask:
        known = np.zeros(len(self._columns.names[name]), bool)
        if name == "site_status":
            known[:] = [_is_status(leaf, value, part) for value in self._columns.names[name]]
        else:
            asked = _asked_names(leaf, _PIECES[name], part)
            for code, (value, stems) in enumerate(zip(self._columns.names[name], self._stems(name), strict=True)):
                known[code] = any(covers(value, one, leaf.covering, leaf.widening, stems=stems) for one in asked)
        known[0] = False  # not stated
        mask: Mask = known[self._columns.ragged[name].values]
        return mask

    def _stems(self, name: str) -> list[list[str]]:
        cached = _stems.setdefault(self._columns, {})
        if name not in cached:
            cached[name] = [words(text) for text in self._columns.names[name]]
        return cached[name]


def _is_status(leaf: _Leaf, value: str, part: str) -> bool:
    """Return whether a status is the one that is asked for, or, among other fields, is said so."""
    if leaf.choice is not None:
        return value == leaf.choice
    return bool(value) and covers(term("RecruitmentStatus", value).label, part, leaf.covering, leaf.widening)


def _below(piece: str) -> str:
    return field(piece).path.removeprefix(field(_SITE).path + ".")


def _values(site: dict[str, Any], piece: str) -> list[str]:
    found = [str(value) for value in values_at(site, _below(piece))]
    if piece == "LocationCountry":
        found += [country_name(value) for value in found]
    return found


def _asked_names(leaf: _Leaf, piece: str, part: str) -> set[str]:
    """Return the names by which a site may have what is asked of one of its fields."""
    asked = {part, country_name(part)} if piece == "LocationCountry" else {part}
    exact = leaf.widening in ("None", "Term") or (isinstance(leaf.node, Words) and leaf.node.quoted)
    return asked if exact else asked.union(other_names(piece, part))


def _says(leaf: _Leaf, piece: str, value: str, part: str) -> bool:
    if piece == "LocationStatus":
        return _is_status(leaf, value, part)
    if leaf.choice is not None:
        return value == leaf.choice
    return any(covers(value, one, leaf.covering, leaf.widening) for one in _asked_names(leaf, piece, part))


def _leaf_holds(leaf: _Leaf, site: dict[str, Any]) -> bool:
    if isinstance(leaf.node, Everything):
        return True
    values = [(piece, value) for piece in leaf.pieces for value in _values(site, piece) if value.strip()]
    if isinstance(leaf.node, Missing):
        return not values
    parts = in_parts(leaf.node.text, leaf.covering, leaf.widening, quoted=leaf.node.quoted)
    found = (any(_says(leaf, piece, value, part) for piece, value in values) for part in parts)
    return any(found) if leaf.widening == "Lossy" else all(found)


def _holds(asked: _Asked, site: dict[str, Any]) -> bool:
    """Return whether something holds of one site of a record."""
    if isinstance(asked, _Leaf):
        return _leaf_holds(asked, site)
    if isinstance(asked, _None):
        return not _holds(asked.part, site)
    found = (_holds(part, site) for part in asked.parts)
    return all(found) if isinstance(asked, _All) else any(found)


def _may_hold(asked: _Asked, evaluator: Evaluator, context: Context, rows: Mask) -> Mask:
    """Return in which rows something may hold of a site: what must not be of one may be of another."""
    if isinstance(asked, _None):
        return rows
    if isinstance(asked, _All | _Any):
        masks = [_may_hold(part, evaluator, context, rows) for part in asked.parts]
        joined: Mask = np.logical_and.reduce(masks) if isinstance(asked, _All) else np.logical_or.reduce(masks)
        return joined
    if not isinstance(asked.node, Words):
        return rows
    widening = "Lossy" if asked.widening == "Lossy" else "Relaxation"
    outer = msgspec.structs.replace(context, target=asked.target, widening=widening, covering="Contains")
    return rows & evaluator.mask(asked.node, outer)


def at_one_site(evaluator: Evaluator, node: Together, context: Context, *, library: Library, text: str) -> Mask:
    """Return in which rows a clause holds of one and the same site.

    Raises:
        QueryError: a field that is no site's is asked for, or too many records would have to be read.
    """
    at = context.target if all(_is_of_site(piece) for piece in context.target.stated) else find_target("LocationSearch")
    assert at is not None
    asked = _Reader(text).read(node.part, at, (context.covering, context.widening))
    offsets = library.columns.ragged["site_status"].offsets
    if all(piece in COLUMNS for leaf in _leaves(asked) for piece in leaf.pieces):
        in_columns = _InColumns(library.columns)
        before = np.concatenate(([0], np.cumsum(_mask(asked, in_columns.size, in_columns.mask))))
        mask: Mask = before[offsets[1:]] > before[offsets[:-1]]
        return mask
    path = field(_SITE).path

    def holds(document: dict[str, Any]) -> bool:
        return any(_holds(asked, site) for site in values_at(document, path) if isinstance(site, dict))

    rows = np.flatnonzero(_may_hold(asked, evaluator, context, np.diff(offsets) > 0))
    return read_rows(library, rows, holds, paths=(path,), text=text, span=node.span)
