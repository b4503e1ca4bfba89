"""The page of limits states each as the code has it."""

from __future__ import annotations

from pathlib import Path

from equipoise.find.markup import LONGEST
from equipoise.intake import limits
from equipoise.sources import json_text


def test_the_limits_are_documented() -> None:
    """docs/explanation/limits.md states each as the code has it."""
    page = (Path(__file__).parents[2] / "docs/explanation/limits.md").read_text("utf-8")
    for words in (
        f"{limits.LARGEST_PIECE >> 20} MiB |",
        f"zip member over {limits.SMALL >> 20} MiB | {limits.RATIO} times its packed size",
        f"| {limits.LARGEST_PIECE >> 20} MiB and {limits.RATIO} times its size |",
        f"| Archives in one another | {limits.DEEPEST} deep |",
        f"| A zip's list of members | {limits.LARGEST_CONTENTS >> 20} MiB |",
        f"| One record | {json_text.LARGEST_RECORD >> 20} MiB |",
        f"| Nesting of a record | {json_text.DEEPEST} deep |",
        f"CommonMark | {LONGEST:,} characters",
    ):
        assert words in page
