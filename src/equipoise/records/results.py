"""
Posted results: participant flow, baseline, outcomes with analyses, adverse events.

Numbers stay the strings that the registry publishes, since ``NA``, ``<0.001`` and ``12.0``
(one decimal, not none) all carry meaning.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from equipoise.records.dates import PartialDate

# What the columns hold; no registry counts beyond it.
Count = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)] | None


class Group(msgspec.Struct, frozen=True, rename="camel"):
    """A column of a results table."""

    id: str | None = None
    title: str | None = None
    description: str | None = None


class FlowCount(msgspec.Struct, frozen=True, rename="camel"):
    """How many of a group reached a milestone or left for a reason."""

    group_id: str | None = None
    comment: str | None = None
    num_subjects: str | None = None
    num_units: str | None = None


class Milestone(msgspec.Struct, frozen=True, rename="camel"):
    """A step in a period: started, completed, not completed, or the study's own."""

    type: str | None = None
    comment: str | None = None
    achievements: tuple[FlowCount, ...] = ()


class DropWithdraw(msgspec.Struct, frozen=True, rename="camel"):
    """A reason for not completing a period."""

    type: str | None = None
    comment: str | None = None
    reasons: tuple[FlowCount, ...] = ()


class Period(msgspec.Struct, frozen=True, rename="camel"):
    """A stretch of the study."""

    title: str | None = None
    milestones: tuple[Milestone, ...] = ()
    drop_withdraws: tuple[DropWithdraw, ...] = ()


class ParticipantFlow(msgspec.Struct, frozen=True, rename="camel"):
    """How many started, went on and left."""

    pre_assignment_details: str | None = None
    recruitment_details: str | None = None
    type_units_analyzed: str | None = None
    groups: tuple[Group, ...] = ()
    periods: tuple[Period, ...] = ()


class DenomCount(msgspec.Struct, frozen=True, rename="camel"):
    """How many of a group were analyzed."""

    group_id: str | None = None
    value: str | None = None


class Denom(msgspec.Struct, frozen=True, rename="camel"):
    """How many participants, or other units, were analyzed in each group."""

    units: str | None = None
    counts: tuple[DenomCount, ...] = ()


class Measurement(msgspec.Struct, frozen=True, rename="camel"):
    """One cell of a results table."""

    group_id: str | None = None
    value: str | None = None
    spread: str | None = None
    lower_limit: str | None = None
    upper_limit: str | None = None
    comment: str | None = None


class Category(msgspec.Struct, frozen=True, rename="camel"):
    """A row within a class, such as Female."""

    title: str | None = None
    measurements: tuple[Measurement, ...] = ()


class Class(msgspec.Struct, frozen=True, rename="camel"):
    """A block of rows, such as a time point."""

    title: str | None = None
    denoms: tuple[Denom, ...] = ()
    categories: tuple[Category, ...] = ()


class BaselineMeasure(msgspec.Struct, frozen=True, rename="camel"):
    """A characteristic measured at baseline."""

    title: str | None = None
    description: str | None = None
    population_description: str | None = None
    param_type: str | None = None
    dispersion_type: str | None = None
    unit_of_measure: str | None = None
    calculate_pct: bool | None = None
    denom_units_selected: str | None = None
    denoms: tuple[Denom, ...] = ()
    classes: tuple[Class, ...] = ()


class Baseline(msgspec.Struct, frozen=True, rename="camel"):
    """Who took part."""

    population_description: str | None = None
    type_units_analyzed: str | None = None
    groups: tuple[Group, ...] = ()
    denoms: tuple[Denom, ...] = ()
    measures: tuple[BaselineMeasure, ...] = ()


