"""``match --jsonl``: a patient and criteria a line, an answer a line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec

from equipoise.app.cli_criteria import opened, source_name
from equipoise.app.terminal import quiet_pipe
from equipoise.criteria.compile import compile_criteria
from equipoise.criteria.records import Side
from equipoise.errors import InputError
from equipoise.intake.limits import LARGEST_PIECE, MIB
from equipoise.matching.match import joined, judge, see
from equipoise.matching.verdicts import Asked, CriterionVerdict, criterion_json
from equipoise.notes.reader import TIME_ZERO, read_note
from equipoise.records.moments import Moment
from equipoise.records.patient import Patient, read_patient
from equipoise.rules.seen import Seen
from equipoise.terms.lexicon import Lexicon

_EXAMPLE = (
    'A line is an object: {"id": "1", "note": "A 64-year-old man with asthma.", "at": null, '
    '"criteria": [{"id": "c1", "text": "Age ≥ 18 years", "section": "inclusion"}]}.'
)


class AskedText(msgspec.Struct, frozen=True):
    """A criterion as it is sent; without a section its text has headings."""

    id: str | int | None
    text: str
    section: Side | None = None


class Question(msgspec.Struct, frozen=True):
    """A line: a patient as a note or as facts, the moment, and the criteria."""

    id: str | int | None
    criteria: list[AskedText]
    note: str | None = None
    facts: list[Any] | None = None
    complete: list[str] = []
    at: str | None = None


class LineAnswer(msgspec.Struct, frozen=True):
    """The answer to a line: one verdict for each criterion sent, in order."""

    id: str | int | None
    criteria: list[dict[str, Any]]


def patient_of(asked: Question, lexicon: Lexicon, where: str) -> tuple[Patient, Moment]:
    """Return the patient of a line and the moment at which they are seen.

    Raises:
        InputError: there is no patient, or more than one, or the moment is none.
    """
    if (asked.note is None) is (asked.facts is None):
        raise InputError("A line has either a note or facts", where=where, next=_EXAMPLE)
    try:
        at = None if asked.at is None else Moment(asked.at)
    except ValueError as error:
        raise InputError(f'"at" is no moment: {error}', where=where, next='Or write "at": null.') from None
    if asked.note is not None:
        note = read_note(asked.note, at=at, lexicon=lexicon)
        return note.patient, note.at
    patient = read_patient({"facts": asked.facts, "complete": asked.complete}, where=where)
    return patient, at or patient.last_entry or TIME_ZERO


def answer_text(asked: AskedText, seen: Seen, lexicon: Lexicon) -> dict[str, Any]:
    """Return the one verdict on a text, whatever number of criteria it holds."""
    compiled = compile_criteria(asked.text, section=asked.section, lexicon=lexicon)
    top = [one for one in compiled if one.parent is None]
    verdicts = [judge(Asked(one.id, one.section, one.rule, one.text), seen) for one in top]
    verdict = joined("", verdicts) if verdicts else CriterionVerdict(id="", answer="unknown")
    return criterion_json(verdict) | {"id": asked.id}


def run_match_lines(path: Path, lexicon: Lexicon) -> None:
    """Answer each line with a line, in order, as soon as it is read.

    Raises:
        InputError: a line is no question; those before it are answered.
    """
    decoder, encoder = msgspec.json.Decoder(Question), msgspec.json.Encoder()
    write, flush = sys.stdout.buffer.write, sys.stdout.buffer.flush
    with opened(path) as file, quiet_pipe():
        for number, line in enumerate(iter(lambda: file.readline(LARGEST_PIECE + 1), b""), start=1):
            if not line.strip():
                continue
            where = f"{source_name(path)}, line {number:,}"
            asked = _question(decoder, line.removeprefix(b"\xef\xbb\xbf"), where)
            patient, at = patient_of(asked, lexicon, where)
            seen = see(patient, at, lexicon)
            write(encoder.encode(LineAnswer(asked.id, [answer_text(one, seen, lexicon) for one in asked.criteria])))
            write(b"\n")
            flush()


def _question(decoder: msgspec.json.Decoder[Question], line: bytes, where: str) -> Question:
    if len(line) > LARGEST_PIECE:
        raise InputError(f"The line has more than {LARGEST_PIECE // MIB} MiB", where=where, next=_EXAMPLE)
    try:
        return decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        # The message names the place in the line and the type there, and never a value.
        raise InputError(str(error), where=where, next=_EXAMPLE) from None
