"""Procedures, stays, vaccinations, devices, orders and plans: what was done, and what is only to be done."""

from __future__ import annotations

from typing import Any

import pytest

from fhir_records import SNOMED, about, coded, facts, read, status

INTENSIVE = ["icu admission", "time of icu admission", "icu discharge"]
DAYS = {"start": "2026-01-10T08:00:00Z", "end": "2026-01-14T12:00:00Z"}


@pytest.mark.parametrize(
    ("state", "assertion"),
    [("completed", "present"), ("in-progress", "present"), ("preparation", "planned"), ("stopped", "possible")],
)
def test_a_procedure_is_done_when_it_is_completed(state: str, assertion: str) -> None:
    """One that is being prepared is planned, one that was broken off is possible."""
    [fact] = facts(about("Procedure", status=state, code={"text": "Colonoscopy (procedure)"}, performedPeriod=DAYS))
    assert (fact.name, fact.assertion, fact.when, fact.until) == (
        "colonoscopy", assertion, "2026-01-10T08:00Z", "2026-01-14T12:00Z",
    )  # fmt: skip


def test_what_was_not_done_is_counted() -> None:
    """It is neither present nor absent: another one may have been done."""
    found = read(about("Procedure", status="not-done", code={"text": "Colonoscopy"}))
    assert found.report.unused == {("Procedure", "was not done"): 1}


def stay(kind: str, state: str = "finished", **elements: Any) -> dict[str, Any]:
    return about("Encounter", status=state, period=DAYS, **elements) | {"class": {"code": kind}}


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (stay("IMP"), ["hospitalization", "time of hospital admission", "hospital discharge"]),
        (stay("IMP", "planned"), ["hospitalization"]),
        (stay("EMER"), ["emergency department visit", "hospital arrival"]),
        (stay("AMB"), []),
        (stay("IMP", "cancelled"), []),
        (
            stay("IMP", location=[{"location": {"display": "Medical ICU bed 3"}, "period": DAYS}]),
            ["hospitalization", "time of hospital admission", "hospital discharge", *INTENSIVE],
        ),
    ],
)
def test_a_stay_is_a_procedure_with_its_events(resource: dict[str, Any], expected: list[str]) -> None:
    """A visit without admission is none, and a planned stay has no events yet."""
    assert [fact.name for fact in facts(resource)] == expected


def test_a_vaccination_is_a_drug_given_on_a_day() -> None:
    """A live vaccine is known as one, by its code or its words; a refused one is counted."""

    def given(vaccine: dict[str, Any], state: str = "completed") -> dict[str, Any]:
        return about("Immunization", status=state, vaccineCode=vaccine, occurrenceDateTime="2025-11-02")

    [zoster] = facts(given(coded("http://hl7.org/fhir/sid/cvx", "121", "zoster")))
    assert (zoster.name, zoster.when, zoster.until) == ("zoster live vaccine", "2025-11-02", "2025-11-02")
    assert facts(given({"text": "SARS-CoV-2 mRNA"}))[0].name == "covid 19 vaccine"
    assert [fact.name for fact in facts(given({"text": "Tick-borne shot"}))] == ["tick borne shot", "vaccine"]
    assert read(given({"text": "MMR"}, "not-done")).report.unused == {("Immunization", "was not done"): 1}


@pytest.mark.parametrize(
    ("state", "intent", "words", "expected"),
    [
        ("active", "order", "Colonoscopy", [("procedure", "colonoscopy", "planned")]),
        ("draft", "proposal", "Colonoscopy", [("procedure", "colonoscopy", "planned")]),
        ("active", "order", "Platelet count", [("measurement", "platelet count", "pending")]),
        ("completed", "order", "Colonoscopy", []),
        ("revoked", "order", "Colonoscopy", []),
    ],
)
def test_an_order_is_never_a_finding(state: str, intent: str, words: str, expected: list[tuple[str, str, str]]) -> None:
    """A test that is ordered is pending, anything else planned."""
    found = facts(about("ServiceRequest", status=state, intent=intent, code={"text": words}))
    assert [(fact.kind, fact.name, fact.assertion) for fact in found] == expected


def test_of_a_plan_only_what_is_ahead_is_planned() -> None:
    """What is under way or done is read where it is recorded."""

    def activity(state: str, words: str) -> dict[str, Any]:
        return {"detail": {"status": state, "code": {"text": words}}}

    plan = [activity("scheduled", "Colonoscopy"), activity("in-progress", "Spirometry")]
    found = facts(about("CarePlan", status="active", intent="plan", activity=plan))
    assert [(fact.name, fact.assertion) for fact in found] == [("colonoscopy", "planned")]


def test_a_device_and_its_use() -> None:
    """A pacemaker is one; its use has the time."""
    device = {
        "resourceType": "Device",
        "id": "d",
        "type": {"text": "Pacemaker"},
        "patient": {"reference": "Patient/p1"},
    }
    use = about("DeviceUseStatement", status="active", device={"reference": "Device/d"}, timingPeriod={"start": "2020"})
    found = facts(device, use)
    assert [(fact.name, fact.when) for fact in found] == [("pacemaker", None), ("pacemaker", "2020")]


def test_an_empty_list_of_allergies_is_a_statement() -> None:
    """Empty because nothing is known to be there denies all; empty for another reason says nothing."""

    def listed(reason: str) -> dict[str, Any]:
        return about(
            "List", status="current", mode="snapshot", date="2026-01-02", code=coded("http://loinc.org", "48765-2")
        ) | {"emptyReason": status(reason)}

    [fact] = facts(listed("nilknown"))
    assert (fact.kind, fact.concept, fact.assertion, fact.when) == ("allergy", None, "absent", "2026-01-02")
    assert facts(listed("unavailable")) == []


def test_taking_part_in_a_study_is_a_procedure() -> None:
    """One who is on a study takes part; a candidate does not."""

    def subject(state: str) -> dict[str, Any]:
        resource = about("ResearchSubject", status=state, period={"start": "2025"})
        return resource | {"individual": resource.pop("subject")}

    [fact] = facts(subject("on-study"))
    assert (fact.name, fact.qualifier) == ("participation in another trial", ("ongoing",))
    assert facts(subject("candidate")) == []


def test_no_kind_is_complete() -> None:
    """A list of problems does not say that it is all there is."""
    assert read(about("Procedure", status="completed", code=coded(SNOMED, "80146002"))).patient.complete == frozenset()
