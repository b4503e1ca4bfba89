"""
The gazetteer's tables: towns, US ZIP codes, regions and countries with a point each.

``tools/build_gazetteer.py`` makes them from GeoNames (``data/places/NOTICE.txt``). Names are looked up
by a hash of their folded form, so that the tables map into memory and nothing is read that is not used.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

# A town known by another name than its main one is marked in this bit of its row.
OTHER_NAME = 1 << 31

TOWN = np.dtype([("lat", "<f4"), ("lon", "<f4"), ("people", "<u4"), ("region", "<u2"), ("name", "<u4")])
ZIP = np.dtype([("lat", "<f4"), ("lon", "<f4"), ("town", "<u4")])

_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "&": " and "}
    | dict.fromkeys("'’‘`´ʻʼʿʾ\"“”", "")
    | dict.fromkeys(".,-‐‑–—_/()[]", " ")
)
# "D.C.", "U.S.A.": letters that stand alone belong together.
_INITIALS = re.compile(r"\b(?:[a-z] )+[a-z]\b")
_SHORT = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}


class Region(msgspec.Struct, frozen=True):
    """A first-level part of a country: a state, province or the like. ``code`` is GeoNames's, ``also`` holds
    the folded forms of its name."""

    country: str
    code: str
    name: str
    lat: float
    lon: float
    people: int
    also: tuple[str, ...] = ()


class Country(msgspec.Struct, frozen=True):
    """A country; its point is where its people live on average, ``code`` that of ISO 3166, ``also`` the
    folded forms of its name."""

    code: str
    name: str
    lat: float
    lon: float
    people: int
    also: tuple[str, ...] = ()


class Town(msgspec.Struct, frozen=True):
    """A town. ``main``: it was found by its main name; ``region`` is a row of the regions."""

    row: int
    name: str
    region: int
    lat: float
    lon: float
    people: int
    main: bool = True


def fold(text: str) -> str:
    """Return a place's name as it is compared: without case, accents, points and hyphens.

    >>> fold("São Paulo"), fold("St. John's"), fold("Île-de-France"), fold("Washington, D.C.")
    ('sao paulo', 'saint johns', 'ile de france', 'washington dc')
    """
    text = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    letters = "".join(mark for mark in text if not unicodedata.combining(mark)) if not text.isascii() else text
    folded = " ".join(_SHORT.get(word, word) for word in letters.split())
    return _INITIALS.sub(lambda found: found[0].replace(" ", ""), folded)


def key_of(folded: str) -> int:
    """Return the 64 bits by which a folded name is looked up."""
    return int.from_bytes(hashlib.blake2b(folded.encode(), digest_size=8).digest(), "little")


@cache
def _array(name: str) -> Array:
    mapped: Array = np.load(str(files("equipoise.terms").joinpath("data", "places", f"{name}.npy")), mmap_mode="r")
    return np.asarray(mapped)  # the same memory, without the bookkeeping of numpy's class for files


def _rows(name: str) -> Iterator[list[str]]:
    text = files("equipoise.terms").joinpath("data", "places", f"{name}.tsv").read_text("utf-8")
    return (line.split("\t") for line in text.splitlines()[1:])


def _also(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


@cache
def regions() -> tuple[Region, ...]:
    """Return all regions, in the order by which towns point to them."""
    return tuple(
        Region(country, code, name, float(lat), float(lon), int(people), _also(also))
        for country, code, name, lat, lon, people, also in _rows("regions")
    )


@cache
def countries() -> dict[str, Country]:
    """Return all countries by their code."""
    return {
        code: Country(code, name, float(lat), float(lon), int(people), _also(also))
        for code, name, lat, lon, people, also in _rows("countries")
    }


@cache
def country_forms() -> dict[str, str]:
    """Return the code of each form in which a country may be written, folded."""
    found: dict[str, str] = {}
    for one in countries().values():
        # A code of two letters may be a word; it counts only behind a town ("Rome, IT").
        forms = (form for form in one.also if len(form) > 2 or form in ("uk", "us"))
        found |= dict.fromkeys(forms, one.code)
    return found


@cache
def region_forms() -> dict[str, tuple[int, ...]]:
    """Return the rows of the regions that each form names, folded; the most populous first."""
    found: dict[str, list[int]] = {}
    for row, one in enumerate(regions()):
        for form in one.also:
            found.setdefault(form, []).append(row)
    return {form: tuple(sorted(rows, key=lambda row: -regions()[row].people)) for form, rows in found.items()}


@lru_cache(maxsize=4096)
def town_at(row: int, *, main: bool = True) -> Town:
    """Return the town in this row."""
    lat, lon, people, region, start = _array("towns")[row].tolist()
    names = _array("names")
    end = start + int(np.argmax(names[start : start + 256] == 10))
    name = bytes(names[start:end]).decode()
    return Town(row, name, region, round(lat, 5), round(lon, 5), people, main)


@cache
def _cities() -> tuple[Array, Array, Array]:
    """Return the rows, latitudes and longitudes of the towns that a map may name, the most populous first."""
    towns = _array("towns")
    rows = np.flatnonzero(towns["people"] >= 50_000)
    rows = rows[np.argsort(-towns["people"][rows].astype(np.int64), kind="stable")]
    return rows, towns["lat"][rows], towns["lon"][rows]


def cities_within(south: float, north: float, west: float, east: float, *, most: int) -> list[Town]:
    """Return the most populous towns between two latitudes and from *west* eastward to *east*.

    >>> [town.name for town in cities_within(53, 54, -3, -1, most=2)]
    ['Manchester', 'Sheffield']
    """
    rows, lats, lons = _cities()
    near = np.flatnonzero((lats >= south) & (lats <= north))
    inside = near[(lons[near] - west) % 360 <= (east - west) % 360]
    return [town_at(row) for row in rows[inside[:most]].tolist()]


def towns_named(folded: str) -> list[Town]:
    """Return the towns of this name: the most populous first, by another name than their main one after."""
    keys, wanted = _array("keys"), np.uint64(key_of(folded))
    first, last = int(keys.searchsorted(wanted)), int(keys.searchsorted(wanted, "right"))
    rows = _array("key_towns")[first:last].tolist()
    return [town_at(row & ~OTHER_NAME, main=not row & OTHER_NAME) for row in rows]


def known_names(forms: Iterable[str]) -> list[str]:
    """Return those of the folded forms that name a town."""
    several = list(forms)
    wanted = np.array([key_of(form) for form in several], np.uint64)
    keys = _array("keys")
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return [form for form, known in zip(several, keys[at] == wanted, strict=True) if known]


def zip_point(code: str) -> tuple[float, float, Town] | None:
    """Return the point of a US ZIP code and the town by which it lies, or None where it is not known."""
    codes = _array("zip_codes")
    at = int(codes.searchsorted(np.uint32(int(code))))
    if at == len(codes) or int(codes[at]) != int(code):
        return None
    lat, lon, town = _array("zips")[at].tolist()
    return round(lat, 5), round(lon, 5), town_at(town)


# What stands behind a town's name in an address and belongs to the post or the administration.
_TAIL = re.compile(
    r"(?: (?:\d+[a-z]?|cedex|city|shi|ku|si|gu|gun|cho|machi|district|municipality|province|prefecture|county|[a-z]))+$"
)
_HEAD = re.compile(r"^(?:city of|municipality of|ciudad de|ville de|greater|\d+) ")
# The longest circuit of a region's name over its short form: "Jiangsu Sheng", "Gyeonggi-do", "State of Goa".
_REGION_TAIL = re.compile(r" (?:sheng|shi|do|ken|fu|province|prefecture|state|region|oblast|county|district)$")


def town_forms(city: str) -> list[str]:
    """Return the folded names that a city field may mean, the field as it is first.

    >>> town_forms("Kurume-shi"), town_forms("Praha 5"), town_forms("Houston, TX")
    (['kurume shi', 'kurume'], ['praha 5', 'praha'], ['houston tx', 'houston'])
    """
    found = [fold(city)]
    for part in (city, re.split(r"[,(/;]", city)[0]):
        form = fold(part)
        found += [form, _TAIL.sub("", form), _HEAD.sub("", _TAIL.sub("", form))]
    return [form for form in dict.fromkeys(found) if form]


def region_rows(text: str, country: str | None = None) -> list[int]:
    """Return the rows of the regions that *text* names, in one country or in any."""
    form = fold(text)
    rows = region_forms().get(form) or region_forms().get(_REGION_TAIL.sub("", form)) or ()
    return [row for row in rows if country in (None, regions()[row].country)]


def towns_of(city: str, state: str | None, country: str) -> tuple[list[Town], bool]:
    """
    Return the towns that a site's address may mean, the likeliest first, and whether they lie where the
    address says: False where the gazetteer has no such town in this state.

    *country* is its code. Towns of the state come first; then, outside the United States (where a name
    stands in many states), those of the rest of the country.
    """
    named: list[Town] = []
    for form in town_forms(city):
        named = [town for town in towns_named(form) if regions()[town.region].country == country]
        if named:
            break
    rows = region_rows(state, country) if state else []
    if not rows:
        return named, True
    inside = [town for town in named if town.region in rows]
    if inside or country == "US":
        return inside, bool(inside)
    return named, False
