"""The search areas are those of the registry."""

from __future__ import annotations

import re
from pathlib import Path

from equipoise.terms.areas import area_of, areas
from equipoise.terms.fields import field

_AREA = re.compile(r"^(\w+) area$", re.MULTILINE)
_FIELDS = re.compile(r"The area contains (\d+) data fields")


def test_every_area_has_as_many_fields_as_the_registry_says(shared: Path) -> None:
    """Nineteen areas, each with its number of fields."""
    text = (shared / "reference" / "search_areas.md").read_text("utf-8")
    parts = _AREA.split(text)[1:]
    published = {
        name: int(count[1])
        for name, body in zip(parts[::2], parts[1::2], strict=True)
        if (count := _FIELDS.search(body))
    }
    assert len(published) == 19
    assert {name: len(list(area.weights())) for name, area in areas().items()} == published


def test_an_area_names_each_field_once_and_every_field_exists() -> None:
    """No field is weighed twice in one area, none is misspelled, and every weight is above 0 and at most 1."""
    for area in areas().values():
        pieces = [piece for piece, _ in area.weights()]
        assert len(set(pieces)) == len(pieces)
        assert all(field(piece) for piece in pieces)
        assert all(0 < weight <= 1 for _, weight in area.weights())


def test_fields_of_one_part_are_of_one_kind() -> None:
    """A part's type is that of all its fields."""
    for area in areas().values():
        for part in area.parts:
            assert {field(piece).type.removesuffix("[]") for piece in part.pieces} == {part.type}


def test_the_criteria_are_no_part_of_the_basic_area() -> None:
    """Words of the eligibility criteria are searched only where they are asked for."""
    assert "EligibilityCriteria" not in dict(areas()["BasicSearch"].weights())
    assert dict(areas()["EligibilitySearch"].weights()) == {"EligibilityCriteria": 0.95, "StudyPopulation": 0.8}


def test_a_parameter_leads_to_its_area() -> None:
    """Nine parameters search an area; query.lead searches a single field."""
    keys = ("term", "cond", "intr", "titles", "outc", "spons", "id", "locn", "patient")
    params = {area.param for area in areas().values() if area.param}
    assert params == {f"query.{key}" for key in keys}
    assert all((area_of(param) or areas()["BasicSearch"]).param == param for param in params)
    assert area_of("query.lead") is None
