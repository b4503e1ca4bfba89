"""What only asks for a person's consent or compliance, and what looks like it."""

from __future__ import annotations

import pytest

from equipoise.matching.agreement import COMPLIANCE, agreement


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
    ],
)
def test_what_somebody_has_or_can_is_no_compliance(text: str) -> None:
    """A risk that is not one of leaving, and what a body can do, no promise answers."""
    assert agreement(text, "exclusion") == ()
