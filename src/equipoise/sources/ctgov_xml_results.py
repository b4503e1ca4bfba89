"""The legacy XML's ``clinical_results`` → v2's results section: tables of element → piece."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from equipoise.sources.ctgov_xml_text import Element, Shape, put_all, read_date, read_prose, read_struct
from equipoise.sources.draft import Draft


def _group(prefix: str) -> Shape:
    return Shape(
        {
            "@group_id": f"{prefix}GroupId",
            "title": f"{prefix}GroupTitle",
            "description": f"{prefix}GroupDescription",
        }
    )


def _denom(prefix: str) -> tuple[str, Shape]:
    counts = Shape({"@group_id": f"{prefix}DenomCountGroupId", "@value": f"{prefix}DenomCountValue"})
    units = {"units": f"{prefix}DenomUnits"}
    return f"{prefix}Denom", Shape(units, {"count_list/count": (f"{prefix}DenomCount", counts)})


def _classes(prefix: str) -> dict[str, tuple[str, Shape]]:
    """Return the lists of a measure that hold its table; old ones lack the classes."""
    measurement = Shape(
        {
            "@group_id": f"{prefix}MeasurementGroupId",
            "@value": f"{prefix}MeasurementValue",
            "@spread": f"{prefix}MeasurementSpread",
            "@lower_limit": f"{prefix}MeasurementLowerLimit",
            "@upper_limit": f"{prefix}MeasurementUpperLimit",
            ".": f"{prefix}MeasurementComment",
        }
    )
    cells = {"measurement_list/measurement": (f"{prefix}Measurement", measurement)}
    category = Shape({"title": f"{prefix}CategoryTitle", "sub_title": f"{prefix}CategoryTitle"}, cells)
    categories = {"category_list/category": (f"{prefix}Category", category)}
    parts = categories | {"analyzed_list/analyzed": _denom(f"{prefix}Class")}
    return {
        "class_list/class": (f"{prefix}Class", Shape({"title": f"{prefix}ClassTitle"}, parts)),
        ".": (f"{prefix}Class", Shape({}, categories)),
    }


def _measure_words(prefix: str, path: str) -> dict[str, str]:
    return {
        f"{path}title": f"{prefix}Title",
        f"{path}description": f"{prefix}Description",
        f"{path}population": f"{prefix}PopulationDescription",
        f"{path}param": f"{prefix}ParamType",
        f"{path}dispersion": f"{prefix}DispersionType",
        f"{path}units": f"{prefix}UnitOfMeasure",
        f"{path}units_analyzed": f"{prefix}DenomUnitsSelected",
    }


def _flow_count(piece: str) -> tuple[str, Shape]:
    words = {"@group_id": f"{piece}GroupId", "@count": f"{piece}NumSubjects", ".": f"{piece}Comment"}
    return piece, Shape(words)


_PERIOD = Shape(
    {"title": "FlowPeriodTitle"},
    {
        "milestone_list/milestone": (
            "FlowMilestone",
            Shape(
                {"title": "FlowMilestoneType"},
                {"participants_list/participants": _flow_count("FlowAchievement")},
            ),
        ),
        "drop_withdraw_reason_list/drop_withdraw_reason": (
            "FlowDropWithdraw",
            Shape(
                {"title": "FlowDropWithdrawType"},
                {"participants_list/participants": _flow_count("FlowReason")},
            ),
        ),
    },
)
_FLOW = Shape(
    {
        "participant_flow/recruitment_details": "FlowRecruitmentDetails",
        "participant_flow/pre_assignment_details": "FlowPreAssignmentDetails",
    },
    {
        "participant_flow/group_list/group": ("FlowGroup", _group("Flow")),
        "participant_flow/period_list/period": ("FlowPeriod", _PERIOD),
    },
)
_BASELINE = Shape(
    {"baseline/population": "BaselinePopulationDescription"},
    {
        "baseline/group_list/group": ("BaselineGroup", _group("Baseline")),
        "baseline/analyzed_list/analyzed": _denom("Baseline"),
    },
)
_BASELINE_MEASURE = Shape(
    _measure_words("BaselineMeasure", ""),
    {"analyzed_list/analyzed": _denom("BaselineMeasure")} | _classes("Baseline"),
)
_ANALYSIS = Shape(
    {
        "groups_desc": "OutcomeAnalysisGroupDescription",
        "non_inferiority": "OutcomeAnalysisTestedNonInferiority",
        "non_inferiority_type": "OutcomeAnalysisNonInferiorityType",
        "non_inferiority_desc": "OutcomeAnalysisNonInferiorityComment",
        "p_value": "OutcomeAnalysisPValue",
        "p_value_desc": "OutcomeAnalysisPValueComment",
        "method": "OutcomeAnalysisStatisticalMethod",
        "method_desc": "OutcomeAnalysisStatisticalComment",
        "param_type": "OutcomeAnalysisParamType",
        "param_value": "OutcomeAnalysisParamValue",
        "dispersion_type": "OutcomeAnalysisDispersionType",
        "dispersion_value": "OutcomeAnalysisDispersionValue",
        "ci_percent": "OutcomeAnalysisCIPctValue",
        "ci_n_sides": "OutcomeAnalysisCINumSides",
        "ci_lower_limit": "OutcomeAnalysisCILowerLimit",
        "ci_lower_limit_na_comment": "OutcomeAnalysisCILowerLimitComment",
        "ci_upper_limit": "OutcomeAnalysisCIUpperLimit",
        "ci_upper_limit_na_comment": "OutcomeAnalysisCIUpperLimitComment",
        "estimate_desc": "OutcomeAnalysisEstimateComment",
        "other_analysis_desc": "OutcomeAnalysisOtherAnalysisDescription",
    },
    many={"group_id_list/group_id": "OutcomeAnalysisGroupId"},
)
# The outcome repeats its measure's title, description and population; it has them where results
# were not posted, too. Its own come second, so that they win where both are.
_OUTCOME = Shape(
    _measure_words("OutcomeMeasure", "measure/")
    | {
        "type": "OutcomeMeasureType",
        "title": "OutcomeMeasureTitle",
        "description": "OutcomeMeasureDescription",
        "population": "OutcomeMeasurePopulationDescription",
        "time_frame": "OutcomeMeasureTimeFrame",
        "posting_date": "OutcomeMeasureAnticipatedPostingDate",
    },
    {
        "group_list/group": ("OutcomeGroup", _group("Outcome")),
        "measure/analyzed_list/analyzed": _denom("Outcome"),
        "analysis_list/analysis": ("OutcomeAnalysis", _ANALYSIS),
    },
)
_OUTCOME_MEASURE = Shape(_measure_words("OutcomeMeasure", ""), _classes("Outcome"))
_MORE = Shape(
    {
        "limitations_and_caveats": "LimitationsAndCaveatsDescription",
        "point_of_contact/name_or_title": "PointOfContactTitle",
        "point_of_contact/organization": "PointOfContactOrganization",
        "point_of_contact/email": "PointOfContactEMail",
        "reported_events/time_frame": "EventsTimeFrame",
        "reported_events/desc": "EventsDescription",
        "reported_events/other_events/frequency_threshold": "EventsFrequencyThreshold",
    }
)


@cache
def _event(piece: str) -> Shape:
    counts = {
        "@group_id": f"{piece}StatsGroupId",
        "@events": f"{piece}StatsNumEvents",
        "@subjects_affected": f"{piece}StatsNumAffected",
        "@subjects_at_risk": f"{piece}StatsNumAtRisk",
    }
    words = {
        "sub_title": f"{piece}Term",
        "sub_title/@vocab": f"{piece}SourceVocabulary",
        "assessment": f"{piece}AssessmentType",
        "description": f"{piece}Notes",
    }
    return Shape(words, {"counts": (f"{piece}Stats", Shape(counts))})


_CITATION = Shape({"PMID": "ReferencePMID", "citation": "ReferenceCitation"})
_REFERENCE_TYPES = {"reference": "BACKGROUND", "results_reference": "RESULT"}
_PROVIDED = Shape(
    {
        "document_has_protocol": "LargeDocHasProtocol",
        "document_has_sap": "LargeDocHasSAP",
        "document_has_icf": "LargeDocHasICF",
        "document_type": "LargeDocLabel",
        "document_date": "LargeDocDate",
    }
)
_ABBREVIATIONS = {"hasProtocol": "Prot", "hasSap": "SAP", "hasIcf": "ICF"}
_PENDING = {"submitted": "RELEASE", "returned": "RESET", "submission_canceled": "UNRELEASE"}

# Until 2017 a table began with this measure; since then the numbers stand apart as "analyzed".
_NUMBER_ANALYZED = "Number of Participants"

_COUNT = Shape({"@group_id": "OutcomeDenomCountGroupId", "@value": "OutcomeDenomCountValue"})

# What the forms for agreements say; any other words are the sponsor's own.
_EMPLOYEES = "All Principal Investigators ARE employed"
_NO_AGREEMENT = "There is NOT an agreement"
_SOME_AGREEMENT = "There IS an agreement"
_EMBARGO = (
    "The only disclosure restriction on the PI is that the sponsor can review results communications prior "
    "to public release and can embargo communications regarding trial results for a period that is {} days. "
    "The sponsor cannot require changes to the communication and cannot extend the embargo."
)
_EMBARGOES = {
    _EMBARGO.format("less than or equal to 60"): "LTE60",
    _EMBARGO.format("more than 60 days but less than or equal to 180"): "GT60",
}
# The rows of the first category of the event tables are sums, one for each of the group's numbers.
_TOTALS = {
    "Total, all-cause mortality": "deaths",
    "Total, serious adverse events": "serious",
    "Total, other adverse events": "other",
}


def put_results(draft: Draft, root: Element) -> None:
    """Put the posted results, where there are any, into *draft*."""
    posted = root.elements("clinical_results")
    draft.put("HasResults", bool(posted))
    for results in posted[:1]:
        put_all(draft, results, _FLOW)
        _put_baseline(draft, results)
        outcomes = results.elements("outcome_list/outcome")
        draft.put("OutcomeMeasure", [_read_outcome(draft, outcome) for outcome in outcomes])
        _put_events(draft, results)
        put_all(draft, results, _MORE)
        _put_agreement(draft, results)
        phone, _, extension = (results.take("point_of_contact/phone") or "").partition(" ext ")
        draft.put("PointOfContactPhone", phone)
        draft.put("PointOfContactPhoneExt", extension)


def _put_baseline(draft: Draft, results: Element) -> None:
    for baseline in results.elements("baseline"):
        draft.put("BaselineDenom", _pull_denoms(baseline))
    measures = results.elements("baseline/measure_list/measure")
    structs = [_read_measure(draft, measure) for measure in measures]
    put_all(draft, results, _BASELINE)
    draft.put("BaselineMeasure", structs)


def _read_measure(draft: Draft, measure: Element) -> dict[str, Any]:
    """Return a baseline measure; the XML shortens two of the registry's own titles to "Age"."""
    struct = read_struct(draft, measure, _BASELINE_MEASURE)
    if struct.get("title") == "Age":
        rows = [part.get("title") for part in _rows(struct)]
        kind = "Categorical" if "<=18 years" in rows else "Continuous"
        if kind == "Categorical" or struct.get("paramType") in ("MEAN", "MEDIAN"):
            struct["title"] = f"Age, {kind}"
            draft.mark("BaselineMeasureTitle", "inferred", f"The XML says “Age”; its rows are those of “Age, {kind}”")
    return struct


