"""A patient's facts in words."""

from __future__ import annotations

import pytest

from equipoise.matching.english import describe_fact
from equipoise.records.moments import Moment
from equipoise.records.patient import read_patient

OWN = Moment("2000-07-15")


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("2000-07-15T08:10", "return of spontaneous circulation, at 08:10"),
        ("2000-07-14", "return of spontaneous circulation, 1 day before"),
        ("2000-07-15", "return of spontaneous circulation"),
        (None, "return of spontaneous circulation"),
    ],
)
def test_a_note_without_a_day_still_tells_the_time_of_day(when: str | None, said: str) -> None:
    """Where dates would mean nothing, what lies before is told by how long, and what is of the day by its clock."""
    fact = {"kind": "event_time", "concept": {"name": "return of spontaneous circulation"}, "when": when}
    assert describe_fact(read_patient({"facts": [fact]}).facts[0], own=OWN) == said
