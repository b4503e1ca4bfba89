"""
Whether something is there, for predicates to which the same facts speak.

A long record has dozens of facts on one thing, and rules ask of it in a thousand windows. What each fact comes to in
a window, and under some qualifiers, is worked out once, by the reference evaluator; only the putting together is
done again here. Doses, variants, allergies and tests are left to the reference.
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
from equipoise.rules.nodes import OPS
from equipoise.rules.presence import FAMILY, Presence
from equipoise.rules.seen import Lie, Opening, Seen
from equipoise.rules.truth import not_

Array = npt.NDArray[Any]
Outcome = tuple[bool | None, Moment | None, Moment | None]

# The ways in which a fact relates to a concept, in the order in which `Answering` asks for them.
ANSWERED, DENIED = 1, 2

_PRESENT, _ABSENT = OPS.index("present"), OPS.index("absent")
_ANYWHERE = Lie(True)


class _Question(NamedTuple):
    """What a predicate asks of facts that are about its concept."""

    number: int
    kind: int
    qualifier: int
    window: int
    opening: Opening | None
    any_counts: bool
    silent: bool


class _Weighed(NamedTuple):
    """What a fact comes to: whether it meets the rule, whether it would but for the window, and how it lies."""

    fact: Fact
    truth: bool | None
    certain: bool
    lie: Lie


class Quick:
    """Answers predicates on presence for one patient; those that are not *quick* all by the reference."""

    def __init__(self, index: RuleIndex, seen: Seen, qualifiers: Array, *, quick: bool) -> None:
        self._index, self._seen, self._qualifiers = index, seen, qualifiers
        self._quick = quick
        self._any = index.words["which"].index("any") if "any" in index.words["which"] else -1
        self._certain: dict[tuple[object, int, bool], bool] = {}
        self._sorts: dict[str, object] = {}
        self._denials: dict[tuple[str, int, int, int], bool] = {}

    def outcome(self, group: Group, row: int, related: Sequence[tuple[Fact, int]], *, silent: bool) -> Outcome:
        """Return what becomes of the predicate in a row of its group, from when and until when."""
        number, qualifier, place = (
            int(one) for one in (group.numbers[row], group["qualifier"][row], group["window"][row])
        )
        op = int(group["op"][row])
        if not self._quick or op not in (_PRESENT, _ABSENT):
            return self._reference(number, [fact for fact, _ in related])
        window = self._index.windows.windows[place]
        opening = None if window is None else self._seen.opening(window)
        asked = _Question(
            number, int(group["kind"][row]), qualifier, place, opening, int(group["which"][row]) == self._any, silent
        )
        findings = []
        denials = []
        for fact, ways in related:
            if fact.assertion == "family" and self._index.qualifiers.sets[qualifier].isdisjoint(FAMILY):
                continue
            if fact.assertion == "absent":
                denials += [fact] if ways & DENIED and self._denies(fact, asked) else []
            elif ways & ANSWERED:
                findings.append(self._weighed(fact, asked))
            else:
                findings.append(_Weighed(fact, None, False, _ANYWHERE))
        found = self._joined(findings, denials, asked)
        return found if op == _PRESENT else self._opposite(*found)

    def _opposite(self, holds: bool | None, begin: Moment | None, end: Moment | None) -> Outcome:
        """Return the opposite, as `equipoise.rules.evaluate` has it."""
        begins = self._seen.later(end, 1) if holds is True and end is not None else None
        ends = self._seen.later(begin, -1) if holds is False and begin is not None else None
        return not_(holds), begins, ends

    def _reference(self, number: int, facts: Sequence[Fact]) -> Outcome:
        rule = self._index.predicate(number, limited=False)
        seen = self._seen.about(facts)
        if rule.op == "absent":
            answer = answer_rule(rule, seen)
            return answer.holds, answer.true_from, answer.true_until
        return Presence(rule, seen).outcome()

    # What the reference says of one fact

    def _alone(self, fact: Fact, number: int) -> Presence:
        rule = msgspec.structs.replace(self._index.predicate(number, limited=False), op="present")
        return Presence(rule, self._seen.about((fact,)))

    def _sort(self, fact: Fact) -> object:
        """Return all of a fact that matters for whether it meets a rule on what it names, but for windows."""
        found = self._sorts.get(fact.id)
        if found is None:
            found = (fact.kind, fact.assertion, frozenset(fact.qualifier), self._seen.ended(fact))
            self._sorts[fact.id] = found
        return found

    def _weighed(self, fact: Fact, asked: _Question) -> _Weighed:
        key = (self._sort(fact), int(self._qualifiers[asked.qualifier]), asked.opening is not None)
        certain = self._certain.get(key)
        if certain is None:
            certain = self._certain[key] = self._alone(fact, asked.number).findings[0].certain
        lie = _ANYWHERE if asked.opening is None else asked.opening.lies(fact)
        return _Weighed(fact, lie.truth if certain or lie.truth is False else None, certain, lie)

    def _denies(self, fact: Fact, asked: _Question) -> bool:
        key = (fact.id, int(self._qualifiers[asked.qualifier]), asked.window, asked.kind)
        found = self._denials.get(key)
        if found is None:
            found = self._denials[key] = bool(self._alone(fact, asked.number).denials)
        return found

    # Putting together, as `equipoise.rules.presence.Presence` does

    def _joined(self, findings: Sequence[_Weighed], denials: Sequence[Fact], asked: _Question) -> Outcome:
        standing = findings
        if denials and asked.opening is None:
            standing = [one for one in findings if not self._overtaken(one.fact, denials)]
        truths = {one.truth for one in standing}
        least = asked.opening is not None and asked.opening.least is not None
        if True in truths:
            found = [one.fact for one in standing if one.truth is True]
            disputed = any(not self._overtakes(fact, denial) for fact in found for denial in denials)
            mixed = least and not asked.any_counts and any(one.lie.recent or one.lie.truth is None for one in findings)
            if disputed or mixed:
                return None, None, None
            doubt = any(one.truth is None for one in findings)
            ends = [] if doubt else [one.lie.true_until for one in findings if one.truth is True]
            return True, None, self._last(ends, asked.opening)
        if None in truths:
            return None, None, None
        too_soon = least and bool(findings) and all(one.lie.recent and one.certain for one in findings)
        if denials or too_soon:
            begins = [one.lie.true_from for one in findings] if too_soon else []
            return False, self._last(begins, asked.opening), None
        return (False if asked.silent else None), None, None

    def _overtaken(self, fact: Fact, denials: Sequence[Fact]) -> bool:
        if fact.assertion == "historical" or self._seen.ended(fact) is not False:
            return False
        name = self._seen.names.canonical
        return any(name(one.name) == name(fact.name) and self._overtakes(one, fact) for one in denials)

    def _overtakes(self, later: Fact, earlier: Fact) -> bool:
        start = self._seen.times(earlier, by_clock=True).start
        return start.below(self._seen.times(later, by_clock=True).start) is True

    def _last(self, ticks: Sequence[int | None], opening: Opening | None) -> Moment | None:
        known = [tick for tick in ticks if tick is not None]
        if opening is None or not known or len(known) < len(ticks):
            return None
        return self._seen.moment(max(known), by_clock=opening.by_clock)
