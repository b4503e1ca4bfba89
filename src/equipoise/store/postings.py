"""
The literals of an edition's compiled studies, by concept: which studies demand what.

In an edition's folder ``criteria``: ``literals.npy``, in order of concept; ``offsets.npy``, where each
concept's literals begin; ``studies.npy``, the compiled studies in order of number; ``names.json``,
the words that the codes stand for. Code 0 is the empty word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from equipoise.store.columns import Array
from equipoise.store.demands import Literal

CODED = ("concept", "op", "unit", "relative_to", "qualifier", "window")

LITERALS = np.dtype(
    [
        ("study", "<u4"), ("clause", "<u2"), ("way", "<u2"), ("needed", "<u2"), ("holds", "?"), ("value", "<f8"),
        ("upper", "<f8"), *((name, "<u4") for name in CODED),
    ]
)  # fmt: skip


class Postings:
    """The literals of the studies whose criteria are compiled.

    ``names`` maps each coded field to its words; ``studies`` are number codes, in order.
    """

    def __init__(self, literals: Array, studies: Array, names: dict[str, list[str]]) -> None:
        self.literals = literals
        self.studies = studies
        self.names = names
        self.offsets = np.searchsorted(literals["concept"], np.arange(len(names["concept"]) + 1))

    def __len__(self) -> int:
        return len(self.studies)

    def of_concepts(self, codes: Iterable[int]) -> Array:
        """Return the literals about these concepts."""
        found = [self.literals[self.offsets[code] : self.offsets[code + 1]] for code in codes]
        return np.concatenate(found) if found else self.literals[:0]

    def of_study(self, number: int) -> Array:
        """Return the literals of one study, by its number code; this looks at all of them."""
        found: Array = self.literals[self.literals["study"] == number]
        return found

    def without(self, numbers: Array) -> Postings:
        """Return the postings without these studies."""
        kept = ~np.isin(self.literals["study"], numbers)
        return Postings(self.literals[kept], self.studies[~np.isin(self.studies, numbers)], self.names)

    def save(self, folder: Path) -> None:
        """Write the postings into an empty folder."""
        folder.mkdir(parents=True)
        np.save(folder / "literals.npy", self.literals)
        np.save(folder / "offsets.npy", self.offsets)
        np.save(folder / "studies.npy", self.studies)
        (folder / "names.json").write_bytes(msgspec.json.encode(self.names))

    @classmethod
    def open(cls, folder: Path) -> Postings:
        """Map the postings in *folder* into memory; there are none where it has no such folder.

        Raises:
            OSError, ValueError: a file is missing or broken.
        """
        if not folder.is_dir():
            return cls.none()

        def array(name: str) -> Array:
            mapped: Array = np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
            return mapped

        opened = cls.__new__(cls)
        opened.literals, opened.studies, opened.offsets = array("literals"), array("studies"), array("offsets")
        opened.names = msgspec.json.decode((folder / "names.json").read_bytes(), type=dict[str, list[str]])
        if opened.literals.dtype != LITERALS:
            raise ValueError("the literals have other fields")
        return opened

    @classmethod
    def none(cls) -> Postings:
        """Return the postings of no study."""
        return cls(np.zeros(0, LITERALS), np.zeros(0, np.uint32), {name: [""] for name in CODED})


class PostingsBuilder:
    """Add studies to the postings of the edition before."""

    def __init__(self, old: Postings) -> None:
        self._old = old
        self._names = {name: list(words) for name, words in old.names.items()}
        self._codes = {name: {word: code for code, word in enumerate(words)} for name, words in self._names.items()}
        self._rows: list[Array] = []
        self._studies: list[int] = []

    def _code(self, field: str, word: str) -> int:
        codes = self._codes[field]
        if word not in codes:
            codes[word] = len(codes)
            self._names[field].append(word)
        return codes[word]

    def add(self, number: int, literals: Iterable[Literal]) -> None:
        """Add the literals of a compiled study, which the postings do not have yet."""
        rows = [
            (
                number, one.clause, one.way, one.needed, one.holds,
                np.nan if one.value is None else one.value, np.nan if one.upper is None else one.upper,
                *(self._code(field, getattr(one, field)) for field in CODED),
            )
            for one in literals
        ]  # fmt: skip
        self._studies.append(number)
        if rows:
            self._rows.append(np.array(rows, LITERALS))

    def postings(self) -> Postings:
        """Return the postings with what was added, in order."""
        literals = np.concatenate([self._old.literals, *self._rows])
        order = np.lexsort((literals["way"], literals["clause"], literals["study"], literals["concept"]))
        studies = np.sort(np.concatenate([self._old.studies, np.array(self._studies, np.uint32)]))
        return Postings(literals[order], studies, self._names)


def read_back(postings: Postings) -> Iterator[tuple[int, list[Literal]]]:
    """Yield the number code of each compiled study, in order, with its literals."""
    by_study = postings.literals[np.argsort(postings.literals["study"], kind="stable")]
    ends = np.searchsorted(by_study["study"], postings.studies, side="right")
    starts = np.searchsorted(by_study["study"], postings.studies)
    for number, start, end in zip(postings.studies.tolist(), starts, ends, strict=True):
        yield number, [_literal(row, postings.names) for row in by_study[start:end]]


def _literal(row: Any, names: dict[str, list[str]]) -> Literal:
    """Return a row of the literals as what it was made of."""
    return Literal(
        clause=int(row["clause"]),
        way=int(row["way"]),
        needed=int(row["needed"]),
        holds=bool(row["holds"]),
        value=None if np.isnan(row["value"]) else float(row["value"]),
        upper=None if np.isnan(row["upper"]) else float(row["upper"]),
        **{field: names[field][int(row[field])] for field in CODED},
    )
