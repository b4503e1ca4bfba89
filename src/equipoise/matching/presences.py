"""
Whether something is there, for many predicates at once.

A long record has dozens of facts on one thing, and rules ask of it in a thousand windows. What a fact comes to under
some qualifiers is worked out once, by the reference evaluator; when facts lie in windows is compared by column
(`equipoise.matching.windows`); and facts are brought together by column as `equipoise.rules.presence.Presence` does.
What is rare is left to it: doses where a record states some, tests with results in words, variants, allergies, and,
where no window is asked for, denials beside findings.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from equipoise.matching.index import Group, RuleIndex
from equipoise.matching.qualifiers import FactsTold
from equipoise.matching.related import Signs, class_numbers
from equipoise.matching.trees import FAILS, HOLDS, NEVER, UNKNOWN, later, moment_code, opposite
from equipoise.matching.windows import Lies, Times
from equipoise.records.patient import Fact
from equipoise.rules.asserted import FAMILY
from equipoise.rules.evaluate import answer_rule
from equipoise.rules.nodes import KINDS, OPS
from equipoise.rules.presence import Presence
from equipoise.rules.seen import Seen

Array = npt.NDArray[Any]
Key = TypeVar("Key", bound=Hashable)
# What a question of the reference is asked about one fact.
Ask = Callable[[Presence, Fact], bool | None]

# The ways in which a fact relates to a concept, in the order in which `Answering` asks for them.
ANSWERED, DENIED, SAME, BEHIND = 1, 2, 4, 8

_PRESENT, _ABSENT = OPS.index("present"), OPS.index("absent")
_AT_MOST = (OPS.index("<"), OPS.index("<="))
_CONDITION, _DRUG, _RESULT = (KINDS.index(name) for name in ("condition", "drug", "measurement"))
_NONE = np.iinfo(np.int64).max


def coded(holds: bool | None) -> int:
    """Return the number of an answer."""
    return UNKNOWN if holds is None else HOLDS if holds else FAILS


class Outcomes(NamedTuple):
    """What becomes of predicates: whether each holds, from when and until when, as numbers."""

    holds: Array
    true_from: Array
    true_until: Array


class _Asked:
    """What predicates ask, by column: one of each class."""

    def __init__(self, index: RuleIndex, group: Group, rows: Array, qualifiers: Array) -> None:
        self.numbers, self.op = group.numbers[rows], group["op"][rows]
        self.kind, self.window, self.concept = (group[name][rows] for name in ("kind", "window", "concept"))
        self.qualifier = group["qualifier"][rows]
        self.alike = qualifiers[self.qualifier]
        which = index.words["which"]
        self.any_counts = group["which"][rows] == (which.index("any") if "any" in which else -1)
        windows = index.windows
        self.current = windows.current[self.window] & np.isin(self.kind, (_CONDITION, _DRUG))
        self.opened = (self.window > 0) & ~self.current
        self.least = self.opened & windows.least.stated[self.window]
        self.shape = self.opened + 2 * self.current + 4 * windows.long[self.window]
        self.dosed = ~np.isin(self.op, (_PRESENT, _ABSENT))

    def __len__(self) -> int:
        return len(self.numbers)


class _Pairs(NamedTuple):
    """Predicates, each with each fact that can speak to it, and the ways in which it does."""

    rows: Array
    facts: Array
    ways: Array

    def where(self, kept: Array) -> _Pairs:
        """Return some of the pairs."""
        return _Pairs(self.rows[kept], self.facts[kept], self.ways[kept])


class Presences:
    """Answers predicates on presence for one patient."""

    def __init__(self, index: RuleIndex, seen: Seen, qualifiers: Array) -> None:
        self._index, self._seen, self._qualifiers = index, seen, qualifiers
        self._facts = facts = seen.known
        self.places = {fact.id: place for place, fact in enumerate(facts)}
        self.times = Times(facts, seen)

        def those(test: Callable[[Fact], bool]) -> Array:
            return np.array([test(fact) for fact in facts], bool)

        self._absent = those(lambda fact: fact.assertion == "absent")
        self._present = those(lambda fact: fact.assertion == "present")
        self._family = those(lambda fact: fact.assertion == "family")
        self._events = those(lambda fact: fact.kind == "event_time")
        self._numeric = those(lambda fact: isinstance(fact.value, (int, float)))
        self.valued = {fact.id for fact in facts if isinstance(fact.value, (int, float))}
        self._worded = those(lambda fact: isinstance(fact.value, str))
        self._standings, _ = _numbered(self._standing(fact) for fact in facts)
        stated = [(fact.name, fact.assertion, fact.qualifier) for fact in facts]
        self._texts, texts = _numbered(stated)
        self._told = FactsTold(index.qualifiers, [(name, *qualifiers) for name, _, qualifiers in texts])
        self._asking: dict[tuple[Hashable, ...], Presence] = {}
        self._nothing = seen.about(())
        sets = index.qualifiers.sets
        self._of_family = np.array([not one.isdisjoint(FAMILY) for one in sets], bool)

    def _standing(self, fact: Fact) -> tuple[object, ...]:
        """Return all of a fact that matters for whether it stands as a rule asks for it, save what it states."""
        stay = self._seen.is_past_stay(fact)
        return fact.kind, fact.assertion, fact.until is None, self._seen.ended(fact), fact.value is None, stay

    # Answers

    def outcomes(self, group: Group, rows: Array, signs: Signs, silent: Array) -> Outcomes:
        """Return what becomes of the predicates in some rows of a group; where it is *silent*, there is none."""
        asked = _Asked(self._index, group, rows, self._qualifiers)
        sign = signs.of[asked.concept]
        if group is self._index.groups["had"] or group is self._index.groups["result"]:
            pairs = _Pairs(*signs.pairs(sign, self.places))
            made, by_hand = self._joined(asked, pairs, silent)
            by_hand |= (asked.kind == _RESULT) & self._index.concepts.excludable[asked.concept]
        else:
            made = Outcomes(*(np.full(len(asked), one, np.int64) for one in (UNKNOWN, NEVER, NEVER)))
            by_hand = np.ones(len(asked), bool)
        for row in np.flatnonzero(by_hand).tolist():
            facts = signs.facts(int(sign[row]))
            answer = answer_rule(self._index.predicate(int(asked.numbers[row]), limited=False), self._seen.about(facts))
            made.holds[row] = coded(answer.holds)
            made.true_from[row], made.true_until[row] = moment_code(answer.true_from), moment_code(answer.true_until)
        return made

    def _joined(self, asked: _Asked, pairs: _Pairs, silent: Array) -> tuple[Outcomes, Array]:
        """Return the outcomes, and which of them the reference must tell."""
        by_hand = np.zeros(len(asked), bool)
        by_hand[pairs.rows[asked.dosed[pairs.rows] & self._numeric[pairs.facts]]] = True
        tests = asked.kind == _RESULT
        told = self._worded | self._absent
        lying = self._index.qualifiers.lying[asked.qualifier[pairs.rows]] & self._numeric[pairs.facts]
        by_hand[pairs.rows[tests[pairs.rows] & (told[pairs.facts] | lying)]] = True
        of_others = self._events[pairs.facts] & (asked.kind[pairs.rows] != _CONDITION)
        of_others |= self._family[pairs.facts] & ~self._of_family[asked.qualifier[pairs.rows]]
        pairs = pairs.where(~(of_others | by_hand[pairs.rows]))
        denying = self._absent[pairs.facts]
        denials = [self._denials(asked, pairs.where(denying & (pairs.ways & DENIED > 0))), self._excluded(asked)]
        pairs = pairs.where(~denying)
        speaking = pairs.ways & (ANSWERED | BEHIND) > 0
        perhaps = pairs.where(~speaking & (pairs.ways & DENIED > 0))
        pairs = pairs.where(speaking)
        base, qualified = self._bases(asked, pairs)
        opposed = (qualified == FAILS) & self._present[pairs.facts] & ~asked.opened[pairs.rows]
        opposed &= self._index.qualifiers.of_now[asked.qualifier[pairs.rows]]
        # Of a test it is not known here whether the fact has the same name.
        by_hand[pairs.rows[opposed & tests[pairs.rows]]] = True
        opposed &= pairs.ways & SAME > 0
        denials.append(pairs.where(opposed))
        denied = _Pairs(*(np.concatenate(one) for one in zip(*denials, strict=True)))
        found, base = pairs.where(~opposed), base[~opposed]
        findings = _Findings(asked, found, base, self._lies(asked, found), perhaps)
        by_hand |= ~asked.opened & findings.any & _marked(denied.rows, len(asked))
        return self._decided(asked, findings, denied, silent), by_hand

    def _decided(self, asked: _Asked, findings: _Findings, denied: _Pairs, silent: Array) -> Outcomes:
        """Bring findings and denials together, as `Presence` does."""
        size, minutes = len(asked), np.ones(len(denied.rows), bool)
        latest = np.full(size, -_NONE, np.int64)
        np.maximum.at(latest, denied.rows, self.times.start(denied.facts, by_clock=minutes)[1])
        earliest = findings.earliest(self.times)
        disputed = latest >= earliest
        mixed = asked.least & ~asked.any_counts & findings.doubtful
        too_soon = asked.least & findings.any & ~findings.settled
        none = np.where(np.isin(asked.op, _AT_MOST), UNKNOWN, FAILS)
        holds = np.select(
            [findings.true, findings.open, _marked(denied.rows, size), too_soon, silent],
            [np.where(disputed | mixed, UNKNOWN, HOLDS), np.full(size, UNKNOWN), none, np.full(size, FAILS), none],
            UNKNOWN,
        )
        begins, ends = findings.moments(holds, too_soon)
        clock = self._seen.clock
        begins, ends = (self._index.windows.moments(asked.window, one, clock=clock) for one in (begins, ends))
        turned = asked.op == _ABSENT
        after = np.where(holds == HOLDS, later(ends, 1, clock=clock), NEVER)
        until = np.where(holds == FAILS, later(begins, -1, clock=clock), NEVER)
        return Outcomes(
            np.where(turned, opposite(holds), holds).astype(np.int64),
            np.where(turned, after, begins),
            np.where(turned, until, ends),
        )

    def _lies(self, asked: _Asked, pairs: _Pairs) -> Lies:
        """Return whether facts lie in the windows of the predicates; they do where there is none."""
        size, opened = len(pairs.rows), asked.opened[pairs.rows]
        lies = Lies(np.full(size, HOLDS), np.zeros(size, bool), np.full(size, NEVER), np.full(size, NEVER))
        within = pairs.where(opened)
        found = self._index.windows.lies(asked.window[within.rows], within.facts, self.times, self._seen)
        for every, some in zip(lies, found, strict=True):
            every[opened] = some
        return lies

    # What the reference says

    def _asks(self, asked: _Asked, row: int, *key: Hashable) -> Presence:
        """Return the reference's question of a row, the same for all that have the *key*, without any fact."""
        found = self._asking.get(key)
        if found is None:
            found = self._asking[key] = Presence(self._index.named(int(asked.numbers[row])), self._nothing)
        return found

    def _bases(self, asked: _Asked, pairs: _Pairs) -> tuple[Array, Array]:
        """Return whether facts would meet predicates but for their windows, and whether they state the qualifiers."""
        rows, facts = pairs.rows, pairs.facts
        kind, asserting = asked.kind[rows], self._index.qualifiers.asserting[asked.qualifier[rows]]
        shape, long = asked.shape[rows] & 3, asked.shape[rows] & 4
        question = (kind, asserting, shape)
        stands = self._each(asked, pairs, Presence.stands, question, (*question, self._standings[facts]))
        said = (*self._said(asked, pairs), long)
        qualified = self._each(asked, pairs, Presence.states, (asked.alike[rows], long), said)
        base = np.minimum(stands, qualified)
        # A dose that nobody states may be any.
        return np.where(asked.dosed[rows], np.minimum(base, UNKNOWN), base), qualified

    def _said(self, asked: _Asked, pairs: _Pairs) -> tuple[Array, Array]:
        """Return what facts state, and which qualifiers are alike for them."""
        texts = self._texts[pairs.facts]
        return texts, self._told.of(texts, asked.qualifier[pairs.rows])

    def _each(
        self, asked: _Asked, pairs: _Pairs, ask: Ask, question: tuple[Array, ...], columns: tuple[Array, ...]
    ) -> Array:
        """Ask the reference of one of the pairs that are the same in all *columns*, by one of each *question*."""
        if not len(pairs.rows):
            return np.zeros(0, np.int64)
        classes, places = class_numbers(*columns)
        keys = zip(*(one[places].tolist() for one in (pairs.facts, pairs.rows, *question)), strict=True)
        told = (ask(self._asks(asked, row, ask.__name__, *key), self._facts[fact]) for fact, row, *key in keys)
        return np.fromiter(map(coded, told), np.int64, len(places))[classes]

    def _denials(self, asked: _Asked, pairs: _Pairs) -> _Pairs:
        """Return the pairs in which a fact of absence says that there is none."""
        kind, windows = asked.kind[pairs.rows], self._index.windows.classes[asked.window[pairs.rows]]
        columns = (kind, windows, pairs.facts, *self._said(asked, pairs))
        question = (kind, windows, asked.alike[pairs.rows])
        return pairs.where(self._each(asked, pairs, Presence.excludes, question, columns) == HOLDS)

    def _excluded(self, asked: _Asked) -> _Pairs:
        """Return the facts on something else by which what is asked cannot be."""
        rows, facts = [], []
        for row in np.flatnonzero(self._index.concepts.excludable[asked.concept]).tolist():
            concept, kind = int(asked.concept[row]), int(asked.kind[row])
            key = (concept, kind, int(asked.qualifier[row]), int(asked.window[row]))
            found = [self.places[fact.id] for fact in self._asks(asked, row, "denials", *key).denials]
            rows += [row] * len(found)
            facts += found
        return _Pairs(np.array(rows, np.int64), np.array(facts, np.int64), np.zeros(len(rows), np.int64))


