"""
Ages that a word says: "neonates", "minors"; and those from which on something was.

::

    group   = ("neonates" | "newborns" | "infants" | "children" | "minors")   # alone between marks and joints
            | ("preterm" | "premature") ("and" | "or") group                  # a preterm birth, of an infant

Where a word is used of more than one age ("infants" are under one year, or under two), those between stay open. A
criterion with a number of its own says the age itself.
"""

from __future__ import annotations

from equipoise.criteria.context import Context
from equipoise.rules.nodes import All, ConceptRef, Left, Predicate, Rule, Span, any_of

# Surely so below the first age, and surely not from the second on.
_GROUPS = {
    **dict.fromkeys(("neonate", "neonates", "newborn", "newborns"), ((28, "d"), (29, "d"))),
    **dict.fromkeys(("infant", "infants"), ((12, "mo"), (24, "mo"))),
    **dict.fromkeys(("children", "child"), ((12, "a"), (18, "a"))),
    **dict.fromkeys(("minor", "minors"), ((18, "a"), (21, "a"))),
}
_CALLED = {
    "infant": "infant", "infants": "infant", "children": "child", "child": "child", "minor": "minor", "minors": "minor",
}  # fmt: skip
# Of whose infants it may speak.
_OTHERS = frozenset(
    (
        "parents",
        "parent",
        "guardian",
        "consent",
        "assent",
        "refusal",
        "history",
        "fetus",
        "foetus",
        "breast",
        "breastfeeding",
        "nursing",
        "lactating",
        "mother",
        "mothers",
    )
)
_EARLY = frozenset(("preterm", "premature", "preterms"))
_JOINTS = frozenset(("", ",", ";", ".", "/", "or", "and", "and/or", ")", "(", "-"))
_BEFORE = _JOINTS | {"the", "all", "any", ":", "are", "is"}


def age_group(context: Context, at: int) -> Rule | None:
    """
    Return the age that a word at a token says, where it stands alone; None where it says none.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Neonates, pregnancy", section="exclusion")[0].reading
    'age below 28 days or pregnancy'
    """
    norm = context.norm(at)
    if (norm not in _GROUPS and norm not in _EARLY) or _has_number(context):
        return None
    if (at and context.norm(at - 1) not in _BEFORE) or context.norm(at + 1) not in _JOINTS:
        return None
    span = context.span(at, at + 1)
    if norm in _CALLED and (_OTHERS & set(context.norms) or _apart(context, at)):
        return None
    if norm in _EARLY:
        early = context.norm(at + 1) in ("and", "or", "/") and context.norm(at + 2) in _GROUPS
        name = ConceptRef("preterm birth", span=span)
        born = Predicate(kind="condition", concept=name, span=span)
        return All((born, _below(24, "mo", span))) if early else None
    (sure, unit), (most, other) = _GROUPS[norm]
    surely = _below(sure, unit, span)
    if unit == "d":
        return surely
    young = Predicate(kind="condition", concept=ConceptRef(_CALLED[norm], span=span), span=span)
    return any_of([surely, All((_below(most, other, span), young))])


def _apart(context: Context, at: int) -> bool:
    """Return whether "and" joins a group to others than the young: each may be meant by itself, or both at once."""
    before = context.norm(at - 1) == "and" and context.norm(at - 2) not in _GROUPS
    return before or (context.norm(at + 1) == "and" and context.norm(at + 2) not in (*_GROUPS, *_EARLY))


def _below(value: int, unit: str, span: Span) -> Predicate:
    return Predicate(
        kind="demographic", concept=ConceptRef("age", span=span), op="<", value=value, unit=unit, span=span
    )


def _has_number(context: Context) -> bool:
    return any(token.value is not None or token.kind == "n" for token in context.tokens)


def is_reached(tail: Rule) -> bool:
    """Return whether a tail only says from which age on something was: "after the age of 6 years"."""
    parts = tail.rules if type(tail) is All else ()
    age = parts[0] if len(parts) > 1 else None
    lone = all(type(one) is Left for one in parts[1:])
    return lone and type(age) is Predicate and age.name == "age" and age.op == ">="
