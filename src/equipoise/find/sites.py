"""
Clauses that must hold of one and the same site.

Cities, states, countries, postal codes and statuses of sites have columns; whatever else is asked of
a site is read from the records of those studies in which it may hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

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
    Span,
    Together,
    Widened,
    Widening,
    Within,
    Without,
    Words,
)
from equipoise.find.reading import covers, read_rows
from equipoise.find.targets import Target, find_target, target
from equipoise.find.values import read_choice
from equipoise.store.columns import Columns
from equipoise.store.index import words
from equipoise.store.library import Library
from equipoise.store.pieces import values_at
from equipoise.terms.countries import country_name
from equipoise.terms.fields import field

if TYPE_CHECKING:
    from equipoise.find.evaluate import Context, Evaluator

Mask = npt.NDArray[np.bool_]

_COLUMNS = {
    "LocationCity": "site_city",
    "LocationState": "site_state",
    "LocationCountry": "site_country",
    "LocationZip": "site_zip",
    "LocationStatus": "site_status",
}
_SITE = "Location"

# The words of each name in a column: a registry has some hundred thousand cities and postal codes.
_stems: WeakKeyDictionary[Columns, dict[str, list[list[str]]]] = WeakKeyDictionary()


def _is_under(piece: str, struct: str) -> bool:
    return field(piece).path.startswith(field(struct).path + ".")


class _Sites:
    """Evaluates one expression of sites; ``text`` is what it was read from."""

    def __init__(self, library: Library, text: str) -> None:
        self._library = library
        self._text = text

    def target(self, node: Within) -> Target:
        """Return where a clause searches, which must be fields of a site."""
        found = target(node.name, text=self._text, span=node.name_span)
        if not all(_is_under(piece, _SITE) for piece, _ in found.weights):
            raise QueryError(
                f"{node.name} is not a field of a site",
                text=self._text,
                span=node.name_span,
                next="Within SEARCH[Location] use LocationCity, LocationState, LocationCountry, LocationStatus, "
                "LocationFacility, LocationZip, or LocationSearch.",
            )
        return found

    def has_columns(self, node: Expression, at: Target) -> bool:
        """Return whether columns suffice."""
        if isinstance(node, Within):
            return self.has_columns(node.part, self.target(node))
        if isinstance(node, Both | Either):
            return all(self.has_columns(part, at) for part in node.parts)
        if isinstance(node, Without | Widened):
            return not (isinstance(node, Widened) and node.how == "None") and self.has_columns(node.part, at)
        if isinstance(node, Covered):
            return node.how == "Contains" and self.has_columns(node.part, at)
        return isinstance(node, Everything) or all(piece in _COLUMNS for piece, _ in at.weights)

    def mask(self, node: Expression, at: Target) -> Mask:
        """Return of which sites, end to end, a clause holds."""
        columns = self._library.columns
        size = len(columns.ragged["site_status"].values)
        if isinstance(node, Within):
            return self.mask(node.part, self.target(node))
        if isinstance(node, Both):
            return np.logical_and.reduce([self.mask(part, at) for part in node.parts])  # type: ignore[no-any-return]
        if isinstance(node, Either):
            return np.logical_or.reduce([self.mask(part, at) for part in node.parts])  # type: ignore[no-any-return]
        if isinstance(node, Without):
            return ~self.mask(node.part, at)
        if isinstance(node, Widened | Covered):
            return self.mask(node.part, at)
        if isinstance(node, Everything):
            return np.ones(size, bool)
        if isinstance(node, Missing):
            missing = [columns.ragged[_COLUMNS[piece]].values == 0 for piece, _ in at.weights]
            return np.logical_and.reduce(missing)  # type: ignore[no-any-return]
        if isinstance(node, Words):
            return np.logical_or.reduce([self._words(piece, node) for piece, _ in at.weights])  # type: ignore[no-any-return]
        raise self._no_limits(node.span)

    def _no_limits(self, span: Span) -> QueryError:
        return QueryError(
            "A site has no dates or numbers", text=self._text, span=span, next="Leave RANGE out of SEARCH[Location]."
        )

    def _words(self, piece: str, node: Words) -> Mask:
        columns, name = self._library.columns, _COLUMNS[piece]
        names = columns.names[name]
        known = np.zeros(len(names) + 1, bool)
        if field(piece).is_enum:
            value = read_choice(field(piece), node.text, text=self._text, span=node.span)
            if (code := columns.code(name, value)) is not None:
                known[code] = True
        else:
            asked = [words(node.text)]
            if piece == "LocationCountry":
                asked.append(words(country_name(node.text)))
            for code, stems in enumerate(self._stems(name)):
                known[code] = any(_has(stems, one) for one in asked)
        mask: Mask = known[columns.ragged[name].values]
        return mask

    def _stems(self, name: str) -> list[list[str]]:
        columns = self._library.columns
        cached = _stems.setdefault(columns, {})
        if name not in cached:
            cached[name] = [words(text) for text in columns.names[name]]
        return cached[name]

    def holds(self, node: Expression, at: Target, site: dict[str, Any], how: tuple[Covering, Widening]) -> bool:
        """Return whether a clause holds of one site of a record."""
        if isinstance(node, Within):
            return self.holds(node.part, self.target(node), site, how)
        if isinstance(node, Both):
            return all(self.holds(part, at, site, how) for part in node.parts)
        if isinstance(node, Either):
            return any(self.holds(part, at, site, how) for part in node.parts)
        if isinstance(node, Without):
            return not self.holds(node.part, at, site, how)
        if isinstance(node, Widened):
            return self.holds(node.part, at, site, (how[0], node.how))
        if isinstance(node, Covered):
            return self.holds(node.part, at, site, (node.how, how[1]))
        if isinstance(node, Everything):
            return True
        if isinstance(node, Bounds):
            raise self._no_limits(node.span)
        values = {piece: list(values_at(site, _below(piece))) for piece, _ in at.weights}
        if isinstance(node, Missing):
            return not any(values.values())
        assert isinstance(node, Words)
        return any(self._is_said(piece, str(value), node, how) for piece, all_ in values.items() for value in all_)

    def _is_said(self, piece: str, value: str, node: Words, how: tuple[Covering, Widening]) -> bool:
        if field(piece).is_enum:
            return value == read_choice(field(piece), node.text, text=self._text, span=node.span)
        apart = not node.quoted and how[1] in ("Relaxation", "Lossy")
        return covers(value, node.text, covering=how[0], widening=how[1], apart=apart)


def _below(piece: str) -> str:
    return field(piece).path.removeprefix(field(_SITE).path + ".")


def _has(stems: list[str], asked: list[str]) -> bool:
    size = len(asked)
    return bool(size) and any(stems[place : place + size] == asked for place in range(len(stems) - size + 1))


def at_one_site(evaluator: Evaluator, node: Together, context: Context, *, library: Library, text: str) -> Mask:
    """Return in which rows a clause holds of one and the same site.

    Raises:
        QueryError: a field that is no site's is asked for, or too many records would have to be read.
    """
    sites = _Sites(library, text)
    at = find_target("LocationSearch")
    assert at is not None
    if sites.has_columns(node.part, at):
        found = sites.mask(node.part, at)
        offsets = library.columns.ragged["site_status"].offsets
        before = np.concatenate(([0], np.cumsum(found)))
        mask: Mask = before[offsets[1:]] > before[offsets[:-1]]
        return mask
    outer = type(context)(at, context.widening, context.covering)
    rows = evaluator.loosely(_without_nots(node.part), outer)

    def holds(document: dict[str, Any]) -> bool:
        return any(
            sites.holds(node.part, at, site, (context.covering, context.widening))
            for site in values_at(document, field(_SITE).path)
        )

    return read_rows(library, rows, holds, text=text, span=node.span)


def _without_nots(node: Expression) -> Expression:
    """Return a clause that holds wherever *node* holds of some site: what must not be of a site may be of another."""
    if isinstance(node, Without | Missing):
        return Everything(node.span)
    if isinstance(node, Both):
        return Both(tuple(_without_nots(part) for part in node.parts), node.span)
    if isinstance(node, Either):
        return Either(tuple(_without_nots(part) for part in node.parts), node.span)
    if isinstance(node, Within):
        return Within(node.name, _without_nots(node.part), node.span, node.name_span, node.sized)
    if isinstance(node, Covered):
        return _without_nots(node.part)
    if isinstance(node, Widened):
        return Widened(node.how, _without_nots(node.part), node.span)
    return node