def _rows(struct: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for part in struct.get("classes", []) for row in [part, *part.get("categories", [])]]


def _pull_denoms(table: Element) -> list[dict[str, Any]]:
    """Take an old table's first measure out of it and return it as v2 has it: denominators."""
    for measures in table.elements("measure_list"):
        for measure in measures.elements("measure"):
            cells = measure.elements("category_list/category/measurement_list/measurement")
            if cells and measure.peek("title") == _NUMBER_ANALYZED:
                measures.remove(measure)
                counts = [read_struct(Draft(), cell, _COUNT) for cell in cells]
                return [{"units": "Participants", "counts": counts}]
    return []


def _read_outcome(draft: Draft, outcome: Element) -> dict[str, Any]:
    denoms = _pull_denoms(outcome)
    struct = read_struct(draft, outcome, _OUTCOME)
    for measure in [*outcome.elements("measure"), *outcome.elements("measure_list/measure")]:
        struct = read_struct(draft, measure, _OUTCOME_MEASURE) | struct
    struct["reportingStatus"] = "POSTED" if outcome.elements("measure|measure_list") else "NOT_POSTED"
    return struct | ({"denoms": denoms} if denoms else {})


def _put_events(draft: Draft, results: Element) -> None:
    groups = [
        read_struct(draft, group, _group("Event")) for group in results.elements("reported_events/group_list/group")
    ]
    totals: dict[str, dict[str, int]] = {}
    for kind, piece in (("serious_events", "SeriousEvent"), ("other_events", "OtherEvent")):
        for table in results.elements(f"reported_events/{kind}"):
            draft.put(piece, list(_read_events(draft, table, piece, totals)))
    draft.put("EventGroup", [group | totals.get(group.get("id", ""), {}) for group in groups])


