"""
Elapsed time between two events, and how long something has lasted.

::

    elapsed  = span ("from" | "between" | "since") event ("to" | "and" | "until") event filler* length
             | length ("passed" | "elapsed")? ("from" | "between" | "since") event ("to" | "and" | "until") event
             | event filler* time                      # "symptom onset within 6 hours before randomization"
             | event filler* length ("since" | "after") event
    span     = "time" | "interval" | "delay" …
    duration = "duration" "of" name filler* length | name "duration" filler* length
    length   = comparison in a unit of time | "within" count unit
"""

from __future__ import annotations

from equipoise.criteria.anchors import STUDY_MOMENTS, TimePhrase
from equipoise.criteria.context import Context, reference
from equipoise.criteria.kinds import AHEAD
from equipoise.criteria.limits import Comparison, tidy
from equipoise.criteria.measures import Measure
from equipoise.criteria.times import UNITS, TimeReader
from equipoise.rules.nodes import ConceptRef, Predicate
from equipoise.terms.cues import word_set
from equipoise.terms.lexicon import Concept

SPANS = frozenset(("delay", "duration", "interval", "period", "time", "window"))
# Words with which a length that something has lasted may begin.
LASTING = frozenset(("disease", "duration", "illness", "symptom", "symptoms"))
_FILLERS = word_set("events.fillers")
_TIME_UNITS = frozenset(UNITS.values())
_PASSED = frozenset(("elapsed", "has", "have", "having", "interval", "must", "passed", "should", "time"))
_ENDS = frozenset(("to", "and", "until", "till", "-"))
# A planned event is still to come: no time has passed since it.
_RELATIONS = frozenset(("after", "before", "following", "from", "of", "post", "pre", "preceding", "prior", "since"))
# What happens at a moment and does not last.
_MOMENTARY = frozenset(("arrival", "diagnosis", "discharge", "onset", "randomization", "start", "time"))


