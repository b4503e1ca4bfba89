"""Words become queries: in any spelling, under other names, with the members of a class."""

from __future__ import annotations

import pytest

from equipoise.find.forms import forms_of, names_written
from equipoise.find.query import Query
from equipoise.find.search import search
from equipoise.find.textual import spellings
from equipoise.store.index import words
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


@pytest.fixture(scope="module")
def formed(tmp_path_factory: pytest.TempPathFactory) -> Library:
    titles = [
        "Liver metastases in women",
        "A metastasis in a woman",
        "TNF-α blockers",
        "TNF-alpha in HER2 disease",
        "HER-2 and IL6",
        "ÇOCUK: CHİLDREN with PD-L1",
        "Intensive cART of a child",
    ]
    made = [document(f"NCT9900000{place}", title) for place, title in enumerate(titles, start=1)]
    return library(tmp_path_factory.mktemp("formed"), *made)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("metastasis", [1, 2]),
        ("metastases", [1, 2]),
        ('"liver metastasis"', [1]),
        ("EXPANSION[Term]women", [1, 2]),
        ('"woman"', [1, 2]),
        ("children", [6, 7]),
        ("child", [6, 7]),
        ("TNF-alpha", [3, 4]),
        ("TNFα", [3, 4]),
        ("HER-2", [4, 5]),
        ("her2", [4, 5]),
        ("IL-6", [5]),
        ("PDL1", [6]),
        ("CAR-T", []),
        ("chil\u00addren", [6, 7]),
        ("AREA[BriefTitle]EXPANSION[None]metastasis", [2]),
    ],
)
def test_a_word_is_found_in_its_other_forms(formed: Library, text: str, numbers: list[int]) -> None:
    """Irregular plurals as regular ones are, also in quotation marks; names of letters and digits however written."""
    assert found(formed, text) == numbers


def test_a_form_that_is_another_word_is_not_sought() -> None:
    """Forms go both ways, and what has none stays alone."""
    assert set(forms_of(words("children")[0])) == set(forms_of(words("child")[0])) == {"child", "children"}
    assert forms_of("test") == ("test",)
    assert names_written("alphabet") == names_written("betamethasone") == names_written("NCT01234567") == ()


def test_forms_of_many_words_stay_few() -> None:
    """A search of many irregular words makes no great query."""
    assert all(len(names_written(name)) <= 6 for name in ("IL-1-beta", "18F-FDG", "anti-PD-1"))


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory) -> Library:
    sites = [
        {"city": "Boston", "state": "Massachusetts", "country": "United States", "facility": "A Hospital"},
        {"city": "London", "country": "United Kingdom", "facility": "Another Hospital"},
        {"city": "Utrecht", "country": "Netherlands"},
        {"city": "Tbilisi", "country": "Georgia"},
    ]
    made = [
        document(f"NCT9900000{place}", "US and MA in a title", contactsLocations={"locations": [site]})
        for place, site in enumerate(sites, start=1)
    ]
    return library(tmp_path_factory.mktemp("placed"), *made)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("AREA[LocationCountry]USA", [1]),
        ("AREA[LocationCountry]U.S.A.", [1]),
        ("AREA[LocationCountry]UK", [2]),
        ("AREA[LocationCountry]Holland", [3]),
        ("AREA[LocationCountry]Georgia", [4]),
        ("AREA[LocationCountry]England", []),
        ('AREA[LocationCountry]"USA"', []),
        ("AREA[LocationState]MA", [1]),
        ("AREA[LocationSearch](Boston, MA, USA)", [1]),
        ("AREA[LocationSearch]Boston MA", [1]),
        ("SEARCH[Location](AREA[LocationCountry]UK AND AREA[LocationFacility]hospital)", [2]),
        ("SEARCH[Location](Boston, MA)", [1]),
        ('SEARCH[Location](AREA[LocationCountry]"UK")', []),
        ("AREA[BriefTitle]USA", []),
    ],
)
def test_countries_and_states_are_found_as_people_write_them(placed: Library, text: str, numbers: list[int]) -> None:
    """Not a part for the whole, not in quotation marks, and only where places are asked for."""
    assert found(placed, text) == numbers
