"""
Who cannot be pregnant: a man, a girl, a woman after her menopause or without a uterus, and whose test is negative.

From 55 years on, the natural loss of fertility can be assumed (Faculty of Sexual and Reproductive Healthcare,
"Contraception for Women Aged Over 40 Years", 2017, amended 2019); before 8 years, puberty is precocious. An age says
nothing against a record that has a pregnancy, a lactation or a cycle all the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.records.moments import Duration
from equipoise.records.patient import Fact
from equipoise.rules.aged import birth, is_child
from equipoise.rules.nodes import Predicate, Window
from equipoise.rules.seen import Seen
from equipoise.rules.truth import not_
from equipoise.terms.spelling import normal

_PREGNANCY, _LACTATION, _TO_FEED = "pregnancy", "lactation", "planning to breastfeed"
_ABLE = frozenset({"childbearing potential", "females of childbearing potential", "planning pregnancy"})
# What a man, for one, cannot be.
ASKED = _ABLE | {_PREGNANCY, _LACTATION, _TO_FEED}
# A birth, and the words of one that is to come: who is not pregnant awaits none.
DELIVERIES = frozenset({"cesarean section", "vaginal delivery", "labor induction"})
TESTS = frozenset({"pregnancy test", "serum pregnancy test"})
EXCLUDABLE = ASKED | DELIVERIES | TESTS
TO_COME = frozenset({"elective", "planned", "scheduled", "undergoing", "undergo"})
_MEN = frozenset({"male", "m", "man", "boy"})
# What ends it for good; a sterilization does not: it fails, and texts count it as contraception.
_ENDS = ("menopause", "hysterectomy", "bilateral oophorectomy")
_NEGATIVE = frozenset({"negative", "not detected"})
_POSITIVE = frozenset({"positive", "detected"})
_LAST, _FIRST = Duration(months=55 * 12), Duration(months=8 * 12)
# What a record may have of a woman whatever her age.
_FERTILE = ("premenopausal", "perimenopause", *sorted(ASKED))
_OPEN = frozenset({"present", "possible", "planned", "pending"})


def cannot_be(rule: Predicate, seen: Seen) -> Iterator[Fact]:
    """
    Yield the facts that exclude what a rule asks: a pregnancy, a lactation, a birth to come, that there may be one.

    A negative test says so for its own day and until another fact says otherwise; it says nothing of later plans.
    """
    asked = seen.names.canonical(rule.name) if rule.kind in ("condition", "procedure", "measurement") else ""
    if asked in DELIVERIES:
        yield from _no_birth_to_come(rule, seen)
    if asked in TESTS and rule.kind == "measurement" and not _POSITIVE.isdisjoint(map(normal, rule.qualifier)):
        yield from _unable(rule, seen)
    if asked not in ASKED or rule.kind != "condition":
        return
    yield from _men(seen)
    if rule.qualifier and (asked not in _ABLE or any(map(str.isdigit, "".join(rule.qualifier)))):
        return  # a pregnancy of before; "of childbearing potential (below 60 years)"
    yield from _aged(rule.window, seen)
    if asked in (_LACTATION, _TO_FEED) or rule.qualifier:
        return
    yield from _ended(seen)
    if asked == _PREGNANCY and rule.window is None:
        yield from seen.once("tested", lambda: [fact for fact in seen.known if _tested(fact, seen)])


def needs_no_test(rule: Predicate, seen: Seen) -> Iterator[Fact]:
    """
    Yield the facts by which a negative pregnancy test is not asked of somebody: nobody makes one of a man or a child.

    A woman after her menopause is not pregnant, and it is made of her all the same.
    """
    negative = rule.kind == "measurement" and not _NEGATIVE.isdisjoint(map(normal, rule.qualifier))
    if negative and seen.names.canonical(rule.name) in TESTS:
        yield from _men(seen)
        yield from _aged(rule.window, seen) if is_child(seen) else ()


def _unable(rule: Predicate, seen: Seen) -> Iterator[Fact]:
    """Yield the facts by which a pregnancy test is negative, whoever makes it."""
    yield from _men(seen)
    yield from _aged(rule.window, seen)
    yield from _ended(seen)


def _men(seen: Seen) -> list[Fact]:
    """Return the facts that say the patient's sex, where all say that it is male."""
    return seen.once("men", lambda: _sexes(seen))


def _sexes(seen: Seen) -> list[Fact]:
    sexes = [one for one in seen.known if one.kind == "demographic" and normal(one.name) == "sex"]
    stated = [one for one in sexes if one.assertion == "present" and isinstance(one.value, str)]
    return stated if all(normal(str(one.value)) in _MEN for one in stated) else []


def _ended(seen: Seen) -> list[Fact]:
    """Return the facts that say of a woman that she cannot have a child any more."""
    return seen.once("ended", lambda: list(_ends(seen)))


def _ends(seen: Seen) -> Iterator[Fact]:
    for fact in seen.known:
        had = fact.kind in ("condition", "procedure") and fact.assertion in ("present", "historical")
        if had and any(seen.names.is_a(fact.name, one) for one in _ENDS):
            yield fact


def _aged(window: Window | None, seen: Seen) -> list[Fact]:
    """Return the facts that say an age at which nobody can be pregnant, all through a window."""
    return seen.once(("aged", window), lambda: _of_no_age(window, seen))


def _of_no_age(window: Window | None, seen: Seen) -> list[Fact]:
    born = birth(seen, by_clock=False)
    if born is None or seen.once("fertile", lambda: any(_is_fertile(fact, seen) for fact in seen.known)):
        return []
    now, side, within = seen.now(by_clock=False), "around", None
    if window is not None:
        opening = seen.opening(window)
        side, within = opening.side, opening.within
        if not opening.is_now or opening.least is not None or (within is None and side != "around"):
            return []
    late, early = (one.move(born, 1, by_clock=False) for one in (_LAST, _FIRST))
    if within is not None and side != "after":
        late = within.move(late, 1, by_clock=False)
    now_or_then = now if within is None or side == "before" else within.move(now, 1, by_clock=False)
    return seen.ages if late.at_most(now) is True or not_(early.at_most(now_or_then)) is True else []


def _is_fertile(fact: Fact, seen: Seen) -> bool:
    """Return whether a fact says of somebody that she is or may be able to have children, whatever her age."""
    if fact.assertion not in _OPEN or seen.ended(fact) is True:
        return False
    if fact.kind == "measurement":
        positive = isinstance(fact.value, str) and normal(fact.value) in _POSITIVE
        return positive and seen.names.canonical(fact.name) in TESTS
    return fact.kind == "condition" and any(seen.names.is_a(fact.name, one) for one in _FERTILE)


def _no_birth_to_come(rule: Predicate, seen: Seen) -> Iterator[Fact]:
    """Yield the facts by which no birth can be to come, where the rule asks of one that is."""
    yield from _men(seen)
    if not TO_COME.isdisjoint(map(normal, rule.qualifier)):
        yield from _aged(rule.window, seen)
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
    return seen.names.canonical(fact.name) in TESTS and normal(fact.value) in _NEGATIVE
