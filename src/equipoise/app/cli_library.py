"""The commands under ``library``: what is in it, and giving it back."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from equipoise.app.answers import encode
from equipoise.app.progress import watched
from equipoise.app.terminal import quiet_pipe
from equipoise.errors import LibraryError, OutputError
from equipoise.find.compiled import compiled_words
from equipoise.find.facts import plural
from equipoise.intake import care
from equipoise.intake.opening import open_library
from equipoise.store.contents import Contents, describe_contents
from equipoise.store.editions import library_folder
from equipoise.store.library import Library
from equipoise.store.rebuild import Fault, Rebuilt
from equipoise.terms.enums import term_of

SHOWN_FAULTS = 20


def run_info(folder: Path | None, *, as_json: bool = False) -> None:
    """Print what the library holds."""
    contents = describe_contents(open_library(folder))
    if as_json:
        sys.stdout.buffer.write(encode(contents) + b"\n")
        return
    table = Table(show_header=False, box=None, pad_edge=False)
    for name, value in _rows(contents):
        table.add_row(name, value)
    Console(highlight=False).print(table)


def _rows(contents: Contents) -> Iterator[tuple[str, str]]:
    """Yield the lines that say what the library holds."""
    yield "Folder", contents.folder
    yield "Studies", f"{contents.studies:,}"
    for source, count in contents.sources.items():
        yield f"  from {source}", f"{count:,}"
    for status, count in contents.statuses.items():
        words = term_of("OverallStatus", status).short if status else "Not stated"
        yield f"  {words.lower()}", f"{count:,}"
    yield "Versions", f"{contents.versions:,}"
    yield "Criteria compiled", f"of {plural(contents.compiled, 'study', 'studies')}"
    updates = f"{contents.updated_from} to {contents.updated_to}" if contents.updated_to else "not stated"
    yield "Updated in the registry", updates
    yield "Edition", f"{contents.edition}, made {contents.made} (UTC)"
    yield "Editions kept", ", ".join(str(number) for number in contents.editions)
    yield "Format", f"{contents.format}; index {contents.index}"
    trained = f"{contents.dictionaries}, {_size(contents.dictionary_size)}" if contents.dictionaries else "none yet"
    yield "Compression dictionaries", trained
    yield "Size", _size(contents.size.total)
    for name in ("documents", "index", "columns", "criteria", "earlier", "other"):
        if found := getattr(contents.size, name):
            yield f"  {_PARTS.get(name, name)}", _size(found)
    if contents.unfinished:
        yield "Of an unfinished load", f"{contents.unfinished:,} documents; the next load uses or removes them"


_PARTS = {"earlier": "earlier editions"}


def _size(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def run_check(folder: Path | None, *, quick: bool) -> None:
    """Print what is wrong with the library; exit with 4 where something is."""
    path = library_folder(folder)
    with watched("Checking") as watch:
        report = care.check_library(path, quick=quick, watch=watch)
    console = Console(highlight=False)
    what = "documents not read" if quick else "every document read"
    console.print(f"{report.studies:,} studies in {report.versions:,} versions, {what}", soft_wrap=True)
    for note in report.notes:
        console.print(f"Note: {note}", markup=False, soft_wrap=True)
    if not report.faults:
        console.print("Nothing is wrong")
        return
    _print_faults(report.faults)
    raise typer.Exit(LibraryError.exit_code)


def _print_faults(faults: list[Fault]) -> None:
    errors = Console(stderr=True, highlight=False)
    errors.print(f"\n{len(faults):,} {'thing is' if len(faults) == 1 else 'things are'} wrong:", style="bold red")
    for fault in faults[:SHOWN_FAULTS]:
        errors.print(f"  {fault.where}: {fault.problem}", markup=False, soft_wrap=True)
    if len(faults) > SHOWN_FAULTS:
        errors.print(f"  … and {len(faults) - SHOWN_FAULTS:,} more")
    errors.print(
        "Where a document is broken or missing, restore the folder from a copy, or load the record again. "
        "All else comes right with `equipoise library rebuild`.",
        soft_wrap=True,
    )


def run_rebuild(folder: Path | None) -> None:
    """Make index and columns anew, and say so; exit with 4 where a document could not be read."""
    path = library_folder(folder)
    with watched("Rebuilding") as watch:
        made = care.rebuild_library(path, watch=watch)
    _print_made(made, path)


def run_compile(folder: Path | None, *, every: bool) -> None:
    """Compile criteria, and say of how many studies they are compiled now."""
    path = library_folder(folder)
    with watched("Compiling criteria") as watch:
        made = care.compile_library(path, every=every, watch=watch)
    edition = made or open_library(path).edition
    if made is None:
        print_line("There is nothing to compile")
    print_line(compiled_words(edition.compiled, edition.studies))


def run_compact(folder: Path | None, *, keep: int | None) -> None:
    """Make the library small, and say by how much."""
    path = library_folder(folder)
    before = _bytes(path)
    with watched("Compacting") as watch:
        made = care.compact_library(path, keep=keep, watch=watch)
    if made.dropped:
        print_line(f"{made.dropped:,} earlier versions removed")
    print_line(f"{_size(before)} before, {_size(_bytes(path))} now")
    _print_made(made, path)


def _print_made(made: Rebuilt, path: Path) -> None:
    print_line(f"{made.edition.studies:,} studies in {path}, edition {made.edition.number}")
    if made.faults:
        _print_faults(made.faults)
        raise typer.Exit(LibraryError.exit_code)


def print_line(text: str) -> None:
    """Print a line as it is, however long."""
    Console(highlight=False).print(text, markup=False, soft_wrap=True)


def _bytes(path: Path) -> int:
    """Return the size of a folder, files with several links counted once."""
    files = {(found := file.stat()).st_ino: found.st_size for file in path.rglob("*") if file.is_file()}
    return sum(files.values())


def _line(document: bytes) -> bytes:
    """Return a document on one line, as it was published if it was on one."""
    return document if b"\n" not in document else msgspec.json.format(document, indent=-1)


def _dump_lines(library: Library, stream: BinaryIO) -> None:
    for _, document in library.documents():
        stream.write(_line(document) + b"\n")
    stream.flush()


def _dump_zip(library: Library, stream: BinaryIO) -> None:
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, document in library.documents():
            archive.writestr(f"{number}.json", document)


def _dump_folder(library: Library, to: Path) -> None:
    to.mkdir(parents=True, exist_ok=True)
    for number, document in library.documents():
        (to / f"{number}.json").write_bytes(document)


def _dump_file(library: Library, to: Path) -> None:
    """Write a file beside and rename it: a dump that breaks off leaves no half, and no old one in ruins."""
    beside = to.with_name(f"{to.name}.part")
    try:
        with beside.open("wb") as stream:
            (_dump_lines if to.suffix == ".jsonl" else _dump_zip)(library, stream)
        beside.replace(to)
    finally:
        beside.unlink(missing_ok=True)


def _check_free(to: Path, *, force: bool) -> None:
    taken = to.exists() and (not to.is_dir() or any(to.iterdir()))
    if taken and not force:
        raise OutputError(
            "There is something already", where=str(to), next="Name another place, or overwrite it with --force."
        )


def run_dump(to: Path, folder: Path | None, *, force: bool = False) -> None:
    """Write every study to *to*: a zip, a ``.jsonl`` file, a folder, or ``-`` for standard output."""
    library = open_library(folder)
    if str(to) == "-":
        with quiet_pipe():
            _dump_lines(library, sys.stdout.buffer)
        return
    _check_free(to, force=force)
    try:
        if to.suffix in (".jsonl", ".zip"):
            _dump_file(library, to)
        else:
            _dump_folder(library, to)
    except OSError as error:
        raise OutputError(
            error.strerror or str(error), where=str(to), next="Choose a place that can be written."
        ) from error
    console = Console(stderr=True, highlight=False)
    console.print(f"{plural(len(library), 'study', 'studies')} written to {to}", soft_wrap=True)
    pages = sum(count for source, count in library.edition.sources.items() if not source.startswith("ctgov"))
    if pages:
        console.print(
            f"{plural(pages, 'of them comes', 'of them come')} from trial pages: what was marked as inferred, mended "
            "or as shown, and the trials they listed, is not part of v2 JSON. Keep the pages too.",
            soft_wrap=True,
        )
