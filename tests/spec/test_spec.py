"""Each row of each table holds on the reference evaluator."""

from __future__ import annotations

import pytest

from equipoise.records.moments import Moment
from equipoise.records.patient import FACT_KINDS, patient_json, read_patient
from equipoise.rules.evaluate import evaluate
from equipoise.rules.nodes import KINDS, OPS, Predicate, leaves
from spec.chapters import TABLES
from spec.tables import ANSWERS, Row, Table

ROWS = [(table, row) for table in TABLES for row in table.rows]


@pytest.mark.parametrize(("table", "row"), ROWS, ids=[f"{table.title}: {row.record}" for table, row in ROWS])
def test_the_table_holds(table: Table, row: Row) -> None:
    """A record gives the answer that the table states, says what would settle an unknown, and names its evidence."""
    patient = row.patient
    answer = evaluate(table.rule, patient, at=Moment(table.at))
    assert answer.holds is ANSWERS[row.answer]
    assert row.starts in (None, answer.true_from or "")
    assert row.ends in (None, answer.true_until or "")
    assert bool(answer.settle) is (answer.holds is None)
    assert set(answer.evidence) <= {fact.id for fact in patient.facts}
    if answer.holds is not None and not patient.complete:
        assert answer.evidence
    assert read_patient(patient_json(patient)) == patient


def test_every_kind_and_comparison_has_a_table() -> None:
    """No kind of predicate, comparison or assertion goes without a row."""
    rules = [leaf for table in TABLES for leaf in leaves(table.rule) if isinstance(leaf, Predicate)]
    assert {rule.kind for rule in rules} == set(KINDS) == set(FACT_KINDS)
    assert {rule.op for rule in rules} == set(OPS)
    asserted = {fact.assertion for _, row in ROWS for fact in row.patient.facts}
    assert asserted == {"present", "absent", "possible", "planned", "pending", "family", "historical"}
