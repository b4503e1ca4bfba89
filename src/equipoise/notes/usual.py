"""
The unit of what is written without one by everybody, everywhere.

A blood pressure is in millimeters of mercury, a pulse and breaths are counted by the minute: no chart states these
units, and no other is in use. All else without a unit stays without one: a creatinine of 90 may be either of two.
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


def with_usual_units(drafts: list[Draft]) -> list[Draft]:
    """
    Return the drafts, with the unit of a pressure, pulse or breathing rate whose number is a plausible one.

    >>> draft = Draft(kind="measurement", name="heart rate", value=88, span=(0, 4))
    >>> with_usual_units([draft])[0].unit
    '/min'
    """
    return [msgspec.structs.replace(one, unit=_UNITS[one.name]) if _is_bare(one) else one for one in drafts]


def _is_bare(draft: Draft) -> bool:
    if draft.kind != "measurement" or draft.unit is not None or draft.name not in _UNITS:
        return False
    variable = variables().find(draft.name)
    low, high = (None, None) if variable is None else (variable.low, variable.high)
    number = isinstance(draft.value, (int, float))
    return number and low is not None and high is not None and low <= float(draft.value or 0) <= high
