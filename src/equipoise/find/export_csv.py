"""
Studies as rows of CSV, with the thirty columns of the registry's own export.

Several values of a column are joined by ``|`` and the parts of one value by ``", "``, as there;
enumerated values stay as published. Rows end in CRLF (RFC 4180). A cell that a spreadsheet would
take for a formula is left as it is: the file is data, and a changed title would be a wrong one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence

from equipoise.find.legacy import legacy_text
from equipoise.records.study import DateStruct, Document, Outcome, Site, Study

PAGE = "https://clinicaltrials.gov/study/{}"
LARGE_DOCUMENT = "https://cdn.clinicaltrials.gov/large-docs/{}/{}/{}"


def _joined(parts: Iterable[str | None], mark: str = "|") -> str:
    return mark.join(part for part in parts if part)


def _outcomes(outcomes: Iterable[Outcome]) -> str:
    return _joined(_joined((one.measure, one.description, one.time_frame), ", ") for one in outcomes)


def _interventions(study: Study) -> str:
    return _joined(_joined((one.type, one.name), ": ") for one in study.interventions)


def _design(study: Study) -> str:
    """Return how a study is designed.

    >>> from equipoise.records.study import Design, DesignInfo, Masking
    >>> masking = Masking("DOUBLE", who_masked=("PARTICIPANT", "INVESTIGATOR"))
    >>> info = DesignInfo(allocation="RANDOMIZED", intervention_model="PARALLEL", masking_info=masking)
    >>> _design(Study(number="NCT99000001", design=Design(design_info=info)))
    'Allocation: RANDOMIZED|Intervention Model: PARALLEL|Masking: DOUBLE (PARTICIPANT, INVESTIGATOR)'
    """
    stated = study.design.design_info
    masking = stated.masking_info
    masked = f" ({', '.join(masking.who_masked)})" if masking.who_masked else ""
    parts = (
        ("Allocation", stated.allocation),
        ("Intervention Model", stated.intervention_model),
        ("Masking", masking.masking and masking.masking + masked),
        ("Primary Purpose", stated.primary_purpose),
        ("Observational Model", stated.observational_model),
        ("Time Perspective", stated.time_perspective),
    )
    return _joined(f"{label}: {value}" for label, value in parts if value)


def _date(stated: DateStruct) -> str:
    return str(stated.date) if stated.date else ""


def _site(site: Site) -> str:
    return _joined((site.facility, site.city, site.state, site.zip, site.country), ", ")


def document_address(study: Study, document: Document) -> str:
    """Return where the registry keeps a study's document."""
    return LARGE_DOCUMENT.format(study.number[-2:], study.number, document.filename)


def _document(study: Study, document: Document) -> str:
    return _joined((document.label, document_address(study, document) if document.filename else None), ", ")


def _results(study: Study) -> str:
    return "" if study.has_results is None else "YES" if study.has_results else "NO"


def _enrollment(study: Study) -> str:
    count = study.design.enrollment_info.count
    return "" if count is None else str(count)


Column = Callable[[Study], str | None]

COLUMNS: dict[str, Column] = {
    "NCT Number": lambda s: s.number,
    "Study Title": lambda s: s.title,
    "Study URL": lambda s: PAGE.format(s.number),
    "Acronym": lambda s: s.acronym,
    "Study Status": lambda s: s.status.overall_status,
    "Brief Summary": lambda s: s.summary,
    "Study Results": _results,
    "Conditions": lambda s: _joined(s.conditions),
    "Interventions": _interventions,
    "Primary Outcome Measures": lambda s: _outcomes(s.outcomes.primary_outcomes),
    "Secondary Outcome Measures": lambda s: _outcomes(s.outcomes.secondary_outcomes),
    "Other Outcome Measures": lambda s: _outcomes(s.outcomes.other_outcomes),
    "Sponsor": lambda s: s.lead_sponsor.name if s.lead_sponsor else None,
    "Collaborators": lambda s: _joined(one.name for one in s.collaborators),
    "Sex": lambda s: s.eligibility.sex,
    "Age": lambda s: _joined(s.eligibility.std_ages, ", "),
    "Phases": lambda s: _joined(s.design.phases),
    "Enrollment": _enrollment,
    "Funder Type": lambda s: s.lead_sponsor.class_ if s.lead_sponsor else None,
    "Study Type": lambda s: s.design.study_type,
    "Study Design": _design,
    "Other IDs": lambda s: _joined((s.org_id.id, *(one.id for one in s.secondary_ids))),
    "Start Date": lambda s: _date(s.status.start_date_struct),
    "Primary Completion Date": lambda s: _date(s.status.primary_completion_date_struct),
    "Completion Date": lambda s: _date(s.status.completion_date_struct),
    "First Posted": lambda s: _date(s.status.study_first_post_date_struct),
    "Results First Posted": lambda s: _date(s.status.results_first_post_date_struct),
    "Last Update Posted": lambda s: _date(s.status.last_update_post_date_struct),
    "Locations": lambda s: _joined(_site(site) for site in s.sites),
    "Study Documents": lambda s: _joined(_document(s, one) for one in s.documents),
}

# Those that hold CommonMark, which may be asked for in the older form.
MARKUP = frozenset(
    {"Brief Summary", "Primary Outcome Measures", "Secondary Outcome Measures", "Other Outcome Measures"}
)


def _line(cells: Sequence[str | None]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def csv_head(columns: Sequence[str] = tuple(COLUMNS)) -> str:
    """Return the header row."""
    return _line(columns)


def csv_rows(
    studies: Iterable[Study], columns: Sequence[str] = tuple(COLUMNS), *, legacy: bool = False
) -> Iterator[str]:
    """Yield a row for each study, as each is needed.

    >>> list(csv_rows([Study(number="NCT99000001", conditions=("Flu", "Cold"))], ["NCT Number", "Conditions"]))
    ['NCT99000001,Flu|Cold\\r\\n']
    """
    for study in studies:
        cells = {name: COLUMNS[name](study) for name in columns}
        if legacy:
            cells |= {name: legacy_text(cells[name] or "") for name in columns if name in MARKUP}
        yield _line(list(cells.values()))
