"""The inclusion side of an eligibility text, cut out for the index."""

from __future__ import annotations

import pytest

from equipoise.criteria.split import split
from equipoise.store.joining import joining_text


@pytest.mark.parametrize(
    ("text", "kept", "left_out"),
    [
        ("Inclusion Criteria:\n\n* asthma\n\nExclusion Criteria:\n\n* gout", "asthma", "gout"),
        ("Exclusion Criteria:\n* gout\nInclusion Criteria:\n* asthma", "asthma", "gout"),
        ("INCLUSION CRITERIA (part A):\nasthma\nNON-INCLUSION CRITERIA:\ngout", "asthma", "gout"),
        ("Inclusion Criteria:~asthma~Exclusion Criteria:~gout", "asthma", "gout"),
        ("Key inclusion criteria: asthma. Key exclusion criteria: gout", "asthma", "gout"),
        ("Inclusion criteria\n1. asthma\nExclusion criteria\n1. gout", "asthma", "gout"),
    ],
)
def test_what_keeps_people_out_is_left_out(text: str, kept: str, left_out: str) -> None:
    """Text under a heading of exclusion is not there, whatever the order and form of the headings."""
    assert kept in joining_text(text) and left_out not in joining_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Adults with asthma",
        "Patients who meet the exclusion criteria of the main study and have asthma",
        "INCLUSION/EXCLUSION CRITERIA:\nasthma",
        "Occlusion: of the middle cerebral artery",
    ],
)
def test_a_text_without_headings_is_kept_whole(text: str) -> None:
    """A mention, a heading of both sides and other words are no headings of exclusion."""
    assert joining_text(text) == text


def test_letters_that_grow_in_lower_case_cut_nothing_wrong() -> None:
    """A Turkish İ is two characters in lower case; what follows is cut at the right place all the same."""
    assert "gout" not in joining_text("İİİİ asthma. Exclusion Criteria: gout")


def test_it_agrees_with_the_reader_of_criteria() -> None:
    """For a plain text the cut holds the same words as the criteria that the splitter puts on the inclusion side."""
    text = "Inclusion Criteria:\n\n* Adults with asthma\n* FEV1 below 80 %\n\nExclusion Criteria:\n\n* Gout\n* Smokers"
    sides = [text[slice(*piece.span)] for piece in split(text, None).pieces if piece.side == "inclusion"]
    assert all(one in joining_text(text) for one in sides) and len(sides) == 2
