"""The figures of matching: how they are counted, and what a broken file says."""

from __future__ import annotations

import json

import pytest

from equipoise.app.bench import Judged, measure_verdicts, ndcg, read_grades, verdict_figures
from equipoise.errors import InputError
from equipoise.terms.lexicon import lexicon

NOTE = "0. A 64-year-old woman with asthma.\n1. No diabetes."


def line(side: str, text: str, said: str, sentences: list[int]) -> str:
    """Return an expert's verdict as a line."""
    row = {"note": NOTE, "criterion_type": side, "criterion_text": text, "expert_eligibility": said}
    return json.dumps(row | {"expert_sentences": sentences})


def test_answers_are_held_against_experts(tmp_path) -> None:
    """Spoken rows count by what is answered, all rows by what is presumed; what does not apply is left out."""
    path = tmp_path / "verdicts.jsonl"
    rows = [
        line("inclusion", "Age ≥ 18 years", "included", [0]),
        line("exclusion", "Diabetes", "not excluded", [1]),
        line("exclusion", "Asthma", "excluded", [0]),
        line("exclusion", "Epilepsy", "not excluded", []),
        line("exclusion", "Pregnancy", "not applicable", []),
    ]
    path.write_text("\n".join(rows), "utf-8")
    found = measure_verdicts(path, lexicon())
    assert (found.rows, found.spoken_rows, found.spoken, found.presumed) == (4, 3, 1.0, 1.0)
    assert (found.unsafe, found.kept_out_found, found.kept_out) == (0, 1, 1)


def test_the_reverse_of_an_expert_is_unsafe() -> None:
    """Met for not met is counted as unsafe; unknown is not."""
    rows = [Judged("not met", True, "met", "met"), Judged("met", True, "unknown", "unknown")]
    assert verdict_figures(rows).unsafe == 1


def test_an_ideal_order_has_all_of_the_gain() -> None:
    """The best order has 1, the worst of three less, and no relevant study none."""
    grades = {"a": 2, "b": 1, "c": 0}
    assert ndcg(["a", "b", "c"], grades) == 1.0
    assert ndcg(["c", "b", "a"], grades) < 1.0
    assert ndcg(["a"], {"a": 0}) == 0.0


def test_broken_files_say_where(tmp_path) -> None:
    """A line that is no verdict or judgement is named."""
    path = tmp_path / "broken"
    path.write_text('{"note": 1}\n', "utf-8")
    with pytest.raises(InputError, match="Expected `str`"):
        measure_verdicts(path, lexicon())
    path.write_text("topic\tstudy\tgrade\n1\tNCT99000001\thigh\n", "utf-8")
    with pytest.raises(InputError, match="line 2"):
        read_grades(path)
