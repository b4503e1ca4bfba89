"""Options that commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

# The address of this computer alone.
HOST = "127.0.0.1"


class Form(StrEnum):
    """How a result is printed."""

    TABLE = "table"
    JSON = "json"


LibraryOption = Annotated[
    Path | None,
    typer.Option(
        "--library",
        help="The library's folder. Default: $EQUIPOISE_LIBRARY, else the user's data folder.",
        show_default=False,
    ),
]
FormOption = Annotated[Form, typer.Option("--format", help="A table for people, or JSON for programs.")]
