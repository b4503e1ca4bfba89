"""Matching makes none of the faults that matchers make: each row states the whole verdict."""

from __future__ import annotations

import pytest

from equipoise.app.match_lines import AskedText, answer_text
from equipoise.matching.match import see
from equipoise.matching.verdicts import criterion_json
from equipoise.records.moments import Moment
from equipoise.terms.lexicon import lexicon
from spec.faults import FaultRow
from spec.faults_limits import LIMITS
from spec.faults_logic import LOGIC
from spec.faults_reach import REACH
from spec.faults_records import RECORDS
from spec.tables import read_record

ROWS = [*RECORDS, *LIMITS, *LOGIC, *REACH]
SIDES = {"I": "inclusion", "E": "exclusion"}
# What the text's own truth is, by side and answer.
HOLDS = {("I", "met"): True, ("I", "not met"): False, ("E", "met"): False, ("E", "not met"): True}


def _name(row: FaultRow) -> str:
    return f"{row.cells['criterion']} < {row.cells['record'] or 'nothing'}"


@pytest.mark.parametrize("row", ROWS, ids=_name)
def test_a_fault_of_matchers_is_not_made(row: FaultRow) -> None:
    """The verdict on a criterion is the one that the table states, whole."""
    cells = row.cells
    words = lexicon()
    text = cells["criterion"].replace("\\n", "\n")
    asked = AskedText("c", text, SIDES[cells["side"]])  # type: ignore[arg-type]
    found = criterion_json(answer_text(asked, see(read_record(cells["record"]), Moment(row.at), words), words))
    assert {
        "answer": found["answer"],
        "holds": found["holds"],
        "evidence": ", ".join(found["evidence"]),
        "presumed": found["presumed"] or "",
        "from": found.get("eligible_from", ""),
        "closes": found.get("closes_at", ""),
    } == {
        "answer": cells["answer"],
        "holds": HOLDS.get((cells["side"], cells["answer"])),
        "evidence": cells["evidence"],
        "presumed": cells["presumed"],
        "from": cells["from"],
        "closes": cells["closes"],
    }, found["settle"]
    settle = found["settle"] or ""
    assert bool(settle) is (cells["answer"] in ("unknown", "administrative"))
    assert cells["settle"].lower() in settle.lower()
