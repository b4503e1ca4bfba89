"""How sentences are joined where "or" stands between two: "A; or B" lets in the one and the other."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.criteria.elements import Element
from equipoise.criteria.join import doubted
from equipoise.rules.nodes import Rule, any_of


def ors(before: Sequence[Element], part: Sequence[Element]) -> bool:
    """Return whether an "or" stands between two sentences."""
    return part[0].kind == "or" or before[-1].kind == "or"


def or_else(before: Rule | None, other: Rule | None, part: Sequence[Element], *, only: bool) -> Rule | None:
    """
    Return "A; or B" as the one or the other.

    *only*: no more stands before A, to which B may be one of two.
    """
    either = None if before is None or other is None else any_of([before, other])
    return either if only or either is None else doubted(either, (part[0].span[0], part[-1].span[1]))
