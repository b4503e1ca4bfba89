"""Posted outcomes as a page shows them: the figures of each, then each statistical analysis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from equipoise.find.results_figures import (
    add_analyzed,
    add_classes,
    describe_parameter,
    read_measure,
    unnamed_units,
)
from equipoise.find.results_tables import (
    Draft,
    Fact,
    GroupView,
    Table,
    group_places,
    label_of,
    lower_first,
    name_group,
    view_facts,
    view_groups,
    words_of,
)
from equipoise.records.results import Analysis, Group, OutcomeMeasure, OutcomeMeasures
from equipoise.terms.enums import enumerations


class AnalysisView(msgspec.Struct, frozen=True):
    """A statistical comparison: which groups, what was estimated, the p-value, and the rest."""

    groups: tuple[str, ...] = ()
    estimate: str = ""
    p_value: str = ""
    facts: tuple[Fact, ...] = ()


class OutcomeView(msgspec.Struct, frozen=True):
    """One outcome. ``unposted`` says that its figures are still to come, and when."""

    rank: str
    title: str
    time_frame: str = ""
    unposted: str = ""
    description_markup: str = ""
    population_markup: str = ""
    facts: tuple[Fact, ...] = ()
    groups: tuple[GroupView, ...] = ()
    table: Table | None = None
    analyses: tuple[AnalysisView, ...] = ()


def view_outcomes(outcomes: OutcomeMeasures) -> tuple[OutcomeView, ...]:
    """Return the outcomes: primary, secondary, other planned ones, those added afterward, the rest."""
    order = {value: place for place, value in enumerate(enumerations()["OutcomeMeasureType"])}
    ranked = sorted(outcomes.outcome_measures, key=lambda stated: order.get(stated.type or "", len(order)))
    return tuple(view_outcome(stated) for stated in ranked)


def view_outcome(stated: OutcomeMeasure) -> OutcomeView:
    """Return one outcome."""
    units = {
        "OutcomeMeasureTypeUnitsAnalyzed": unnamed_units(stated.type_units_analyzed, stated.denoms),
        "OutcomeMeasureDenomUnitsSelected": unnamed_units(stated.denom_units_selected, stated.denoms),
    }
    return OutcomeView(
        rank=words_of("OutcomeMeasureType", stated.type) or "Rank not stated",
        title=stated.title or "Outcome without a title",
        time_frame=stated.time_frame or "",
        unposted=_describe_posting(stated),
        description_markup=stated.description or "",
        population_markup=stated.population_description or "",
        facts=view_facts(units, {}),
        groups=view_groups(stated.groups),
        table=_view_values(stated),
        analyses=tuple(view_analysis(analysis, stated.groups) for analysis in stated.analyses),
    )


def _describe_posting(stated: OutcomeMeasure) -> str:
    # That figures are posted shows by itself; any other state, and any date still given, is said.
    status = words_of("OutcomeMeasureReportingStatus", stated.reporting_status)
    if stated.reporting_status == "POSTED" and stated.anticipated_posting_date is None:
        return ""
    if stated.anticipated_posting_date is None:
        return status
    expected = stated.anticipated_posting_date.words()
    return f"{status}; posting expected {expected}" if status else f"Posting expected {expected}"


def _view_values(stated: OutcomeMeasure) -> Table | None:
    parameter = describe_parameter(stated)
    if not (stated.classes or stated.denoms or parameter):
        return None
    draft = Draft(parameter or "Values", stated.groups)
    add_analyzed(draft, stated.denoms)
    header = words_of("OutcomeMeasureParamType", stated.param_type) or "Value"
    add_classes(draft, stated.classes, read_measure(stated, header=header, units=stated.type_units_analyzed))
    return draft.table()


def view_analysis(analysis: Analysis, groups: Sequence[Group]) -> AnalysisView:
    """Return one statistical analysis of an outcome with these *groups*."""
    return AnalysisView(
        groups=tuple(_name_compared(analysis.group_ids, groups)),
        estimate=describe_estimate(analysis),
        p_value=_describe_p_value(analysis.p_value),
        facts=(*_view_tests(analysis), *_view_comments(analysis)),
    )


def _name_compared(group_ids: Sequence[str], groups: Sequence[Group]) -> Iterator[str]:
    distinct = tuple(dict.fromkeys(groups))
    places = group_places(distinct)
    for group_id in group_ids:
        title = distinct[places[group_id]].title if group_id in places else None
        yield title or name_group(group_id)


def describe_estimate(analysis: Analysis) -> str:
    """Return what was estimated, with its confidence interval and spread.

    >>> describe_estimate(Analysis(param_type="Hazard Ratio (HR)", param_value="0.91", ci_pct_value="95",
    ...     ci_num_sides="TWO_SIDED", ci_lower_limit="0.81", ci_upper_limit="1.03"))
    'Hazard Ratio (HR): 0.91, 95 % CI 0.81 to 1.03, two-sided'
    """
    what = ": ".join(part for part in (analysis.param_type, analysis.param_value) if part)
    spread = lower_first(words_of("OutcomeAnalysisDispersionType", analysis.dispersion_type))
    spread = " ".join(part for part in (spread, analysis.dispersion_value) if part)
    return ", ".join(part for part in (what, describe_interval(analysis), spread) if part)


def describe_interval(analysis: Analysis) -> str:
    """Return the confidence interval of an analysis, whose limits may be one, two or none.

    >>> describe_interval(Analysis(ci_pct_value="90", ci_num_sides="ONE_SIDED", ci_lower_limit="0.81"))
    '90 % CI from 0.81, one-sided'
    """
    lower, upper = analysis.ci_lower_limit, analysis.ci_upper_limit
    limits = ""
    if lower and upper:
        limits = f"{lower} to {upper}"
    elif lower or upper:
        limits = f"from {lower}" if lower else f"up to {upper}"
    level = f"{analysis.ci_pct_value.rstrip(' %')} % CI" if analysis.ci_pct_value else "CI" if limits else ""
    sides = lower_first(words_of("OutcomeAnalysisCINumSides", analysis.ci_num_sides))
    interval = " ".join(part for part in (level, limits or ("without limits" if level else "")) if part)
    if sides and not interval:
        sides = f"{sides} interval"
    return ", ".join(part for part in (interval, sides) if part)


def _describe_p_value(stated: str | None) -> str:
    """Return a p-value as an equation: the registry gives ``0.03`` as well as ``<0.001``."""
    if not stated:
        return ""
    if stated[:1].isdigit() or stated[:1] == ".":
        return f"p = {stated}"
    return stated if stated[:1] in "pP" else f"p {stated}"


def _view_tests(analysis: Analysis) -> Iterator[Fact]:
    if analysis.statistical_method:
        yield Fact(label_of("OutcomeAnalysisStatisticalMethod"), analysis.statistical_method)
    if analysis.non_inferiority_type:
        words = words_of("OutcomeAnalysisNonInferiorityType", analysis.non_inferiority_type)
        yield Fact(label_of("OutcomeAnalysisNonInferiorityType"), words)
    if analysis.tested_non_inferiority is not None:
        asked = "Yes" if analysis.tested_non_inferiority else "No"
        yield Fact("Tested for non-inferiority or equivalence", asked)


def _view_comments(analysis: Analysis) -> tuple[Fact, ...]:
    comments = {
        "OutcomeAnalysisGroupDescription": analysis.group_description,
        "OutcomeAnalysisNonInferiorityComment": analysis.non_inferiority_comment,
        "OutcomeAnalysisPValueComment": analysis.p_value_comment,
        "OutcomeAnalysisStatisticalComment": analysis.statistical_comment,
        "OutcomeAnalysisEstimateComment": analysis.estimate_comment,
        "OutcomeAnalysisCILowerLimitComment": analysis.ci_lower_limit_comment,
        "OutcomeAnalysisCIUpperLimitComment": analysis.ci_upper_limit_comment,
        "OutcomeAnalysisOtherAnalysisDescription": analysis.other_analysis_description,
    }
    return view_facts({}, comments)
