"""The command ``related``: the studies related to one, and why."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from equipoise.app.answers import RelatedAnswer, encode, related_answer
from equipoise.app.terminal import quiet_pipe, said
from equipoise.find.related import RelatedStudy, related_studies
from equipoise.intake.opening import open_library

_TONES = {"open": "green", "limited": "yellow", "later": "cyan", "closed": "dim", "unknown": "magenta"}


def run_related(number: str, *, limit: int, library: Path | None, as_json: bool) -> None:
    """Print the studies related to one."""
    opened = open_library(library)
    study = opened.study(number.strip().upper())
    answer = related_answer(study, related_studies(opened, study.number, limit=limit))
    with quiet_pipe():
        if as_json:
            sys.stdout.write(encode(answer).decode() + "\n")
        else:
            _print(Console(highlight=False), answer)


def _print(console: Console, answer: RelatedAnswer) -> None:
    console.print(said(f"Related to {answer.number}: {answer.title}", style="bold"))
    if answer.note:
        console.print(said(answer.note))
    for place, one in enumerate(answer.related, 1):
        _print_study(console, place, one)


def _print_study(console: Console, place: int, one: RelatedStudy) -> None:
    head = Text(f"{place:>3}  ")
    head.append(one.number, style="bold")
    head.append(f"  {one.status}", style=_TONES[one.tone])
    phases = " / ".join(phase.text for phase in one.phases)
    head.append_text(said(f" · {phases}" if phases else "", "dim"))
    console.print(head)
    console.print(Padding(said(one.title), (0, 0, 0, 5)))
    console.print(Padding(said(one.why, "dim"), (0, 0, 0, 5)))
