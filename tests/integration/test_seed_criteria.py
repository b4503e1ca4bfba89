"""The five trial pages, compiled whole, and the measures as they will be taken."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

from equipoise.criteria.compile import compile_criteria
from equipoise.criteria.records import Criterion
from equipoise.criteria.split import split
from equipoise.rules.nodes import AnyOf, Predicate, Rule, leaves
from equipoise.rules.nodes import children as parts_of
from equipoise.store.library import Library

SIDES = {
    "NCT07176754": (4, 15),
    "NCT07263776": (6, 19),
    "NCT05914454": (5, 6),
    "NCT06062966": (6, 12),
    "NCT05689008": (4, 9),
}
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def texts(seeds: Library) -> dict[str, str]:
    """The eligibility text of each page."""
    return {number: seeds.study(number).eligibility.eligibility_criteria or "" for number in SIDES}


@pytest.fixture(scope="module")
def pages(texts: dict[str, str]) -> dict[str, list[Criterion]]:
    """The criteria of each page."""
    return {number: compile_criteria(text) for number, text in texts.items()}


@pytest.mark.parametrize("number", SIDES)
def test_each_side_has_the_criteria_of_its_page(pages: dict[str, list[Criterion]], number: str) -> None:
    """Parentless criteria of each side, with ids in text order."""
    top = [one for one in pages[number] if one.parent is None]
    counts = tuple(sum(one.section == side for one in top) for side in ("inclusion", "exclusion"))
    assert counts == SIDES[number]
    assert [one.id for one in top] == [
        f"{letter}{place}" for letter, count in zip("IE", counts, strict=True) for place in range(1, count + 1)
    ]


def test_at_least_one_of_the_following_is_one_criterion_with_three_children(
    pages: dict[str, list[Criterion]],
) -> None:
    """Only NCT05914454 nests: its I3 is answered once, by any of the three rules of its children."""
    assert {one.parent for page in pages.values() for one in page if one.parent is not None} == {"I3"}
    by_id = {one.id: one for one in pages["NCT05914454"]}
    children = [one for one in by_id.values() if one.parent == "I3"]
    assert [one.id for one in children] == ["I3.1", "I3.2", "I3.3"]
    named = [_names(child.rule) for child in children]
    assert all(named)
    joined = [
        node for node in _nodes(by_id["I3"].rule) if isinstance(node, AnyOf) and _names(node) >= set().union(*named)
    ]
    assert joined, "no node says that any of the three will do"
    assert all(any(_names(part) & names for part in joined[0].rules) for names in named)


def _names(rule: Rule | None) -> set[str]:
    return {leaf.name for leaf in leaves(rule) if isinstance(leaf, Predicate)}


def _nodes(rule: Rule | None) -> Iterator[Rule]:
    if rule is not None:
        yield rule
        for one in parts_of(rule):
            yield from _nodes(one)


@pytest.mark.parametrize("number", SIDES)
def test_nothing_of_a_page_is_lost(texts: dict[str, str], pages: dict[str, list[Criterion]], number: str) -> None:
    """Every character that is not white space is in one criterion or in what is no criterion: a heading, a marker."""
    text = texts[number]
    outside = [one.span for one in split(text).left]
    spans = sorted([one.span for one in pages[number] if one.parent is None] + outside)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    covered = {place for start, end in spans for place in range(start, end)}
    assert [text[place] for place in range(len(text)) if place not in covered and not text[place].isspace()] == []
    for start, end in outside:
        assert len(text[start:end].split()) <= 4, text[start:end]


@pytest.mark.parametrize("number", SIDES)
def test_each_criterion_is_its_words_and_points_into_them(
    texts: dict[str, str], pages: dict[str, list[Criterion]], number: str
) -> None:
    """Text, predicates and concepts lie where their spans say."""
    for one in pages[number]:
        start, end = one.span
        assert one.text == texts[number][start:end]
        for leaf in leaves(one.rule):
            spans = [leaf.span, leaf.concept.span if isinstance(leaf, Predicate) and leaf.concept else None]
            assert all(start <= span[0] < span[1] <= end for span in spans if span is not None), leaf


def test_most_of_the_pages_is_read(pages: dict[str, list[Criterion]]) -> None:
    """Of their 86 criteria most are read whole, nearly all at least in part; each says what it was read as."""
    top = [one for page in pages.values() for one in page if one.parent is None]
    assert len(top) == 86
    assert sum(one.computable in ("full", "administrative") for one in top) / len(top) >= 0.60
    assert sum(one.computable != "none" for one in top) / len(top) >= 0.90
    assert all(one.reading for one in top if one.rule is not None)


@pytest.fixture(scope="module")
def scorer(shared: Path) -> Iterator[ModuleType]:
    """The measures, as they will be taken: over the command line, from the folder of the project."""
    folder = shared / "score"
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        patch.chdir(ROOT)
        patch.setenv("EQUIPOISE", f"{sys.executable} -c 'from equipoise.app.cli import main; main()'")
        description = importlib.util.spec_from_file_location("score_criteria", folder / "criteria.py")
        assert description is not None and description.loader is not None
        module = importlib.util.module_from_spec(description)
        description.loader.exec_module(module)
        yield module


def test_the_criteria_read_by_hand_are_read_so(scorer: ModuleType) -> None:
    """Limits, entities, logic, windows, qualifiers and what a person answers, in the 89 criteria of the gold file."""
    limits, entities, counts = scorer.seeds()
    assert limits >= 0.97
    assert entities >= 0.90
    assert (counts["logic of"], counts["windows of"], counts["to qualify"], counts["administrative of"]) == (
        42,
        13,
        2,
        7,
    )
    assert counts["logic"] >= 40
    assert counts["windows"] >= 12
    assert counts["qualified"] == 2
    assert counts["administrative"] == 7


def test_concepts_are_found_where_annotators_found_them(scorer: ModuleType) -> None:
    """Conditions, drugs, procedures and measurements of 700 studies of the Chia corpus, by overlapping spans."""
    assert scorer.chia() >= 0.75
