"""The sites of a study around a place: those where one can join first, the nearest of them before the others."""

from __future__ import annotations

import msgspec
import numpy as np

from equipoise.find.contacts import People, SiteCard
from equipoise.find.distances import kilometers
from equipoise.find.map_marks import STATES
from equipoise.find.near import Near
from equipoise.find.nearest import away
from equipoise.records.study import Study
from equipoise.store.site_points import DOUBTFUL, TOWN, site_point

_MEASURED = {
    TOWN: "measured to the town, as the record gives no coordinates",
    DOUBTFUL: "measured to the town, as the record’s coordinates lie far from it",
}


class SiteAway(msgspec.Struct, frozen=True):
    """A site and how far it lies, in km and in words; ``note`` says how that was measured, if oddly."""

    site: SiteCard
    km: float | None
    away: str
    note: str = ""


class SitesNear(msgspec.Struct, frozen=True):
    """All sites of a study, in the order in which someone at a place would ask them."""

    sites: tuple[SiteAway, ...]
    words: str
    notes: tuple[str, ...]


def sites_near(study: Study, people: People, near: Near) -> SitesNear:
    """Return the sites of a study by state, then by distance from a place."""
    points = [site_point(site) for site in study.sites]
    lats = np.array([one.town_lat if one.source == DOUBTFUL else one.lat for one in points], float)
    lons = np.array([one.town_lon if one.source == DOUBTFUL else one.lon for one in points], float)
    found = []
    for card, km, point in zip(people.in_record_order, kilometers(lats, lons, near).tolist(), points, strict=True):
        known = not np.isnan(km)
        said = away(km, near) if known else "distance not known"
        found.append(SiteAway(card, round(km, 1) if known else None, said, _MEASURED.get(point.source, "")))
    notes = near.notes()
    if len({one.note for one in found}) == 1 and len(found) > 1 and (note := found[0].note):
        # What holds for all of them is said once.
        found = [msgspec.structs.replace(one, note="") for one in found]
        notes += (f"Distances are {note}.",)
    order = list(STATES)
    found.sort(key=lambda one: (order.index(one.site.state), one.km is None, one.km or 0))
    return SitesNear(tuple(found), _words(found, near), notes)


def _words(found: list[SiteAway], near: Near) -> str:
    """Return in a sentence where the nearest site is at which someone can join."""
    first = next((one for one in found if one.km is not None), None)
    if first is None:
        return "Where its sites lie is not known."
    name = ", ".join(part for part in (first.site.facility, first.site.address) if part) or "a site without a name"
    if first.site.state == "open":
        return f"The nearest site where people can ask to join is {name}: {first.away} from {near.label}."
    nearest = min((one for one in found if one.km is not None), key=lambda one: one.km or 0)
    name = ", ".join(part for part in (nearest.site.facility, nearest.site.address) if part) or "a site without a name"
    return f"No site is known to be open. The nearest of any kind is {name}: {nearest.away} from {near.label}."
