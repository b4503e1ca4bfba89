"""A value of the wrong type, at any place of a record: an error that names its path, or kept and shown as it is."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest

from equipoise.errors import RecordError
from equipoise.find.full_record import full_record
from equipoise.intake.load import load
from equipoise.intake.opening import open_library
from equipoise.sources.ctgov import read_record
from equipoise.sources.incoming import Incoming
from equipoise.terms.fields import Field, fields
from every_field import as_json, every_field
from pages import Site

# A text that is no number, date, age or listed value; and whatever else JSON has.
WRONG: tuple[Any, ...] = ("wrong text", 7, -1.5, True, None, [], [7], ["wrong text"], {}, {"a": {"b": ["wrong text"]}})

FIELDS = [known for known in fields() if known.path]


def whole() -> dict[str, Any]:
    return every_field(lambda known: f"word {known.piece}")


def with_value(path: str, value: Any, number: str) -> dict[str, Any]:
    """Return the record of all fields with this value at *path*, in the first entry of each list."""
    record = copy.deepcopy(whole())
    record["protocolSection"]["identificationModule"]["nctId"] = number
    node: Any = record
    *parents, name = path.split(".")
    for parent in parents:
        node = node[parent]
        node = node[0] if isinstance(node, list) else node
    node[name] = value
    return record


def parts(path: str) -> str:
    """Return a path as messages write it, with or without the places in lists."""
    return r"\$\." + r"(?:\[[^\]]*\])?\.".join(map(re.escape, path.split(".")))


@pytest.mark.parametrize("known", FIELDS, ids=lambda known: known.path)
def test_a_wrong_type_is_named_or_kept(known: Field) -> None:
    """The error names the field; or the record is kept to the byte, and the full record can show it."""
    for value in WRONG:
        document = as_json(with_value(known.path, value, "NCT99000777"))
        result = read_record(document, "a.json")
        if isinstance(result, RecordError):
            missing = known.path.rpartition(".")[0] if result.problem.startswith("Object missing") else known.path
            assert re.search(parts(missing) + r"\b", result.problem) or known.path in result.problem, result.problem
            assert result.where == "a.json"
        else:
            assert result.document == document
            assert full_record(document)


def _accepted(value: Any) -> list[bytes]:
    documents = []
    for count, known in enumerate(FIELDS):
        document = as_json(with_value(known.path, value, f"NCT97{count:06d}"))
        if isinstance(read_record(document, "a.json"), Incoming):
            documents.append(document)
    return documents


@pytest.mark.parametrize(
    "value", ["wrong text", 7, True, None, [], ["wrong text"], {"a": {"b": ["wrong text"]}}], ids=json.dumps
)
def test_a_library_of_wrong_types_can_be_searched_and_shown(tmp_path: Path, value: Any) -> None:
    """Hits, facets, pages and full records survive whatever was read."""
    documents = _accepted(value)
    (tmp_path / "all").write_bytes(b"\n".join([*documents, as_json(whole())]) + b"\n")
    summary = load([tmp_path / "all"], tmp_path / "library")
    assert (summary.added, summary.problems) == (len(documents) + 1, [])
    library = open_library(tmp_path / "library")
    site = Site(library)
    for address in ("/", "/search?q=word", "/search.json?q=word", "/search?sort=updated", "/?page=3"):
        assert site.client.get(address).status_code == 200
    for number, _ in list(library.documents())[:: 1 if len(documents) < 60 else 8]:
        for address in (f"/studies/{number}", f"/studies/{number}/record", f"/studies/{number}.json"):
            assert site.client.get(address).status_code == 200


@pytest.mark.parametrize("value", ["wrong text", 7], ids=json.dumps)
def test_what_the_typed_view_does_not_hold_is_shown_as_it_is(value: Any) -> None:
    """A field that is in no view but the full record stands there with its value, of whatever type."""
    for known in FIELDS:
        document = as_json(with_value(known.path, value, "NCT99000777"))
        if isinstance(read_record(document, "a.json"), Incoming):
            assert str(value).casefold() in str(full_record(document)).casefold()
