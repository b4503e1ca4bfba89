"""
A head that names what the things listed below it are kinds of: "any of the following cardiac events within 3 months:".

Such a head asks for nothing by itself; its time, and what it says of them all, is of each that is listed.
"""

from __future__ import annotations

import re

import msgspec

from equipoise.rules.nodes import Predicate, Rule, changed

_KINDS = frozenset(("condition", "drug", "procedure"))
_LISTS = re.compile(r"\b(?:any|one|either)(?: (?:one )?or more)?(?: of)? the (?:below |following )[a-z]", re.IGNORECASE)


def is_genus(rule: Rule | None, head: str, start: int = 0) -> bool:
    """
    Return whether a head, which begins at *start*, only says what is listed below it.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> event = Predicate(kind="condition", concept=ConceptRef("cardiac event", span=(21, 34)))
    >>> is_genus(event, "Any of the following cardiac event:"), is_genus(event, "Those with a serious cardiac event:")
    (True, False)
    """
    if not isinstance(rule, Predicate) or rule.kind not in _KINDS or rule.concept is None or rule.concept.span is None:
        return False
    found = _LISTS.search(head)
    return found is not None and start + found.end() - 1 <= rule.concept.span[0]


def listed_as(listed: Rule, genus: Predicate) -> Rule:
    """Return what is listed with the time of its head, and with what the head says of all of it."""

    def change(one: Predicate) -> Predicate:
        if one.kind not in _KINDS:
            return one
        said = tuple(dict.fromkeys((*genus.qualifier, *one.qualifier))) if one.kind == genus.kind else one.qualifier
        return msgspec.structs.replace(one, window=one.window or genus.window, qualifier=said)

    return changed(listed, change)
