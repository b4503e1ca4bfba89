"""
The help that a limit is reached without: "platelets ≥ 100,000 without transfusion".

::

    unaided = limit "without" treatment     # at that time: one of years ago may be meant, or not
"""

from __future__ import annotations

import msgspec

from equipoise.criteria.kinds import NOW
from equipoise.rules.nodes import All, AnyOf, Left, Predicate, Rule, Span, changed, leaves


def unaided(limit: Rule, denied: Rule, span: Span) -> Rule | None:
    """
    Return a limit and the treatments *denied* behind it at *span*; None where other things are, or have a time.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Platelets > 90,000/mm3 without transfusion", section="inclusion")[0].computable
    'partial'
    """
    limits = [leaf for leaf in leaves(limit) if type(leaf) is Predicate]
    given = [leaf for leaf in leaves(denied) if type(leaf) is Predicate]
    if not limits or not given or any(one.kind != "measurement" or one.value is None for one in limits):
        return None
    if all(one.kind in ("drug", "procedure") and one.window is None for one in given):
        return All((limit, changed(denied, _now), AnyOf((denied, Left(span)))))
    return None


def _now(one: Predicate) -> Predicate:
    return msgspec.structs.replace(one, window=NOW)
