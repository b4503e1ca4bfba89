"""The nearest open site of a study in a result list; where there is none near, the nearest site and its state."""

from __future__ import annotations

import msgspec

from equipoise.find.distances import EDGE_KM, Distances
from equipoise.find.near import KM_PER_MILE, Near
from equipoise.records.study import Site, Study
from equipoise.store.site_points import DOUBTFUL, TOWN, site_point
from equipoise.terms.enums import term


class NearSite(msgspec.Struct, frozen=True):
    """A site and how far it lies, in km and in words. ``point`` says where its point is from, if not the record."""

    km: float
    away: str
    facility: str
    city: str
    country: str
    status: str
    point: str = ""


class Nearest(msgspec.Struct, frozen=True):
    """The nearest open site within the distance, or None; the nearest of any status; and both in words."""

    open: NearSite | None
    any: NearSite | None
    words: str


def away(km: float, near: Near) -> str:
    """Return a distance in words, in the unit in which the search was asked.

    >>> near = Near(53.8, -1.55, 48.3, "Leeds", "Leeds", "30mi")
    >>> away(16.1, near), away(0.2, near)
    ('10 miles', 'less than 1 mile')
    """
    miles = near.within.endswith("mi")
    amount = km / KM_PER_MILE if miles else km
    if amount < 1 and near.kind == "town":
        return "in the same town"
    if amount < 1:
        return "less than 1 mile" if miles else "less than 1 km"
    # Points are towns: a tenth of a kilometer would say more than is known.
    return f"{amount:,.0f} {('mile' if round(amount) == 1 else 'miles') if miles else 'km'}"


def _site(site: Site, km: float, near: Near, overall: str | None) -> NearSite:
    point = "" if near.published else site_point(site).source
    said = {
        TOWN: "measured to the town, as the record gives no coordinates",
        DOUBTFUL: "measured to the town, as the record's point lies far from it",
    }
    stated = term("RecruitmentStatus", site.status).short.lower() if site.status else ""
    study = f"; the study is {term('Status', overall).short.lower()}" if overall else ""
    return NearSite(
        km=round(km, 1),
        away=away(km, near),
        facility=site.facility or "",
        city=site.city or "",
        country=site.country or "",
        status=stated or f"its status is not stated{study}",
        point=said.get(point, ""),
    )


def _name(site: NearSite) -> str:
    where = ", ".join(part for part in (site.facility, site.city, site.country) if part)
    return f"{where or 'not named'}, {site.away}" + (f" ({site.point})" if site.point else "")


def nearest(study: Study, near: Near, far: Distances, row: int) -> Nearest:
    """Return what a result list says of a study's nearest sites; *row* is its place in the distances."""
    overall = study.status.overall_status

    def at(index: int, km: float) -> NearSite | None:
        return _site(study.sites[index], km, near, overall) if index >= 0 else None

    some = at(int(far.site[row]), float(far.km[row]))
    opened = at(int(far.open_site[row]), float(far.open_km[row]))
    if some is None:
        return Nearest(None, None, "Where its sites lie is not stated")
    if opened is not None and far.open_km[row] <= near.km + EDGE_KM:
        return Nearest(opened, some, f"Nearest open site: {_name(opened)}")
    words = f"No open site within {near.distance()}; nearest site ({some.status}): {_name(some)}"
    if opened is not None:
        words += f"; nearest open site: {_name(opened)}"
    return Nearest(None, some, words)
