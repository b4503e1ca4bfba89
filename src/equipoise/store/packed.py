"""
Rows of bytes of any length, one behind the other, and where each ends: two files of an edition that are mapped or read.

What a row holds, and of which study or name it is, is for its user to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from equipoise.store.columns import Array


class PackedRows:
    """
    Rows by their place.

    >>> rows = PackedRows.of([b"one", b"", b"three"])
    >>> len(rows), bytes(rows[0]), bytes(rows[2]), bytes(rows.span(0, 2)), [bytes(row) for row in rows]
    (3, b'one', b'three', b'onethree', [b'one', b'', b'three'])
    """

    def __init__(self, ends: Array, data: Array) -> None:
        if (int(ends[-1]) if len(ends) else 0) != len(data):
            raise ValueError("The ends of rows do not fit the rows")
        self._ends, self._data = ends, data

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, row: int) -> memoryview:
        return self.span(row, row)

    def __iter__(self) -> Iterator[memoryview]:
        begin = 0
        for end in self._ends.tolist():
            yield self._data[begin:end].data
            begin = end

    def span(self, first: int, last: int) -> memoryview:
        """Return the bytes of the rows from *first* to *last*, both included."""
        begin = int(self._ends[first - 1]) if first else 0
        return self._data[begin : int(self._ends[last])].data

    def save(self, folder: Path, *, ends: str = "ends", rows: str = "rows") -> None:
        """Write the rows into two files of a folder that is there."""
        np.save(folder / f"{ends}.npy", self._ends)
        np.save(folder / f"{rows}.npy", self._data)

    @classmethod
    def open(cls, folder: Path, *, ends: str = "ends", rows: str = "rows", mapped: bool = True) -> PackedRows:
        """Return the rows in two files; *mapped*, several processes share them.

        Raises:
            OSError, ValueError: a file is missing or broken, or the two do not fit.
        """
        names = (folder / f"{name}.npy" for name in (ends, rows))
        files = (np.load(name, mmap_mode="r" if mapped else None, allow_pickle=False) for name in names)
        return cls(*map(np.asarray, files))

    @classmethod
    def of(cls, rows: Iterable[bytes]) -> PackedRows:
        """Return these rows; none of none."""
        data = list(rows)
        ends = np.cumsum([len(row) for row in data], dtype=np.uint64)
        return cls(ends, np.frombuffer(b"".join(data), np.uint8))

    @staticmethod
    def save_picked(folder: Path, parts: Sequence[PackedRows], which: Array, row: Array) -> None:
        """Write one row after the other into a folder, each of one of *parts*, without all of them in memory."""
        lengths = np.zeros(len(which), np.uint64)
        for number, part in enumerate(parts):
            mine = which == number
            lengths[mine] = np.diff(part._ends, prepend=np.uint64(0))[row[mine]]
        ends = np.cumsum(lengths, dtype=np.uint64)
        np.save(folder / "ends.npy", ends)
        with (folder / "rows.npy").open("wb") as file:
            shape = (int(ends[-1]) if len(ends) else 0,)
            np.lib.format.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": shape})
            for number, first, last in _runs(which, row):
                file.write(parts[number].span(first, last))


def _runs(which: Array, row: Array) -> Iterator[tuple[int, int, int]]:
    """Yield where rows come from, as runs of rows that lie one after the other: which part, the first, the last."""
    if not len(row):
        return
    breaks = np.flatnonzero((np.diff(which) != 0) | (np.diff(row) != 1)) + 1
    begins, stops = np.append(0, breaks), np.append(breaks, len(row)) - 1
    yield from zip(which[begins].tolist(), row[begins].tolist(), row[stops].tolist(), strict=True)
