"""`equipoise match`: a note or facts in, a table, JSON or a page out; lines in, lines out; mistakes answered."""

from __future__ import annotations

import json
import stat

import pytest
from typer.testing import CliRunner

from equipoise.app.cli import app
from equipoise.errors import UserError

NOTE = "A 64-year-old woman with asthma. No diabetes. Platelets 84 x10^9/L."


@pytest.fixture
def run(demonstration, tmp_path):
    """Run the command over the demonstration library, and return what it prints."""
    note = tmp_path / "note.txt"
    note.write_text(NOTE, "utf-8")

    def running(*arguments: str, given: str | None = None) -> str:
        folder = str(demonstration.folder.path)
        result = CliRunner().invoke(
            app, ["match", *arguments, "--library", folder], input=given, env={"COLUMNS": "200"}
        )
        if result.exception:
            raise result.exception
        return result.stdout

    running.note = str(note)
    return running


def test_a_note_gives_studies_and_questions(run) -> None:
    """The table has the facts, the studies, what would settle most, and the notice."""
    said = run("--note", run.note)
    assert "asthma" in said and "no diabetes" in said and "What would settle most" in said
    assert "never replaces it" in said


def test_json_goes_in_again(run, tmp_path) -> None:
    """The JSON of a match is a file of facts, and gives the same answers. The order is by the words of a note too."""
    first = run("--note", run.note, "--format", "json", "--limit", "500")
    (tmp_path / "match.json").write_text(first, "utf-8")
    again = run("--facts", str(tmp_path / "match.json"), "--format", "json", "--limit", "500")

    def answers(said: str) -> dict[str, list[dict[str, object]]]:
        return {one["study"]: one["criteria"] for one in json.loads(said)["studies"]}

    assert answers(again) == answers(first)
    assert json.loads(again)["patient"] == json.loads(first)["patient"]


def test_a_report_is_the_owners_alone(run, tmp_path) -> None:
    """A report is one page that loads nothing, and that nobody else on the machine may read."""
    target = tmp_path / "report.html"
    run("--note", run.note, "--report", str(target))
    page = target.read_text("utf-8")
    assert "http" not in page and "src=" not in page and "asthma" in page
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_lines_are_answered_one_by_one(run) -> None:
    """Each criterion sent has one answer, in order and under its id."""
    asked = {"id": 7, "note": NOTE, "at": None, "criteria": [
        {"id": "a", "text": "Age ≥ 18 years", "section": "inclusion"},
        {"id": "b", "text": "Diabetes", "section": "exclusion"},
        {"id": "c", "text": "", "section": "inclusion"},
        {"id": "d", "text": "Inclusion Criteria:\n\n* Asthma\n\nExclusion Criteria:\n\n* Platelets < 100 x 10^9/L"},
    ]}  # fmt: skip
    answer = json.loads(run("--jsonl", "-", given=json.dumps(asked) + "\n"))
    assert answer["id"] == 7
    assert [(one["id"], one["answer"]) for one in answer["criteria"]] == [
        ("a", "met"),
        ("b", "met"),
        ("c", "unknown"),
        ("d", "not met"),
    ]


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        ((), None, "Say who the patient is"),
        (("--note", "/nowhere/note.txt"), None, "No such file"),
        (("--facts", "-"), "{", "This is no JSON"),
        (("--facts", "-"), '{"facts": [{"kind": "secret"}]}', "Not a patient"),
        (("--note", "-", "--at", "tomorrow"), NOTE, "no moment"),
        (("--note", "-"), "Hello.", "standard input: No fact about a patient was found in it"),
        (("--note", "-"), "", "Write at least an age, a condition or a drug."),
        (("--note", "-"), NOTE * 9000, "at most 500,000 are read"),
        (("--jsonl", "-"), '{"id": 1, "criteria": []}', "either a note or facts"),
    ],
)
def test_mistakes_are_answered(run, arguments, given, said) -> None:
    """Each mistake says what is wrong, and repeats nothing of the patient."""
    with pytest.raises(UserError) as raised:
        run(*arguments, given=given)
    assert said in str(raised.value)
    assert "84" not in str(raised.value) and "secret" not in str(raised.value)