def _read_events(
    draft: Draft, table: Element, piece: str, totals: dict[str, dict[str, int]]
) -> Iterator[dict[str, Any]]:
    """Yield the events of a table; its sums are added to *totals*, by group."""
    usual = read_struct(
        draft,
        table,
        Shape({"default_vocab": f"{piece}SourceVocabulary", "default_assessment": f"{piece}AssessmentType"}),
    )
    shape = _event(piece)
    for category in table.elements("category_list/category"):
        system = read_struct(draft, category, Shape({"title": f"{piece}OrganSystem"}))
        for event in category.elements("event_list/event"):
            total = _TOTALS.get(event.peek("sub_title")) if system.get("organSystem") == "Total" else None
            if total:
                _add_total(read_struct(draft, event, shape), total, totals)
            else:
                yield usual | system | read_struct(draft, event, shape)


def _add_total(event: dict[str, Any], kind: str, totals: dict[str, dict[str, int]]) -> None:
    for count in event.get("stats", []):
        group = totals.setdefault(count.get("groupId", ""), {})
        for number in ("NumAffected", "NumAtRisk"):
            value = count.get(f"n{number[1:]}")
            if value is not None:
                group[f"{kind}{number}"] = value


def _put_agreement(draft: Draft, results: Element) -> None:
    employed = results.take("certain_agreements/pi_employee")
    if employed is not None:
        draft.put("AgreementPISponsorEmployee", employed.startswith(_EMPLOYEES))
    text = results.take("certain_agreements/restrictive_agreement")
    if text is None:
        return
    words = " ".join(text.split())
    draft.put("AgreementRestrictiveAgreement", not words.startswith(_NO_AGREEMENT))
    if not words.startswith((_NO_AGREEMENT, _SOME_AGREEMENT)):
        draft.put("AgreementRestrictionType", _EMBARGOES.get(words, "OTHER"))
        draft.put("AgreementOtherDetails", read_prose(text) if words not in _EMBARGOES else None)


