"""
Between which values the limits of normal of common laboratories lie, for adults.

Laboratories draw their limits differently, by assay, by sex, and by whom they measured. The table holds for each
variable the lowest and the highest that is in common use as its upper limit, and as its lower one: what lies beyond
both is beyond any laboratory's limit. The spans are wide on purpose. They were drawn up for this project from what
hospital laboratories and textbooks of laboratory medicine commonly print; what an assay sets alone (lipase, lactate
dehydrogenase, troponin) has none.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

from equipoise.terms.tables import read_table


class Limits(NamedTuple):
    """The lowest and the highest value that common laboratories have as a limit of normal, in a UCUM unit."""

    low: float
    high: float
    unit: str


def common_limits(variable: str, side: Literal["ULN", "LLN"]) -> Limits | None:
    """
    Return between which values the upper (ULN) or lower (LLN) limit of normal of common laboratories lies.

    >>> common_limits("aspartate aminotransferase", "ULN")
    Limits(low=25.0, high=50.0, unit='U/L')
    >>> common_limits("lipase", "ULN") is None
    True
    """
    return _table().get((variable, side))


@cache
def _table() -> dict[tuple[str, str], Limits]:
    found = {}
    for row in read_table("normal_limits"):
        for side, name in (("ULN", "upper"), ("LLN", "lower")):
            if row[f"{name}_from"]:
                span = Limits(float(row[f"{name}_from"]), float(row[f"{name}_to"]), row["unit"])
                found[row["variable"], side] = span
    return found
