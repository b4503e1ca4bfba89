"""A patient in JSON, as the contract has it, and how what is no patient is refused."""

from __future__ import annotations

from typing import Any

import pytest

from equipoise.errors import RecordError
from equipoise.records.patient import FACT_KINDS, fact_json, patient_json, read_patient
from equipoise.rules.nodes import KINDS

# As the design writes it.
PLATELETS: dict[str, Any] = {
    "id": "f3",
    "kind": "measurement",
    "concept": {"name": "platelet count", "codes": {"loinc": "777-3"}},
    "value": 84,
    "unit": "10*9/L",
    "range": [150, 400],
    "when": "2026-01-14T06:10+01:00",
    "until": None,
    "assertion": "present",
    "qualifier": [],
    "source": {"document": "note.txt", "span": [210, 231]},
}


def test_a_patient_is_written_as_it_was_read() -> None:
    """Every key of the contract is there, in its order, null where nothing is stated."""
    tree = {"facts": [PLATELETS], "complete": ["allergy"]}
    patient = read_patient(tree)
    assert patient_json(patient) == tree
    assert list(fact_json(patient.facts[0])) == list(PLATELETS)


def test_a_variant_has_its_alteration() -> None:
    """Only a variant has that key."""
    variant = {"kind": "variant", "concept": {"name": "EGFR"}, "alteration": "L858R"}
    assert fact_json(read_patient({"facts": [variant]}).facts[0])["alteration"] == "L858R"
    assert "alteration" not in PLATELETS


def test_facts_without_an_id_are_named_by_place() -> None:
    """An id that is given stays."""
    asthma = {"kind": "condition", "concept": {"name": "asthma"}}
    assert [fact.id for fact in read_patient({"facts": [asthma, {**asthma, "id": "mine"}, asthma]}).facts] == [
        "f1",
        "mine",
        "f3",
    ]


def test_kinds_of_facts_are_kinds_of_rules() -> None:
    """What a rule can ask for a fact can state."""
    assert FACT_KINDS == KINDS


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "SECRET"}, "Invalid enum value (a word) - at `$.facts[0].kind`"),
        ({"assertion": "SECRET's"}, "Invalid enum value (a word) - at `$.facts[0].assertion`"),
        (
            {"when": "SECRET"},
            "Expected a moment as YYYY-MM-DDThh:mm+hh:mm, or a date - at `$.facts[0].when`",
        ),
        ({"value": ["SECRET"]}, "Expected `int | float | str | null`, got `array` - at `$.facts[0].value`"),
        ({"value": float("nan")}, "a number is not finite - at `$.facts[0]`"),
        ({"range": [1]}, "Expected `array` of length 2, got 1 - at `$.facts[0].range`"),
        ({"concept": None}, "only a fact that something is absent may have no concept - at `$.facts[0]`"),
    ],
)
def test_a_broken_fact_is_refused_without_its_value(change: dict[str, Any], message: str) -> None:
    """The message says where and what is expected, and nothing of what the record says."""
    with pytest.raises(RecordError) as caught:
        read_patient({"facts": [PLATELETS | change]}, where="patient.json")
    assert str(caught.value) == (
        f"patient.json: Not a patient: {message}\n"
        'A patient is {"facts": […], "complete": […]}; see docs/reference/rules.md for what a fact has.'
    )


def test_two_facts_with_one_id_are_refused() -> None:
    """Evidence must name one fact."""
    with pytest.raises(RecordError, match="two facts have the same id"):
        read_patient({"facts": [PLATELETS, PLATELETS]})
