"""
What a screener would assume where the record is silent. It is shown apart, and never an answer.

Only one thing is assumed: that a condition, drug, procedure, allergy or variant of which the record says nothing is
not there. A number, an age, a pregnancy that nobody has ruled out, and what somebody must be found to have are not
assumed. Whom a person must ask (consent, compliance) is assumed to agree, until they say no.
"""

from __future__ import annotations

from equipoise.matching.verdicts import Asked, Presumption
from equipoise.rules.evaluate import answer_rule
from equipoise.rules.nodes import All, AnyOf, AtLeast, Left, Not, Predicate, Rule, Unless
from equipoise.rules.seen import Seen
from equipoise.rules.truth import all_, any_, at_least, not_

_SILENT = frozenset({"condition", "drug", "procedure", "allergy", "variant"})
# What a woman may be without her record saying so.
_ASKED_FOR = frozenset({"pregnancy", "lactation", "breast feeding", "childbearing potential", "planning pregnancy"})


def presume(asked: Asked, seen: Seen) -> Presumption | None:
    """Return what a screener would assume of a criterion that the record leaves open, None where nothing."""
    if asked.rule is None:
        return None
    truth = _assumed(asked.rule, seen, excluding=asked.section == "exclusion")
    if asked.section == "exclusion":
        return "met" if truth is False else None
    return "met" if asked.section == "inclusion" and truth is True else None


def _assumed(rule: Rule, seen: Seen, *, excluding: bool) -> bool | None:
    if isinstance(rule, Predicate):
        return _leaf(rule, seen, excluding=excluding)
    if isinstance(rule, Left):
        return None
    if isinstance(rule, Not):
        return not_(_assumed(rule.rule, seen, excluding=excluding))
    if isinstance(rule, Unless):
        exception = not_(_assumed(rule.exception, seen, excluding=excluding))
        return all_((_assumed(rule.rule, seen, excluding=excluding), exception))
    parts = [_assumed(one, seen, excluding=excluding) for one in rule.rules]
    if isinstance(rule, AtLeast):
        return at_least(rule.count, parts)
    return all_(parts) if isinstance(rule, All) else any_(parts) if isinstance(rule, AnyOf) else None


def _leaf(rule: Predicate, seen: Seen, *, excluding: bool) -> bool | None:
    answer = answer_rule(rule, seen)
    if answer.holds is not None:
        return answer.holds
    if rule.kind == "administrative":
        return not excluding
    silent = rule.kind in _SILENT and rule.op in ("present", "absent") and not answer.evidence
    if not silent or rule.name in _ASKED_FOR:
        return None
    return rule.op == "absent"
