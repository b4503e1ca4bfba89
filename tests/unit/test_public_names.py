"""Public names are flat, sorted, complete, and load late."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import equipoise


def test_all_is_sorted_and_complete() -> None:
    """Every public name is listed, sorted, and can be imported."""
    assert equipoise.__all__ == sorted(equipoise._HOMES)
    for name in equipoise.__all__:
        assert getattr(equipoise, name) is not None


def test_no_folder_has_a_public_functions_name() -> None:
    """`equipoise.search` is a function, so there is no folder of that name."""
    folders = {path.name for path in Path(equipoise.__file__).parent.iterdir() if path.is_dir()}
    assert not folders & set(equipoise.__all__)


def test_importing_loads_nothing_heavy() -> None:
    """`import equipoise` loads neither numpy nor tantivy."""
    code = "import equipoise, sys; print(sorted({'numpy', 'tantivy', 'msgspec', 'jinja2'} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
