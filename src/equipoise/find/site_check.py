"""
What the gazetteer holds against a site's address: another state, a town where a state belongs, a point far off.

The address itself is shown as it was registered. Only towns that are large enough to be meant are held against
it: of a hamlet with a great town's name the gazetteer need not know.
"""

from __future__ import annotations

from functools import lru_cache

from equipoise.records.study import Site
from equipoise.store.site_points import DOUBTFUL, FAR_KM, LARGE, km_between, site_point
from equipoise.terms.countries import country_code
from equipoise.terms.gazetteer import Region, Town, fold, region_rows, regions, towns_named, towns_of

# A town is often given with the state around its own ("Islamabad, Punjab"), which misleads nobody.
_NEIGHBOR_KM = 200


def _mains(name: str, country: str) -> list[Town]:
    """Return the larger towns of a country that have this name, the largest first; a large one has it as its main."""
    found = [town for town in towns_named(fold(name)) if regions()[town.region].country == country]
    meant = sorted((town for town in found if town.people >= LARGE / 2), key=lambda town: -town.people)
    return meant if any(town.main and town.people >= LARGE for town in meant) else []


def _away(first: Town, second: Town | Region) -> float:
    return km_between((first.lat, first.lon), (second.lat, second.lon))


# The gazetteer is the same for every library, and a page names its places more than once.
@lru_cache(maxsize=4096)
def _other_state(city: str, state: str, country: str) -> str | None:
    """Return the fault of a town that lies in another state than the one given, and far from that."""
    rows, towns = region_rows(state, country), _mains(city, country)
    _, in_state = towns_of(city, state, country)
    if in_state or not rows or any(_away(town, regions()[row]) < _NEIGHBOR_KM for town in towns for row in rows):
        return None
    actual = dict.fromkeys(regions()[town.region].name for town in towns)
    return f"{city} lies in {' or '.join(actual)}, not in {state}, as far as the gazetteer knows." if towns else None


@lru_cache(maxsize=4096)
def _town_as_state(city: str, state: str, country: str) -> str | None:
    """Return the fault of a town that stands where the state belongs; a province named for its town is none."""
    named = _mains(state, country)
    if not named or region_rows(state, country):
        return None
    towns, _ = towns_of(city, None, country)
    if any(town.row == named[0].row for town in towns):
        return None  # an old name of the same town
    where = regions()[named[0].region]
    if named[0].region in region_rows(city, country):
        return f"{state}, given as the state, is a town in {where.name}, given as the town."
    if not towns or any(_away(town, named[0]) <= FAR_KM for town in towns):
        return None
    return f"{state}, given as the state, is a town in {where.name}, {_away(towns[0], named[0]):,.0f} km from {city}."


def site_faults(site: Site) -> tuple[str, ...]:
    """
    Return what does not fit in a site's address, in words.

    >>> site_faults(Site(city="Xianyang", state="Shanxi", country="China"))
    ('Xianyang lies in Shaanxi, not in Shanxi, as far as the gazetteer knows.',)
    """
    city, state = (site.city or "").strip(), (site.state or "").strip()
    country = country_code(site.country) if site.country else None
    if not city or country is None:
        return ()
    faults = [_other_state(city, state, country), _town_as_state(city, state, country)] if state else []
    point = site_point(site)
    if point.source == DOUBTFUL:
        km = km_between((point.lat, point.lon), (point.town_lat, point.town_lon))
        faults.append(f"The point in the record lies {km:,.0f} km from {city}; distances are measured to the town.")
    return tuple(fault for fault in faults if fault)
