"""The command ``bench``: the figures of matching, measured again. Heavy parts are imported where they are used."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from equipoise.app.cli_options import Form, FormOption, LibraryOption
from equipoise.errors import UserError

bench_app = typer.Typer()


@bench_app.command()
def bench(
    verdicts: Annotated[
        Path | None, typer.Option(help="Experts' verdicts on criteria, as JSON lines.", show_default=False)
    ] = None,
    topics: Annotated[
        Path | None, typer.Option(help="Patients, as for match --topics; with --judgements.", show_default=False)
    ] = None,
    judgements: Annotated[
        Path | None, typer.Option(help="Topic, study and grade, with tabs between.", show_default=False)
    ] = None,
    library: LibraryOption = None,
    format: FormOption = Form.TABLE,
) -> None:
    """Measure matching again on judged data: how answers and order agree with experts."""
    from equipoise.app.bench_run import run_bench

    if verdicts is None and (topics is None or judgements is None):
        raise UserError(
            "Say what to measure on: --verdicts, or --topics with --judgements",
            next="For example: equipoise bench --verdicts verdicts.jsonl",
        )
    run_bench(verdicts, topics, judgements, library=library, as_json=format is Form.JSON)
