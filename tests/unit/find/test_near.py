"""A place and a distance are read from words, and said in words again."""

from __future__ import annotations

import pytest

from equipoise.errors import QueryError
from equipoise.find.near import read_distance, read_near, read_place, read_registry_distance
from equipoise.find.query import Query


@pytest.mark.parametrize(
    ("text", "within", "described"),
    [
        ("Leeds", None, "with a site within 50 km of Leeds, England, United Kingdom"),
        ("near Leeds", None, "with a site within 50 km of Leeds, England, United Kingdom"),
        ("near Leeds", "10km", "with a site within 10 km of Leeds, England, United Kingdom"),
        ("within 30 miles of Leeds", "10km", "with a site within 30 miles of Leeds, England, United Kingdom"),
        ("Leeds within 30 miles", None, "with a site within 30 miles of Leeds, England, United Kingdom"),
        ("25 mi from Leeds", None, "with a site within 25 miles of Leeds, England, United Kingdom"),
        ("2.5 kilometres around Leeds", None, "with a site within 2.5 km of Leeds, England, United Kingdom"),
        ("50 km of 53.8,-1.55", None, "with a site within 50 km of 53.8, -1.55"),
        ("distance(53.8,-1.55,50)", None, "with a site within 50 km of 53.8, -1.55"),
        ("distance(53.8,-1.55,31mi)", None, "with a site within 31 miles of 53.8, -1.55"),
        (
            "within 50 miles of 02115",
            None,
            "with a site within 50 miles of ZIP code 02115 (by Boston, Massachusetts, United States)",
        ),
    ],
)
def test_a_place_with_a_distance_is_read(text: str, within: str | None, described: str) -> None:
    """The distance in the words goes before the one beside them; without any it is 50 km."""
    assert read_near(text, within).describe() == described


@pytest.mark.parametrize(
    "text", ["Leeds, UK", "within 30 miles of 02115", "distance(53.8,-1.55,50mi)", "12.5 km of 0,0"]
)
def test_an_address_leads_back_to_the_same_search(text: str) -> None:
    """What a search writes into its address reads as the same search."""
    near = read_near(text)
    parameters = dict(Query(near=near).parameters())
    assert read_place(parameters["near"], parameters.get("within")) == near


def test_miles_are_international() -> None:
    """A mile has 1.609344 km."""
    assert read_distance("100 miles")[0] == pytest.approx(160.9344)
    assert read_distance("1,5 km") == (1.5, "1.5km")


@pytest.mark.parametrize(
    "text", ["distance(53.8,-1.55)", "distance(53.8, -1.55, 50km)", "distance(+53.8,-1.55,50km)", "distance(a,b,5km)"]
)
def test_the_registrys_form_is_read_strictly(text: str) -> None:
    """Only what the registry's pattern allows."""
    assert read_registry_distance(text) is None
    with pytest.raises(QueryError, match="The distance cannot be read"):
        read_near(text)


@pytest.mark.parametrize(
    ("near", "within", "message"),
    [
        ("Leeds", "far", "This is no distance\n    far\n    ^~~\nWrite it as 50 km or 30 miles."),
        ("Leeds", "0km", "No place lies so far\n    0km\n    ^\nGive a distance above 0 and up to 20,038 km."),
        ("", "5km", "A distance from where?\n    5km\n    ^~~\nName a place too, as in near Leeds within 50 km."),
    ],
)
def test_a_wrong_distance_is_said(near: str, within: str, message: str) -> None:
    """With a caret below it, and what to write."""
    with pytest.raises(QueryError) as raised:
        read_place(near, within)
    assert str(raised.value) == message


def test_nothing_asked_is_no_place() -> None:
    """Empty fields of a form ask for nothing."""
    assert read_place("", None) is None and read_place(" ", " ") is None


def test_a_reader_is_told_which_place_was_taken() -> None:
    """Other places of the name are listed; of a country it is said from where distances are."""
    assert "may also be Leeds, Alabama, United States" in read_near("Leeds").notes()[0]
    assert "filter by country" in read_near("France").notes()[-1]
    assert read_near("Leeds, UK").notes() == ()


def test_a_search_takes_the_place_and_leaves_it() -> None:
    """The place is said in English, written into the address, and left out with the order that needs it."""
    query = Query(text="stroke", near=read_near("Leeds, UK"), sort="distance")
    assert query.describe() == (
        "studies with the words “stroke”, with a site within 50 km of Leeds, England, United Kingdom, "
        "nearest open site first"
    )
    assert query.address() == "q=stroke&near=Leeds%2C+UK&within=50km&sort=distance"
    assert query.without("near") == Query(text="stroke")


def test_the_nearest_need_a_place() -> None:
    """The order by distance without a place is refused."""
    with pytest.raises(QueryError) as raised:
        Query(sort="distance")
    assert str(raised.value) == (
        "There is no place from which to measure\n    distance\n    ^~~~~~~~\n"
        "Name one, as in near Leeds, or choose another order."
    )
