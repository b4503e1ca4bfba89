"""The JSON schemas of what the API answers, from the table of fields and the records that are encoded."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from equipoise.app.api_v2.describing import DocumentNode, EnumNode, FieldNode, Version, field_tree
from equipoise.find.field_stats import FieldSizes, FieldValues
from equipoise.find.statistics import RecordSizes

Json = dict[str, Any]

_PLAIN: dict[str, Json] = {
    "boolean": {"type": "boolean"},
    "integer": {"type": "integer"},
    "long": {"type": "integer"},
    "number": {"type": "number"},
    "GeoPoint": {
        "type": "object",
        "properties": {"lat": {"type": "number"}, "lon": {"type": "number"}},
        "required": ["lat", "lon"],
    },
}


def reference(name: str) -> Json:
    """Return the reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def _schema(node: FieldNode) -> Json:
    """Return the schema of a field. Values of enumerations are not closed: the registry adds some now and then."""
    plain = node.type.removesuffix("[]")
    schema = reference(plain) if node.children else dict(_PLAIN.get(plain, {"type": "string"}))
    if node.type.endswith("[]"):
        schema = {"type": "array", "items": schema}
    return schema


def _collect(nodes: tuple[FieldNode, ...], into: dict[str, Json]) -> None:
    for node in nodes:
        if node.children:
            properties = into.setdefault(node.type.removesuffix("[]"), {"type": "object", "properties": {}})
            properties["properties"] |= {child.name: _schema(child) for child in node.children}
            _collect(node.children, into)


@cache
def study_schemas() -> dict[str, Json]:
    """Return the schemas of a study and of all that it holds; no field is required, and others may be there."""
    found: dict[str, Json] = {}
    _collect(field_tree(), found)
    found["Study"] = {"type": "object", "properties": {node.name: _schema(node) for node in field_tree()}}
    found["PagedStudies"] = {
        "type": "object",
        "properties": {
            "totalCount": {"type": "integer", "minimum": 0},
            "studies": {"type": "array", "items": reference("Study")},
            "nextPageToken": {"type": "string"},
        },
        "required": ["studies"],
    }
    return found


def _without_null(schema: Any) -> Any:
    """Return a schema in which what may be absent is of its own type alone: OpenAPI 3.0 has no type null."""
    if isinstance(schema, list):
        return [_without_null(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    cleaned = {name: _without_null(value) for name, value in schema.items() if name not in ("default", "title")}
    several = cleaned.get("anyOf")
    if several is not None:
        stated = [one for one in several if one != {"type": "null"}]
        cleaned.pop("anyOf")
        cleaned |= stated[0] if len(stated) == 1 else {"anyOf": stated}
    return cleaned


@cache
def answer_schemas() -> dict[str, Json]:
    """Return the schemas of the answers that describe records and the library."""
    types = (FieldNode, DocumentNode, EnumNode, Version, RecordSizes, FieldValues, FieldSizes)
    _, components = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    return {name: _described(schema) for name, schema in components.items()}


def _described(schema: Json) -> Json:
    # The first paragraph of a record's docstring says what it is; names in it are Python's.
    words = " ".join(schema.get("description", "").split("\n\n")[0].split())
    cleaned: Json = _without_null({name: value for name, value in schema.items() if name != "description"})
    return cleaned | ({"description": words} if words else {})
