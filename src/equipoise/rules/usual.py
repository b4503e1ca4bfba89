"""
The unit that is meant where none is written, of the few variables that everybody counts in one unit.

"BMI > 30", "HR 88" and "systolic below 90" are written without a unit everywhere: no other unit is in use, or every
other gives numbers of another size (38 is no temperature in Fahrenheit, 98 none in Celsius). Laboratory values are not
among them: a creatinine of 90 may be either of two.
"""

from __future__ import annotations

from functools import lru_cache

import msgspec

from equipoise.records.patient import Fact
from equipoise.rules.english import describe_unit
from equipoise.rules.names import variable_name
from equipoise.rules.nodes import Predicate
from equipoise.terms.variables import variables

# For each variable its units, each with the numbers that are written in it: narrower than what the catalogue takes for
# plausible, since here the number alone tells the unit. Own.
_UNITS: dict[str, tuple[tuple[str, float, float], ...]] = {
    "body mass index": (("kg/m2", 8, 100),),
    "systolic blood pressure": (("mm[Hg]", 40, 300),),
    "diastolic blood pressure": (("mm[Hg]", 20, 200),),
    "mean arterial pressure": (("mm[Hg]", 25, 250),),
    "heart rate": (("/min", 20, 300),),
    "respiratory rate": (("/min", 4, 100),),
    "body temperature": (("Cel", 25, 45), ("[degF]", 77, 113)),
    "oxygen saturation": (("%", 30, 100),),
    # A fraction (0.35) is written without a unit, too, and is far below.
    "left ventricular ejection fraction": (("%", 5, 95),),
    "hematocrit": (("%", 5, 75),),
}

# A number without a unit that no living body can have in the catalogue's: it says nothing of one that fits there.
OTHER_SCALE = "?"


@lru_cache(maxsize=4096)
def usual_unit(name: str, value: float) -> str | None:
    """
    Return the only unit in which a number is a plausible value of a variable; None for none or several.

    >>> usual_unit("BMI", 30), usual_unit("body temperature", 100.4), usual_unit("serum creatinine", 2)
    ('kg/m2', '[degF]', None)
    """
    units = [unit for unit, low, high in _UNITS.get(variable_name(name), ()) if low <= value <= high]
    return units[0] if len(units) == 1 else None


def limit_unit(name: str, unit: str | None, value: object, upper: float | None = None) -> str | None:
    """Return the unit of a limit: its own, or the usual one where it states none and both its ends have the same."""
    if unit is not None or not isinstance(value, (int, float)):
        return unit
    found = _meant(name, float(value))
    return found if upper is None or _meant(name, float(upper)) == found else None


@lru_cache(maxsize=4096)
def _meant(name: str, value: float) -> str | None:
    """Return the usual unit of a number, or that it is on another scale than the catalogue's: 100,000 platelets."""
    found = usual_unit(name, value)
    variable = None if found is not None else variables().find(variable_name(name))
    if variable is None or variable.unit is None or variable.low is None or variable.high is None:
        return found
    return found if variable.low <= value <= variable.high else OTHER_SCALE


def with_unit(rule: Predicate) -> Predicate:
    """Return a limit with the unit that is meant."""
    if rule.unit is not None or rule.relative_to is not None:
        return rule
    unit = limit_unit(rule.name, rule.unit, rule.value, rule.upper)
    return rule if unit is None else msgspec.structs.replace(rule, unit=unit)


def unit_of(fact: Fact) -> str | None:
    """Return the unit of a result: its own, or the usual one where it states none."""
    return limit_unit(fact.name, fact.unit, fact.value)


def unit_note(rule: Predicate, fact: Fact) -> str | None:
    """Return what to know of a comparison whose limit, or result, states no unit."""
    bare = [text for text, unit in (("the limit", rule.unit), ("the result", fact.unit)) if unit is None]
    if rule.relative_to is not None or not bare:
        return None
    unit = unit_of(fact) if fact.unit is None else with_unit(rule).unit
    if unit is None or unit == OTHER_SCALE:
        return None
    return f"{' and '.join(bare)} of {rule.name} state no unit: {describe_unit(unit)} is the only one in use"
