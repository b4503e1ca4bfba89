"""The command ``show``: a study's page in a terminal, or its record as JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import typer
from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table

from equipoise.app.terminal import quiet_pipe, said
from equipoise.find.advice import not_said_elsewhere
from equipoise.find.compiled import read_criteria
from equipoise.find.criteria import CriterionView, SectionView, text_of
from equipoise.find.facts import Fact
from equipoise.find.markup import plain
from equipoise.find.page import StudyPage, study_page
from equipoise.intake.opening import open_library
from equipoise.terms.fields import field

_TONES = {"open": "bold green", "limited": "yellow", "later": "cyan", "closed": "dim", "unknown": "magenta"}
_MOST_SITES = 30


def run_show(number: str, library: Path | None, *, as_json: bool) -> None:
    """Print a study."""
    opened = open_library(library)
    record = opened.record(number.strip().upper())
    with quiet_pipe():
        if as_json:
            sys.stdout.buffer.write(record.document.rstrip(b"\n") + b"\n")
            sys.stdout.flush()
            if record.study.demonstration:
                typer.echo(record.study.demonstration.notice, err=True)
        else:
            _Printer(Console(highlight=False)).page(
                study_page(record, read_criteria(opened, record.study), date.today())
            )


class _Printer:
    """Prints the parts of a page."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def page(self, page: StudyPage) -> None:
        """Print a study's page."""
        self._head(page)
        self._about(page)
        self._arms(page)
        self._outcomes(page)
        self._eligibility(page)
        self._sites(page)
        self._rows("Design", page.design)
        self._rows("Dates", page.dates)
        self._section("Study results")
        self._console.print(page.results_words)
        self._sponsors(page)
        self._references(page)
        self._rest(page)

    def _section(self, title: str) -> None:
        self._console.print()
        self._console.print(Rule(said(title, style="bold"), align="left", style="dim"))

    def _head(self, page: StudyPage) -> None:
        if page.demonstration:
            notice = f"DEMONSTRATION RECORD, modelled on {page.demonstration.modelled_on}. {page.demonstration.notice}"
            self._console.print(said(notice, style="bold yellow"))
        self._console.print(said(page.title, style="bold"))
        names = [page.number, page.acronym or "", page.official_title or ""]
        self._console.print(said(" · ".join(name for name in names if name), style="dim"))
        status = said(page.status.label, style=_TONES[page.status.tone])
        status.append(f"  {page.status.bucket}, {page.status.as_of}", style="dim")
        if page.status.last_known:
            status.append(f"; last known: {page.status.last_known.text}", style="dim")
        self._console.print(status)
        for warning in page.status.warnings:
            self._console.print(said(f"! {warning}", style="yellow"))
        if page.status.why_stopped:
            self._console.print(said(f"Why it stopped: {plain(page.status.why_stopped)}", style="yellow"))
        self._console.print()
        first = Table(show_header=False, box=None, pad_edge=False)
        phases = " / ".join(phase.text for phase in page.phases) or page.no_phase
        kind = ", ".join(part for part in (page.type.text.lower() if page.type else "", page.enrollment) if part)
        first.add_row("Phase", f"{phases} ({kind})" if kind else phases)
        first.add_row("Who may join", " · ".join(x for x in (page.who.age, page.who.sex, page.who.volunteers) if x))
        first.add_row("Where", ", ".join(x for x in (page.places.words, page.places.open_words) if x))
        outcomes = [f"{one.measure} — {one.time_frame or 'no time frame'}" for one in page.primary_outcomes]
        first.add_row("Primary outcome", said("\n".join(outcomes) or "Not stated in this record"))
        if page.conditions:
            first.add_row("Conditions", said(" · ".join(page.conditions)))
        self._console.print(first)
        self._advice(page)

    def _advice(self, page: StudyPage) -> None:
        """Print what the record leaves to be asked; that its status may be stale is said above."""
        asked = not_said_elsewhere(page.advice, criteria=False)
        if not asked:
            return
        self._section("Questions about this record")
        for one in asked:
            self._console.print(said(f"? {one.question}", style="yellow"))
            for place in one.places:
                self._console.print(Padding(said(f"{place.label}: {place.words}", style="dim"), (0, 0, 0, 3)))

    def _text(self, markup: str | None) -> None:
        if markup:
            self._console.print(said(plain(markup)))

    def _about(self, page: StudyPage) -> None:
        if not (page.overview or page.summary or page.description):
            return
        self._section("About the study")
        if page.overview:
            self._console.print(said(f"A retelling that the page marked “{page.overview_by}”:", style="yellow"))
        for text in (page.overview, page.summary, page.description):
            self._text(text)
        if page.grade:
            words = f"Reading grade of summary and description: {page.grade.grade:.0f}, {page.grade.words}"
            self._console.print(said(words, style="dim"))

    def _arms(self, page: StudyPage) -> None:
        if not (page.arms.arms or page.arms.interventions):
            return
        self._section("Arms and interventions")
        for arm in page.arms.arms:
            self._console.print(
                said(f"{arm.label}" + (f" ({arm.type.text.lower()})" if arm.type else ""), style="bold")
            )
            self._text(arm.markup)
        for row in page.arms.interventions:
            given = page.arms.given_to(row)
            head = row.name + (f" ({row.type.text.lower()})" if row.type else "")
            self._console.print(said(f"• {head}" + (f" → {', '.join(given)}" if given else ""), style="bold"))
            if row.markup:
                self._console.print(Padding(said(plain(row.markup)), (0, 0, 0, 2)))

    def _outcomes(self, page: StudyPage) -> None:
        ranks = (("Secondary", page.secondary_outcomes), ("Other", page.other_outcomes))
        if not any(outcomes for _, outcomes in ranks):
            return
        self._section("Further outcomes")
        for rank, outcomes in ranks:
            for one in outcomes:
                self._console.print(said(f"{rank}: {one.measure} — {one.time_frame or 'no time frame'}"))

    def _eligibility(self, page: StudyPage) -> None:
        self._section("Who can join")
        for part in page.criteria.sections:
            self._criteria(part)
        self._facts(page.eligibility)

    def _criteria(self, part: SectionView) -> None:
        heading = part.heading or (f"{part.side.capitalize()} criteria" if part.side else "")
        if heading:
            self._console.print(said(heading, style="bold"))
        self._items(part.items, 0)
        if part.after:
            self._console.print(said(part.after))

    def _items(self, items: Iterable[CriterionView], depth: int) -> None:
        for item in items:
            if item.lead:
                self._console.print(Padding(said(item.lead), (0, 0, 0, 3 * depth)))
            self._console.print(Padding(said(f"• {text_of(item.parts)}"), (0, 0, 0, 2 + 3 * depth)))
            self._items(item.items, depth + 1)
            if item.rest:
                self._console.print(Padding(said(text_of(item.rest)), (0, 0, 0, 3 * (depth + 1))))

    def _sites(self, page: StudyPage) -> None:
        self._section("Sites and contacts")
        for line in page.people.contacts:
            reach = [line.phone.words if line.phone else "", line.mail.text if line.mail else "", line.warning or ""]
            self._console.print(said(f"{line.name or 'Contact'}  {'  '.join(x for x in reach if x)}"))
        for site in page.people.sites[:_MOST_SITES]:
            text = said(f"{site.facility or 'Site not named'}, {site.address or ''}")
            text.append_text(said(f"  {site.status or ''}", style="green" if site.open else "dim"))
            people = [f"{c.name or ''} {c.phone.words if c.phone else ''}".strip() for c in site.contacts]
            text.append_text(said(f"  {'; '.join(people)}", style="dim"))
            self._console.print(text)
            for fault in site.faults:
                self._console.print(Padding(said(fault, "yellow"), (0, 0, 0, 2)))
        if len(page.people.sites) > _MOST_SITES:
            self._console.print(f"… and {len(page.people.sites) - _MOST_SITES:,} more sites", style="dim")
        if not page.people.sites:
            self._console.print("No sites are listed.", style="dim")

    def _facts(self, facts: Iterable[Fact]) -> None:
        table = Table(show_header=False, box=None, pad_edge=False)
        for fact in facts:
            words = ", ".join(one.text for one in fact.words)
            table.add_row(said(fact.label, style="dim"), said(" ".join(x for x in (words, plain(fact.markup)) if x)))
        self._console.print(table)

    def _rows(self, title: str, facts: tuple[Fact, ...]) -> None:
        if facts:
            self._section(title)
            self._facts(facts)

    def _sponsors(self, page: StudyPage) -> None:
        self._section("Sponsors and officials")
        for one in page.sponsors:
            self._console.print(said(f"{one.role}: {one.name}" + (f" ({one.kind.text})" if one.kind else "")))
        if page.responsible:
            self._facts(page.responsible)
        for official in page.people.officials:
            named = ", ".join(x for x in (official.name, official.affiliation) if x)
            self._console.print(said(f"{official.role or 'Official'}: {named}"))

    def _references(self, page: StudyPage) -> None:
        if not page.citations:
            return
        self._section("References")
        for place, one in enumerate(page.citations, 1):
            notes = [one.kind or "", one.pubmed_url or "", one.advisory or ""]
            self._console.print(said(f"{place}. {one.text}"))
            self._console.print(Padding(said("  ".join(x for x in notes if x), style="dim"), (0, 0, 0, 3)))

    def _rest(self, page: StudyPage) -> None:
        self._section("Identifiers")
        for one in page.identifiers:
            self._console.print(said(f"{one.label}: {one.text}" + (f"  {one.url}" if one.url else "")))
        for listed in page.related:
            self._console.print(said(f"Listed as related: {listed.title} ({listed.number})"))
        for mark in page.marks:
            label = field(mark.piece).label
            self._console.print(said(f"{label}, {mark.kind}: {mark.note}", style="dim"))
