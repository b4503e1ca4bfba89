"""Conditions, allergies and relatives' conditions: how the record asserts them, and when they held."""

from __future__ import annotations

from typing import Any

import pytest

from fhir_records import ICD, SNOMED, about, coded, facts, read, status

ASTHMA = coded(SNOMED, "195967001", "Asthma (disorder)")


def condition(clinical: str = "active", verified: str = "confirmed", **elements: Any) -> dict[str, Any]:
    return about(
        "Condition",
        clinicalStatus=status(clinical),
        verificationStatus=status(verified),
        **({"code": ASTHMA} | elements),
    )


@pytest.mark.parametrize(
    ("verified", "assertion"),
    [
        ("confirmed", "present"),
        ("refuted", "absent"),
        ("unconfirmed", "possible"),
        ("provisional", "possible"),
        ("differential", "possible"),
        ("a status nobody knows", "possible"),
    ],
)
def test_a_condition_is_as_sure_as_the_record_is(verified: str, assertion: str) -> None:
    """A refuted condition is absent, an unconfirmed one possible, and neither is a finding."""
    [fact] = facts(condition(verified=verified))
    assert (fact.name, fact.assertion) == ("asthma", assertion)


def test_an_error_is_no_fact() -> None:
    """What was entered in error is dropped and counted."""
    found = read(condition(verified="entered-in-error"))
    assert found.report.unused == {("Condition", "was entered in error"): 1}


@pytest.mark.parametrize(
    ("clinical", "elements", "assertion", "until", "qualifier"),
    [
        ("active", {}, "present", None, ("ongoing",)),
        ("recurrence", {}, "present", None, ("ongoing", "recurrent")),
        ("resolved", {"abatementDateTime": "2021-03-04"}, "present", "2021-03-04", ()),
        ("resolved", {}, "historical", None, ()),
        ("inactive", {}, "historical", None, ()),
        ("remission", {}, "historical", None, ("in remission",)),
        ("resolved", {"abatementAge": {"value": 50}}, "historical", None, ()),
    ],
)
def test_what_is_over_is_no_present_condition(
    clinical: str, elements: dict[str, Any], assertion: str, until: str | None, qualifier: tuple[str, ...]
) -> None:
    """A condition that is over has its end, or is historical where the record does not date it."""
    [fact] = facts(condition(clinical, onsetDateTime="2019", **elements))
    assert (fact.assertion, fact.when, fact.until, fact.qualifier) == (assertion, "2019", until, qualifier)


def test_an_earlier_version_of_fhir_that_writes_statuses_as_words_is_understood() -> None:
    """A plain string is the same status, so that a resolved condition is never taken for a present one."""
    [fact] = facts(condition() | {"clinicalStatus": "resolved", "verificationStatus": "confirmed"})
    assert fact.assertion == "historical"


def test_an_end_before_the_beginning_is_left_out() -> None:
    """A record that ends a condition before it began says when neither was; that is counted."""
    found = read(condition("resolved", onsetDateTime="2020-05-05", abatementDateTime="2019-01-01"))
    assert found.patient.facts[-1].until is None
    assert ("Condition", "ends before it begins, so the end was left out") in found.report.partly


@pytest.mark.parametrize(
    ("code", "name", "assertion"),
    [
        (coded(SNOMED, "44054006", "Diabetes"), "type 2 diabetes", "present"),
        (coded(ICD, "E11.65", text="Sugar"), "type 2 diabetes", "present"),
        ({"text": "History of appendectomy"}, "appendectomy", "historical"),
        ({"text": "Suspected sepsis"}, "sepsis", "possible"),
        ({"text": "Family history of breast cancer"}, "breast cancer", "family"),
        ({"text": "No history of stroke"}, "stroke", "absent"),
        ({"text": "Pneumonia, unspecified"}, "pneumonia", "present"),
        ({"text": "Aspirin-sensitive glue ear"}, "aspirin sensitive glue ear", "present"),
        ({"coding": [{"system": SNOMED, "code": "1"}]}, "snomed 1", "present"),
    ],
)
def test_names_are_the_catalogue_s_and_say_how_they_are_meant(code: dict[str, Any], name: str, assertion: str) -> None:
    """Codes go before words; a name says by itself that something is past, suspected or another's."""
    fact = facts(condition(code=code))[0]
    assert (fact.name, fact.assertion) == (name, assertion)


def test_a_refuted_condition_denies_no_more_than_it_says() -> None:
    """Viral sinusitis that is refuted leaves another sinusitis open."""
    [fact] = facts(condition(verified="refuted", code=coded(SNOMED, "444814009", "Viral sinusitis (disorder)")))
    assert (fact.name, fact.assertion) == ("viral sinusitis", "absent")


def test_a_history_is_not_dated_by_its_entry() -> None:
    """The date at which "history of" began is not that of what happened."""
    [fact] = facts(condition(code={"text": "History of stroke"}, onsetDateTime="2024-01-01"))
    assert (fact.when, fact.until) == (None, None)


def test_two_things_in_one_code_are_two_facts() -> None:
    """Ketoacidosis in type 2 diabetes is both."""
    found = facts(condition(code=coded(ICD, "E11.10")))
    assert [fact.name for fact in found] == ["type 2 diabetes", "diabetic ketoacidosis"]
    assert len({fact.id for fact in found}) == 2


