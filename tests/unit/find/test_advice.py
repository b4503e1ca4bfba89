"""A record that does not fit together is asked about; one that does is left in peace."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from equipoise.find.advice import CHECKS, CRITERIA, STALE, not_said_elsewhere, read_advice
from equipoise.find.advice_record import Advice, quoted
from equipoise.find.criteria import FaultNote
from equipoise.records.dates import Age, PartialDate
from equipoise.records.study import (
    Arm,
    DateStruct,
    Design,
    DesignInfo,
    Eligibility,
    Enrollment,
    Intervention,
    Masking,
    Reference,
    References,
    Status,
    Study,
)

TODAY = date(2026, 1, 15)


def study(status: str = "COMPLETED", **said: Any) -> Study:
    """Return a study; what a check reads is given as it is named in its record."""
    dates = {name: said.pop(name) for name in ("start", "primary_completion", "completion") if name in said}
    structs = {f"{name}_date_struct": DateStruct(PartialDate(text), "ACTUAL") for name, text in dates.items()}
    return Study(number="NCT99000901", status=Status(overall_status=status, **structs), **said)


def design(**info: Any) -> Design:
    """Return a design of an interventional study."""
    masking = Masking(masking=info.pop("masking", None))
    return Design(
        study_type="INTERVENTIONAL",
        phases=info.pop("phases", ()),
        enrollment_info=Enrollment(count=info.pop("count", None)),
        design_info=DesignInfo(masking_info=masking, **info),
    )


def asked(one: Study) -> dict[str, Advice]:
    """Return what is asked about a study, by the check's name."""
    return {advice.name: advice for advice in read_advice(one, TODAY)}


ACTIVE = (Arm("Tea", "EXPERIMENTAL"), Arm("Coffee", "ACTIVE_COMPARATOR"))
PLACEBO = (Arm("Tea", "EXPERIMENTAL"), Arm("Placebo", "PLACEBO_COMPARATOR"))

ODD: dict[str, Study] = {
    "stale-status": Study(
        number="NCT99000901",
        status=Status(
            overall_status="NOT_YET_RECRUITING", start_date_struct=DateStruct(PartialDate("2025-10"), "ESTIMATED")
        ),
    ),
    "recruiting-before-start": Study(
        number="NCT99000901",
        status=Status(
            overall_status="RECRUITING",
            start_date_struct=DateStruct(PartialDate("2026-04-01"), "ESTIMATED"),
            last_update_submit_date=PartialDate("2026-01-02"),
        ),
    ),
    "dates-out-of-order": study(start="2024-05", completion="2023-12"),
    "past-before-start": study("NOT_YET_RECRUITING", summary="The investigators assessed tea in 40 people."),
    "enrollment-zero": study(design=design(count=0)),
    "sex-against-title": study(title="Tea in Pregnant Women", eligibility=Eligibility(sex="ALL")),
    "volunteers-against-title": study(
        title="Tea in Healthy Adult Volunteers", eligibility=Eligibility(healthy_volunteers=False)
    ),
    "ages-against-text": study(
        title="Tea in Adults Aged 18 to 65 Years",
        eligibility=Eligibility(minimum_age=Age("18 Years"), maximum_age=Age("80 Years")),
    ),
    "hours-differ": study(
        summary="Tea within 6 hours of return of spontaneous circulation.",
        eligibility=Eligibility(eligibility_criteria="1. Time from ROSC to randomization exceeding 4 hours;"),
    ),
    "editions-differ": study(
        summary="Care follows the tenth edition of the guidelines.",
        arms=(Arm("Control", "NO_INTERVENTION", "Standard care by the ninth edition of the guidelines."),),
    ),
    "placebo-group-without-placebo": study(
        arms=(Arm("A", "EXPERIMENTAL"), Arm("B", "PLACEBO_COMPARATOR", None, ("Drug: Cyclosporine",)))
    ),
    "placebo-in-title-only": study(title="A Placebo-Controlled Trial of Tea", arms=ACTIVE),
    "masking-against-title": study(title="A Double-Blind Trial of Tea", design=design(masking="NONE")),
    "allocation-against-title": study(title="A Randomized Trial of Tea", design=design(allocation="NON_RANDOMIZED")),
    "phase-against-title": study(title="A Phase II Trial of Tea", design=design(phases=("PHASE3",))),
    "groups-against-model": study(design=design(intervention_model="SINGLE_GROUP"), arms=ACTIVE),
    "early-results": study(
        start="2025-10",
        references=References(references=(Reference(type="RESULT", citation="Lee A. J Tea. 1992 Oct 1;149(7):2-6."),)),
    ),
}  # fmt: skip

