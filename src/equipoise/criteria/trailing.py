"""
What stands behind a list and is said of each of its members: a beginning, a length, a grade.

::

    onset   = name ("," | "or" | "and") … "," "onset" limit      # "cough, fever, or headache, onset ≤ 7 days": of each
    lasting = name ("," | "or" | "and") … "lasting" limit        # "gout or asthma lasting more than 2 years"
    graded  = name ("," | "or") … "," "grade" …                  # "nausea, vomiting or rash, grade 2 or higher"
    reacted = ("allergy" | "intolerance" | …) ("," | "or") … "to" name   # to it, all of them
    limited = name ("," | "or") … "," limit                      # of each or of the last: unknown where they differ
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from equipoise.criteria.contraindicated import BARRED
from equipoise.criteria.join import Item, doubted
from equipoise.rules.nodes import All, AnyOf, Left, Not, Predicate, Rule, Span, Unless, leaves

_LASTS = frozenset(("lasting", "lasts", "lasted", "persisting", "persists", "persistent"))
# What one has to something.
_TO = frozenset(("allergy", "hypersensitivity", "intolerance", "adverse event", "adverse reaction"))
_ONSETS = frozenset(("symptom onset", "onset"))


def of_all(items: Sequence[Item], *, each: bool) -> bool | None:
    """Return whether the last of a list is a limit of all that stands before it; None where it is so perhaps."""
    last = items[-1]
    rule = last.rule
    if len(items) < 2 or last.joint != "comma" or type(rule) is not Predicate:
        return False
    if not all(_plain(item.rule) for item in items[:-1]):
        return False
    if rule.kind == "event_time":
        return rule.from_ in _ONSETS
    if len(items) < 3 or items[-2].joint != "or" or rule.kind != "measurement" or rule.op in ("present", "absent"):
        return False
    return False if each else None


def _plain(rule: Rule) -> bool:
    """Return whether a rule only names conditions that are there."""
    if type(rule) is Not or type(rule) is Unless:
        return False
    found = list(leaves(rule))
    return all(type(one) is Left or (one.kind == "condition" and one.op == "present") for one in found)


def perhaps_of_all(wide: Rule, narrow: Rule, last: Item) -> Rule:
    """Return a rule that answers where a limit of all of a list and one of its last member agree."""
    return AnyOf((wide, All((narrow, Left(last.span)))))


def graded_too(items: Sequence[Item], words: Callable[[Span], str]) -> None:
    """Ask the grade that a comma sets off behind a list of each of it: "nausea or rash, grade 2 or higher"."""
    last = items[-1].rule
    if type(last) is not Predicate or not last.qualifier or last.span is None or items[-1].joint not in ("or", "and"):
        return
    grade = last.qualifier[-1]
    if not grade.startswith("grade ") or not words((last.span[1], last.span[1] + 12)).startswith(", grade"):
        return
    for item in reversed(items[:-1]):
        one = item.rule
        if type(one) is not Predicate or one.kind != "condition" or one.op != last.op or one.qualifier:
            return
        item.rule = msgspec.structs.replace(one, qualifier=(grade,))


def lasting_too(items: Sequence[Item], words: Callable[[Span], str]) -> None:
    """Ask of each of a list for how long it has lasted: "gout or asthma lasting more than 2 years"."""
    last = items[-1].rule
    if type(last) is not Predicate or last.kind != "duration" or last.concept is None or last.concept.span is None:
        return
    if last.span is None or items[-1].joint not in ("or", "and", "comma"):
        return
    behind = words((last.concept.span[1], max(last.span[1], last.concept.span[1]))).split()[:1]
    if not behind or behind[0] not in _LASTS:
        return
    for item in reversed(items[:-1]):
        one = item.rule
        if type(one) is not Predicate or one.kind != "condition" or one.op != "present" or one.window is not None:
            return
        longer = msgspec.structs.replace(last, concept=one.concept, qualifier=one.qualifier)
        graded = any(text != "history of" for text in one.qualifier)
        # "Disseminated zoster, oral thrush, or rash lasting 2 months": what says how bad it is may say all of it.
        item.rule = perhaps_of_all(longer, one, item) if graded else longer
        if item.joint not in ("or", "and", "comma"):
            return


def reacted_too(items: Sequence[Item]) -> None:
    """Doubt the allergy of "allergy or adverse effect to X": it is to X, and no allergy whatever."""
    to = False
    for place in range(len(items) - 1, -1, -1):
        rule = items[place].rule
        if type(rule) is not Predicate:
            to = False
            continue
        said = [text for text in rule.qualifier if text != "history of"]
        if rule.kind == "allergy" or BARRED in rule.qualifier or (rule.name in _TO and said):
            to = True
        elif to and rule.name in _TO and rule.kind == "condition" and items[place + 1].joint in ("or", "and", "comma"):
            items[place].rule = doubted(rule, items[place].span)
        else:
            to = False
