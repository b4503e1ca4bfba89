"""
Posted results as a page shows them: tables, footnotes and labelled statements.

The view says all that the record says, in the registry's own characters; it adds words for
enumerations, and the shares that counts make of their denominators. Templates print it, the
JSON of a page serialises it, the command line writes it out.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from equipoise.find.results_events import EventsView, view_events
from equipoise.find.results_figures import (
    add_analyzed,
    add_classes,
    describe_parameter,
    is_single,
    read_measure,
    unnamed_units,
    view_figures,
)
from equipoise.find.results_outcomes import OutcomeView, view_outcomes
from equipoise.find.results_tables import (
    Draft,
    Fact,
    Figure,
    GroupView,
    Table,
    label_of,
    view_facts,
    view_groups,
)
from equipoise.records.results import (
    Agreement,
    Baseline,
    BaselineMeasure,
    FlowCount,
    MoreInfo,
    ParticipantFlow,
    Period,
    Results,
)
from equipoise.terms.enums import term_of


class FlowView(msgspec.Struct, frozen=True):
    """Who started, went on and left: a table for each period."""

    facts: tuple[Fact, ...] = ()
    groups: tuple[GroupView, ...] = ()
    periods: tuple[Table, ...] = ()


class BaselineView(msgspec.Struct, frozen=True):
    """Who took part: one table of all measures."""

    facts: tuple[Fact, ...] = ()
    groups: tuple[GroupView, ...] = ()
    table: Table = Table("")


class ContactView(msgspec.Struct, frozen=True):
    """Whom to ask about the results."""

    title: str = ""
    organization: str = ""
    email: str = ""
    phone: str = ""


class MoreView(msgspec.Struct, frozen=True):
    """What limits the results, what the investigators may publish, whom to ask."""

    limitations_markup: str = ""
    agreement: tuple[str, ...] = ()
    agreement_markup: str = ""
    contact: ContactView | None = None


class ResultsView(msgspec.Struct, frozen=True):
    """The posted results of a study; a part that was not posted is None or empty."""

    flow: FlowView | None = None
    baseline: BaselineView | None = None
    outcomes: tuple[OutcomeView, ...] = ()
    events: EventsView | None = None
    more: MoreView | None = None


def results_view(results: Results) -> ResultsView:
    """Return the view of posted *results*.

    >>> results_view(Results()) == ResultsView()
    True
    """
    flow, baseline = results.participant_flow_module, results.baseline_characteristics_module
    outcomes, events = results.outcome_measures_module, results.adverse_events_module
    more = results.more_info_module
    return ResultsView(
        flow=None if flow is None else view_flow(flow),
        baseline=None if baseline is None else view_baseline(baseline),
        outcomes=() if outcomes is None else view_outcomes(outcomes),
        events=None if events is None else view_events(events),
        more=None if more is None else view_more(more),
    )


def view_flow(flow: ParticipantFlow) -> FlowView:
    """Return participant flow: how people were recruited, and a table for each period."""
    facts = view_facts(
        {"FlowTypeUnitsAnalyzed": flow.type_units_analyzed},
        {
            "FlowRecruitmentDetails": flow.recruitment_details,
            "FlowPreAssignmentDetails": flow.pre_assignment_details,
        },
    )
    periods = tuple(_view_period(period, flow) for period in flow.periods)
    return FlowView(facts, view_groups(flow.groups), periods)


def _view_period(period: Period, flow: ParticipantFlow) -> Table:
    draft = Draft(period.title or "Period without a title", flow.groups)
    units = flow.type_units_analyzed or "units"
    for milestone in period.milestones:
        name = _name_milestone(milestone.type)
        draft.add_row(name, _view_counts(milestone.achievements, units), notes=(milestone.comment,))
    if period.drop_withdraws:
        draft.add_heading("Reasons for not completing")
    for reason in period.drop_withdraws:
        name = reason.type or "Reason not stated"
        counts = _view_counts(reason.reasons, units)
        draft.add_row(name, counts, level=1, notes=(reason.comment,))
    return draft.table()


def _name_milestone(stated: str | None) -> str:
    # The three that every period has are published in capitals; a study's own are its own words.
    if stated in ("STARTED", "COMPLETED", "NOT COMPLETED"):
        return stated.capitalize()
    return stated or "Milestone without a name"


def _view_counts(counts: tuple[FlowCount, ...], units: str) -> Iterator[tuple[str | None, Figure]]:
    for count in counts:
        detail = f"{count.num_units} {units}" if count.num_units else ""
        yield count.group_id, Figure(count.num_subjects or "", "", detail, count.comment)


def view_baseline(baseline: Baseline) -> BaselineView:
    """Return baseline characteristics: how many were analyzed, then measure by measure."""
    draft = Draft("Baseline characteristics", baseline.groups)
    add_analyzed(draft, baseline.denoms)
    for stated in baseline.measures:
        _add_measure(draft, stated, baseline)
    facts = view_facts(
        {"BaselineTypeUnitsAnalyzed": unnamed_units(baseline.type_units_analyzed, baseline.denoms)},
        {"BaselinePopulationDescription": baseline.population_description},
    )
    return BaselineView(facts, view_groups(baseline.groups), draft.table())


def _add_measure(draft: Draft, stated: BaselineMeasure, baseline: Baseline) -> None:
    title = stated.title or "Measure without a title"
    measure = read_measure(stated, header=title, units=baseline.type_units_analyzed, overall=baseline.denoms)
    units = unnamed_units(stated.denom_units_selected, stated.denoms, baseline.denoms)
    detail = " · ".join(part for part in (describe_parameter(stated), units) if part)
    notes = (stated.description, stated.population_description)
    known = (baseline.denoms,)
    first = stated.classes[0] if len(stated.classes) == 1 else None
    if first is None or first.title or not is_single(first):
        draft.add_heading(title, detail=detail, notes=notes)
        add_analyzed(draft, stated.denoms, known=known, level=1)
        add_classes(draft, stated.classes, measure, level=1)
        return
    figures = view_figures(first.categories[0], measure.denominators(first.denoms))
    draft.add_row(title, figures, detail=detail, notes=notes)
    add_analyzed(draft, stated.denoms, known=known, level=1)
    add_analyzed(draft, first.denoms, known=measure.denoms, level=1)


def view_more(more: MoreInfo) -> MoreView:
    """Return limitations, what the investigators may publish, and whom to ask."""
    limits, agreement, contact = (
        more.limitations_and_caveats,
        more.certain_agreement,
        more.point_of_contact,
    )
    view = None
    if contact is not None:
        extension = f"extension {contact.phone_ext}" if contact.phone_ext else ""
        view = ContactView(
            title=contact.title or "",
            organization=contact.organization or "",
            email=contact.email or "",
            phone=", ".join(part for part in (contact.phone, extension) if part),
        )
    return MoreView(
        limitations_markup=(limits.description if limits else None) or "",
        agreement=tuple(_describe_agreement(agreement)) if agreement else (),
        agreement_markup=(agreement.other_details if agreement else None) or "",
        contact=view,
    )


def _describe_agreement(agreement: Agreement) -> Iterator[str]:
    """Yield what a publication agreement says, a sentence for each thing stated."""
    if agreement.pi_sponsor_employee is not None:
        yield (
            "All principal investigators are employed by the sponsor."
            if agreement.pi_sponsor_employee
            else "Not all principal investigators are employed by the sponsor."
        )
    if agreement.restrictive_agreement is not None:
        yield (
            "An agreement limits what they may say or publish about the results after the study."
            if agreement.restrictive_agreement
            else "No agreement limits what they may say or publish about the results after the study."
        )
    if agreement.restriction_type:
        words = term_of("AgreementRestrictionType", agreement.restriction_type)
        yield f"{label_of('AgreementRestrictionType')}: {words.short}. {words.help}".strip()
