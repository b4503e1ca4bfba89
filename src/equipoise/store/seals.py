"""
Sizes and digests of the files of an edition, in its ``files.json``.

The files of an edition never change once it is published. Opening it compares the sizes, so
that a file cut short is named and never mapped; a check compares the digests as well.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

NAME = "files.json"


class Seal(msgspec.Struct, frozen=True):
    """The size of a file in bytes, and its digest (BLAKE2b, 16 bytes)."""

    size: int
    digest: str


Seals = dict[str, Seal]


def _digest(path: Path) -> str:
    found = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            found.update(piece)
    return found.hexdigest()


def seal_files(folder: Path, last: Path | None) -> None:
    """Write the seals of an edition's files; one that is linked from the *last* edition keeps its seal."""
    known = (read_seals(last) or {}) if last else {}
    seals: Seals = {}
    for part in ("index", "columns", "criteria", "rules", "taught", "telling"):
        for file in sorted((folder / part).iterdir()):
            name = f"{part}/{file.name}"
            old = last / name if last else None
            linked = old is not None and name in known and old.exists() and old.samefile(file)
            # The locks of tantivy are no content; it makes and deletes them as it likes.
            if file.suffix != ".lock":
                seals[name] = known[name] if linked else Seal(file.stat().st_size, _digest(file))
    (folder / NAME).write_bytes(msgspec.json.format(msgspec.json.encode(seals)))


def read_seals(folder: Path) -> Seals | None:
    """Return an edition's seals, or None where it has none (format 1 wrote none).

    Raises:
        OSError, msgspec.DecodeError: they cannot be read.
    """
    try:
        data = (folder / NAME).read_bytes()
    except FileNotFoundError:
        return None
    return msgspec.json.decode(data, type=Seals)


def broken_seals(folder: Path, *, sizes_only: bool) -> Iterator[tuple[str, str]]:
    """Yield the name of each file that is not as it was published, and what is wrong with it.

    Raises:
        OSError, msgspec.DecodeError: a file cannot be read.
    """
    for name, seal in (read_seals(folder) or {}).items():
        try:
            size = (folder / name).stat().st_size
        except FileNotFoundError:
            yield name, "The file is missing"
            continue
        if size != seal.size:
            yield name, f"The file has {size:,} bytes; it was published with {seal.size:,}"
        elif not sizes_only and _digest(folder / name) != seal.digest:
            yield name, "The content of the file is not what was published"
