"""
Answer an expression: what the index finds, and what columns and records keep of it.

A clause is a query of the index, a mask over the rows, or both, when both must hold. Words become
queries, so that they rank; limits on dates, numbers and ages, and clauses that are bound to one
site, become masks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import tantivy

from equipoise.errors import QueryError
from equipoise.find.essie import whole_text
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
    Tilted,
    Together,
    Widened,
    Widening,
    Within,
    Without,
    Words,
)
from equipoise.find.ranges import COLUMNS, kind_of, lies_within, read_limits, sizes, within
from equipoise.find.reading import covers, read_rows
from equipoise.find.sites import at_one_site
from equipoise.find.synonyms import Synonyms
from equipoise.find.targets import DEFAULT, Target, find_target, target
from equipoise.find.textual import Terms, all_of, all_studies, any_of, none_of, stated, whole
from equipoise.find.values import read_choice
from equipoise.store.index import WHOLES
from equipoise.store.library import Library
from equipoise.store.pieces import is_searched, values_at
from equipoise.terms.enums import enumerations
from equipoise.terms.fields import field
from equipoise.terms.lexicon import Lexicon

Mask = npt.NDArray[np.bool_]


class Clause(msgspec.Struct, frozen=True):
    """What must hold of a study: that the index finds it, and that its row is in the mask; None asks nothing."""

    query: tantivy.Query | None = None
    mask: Mask | None = None


class Context(msgspec.Struct, frozen=True):
    """What the operators around a clause say about it."""

    target: Target
    widening: Widening = "Relaxation"
    covering: Covering = "Contains"
    sized: bool = False


class Evaluator:
    """Answers the expressions of one search of one edition."""

    def __init__(
        self, library: Library, lexicon: Lexicon, dropped: frozenset[str] = frozenset(), *, ranked: bool = True
    ) -> None:
        self._library = library
        self._terms = Terms(lexicon, dropped, library.taught, ranked=ranked)
        self._text = ""

    @property
    def synonyms(self) -> tuple[Synonyms, ...]:
        """The other words that were searched for, in order."""
        return tuple(self._terms.synonyms.values())

    @property
    def marks(self) -> frozenset[str]:
        """The words that a study was found by, as the index knows them."""
        return frozenset(self._terms.marks)

    def answer(self, expression: Expression, text: str, area: str = DEFAULT) -> Clause:
        """Return what must hold of a study; *text* is what the expression was read from.

        Raises:
            QueryError: an area, field, value or operator is not known.
        """
        self._text = whole_text(text)
        known = find_target(area)
        assert known is not None
        return self._clause(expression, Context(known))

    def _clause(self, node: Expression, context: Context) -> Clause:
        if isinstance(node, Words):
            return self._words(node, context)
        if isinstance(node, Bounds):
            return self._bounds(node, context)
        if isinstance(node, Everything):
            return self._everything(context)
        if isinstance(node, Missing):
            return Clause(none_of([stated(piece) for piece in context.target.stated]))
        if isinstance(node, Both):
            return self._both([self._clause(part, context) for part in node.parts])
        if isinstance(node, Either):
            return self._either([self._clause(part, context) for part in node.parts])
        if isinstance(node, Without):
            return self._without(node, context)
        if isinstance(node, Within):
            found = target(node.name, text=self._text, span=node.name_span)
            return self._clause(node.part, msgspec.structs.replace(context, target=found, sized=node.sized))
        if isinstance(node, Widened):
            return self._clause(node.part, msgspec.structs.replace(context, widening=node.how))
        if isinstance(node, Covered):
            return self._clause(node.part, msgspec.structs.replace(context, covering=node.how))
        if isinstance(node, Together):
            return self._together(node, context)
        assert isinstance(node, Tilted)
        raise self._error(
            "TILT is not answered", node.span, "It changes no finding, only the order: leave it out, or sort."
        )

    def _error(self, problem: str, span: Span, next: str) -> QueryError:
        return QueryError(problem, text=self._text, span=span, next=next)

    def rows(self, query: tantivy.Query) -> npt.NDArray[Any]:
        """Return the rows that the index finds."""
        return self._library.columns.rows(self._library.index.hits(query)[0])

    def mask(self, node: Expression, context: Context) -> Mask:
        """Return the rows in which an expression holds."""
        return self._mask(self._clause(node, context))

    def _mask(self, clause: Clause) -> Mask:
        """Return the rows in which a clause holds."""
        if clause.query is None:
            assert clause.mask is not None
            return clause.mask
        found = np.zeros(len(self._library), bool)
        found[self.rows(clause.query)] = True
        return found if clause.mask is None else found & clause.mask

    @staticmethod
    def _both(clauses: list[Clause]) -> Clause:
        queries = [one.query for one in clauses if one.query is not None]
        masks = [one.mask for one in clauses if one.mask is not None]
        return Clause(all_of(queries) if queries else None, np.logical_and.reduce(masks) if masks else None)

    def _either(self, clauses: list[Clause]) -> Clause:
        if all(one.mask is None for one in clauses):
            return Clause(any_of([one.query for one in clauses if one.query is not None]))
        return Clause(None, np.logical_or.reduce([self._mask(one) for one in clauses]))

    def _without(self, node: Without, context: Context) -> Clause:
        marks = set(self._terms.marks)
        clause = self._clause(node.part, context)
        self._terms.marks = marks  # nothing is found by words that must not be there
        if clause.mask is None and clause.query is not None:
            return Clause(none_of([clause.query]))
        return Clause(None, ~self._mask(clause))

    @staticmethod
    def _everything(context: Context) -> Clause:
        known = context.target.field
        if known is not None and known.enum and "ALL" in enumerations()[known.enum]:
            return Clause(whole(known.piece, "ALL"))  # a study for all sexes
        return Clause(all_studies())

    def _words(self, node: Words, context: Context) -> Clause:
        known = context.target.field
        if context.sized:
            return self._sizes(Bounds(node.text, node.text, node.span), context)
        if known is not None and (known.is_enum or known.type == "boolean"):
            value = read_choice(known, node.text, text=self._text, span=node.span)
            return Clause(whole(known.piece, value))
        if known is not None and kind_of(known):
            return self._bounds(Bounds(node.text, node.text, node.span), context)
        if not context.target.weights or (known is not None and known.kind == "func"):
            raise self._error(
                f"{context.target.name} holds no words", node.span, "Write MISSING, or name a field with words."
            )
        if known is not None and not is_searched(known):
            return self._read(node, context, Clause(stated(known.piece)))
        return self._text_words(node, context)

    def _text_words(self, node: Words, context: Context) -> Clause:
        weights = context.target.weights
        if context.covering == "FullMatch" and context.widening != "None" and all(one in WHOLES for one, _ in weights):
            return Clause(any_of([whole(piece, node.text, weight) for piece, weight in weights]))
        if context.covering == "Contains" and context.widening != "None":
            return Clause(self._terms.query(node, context.target, context.widening))
        return self._read(node, context, Clause(self._terms.query(node, context.target, "Term")))

    def _read(self, node: Words, context: Context, among: Clause) -> Clause:
        """Return the studies among some whose own words are as they are wanted."""
        paths = tuple(field(piece).path for piece, _ in context.target.weights)

        def holds(document: dict[str, Any]) -> bool:
            return any(
                covers(str(value), node.text, context.covering, context.widening)
                for path in paths
                for value in values_at(document, path)
            )

        return Clause(among.query, self._rows_read(np.flatnonzero(self._mask(among)), holds, paths, node.span))

    def _rows_read(
        self, rows: npt.NDArray[Any], holds: Callable[[dict[str, Any]], bool], paths: tuple[str, ...], span: Span
    ) -> Mask:
        return read_rows(self._library, rows, holds, paths=paths, text=self._text, span=span)

    def _bounds(self, node: Bounds, context: Context) -> Clause:
        known = context.target.field
        if context.sized:
            return self._sizes(node, context)
        if known is None or not kind_of(known):
            raise self._error(
                "RANGE needs a field of dates, numbers or ages",
                node.span,
                f"Write AREA[StartDate] before it; {context.target.name} has words.",
            )
        limits = read_limits(node.low, node.high, kind_of(known), text=self._text, span=node.span)
        if known.piece in COLUMNS:
            return Clause(None, within(self._library.columns, known, limits))
        kind, path = kind_of(known), known.path

        def holds(document: dict[str, Any]) -> bool:
            return any(lies_within(value, kind, limits) for value in values_at(document, path))

        return Clause(None, self._rows_read(self.rows(stated(known.piece)), holds, (path,), node.span))

    def _sizes(self, node: Bounds, context: Context) -> Clause:
        """Return the studies that have so many values of a field, or so many objects of a list."""
        limits = read_limits(node.low, node.high, "number", text=self._text, span=node.span)
        name = context.target.piece
        if not name:
            raise self._error("Values are counted in one field", node.span, "Name the field: AREA[Condition:size].")
        counts = sizes(self._library.columns, name)
        if counts is not None:
            return Clause(None, (counts >= limits.low) & (counts <= limits.high))
        path = field(name).path
        silent = limits.low <= 0
        rows = np.arange(len(self._library)) if silent else self.rows(stated(name))

        def holds(document: dict[str, Any]) -> bool:
            return limits.low <= sum(1 for _ in values_at(document, path)) <= limits.high

        return Clause(None, self._rows_read(rows, holds, (path,), node.span))

    def _together(self, node: Together, context: Context) -> Clause:
        if node.scope == "Study":
            return self._clause(node.part, context)
        return Clause(None, at_one_site(self, node, context, library=self._library, text=self._text))
