"""A study's status for readers: the exact label, what it comes to, and whether it may be stale."""

from __future__ import annotations

from datetime import date

import msgspec

from equipoise.find.facts import Word, plural, word
from equipoise.records.sidecar import Sidecar
from equipoise.records.study import Study

# What each status comes to for someone who might take part, and its tone on a page.
BUCKETS = {
    "RECRUITING": ("Open now", "open"),
    "ENROLLING_BY_INVITATION": ("By invitation only", "limited"),
    "NOT_YET_RECRUITING": ("Opening later", "later"),
    "ACTIVE_NOT_RECRUITING": ("Closed to new people", "closed"),
    "SUSPENDED": ("Paused", "limited"),
    "TERMINATED": ("Stopped early", "closed"),
    "COMPLETED": ("Finished", "closed"),
    "WITHDRAWN": ("Never started", "closed"),
    "UNKNOWN": ("Not confirmed for more than two years", "unknown"),
    "AVAILABLE": ("Expanded access: available", "open"),
    "TEMPORARILY_NOT_AVAILABLE": ("Expanded access: paused", "limited"),
    "NO_LONGER_AVAILABLE": ("Expanded access: ended", "closed"),
    "APPROVED_FOR_MARKETING": ("Approved: no study access needed", "closed"),
    "WITHHELD": ("Details withheld", "unknown"),
}
_NOT_STATED = ("Not stated", "unknown")

OPEN = ("RECRUITING", "AVAILABLE")
_UNFINISHED = (
    "RECRUITING",
    "NOT_YET_RECRUITING",
    "ENROLLING_BY_INVITATION",
    "ACTIVE_NOT_RECRUITING",
    "SUSPENDED",
)
_STALE_YEARS = 2


class StatusView(msgspec.Struct, frozen=True):
    """A status as a page shows it. ``tone`` is one of open, limited, later, closed, unknown."""

    label: str
    help: str
    bucket: str
    tone: str
    as_of: str
    warnings: tuple[str, ...]
    last_known: Word | None = None
    why_stopped: str | None = None


def bucket(status: str | None) -> tuple[str, str]:
    """Return what a status comes to, and its tone.

    >>> bucket("ENROLLING_BY_INVITATION")
    ('By invitation only', 'limited')
    """
    return BUCKETS.get(status, _NOT_STATED) if status else _NOT_STATED


def _years(start: date, end: date) -> int:
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def staleness(study: Study, today: date) -> tuple[str, ...]:
    """Return what makes the status doubtful on *today*, a sentence each.

    A date that is stated as a month or year has passed only when the last day it can mean has.
    """
    status = study.status
    stated = status.overall_status
    found = []
    confirmed = status.status_verified_date or study.updated
    if stated in ("UNKNOWN", *_UNFINISHED) and confirmed and _years(confirmed.last, today) >= _STALE_YEARS:
        years = plural(_years(confirmed.last, today), "year")
        found.append(f"Nobody has confirmed this status since {confirmed.words()}, over {years} ago.")
    end = status.completion_date_struct
    if stated in ("UNKNOWN", *_UNFINISHED) and end.date and end.type != "ACTUAL" and end.date.last < today:
        found.append(f"The planned completion date, {end.date.words()}, has passed.")
    start = status.start_date_struct.date
    if stated == "NOT_YET_RECRUITING" and start and start.last < today:
        found.append(f"The planned start date, {start.words()}, has passed.")
    open_sites = sum(site.status in OPEN for site in study.sites)
    if open_sites and stated not in OPEN and stated is not None:
        found.append(
            f"{plural(open_sites, 'site')} of {len(study.sites)} still listed as recruiting, "
            "against the status of the study as a whole. Ask before relying on it."
        )
    if stated == "RECRUITING" and study.sites and all(site.status for site in study.sites) and not open_sites:
        found.append("No site is listed as recruiting, though the study as a whole is.")
    return tuple(found)


def site_state(status: str | None, *, overall: str | None) -> str:
    """
    Return what a site comes to for someone who might join there: open, coming, closed or unknown.

    This is the one rule for maps, lists, counts and distances. A site is open if it says so itself and its study does
    not gainsay it; a study that states nothing leaves it to its sites. A study that recruits may have sites that do
    not, so of a site that is silent nobody knows. "Enrolling by invitation" is closed: the team picks whom it asks.

    >>> site_state("RECRUITING", overall="RECRUITING"), site_state("RECRUITING", overall="UNKNOWN")
    ('open', 'unknown')
    >>> site_state(None, overall="RECRUITING"), site_state(None, overall="COMPLETED")
    ('unknown', 'closed')
    >>> site_state(None, overall="NOT_YET_RECRUITING"), site_state("WITHDRAWN", overall="NOT_YET_RECRUITING")
    ('coming', 'closed')
    """
    coming = "NOT_YET_RECRUITING"
    if overall not in (None, "UNKNOWN", coming, *OPEN) or status not in (None, coming, *OPEN):
        return "closed"
    if overall == coming or (status == coming and overall != "UNKNOWN"):
        return "coming"
    return "open" if status in OPEN and overall != "UNKNOWN" else "unknown"


def status_view(study: Study, sidecar: Sidecar | None, today: date) -> StatusView:
    """Return a study's status as a page shows it on *today*."""
    status = study.status
    said = word("OverallStatus", status.overall_status)
    comes_to, tone = bucket(status.overall_status)
    label, explained = (said.text, said.help) if said else ("Not stated", "The record does not say.")
    if said is None and sidecar and sidecar.coarse_status:
        label = f"“{sidecar.coarse_status}”"
        explained = "So the page said; it does not tell which of the registry's statuses this is."
        comes_to, tone = ("Not open" if "non" in sidecar.coarse_status.lower() else "Not stated"), "unknown"
    if status.status_verified_date:
        last = "last " if status.overall_status == "UNKNOWN" else ""
        as_of = f"{last}confirmed in {status.status_verified_date.words()}"
    elif study.updated:
        # "Not confirmed for more than two years as of …" would date the silence and not the record.
        as_of = f"{'last updated' if status.overall_status == 'UNKNOWN' else 'as of'} {study.updated.words()}"
    else:
        as_of = "no date stated"
    warnings = staleness(study, today)
    if tone == "open" and warnings:
        comes_to, tone = "Listed as open, in doubt", "limited"
    return StatusView(
        label=label,
        help=explained,
        bucket=comes_to,
        tone=tone,
        as_of=as_of,
        warnings=warnings,
        last_known=word("LastKnownStatus", status.last_known_status),
        why_stopped=status.why_stopped,
    )


# The statuses of studies that somebody may join now or later.
EXPECTED = tuple(one for one, (_, tone) in BUCKETS.items() if tone in ("open", "later"))


def with_status(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the filters with the usual status, where neither a status nor a study is asked for."""
    if any(name in ("status", "numbers") for name, _ in pairs):
        return pairs
    return [*pairs, *(("status", one) for one in EXPECTED)]
