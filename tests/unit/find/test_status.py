"""A status is shown with what it comes to, its date, and what makes it doubtful."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from equipoise.find.status import BUCKETS, bucket, staleness, status_view
from equipoise.records.dates import PartialDate
from equipoise.records.sidecar import Sidecar
from equipoise.records.study import DateStruct, Site, Status, Study
from equipoise.terms.enums import enumerations

TONES = {"open", "limited", "later", "closed", "unknown"}


def study(status: str | None = "RECRUITING", *, sites: tuple[Site, ...] = (), **said: Any) -> Study:
    """Return a study with these; dates are given as text, a planned one as a pair with its type."""
    fields: dict[str, Any] = {}
    for name, value in said.items():
        if name in ("start", "completion"):
            text, type = value if isinstance(value, tuple) else (value, "ESTIMATED")
            fields[f"{name}_date_struct"] = DateStruct(PartialDate(text), type)
        elif name == "posted":
            fields["last_update_post_date_struct"] = DateStruct(PartialDate(value))
        elif name == "verified":
            fields["status_verified_date"] = PartialDate(value)
        else:
            fields[name] = value
    return Study(number="NCT99000901", status=Status(overall_status=status, **fields), sites=sites)


def test_every_status_comes_to_something() -> None:
    """Each of the registry's, with one of five tones."""
    for value in enumerations()["Status"]:
        comes_to, tone = bucket(value)
        assert comes_to
        assert tone in TONES
        assert comes_to != "Not stated"
    assert set(BUCKETS) == set(enumerations()["Status"])


@pytest.mark.parametrize("status", [None, "", "A_NEW_STATUS"])
def test_a_status_that_is_not_known_promises_nothing(status: str | None) -> None:
    """A value that the registry adds tomorrow is not taken for open."""
    assert bucket(status) == ("Not stated", "unknown")


@pytest.mark.parametrize(
    ("verified", "today", "doubtful"),
    [
        ("2024-01-15", date(2026, 1, 14), False),
        ("2024-01-15", date(2026, 1, 15), True),
        ("2024-01", date(2026, 1, 30), False),
        ("2024-01", date(2026, 1, 31), True),
        ("2024", date(2026, 12, 30), False),
        ("2024", date(2026, 12, 31), True),
        ("2024-02-29", date(2026, 2, 28), False),
        ("2024-02-29", date(2026, 3, 1), True),
        ("2027-01", date(2026, 1, 1), False),
    ],
)
def test_a_status_is_stale_when_two_years_have_surely_passed(verified: str, today: date, doubtful: bool) -> None:
    """A month has passed only when its last day has."""
    assert bool(staleness(study(verified=verified), today)) is doubtful


def test_a_stale_status_says_since_when() -> None:
    """The whole sentence, with the date as precise as it is."""
    assert staleness(study(verified="2019-04"), date(2026, 1, 15)) == (
        "Nobody has confirmed this status since April 2019, over 6 years ago.",
    )
    assert staleness(study(posted="2023-12-31"), date(2026, 1, 15)) == (
        "Nobody has confirmed this status since 31 December 2023, over 2 years ago.",
    )


@pytest.mark.parametrize("status", ["COMPLETED", "TERMINATED", "WITHDRAWN", "NO_LONGER_AVAILABLE", None])
def test_a_final_status_does_not_go_stale(status: str | None) -> None:
    """What has ended stays ended."""
    assert staleness(study(status, verified="2010-01", completion="2011-01"), date(2026, 1, 15)) == ()


@pytest.mark.parametrize(
    ("completion", "today", "doubtful"),
    [
        ("2025-10", date(2025, 10, 31), False),
        ("2025-10", date(2025, 11, 1), True),
        ("2025-10-05", date(2025, 10, 5), False),
        ("2025-10-05", date(2025, 10, 6), True),
        (("2025-10", "ACTUAL"), date(2026, 1, 1), False),
        ("2025", date(2025, 12, 31), False),
    ],
)
def test_a_planned_end_that_has_passed_is_said(completion: str, today: date, doubtful: bool) -> None:
    """Not before the last day that it can mean, and not where it is actual."""
    assert bool(staleness(study(completion=completion), today)) is doubtful


