"""What every patient must meet by a criterion, and whether two such demands exclude one another."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import NamedTuple

import msgspec

from equipoise.rules.nodes import All, AnyOf, Not, Predicate, Rule, Span, Unless
from equipoise.rules.quantities import is_bare
from equipoise.terms.units import convert


class Required(NamedTuple):
    """
    A predicate that every patient must meet, or must not (``wanted`` False).

    ``alone`` says that it is all of its criterion.
    """

    rule: Predicate
    wanted: bool
    span: Span
    alone: bool = False


class Interval(NamedTuple):
    """The values that a limit allows; an open end does not belong to it."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    def meets(self, other: Interval) -> bool:
        """Return whether some value lies in both."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        if low != high:
            return low < high
        shut = [one.low_open for one in (self, other) if one.low == low]
        shut += [one.high_open for one in (self, other) if one.high == high]
        return not any(shut)


def required(rule: Rule, *, wanted: bool) -> list[Required]:
    """
    Return the predicates that every patient must meet so that a rule holds, or does not (*wanted* False).

    That not one of several holds demands that each does not; what only one of several must meet, nobody must.
    """
    if isinstance(rule, Predicate):
        if rule.op == "absent":
            return [Required(_present(rule), not wanted, rule.span or (0, 0))]
        return [Required(rule, wanted, rule.span or (0, 0))]
    if isinstance(rule, Not):
        return required(rule.rule, wanted=not wanted)
    if isinstance(rule, Unless):
        return [*required(rule.rule, wanted=True), *required(rule.exception, wanted=False)] if wanted else []
    if isinstance(rule, All if wanted else AnyOf):
        return [need for one in rule.rules for need in required(one, wanted=wanted)]
    return []


def _present(rule: Predicate) -> Predicate:
    return msgspec.structs.replace(rule, op="present")


def clash(one: Required, other: Required) -> bool:
    """Return whether no patient can meet both demands."""
    # Two questions to a person are two, whatever they are called.
    if _about(one.rule) != _about(other.rule) or one.rule.kind == "administrative":
        return False
    first, second = one.rule, other.rule
    if first.op == "present" and second.op == "present":
        return one.wanted is not other.wanted
    if isinstance(first.value, str) and isinstance(second.value, str):
        return _words_clash(one, other)
    if first.kind in ("drug", "duration") and not (one.wanted and other.wanted):
        return False  # neither more than 10 mg nor at most 10 mg: who takes none meets both
    ours, theirs = interval(first, wanted=one.wanted), interval(second, wanted=other.wanted)
    theirs = None if theirs is None else _in_unit(theirs, second, first)
    return ours is not None and theirs is not None and not ours.meets(theirs)


def _about(rule: Predicate) -> Hashable:
    """Return what a predicate is about; two that differ in any of it say nothing of one another."""
    # The latest result and any result are two things; so are a limit for all and one for some.
    which = None if rule.which == "latest" else rule.which
    named = (rule.kind, rule.name, rule.from_, rule.to, rule.alteration, frozenset(rule.qualifier))
    return (*named, rule.window, which, rule.population, rule.relative_to)


def _words_clash(one: Required, other: Required) -> bool:
    same = str(one.rule.value).lower() == str(other.rule.value).lower()
    if one.rule.op != "=" or other.rule.op != "=":
        return False
    # A patient has one sex; of races there may be several.
    both = one.wanted and other.wanted and one.rule.name == "sex"
    return (both and not same) or (same and one.wanted is not other.wanted)


def interval(rule: Predicate, *, wanted: bool) -> Interval | None:
    """
    Return the values that a limit allows, or those that it does not (*wanted* False); None where that is not one range.

    >>> interval(Predicate(kind="measurement", op="<", value=5), wanted=False)
    Interval(low=5.0, high=inf, low_open=False, high_open=False)
    """
    if not isinstance(rule.value, (int, float)):
        return None
    value = float(rule.value)
    if rule.op in ("between", "="):
        top = rule.upper if rule.op == "between" else value
        return Interval(value, float(top)) if wanted and top is not None and value <= top else None
    opposite = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
    op = rule.op if wanted else opposite.get(rule.op)
    if op in ("<", "<="):
        return Interval(-math.inf, value, high_open=op == "<")
    return Interval(value, math.inf, low_open=op == ">") if op in (">", ">=") else None


def _in_unit(one: Interval, rule: Predicate, other: Predicate) -> Interval | None:
    """Return an interval in another limit's unit, None where it does not convert."""
    source, target = rule.unit, other.unit
    if source == target or (is_bare(source) and is_bare(target)):
        return one
    if source is None or target is None:
        return None
    ends = [end if math.isinf(end) else convert(end, source, target, analyte=rule.name) for end in (one.low, one.high)]
    low, high = ends
    return None if low is None or high is None else one._replace(low=low, high=high)
