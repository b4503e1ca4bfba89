"""
Compare a result that comes without its laboratory's range with the limits of common laboratories.

Only what every common laboratory would call so is decided, and the answer says that no range was given. Children have
limits of their own: for whom the record says is one, nothing is decided.
"""

from __future__ import annotations

from typing import Literal

from equipoise.records.patient import Fact
from equipoise.rules.aged import is_child
from equipoise.rules.english import describe_unit
from equipoise.rules.names import variable_name
from equipoise.rules.nodes import Predicate
from equipoise.rules.quantities import is_bare, within_bounds
from equipoise.rules.seen import Seen
from equipoise.terms.normal_limits import common_limits
from equipoise.terms.units import convert


def by_common_limits(rule: Predicate, fact: Fact, seen: Seen) -> tuple[bool | None, str | None]:
    """Return whether a result without a range meets a limit that is relative to normal, and how that is known."""
    if rule.relative_to not in ("ULN", "LLN") or not isinstance(rule.value, (int, float)):
        return None, None
    side: Literal["ULN", "LLN"] = "ULN" if rule.relative_to == "ULN" else "LLN"
    low, high = fact.range or (None, None)
    if (high if side == "ULN" else low) is not None:
        return None, None
    limits = common_limits(variable_name(rule.name), side)
    if limits is None or not isinstance(fact.value, (int, float)) or fact.unit is None or is_bare(fact.unit):
        return None, None
    value = fact.value if fact.unit == limits.unit else convert(fact.value, fact.unit, limits.unit, analyte=rule.name)
    if value is None or value < 0 or is_child(seen):
        return None, None
    holds = within_bounds(rule.op, value / limits.high, value / limits.low, (float(rule.value), rule.upper))
    words = "upper" if side == "ULN" else "lower"
    note = (
        f"{fact.name} comes without the laboratory's range: it is so by the {words} limit of every common laboratory, "
        f"{limits.low:g} to {limits.high:g} {describe_unit(limits.unit)} for adults"
    )
    return holds, None if holds is None else note