def test_a_planned_end_is_said_with_its_date() -> None:
    """The whole sentence."""
    assert staleness(study(completion="2025-10"), date(2026, 1, 15)) == (
        "The planned completion date, October 2025, has passed.",
    )


def test_a_start_that_has_passed_is_said_of_what_is_not_yet_open() -> None:
    """The whole sentence, and only there."""
    said = {"start": "2025-10", "verified": "2025-09"}
    assert staleness(study("NOT_YET_RECRUITING", **said), date(2026, 1, 15)) == (
        "The planned start date, October 2025, has passed.",
    )
    assert staleness(study("NOT_YET_RECRUITING", **said), date(2025, 10, 31)) == ()
    assert staleness(study("RECRUITING", **said), date(2026, 1, 15)) == ()


def test_open_sites_of_a_study_that_is_not_open_are_said() -> None:
    """Either the one or the other is out of date."""
    sites = (Site(status="RECRUITING"), Site(status="COMPLETED"), Site())
    today = date(2026, 1, 15)
    assert staleness(study("COMPLETED", sites=sites), today) == (
        "1 site of 3 still listed as recruiting, against the status of the study as a whole. Ask before relying on it.",
    )
    assert staleness(study("RECRUITING", sites=sites), today) == ()
    assert staleness(study(None, sites=sites), today) == ()


def test_a_recruiting_study_without_a_recruiting_site_is_said() -> None:
    """Where each site states its status."""
    today = date(2026, 1, 15)
    closed, silent = Site(status="COMPLETED"), Site()
    assert staleness(study(sites=(closed, closed)), today) == (
        "No site is listed as recruiting, though the study as a whole is.",
    )
    assert staleness(study(sites=(closed, silent)), today) == ()
    assert staleness(study(sites=()), today) == ()


def test_a_view_has_label_bucket_and_date() -> None:
    """The date that the registry confirmed it, else that of the last update, else none."""
    today = date(2026, 1, 15)
    view = status_view(study(verified="2025-12", posted="2025-12-20"), None, today)
    assert (view.label, view.bucket, view.tone, view.as_of, view.warnings) == (
        "Recruiting",
        "Open now",
        "open",
        "confirmed in December 2025",
        (),
    )
    assert status_view(study(posted="2025-12-20"), None, today).as_of == "as of 20 December 2025"
    assert status_view(study(), None, today).as_of == "no date stated"


@pytest.mark.parametrize(("said", "comes_to"), [("Non Recruiting", "Not open"), ("Recruiting soon", "Not stated")])
def test_a_coarse_status_is_shown_as_it_was_and_never_guessed(said: str, comes_to: str) -> None:
    """Quoted; its tone stays unknown."""
    view = status_view(study(None), Sidecar(coarse_status=said), date(2026, 1, 15))
    assert (view.label, view.bucket, view.tone) == (f"“{said}”", comes_to, "unknown")
    assert view.help == "So the page said; it does not tell which of the registry's statuses this is."


def test_a_stated_status_comes_before_a_coarse_one() -> None:
    """The record knows better."""
    view = status_view(study("SUSPENDED"), Sidecar(coarse_status="Non Recruiting"), date(2026, 1, 15))
    assert (view.label, view.tone) == ("Suspended", "limited")


def test_a_status_that_is_not_stated_says_so() -> None:
    """And nothing else."""
    view = status_view(study(None), None, date(2026, 1, 15))
    assert (view.label, view.help, view.bucket) == ("Not stated", "The record does not say.", "Not stated")


def test_why_it_stopped_and_what_was_last_known_are_shown() -> None:
    """As the record has them."""
    view = status_view(
        study("UNKNOWN", last_known_status="RECRUITING", why_stopped="No money"), None, date(2026, 1, 15)
    )
    assert view.last_known is not None
    assert (view.last_known.text, view.why_stopped) == ("Recruiting", "No money")
