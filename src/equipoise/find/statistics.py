"""
Statistics of an edition: what its fields hold, how long their lists are, how large its records are.

They are taken from the documents in one pass for all fields that are asked for and not known yet,
and kept in the edition's folder, which never changes. Where that cannot be written they are kept in
memory.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import numpy as np

from equipoise.find.field_stats import TALLIES, FieldSizes, FieldValues, SizeTally, Tally, TextTally, stats_type
from equipoise.find.selection import Tree, make_tree
from equipoise.records.published import read_json
from equipoise.store.durable import write_whole
from equipoise.store.library import Library
from equipoise.terms.fields import Field, fields

LARGEST = 10
PERCENTILES = (1, 5, 10, 25, 50, 75, 90, 95, 99)
_RANGES = tuple(1024 << power for power in range(1, 13))


class StudySize(msgspec.Struct, frozen=True, rename="camel"):
    """A study, and the bytes of its record."""

    id: str
    size_bytes: int


class SizeRange(msgspec.Struct, frozen=True, rename="camel"):
    """How many records have a size in a range of bytes."""

    size_range: str
    studies_count: int


class RecordSizes(msgspec.Struct, frozen=True, rename="camel"):
    """How large the records are."""

    total_studies: int
    average_size_bytes: int
    percentiles: dict[str, int]
    ranges: tuple[SizeRange, ...]
    largest_studies: tuple[StudySize, ...]


class _Known(msgspec.Struct):
    values: dict[str, FieldValues] = {}
    sizes: dict[str, FieldSizes] = {}
    records: RecordSizes | None = None


def leaves() -> list[Field]:
    """Return the fields of which values can be counted."""
    return [one for one in fields() if stats_type(one)]


def lists() -> list[Field]:
    """Return the fields that hold lists."""
    return [one for one in fields() if one.is_list]


def values_at(value: Any, tree: Tree, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the path and value of each field of a record that *tree* names; lists are entered.

    >>> list(values_at({"a": [{"b": 1}, {"b": 2}], "c": []}, {"a": {"b": {}}, "c": {}}))
    [('a.b', 1), ('a.b', 2)]
    """
    if isinstance(value, list):
        for entry in value:
            yield from values_at(entry, tree, prefix)
    elif not tree:
        yield prefix, value
    elif isinstance(value, dict):
        for name, below in tree.items():
            if name in value:
                yield from values_at(value[name], below, f"{prefix}.{name}" if prefix else name)


def list_sizes(value: Any, tree: Tree, wanted: frozenset[str], prefix: str = "") -> Iterator[tuple[str, int]]:
    """Yield the path and length of each list of a record that is *wanted*."""
    if isinstance(value, list):
        if prefix in wanted:
            yield prefix, len(value)
        for entry in value if tree else ():
            if not isinstance(entry, list):
                yield from list_sizes(entry, tree, wanted, prefix)
    elif isinstance(value, dict):
        for name, below in tree.items():
            if name in value:
                yield from list_sizes(value[name], below, wanted, f"{prefix}.{name}" if prefix else name)


def _full_tree(paths: Iterable[str]) -> Tree:
    """Return the paths as a tree in which one may lie below another."""
    tree: Tree = {}
    for path in paths:
        node = tree
        for name in path.split("."):
            node = node.setdefault(name, {})
    return tree


def count_values(library: Library, wanted: Iterable[Field]) -> list[FieldValues]:
    """Return what each of these fields holds over all studies."""
    tallies: dict[str, Tally] = {one.path: TALLIES[stats_type(one)](one) for one in wanted}
    tree = make_tree(tallies)
    for row, (number, document) in enumerate(library.documents()):
        found = defaultdict(list)
        for path, value in values_at(read_json(document), tree):
            if value is not None and not isinstance(value, dict):
                found[path].append(value)
        for path, values in found.items():
            tallies[path].add(row, number, values)
    _read_leaders(library, [one for one in tallies.values() if isinstance(one, TextTally)])
    return [one.result(len(library)) for one in tallies.values()]