class EventReader:
    """Reads the elapsed times and durations of one criterion."""

    def __init__(self, context: Context, times: TimeReader) -> None:
        self.context = context
        self.times = times

    def elapsed(self, at: int) -> Measure | None:
        """Return the elapsed time that begins with "time from", "interval between" … at a token."""
        context, place = self.context, at + 1
        if context.norm(at) not in SPANS:
            return None
        while context.norm(place) in ("interval", "elapsed", "window", "delay", "period", "lapse"):
            place += 1
        if context.norm(place) not in ("from", "between", "since"):
            return None
        first = self._event(place + 1)
        if first is None:
            return None
        last = self._event(first[1] + 1) if context.norm(first[1]) in _ENDS else None
        end = first[1] if last is None else last[1]
        found = self._length(end)
        if found is None:
            return None
        limit, end = found
        to = "screening" if last is None else last[0]
        return Measure(
            self._predicate(first[0], to, limit, (context.tokens[at].start, context.tokens[end - 1].end)), at, end
        )

    def passed(self, at: int) -> Measure | None:
        """Return the elapsed time that a length at a token and two events behind it state."""
        context, limit = self.context, self.context.comparison(at)
        if limit is None or limit.unit not in _TIME_UNITS:
            return None
        place = limit.end
        while context.norm(place) in _PASSED:
            place += 1
        if context.norm(place) not in ("from", "between", "since"):
            return None
        first = self._event(place + 1, known=True)
        if first is None or context.norm(first[1]) not in _ENDS:
            return None
        last = self._event(first[1] + 1, known=True)
        if last is None:
            return None
        span = (context.tokens[at].start, context.tokens[last[1] - 1].end)
        return Measure(self._predicate(first[0], last[0], limit, span), at, last[1])

    def after_event(self, at: int, name: str, end: int) -> Measure | None:
        """Return the elapsed time that an event and a time behind it state."""
        context, place = self.context, end
        if self._is_of_age(at):
            return None  # "age at diagnosis below 40 years"
        while place < len(context.tokens) and place - end < 6:
            time = self.times.at(place)
            if time is not None and time.mode != "when":
                return self._at_time(at, name, end, time)
            found = context.comparison(place)
            if found is not None and any(context.norm(at) in ("age", "aged") for at in range(place, found.end)):
                return None  # "onset of symptoms prior to age 40"
            if found is not None and found.unit in _TIME_UNITS:
                if context.norm(found.end) in _RELATIONS or self._is_planned(at, end):
                    return None
                span = (context.tokens[at].start, found.span[1])
                return Measure(self._predicate(name, "screening", found, span), at, found.end)
            if context.norm(place) not in _FILLERS:
                return None
            place += 1
        return None

    def _at_time(self, at: int, name: str, end: int, time: TimePhrase) -> Measure | None:
        """Return what the event at the tokens *at* to *end* and the time behind it state together."""
        lasts = time.mode == "for" and not any(word in _MOMENTARY for word in name.split())
        span, last = (self.context.tokens[at].start, time.span[1]), time.end
        limit = Comparison(
            time.op if time.mode in ("for", "since") else time.sign, time.value, None, time.unit, None, last, time.span
        )
        if lasts:
            return Measure(self.lasted(ConceptRef(name, span=self.context.span(at, end)), limit, span), at, last)
        if time.anchor is None and (time.next or self._is_planned(at, end)):
            return None
        start, stop = name, time.anchor or "screening"
        if time.mode == "since":
            anchor = self._event(time.end)
            if anchor is None:
                return None
            start, stop, last = anchor[0], name, anchor[1]
            span = (span[0], self.context.tokens[last - 1].end)
        elif time.anchor and not time.next and (time.side == "after" or self._is_joining(time.side, name)):
            start, stop = time.anchor, name
        return Measure(self._predicate(start, stop, limit, span), at, last)

    @staticmethod
    def _is_joining(side: str, name: str) -> bool:
        """Return whether an event is the joining of the study, which comes after what it is near: "of stroke"."""
        return side == "around" and (name in STUDY_MOMENTS or name == "surgical procedure time")

    def _is_of_age(self, at: int) -> bool:
        """Return whether the text speaks of the age at the event that begins at a token."""
        before = at - 1
        while self.context.norm(before) in ("at", "first", "initial", "of", "the", "time", "when"):
            before -= 1
        return before < at - 1 and self.context.norm(before) in ("age", "aged", "ages")

    def _is_planned(self, at: int, end: int) -> bool:
        return any(self.context.norm(place) in AHEAD for place in range(at - 1, end))

    def from_time(self, time: TimePhrase, at: int) -> Predicate:
        """Return the elapsed time that a window alone states: "within 24 hours of symptom onset"."""
        start, stop = (time.anchor or "screening", "screening")
        if time.side == "before":
            start, stop = "screening", time.anchor or "screening"
        limit = Comparison(time.sign, time.value, None, time.unit, None, time.end, time.span)
        return self._predicate(start, stop, limit, time.span)

    def duration(self, at: int) -> Measure | None:
        """Return how long something has lasted, where "duration of" or a name and "duration" stand at a token."""
        context = self.context
        if context.norm(at) == "duration" and context.norm(at + 1) == "of":
            place = at + 2
            while context.norm(place) in ("the", "their", "any", "current", "a", "at"):
                place += 1
            named = context.named(place) if place < len(context.tokens) else None
            if named is not None and isinstance(named[0], Concept) and not named[0].ambiguous:
                return self._lasting(at, named[0], place, named[1])
            if context.norm(place) in ("symptoms", "symptom", "disease", "illness"):
                return self._symptoms(at, place)
            return None
        if context.norm(at) in ("disease", "symptom", "symptoms", "illness") and context.norm(at + 1) == "duration":
            return self._symptoms(at, at, behind=at + 2)
        return None

    def _symptoms(self, first: int, at: int, *, behind: int | None = None) -> Measure | None:
        """Return how long the symptoms or the disease that the text is about have lasted."""
        context = self.context
        place = at + 1 if behind is None else behind
        if context.norm(place) == "of":  # "of such an infection": up to the limit, in the same clause
            while (
                place - at < 10
                and context.tokens[min(place, len(context.tokens) - 1)].kind == "w"
                and context.norm(place) not in ("is", "must")
            ):
                place += 1
        found = self._length(place)
        if found is None:
            return None
        limit, stop = found
        name = ConceptRef(
            "symptoms" if context.norm(at).startswith("symptom") else context.norm(at), span=context.span(at, at + 1)
        )
        rule = self.lasted(name, limit, context.span(first, stop))
        return Measure(rule, first, stop)

    def named_duration(self, at: int, concept: Concept, end: int) -> Measure | None:
        """Return the duration of the concept at the tokens *at* to *end*, where the word stands behind it."""
        if self.context.norm(end) not in ("duration", "lasting", "persisting", "lasted", "sustained"):
            return None
        return self._lasting(at, concept, at, end)

    def _lasting(self, first: int, concept: Concept, at: int, end: int) -> Measure | None:
        place = (
            end + 1 if self.context.norm(end) in ("duration", "lasting", "persisting", "lasted", "sustained") else end
        )
        found = self._length(place)
        if found is None:
            return None
        limit, stop = found
        name = reference(concept, self.context.span(at, end))
        rule = self.lasted(name, limit, (self.context.tokens[first].start, limit.span[1]))
        return Measure(rule, first, stop)

    def _event(self, at: int, *, known: bool = False) -> tuple[str, int] | None:
        """Return the event at a token: a known one, a concept, or, unless it must be *known*, the words up to "to"."""
        context = self.context
        while context.norm(at) in ("the", "a", "an", "their", "of", "initial", "first", "time"):
            at += 1
        if at >= len(context.tokens):
            return None
        listed = self.times.lexicon.longest_event(context.words, at)
        if listed is not None:
            return listed[0].name, at + listed[1]
        named = context.named(at)
        if named is not None and context.norm(named[1]) not in ("onset",):
            return named[0].name, named[1]
        if known:
            return None
        end = at
        while (
            end < len(context.tokens)
            and end - at < 7
            and context.tokens[end].kind == "w"
            and context.norm(end) not in (*_ENDS, "is", "within", "exceeding", "of")
        ):
            end += 1
        return (" ".join(token.norm for token in context.tokens[at:end]), end) if end > at else None

    def _length(self, at: int) -> tuple[Comparison, int] | None:
        context, begin = self.context, at
        while at < len(context.tokens) and at - begin < 8:
            limit = context.comparison(at)
            if limit is not None and limit.unit in _TIME_UNITS:
                if context.norm(at - 1) == "not" and limit.op in (">", "<"):
                    return None
                return limit, limit.end
            if context.norm(at) in ("within", "in", "of", "("):
                number = context.quantity(at + 1)
                if number is not None and number.unit in _TIME_UNITS:
                    within = Comparison(
                        "<=", number.value, None, number.unit, None, number.end, (context.tokens[at].start, number.stop)
                    )
                    return within, number.end
            if context.norm(at) not in _FILLERS:
                return None
            at += 1
        return None

    @staticmethod
    def lasted(name: ConceptRef, limit: Comparison, span: tuple[int, int]) -> Predicate:
        """Return the duration that a limit states of a name."""
        upper = None if limit.upper is None else tidy(limit.upper)
        return Predicate(
            kind="duration", concept=name, op=limit.op, value=tidy(limit.value), upper=upper, unit=limit.unit, span=span
        )

    @staticmethod
    def _predicate(start: str, stop: str, limit: Comparison, span: tuple[int, int]) -> Predicate:
        return Predicate(
            kind="event_time", from_=start, to=stop, op=limit.op, value=tidy(limit.value),
            upper=None if limit.upper is None else tidy(limit.upper), unit=limit.unit, span=span,
        )  # fmt: skip
