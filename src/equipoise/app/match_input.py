"""The patient that a user gives: a note, facts as JSON, or FHIR; and the moment at which they are seen."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from equipoise.app.files import opened, read_text, source_name
from equipoise.errors import InputError, UserError
from equipoise.intake.limits import LARGEST_PIECE, MIB
from equipoise.notes.reader import TIME_ZERO, read_note
from equipoise.records.moments import Moment
from equipoise.records.patient import Patient, read_patient
from equipoise.terms.lexicon import Lexicon

_FACTS = 'A patient is {"facts": […], "complete": […]}; see docs/reference/rules.md for what a fact has.'


class Given(msgspec.Struct, frozen=True):
    """
    A patient and the moment at which they are seen.

    ``note`` is the text of the note where one was given, ``report`` what of a FHIR record was not used.
    """

    patient: Patient
    at: Moment
    note: str | None = None
    report: tuple[str, ...] = ()


LONGEST_NOTE = 500_000  # some 150 pages


def read_moment(text: str | None) -> Moment | None:
    """Return the moment that an option states.

    Raises:
        UserError: it is none.
    """
    try:
        return None if text is None else Moment(text)
    except ValueError as error:
        raise UserError(f"--at is no moment: {error}", next="For example: --at 2026-01-15T09:40+01:00") from None


def stated_moment(text: str | None, where: str) -> Moment | None:
    """Return the moment that the field ``at`` of a JSON object states.

    Raises:
        InputError: it is none.
    """
    try:
        return None if text is None else Moment(text)
    except ValueError as error:
        raise InputError(f'"at" is no moment: {error}', where=where, next='Or write "at": null.') from None


class Files(msgspec.Struct, frozen=True):
    """Where a patient comes from: one of three kinds of file, and which patient of a FHIR file with several."""

    note: Path | None = None
    facts: Path | None = None
    fhir: Path | None = None
    patient: str | None = None


def read_given(files: Files, *, at: Moment | None, lexicon: Lexicon) -> Given:
    """Return the patient of a note, of a file of facts, or of a FHIR file.

    Raises:
        UserError: none of them is given, or several.
        InputError, RecordError: the file cannot be read.
    """
    note, facts = files.note, files.facts
    if sum(one is not None for one in (note, facts, files.fhir)) != 1:
        raise UserError(
            "Say who the patient is: --note, --facts or --fhir, one of them",
            next="For example: equipoise match --note note.txt, or - to read standard input.",
        )
    if note is not None:
        return given_text(read_text(note, too_long="No note is that long."), at=at, lexicon=lexicon)
    if files.fhir is not None:
        source = sys.stdin.buffer if str(files.fhir) == "-" else files.fhir
        return given_fhir(source, at=at, number=files.patient)
    assert facts is not None
    tree = _tree(facts)
    if at is None and isinstance(tree, dict) and isinstance(tree.get("at"), str):
        at = stated_moment(tree["at"], source_name(facts))
    patient = tree.get("patient", tree) if isinstance(tree, dict) else tree
    return given_facts(patient, at=at, where=source_name(facts))


def given_facts(tree: object, *, at: Moment | None, where: str) -> Given:
    """
    Return the patient of facts as JSON.

    Raises:
        RecordError: they are none.
    """
    patient = read_patient(tree, where=where)
    return Given(patient, seen_at(patient, at))


def seen_at(patient: Patient, at: Moment | None) -> Moment:
    """Return when a patient is seen: at the moment given, else when the record was last written in."""
    return at or patient.last_entry or TIME_ZERO


def given_text(text: str, *, at: Moment | None, lexicon: Lexicon) -> Given:
    """
    Return the patient of a note.

    Raises:
        InputError: it is longer than any note about one patient; to read it would take minutes.
    """
    if len(text) > LONGEST_NOTE:
        problem = f"The note has {len(text):,} characters; at most {LONGEST_NOTE:,} are read"
        raise InputError(problem, next="Send the parts that tell of the patient today.")
    read = read_note(text, at=at, lexicon=lexicon)
    return Given(read.patient, read.at, text)


_ONE_OF = "Choose one with --patient, by the id of its Patient resource."


def given_fhir(
    source: Path | BinaryIO, *, at: Moment | None, number: str | None = None, several: str = _ONE_OF
) -> Given:
    """
    Return one patient of FHIR resources; without a moment they are seen when the record was last written in.

    *several* is what to do where there are several patients.

    Raises:
        InputError: it is no FHIR R4, or holds several patients of which none is chosen, or not the one that is.
    """
    from equipoise.sources.fhir import read_fhir

    reading = read_fhir(source)
    found = [one for one in reading if number is None or one.id == number]
    if len(found) != 1:
        problem = f"There are {len(found):,} patients in it" if found else "There is no such patient in it"
        where = "standard input" if not isinstance(source, Path) else str(source)
        raise InputError(problem, where=where, next=several)
    (one,) = found
    return Given(one.patient, seen_at(one.patient, at), report=tuple(str(one.report + reading.rest).splitlines()))


def _tree(path: Path) -> Any:
    with opened(path) as file:
        data = file.read(LARGEST_PIECE + 1)
    if len(data) > LARGEST_PIECE:
        raise InputError(f"The file has more than {LARGEST_PIECE // MIB} MiB", where=source_name(path), next=_FACTS)
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"This is no JSON: {error}", where=source_name(path), next=_FACTS) from None
