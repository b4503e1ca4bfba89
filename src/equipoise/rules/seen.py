"""
A patient as seen at a moment: which facts are known then, when each was so, and whether that lies in a window.

What the record dates after the moment is not known yet, except plans. A fact without a zone is on the clock of
the moment; where that has none either, on the clock of the first fact that has one, or of Greenwich.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from copy import copy

import msgspec

from equipoise.records.moments import EVER, Duration, Moment, Period, moment_at, parse_duration
from equipoise.records.patient import Fact, Patient
from equipoise.rules.names import Names
from equipoise.rules.nodes import Window
from equipoise.rules.truth import all_
from equipoise.terms.lexicon import Lexicon
from equipoise.terms.spelling import normal

# The moments that screening itself is: the patient is seen at them.
NOW = frozenset({"screening", "enrollment", "baseline", "randomization", "study entry"})

# Facts of these kinds have happened when they are dated; the others begin then, and go on until they end.
_HAPPEN = frozenset({"measurement", "procedure", "variant", "event_time", "prior_lines", "demographic"})
# Conditions and drugs that are over when they have been; others go on until the record ends them.
_MOMENTARY = (
    "cardiac arrest", "fracture", "myocardial infarction", "seizure", "stroke", "transient ischemic attack", "vaccine",
)  # fmt: skip
# When the symptoms of what they name began.
_ONSETS = frozenset({"bleeding onset", "chest pain onset", "stroke onset"})
# The words by which a fact says that it has not ended.
_RUNNING = frozenset({"ongoing", "current", "currently", "active", "continuing"})


class Times(msgspec.Struct, frozen=True):
    """When a fact began and when it ended, each as far as it is known."""

    start: Period
    end: Period


class Lie(msgspec.Struct, frozen=True):
    """
    Whether a fact lies in a window, and from or until which tick it does while the moment moves on.

    ``recent`` says that it is later than the window allows.
    """

    truth: bool | None
    recent: bool = False
    true_from: int | None = None
    true_until: int | None = None


class Seen:
    """The facts that are known at the moment at which a patient is seen, and the clock on which they are read."""

    def __init__(self, patient: Patient, at: Moment, lexicon: Lexicon) -> None:
        self.names = Names(lexicon)
        self.complete = patient.complete
        self.clock = _clock(at, patient)
        self.at = at
        end = self.now(by_clock=True).last
        self.facts = tuple(fact for fact in patient.facts if fact.assertion == "planned" or self._known(fact, end))

    def without(self, facts: Container[str]) -> Seen:
        """Return the patient as seen without the facts of these ids."""
        other = copy(self)
        other.facts = tuple(fact for fact in self.facts if fact.id not in facts)
        return other

    def _known(self, fact: Fact, now: int) -> bool:
        return fact.when is None or fact.when.period(by_clock=True, clock=self.clock).first <= now

    def now(self, *, by_clock: bool) -> Period:
        """Return the moment at which the patient is seen."""
        return self.at.period(by_clock=by_clock, clock=self.clock)

    def times(self, fact: Fact, *, by_clock: bool) -> Times:
        """Return when a fact began and ended; a record that ends it before it began says neither."""
        now = self.now(by_clock=by_clock)
        latest = EVER if fact.assertion == "planned" else now.last
        start = Period(-EVER, latest)
        if fact.when is not None:
            stated = fact.when.period(by_clock=by_clock, clock=self.clock)
            # It is in the record, so it has happened: today without a time of day is today until now.
            start = Period(stated.first, max(stated.first, min(stated.last, latest)))
        end = self._end(fact, start, by_clock=by_clock)
        if end.last < start.first:
            return Times(Period(-EVER, latest), Period(-EVER, EVER))
        return Times(start, Period(max(end.first, start.first), end.last))

    def _end(self, fact: Fact, start: Period, *, by_clock: bool) -> Period:
        if fact.until is not None:
            return fact.until.period(by_clock=by_clock, clock=self.clock)
        if fact.kind in _HAPPEN:
            return start
        now = self.now(by_clock=by_clock)
        if fact.assertion == "historical":
            return Period(-EVER, now.last)
        if fact.assertion == "present" and not _RUNNING.isdisjoint(map(normal, fact.qualifier)):
            return Period(now.first, EVER)
        if self._momentary(fact):
            return start
        return Period(-EVER, EVER)

    def _momentary(self, fact: Fact) -> bool:
        return fact.when is not None and any(self.names.is_a(fact.name, one) for one in _MOMENTARY)

    def ended(self, fact: Fact) -> bool | None:
        """Return whether a fact's stated end is past; one without an end has not been said to end."""
        if fact.until is None:
            return False
        by_clock = fact.until.to_the_minute
        return fact.until.period(by_clock=by_clock, clock=self.clock).below(self.now(by_clock=by_clock))

    def anchor(self, name: str | None, *, by_clock: bool) -> tuple[Period | None, tuple[str, ...]]:
        """
        Return when an event was, and the facts that say so; None where no fact does.

        The latest counts where there are several.
        """
        event = self.names.event(name)
        if event is None or event in NOW:
            return self.now(by_clock=by_clock), ()
        facts = [fact for fact in self.facts if fact.assertion in ("present", "historical") and self._is(fact, event)]
        starts = [self.times(fact, by_clock=by_clock).start for fact in facts]
        if not starts:
            return None, ()
        latest = Period(max(one.first for one in starts), max(one.last for one in starts))
        return latest, tuple(fact.id for fact in facts)

    def _is(self, fact: Fact, event: str) -> bool:
        # A measurement or a statement on age is not an event, whatever its name.
        if fact.kind in ("measurement", "demographic", "allergy", "variant", "prior_lines", "duration"):
            return False
        named = self.names.event(fact.name)
        return named == event or self.names.is_a(fact.name, event) or (event == "symptom onset" and named in _ONSETS)

    def moment(self, tick: int | None, *, by_clock: bool) -> Moment | None:
        """Return the moment of a tick."""
        return None if tick is None else moment_at(tick, by_clock=by_clock, clock=self.clock)

    def later(self, moment: Moment, sign: int) -> Moment | None:
        """Return the next moment as precise as this one (*sign* 1), or the last before it (-1)."""
        by_clock = moment.to_the_minute
        tick = moment.period(by_clock=by_clock, clock=self.clock).first + sign
        return self.moment(tick, by_clock=by_clock)


