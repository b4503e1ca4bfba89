"""Lists by row: what is asked of many rows by the lists that they have is what each row's own list says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.store.ragged import Ragged

VALUES = 5
LISTS = st.lists(st.lists(st.integers(0, VALUES - 1), max_size=4), max_size=12)


def ragged(lists: list[list[int]]) -> Ragged:
    ends = np.cumsum([0, *map(len, lists)])
    return Ragged(np.array([value for one in lists for value in one], np.uint32), ends)


@pytest.mark.parametrize("table", [4_000_000, 0])
@given(lists=LISTS)
def test_patterns_are_the_different_lists(table: int, lists: list[list[int]]) -> None:
    """Rows have the same pattern just where their lists are the same, and the pattern is that list."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("equipoise.store.ragged._TABLE", table)
        of, different = ragged(lists).patterns
    assert [different[pattern].tolist() for pattern in of] == lists
    assert len(different.lengths) == len({tuple(one) for one in lists})


@given(LISTS, st.data(), st.sets(st.integers(0, VALUES - 1)))
def test_rows_are_counted_and_chosen_by_their_values(
    lists: list[list[int]], data: st.DataObject, wanted: set[int]
) -> None:
    """Each value counts once for each time it stands in a row; a row without values counts as stating none."""
    some = data.draw(st.lists(st.integers(0, len(lists) - 1)) if lists else st.just([]))
    rows = np.array(some, np.int64)
    counts = [sum(lists[row].count(value) for row in some) for value in range(VALUES)]
    counts[0] += sum(not lists[row] for row in some)
    assert ragged(lists).counts(rows, VALUES).tolist() == counts
    assert ragged(lists).having(rows, sorted(wanted)).tolist() == [bool(wanted & set(lists[row])) for row in some]
