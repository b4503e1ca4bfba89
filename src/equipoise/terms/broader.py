"""
What several classes have in common: groups that say how studies are related, and nothing about a patient.

That an infusion of tocilizumab and one of infliximab both block a cytokine makes two studies alike. No
criterion is read by these groups: whether a stroke makes someone "critically ill" is not for a table to say.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache

from equipoise.terms.lexicon import lexicon
from equipoise.terms.tables import read_table


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    """Return the groups that each member stands in."""
    found: dict[str, tuple[str, ...]] = {}
    for row in read_table("broader"):
        for member in row["members"].split(" | "):
            found[member] = (*found.get(member, ()), row["name"])
    return found


@lru_cache(maxsize=16_384)  # any condition that a record names is asked for
def broader(name: str) -> tuple[str, ...]:
    """
    Return every class and group that a concept belongs to, in order of name.

    >>> broader("septic shock")[-3:]
    ('infection', 'sepsis', 'shock')
    """
    above = lexicon().ancestors(name)
    groups = {group for one in (name, *above) for group in _groups().get(one, ())}
    return tuple(sorted((above | groups) - {name}))


@cache
def breadth(name: str) -> float:
    """
    Return how wide a class is: the logarithm of how many kinds of it are known.

    >>> breadth("cytokine inhibitor") < breadth("biologic")
    True
    """
    members = [member for member, groups in _groups().items() if name in groups]
    return math.log(1 + len(lexicon().members(name)) + sum(1 + len(lexicon().members(one)) for one in members))
