"""
A record's text by the registry's fields, as the index takes it.

The tree of fields decides what is read; names of the published JSON are not typed here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from equipoise.terms.areas import areas
from equipoise.terms.fields import Field, fields

# What a branch of the tree holds: a field's piece, its own fields by name, and whether its values are taken.
Branch = dict[str, tuple[str, "Branch", bool]]

Pieces = dict[str, list[str]]

# Figures of results are counted in hundreds of thousands, and nobody looks for the study that has a 17.3.
# They are found by reading the records that state them (`equipoise.find.reading`).
_FIGURES = ("Value", "Spread", "Limit", "GroupId", "NumSubjects", "NumUnits", "NumAffected", "NumEvents", "NumAtRisk")

# Long texts that are searched by themselves, whether or not a search area has them.
LONG = ("DetailedDescription", "EligibilityCriteria", "StudyPopulation")


@cache
def tree() -> Branch:
    """Return the fields as a tree by their names in the published JSON."""
    root: Branch = {}
    branches: dict[str, Branch] = {"": root}
    for field in fields():
        parent, _, name = field.path.rpartition(".")
        inside: Branch = {}
        taken = not (_is_text(field) and field.piece.endswith(_FIGURES))
        branches[parent][name] = (field.piece, inside, taken)
        branches[field.path] = inside
    return root


@cache
def ranked() -> tuple[str, ...]:
    """Return the fields that have a field of the index to themselves: those of the search areas, and long ones.

    >>> "BriefTitle" in ranked(), "WhyStopped" in ranked()
    (True, False)
    """
    named = (piece for area in areas().values() for piece, _ in area.weights())
    return tuple(dict.fromkeys([*named, *LONG]))


@cache
def _is_text(field: Field) -> bool:
    return field.kind in ("text", "markup") and field.type not in ("integer", "number", "long", "boolean")


@cache
def is_searched(field: Field) -> bool:
    """Return whether the words of a field are in the index."""
    return _is_text(field) and not field.piece.endswith(_FIGURES)


def read_pieces(document: dict[str, Any]) -> tuple[Pieces, set[str]]:
    """Return what a published record states: texts by field, each text once, and which fields it has.

    Figures of results are not among the texts.
    Numbers, dates and flags are texts as JSON writes them. A field without a value, as null, an empty text or
    an empty list, is not stated, and a branch is stated if something in it is.
    """
    found: dict[str, dict[str, None]] = {}
    stated: set[str] = set()
    _walk(document, tree(), found, stated)
    return {piece: list(texts) for piece, texts in found.items() if texts}, stated


def _walk(value: dict[str, Any], branch: Branch, found: dict[str, dict[str, None]], stated: set[str]) -> bool:
    """Read a branch of a record; return whether it states anything."""
    anything = False
    for name, inner in value.items():
        known = branch.get(name)
        if known is None:
            continue
        piece, below, taken = known
        several = inner if type(inner) is list else (inner,)
        if below:
            says = False
            for one in several:
                if type(one) is dict and _walk(one, below, found, stated):
                    says = True
        else:
            # What is not taken is only stated or not; one value of it says so.
            texts = found.setdefault(piece, {}) if taken else {}
            says = _add(several, texts) or type(inner) is dict
        if says:
            stated.add(piece)
            anything = True
    return anything


def _add(several: Sequence[Any], texts: dict[str, None]) -> bool:
    """Add the texts of a field's values; return whether there is one."""
    for one in several:
        if type(one) is str:
            if one and not one.isspace():
                texts[one] = None
        elif type(one) is bool:
            texts["true" if one else "false"] = None
        elif type(one) is int or type(one) is float:
            texts[str(one)] = None
    return bool(texts)


def values_at(document: dict[str, Any], path: str) -> Iterator[Any]:
    """Yield the values at a path of a record, through all lists on the way.

    >>> list(values_at({"a": [{"b": 1}, {"b": [2, 3]}, {}]}, "a.b"))
    [1, 2, 3]
    """
    names = path.split(".")
    yield from _values(document, names)


def _values(value: Any, names: list[str]) -> Iterator[Any]:
    if isinstance(value, list):
        for one in value:
            yield from _values(one, names)
    elif not names:
        if value is not None:
            yield value
    elif isinstance(value, dict) and names[0] in value:
        yield from _values(value[names[0]], names[1:])


def folded(text: str) -> str:
    """Return a whole value as it is compared: no case, no accents, single spaces.

    >>> folded(" São  Paulo")
    'sao paulo'
    """
    if text.isascii():
        return " ".join(text.lower().split())
    # Some letters have a lower case only once they are taken apart, and some fall apart in lower case.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(mark for mark in plain if not unicodedata.combining(mark)).split())