def put_papers(draft: Draft, root: Element) -> None:
    """Put publications, the documents that the registry holds, and the steps of a review that is not over."""
    # What the registry found itself (DERIVED) was never in the XML: neither element has it.
    publications = [(kind, element) for tag, kind in _REFERENCE_TYPES.items() for element in root.elements(tag)]
    draft.put(
        "Reference",
        [{"type": kind} | read_struct(draft, element, _CITATION) for kind, element in publications],
    )
    provided = root.elements("provided_document_section/provided_document")
    draft.put("LargeDoc", [_read_document(draft, element) for element in provided])
    steps = root.elements(f"pending_results/{'|'.join(_PENDING)}")
    draft.put("UnpostedEvent", [_read_step(step) for step in steps])


def _read_document(draft: Draft, element: Element) -> dict[str, Any]:
    struct = read_struct(draft, element, _PROVIDED)
    kinds = [short for name, short in _ABBREVIATIONS.items() if struct.get(name)]
    url = element.take("document_url") or ""
    named = {"typeAbbrev": "_".join(kinds), "filename": url.rpartition("/")[2]}
    return struct | {name: value for name, value in named.items() if value}


def _read_step(element: Element) -> dict[str, Any]:
    text = element.take(".") or ""
    date = read_date(text)
    return {"type": _PENDING[element.tag]} | ({"date": date} if date else {"dateUnknown": True})
