"""
The unit of what is written without one by everybody, everywhere.

A blood pressure is in millimeters of mercury, a pulse and breaths are counted by the minute: no chart states these
units, and no other is in use. A body's temperature is told by its number, and an ejection fraction is a percentage.
Cells in thousands are counted by the microliter: as many by any larger measure is more than blood can hold ("white
cells 17,580/mm"). All else without a unit stays without one: a creatinine of 90 may be
either of two, and platelets of 84 are not 84,000.
"""

from __future__ import annotations

import msgspec

from equipoise.notes.drafts import Draft
from equipoise.terms.variables import variables

_UNITS = {
    "systolic blood pressure": "mm[Hg]",
    "diastolic blood pressure": "mm[Hg]",
    "mean arterial pressure": "mm[Hg]",
    "heart rate": "/min",
    "respiratory rate": "/min",
}
# A living body's temperature is told by its number: 25 to 45 on one scale, 77 to 113 on the other.
_SCALES = (("Cel", 25, 45), ("[degF]", 77, 113))
_CELLS = frozenset({"white blood cell count", "platelet count", "neutrophil count", "lymphocyte count"})


def with_usual_units(drafts: list[Draft]) -> list[Draft]:
    """
    Return the drafts, with the unit of a pressure, pulse or breathing rate, or of many cells, of plausible number.

    >>> draft = Draft(kind="measurement", name="heart rate", value=88, span=(0, 4))
    >>> cells = Draft(kind="measurement", name="platelet count", value=84000, span=(6, 9))
    >>> [one.unit for one in with_usual_units([draft, cells])]
    ['/min', '/uL']
    """
    return [msgspec.structs.replace(one, unit=unit) if (unit := _meant(one)) else one for one in drafts]


def _meant(draft: Draft) -> str | None:
    if draft.name in _CELLS:
        return "/uL" if _counted_by_microliter(draft) else None
    if draft.name == "body temperature" and draft.unit is None and isinstance(draft.value, (int, float)):
        return next((unit for unit, low, high in _SCALES if low <= float(draft.value or 0) <= high), None)
    if draft.name == "left ventricular ejection fraction" and draft.unit is None:
        return "%" if isinstance(draft.value, (int, float)) and 5 <= draft.value <= 90 else None
    return _UNITS[draft.name] if _is_bare(draft) else None


def _counted_by_microliter(draft: Draft) -> bool:
    """Return whether a count without a unit is more than blood can hold in thousands by the microliter."""
    variable = variables().find(draft.name)
    if draft.unit is not None or variable is None or variable.high is None:
        return False
    return isinstance(draft.value, (int, float)) and variable.high < draft.value <= variable.high * 1000


def _is_bare(draft: Draft) -> bool:
    if draft.kind != "measurement" or draft.unit is not None or draft.name not in _UNITS:
        return False
    variable = variables().find(draft.name)
    low, high = (None, None) if variable is None else (variable.low, variable.high)
    number = isinstance(draft.value, (int, float))
    return number and low is not None and high is not None and low <= float(draft.value or 0) <= high
