"""``match --topics``: a patient a line, the whole library ranked for each, a TREC run file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from equipoise.app.files import json_lines
from equipoise.app.progress import watched
from equipoise.errors import InputError, OutputError, UserError
from equipoise.find.compiled import lexicon_of
from equipoise.find.ranking import rank_studies
from equipoise.intake.opening import open_library
from equipoise.matching.match import see
from equipoise.notes.reader import read_note
from equipoise.store.library import Library

_EXAMPLE = (
    'A line is an object: {"id": "1", "text": "A 64-year-old man with asthma."}, or "fields": {"diagnosis": "asthma"}.'
)
_TAG = "equipoise"
# What a record's fields are called that say what it is about; they are read first, as the first words of a note are.
_ABOUT = re.compile(r"complain|diagnos|condition|disease|problem|reason|title|summary|description", re.IGNORECASE)
_NO = frozenset(("no", "none", "absent", "negative", "false"))
_YES = frozenset(("yes", "present", "true"))


class Topic(msgspec.Struct, frozen=True):
    """A line: a patient as a text, or as texts by the names of fields."""

    id: str | int
    text: str | None = None
    fields: dict[str, str | int | float | bool | None] | None = None


def topic_text(topic: Topic) -> str:
    """
    Return a topic as one text; of fields those that say what it is about come first.

    >>> topic_text(Topic("1", fields={"smoker": "no", "age": 64, "diagnosis": "asthma", "weight": None}))
    'diagnosis: asthma.\\nNo smoker.\\nage: 64.'
    """
    if topic.text is not None:
        return topic.text
    stated = [(name, str(value).strip()) for name, value in (topic.fields or {}).items() if value is not None]
    stated.sort(key=lambda one: _ABOUT.search(one[0]) is None)
    return "\n".join(_line(name.strip(), value) for name, value in stated if value)


def _line(name: str, value: str) -> str:
    if value.lower() in _NO:
        return f"No {name}."
    return f"{name}." if value.lower() in _YES else f"{name}: {value.rstrip('.')}."


def run_topics(topics: Path, run: Path | None, *, top: int, library: Path | None) -> None:
    """
    Rank the library for each topic and write the run file.

    Raises:
        UserError: it is not said where the run is written.
        InputError: a line is no topic; nothing is written.
        OutputError: the run file cannot be written.
    """
    if run is None:
        raise UserError(
            "Say where the run is to be written: --run FILE",
            next="For example: equipoise match --topics topics.jsonl --run run.txt --top 1000",
        )
    read = read_topics(topics)
    found = open_library(library)
    try:
        with run.open("w", encoding="utf-8", newline="\n") as file, watched("Topics") as watch:
            for done, topic in enumerate(read):
                watch(done, len(read))
                file.writelines(f"{line}\n" for line in rank_topic(found, topic, top=top))
    except OSError as error:
        why = error.strerror or str(error)
        raise OutputError(f"It cannot be written ({why})", where=str(run), next="Choose another place.") from None


def read_topics(path: Path) -> list[Topic]:
    """
    Return the topics of a file, a line each.

    Raises:
        InputError: a line is none, or two have the same id.
    """
    seen: set[str] = set()
    topics = []
    for where, topic in json_lines(path, Topic, example=_EXAMPLE):
        _check(topic, where)
        if str(topic.id) in seen:
            raise InputError("Two topics have the same id", where=where, next="Give each line an id of its own.")
        seen.add(str(topic.id))
        topics.append(topic)
    return topics


def _check(topic: Topic, where: str) -> None:
    if (topic.text is None) is (topic.fields is None):
        raise InputError("A topic has either a text or fields", where=where, next=_EXAMPLE)
    if not str(topic.id) or re.search(r"\s", str(topic.id)):
        problem = "A topic's id is a word: a run file has blanks between its columns"
        raise InputError(problem, where=where, next=_EXAMPLE)


def rank_topic(library: Library, topic: Topic, *, top: int) -> Iterator[str]:
    """Yield the lines of the run file for one topic: topic, Q0, study, rank, score, tag."""
    text, lexicon = topic_text(topic), lexicon_of(library)
    note = read_note(text, lexicon=lexicon)
    ranking = rank_studies(library, note.patient, see(note.patient, note.at, lexicon), note=text, limit=top)
    for rank, row in enumerate(ranking.rows.tolist(), start=1):
        # The score repeats the rank: two signals made the order, and no one number of theirs falls with it.
        yield f"{topic.id} Q0 {library.columns.number(row)} {rank} {top + 1 - rank} {_TAG}"
