"""
Faults that a reader should see: in one limit, between two criteria, between the criteria and the record.

A fault is shown and never mended: the rule stays as the text states it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import combinations, product
from typing import NamedTuple

import msgspec

from equipoise.records.dates import Age
from equipoise.rules.constraints import Required, clash, required
from equipoise.rules.english import describe_number, describe_rule, describe_unit
from equipoise.rules.nodes import Not, Predicate, Rule, Span, leaves
from equipoise.rules.quantities import is_bare
from equipoise.terms.units import convert
from equipoise.terms.variables import Variable, variables

OLDEST = 130  # years; nobody has been


class Fault(msgspec.Struct, frozen=True):
    """
    What is wrong, where, and what to do next.

    ``kind`` is ``crossed limits``, ``unit``, ``implausible limit``, ``contradiction`` or ``record``. ``mark`` is
    the number in the first span at which the caret stands.
    """

    kind: str
    message: str
    spans: tuple[Span, ...]
    next: str
    mark: str | None = None


class Stated(NamedTuple):
    """A criterion without a parent, as far as its faults need it."""

    section: str | None
    rule: Rule | None
    span: Span


# One rule


def check_rule(rule: Rule) -> list[Fault]:
    """
    Return the faults that a rule has by itself.

    >>> crossed = Predicate(kind="measurement", op="between", value=10, upper=7, unit="%", span=(2, 26))
    >>> [fault.message for fault in check_rule(crossed)]
    ['Lower limit 10 is above upper limit 7']
    """
    return [fault for leaf in leaves(rule) if isinstance(leaf, Predicate) for fault in _limit_faults(leaf)]


def _limit_faults(rule: Predicate) -> Iterator[Fault]:
    if not isinstance(rule.value, (int, float)):
        return
    if rule.op == "between" and rule.upper is not None and rule.upper < rule.value:
        low, high = describe_number(rule.value), describe_number(rule.upper)
        message = f"Lower limit {low} is above upper limit {high}"
        yield Fault("crossed limits", message, _where(rule), "Swap the limits, or write two criteria.", high)
    if rule.kind == "demographic" and rule.name == "age":
        yield from _age_faults(rule)
    if rule.kind == "measurement" and rule.relative_to is None:
        variable = variables().find(rule.name)
        if variable is not None:
            yield from _variable_faults(rule, variable)


def _age_faults(rule: Predicate) -> Iterator[Fault]:
    for number in _numbers(rule):
        years = None if rule.unit is None else convert(number, rule.unit, "a")
        if years is not None and years > OLDEST:
            yield _implausible(rule, number, f"An age of {_quantity(number, rule.unit)}", f" 0 to {OLDEST} years")


def _variable_faults(rule: Predicate, variable: Variable) -> Iterator[Fault]:
    if rule.unit is None or is_bare(rule.unit):
        return  # that a unit is missing is no fault of its own: most texts leave some out
    if not _fits(rule.unit, variable):
        usual = "It has none." if variable.unit is None else f"Its usual unit is {describe_unit(variable.unit)}."
        message = f"{describe_unit(rule.unit)} is no unit of {variable.name}"
        yield Fault("unit", message, _where(rule), f"{usual} Check the unit, or what it belongs to.")
        return
    for number in _numbers(rule):
        if not _plausible(number, rule.unit, variable):
            yield _implausible(rule, number, f"{variable.name} {_quantity(number, rule.unit)}", _range(variable))


def _implausible(rule: Predicate, number: float, said: str, usual: str) -> Fault:
    message = f"{said} is outside what is plausible,{usual}"
    return Fault("implausible limit", message, _where(rule), "Check the number and its unit.", describe_number(number))


def _quantity(number: float, unit: str | None) -> str:
    return f"{describe_number(number)} {describe_unit(unit or '')}".rstrip()


def _numbers(rule: Predicate) -> list[float]:
    return [float(one) for one in (rule.value, rule.upper) if isinstance(one, (int, float))]


def _fits(unit: str, variable: Variable) -> bool:
    if unit == variable.unit or unit in variable.units:
        return True
    return variable.unit is not None and convert(1.0, unit, variable.unit, analyte=variable.name) is not None


def _plausible(number: float, unit: str, variable: Variable) -> bool:
    usual = None if variable.unit is None else convert(number, unit, variable.unit, analyte=variable.name)
    if usual is None:
        return True  # it fits, but nothing says what it comes to
    # A limit may be a limit of the plausible: "at least 0", "at most 100 %".
    return (variable.low is None or usual >= variable.low) and (variable.high is None or usual <= variable.high)


def _range(variable: Variable) -> str:
    unit = describe_unit(variable.unit or "")
    low = "" if variable.low is None else f" {variable.low:g}"
    high = "" if variable.high is None else f" to {variable.high:g}"
    return f"{low}{high} {unit}"


def _where(rule: Predicate) -> tuple[Span, ...]:
    """Return where the limit stands: behind the words that name the variable, where these come first."""
    if rule.span is None:
        return ()
    named = rule.concept.span if rule.concept is not None else None
    start, end = rule.span
    return ((named[1], end) if named is not None and start <= named[0] and named[1] < end else (start, end),)


# All the criteria of a study


def check_criteria(
    criteria: Iterable[Stated], *, age: tuple[Age | None, Age | None] | None = None, sex: str | None = None
) -> list[Fault]:
    """
    Return the faults of a study's criteria: in each, between two, and against the record.

    ``age`` is the record's minimum and maximum age, ``sex`` its sex (``all``, ``female``, ``male``). In a record
    for all, criteria for women are taken to be of a group.
    """
    stated = [one for one in criteria if one.rule is not None]
    faults = [fault for one in stated if one.rule is not None for fault in check_rule(one.rule)]
    each = [_needs(one) for one in stated]
    faults += [fault for ours, theirs in combinations(each, 2) for fault in _contradictions(ours, theirs)]
    needs = [need for one in each for need in one]
    if age is not None:
        faults += _age_disagrees(needs, age)
    if sex is not None:
        faults += _sex_disagrees(needs, sex)
    return faults


def _needs(one: Stated) -> list[Required]:
    """Return what every patient must meet by one criterion; nothing where its side is not known."""
    if one.rule is None or one.section not in ("inclusion", "exclusion"):
        return []
    found = required(one.rule, wanted=one.section == "inclusion")
    inner = one.rule.rule if isinstance(one.rule, Not) else one.rule
    alone = isinstance(inner, Predicate)
    return [need._replace(span=need.rule.span or one.span, alone=alone) for need in found]


def _contradictions(ours: list[Required], theirs: list[Required]) -> Iterator[Fault]:
    for one, other in product(ours, theirs):
        if not _of_groups(one, other) and clash(one, other):
            message = f"No patient can meet both: {_said(one)}; {_said(other)}"
            yield Fault("contradiction", message, (one.span, other.span), "Change one of the two.")


def _of_groups(one: Required, other: Required) -> bool:
    """
    Return whether two demands may be of two groups, or may be less than their criteria say.

    "Age 60 or more" and "age below 60 with a risk factor" under one heading are two ways in. A list of
    diseases often has a word that sets one apart and that was not understood ("other", "previous treatment for"),
    so a disease contradicts another only where each is all that its criterion says.
    """
    if one.rule.kind == "demographic" and one.wanted and other.wanted:
        return True
    return one.rule.op == "present" and not (one.alone and other.alone)


def _said(need: Required) -> str:
    return describe_rule(need.rule if need.wanted else Not(need.rule))


def _age_disagrees(needs: list[Required], age: tuple[Age | None, Age | None]) -> Iterator[Fault]:
    limits = [one for one in needs if one.wanted and one.rule.kind == "demographic" and one.rule.name == "age"]
    limits = [one for one in limits if one.rule.population is None]
    sides = (("minimum", (">=", ">", "between"), age[0]), ("maximum", ("<=", "<", "between"), age[1]))
    for word, ops, stated in sides:
        ours = [one for one in limits if one.rule.op in ops]
        if ours and stated is not None and not any(_same_age(one.rule, word, stated) for one in ours):
            message = f"The text says {_said(ours[0])}, the record says a {word} age of {stated.words()}"
            yield Fault("record", message, (ours[0].span,), "Make the two agree.")


def _same_age(rule: Predicate, side: str, stated: Age) -> bool:
    """Return whether a limit on age is the record's; "below 65" is entered as 64 by some and as 65 by others."""
    number = rule.upper if side == "maximum" and rule.op == "between" else rule.value
    if not isinstance(number, (int, float)) or rule.unit is None:
        return True  # it cannot be compared, and a doubt is no fault
    if number != int(number):
        # A registry's form takes whole numbers.
        number = math.floor(number) if side == "maximum" else math.ceil(number)
    nearby = (number, number + 1) if rule.op == ">" else (number, number - 1) if rule.op == "<" else (number,)
    days = [convert(float(one), rule.unit, "d") for one in nearby]
    # Years and months of different length on two sides differ by a day or so.
    return any(day is None or abs(day - stated.days) <= max(1.0, stated.days * 0.002) for day in days)