class Analysis(msgspec.Struct, frozen=True, rename="camel"):
    """A statistical comparison."""

    param_type: str | None = None
    param_value: str | None = None
    dispersion_type: str | None = None
    dispersion_value: str | None = None
    statistical_method: str | None = None
    statistical_comment: str | None = None
    p_value: str | None = None
    p_value_comment: str | None = None
    ci_num_sides: str | None = None
    ci_pct_value: str | None = None
    ci_lower_limit: str | None = None
    ci_upper_limit: str | None = None
    ci_lower_limit_comment: str | None = None
    ci_upper_limit_comment: str | None = None
    estimate_comment: str | None = None
    tested_non_inferiority: bool | None = None
    non_inferiority_type: str | None = None
    non_inferiority_comment: str | None = None
    other_analysis_description: str | None = None
    group_description: str | None = None
    group_ids: tuple[str, ...] = ()


class OutcomeMeasure(msgspec.Struct, frozen=True, rename="camel"):
    """One outcome with its values."""

    type: str | None = None
    title: str | None = None
    description: str | None = None
    population_description: str | None = None
    reporting_status: str | None = None
    anticipated_posting_date: PartialDate | None = None
    param_type: str | None = None
    dispersion_type: str | None = None
    unit_of_measure: str | None = None
    calculate_pct: bool | None = None
    time_frame: str | None = None
    type_units_analyzed: str | None = None
    denom_units_selected: str | None = None
    groups: tuple[Group, ...] = ()
    denoms: tuple[Denom, ...] = ()
    classes: tuple[Class, ...] = ()
    analyses: tuple[Analysis, ...] = ()


class OutcomeMeasures(msgspec.Struct, frozen=True, rename="camel"):
    """The outcomes posted."""

    outcome_measures: tuple[OutcomeMeasure, ...] = ()


class EventGroup(msgspec.Struct, frozen=True, rename="camel"):
    """A column of the adverse event tables, with its totals."""

    id: str | None = None
    title: str | None = None
    description: str | None = None
    deaths_num_affected: Count = None
    deaths_num_at_risk: Count = None
    serious_num_affected: Count = None
    serious_num_at_risk: Count = None
    other_num_affected: Count = None
    other_num_at_risk: Count = None


class EventCount(msgspec.Struct, frozen=True, rename="camel"):
    """How often an event befell a group."""

    group_id: str | None = None
    num_events: Count = None
    num_affected: Count = None
    num_at_risk: Count = None


class AdverseEvent(msgspec.Struct, frozen=True, rename="camel"):
    """One kind of adverse event."""

    term: str | None = None
    organ_system: str | None = None
    source_vocabulary: str | None = None
    assessment_type: str | None = None
    notes: str | None = None
    stats: tuple[EventCount, ...] = ()


class AdverseEvents(msgspec.Struct, frozen=True, rename="camel"):
    """Deaths, serious and other adverse events."""

    frequency_threshold: str | None = None
    time_frame: str | None = None
    description: str | None = None
    all_cause_mortality_comment: str | None = None
    event_groups: tuple[EventGroup, ...] = ()
    serious_events: tuple[AdverseEvent, ...] = ()
    other_events: tuple[AdverseEvent, ...] = ()


class Limitations(msgspec.Struct, frozen=True, rename="camel"):
    """What limits the results."""

    description: str | None = None


class Agreement(msgspec.Struct, frozen=True, rename="camel"):
    """What the investigators may publish."""

    pi_sponsor_employee: bool | None = None
    restriction_type: str | None = None
    restrictive_agreement: bool | None = None
    other_details: str | None = None


class PointOfContact(msgspec.Struct, frozen=True, rename="camel"):
    """Whom to ask about the results."""

    title: str | None = None
    organization: str | None = None
    email: str | None = None
    phone: str | None = None
    phone_ext: str | None = None


class MoreInfo(msgspec.Struct, frozen=True, rename="camel"):
    """Limits, agreements and whom to ask."""

    limitations_and_caveats: Limitations | None = None
    certain_agreement: Agreement | None = None
    point_of_contact: PointOfContact | None = None


class Results(msgspec.Struct, frozen=True, rename="camel"):
    """The results that were posted."""

    participant_flow_module: ParticipantFlow | None = None
    baseline_characteristics_module: Baseline | None = None
    outcome_measures_module: OutcomeMeasures | None = None
    adverse_events_module: AdverseEvents | None = None
    more_info_module: MoreInfo | None = None
