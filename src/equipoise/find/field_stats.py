"""
What one field holds over all studies: a tally for each kind of field, filled study by study.

Memory stays bounded whatever the library's size: of texts only their hashes are kept, in a file;
the values that lead the list are read again from studies that have them.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from array import array
from collections import Counter
from collections.abc import Sequence
from tempfile import TemporaryFile
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from equipoise.terms.fields import Field

TOP = 250
_SPILL = 1 << 16
_MASK = (1 << 64) - 1

TYPES = ("ENUM", "STRING", "DATE", "INTEGER", "NUMBER", "BOOLEAN")

_DATES = (
    (re.compile(r"\d{4}-\d\d-\d\d\Z"), "yyyy-MM-dd"),
    (re.compile(r"\d{4}-\d\d\Z"), "yyyy-MM"),
    (re.compile(r"\d{4}\Z"), "yyyy"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d\Z"), "yyyy-MM-dd'T'HH:mm"),
)


def stats_type(known: Field) -> str:
    """Return the kind of tally a field gets, an empty string for a field that holds others.

    >>> from equipoise.terms.fields import field
    >>> [stats_type(field(piece)) for piece in ("Phase", "StartDate", "EnrollmentCount", "HasResults")]
    ['ENUM', 'DATE', 'INTEGER', 'BOOLEAN']
    """
    plain = known.type.removesuffix("[]")
    if known.is_struct or plain == "GeoPoint":
        return ""
    if known.is_enum:
        return "ENUM"
    if known.kind == "date":
        return "DATE"
    return {"integer": "INTEGER", "long": "INTEGER", "number": "NUMBER", "boolean": "BOOLEAN"}.get(plain, "STRING")


class ValueCount(msgspec.Struct, frozen=True, rename="camel"):
    """A value and how many studies have it."""

    value: str
    studies_count: int


class Longest(msgspec.Struct, frozen=True, rename="camel"):
    """The longest value, and the study that has it."""

    length: int
    nct_id: str
    value: str


class FieldValues(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """What a field holds over all studies; which of these there are depends on ``type``."""

    type: str
    piece: str
    field: str
    missing_studies_count: int | None = None
    unique_values_count: int | None = None
    top_values: tuple[ValueCount, ...] | None = None
    longest: Longest | None = None
    min: str | float | int | None = None
    max: str | float | int | None = None
    avg: float | None = None
    formats: tuple[str, ...] | None = None
    true_count: int | None = None
    false_count: int | None = None


class SizeCount(msgspec.Struct, frozen=True, rename="camel"):
    """A number of entries, and how many studies have a list of that many."""

    size: int
    studies_count: int


class FieldSizes(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """How long a field's lists are over all studies; where no study has one there is no least and no greatest."""

    piece: str
    field: str
    unique_sizes_count: int
    min_size: int | None = None
    max_size: int | None = None
    top_sizes: tuple[SizeCount, ...] = ()


def text_hash(text: str) -> int:
    """Return what stands for a text while texts are counted; it differs between runs."""
    return hash(text) & _MASK


class Tally(ABC):
    """Counts one field. ``add`` is given all values that one study has, at least one."""

    def __init__(self, known: Field) -> None:
        self.known = known
        self.studies = 0

    def add(self, row: int, number: str, values: list[Any]) -> None:
        """Count a study."""
        self.studies += 1
        self._add(row, number, values)

    @abstractmethod
    def _add(self, row: int, number: str, values: list[Any]) -> None: ...

    @abstractmethod
    def details(self) -> dict[str, Any]:
        """Return what is told of the field beside its names."""

    def result(self, studies: int) -> FieldValues:
        """Return what the field holds over *studies* studies."""
        return FieldValues(
            stats_type(self.known),
            self.known.piece,
            self.known.path,
            missing_studies_count=studies - self.studies,
            **self.details(),
        )


class EnumTally(Tally):
    """Counts the values of an enumeration."""

    def __init__(self, known: Field) -> None:
        super().__init__(known)
        self._counts: Counter[str] = Counter()

    def _add(self, row: int, number: str, values: list[Any]) -> None:
        self._counts.update({str(value) for value in values})

    def details(self) -> dict[str, Any]:
        """Return the values, the most frequent first."""
        ordered = sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        return {
            "unique_values_count": len(ordered),
            "top_values": tuple(ValueCount(value, count) for value, count in ordered[:TOP]),
        }


