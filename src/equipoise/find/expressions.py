"""
What a search expression says: the tree that `equipoise.find.essie` reads and `equipoise.find.evaluate` answers.

Each node keeps its ``span`` in the text that was read, so that an error or an explanation can point at it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

Span = tuple[int, int]

Widening = Literal["None", "Term", "Concept", "Relaxation", "Lossy"]
Scope = Literal["Location", "Study"]
Covering = Literal["Contains", "StartsWith", "EndsWith", "FullMatch"]


class Words(msgspec.Struct, frozen=True):
    """Words side by side; ``quoted``: they must be found so, and stand for nothing else."""

    text: str
    span: Span
    quoted: bool = False


class Bounds(msgspec.Struct, frozen=True):
    """Whatever lies between two values, ends included; None is no bound."""

    low: str | None
    high: str | None
    span: Span


class Missing(msgspec.Struct, frozen=True):
    """Studies that do not state the field."""

    span: Span


class Everything(msgspec.Struct, frozen=True):
    """All studies."""

    span: Span


class Both(msgspec.Struct, frozen=True):
    """All of these."""

    parts: tuple[Expression, ...]
    span: Span


class Either(msgspec.Struct, frozen=True):
    """One or more of these."""

    parts: tuple[Expression, ...]
    span: Span


class Without(msgspec.Struct, frozen=True):
    """All studies but these."""

    part: Expression
    span: Span


class Within(msgspec.Struct, frozen=True):
    """What is searched for in one field or search area; ``name_span`` is where it is named.

    ``sized``: not the field's values are asked for but how many there are.
    """

    name: str
    part: Expression
    span: Span
    name_span: Span
    sized: bool = False


class Together(msgspec.Struct, frozen=True):
    """Clauses that hold of one object: of one site (``Location``), or of the study."""

    scope: Scope
    part: Expression
    span: Span


class Widened(msgspec.Struct, frozen=True):
    """How far the words may be widened."""

    how: Widening
    part: Expression
    span: Span


class Covered(msgspec.Struct, frozen=True):
    """How much of a field's value the words must be."""

    how: Covering
    part: Expression
    span: Span


class Tilted(msgspec.Struct, frozen=True):
    """What ranks higher by a field; it finds the same."""

    name: str
    part: Expression
    span: Span
    name_span: Span


Expression = (
    Words | Bounds | Missing | Everything | Both | Either | Without | Within | Together | Widened | Covered | Tilted
)


def nodes(expression: Expression) -> Iterator[Expression]:
    """Yield every node, a parent before its parts."""
    yield expression
    if isinstance(expression, Both | Either):
        for part in expression.parts:
            yield from nodes(part)
    elif isinstance(expression, Without | Within | Together | Widened | Covered | Tilted):
        yield from nodes(expression.part)
