"""The command ``match``: one patient against studies or criteria. Heavy parts are imported where they are used."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from equipoise.app.cli_options import LibraryOption
from equipoise.errors import UserError

match_app = typer.Typer()


@match_app.command()
def match(
    jsonl: Annotated[
        Path | None, typer.Option("--jsonl", help="A file with a patient and criteria a line; - reads standard input.")
    ] = None,
    library: LibraryOption = None,
) -> None:
    """Say for a patient which criteria are met, not met and unknown, and why."""
    from equipoise.app.match_lines import run_match_lines
    from equipoise.store.editions import Folder, library_folder
    from equipoise.store.vocabularies import library_lexicon

    if jsonl is None:
        raise UserError("Say what to match: --jsonl", next="For example: equipoise match --jsonl questions.jsonl")
    run_match_lines(jsonl, library_lexicon(Folder(library_folder(library))))
