"""A search says in English what it looks for, and comes back from its own web address."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from equipoise.app.web import read_query
from equipoise.errors import QueryError
from equipoise.find.query import LONGEST, Query, read_age
from equipoise.records.dates import Age
from equipoise.store.library import Library
from unit.store.made import document, library

FULL = Query(
    text='acute "heart failure" & more',
    chosen={"phase": ("PHASE2", "PHASE3"), "country": ("Côte d’Ivoire",), "status": ("",)},
    age=Age("6 Months"),
    stated_only=True,
    sort="updated",
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A library with the values that the searches here name."""
    sites = {"locations": [{"country": "Côte d’Ivoire"}, {"country": "Korea, Republic of"}]}
    return library(tmp_path_factory.mktemp("library"), document(contactsLocations=sites))


@pytest.mark.parametrize(
    ("query", "english"),
    [
        (Query(), "all studies"),
        (Query(text="stroke"), "studies with the words “stroke”"),
        (
            Query(text="stroke", chosen={"phase": ("PHASE3",), "country": ("China",)}),
            "studies with the words “stroke”, Phase 3, in China",
        ),
        (
            Query(chosen={"status": ("RECRUITING", "NOT_YET_RECRUITING")}),
            "all studies, Recruiting or Not yet recruiting",
        ),
        (Query(age=Age("45 Years")), "all studies, open to someone aged 45 years"),
        (
            Query(chosen={"healthy": ("yes",)}, stated_only=True),
            "all studies, healthy volunteers: Yes, leaving out studies that do not state these",
        ),
        (Query(sort="start"), "all studies, latest start first"),
        (Query(chosen={"results": ("posted",), "sex": ("FEMALE",)}), "all studies, sex: Female, Results posted"),
        (Query(chosen={"phase": ()}), "all studies"),
    ],
)
def test_a_search_is_described_in_english(query: Query, english: str) -> None:
    """Everything that narrows says so."""
    assert query.describe() == english


@pytest.mark.parametrize(
    "query",
    [
        Query(),
        Query(text="stroke"),
        FULL,
        Query(age=Age("45 Years")),
        Query(chosen={"phase": ("NO_PHASE",)}),
    ],
)
def test_a_search_comes_back_from_its_address(query: Query, small: Library) -> None:
    """The parameters of its address make the same search."""
    again = read_query(parse_qsl(query.address(), keep_blank_values=True), small)
    assert again.describe() == query.describe()
    assert again == query


def test_an_address_is_written_as_the_web_writes_it() -> None:
    """What is the default is left out; the rest is escaped, in the order of the filters."""
    assert Query().address() == ""
    assert FULL.parameters() == [
        ("q", 'acute "heart failure" & more'),
        ("status", "not stated"),
        ("phase", "PHASE2"),
        ("phase", "PHASE3"),
        ("country", "Côte d’Ivoire"),
        ("age", "6 Months"),
        ("stated", "only"),
        ("sort", "updated"),
    ]
    assert Query(text="a b&c").address(page="2") == "q=a+b%26c&page=2"


def test_a_search_is_changed_by_making_another() -> None:
    """With and without a value, a filter, an age, an order; the first stays as it was."""
    assert FULL.without("phase", "PHASE2").chosen["phase"] == ("PHASE3",)
    assert FULL.without("phase").filters() == [item for item in FULL.filters() if item[0].name != "phase"]
    assert FULL.without("age").age is None
    assert FULL.without("sex") == Query(**{**_fields(FULL), "chosen": {**FULL.chosen, "sex": ()}})
    assert FULL.with_value("sex", "MALE").chosen["sex"] == ("MALE",)
    assert FULL.with_value("phase", "PHASE4").chosen["phase"] == ("PHASE2", "PHASE3", "PHASE4")
    assert FULL.sorted_by("start").sort == "start"
    assert FULL.with_unstated().stated_only is False
    assert FULL.chosen["phase"] == ("PHASE2", "PHASE3")


def _fields(query: Query) -> dict:
    return {name: getattr(query, name) for name in query.__struct_fields__}


def test_a_search_that_is_too_long_is_refused() -> None:
    """The whole message."""
    assert Query(text="x" * LONGEST).text
    with pytest.raises(QueryError) as caught:
        Query(text="word " * 4001)
    shown = ("word " * 4001)[:60]
    assert str(caught.value) == (
        "The search has 20,005 characters; at most 20,000 are read\n"
        f"    {shown} …\n"
        f"    ^{'~' * 59}\n"
        "Search for the words that matter."
    )


def test_an_order_that_there_is_not_is_refused() -> None:
    """The whole message."""
    with pytest.raises(QueryError) as caught:
        Query(sort="size")
    assert str(caught.value) == (
        "No such order\n    size\n    ^~~~\nOrders are: relevance, updated, start, enrollment, distance."
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("45", "45 years"),
        (" 45 ", "45 years"),
        ("0", "0 years"),
        ("1", "1 year"),
        ("6 months", "6 months"),
        ("6 Months", "6 months"),
        ("1 day", "1 day"),
        ("36  HOURS", "36 hours"),
    ],
)
def test_an_age_is_read_loosely(text: str, words: str) -> None:
    """A number alone is years; units in any case."""
    assert read_age(text).words() == words


@pytest.mark.parametrize("text", ["old", "", "-1", "4.5", "45 parsecs", "1000", "45 years old", "٤٥"])
def test_what_is_no_age_is_said(text: str) -> None:
    """The message says how to write one."""
    with pytest.raises(QueryError) as caught:
        read_age(text)
    assert str(caught.value).startswith("This is no age\n")
    assert str(caught.value).endswith("\nWrite it as 45, or as 6 months, 3 weeks, 2 days.")


def test_what_an_address_does_not_know_is_passed_over(small: Library, tmp_path: Path) -> None:
    """Trackers and old parameters do not break a link."""
    assert read_query([("utm_source", "x"), ("q", "  two   words "), ("phase", "")], small) == Query(text="two words")


@pytest.mark.parametrize("name", ["phase", "country", "status", "sex"])
@pytest.mark.parametrize("value", ["PHASE1", "Côte d’Ivoire & more", ""])
def test_an_address_with_one_more_value_is_made_alike_for_one_and_for_many(name, value):
    """A page of filters has a hundred links; they lead where the search with the value says."""
    assert FULL.adding(name)(value) == FULL.with_value(name, value).address()
