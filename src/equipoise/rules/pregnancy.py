"""Who cannot be pregnant: a man, a woman after her menopause or without a uterus, and whose test is negative."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.records.patient import Fact
from equipoise.rules.nodes import Predicate
from equipoise.rules.seen import Seen
from equipoise.terms.spelling import normal

_PREGNANCY, _LACTATION, _TO_FEED = "pregnancy", "lactation", "planning to breastfeed"
_ABLE = frozenset({"childbearing potential", "planning pregnancy"})
# What a man, for one, cannot be.
ASKED = _ABLE | {_PREGNANCY, _LACTATION, _TO_FEED}
# A birth, and the words of one that is to come: who is not pregnant awaits none.
DELIVERIES = frozenset({"cesarean section", "vaginal delivery", "labor induction"})
EXCLUDABLE = ASKED | DELIVERIES
TO_COME = frozenset({"elective", "planned", "scheduled", "undergoing", "undergo"})
_MEN = frozenset({"male", "m", "man", "boy"})
# What ends it for good; a sterilization does not: it fails, and texts count it as contraception.
_ENDS = ("menopause", "hysterectomy", "bilateral oophorectomy")
_NEGATIVE = frozenset({"negative", "not detected"})


def cannot_be(rule: Predicate, seen: Seen) -> Iterator[Fact]:
    """
    Yield the facts that exclude what a rule asks: a pregnancy, a lactation, a birth to come, that there may be one.

    A negative test says so for its own day and until another fact says otherwise; it says nothing of later plans.
    """
    asked = seen.names.canonical(rule.name) if rule.kind in ("condition", "procedure") else ""
    if asked in DELIVERIES:
        yield from _no_birth_to_come(rule, seen)
    if asked not in ASKED or rule.kind != "condition":
        return
    yield from _men(seen)
    if asked in (_LACTATION, _TO_FEED) or rule.qualifier:
        return
    for fact in seen.known:
        if fact.kind in ("condition", "procedure") and fact.assertion in ("present", "historical"):
            if any(seen.names.is_a(fact.name, one) for one in _ENDS):
                yield fact
        elif asked == _PREGNANCY and rule.window is None and _tested(fact, seen):
            yield fact


def _men(seen: Seen) -> list[Fact]:
    """Return the facts that say the patient's sex, where all say that it is male."""
    sexes = [one for one in seen.known if one.kind == "demographic" and normal(one.name) == "sex"]
    stated = [one for one in sexes if one.assertion == "present" and isinstance(one.value, str)]
    return stated if all(normal(str(one.value)) in _MEN for one in stated) else []


def _no_birth_to_come(rule: Predicate, seen: Seen) -> Iterator[Fact]:
    """Yield the facts by which no birth can be to come, where the rule asks of one that is."""
    yield from _men(seen)
    if not TO_COME.isdisjoint(map(normal, rule.qualifier)):
        yield from (
            fact
            for fact in seen.known
            if fact.kind == "condition"
            and fact.assertion == "absent"
            and fact.when is None
            and seen.names.canonical(fact.name) == _PREGNANCY
        )


def _tested(fact: Fact, seen: Seen) -> bool:
    if fact.kind != "measurement" or fact.assertion != "present" or not isinstance(fact.value, str):
        return False
    return seen.names.canonical(fact.name) == "pregnancy test" and normal(fact.value) in _NEGATIVE
