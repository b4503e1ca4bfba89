"""A search is told in English as it was understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.find.wording import describe_text
from equipoise.terms.areas import areas
from equipoise.terms.fields import fields


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("stroke", "“stroke”"),
        ('"stroke"', '"stroke"'),
        ("a AND b OR c", "(“a” and “b”) or “c”"),
        ("NOT (a OR b)", "not (“a” or “b”)"),
        ("AREA[Phase]phase 3", "phase: Phase 3"),
        ("AREA[OverallStatus]ACTIVE_NOT_RECRUITING", "status: Active, not recruiting"),
        ("AREA[Phase]PHASE9", "phase: PHASE9"),
        ("AREA[StartDate]RANGE[2020-05, MAX]", "start date: May 2020 or more"),
        ("AREA[MinimumAge]RANGE[MIN, 16 years]", "minimum age: up to 16 years"),
        ("AREA[StartDate]RANGE[MIN, MAX]", "start date: any"),
        ("AREA[WhyStopped]MISSING", "why stopped: not stated"),
        ("SEARCH[Location](AREA[LocationCity]Lyon)", "at one site: site city: “Lyon”"),
        ("AREA[Nowhere]x", "“x”"),
        ("(not closed", "(not closed"),
        ("caf\udce9", "“caf\ufffd”"),
        ("", ""),
    ],
)
def test_expressions_are_told(text, english):
    """What stands on the left reads as on the right."""
    assert describe_text(text) == english


def test_every_field_and_area_is_told():
    """No name raises, whatever is asked of it."""
    for name in [*areas(), *(one.piece for one in fields())]:
        for asked in ("x", "MISSING", "RANGE[1, MAX]", "(a OR b)", "ALL", '""'):
            assert describe_text(f"AREA[{name}]{asked}")
            assert describe_text(f"AREA[{name}:size]{asked}").startswith("number of ")


@given(st.text(max_size=80))
def test_any_text_is_told(text):
    """Law: a description never raises, and can be printed."""
    describe_text(text).encode()
