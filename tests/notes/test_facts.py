"""
Golden lines: which facts a phrase of a note states. One file a family; a clinician can check each line.

A line is ``phrase => facts``, the facts parted by ``; `` in the order of the text, or ``nothing``. ``##`` opens a
comment; in a phrase, ``↵`` is a line end. A fact is written as on the page of the rules::

    condition asthma [severe, ongoing]     no drug warfarin     past procedure mastectomy     variant EGFR {L858R}

Ages, sexes and races are listed in the family ``people`` alone, so that other families may write "he" and "she".
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from equipoise.notes.reader import read_note
from equipoise.records.patient import Fact
from equipoise.terms.tables import read_table

HERE = Path(__file__).parent
FAMILIES = (
    *("people", "denials", "doubts", "pasts", "relatives", "topics", "drugs", "allergies", "variants", "lines"),
    *("pregnancy", "habits", "sections", "defined", "stated", "together"),
    *("whose", "over", "forms", "tocome", "doubtful"),
)
CLASSES = tuple(row["name"] for row in read_table("past_denials") if row["said"] != "now")
SUDDEN = tuple(row["name"] for row in read_table("past_denials") if row["said"] == "now")
_SAID = {"present": "", "absent": "no ", "historical": "past "}


class Line(NamedTuple):
    """A phrase of a note, and the facts that it states."""

    family: str
    text: str
    expected: str


def read_lines(family: str) -> Iterator[Line]:
    """Yield the golden lines of a family.

    Raises:
        ValueError: a line is not of the form.
    """
    for number, line in enumerate((HERE / f"{family}.txt").read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("##"):
            text, arrow, expected = line.rpartition(" => ")
            if not arrow:
                raise ValueError(f"{family}.txt, line {number}: write 'phrase => facts'")
            yield Line(family, text.strip().replace(" ↵ ", "\n"), expected.strip())


def said(fact: Fact) -> str:
    """Return a fact as a golden line writes it."""
    words = f"{_SAID.get(fact.assertion, fact.assertion + ' ')}{fact.kind} {fact.name}".strip()
    words += "" if fact.value is None else f" = {fact.value}{'' if fact.unit is None else ' ' + fact.unit}"
    words += f" [{', '.join(fact.qualifier)}]" if fact.qualifier else ""
    return words + (f" {{{fact.alteration}}}" if fact.alteration else "")


def listed(line: Line) -> list[Fact]:
    """Return the facts of a line, people and numbers only where they are its family."""
    facts = read_note(line.text).patient.facts
    if line.family == "people":
        return [one for one in facts if one.kind == "demographic"]
    shown = [one for one in facts if one.kind not in ("demographic", "measurement", "event_time", "duration")]
    whole = {one.source.span for one in shown if one.source and is_of_a_whole_past(one)}
    kept = [one for one in shown if not is_of_a_whole_past(one)]
    return [one for one in kept if one.name not in SUDDEN or one.source is None or one.source.span not in whole]


def is_of_a_whole_past(fact: Fact) -> bool:
    """Return whether a fact denies a class because the past is told whole, or all health: tested apart."""
    if fact.name == "healthy" and fact.assertion == "absent":
        return True
    named = fact.name in CLASSES and fact.assertion == "absent"
    return named and fact.qualifier in (("history",), ("history", "significant"))


LINES = [pytest.param(line, id=f"{family}: {line.text}") for family in FAMILIES for line in read_lines(family)]


@pytest.mark.parametrize("line", LINES)
def test_a_phrase_states_its_facts(line: Line) -> None:
    """Each fact with its assertion, and no other."""
    assert "; ".join(said(one) for one in listed(line)) == line.expected.replace("nothing", "")


@pytest.mark.parametrize("line", LINES)
def test_each_fact_has_the_words_that_state_it(line: Line) -> None:
    """A span lies in the note, and is not empty."""
    for fact in read_note(line.text).patient.facts:
        assert fact.source is not None
        assert fact.source.span is not None
        assert line.text[slice(*fact.source.span)].strip()


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_says_more_than_one_kind_of_thing(family: str) -> None:
    """No phrase stands twice in a file, and a file is five lines or more."""
    lines = list(read_lines(family))
    assert len({line.text for line in lines}) == len(lines) >= 5
    assert len({line.expected for line in lines}) > 1


@pytest.mark.parametrize("line", [*read_lines("whole_pasts")], ids=lambda line: line.text)
def test_a_whole_past_denies_all_but_what_may_be_new(line: Line) -> None:
    """A past that is told whole denies each class of disease, but those that the note leaves open."""
    denied = {one.name for one in read_note(line.text).patient.facts if is_of_a_whole_past(one)}
    left = [name for name in CLASSES if name not in denied]
    assert ("nothing is denied" if not denied else f"open: {', '.join(left) or 'none'}") == line.expected


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("A 40-year-old woman, otherwise healthy, with knee pain.", set(SUDDEN)),
        ("A 40-year-old woman, otherwise healthy, with vomiting.", set()),
        ("A 40-year-old woman, otherwise healthy, with dysarthria.", {"myocardial infarction"}),
        ("A 40-year-old woman with no past medical history, on aspirin.", set()),
    ],
)
def test_what_comes_at_once_is_denied_for_now_where_nothing_is_its_sign(text: str, denied: set[str]) -> None:
    """A whole past and no sign of an infarction or a stroke: there is none today, and was none."""
    facts = [one for one in read_note(text).patient.facts if one.name in SUDDEN]
    assert {one.name for one in facts} == denied
    assert all(one.assertion == "absent" for one in facts)
    assert sorted(one.qualifier for one in facts) == [*[()] * len(denied), *[("history",)] * len(denied)]


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("A 60-year-old man with type 2 diabetes.", True),
        ("He was brought to the ER and immediately hospitalized.", True),
        ("A man with breast cancer.", True),
        ("A man with acne.", False),
        ("A generally healthy woman with diabetes.", False),
        ("A man whose asthma required hospitalization in 2010.", False),
    ],
)
def test_who_has_a_disease_of_weight_is_not_healthy(text: str, *, denied: bool) -> None:
    """A stay in hospital now, or a disease with which nobody is healthy, denies health; small things do not."""
    facts = read_note(text).patient.facts
    assert any(one.name == "healthy" and one.assertion == "absent" for one in facts) is denied
