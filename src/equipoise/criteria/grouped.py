"""
What the items of a list are together, once each joint is known.

::

    list  = group ("or" group)*
    group = pair ("and" pair)*
    pair  = item ("/" item)*
    whole = item ("or" item)* "," "and" list      # under Inclusion: one of the first, and the rest
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from equipoise.rules.nodes import Rule, all_of, any_of

if TYPE_CHECKING:
    from equipoise.criteria.join import Item


def grouped(items: Sequence[Item], joints: Sequence[str], *, each: bool) -> Rule | None:
    """Return the rule of a list whose joints are known: "/" binds tighter than "and", and that tighter than "or"."""
    end = 0 if each else _end_of_choice(items, joints)
    if end:
        rest = grouped(items[end:], ["", *joints[end + 1 :]], each=each)
        first = grouped(items[:end], joints[:end], each=each)
        return all_of([one for one in (first, rest) if one is not None])
    groups: list[list[Rule]] = [[items[0].rule]]
    for item, joint in zip(items[1:], joints[1:], strict=True):
        if joint == "or" and item.joint == "slash":
            groups[-1][-1] = any_of([groups[-1][-1], item.rule]) or item.rule
        elif joint == "or":
            groups.append([item.rule])
        else:
            groups[-1].append(item.rule)
    return any_of([part for group in groups if (part := all_of(group)) is not None])


def _end_of_choice(items: Sequence[Item], joints: Sequence[str]) -> int:
    """Return where "A or B, and C" goes on with what is asked of both, or 0."""
    place = next((place for place, joint in enumerate(joints) if place and joint == "and"), 0)
    if place < 2 or items[place].joint != "and" or "or" in joints[place + 1 :]:
        return 0
    if not items[place].comma and not all(item.borrowed for item in items[1:place]):
        return 0  # "alcohol abuse or dependence and depression" shares a word, too
    plain = all(item.joint == "or" and not item.comma for item in items[1:place])
    return place if plain else 0
