"""
Studies as RIS, which reference managers read: one record a study, one tag a line.

::

    record = "TY  - DBASE" line* "ER  - "
    line   = tag "  - " value

The registry's own mapping is not published; ours keeps to what reference managers make of the
tags: the registry is the database, the lead sponsor the author, the number the accession number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from equipoise.find.export_csv import PAGE
from equipoise.find.markup import plain
from equipoise.records.study import Study

_END = "\r\n"


def _date(text: str | None) -> str | None:
    """Return a date as RIS has it: ``2024/05/06``, with the parts that are known."""
    return "/".join([*text.split("-"), "", ""][:3]) + "/" if text else None


def _first(study: Study) -> str | None:
    posted = study.status.study_first_post_date_struct.date or study.status.start_date_struct.date
    return str(posted) if posted else None


def _year(study: Study) -> str | None:
    return (_first(study) or "")[:4] or None


def _sponsors(study: Study) -> list[str | None]:
    lead = [study.lead_sponsor] if study.lead_sponsor else []
    return [one.name for one in (*lead, *study.collaborators)]


def _updated(study: Study) -> str | None:
    return _date(str(study.updated)) if study.updated else None


Tag = Callable[[Study], Iterable[str | None]]

TAGS: dict[str, Tag] = {
    "TI": lambda s: [s.title or s.official_title or s.number],
    "T2": lambda s: [s.official_title if s.title else None],
    "ST": lambda s: [s.acronym],
    "AU": _sponsors,
    "PY": lambda s: [_year(s)],
    "DA": lambda s: [_date(_first(s))],
    "Y2": lambda s: [_updated(s)],
    "AB": lambda s: [plain(s.summary) if s.summary else None],
    "KW": lambda s: dict.fromkeys((*s.conditions, *s.keywords, *(one.name for one in s.interventions))),
    "M1": lambda s: [s.status.overall_status],
    "M3": lambda s: [s.design.study_type, *s.design.phases],
    "AN": lambda s: [s.number],
    "C1": lambda s: [s.org_id.id, *(one.id for one in s.secondary_ids)],
    "DB": lambda s: ["ClinicalTrials.gov"],
    "DP": lambda s: ["U.S. National Library of Medicine"],
    "UR": lambda s: [PAGE.format(s.number)],
}


def _lines(study: Study, tags: Iterable[str]) -> Iterator[str]:
    yield "TY  - DBASE"
    for tag in tags:
        for value in TAGS[tag](study):
            if text := " ".join((value or "").split()):
                yield f"{tag}  - {text}"
    yield "ER  - "


def ris_records(studies: Iterable[Study], tags: Iterable[str] = tuple(TAGS)) -> Iterator[str]:
    """Yield the record of each study, as each is needed.

    >>> print(next(ris_records([Study(number="NCT99000001", title="Socks", conditions=("Flu",))], ["TI", "KW"])))
    TY  - DBASE
    TI  - Socks
    KW  - Flu
    ER  -
    <BLANKLINE>
    """
    wanted = tuple(tags)
    for study in studies:
        yield _END.join([*_lines(study, wanted), ""])
