"""Conversions that depend on what is measured: mass to amount by molar mass, equivalents by valence."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from equipoise.terms.tables import read_table

if TYPE_CHECKING:
    from equipoise.terms.units import Unit


def by_analyte(value: float, analyte: str, *, one: Unit, other: Unit) -> float | None:
    """Return *value* in the unit *other*, or None where the table of conversions knows no way for the *analyte*.

    >>> from equipoise.terms.units import unit
    >>> round(by_analyte(1.0, "serum creatinine", one=unit("mg/dL"), other=unit("umol/L")), 1)
    88.4
    """
    if analyte == "hemoglobin a1c" and {one.ucum, other.ucum} == {"%", "mmol/mol"}:
        return _glycated(value, other.ucum)
    head, _, tail = one.dimension.partition("/")
    other_head, _, other_tail = other.dimension.partition("/")
    row = _factors().get(analyte)
    if row is None or tail != other_tail or head not in row or other_head not in row:
        return None
    # Each factor is how many of the dimension's base units make one mole.
    return float(f"{value * one.factor / row[head] * row[other_head] / other.factor:.12g}")


def _glycated(value: float, target: str) -> float:
    # The IFCC–NGSP master equation (Hoelzel 2004): NGSP = 0.09148 × IFCC + 2.152.
    made = 0.09148 * value + 2.152 if target == "%" else (value - 2.152) / 0.09148
    return float(f"{made:.12g}")


@cache
def _factors() -> dict[str, dict[str, float]]:
    """Return for each analyte how many grams, moles, equivalents and units make one mole of it."""
    found: dict[str, dict[str, float]] = {}
    for row in read_table("conversions"):
        factors = {"amount": 1.0, "mass": float(row["molar_mass"])}
        if row["valence"]:
            factors["equivalents"] = float(row["valence"])
        if row["units_per_mole"]:
            factors["units"] = float(row["units_per_mole"])
        for name in row["variables"].split(" | "):
            found[name] = factors
    return found
