"""How old a patient is: from which age on a rule holds and until which, and when the patient reaches these."""

from __future__ import annotations

import msgspec

from equipoise.records.moments import EVER, Duration, Period, duration_of
from equipoise.records.patient import Fact
from equipoise.rules.answer import Answer
from equipoise.rules.nodes import ConceptRef, Predicate
from equipoise.rules.seen import Seen
from equipoise.rules.truth import all_, not_
from equipoise.terms.spelling import normal


class AgeLimits(msgspec.Struct, frozen=True):
    """From which age a rule holds, and from which it does not any more; ``by_clock`` where minutes count."""

    low: Duration | None
    high: Duration | None
    by_clock: bool


_CHILD = Predicate(kind="demographic", concept=ConceptRef("age"), op="<", value=18, unit="a")


def is_child(seen: Seen) -> bool:
    """Return whether a patient is surely under 18, for whom laboratories have other limits."""
    return age(_CHILD, seen).holds is True


def age(rule: Predicate, seen: Seen) -> Answer:
    """Return whether a patient is of the age that a rule asks for."""
    facts = seen.ages
    limits = age_limits(rule)
    settle = ("the date of birth, or an age with its unit and date",)
    if limits is None or rule.qualifier or rule.window is not None:
        return Answer(holds=None, settle=settle)
    born = birth(seen, by_clock=limits.by_clock)
    if born is None:
        return Answer(holds=None, evidence=tuple(one.id for one in facts), settle=settle)
    answer = _aged(limits, born, seen, evidence=tuple(one.id for one in facts))
    if all(one.when is not None for one in facts):
        return answer
    # An age without a date says how old the patient is now, and not on which day that changes.
    return msgspec.structs.replace(answer, true_from=None, true_until=None)


def birth(seen: Seen, *, by_clock: bool) -> Period | None:
    """Return when the patient was born, as far as all that is stated of it goes; None where it contradicts itself."""
    return seen.born(by_clock=by_clock, work=lambda: _born(seen.ages, seen, by_clock=by_clock))


def _born(facts: list[Fact], seen: Seen, *, by_clock: bool) -> Period | None:
    first, last = -EVER, EVER
    for fact in facts:
        period = _birth(fact, seen, by_clock=by_clock)
        if period is not None:
            first, last = max(first, period.first), min(last, period.last)
    return Period(first, last) if first <= last and (first, last) != (-EVER, EVER) else None


def _birth(fact: Fact, seen: Seen, *, by_clock: bool) -> Period | None:
    if normal(fact.name) == "born":
        return None if fact.when is None else fact.when.period(by_clock=by_clock, clock=seen.clock)
    if not isinstance(fact.value, (int, float)):
        return None
    # An age without a date is the age at which the patient is seen.
    moment = (fact.when or seen.at).period(by_clock=by_clock, clock=seen.clock)
    reached, next_one = duration_of(fact.value, fact.unit), duration_of(fact.value + 1, fact.unit)
    if reached is None or next_one is None:
        return None
    first = next_one.shift(moment.first, -1, by_clock=by_clock) + 1
    return Period(first, reached.shift(moment.last, -1, by_clock=by_clock))


def _aged(limits: AgeLimits, born: Period, seen: Seen, *, evidence: tuple[str, ...]) -> Answer:
    """Return the answer on an age: completed years count, so that 75 is 75 until the day before 76."""
    low, high, by_clock = limits.low, limits.high, limits.by_clock
    now = seen.now(by_clock=by_clock)
    starts = None if low is None else low.move(born, 1, by_clock=by_clock)
    ends = None if high is None else high.move(born, 1, by_clock=by_clock)
    truths = [] if starts is None else [starts.at_most(now)]
    truths += [] if ends is None else [not_(ends.at_most(now))]
    holds = all_(truths) if truths else None
    crossed = starts is not None and ends is not None and ends.last <= starts.first
    reached = holds is False and starts is not None and starts.exact and starts.first > now.last and not crossed
    true_from = starts.first if reached and starts is not None else None
    true_until = ends.first - 1 if holds is True and ends is not None and ends.exact else None
    return Answer(
        holds=holds,
        evidence=evidence,
        settle=() if holds is not None else ("the date of birth",),
        true_from=seen.moment(true_from, by_clock=by_clock),
        true_until=seen.moment(true_until, by_clock=by_clock),
    )


def age_limits(rule: Predicate) -> AgeLimits | None:
    """
    Return between which ages a rule holds, whatever its window; None where it states no age.

    Both ends of "0 to 70" and "4.17 to 70 years" are measured alike.
    """
    if not isinstance(rule.value, (int, float)) or duration_of(float(rule.value), rule.unit) is None:
        return None
    low, high = _between(rule, float(rule.value), rule.unit)
    return AgeLimits(low, high, any(one is not None and one.minutes > 0 for one in (low, high)))


def _between(rule: Predicate, value: float, unit: str | None) -> tuple[Duration | None, Duration | None]:
    step = 1 if value == int(value) else 0
    after = duration_of(value + step, unit)
    low = {">=": value, "=": value, "between": value, ">": value + step}.get(rule.op)
    high = {"<": duration_of(value, unit), "<=": after, "=": after}.get(rule.op)
    if rule.op == "between":
        top = rule.upper
        high = None if top is None else duration_of(top + (1 if top == int(top) else 0), unit)
        if high is None:
            return None, None
    return None if low is None else duration_of(low, unit), high
