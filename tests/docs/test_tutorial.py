"""Every command that a document shows as run does what the document says."""

from __future__ import annotations

import shutil
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"


def test_tutorial_is_true(consoles, read_doc, blocks):
    """A newcomer who types the tutorial's commands in order sees what the tutorial shows."""
    shown = blocks(read_doc("tutorial/first-steps.md"), "console")
    assert len(shown) >= 8
    for block in shown:
        consoles.check(block)


def test_loading_trial_pages_is_true(consoles, read_doc, blocks):
    """The commands on loading trial pages print what the document shows, for pages written for the tests."""
    shutil.copy(DATA / "meddatax_page.txt", consoles.folder / "tea.txt")
    shutil.copy(DATA / "trialx_page.txt", consoles.folder / "kite.txt")
    shown = blocks(read_doc("how-to/load-trial-pages.md"), "console")
    assert shown
    for block in shown:
        consoles.check(block)


def test_reading_criteria_is_true(consoles, read_doc, blocks, demonstration):
    """The commands on criteria print what the document shows, for the demonstration library."""
    shutil.copytree(demonstration.folder.path, consoles.folder / "demo")
    shown = blocks(read_doc("how-to/read-criteria.md"), "console")
    assert len(shown) == 5
    for block in shown:
        consoles.check(block)


def test_ellipses_stand_for_lines_and_for_characters(consoles):
    """``…`` alone allows any lines, inside a line any characters, and nothing else is allowed."""
    consoles.check("$ printf 'a\\nb\\nc\\nd1e\\n'\na\n…\nd…e\n")
