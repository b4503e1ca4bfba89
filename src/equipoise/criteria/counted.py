"""How many of a list, or of the lines of a treatment, are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import msgspec

from equipoise.criteria.join import Item, doubted
from equipoise.rules.nodes import All, AtLeast, Left, Predicate, Rule, Span, any_of, leaves

# Words that join a treatment with its lines, and lines of whatever there was.
_MADE_WITH = frozenset(("containing", "including", "with", "of"))
_ANY_LINE = frozenset(("treatment", "therapy", "unspecified drug", "drug"))


def some_of(count: int, rules: Sequence[Rule], span: Span) -> Rule:
    """Return the rule that so many of a list hold; where fewer were read, what was not may be among them."""
    if len(rules) < count or (len(rules) == 1 and count > 1):
        return doubted(any_of(rules) or Left(span), span)
    return AtLeast(count, tuple(rules)) if count > 1 else any_of(rules) or Left(span)


def lines_with(lines: Rule, given: Rule) -> Rule | None:
    """
    Return what "more than one regimen" and "with carboplatin" say together; None where they are no such pair.

    The lines are of that drug; of one drug or another, and of a drug in some of the lines, nobody can count.
    """
    if not isinstance(lines, Predicate) or lines.kind != "prior_lines" or lines.span is None:
        return None
    facts = [leaf for leaf in leaves(given) if isinstance(leaf, Predicate)]
    if not facts or any(one.kind != "drug" or one.op != "present" for one in facts):
        return None
    plain = isinstance(given, Predicate) and given.window is None and set(given.qualifier) <= _MADE_WITH
    if plain and isinstance(given, Predicate) and (lines.concept is None or lines.name in _ANY_LINE):
        return msgspec.structs.replace(lines, concept=given.concept)
    return doubted(All((lines, given)), lines.span)


# Alone behind words that were not read, these are likely of what those words name: "lower urinary tract damage or
# surgery".
_HEADLESS = frozenset(("surgery", "trauma", "infection", "bleeding", "procedure", "inflammation", "neoplasm", "pain"))


def after_unread(items: list[Item]) -> None:
    """Doubt a bare noun that shares its first words with what was not read."""
    for before, item in pairwise(items):
        rule = item.rule
        bare = isinstance(rule, Predicate) and rule.name in _HEADLESS and not rule.qualifier and rule.window is None
        if isinstance(before.rule, Left) and bare and item.joint in ("or", "slash", "and") and not item.comma:
            item.rule = doubted(rule, item.span)
