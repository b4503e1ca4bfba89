"""Places as people write them are found in the gazetteer, and what is ambiguous or unknown is said."""

from __future__ import annotations

import pytest

from equipoise.errors import QueryError
from equipoise.terms.gazetteer import countries, fold, region_forms, regions, town_forms, towns_of, zip_point
from equipoise.terms.places import find_place


@pytest.mark.parametrize(
    ("text", "label", "lat", "lon"),
    [
        ("Leeds", "Leeds, England, United Kingdom", 53.80, -1.55),
        ("Leeds, UK", "Leeds, England, United Kingdom", 53.80, -1.55),
        ("leeds england", "Leeds, England, United Kingdom", 53.80, -1.55),
        ("Boston, MA", "Boston, Massachusetts, United States", 42.36, -71.06),
        ("Boston", "Boston, Massachusetts, United States", 42.36, -71.06),
        ("Boston, Lincolnshire, UK", None, 0, 0),
        ("Boston, England", "Boston, England, United Kingdom", 52.98, -0.02),
        ("Paris, Texas", "Paris, Texas, United States", 33.66, -95.56),
        ("Paris Texas", "Paris, Texas, United States", 33.66, -95.56),
        ("São Paulo", "São Paulo, Brazil", -23.55, -46.64),
        ("sao paulo", "São Paulo, Brazil", -23.55, -46.64),
        ("München", "Munich, Bavaria, Germany", 48.14, 11.58),
        ("munich", "Munich, Bavaria, Germany", 48.14, 11.58),
        ("Muenchen, Germany", "Munich, Bavaria, Germany", 48.14, 11.58),
        ("Rome, IT", "Rome, Latium, Italy", 41.89, 12.51),
        ("Roma", "Rome, Latium, Italy", 41.89, 12.51),
        ("St. Louis", "St. Louis, Missouri, United States", 38.63, -90.20),
        ("Washington, D.C.", "Washington, District of Columbia, United States", 38.90, -77.04),
        ("NYC", "New York City, New York, United States", 40.71, -74.01),
        ("Ho Chi Minh City", "Ho Chi Minh City, Vietnam", 10.82, 106.63),
        ("武汉", "Wuhan, Hubei, China", 30.58, 114.27),
        ("London, Ontario", "London, Ontario, Canada", 42.98, -81.23),
        ("10115 Berlin", "Berlin, Germany", 52.52, 13.41),
    ],
)
def test_a_town_is_found_however_it_is_written(text: str, label: str | None, lat: float, lon: float) -> None:
    """Case, accents, other names, regions, countries and their short forms; a county is not known."""
    if label is None:
        with pytest.raises(QueryError):
            find_place(text)
        return
    place = find_place(text)
    assert (place.label, place.kind) == (label, "town")
    assert (place.lat, place.lon) == pytest.approx((lat, lon), abs=0.02)


@pytest.mark.parametrize(
    ("text", "lat", "lon"),
    [
        ("53.8,-1.55", 53.8, -1.55),
        ("53.8, -1.55", 53.8, -1.55),
        ("(53.8; -1.55)", 53.8, -1.55),
        ("53.8 N 1.55 W", 53.8, -1.55),
        ("53.8° N, 1.55° W", 53.8, -1.55),
        ("33.9S 151.2E", -33.9, 151.2),
        ("−33.9 151.2", -33.9, 151.2),
        ("0,0", 0, 0),
    ],
)
def test_a_point_is_read(text: str, lat: float, lon: float) -> None:
    """Latitude first, with signs or with letters."""
    place = find_place(text)
    assert (place.kind, place.lat, place.lon) == ("point", lat, lon)


@pytest.mark.parametrize("text", ["02115", "02115-1234", "Boston, MA 02115", "Boston MA 02115", "02115, USA"])
def test_a_zip_code_is_read(text: str) -> None:
    """A US ZIP code stands for its own point; the label says by which town it lies."""
    place = find_place(text)
    assert (place.kind, place.country) == ("ZIP code", "US")
    assert place.label == "ZIP code 02115 (by Boston, Massachusetts, United States)"
    assert (place.lat, place.lon) == pytest.approx((42.34, -71.09), abs=0.01)


