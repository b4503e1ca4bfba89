"""The command ``load``: progress while it runs, a summary at its end."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from equipoise.errors import InputError
from equipoise.find.facts import plural
from equipoise.intake import load as loading
from equipoise.intake.files import size_of
from equipoise.sources.catalogue import source_named
from equipoise.store.editions import library_folder

SHOWN_PROBLEMS = 20


class _Rate(ProgressColumn):
    """Records a second."""

    def render(self, task: Task) -> Text:
        records = int(task.fields["records"])
        elapsed = task.elapsed or 0.0
        rate = f"{records / elapsed:,.0f} records/s" if elapsed > 0.5 else ""
        return Text(f"{records:,} records  {rate}", style="progress.data.speed")


class _Bar:
    """Shows a load's progress on a terminal, at most ten times a second."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._task = progress.add_task("Loading", total=total or None, records=0)
        self._next = 0.0

    def __call__(self, now: loading.Progress) -> None:
        moment = time.monotonic()
        if moment >= self._next:
            self._next = moment + 0.1
            self._progress.update(self._task, completed=now.used, records=now.records)

    def compiling(self, done: int, total: int) -> None:
        """Show how many studies' criteria are compiled, which comes after the records."""
        moment = time.monotonic()
        if moment >= self._next:
            self._next = moment + 0.1
            self._progress.update(self._task, description="Compiling criteria", completed=done, total=total)


def _progress(console: Console) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        _Rate(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )


def run_load(paths: list[Path], library: Path | None, source_name: str | None, *, skip_broken: bool) -> None:
    """Load *paths*, show progress, print the summary; exit with 3 where records were not read."""
    for path in paths:
        if str(path) != "-" and not path.exists():
            raise InputError("No such file or folder", where=str(path), next="Check the path.")
    source = source_named(source_name) if source_name else None
    folder = library_folder(library)
    console = Console(stderr=True)
    progress = _progress(console)
    shown: AbstractContextManager[object] = progress if console.is_terminal else nullcontext()
    started = time.monotonic()
    with shown:
        bar = _Bar(progress, size_of(paths))
        summary = loading.load(paths, folder, source=source, watch=bar, watch_criteria=bar.compiling)
    print_summary(summary, folder, seconds=time.monotonic() - started)
    if summary.problems and not skip_broken:
        raise typer.Exit(InputError.exit_code)


def print_summary(summary: loading.Summary, folder: Path, *, seconds: float | None = None) -> None:
    """Print what a load did, and why records were not read."""
    console = Console()
    table = Table(show_header=False, box=None, pad_edge=False)
    rows = [
        ("added", summary.added, ""),
        ("changed", summary.changed, ""),
        ("unchanged", summary.unchanged, ""),
        ("older", summary.older, "kept as earlier versions"),
        ("not read", len(summary.problems), "listed below" if summary.problems else ""),
    ]
    for name, count, note in rows:
        if count or name in ("added", "not read"):
            table.add_row(f"{count:,}", name, note)
    console.print(table)
    if summary.edition:
        speed = f" ({summary.given / seconds:,.0f} records/s)" if seconds else ""
        console.print(
            f"{plural(summary.edition.studies, 'study', 'studies')} in {folder}{speed}", highlight=False, soft_wrap=True
        )
    else:
        console.print(f"Nothing new; {folder} stays as it was", highlight=False, soft_wrap=True)
    _print_problems(summary.problems, summary.given)


def _print_problems(problems: list[InputError], given: int) -> None:
    if not problems:
        return
    errors = Console(stderr=True)
    errors.print(f"\n{len(problems):,} of {given:,} not read:", style="bold red", highlight=False)
    for problem in problems[:SHOWN_PROBLEMS]:
        errors.print(f"  {problem.where}: {problem.problem}", markup=False, highlight=False, soft_wrap=True)
    if len(problems) > SHOWN_PROBLEMS:
        errors.print(f"  … and {len(problems) - SHOWN_PROBLEMS:,} more", highlight=False)
    hints = dict.fromkeys(problem.next for problem in problems if problem.next)
    for hint in hints:
        errors.print(hint, markup=False, highlight=False, soft_wrap=True)
