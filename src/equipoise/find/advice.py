"""
What in a study's record does not seem to fit together, put as questions: a record can be odd and right.

Each check is a function of a study and a day that returns what it has to ask, or None. They are gathered here in the
order in which a page asks; how often each asks in a registry sample, and how often rightly, is in
``docs/explanation/plain-language.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from equipoise.find import advice_dates, advice_design, advice_people, advice_text
from equipoise.find.advice_record import Advice, Place
from equipoise.find.citations import read_citations
from equipoise.find.criteria import FaultNote
from equipoise.find.facts import plural
from equipoise.find.status import staleness
from equipoise.records.study import Study

STALE, CRITERIA = "stale-status", "criteria-against-record"
Check = Callable[[Study, date], Advice | None]


def stale_status(study: Study, today: date) -> Advice | None:
    """Ask whether the status still holds."""
    found = staleness(study, today)
    if not found:
        return None
    places = [Place("main", "Status", one) for one in found]
    return Advice(STALE, "Is the recruitment status still right?", tuple(places))


def early_results(study: Study, today: date) -> Advice | None:
    """Ask whether publications that are older than the study can be its results."""
    early = [one for one in read_citations(study) if one.advisory]
    if not early:
        return None
    began = study.status.start_date_struct.date
    assert began is not None  # an advisory compares with it
    many = (
        f"{plural(len(early), 'publication')} registered as a result appeared before the study began in {began.year}."
    )
    words = many.replace("as a result", "as results") if len(early) > 1 else many
    question = "Are these results of the study, or the work that it builds on?"
    return Advice("early-results", question, (Place("references", "References", words),))


# In the order in which a page asks. What bears on whether somebody can join comes first.
CHECKS: tuple[Check, ...] = (
    stale_status,
    advice_dates.late_start,
    advice_dates.dates_out_of_order,
    advice_text.past_before_start,
    advice_people.enrollment_zero,
    advice_people.sex_against_title,
    advice_people.volunteers_against_title,
    advice_people.ages_against_text,
    advice_text.hours_differ,
    advice_text.editions_differ,
    advice_design.placebo_group_without_placebo,
    advice_design.placebo_in_title_only,
    advice_design.masking_against_title,
    advice_design.allocation_against_title,
    advice_design.phase_against_title,
    advice_design.groups_against_model,
    early_results,
)


def record_faults(faults: Sequence[FaultNote]) -> Advice | None:
    """Ask about criteria that say something else than the fields of the record."""
    told = [one for one in faults if one.kind == "record"]
    if not told:
        return None
    places = tuple(Place(one.at or "eligibility", "Who can join", f"{one.message}.") for one in told)
    return Advice(CRITERIA, "Which of the two holds?", places)


def not_said_elsewhere(advice: Sequence[Advice], *, criteria: bool) -> tuple[Advice, ...]:
    """Return the questions that a page puts together: the status says its own beside it, and so do *criteria* that are
    shown with their faults."""
    elsewhere = (STALE, CRITERIA) if criteria else (STALE,)
    return tuple(one for one in advice if one.name not in elsewhere)


def read_advice(study: Study, today: date, faults: Sequence[FaultNote] = ()) -> tuple[Advice, ...]:
    """Return what the record of a study leaves to be asked on *today*; *faults* are those of its criteria."""
    found = [check(study, today) for check in CHECKS]
    return tuple(one for one in (*found, record_faults(faults)) if one is not None)