FITTING: dict[str, Study] = {
    "recruiting-before-start": study("RECRUITING", start="2025-04"),
    "dates-out-of-order": study(start="2024-05", completion="2024"),
    "past-before-start": study(
        "NOT_YET_RECRUITING", summary="In a previous study, patients were randomized to tea. We will assess tea again."
    ),
    "enrollment-zero": study("WITHDRAWN", design=design(count=0)),
    "sex-against-title": study(title="Tea in Women and Their Babies", eligibility=Eligibility(sex="ALL")),
    "volunteers-against-title": study(
        title="Tea Against Unhealthy Habits", eligibility=Eligibility(healthy_volunteers=False)
    ),
    "ages-against-text": study(
        summary="Colds are most common in children aged 3-5 years. This study tests tea in adults.",
        eligibility=Eligibility(minimum_age=Age("18 Years")),
    ),
    "hours-differ": study(
        summary="Tea within 6 hours of onset.",
        eligibility=Eligibility(eligibility_criteria="* within 6 hours of symptom onset\n* within 2 hours of surgery"),
    ),
    "editions-differ": study(
        summary="Memory by the 4th edition of the scale.",
        eligibility=Eligibility(eligibility_criteria="* Reading by the 2nd edition of the test"),
    ),
    "placebo-group-without-placebo": study(
        arms=(Arm("B", "PLACEBO_COMPARATOR", None, ("Drug: B2",)),),
        interventions=(Intervention("DRUG", "B2", "0.9% sodium chloride that looks like tea", ("B",)),),
    ),
    "placebo-in-title-only": study(title="A Placebo-Controlled Trial of Tea", arms=PLACEBO),
    "masking-against-title": study(
        title="A Double-Blind Trial of Tea With an Open-Label Extension", design=design(masking="NONE")
    ),
    "allocation-against-title": study(
        title="A Non-Randomized Trial of Tea", design=design(allocation="NON_RANDOMIZED")
    ),
    "phase-against-title": study(title="A Phase 2/3 Trial of Tea", design=design(phases=("PHASE2", "PHASE3"))),
    "groups-against-model": study(design=design(intervention_model="PARALLEL", allocation="RANDOMIZED"), arms=ACTIVE),
    "early-results": study(
        start="1992-01",
        references=References(references=(Reference(type="RESULT", citation="Lee A. J Tea. 1992 Oct 1;149(7):2-6."),)),
    ),
}


@pytest.mark.parametrize("name", list(ODD))
def test_what_is_odd_is_asked_about(name: str) -> None:
    """Each check asks about a record made for it, and shows what stands where."""
    advice = asked(ODD[name])[name]
    assert "?" in advice.question
    assert all(place.section and place.label and place.words for place in advice.places)


@pytest.mark.parametrize("name", list(FITTING))
def test_what_fits_is_left_in_peace(name: str) -> None:
    """A record like it, in which all fits, is not asked about."""
    assert name not in asked(FITTING[name])


def test_every_check_has_an_odd_record() -> None:
    """None is untested."""
    assert len(CHECKS) == len(ODD)


def test_a_record_that_says_nothing_is_not_asked_about() -> None:
    """Silence is no contradiction."""
    assert read_advice(Study(number="NCT99000901"), TODAY) == ()


def test_criteria_against_the_record_are_asked_about() -> None:
    """With the criterion that says so; what only two criteria dispute is said at these."""
    faults = [
        FaultNote(
            "I1", "record", "The text says age at least 60 years, the record says a minimum age of 18 years", "", ""
        ),
        FaultNote("I2", "contradiction", "No patient can meet both", "", ""),
    ]
    [advice] = read_advice(Study(number="NCT99000901"), TODAY, faults)
    assert (advice.name, [place.section for place in advice.places]) == ("criteria-against-record", ["I1"])


def test_a_stale_status_is_told_once() -> None:
    """Its name is that which pages leave out of the questions, for they say it beside the status."""
    assert list(asked(ODD["stale-status"])) == [STALE]


def test_long_words_are_quoted_where_it_matters() -> None:
    """The place that was found is in what is shown."""
    text = "word " * 100 + "HERE " + "word " * 100
    shown = quoted(text, at=500)
    assert "HERE" in shown
    assert len(shown) < 240
    assert shown.startswith("“… ")
    assert shown.endswith(" …”")


def test_what_a_page_says_elsewhere_is_not_asked_again() -> None:
    """The status has its own words beside it; so have criteria, where their faults are shown with them."""
    advice = [Advice(name, "?", ()) for name in (STALE, "late-start", CRITERIA)]
    assert [one.name for one in not_said_elsewhere(advice, criteria=True)] == ["late-start"]
    assert [one.name for one in not_said_elsewhere(advice, criteria=False)] == ["late-start", CRITERIA]
