"""
Which facts can speak to which concepts, so that predicates to which the same facts speak are answered once.

A *sign* is a number for a set of facts and for how each relates to a concept; 0 is that no fact does.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from equipoise.matching.index import RuleIndex
from equipoise.records.patient import Fact
from equipoise.rules.interned import EXACT
from equipoise.rules.names import MEASURED, NO_MEDICINES, SUDDEN, causes, is_of_the_past, onset, variable_name
from equipoise.rules.nodes import ConceptRef
from equipoise.rules.seen import Seen

Array = npt.NDArray[Any]
# So many classes can be told apart by one number.
_WIDEST = 1 << 62
Relation = Callable[[Fact], Iterable[int]]


def class_numbers(*columns: Array) -> tuple[Array, Array]:
    """
    Return a number for each row, the same for rows that are the same in all columns, and a row of each number.

    >>> [one.tolist() for one in class_numbers(np.array([7, 7, 7]), np.array([0, 1, 0]))]
    [[0, 1, 0], [0, 1]]
    """
    numbers, bound = np.zeros(len(columns[0]), np.int64), 1
    for column in columns:
        codes = np.unique(column, return_inverse=True)[1] if column.dtype.kind == "f" else column.astype(np.int64)
        codes = codes - codes.min(initial=0)
        span = int(codes.max(initial=0)) + 1
        if bound * span >= _WIDEST:
            found, numbers = np.unique(numbers, return_inverse=True)
            bound = len(found)
        numbers, bound = numbers * span + codes, bound * span
    _, rows, numbers = np.unique(numbers, return_index=True, return_inverse=True)
    return numbers, rows


class Signs:
    """The sign of each concept, and the facts of each sign."""

    def __init__(self, concepts: int) -> None:
        self.of = np.zeros(concepts, np.int64)
        self._facts: list[tuple[tuple[Fact, int], ...]] = [()]

    def add(self, facts: Sequence[Fact], concepts: Array, relations: Array) -> None:
        """Let facts that are alike relate to some concepts, by a number for the ways in which they do."""
        if not len(concepts):
            return
        bound = int(relations.max()) + 1
        keys, inverse = np.unique(self.of[concepts] * bound + relations, return_inverse=True)
        self.of[concepts] = len(self._facts) + inverse
        for key in keys.tolist():
            before, way = divmod(key, bound)
            self._facts.append((*self._facts[before], *((fact, way) for fact in facts)))

    def having(self, ids: Container[str]) -> Array:
        """Return of each sign whether one of its facts is among those with these ids."""
        return np.array([any(fact.id in ids for fact, _ in facts) for facts in self._facts], bool)

    def pairs(self, signs: Array, places: Mapping[str, int]) -> tuple[Array, Array, Array]:
        """Return each place among these signs with each fact of its sign, by its place, and the ways of that fact."""
        used, which = np.unique(signs, return_inverse=True)
        told = [self._facts[sign] for sign in used.tolist()]
        flat = [(places[fact.id], ways) for one in told for fact, ways in one]
        facts, ways = np.array(flat, np.int64).reshape(-1, 2).T
        lengths = np.array([len(one) for one in told], np.int64)
        starts, counts = np.cumsum(lengths) - lengths, lengths[which]
        rows = np.repeat(np.arange(len(signs)), counts)
        among = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts) + starts[which[rows]]
        return rows, facts[among], ways[among]

    def facts(self, sign: int) -> tuple[Fact, ...]:
        """Return the facts that speak to the concepts of a sign."""
        return tuple(fact for fact, _ in self._facts[sign])


class Relations:
    """How the facts of one patient relate to the concepts that rules ask about."""

    def __init__(self, index: RuleIndex, seen: Seen) -> None:
        self._concepts = index.concepts
        self._seen = seen

    def signs(self, kinds: Iterable[str], *relations: Relation) -> Signs:
        """Return the signs that facts of some kinds give by some relations."""
        signs = Signs(len(self._concepts.refs))
        alike: dict[Any, list[Fact]] = {}
        for fact in self._seen.known:
            if fact.kind in kinds:
                codes = fact.concept.codes.items() if fact.concept is not None else ()
                named = (fact.kind, fact.name, fact.concept is None, tuple(sorted(codes)))
                key = (*named, fact.assertion, fact.qualifier)
                alike.setdefault(key, []).append(fact)
        for facts in alike.values():
            found = [np.fromiter(relation(facts[0]), np.int64) for relation in relations]
            concepts = np.unique(np.concatenate(found))
            ways = np.zeros(len(concepts), np.int64)
            for place, one in enumerate(found):
                ways[np.searchsorted(concepts, one)] |= 1 << place
            signs.add(facts, concepts, ways)
        return signs

    # The relations, as `equipoise.rules.names` has them

    def _coded(self, fact: Fact) -> list[int]:
        codes = fact.concept.codes if fact.concept is not None else {}
        pairs = [(system, codes[system]) for system in EXACT if system in codes]
        return [number for pair in pairs for number in self._concepts.by_code.get(pair, ())]

    def _classed(self, name: str) -> list[int]:
        """Return the concepts of which something with a name is one."""
        name = self._seen.names.canonical(name)
        above = (name, *self._seen.names.above(name))
        return [number for one in above for number in self._concepts.by_name.get(one, ())]

    def answered(self, fact: Fact) -> list[int]:
        """Return the concepts of which the fact is one."""
        if MEASURED in fact.qualifier:
            return self.same(fact)
        found = self._classed(fact.name) + self._coded(fact)
        found += [number for one in fact.qualifier for number in self._classed(f"{one} {fact.name}")]
        if fact.kind == "drug":
            name = self._seen.names.canonical(fact.name)
            above = (name, *self._seen.names.above(name))
            found += [number for one in above for number in self._concepts.by_use.get(one, ())]
        return found

    def behind(self, fact: Fact) -> list[int]:
        """Return the concepts that must have been for the fact to be: its cause, or what it is the onset of."""
        found = causes(fact) if fact.kind == "condition" and fact.assertion in ("present", "historical") else []
        begun = onset(fact)
        return [number for one in (*found, *([begun] if begun else [])) for number in self._classed(one)]

    def of_gene(self, fact: Fact) -> list[int]:
        """Return the variants of the fact's gene."""
        gene = self._seen.names.variant(fact.name, fact.alteration)[0]
        return self._concepts.by_gene.get(gene, []) + self.same(fact)

    def denied(self, fact: Fact) -> Iterable[int]:
        """Return the concepts that are kinds of what the fact names: all, where it names nothing."""
        if fact.concept is None:
            every = range(1, len(self._concepts.refs))
            spared = {number for one in NO_MEDICINES for number in self._concepts.by_class.get(one, ())}
            return every if fact.kind != "drug" else [number for number in every if number not in spared]
        if MEASURED in fact.qualifier:
            return self.same(fact)
        name = self._seen.names.canonical(fact.name)
        kinds = self._concepts.by_class.get(name, [])
        if is_of_the_past(fact) and not self._seen.names.is_sudden(ConceptRef(fact.name)):
            sudden = {number for one in SUDDEN for number in self._concepts.by_class.get(one, ())}
            kinds = [number for number in kinds if number not in sudden]
        return kinds + self._coded(fact)

    def same(self, fact: Fact) -> list[int]:
        """Return the concepts that are what the fact names."""
        return self._concepts.by_name.get(self._seen.names.canonical(fact.name), []) + self._coded(fact)

    def measured(self, fact: Fact) -> list[int]:
        """Return the variables of which the fact is a result."""
        return self._concepts.by_variable.get(variable_name(fact.name), []) + self._coded(fact)

    def lasting(self, fact: Fact) -> list[int]:
        """Return the concepts of which the fact may say how long they last."""
        return self.answered(fact) + self._concepts.by_event.get(self._seen.names.event(fact.name), [])
