"""Write docs/reference/rules.md from the tables in tests/spec: ``.venv/bin/python tools/build_rules_page.py``."""

from __future__ import annotations

import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT / "tests"))

from spec.chapters import describe_page  # noqa: E402  (tests is no package of ours)

if __name__ == "__main__":
    (PROJECT / "docs/reference/rules.md").write_text(describe_page(), "utf-8")
