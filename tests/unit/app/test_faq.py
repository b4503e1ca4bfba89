"""The questions of the server's owner are shown where they can be used, and ours where not."""

from __future__ import annotations

from pathlib import Path

import pytest

from equipoise.app.faq import ENVIRONMENT, MOST_LETTERS, MOST_QUESTIONS, default_faq, parse_faq, shown_faq
from equipoise.find.grade import read_grade


def test_ours_are_the_five() -> None:
    """What a trial is, why people take part, how long, whether they are paid, how safe it is."""
    words = [one.words for one in default_faq()]
    assert len(words) == 5
    for about, question in zip(("trial", "take part", "long", "paid", "safe"), words, strict=True):
        assert about in question


def test_ours_read_easily() -> None:
    """Each answer asks for no more than eight years of school."""
    for one in default_faq():
        reading = read_grade(one.answer)
        assert reading is None or reading.grade <= 8, (one.words, reading)


def test_without_a_file_ours_are_shown(tmp_path: Path) -> None:
    """And nothing is said of a problem."""
    assert shown_faq(tmp_path).problem == ""
    assert shown_faq(tmp_path).questions == default_faq()


def test_the_owners_file_is_shown_and_read_again_when_it_changes(tmp_path: Path) -> None:
    """In the library's folder, as ``faq.md``; what stands before the first question is a note."""
    file = tmp_path / "faq.md"
    file.write_bytes("\ufeffOur own.\r\n\r\n## Where do I park? ##\r\nBehind the *house*.\r\n".encode())
    [one] = shown_faq(tmp_path).questions
    assert (one.words, one.answer) == ("Where do I park?", "Behind the *house*.")
    file.write_text("## Whom do I call?\nThe desk, at any hour.\n", "utf-8")
    assert [one.words for one in shown_faq(tmp_path).questions] == ["Whom do I call?"]


def test_another_file_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the environment; one that is not there is told about."""
    (tmp_path / "ours.md").write_text("## Q?\nA.\n", "utf-8")
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "ours.md"))
    assert [one.words for one in shown_faq(tmp_path / "library").questions] == ["Q?"]
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "missing.md"))
    assert shown_faq(tmp_path).problem == "missing.md: there is no such file. Make it, or unset EQUIPOISE_FAQ."
    assert shown_faq(tmp_path).questions == default_faq()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            b"Just words.\n",
            "faq.md: There is no question in the file. Begin each question with ## at the start of a line.",
        ),
        (
            b"## Why?\n\n## How?\nSo.\n",
            "faq.md: Question 1 has no answer. Write the answer below the line with the question.",
        ),
        (b"## Caf\xe9?\nYes.\n", "faq.md: The text is not UTF-8: byte 6 cannot be read. Save it as UTF-8."),
        (
            b"## Q?\nA.\n" * (MOST_QUESTIONS + 1),
            "faq.md: There are more than 50 questions. Keep those that people ask most.",
        ),
        (
            b"## Q?\n" + b"a" * MOST_LETTERS,
            "faq.md: The questions have more than 100,000 letters. Keep the answers short.",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_told_about(tmp_path: Path, content: bytes, problem: str) -> None:
    """Ours are shown; the problem says what to do, and no path of this computer."""
    (tmp_path / "faq.md").write_bytes(content)
    shown = shown_faq(tmp_path)
    assert shown.problem == problem
    assert shown.questions == default_faq()


def test_a_folder_in_its_place_is_told_about(tmp_path: Path) -> None:
    """What is no file is no reason to fail."""
    (tmp_path / "faq.md").mkdir()
    assert shown_faq(tmp_path).problem == "faq.md: Is a directory. Check the path and its permissions."


def test_a_line_of_an_answer_may_look_like_a_smaller_heading() -> None:
    """Only two marks at the start of a line begin a question."""
    [one] = parse_faq("## Q?\n### Not one\n # nor this\nA.")
    assert one.answer == "### Not one\n # nor this\nA."
