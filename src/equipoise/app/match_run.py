"""Run the command ``match``."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
from rich.console import Console

from equipoise.app.answers import match_json
from equipoise.app.files import source_name
from equipoise.app.match_input import Files, read_given, read_moment
from equipoise.app.match_lines import run_match_lines
from equipoise.app.match_print import print_match
from equipoise.app.match_report import write_report
from equipoise.app.terminal import quiet_pipe
from equipoise.errors import InputError
from equipoise.find.compiled import lexicon_of
from equipoise.find.overview import Order
from equipoise.find.parameters import read_query
from equipoise.find.patient_match import match
from equipoise.find.status import with_status
from equipoise.intake.opening import open_library
from equipoise.store.editions import Folder, library_folder
from equipoise.store.vocabularies import library_lexicon


def run_lines(path: Path, library: Path | None) -> None:
    """Answer ``--jsonl``; the library need not be there."""
    run_match_lines(path, library_lexicon(Folder(library_folder(library))))


class Shown(msgspec.Struct, frozen=True):
    """How many studies are shown, and how: with every criterion, as JSON, as a page in a file."""

    order: Order
    limit: int
    details: bool
    as_json: bool
    report: Path | None


def run_match(
    files: Files,
    *,
    at: str | None,
    pairs: list[tuple[str, str]],
    shown: Shown,
    library: Path | None,
) -> None:
    """Match one patient, given as a note, facts or FHIR, and print it."""
    opened = open_library(library)
    query = read_query(with_status(pairs), opened)
    patient = read_given(files, at=read_moment(at), lexicon=lexicon_of(opened))
    if files.note is not None and not patient.patient.facts:
        next = "Write at least an age, a condition or a drug."
        raise InputError("No fact about a patient was found in it", where=source_name(files.note), next=next)
    if patient.report:
        error = Console(stderr=True, highlight=False)
        error.print("Not used of this record:", *(f"  {line}" for line in patient.report), sep="\n", soft_wrap=True)
    matched = match(
        opened,
        patient.patient,
        at=patient.at,
        note=patient.note or "",
        query=query,
        limit=shown.limit,
        order=shown.order,
    )
    if shown.report is not None:
        write_report(shown.report, matched, patient, opened)
        Console(highlight=False).print(f"{len(matched.studies):,} studies in {shown.report}", soft_wrap=True)
        return
    with quiet_pipe():
        if shown.as_json:
            sys.stdout.buffer.write(msgspec.json.format(match_json(matched), indent=2) + b"\n")
        else:
            print_match(matched, details=shown.details)
