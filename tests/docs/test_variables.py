"""The page of variables is the catalogue."""

from __future__ import annotations

import runpy
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def test_the_page_is_made_of_the_catalogue() -> None:
    """docs/reference/variables.md is as tools/build_variables_page.py writes it; run it after each change of a row."""
    tool = runpy.run_path(str(PROJECT / "tools/build_variables_page.py"))
    assert (PROJECT / "docs/reference/variables.md").read_text("utf-8") == tool["describe_page"]()
