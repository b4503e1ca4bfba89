"""
A patient as seen at a moment: which facts are known then, when each was so, and whether that lies in a window.

What the record dates after the moment is not known yet, except plans. A fact without a zone is on the clock of
the moment; where that has none either, on the clock of the first fact that has one, or of Greenwich.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable
from itertools import chain
from typing import Any, TypeVar

import msgspec

from equipoise.records.moments import EVER, Duration, Moment, Period, moment_at, parse_duration
from equipoise.records.patient import Fact, Patient
from equipoise.rules.answer import Answer
from equipoise.rules.names import Listing, Names
from equipoise.rules.nodes import ConceptRef, Rule, Window
from equipoise.rules.spoken import Called, Spoken
from equipoise.rules.stays import LONGEST, RUNNING, is_care, is_momentary, is_needed, is_stay
from equipoise.rules.truth import all_
from equipoise.terms.lexicon import Lexicon
from equipoise.terms.spelling import normal

Found = TypeVar("Found")
# The moments that screening itself is: the patient is seen at them.
NOW = frozenset({"screening", "enrollment", "baseline", "randomization", "study entry"})
# They have happened when they are dated; the others begin then, and go on until they end.
_HAPPEN = frozenset({"measurement", "procedure", "variant", "event_time", "prior_lines", "demographic"})
# A measurement or a statement on age is not an event, whatever its name.
_NO_EVENTS = frozenset({"measurement", "demographic", "allergy", "variant", "prior_lines", "duration"})


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
    """
    The facts that are known at the moment at which a patient is seen, and the clock on which they are read.

    ``known`` is all of them; ``facts`` are those to which a rule is put, the same unless `about` narrows them.
    ``events`` say when something happened, ``people`` what sex or race the patient is, ``ages`` how old.
    """

    def __init__(self, patient: Patient, at: Moment, lexicon: Lexicon) -> None:
        self.names = Names(lexicon)
        self.complete = patient.complete
        self.clock = _clock(at, patient)
        self.at = at
        self._nows = {by_clock: at.period(by_clock=by_clock, clock=self.clock) for by_clock in (True, False)}
        self._times: dict[tuple[str, bool], Times] = {}
        self._know(tuple(fact for fact in patient.facts if fact.assertion == "planned" or self._is_known(fact)))
        self.facts = self.known

    def _know(self, known: tuple[Fact, ...]) -> None:
        """Take these facts as all that is known; what many rules ask of them is worked out once."""
        self.known = known
        told = [fact for fact in known if fact.assertion in ("present", "historical")]
        self.events = [fact for fact in told if fact.kind not in _NO_EVENTS]
        self.people = [fact for fact in told if fact.kind == "demographic" and isinstance(fact.value, str)]
        self.ages = [
            fact
            for fact in known
            if fact.kind == "demographic" and fact.assertion == "present" and normal(fact.name) in ("age", "born")
        ]
        self._anchors: dict[tuple[str, bool], tuple[Period | None, tuple[str, ...]]] = {}
        self._openings: dict[Window, Opening] = {}
        self._listings: dict[str, Listing] = {}
        self._births: dict[bool, Period | None] = {}
        self._called: Called | None = None
        self._speaking: dict[Hashable, tuple[Fact, ...]] = {}
        self._spoken: Spoken | None = None
        # Of what record this is a part, and without which facts.
        self._wider: Seen | None = None
        self._lacking: Container[str] = ()
        self._once: dict[Hashable, Any] = {}
        self._answers: dict[int, tuple[Rule, Answer]] = {}

    def about(self, facts: Iterable[Fact]) -> Seen:
        """Return the same patient for rules to which only some of the facts can speak."""
        narrow = object.__new__(Seen)
        narrow.__dict__ = {**self.__dict__, "facts": tuple(facts)}
        return narrow

    def without(self, facts: Container[str]) -> Seen:
        """Return the patient as seen without the facts of these ids."""
        other = object.__new__(Seen)
        other.__dict__ = {**self.__dict__}
        other._know(tuple(fact for fact in self.known if fact.id not in facts))
        other._wider, other._lacking = self, facts
        narrow = self.facts is not self.known
        other.facts = tuple(fact for fact in self.facts if fact.id not in facts) if narrow else other.known
        return other

    def speaking(
        self, key: Hashable, speaks: Callable[[Fact], bool], concept: ConceptRef | None = None
    ) -> tuple[Fact, ...]:
        """
        Return the facts that speak of something; which they are is asked once for all questions with this key.

        *speaks* may look at a fact's kind, name, codes, qualifiers and assertion. Where a *concept* is given, only
        those that may speak of it are asked.
        """
        if self.facts is not self.known:
            return tuple(filter(speaks, self.facts))
        if key not in self._speaking:
            self._speaking[key] = self._found(key, speaks, concept)
        return self._speaking[key]

    def _found(self, key: Hashable, speaks: Callable[[Fact], bool], concept: ConceptRef | None) -> tuple[Fact, ...]:
        if self._wider is not None:
            found = self._wider.speaking(key, speaks, concept)
            return tuple(fact for fact in found if fact.id not in self._lacking)
        if self._spoken is None:
            self._spoken = Spoken(self.known, self.names)
        groups = self._spoken.groups if concept is None else self._spoken.of(concept)
        places = chain.from_iterable(group for group in groups if speaks(self.known[group[0]]))
        return tuple(self.known[place] for place in sorted(places))

    def once(self, name: Hashable, work: Callable[[], Found]) -> Found:
        """Return what *work* finds in all that is known the first time, by a name of its own."""
        if name not in self._once:
            self._once[name] = work()
        found: Found = self._once[name]
        return found

    def answer(self, rule: Rule, work: Callable[[Rule, Seen], Answer]) -> Answer:
        """Return the answer to a rule, which *work* works out; the same rule, put again, is not worked out again."""
        if self.facts is not self.known:
            return work(rule, self)
        found = self._answers.get(id(rule))
        if found is None:
            # With the rule, so that no other can get its number while this patient is looked at.
            found = self._answers[id(rule)] = (rule, work(rule, self))
        return found[1]

    def opening(self, window: Window) -> Opening:
        """Return a window as it lies for this patient."""
        found = self._openings.get(window)
        if found is None:
            found = self._openings[window] = Opening(window, self)
        return found

    def born(self, *, by_clock: bool, work: Callable[[], Period | None]) -> Period | None:
        """Return when the patient was born; *work* works it out the first time."""
        if by_clock not in self._births:
            self._births[by_clock] = work()
        return self._births[by_clock]

    def listing(self, kind: str) -> Listing:
        """Return what matters of the record's list of a kind for what it does not name."""
        found = self._listings.get(kind)
        if found is None:
            stated = [fact for fact in self.known if fact.kind == kind and fact.assertion not in ("absent", "family")]
            found = self._listings[kind] = self.names.listing(stated)
        return found

    def silent(self, kind: str, concept: ConceptRef) -> bool:
        """Return whether the record's list of a kind, where it is complete, says by silence that there is no such."""
        return self.names.absent_by_silence(concept, self.listing(kind), of_allergies=kind == "allergy")

    def _is_known(self, fact: Fact) -> bool:
        now = self.now(by_clock=True).last
        return fact.when is None or fact.when.period(by_clock=True, clock=self.clock).first <= now

    def now(self, *, by_clock: bool) -> Period:
        """Return the moment at which the patient is seen."""
        return self._nows[by_clock]

    def times(self, fact: Fact, *, by_clock: bool) -> Times:
        """Return when a fact began and ended; a record that ends it before it began says neither."""
        found = self._times.get((fact.id, by_clock))
        if found is None:
            found = self._times[fact.id, by_clock] = self._timed(fact, by_clock=by_clock)
        return found

    def _timed(self, fact: Fact, *, by_clock: bool) -> Times:
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
        if fact.assertion == "present" and not RUNNING.isdisjoint(map(normal, fact.qualifier)):
            return Period(now.first, EVER)
        if self._momentary(fact):
            return start
        return Period(-EVER, EVER)

    def _momentary(self, fact: Fact) -> bool:
        return fact.when is not None and is_momentary(fact.name, self.names)

    def long_ago(self, fact: Fact) -> bool:
        """Return whether a fact that is over when it has been was so long ago that it is none of now."""
        then, now = self.times(fact, by_clock=False).start, self.now(by_clock=False)
        return fact.kind not in _HAPPEN and self._momentary(fact) and then.last + LONGEST < now.first

    def ended(self, fact: Fact) -> bool | None:
        """Return whether a fact's stated end is past; one without an end has not been said to end."""
        if fact.until is None:
            return False
        by_clock = fact.until.to_the_minute
        return fact.until.period(by_clock=by_clock, clock=self.clock).below(self.now(by_clock=by_clock))

    def is_past_stay(self, fact: Fact) -> bool:
        """Return whether a fact is a stay, or care that lasts, that is over as far as the record says."""
        if fact.kind != "procedure":
            return False
        over = fact.assertion == "historical" or self.ended(fact) is True
        if over or fact.assertion != "present" or fact.when is None:
            return over and (is_stay(fact.name, self.names) or is_care(fact.name, self.names))
        if self.times(fact, by_clock=False).start.last + LONGEST >= self.now(by_clock=False).first:
            return False
        needed = RUNNING.isdisjoint(map(normal, fact.qualifier)) and is_needed(fact.name, self.names)
        return needed or is_stay(fact.name, self.names)

    def anchor(self, name: str | None, *, by_clock: bool) -> tuple[Period | None, tuple[str, ...]]:
        """
        Return when an event was, and the facts that say so; None where no fact does.

        The latest counts where there are several.
        """
        event = self.names.event(name)
        if event is None or event in NOW:
            return self.now(by_clock=by_clock), ()
        found = self._anchors.get((event, by_clock))
        if found is None:
            found = self._anchors[event, by_clock] = self._happened(event, by_clock=by_clock)
        return found

    def _happened(self, event: str, *, by_clock: bool) -> tuple[Period | None, tuple[str, ...]]:
        if self._called is None:
            self._called = Called(self.events, self.names)
        names = self._called.by(event)
        facts = [fact for fact in self.events if fact.name in names]
        starts = [self.times(fact, by_clock=by_clock).start for fact in facts]
        if not starts:
            return None, ()
        latest = Period(max(one.first for one in starts), max(one.last for one in starts))
        return latest, tuple(fact.id for fact in facts)

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
        self._lies: dict[str, Lie] = {}

    @property
    def ahead(self) -> bool:
        """Whether the window lies in the future, of which no record is complete."""
        return self.is_now and self.side in ("after", "around")

    def lies(self, fact: Fact) -> Lie:
        """Return whether a fact lies in the window."""
        found = self._lies.get(fact.id)
        if found is None:
            found = self._lies[fact.id] = self._lie(fact)
        return found

    def _lie(self, fact: Fact) -> Lie:
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
