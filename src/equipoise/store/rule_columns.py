"""
Rules as columns: what one patient is asked by every study at once.

In an edition's folder ``rules``: for each compiled study its parentless criteria, in the order of the text, each with
its side and the number of its rule; and each distinct predicate and node once (`equipoise.rules.interned`).

- ``studies`` are the compiled studies in order of number, ``offsets`` where each one's criteria begin;
- ``criteria`` has the ``rule`` of each, its ``side`` (0 for an inclusion, 1 for an exclusion), which ``agreement`` is
  all that it asks for (1 consent, 2 compliance, 3 both, 4 nothing, else 0) and its ``place``, the number in its id;
- ``leaves`` are the predicates; ``nodes`` the inner nodes, numbered behind them, by height and by what they do;
  the parts of node *i* are ``parts[starts[i]:starts[i + 1]]``;
- ``names.json`` has the words that the codes stand for.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

import msgspec
import numpy as np

from equipoise.rules.interned import LAYOUT, LEAF, NODE, UNORDERED, WORDS, Interner
from equipoise.rules.nodes import Rule
from equipoise.store.columns import Array
from equipoise.store.ragged import Ragged

CRITERIA = np.dtype([("rule", "<i4"), ("side", "u1"), ("agreement", "u1"), ("place", "<u2")])
_TYPES = {"B": "u1", "H": "<u2", "I": "<u4", "d": "<f8"}
LEAVES = np.dtype([(name, _TYPES[code]) for name, code in LEAF])
NODES = np.dtype([(name, _TYPES[code]) for name, code in NODE])
ARRAYS = ("studies", "offsets", "criteria", "leaves", "nodes", "starts", "parts")

_ID = re.compile(r"([IE])(\d{1,5})")


class Answered(msgspec.Struct, frozen=True):
    """
    A criterion that is answered: a parentless one, by its id, with its rule if anything was understood.

    ``agreement`` says that it only asks a person for consent (1), compliance (2) or both (3), or asks
    nothing of anybody (4).
    """

    id: str
    rule: Rule | None
    agreement: int = 0


class _Layout(msgspec.Struct):
    """What ``names.json`` holds, but for the words, which are read when they are needed."""

    layout: int


class _Names(_Layout):
    """What ``names.json`` holds."""

    words: dict[str, list[str]]


def criterion_id(side: int, place: int) -> str:
    """Return the id of a criterion.

    >>> criterion_id(1, 9)
    'E9'
    """
    return f"{'IE'[side]}{place}"


class RuleColumns:
    """
    The rules of one edition; *arrays* are those named by `ARRAYS`.

    *words* are those that the codes stand for, or the JSON that has them.
    """

    def __init__(self, arrays: dict[str, Array], words: dict[str, list[str]] | bytes) -> None:
        self.arrays = arrays
        self._words = words

    @cached_property
    def words(self) -> dict[str, list[str]]:
        """The words that the codes stand for."""
        if isinstance(self._words, bytes):
            return msgspec.json.decode(self._words, type=_Names).words
        return self._words

    def __len__(self) -> int:
        return len(self.studies)

    @property
    def studies(self) -> Array:
        """The number codes of the studies whose rules are here, in order."""
        return self.arrays["studies"]

    @property
    def criteria(self) -> Ragged:
        """The criteria of each study."""
        return Ragged(self.arrays["criteria"], self.arrays["offsets"])

    def keep(self, kept: Array) -> RuleColumns:
        """Return the columns of these studies only; *kept* says of each whether it stays."""
        criteria = self.criteria.take(np.flatnonzero(kept))
        changed = {"studies": self.studies[kept], "criteria": criteria.values, "offsets": criteria.offsets}
        return RuleColumns({**self.arrays, **changed}, self._words)

    def of_study(self, number: int) -> list[tuple[str, int, int]] | None:
        """Return the ids, rules and agreements of a study's criteria, None where it is not compiled."""
        row = int(np.searchsorted(self.studies, number))
        if row >= len(self) or self.studies[row] != number:
            return None
        found = self.criteria[row].tolist()
        return [(criterion_id(side, place), rule, agreement) for rule, side, agreement, place in found]

    def save(self, folder: Path) -> None:
        """Write the columns into an empty folder."""
        folder.mkdir(parents=True)
        for name in ARRAYS:
            np.save(folder / f"{name}.npy", self.arrays[name])
        (folder / "names.json").write_bytes(msgspec.json.encode(_Names(LAYOUT, self.words)))

    @classmethod
    def open(cls, folder: Path) -> RuleColumns:
        """Map the columns in *folder* into memory; there are none where it has no such folder, or another layout.

        Raises:
            OSError, ValueError: a file is missing or broken.
        """
        if not folder.is_dir():
            return cls.none()
        # The file of an edition may be gone when its words are wanted.
        names = (folder / "names.json").read_bytes()
        if msgspec.json.decode(names, type=_Layout).layout != LAYOUT:
            return cls.none()
        arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in ARRAYS}
        for name, dtype in (("criteria", CRITERIA), ("leaves", LEAVES), ("nodes", NODES)):
            if arrays[name].dtype != dtype:
                raise ValueError(f"the {name} of its rules have other fields")
        return cls(arrays, names)

    @classmethod
    def none(cls) -> RuleColumns:
        """Return the columns of no study."""
        return RuleColumnsBuilder(None).columns()


