"""
Sets of qualifiers, in classes that a record cannot tell apart.

Whether a fact states a qualifier is for `equipoise.rules.qualifiers.states` to say. Of most qualifiers it says nothing,
because the record does not have the words; and what is missing is missing, whatever it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from equipoise.rules.asserted import (
    AVOIDED,
    BESIDES,
    DEGREES,
    FAMILY,
    PLANNED,
    SUSPECTED,
    asks_of_another,
    asks_what_is,
    asks_what_will_be,
)
from equipoise.rules.interned import read_qualifiers
from equipoise.rules.measures import DESPITE, LATEST
from equipoise.rules.names import HISTORY
from equipoise.rules.qualifiers import asks_where, tellings, tokens
from equipoise.terms.spelling import normal

Array = npt.NDArray[Any]

# Qualifiers that mean something whatever the record says.
_ASSERTING = (HISTORY, PLANNED, SUSPECTED, FAMILY)
_ASSERTED = frozenset[str]().union(*_ASSERTING)
_ALWAYS = _ASSERTED | AVOIDED | BESIDES | DEGREES | LATEST | {"recent", "recently"}
_ALWAYS_SAID = frozenset(word for one in _ASSERTED for word in tokens(one))


class Qualifiers:
    """
    The sets of qualifiers that predicates have.

    Two are alike that have the same *telling* qualifiers, both some or both no other, and both ask what is, or both
    what is planned or feared, and both or none what is to be done, or of another. A qualifier is telling if a fact of
    the record may state it or its opposite. A set that asks where a result lies is like no other.
    """

    def __init__(self, words: list[str]) -> None:
        self.sets = [frozenset[str](), *(frozenset(map(normal, read_qualifiers(word))) for word in words[1:])]
        self.asks_what_is = np.array([asks_what_is(one) for one in self.sets], bool)
        # Which no absence answers, of a treatment or at all.
        self._unanswered = [(asks_what_will_be(one), asks_of_another(one)) for one in self.sets]
        self.of_now = np.array([one.isdisjoint(HISTORY) for one in self.sets], bool)
        # Which ask where a result lies, which its number may say.
        self.lying = np.array([asks_where(one) for one in self.sets], bool)
        # Which assertions a set names: as far as that goes, all that are alike are the same.
        named = [tuple(one.isdisjoint(words) for words in _ASSERTING) for one in self.sets]
        self.asserting = np.array([sum(1 << place for place, one in enumerate(row) if one) for row in named], np.int64)
        self._having: dict[str, list[int]] = {}
        for number, one in enumerate(self.sets):
            for word in one:
                self._having.setdefault(word, []).append(number)
        # By one of the words that must be said, the rarest as a rule: the others, and what is then told.
        self._by_word: dict[str, list[tuple[frozenset[str], str]]] = {}
        self._always = {word for word in self._having if word in _ALWAYS or word.startswith(DESPITE)}
        for wanted in self._having:
            for said in tellings(wanted):
                if said <= _ALWAYS_SAID:
                    self._always.add(wanted)
                else:
                    self._by_word.setdefault(max(said - _ALWAYS_SAID, key=len), []).append((said, wanted))
        self._known: dict[Any, int] = {}
        keys = (self._key(number, self._always) for number in range(len(self.sets)))
        self.classes = np.array([self._known.setdefault(key, len(self._known)) for key in keys], np.int64)

    def _key(self, number: int, telling: set[str]) -> Any:
        words = self.sets[number]
        told = words & telling
        # Where a result lies a number says without any word: no two such sets are alike.
        lying = words if self.lying[number] else None
        return told, len(told) < len(words), bool(self.asks_what_is[number]), self._unanswered[number], lying

    def told_by(self, texts: Iterable[str]) -> Array:
        """Return the classes of all sets for a record whose facts have these names and qualifiers."""
        classes = self.classes.copy()
        told = self.told(texts)
        classes[list(told)] = list(told.values())
        return classes

    def told(self, texts: Iterable[str]) -> dict[int, int]:
        """Return the sets of which a record with these texts says more than an empty one, and their classes then."""
        said = _ALWAYS_SAID.union(*map(tokens, texts))
        found = (pair for word in said for pair in self._by_word.get(word, ()))
        telling = {wanted for needed, wanted in found if needed <= said} - self._always
        # Of this record alone: its words are not kept.
        own: dict[Any, int] = {}
        both = self._always | telling
        numbers = {number for word in telling for number in self._having[word]}
        return {number: len(self._known) + own.setdefault(self._key(number, both), len(own)) for number in numbers}


class FactsTold:
    """The classes of sets of qualifiers for each of some facts by itself, by the place of its words among *texts*."""

    def __init__(self, qualifiers: Qualifiers, texts: Iterable[Iterable[str]]) -> None:
        self._classes = qualifiers.classes
        told = [qualifiers.told(words) for words in texts]
        keys = [place * len(self._classes) + number for place, one in enumerate(told) for number in one]
        order = np.argsort(np.array(keys, np.int64))
        # With one behind all, which no key is.
        self._keys = np.append(np.array(keys, np.int64)[order], -1)
        self._told = np.append(np.array([kind for one in told for kind in one.values()], np.int64)[order], 0)

    def of(self, texts: Array, sets: Array) -> Array:
        """Return the classes of sets, each for the fact with the words at a place."""
        keys = texts * len(self._classes) + sets
        places = np.searchsorted(self._keys[:-1], keys)
        return np.where(self._keys[places] == keys, self._told[places], self._classes[sets])
