"""The reference of the query language is true: its examples are run, its areas are those of the code."""

from __future__ import annotations

import re

import pytest

from equipoise.errors import QueryError
from equipoise.find.expressions import Covering, Widening
from equipoise.find.query import Query
from equipoise.find.search import search
from equipoise.terms.areas import areas

DOC = "reference/query-language.md"
_SHOWN = 8  # more studies than these are only counted


def rows(text: str) -> list[list[str]]:
    """Return the cells of each row of a document's tables that begins with code."""
    lines = re.findall(r"^\| (`.*) \|$", text, re.MULTILINE)
    return [[cell.strip() for cell in re.split(r"(?<!\\) \| ", line)] for line in lines]


def code(cell: str) -> str:
    return cell.strip("`")


@pytest.fixture(scope="module")
def before_areas(read_doc):
    return read_doc(DOC).partition("## Search areas")[0]


def test_examples_find_what_the_document_says(before_areas, demonstration):
    """Each search of the tables finds the studies that stand beside it."""
    examples = [row for row in rows(before_areas) if len(row) == 3]
    assert len(examples) > 40
    for text, _, expected in examples:
        found = search(demonstration, Query(text=code(text)), facets=False, loosen=False).rows
        numbers = " ".join(sorted(demonstration.columns.number(int(row))[-2:] for row in found)) or "none"
        assert (text, f"{len(found)} studies" if len(found) > _SHOWN else numbers) == (text, expected)


def test_what_is_refused_is_refused(before_areas, demonstration):
    """Each search of the table raises."""
    table = before_areas.partition("## What is refused")[2].partition("## ")[0]
    refused = rows(table)
    assert len(refused) == 7
    for text, _ in refused:
        with pytest.raises(QueryError):
            search(demonstration, Query(text=code(text)))


def test_every_operator_has_an_example(before_areas):
    """Each value of each operator with brackets is in an example."""
    shown = "\n".join(row[0] for row in rows(before_areas))
    for name in (*Widening.__args__, *Covering.__args__):
        assert re.search(rf"(EXPANSION|COVERAGE)\[{name}\]", shown), name
    for name in ("AND", "OR", "NOT", "ALL", "MISSING", "RANGE[", "MIN", "MAX", "AREA[", "SEARCH[Location]", ":size]"):
        assert name in shown, name


def test_areas_are_documented(read_doc):
    """Each area has its parameter, its fields, their weights and whether other words are sought in them."""
    parts = re.split(r"^### (\w+)$", read_doc(DOC).partition("## Search areas")[2], flags=re.MULTILINE)
    documented = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert list(documented) == list(areas())
    for name, area in areas().items():
        text = documented[name]
        assert f"Parameter `{area.param}`" in text if area.param else "Only by `AREA`" in text
        assert [
            (tuple(re.findall(r"`(\w+)`", pieces)), float(weight), other.strip(" |") == "yes")
            for pieces, weight, other in re.findall(r"^\| (`[^|]*) \| ([\d.]+) \|(.*)$", text, re.MULTILINE)
        ] == [(part.pieces, part.weight, part.synonyms) for part in area.parts]
