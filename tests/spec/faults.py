"""
What matchers get wrong, as tables for a clinician to check: a criterion, a record, and the whole verdict.

A row is read like those of ``tables.py``. ``side`` is I or E; ``\\n`` in a criterion is a new line. ``evidence`` is
the facts that decided, or that leave it open, by their place in the record. ``settle`` is words that what would settle
it must hold; it is empty where the answer stands. ``presumed``, ``from`` (eligible from) and ``closes`` are empty where
there is none. Unless a table says otherwise, the patient is seen on 15 January 2026, 09:40, in central Europe.
"""

from __future__ import annotations

from typing import NamedTuple

from spec.tables import AT

COLUMNS = ("side", "criterion", "record", "answer", "evidence", "presumed", "settle", "from", "closes")


class FaultRow(NamedTuple):
    """A criterion, a record, and the verdict that is right."""

    table: str
    at: str
    cells: dict[str, str]


def fault(title: str, text: str, *, at: str = AT) -> list[FaultRow]:
    """Return the rows of a table on one kind of fault."""
    head, *lines = (line.strip() for line in text.strip().splitlines())
    columns = [name.strip() for name in head.split("|")]
    assert set(columns) <= set(COLUMNS), columns
    rows = []
    for line in lines:
        cells = dict.fromkeys(COLUMNS, "") | dict(zip(columns, (one.strip() for one in line.split("|")), strict=True))
        assert cells["side"] in ("I", "E"), line
        rows.append(FaultRow(title, at, cells))
    return rows
