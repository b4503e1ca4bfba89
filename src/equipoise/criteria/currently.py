"""
What is so now or at another time: "current or planned pregnancy" is a pregnancy, or the plan of one.

::

    either = ("current" | "present") ("or" | "and/or" | "and") ("planned" | "intended" | "recent" | …) name
"""

from __future__ import annotations

import msgspec

from equipoise.rules.nodes import ConceptRef, Not, Predicate, Rule, Window, any_of, changed, leaves

_NOW = ("current", "currently", "present", "ongoing", "active")
_AHEAD = frozenset(("planned", "intended", "anticipated", "planning", "scheduled"))
_JOINTS = ("or", "and", "and/or", "and / or")
_PLANS = {"pregnancy": "planning pregnancy"}


def now_or_then(rule: Rule) -> Rule:
    """
    Return a rule in which what is asked of now or of another time is either of the two.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Current or planned pregnancy", section="exclusion")[0].reading
    'pregnancy, around screening; or planning pregnancy'
    """
    for leaf in leaves(rule):
        if type(leaf) is Predicate and any(_other_time(text) for text in leaf.qualifier):
            return changed(rule, _either)
    return rule


def _other_time(text: str) -> str | None:
    """Return the time that a qualifier names beside now."""
    for joint in _JOINTS:
        one, found, other = text.partition(f" {joint} ")
        if found and one in _NOW and (other in _AHEAD or other == "recent"):
            return other
        if found and other in _NOW and (one in _AHEAD or one == "recent"):
            return one
    return None


def _either(one: Predicate) -> Rule:
    said = next((text for text in one.qualifier if _other_time(text)), None)
    if said is None or one.window is not None:
        return one
    if one.kind == "measurement":  # the latest result is both
        rest = tuple(text for text in one.qualifier if text != said)
        return msgspec.structs.replace(one, qualifier=("recent", *rest)) if "recent" in said.split() else one
    if one.op not in ("present", "absent"):
        return one
    if one.op == "absent":
        return Not(_either(msgspec.structs.replace(one, op="present")))
    then = "planned" if _other_time(said) in _AHEAD else "recent"
    rest = tuple(text for text in one.qualifier if text != said)
    now = msgspec.structs.replace(one, qualifier=rest, window=Window(anchor="screening", side="around"))
    plan = _PLANS.get(one.name) if then == "planned" and not rest else None
    if plan is not None and one.concept is not None:
        other = msgspec.structs.replace(one, concept=ConceptRef(plan, span=one.concept.span), qualifier=())
    else:
        other = msgspec.structs.replace(one, qualifier=(then, *rest))
    return any_of([now, other]) or one
