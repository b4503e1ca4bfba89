"""A copy of the desk, taken while it is in use."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from equipoise.desk.database import Desk, named_faults
from equipoise.errors import OutputError


def back_up(desk: Desk, file: Path) -> None:
    """Write a copy of the desk as it is at one moment; others go on reading and writing.

    Raises:
        OutputError: the file is there already, or cannot be written.
        DeskError: the desk cannot be read.
    """
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError as error:
        raise OutputError("There is a file already", where=str(file), next="Name one that is not there.") from error
    except OSError as error:
        raise OutputError(
            f"The copy cannot be written ({error.strerror})", where=str(file), next="Name another place."
        ) from error
    with named_faults(desk.path), closing(sqlite3.connect(desk.path)) as source, closing(sqlite3.connect(file)) as copy:
        source.backup(copy)
