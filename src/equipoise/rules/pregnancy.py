"""Who cannot be pregnant: a man, a woman after her menopause or without a uterus, and whose test is negative."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.records.patient import Fact
from equipoise.rules.nodes import Predicate
from equipoise.rules.seen import Seen
from equipoise.terms.spelling import normal

_PREGNANCY, _LACTATION = "pregnancy", "lactation"
_ABLE = frozenset({"childbearing potential", "planning pregnancy"})
# What a man, for one, cannot be.
ASKED = _ABLE | {_PREGNANCY, _LACTATION}
_MEN = frozenset({"male", "m", "man", "boy"})
# What ends it for good; a sterilization does not: it fails, and texts count it as contraception.
_ENDS = ("menopause", "hysterectomy", "bilateral oophorectomy")
_NEGATIVE = frozenset({"negative", "not detected"})


def cannot_be(rule: Predicate, seen: Seen) -> Iterator[Fact]:
    """
    Yield the facts that exclude what a rule asks: a pregnancy, a lactation, or that there may be a pregnancy.

    A negative test says so for its own day and until another fact says otherwise; it says nothing of later plans.
    """
    asked = seen.names.canonical(rule.name) if rule.kind == "condition" else ""
    if asked not in ASKED:
        return
    sexes = [one for one in seen.known if one.kind == "demographic" and normal(one.name) == "sex"]
    stated = [one for one in sexes if one.assertion == "present" and isinstance(one.value, str)]
    if stated and all(normal(str(one.value)) in _MEN for one in stated):
        yield from stated
    if asked == _LACTATION or rule.qualifier:
        return
    for fact in seen.known:
        if fact.kind in ("condition", "procedure") and fact.assertion in ("present", "historical"):
            if any(seen.names.is_a(fact.name, one) for one in _ENDS):
                yield fact
        elif asked == _PREGNANCY and rule.window is None and _tested(fact, seen):
            yield fact


def _tested(fact: Fact, seen: Seen) -> bool:
    if fact.kind != "measurement" or fact.assertion != "present" or not isinstance(fact.value, str):
        return False
    return seen.names.canonical(fact.name) == "pregnancy test" and normal(fact.value) in _NEGATIVE
