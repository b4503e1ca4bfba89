"""
Whether something is there, for predicates to which the same facts speak.

A long record has dozens of facts on one thing, and rules ask of it in a thousand windows. What each fact comes to under
some qualifiers, and in a window, is worked out once, by the reference evaluator, and so is how facts come together.
Which facts are weighed, and as what, is decided here as `equipoise.rules.presence.Presence` does; doses, variants,
allergies and tests are left to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import numpy.typing as npt

from equipoise.matching.index import Group, RuleIndex
from equipoise.records.moments import Moment
from equipoise.records.patient import Fact
from equipoise.rules.evaluate import answer_rule
from equipoise.rules.nodes import KINDS, OPS, ConceptRef, Predicate
from equipoise.rules.presence import FAMILY, Finding, Presence
from equipoise.rules.seen import Lie, Opening, Seen
from equipoise.rules.truth import all_, not_

Array = npt.NDArray[Any]
Outcome = tuple[bool | None, Moment | None, Moment | None]

# The ways in which a fact relates to a concept, in the order in which `Answering` asks for them.
ANSWERED, DENIED, SAME, BEHIND = 1, 2, 4, 8

_PRESENT, _ABSENT = OPS.index("present"), OPS.index("absent")
_CONDITION = KINDS.index("condition")
_ANYWHERE = Lie(True)
# What bringing together asks of a rule: that it names something, and which of its facts counts.
_LATEST = Predicate(kind="condition", concept=ConceptRef("anything"))
_ANY = msgspec.structs.replace(_LATEST, which="any")


class _Joined(Presence):
    """The reference's way to bring facts together, given what each of them comes to."""

    def __init__(self, seen: Seen, opening: Opening | None, *, any_counts: bool, silent: bool) -> None:
        self.rule = _ANY if any_counts else _LATEST
        self.seen, self.opening, self.wants = seen, opening, frozenset()
        self.findings, self.denials = [], []
        self._is_silent = silent

    def _complete(self) -> bool:
        return self._is_silent


class _Question(NamedTuple):
    """What a predicate asks: its number, what tells it from others, and its window."""

    number: int
    kind: int
    qualifier: int
    window: int
    shape: tuple[bool, ...]
    opening: Opening | None


class Quick:
    """Answers predicates on presence for one patient; those that are not *quick* all by the reference."""

    def __init__(self, index: RuleIndex, seen: Seen, qualifiers: Array, *, quick: bool) -> None:
        self._index, self._seen, self._qualifiers = index, seen, qualifiers
        self._quick = quick
        self._any = index.words["which"].index("any") if "any" in index.words["which"] else -1
        self._bases: dict[tuple[object, ...], tuple[bool | None, bool | None]] = {}
        self._denials: dict[tuple[object, ...], bool] = {}
        self._excluded: dict[tuple[object, ...], list[Fact]] = {}
        self._sorts: dict[str, object] = {}

    def outcome(self, group: Group, row: int, related: Sequence[tuple[Fact, int]], *, silent: bool) -> Outcome:
        """Return what becomes of the predicate in a row of its group, from when and until when."""
        number, op = int(group.numbers[row]), int(group["op"][row])
        if not self._quick or op not in (_PRESENT, _ABSENT):
            return self._reference(number, [fact for fact, _ in related])
        asked = self._question(group, row)
        joined = _Joined(self._seen, asked.opening, any_counts=int(group["which"][row]) == self._any, silent=silent)
        concept = int(group["concept"][row])
        if self._index.concepts.excludable[concept]:
            joined.denials += self._exclusions(concept, asked)
        for fact, ways in related:
            self._weigh(fact, ways, asked, joined)
        found = joined.outcome()
        return found if op == _PRESENT else self._opposite(*found)

    def _question(self, group: Group, row: int) -> _Question:
        kind, place = int(group["kind"][row]), int(group["window"][row])
        windows = self._index.windows
        window = windows.windows[place]
        current = bool(windows.current[place]) and KINDS[kind] in ("condition", "drug")
        opening = None if window is None or current else self._seen.opening(window)
        shape = (opening is not None, current, bool(windows.long[place]))
        return _Question(int(group.numbers[row]), kind, int(group["qualifier"][row]), place, shape, opening)

    def _weigh(self, fact: Fact, ways: int, asked: _Question, joined: Presence) -> None:
        """Add what a fact comes to, as `Presence` weighs it."""
        if fact.kind == "event_time" and asked.kind != _CONDITION:
            return
        if fact.assertion == "family" and self._index.qualifiers.sets[asked.qualifier].isdisjoint(FAMILY):
            return
        if fact.assertion == "absent":
            if ways & DENIED and self._denies(fact, asked):
                joined.denials.append(fact)
        elif ways & (ANSWERED | BEHIND):
            base, qualified = self._base(fact, asked)
            if qualified is False and fact.assertion == "present" and asked.opening is None and ways & SAME:
                joined.denials.append(fact)
                return
            lie = _ANYWHERE if asked.opening is None else asked.opening.lies(fact)
            joined.findings.append(Finding(fact, all_((base, lie.truth)), lie, certain=base is True))
        elif ways & DENIED:
            joined.findings.append(Finding(fact, None))

    def _opposite(self, holds: bool | None, begin: Moment | None, end: Moment | None) -> Outcome:
        """Return the opposite, as `equipoise.rules.evaluate` has it."""
        begins = self._seen.later(end, 1) if holds is True and end is not None else None
        ends = self._seen.later(begin, -1) if holds is False and begin is not None else None
        return not_(holds), begins, ends

    # What the reference says

    def _reference(self, number: int, facts: Sequence[Fact]) -> Outcome:
        rule = self._index.predicate(number, limited=False)
        seen = self._seen.about(facts)
        if rule.op == "absent":
            answer = answer_rule(rule, seen)
            return answer.holds, answer.true_from, answer.true_until
        return Presence(rule, seen).outcome()

    def _presence(self, number: int, *facts: Fact) -> Presence:
        rule = msgspec.structs.replace(self._index.predicate(number, limited=False), op="present")
        return Presence(rule, self._seen.about(facts))

    def _sort(self, fact: Fact) -> object:
        """Return all of a fact that matters for whether it meets a rule on what it names, but for windows."""
        found = self._sorts.get(fact.id)
        if found is None:
            stated = (fact.name, fact.kind, fact.assertion, frozenset(fact.qualifier))
            found = self._sorts[fact.id] = (*stated, fact.until is None, self._seen.ended(fact))
        return found

    def _base(self, fact: Fact, asked: _Question) -> tuple[bool | None, bool | None]:
        """Return whether a fact would meet the rule but for its window, and whether it states its qualifiers."""
        key = (self._sort(fact), asked.kind, int(self._qualifiers[asked.qualifier]), asked.shape)
        found = self._bases.get(key)
        if found is None:
            found = self._bases[key] = self._presence(asked.number).base(fact)
        return found

    def _denies(self, fact: Fact, asked: _Question) -> bool:
        key = (fact.id, asked.kind, int(self._qualifiers[asked.qualifier]), asked.window)
        found = self._denials.get(key)
        if found is None:
            found = self._denials[key] = fact in self._presence(asked.number, fact).denials
        return found

    def _exclusions(self, concept: int, asked: _Question) -> list[Fact]:
        """Return the facts on something else by which what is asked cannot be."""
        key = (concept, asked.kind, bool(self._index.qualifiers.sets[asked.qualifier]), asked.window == 0)
        found = self._excluded.get(key)
        if found is None:
            found = self._excluded[key] = self._presence(asked.number).denials
        return found
