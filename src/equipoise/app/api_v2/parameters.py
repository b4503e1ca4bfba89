"""
The parameters of API v2: one table from which validation, its errors and the OpenAPI document come.

Names, defaults and patterns are those of the registry's API 2.0.5; the help is ours.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import msgspec

from equipoise.find.field_stats import TYPES
from equipoise.terms.enums import enumerations

PAGE_SIZE = 10
LARGEST_PAGE = 1000

# Two thousand numbers; an expression of this length is a mistake or an attack.
LONGEST = 30_000

GEO = r"^distance\(-?\d+(\.\d+)?,-?\d+(\.\d+)?,\d+(\.\d+)?(km|mi)?\)$"
DECAY = r"^func:(gauss|exp|linear),scale:(\d+(\.\d+)?(km|mi)),offset:(\d+(\.\d+)?(km|mi)),decay:(\d+(\.\d+)?)$"
DEFAULT_DECAY = "func:exp,scale:300mi,offset:0mi,decay:0.5"
SORT = r"^(@relevance|[A-Za-z][A-Za-z0-9.]*)(:(asc|desc))?$"
SYNONYMS = r"^[A-Za-z]+:\d+$"
NUMBER = r"^[Nn][Cc][Tt]0*[1-9]\d{0,7}$"


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """
    One parameter. ``kind`` is ``text``, ``list``, ``integer`` or ``boolean``; a list's ``values``,
    ``pattern`` and ``most`` (how many) hold for its entries.
    """

    name: str
    endpoints: tuple[str, ...]
    help: str
    kind: str = "text"
    default: str | None = None
    values: tuple[str, ...] = ()
    pattern: str = ""
    most: int | None = None
    example: str = ""


class Endpoint(msgspec.Struct, frozen=True):
    """One address of the API: its path below the base, and what it answers."""

    name: str
    path: str
    help: str


ENDPOINTS = (
    Endpoint("studies", "/studies", "The studies that a query and its filters find, page by page."),
    Endpoint("study", "/studies/{nctId}", "One study; an earlier number leads on to its study with 301."),
    Endpoint("metadata", "/studies/metadata", "Every field of a record, as a tree."),
    Endpoint("areas", "/studies/search-areas", "The search areas with the fields and weights of each."),
    Endpoint("enums", "/studies/enums", "Every enumeration with its values and the registry's labels."),
    Endpoint("size", "/stats/size", "How large the records are."),
    Endpoint("values", "/stats/field/values", "What the values of fields are, and how frequent."),
    Endpoint("sizes", "/stats/field/sizes", "How long the lists in fields are."),
    Endpoint("version", "/version", "The version of the API, and when the library was last changed."),
)


def _query(key: str, what: str, example: str) -> Parameter:
    help = f"Words or an Essie expression, sought in {what}. All queries given must hold; each affects the ranking."
    return Parameter(name=f"query.{key}", endpoints=("studies",), help=help, example=example)


def _filter(name: str, help: str, **more: Any) -> Parameter:
    help += " It does not affect the ranking."
    if name.startswith("post"):
        help += " The same as the filter without `post`."
    return Parameter(name=name, endpoints=("studies",), help=help, **more)


def _filters(prefix: str) -> tuple[Parameter, ...]:
    """Return the filters, which exist twice: a facet chosen after the search filters as the others do."""
    return (
        _filter(
            f"{prefix}.overallStatus",
            "Studies with one of these statuses.",
            kind="list",
            values=tuple(enumerations()["Status"]),
            example="RECRUITING,NOT_YET_RECRUITING",
        ),
        _filter(
            f"{prefix}.geo",
            "Studies with a site within a distance of a point; without a unit km are meant.",
            pattern=GEO,
            example="distance(53.8,-1.55,50km)",
        ),
        _filter(
            f"{prefix}.ids",
            "Studies with one of these numbers, present or earlier.",
            kind="list",
            pattern=NUMBER,
            example="NCT04280705,NCT04852770",
        ),
        _filter(
            f"{prefix}.advanced",
            "Studies for which an Essie expression holds.",
            example="AREA[StartDate]2022 AND AREA[MinimumAge]RANGE[MIN, 16 years]",
        ),
        _filter(
            f"{prefix}.synonyms",
            "Studies with a concept of the registry's own synonym sets. A library does not have these sets, so that "
            "every value is refused.",
            kind="list",
            pattern=SYNONYMS,
        ),
    )


_SELECTING = (
    _query("cond", "conditions, titles, keywords and MeSH terms", "heart failure"),
    _query("term", "all the fields of the basic area", 'AREA[LastUpdatePostDate]RANGE[2023-01-15,MAX]'),
    _query("locn", "the places of the sites", "Leeds"),
    _query("titles", "titles and acronym", "stroke"),
    _query("intr", "interventions and arms", "aspirin"),
    _query("outc", "outcome measures", "overall survival"),
    _query("spons", "sponsor, collaborators and organization", "University of Oxford"),
    _query("lead", "the name of the lead sponsor alone", "AstraZeneca"),
    _query("id", "numbers and acronym", "NCT04280705"),
    _query("patient", "the fields that matter to a patient", "knee pain"),
    *_filters("filter"),
    *_filters("postFilter"),
    Parameter(
        name="aggFilters",
        endpoints=("studies",),
        help="Facets as on the registry's search page: `id:keys`, keys apart by spaces (any of them), facets by commas "
        "or bars (all of them).",
        example="results:with,status:rec not,phase:2 3",
    ),
    Parameter(
        name="geoDecay",
        endpoints=("studies",),
        pattern=DECAY,
        default=DEFAULT_DECAY,
        help="How nearness ranks; ignored without `filter.geo` and where more than 10,000 studies are found.",
    ),
    Parameter(
        name="sort",
        endpoints=("studies",),
        kind="list",
        pattern=SORT,
        most=2,
        help="The order: at most two fields of dates or numbers, or `@relevance`, each with `:asc` or `:desc`. Dates "
        "and relevance fall by default, numbers rise; studies without a value come last.",
        example="LastUpdatePostDate:desc",
    ),
)  # fmt: skip

PARAMETERS: tuple[Parameter, ...] = (
    *_SELECTING,
    Parameter(
        name="fields",
        endpoints=("studies", "study", "values", "sizes"),
        kind="list",
        help="Only these fields: piece, path or area names, or `@query` for those that the query looks in; a field "
        "that holds others brings all of them. With CSV the names of columns, with RIS tags; not with FHIR.",
        example="NCTId,BriefTitle,OverallStatus",
    ),
    Parameter(
        name="format",
        endpoints=("studies", "study"),
        default="json",
        values=("json", "csv", "json.zip", "fhir.json", "ris"),
        help="The form of the answer; for lists `json` and `csv` alone.",
    ),
    Parameter(
        name="markupFormat",
        endpoints=("studies", "study"),
        default="markdown",
        values=("markdown", "legacy"),
        help="Long texts as published (CommonMark), or without its escapes and with dashes for bullets.",
    ),
    Parameter(
        name="countTotal",
        endpoints=("studies",),
        kind="boolean",
        default="false",
        help="Whether the first page says how many studies there are; ignored with a `pageToken`.",
    ),
    Parameter(
        name="pageSize",
        endpoints=("studies",),
        kind="integer",
        default=str(PAGE_SIZE),
        help=f"How many studies a page has; above {LARGEST_PAGE:,} it is {LARGEST_PAGE:,}.",
    ),
    Parameter(
        name="pageToken",
        endpoints=("studies",),
        help="What the page before gave for the next one; all parameters but `pageSize`, `pageToken` and `countTotal` "
        "are to be repeated.",
    ),
    Parameter(
        name="includeIndexedOnly",
        endpoints=("metadata",),
        kind="boolean",
        default="false",
        help="Also fields that are searched and never shown. A library has none.",
    ),
    Parameter(
        name="includeHistoricOnly",
        endpoints=("metadata",),
        kind="boolean",
        default="false",
        help="Also fields of a record's history. A library has none.",
    ),
    Parameter(
        name="types",
        endpoints=("values",),
        kind="list",
        values=TYPES,
        help="Only fields of these types.",
        example="ENUM,BOOLEAN",
    ),
)

# What decides which studies are found and in which order: a token holds for these.
SELECTING = frozenset(one.name for one in _SELECTING)
QUERIES = tuple(one.name for one in _SELECTING if one.name.startswith("query."))

# The forms of a list of studies; a single study has more.
LIST_FORMATS = ("json", "csv")


@cache
def parameters_of(endpoint: str) -> dict[str, Parameter]:
    """Return the parameters of an endpoint by name.

    >>> list(parameters_of("study"))
    ['fields', 'format', 'markupFormat']
    """
    return {one.name: one for one in PARAMETERS if endpoint in one.endpoints}


def formats_of(endpoint: str, parameter: Parameter) -> tuple[str, ...]:
    """Return the values of a parameter at an endpoint."""
    return LIST_FORMATS if (endpoint, parameter.name) == ("studies", "format") else parameter.values


@cache
def pattern_of(parameter: Parameter) -> re.Pattern[str]:
    """Return the pattern of a parameter's values."""
    return re.compile(parameter.pattern, re.ASCII)
