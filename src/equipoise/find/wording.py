"""A search expression in English, so that a reader sees what was understood."""

from __future__ import annotations

from equipoise.errors import QueryError
from equipoise.find.essie import parse_expression, whole_text
from equipoise.find.expressions import (
    Both,
    Bounds,
    Covered,
    Either,
    Everything,
    Expression,
    Missing,
    Tilted,
    Together,
    Widened,
    Within,
    Without,
    Words,
)
from equipoise.find.targets import find_target
from equipoise.find.values import find_choice
from equipoise.records.dates import PartialDate
from equipoise.terms.enums import term

_WIDENED = {
    "None": "letter for letter",
    "Term": "as one term",
    "Concept": "as one term or under another name",
    "Relaxation": "",
    "Lossy": "or some of these words",
}
_COVERED = {
    "Contains": "",
    "StartsWith": "at its beginning",
    "EndsWith": "at its end",
    "FullMatch": "and nothing else",
}


def describe_text(text: str) -> str:
    """Return what an expression says, in English; one that cannot be read is returned as it is.

    >>> describe_text('heart attack AND NOT AREA[Phase]PHASE1')
    '“heart attack” and not (phase: Phase 1)'
    """
    try:
        expression = parse_expression(text)
    except QueryError:
        return whole_text(text)
    return describe_expression(expression) if expression is not None else text


def describe_expression(expression: Expression) -> str:
    """Return what an expression says, in English."""
    return _said(expression, "")


def _inner(node: Expression, where: str) -> str:
    said = _said(node, where)
    return f"({said})" if isinstance(node, Both | Either) else said


def _said(node: Expression, where: str) -> str:
    if isinstance(node, Both):
        return " and ".join(_inner(part, where) for part in node.parts)
    if isinstance(node, Either):
        return " or ".join(_inner(part, where) for part in node.parts)
    if isinstance(node, Without):
        said = _inner(node.part, where)
        return f"not {said}" if said.startswith(("(", "“", '"')) else f"not ({said})"
    if isinstance(node, Within):
        return _within(node, where)
    if isinstance(node, Together):
        return f"at one site: {_inner(node.part, where)}" if node.scope == "Location" else _said(node.part, where)
    if isinstance(node, Widened):
        return " ".join(part for part in (_inner(node.part, where), _WIDENED[node.how]) if part)
    if isinstance(node, Covered):
        return " ".join(part for part in (_inner(node.part, where), _COVERED[node.how]) if part)
    if isinstance(node, Tilted):
        return _said(node.part, where)
    return _leaf(node)


def _leaf(node: Words | Bounds | Missing | Everything) -> str:
    if isinstance(node, Words):
        return f'"{node.text}"' if node.quoted else f"“{node.text}”"
    if isinstance(node, Bounds):
        return _bounds(node)
    return "not stated" if isinstance(node, Missing) else "anything"


def _end(value: str) -> str:
    try:
        return PartialDate(value).words()
    except ValueError:
        return value


def _bounds(node: Bounds) -> str:
    if node.low is None:
        return "any" if node.high is None else f"up to {_end(node.high)}"
    return f"{_end(node.low)} or more" if node.high is None else f"{_end(node.low)} to {_end(node.high)}"


def _within(node: Within, where: str) -> str:
    found = find_target(node.name)
    if found is None:
        return _said(node.part, where)
    label = found.label[0].lower() + found.label[1:] if not found.label[:2].isupper() else found.label
    if node.sized:
        return f"number of {label}: {_inner(node.part, label)}"
    if found.field is not None and found.field.enum and isinstance(node.part, Words):
        value = find_choice(found.field, node.part.text)
        return f"{label}: {term(found.field.enum, value).short if value else node.part.text}"
    return f"{label}: {_inner(node.part, label)}"