class _Findings:
    """The facts that speak for what predicates ask, for certain or perhaps, and what they come to together."""

    def __init__(self, asked: _Asked, pairs: _Pairs, base: Array, lies: Lies, perhaps: _Pairs) -> None:
        self._size = size = len(asked)
        self._rows, self._facts, self._lies = pairs.rows, pairs.facts, lies
        self._truth = truth = np.minimum(base, lies.truth)
        rows = pairs.rows
        self.any = _marked(np.concatenate((rows, perhaps.rows)), size)
        self.true = _marked(rows[truth == HOLDS], size)
        self.open = _marked(np.concatenate((rows[truth == UNKNOWN], perhaps.rows)), size)
        # Later than the window allows, or perhaps so: is it this one that is meant?
        self.doubtful = _marked(rows[lies.recent | (lies.truth == UNKNOWN)], size)
        # Not all that is known is, for certain, more recent than the window allows.
        self.settled = _marked(np.concatenate((rows[~(lies.recent & (base == HOLDS))], perhaps.rows)), size)

    def earliest(self, times: Times) -> Array:
        """Return from when on the earliest finding was at the soonest; what has none has it beyond all moments."""
        found = np.full(self._size, _NONE, np.int64)
        true = self._truth == HOLDS
        start, _ = times.start(self._facts[true], by_clock=np.ones(np.count_nonzero(true), bool))
        np.minimum.at(found, self._rows[true], start)
        return found

    def moments(self, holds: Array, too_soon: Array) -> tuple[Array, Array]:
        """Return the ticks from and until which predicates hold, where all of the facts say."""
        begins = self._last(self._lies.true_from, np.ones(len(self._rows), bool))
        ends = self._last(self._lies.true_until, self._truth == HOLDS)
        begins = np.where((holds == FAILS) & too_soon & ~self.open, begins, NEVER)
        return begins, np.where((holds == HOLDS) & ~self.open, ends, NEVER)

    def _last(self, ticks: Array, counted: Array) -> Array:
        found = np.full(self._size, NEVER, np.int64)
        np.maximum.at(found, self._rows[counted], ticks[counted])
        found[self._rows[counted & (ticks == NEVER)]] = NEVER
        return found


def _numbered(keys: Iterable[Key]) -> tuple[Array, list[Key]]:
    """Return a number for each key, and the keys of the numbers."""
    known: dict[Key, int] = {}
    numbers = np.array([known.setdefault(key, len(known)) for key in keys], np.int64)
    return numbers, list(known)


def _marked(rows: Array, size: int) -> Array:
    marked = np.zeros(size, bool)
    marked[rows] = True
    return marked