def is_now(window: Window | None, names: Names) -> bool:
    """Return whether a window is the moment of screening and nothing else: "currently"."""
    if window is None or window.within is not None or window.at_least is not None:
        return False
    return window.side in (None, "around") and names.event(window.anchor) in NOW


class Opening:
    """A window that is asked of the facts of one patient."""

    def __init__(self, window: Window, seen: Seen) -> None:
        self.seen = seen
        self.within, self.least = _lengths(window)
        self.by_clock = any(one is not None and one.by_clock for one in (self.within, self.least))
        self.is_now = seen.names.event(window.anchor) in (None, *NOW)
        lengths = self.within is not None or self.least is not None
        self.side = window.side or ("around" if window.anchor and not lengths else "before")
        if not lengths and self.side != "around":
            self.by_clock = True  # before or after an event is to the minute; "at" one is on its day
        self.point, self.evidence = seen.anchor(window.anchor, by_clock=self.by_clock)

    @property
    def ahead(self) -> bool:
        """Whether the window lies in the future, of which no record is complete."""
        return self.is_now and self.side in ("after", "around")

    def lies(self, fact: Fact) -> Lie:
        """Return whether a fact lies in the window."""
        if self.point is None:
            return Lie(None)
        times = self.seen.times(fact, by_clock=self.by_clock)
        if self.side == "before":
            return self._before(fact, times, self.point)
        if self.side == "after":
            return Lie(all_(self._after(times, self.point)))
        return Lie(self._around(times, self.point))

    def _before(self, fact: Fact, times: Times, point: Period) -> Lie:
        # What the record states, plans aside, has begun by the time at which the patient is seen.
        past = self.is_now and fact.assertion != "planned"
        truths = [] if past else [times.start.at_most(point)]
        true_from = true_until = None
        recent = False
        if self.within is not None:
            truths.append(self.within.move(point, -1, by_clock=self.by_clock).at_most(times.end))
            if past and times.end.exact and abs(times.end.last) < EVER:
                true_until = self.within.shift(times.end.last, 1, by_clock=self.by_clock)
        if self.least is not None:
            # A condition is dated by its beginning; where the record does not end it, that is its time.
            end = times.start if fact.kind == "condition" and fact.until is None else times.end
            truths.append(end.at_most(self.least.move(point, -1, by_clock=self.by_clock)))
            recent = truths[-1] is False
            if past and end.exact and abs(end.last) < EVER:
                true_from = self.least.shift(end.last, 1, by_clock=self.by_clock)
        if true_from is not None and true_until is not None and true_from > true_until:
            true_from = true_until = None  # crossed lengths: nothing ever lies there
        return Lie(all_(truths), recent, true_from, true_until)

    def _after(self, times: Times, point: Period) -> Iterable[bool | None]:
        if self.least is not None:
            yield self.least.move(point, 1, by_clock=self.by_clock).at_most(times.start)
        if self.within is not None:
            yield times.start.at_most(self.within.move(point, 1, by_clock=self.by_clock))
            yield point.at_most(times.end)
        elif self.least is None:
            yield point.at_most(times.start)

    def _around(self, times: Times, point: Period) -> bool | None:
        if self.least is not None:
            return None
        if self.within is None:
            # "At admission" states no length: the same day is meant for certain, another day may be.
            same = all_((times.start.at_most(point), point.at_most(times.end)))
            return True if same is True else None
        early = self.within.move(point, -1, by_clock=self.by_clock)
        late = self.within.move(point, 1, by_clock=self.by_clock)
        return all_((early.at_most(times.end), times.start.at_most(late)))

    def covered(self, fact: Fact, *, ever: bool) -> bool | None:
        """Return whether a statement of absence speaks of the whole window; with *ever*, of all time before it."""
        times = self.seen.times(fact, by_clock=self.by_clock)
        now = self.seen.now(by_clock=self.by_clock)
        # What is undated is said as of now.
        stated = now if fact.when is None else times.start if fact.until is None else times.end
        if self.is_now and self.side == "around" and self.within is None and self.least is None:
            return True if fact.when is None else now.at_most(stated)
        if ever and not self.ahead and (self.point is None or self.side != "before"):
            return True if fact.when is None else now.at_most(stated)
        if self.point is None or self.side != "before" or (self.least is not None and not ever):
            return None
        reaches = True if self.is_now and fact.when is None else self.point.at_most(stated)
        if ever:
            return reaches
        if self.within is None or fact.when is None:
            return None
        begins = self.within.move(self.point, -1, by_clock=self.by_clock)
        return all_((reaches, times.start.at_most(begins)))


def _lengths(window: Window) -> tuple[Duration | None, Duration | None]:
    within, least = window.within, window.at_least
    return None if within is None else parse_duration(within), None if least is None else parse_duration(least)


def _clock(at: Moment, patient: Patient) -> int:
    stated = (at, *(fact.when for fact in patient.facts if fact.when is not None))
    return next((moment.offset for moment in stated if moment.offset is not None), 0)
