"""
Results without a number: "normal", "elevated", "low", "> 60".

What a laboratory calls normal lies between its limits, wherever it draws them; so a normal hematocrit is not below
25 %, and a normal AST is not above 2.5 × ULN. Only what is so by the limits of every common laboratory is decided, as
in `equipoise.rules.defaults`. "> 60" lies above 60 and is decided for limits up to there.
"""

from __future__ import annotations

import math
import re

from equipoise.records.patient import Fact
from equipoise.rules.aged import is_child
from equipoise.rules.english import describe_unit
from equipoise.rules.names import variable_name
from equipoise.rules.nodes import Predicate
from equipoise.rules.quantities import converted, within_bounds
from equipoise.rules.seen import Seen
from equipoise.rules.usual import unit_of, with_unit
from equipoise.terms.normal_limits import common_limits

_BOUND = re.compile(r"(<=|>=|<|>|≤|≥)\s?(\d+(?:\.\d+)?)")
_MULTIPLES = {
    ("normal", "ULN"): (-math.inf, 1.0), ("elevated", "ULN"): (1.0, math.inf), ("low", "ULN"): (-math.inf, 1.0),
    ("normal", "LLN"): (1.0, math.inf), ("elevated", "LLN"): (1.0, math.inf), ("low", "LLN"): (-math.inf, 1.0),
}  # fmt: skip
# Ends that do not belong to what they bound lie a hair inside it: more than rounding, less than any result.
_HAIR = 1e-6

Bounds = tuple[float, float]


def by_words(rule: Predicate, fact: Fact, seen: Seen) -> tuple[bool | None, str | None]:
    """Return whether a result in a word, or a bound, meets a limit, and how that is known."""
    if not isinstance(rule.value, (int, float)):
        return None, None
    found = bounds(rule, fact, seen)
    if found is None:
        return None, None
    holds = within_bounds(rule.op, *found, (float(rule.value), rule.upper))
    if holds is None or _bound(fact) is not None:
        return holds, None
    return holds, _note(rule, fact)


def bounds(rule: Predicate, fact: Fact, seen: Seen) -> Bounds | None:
    """Return between which values a result in a word lies, in the unit of the limit; None where that is not known."""
    stated = _bound(fact)
    if stated is not None:
        return _of_bound(*stated, with_unit(rule), fact)
    if not isinstance(fact.value, str):
        return None
    if rule.relative_to in ("ULN", "LLN"):
        low, high = _MULTIPLES.get((fact.value, rule.relative_to), (math.nan, math.nan))
        if math.isnan(low):
            return None
        inside = fact.value != "normal"
        return (_above(low) if inside else low), (_below(high) if inside else high)
    return None if rule.relative_to is not None else _of_word(with_unit(rule), fact, seen)


def _bound(fact: Fact) -> tuple[str, float] | None:
    found = _BOUND.fullmatch(fact.value) if isinstance(fact.value, str) else None
    return None if found is None else (found[1], float(found[2]))


def _of_bound(op: str, number: float, rule: Predicate, fact: Fact) -> Bounds | None:
    if rule.relative_to is not None:
        return None
    value = converted(number, unit_of(fact), rule.unit, analyte=rule.name)
    if value is None:
        return None
    value = _even(value)
    if op in (">", ">=", "≥"):
        return (_above(value) if op == ">" else value), math.inf
    return -math.inf, (_below(value) if op == "<" else value)


def _of_word(rule: Predicate, fact: Fact, seen: Seen) -> Bounds | None:
    """Return where a word lies by the limits of every common laboratory, for adults."""
    name, word = variable_name(rule.name), fact.value
    upper, lower = common_limits(name, "ULN"), common_limits(name, "LLN")
    if word not in ("normal", "elevated", "low") or is_child(seen):
        return None
    low = high = None
    if word == "normal":
        low = None if lower is None else (lower.low, lower.unit)
        high = None if upper is None else (upper.high, upper.unit)
    elif word == "elevated":
        low = None if upper is None else (_above(upper.low), upper.unit)
    else:
        high = None if lower is None else (_below(lower.high), lower.unit)
    ends = [-math.inf, math.inf]
    for place, one in enumerate((low, high)):
        if one is not None:
            value = converted(*one, rule.unit, analyte=rule.name)
            if value is None:
                return None
            ends[place] = _even(value)
    return None if ends == [-math.inf, math.inf] else (ends[0], ends[1])


def _even(value: float) -> float:
    """Return a number without what converting it left behind the ninth figure."""
    return float(f"{value:.9g}")


def _above(value: float) -> float:
    return value if math.isinf(value) else value + max(abs(value), 1e-3) * _HAIR


def _below(value: float) -> float:
    return value if math.isinf(value) else value - max(abs(value), 1e-3) * _HAIR


def _note(rule: Predicate, fact: Fact) -> str:
    if rule.relative_to is not None:
        return f"{fact.name} is stated as {fact.value}, without a number"
    name = variable_name(rule.name)
    spans = (("lower", common_limits(name, "LLN")), ("upper", common_limits(name, "ULN")))
    limits = [
        f"the {words} limit of normal is {one.low:g} to {one.high:g} {describe_unit(one.unit)}"
        for words, one in spans
        if one is not None
    ]
    said = f"{fact.name} is stated as {fact.value}, without a number"
    return f"{said}: in common laboratories {', '.join(limits)} for adults"
