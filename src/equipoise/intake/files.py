"""Open what a user names: a file, a folder, a zip, a compressed file, or standard input."""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from equipoise.errors import InputError
from equipoise.intake.limits import Allowance, Exceeded, exceeded, shown
from equipoise.intake.lines import Feed, Known, Piece
from equipoise.intake.packed import Inside, Metered, unpack

__all__ = ["Piece", "list_files", "read_pieces", "size_of"]

_INPUT = Path("-")

_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def _never(_: bytes) -> bool:
    return False


def size_of(paths: list[Path]) -> int:
    """Return how many bytes lie under these paths (0 where that cannot be known)."""
    total = 0
    for path in paths:
        for file in list_files(path):
            with suppress(OSError):  # it may be gone by now; reading it will say so
                total += file.stat().st_size if isinstance(file, Path) and file != _INPUT else 0
    return total


def list_files(named: Path) -> Iterator[Path | InputError]:
    """Yield the files under a path, in order of their names, and why others are left out.

    A link to a file is followed. One to a folder is not, unless it is what the user named:
    it may lead back to where it lies, or out to all files of the computer.
    """
    waiting, found = [named], False
    while waiting:
        path = waiting.pop()
        try:
            mode = stat.S_IFREG if path == _INPUT else path.stat().st_mode
            if stat.S_ISDIR(mode) and (path == named or not path.is_symlink()):
                waiting += sorted(path.iterdir(), reverse=True)
                continue
            yield path if stat.S_ISREG(mode) else _no_file(path, mode)
        except OSError as error:
            yield _unreadable(shown(str(path)), error)
        found = True
    if not found:
        problem = "The folder holds no file"
        yield InputError(problem, where=shown(str(named)), next="Name a folder with registry files.")


def read_pieces(path: Path, known: Known = _never) -> Iterator[Piece | InputError]:
    """Yield the content of every file in *path*, which may be ``-`` for standard input.

    JSON lines are cut into lines if one of the first is *known* to be a record; by default none is.
    """
    for file in list_files(path):
        if isinstance(file, InputError):
            yield file
            continue
        origin = "standard input" if file == _INPUT else shown(str(file))
        try:
            yield from _read_input(known) if file == _INPUT else _read_file(file, origin, known)
        except Exceeded:
            yield exceeded(origin)
        except OSError as error:
            yield _unreadable(origin, error)


def _no_file(path: Path, mode: int) -> InputError:
    if stat.S_ISDIR(mode):
        problem, next = "This is a link to a folder, which is not followed", "Name that folder as well."
    else:
        problem = f"This is {_KINDS.get(stat.S_IFMT(mode), 'something else')}, not a file"
        next = "To read from a pipe, send it to standard input: … | equipoise load -"
    return InputError(problem, where=shown(str(path)), next=next)


def _unreadable(origin: str, error: OSError) -> InputError:
    return InputError(error.strerror or str(error), where=origin, next="Check the path and its permissions.")


def _read_file(path: Path, origin: str, known: Known) -> Iterator[Piece | InputError]:
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        yield from unpack(Feed(origin, file, file.tell), Inside(Allowance(lambda: size), known))


def _read_input(known: Known) -> Iterator[Piece | InputError]:
    source = Metered(sys.stdin.buffer)
    feed = Feed("standard input", io.BufferedReader(source), lambda: source.count)
    yield from unpack(feed, Inside(Allowance(lambda: source.count), known))
