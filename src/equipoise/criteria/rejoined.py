"""
Parts of a rule that belong together otherwise than they stand, as their kinds show.

::

    taken = X "requiring" treatment "(except" Y ")"     # Y is taken out of X, whatever treats it
"""

from __future__ import annotations

from equipoise.rules.nodes import All, AnyOf, Not, Predicate, Rule, Unless, all_of, leaves

_GIVEN = frozenset(("drug", "procedure"))


def rejoined(rule: Rule) -> Rule:
    """
    Return a rule whose parts are joined as their kinds show.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> infection, cystitis = (Predicate(kind="condition", concept=ConceptRef(name)) for name in ("sepsis", "cystitis"))
    >>> drug = Predicate(kind="drug", concept=ConceptRef("antibiotic"))
    >>> mended = rejoined(All((infection, Unless(drug, cystitis))))
    >>> mended == Unless(All((infection, drug)), cystitis)
    True
    """
    if type(rule) is Not:
        return Not(rejoined(rule.rule))
    if type(rule) is AnyOf:
        return AnyOf(tuple(rejoined(one) for one in rule.rules))
    if type(rule) is Unless:
        return Unless(rejoined(rule.rule), rule.exception)
    if type(rule) is not All:
        return rule
    last = rule.rules[-1]
    if type(last) is not Unless or not _kinds(last.rule) <= _GIVEN or _kinds(last.exception) != {"condition"}:
        return rule
    if any(_kinds(one) != {"condition"} for one in rule.rules[:-1]):
        return rule
    return Unless(all_of([*rule.rules[:-1], last.rule]) or last.rule, last.exception)


def _kinds(rule: Rule) -> set[str]:
    return {leaf.kind if type(leaf) is Predicate else "" for leaf in leaves(rule)}
