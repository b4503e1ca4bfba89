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


def _measured(
    name: str, op: str, value: float, *, unit: str | None = None, relative_to: str | None = None
) -> Predicate:
    upper = value * 1.2 if op == "between" else None
    return Predicate(kind="measurement", concept=ConceptRef(name), op=op, value=value, upper=upper, unit=unit,
                     relative_to=relative_to)  # fmt: skip


WORDED = [
    _measured("potassium", op, value, unit=unit)
    for op, value, unit in product(
        (one for one in OPS if one not in ("present", "absent")),
        (3.3, 3.4, 3.5, 3.6, 4.2, 5.0, 5.2, 5.5, 5.6, 60),
        ("mmol/L", "meq/L", "g/L", None),
    )
] + [
    _measured("potassium", op, value, relative_to=limit)
    for op, value, limit in product(("<", "<=", ">", ">=", "between", "="), (0.5, 1, 1.5), ("ULN", "LLN", "baseline"))
]  # fmt: skip


@pytest.mark.parametrize("word", ["normal", "elevated", "low", "abnormal", "> 5", "<= 5", "< 3.5", ">= 5.5"])
@pytest.mark.parametrize(("unit", "ranged"), [(None, None), ("mmol/L", None), ("mmol/L", (3.5, 5.1))])
def test_a_result_in_a_word(word: str, unit: str | None, ranged: tuple[float, float] | None) -> None:
    """Words and bounds come out alike at the ends of what common laboratories call normal; of children nothing does."""
    fact = {"kind": "measurement", "concept": {"name": "potassium"}, "value": word, "unit": unit, "range": ranged}
    child = {"kind": "demographic", "concept": {"name": "age"}, "value": 9, "unit": "a"}
    number = {**fact, "value": 4.0, "unit": "mmol/L"}
    studies = {1: [criterion(f"I{place}", rule) for place, rule in enumerate(WORDED, 1)]}
    index = index_of(columns_of(studies))
    for facts in ([fact], [fact, child], [fact, number]):
        patient = read_patient({"facts": facts})
        assert list(differences(studies, patient, AT, screen_all(index, patient, at=AT))) == []


USUAL = [
    _measured(name, op, value, unit=unit)
    for (name, values, units), op in product(
        (
            ("body temperature", (24, 25, 36.8, 38, 45, 98.6, 100.4, 113, 200), ("Cel", "[degF]", None)),
            ("body mass index", (5, 25, 30, 101), ("kg/m2", None)),
            ("serum creatinine", (1.5, 90), ("mg/dL", "umol/L", None)),
        ),
        ("<", "<=", ">", ">=", "=", "between"),
    )
    for value, unit in product(values, units)
]


@pytest.mark.parametrize(("name", "value"), [("body temperature", 38), ("body temperature", 100.4), ("BMI", 30),
                                             ("body mass index", 250), ("creatinine", 90)])  # fmt: skip
@pytest.mark.parametrize("unit", [None, "Cel", "kg/m2", "umol/L"])
def test_a_unit_that_is_not_stated(name: str, value: float, unit: str | None) -> None:
    """Limits and results without a unit have the usual one by column, too."""
    patient = read_patient(
        {"facts": [{"kind": "measurement", "concept": {"name": name}, "value": value, "unit": unit}]}
    )
    studies = {1: [criterion(f"I{place}", rule) for place, rule in enumerate(USUAL, 1)]}
    assert list(differences(studies, patient, AT)) == []
