"""The command ``notes``: lists, saves and brings them in. Heavy parts are imported where they are used."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from equipoise.app.cli_options import Form, FormOption

if TYPE_CHECKING:
    from equipoise.desk.database import Desk
    from equipoise.desk.notes import Note
    from equipoise.desk.people import Person

notes_app = typer.Typer(
    help="Notes on studies: list them, save them as a file, bring them in. They are yours on this computer, or with "
    "--person those of somebody who has an account on this desk.",
    no_args_is_help=True,
)

PersonOption = Annotated[
    str, typer.Option(help="Whose notes: the name of an account. Default: yours, on this computer, without a login.")
]


@notes_app.command("list")
def list_notes(
    words: Annotated[list[str] | None, typer.Argument(help="Only notes with all these words.")] = None,
    study: Annotated[str, typer.Option(help="Only notes on this study.")] = "",
    tag: Annotated[str, typer.Option(help="Only notes with this tag.")] = "",
    person: PersonOption = "",
    format: FormOption = Form.TABLE,
) -> None:
    """List notes, the last written first."""
    from equipoise.app.terminal import quiet_pipe, said
    from equipoise.desk.annotations import write_annotations
    from equipoise.desk.notes import find_notes

    found = find_notes(_notes(person), " ".join(words or []), tag=tag, study=study.upper())
    with quiet_pipe():
        if format is Form.JSON:
            sys.stdout.write(write_annotations(found).decode())
            return
        for note in found:
            tags = "".join(f" #{one}" for one in note.tags)
            typer.echo(said(f"{note.study}  {note.changed[:10]}{tags}").plain)
            if note.place.exact:
                typer.echo(said(f"    “{note.place.exact}”").plain)
            for line in note.text.split("\n"):
                typer.echo(said(f"    {line}").plain)
        typer.echo(f"{len(found):,} {'note' if len(found) == 1 else 'notes'}")


@notes_app.command("export")
def export_notes(
    file: Annotated[
        Path, typer.Argument(help="Where they are to be written; - is standard output.", show_default=False)
    ],
    person: PersonOption = "",
) -> None:
    """Save all notes as W3C Web Annotations (.jsonld)."""
    from equipoise.desk.annotations import write_annotations

    mine = _notes(person)
    content = write_annotations(mine)
    if str(file) == "-":
        sys.stdout.write(content.decode())
        return
    _write_new(file, content)
    typer.echo(f"{len(mine):,} {'note' if len(mine) == 1 else 'notes'} saved to {file}.")


@notes_app.command("import")
def import_notes(
    file: Annotated[
        Path, typer.Argument(help="A file of Web Annotations; - reads standard input.", show_default=False)
    ],
    person: PersonOption = "",
) -> None:
    """Bring in the notes of a file; what is there already is left as it is."""
    from datetime import UTC, datetime

    import msgspec

    from equipoise.app.files import opened
    from equipoise.desk.annotations import read_annotations
    from equipoise.desk.exchange import import_drafts

    with opened(file) as source:
        read = read_annotations(source.read())
    desk, whose = _desk_of(person)
    done = import_drafts(desk, whose, read.drafts, now=datetime.now(UTC))
    typer.echo(msgspec.structs.replace(done, others=read.others).words())


def _desk_of(name: str) -> tuple[Desk, Person]:
    """Return the desk, and who is meant: whoever has its file can read all of it."""
    from equipoise.desk.accounts import named_person
    from equipoise.desk.database import desk_folder, open_desk
    from equipoise.desk.people import LOCAL, Person

    desk = open_desk(desk_folder())
    return desk, named_person(desk, name) if name else Person(LOCAL)


def _notes(name: str) -> list[Note]:
    from equipoise.desk.notes import notes_of

    return notes_of(*_desk_of(name))


def _write_new(file: Path, content: bytes) -> None:
    from equipoise.errors import OutputError

    try:
        # Nobody else is to read it.
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as target:
            target.write(content)
    except FileExistsError:
        raise OutputError("There is a file already", where=str(file), next="Name one that is not there.") from None
    except OSError as error:
        why = error.strerror or str(error)
        raise OutputError(f"It cannot be written ({why})", where=str(file), next="Choose another place.") from None
