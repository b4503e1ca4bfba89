"""Limits on age compared by column come out as the reference evaluator has them, also on the days of their turns."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from equipoise.matching.columns import ANSWERS, screen_all
from equipoise.records.moments import Moment
from equipoise.records.patient import Patient, read_patient
from equipoise.rules.nodes import OPS, ConceptRef, Predicate
from matched import columns_of, criterion, differences, index_of

VALUES = ((18, None, "a"), (18, 75, "a"), (75, 18, "a"), (0, 1, "a"), (6, 12, "mo"), (1.5, 2.5, "a"), (48, 72, "h"),
          (3, None, "mg"), (10**14, None, "a"))  # fmt: skip
RULES = [
    Predicate(kind="demographic", concept=ConceptRef("age"), op=op, value=value, upper=upper, unit=unit)
    for op, (value, upper, unit) in product((one for one in OPS if one not in ("present", "absent")), VALUES)
]
RECORDS: tuple[tuple[dict[str, Any], ...], ...] = (
    ({"name": "born", "when": "2008-01-15"},),
    ({"name": "born", "when": "2008-01-16"},),
    ({"name": "born", "when": "1951-02-28"},),
    ({"name": "born", "when": "2008"},),
    ({"name": "born", "when": "2026-01-13T09:40+01:00"},),
    ({"name": "born", "when": "2025-07"},),
    ({"name": "age", "value": 17, "unit": "a"},),
    ({"name": "age", "value": 75, "unit": "a", "when": "2025-03-02"},),
    ({"name": "age", "value": 7, "unit": "mo"}, {"name": "born", "when": "2025-06-01"}),
    ({"name": "age", "value": 40, "unit": "a"}, {"name": "born", "when": "1951"}),
    ({"name": "born"},),
)


def _patient(*facts: dict[str, Any]) -> Patient:
    named = [{"kind": "demographic", "concept": {"name": one["name"]}, **one} for one in facts]
    return read_patient({"facts": [{key: one[key] for key in one if key != "name"} for one in named]})


@pytest.mark.parametrize("at", ["2026-01-15", "2026-01-15T09:40+01:00", "2026-01", "2028-02-29T00:00Z"])
def test_an_age_at_its_edges(at: str) -> None:
    """Each operator, in years, months and hours, crossed, open, beyond all ages; births as vague as can be."""
    studies = {1: [criterion(f"{side}{place}", rule) for side in "IE" for place, rule in enumerate(RULES, 1)]}
    index = index_of(columns_of(studies))
    for facts in RECORDS:
        patient = _patient(*facts)
        assert list(differences(studies, patient, Moment(at), screen_all(index, patient, at=Moment(at)))) == []


def test_an_age_is_reached_on_the_birthday() -> None:
    """So that the test above compares answers that are known, and moments at which they turn."""
    rule = Predicate(kind="demographic", concept=ConceptRef("age"), op=">=", value=18, unit="a")
    index = index_of(columns_of({1: [criterion("I1", rule)]}))
    today, tomorrow = (
        screen_all(index, _patient({"name": "born", "when": born}), at=Moment("2026-01-15"))
        for born in ("2008-01-15", "2008-01-16")
    )
    assert [ANSWERS[one.answers[0]] for one in (today, tomorrow)] == ["met", "not met"]
    assert tomorrow.moment(int(tomorrow.eligible_from[0])) == "2026-01-16"
