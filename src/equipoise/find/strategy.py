"""
A search as a systematic review reports it: one line with all that is needed to run it again.

The items are those of PRISMA-S (Rethlefsen et al., Systematic Reviews 2021;10:39) for a registry: its name and
platform (items 1 and 3), the full strategy as run (8), limits (9) and the date of the search (13), with the number
of records (14).
"""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.metadata import version

from equipoise.find.facts import plural
from equipoise.find.query import Query
from equipoise.store.library import Library


@cache
def _version() -> str:
    # Reading it off the installation takes longer than a page of hits does.
    return version("equipoise")


def strategy_line(query: Query, library: Library, *, total: int, today: date) -> str:
    """Return a search as one line of a report."""
    edition = library.edition
    asked = "; ".join(f"{name}={value}" for name, value in query.parameters()) or "all studies"
    return (
        f"Trial registry records ({', '.join(sorted(edition.sources)) or 'none'}; {edition.studies:,} studies, updates "
        f"to {edition.updated or 'an unknown date'}, edition {edition.number}) searched with Equipoise "
        f"{_version()} on {today.isoformat()}: {asked}. In words: {query.describe()}. "
        f"{plural(total, 'record')}."
    )
