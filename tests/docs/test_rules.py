"""The page of rules is the tables that test the evaluator."""

from __future__ import annotations

from pathlib import Path

from spec.chapters import describe_page


def test_the_page_is_made_of_the_tables() -> None:
    """docs/reference/rules.md is as tools/build_rules_page.py writes it."""
    page = (Path(__file__).parents[2] / "docs/reference/rules.md").read_text("utf-8")
    assert page == describe_page()
