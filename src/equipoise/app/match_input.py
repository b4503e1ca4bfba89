"""The patient that the command line is given: a note, facts as JSON, or both kinds of FHIR file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from equipoise.app.cli_criteria import opened, read_text, source_name
from equipoise.errors import InputError, UserError
from equipoise.intake.limits import LARGEST_PIECE, MIB
from equipoise.notes.reader import TIME_ZERO, read_note
from equipoise.records.moments import Moment
from equipoise.records.patient import Patient, read_patient
from equipoise.terms.lexicon import Lexicon

_FACTS = 'A patient is {"facts": […], "complete": […]}; see docs/reference/rules.md for what a fact has.'


class Given(msgspec.Struct, frozen=True):
    """A patient, the moment at which they are seen, and the text of the note where one was given."""

    patient: Patient
    at: Moment
    note: str | None = None


def read_moment(text: str | None) -> Moment | None:
    """Return the moment that an option states.

    Raises:
        UserError: it is none.
    """
    try:
        return None if text is None else Moment(text)
    except ValueError as error:
        raise UserError(f"--at is no moment: {error}", next="For example: --at 2026-01-15T09:40+01:00") from None


def read_given(note: Path | None, facts: Path | None, *, at: Moment | None, lexicon: Lexicon) -> Given:
    """Return the patient of a note or of a file of facts.

    Raises:
        UserError: neither is given, or both.
        InputError, RecordError: the file cannot be read.
    """
    if (note is None) is (facts is None):
        raise UserError(
            "Say who the patient is: --note, --facts or --fhir, one of them",
            next="For example: equipoise match --note note.txt, or - to read standard input.",
        )
    if note is not None:
        return given_text(read_text(note), at=at, lexicon=lexicon)
    assert facts is not None
    tree = _tree(facts)
    stated = tree.get("at") if isinstance(tree, dict) else None
    seen = at or read_moment(stated if isinstance(stated, str) else None) or TIME_ZERO
    patient = tree.get("patient", tree) if isinstance(tree, dict) else tree
    return Given(read_patient(patient, where=source_name(facts)), seen)


def given_text(text: str, *, at: Moment | None, lexicon: Lexicon) -> Given:
    """Return the patient of a note."""
    read = read_note(text, at=at, lexicon=lexicon)
    return Given(read.patient, read.at, text)


def _tree(path: Path) -> Any:
    with opened(path) as file:
        data = file.read(LARGEST_PIECE + 1)
    if len(data) > LARGEST_PIECE:
        raise InputError(f"The file has more than {LARGEST_PIECE // MIB} MiB", where=source_name(path), next=_FACTS)
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"This is no JSON: {error}", where=source_name(path), next=_FACTS) from None
