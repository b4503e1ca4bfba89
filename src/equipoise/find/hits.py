"""The studies of one page of a result list, with the words that matched marked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import msgspec

from equipoise.find.distances import distances
from equipoise.find.facts import Word, words
from equipoise.find.marking import Part, cut, mark_all
from equipoise.find.markup import skim
from equipoise.find.nearest import Nearest, nearest
from equipoise.find.query import Query
from equipoise.find.search import Found
from equipoise.find.status import bucket, site_state, staleness
from equipoise.records.study import Site, Study
from equipoise.store.library import Library
from equipoise.terms.countries import country_name
from equipoise.terms.enums import term

SNIPPET = 240
_LINES = re.compile(r"\s*\n\s*")


class Snippet(msgspec.Struct, frozen=True):
    """A few words around a match, and the section they stand in."""

    place: str
    parts: tuple[Part, ...]


class ChosenPlace(msgspec.Struct, frozen=True):
    """How many sites a study has in a country that was asked for, and how many of them are recruiting."""

    country: str
    sites: int
    open: int


class Hit(msgspec.Struct, frozen=True):
    """A study in a result list. ``tone`` is that of its status; ``doubtful``: it may be out of date."""

    number: str
    title: tuple[Part, ...]
    status: str
    bucket: str
    tone: str
    phases: tuple[Word, ...]
    type: str
    conditions: tuple[str, ...]
    interventions: tuple[str, ...]
    sponsor: str
    countries: tuple[str, ...]
    sites: int
    open_sites: int
    enrollment: int | None
    start: str
    updated: str
    has_results: bool
    demonstration: bool
    doubtful: bool
    chosen: tuple[ChosenPlace, ...]
    snippet: Snippet | None
    nearest: Nearest | None = None


class Hits(msgspec.Struct, frozen=True):
    """One page of a result list."""

    found: Found
    items: tuple[Hit, ...]
    offset: int


def text_of(parts: Iterable[Part]) -> str:
    """Return the text of marked parts, unmarked."""
    return "".join(part.text for part in parts)


def _snippet_texts(study: Study) -> dict[str, str]:
    """Return the plain texts that a snippet may be cut from."""
    outcomes = (outcome.measure or "" for outcome in study.outcomes.primary_outcomes)
    texts = {
        "Summary": (study.summary, *outcomes),
        "Description": (
            study.description,
            *(arm.description for arm in study.arms),
            *(one.description for one in study.interventions),
        ),
        "Eligibility": (study.eligibility.eligibility_criteria,),
    }
    return {place: "\n".join(skim(text) for text in several if text) for place, several in texts.items()}


def _snippet(study: Study, marks: frozenset[str]) -> Snippet | None:
    """Return the cut with most of the words, the summary's among equals."""
    best: tuple[tuple[int, int], Snippet] | None = None
    for place, text in _snippet_texts(study).items():
        found = cut(text, marks, SNIPPET)
        if found and (best is None or (found.different, found.marked) > best[0]):
            best = (found.different, found.marked), Snippet(place, found.parts)
    return best[1] if best else None


def _opening(study: Study) -> Snippet | None:
    """Return the first words of what describes a study."""
    for place, published in (("Summary", study.summary), ("Description", study.description)):
        text = _LINES.sub(" · ", skim(published or "").strip())
        if text:
            cut = text[:SNIPPET]
            whole = text if text == cut else (cut.rpartition(" ")[0] or cut) + " …"
            return Snippet(place, (Part(whole),))
    return None


def _chosen_places(study: Study, countries: Iterable[str]) -> tuple[ChosenPlace, ...]:
    """Return a study's sites in the countries asked for; sites of a closed study are not counted as open."""
    found = []
    for country in countries:
        sites = [site for site in study.sites if site.country and country_name(site.country) == country]
        if sites:
            found.append(ChosenPlace(country, len(sites), _count_open(study, sites)))
    return tuple(found)


def _count_open(study: Study, sites: Iterable[Site]) -> int:
    """Return how many sites are open; one of a closed study may still be listed as recruiting, and is not."""
    return sum(site_state(site.status, overall=study.status.overall_status) == "open" for site in sites)


def _hit(study: Study, marks: frozenset[str], query: Query, today: date) -> Hit:
    title = study.title or study.official_title or study.number
    status = study.status.overall_status
    comes_to, tone = bucket(status)
    start = study.status.start_date_struct.date
    return Hit(
        number=study.number,
        title=mark_all(title, marks),
        status=term("Status", status).short if status else "Not stated",
        bucket=comes_to,
        tone=tone,
        phases=words("Phase", study.design.phases),
        type=term("StudyType", study.design.study_type).short if study.design.study_type else "",
        conditions=study.conditions,
        interventions=tuple(one.name for one in study.interventions if one.name),
        sponsor=(study.lead_sponsor.name or "") if study.lead_sponsor else "",
        countries=study.countries,
        sites=len(study.sites),
        open_sites=_count_open(study, study.sites),
        enrollment=study.design.enrollment_info.count,
        start=start.words() if start else "",
        updated=study.updated.words() if study.updated else "",
        has_results=study.has_results is True,
        demonstration=study.demonstration is not None,
        doubtful=tone in ("open", "later", "limited") and bool(staleness(study, today)),
        chosen=_chosen_places(study, query.chosen.get("country", ())),
        snippet=(_snippet(study, marks) if marks else None) or _opening(study),
    )


def read_hits(library: Library, found: Found, *, offset: int = 0, limit: int = 20, today: date | None = None) -> Hits:
    """Return *limit* studies of a result list from *offset* on, as they read on *today*."""
    columns = library.columns
    items, page, near = [], found.rows[offset : offset + limit], found.query.near
    far = distances(columns, page, near) if near else None
    for place, row in enumerate(page):
        study = library.outline_at(int(row))
        hit = _hit(study, found.marks, found.query, today or date.today())
        items.append(msgspec.structs.replace(hit, nearest=nearest(study, near, far, place)) if near and far else hit)
    return Hits(found, tuple(items), offset)
