"""Build a record that has every field of the registry's structure."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from equipoise.terms.enums import enumerations
from equipoise.terms.fields import Field, fields

NUMBER = "NCT99000777"

Words = Callable[[Field], str]


def _scalar(known: Field, words: Words) -> Any:
    if known.piece == "NCTId":
        return NUMBER
    if known.enum:
        return next(iter(enumerations()[known.enum]))
    kind = known.type.removesuffix("[]")
    simple: dict[str, Any] = {
        "boolean": True,
        "integer": 7,
        "long": 7,
        "number": 7,
        "NormalizedDate": "2024-05-06",
        "PartialDate": "2024-05",
        "DateTimeMinutes": "2024-05-06T10:11",
    }
    if kind in simple:
        return simple[kind]
    if known.piece in ("MinimumAge", "MaximumAge"):
        return "18 Years"
    if known.type == "GeoPoint":
        return {"lat": 1.5, "lon": 2.5}
    return words(known)


def every_field(words: Words) -> dict[str, Any]:
    """Return a v2 record with one value in every field; *words* makes the texts."""
    record: dict[str, Any] = {}
    lists = {known.path for known in fields() if known.is_struct and known.is_list}
    for known in fields():
        if known.is_struct:
            continue
        *parents, name = known.path.split(".")
        node, path = record, ""
        for parent in parents:
            path = f"{path}.{parent}" if path else parent
            if path in lists:
                node = node.setdefault(parent, [{}])[0]
            else:
                node = node.setdefault(parent, {})
        value = _scalar(known, words)
        node[name] = [value] if known.is_list else value
    return record


def as_json(record: dict[str, Any]) -> bytes:
    """Return the record as a document."""
    return json.dumps(record, ensure_ascii=False).encode()
