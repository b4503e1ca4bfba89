"""The command ``criteria``: what the compiler reads in an eligibility text."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec

from equipoise.app.files import json_lines, read_text
from equipoise.app.terminal import quiet_pipe
from equipoise.criteria.compile import compile_criteria
from equipoise.criteria.records import COMPILER, Criterion, Side
from equipoise.errors import UserError
from equipoise.store.editions import Folder, library_folder
from equipoise.store.vocabularies import library_lexicon
from equipoise.terms.lexicon import Lexicon

_EXAMPLE = 'A line is an object: {"id": "1", "text": "Age ≥ 18 years", "section": "inclusion"}.'


class Question(msgspec.Struct, frozen=True):
    """A line of ``--jsonl``; a *section* means that the text has no headers and is all of that side."""

    id: str | int | None
    text: str
    section: Side | None = None


class Answer(msgspec.Struct, frozen=True):
    """What a text compiles to, as the line that answers a question."""

    id: str | int | None
    study: str | None
    compiler: str
    criteria: list[dict[str, Any]]


class StudyAnswer(msgspec.Struct, frozen=True):
    """What a study's criteria compile to, as ``--format json`` prints it."""

    study: str | None
    compiler: str
    criteria: list[dict[str, Any]]


def answer_for(study: str | None, criteria: list[Criterion]) -> StudyAnswer:
    """Return compiled criteria as programs get them."""
    return StudyAnswer(study, COMPILER, [one.to_json() for one in criteria])


def run_lines(path: Path, lexicon: Lexicon) -> None:
    """Answer each line with a line, in order, as soon as it is read.

    Raises:
        InputError: a line is no question; those before it are answered.
    """
    encoder = msgspec.json.Encoder()
    write, flush = sys.stdout.buffer.write, sys.stdout.buffer.flush
    with quiet_pipe():
        for _, asked in json_lines(path, Question, example=_EXAMPLE):
            criteria = compile_criteria(asked.text, section=asked.section, lexicon=lexicon)
            answer = Answer(asked.id, None, COMPILER, [one.to_json() for one in criteria])
            write(encoder.encode(answer) + b"\n")
            flush()


def _lexicon(library: Path | None) -> Lexicon:
    """Return the lexicon of a library, which need not be there yet."""
    return library_lexicon(Folder(library_folder(library)))


def run_criteria(
    number: str | None,
    *,
    text: Path | None,
    jsonl: Path | None,
    coverage: bool,
    section: Side | None,
    library: Path | None,
    as_json: bool,
) -> None:
    """Do what was asked: one study, one text, texts line by line, or the coverage of a library."""
    chosen = [one for one in (number, text, jsonl, coverage or None) if one is not None]
    if len(chosen) != 1:
        raise UserError(
            "Say what to compile: a study, --text, --jsonl or --coverage" if not chosen else "Name one of these only",
            next="For example: equipoise criteria NCT01234567, or equipoise criteria --text criteria.txt",
        )
    if jsonl is not None:
        run_lines(jsonl, _lexicon(library))
        return
    if coverage:
        from equipoise.app.cli_coverage import run_coverage

        run_coverage(library, as_json=as_json)
        return
    from equipoise.app.criteria_print import print_criteria, read_study_criteria

    if text is not None:
        written = read_text(text)
        criteria = compile_criteria(written, section=section, lexicon=_lexicon(library))
        print_criteria(None, written, criteria, as_json=as_json, section=section)
    else:
        assert number is not None
        study, written, criteria = read_study_criteria(number, library)
        print_criteria(study, written, criteria, as_json=as_json)
