"""Faults say what is wrong, where, and what to do next."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from equipoise.records.dates import Age
from equipoise.rules.faults import Stated, check_criteria, check_rule, show_fault
from equipoise.rules.nodes import All, AnyOf, ConceptRef, Not, Predicate, Rule, Window


def _is(kind: str, name: str, *, text: str = "", words: str = "", **more: Any) -> Predicate:
    """Return a predicate whose span is the whole text, and whose concept's is *words* in it."""
    start = text.find(words)
    span = (start, start + len(words)) if words else None
    return Predicate(kind=kind, concept=ConceptRef(name, span=span), span=(0, len(text)) if text else None, **more)


def _age(op: str, value: int, upper: int | None = None) -> Predicate:
    return _is("demographic", "age", op=op, value=value, upper=upper, unit="a")


def _shown(rule: Rule, text: str) -> list[str]:
    return [show_fault(fault, text) for fault in check_rule(rule)]


def test_crossed_limits_are_shown_with_a_caret() -> None:
    """The caret stands at the upper limit."""
    text = "- HbA1c between 10 and 7 %"
    rule = _is("measurement", "hemoglobin a1c", text=text, words="HbA1c", op="between", value=10, upper=7, unit="%")
    assert _shown(rule, text) == [
        "Lower limit 10 is above upper limit 7\n"
        "    - HbA1c between 10 and 7 %\n"
        "            ~~~~~~~~~~~~~~~^\n"
        "Swap the limits, or write two criteria."
    ]


def test_a_unit_that_does_not_fit_is_shown() -> None:
    """The usual unit is named."""
    text = "Inclusion:\n\n- Platelets ≥ 100 mg/dL"
    rule = Predicate(
        kind="measurement", concept=ConceptRef("platelet count", span=(14, 23)), op=">=", value=100, unit="mg/dL",
        span=(14, len(text)),
    )  # fmt: skip
    assert _shown(rule, text) == [
        "mg/dL is no unit of platelet count\n    - Platelets ≥ 100 mg/dL\n                ^~~~~~~~~~~\n".replace(
            "                ^", "                ^"
        )
        + "Its usual unit is ×10⁹/L. Check the unit, or what it belongs to."
    ]


def test_an_implausible_limit_is_shown() -> None:
    """A limit that no patient's value comes near is most likely a slip."""
    text = "Platelets ≥ 100000 x 10^9/L"
    rule = _is("measurement", "platelet count", text=text, words="Platelets", op=">=", value=100000, unit="10*9/L")
    assert _shown(rule, text) == [
        "platelet count 100000 ×10⁹/L is outside what is plausible, 0 to 3000 ×10⁹/L\n"
        "    Platelets ≥ 100000 x 10^9/L\n"
        "              ~~^\n"
        "Check the number and its unit."
    ]


def test_an_age_that_nobody_reaches_is_shown() -> None:
    """1880 years is a slip for 18 to 80."""
    assert [fault.message for fault in check_rule(_age(">=", 1880))] == [
        "An age of 1880 years is outside what is plausible, 0 to 130 years"
    ]


@pytest.mark.parametrize(
    "rule",
    [
        _is("measurement", "platelet count", op="<", value=100, unit="10*9/L"),
        _is("measurement", "platelet count", op="<", value=100000, unit="/uL"),
        _is("measurement", "platelet count", op="<", value=100000),
        _is("measurement", "serum creatinine", op="<", value=133, unit="umol/L"),
        _is("measurement", "alanine aminotransferase", op=">", value=500, relative_to="ULN"),
        _is("measurement", "a new score", op=">", value=10**9, unit="mg"),
        _age("between", 18, 85),
    ],
)
def test_a_usual_limit_has_no_fault(rule: Rule) -> None:
    """Any unit that converts fits; what the catalogue does not know is not judged."""
    assert check_rule(rule) == []


def test_a_long_line_is_cut_around_the_fault() -> None:
    """The caret stands under its character, however long the paragraph is."""
    text = "Patients " * 40 + "with HbA1c between 10 and 7 % " + "and more " * 40
    start = text.index("HbA1c")
    rule = Predicate(
        kind="measurement", concept=ConceptRef("hemoglobin a1c", span=(start, start + 5)), op="between", value=10,
        upper=7, unit="%", span=(start, start + 24),
    )  # fmt: skip
    _, line, pointer, _ = _shown(rule, text)[0].split("\n")
    assert len(line) <= 110
    assert line[pointer.index("~") : pointer.index("^") + 1] == "between 10 and 7"


# Between criteria


def _messages(*criteria: tuple[str, Rule], **record: Any) -> list[str]:
    stated = [Stated(section, rule, (place * 10, place * 10 + 9)) for place, (section, rule) in enumerate(criteria)]
    return [fault.message for fault in check_criteria(stated, **record)]


