"""Where nothing is found, the search says why and what else would find something."""

from __future__ import annotations

from typing import Any

import pytest

from equipoise.find.funnel import Nothing
from equipoise.find.query import Query
from equipoise.find.search import search
from equipoise.store.library import Library
from unit.store.made import FIRST, SECOND, document, library


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> Library:
    made = [
        document(
            FIRST,
            "Tocilizumab in stroke",
            status={"overallStatus": "RECRUITING"},
            eligibility={"eligibilityCriteria": "Inclusion Criteria:\n\n* NIHSS above 5"},
        ),
        document(SECOND, "Aspirin in stroke", status={"overallStatus": "COMPLETED"}),
    ]
    return library(tmp_path_factory.mktemp("funnel"), *made)


def nothing(studies: Library, **rest: Any) -> Nothing:
    result = search(studies, Query(**rest))
    assert result.total == 0
    assert result.nothing is not None
    return result.nothing


def test_each_part_says_what_it_leaves(studies: Library) -> None:
    """Up to the one that leaves nothing."""
    chosen = {"status": ("WITHDRAWN",), "phase": ("PHASE3",)}
    told = nothing(studies, text="stroke", areas={"titles": "aspirin"}, chosen=chosen, stated_only=True)
    assert [(step.words, step.count) for step in told.steps] == [
        ("with the words “stroke”", 2),
        ("with “aspirin” in the title", 1),
        ("Withdrawn", 0),
    ]


def test_another_spelling_is_offered_if_it_finds_something(studies: Library) -> None:
    """With what it would find."""
    told = nothing(studies, text="tociluzimab")
    assert told.spelling is not None
    assert (told.spelling.words, told.spelling.query.text, told.spelling.count) == ("tocilizumab", "tocilizumab", 1)
    assert nothing(studies, text="xqzzyw").spelling is None


def test_the_spelling_of_a_part_is_mended_in_its_place(studies: Library) -> None:
    """Operators and the other words stay as they are."""
    told = nothing(studies, text="(asprin AND stroke) OR AREA[Condition]asprin")
    assert told.spelling is not None
    assert told.spelling.query.text.startswith("(aspirin AND stroke)")


def test_words_of_the_criteria_are_found_elsewhere(studies: Library) -> None:
    """Free text does not look there, as at the registry; the reader is told."""
    told = nothing(studies, text="NIHSS")
    assert told.elsewhere is not None
    assert told.elsewhere.count == 1
    assert search(studies, told.elsewhere.query).total == 1


def test_a_very_long_text_is_explained_without_an_error(studies: Library) -> None:
    """Nothing that is made of it is too long in its turn."""
    assert nothing(studies, text="zebrafish " * 1900).elsewhere is None
