"""Drugs: what was ordered, taken, given and planned, until when, and how much."""

from __future__ import annotations

from typing import Any

import pytest

from fhir_records import RXNORM, about, coded, facts, read, status

WARFARIN = coded(RXNORM, "855332", "Warfarin Sodium 5 MG Oral Tablet")


def order(state: str = "active", intent: str = "order", **elements: Any) -> dict[str, Any]:
    made = {"medicationCodeableConcept": WARFARIN, "authoredOn": "2025-03-01"} | elements
    return about("MedicationRequest", status=state, intent=intent, **made)


ACUTE = {"courseOfTherapyType": status("acute")}
SUPPLY = {"dispenseRequest": {"expectedSupplyDuration": {"value": 10, "unit": "days"}, "numberOfRepeatsAllowed": 1}}


@pytest.mark.parametrize(
    ("state", "intent", "elements", "expected"),
    [
        ("active", "order", {}, ("present", "2025-03-01", None, True)),
        ("active", "instance-order", SUPPLY, ("present", "2025-03-01", None, True)),
        ("active", "order", SUPPLY | ACUTE, ("present", "2025-03-01", "2025-03-21", False)),
        ("completed", "order", SUPPLY, ("present", "2025-03-01", "2025-03-21", False)),
        ("completed", "order", {}, ("historical", "2025-03-01", None, False)),
        ("stopped", "order", SUPPLY, ("historical", "2025-03-01", None, False)),
        ("on-hold", "order", {}, ("historical", "2025-03-01", None, False)),
        ("draft", "order", {}, ("planned", None, None, False)),
        ("active", "proposal", {}, ("planned", None, None, False)),
        ("active", "plan", {}, ("planned", None, None, False)),
        ("unknown", "order", {}, ("possible", "2025-03-01", None, False)),
    ],
)
def test_an_order_is_taken_for_what_its_status_and_intent_say(
    state: str, intent: str, elements: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    """Only an order is taken; a plan is planned, and what was stopped is past at an unknown time."""
    [fact] = facts(order(state, intent, **elements))
    assert (fact.assertion, fact.when, fact.until, "ongoing" in fact.qualifier) == expected
    assert (fact.name, fact.concept.codes if fact.concept else {}) == ("warfarin", {"rxnorm": "855332"})


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        (order("cancelled"), "was cancelled before anything was given"),
        (order("entered-in-error"), "was entered in error"),
        (order(doNotPerform=True), "says not to give it"),
        (order(intent=""), "does not say whether it is an order"),
        (order(""), "has no status"),
        (order(medicationCodeableConcept={}), "names no medication"),
        (
            {key: value for key, value in order().items() if key != "medicationCodeableConcept"}
            | {"medicationReference": {"reference": "Medication/gone"}},
            "points at a medication that is not there",
        ),
    ],
)
def test_what_is_not_taken_is_counted(resource: dict[str, Any], reason: str) -> None:
    """An order that came to nothing makes no fact."""
    assert read(resource).report.unused == {("MedicationRequest", reason): 1}


def test_an_inpatient_s_order_ends_with_the_stay() -> None:
    """Nobody takes the drugs of a hospital stay after it, whatever the order's status says."""
    stay = about("Encounter", status="finished", period={"start": "2025-03-01", "end": "2025-03-04"}) | {
        "class": {"code": "IMP"}
    }
    written = order(category=[status("inpatient")], encounter={"reference": "Encounter/encounter1"})
    drug = next(fact for fact in facts(stay, written) if fact.kind == "drug")
    assert (drug.until, "ongoing" in drug.qualifier) == ("2025-03-04", False)


def test_bounds_of_a_dosage_are_the_time_of_the_drug() -> None:
    """A course from one day to another is taken then."""
    bounds = {"start": "2025-03-05", "end": "2025-03-12"}
    [fact] = facts(order(dosageInstruction=[{"timing": {"repeat": {"boundsPeriod": bounds}}}]))
    assert (fact.when, fact.until) == ("2025-03-05", "2025-03-12")


