"""
Criteria that only say what is allowed: they ask nothing of anyone.

::

    allowance = label? said* treatment-or-condition (("or" | "and" | ",") said* name)* "are"? "allowed" "."?
    heading   = "allowed" ":"                                   # and the items below it

A word of its own ("*treated* brain metastases are allowed", "allowed *if* stable") may keep others out, and is left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from equipoise.criteria.elements import Element
from equipoise.rules.nodes import Predicate
from equipoise.terms.cues import word_set

_SAID = word_set("allowances.said")
_JOINTS = frozenset(("or", "and", "comma", "slash", "light", "over", "event"))
_NAMED = frozenset(("condition", "drug", "procedure"))
_ALLOWED = frozenset(("allowed", "permitted", "acceptable", "permissible"))
_TERMS = re.compile(
    r"\b(?:only|if|provided|except|excluding|unless|must|should|but|other than|as long as|limited|maximum|up to"
    r"|stable|those|no|not|without|less|more|at least)\b|[<>≤≥=]"
    r"|\d\s*(?:%|percent|m?c?g\b|hours?|days?|weeks?|months?|years?)",
    re.IGNORECASE,
)
_BEFORE = frozenset(("history of",))


def asks_nothing(elements: Sequence[Element]) -> bool:
    """Return whether a criterion only allows what it names."""
    place = next((at for at, one in enumerate(elements) if one.kind == "allow"), None)
    if place is None or not _allows(elements[place]) or any(not _ends(one) for one in elements[place + 1 :]):
        return False
    label = next((at for at, one in enumerate(elements[:place]) if one.kind == "colon"), -1)
    if any(one.kind not in ("word", "atom", "quality", "light") for one in elements[: max(label, 0)]):
        return False
    said = elements[label + 1 : place]
    return any(one.kind == "atom" for one in said) and all(_is_plain(one) for one in said)


def sets_terms(text: str) -> bool:
    """
    Return whether words say on what terms something is allowed: whoever does not keep them may be kept out.

    >>> sets_terms("Allowed: - Zidovudine, but only after 6 weeks"), sets_terms("Allowed: - Acupuncture")
    (True, False)
    """
    return _TERMS.search(text) is not None


def heads_allowed(elements: Sequence[Element]) -> bool:
    """Return whether words above a list say that what it names is allowed."""
    allowed = [one for one in elements if one.kind == "allow"]
    rest = [one for one in elements if one.kind not in ("allow", "light", "colon", "stop")]
    return len(allowed) == 1 and _allows(allowed[0]) and not rest


def _allows(one: Element) -> bool:
    words = one.text.split()
    return words[-1] in _ALLOWED and "not" not in words


def _ends(one: Element) -> bool:
    return one.kind in ("stop", "light") and one.text in ("", ".", ";")


def _is_plain(one: Element) -> bool:
    if one.kind == "quality":
        return one.text in _SAID
    if one.kind == "atom":
        rule = one.rule
        if not isinstance(rule, Predicate) or rule.kind not in _NAMED or rule.op != "present":
            return False
        return set(rule.qualifier) <= _BEFORE and (rule.window is None or rule.window.within is None)
    return one.kind in _JOINTS