def _read_leaders(library: Library, tallies: list[TextTally]) -> None:
    """Read the texts that lead from the studies that have them, each study once."""
    by_row: dict[int, list[TextTally]] = defaultdict(list)
    for tally in tallies:
        tally.count()
        for row in {row for _, row in tally.leaders()}:
            by_row[row].append(tally)
    for row, several in sorted(by_row.items()):
        tree = make_tree(one.known.path for one in several)
        found = defaultdict(list)
        for path, value in values_at(read_json(library.document_at(row)), tree):
            found[path].append(value)
        for tally in several:
            tally.know(found[tally.known.path])


def count_sizes(library: Library, wanted: Iterable[Field]) -> list[FieldSizes]:
    """Return how long the lists of each of these fields are."""
    tallies = {one.path: SizeTally(one) for one in wanted}
    tree, paths = _full_tree(tallies), frozenset(tallies)
    for _, document in library.documents():
        found = defaultdict(set)
        for path, size in list_sizes(read_json(document), tree, paths):
            found[path].add(size)
        for path, sizes in found.items():
            tallies[path].add(sizes)
    return [one.result() for one in tallies.values()]


def _range_words(low: int, high: int | None) -> str:
    return f"{low >> 10}KB-{high >> 10}KB" if high else f"{low >> 10}KB+"


def measure_records(library: Library) -> RecordSizes:
    """Return how large the records are, as they were published."""
    rows = np.asarray(library.columns.flat["version"])
    by_version = dict(library.stored.sizes(library.edition.number))
    sizes = np.array([by_version[int(row)] for row in rows], dtype=np.int64)
    bounds = [0, *_RANGES]
    counts = np.histogram(sizes, bins=[*bounds, max(bounds[-1] + 1, int(sizes.max(initial=0)) + 1)])[0]
    largest = np.lexsort((np.arange(len(sizes)), -sizes))[:LARGEST]
    return RecordSizes(
        total_studies=len(sizes),
        average_size_bytes=round(float(sizes.mean())) if len(sizes) else 0,
        percentiles={str(one): int(np.percentile(sizes, one)) for one in PERCENTILES} if len(sizes) else {},
        ranges=tuple(
            SizeRange(_range_words(low, high), int(count))
            for low, high, count in zip(bounds, [*bounds[1:], None], counts, strict=True)
            if count
        ),
        largest_studies=tuple(StudySize(library.columns.number(int(at)), int(sizes[at])) for at in largest),
    )


class Statistics:
    """The statistics of one edition, taken when they are first asked for."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._file = library.folder.edition(library.edition.number) / "statistics.json"
        self._lock = threading.Lock()
        self._known = self._read()

    def _read(self) -> _Known:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=_Known)
        except (OSError, msgspec.DecodeError):
            return _Known()

    def _keep(self) -> None:
        try:
            write_whole(self._file, msgspec.json.encode(self._known))
        except OSError:
            return  # another's library, a full disk, or an edition that was dropped: memory has them

    def values(self, wanted: list[Field]) -> list[FieldValues]:
        """Return what these fields hold."""
        with self._lock:
            missing = [one for one in wanted if one.piece not in self._known.values]
            if missing:
                self._known.values |= {one.piece: one for one in count_values(self._library, missing)}
                self._keep()
            return [self._known.values[one.piece] for one in wanted]

    def sizes(self, wanted: list[Field]) -> list[FieldSizes]:
        """Return how long the lists of these fields are."""
        with self._lock:
            missing = [one for one in wanted if one.piece not in self._known.sizes]
            if missing:
                self._known.sizes |= {one.piece: one for one in count_sizes(self._library, missing)}
                self._keep()
            return [self._known.sizes[one.piece] for one in wanted]

    def records(self) -> RecordSizes:
        """Return how large the records are."""
        with self._lock:
            if self._known.records is None:
                self._known.records = measure_records(self._library)
                self._keep()
            return self._known.records
