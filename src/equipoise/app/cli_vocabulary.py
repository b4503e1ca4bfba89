"""The commands under ``vocabulary``: names that a user adds to those we ship. Heavy parts are imported where used."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from equipoise.app.cli_options import Form, FormOption, LibraryOption

if TYPE_CHECKING:
    from equipoise.store.editions import Folder
    from equipoise.terms.vocabulary import Vocabulary

vocabulary_app = typer.Typer(
    help="Names of conditions, drugs and procedures that you add to those we ship.", no_args_is_help=True
)


class Source(StrEnum):
    """What kind of file a vocabulary is read from."""

    MESH = "mesh"
    RECORDS = "records"


@vocabulary_app.command()
def add(
    source: Annotated[
        Source, typer.Argument(help="mesh: a file of MeSH descriptors. records: the library's own studies.")
    ],
    file: Annotated[
        Path | None,
        typer.Argument(help="desc20XX.xml or d20XX.bin, also as .gz; none for records.", show_default=False),
    ] = None,
    library: LibraryOption = None,
) -> None:
    """Add a vocabulary to the library; one of the same kind is replaced."""
    run_add(source, file, library)


@vocabulary_app.command("list")
def list_(
    library: LibraryOption = None,
    format: FormOption = Form.TABLE,
) -> None:
    """List the vocabularies of the library."""
    run_list(library, as_json=format is Form.JSON)


class Row(msgspec.Struct, frozen=True):
    """A vocabulary, as it is listed."""

    source: str
    file: str
    concepts: int
    phrases: int
    classes: int
    left_out: int


def run_add(source: Source, file: Path | None, folder: Path | None) -> None:
    """Read a vocabulary and keep it in the library.

    Raises:
        UserError: a file is named where none is read, or none where one is.
        InputError, LibraryError: it cannot be read or kept.
    """
    from equipoise.find.facts import plural
    from equipoise.store.editions import Folder, library_folder
    from equipoise.store.vocabularies import keep_vocabulary

    place = Folder(library_folder(folder))
    vocabulary = _read(source, file, place)
    keep_vocabulary(place, vocabulary)
    row = _row(vocabulary)
    typer.echo(
        f"{plural(row.concepts, 'concept')} with {plural(row.phrases, 'new phrase')} added from {row.file}; "
        f"{plural(row.left_out, 'heading')} left out, of which no criterion asks."
    )
    if place.current():
        next_step = "by the next load, or by `equipoise library compile`"
        typer.echo(f"The criteria in this library are compiled with it {next_step}.")


def _read(source: Source, file: Path | None, place: Folder) -> Vocabulary:
    from equipoise.errors import UserError
    from equipoise.intake.opening import open_library
    from equipoise.sources.mesh import read_mesh
    from equipoise.sources.mesh_concepts import mesh_vocabulary
    from equipoise.sources.mesh_records import records_vocabulary
    from equipoise.terms.lexicon import lexicon

    if source is Source.RECORDS:
        if file is not None:
            raise UserError(
                "A vocabulary of records is read from the library's own studies, not from a file",
                where=str(file),
                next="Leave the file out; --library says which library.",
            )
        library = open_library(place.path)
        return records_vocabulary((library.record_at(row).study for row in range(len(library))), lexicon())
    if file is None:
        raise UserError(
            "Name the file of MeSH descriptors",
            next="For example: equipoise vocabulary add mesh desc2026.xml",
        )
    return mesh_vocabulary(read_mesh(file), lexicon(), file=file.name)


def run_list(folder: Path | None, *, as_json: bool) -> None:
    """Print the vocabularies of the library."""
    from rich.console import Console
    from rich.table import Table

    from equipoise.store.editions import Folder, library_folder
    from equipoise.store.vocabularies import vocabularies

    rows = [_row(one) for one in vocabularies(Folder(library_folder(folder)))]
    if as_json:
        sys.stdout.buffer.write(msgspec.json.encode(rows) + b"\n")
        return
    if not rows:
        typer.echo("This library has no vocabulary of its own. Add one with `equipoise vocabulary add mesh FILE`.")
        return
    table = Table("Vocabulary", "File", "Concepts", "New phrases", "With a class", "Left out", box=None, pad_edge=False)
    for row in rows:
        counts = (f"{count:,}" for count in (row.concepts, row.phrases, row.classes, row.left_out))
        table.add_row(row.source, row.file, *counts)
    Console(highlight=False).print(table)


def _row(one: Vocabulary) -> Row:
    from equipoise.terms.lexicon import lexicon

    known = lexicon()
    phrases = {phrase for concept in one.concepts for phrase in (concept.name, *concept.synonyms)}
    fresh = sum(known.find(phrase) is None for phrase in phrases)
    return Row(one.source, one.file, len(one.concepts), fresh, len(one.parents), one.left_out)
