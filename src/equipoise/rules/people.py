"""Sex, race, and lines of treatment; age is told by `equipoise.rules.aged`."""

from __future__ import annotations

from equipoise.records.moments import EVER
from equipoise.records.patient import Fact
from equipoise.rules.aged import age
from equipoise.rules.answer import Answer
from equipoise.rules.english import describe_rule
from equipoise.rules.nodes import ConceptRef, Predicate
from equipoise.rules.presence import presence
from equipoise.rules.quantities import within_bounds
from equipoise.rules.seen import Seen
from equipoise.terms.spelling import normal

_SEXES = {"male": "male", "female": "female", "m": "male", "f": "female", "man": "male", "woman": "female"}
_SEXES |= {"men": "male", "women": "female", "males": "male", "females": "female", "boys": "male", "girls": "female"}


def demographic(rule: Predicate, seen: Seen) -> Answer:
    """Return whether the patient's age, sex or race is the one asked for."""
    name = normal(rule.name)
    if name == "age":
        return age(rule, seen)
    facts = [one for one in seen.facts if one.kind == "demographic" and normal(one.name) == name]
    stated = [one for one in facts if one.assertion == "present" and isinstance(one.value, str)]
    if rule.op != "=" or not isinstance(rule.value, str) or rule.qualifier or rule.window is not None or not stated:
        return Answer(holds=None, settle=(f"the patient's {rule.name}: {describe_rule(rule)}",))
    answers = {_same_word(name, str(one.value), rule.value) for one in stated}
    holds = answers.pop() if len(answers) == 1 else None
    settle = () if holds is not None else (f"the patient's {rule.name}, as the criterion names it",)
    return Answer(holds=holds, evidence=tuple(one.id for one in stated), settle=settle)


def _same_word(name: str, stated: str, asked: str) -> bool | None:
    """Return whether a word for a sex or race is the one asked for; races have many names, so others are unknown."""
    stated, asked = normal(stated), normal(asked)
    if name == "sex" and stated in _SEXES and asked in _SEXES:
        return _SEXES[stated] == _SEXES[asked]
    return True if stated == asked else None


def belongs(population: str, seen: Seen) -> tuple[bool | None, tuple[str, ...]]:
    """Return whether the record states that the patient is one of a population, and the facts that do.

    Not being one of them is not answered: what a limit for others then means depends on the criterion's side.
    """
    asked = normal(population).removesuffix(" patients").removesuffix(" participants")
    for fact in seen.people:
        if fact.assertion == "present" and _same_word(normal(fact.name), str(fact.value), asked) is True:
            return True, (fact.id,)
    return None, ()


# Lines of treatment


def prior_lines(rule: Predicate, seen: Seen) -> Answer:
    """
    Return whether the number of lines of treatment meets the limit.

    Two lines of docetaxel are at least two of chemotherapy; three lines of anything are at most three of it.
    """
    facts = [one for one in seen.facts if one.kind == "prior_lines" and one.assertion in ("present", "historical")]
    facts = [one for one in facts if isinstance(one.value, (int, float))]
    low, low_facts = _fewest(rule, facts, seen)
    high, high_facts = _most(rule, facts, seen)
    limit = rule.value if isinstance(rule.value, (int, float)) else None
    op = rule.op
    if op in ("present", "absent"):
        op, limit = (">=", 1) if op == "present" else ("<", 1)
    blocked = rule.window is not None or rule.qualifier or limit is None or low > high
    holds = None if blocked else within_bounds(op, low, high, (float(limit or 0), rule.upper))
    evidence = tuple(dict.fromkeys((*low_facts, *high_facts)))
    settle = () if holds is not None else (f"the number of {describe_rule(rule)}",)
    return Answer(holds=holds, evidence=evidence, settle=settle)


def _counts(facts: list[Fact], seen: Seen) -> dict[str, tuple[float, list[str]]]:
    """Return the largest number stated for each treatment: lines only grow."""
    found: dict[str, tuple[float, list[str]]] = {}
    for fact in facts:
        name = seen.names.canonical(fact.name)
        count = float(fact.value or 0)
        if name not in found or count > found[name][0]:
            found[name] = (count, [fact.id])
    return found


def _fewest(rule: Predicate, facts: list[Fact], seen: Seen) -> tuple[float, list[str]]:
    below = [one for one in facts if rule.concept is None or seen.names.answers(one, rule.concept)]
    return max(_counts(below, seen).values(), default=(0.0, list[str]()), key=lambda one: one[0])


def _most(rule: Predicate, facts: list[Fact], seen: Seen) -> tuple[float, list[str]]:
    """Return the most lines that there can be: those of this or any wider treatment, none where none is stated."""
    above = [one for one in facts if is_any_therapy(one) or (rule.concept is not None and _wider(one, rule, seen))]
    # A number of lines of anything may include some of this: only a record without one says "none" by silence.
    asked = Predicate(kind="prior_lines", concept=rule.concept or ConceptRef("therapy"))
    none = presence(asked, seen)
    if none.holds is False and not any(fact.value for fact in facts):
        return 0.0, list(none.evidence)
    return min(_counts(above, seen).values(), default=(float(EVER), list[str]()), key=lambda one: one[0])


def _wider(fact: Fact, rule: Predicate, seen: Seen) -> bool:
    return rule.concept is not None and seen.names.denies(fact, rule.concept)


def is_any_therapy(fact: Fact) -> bool:
    """Return whether a fact counts the lines of whatever was given."""
    return normal(fact.name) in ("", "therapy", "any", "any therapy", "treatment", "systemic therapy")
