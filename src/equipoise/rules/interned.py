"""
Rules as tables: each distinct predicate once, each distinct tree over predicates once.

Criteria repeat one another: 355,000 of the registry have 190,000 distinct predicates and fewer distinct trees. What
does not bear on the answer is left out first (spans, synonyms, the words of a question to a person), and trees
that always answer the same way become one. Answers and moments stay those of `equipoise.rules.evaluate`, which a
property test holds; evidence and what would settle an unknown are read from the rule itself.

A rule is a number: predicate *n* is ``n``, node *n* is ``~n``. The first two predicates stand for all that were
not understood and for all that a person must answer.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from equipoise.rules.nodes import (
    KINDS,
    OPS,
    All,
    AtLeast,
    ConceptRef,
    Left,
    Not,
    Predicate,
    Rule,
    Unless,
    Window,
    taking_out,
)

# Grows when the same rule makes other rows, or other texts ask for agreement; columns of another number are made anew.
LAYOUT = 3

# The fields of a predicate's row, with their codes of `struct`. Those of "I" are words, 0 for none.
LEAF = (
    ("kind", "B"), ("op", "B"), ("concept", "I"), ("unit", "I"), ("qualifier", "I"), ("window", "I"), ("which", "I"),
    ("relative_to", "I"), ("population", "I"), ("alteration", "I"), ("from", "I"), ("to", "I"), ("text", "I"),
    ("value", "d"), ("upper", "d"),
)  # fmt: skip
WORDS = tuple(name for name, code in LEAF if code == "I")
NODE = (("op", "B"), ("flags", "B"), ("height", "H"), ("count", "I"))

# The predicates that stand for many.
NOT_UNDERSTOOD, ADMINISTRATIVE = 0, 1

# What a node does. Of UNLESS the parts are the rule, the exception, and of what the exception may take something out.
NOT, ALL, ANY, AT_LEAST, UNLESS = 0, 1, 2, 3, 4
# What holds or not by its parts alone, in whatever order.
UNORDERED = (ALL, ANY, AT_LEAST)

# What may become of a rule: it may hold, it may not, a person alone may keep it open, its answer may turn in time.
TRUE, FALSE, PERSON, TURNS = 1, 2, 4, 8

# Systems of codes by which a fact may be about a concept under another name.
EXACT = ("loinc", "rxnorm", "snomed")

_LEAF = struct.Struct("<" + "".join(code for _, code in LEAF))
_NODE = struct.Struct("<BI")
_NAN = float("nan")


class Interner:
    """Gives each distinct rule a number; *words* are what an earlier one gave, whose rows `adopt_leaves` takes."""

    def __init__(self, words: Mapping[str, list[str]] | None = None) -> None:
        self.words = {name: list((words or {}).get(name, [""])) for name in WORDS}
        self._codes = {name: {w: n for n, w in enumerate(known) if n} for name, known in self.words.items()}
        self.leaves: dict[bytes, int] = {}
        self.nodes: dict[bytes, int] = {}
        self.heights: list[int] = []
        self.flags: list[int] = []
        self.node_rows: list[tuple[int, int, tuple[int, ...]]] = []

    def begin(self) -> None:
        """Add the two predicates that stand for many, where nothing was interned before."""
        if not self.leaves:
            self._leaf(Predicate(kind="administrative", op="absent"))
            self._leaf(Predicate(kind="administrative"))

    def adopt_leaves(self, rows: Iterable[bytes]) -> None:
        """Take over the predicates that an earlier interner gave, in order."""
        self.leaves = {row: number for number, row in enumerate(rows)}

    def adopt_nodes(self, rows: Iterable[tuple[int, int, tuple[int, ...], int, int]]) -> None:
        """Take over nodes: what each does, its count, its parts, and its flags and height."""
        for op, count, parts, flags, height in rows:
            self._store(op, count, parts, flags, height)

    def intern(self, rule: Rule | None) -> int:
        """Return the number of a rule; of a criterion without one nothing was understood."""
        if rule is None or isinstance(rule, Left):
            return NOT_UNDERSTOOD
        if isinstance(rule, Predicate):
            return ADMINISTRATIVE if rule.kind == "administrative" and rule.population is None else self._leaf(rule)
        if isinstance(rule, Not):
            return self._opposite(self.intern(rule.rule))
        if isinstance(rule, Unless):
            return self._unless(rule)
        parts = [self.intern(one) for one in rule.rules]
        if isinstance(rule, All):
            return self._all(parts)
        if isinstance(rule, AtLeast):
            return self._node(AT_LEAST, max(rule.count, 0), tuple(sorted(parts)))
        # Any of nothing is as at least one of nothing: only counting bears nothing.
        return self._node(ANY, 0, tuple(sorted(set(parts)))) if parts else self._node(AT_LEAST, 1, ())

    def _unless(self, rule: Unless) -> int:
        stated, exception = self.intern(rule.rule), self.intern(rule.exception)
        wider, taken = taking_out(rule)
        kinds = {one.kind for one in wider}
        if not taken or not all(one.kind in kinds for one in taken) or not self._may(stated) & TRUE:
            return self._all([stated, self._opposite(exception)])
        named = sorted({self.intern(one) for one in wider if any(one.kind == other.kind for other in taken)})
        return self._node(UNLESS, 0, (stated, exception, *named))

    def _opposite(self, part: int) -> int:
        # Turning an answer twice loses the moments of an unknown one, so that two denials are no nothing.
        return part if part in (NOT_UNDERSTOOD, ADMINISTRATIVE) else self._node(NOT, 0, (part,))

    def _all(self, parts: Iterable[int]) -> int:
        flat: set[int] = set()
        for one in parts:
            inner = self.node_rows[~one] if one < 0 else None
            flat.update(inner[2] if inner is not None and inner[0] == ALL else (one,))
        if not flat:
            return self._node(AT_LEAST, 0, ())
        return flat.pop() if len(flat) == 1 else self._node(ALL, 0, tuple(sorted(flat)))

    # Rows

    def _code(self, field: str, word: str | None) -> int:
        if word is None:
            return 0
        codes = self._codes[field]
        if word not in codes:
            codes[word] = len(self.words[field])
            self.words[field].append(word)
        return codes[word]

    def _leaf(self, rule: Predicate) -> int:
        value, upper = rule.value, rule.upper
        words = {
            "concept": concept_word(rule.concept),
            "unit": rule.unit,
            "qualifier": _word(sorted(set(rule.qualifier))) if rule.qualifier else None,
            "window": window_word(rule.window),
            "which": None if rule.which == "latest" else rule.which,
            "relative_to": rule.relative_to,
            "population": rule.population,
            "alteration": rule.alteration,
            "from": rule.from_,
            "to": rule.to,
            "text": value if isinstance(value, str) else None,
        }
        row = _LEAF.pack(
            KINDS.index(rule.kind),
            OPS.index(rule.op),
            *(self._code(field, word) for field, word in words.items()),
            _NAN if value is None or isinstance(value, str) else float(value),
            _NAN if upper is None else float(upper),
        )
        return self.leaves.setdefault(row, len(self.leaves))

    def _node(self, op: int, count: int, parts: tuple[int, ...]) -> int:
        known = self.nodes.get(_key(op, count, parts))
        if known is not None:
            return ~known
        flags = self._flags(op, count, parts)
        if not flags:
            return NOT_UNDERSTOOD  # unknown, whatever the record says
        height = 1 + max((self.heights[~one] for one in parts if one < 0), default=0)
        return self._store(op, count, parts, flags, height)

    def _store(self, op: int, count: int, parts: tuple[int, ...], flags: int, height: int) -> int:
        number = len(self.nodes)
        self.nodes[_key(op, count, parts)] = number
        self.node_rows.append((op, count, parts))
        self.flags.append(flags)
        self.heights.append(height)
        return ~number

    # What may become of a node

    def _may(self, part: int) -> int:
        if part < 0:
            return self.flags[~part]
        if part in (NOT_UNDERSTOOD, ADMINISTRATIVE):
            return PERSON if part == ADMINISTRATIVE else 0
        return TRUE | FALSE | PERSON | TURNS

    def _flags(self, op: int, count: int, parts: tuple[int, ...]) -> int:
        """Return what may become of a node; more than can, perhaps, and never less."""
        may = [self._may(one) for one in parts]
        # What was not understood is always unknown, and no person's matter.
        doubt = NOT_UNDERSTOOD in parts
        person = 0 if doubt or not any(one & PERSON for one in may) else PERSON
        turns = TURNS if any(one & TURNS for one in may) else 0
        if op == UNLESS:
            can = (may[0] & TRUE) | (FALSE if may[0] & FALSE or may[1] & TRUE else 0)
            return can | person | turns
        if op == NOT:
            can = (TRUE if may[0] & FALSE else 0) | (FALSE if may[0] & TRUE else 0)
            return can | person | (TURNS if may[0] & FALSE else 0)
        true, false = (sum(bool(one & bit) for one in may) for bit in (TRUE, FALSE))
        if op == ALL:
            can = (TRUE if true == len(may) else 0) | (FALSE if false else 0)
            return can | person | turns
        if op == ANY:
            can = (TRUE if true else 0) | (FALSE if false == len(may) else 0)
            return can | person | (0 if doubt else turns)
        return (TRUE if true >= count else 0) | (FALSE if false > len(may) - count else 0) | person


def _key(op: int, count: int, parts: tuple[int, ...]) -> bytes:
    return _NODE.pack(op, count) + struct.pack(f"<{len(parts)}i", *parts)


# Words of a row, and back


def _word(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def concept_word(concept: ConceptRef | None) -> str | None:
    """Return a concept in one word: its name, and the codes by which a fact may be about it.

    >>> concept_word(ConceptRef("platelet count", codes={"loinc": "777-3", "mesh": "D010976"}))
    '["platelet count",{"loinc":"777-3"}]'
    """
    if concept is None:
        return None
    codes = {system: concept.codes[system] for system in EXACT if system in concept.codes}
    return _word([concept.name, codes])


def read_concept(word: str) -> ConceptRef:
    """Return the concept of a word."""
    name, codes = msgspec.json.decode(word)
    return ConceptRef(name, codes=codes)


def window_word(window: Window | None) -> str | None:
    """Return a window in one word."""
    parts = None if window is None else [window.anchor, window.side, window.within, window.at_least]
    return None if parts is None else _word(parts)


def read_window(word: str) -> Window:
    """Return the window of a word.

    >>> read_window(window_word(Window(anchor="surgery", side="after", within="P28D"))).within
    'P28D'
    """
    return Window(*msgspec.json.decode(word))


def read_qualifiers(word: str) -> tuple[str, ...]:
    """Return the qualifiers of a word."""
    return tuple(msgspec.json.decode(word))
