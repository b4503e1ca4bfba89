"""
What a patient must not be given: a contraindication is no treatment, and of who never had that it says nothing.

::

    barred = degree? ("contraindication to" | "contraindications for" | …) treatment (("or" | "," …) treatment)*
    degree = "absolute" | "relative"                       # who has one of the other degree has none of this

"A drug contraindicated with X" and "diseases that contraindicate X" name something else besides: they stay in doubt.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from equipoise.criteria.elements import Element
from equipoise.criteria.kinds import GIVEN
from equipoise.criteria.windows import numbered
from equipoise.rules.nodes import ConceptRef, Left, Predicate, Rule, Span, changed, leaves

_NOUNS = ("contraindication", "contra indication")
_DEGREES = ("absolute", "relative")
_LONGEST = 5
BARRED = "contraindication to"


def barred(rule: Rule, cue: Element, words: Callable[[Span], str]) -> Rule | None:
    """Return the contraindications to what a rule names, or None where it says more than that."""
    degree, _, noun = cue.text.partition(" ") if cue.text.startswith(_DEGREES) else ("", "", cue.text)
    if not noun.startswith(_NOUNS):
        return None
    told = (BARRED, degree) if degree else (BARRED,)
    if isinstance(rule, Left):
        text = words(rule.span)
        if len(text.split()) > _LONGEST or numbered(text) or ":" in text:
            return None
        return Predicate(kind="procedure", concept=ConceptRef(text, span=rule.span), qualifier=told, span=rule.span)
    found = list(leaves(rule))
    if not all(isinstance(one, Predicate) and _is_given(one) for one in found):
        return None
    return changed(rule, lambda one: msgspec.structs.replace(one, qualifier=(*told, *one.qualifier)))


def _is_given(one: Predicate) -> bool:
    return one.kind in GIVEN and one.op == "present" and one.window is None
