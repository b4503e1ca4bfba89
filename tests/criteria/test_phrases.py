"""
Golden lines: what a phrase of a criterion reads as. One file a family; a clinician can check each line.

A line is ``text => what comes of it``::

    text => reading                   all of it is in the rule
    text => reading left: words | …   the words found no place; without a reading, nothing was understood
    text => administrative            a person answers
    text => asks nothing              no patient is kept out by it, and nothing in it is made up

A line ``# inclusion`` or ``# exclusion`` says the section of those below it, ``, mended`` behind it that each of
them is flagged; ``##`` opens a comment. In a text, ``↵`` is a line end; ``;;`` stands between criteria that are
answered apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, cast

import pytest

from equipoise.criteria.compile import compile_criteria
from equipoise.criteria.records import Criterion, Side
from equipoise.rules.english import describe_rule
from equipoise.rules.nodes import Predicate, leaves

HERE = Path(__file__).parent
FAMILIES = sorted(path.stem for path in HERE.glob("*.txt"))


class Line(NamedTuple):
    """A phrase and what it must read as."""

    section: Side
    mended: bool
    text: str
    expected: str


def read_lines(family: str) -> Iterator[Line]:
    """Yield the golden lines of a family.

    Raises:
        ValueError: a line is of none of the forms.
    """
    section, mended = "", False
    for number, line in enumerate((HERE / f"{family}.txt").read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("# "):
            section, _, flagged = line[2:].partition(", ")
            mended = flagged == "mended"
        elif line.strip() and not line.startswith("##"):
            text, arrow, expected = line.rpartition(" => ")
            if not arrow or section not in ("inclusion", "exclusion"):
                raise ValueError(f"{family}.txt, line {number}: write 'text => reading' below '# inclusion'")
            yield Line(cast(Side, section), mended, text.rstrip().replace(" ↵ ", "\n"), expected.strip())


def said(criterion: Criterion, text: str) -> str:
    """Return what came of a criterion, in the words of a golden line."""
    left = " | ".join(text[slice(*one.span)] for one in criterion.left)
    if criterion.computable == "administrative" and not left:
        return "administrative"
    reading = "" if criterion.rule is None else describe_rule(criterion.rule)
    return f"{reading} left: {left}".strip() if left else reading


def asks(criterion: Criterion) -> bool:
    """Return whether a criterion states any fact about a patient."""
    return criterion.rule is not None and any(isinstance(leaf, Predicate) for leaf in leaves(criterion.rule))


LINES = [pytest.param(line, id=f"{family}: {line.text}") for family in FAMILIES for line in read_lines(family)]


@pytest.mark.parametrize("line", LINES)
def test_a_phrase_reads_as_it_says(line: Line) -> None:
    """The rule of the whole criterion, in plain English; full exactly where nothing is left."""
    found = [one for one in compile_criteria(line.text, section=line.section) if one.parent is None]
    assert {one.section for one in found} == {line.section}
    if line.expected == "asks nothing":
        assert not any(asks(one) for one in found), [one.reading for one in found]
        return
    assert " ;; ".join(said(one, line.text) for one in found) == line.expected
    for one in found:
        assert (one.computable == "full") is (not one.left and said(one, line.text) != "administrative")
    if line.mended:
        flags = [flag for one in found for flag in one.flags if flag.kind == "mended"]
        assert [flag.from_ for flag in flags] == [line.text[slice(*flag.span)] for flag in flags] != []


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_a_dozen_lines_or_more(family: str) -> None:
    """No phrase stands twice in a file, and each file says more than one kind of thing."""
    texts = [(line.section, line.text) for line in read_lines(family)]
    assert len(texts) >= 12
    assert len(set(texts)) == len(texts)
    assert len({line.expected for line in read_lines(family)}) > 1


def test_every_family_is_there() -> None:
    """The families of the design, one file each."""
    assert set(FAMILIES) >= {
        *("administrative", "ages", "allergies", "allowances", "classes", "events", "exceptions", "limits", "lines"),
        *("lists", "multiples", "negation", "nested", "populations", "variants", "windows", "wrecks"),
    }
