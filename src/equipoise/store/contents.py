"""Say what is in a library."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np

from equipoise.store.columns import date_text
from equipoise.store.editions import FORMAT
from equipoise.store.library import Library


class Sizes(msgspec.Struct, frozen=True):
    """Bytes on the disk. ``earlier`` is what editions before the current one have alone; ``other`` is the rest."""

    documents: int
    index: int
    columns: int
    criteria: int
    earlier: int
    other: int

    @property
    def total(self) -> int:
        """The size of the folder."""
        return self.documents + self.index + self.columns + self.criteria + self.earlier + self.other


class Contents(msgspec.Struct, frozen=True):
    """What is in a library. ``updated_from`` and ``updated_to`` are the oldest and the latest update posted."""

    folder: str
    format: int
    studies: int
    versions: int
    aliases: int
    compiled: int
    sources: dict[str, int]
    statuses: dict[str, int]
    updated_from: str
    updated_to: str
    edition: int
    made: str
    editions: list[int]
    index: str
    dictionaries: int
    dictionary_size: int
    unfinished: int
    size: Sizes


def describe_contents(library: Library) -> Contents:
    """Return what is in a library."""
    columns, edition, documents = library.columns, library.edition, library.stored
    updated = columns.flat["updated"]
    stated = updated[updated > 0]
    names = columns.names["status"]
    counts = np.bincount(columns.flat["status"], minlength=len(names)).tolist()
    statuses = {name: count for name, count in zip(names, counts, strict=True) if count}
    trained = documents.dictionaries()
    return Contents(
        folder=str(library.folder.path),
        format=FORMAT,
        studies=len(library),
        versions=documents.count(edition.number),
        aliases=sum(1 for _ in documents.aliases(edition.number)),
        compiled=edition.compiled,
        sources=edition.sources,
        statuses=dict(sorted(statuses.items(), key=lambda item: -item[1])),
        updated_from=date_text(int(stated.min())) if len(stated) else "",
        updated_to=date_text(int(stated.max())) if len(stated) else "",
        edition=edition.number,
        made=edition.made,
        editions=[number for number in library.folder.editions() if number <= edition.number],
        index=edition.index,
        dictionaries=len(trained),
        dictionary_size=sum(size for _, size in trained),
        unfinished=len(documents.rows_after(edition.number)),
        size=_sizes(library),
    )


def _sizes(library: Library) -> Sizes:
    path, place = library.folder.path, library.folder.edition(library.edition.number)
    seen: set[int] = set()

    def size(files: list[Path]) -> int:
        """Return the size of those files that were not counted before; editions share theirs by links."""
        total = 0
        for file in files:
            if file.is_file() and (found := file.stat()).st_ino not in seen:
                seen.add(found.st_ino)
                total += found.st_size
        return total

    return Sizes(
        documents=size([*path.glob("documents*.sqlite*")]),
        index=size([*(place / "index").rglob("*")]),
        columns=size([*(place / "columns").rglob("*"), *(place / "taught").rglob("*"), *place.glob("*.json")]),
        criteria=size([path / "criteria.sqlite", *(place / "criteria").rglob("*")]),
        earlier=size([*(path / "editions").rglob("*")]),
        other=size([*path.rglob("*")]),
    )
