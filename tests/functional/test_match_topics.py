"""`equipoise match --topics`: a patient a line in, a TREC run file out; mistakes are answered."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from equipoise.app.cli import app
from equipoise.app.match_topics import Topic, topic_text
from equipoise.errors import InputError, UserError


@pytest.fixture
def rank(demonstration, tmp_path):
    """Rank the demonstration library for topics, and return the columns of the run."""

    def ranking(*topics: object, top: int = 5) -> list[list[str]]:
        lines, run = tmp_path / "topics.jsonl", tmp_path / "run.txt"
        lines.write_text("".join(one if isinstance(one, str) else json.dumps(one) + "\n" for one in topics), "utf-8")
        arguments = ["match", "--topics", str(lines), "--run", str(run), "--top", str(top)]
        result = CliRunner().invoke(app, [*arguments, "--library", str(demonstration.folder.path)])
        if result.exception:
            raise result.exception
        return [line.split(" ") for line in run.read_text("utf-8").splitlines()]

    return ranking


def test_a_run_has_six_columns_and_falling_scores(rank) -> None:
    """Each topic has at most so many studies, each once, with ranks from 1 and scores that fall with them."""
    found = rank(
        {"id": "a", "text": "A 64-year-old woman with asthma."}, {"id": 7, "text": "A man with a stroke.", "x": 1}
    )
    assert {line[0] for line in found} == {"a", "7"} and all(len(line) == 6 and line[1] == "Q0" for line in found)
    for topic in ("a", "7"):
        lines = [line for line in found if line[0] == topic]
        assert [int(line[3]) for line in lines] == list(range(1, len(lines) + 1)) and 0 < len(lines) <= 5
        scores = [float(line[4]) for line in lines]
        assert all(one > two for one, two in pairwise(scores))
        assert len({line[2] for line in lines}) == len(lines)


def test_fields_are_a_text_by_their_names(rank) -> None:
    """Fields rank as a text does; what is not stated is left out, and what is denied is said so."""
    fields = {"smoker": "no", "age": 64, "diagnosis": "asthma", "weight": None, "insured": "yes"}
    assert topic_text(Topic("1", fields=fields)) == "diagnosis: asthma.\nNo smoker.\nage: 64.\ninsured."
    assert rank({"id": "1", "fields": fields})[0][2].startswith("NCT99")


def test_the_run_is_the_same_each_time(rank) -> None:
    """The same topics give the same file."""
    topic = {"id": "1", "text": "A 64-year-old woman with asthma and hypertension."}
    assert rank(topic) == rank(topic)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ({"id": "1"}, "A topic has either a text or fields"),
        ({"id": "1", "text": "x", "fields": {}}, "A topic has either a text or fields"),
        ({"id": "a b", "text": "x"}, "A topic's id is a word: a run file has blanks between its columns"),
        ("{nonsense\n", "JSON is malformed"),
    ],
)
def test_a_line_that_is_no_topic_is_named(rank, line, problem: str) -> None:
    """The message names the line, and nothing is written."""
    with pytest.raises(InputError, match=problem) as raised:
        rank({"id": "0", "text": "asthma"}, line)
    assert "line 2" in str(raised.value)


def test_ids_are_told_apart(rank) -> None:
    """Two topics with the same id would be one in the run."""
    with pytest.raises(InputError, match="Two topics have the same id"):
        rank({"id": "1", "text": "asthma"}, {"id": 1, "text": "gout"})


def test_a_run_needs_a_file(tmp_path: Path) -> None:
    """Without a file to write to the command says what to add."""
    topics = tmp_path / "topics.jsonl"
    topics.write_text("", "utf-8")
    result = CliRunner().invoke(app, ["match", "--topics", str(topics)])
    assert isinstance(result.exception, UserError) and "--run FILE" in str(result.exception)
