"""
Time between two events, and how long something has lasted.

A limit in hours is measured to the minute, and an event of which only the day is known leaves it open where
that day straddles the limit. A limit in days or longer is measured in calendar days.
"""

from __future__ import annotations

from equipoise.records.moments import EVER, Duration, Period, duration_of
from equipoise.records.patient import Fact
from equipoise.rules.answer import Answer
from equipoise.rules.english import describe_rule
from equipoise.rules.nodes import Predicate
from equipoise.rules.presence import presence
from equipoise.rules.quantities import within_bounds
from equipoise.rules.seen import NOW, Seen
from equipoise.rules.truth import agreed, all_
from equipoise.terms.spelling import normal

_DAY = 1440


class Span:
    """From one period to another, compared with a length of time."""

    def __init__(self, start: Period, end: Period, *, by_clock: bool) -> None:
        self.start = start
        self.end = end
        self.by_clock = by_clock

    def meets(self, op: str, length: Duration, upper: Duration | None) -> bool | None:
        """Return whether the time between meets a limit; unknown where the end comes before the start."""
        if self.start.at_most(self.end) is False:
            return None
        if op == "between":
            return None if upper is None else all_((self.meets(">=", length, None), self.meets("<=", upper, None)))
        limit = length.move(self.start, 1, by_clock=self.by_clock)
        if op == "=":
            return all_((self.end.at_most(limit), limit.at_most(self.end)))
        sides = {
            "<=": self.end.at_most,
            "<": self.end.below,
        }
        if op in sides:
            return sides[op](limit)
        return limit.at_most(self.end) if op == ">=" else limit.below(self.end) if op == ">" else None

    def turns(self, op: str, length: Duration, upper: Duration | None) -> tuple[int | None, int | None]:
        """Return from which and until which tick the limit is met while the end moves on with time."""
        if not self.start.exact or abs(self.start.first) >= EVER:
            return None, None
        low = length.shift(self.start.first, 1, by_clock=self.by_clock)
        high = low if upper is None else upper.shift(self.start.first, 1, by_clock=self.by_clock)
        if high < low:
            return None, None  # crossed limits are never met
        true_from = {">=": low, ">": low + 1, "between": low, "=": low}.get(op)
        true_until = {"<=": low, "<": low - 1, "between": high, "=": low}.get(op)
        return true_from, true_until


def event_time(rule: Predicate, seen: Seen) -> Answer:
    """Return whether the time from one event to another meets the limit, and when that turns."""
    length = _length(rule.value, rule.unit)
    if length is None or rule.from_ is None or rule.window is not None or rule.qualifier:
        return Answer(holds=None, settle=(describe_rule(rule),))
    upper = _length(rule.upper, rule.unit)
    by_clock = length.by_clock
    start, first = seen.anchor(rule.from_, by_clock=by_clock)
    end, second = seen.anchor(rule.to, by_clock=by_clock)
    if start is None:
        return Answer(holds=None, evidence=second, settle=(f"when {rule.from_} was{_to_the_minute(by_clock)}",))
    moving = seen.names.event(rule.to) in (None, *NOW)
    span = Span(start, end if end is not None else seen.now(by_clock=by_clock), by_clock=by_clock)
    holds = span.meets(rule.op, length, upper) if end is not None else None
    # What has not happened yet, as far as the record says, happens from now on: the window closes all the same.
    true_from, true_until = span.turns(rule.op, length, upper) if moving or end is None else (None, None)
    open_from = true_from if holds is False and end is not None and moving else None
    unknown = rule.from_ if end is not None else rule.to
    return Answer(
        holds=holds,
        evidence=(*first, *second),
        settle=() if holds is not None else (f"when {unknown} was{_to_the_minute(by_clock)}",),
        true_from=seen.moment(_ahead(open_from, seen, by_clock=by_clock), by_clock=by_clock),
        true_until=None if holds is False else seen.moment(true_until, by_clock=by_clock),
    )


