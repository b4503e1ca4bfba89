"""Questions about a record's dates: their order, and a start that is still to come."""

from __future__ import annotations

from datetime import date

from equipoise.find.advice_record import Advice, Place
from equipoise.find.facts import date_words
from equipoise.records.study import DateStruct, Study


def _said(label: str, stated: DateStruct, piece: str) -> Place:
    return Place("dates", label, f"{label}: {date_words(stated, piece)}")


def _dates(study: Study) -> dict[str, tuple[DateStruct, str]]:
    status = study.status
    return {
        "Start": (status.start_date_struct, "StartDateType"),
        "Primary completion": (status.primary_completion_date_struct, "PrimaryCompletionDateType"),
        "Completion": (status.completion_date_struct, "CompletionDateType"),
    }


def dates_out_of_order(study: Study, today: date) -> Advice | None:
    """Ask which date is right where an end comes before its beginning, however the dates are read."""
    known = [(label, *stated) for label, stated in _dates(study).items() if stated[0].date]
    for place, (label, earlier, kind) in enumerate(known):
        for other, later, other_kind in known[place + 1 :]:
            assert earlier.date is not None and later.date is not None
            if later.date.last < earlier.date.first:
                places = (_said(label, earlier, kind), _said(other, later, other_kind))
                return Advice("dates-out-of-order", f"Can {other.lower()} come before {label.lower()}?", places)
    return None


def late_start(study: Study, today: date) -> Advice | None:
    """Ask whether a study takes people in whose start is an estimate, and still to come."""
    start = study.status.start_date_struct
    if study.status.overall_status != "RECRUITING" or start.type == "ACTUAL" or start.date is None:
        return None
    sent = study.status.last_update_submit_date or study.updated
    if sent is None or start.date.first <= sent.last or start.date.first <= today:
        return None
    places = (_said("Start", start, "StartDateType"), Place("sites", "Status", "Recruiting"))
    return Advice("recruiting-before-start", "Does the study take people in before it begins?", places)
