"""
How long ago something was, where only those are meant who had it: "at least 6 months post-stroke".

::

    ago    = length ("after" | "following" | "post") event      # of who had it
    washed = length "since" treatment | length "after" ("any" | "prior") treatment      # of who had none, too
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from equipoise.rules.nodes import Predicate, Span

_AFTER = frozenset(("after", "following", "post"))
_WASHED = frozenset(("any", "prior", "previous", "last", "history of"))
# After these most have to wait, and few must have had them.
_BROAD = frozenset(("blood transfusion", "major surgery", "radiotherapy", "surgery", "vaccination"))


def is_past(facts: Sequence[Predicate], time: Span, words: Callable[[Span], str]) -> bool:
    """Return whether a time, and what stands between it and the *facts* it is since, is of those who had them."""
    start = min((fact.span[0] for fact in facts if fact.span is not None), default=0)
    said = frozenset(words((time[0], max(start, time[1]))).replace("-", " ").split())
    if _AFTER.isdisjoint(said) or not _WASHED.isdisjoint(said):
        return False
    return all(
        (fact.kind == "condition" or (fact.kind == "procedure" and fact.name not in _BROAD))
        and _WASHED.isdisjoint(fact.qualifier)
        for fact in facts
    )
