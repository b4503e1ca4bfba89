"""Read a library: one edition of it, as it was when it was opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from equipoise.errors import LibraryDamaged, StudyNotFound
from equipoise.records.sidecar import Sidecar
from equipoise.records.study import Study
from equipoise.store.columns import Columns
from equipoise.store.documents import Documents, Version
from equipoise.store.editions import Folder
from equipoise.store.index import Index

StudyReader = Callable[[bytes], Study]


class Record(msgspec.Struct, frozen=True):
    """A study with its document as published and what its source showed beside it."""

    study: Study
    document: bytes
    sidecar: Sidecar | None
    version: Version


class Library:
    """One edition of a library. Loads that are published meanwhile do not change what it shows.

    *read_study* gives the typed view of a document; the store knows no outside format.

    Raises:
        LibraryEmpty, LibraryTooNew, LibraryDamaged: the folder cannot be opened.
    """

    def __init__(self, path: Path, read_study: StudyReader) -> None:
        self.folder = Folder(path)
        self._read_study = read_study
        place, self.edition = self.folder.open_current()
        try:
            self.columns = Columns.open(place / "columns")
            self.index = Index(place / "index")
        except (OSError, ValueError, KeyError) as error:
            raise LibraryDamaged(
                f"Edition {self.edition.number} cannot be opened ({error})",
                where=str(place),
                next="Load your files again into a new folder; the documents here stay untouched.",
            ) from None
        self._documents = Documents(self.folder.documents)

    def __len__(self) -> int:
        return len(self.columns)

    def __contains__(self, number: str) -> bool:
        return self.columns.row(number) is not None

    def record(self, number: str) -> Record:
        """Return the current version of a study.

        Raises:
            StudyNotFound: this edition has no such study, under this number or as an alias.
        """
        row = self.columns.row(number)
        if row is None:
            known_as = self._documents.number_of(number, self.edition.number)
            row = self.columns.row(known_as) if known_as else None
        if row is None:
            raise StudyNotFound(
                f"{number} is not in this library of {len(self):,} studies",
                next="Check the number, or load the file that has it with `equipoise load PATH…`.",
            )
        return self.record_at(row)

    def record_at(self, row: int) -> Record:
        """Return the study in this row of the columns."""
        version = int(self.columns.flat["version"][row])
        document, sidecar = self._documents.read(version)
        return Record(self._read_study(document), document, sidecar, self._documents.version(version))

    def document(self, number: str) -> bytes:
        """Return a study's JSON as it was published, byte for byte."""
        return self.record(number).document

    def study(self, number: str) -> Study:
        """Return the typed view of a study."""
        return self.record(number).study

    def versions(self, number: str) -> list[Version]:
        """Return the versions of a study that this edition knows, the current one last."""
        return self._documents.versions(number, self.edition.number)

    def documents(self) -> Iterator[tuple[str, bytes]]:
        """Yield the number and the JSON of every study, in order of number."""
        for row, version in enumerate(self.columns.flat["version"]):
            yield self.columns.number(row), self._documents.read(int(version))[0]
