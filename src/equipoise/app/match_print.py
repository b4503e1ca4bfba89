"""Print how a patient stands: the facts that were read, each study with its criteria, and what to ask next."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from equipoise.app.terminal import said
from equipoise.criteria.records import Criterion
from equipoise.find.patient_match import NOTICE, PatientMatch, StudyMatch
from equipoise.find.patient_view import (
    SIGNS,
    answer_words,
    moment_words,
    open_until,
    overview_words,
    own_clock,
    presumed_words,
)
from equipoise.matching.english import describe_fact
from equipoise.matching.verdicts import CriterionVerdict
from equipoise.notes.zero import is_own
from equipoise.records.moments import Moment
from equipoise.records.patient import Fact

_STYLES = {"met": "green", "not met": "red", "unknown": "yellow", "administrative": "dim"}
# Facts of a note are all shown; those of a whole record only where they matter.
MANY = 60


def print_match(match: PatientMatch, *, details: bool) -> None:
    """Print all of it; with *details* every criterion, else only what stands in the way or is open."""
    console = Console(highlight=False)
    facts = {fact.id: fact for fact in match.patient.facts}
    _facts(console, match, details=details)
    console.print(f"\n{match.considered:,} considered: {match.query.describe()}", style="bold")
    if match.overview is not None:
        console.print(overview_words(match.overview), style="dim", soft_wrap=True)
    for study in match.studies:
        _study(console, study, (facts, match.at), details=details)
    _questions(console, match)
    console.print()
    console.print(NOTICE, style="dim italic")


def _facts(console: Console, match: PatientMatch, *, details: bool) -> None:
    """Print the facts; of a long record those that decided something, unless all are wanted."""
    facts = match.patient.facts
    when = "Seen when the note was written" if is_own(match.at) else f"Seen at {match.at.words()}"
    console.print(f"{when}: {len(facts):,} facts", style="bold")
    shown = facts
    if len(facts) > MANY and not details:
        deciding = {one for study in match.studies for verdict in study.verdict.criteria for one in verdict.evidence}
        shown = tuple(fact for fact in facts if fact.id in deciding)
        console.print(f"  {len(shown):,} of them decided something; --details lists all", style="dim")
    for fact in shown:
        console.print(Padding(said(describe_fact(fact, own=own_clock(match.at))), (0, 0, 0, 2)))


def _study(console: Console, study: StudyMatch, seen: tuple[Mapping[str, Fact], Moment], *, details: bool) -> None:
    facts, at = seen
    verdict = study.verdict
    head = Text(f"\n{verdict.rank or '':>3}  ")
    head.append(study.number, style="bold")
    head.append_text(said(f"  {study.status}  {study.title}"))
    console.print(head)
    strip = Text()
    for one in verdict.criteria:
        strip.append(SIGNS[one.answer], style=_STYLES[one.answer])
    strip.append(f"  {_counts(study)}", style="dim")
    console.print(Padding(strip, (0, 0, 0, 5)))
    for label, moment in (("eligible from", verdict.eligible_from), ("closes", open_until(verdict))):
        if moment is not None:
            console.print(Padding(said(f"{label} {moment_words(at, moment)}", "cyan"), (0, 0, 0, 5)))
    if study.nearest is not None:
        console.print(Padding(said(study.nearest.words, "green" if study.nearest.open else "yellow"), (0, 0, 0, 5)))
    shown = [
        (criterion, answer)
        for criterion, answer in zip(study.criteria, verdict.criteria, strict=True)
        if details or answer.answer == "not met"
    ]
    if shown:
        console.print(Padding(_table(shown, facts, own_clock(at)), (0, 0, 0, 5)))


def _counts(study: StudyMatch) -> str:
    verdict = study.verdict
    counts = [(verdict.met, "met"), (verdict.not_met, "not met"), (verdict.unknown, "unknown")]
    return ", ".join(f"{count} {name}" for count, name in [*counts, (verdict.administrative, "to ask a person")])


def _table(shown: list[tuple[Criterion, CriterionVerdict]], facts: Mapping[str, Fact], own: Moment | None) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(width=17)
    table.add_column(width=5)
    table.add_column(ratio=3)
    table.add_column(ratio=2)
    for criterion, answer in shown:
        why = "; ".join(describe_fact(facts[one], own=own) for one in answer.evidence if one in facts)
        if answer.settle:
            settle = "; ".join(answer.settle)
            why = f"{why}: {settle}" if why else settle
        if answer.note:
            why = f"{why}: {answer.note}" if why else answer.note
        if presumed := presumed_words(criterion.section, answer.presumed):
            why += f" (where the record is silent a screener would presume: {presumed})"
        state = said(answer_words(criterion.section, answer.answer), _STYLES[answer.answer])
        words = criterion.reading or " ".join(criterion.text.split())
        table.add_row(state, said(answer.id, "dim"), said(words), said(why, "dim"))
    return table


def _questions(console: Console, match: PatientMatch) -> None:
    if not match.questions:
        return
    console.print("\nWhat would settle most", style="bold")
    for question in match.questions:
        count = len(question.criteria)
        studies = f"{question.studies} {'study' if question.studies == 1 else 'studies'}"
        line = said(question.text)
        line.append(f"  {count} {'criterion' if count == 1 else 'criteria'} of {studies}", style="dim")
        console.print(Padding(line, (0, 0, 0, 2)))