@pytest.mark.parametrize(
    ("repeat", "needed", "dose"),
    [
        ({"frequency": 2, "period": 1, "periodUnit": "d"}, False, (10, "mg/d")),
        ({"frequency": 1, "period": 12, "periodUnit": "h"}, False, (10, "mg/d")),
        ({"frequency": 1, "period": 1, "periodUnit": "d"}, True, (None, None)),
        ({"frequency": 1, "period": 1, "periodUnit": "d", "duration": 30}, False, (None, None)),
    ],
)
def test_a_daily_dose_is_one_number_or_none(repeat: dict[str, Any], needed: bool, dose: tuple[Any, Any]) -> None:
    """As needed, or by infusion, no day's dose follows."""
    amount = [{"doseQuantity": {"value": 5, "unit": "mg"}}]
    [fact] = facts(
        order(dosageInstruction=[{"timing": {"repeat": repeat}, "doseAndRate": amount, "asNeededBoolean": needed}])
    )
    assert (fact.value, fact.unit) == dose


def test_a_medication_may_lie_elsewhere() -> None:
    """It is found in the resource that contains it, or as a resource of its own."""
    inside = {"resourceType": "Medication", "id": "m", "code": WARFARIN}
    bare = {key: value for key, value in order().items() if key != "medicationCodeableConcept"}
    contained = bare | {"contained": [inside], "medicationReference": {"reference": "#m"}}
    apart = bare | {"medicationReference": {"reference": "https://host/fhir/Medication/m"}}
    assert [fact.name for fact in facts(contained)] == ["warfarin"]
    assert [fact.name for fact in facts(apart, inside)] == ["warfarin"]


@pytest.mark.parametrize(
    ("state", "elements", "expected"),
    [
        ("active", {"effectivePeriod": {"start": "2024"}}, ("present", "2024", None)),
        ("completed", {"effectivePeriod": {"start": "2024", "end": "2025"}}, ("present", "2024", "2025")),
        ("completed", {"effectiveDateTime": "2024"}, ("historical", "2024", None)),
        ("intended", {}, ("planned", None, None)),
        ("not-taken", {"dateAsserted": "2025-01-01"}, ("absent", "2025-01-01", None)),
        ("unknown", {}, ("possible", None, None)),
    ],
)
def test_a_statement_says_what_is_taken(state: str, elements: dict[str, Any], expected: tuple[Any, ...]) -> None:
    """What a patient does not take is absent."""
    [fact] = facts(about("MedicationStatement", status=state, medicationCodeableConcept=WARFARIN, **elements))
    assert (fact.assertion, fact.when, fact.until) == expected


def test_a_dose_was_given_when_it_was_given() -> None:
    """It ends then, or with its infusion, and one that was not given is counted."""

    def given(state: str, **dosage: Any) -> dict[str, Any]:
        return about(
            "MedicationAdministration",
            status=state,
            medicationCodeableConcept={"text": "Oxaliplatin"},
            effectiveDateTime="2026-01-15T08:30:12.5Z",
            dosage={"dose": {"value": 85, "unit": "mg"}} | dosage,
        )

    [bolus] = facts(given("completed"))
    [infusion] = facts(given("completed", timing={"repeat": {"duration": 120, "durationUnit": "min"}}))
    assert (bolus.when, bolus.until, bolus.value, bolus.unit) == ("2026-01-15T08:30Z", "2026-01-15T08:30Z", 85, "mg")
    assert infusion.until == "2026-01-15T10:30Z"
    assert read(given("not-done")).report.unused == {("MedicationAdministration", "was not given"): 1}


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("24 HR metoprolol succinate 100 MG Extended Release Oral Tablet [Toprol]", ["metoprolol"]),
        ("Oxycodone/Acetaminophen", ["oxycodone", "acetaminophen"]),
        ("Insulin syringe 1 ML", ["insulin syringe"]),
        ("Aspirin and ibuprofen", ["aspirin", "ibuprofen"]),
        ("Brand Nobody Knows 5 MG Oral Tablet", ["brand nobody knows"]),
    ],
)
def test_a_drug_is_its_ingredients(words: str, names: list[str]) -> None:
    """Strength, form and salt are not part of a name, and what is no drug gets none."""
    assert [fact.name for fact in facts(order(medicationCodeableConcept={"text": words}))] == names