def duration(rule: Predicate, seen: Seen) -> Answer:
    """Return whether what the rule names has lasted as long as the limit says."""
    length, upper = _length(rule.value, rule.unit), _length(rule.upper, rule.unit)
    facts = _lasting(rule, seen)
    facts = [fact for fact in facts if fact.kind == "duration"] or facts  # a length that is stated needs no dates
    if length is None or rule.window is not None or not facts:
        return _not_lasting(rule, seen, asked=length is not None and rule.window is None)
    truths = [_lasted(fact, rule, seen, length=length, upper=upper) for fact in facts]
    holds = agreed(truths)
    true_from = true_until = None
    if len(facts) == 1 and facts[0].kind != "duration" and facts[0].until is None:
        times = seen.times(facts[0], by_clock=length.by_clock)
        span = Span(times.start, seen.now(by_clock=length.by_clock), by_clock=length.by_clock)
        true_from, true_until = span.turns(rule.op, length, upper)
    return Answer(
        holds=holds,
        evidence=tuple(fact.id for fact in facts),
        settle=() if holds is not None else (f"since when: {rule.name}, and whether it goes on",),
        true_from=seen.moment(
            _ahead(true_from if holds is False else None, seen, by_clock=length.by_clock), by_clock=length.by_clock
        ),
        true_until=seen.moment(true_until if holds is True else None, by_clock=length.by_clock),
    )


def _lasting(rule: Predicate, seen: Seen) -> list[Fact]:
    """Return the facts on what a rule names that may say how long it lasts."""
    concept, names = rule.concept, seen.names
    if concept is None:
        return []

    def lasts(fact: Fact) -> bool:
        kinds = ("condition", "drug", "procedure", "duration", "event_time")
        if fact.kind not in kinds or fact.assertion not in ("present", "historical"):
            return False
        return names.answers(fact, concept) or names.event(fact.name) == names.event(concept.name)

    return list(seen.speaking(("lasting", concept.name, frozenset(concept.codes.items())), lasts, concept))


def _lasted(fact: Fact, rule: Predicate, seen: Seen, *, length: Duration, upper: Duration | None) -> bool | None:
    if not {normal(one) for one in rule.qualifier} <= {normal(one) for one in fact.qualifier}:
        return None
    if fact.kind == "duration":
        return _stated(fact, rule)
    by_clock = length.by_clock
    times = seen.times(fact, by_clock=by_clock)
    end = times.end
    if fact.until is None:
        # A condition that is present, or a drug that is taken, goes on; an event does not say how long it held.
        lasts = fact.assertion == "present" and (fact.kind in ("condition", "drug") or end.first >= times.start.last)
        if not lasts or fact.kind in ("procedure", "event_time"):
            return None
        end = seen.now(by_clock=by_clock)
    return Span(times.start, end, by_clock=by_clock).meets(rule.op, length, upper)


def _stated(fact: Fact, rule: Predicate) -> bool | None:
    """Return whether a length that the record states meets the limit; a month is 28 to 31 days."""
    length, limit, upper = (
        _length(fact.value, fact.unit),
        _length(rule.value, rule.unit),
        _length(rule.upper, rule.unit),
    )
    if length is None or limit is None:
        return None
    if not (length.days or length.minutes or limit.days or limit.minutes) and (upper is None or not upper.days):
        top = None if upper is None else float(upper.months)
        return within_bounds(rule.op, length.months, length.months, (limit.months, top))
    low, high = _minutes(length)
    limits = _minutes(limit)
    tops = _minutes(upper) if upper is not None else limits
    answers = {within_bounds(rule.op, low, high, (one, top)) for one, top in zip(limits, tops, strict=True)}
    return answers.pop() if len(answers) == 1 else None


def _minutes(length: Duration) -> tuple[int, int]:
    """Return the fewest and the most minutes that a length can be."""
    years, months = divmod(length.months, 12)
    rest = length.days * _DAY + length.minutes
    return (years * 365 + months * 28) * _DAY + rest, (years * 366 + months * 31) * _DAY + rest


def _not_lasting(rule: Predicate, seen: Seen, *, asked: bool) -> Answer:
    """Return the answer where no fact lasts: what is not there has not lasted."""
    if asked and rule.op in (">", ">=") and rule.concept is not None:
        there = presence(Predicate(kind="condition", concept=rule.concept, qualifier=rule.qualifier), seen)
        if there.holds is False:
            return there
    return Answer(holds=None, settle=(f"since when: {rule.name}, and whether it goes on",))


def _length(value: object, unit: str | None) -> Duration | None:
    return duration_of(float(value), unit) if isinstance(value, (int, float)) else None


def _ahead(tick: int | None, seen: Seen, *, by_clock: bool) -> int | None:
    """Return a tick that is still to come."""
    return tick if tick is not None and tick > seen.now(by_clock=by_clock).last else None


def _to_the_minute(by_clock: bool) -> str:
    return ", to the minute" if by_clock else ""
