"""What only asks for a person's consent or compliance, and what looks like it."""

from __future__ import annotations

import pytest

from equipoise.criteria.compile import compile_criteria
from equipoise.criteria.records import Side
from equipoise.matching.agreement import COMPLIANCE, CONSENT, agreement, asks_only_agreement, limits_nobody
from equipoise.matching.verdicts import Asked


@pytest.mark.parametrize(
    "text",
    [
        "Risk of loss to follow-up",
        "Unlikely to complete follow up",
        "Unable to complete the study",
        "Unable to return for follow-up visits",
        "Not available for follow-up",
        "Psychological, familial, sociological or geographical condition potentially hampering compliance",
        "Inability to answer questions",
        "Anticipated difficulties with follow-up due to geographic reasons (e.g. living abroad)",
        "At high risk of not being able to return until the next blood draw (moving, work)",
        "Not able or willing to tolerate the required supine position during the procedure (2 hours)",
        "Physically unable to undergo breast cancer screening",
    ],
)
def test_to_stay_to_the_end_is_compliance(text: str) -> None:
    """Who does what the protocol asks comes back, answers and stays to the end."""
    assert agreement(text, "exclusion") == (COMPLIANCE,)


@pytest.mark.parametrize(
    "text",
    [
        "High risk procedures",
        "Risk of blood loss",
        "Complete response",
        "Blood loss",
        "Ability to perform lung function tests",
        "Able to take oral medication",
        "Unable to swallow tablets",
        "Unable or unwilling to undergo MRI",
        "Unable to lie flat",
        "Unable to tolerate metformin",
        "Living abroad",
    ],
)
def test_what_somebody_has_or_can_is_no_compliance(text: str) -> None:
    """A risk that is not one of leaving, and what a body can do, no promise answers."""
    assert agreement(text, "exclusion") == ()


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Unable to give informed consent due to dementia", (CONSENT,)),
        ("Inability to sign the consent form because of severe mental illness", (CONSENT,)),
        ("Unable to give informed consent due to dementia, or pregnant", ()),
        ("Dementia, unable to give informed consent", ()),
    ],
)
def test_why_somebody_cannot_consent_asks_nothing_more(text: str, asked: tuple[str, ...]) -> None:
    """Whoever can consent is not meant, whatever they have; what stands beside the cause is asked by itself."""
    assert agreement(text, "exclusion") == asked


def _asked(text: str, section: Side) -> tuple[str, ...]:
    (one,) = [one for one in compile_criteria(text, section=section) if one.parent is None]
    return asks_only_agreement(Asked("c", section, one.rule, text))


@pytest.mark.parametrize(
    ("section", "text"),
    [
        ("inclusion", "Willing to fast for 12 hours before each visit"),
        ("inclusion", "Able and willing to eat and drink nothing for 4 hours before the scan"),
        ("inclusion", "Participants must agree not to give blood for 2 months"),
        ("inclusion", "Use of protocol-specified methods of contraception"),
        ("exclusion", "Unwilling to withhold metformin or common migraine medications for 2 days before the scan"),
        ("exclusion", "Patients who do not agree to wear the monitor"),
        ("exclusion", "Inability or unwillingness to attend the sessions"),
    ],
)
def test_what_one_is_willing_to_do_is_compliance(section: Side, text: str) -> None:
    """Whoever keeps to the protocol does what the study wants done, whatever that is."""
    assert _asked(text, section) == (COMPLIANCE,)


@pytest.mark.parametrize(
    ("section", "text"),
    [
        ("inclusion", "Willing and able to walk on a treadmill"),  # a body may not be able to
        ("inclusion", "Able to fast for 12 hours"),
        ("inclusion", "Unwilling to undergo surgery"),  # here it is wanted that they refuse
        ("exclusion", "Willing to have children within a year"),
        ("inclusion", "Women willing to use contraception"),
        ("inclusion", "Agrees to use condoms"),
        ("inclusion", "Has or is willing to have a port placed"),
        ("inclusion", "Caregiver willing to keep a diary"),
        ("inclusion", "Willing to stop warfarin, and INR below 3"),
        ("inclusion", "Willing to receive docetaxel or have received paclitaxel"),
        ("inclusion", "Willing to take part if the physician judges it safe"),
        ("inclusion", "Willing to keep the diary and insured by social security"),
    ],
)
def test_a_promise_covers_nothing_else(section: Side, text: str) -> None:
    """What a body can do, what others judge, a family, and what is there already: no promise covers them."""
    assert _asked(text, section) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Prior therapy with all registered antiepileptic medication is allowed",
        "Enrolled without regard to sex, race, or religion",
        "Regardless of gender or ethnicity",
    ],
)
def test_what_leaves_nobody_out_lets_everyone_in(text: str) -> None:
    """It asks nothing, so nobody has to be asked."""
    (one,) = compile_criteria(text, section="inclusion")
    assert limits_nobody(one.rule, "inclusion", text)


@pytest.mark.parametrize(
    "text",
    [
        "Prior chemotherapy is allowed if completed",
        "Concurrent steroids are allowed",
        "Prior surgery",
        "Women of any race",
        "Children of any race",
        "Prior low-dose aspirin is allowed",
    ],
)
def test_what_may_leave_somebody_out_is_open(text: str) -> None:
    """Terms, a part of it, what is taken now, and whom it names may each keep somebody out."""
    (one,) = compile_criteria(text, section="inclusion")
    assert not limits_nobody(one.rule, "inclusion", text)
