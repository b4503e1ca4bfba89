"""The sites of a study around a place."""

from __future__ import annotations

from equipoise.find.contacts import read_people
from equipoise.find.near import read_near
from equipoise.find.site_list import SitesNear, sites_near
from equipoise.records.study import GeoPoint, Site, Status, Study

LEEDS = read_near("Leeds, UK")


def around(*sites: Site) -> SitesNear:
    study = Study(number="NCT99000901", status=Status(overall_status="RECRUITING"), sites=sites)
    return sites_near(study, read_people(study), LEEDS)


def site(city: str, status: str | None, point: GeoPoint | None = None) -> Site:
    return Site(facility=f"{city} Clinic", city=city, country="United Kingdom", status=status, geo_point=point)


def test_sites_that_recruit_come_first_and_a_silent_one_is_not_taken_for_one() -> None:
    """A nearer site of which nobody knows whether it is open stands after one that says so."""
    found = around(site("Leeds", None), site("York", "RECRUITING"))
    assert [one.site.facility for one in found.sites] == ["York Clinic", "Leeds Clinic"]
    assert found.words.startswith("The nearest site where people can ask to join is York Clinic")
    alone = around(site("Leeds", None))
    assert alone.words.startswith("No site is known to be open. The nearest of any kind is Leeds Clinic")


def test_what_holds_for_all_distances_is_said_once() -> None:
    """A record without points has every distance measured to a town; only where some are is each told apart."""
    note = "measured to the town, as the record gives no coordinates"
    found = around(site("Leeds", "RECRUITING"), site("York", "RECRUITING"))
    assert [one.note for one in found.sites] == ["", ""]
    assert found.notes == (f"Distances are {note}.",)
    mixed = around(site("Leeds", "RECRUITING"), site("York", "RECRUITING", GeoPoint(53.96, -1.08)))
    assert [one.note for one in mixed.sites] == [note, ""]
    assert mixed.notes == ()
