"""The command ``criteria --coverage``: what share of a library's criteria is read, and what is left."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from equipoise.app.answers import encode
from equipoise.app.progress import watched
from equipoise.app.terminal import quiet_pipe, said
from equipoise.criteria.records import COMPILER, Criterion
from equipoise.find.compiled import mark_for, unpack
from equipoise.find.coverage import Coverage, Leftover, Share, Tally
from equipoise.intake.compile import Compiler
from equipoise.intake.opening import open_library
from equipoise.store.compiling import Watch
from equipoise.store.library import Library


def read_all(library: Library, watch: Watch) -> Iterator[tuple[str, list[Criterion]]]:
    """Yield the text and the criteria of every study, compiled now where they are not stored."""
    total, mark = len(library), mark_for(library)
    texts: dict[int, str] = {}
    stored: list[tuple[str, list[Criterion]]] = []

    def unknown() -> Iterator[tuple[int, str]]:
        for row in range(total):
            text = library.record_at(row).study.eligibility.eligibility_criteria or ""
            found = library.compiled.find(text, mark) if text.strip() else None
            if found is not None:
                stored.append((text, unpack(found.criteria, text)))
            elif text.strip():
                texts[row] = text
                yield row, text
            watch(row + 1, total)

    for row, made in Compiler(library.folder).compile(unknown()):
        yield from stored
        stored.clear()
        text = texts.pop(row)
        yield text, unpack(made.criteria, text)
    yield from stored


def run_coverage(folder: Path | None, *, as_json: bool) -> None:
    """Print the coverage of a library."""
    library, tally = open_library(folder), Tally()
    with watched("Compiling criteria") as watch:
        for text, criteria in read_all(library, watch):
            tally.add(text, criteria)
    found = tally.coverage(COMPILER)
    with quiet_pipe():
        if as_json:
            sys.stdout.buffer.write(encode(found) + b"\n")
        else:
            _print(Console(highlight=False), found)


def _print(console: Console, found: Coverage) -> None:
    console.print(f"{found.studies:,} studies with criteria, compiler {found.compiler}", style="bold")
    console.print(_table("Section", found.sections))
    console.print(_table("With a", found.kinds))
    console.print(_counts("Left most often", found.left))
    console.print(_counts("Why", found.reasons))


def _table(title: str, shares: Iterable[Share]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(title, no_wrap=True)
    for name in ("criteria", "whole", "at least in part", "for a person", "not read", "predicates"):
        table.add_column(name, justify="right")
    for one in shares:
        rest = (f"{part / one.criteria:.1%}" if one.criteria else "–" for part in (one.administrative, one.none))
        table.add_row(
            one.name, f"{one.criteria:,}", f"{one.whole:.1%}", f"{one.some:.1%}", *rest, f"{one.predicates:,}"
        )
    return table


def _counts(title: str, found: Iterable[Leftover]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("times", justify="right")
    table.add_column(title)
    for one in found:
        table.add_row(f"{one.count:,}", said(one.words))
    return table
