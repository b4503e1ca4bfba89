"""What share of criteria compiles, and what is left most often."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import msgspec

from equipoise.criteria.records import Criterion
from equipoise.rules.nodes import KINDS, Predicate, leaves
from equipoise.terms.spelling import normal

STATES = ("full", "partial", "administrative", "none")


class Share(msgspec.Struct, frozen=True):
    """
    How far the criteria of one group are read.

    ``name`` is a section, or a kind of predicate: then they are the criteria that have one.
    ``predicates`` counts those of the group.
    """

    name: str
    criteria: int
    full: int
    partial: int
    administrative: int
    none: int
    predicates: int

    @property
    def whole(self) -> float:
        """The share that is read whole."""
        return self.full / self.criteria if self.criteria else 0.0

    @property
    def some(self) -> float:
        """The share that is read at least in part."""
        return (self.full + self.partial) / self.criteria if self.criteria else 0.0


class Leftover(msgspec.Struct, frozen=True):
    """Words, or a reason, and how often they were left."""

    words: str
    count: int


class Coverage(msgspec.Struct, frozen=True):
    """How far the criteria of a library are read. Nested criteria count with the one that holds them."""

    compiler: str
    studies: int
    sections: tuple[Share, ...]
    kinds: tuple[Share, ...]
    left: tuple[Leftover, ...]
    reasons: tuple[Leftover, ...]


class Tally:
    """Counts criteria, study by study."""

    def __init__(self) -> None:
        self._studies = 0
        self._states: Counter[tuple[str, str]] = Counter()
        self._predicates: Counter[str] = Counter()
        self._left: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()

    def add(self, text: str, criteria: Iterable[Criterion]) -> None:
        """Count the criteria of a study."""
        self._studies += 1
        for one in criteria:
            if one.parent is not None:
                continue
            found = [leaf for leaf in leaves(one.rule) if isinstance(leaf, Predicate)]
            for name in ("all", one.section, *{leaf.kind for leaf in found}):
                self._states[name, one.computable] += 1
            self._predicates.update(leaf.kind for leaf in found)
            self._predicates.update({"all": len(found), one.section: len(found)})
            for left in one.left:
                self._left[_words(text[slice(*left.span)])] += 1
                self._reasons[left.reason] += 1

    def _share(self, name: str) -> Share:
        full, partial, administrative, none = (self._states[name, state] for state in STATES)
        return Share(
            name=name,
            criteria=full + partial + administrative + none,
            full=full,
            partial=partial,
            administrative=administrative,
            none=none,
            predicates=self._predicates[name],
        )

    def coverage(self, compiler: str, *, most: int = 40) -> Coverage:
        """Return what was counted, with the *most* frequent leftovers."""
        return Coverage(
            compiler=compiler,
            studies=self._studies,
            sections=tuple(self._share(name) for name in ("all", "inclusion", "exclusion")),
            kinds=tuple(self._share(kind) for kind in KINDS if self._predicates[kind]),
            left=tuple(Leftover(*pair) for pair in self._left.most_common(most)),
            reasons=tuple(Leftover(*pair) for pair in self._reasons.most_common(most)),
        )


def _words(text: str) -> str:
    """Return words as they are counted: in one spelling, on one line, without loose marks."""
    words = re.sub(r"\s+", " ", normal(text).lower()).strip(" .,;:()*-")
    return words or text.strip()  # a sign alone
