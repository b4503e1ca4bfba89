"""
Looks at one criterion that was read, and mends of its rule: what they share.

::

    look = gate, find      # the words by which the rule may say something else than the text
    mend = gate, change    # the rule that the words mean
    gate = the words of which one must stand in the text, the side and the kind of rule of which it tells

Most criteria are one predicate, and have none of the words: what something needs is told apart from what it does, so
that little is asked of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, TypedDict, Unpack

from equipoise.criteria.wordings import words_of
from equipoise.rules.nodes import All, AnyOf, Left, Not, Predicate, Rule, Span, Unless, children, leaves, parts
from equipoise.terms.lexicon import Lexicon
from equipoise.terms.lexicon import lexicon as shipped


class Joint(NamedTuple):
    """Two parts that follow each other in what joins them, itself a part of *parent*; *words* stand in the *gap*."""

    part: All | AnyOf
    parent: Rule | None
    one: Rule
    other: Rule
    gap: Span
    words: str


class Whole:
    """
    The words of a criterion, and what was read of them; what is found in them is counted from their begin.

    *lexicon* may know more than the one that ships.
    """

    def __init__(self, text: str, start: int, rule: Rule, *, exclusion: bool, lexicon: Lexicon | None = None) -> None:
        self.text = text
        self.words = text.lower()
        self.start = start
        self.rule = rule
        self.exclusion = exclusion
        self.lexicon = lexicon or shipped()
        # By the part itself, which the rule holds: equal parts stand at several places.
        self._spans: dict[int, Span | None] = {}
        # Which gates of a table the words open.
        self.opened: tuple[_Gates, int] | None = None

    def of(self, rule: Rule) -> Whole:
        """Return the same words with another rule."""
        if rule is self.rule or rule == self.rule:
            return self  # what was told of it need not be told again
        twin = Whole(self.text, self.start, rule, exclusion=self.exclusion, lexicon=self.lexicon)
        twin.said, twin.opened = self.said, self.opened
        return twin

    @cached_property
    def said(self) -> frozenset[str]:
        """The words, each once."""
        return words_of(self.words)

    @cached_property
    def leaves(self) -> list[Predicate | Left]:
        """The leaves of the rule."""
        return list(leaves(self.rule))

    @cached_property
    def facts(self) -> list[Predicate]:
        """What is asked for."""
        return [leaf for leaf in self.leaves if type(leaf) is Predicate]

    @cached_property
    def is_open(self) -> bool:
        """Whether the rule leaves something open already."""
        return len(self.facts) < len(self.leaves)

    @cached_property
    def stated(self) -> list[Predicate]:
        """The predicates that make the rule hold by being so."""
        return list(stated(self.rule))

    @cached_property
    def parts(self) -> list[Rule]:
        """The rule, and each part of it."""
        return list(parts(self.rule))

    @cached_property
    def wholes(self) -> list[tuple[All | AnyOf, Rule | None]]:
        """The parts that join others, each with what it is joined to."""
        return list(_wholes(self.rule))

    @cached_property
    def among_all(self) -> list[Joint]:
        """The joints of parts of which every one is asked for."""
        return [joint for part, parent in self.wholes if type(part) is All for joint in self.joints(part, parent)]

    @cached_property
    def among_any(self) -> list[Joint]:
        """The joints of parts of which one will do."""
        return [joint for part, parent in self.wholes if type(part) is AnyOf for joint in self.joints(part, parent)]

    def span_of(self, rule: Rule) -> Span | None:
        """Return where a part of the rule stands in the words."""
        if id(rule) not in self._spans:
            self._spans[id(rule)] = self._span_of(rule)
        return self._spans[id(rule)]

    def _span_of(self, rule: Rule) -> Span | None:
        spans = [
            span
            for leaf in leaves(rule)
            if type(leaf) is Predicate
            for span in (leaf.span, leaf.concept and leaf.concept.span)
            if span
        ]
        if not spans:
            return None
        return min([span[0] for span in spans]) - self.start, max([span[1] for span in spans]) - self.start

    def joints(self, part: All | AnyOf, parent: Rule | None = None) -> Iterator[Joint]:
        """Yield the joints of a part, but for those of parts that do not follow each other in the words."""
        for one, other in pairwise(part.rules):
            before, behind = self.span_of(one), self.span_of(other)
            if before and behind and before[1] <= behind[0]:
                gap = before[1], behind[0]
                yield Joint(part, parent, one, other, gap, self.words[slice(*gap)])


class _Gate:
    """
    Of which criteria something tells: most have none of the words that it needs, and are one predicate.

    One of *words*, or a word with one of *parts* in it, must stand in the text, or one of *marks*;
    *joined*: it tells of more than one predicate; *exclusion*: of one side.
    """

    def __init__(
        self, words: str = "", *, parts: str = "", marks: str = "", joined: bool = False, exclusion: bool | None = None
    ) -> None:
        self.words = frozenset(words.split())
        self.parts = tuple(parts.split())
        self.marks = tuple(marks.split())
        self.joined = joined
        self.exclusion = exclusion

    def tells_of(self, *, exclusion: bool, alone: bool) -> bool:
        """Return whether it tells of the criteria of a side; *alone*: of those that are one predicate."""
        return self.exclusion in (None, exclusion) and not (alone and self.joined)


class Look(_Gate):
    """A look at a criterion: it finds where a rule may say something else than the words, and None in most."""

    def __init__(self, find: Callable[[Whole], Span | None], words: str = "", **gate: Unpack[_Needs]) -> None:
        super().__init__(words, **gate)
        self.find = find


class Mend(_Gate):
    """A mend of a criterion: it returns the rule that the words mean, and the same one in most."""

    def __init__(self, change: Callable[[Whole], Rule], words: str = "", **gate: Unpack[_Needs]) -> None:
        super().__init__(words, **gate)
        self.change = change


class _Needs(TypedDict, total=False):
    parts: str
    marks: str
    joined: bool
    exclusion: bool | None


class _Gates(dict[str, int]):
    """For each word the gates that it opens, as bits, told once for all texts: most words open none."""

    def __init__(self, gates: Sequence[_Gate]) -> None:
        self._open = _bits(not (one.words or one.parts or one.marks) for one in gates)
        self._words = _opening(gates, lambda one: one.words)
        self._parts = list(_opening(gates, lambda one: one.parts).items())
        self._marks = list(_opening(gates, lambda one: one.marks).items())

    def __missing__(self, word: str) -> int:
        opened = self._words.get(word, 0)
        for part, bits in self._parts:
            if part in word:
                opened |= bits
        if len(self) < 50_000:
            self[word] = opened
        return opened

    def opened(self, whole: Whole) -> int:
        """Return the gates that the words of a criterion open."""
        opened = self._open
        for word in whole.said:
            opened |= self[word]
        for mark, bits in self._marks:
            if mark in whole.words:
                opened |= bits
        return opened


class _Pass:
    """What comes one after the other; several passes can share their gates, which the words then open once."""

    def __init__(self, gates: Sequence[_Gate]) -> None:
        self.gates = gates
        self._share(_Gates(gates), 0)

    def _share(self, table: _Gates, first: int) -> None:
        self._table, self._first = table, first
        self._sides = {
            (exclusion, alone): _bits(one.tells_of(exclusion=exclusion, alone=alone) for one in self.gates) << first
            for exclusion in (False, True)
            for alone in (False, True)
        }

    def opened(self, whole: Whole) -> Iterator[int]:
        """Yield the places of the gates that a criterion opens."""
        if whole.opened is None or whole.opened[0] is not self._table:
            whole.opened = self._table, self._table.opened(whole)
        opened = whole.opened[1] & self._sides[whole.exclusion, type(whole.rule) is Predicate]
        while opened:
            last = opened & -opened
            yield last.bit_length() - 1 - self._first
            opened ^= last

    @staticmethod
    def share(*passes: _Pass) -> None:
        """Give several passes one table of gates."""
        table = _Gates([gate for one in passes for gate in one.gates])
        first = 0
        for one in passes:
            one._share(table, first)
            first += len(one.gates)


def _opening(gates: Sequence[_Gate], needs: Callable[[_Gate], Iterable[str]]) -> dict[str, int]:
    """Return for each of what some gates need which of them it opens."""
    found = dict[str, int]()
    for place, one in enumerate(gates):
        for need in needs(one):
            found[need] = found.get(need, 0) | 1 << place
    return found


def _bits(told: Iterable[bool]) -> int:
    return sum(1 << place for place, one in enumerate(told) if one)


class Looks(_Pass):
    """
    Looks of which the first that finds something counts.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> gout = Predicate(kind="condition", concept=ConceptRef("gout"))
    >>> look = Look(lambda whole: (0, 4), "even", exclusion=True)
    >>> [Looks(look).first(Whole(text, 10, gout, exclusion=True)) for text in ("Even gout", "Gout")]
    [(10, 14), None]
    """

    def __init__(self, *looks: Look) -> None:
        super().__init__(looks)
        self._looks = [one.find for one in looks]

    def first(self, whole: Whole) -> Span | None:
        """Return the first place in the source that one of them finds."""
        for place in self.opened(whole):
            found = self._looks[place](whole)
            if found is not None:
                return whole.start + found[0], whole.start + max(found[1], found[0] + 1)
        return None


class Mends(_Pass):
    """
    Mends that are made one after the other.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> gout = Predicate(kind="condition", concept=ConceptRef("gout"))
    >>> mends = Mends(Mend(lambda whole: Not(whole.rule), "no"))
    >>> mends.made(Whole("No gout", 0, gout, exclusion=True)).rule == Not(gout)
    True
    """

    def __init__(self, *mends: Mend) -> None:
        super().__init__(mends)
        self._mends = [one.change for one in mends]

    def made(self, whole: Whole) -> Whole:
        """Return a criterion with its rule mended."""
        for place in self.opened(whole):
            whole = whole.of(self._mends[place](whole))
        return whole


def stated(rule: Rule, *, held: bool = True) -> Iterator[Predicate]:
    """Yield the predicates that make a rule hold by being so."""
    if type(rule) is Predicate:
        if held and rule.op == "present":
            yield rule
    elif type(rule) is Not:
        yield from stated(rule.rule, held=not held)
    elif type(rule) is Unless:
        yield from stated(rule.rule, held=held)
    elif type(rule) is not Left:
        for one in children(rule):
            yield from stated(one, held=held)


def facts_of(rule: Rule) -> list[Predicate]:
    """Return all that a rule asks for."""
    return [leaf for leaf in leaves(rule) if type(leaf) is Predicate]


def kinds_of(rule: Rule) -> set[str]:
    """Return the kinds of all that a rule asks for."""
    return {leaf.kind for leaf in leaves(rule) if type(leaf) is Predicate}


def _wholes(rule: Rule, parent: Rule | None = None) -> Iterator[tuple[All | AnyOf, Rule | None]]:
    if type(rule) is All or type(rule) is AnyOf:
        yield rule, parent
    if type(rule) is not Predicate and type(rule) is not Left:
        for one in children(rule):
            yield from _wholes(one, rule)