def _sex_disagrees(needs: list[Required], sex: str) -> Iterator[Fault]:
    for one in needs:
        rule = one.rule
        if rule.kind == "demographic" and rule.name == "sex" and rule.op == "=" and rule.population is None:
            only = str(rule.value).lower() if one.wanted else {"male": "female", "female": "male"}.get(str(rule.value))
            if {only, sex.lower()} == {"male", "female"}:
                message = f"The text says {_said(one)}, the record takes in {_taken(sex)}"
                yield Fault("record", message, (one.span,), "Make the two agree.")


def _taken(sex: str) -> str:
    return "women only" if sex.lower() == "female" else "men only"


# Showing a fault

_WIDEST = 100


def show_fault(fault: Fault, text: str) -> str:
    """
    Return a fault as it is printed: what, where with a caret, and what next.

    >>> crossed = Fault("crossed limits", "Lower limit 10 is above upper limit 7", ((8, 26),), "Swap the limits.", "7")
    >>> print(show_fault(crossed, "- HbA1c between 10 and 7 %"))
    Lower limit 10 is above upper limit 7
        - HbA1c between 10 and 7 %
                ~~~~~~~~~~~~~~~^
    Swap the limits.
    """
    lines = [fault.message]
    for place, span in enumerate(fault.spans):
        lines += _pointed(text, span, fault.mark if place == 0 else None)
    return "\n".join([*lines, fault.next])


def _pointed(text: str, span: Span, mark: str | None) -> list[str]:
    """Return the line of a span, cut to what fits, and the line that points into it."""
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    first = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    last = min((at for at in (text.find("\n", start), text.find("\r", start)) if at >= 0), default=len(text))
    end = min(end, last)
    place = text.rfind(mark, start, end) if mark else -1
    under = "~" * (place - start) + "^" if place >= 0 else "^" + "~" * max(0, end - start - 1)
    begin = first if last - first <= _WIDEST else max(first, start - 30)
    lead = "…" if begin > first else ""
    shown = f"{lead}{text[begin : min(last, begin + _WIDEST)]}"
    # A tab is as wide as the reader's screen makes it; a space keeps the caret under its character.
    pointer = f"{' ' * (len(lead) + start - begin)}{under}"[: len(shown) or 1]
    return [f"    {shown}".replace("\t", " ").rstrip(), f"    {pointer}"]
