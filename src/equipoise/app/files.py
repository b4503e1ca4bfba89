"""What a command is given to read: a file or standard input, as a text or as JSON lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeVar

import msgspec

from equipoise.errors import InputError
from equipoise.intake.limits import LARGEST_PIECE, MIB

_Line = TypeVar("_Line")
_NO_SUCH_TEXT = "No eligibility text is that long. For many texts use --jsonl, one a line."


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file to read, or standard input for ``-``.

    Raises:
        InputError: it cannot be opened or read.
    """
    if str(path) == "-":
        yield sys.stdin.buffer
        return
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise InputError(
            error.strerror or str(error), where=str(path), next="Check the path and its permissions."
        ) from None


def source_name(path: Path) -> str:
    """Return what a message calls a file, or standard input."""
    return "standard input" if str(path) == "-" else str(path)


def read_text(path: Path, *, too_long: str = _NO_SUCH_TEXT) -> str:
    """Return the text of a file, line ends as they are; *too_long* is what to do with one that is too large.

    Raises:
        InputError: it cannot be read, is not UTF-8, or is too large.
    """
    with opened(path) as file:
        data = file.read(LARGEST_PIECE + 1)
    if len(data) > LARGEST_PIECE:
        problem = f"The text has more than {LARGEST_PIECE // MIB} MiB"
        raise InputError(problem, where=source_name(path), next=too_long)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"The text is not UTF-8: byte {error.start:,} cannot be read",
            where=source_name(path),
            next="Save it as UTF-8.",
        ) from None


def json_lines(path: Path, kind: type[_Line], *, example: str) -> Iterator[tuple[str, _Line]]:
    """
    Yield what each line of a file that is not empty states, as soon as it is read, with the place where it stands.

    *example* says what a line looks like.

    Raises:
        InputError: a line is too long, or not of the kind. The message names the place and the type, never a value.
    """
    decoder = msgspec.json.Decoder(kind)
    with opened(path) as file:
        for number, line in enumerate(iter(lambda: file.readline(LARGEST_PIECE + 1), b""), start=1):
            where = f"{source_name(path)}, line {number:,}"
            if not line.strip():
                continue
            if len(line) > LARGEST_PIECE:
                raise InputError(f"The line has more than {LARGEST_PIECE // MIB} MiB", where=where, next=example)
            try:
                stated = decoder.decode(line.removeprefix(b"\xef\xbb\xbf"))
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                raise InputError(str(error), where=where, next=example) from None
            yield where, stated
