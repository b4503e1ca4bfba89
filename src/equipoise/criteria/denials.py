"""Exclusions that say "no X", or "not A, not B": some mean that who has no X is kept out, more that X keeps out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from equipoise.criteria.elements import Element
from equipoise.criteria.scopes import find
from equipoise.rules.nodes import All, AnyOf, Not, Predicate, Rule, children

# How a criterion begins that denies what it names, behind a label or without one.
DENYING = re.compile(
    r"\A\W*(?:[\w/ ]{0,30}:\s*)?(?:must (?:have|not have) )?"
    r"(?:no|without|absence of|free of|lack of|not have|none of)\b"
)


def denies(elements: Sequence[Element], rule: Rule) -> bool:
    """
    Return whether an exclusion says "no X": some mean that who has no X is kept out, more that X keeps out.

    Nobody can tell, so the rule answers unknown; so it does where an exclusion says what must be.
    """
    first = next((one for one in elements if one.kind != "light"), None)
    named = first.predicate.name if first is not None and first.predicate is not None else ""
    if named in ("healthy", "healthy subject", "healthy volunteer") and find(elements, "not") is not None:
        return True  # "healthy subjects will have no history of …"
    if _denies_later(elements, rule):
        return True
    negative = type(rule) is Not or (type(rule) is Predicate and rule.op == "absent")
    return first is not None and first.kind == "not" and bool({"no", "off"} & set(first.text.split()[:2])) and negative


def _denies_later(elements: Sequence[Element], rule: Rule) -> bool:
    """Return whether "no X" is one of several statements, or "not A, not B" all of an exclusion."""
    parts = children(rule)
    negative = [type(one) is Not or (type(one) is Predicate and one.op == "absent") for one in parts]
    if type(rule) is All and len(parts) > 1 and all(negative):
        return True
    begins = [
        one for place, one in enumerate(elements) if place and one.kind == "not" and elements[place - 1].kind == "stop"
    ]
    return type(rule) is AnyOf and any(negative) and any(one.text.split()[0] == "no" for one in begins)
