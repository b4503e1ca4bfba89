"""Observations: values with unit and range, results in words, panels, ways of living, variants of genes."""

from __future__ import annotations

from typing import Any

import pytest

from fhir_records import LOINC, PERSON, SNOMED, about, coded, facts, read, status

PLATELETS = coded(LOINC, "777-3", "Platelets [#/volume] in Blood by Automated count")


def seen(code: dict[str, Any] = PLATELETS, state: str = "final", **elements: Any) -> dict[str, Any]:
    return about("Observation", status=state, code=code, **elements)


def amount(value: Any, unit: str = "10*3/uL", **more: Any) -> dict[str, Any]:
    return {"value": value, "unit": unit, "code": unit, "system": "http://unitsofmeasure.org"} | more


@pytest.mark.parametrize(
    ("state", "assertion"),
    [
        ("final", "present"),
        ("amended", "present"),
        ("corrected", "present"),
        ("preliminary", "pending"),
        ("registered", "pending"),
        ("unknown", "possible"),
    ],
)
def test_only_what_is_final_is_a_finding(state: str, assertion: str) -> None:
    """A preliminary result is pending."""
    [fact] = facts(seen(state=state, valueQuantity=amount(84), effectiveDateTime="2026-01-14T06:10:59+01:00"))
    assert (fact.name, fact.value, fact.unit, fact.assertion) == ("platelet count", 84, "10*3/uL", assertion)
    assert fact.when == "2026-01-14T06:10+01:00"


@pytest.mark.parametrize(
    ("elements", "reason"),
    [
        ({}, "without a value"),
        ({"dataAbsentReason": {"text": "hemolyzed"}}, "without a value, and says why"),
        ({"valueQuantity": {"unit": "mg"}}, "without a value"),
        ({"valueQuantity": amount(10**30)}, "has a number that nothing can have"),
        ({"valueQuantity": {"value": "84"}}, "has a number that nothing can have"),
        ({"valueSampledData": {"data": "1 2 3"}}, "has a value of a form that is not read"),
        ({"valueString": "long " * 50}, "has a text for a value, which is not read"),
        ({"hasMember": [{"reference": "Observation/2"}]}, "is a panel without a value of its own"),
        ({"state": "cancelled"}, "was cancelled"),
        ({"state": "entered-in-error"}, "was entered in error"),
        ({"state": ""}, "has no status"),
        ({"code": {}, "valueInteger": 3}, "has neither a code nor words"),
    ],
)
def test_what_has_no_value_is_counted(elements: dict[str, Any], reason: str) -> None:
    """No fact is made of an observation without a value; the reason is counted and no value is in it."""
    assert read(seen(**elements)).report.unused == {("Observation", reason): 1}


def test_a_bound_is_not_a_number() -> None:
    """Below 5 is kept in words, so that no limit is compared with 5."""
    [fact] = facts(seen(valueQuantity=amount(5, comparator="<")))
    assert (fact.value, fact.unit) == ("<5", "10*3/uL")


@pytest.mark.parametrize(
    ("said", "unit"),
    [
        ({"unit": "mEq/L"}, "meq/L"),
        ({"unit": "beats/minute"}, "/min"),
        ({"unit": "score", "code": "{score}"}, None),
        ({"unit": "furlong"}, "furlong"),
        ({"unit": "mg/dL", "code": "258797006", "system": SNOMED}, "mg/dL"),
        ({}, None),
    ],
)
def test_units_are_those_of_the_catalogue(said: dict[str, str], unit: str | None) -> None:
    """A unit that cannot be read stays as it stands, and converts to nothing."""
    [fact] = facts(seen(valueQuantity={"value": 1} | said))
    assert fact.unit == unit


