"""Limits compared by column come out as the reference evaluator has them, at their edges above all."""

from __future__ import annotations

import math
from itertools import product

import pytest

from equipoise.matching.columns import ANSWERS, screen_all
from equipoise.records.moments import Moment
from equipoise.records.patient import Patient, read_patient
from equipoise.rules.nodes import OPS, ConceptRef, Predicate
from matched import columns_of, criterion, differences, index_of

AT = Moment("2026-01-15")
LIMIT = 1.2
VALUES = (1.2, 1.2 * (1 + 1e-12), 1.2 * (1 - 1e-12), 1.3, 1.1, 0, 2.4, math.nextafter(2.4, 3))


def _limit(op: str, unit: str | None, relative_to: str | None, which: str | None) -> Predicate:
    return Predicate(
        kind="measurement",
        concept=ConceptRef("serum creatinine"),
        op=op,
        value=LIMIT,
        upper=2.4 if op == "between" else None,
        unit=None if relative_to else unit,
        relative_to=relative_to,
        which=which,
    )


def _patient(*values: float, unit: str | None = "mg/dL", complete: bool = False) -> Patient:
    named = {"kind": "measurement", "concept": {"name": "serum creatinine"}, "unit": unit, "range": [0.5, 1]}
    facts = [{**named, "value": value, "when": f"2026-01-{place:02}"} for place, value in enumerate(values, 1)]
    return read_patient({"facts": facts, "complete": ["measurement"] if complete else []})


RULES = [
    _limit(*given)
    for given in product(
        (one for one in OPS if one not in ("present", "absent")),
        ("mg/dL", "umol/L", "g/L", "h", None),
        (None, "ULN", "LLN"),
        (None, "any", "all", "worst"),
    )
]


@pytest.mark.parametrize("values", [*((one,) for one in VALUES), *product((1.2, 1.3, 1.1), repeat=2)])
def test_a_limit_at_its_edge(values: tuple[float, ...]) -> None:
    """Each operator, in units that convert, do not, and are lacking; of ranges; of the latest, any, all, the worst."""
    studies = {1: [criterion(f"I{place}", rule) for place, rule in enumerate(RULES, 1)]}
    index = index_of(columns_of(studies))
    for unit, complete in product(("mg/dL", "umol/L", None), (False, True)):
        patient = _patient(*values, unit=unit, complete=complete)
        assert list(differences(studies, patient, AT, screen_all(index, patient, at=AT))) == []


def test_an_equal_value_meets_a_limit_that_includes_it() -> None:
    """So that the test above compares answers that are known."""
    rules = [_limit(op, "mg/dL", None, None) for op in ("<=", "<", ">=", ">")]
    index = index_of(columns_of({1: [criterion(f"I{place}", rule) for place, rule in enumerate(rules, 1)]}))
    states = screen_all(index, _patient(LIMIT), at=AT)
    assert [ANSWERS[one] for one in states.answers] == ["met", "not met", "met", "not met"]
