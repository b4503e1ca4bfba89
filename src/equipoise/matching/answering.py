"""
The answers of every distinct predicate for one patient.

Most predicates are about something of which no fact speaks: they are unknown, or by the silence of a complete list not
met, and are answered by their columns. The others are brought to classes that the reference evaluator cannot tell
apart, and it answers one of each; limits on results are compared by column (`equipoise.matching.limits`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from equipoise.matching.index import NEEDS, Group, RuleIndex
from equipoise.matching.lasting import Lasting
from equipoise.matching.limits import answer_limits
from equipoise.matching.presences import Outcomes, Presences, coded
from equipoise.matching.related import Relations, Signs, class_numbers
from equipoise.matching.trees import FAILS, HOLDS, NEVER, PERSON, UNKNOWN, moment_code
from equipoise.records.moments import Moment, duration_of
from equipoise.records.patient import Fact
from equipoise.rules.answer import Answer
from equipoise.rules.evaluate import answer_rule
from equipoise.rules.nodes import KINDS, OPS, TAKEN_OR_DONE, Rule
from equipoise.rules.people import belongs, is_any_therapy
from equipoise.rules.seen import Seen
from equipoise.rules.spoken import ONSETS
from equipoise.terms.spelling import normal

Array = npt.NDArray[Any]

HAD = ("condition", "drug", "procedure")
LASTING = (*HAD, "duration", "event_time")

_PRESENT, _ABSENT = OPS.index("present"), OPS.index("absent")
_AT_MOST = (OPS.index("<"), OPS.index("<="))
_AT_LEAST = (OPS.index(">"), OPS.index(">="))

Outcome = tuple[bool | None, Moment | None, Moment | None]


class Answering:
    """One patient to whom all predicates are put, and what has come of it so far."""

    def __init__(self, index: RuleIndex, seen: Seen) -> None:
        self.index, self.seen = index, seen
        self.relations = Relations(index, seen)
        self.answers = index.defaults.copy()
        self._turning: list[tuple[Array, Array, Array]] = []
        self._spoken_to = np.zeros(len(self.answers), bool)
        self._lessened: dict[frozenset[str], Seen] = {}
        self._rules: dict[int, Rule] = {}
        texts = {text for fact in seen.known for text in (fact.name, *fact.qualifier)}
        texts |= {fact.value for fact in seen.known if isinstance(fact.value, str)}
        self.qualifiers = index.qualifiers.told_by(texts)
        self.presences = Presences(index, seen, self.qualifiers)
        events, names = self._events()
        self.known_windows = index.windows.anchors.known(events, names)
        self.windows = index.windows.told_by(self.known_windows)
        self._starts, self._ends = (one.known(events, names) for one in (index.starts, index.ends))
        self.people = self._people()

    def _events(self) -> tuple[set[str | None], set[str | None]]:
        """Return the events of which the record says when they were, by their names and those of their classes."""
        events: set[str | None] = set()
        names: set[str | None] = set()
        for fact in self.seen.events:
            name = self.seen.names.canonical(fact.name)
            events.add(self.seen.names.event(fact.name))
            names.update((name, *self.seen.names.above(name)))
        if not events.isdisjoint(ONSETS):
            events.add("symptom onset")
        return events, names

    def _people(self) -> Array:
        """Return for each population whether the record states that the patient belongs to it."""
        if not self.seen.people:
            nobody: Array = np.arange(len(self.index.words["population"])) == 0
            return nobody
        words = self.index.words["population"]
        return np.array([not place or belongs(word, self.seen)[0] is True for place, word in enumerate(words)], bool)

    def _of_kind(self, *kinds: str) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.seen.known if fact.kind in kinds)

    # Writing answers

    def turning(self) -> tuple[Array, Array, Array]:
        """Return the predicates whose answers turn, from when and until when each holds."""
        none = np.zeros(0, np.int64)
        numbers, begins, ends = zip(*self._turning, strict=True) if self._turning else ([none], [none], [none])
        return np.concatenate(numbers), np.concatenate(begins), np.concatenate(ends)

    def _each(self, numbers: Array, columns: Sequence[Array], ask: Callable[[int], Outcome]) -> None:
        """Ask one of the predicates that are the same in all *columns*; *ask* is given its place."""
        if not len(numbers):
            return
        classes, places = class_numbers(*columns)
        told = [ask(place) for place in places.tolist()]
        made = np.array([(coded(holds), moment_code(begin), moment_code(end)) for holds, begin, end in told], np.int64)
        self._write(numbers, classes, Outcomes(*made.T))

    def _write(self, numbers: Array, classes: Array, made: Outcomes) -> None:
        """Write what became of each class for the predicates that are of it."""
        self.answers[numbers] = made.holds[classes]
        self._spoken_to[numbers] = True
        turning = np.flatnonzero(((made.true_from != NEVER) | (made.true_until != NEVER))[classes])
        if len(turning):
            which = classes[turning]
            self._turning.append((numbers[turning], made.true_from[which], made.true_until[which]))

    def _reference(self, number: int, seen: Seen) -> Outcome:
        answer = answer_rule(self.index.predicate(number, limited=False), seen)
        return answer.holds, answer.true_from, answer.true_until

    # Exceptions

    def rest(self, number: int, stated: int, exception: int) -> int | None:
        """Return the answer to a rule by what its exception, which takes something out of it, leaves; None for none."""
        if stated != HOLDS:
            return stated if self.index.of_one_kind(number) else None
        if not self.index.takes_out(number):
            kinds = self.index.of_one_kind(number)
            return self._left_open(number) if exception == HOLDS and kinds and kinds <= TAKEN_OR_DONE else None
        _, _, (rule, excepted, *_) = self.index.trees.node(number)
        if self._unspoken(excepted):
            return HOLDS
        taken = frozenset(self._told(excepted, frozenset()).evidence)
        answer = self._told(rule, taken)
        if answer.holds is False or (answer.holds is None and not answer.evidence):
            return None
        begin, end = (np.array([moment_code(one)]) for one in (answer.true_from, answer.true_until))
        self._turning.append((np.array([number]), begin, end))
        return HOLDS if answer.holds else UNKNOWN

    def _left_open(self, number: int) -> int | None:
        """Return whether a drug or procedure is known that may make the rule hold beside the one that is excepted."""
        _, _, (rule, excepted, *_) = self.index.trees.node(number)
        answer = self._told(rule, frozenset(self._told(excepted, frozenset()).evidence))
        return UNKNOWN if answer.holds is True or (answer.holds is None and answer.evidence) else None

    def _unspoken(self, number: int) -> bool:
        """Return whether no fact says anything of a rule, so that nothing can be taken out by it."""
        if number >= len(self.answers):
            return all(map(self._unspoken, self.index.trees.node(number)[2]))
        window, anchors = int(self.index.leaves["window"][number]), self.index.windows.anchors
        dated = self.known_windows[window] and not anchors.is_now[window]
        silent = not self._spoken_to[number] and not dated
        return number < 2 or (silent and KINDS[self.index.leaves["kind"][number]] in HAD)

    def _told(self, number: int, taken: frozenset[str]) -> Answer:
        """Return the reference's answer to a rule without what is *taken* out: each predicate is put to it once."""
        return answer_rule(self.index.rule(number, self._rules), self._without(taken))

    def _without(self, taken: frozenset[str]) -> Seen:
        found = self._lessened.get(taken)
        if found is None:
            found = self._lessened[taken] = self.seen.without(taken) if taken else self.seen
        return found

    # Kinds of predicates

    def answer_all(self) -> None:
        """Answer every predicate."""
        groups = self.index.groups
        relations = self.relations
        had = relations.signs(
            (*HAD, "event_time"), relations.answered, relations.denied, relations.same, relations.behind
        )
        self._presence(groups["had"], had)
        allergies = relations.signs(("allergy",), relations.answered, relations.denied, relations.same)
        self._presence(groups["allergy"], allergies)
        self._presence(groups["variant"], relations.signs(("variant",), relations.of_gene))
        results = relations.signs(("measurement",), relations.measured, relations.denied)
        self._presence(groups["result"], results)
        answer_limits(self, groups["limit"], relations.signs(("measurement",), relations.measured))
        self._durations(groups["duration"])
        self._elapsed(groups["event_time"])
        self._lines(groups["prior_lines"])
        self._demographics(groups["demographic"])
        group = groups["administrative"]
        self.answers[group.numbers[self.people[group["population"]]]] = PERSON

    def belongs(self, group: Group) -> Array:
        """Return of which predicates the patient is one for whom they hold."""
        return self.people[group["population"]]

    def _presence(self, group: Group, signs: Signs) -> None:
        sign = signs.of[group["concept"]]
        here = self.belongs(group)
        silent = np.zeros(len(sign), bool)
        for kind in np.unique(group["kind"]).tolist():
            if KINDS[kind] in self.seen.complete:
                silent |= (group["kind"] == kind) & self._silent(group, KINDS[kind])
        op = group["op"]
        quiet = np.flatnonzero(here & silent & ~np.isin(op, _AT_MOST))
        self.answers[group.numbers[quiet]] = np.where(op[quiet] == _ABSENT, HOLDS, FAILS)
        touched, own = self._touched(group, here, sign)
        valued = signs.having(self.presences.valued)[sign[touched]]
        own, op = self._own(group, touched, own, valued)
        columns = [sign[touched], own, op, silent[touched]]
        columns += [group[name][touched] for name in ("kind", "which", "alteration")]
        columns += [self.windows[group["window"][touched]], self.qualifiers[group["qualifier"][touched]]]
        if len(touched):
            classes, places = class_numbers(*columns)
            rows = touched[places]
            self._write(group.numbers[touched], classes, self.presences.outcomes(group, rows, signs, silent[rows]))

    def _touched(self, group: Group, here: Array, sign: Array) -> tuple[Array, Array]:
        """Return the predicates of which facts speak; and of those that other facts may exclude, which they are."""
        excludable = self.index.concepts.excludable[group["concept"]]
        touched = np.flatnonzero(here & ((sign > 0) | excludable))
        # What excludes these may depend on each of their qualifiers, whatever the record says of them.
        asked = group["concept"][touched] * len(self.index.qualifiers.sets) + group["qualifier"][touched]
        return touched, np.where(excludable[touched], -2 - asked, -1)

    def _own(self, group: Group, touched: Array, own: Array, valued: Array) -> tuple[Array, Array]:
        """Return which of the touched predicates stand for themselves alone, and how operators are told apart."""
        op = group["op"][touched]
        dosed = np.isin(op, (_PRESENT, _ABSENT), invert=True)
        # A dose is compared under the concept's own name, in its own unit; a variant is read by its gene's.
        alone = (dosed & valued) | (group is self.index.groups["variant"])
        # Where no fact states a dose, all that matters is whether none would do.
        alike = np.where(np.isin(op, _AT_MOST), _AT_MOST[0], _AT_LEAST[0])
        return np.where(alone, group.numbers[touched], own), np.where(dosed & ~alone, alike, op)

    def _silent(self, group: Group, kind: str) -> Array:
        """Return for which predicates the record, whose list of the kind is complete, says by silence that none is."""
        windows = self.index.windows
        ahead = windows.ahead & ~windows.current if kind in ("condition", "drug") else windows.ahead
        placed = (self.known_windows & ~ahead)[group["window"]]
        asked = self.index.qualifiers.asks_what_is[group["qualifier"]]
        listed = self._silent_concepts(kind)[group["concept"]] if kind in (*HAD, "allergy") else True
        silent: Array = placed & asked & listed
        return silent

    def _silent_concepts(self, kind: str) -> Array:
        listing = self.seen.listing(kind)
        said = [need is not None and bool(getattr(listing, need)) for need in NEEDS]
        silent = np.array(said, bool)[self.index.concepts.needs]
        return silent & (~self.index.concepts.of_study | listing.empty) if kind == "allergy" else silent

    def _durations(self, group: Group) -> None:
        relations = self.relations
        signs = relations.signs(LASTING, relations.answered, relations.denied, relations.lasting, relations.behind)
        sign = signs.of[group["concept"]]
        here = self.belongs(group)
        silent = np.zeros(len(sign), bool)
        if "condition" in self.seen.complete:
            asked = self.index.qualifiers.asks_what_is[group["qualifier"]] & self._measured(group)
            silent = asked & self._silent_concepts("condition")[group["concept"]] & np.isin(group["op"], _AT_LEAST)
        self.answers[group.numbers[here & silent]] = FAILS
        touched, own = self._touched(group, here, sign)
        lasting = Lasting(self, group, touched, signs)
        spans = lasting.any & lasting.limited & ~lasting.stated
        if spans.any():
            self._write(group.numbers[touched[spans]], np.arange(np.count_nonzero(spans)), lasting.outcomes(spans))
        # What is left: lengths that are stated, each compared by itself, and what does not last, whatever the limit.
        limits = [np.where(lasting.stated, group[name][touched], 0) for name in ("value", "upper", "unit", "text")]
        columns = [sign[touched], own, group["op"][touched], *limits, lasting.limited]
        columns += [self.qualifiers[group["qualifier"][touched]], silent[touched]]
        rest = touched[~spans]
        self._each(
            group.numbers[rest],
            [one[~spans] for one in columns],
            lambda place: self._reference(
                int(group.numbers[rest[place]]), self.seen.about(signs.facts(int(sign[rest[place]])))
            ),
        )

    def _measured(self, group: Group) -> Array:
        """Return which durations state a length, and no window."""
        units = self.index.words["unit"]
        timed = np.array([duration_of(1, unit) is not None for unit in units], bool)
        measured: Array = timed[group["unit"]] & (group["value"] >= 0) & (group["window"] == 0)
        return measured

    def _elapsed(self, group: Group) -> None:
        told = self.belongs(group) & (group["from"] > 0) & self._starts[group["from"]]
        told &= (group["window"] == 0) & (group["qualifier"] == 0)
        touched = np.flatnonzero(told)
        ends = np.where(self._ends[group["to"]], group["to"], -1)[touched]
        columns = [group[name][touched] for name in ("from", "op", "value", "upper", "unit", "text")]
        numbers = group.numbers[touched]
        self._each(numbers, [ends, *columns], lambda place: self._reference(int(numbers[place]), self.seen))

    def _lines(self, group: Group) -> None:
        facts = self._of_kind("prior_lines")
        relations = self.relations
        signs = relations.signs(("prior_lines",), relations.answered, relations.denied, relations.same)
        sign = signs.of[group["concept"]]
        every = "prior_lines" in self.seen.complete or any(one.concept is None or is_any_therapy(one) for one in facts)
        spoken = (sign > 0) | every | ((group["concept"] == 0) & bool(facts))
        self.answers[group.numbers[~self.belongs(group)]] = UNKNOWN
        touched = np.flatnonzero(self.belongs(group) & spoken)
        columns = [group[name][touched] for name in ("op", "value", "upper", "text", "concept")]
        windows, qualifiers = group["window"][touched], group["qualifier"][touched]
        numbers = group.numbers[touched]
        seen = self.seen.about(facts)
        self._each(numbers, [*columns, windows, qualifiers], lambda place: self._reference(int(numbers[place]), seen))

    def _demographics(self, group: Group) -> None:
        facts = self._of_kind("demographic")
        named = {normal(fact.name) for fact in facts}
        if named & {"age", "born"}:
            named |= {"age"}
        asked = np.zeros(len(self.index.concepts.refs), bool)
        asked[[number for name in named for number in self.index.concepts.by_demographic.get(name, ())]] = True
        plain = (group["qualifier"] == 0) & (group["window"] == 0)
        touched = np.flatnonzero(self.belongs(group) & plain & asked[group["concept"]])
        places = self.index.ages.places[touched]
        aged = places >= 0
        if aged.any():
            self._write(group.numbers[touched[aged]], places[aged], Outcomes(*self.index.ages.outcomes(self.seen)))
        touched = touched[~aged]
        columns = [group[name][touched] for name in ("concept", "op", "value", "upper", "unit", "text")]
        numbers = group.numbers[touched]
        seen = self.seen.about(facts)
        self._each(numbers, columns, lambda place: self._reference(int(numbers[place]), seen))