def _old_nodes(old: RuleColumns) -> Iterator[tuple[int, int, tuple[int, ...], int, int]]:
    parts = old.arrays["parts"].astype(np.int64)
    leaves = len(old.arrays["leaves"])
    parts = np.where(parts < leaves, parts, ~(parts - leaves)).tolist()
    starts = old.arrays["starts"].tolist()
    for place, (op, flags, height, count) in enumerate(old.arrays["nodes"].tolist()):
        own = parts[starts[place] : starts[place + 1]]
        # They were in order of the numbers that they had before they were pruned.
        own = sorted(own) if op in UNORDERED else [*own[:2], *sorted(own[2:])]
        yield op, count, tuple(own), flags, height


class RuleColumnsBuilder:
    """Add studies to the rules of the edition before."""

    def __init__(self, old: RuleColumns | None) -> None:
        self._old = old
        self._numbers = array("I")
        self._offsets = array("q", [0])
        self._rules = array("i")
        self._sides = array("B")
        self._places = array("H")
        self._agreements = array("B")
        self._interner = Interner(old.words if old else None)
        if old is not None:
            rows = old.arrays["leaves"].tobytes()
            size = LEAVES.itemsize
            self._interner.adopt_leaves(rows[at : at + size] for at in range(0, len(rows), size))
            self._interner.adopt_nodes(_old_nodes(old))
        self._interner.begin()

    def add(self, number: int, criteria: Iterable[Answered]) -> None:
        """Add the criteria of a compiled study, which the columns do not have yet.

        Raises:
            ValueError: the id of a criterion is none of a parentless one.
        """
        for one in criteria:
            named = _ID.fullmatch(one.id)
            if named is None:
                raise ValueError(f"not the id of a criterion that is answered: {one.id!r}")
            self._rules.append(self._interner.intern(one.rule))
            self._agreements.append(one.agreement)
            self._sides.append("IE".index(named[1]))
            self._places.append(min(int(named[2]), 0xFFFF))
        self._numbers.append(number)
        self._offsets.append(len(self._rules))

    def number(self, rule: Rule | None) -> int:
        """Return the number of a rule, as an interner gives it."""
        return self._interner.intern(rule)

    def columns(self) -> RuleColumns:
        """Return the columns of all studies, in order of number, without the rules that none has any more."""
        fresh = np.zeros(len(self._rules), CRITERIA)
        fresh["rule"], fresh["side"], fresh["place"] = self._rules, self._sides, self._places
        fresh["agreement"] = self._agreements
        numbers, criteria = np.array(self._numbers, np.uint32), Ragged(fresh, np.array(self._offsets))
        leaves = np.frombuffer(b"".join(self._interner.leaves), LEAVES)
        if self._old is not None:
            kept = self._old.arrays["criteria"].copy()
            behind = kept["rule"] >= len(self._old.arrays["leaves"])
            kept["rule"][behind] = ~(kept["rule"][behind] - len(self._old.arrays["leaves"]))
            criteria = Ragged.joined(Ragged(kept, self._old.arrays["offsets"]), criteria)
            numbers = np.concatenate((self._old.studies, numbers))
        order = np.argsort(numbers, kind="stable")
        criteria = criteria.take(order)
        nodes, parts = self._nodes()
        arrays = _Pruned(leaves, nodes, parts).arrays(criteria.values)
        words = {name: list(self._interner.words[name]) for name in WORDS}
        return RuleColumns({**arrays, "studies": numbers[order], "offsets": criteria.offsets}, words)

    def _nodes(self) -> tuple[Array, Ragged]:
        rows = self._interner.node_rows
        nodes = np.zeros(len(rows), NODES)
        nodes["op"], nodes["count"] = [row[0] for row in rows], [row[1] for row in rows]
        nodes["flags"], nodes["height"] = self._interner.flags, self._interner.heights
        parts = np.fromiter((part for row in rows for part in row[2]), np.int32)
        starts = np.concatenate(([0], np.cumsum([len(row[2]) for row in rows], dtype=np.int64)))
        return nodes, Ragged(parts, starts)


