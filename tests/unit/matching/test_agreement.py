"""What only asks for a person's consent or compliance, and what looks like it."""

from __future__ import annotations

import pytest

from equipoise.matching.agreement import COMPLIANCE, CONSENT, agreement


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
