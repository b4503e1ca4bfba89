"""Age, sex, race, and lines of treatment."""

from __future__ import annotations

import msgspec

from equipoise.records.moments import EVER, Duration, Period, duration_of
from equipoise.records.patient import Fact
from equipoise.rules.answer import Answer
from equipoise.rules.english import describe_rule
from equipoise.rules.nodes import ConceptRef, Predicate
from equipoise.rules.presence import presence
from equipoise.rules.quantities import within_bounds
from equipoise.rules.seen import Seen
from equipoise.rules.truth import all_, not_
from equipoise.terms.spelling import normal

_SEXES = {"male": "male", "female": "female", "m": "male", "f": "female", "man": "male", "woman": "female"}
_SEXES |= {"men": "male", "women": "female", "males": "male", "females": "female", "boys": "male", "girls": "female"}


# A patient who has limits of normal of their own.
CHILD = Predicate(kind="demographic", concept=ConceptRef("age"), op="<", value=18, unit="a")


def demographic(rule: Predicate, seen: Seen) -> Answer:
    """Return whether the patient's age, sex or race is the one asked for."""
    name = normal(rule.name)
    if name == "age":
        return _age(rule, seen)
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


# Age


class AgeLimits(msgspec.Struct, frozen=True):
    """From which age a rule holds, and from which it does not any more; ``by_clock`` where minutes count."""

    low: Duration | None
    high: Duration | None
    by_clock: bool


def _age(rule: Predicate, seen: Seen) -> Answer:
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
