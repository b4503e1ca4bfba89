"""The command ``desk``: where people's notes are, and a copy of them. Heavy parts are imported where they are used."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

desk_app = typer.Typer(help="What people added: where it is, and a copy of it.", invoke_without_command=True)


@desk_app.callback()
def desk_info(context: typer.Context) -> None:
    """Say where the desk is."""
    from equipoise.desk.database import desk_folder, open_desk

    if context.invoked_subcommand is None:
        desk = open_desk(desk_folder())
        typer.echo(f"The desk is at {desk.path}. Only you can read it; a copy of it holds all notes.")


@desk_app.command()
def backup(file: Annotated[Path, typer.Argument(help="Where the copy is to be written.", show_default=False)]) -> None:
    """Write a copy of the desk, also while it is in use; put it in the desk's place to restore it."""
    from equipoise.desk.backup import back_up
    from equipoise.desk.database import desk_folder, open_desk

    back_up(open_desk(desk_folder()), file)
    typer.echo(f"Copied to {file}.")
