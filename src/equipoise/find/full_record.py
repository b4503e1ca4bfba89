"""
Every field of a record, by the field table: nothing that was published stays unseen.

Fields that the table does not know are shown under the name that they were published with.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

import msgspec

from equipoise.records.dates import Age, PartialDate
from equipoise.records.published import read_json
from equipoise.terms.enums import term
from equipoise.terms.fields import Field, field_at

Value = str | int | float | bool | list[Any] | None


class Leaf(msgspec.Struct, frozen=True, tag="leaf"):
    """A field with its values in words. ``markup``: the values are CommonMark."""

    label: str
    help: str
    values: tuple[str, ...]
    path: str
    markup: bool = False


class Branch(msgspec.Struct, frozen=True, tag="branch"):
    """A field that holds others: one group of rows, or one for each of its entries."""

    label: str
    help: str
    groups: tuple[tuple[Node, ...], ...]
    path: str


Node = Leaf | Branch


def _spaced(name: str) -> str:
    """Return a camel-case name as words: ``locations_nested`` → ``Locations nested``."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_", " ", name)
    return words[:1].upper() + words[1:].lower()


def _words(value: Value, known: Field | None) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if known and known.enum and isinstance(value, str):
        return term(known.enum, value).short
    if known and isinstance(value, str) and known.kind in ("date", "time"):
        try:
            return (PartialDate if known.kind == "date" else Age)(value).words()
        except ValueError:  # a date with a time of day; a duration in the registrant's words
            return value
    if isinstance(value, list):
        return msgspec.json.encode(value).decode()
    return str(value)


def _node(name: str, path: str, value: Any, left_out: Collection[str]) -> Node | None:
    if path in left_out or value in (None, "", [], {}):
        return None
    known = field_at(path)
    label, explained = (known.label, known.help) if known else (_spaced(name), "")
    entries = value if isinstance(value, list) else [value]
    markup = known is not None and known.kind == "markup"
    if any(isinstance(entry, dict) for entry in entries):
        # A list may mix objects with others, where no registry made it; each is a group.
        groups = tuple(
            rows
            for entry in entries
            if (
                rows := _nodes(entry, path, left_out)
                if isinstance(entry, dict)
                else (Leaf(label, explained, (_words(entry, known),), path, markup),)
            )
        )
        return Branch(label, explained, groups, path) if groups else None
    return Leaf(label, explained, tuple(_words(entry, known) for entry in entries), path, markup)


def _nodes(tree: dict[str, Any], path: str, left_out: Collection[str]) -> tuple[Node, ...]:
    nodes = (_node(name, f"{path}.{name}" if path else name, value, left_out) for name, value in tree.items())
    return tuple(node for node in nodes if node)


def full_record(document: bytes, *, left_out: Collection[str] = ()) -> tuple[Node, ...]:
    """Return every field of a v2 document, as a tree; paths in *left_out* are passed over."""
    return _nodes(read_json(document), "", left_out)
