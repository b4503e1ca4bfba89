"""How long something has lasted comes out by column as the reference evaluator has it."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from equipoise.matching.columns import ANSWERS, screen_all
from equipoise.records.moments import Moment
from equipoise.records.patient import Patient, read_patient
from equipoise.rules.nodes import OPS, ConceptRef, Predicate, Window
from matched import columns_of, criterion, differences, index_of

LIMITS: tuple[tuple[float | None, float | None, str | None], ...] = (
    (6, None, "mo"), (3, 6, "mo"), (6, 3, "mo"), (24, None, "h"), (14, 28, "d"), (2, None, "mg"), (None, None, None),
)  # fmt: skip
NAMES = ("asthma", "autoimmune disease", "stroke onset", "warfarin", "migraine")
WINDOWS = (None, Window(side="before", within="P1Y"))


def _rule(op: str, limit: tuple[float | None, float | None, str | None], name: str, **more: Any) -> Predicate:
    value, upper, unit = limit
    return Predicate(kind="duration", concept=ConceptRef(name), op=op, value=value, upper=upper, unit=unit, **more)


RULES = [
    _rule(op, limit, name, qualifier=qualifier, window=window)
    for op, limit, name, qualifier, window in product(OPS, LIMITS, NAMES, ((), ("severe",)), WINDOWS)
]
FACTS: tuple[dict[str, Any], ...] = (
    {"kind": "condition", "name": "asthma", "when": "2025-07-15"},
    {"kind": "condition", "name": "asthma", "when": "2025-07-16", "qualifier": ["severe"]},
    {"kind": "condition", "name": "asthma", "when": "2025-07", "assertion": "historical"},
    {"kind": "condition", "name": "rheumatoid arthritis", "when": "2025-12-18", "until": "2026-01-02"},
    {"kind": "condition", "name": "autoimmune disease", "assertion": "absent"},
    {"kind": "event_time", "name": "stroke onset", "when": "2026-01-14T09:40+01:00"},
    {"kind": "drug", "name": "warfarin", "when": "2026-01-14"},
    {"kind": "drug", "name": "warfarin"},
    {"kind": "procedure", "name": "asthma", "when": "2025-01-01"},
    {"kind": "duration", "name": "asthma", "value": 6, "unit": "mo"},
)


def _patient(*facts: dict[str, Any], complete: bool = False) -> Patient:
    rows = [{key: one[key] for key in one if key != "name"} | {"concept": {"name": one["name"]}} for one in facts]
    return read_patient({"facts": rows, "complete": ["condition"] if complete else []})


@pytest.mark.parametrize("at", ["2026-01-15T09:40+01:00", "2026-01-15", "2026-01"])
def test_what_lasts_and_how_long(at: str) -> None:
    """Each operator, crossed and open limits, days and hours; one fact, several, ended, denied, stated, unknown."""
    studies = {1: [criterion(f"{side}{place}", rule) for side in "IE" for place, rule in enumerate(RULES, 1)]}
    index = index_of(columns_of(studies))
    records = [(one,) for one in FACTS] + [FACTS[:2], FACTS[6:8], FACTS, ()]
    for facts, complete in product(records, (False, True)):
        patient = _patient(*facts, complete=complete)
        assert list(differences(studies, patient, Moment(at), screen_all(index, patient, at=Moment(at)))) == []


def test_an_asthma_of_six_months_is_one_on_the_day() -> None:
    """So that the test above compares answers that are known, and moments at which they turn."""
    rule = Predicate(kind="duration", concept=ConceptRef("asthma"), op=">=", value=6, unit="mo")
    index = index_of(columns_of({1: [criterion("I1", rule)]}))
    today, tomorrow = (screen_all(index, _patient(one), at=Moment("2026-01-15")) for one in FACTS[:2])
    assert [ANSWERS[one.answers[0]] for one in (today, tomorrow)] == ["met", "not met"]
    assert tomorrow.moment(int(tomorrow.eligible_from[0])) == "2026-01-16"
