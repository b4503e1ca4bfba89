"""The commands under ``library``: what is in it, and giving it back."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from equipoise.errors import InputError
from equipoise.intake.opening import open_library
from equipoise.store.library import Library


def run_info(folder: Path | None) -> None:
    """Print what the library holds."""
    library = open_library(folder)
    edition = library.edition
    size = sum(file.stat().st_size for file in library.folder.path.rglob("*") if file.is_file())
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_row("Folder", str(library.folder.path))
    table.add_row("Studies", f"{edition.studies:,}")
    for source, count in edition.sources.items():
        table.add_row(f"  from {source}", f"{count:,}")
    table.add_row("Updated in the registry up to", edition.updated or "not stated")
    table.add_row("Edition", f"{edition.number}, made {edition.made} (UTC)")
    table.add_row("Size", f"{size / 1e6:,.1f} MB")
    Console(highlight=False).print(table)


def _line(document: bytes) -> bytes:
    """Return a document on one line, as it was published if it was on one."""
    return document if b"\n" not in document else msgspec.json.format(document, indent=-1)


def _dump_lines(library: Library, to: Path) -> None:
    stream = sys.stdout.buffer if str(to) == "-" else to.open("wb")
    try:
        for _, document in library.documents():
            stream.write(_line(document) + b"\n")
        stream.flush()
    finally:
        if stream is not sys.stdout.buffer:
            stream.close()


def _dump_zip(library: Library, to: Path) -> None:
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, document in library.documents():
            archive.writestr(f"{number}.json", document)


def _dump_folder(library: Library, to: Path) -> None:
    to.mkdir(parents=True, exist_ok=True)
    for number, document in library.documents():
        (to / f"{number}.json").write_bytes(document)


def run_dump(to: Path, folder: Path | None) -> None:
    """Write every study to *to*: a zip, a ``.jsonl`` file, a folder, or ``-`` for standard output."""
    library = open_library(folder)
    try:
        if str(to) == "-" or to.suffix == ".jsonl":
            _dump_lines(library, to)
        elif to.suffix == ".zip":
            _dump_zip(library, to)
        else:
            _dump_folder(library, to)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise InputError(
            error.strerror or str(error), where=str(to), next="Choose a place that can be written."
        ) from error
    if str(to) != "-":
        Console(stderr=True, highlight=False).print(f"{len(library):,} studies written to {to}", soft_wrap=True)