class RuleComparison:
    """Compares criteria with the rules that an edition has of them."""

    def __init__(self, columns: RuleColumns) -> None:
        self._columns = columns
        self._builder = RuleColumnsBuilder(columns)

    def differs(self, number: int, criteria: Iterable[Answered]) -> bool:
        """Return whether a study's criteria are others than the columns have, where they have the study."""
        found = self._columns.of_study(number)
        if found is None:
            return False  # an earlier version wrote the edition; the next load makes them
        leaves = len(self._columns.arrays["leaves"])
        stored = [(name, rule if rule < leaves else ~(rule - leaves), agreement) for name, rule, agreement in found]
        return stored != [(one.id, self._builder.number(one.rule), one.agreement) for one in criteria]


class _Pruned:
    """Rules numbered anew: those that criteria have, nodes by height and by what they do."""

    def __init__(self, leaves: Array, nodes: Array, parts: Ragged) -> None:
        self.leaves, self.nodes, self.parts = leaves, nodes, parts
        self.has_leaf = np.zeros(len(leaves), bool)
        self.has_leaf[:2] = True  # the two that stand for many
        self.has_node = np.zeros(len(nodes), bool)

    def _mark(self, numbers: Array) -> None:
        self.has_leaf[numbers[numbers >= 0]] = True
        self.has_node[~numbers[numbers < 0]] = True

    def arrays(self, criteria: Array) -> dict[str, Array]:
        """Return the arrays of the rules, and the criteria by the new numbers."""
        self._mark(criteria["rule"])
        for height in range(int(self.nodes["height"].max(initial=0)), 0, -1):
            level = np.flatnonzero(self.has_node & (self.nodes["height"] == height))
            self._mark(self.parts.take(level).values)
        used = np.flatnonzero(self.has_node)
        used = used[np.lexsort((used, self.nodes["op"][used], self.nodes["height"][used]))]
        self.leaf_number = np.cumsum(self.has_leaf) - 1
        self.node_number = np.zeros(len(self.nodes), np.int64)
        self.node_number[used] = np.arange(len(used)) + int(self.has_leaf.sum())
        parts = self.parts.take(used)
        renumbered = criteria.copy()
        renumbered["rule"] = self._numbered(criteria["rule"])
        return {
            "criteria": renumbered,
            "leaves": self.leaves[self.has_leaf],
            "nodes": self.nodes[used],
            "starts": parts.offsets.astype(np.int64),
            "parts": self._numbered(parts.values),
        }

    def _numbered(self, rules: Array) -> Array:
        numbers = np.zeros(len(rules), np.int32)
        inner = rules < 0
        numbers[~inner] = self.leaf_number[rules[~inner]]
        numbers[inner] = self.node_number[~rules[inner]]
        return numbers
