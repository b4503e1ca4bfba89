"""The command ``match``: one patient against studies or criteria. Heavy parts are imported where they are used."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from equipoise.app.cli_options import Form, FormOption, LibraryOption

match_app = typer.Typer()

Choice = list[str] | None


class Order(StrEnum):
    """What comes first."""

    FIT = "fit"
    CLOSES = "closes"
    OPENS = "opens"


@match_app.command()
def match(
    numbers: Annotated[
        list[str] | None, typer.Argument(help="Studies by number. Default: all that the filters keep.")
    ] = None,
    note: Annotated[Path | None, typer.Option(help="A file with a clinical note; - reads standard input.")] = None,
    facts: Annotated[Path | None, typer.Option(help="A file with a patient's facts as JSON; - as above.")] = None,
    fhir: Annotated[
        Path | None, typer.Option(help="FHIR R4 as JSON: a file, a folder or a zip; - as above.", readable=False)
    ] = None,
    patient: Annotated[str | None, typer.Option(help="Which patient, by id, where there are several.")] = None,
    at: Annotated[
        str | None,
        typer.Option(
            help="The moment at which the patient is seen: 2026-01-15T09:40+01:00. Default: the note's own.",
            show_default=False,
        ),
    ] = None,
    status: Annotated[
        Choice, typer.Option(help="As for search. Default: open, coming, and silent.", show_default=False)
    ] = None,
    phase: Annotated[Choice, typer.Option(help="1, 2, 3, 4, 'early 1', NA.")] = None,
    country: Annotated[Choice, typer.Option(help="A country with a site.")] = None,
    near: Annotated[str | None, typer.Option(help="A place near a site: 'Leeds, UK', 02115, '53.8,-1.55'.")] = None,
    within: Annotated[str | None, typer.Option(help="How far from it at most: 50km, '30 miles'.")] = None,
    order: Annotated[
        Order, typer.Option(help="fit, closes (the window that closes first) or opens (what opens later).")
    ] = Order.FIT,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many studies to show.")] = 10,
    details: Annotated[bool, typer.Option("--details", help="Every criterion, not only the unmet.")] = False,
    jsonl: Annotated[
        Path | None, typer.Option("--jsonl", help="A file with a patient and criteria a line; - reads standard input.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write it to this file, a page that needs nothing else.", show_default=False)
    ] = None,
    topics: Annotated[
        Path | None, typer.Option(help="A file with a patient a line: rank the library for each; - as above.")
    ] = None,
    run: Annotated[Path | None, typer.Option(help="With --topics: the TREC run file to write.")] = None,
    top: Annotated[int, typer.Option(min=1, help="With --topics: how many studies for each.")] = 1000,
    library: LibraryOption = None,
    format: FormOption = Form.TABLE,
) -> None:
    """Say for a patient which criteria of which studies are met, not met and unknown, and why.

    Nothing about the patient is stored or sent. What it says supports a clinician's judgement and does not replace it.
    """
    from equipoise.app.match_input import Files
    from equipoise.app.match_run import Shown, run_lines, run_match

    if jsonl is not None:
        run_lines(jsonl, library)
        return
    if topics is not None:
        from equipoise.app.match_topics import run_topics

        run_topics(topics, run, top=top, library=library)
        return
    often = {"status": status, "phase": phase, "country": country}
    pairs = [(name, value) for name, value in (("near", near), ("within", within)) if value]
    pairs += [(name, value) for name, values in often.items() for value in values or []]
    pairs += [("numbers", ",".join(numbers))] if numbers else []
    shown = Shown(order=order.value, limit=limit, details=details, as_json=format is Form.JSON, report=report)
    run_match(Files(note, facts, fhir, patient), at=at, pairs=pairs, shown=shown, library=library)
