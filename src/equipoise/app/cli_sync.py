"""The command ``sync``: what is asked for, progress, and the summary that ``load`` gives."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from equipoise.app.cli_load import print_summary
from equipoise.errors import InputError
from equipoise.intake import load as loading
from equipoise.intake.sync import Downloaded, Watcher, sync
from equipoise.sources.ctgov_api import BASE
from equipoise.sources.download import GO_ON
from equipoise.store.editions import library_folder


class _Count(ProgressColumn):
    """Pages and studies of how many, and studies a second."""

    def render(self, task: Task) -> Text:
        pages = int(task.fields["pages"])
        of = f" of {task.total:,.0f}" if task.total else ""
        rate = f"  {task.speed:,.0f} records/s" if task.speed else ""
        return Text(f"{pages:,} pages, {task.completed:,.0f}{of} studies{rate}", style="progress.data.speed")


class _Bar:
    """Shows a download, and then the loading of it, on a terminal."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("Downloading", total=None, pages=0)
        self._loading = False
        self._next = 0.0

    def page(self, now: Downloaded) -> None:
        self._progress.update(self._task, completed=now.studies, total=now.total, pages=now.pages)

    def record(self, now: loading.Progress) -> None:
        moment = time.monotonic()
        if not self._loading:
            self._loading = True
            task = self._progress.tasks[0]
            self._progress.reset(self._task, description="Loading", total=task.completed or None)
        if moment >= self._next:
            self._next = moment + 0.1
            self._progress.update(self._task, completed=now.records)


def _progress(console: Console) -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), _Count(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True)


def run_sync(library: Path | None, *, base: str | None, query: str, since: date | None, skip_broken: bool) -> None:
    """Sync, say what happens, print the summary; exit with 3 where records were not read."""
    folder = library_folder(library)
    console = Console(stderr=True, highlight=False)
    progress = _progress(console)
    bar = _Bar(progress)
    shown: AbstractContextManager[object] = progress if console.is_terminal else nullcontext()
    watcher = Watcher(lambda text: console.print(text, markup=False, soft_wrap=True), bar.page, bar.record)
    started = time.monotonic()
    try:
        with shown:
            summary = sync(folder, base=base or BASE, query=query, since=since, watcher=watcher)
    except KeyboardInterrupt:
        console.print(f"Stopped. {GO_ON}", soft_wrap=True)
        raise typer.Exit(130) from None
    if summary.given:
        print_summary(summary, folder, seconds=time.monotonic() - started)
    else:
        Console(highlight=False).print(f"No studies found; {folder} stays as it was", soft_wrap=True)
    if summary.problems and not skip_broken:
        raise typer.Exit(InputError.exit_code)
