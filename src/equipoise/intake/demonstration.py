"""The demonstration registry that the package ships, loaded into a library of its own."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

import platformdirs

from equipoise.intake.load import Summary, load


def demonstration_folder() -> Path:
    """Return where the demonstration library lies unless another folder is named."""
    return Path(platformdirs.user_data_dir("equipoise", appauthor=False)) / "demonstration"


def load_demonstration(library: Path) -> Summary:
    """Load the demonstration records into *library*; what is there already stays."""
    with as_file(files("equipoise.intake").joinpath("demonstration_records")) as folder:
        return load([folder], library)
