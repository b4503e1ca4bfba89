"""
Golden lines: which results and times a phrase of a note states. One file a family; a clinician can check each line.

A line is ``phrase => facts``, the facts parted by `` | ``, or ``nothing``. ``# at MOMENT`` says when the notes below
it are written, ``# at its own time`` that nobody said; ``##`` opens a comment. A fact is written as below; a
condition, drug or procedure is listed only where it has a time. ``↵`` is a line end::

    name = value unit (low to high) [qualifier] on WHEN until WHEN
    onset: name on WHEN
    lasts: name = 5 d
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from equipoise.notes.reader import read_note
from equipoise.records.moments import Moment
from equipoise.records.patient import Fact
from equipoise.rules.names import SINCE

HERE = Path(__file__).parent
FAMILIES = ("changes", "dates", "durations", "events", "labs", "levels", "no_results", "relative", "vitals", "words")


class Line(NamedTuple):
    """A phrase of a note written at a moment, and what it must read as."""

    at: Moment | None
    text: str
    expected: str


def read_lines(family: str) -> Iterator[Line]:
    """Yield the golden lines of a family."""
    at: Moment | None = None
    for number, line in enumerate((HERE / f"{family}.txt").read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("# at "):
            said = line.removeprefix("# at ").strip()
            at = None if said == "its own time" else Moment(said)
        elif line.strip() and not line.startswith("##"):
            text, arrow, expected = line.rpartition(" => ")
            if not arrow:
                raise ValueError(f"{family}.txt, line {number}: write 'phrase => facts'")
            yield Line(at, text.strip().replace(" ↵ ", "\n"), expected.strip())


def said(fact: Fact) -> str:
    """Return a fact as a golden line writes it."""
    words = [{"event_time": "onset: ", "duration": "lasts: "}.get(fact.kind, "") + fact.name]
    if fact.value is not None:
        words.append(f"= {fact.value}{'' if fact.unit is None else ' ' + fact.unit}")
    if fact.range is not None:
        low, high = fact.range
        words.append(f"({'' if low is None else low} to {'' if high is None else high})".replace("( to", "(to"))
    if fact.qualifier:
        words.append(f"[{fact.qualifier[0]}]")
    words += [f"on {fact.when}"] if fact.when else []
    words += [f"until {fact.until}"] if fact.until else []
    return " ".join(words)


def shown(fact: Fact) -> bool:
    """Return whether a fact is a result or has a time; that there was none since an event is tested apart."""
    if SINCE in fact.qualifier:
        return False
    return fact.kind in ("measurement", "event_time", "duration") or fact.when is not None or fact.until is not None


LINES = [pytest.param(line, id=f"{family}: {line.text}") for family in FAMILIES for line in read_lines(family)]


@pytest.mark.parametrize("line", LINES)
def test_a_phrase_states_its_results_and_times(line: Line) -> None:
    """Exactly these results, events, lengths and dated facts are read, whatever their order."""
    facts = [said(fact) for fact in read_note(line.text, at=line.at).patient.facts if shown(fact)]
    expected = [] if line.expected == "nothing" else line.expected.split(" | ")
    assert sorted(facts) == sorted(expected)


def test_there_are_enough_lines() -> None:
    """Each family has its lines: a file that is lost would pass in silence."""
    assert len(LINES) >= 130
    assert {path.stem for path in HERE.glob("*.txt")} >= set(FAMILIES)
