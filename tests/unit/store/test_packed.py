"""Rows of bytes come back as they were packed, from memory, from files and out of several parts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from equipoise.store.packed import PackedRows

ROWS = [b"one", b"", b"three", b"\x00\xff"]


@pytest.mark.parametrize("mapped", [True, False])
@pytest.mark.parametrize("rows", [ROWS, [], [b""]])
def test_rows_come_back(tmp_path: Path, rows: list[bytes], mapped: bool) -> None:
    """Whatever their lengths, none and empty ones too, under the names that they were saved by."""
    PackedRows.of(rows).save(tmp_path, ends="offsets", rows="names")
    found = PackedRows.open(tmp_path, ends="offsets", rows="names", mapped=mapped)
    assert [bytes(row) for row in found] == rows == [bytes(found[place]) for place in range(len(found))]


def test_rows_are_picked_out_of_parts(tmp_path: Path) -> None:
    """In the order that is asked for, a row more than once, and not at all."""
    parts = (PackedRows.of(ROWS), PackedRows.of([b"four", b"five"]))
    PackedRows.save_picked(tmp_path, parts, np.array([0, 1, 1, 0, 0]), np.array([2, 0, 1, 1, 0]))
    assert [bytes(row) for row in PackedRows.open(tmp_path)] == [b"three", b"four", b"five", b"", b"one"]


def test_ends_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    """Rows that end elsewhere than their file are not opened."""
    PackedRows.of(ROWS).save(tmp_path)
    np.save(tmp_path / "ends.npy", np.array([3], np.uint64))
    with pytest.raises(ValueError, match="do not fit"):
        PackedRows.open(tmp_path)
