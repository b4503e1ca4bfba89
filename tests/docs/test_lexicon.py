"""The page on the lexicon counts the tables' rows as they are."""

from __future__ import annotations

import re

from equipoise.terms.lexicon import TABLES
from equipoise.terms.tables import read_table


def test_the_counts_of_the_tables_are_true(read_doc):
    """Each table stands there with its number of rows."""
    rows = re.findall(r"^\| `(\w+)\.tsv` \|.*\| ([\d,]+) \|$", read_doc("explanation/lexicon.md"), re.MULTILINE)
    assert {name: int(count.replace(",", "")) for name, count in rows} == {
        name: len(read_table(name)) for name in TABLES
    }