class TextTally(Tally):
    """Counts texts by their hashes; :meth:`leaders` says which values must be read again."""

    def __init__(self, known: Field) -> None:
        super().__init__(known)
        self._hashes, self._rows = array("Q"), array("I")
        self._files = TemporaryFile(), TemporaryFile()  # noqa: SIM115  # closed, and so deleted, in count()
        self._longest = (-1, "", "")
        self._unique = 0
        self._top: list[tuple[int, int, int]] = []
        self._values: dict[int, str] = {}

    def _add(self, row: int, number: str, values: list[Any]) -> None:
        texts = {value if isinstance(value, str) else str(value) for value in values}
        for text in texts:
            self._hashes.append(text_hash(text))
            self._rows.append(row)
        longest = max(texts, key=lambda text: (len(text), text))
        if len(longest) > self._longest[0]:
            self._longest = (len(longest), number, longest)
        if len(self._hashes) >= _SPILL:
            self._spill()

    def _spill(self) -> None:
        for values, file in zip((self._hashes, self._rows), self._files, strict=True):
            values.tofile(file)
            del values[:]

    def count(self) -> None:
        """Count what was added; nothing may be added afterwards."""
        self._spill()
        hashes, rows = (self._read(file, kind) for file, kind in zip(self._files, (np.uint64, np.uint32), strict=True))
        # Stable, so that the first row of each hash is the first study that has it.
        order = np.argsort(hashes, kind="stable")
        unique, first, counts = np.unique(hashes[order], return_index=True, return_counts=True)
        firsts = rows[order][first]
        self._unique = len(unique)
        best = np.lexsort((firsts, -counts))[:TOP]
        self._top = [(int(unique[at]), int(firsts[at]), int(counts[at])) for at in best]

    @staticmethod
    def _read(file: Any, kind: type) -> npt.NDArray[Any]:
        with file:
            file.seek(0)
            return np.frombuffer(file.read(), dtype=kind)

    def leaders(self) -> list[tuple[int, int]]:
        """Return the hashes that lead, each with a row of a study that has it."""
        return [(digest, row) for digest, row, _ in self._top]

    def know(self, values: Sequence[Any]) -> None:
        """Note the values of a study that has some that lead."""
        wanted = {digest for digest, *_ in self._top}
        texts = (value if isinstance(value, str) else str(value) for value in values)
        self._values |= {digest: text for text in texts if (digest := text_hash(text)) in wanted}

    def details(self) -> dict[str, Any]:
        """Return the values, the most frequent first, and the longest."""
        length, number, value = self._longest
        return {
            "unique_values_count": self._unique,
            "top_values": tuple(ValueCount(self._values[digest], count) for digest, _, count in self._top),
            "longest": Longest(length, number, value) if length >= 0 else None,
        }


class DateTally(Tally):
    """Finds the first and last date, and how precise dates are."""

    def __init__(self, known: Field) -> None:
        super().__init__(known)
        self._least: str | None = None
        self._most: str | None = None
        self._formats: set[str] = set()

    def _add(self, row: int, number: str, values: list[Any]) -> None:
        for value in values:
            found = next((form for pattern, form in _DATES if pattern.match(str(value))), None)
            if found:
                self._formats.add(found)
                self._least = min(self._least or value, value)
                self._most = max(self._most or value, value)

    def details(self) -> dict[str, Any]:
        """Return the dates at the ends, and the formats."""
        return {"min": self._least, "max": self._most, "formats": tuple(sorted(self._formats))}


class NumberTally(Tally):
    """Finds the least, the greatest and the mean number."""

    def __init__(self, known: Field) -> None:
        super().__init__(known)
        self._count, self._sum = 0, 0.0
        self._least: float | None = None
        self._most: float | None = None

    def _add(self, row: int, number: str, values: list[Any]) -> None:
        for value in (value for value in values if isinstance(value, (int, float)) and not isinstance(value, bool)):
            self._count += 1
            self._sum += value
            self._least = value if self._least is None else min(self._least, value)
            self._most = value if self._most is None else max(self._most, value)

    def details(self) -> dict[str, Any]:
        """Return the numbers at the ends, and the mean."""
        mean = round(self._sum / self._count, 4) if self._count else None
        return {"min": self._least, "max": self._most, "avg": mean}


class BooleanTally(Tally):
    """Counts yes and no."""

    def __init__(self, known: Field) -> None:
        super().__init__(known)
        self._counts = [0, 0]

    def _add(self, row: int, number: str, values: list[Any]) -> None:
        for value in {value for value in values if isinstance(value, bool)}:
            self._counts[value] += 1

    def details(self) -> dict[str, Any]:
        """Return how many studies say yes, and how many no."""
        return {"true_count": self._counts[True], "false_count": self._counts[False]}


TALLIES: dict[str, type[Tally]] = {
    "ENUM": EnumTally,
    "STRING": TextTally,
    "DATE": DateTally,
    "INTEGER": NumberTally,
    "NUMBER": NumberTally,
    "BOOLEAN": BooleanTally,
}


class SizeTally:
    """Counts how long a field's lists are."""

    def __init__(self, known: Field) -> None:
        self.known = known
        self._counts: Counter[int] = Counter()

    def add(self, sizes: set[int]) -> None:
        """Count a study's lists."""
        self._counts.update(sizes)

    def result(self) -> FieldSizes:
        """Return how long the lists are."""
        ordered = sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        return FieldSizes(
            piece=self.known.piece,
            field=self.known.path,
            unique_sizes_count=len(ordered),
            min_size=min(self._counts, default=None),
            max_size=max(self._counts, default=None),
            top_sizes=tuple(SizeCount(size, count) for size, count in ordered[:TOP]),
        )
