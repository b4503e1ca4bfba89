"""Posted adverse events as a page shows them: totals, then each event under its organ system."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from equipoise.find.results_figures import percent_of
from equipoise.find.results_tables import (
    Draft,
    Fact,
    Figure,
    GroupView,
    Table,
    label_of,
    name_group,
    view_facts,
    view_groups,
    words_of,
)
from equipoise.records.results import AdverseEvent, AdverseEvents, EventCount, EventGroup


class EventsSection(msgspec.Struct, frozen=True):
    """Serious or other events: what holds for all of them, and a table for each organ system."""

    title: str
    events: int = 0
    facts: tuple[Fact, ...] = ()
    systems: tuple[Table, ...] = ()


class EventsView(msgspec.Struct, frozen=True):
    """Deaths, serious and other adverse events."""

    facts: tuple[Fact, ...] = ()
    groups: tuple[GroupView, ...] = ()
    totals: Table = Table("")
    sections: tuple[EventsSection, ...] = ()


def view_events(events: AdverseEvents) -> EventsView:
    """Return adverse events: totals for each group, then the events by organ system."""
    facts = view_facts(
        {"EventsTimeFrame": events.time_frame, "EventsFrequencyThreshold": events.frequency_threshold},
        {"EventsDescription": events.description},
    )
    sections = (
        _view_section("Serious adverse events", events.serious_events, events.event_groups),
        _view_section("Other adverse events", events.other_events, events.event_groups),
    )
    return EventsView(
        facts=facts,
        groups=view_groups(events.event_groups),
        totals=_view_totals(events),
        sections=tuple(section for section in sections if section.events),
    )


def view_affected(affected: int | None, at_risk: int | None, *, events: int | None = None) -> Figure:
    """Return how many were affected of how many at risk, and how often it happened.

    >>> view_affected(12, 208, events=14)
    Figure(text='12 / 208', percent='5.8 %', detail='14 events', comment=None)
    """
    text = "" if affected is None else str(affected)
    if at_risk is not None:
        text = f"{text or '–'} / {at_risk}"
    detail = "" if events is None else "1 event" if events == 1 else f"{events} events"
    return Figure(text, percent_of(affected, at_risk), detail)


def _view_totals(events: AdverseEvents) -> Table:
    # A row goes by place, not by group id: these figures stand in the groups themselves, so that
    # two groups with one id keep their own.
    groups = [
        msgspec.structs.replace(group, id=str(place), title=group.title or name_group(group.id))
        for place, group in enumerate(dict.fromkeys(events.event_groups))
    ]
    draft = Draft("Participants affected / at risk", groups)

    def add(header: str, figure: Callable[[EventGroup], Figure], comment: str | None = None) -> None:
        figures = [(group.id, figure(group)) for group in groups]
        # Older records do not report deaths; a row of blanks alone could be read as none.
        detail = "" if any(stated != Figure() for _, stated in figures) else "Not stated"
        draft.add_row(header, figures, detail=detail, notes=(comment,))

    add(
        "Deaths from any cause",
        lambda group: view_affected(group.deaths_num_affected, group.deaths_num_at_risk),
        events.all_cause_mortality_comment,
    )
    add(
        "Serious adverse events",
        lambda group: view_affected(group.serious_num_affected, group.serious_num_at_risk),
    )
    add(
        "Other adverse events",
        lambda group: view_affected(group.other_num_affected, group.other_num_at_risk),
    )
    return draft.table()


def _view_section(title: str, events: Sequence[AdverseEvent], groups: Sequence[EventGroup]) -> EventsSection:
    usual_source = _usual(event.source_vocabulary for event in events)
    usual_way = _usual(event.assessment_type for event in events)
    drafts: dict[str, Draft] = {}
    for event in events:
        system = event.organ_system or "Organ system not stated"
        draft = drafts.setdefault(system, Draft(system, groups))
        draft.add_row(
            event.term or "Event without a name",
            _view_counts(event.stats),
            detail=_describe_exceptions(event, usual_source, usual_way),
            notes=(event.notes,),
        )
    varies = any(_describe_exceptions(event, usual_source, usual_way) for event in events)
    unless = ", unless noted otherwise" if varies else ""
    facts = [
        Fact(label_of(piece), words + unless)
        for piece, words in (
            ("SeriousEventSourceVocabulary", usual_source or ""),
            ("SeriousEventAssessmentType", words_of("SeriousEventAssessmentType", usual_way)),
        )
        if words
    ]
    return EventsSection(title, len(events), tuple(facts), tuple(draft.table() for draft in drafts.values()))


def _usual(values: Iterable[str | None]) -> str | None:
    counted = Counter(value for value in values if value)
    return counted.most_common(1)[0][0] if counted else None


def _describe_exceptions(event: AdverseEvent, source: str | None, way: str | None) -> str:
    """Return where an event's vocabulary and assessment are not those of the rest."""
    parts = []
    if event.source_vocabulary != source:
        parts.append(event.source_vocabulary or "vocabulary not stated")
    if event.assessment_type != way:
        stated = words_of("SeriousEventAssessmentType", event.assessment_type)
        parts.append(stated or "assessment not stated")
    return " · ".join(parts)


def _view_counts(stats: Iterable[EventCount]) -> Iterator[tuple[str | None, Figure]]:
    for count in stats:
        yield count.group_id, view_affected(count.num_affected, count.num_at_risk, events=count.num_events)
