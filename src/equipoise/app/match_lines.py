"""``match --jsonl``: a patient and criteria a line, an answer a line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec

from equipoise.app.files import json_lines
from equipoise.app.match_input import Given, given_facts, given_text, stated_moment
from equipoise.app.terminal import quiet_pipe
from equipoise.criteria.compile import compile_criteria
from equipoise.criteria.records import Side
from equipoise.errors import InputError
from equipoise.matching.match import joined, judge, see
from equipoise.matching.verdicts import Asked, CriterionVerdict, criterion_json
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


def given_of(asked: Question, lexicon: Lexicon, where: str) -> Given:
    """Return the patient of a line and the moment at which they are seen.

    Raises:
        InputError: there is no patient, or more than one, or the moment is none.
    """
    if (asked.note is None) is (asked.facts is None):
        raise InputError("A line has either a note or facts", where=where, next=_EXAMPLE)
    at = stated_moment(asked.at, where)
    if asked.note is not None:
        return given_text(asked.note, at=at, lexicon=lexicon)
    return given_facts({"facts": asked.facts, "complete": asked.complete}, at=at, where=where)


def answer_text(asked: AskedText, seen: Seen, lexicon: Lexicon) -> CriterionVerdict:
    """Return the one verdict on a text, whatever number of criteria it holds."""
    compiled = compile_criteria(asked.text, section=asked.section, lexicon=lexicon)
    top = [one for one in compiled if one.parent is None]
    verdicts = [judge(Asked(one.id, one.section, one.rule, one.text), seen) for one in top]
    return joined("", verdicts) if verdicts else CriterionVerdict(id="", answer="unknown")


def run_match_lines(path: Path, lexicon: Lexicon) -> None:
    """Answer each line with a line, in order, as soon as it is read.

    Raises:
        InputError: a line is no question; those before it are answered.
    """
    encoder = msgspec.json.Encoder()
    write, flush = sys.stdout.buffer.write, sys.stdout.buffer.flush
    with quiet_pipe():
        for where, asked in json_lines(path, Question, example=_EXAMPLE):
            given = given_of(asked, lexicon, where)
            seen = see(given.patient, given.at, lexicon)
            # The id is the sender's: a number stays a number.
            answers = [criterion_json(answer_text(one, seen, lexicon)) | {"id": one.id} for one in asked.criteria]
            write(encoder.encode(LineAnswer(asked.id, answers)) + b"\n")
            flush()