def test_a_stage_is_a_measurement() -> None:
    """NYHA III is a class of 3, CKD G3b a stage of 3; a stage that is not understood is counted."""
    stages = [{"summary": {"text": words}} for words in ("NYHA III", "CKD G3b", "rather bad")]
    found = read(condition(stage=stages))
    measured = [(fact.name, fact.value) for fact in found.patient.facts if fact.kind == "measurement"]
    assert measured == [("nyha class", 3), ("ckd stage", 3)]
    assert found.report.partly == {("Condition", "a stage that is not understood"): 1}


def test_severity_and_place_are_qualifiers() -> None:
    """A mild asthma is mild."""
    [fact] = facts(condition(severity={"text": "Mild"}, bodySite=[{"text": "Lung"}]))
    assert fact.qualifier == ("mild", "lung", "ongoing")


def test_the_onset_of_a_stroke_is_an_event_only_where_the_record_knows_it() -> None:
    """A time that is that of the visit or of the entry is when somebody looked, not when it began."""
    stroke = {"code": coded(ICD, "I63.9", "Cerebral infarction, unspecified")}
    visit = about("Encounter", status="finished", period={"start": "2026-01-15T08:00Z"}) | {"class": {"code": "AMB"}}
    at_visit = {"encounter": {"reference": "Encounter/encounter1"}, "onsetDateTime": "2026-01-15T08:00:00Z"}
    known = facts(condition(**stroke, onsetDateTime="2026-01-15T06:10:30+01:00"))
    assert [(fact.name, fact.when) for fact in known] == [
        ("ischemic stroke", "2026-01-15T06:10+01:00"),
        ("stroke onset", "2026-01-15T06:10+01:00"),
    ]
    for elements in (at_visit, {"onsetDateTime": "2026-01-15T08:00Z", "recordedDate": "2026-01-15T08:00Z"}):
        assert [fact.kind for fact in facts(visit, condition(**stroke, **elements))] == ["condition"]


def allergy(
    code: dict[str, Any], verified: str = "confirmed", clinical: str = "active", **elements: Any
) -> dict[str, Any]:
    number = elements.pop("number", 1)
    return about(
        "AllergyIntolerance",
        number,
        code=code,
        verificationStatus=status(verified),
        clinicalStatus=status(clinical),
        **elements,
    )


NONE_KNOWN = coded(SNOMED, "716186003", "No known allergy")


def test_no_known_allergy_is_a_fact_without_a_concept() -> None:
    """It denies every allergen, and the conditions that criteria call drug and food allergy."""
    found = facts(allergy(NONE_KNOWN, recordedDate="2025-01-21"))
    assert (found[0].kind, found[0].concept, found[0].assertion, found[0].when) == (
        "allergy", None, "absent", "2025-01-21",
    )  # fmt: skip
    assert [fact.name for fact in found[1:]] == ["drug allergy", "food allergy"]


def test_no_known_allergy_beside_an_allergy_is_not_believed() -> None:
    """An allergy that stands in the record goes before the statement that there is none."""
    found = read(allergy(NONE_KNOWN), allergy({"text": "Penicillin"}, number=2))
    assert [fact.name for fact in found.patient.facts if fact.kind == "allergy"] == ["penicillin"]
    assert ("AllergyIntolerance", "says that no allergy is known, beside an allergy") in found.report.unused


@pytest.mark.parametrize("code", ["no-allergy-info", "1631000175102"])
def test_that_nothing_is_known_is_no_absence(code: str) -> None:
    """No information on allergies says nothing."""
    assert facts(allergy({"coding": [{"code": code}]})) == []


@pytest.mark.parametrize(
    ("verified", "clinical", "kind", "assertion"),
    [
        ("confirmed", "active", "allergy", "present"),
        ("unconfirmed", "active", "allergy", "possible"),
        ("refuted", "", "allergy", "absent"),
        ("confirmed", "resolved", "allergy", "historical"),
        ("confirmed", "active", "intolerance", "possible"),
    ],
)
def test_an_allergy_is_as_sure_as_the_record_is(verified: str, clinical: str, kind: str, assertion: str) -> None:
    """An intolerance is neither an allergy nor none."""
    [fact] = facts(allergy({"text": "Allergy to aspirin"}, verified, clinical, type=kind))
    assert (fact.name, fact.assertion) == ("aspirin", assertion)


def test_an_anaphylaxis_is_a_condition_of_the_past() -> None:
    """A reaction that was an anaphylaxis answers for it."""
    reaction = {"manifestation": [coded(SNOMED, "39579001", "Anaphylaxis")], "severity": "severe", "onset": "2010"}
    found = facts(allergy({"text": "Peanut"}, reaction=[reaction]))
    assert [(fact.kind, fact.name, fact.assertion) for fact in found] == [
        ("allergy", "peanut", "present"),
        ("condition", "peanut allergy", "present"),
        ("condition", "anaphylaxis", "historical"),
    ]


def test_what_a_relative_has_is_of_the_family() -> None:
    """A mother is of the first degree, a mother in law is not; a relative without a condition is counted."""

    def relative(number: int, relation: str, **elements: Any) -> dict[str, Any]:
        return about("FamilyMemberHistory", number, status="completed", relationship={"text": relation}, **elements)

    ill = {"condition": [{"code": {"text": "Breast cancer"}}]}
    found = read(relative(1, "mother", **ill), relative(2, "mother in law", **ill), relative(3, "father"))
    family = [fact for fact in found.patient.facts if fact.assertion == "family"]
    assert [fact.qualifier for fact in family] == [("mother", "first degree relative"), ("mother in law",)]
    assert found.report.unused == {("FamilyMemberHistory", "lists no condition"): 1}
