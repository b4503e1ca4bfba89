"""Compare a result with a limit, units converted; unknown where a unit, a range or a baseline is missing."""

from __future__ import annotations

import math

from equipoise.records.patient import Fact
from equipoise.rules.nodes import Predicate
from equipoise.rules.truth import all_, any_, not_
from equipoise.rules.usual import unit_of, with_unit
from equipoise.terms.units import convert


def compare(op: str, value: float, limit: float, upper: float | None = None) -> bool | None:
    """Return whether a value meets a limit; conversion leaves equal values a hair apart, and they count as equal.

    >>> compare("<=", 0.1 + 0.2, 0.3), compare("<", 0.1 + 0.2, 0.3), compare("between", 7, 6, 7)
    (True, False, True)
    """
    same = math.isclose(value, limit, rel_tol=1e-9)
    if op == "between":
        if upper is None:
            return None
        return all_((same or value > limit, value < upper or math.isclose(value, upper, rel_tol=1e-9)))
    answers = {
        "<": value < limit and not same,
        "<=": value < limit or same,
        ">": value > limit and not same,
        ">=": value > limit or same,
        "=": same,
    }
    return answers.get(op)


def compared(rule: Predicate, fact: Fact, *, baseline: Fact | None = None) -> bool | None:
    """Return whether a fact's value meets the rule's limit; unknown where unit, range or baseline is missing."""
    if not isinstance(rule.value, (int, float)):
        return None
    value = reading(with_unit(rule), fact, baseline)
    return None if value is None else compare(rule.op, value, float(rule.value), rule.upper)


def why_not(rule: Predicate, fact: Fact) -> str:
    """Return what a result lacks, so that it cannot be compared."""
    if not isinstance(fact.value, (int, float)):
        return f"{fact.name} has no number"
    if rule.relative_to == "baseline":
        return f"no baseline of {fact.name} in this record"
    if rule.relative_to is not None:
        return f"{fact.name} comes without the laboratory's range"
    if rule.unit is None:
        return f"the limit on {fact.name} has no unit"
    return f"{fact.name} has no unit" if fact.unit is None else f"{fact.name} has a unit that does not convert"


def reading(rule: Predicate, fact: Fact, baseline: Fact | None) -> float | None:
    """Return the fact's value in the unit of the limit, or as a multiple of what the limit is relative to."""
    if not isinstance(fact.value, (int, float)):
        return None
    if rule.relative_to is None:
        return converted(fact.value, unit_of(fact), rule.unit, analyte=rule.name)
    reference = _reference(rule, fact, baseline)
    return None if reference is None or reference <= 0 else fact.value / reference


def _reference(rule: Predicate, fact: Fact, baseline: Fact | None) -> float | None:
    relative_to, analyte = rule.relative_to, rule.name
    low, high = fact.range or (None, None)
    if relative_to == "ULN":
        return high
    if relative_to == "LLN":
        return low
    if relative_to == "baseline" and baseline is not None and isinstance(baseline.value, (int, float)):
        return converted(baseline.value, baseline.unit, fact.unit, analyte=analyte)
    return None


def converted(value: float, source: str | None, target: str | None, *, analyte: str) -> float | None:
    """Return a value in another unit; None where one of them is missing, or they do not convert."""
    if is_bare(source) and is_bare(target):
        return value
    if source is None or target is None or is_bare(source) or is_bare(target):
        return None
    return value if source == target else convert(value, source, target, analyte=analyte)


def is_bare(unit: str | None) -> bool:
    """Return whether a unit is none: a score or a count ({score}, 1)."""
    return unit is None or unit == "1" or (unit.startswith("{") and unit.endswith("}"))


def within_bounds(op: str, low: float, high: float, limit: tuple[float, float | None]) -> bool | None:
    """Return whether a value known to lie from *low* to *high* meets a limit.

    >>> within_bounds(">=", 2, 5, (2, None)), within_bounds(">=", 2, 5, (3, None)), within_bounds("<", 2, 5, (2, None))
    (True, None, False)
    """
    value, upper = limit
    if op in (">=", "<"):
        reached = True if low >= value else False if high < value else None
        return reached if op == ">=" else not_(reached)
    if op in (">", "<="):
        passed = True if low > value else False if high <= value else None
        return passed if op == ">" else not_(passed)
    top = value if op == "=" else upper
    if op not in ("=", "between") or top is None:
        return None
    inside = all_((within_bounds(">=", low, high, (value, None)), within_bounds("<=", low, high, (top, None))))
    return False if any_((high < value, low > top)) else inside
