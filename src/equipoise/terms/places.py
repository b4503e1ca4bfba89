"""
Places as people write them: a town, a region, a country, a US ZIP code or a point.

    place       = coordinates | zip | name ("," qualifier)* | name qualifier
    coordinates = number [NSEW] ("," | ";" | space) number [NSEW]
    zip         = [name ","] [state] five digits ["-" four digits] ["," country]
    qualifier   = a region's name or short form | a country's name or code

What a name stands for most often is taken: the place with most people, a town's main name before its
other ones. The others are listed, and the answer says which was taken.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

import msgspec

from equipoise.errors import QueryError
from equipoise.terms.gazetteer import (
    Town,
    countries,
    country_forms,
    fold,
    known_names,
    region_forms,
    region_rows,
    regions,
    town_forms,
    towns_named,
    zip_point,
)

# A region is meant before a town of its name if so many times more people live there ("Ontario"), unless
# the town is this large ("Washington") or lies in it.
_LARGE, _LARGER = 500_000, 10
# A name that is not a town's main one counts as if so many times fewer people lived there.
_OTHER_NAME = 30
_OTHERS = 5
# Two letters that people write for a city and that are a state's as well ("LA"), or a word.
_CITIES = {"la": "los angeles", "dc": "washington", "sf": "san francisco"}

_NUMBER = r"[+\-−]?\d{1,3}(?:\.\d+)?"
_COORDINATES = re.compile(
    rf"\(?\s*(?P<ns1>[NS])?\s*(?P<lat>{_NUMBER})\s*°?\s*(?P<ns2>[NS])?(?P<gap>\s*[,;]\s*|\s+)"
    rf"(?P<ew1>[EW])?\s*(?P<lon>{_NUMBER})\s*°?\s*(?P<ew2>[EW])?\s*\)?",
    re.IGNORECASE,
)
_ZIP = re.compile(
    r"(?:(?P<before>.*?)[\s,]+)??(?P<zip>\d{5})(?:-\d{4})?(?:\s*,?\s*(?:USA?|United States(?: of America)?))?",
    re.IGNORECASE,
)


class Place(msgspec.Struct, frozen=True):
    """
    A place with its point. ``kind`` is town, region, country, ZIP code or point; ``country`` its code;
    ``others`` what the same words may mean too, the likeliest first.
    """

    label: str
    lat: float
    lon: float
    kind: str
    country: str = ""
    people: int = 0
    others: tuple[Place, ...] = ()


def town_label(town: Town) -> str:
    """Return a town with its region and country."""
    region = regions()[town.region]
    parts = (town.name, region.name, countries()[region.country].name)
    # "Berlin, Germany", not "Berlin, Berlin, Germany"; of São Paulo and Sao Paulo the town's spelling stays.
    seen: dict[str, str] = {}
    for part in parts:
        seen.setdefault(fold(part), part)
    return ", ".join(part for part in seen.values() if part)


def _town(town: Town) -> Place:
    country = regions()[town.region].country
    return Place(town_label(town), town.lat, town.lon, "town", country, town.people)


def _region(row: int) -> Place:
    one = regions()[row]
    label = f"{one.name}, {countries()[one.country].name}"
    return Place(label, one.lat, one.lon, "region", one.country, one.people)


def _country(code: str) -> Place:
    one = countries()[code]
    return Place(one.name, one.lat, one.lon, "country", code, one.people)


def _lies_in(row: int, qualifiers: Iterable[str]) -> bool:
    """Return whether a region is, or lies in, what each qualifier names."""
    country = regions()[row].country
    return all(
        country == country_forms().get(fold(one)) or country == one.strip().upper() or row in region_rows(one)
        for one in qualifiers
    )


def _ordered(towns: list[Town], rows: list[int], codes: list[str]) -> list[Place]:
    """Return the places of one name, the likeliest first."""
    towns = sorted(towns, key=lambda town: -(town.people if town.main else town.people // _OTHER_NAME))
    first = towns[0] if towns else None
    before = first is None or (
        first.people < _LARGE
        and first.region not in rows
        and any(regions()[row].people > _LARGER * first.people for row in rows)
    )
    # Who has the name as one of several is listed only if about as many may mean it.
    towns = [town for town in towns if town is first or town.main or (first and 2 * town.people > first.people)]
    inhabited, areas = [_town(town) for town in towns], [_region(row) for row in rows]
    return [_country(code) for code in codes] + (areas + inhabited if before else inhabited + areas)


def _named(name: str, qualifiers: list[str]) -> list[Place]:
    """Return the places of this name in all that the qualifiers name."""
    for form in [_CITIES[name.lower()]] if name.lower() in _CITIES and not qualifiers else town_forms(name):
        towns = [town for town in towns_named(form) if _lies_in(town.region, qualifiers)]
        rows = [row for row in region_forms().get(form, ()) if _lies_in(row, qualifiers)]
        codes = [country_forms()[form]] if form in country_forms() and not qualifiers else []
        if towns or rows or codes:
            return _ordered(towns, rows, codes)
    return []


def _readings(text: str) -> Iterable[tuple[str, list[str]]]:
    """Return the ways to take a text as a name and what qualifies it, the likeliest first."""
    name, *qualifiers = (part.strip() for part in text.split(","))
    yield name, [one for one in qualifiers if one]
    words = text.replace(",", " ").split()
    for count in range(len(words) - 1, 0, -1):
        yield " ".join(words[:count]), [" ".join(words[count:])]


def _taken(places: list[Place]) -> Place:
    """Return the first place, with the others that are not the same one under another head."""
    first, others = places[0], list[Place]()
    for place in places[1:]:
        apart = all(abs(place.lat - one.lat) + abs(place.lon - one.lon) > 0.3 for one in (first, *others))
        if apart and place.label != first.label:
            others.append(place)
    return msgspec.structs.replace(first, others=tuple(others[:_OTHERS]))


def _signed(found: re.Match[str], axis: str, side: str, most: float) -> float:
    """Return one coordinate with its sign.

    Raises:
        QueryError: there is no such latitude or longitude.
    """
    value = float(found[axis].replace("−", "-"))
    letter = (found[f"{side}1"] or found[f"{side}2"] or "").upper()
    if abs(value) > most:
        problem = f"No place has a {'latitude' if axis == 'lat' else 'longitude'} of {found[axis]}"
        limits = "Latitudes go from -90 to 90, longitudes from -180 to 180: write 53.8,-1.55 (latitude first)."
        raise QueryError(problem, text=found.string, span=found.span(axis), next=limits)
    return -abs(value) if letter in ("S", "W") else value


def _coordinates(text: str) -> Place | None:
    found = _COORDINATES.fullmatch(text)
    if found is None:
        return None
    lettered = any(found[name] for name in ("ns1", "ns2", "ew1", "ew2"))
    if not lettered and "," not in found["gap"] and "." not in found["lat"]:
        return None  # two whole numbers with a space between them are no point
    lat, lon = _signed(found, "lat", "ns", 90), _signed(found, "lon", "ew", 180)
    return Place(f"{lat:g}, {lon:g}", lat, lon, "point")


def _zip(text: str) -> Place | None:
    found = _ZIP.fullmatch(text)
    if found is None:
        return None
    before = found["before"] or ""
    american = not before or any(
        "US" in {regions()[row].country for row in region_rows(part)} for part in re.split(r"[\s,]+", before)
    )
    if not american:
        return None
    point = zip_point(found["zip"])
    if point is None:
        raise QueryError(
            "No such US ZIP code",
            text=text,
            span=found.span("zip"),
            next="Of other countries no postal codes are known: write the town, as in Leeds, UK.",
        )
    lat, lon, town = point
    label = f"ZIP code {found['zip']} (by {town_label(town)})"
    return Place(label, lat, lon, "ZIP code", regions()[town.region].country)


_MARKS = "abcdefghijklmnopqrstuvwxyz "


def _one_edit_away(form: str) -> set[str]:
    """Return what a folded name becomes by one letter left out, added, changed or swapped."""
    cuts = [(form[:at], form[at:]) for at in range(len(form) + 1)]
    out = {head + tail[1:] for head, tail in cuts if tail}
    out |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    out |= {head + mark + tail[1:] for head, tail in cuts if tail for mark in _MARKS}
    return {one for one in out | {head + mark + tail for head, tail in cuts for mark in _MARKS} if one == one.strip()}


def _alike(name: str) -> list[Place]:
    """Return the places whose names are nearly *name*, or begin it."""
    form = fold(name)
    areas = difflib.get_close_matches(form, [*country_forms(), *region_forms()], n=2, cutoff=0.8)
    forms = [one for one in known_names(_one_edit_away(form)) if len(one) > 2] + areas
    words = form.split()
    if not forms:
        forms = [" ".join(words[:count]) for count in range(len(words) - 1, 0, -1)]
    places = [place for one in dict.fromkeys(forms) for place in _named(one, [])[:1]]
    return sorted({place.label: place for place in places}.values(), key=lambda place: -place.people)[:3]


def _unknown(text: str) -> QueryError:
    """Return the error for a place that is not known: in which part of the text, and what is meant perhaps."""
    name, *qualifiers = (part.strip() for part in text.split(","))
    anywhere = _named(name, [])
    if anywhere and qualifiers:
        start = text.index(qualifiers[0], len(name))
        listed = "; ".join(place.label for place in anywhere[:3])
        problem, span = f"No {name} is known there", (start, len(text))
        return QueryError(problem, text=text, span=span, next=f"Known are: {listed}.")
    meant = [place.label for place in _alike(name)]
    known = "Write a town, region or country (Leeds, UK), a US ZIP code (02115), or a point (53.8,-1.55)."
    next = f"Did you mean {'; or '.join(meant)}?" if meant else known
    return QueryError("No such place is known", text=text, span=(0, max(1, len(name))), next=next)


def find_place(text: str) -> Place:
    """
    Return the place that *text* names.

    >>> find_place("leeds, UK").label, find_place("Paris Texas").label
    ('Leeds, England, United Kingdom', 'Paris, Texas, United States')
    >>> find_place("53.8 N 1.55 W").lon, find_place("02115").kind
    (-1.55, 'ZIP code')

    Of several the largest is taken, and the others are listed.

    >>> boston = find_place("Boston")
    >>> boston.label, boston.others[0].label
    ('Boston, Massachusetts, United States', 'Boston, England, United Kingdom')

    Raises:
        QueryError: no such place is known; the message names what is nearly written so.
    """
    asked = " ".join(text.split()).strip(" ,;")
    point = _coordinates(asked) or _zip(asked)
    if point:
        return point
    if fold(asked):
        for name, qualifiers in _readings(asked):
            if places := _named(name, qualifiers):
                return _taken(places)
    raise _unknown(asked or text or " ")
