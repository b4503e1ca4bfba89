"""Words become queries: in any spelling, under other names, with the members of a class."""

from __future__ import annotations

import pytest

from equipoise.find.query import Query
from equipoise.find.search import search
from equipoise.find.textual import spellings
from equipoise.store.library import Library
from unit.store.made import document, library


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> Library:
    titles = ["Apixaban after surgery", "An anticoagulant after surgery", "Haemoglobin after surgery", "Hemoglobin"]
    made = [document(f"NCT9900000{place}", title) for place, title in enumerate(titles, start=1)]
    return library(tmp_path_factory.mktemp("spelled"), *made)


def found(studies: Library, text: str, **rest: object) -> list[int]:
    rows = search(studies, Query(text=text, **rest), facets=False, loosen=False).rows  # type: ignore[arg-type]
    return sorted(int(studies.columns.number(row)[-1]) for row in rows)


def test_a_class_of_drugs_finds_its_members_after_those_that_name_it(studies: Library) -> None:
    """They can be left out, and the reader sees how many kinds there are."""
    result = search(studies, Query(text="anticoagulant"), facets=False)
    assert [int(studies.columns.number(row)[-1]) for row in result.rows] == [2, 1]
    (synonyms,) = result.synonyms
    assert "apixaban" in synonyms.members
    assert found(studies, "anticoagulant", dropped=(synonyms.kinds,)) == [2]


def test_a_member_does_not_find_its_class(studies: Library) -> None:
    """Not every anticoagulant is apixaban."""
    assert found(studies, "apixaban") == [1]


@pytest.mark.parametrize("text", ["haemoglobin", "hemoglobin"])
def test_either_spelling_finds_both(studies: Library, text: str) -> None:
    """Not so in quotation marks or as one term, where words are as they are written."""
    assert found(studies, text) == [3, 4]
    assert len(found(studies, f'"{text}"')) == 1
    assert len(found(studies, f"EXPANSION[Term]{text}")) == 1


def test_a_word_of_one_spelling_is_sought_once() -> None:
    """Nothing is asked twice."""
    assert spellings("stroke") == (("stroke",),)
    assert spellings("tumour") == (("tumour",), ("tumor",))
