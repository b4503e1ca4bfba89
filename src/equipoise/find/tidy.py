"""
Studies as tidy tables: one row a study, a condition, an intervention, an arm, an outcome, a site, an identifier.

Each table has the study's number in its first column, by which they join. Values are as published;
what is not stated is empty. Dates keep their precision (``2025-10``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from equipoise.records.study import Outcome, Site, Study
from equipoise.terms.countries import country_name

Cell = str | int | float | bool | None
Row = tuple[Cell, ...]


class Table(msgspec.Struct, frozen=True):
    """A table: its columns besides the study's number, and the rows of a study."""

    columns: tuple[str, ...]
    rows: Callable[[Study], Iterable[Row]]


def _study(study: Study) -> Iterator[Row]:
    status, design, eligibility = study.status, study.design, study.eligibility
    lead = study.lead_sponsor
    yield (
        study.title,
        study.official_title,
        study.acronym,
        design.study_type,
        "/".join(design.phases) or None,
        status.overall_status,
        status.why_stopped,
        design.design_info.allocation,
        design.design_info.intervention_model,
        design.design_info.primary_purpose,
        design.design_info.masking_info.masking,
        design.enrollment_info.count,
        design.enrollment_info.type,
        eligibility.sex,
        eligibility.minimum_age,
        eligibility.maximum_age,
        eligibility.healthy_volunteers,
        lead.name if lead else None,
        lead.class_ if lead else None,
        status.start_date_struct.date,
        status.primary_completion_date_struct.date,
        status.completion_date_struct.date,
        status.study_first_post_date_struct.date,
        status.results_first_post_date_struct.date,
        status.last_update_post_date_struct.date,
        study.has_results,
        study.summary,
        eligibility.eligibility_criteria,
    )


def _outcomes(study: Study) -> Iterator[Row]:
    for kind, several in (
        ("primary", study.outcomes.primary_outcomes),
        ("secondary", study.outcomes.secondary_outcomes),
        ("other", study.outcomes.other_outcomes),
    ):
        yield from (_outcome(kind, one) for one in several)


def _outcome(kind: str, outcome: Outcome) -> Row:
    return kind, outcome.measure, outcome.description, outcome.time_frame


def _site(site: Site) -> Row:
    point = site.geo_point
    country = country_name(site.country) if site.country else None
    place = (point.lat, point.lon) if point else (None, None)
    return (site.facility, site.city, site.state, site.zip, site.country, country, site.status, *place)


TABLES: dict[str, Table] = {
    "studies": Table(
        (
            "title",
            "official_title",
            "acronym",
            "study_type",
            "phases",
            "status",
            "why_stopped",
            "allocation",
            "intervention_model",
            "primary_purpose",
            "masking",
            "enrollment",
            "enrollment_type",
            "sex",
            "minimum_age",
            "maximum_age",
            "healthy_volunteers",
            "lead_sponsor",
            "lead_sponsor_class",
            "start",
            "primary_completion",
            "completion",
            "first_posted",
            "results_posted",
            "updated",
            "has_results",
            "summary",
            "criteria",
        ),
        _study,
    ),
    "conditions": Table(
        ("condition", "kind"),
        lambda s: [*((one, "condition") for one in s.conditions), *((one, "keyword") for one in s.keywords)],
    ),
    "interventions": Table(
        ("type", "name", "other_names", "description"),
        lambda s: ((one.type, one.name, "; ".join(one.other_names), one.description) for one in s.interventions),
    ),
    "arms": Table(("label", "type", "description"), lambda s: ((a.label, a.type, a.description) for a in s.arms)),
    "outcomes": Table(("kind", "measure", "description", "time_frame"), _outcomes),
    "sites": Table(
        ("facility", "city", "state", "zip", "country", "country_name", "status", "latitude", "longitude"),
        lambda s: map(_site, s.sites),
    ),
    "identifiers": Table(
        ("id", "type"),
        lambda s: [
            *([(s.org_id.id, s.org_id.type)] if s.org_id.id else []),
            *((one.id, one.type) for one in s.secondary_ids),
            *((alias, "alias") for alias in s.aliases),
        ],
    ),
}


def head(name: str) -> tuple[str, ...]:
    """Return the columns of a table."""
    return ("number", *TABLES[name].columns)


def rows(name: str, study: Study) -> Iterator[Row]:
    """Yield the rows that a study has in a table.

    >>> list(rows("conditions", Study(number="NCT99000001", conditions=("Flu",))))
    [('NCT99000001', 'Flu', 'condition')]
    """
    return ((study.number, *row) for row in TABLES[name].rows(study))
