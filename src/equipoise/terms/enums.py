"""
The registry's enumerations and how each value is shown, from ``terms/data/enums.tsv``.

``label`` is the registry's display label; ``short`` is what our pages show to readers;
``help`` explains the value in one sentence; ``exceptions`` are other labels that the registry
has in some fields. A value that the table does not know (the
registry adds some now and then) is shown as published, never refused.
"""

from __future__ import annotations

from functools import cache

import msgspec

from equipoise.terms.fields import field
from equipoise.terms.tables import read_table


class Term(msgspec.Struct, frozen=True):
    """One value of an enumeration, with its words."""

    value: str
    label: str
    short: str
    help: str
    exceptions: dict[str, str] = {}


@cache
def enumerations() -> dict[str, dict[str, Term]]:
    """Return every enumeration: its name, and its values in the registry's order."""
    result: dict[str, dict[str, Term]] = {}
    for row in read_table("enums"):
        exceptions = dict(one.split("=") for one in row["exceptions"].split())
        term = Term(row["value"], row["label"], row["short"], row["help"], exceptions)
        result.setdefault(row["type"], {})[row["value"]] = term
    return result


def term(enum: str, value: str) -> Term:
    """Return the words for a value of an enumeration.

    >>> term("Status", "NOT_YET_RECRUITING").short
    'Not yet recruiting'
    >>> term("Status", "PAUSED_FOR_NOW").short
    'Paused for now'
    """
    known = enumerations()[enum].get(value)
    if known is not None:
        return known
    words = value.replace("_", " ").capitalize()
    return Term(value, words, words, "")


def term_of(piece: str, value: str) -> Term:
    """Return the words for a value of the field with this piece name.

    >>> term_of("DesignAllocation", "RANDOMIZED").label
    'Randomized'
    """
    enum = field(piece).enum
    assert enum is not None, f"{piece} is not an enumeration"
    return term(enum, value)


@cache
def _values_by_label(enum: str) -> dict[str, str]:
    return {t.label.casefold(): t.value for t in enumerations()[enum].values()}


def value_of(enum: str, label: str) -> str | None:
    """Return the value that the registry shows as *label*, or None.

    >>> value_of("Status", "Active, not recruiting")
    'ACTIVE_NOT_RECRUITING'
    """
    return _values_by_label(enum).get(label.strip().casefold())
