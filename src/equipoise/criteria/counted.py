"""How many of a list are asked for."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.criteria.join import doubted
from equipoise.rules.nodes import AtLeast, Left, Rule, Span, any_of


def some_of(count: int, rules: Sequence[Rule], span: Span) -> Rule:
    """Return the rule that so many of a list hold; where fewer were read, what was not may be among them."""
    if len(rules) < count or (len(rules) == 1 and count > 1):
        return doubted(any_of(rules) or Left(span), span)
    return AtLeast(count, tuple(rules)) if count > 1 else any_of(rules) or Left(span)
