"""
Who is grown up: "Adult male or non-pregnant female", "Adults with asthma"; and ages that are not of today.

::

    adult = "healthy"? ("adult" | "adults") (people | sex | "with" … )
    then  = name ","? ("at" | "before") limit_of_age   # "asthma before the age of 6"

Under Inclusion, where no age says from when, an adult is whoever is 18: in most countries of the registries, and
nobody younger is one in any of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from equipoise.criteria.elements import Element
from equipoise.rules.nodes import ConceptRef, Predicate, Rule, all_of, leaves

_PEOPLE = frozenset(
    (
        "patients", "patient", "subjects", "subject", "participants", "participant", "volunteers", "individuals",
        "persons", "people", "person", "individual", "population", "and", "of", "admitted", "diagnosed", "undergoing",
    )
)  # fmt: skip
_BEFORE = frozenset(("healthy", "patients", "subjects", "participants", "the", "are", "must be", "should be"))
_OF_AGE = re.compile(r"\b(?:(?P<before>before|prior to)|under|below) (?:the )?age\b")
_YOUNG = re.compile(r"\b(?:child|children|p(?:a)?ediatric|adolescents?|teenagers?|infants?|neonates?|newborns?)\b")
_AGED = frozenset(("age", "aged", "ages", "years", "year", "old", "older", "young", "younger", "yrs"))


def grown_up(rule: Rule | None, elements: Sequence[Element]) -> Rule | None:
    """Return the rule of a criterion that begins with adults as one of people of 18 or more."""
    one = next((one for one in elements if one.text not in _BEFORE), None)
    if one is None or one.kind != "light" or one.text not in ("adult", "adults"):
        return rule
    behind = elements[elements.index(one) + 1 :]
    if behind and behind[0].kind not in ("sex", "with", "stop", "admin") and behind[0].text not in _PEOPLE:
        return rule
    aged = any(
        isinstance(leaf, Predicate) and leaf.kind == "demographic" and leaf.name == "age" for leaf in leaves(rule)
    )
    if aged or any(not _AGED.isdisjoint(other.text.split()) or _YOUNG.search(other.text) for other in elements):
        return rule
    concept = ConceptRef("age", span=one.span)
    age = Predicate(kind="demographic", concept=concept, op=">=", value=18, unit="a", span=one.span)
    return all_of([age, *([rule] if rule is not None else [])])


def at_age(found: Sequence[Element], place: int) -> None:
    """Keep "pancreatitis at age < 60" and "asthma before the age of 6" as words: that is no age of today."""
    one, of_age = found[place], _OF_AGE.search(found[place].text)
    if one.predicate is not None and one.predicate.name != "age" and of_age:
        one.kind, one.rule = "word", None  # "smoking before the age of 15": no amount is below 15
    if one.predicate is None or one.predicate.name != "age" or place < 1:
        return
    before = found[place - 2] if found[place - 1].text in ("at", "before") and place > 1 else found[place - 1]
    told = of_age is not None and of_age["before"] is not None and of_age.start() == 0
    if told and before.kind == "comma" and place > 1:
        before = found[place - 2]
    if (told or found[place - 1].text in ("at", "before")) and before.kind in ("atom", "word"):
        one.kind, one.rule = "word", None
