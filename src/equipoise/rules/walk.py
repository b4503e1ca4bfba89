"""A rule answered from answers to its leaves, however these were come by."""

from __future__ import annotations

from collections.abc import Callable

from equipoise.rules.nodes import All, AtLeast, Left, Not, Predicate, Rule, Unless
from equipoise.rules.truth import all_, any_, at_least, not_


def truth_of(rule: Rule, leaf_holds: Callable[[Predicate | Left], bool | None]) -> bool | None:
    """
    Return whether a rule holds, by what *leaf_holds* says of its leaves.

    What an exception of the rule's own kind leaves (`equipoise.rules.evaluate`) is not asked: that takes facts.

    >>> truth_of(Not(Left((0, 1))), lambda leaf: True)
    False
    """
    if isinstance(rule, (Predicate, Left)):
        return leaf_holds(rule)
    if isinstance(rule, Not):
        return not_(truth_of(rule.rule, leaf_holds))
    if isinstance(rule, Unless):
        return all_((truth_of(rule.rule, leaf_holds), not_(truth_of(rule.exception, leaf_holds))))
    parts = [truth_of(one, leaf_holds) for one in rule.rules]
    if isinstance(rule, AtLeast):
        return at_least(rule.count, parts)
    return all_(parts) if isinstance(rule, All) else any_(parts)