def test_criteria_that_no_patient_meets_are_shown() -> None:
    """An inclusion and an exclusion of the same ages shut everyone out."""
    text = "Age ≥ 18 years\nAge ≥ 18 years"
    stated = [Stated("inclusion", _age(">=", 18), (0, 14)), Stated("exclusion", _age(">=", 18), (15, 29))]
    assert [show_fault(fault, text) for fault in check_criteria(stated)] == [
        "No patient can meet both: age at least 18 years; not (age at least 18 years)\n"
        "    Age ≥ 18 years\n    ^~~~~~~~~~~~~~\n"
        "    Age ≥ 18 years\n    ^~~~~~~~~~~~~~\n"
        "Change one of the two."
    ]


HB = _is("measurement", "hemoglobin", op=">=", value=9, unit="g/dL")
LOW = _is("measurement", "hemoglobin", op="<=", value=80, unit="g/L")
DIABETES = _is("condition", "diabetes")
FEMALE = _is("demographic", "sex", op="=", value="female")
MALE = _is("demographic", "sex", op="=", value="male")


@pytest.mark.parametrize(
    "criteria",
    [
        [("inclusion", HB), ("inclusion", LOW)],
        [("inclusion", DIABETES), ("exclusion", DIABETES)],
        [
            ("inclusion", All((DIABETES, HB))),
            ("exclusion", AnyOf((DIABETES, msgspec.structs.replace(HB, value=90, unit="g/L")))),
        ],
        [("inclusion", Not(DIABETES)), ("inclusion", DIABETES)],
        [("inclusion", FEMALE), ("exclusion", FEMALE)],
        [("inclusion", _age("<", 18)), ("exclusion", _age("<", 18))],
        [("exclusion", _is("condition", "diabetes", op="absent")), ("exclusion", DIABETES)],
    ],
)
def test_a_contradiction_is_found(criteria: list[tuple[str, Rule]]) -> None:
    """One fault, whatever the sides and the units."""
    assert len(_messages(*criteria)) == 1


@pytest.mark.parametrize(
    "criteria",
    [
        [("inclusion", _age(">=", 18)), ("exclusion", _age("<", 18))],
        [("inclusion", _age("between", 18, 75)), ("exclusion", _age(">", 75))],
        [("inclusion", _age("<=", 18)), ("inclusion", _age(">=", 18))],
        [("inclusion", AnyOf((DIABETES, FEMALE))), ("exclusion", DIABETES)],
        [("inclusion", DIABETES), ("exclusion", All((DIABETES, FEMALE)))],
        [("inclusion", DIABETES), ("exclusion", _is("condition", "diabetes", qualifier=("severe",)))],
        [("inclusion", DIABETES), ("exclusion", _is("condition", "diabetes", window=Window(within="P1M")))],
        [("inclusion", HB), ("inclusion", msgspec.structs.replace(LOW, population="men"))],
        [("inclusion", HB), ("inclusion", _is("measurement", "hemoglobin", op="<", value=8))],
        [("inclusion", AnyOf((FEMALE, MALE)))],
        [("inclusion", FEMALE), ("inclusion", MALE)],
        [
            ("exclusion", _is("drug", "prednisone", op=">", value=10, unit="mg/d")),
            ("exclusion", _is("drug", "prednisone", op="<=", value=10, unit="mg/d")),
        ],
        [("inclusion", _age("<", 18)), ("inclusion", _age(">=", 18))],
        [("inclusion", All((DIABETES, HB))), ("exclusion", AnyOf((DIABETES, FEMALE)))],
        [("inclusion", _is("administrative", "consent")), ("exclusion", _is("administrative", "consent"))],
        [("inclusion", All((DIABETES, Not(DIABETES))))],
    ],
)  # fmt: skip
def test_what_some_patient_meets_is_no_contradiction(criteria: list[tuple[str, Rule]]) -> None:
    """A narrower exclusion, another time, another population, or a missing unit leave a way in."""
    assert _messages(*criteria) == []


# Against the record


def test_an_age_unlike_the_records_is_shown() -> None:
    """The text and the record are both named."""
    assert _messages(("inclusion", _age(">=", 21)), age=(Age("18 Years"), None)) == [
        "The text says age at least 21 years, the record says a minimum age of 18 years"
    ]
    assert _messages(("inclusion", _age("between", 18, 70)), age=(Age("18 Years"), Age("75 Years"))) == [
        "The text says age 18 to 70 years, the record says a maximum age of 75 years"
    ]


@pytest.mark.parametrize("rule", [_age("<=", 65), _age("<", 65), _age("<", 66), _age("between", 18, 65)])
def test_an_age_like_the_records_is_no_fault(rule: Rule) -> None:
    """Registries enter "below 65" as 64 or as 65."""
    record = (Age("216 Months"), Age("65 Years"))
    assert _messages(("inclusion", rule), age=record) == []


def test_a_sex_unlike_the_records_is_shown() -> None:
    """Criteria for women in a record for men disagree with it; in one for all they are of a group."""
    assert _messages(("inclusion", FEMALE), sex="MALE") == ["The text says sex is female, the record takes in men only"]
    assert _messages(("inclusion", FEMALE), sex="ALL") == []
    assert _messages(("exclusion", FEMALE), sex="female") == [
        "The text says not (sex is female), the record takes in women only"
    ]
    assert _messages(("inclusion", FEMALE), sex="FEMALE") == []
    assert _messages(("inclusion", AnyOf((FEMALE, MALE))), sex="ALL") == []
