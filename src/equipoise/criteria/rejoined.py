"""
Parts of a rule that belong together otherwise than they stand, as their kinds show.

::

    taken    = X "requiring" treatment "(except" Y ")"     # Y is taken out of X, which it is a kind of
    subtypes = X ":" Y Z                                   # under Inclusion, kinds of X that were listed: one of them
"""

from __future__ import annotations

from collections.abc import Callable

from equipoise.rules.nodes import All, AnyOf, Not, Predicate, Rule, Unless, all_of, leaves

_GIVEN = frozenset(("drug", "procedure"))


def rejoined(rule: Rule, is_a: Callable[[str, str], bool], *, exclusion: bool) -> Rule:
    """
    Return a rule whose parts are joined as their kinds show; *is_a* tells what is a kind of what.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> infection, cystitis = (Predicate(kind="condition", concept=ConceptRef(name)) for name in ("infection", "cystitis"))
    >>> drug = Predicate(kind="drug", concept=ConceptRef("antibiotic"))
    >>> mended = rejoined(All((infection, Unless(drug, cystitis))), lambda one, other: False, exclusion=True)
    >>> mended == Unless(All((infection, drug)), cystitis)
    True
    """
    if type(rule) is Not:
        return Not(rejoined(rule.rule, is_a, exclusion=True))
    if type(rule) is AnyOf:
        return AnyOf(tuple(rejoined(one, is_a, exclusion=exclusion) for one in rule.rules))
    if type(rule) is Unless:
        return Unless(rejoined(rule.rule, is_a, exclusion=exclusion), rule.exception)
    if type(rule) is not All:
        return rule
    last = rule.rules[-1]
    if type(last) is Unless and _kinds(last.rule) <= _GIVEN and _kinds(last.exception) == {"condition"}:
        if all(_kinds(one) == {"condition"} for one in rule.rules[:-1]):
            return Unless(all_of([*rule.rules[:-1], last.rule]) or last.rule, last.exception)
    return rule if exclusion else _one_of(rule, is_a)


def _kinds(rule: Rule) -> set[str]:
    return {leaf.kind if type(leaf) is Predicate else "" for leaf in leaves(rule)}


def _one_of(rule: All, is_a: Callable[[str, str], bool]) -> Rule:
    """Return a list of kinds of what stands before it as one of them."""
    for place, head in enumerate(rule.rules[:-2]):
        listed = [one for one in rule.rules[place + 1 :] if _is_kind(one, head, is_a)]
        names = {one.name for one in listed if type(one) is Predicate}
        if len(names) > 1 and len(listed) == len(rule.rules) - place - 1:
            return All((*rule.rules[: place + 1], AnyOf(tuple(listed))))
    return rule


def _is_kind(one: Rule, head: Rule, is_a: Callable[[str, str], bool]) -> bool:
    if type(one) is not Predicate or type(head) is not Predicate or one.kind != head.kind or one.kind != "condition":
        return False
    return one.op == head.op == "present" and one.name != head.name and is_a(one.name, head.name)
