"""Limits: what comparison begins at a word, its unit as stated."""

from __future__ import annotations

import pytest

from equipoise.criteria.limits import Comparison, comparison_at
from equipoise.criteria.tokens import plain, tokenize


def read(text: str) -> Comparison | None:
    """Return the first comparison in a text."""
    tokens = tokenize(plain(text), source=text)
    return next((found for at in range(len(tokens)) if (found := comparison_at(plain(text), tokens, at))), None)


@pytest.mark.parametrize(
    ("text", "op", "value", "unit"),
    [
        ("< 100,000/µL", "<", 100_000, "/uL"),
        ("at least 9 g/dL", ">=", 9, "g/dL"),
        ("no more than 1.5 mg/dL", "<=", 1.5, "mg/dL"),
        ("not less than 40 %", ">=", 40, "%"),
        ("greater than or equal to 18 years", ">=", 18, "a"),
        ("less than or equal to 2", "<=", 2, None),
        ("exceeding 30 kg/m2", ">", 30, "kg/m2"),
        ("of 60 mL/min or greater", ">=", 60, "mL/min"),
        ("8 or less", "<=", 8, None),
        ("100 x 10^9/L or more", ">=", 100, "10*9/L"),
        ("≥1.5 x 109/L", ">=", 1.5, "10*9/L"),
        ("> 50.000 /mmc", ">", 50_000, "/mm3"),
        ("<1,5 mg/dL", "<", 1.5, "mg/dL"),
        ("> 38.3 °C", ">", 38.3, "Cel"),
        (">90 mm/Hg", ">", 90, "mm[Hg]"),
        ("above 30 ml/min/1.73m2", ">", 30, "mL/min/{1.73_m2}"),
    ],
)
def test_a_limit_has_a_sign_a_number_and_a_unit(text: str, op: str, value: float, unit: str | None) -> None:
    """Before the number or behind it, in signs or in words."""
    found = read(text)
    assert found is not None
    assert (found.op, found.value, found.upper, found.unit) == (op, value, None, unit)
    assert found.span[0] < found.span[1] <= len(text)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        *(("between 7.0 and 10.5%", 7, 10.5, "%"), ("18 to 75 years", 18, 75, "a"), ("90-140 mmHg", 90, 140, "mm[Hg]")),
        *(("18.5–24.9 kg/m²", 18.5, 24.9, "kg/m2"), ("from 2 to 12 months", 2, 12, "mo"), ("0 to 2", 0, 2, None)),
    ],
)
def test_a_range_holds_both_its_ends(text: str, low: float, high: float, unit: str | None) -> None:
    """One unit behind both numbers is that of both."""
    found = read(text)
    assert found is not None
    assert (found.op, found.value, found.upper, found.unit) == ("between", low, high, unit)


@pytest.mark.parametrize(
    ("text", "op", "value", "relative"),
    [
        *(("≤ 2.5 x ULN", "<=", 2.5, "ULN"), ("> 3 times the upper limit of normal", ">", 3, "ULN")),
        *(("≥ LLN", ">=", 1, "LLN"), ("≤1.5×ULN", "<=", 1.5, "ULN"), ("> 1.5 × baseline", ">", 1.5, "baseline")),
    ],
)
def test_a_multiple_has_no_unit(text: str, op: str, value: float, relative: str) -> None:
    """What it is a multiple of is kept instead."""
    found = read(text)
    assert found is not None
    assert (found.op, found.value, found.relative_to, found.unit) == (op, value, relative, None)


@pytest.mark.parametrize("text", ["fever", "12 patients", "5 and 6", "(", "<", "at least", "≥ fever", ""])
def test_what_limits_nothing_is_no_comparison(text: str) -> None:
    """A number alone, a sign alone, "and" without "between"."""
    assert read(text) is None
