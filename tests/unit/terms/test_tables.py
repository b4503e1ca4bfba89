"""The tables of fields and enumerations are those of the registry, in our words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from equipoise.terms.enums import enumerations, term_of, value_of
from equipoise.terms.fields import field, field_at, field_names, fields, find_field


def _walk(node: dict, path: str = "") -> list[tuple[str, dict]]:
    here = f"{path}.{node['name']}" if path else node["name"]
    found = [(here, node)]
    for child in node.get("children", []):
        found += _walk(child, here)
    return found


@pytest.fixture(scope="module")
def published(shared: Path) -> list[tuple[str, dict]]:
    tree = json.loads((shared / "reference" / "metadata.json").read_text("utf-8"))
    return [pair for root in tree for pair in _walk(root)]


def test_every_published_field_is_in_the_table(published: list[tuple[str, dict]]) -> None:
    """Each field has its path, piece name, type and list mark as published."""
    ours = {one.path: (one.piece, one.type, one.is_enum) for one in fields()}
    assert ours == {path: (node["piece"], node["type"], bool(node.get("isEnum"))) for path, node in published}


def test_every_enumeration_has_the_registrys_values_and_labels(shared: Path) -> None:
    """Each value carries the registry's display label."""
    tree = json.loads((shared / "reference" / "enums.json").read_text("utf-8"))
    for enum in tree:
        ours = {known.value: known.label for known in enumerations()[enum["type"]].values()}
        assert ours == {value["value"]: value["legacyValue"] for value in enum["values"]}


def test_what_the_registry_says_of_a_field_is_in_the_table(published: list[tuple[str, dict]]) -> None:
    """Each field has its limit, its marks, its other names and its place in the registry's definitions."""
    for path, node in published:
        one, names = field_at(path), field_names(node["piece"])
        assert one is not None
        marks = (one.max_chars, one.nested, one.synonyms)
        assert marks == (node.get("maxChars"), bool(node.get("nested")), bool(node.get("synonyms")))
        assert names.also == tuple(node.get("altPieceNames", ()))
        assert node.get("dedLink", {}).get("url", "").strip().endswith(names.definition)
        assert (names.need == "required") is (node.get("rules") == "Required")


def test_an_enumeration_has_its_other_labels(shared: Path) -> None:
    """What the registry calls an estimated date differs by field."""
    tree = json.loads((shared / "reference" / "enums.json").read_text("utf-8"))
    for enum in tree:
        ours = {known.value: known.exceptions for known in enumerations()[enum["type"]].values()}
        assert ours == {value["value"]: value.get("exceptions", {}) for value in enum["values"]}


def test_a_field_is_found_by_any_of_its_names() -> None:
    """Piece, path and the name in older formats lead to one field, and nothing else does."""
    named = {find_field(name) for name in ("NCTId", "protocolSection.identificationModule.nctId", "NCT-ID")}
    assert named == {field("NCTId")}
    assert find_field("nctId") is None


def test_every_field_and_value_has_words() -> None:
    """No label is empty, no value lacks an explanation, and labels are unique."""
    labels = [one.label for one in fields()]
    assert all(labels)
    assert len(set(labels)) == len(labels)
    assert all(term.short and term.help for terms in enumerations().values() for term in terms.values())


def test_a_help_text_is_one_short_sentence() -> None:
    """Help is at most 140 characters and ends as a sentence."""
    helps = [one.help for one in fields() if one.help]
    helps += [term.help for terms in enumerations().values() for term in terms.values()]
    assert all(len(text) <= 140 and text.rstrip(")").endswith((".", "?")) for text in helps)


def test_na_means_different_things() -> None:
    """NA as a phase and NA as an allocation read differently (D13)."""
    assert term_of("Phase", "NA").short == "Not applicable (no phases)"
    assert term_of("DesignAllocation", "NA").short == "Not applicable (single group)"


def test_a_value_that_is_new_to_us_is_shown_as_published() -> None:
    """The registry may add a value; it is shown, not refused."""
    assert term_of("OverallStatus", "PAUSED_BY_WEATHER").short == "Paused by weather"


def test_labels_lead_back_to_values() -> None:
    """A display label finds its value."""
    assert value_of("Status", "Active, not recruiting") == "ACTIVE_NOT_RECRUITING"
    assert value_of("Status", "Non Recruiting") is None


def test_an_unknown_piece_is_a_programming_error() -> None:
    """Asking for a field that does not exist fails at once."""
    with pytest.raises(KeyError):
        field("BriefTitel")
