"""What programs get: JSON of the same records that the pages show."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from markupsafe import Markup

from equipoise.find.facets import Facet, FacetValue
from equipoise.find.funnel import Nothing, Remedy, Step
from equipoise.find.hits import Hit, Hits
from equipoise.find.near import Near
from equipoise.find.patient_match import NOTICE, PatientMatch
from equipoise.find.related import NO_RELATED, RelatedStudy
from equipoise.find.strategy import strategy_line
from equipoise.find.synonyms import Synonyms
from equipoise.matching.verdicts import verdict_json
from equipoise.records.patient import patient_json
from equipoise.records.study import Study
from equipoise.store.library import Library


class FacetAnswer(msgspec.Struct, frozen=True):
    """A filter and its values with counts."""

    name: str
    label: str
    values: tuple[FacetValue, ...]


class OtherSearch(msgspec.Struct, frozen=True):
    """Another search and how many studies it finds; ``address`` is its query of a web address."""

    words: str
    address: str
    count: int


class NothingAnswer(msgspec.Struct, frozen=True):
    """Why nothing was found: what each part leaves, and other searches that find something."""

    steps: tuple[Step, ...]
    remedies: tuple[OtherSearch, ...]
    elsewhere: OtherSearch | None
    spelling: OtherSearch | None


class CompiledCount(msgspec.Struct, frozen=True):
    """Of how many studies in the library the criteria are compiled."""

    compiled: int
    studies: int


class SearchAnswer(msgspec.Struct, frozen=True):
    """
    A result list. ``english`` is the search in words, ``address`` as the query of a web address, ``strategy``
    as one line of a systematic review's report; ``synonyms`` are other words that were searched for;
    ``compiled`` says how many studies could answer, where something was asked about criteria;
    ``near`` is the place around which it searched, with what else the words for it may mean.
    """

    english: str
    address: str
    total: int
    unstated: int
    some_words: bool
    synonyms: tuple[Synonyms, ...]
    nothing: NothingAnswer | None
    strategy: str
    compiled: CompiledCount | None
    near: Near | None
    offset: int
    hits: tuple[Hit, ...]
    facets: tuple[FacetAnswer, ...]


class RelatedAnswer(msgspec.Struct, frozen=True):
    """The studies related to one; ``note`` says what to do where there are none."""

    number: str
    title: str
    note: str
    related: tuple[RelatedStudy, ...]


def _plain(value: Any) -> Any:
    if isinstance(value, Markup):
        return str(value)
    raise NotImplementedError(type(value))


def encode(answer: Any) -> bytes:
    """Return a record as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(answer, enc_hook=_plain), indent=2)


def _facet(facet: Facet) -> FacetAnswer:
    return FacetAnswer(facet.filter.name, facet.filter.label, facet.values)


def related_answer(study: Study, related: tuple[RelatedStudy, ...]) -> RelatedAnswer:
    """Return the studies related to one as programs get them."""
    title = study.title or study.official_title or study.number
    return RelatedAnswer(study.number, title, "" if related else NO_RELATED, related)


def _other(remedy: Remedy) -> OtherSearch:
    return OtherSearch(remedy.words, remedy.query.address(), remedy.count)


def _nothing(nothing: Nothing) -> NothingAnswer:
    return NothingAnswer(
        steps=nothing.steps,
        remedies=tuple(map(_other, nothing.remedies)),
        elsewhere=_other(nothing.elsewhere) if nothing.elsewhere else None,
        spelling=_other(nothing.spelling) if nothing.spelling else None,
    )


def search_answer(hits: Hits, library: Library, today: date) -> SearchAnswer:
    """Return a result list, found on this day, as programs get it."""
    found = hits.found
    return SearchAnswer(
        english=found.query.describe(),
        address=found.query.address(),
        total=found.total,
        unstated=found.unstated,
        some_words=found.some_words,
        synonyms=found.synonyms,
        nothing=_nothing(found.nothing) if found.nothing else None,
        strategy=strategy_line(found.query, library, total=found.total, today=today),
        compiled=None if found.compiled is None else CompiledCount(found.compiled, len(library)),
        near=found.query.near,
        offset=hits.offset,
        hits=hits.items,
        facets=tuple(_facet(facet) for facet in found.facets),
    )


def match_json(found: PatientMatch) -> bytes:
    """Return a match in the published form."""
    studies = [
        {**verdict_json(one.verdict), "title": one.title, "status": one.status, "nearest": one.nearest}
        for one in found.studies
    ]
    answer = {
        "notice": NOTICE,
        "patient": patient_json(found.patient),
        "at": str(found.at),
        "query": found.query.describe(),
        "overview": found.overview,
        "considered": found.considered,
        "studies": studies,
        "questions": found.questions,
    }
    return msgspec.json.encode(answer)
