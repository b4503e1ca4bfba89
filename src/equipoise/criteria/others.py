"""
What a limit that holds for some leaves to the others.

    limits = limit "or" limit population        # "< 1,500 or < 1,000 in African-American patients"

Where the limit for some is the stricter, it holds for everybody, and the other for those who are not meant: a count of
1,200 keeps out whoever is not African-American, and 900 everyone. Read as two limits side by side, 1,200 would keep out
everybody. Who is not meant is asked as a race or a condition where the words name one, and is left open where not.
"""

from __future__ import annotations

import msgspec

from equipoise.criteria.context import Context, reference
from equipoise.criteria.cues import FEMALE
from equipoise.rules.nodes import ConceptRef, Left, Not, Predicate, Rule, all_of, any_of
from equipoise.terms.cues import word_set
from equipoise.terms.lexicon import Concept

_DESCENTS = word_set("measures.descents")
# What stands around the name of a condition in a population.
_AROUND = word_set("measures.population")
_SAME = ("kind", "op", "unit", "relative_to", "qualifier", "window")


def for_the_others(general: Predicate, special: Predicate, context: Context) -> Rule | None:
    """Return the rule of two limits joined by "or", the second for some; None where the first is the stricter."""
    if general.population is not None or special.population is None or special.population in ("male", "female"):
        return None
    if any(getattr(general, key) != getattr(special, key) for key in _SAME) or not _is_stricter(special, general):
        return None
    everyone = msgspec.structs.replace(special, population=None)
    return any_of([everyone, part]) if (part := all_of([general, _not_one(special, context)])) else None


def _is_stricter(one: Predicate, other: Predicate) -> bool:
    low, high = one.value, other.value
    if not isinstance(low, (int, float)) or not isinstance(high, (int, float)):
        return False
    return low < high if one.op in ("<", "<=") else one.op in (">", ">=") and low > high


def _not_one(special: Predicate, context: Context) -> Rule:
    """Return that the patient is not one of those for whom a limit holds."""
    assert special.population is not None and special.span is not None
    words = special.population.split()
    if any(word.casefold() in _DESCENTS for word in words):
        named = " ".join(word for word in words if word.casefold() in _DESCENTS).removesuffix("s")
        race = ConceptRef("race", span=special.span)
        return Not(Predicate(kind="demographic", concept=race, op="=", value=named, span=special.span))
    for at, token in enumerate(context.tokens):
        if token.start < special.span[1]:
            continue
        found = context.named(at)
        if found is not None and isinstance(found[0], Concept) and found[0].kind == "condition":
            span = context.span(at, found[1])
            rest = {one.casefold() for one in words} - set(context.text[slice(*span)].casefold().split())
            around = _AROUND | FEMALE if found[0].name == "pregnancy" else _AROUND
            if rest <= around:
                concept = reference(found[0], span)
                return Not(Predicate(kind="condition", concept=concept, op="present", span=span))
            break
    return Left(special.span)
