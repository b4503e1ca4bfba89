"""Addresses that describe records and the library: their fields, areas, enumerations and version."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from equipoise.app.api_v2.serving import answer_json, asked_of, shelf_of
from equipoise.terms.areas import Area, areas
from equipoise.terms.enums import enumerations
from equipoise.terms.fields import Field, field_names, fields

API_VERSION = "2.0.5"

DEFINITIONS = "https://clinicaltrials.gov/policy/"
_NEEDS = {"required": "Required", "conditional": "Conditionally Required"}


class Link(msgspec.Struct, frozen=True):
    """A page of the registry's that defines a field."""

    label: str
    url: str


class FieldNode(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """A field, with those that it holds. Titles and descriptions are ours."""

    name: str
    piece: str
    title: str
    source_type: str
    type: str
    is_enum: bool = False
    max_chars: int | None = None
    synonyms: bool = False
    nested: bool = False
    description: str | None = None
    rules: str | None = None
    ded_link: Link | None = None
    alt_piece_names: tuple[str, ...] = ()
    children: tuple[FieldNode, ...] = ()


class PartNode(msgspec.Struct, frozen=True, rename="camel"):
    """Fields of an area that weigh the same."""

    pieces: tuple[str, ...]
    type: str
    is_enum: bool
    is_synonyms: bool
    weight: float


class AreaNode(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """A search area."""

    name: str
    param: str = ""
    ui_label: str = ""
    parts: tuple[PartNode, ...] = ()


class DocumentNode(msgspec.Struct, frozen=True):
    """What can be searched: studies, by areas."""

    name: str
    areas: tuple[AreaNode, ...]


class ValueNode(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """A value of an enumeration, with the registry's label and the labels that some fields have instead."""

    value: str
    legacy_value: str
    exceptions: dict[str, str] = {}


class EnumNode(msgspec.Struct, frozen=True):
    """An enumeration, and the fields that have it."""

    type: str
    pieces: tuple[str, ...]
    values: tuple[ValueNode, ...]


class Version(msgspec.Struct, frozen=True, rename="camel"):
    """The version of the API, and when the data were made (UTC)."""

    api_version: str
    data_timestamp: str


def _node(one: Field, children: dict[str, list[Field]]) -> FieldNode:
    names = field_names(one.piece)
    return FieldNode(
        name=one.name,
        piece=one.piece,
        title=one.label,
        source_type=f"{one.kind.upper()} {names.worked_out}".strip(),
        type=one.type,
        is_enum=one.is_enum,
        max_chars=one.max_chars,
        synonyms=one.synonyms,
        nested=one.nested,
        description=one.help or None,
        rules=_NEEDS.get(names.need),
        ded_link=Link(one.label, DEFINITIONS + names.definition) if names.definition else None,
        alt_piece_names=names.also,
        children=tuple(_node(child, children) for child in children.get(one.path, ())),
    )


@cache
def field_tree() -> tuple[FieldNode, ...]:
    """Return every field of a record, as a tree."""
    children: dict[str, list[Field]] = {}
    for one in fields():
        children.setdefault(one.path.rpartition(".")[0], []).append(one)
    return tuple(_node(one, children) for one in children[""])


def _area(area: Area) -> AreaNode:
    parts = tuple(
        PartNode(part.pieces, part.type, part.is_enum, part.synonyms, part.weight) for part in area.parts
    )  # fmt: skip
    return AreaNode(area.name, area.param, area.label, parts)


@cache
def enum_nodes() -> tuple[EnumNode, ...]:
    """Return every enumeration with its fields."""
    return tuple(
        EnumNode(
            type=name,
            pieces=tuple(one.piece for one in fields() if one.enum == name),
            values=tuple(ValueNode(one.value, one.label, one.exceptions) for one in terms.values()),
        )
        for name, terms in enumerations().items()
    )


def data_timestamp(made: str) -> str:
    """Return when an edition was made as the API writes it.

    >>> data_timestamp("2026-01-15T10:00:05+01:00")
    '2026-01-15T09:00:05'
    """
    moment = datetime.fromisoformat(made)
    return (moment.astimezone(UTC) if moment.tzinfo else moment).strftime("%Y-%m-%dT%H:%M:%S")


def show_metadata(request: Request) -> Response:
    """Answer with every field."""
    asked_of("metadata", request)
    return answer_json(request, field_tree())


def show_areas(request: Request) -> Response:
    """Answer with the search areas."""
    asked_of("areas", request)
    return answer_json(request, [DocumentNode("Study", tuple(_area(one) for one in areas().values()))])


def show_enums(request: Request) -> Response:
    """Answer with the enumerations."""
    asked_of("enums", request)
    return answer_json(request, enum_nodes())


def show_version(request: Request) -> Response:
    """Answer with the version of the API and of the data."""
    asked_of("version", request)
    made = shelf_of(request).library().edition.made
    return answer_json(request, Version(API_VERSION, data_timestamp(made)))
