"""The studies of one page of a result list, with the words that matched marked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import msgspec
import numpy as np
import tantivy

from equipoise.find.distances import distances
from equipoise.find.distances import distances
from equipoise.find.facts import Word, words
from equipoise.find.markup import skim
from equipoise.find.nearest import Nearest, nearest
from equipoise.find.query import Query
from equipoise.find.search import Found
from equipoise.find.status import OPEN, bucket, staleness
from equipoise.records.study import Study
from equipoise.store.library import Library
from equipoise.terms.countries import country_name
from equipoise.terms.enums import term

SNIPPET = 240
_LINES = re.compile(r"\s*\n\s*")

# Where a snippet may come from, and what that place is called.
_PLACES = (("summary", "Summary"), ("detail", "Description"), ("eligibility", "Eligibility"))


class Part(msgspec.Struct, frozen=True):
    """A piece of text; ``marked``: it matched the search."""

    text: str
    marked: bool = False


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
        "summary": (study.summary, *outcomes),
        "detail": (
            study.description,
            *(arm.description for arm in study.arms),
            *(one.description for one in study.interventions),
        ),
        "eligibility": (study.eligibility.eligibility_criteria,),
    }
    return {band: "\n".join(skim(text) for text in several if text) for band, several in texts.items()}


def _part(data: bytes, *, marked: bool = False) -> Part:
    """Return a part of a snippet; the lines of a list, joined, stay told apart."""
    return Part(_LINES.sub(" · ", data.decode()), marked)


class _Marker:
    """Marks a query's words in text, as the index knows them."""

    def __init__(self, library: Library, query: tantivy.Query) -> None:
        self._title = library.index.marker(query, "title", size=10_000)
        self._bands = {band: library.index.marker(query, band, size=SNIPPET) for band, _ in _PLACES}

    @staticmethod
    def _cut(generator: tantivy.SnippetGenerator, band: str, text: str) -> tuple[tuple[Part, ...], int, bool, bool]:
        """Return the best cut as parts, how many words are marked, whether text goes before and after it."""
        document = tantivy.Document()
        document.add_text(band, text)
        snippet = generator.snippet_from_doc(document)
        fragment = snippet.fragment()
        data, parts, last = fragment.encode(), list[Part](), 0
        for span in snippet.highlighted():  # offsets are in bytes of UTF-8
            if span.start > last:
                parts.append(_part(data[last : span.start]))
            parts.append(_part(data[span.start : span.end], marked=True))
            last = span.end
        if data[last:]:
            parts.append(_part(data[last:]))
        marked = sum(part.marked for part in parts)
        if not fragment:
            return (), 0, False, False
        before, _, after = text.partition(fragment)
        if after and not re.search(r"\w", after):
            parts.append(Part(after.rstrip()))  # the cut ends with its last word, before the full stop
            after = ""
        return tuple(parts), marked, bool(before.strip()), bool(after)

    def title(self, text: str) -> tuple[Part, ...]:
        """Return a title with the words marked."""
        parts, marked, *_ = self._cut(self._title, "title", text)
        return parts if marked and text_of(parts) == text else (Part(text),)

    def snippet(self, study: Study) -> Snippet | None:
        """Return the cut with most matches, the summary's among equals."""
        best: tuple[int, Snippet] | None = None
        texts = _snippet_texts(study)
        for band, place in _PLACES:
            parts, marked, before, after = self._cut(self._bands[band], band, texts[band])
            if marked and (best is None or marked > best[0]):
                lead = (Part("… "),) if before else ()
                rest = (Part(" …"),) if after else ()
                best = (marked, Snippet(place, (*lead, *parts, *rest)))
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
        may = study.status.overall_status in (None, *OPEN)
        if sites:
            found.append(ChosenPlace(country, len(sites), sum(site.status in OPEN for site in sites) if may else 0))
    return tuple(found)


def _hit(study: Study, marker: _Marker | None, open_sites: int, query: Query, today: date) -> Hit:
    title = study.title or study.official_title or study.number
    status = study.status.overall_status
    comes_to, tone = bucket(status)
    start = study.status.start_date_struct.date
    return Hit(
        number=study.number,
        title=marker.title(title) if marker else (Part(title),),
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
        # A site of a closed study may still be listed as recruiting; nobody should count on it.
        open_sites=open_sites if status is None or status in OPEN else 0,
        enrollment=study.design.enrollment_info.count,
        start=start.words() if start else "",
        updated=study.updated.words() if study.updated else "",
        has_results=study.has_results is True,
        demonstration=study.demonstration is not None,
        doubtful=tone in ("open", "later", "limited") and bool(staleness(study, today)),
        chosen=_chosen_places(study, query.chosen.get("country", ())),
        snippet=(marker.snippet(study) if marker else None) or _opening(study),
    )


def read_hits(library: Library, found: Found, *, offset: int = 0, limit: int = 20, today: date | None = None) -> Hits:
    """Return *limit* studies of a result list from *offset* on, as they read on *today*."""
    marker = _Marker(library, found.marks) if found.marks is not None else None
    columns = library.columns
    open_codes = [code for status in OPEN if (code := columns.code("site_status", status)) is not None]
    items, page, near = [], found.rows[offset : offset + limit], found.query.near
    far = distances(columns, page, near) if near else None
    for place, row in enumerate(page):
        open_sites = int(np.isin(columns.ragged["site_status"][int(row)], open_codes).sum())
        study = library.record_at(int(row)).study
        hit = _hit(study, marker, open_sites, found.query, today or date.today())
        items.append(msgspec.structs.replace(hit, nearest=nearest(study, near, far, place)) if near and far else hit)
    return Hits(found, tuple(items), offset)
