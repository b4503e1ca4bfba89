"""The demonstration registry that the package ships, loaded into a library of its own."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

import platformdirs

from equipoise.errors import LibraryEmpty, LibraryError
from equipoise.intake.load import Summary, load
from equipoise.intake.opening import open_library

# No registry gives out numbers from here on.
_INVENTED = "NCT99"


def demonstration_folder() -> Path:
    """Return where the demonstration library lies unless another folder is named."""
    return Path(platformdirs.user_data_dir("equipoise", appauthor=False)) / "demonstration"


def load_demonstration(library: Path) -> Summary:
    """
    Load the demonstration records into *library*; what is there already stays.

    Raises:
        LibraryError: there are real studies in it, among which invented ones would be found.
    """
    real = _real_studies(library)
    if real:
        raise LibraryError(
            f"It holds {real:,} {'study' if real == 1 else 'studies'} that {'is' if real == 1 else 'are'} real",
            where=str(library),
            next="Demonstration records stay among themselves: name an empty folder, or leave out --library.",
        )
    with as_file(files("equipoise.intake").joinpath("demonstration_records")) as folder:
        return load([folder], library)


def _real_studies(library: Path) -> int:
    try:
        columns = open_library(library).columns
    except LibraryEmpty:
        return 0
    return sum(not columns.number(row).startswith(_INVENTED) for row in range(len(columns)))