@pytest.mark.parametrize(
    ("text", "label", "kind"),
    [
        ("France", "France", "country"),
        ("uk", "United Kingdom", "country"),
        ("U.S.A.", "United States", "country"),
        ("Georgia", "Georgia", "country"),
        ("Georgia, US", "Georgia, United States", "region"),
        ("Scotland", "Scotland, United Kingdom", "region"),
        ("Ontario", "Ontario, Canada", "region"),
        ("New York", "New York City, New York, United States", "town"),
    ],
)
def test_a_country_or_region_is_found(text: str, label: str, kind: str) -> None:
    """A country comes first; a region before a much smaller town of its name that lies elsewhere."""
    assert (find_place(text).label, find_place(text).kind) == (label, kind)


def test_what_else_a_name_may_mean_is_listed() -> None:
    """The largest is taken; the others are listed by size, and none that is the same place over again."""
    others = [place.label for place in find_place("Birmingham").others]
    assert others[0] == "Birmingham, Alabama, United States"
    assert "California" in find_place("Ontario").others[0].label
    assert find_place("Birmingham, AL").others == ()
    assert all("Arrondissement" not in place.label for place in find_place("Paris").others)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Lleeds", "No such place is known\n    Lleeds\n    ^~~~~~\nDid you mean Leeds, England, United Kingdom?"),
        (
            "Leeds, France",
            "No Leeds is known there\n    Leeds, France\n           ^~~~~~\nKnown are: Leeds, England, United Kingdom;"
            " Leeds, Alabama, United States; Leeds, Maine, United States.",
        ),
        (
            "Leeds General Infirmary",
            "No such place is known\n    Leeds General Infirmary\n    ^~~~~~~~~~~~~~~~~~~~~~~\n"
            "Did you mean Leeds, England, United Kingdom?",
        ),
        (
            "00000",
            "No such US ZIP code\n    00000\n    ^~~~~\n"
            "Of other countries no postal codes are known: write the town, as in Leeds, UK.",
        ),
        (
            "95,20",
            "No place has a latitude of 95\n    95,20\n    ^~\n"
            "Latitudes go from -90 to 90, longitudes from -180 to 180: write 53.8,-1.55 (latitude first).",
        ),
        (
            "qwxzv",
            "No such place is known\n    qwxzv\n    ^~~~~\n"
            "Write a town, region or country (Leeds, UK), a US ZIP code (02115), or a point (53.8,-1.55).",
        ),
    ],
)
def test_an_unknown_place_is_an_error_that_helps(text: str, message: str) -> None:
    """The caret stands below what is not known, and the next step names what is alike."""
    with pytest.raises(QueryError) as raised:
        find_place(text)
    assert str(raised.value) == message


@pytest.mark.parametrize("text", ["", " ", ",", "\n", "'", "()", ",,,", "-", "1", "12 34", "a" * 3000])
def test_nonsense_is_an_error_and_no_more(text: str) -> None:
    """Nothing that is typed breaks the parser."""
    with pytest.raises(QueryError):
        find_place(text)


def test_folding_is_done_once() -> None:
    """A folded name folds to itself, so that the keys of the table fit what is asked."""
    for name in ("Saint-Étienne", "L’Hospitalet de Llobregat", "D.C.", "Ft. Worth", "İstanbul", "Đà Nẵng", "Łódź"):
        assert fold(fold(name)) == fold(name)
    assert fold("Łódź") == "lodz"


def test_the_address_of_a_site_names_its_town() -> None:
    """The state decides between towns of one name; of a state that does not fit the answer says so."""
    towns, fits = towns_of("Springfield", "Massachusetts", "US")
    assert (regions()[towns[0].region].name, fits) == ("Massachusetts", True)
    assert towns_of("Leeds", "Texas", "US") == ([], False)
    towns, fits = towns_of("Xianyang", "Shanxi", "CN")
    assert (regions()[towns[0].region].name, fits) == ("Shaanxi", False)
    assert towns_of("Kurume-shi", None, "JP")[0][0].name.startswith("Kurume")
    assert town_forms("Praha 5")[-1] == "praha"


def test_the_tables_hold_together() -> None:
    """Each region lies in a known country and each form leads back; points lie on the globe."""
    assert all(region.country in countries() for region in regions())
    assert all(-90 <= one.lat <= 90 and -180 <= one.lon <= 180 for one in (*regions(), *countries().values()))
    assert region_forms()["ma"] and region_forms()["bavaria"]
    assert zip_point("00000") is None
