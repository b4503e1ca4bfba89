"""
The questions about clinical trials that every plain view answers; the server's owner can write others.

``question = "## " words``, then paragraphs of CommonMark up to the next. A file of the owner is ``faq.md`` in the
library's folder, or the one that ``EQUIPOISE_FAQ`` names. One that cannot be used is told about, and ours are shown.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import msgspec

from equipoise.app.files import read_text
from equipoise.errors import InputError

ENVIRONMENT = "EQUIPOISE_FAQ"
NAME = "faq.md"
MOST_LETTERS = 100_000
MOST_QUESTIONS = 50

_SHORT = "Keep the answers short."
_QUESTION = re.compile(r"^##[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)


class Question(msgspec.Struct, frozen=True):
    """A question, and its answer as CommonMark."""

    words: str
    answer: str


class Faq(msgspec.Struct, frozen=True):
    """The questions that are shown; ``problem`` says why they are ours where the owner's file cannot be used."""

    questions: tuple[Question, ...]
    problem: str = ""


def faq_file(folder: Path) -> Path:
    """Return where the owner's file would be for the library in *folder*."""
    named = os.environ.get(ENVIRONMENT, "").strip()
    return Path(named) if named else folder / NAME


def parse_faq(text: str) -> tuple[Question, ...]:
    """Return the questions of a file; what stands before the first is a note of its writer.

    >>> parse_faq("## What is a trial?\\n\\nResearch with people.\\n")
    (Question(words='What is a trial?', answer='Research with people.'),)

    Raises:
        InputError: there is no question, a question has no answer, or there are too many.
    """
    heads = list(_QUESTION.finditer(text))
    if not heads:
        raise InputError("There is no question in the file", next="Begin each question with ## at the start of a line.")
    if len(heads) > MOST_QUESTIONS:
        raise InputError(f"There are more than {MOST_QUESTIONS} questions", next="Keep those that people ask most.")
    ends = [one.start() for one in heads[1:]] + [len(text)]
    found = tuple(Question(one[1], text[one.end() : end].strip()) for one, end in zip(heads, ends, strict=True))
    for place, one in enumerate(found, 1):
        if not one.answer:
            raise InputError(
                f"Question {place} has no answer", next="Write the answer below the line with the question."
            )
    return found


def read_faq(path: Path) -> tuple[Question, ...]:
    """Return the questions of a file.

    Raises:
        InputError: it cannot be read, is too long, is not UTF-8, or has no questions.
    """
    text = read_text(path, too_long=_SHORT).replace("\r\n", "\n")
    if len(text) > MOST_LETTERS:
        raise InputError(f"The questions have more than {MOST_LETTERS:,} letters", next=_SHORT)
    return parse_faq(text)


@lru_cache(maxsize=1)
def default_faq() -> tuple[Question, ...]:
    """Return our own questions."""
    return parse_faq(files("equipoise.app").joinpath(NAME).read_text("utf-8"))


@lru_cache(maxsize=4)
def _kept(path: Path, _changed: int, _size: int) -> Faq:
    try:
        return Faq(read_faq(path))
    except InputError as error:
        return Faq(default_faq(), f"{path.name}: {error.problem}. {error.next}")


def shown_faq(folder: Path) -> Faq:
    """Return the questions to show for the library in *folder*: the owner's where they can be used, else ours.

    A file that has changed is read again.
    """
    path = faq_file(folder)
    try:
        found = path.stat()
    except FileNotFoundError:
        if not os.environ.get(ENVIRONMENT, "").strip():
            return Faq(default_faq())
        return Faq(default_faq(), f"{path.name}: there is no such file. Make it, or unset {ENVIRONMENT}.")
    except OSError:
        return _kept(path, 0, 0)
    return _kept(path, found.st_mtime_ns, found.st_size)
