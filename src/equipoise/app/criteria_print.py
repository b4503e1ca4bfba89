"""Print compiled criteria: the text with what was read marked, the reading, what was left, and faults."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from equipoise.app.answers import encode
from equipoise.app.cli_criteria import answer_for
from equipoise.app.terminal import quiet_pipe, said
from equipoise.criteria.records import Criterion, Side
from equipoise.find.compiled import read_criteria
from equipoise.find.criteria import CriteriaView, CriterionView, Part, read_view
from equipoise.find.criteria_faults import find_faults
from equipoise.intake.opening import open_library
from equipoise.records.study import Study

_STYLES = {
    "limit": "cyan",
    "condition": "magenta",
    "drug": "green",
    "procedure": "blue",
    "administrative": "dim italic",
    "left": "yellow underline",
}
_TONES = {"full": "green", "partial": "yellow", "administrative": "dim", "none": "red"}


def read_study_criteria(number: str, folder: Path | None) -> tuple[Study, str, list[Criterion]]:
    """Return a study of a library with its eligibility text and criteria.

    Raises:
        StudyNotFound, LibraryError: it cannot be read.
    """
    library = open_library(folder)
    study = library.study(number.strip().upper())
    return study, study.eligibility.eligibility_criteria or "", read_criteria(library, study)


def print_criteria(
    study: Study | None,
    text: str,
    criteria: Sequence[Criterion],
    *,
    as_json: bool,
    section: Side | None = None,
) -> None:
    """Print the criteria of a study, or of a text that belongs to none."""
    with quiet_pipe():
        if as_json:
            sys.stdout.buffer.write(encode(answer_for(study.number if study else None, list(criteria))) + b"\n")
            return
        view = read_view(text, criteria, find_faults(text, criteria, study), section=section)
        _Printer(Console(highlight=False)).view(study, view)


class _Printer:
    def __init__(self, console: Console) -> None:
        self._console = console

    def view(self, study: Study | None, view: CriteriaView) -> None:
        """Print all sections, and what they come to."""
        if study is not None:
            self._console.print(said(f"{study.number}  {study.title or ''}".strip(), "bold"))
        for section in view.sections:
            self._console.print()
            heading = section.heading or (f"{section.side.capitalize()} criteria" if section.side else "Criteria")
            self._console.print(Rule(said(heading, "bold"), align="left", style="dim"))
            for item in section.items:
                self._criterion(item, 0)
            if section.after:
                self._console.print(said(section.after, "dim"))
        self._console.print()
        self._console.print(summary(view), style="bold")

    def _criterion(self, one: CriterionView, depth: int) -> None:
        if one.lead:
            self._console.print(said(one.lead, "dim"))
        self._row(said(one.id, "bold"), _marked(one.parts), depth)
        for item in one.items:
            self._criterion(item, depth + 1)
        if one.rest:
            self._row(Text(), _marked(one.rest), depth)
        if not depth:
            reading = Text(one.state, style=_TONES[one.computable])
            reading.append_text(said(f": {one.reading}" if one.reading else "", ""))
            self._row(Text(), reading, depth)
        self._notes(one, depth)

    def _notes(self, one: CriterionView, depth: int) -> None:
        """Print what was left of a criterion, what was mended and what is at fault."""
        for why, several in groupby(one.left, key=lambda note: note.note):
            words = ", ".join(f"“{note.words}”" for note in several)
            reason = "" if why == "not understood" else f" ({why})"
            self._row(Text(), said(f"not understood: {words}{reason}", "yellow"), depth)
        for note in one.flags:
            self._row(Text(), said(f"“{note.words}” {note.note}", "dim"), depth)
        for fault in one.faults:
            self._row(Text(), said("\n".join((fault.message, fault.pointed, fault.next)), "red"), depth)

    def _row(self, label: Text, text: Text, depth: int) -> None:
        row = Table.grid(padding=(0, 1))
        row.add_column(width=5)
        row.add_column(overflow="fold")
        row.add_row(label, text)
        self._console.print(Padding(row, (0, 0, 0, 6 * depth)))


def _marked(parts: Iterable[Part]) -> Text:
    text = Text()
    for part in parts:
        text.append_text(said(part.text, _STYLES.get(part.kind, "")))
    return text


def summary(view: CriteriaView) -> str:
    """Return in one line how many criteria were read, and how far."""
    items = [item for section in view.sections for item in section.items]
    counts = {"full": 0, "partial": 0, "administrative": 0, "none": 0}
    for item in items:
        counts[item.computable] += 1
    said = ("read", "read in part", "for a person to decide", "not read")
    parts = [f"{count:,} {words}" for count, words in zip(counts.values(), said, strict=True) if count]
    what = "criterion" if len(items) == 1 else "criteria"
    return f"{len(items):,} {what}" + (f": {', '.join(parts)}" if parts else "; there is no criterion in this text")