def test_the_range_is_the_one_meant_for_this_patient() -> None:
    """Of ranges for men and women the patient's counts; the critical range is no range of normal results."""

    def ranged(low: int, high: int, **more: Any) -> dict[str, Any]:
        return {"low": amount(low), "high": amount(high)} | more

    women, men = ({"appliesTo": [status(sex)]} for sex in ("F", "M"))
    ranges = [ranged(150, 400, **women), ranged(140, 390, **men), ranged(20, 1000, type=status("treatment"))]
    resource = seen(valueQuantity=amount(84), referenceRange=ranges)
    [fact] = facts(resource)
    assert fact.range == (150, 400)
    unknown = read(resource, person={"resourceType": "Patient", "id": "p1"})
    assert unknown.patient.facts[0].range is None
    other_unit = seen(valueQuantity=amount(84), referenceRange=[{"low": amount(150, "g/L")}])
    assert facts(other_unit)[0].range is None


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ({"valueCodeableConcept": coded(SNOMED, "10828004", "Positive (qualifier value)")}, "positive"),
        ({"valueCodeableConcept": coded(LOINC, "LA6577-6")}, "negative"),
        ({"valueCodeableConcept": {"text": "Not detected"}}, "not detected"),
        ({"valueString": "NON-REACTIVE"}, "non reactive"),
        ({"valueString": "not positive"}, "not positive"),
        ({"valueBoolean": True}, "present"),
        ({"interpretation": [status("NEG")]}, "negative"),
        ({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 320}}}, "1:320"),
    ],
)
def test_results_in_words_are_those_that_rules_know(value: dict[str, Any], word: str) -> None:
    """Positive is positive, however it is coded; a denial is never read as what it denies."""
    [fact] = facts(seen(coded(LOINC, "5196-1"), **value))
    assert (fact.name, fact.value) == ("hepatitis b surface antigen", word)


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        (coded(LOINC, "89247-1"), coded(LOINC, "LA9623-5", "Restricted in physically strenuous activity"), 1),
        (coded(LOINC, "88020-3"), {"text": "Class III"}, 3),
        (coded(LOINC, "88020-3"), coded(SNOMED, "421704003"), 2),
        (coded(LOINC, "88020-3"), {"text": "Class II or III"}, "class ii or iii"),
    ],
)
def test_a_coded_class_is_its_number(code: dict[str, Any], value: dict[str, Any], expected: object) -> None:
    """ECOG 1 and NYHA III are numbers; what names two classes is neither."""
    [fact] = facts(seen(code, valueCodeableConcept=value))
    assert fact.value == expected


def test_the_parts_of_a_panel_are_facts() -> None:
    """Blood pressure is two measurements; a part without a value is counted."""
    parts = [
        {"code": coded(LOINC, "8480-6"), "valueQuantity": amount(120, "mm[Hg]")},
        {"code": coded(LOINC, "8462-4"), "dataAbsentReason": {"text": "not measured"}},
    ]
    found = read(seen(coded(LOINC, "85354-9"), component=parts))
    assert [(fact.name, fact.value) for fact in found.patient.facts[2:]] == [("systolic blood pressure", 120)]
    assert found.report.used["Observation"] == 1
    assert found.report.partly == {("Observation", "a component without a value, and says why"): 1}


