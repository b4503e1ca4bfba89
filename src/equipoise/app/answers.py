"""What programs get: JSON of the same records that the pages show."""

from __future__ import annotations

from typing import Any

import msgspec
from markupsafe import Markup

from equipoise.find.hits import Hit, Hits
from equipoise.find.related import NO_RELATED, RelatedStudy
from equipoise.find.search import Facet, FacetValue
from equipoise.records.study import Study


class FacetAnswer(msgspec.Struct, frozen=True):
    """A filter and its values with counts."""

    name: str
    label: str
    values: tuple[FacetValue, ...]


class CompiledCount(msgspec.Struct, frozen=True):
    """Of how many studies in the library the criteria are compiled."""

    compiled: int
    studies: int


class SearchAnswer(msgspec.Struct, frozen=True):
    """
    A result list. ``english`` is the search in words, ``address`` as the query of a web address;
    ``compiled`` says how many studies could answer, where something was asked about criteria.
    """

    english: str
    address: str
    total: int
    unstated: int
    some_words: bool
    compiled: CompiledCount | None
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


def search_answer(hits: Hits, studies: int) -> SearchAnswer:
    """Return a result list, found among so many *studies*, as programs get it."""
    found = hits.found
    return SearchAnswer(
        english=found.query.describe(),
        address=found.query.address(),
        total=found.total,
        unstated=found.unstated,
        some_words=found.some_words,
        compiled=None if found.compiled is None else CompiledCount(found.compiled, studies),
        offset=hits.offset,
        hits=hits.items,
        facets=tuple(_facet(facet) for facet in found.facets),
    )
