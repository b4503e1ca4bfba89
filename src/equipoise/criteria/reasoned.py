"""
Why somebody may not join, which asks for nothing: "excluded because of their poor prognosis".

::

    reason = ("excluded" | "ineligible" | "not eligible" | …) … "because" …      # up to the end of the sentence
           | ("because of" | "due to") "possible"? ("risk" | "interactions" | "effects" | …) …

What was read within it is no part of the criterion, nor are its words said of what stands before. A cause of something,
"stopped because of toxicity", "anemia due to unknown cause", is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from equipoise.criteria.looks import Mend, Whole
from equipoise.rules.nodes import All, AnyOf, Left, Predicate, Rule, Span, Unless, all_of, any_of, leaves

_REASON = re.compile(
    r"\b(?:excluded|ineligible|not eligible|not be eligible|not allowed|not permitted)\b[^.;]{0,70}?"
    r"(?P<why>\b(?:because|since (?:this|these|they|it|there))\b[^.;]*)"
    r"|(?P<of>\b(?:because of|due to) (?:(?:the|their|its|an?|possible|potential|increased|unknown|poor|drug)\s)*"
    r"(?:risks?|concerns?|confounding|effects?|interactions?|pharmacokinetic|prognosis|safety)\b[^.;,)]*"
    r"|\bdue to (?:the\s)?fact\b[^.;,)]*)"
)
_MANY = 3
_LEFT_OVER = frozenset(("from",))


def _reasoned(whole: Whole) -> Rule:
    """
    Return a rule without what stands in a reason.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> text = "Patients with gout are excluded because of possible interactions with warfarin"
    >>> compile_criteria(text, section="exclusion")[0].reading
    'gout'
    """
    rule = whole.rule
    for found in _REASON.finditer(whole.words):
        span = found.span("why") if found["why"] else found.span("of")
        rule = _without(whole, rule, span) or rule
    return rule


def _without(whole: Whole, rule: Rule, why: Span) -> Rule | None:
    """Return a rule without its parts within a reason, or None where nothing is left."""
    if type(rule) is Predicate:
        place = whole.span_of(rule)
        if place is not None and why[0] <= place[0] and place[1] <= why[1]:
            return None
        reason = " ".join(whole.words[slice(*why)].split())
        rest = tuple(text for text in rule.qualifier if not _is_of(text, reason) and text not in _LEFT_OVER)
        return rule if rest == rule.qualifier else msgspec.structs.replace(rule, qualifier=rest)
    if type(rule) is All:
        return all_of(_kept(whole, rule.rules, why))
    if type(rule) is AnyOf:
        return any_of(_kept(whole, rule.rules, why))
    if type(rule) is Unless and not any(type(one) is Left for one in leaves(rule)):
        inner = _without(whole, rule.rule, why)
        return None if inner is None else Unless(inner, rule.exception)
    return rule


def _is_of(text: str, reason: str) -> bool:
    """Return whether words that are said of something stand in a reason."""
    return reason.startswith(text) or (text in reason and len(text.split()) >= _MANY)


def _kept(whole: Whole, rules: Iterable[Rule], why: Span) -> list[Rule]:
    return [kept for one in rules if (kept := _without(whole, one, why)) is not None]


MEND = Mend(_reasoned, "because due since")