def test_glucose_of_urine_is_not_that_of_blood() -> None:
    """The specimen decides what a plain name means."""
    specimen = about("Specimen", type={"text": "Urine specimen"})
    of_urine = seen({"text": "Glucose"}, valueQuantity=amount(5, "mg/dL"), specimen={"reference": "Specimen/specimen1"})
    assert facts(specimen, of_urine)[0].name == "glucose"
    assert facts(seen({"text": "Glucose"}, valueQuantity=amount(5, "mg/dL")))[0].name == "blood glucose"
    assert facts(seen(coded(LOINC, "25428-4"), valueString="Negative"))[0].name == "urine glucose"


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        (
            "72166-2",
            coded(SNOMED, "266919005", "Never smoked tobacco"),
            [("smoking", "absent"), ("nonsmoker", "present")],
        ),
        ("72166-2", {"text": "Former smoker"}, [("smoking", "historical")]),
        ("72166-2", {"text": "Current every day smoker"}, [("smoking", "present")]),
        ("72166-2", {"text": "Smoker, current status unknown"}, []),
        ("82810-3", coded(SNOMED, "60001007", "Not pregnant"), [("pregnancy", "absent")]),
        ("82810-3", {"text": "Pregnant"}, [("pregnancy", "present")]),
        ("82810-3", {"text": "Possible pregnancy"}, [("pregnancy", "possible")]),
        ("55277-8", {"text": "not HIV positive"}, [("hiv infection", "absent")]),
        ("11331-6", {"text": "Heavy drinker"}, [("heavy alcohol use", "present"), ("alcohol consumption", "present")]),
    ],
)
def test_how_a_patient_lives_is_a_condition_or_none(
    code: str, value: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    """Answers on smoking, drinking, pregnancy and HIV are conditions, present or absent."""
    found = facts(seen(coded(LOINC, code), valueCodeableConcept=value, effectiveDateTime="2026-01-01"))
    assert [(fact.name, fact.assertion) for fact in found if fact.kind == "condition"] == expected


def test_no_pregnancy_lasts_for_years() -> None:
    """A pregnancy of which the record does not say how it ended has ended ten months later."""
    [fact] = facts(
        seen(coded(LOINC, "82810-3"), valueCodeableConcept={"text": "Pregnant"}, effectiveDateTime="2020-01-01")
    )
    assert fact.until == "2020-11-04"


def test_a_variant_is_one_of_a_gene() -> None:
    """EGFR L858R that was found is present; one that was not is absent, and only that one."""

    def variant(answer: str, *parts: tuple[str, str]) -> dict[str, Any]:
        listed = [{"code": coded(LOINC, code), "valueCodeableConcept": {"text": text}} for code, text in parts]
        return seen(coded(LOINC, "69548-6"), valueCodeableConcept=coded(LOINC, answer), component=listed)

    egfr, change = ("48018-6", "EGFR"), ("48005-3", "NP_005219.2:p.(Leu858Arg)")
    [fact] = facts(variant("LA9633-4", egfr, change))
    assert (fact.kind, fact.name, fact.alteration, fact.assertion) == ("variant", "EGFR", "L858R", "present")
    assert facts(variant("LA9634-2", egfr, change))[0].assertion == "absent"
    assert facts(variant("LA9634-2", egfr)) == []
    assert facts(variant("LA9633-4", change)) == []


def test_a_coded_diagnosis_is_a_condition() -> None:
    """An observation that only says that something was diagnosed is that condition."""
    [fact] = facts(seen(coded(LOINC, "29308-4"), valueCodeableConcept={"text": "Asthma"}))
    assert (fact.kind, fact.name) == ("condition", "asthma")


def test_the_person_is_demographic() -> None:
    """Birth, sex, race, ethnicity and death are facts; two sexes are both stated."""
    core = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"
    race = {"url": core + "race", "extension": [{"url": "ombCategory", "valueCoding": {"display": "Asian"}}]}
    sex = {"url": core + "birthsex", "valueCode": "M"}
    born = {"url": "http://hl7.org/fhir/StructureDefinition/patient-birthTime", "valueDateTime": "1961-04-09T03:05:00Z"}
    person = PERSON | {"extension": [race, sex], "_birthDate": {"extension": [born]}, "deceasedDateTime": "2026-01-01"}
    found = read(person=person)
    stated = [(fact.name, fact.value, fact.when) for fact in found.patient.facts]
    assert stated == [
        ("born", None, "1961-04-09T03:05Z"),
        ("sex", "female", None),
        ("sex", "male", None),
        ("race", "asian", None),
        ("death", None, "2026-01-01"),
    ]
    assert found.report.partly == {("Patient", "states two sexes"): 1}
