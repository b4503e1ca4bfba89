"""Read a library: one edition of it, as it was when it was opened."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from equipoise.errors import LibraryError, StudyNotFound
from equipoise.records.sidecar import Sidecar
from equipoise.records.study import Study
from equipoise.store.compiled import CompiledTexts
from equipoise.store.documents import Documents, Version
from equipoise.store.editions import Folder
from equipoise.store.migrate import migrate
from equipoise.store.opening import (
    open_columns,
    open_edition,
    open_index,
    open_postings,
    open_rules,
    open_taught,
    open_tellings,
)

StudyReader = Callable[[bytes], Study]

_NUMBER = re.compile(r"NCT\d{8}", re.ASCII)


class Record(msgspec.Struct, frozen=True):
    """A study with its document as published and what its source showed beside it."""

    study: Study
    document: bytes
    sidecar: Sidecar | None
    version: Version


class Library:
    """One edition of a library. Loads that are published meanwhile do not change what it shows.

    *read_study* gives the typed view of a document; the store knows no outside format. *read_outline* gives it
    without results, which lists and comparisons do not show, and is quicker. With *edition* it is that edition,
    as long as the folder has it, and not the current one.

    Raises:
        LibraryEmpty, LibraryTooNew, LibraryDamaged: the folder cannot be opened.
        LibraryStale: another version made its index; it must be made anew.
    """

    def __init__(
        self,
        path: Path,
        read_study: StudyReader,
        *,
        read_outline: StudyReader | None = None,
        edition: int | None = None,
    ) -> None:
        self.folder = Folder(path)
        self._read_study = read_study
        self._read_outline = read_outline or read_study
        if edition is not None:
            self._open(edition)
            return
        migrate(self.folder)
        while True:
            current = self.folder.current()
            try:
                self._open()
                return
            except LibraryError:
                # Loads that were published meanwhile have dropped what CURRENT named a moment ago.
                if self.folder.current() == current:
                    raise

    def _open(self, edition: int | None = None) -> None:
        place, self.edition = open_edition(self.folder, edition)
        self.columns = open_columns(place, self.edition)
        self.index = open_index(place, self.edition)
        self.postings = open_postings(place, self.edition)
        self.rules = open_rules(place, self.edition)
        self.taught = open_taught(place, self.edition)
        self.tellings = open_tellings(place, self.edition)
        self.compiled = CompiledTexts(self.folder.path)
        self._documents = Documents(self.folder.documents_of(self.edition.number))

    def __len__(self) -> int:
        return len(self.columns)

    def __contains__(self, number: str) -> bool:
        return self._row(number) is not None

    def _row(self, number: str) -> int | None:
        return self.columns.row(number) if _NUMBER.fullmatch(number) else None

    def record(self, number: str) -> Record:
        """Return the current version of a study.

        Raises:
            StudyNotFound: this edition has no such study, under this number or as an alias.
        """
        return self.record_at(self.row(number))

    def row(self, number: str) -> int:
        """Return the row of a study in the columns.

        Raises:
            StudyNotFound: this edition has no such study, under this number or as an alias.
        """
        row = self._row(number)
        if row is None:
            known_as = self._documents.number_of(number, self.edition.number)
            row = self._row(known_as) if known_as else None
        if row is None:
            raise StudyNotFound(
                f"{number} is not in this library of {len(self):,} studies",
                next="Check the number, or load the file that has it with `equipoise load FILE`.",
            )
        return row

    def record_at(self, row: int) -> Record:
        """Return the study in this row of the columns."""
        version = int(self.columns.flat["version"][row])
        document, sidecar = self._documents.read(version)
        return Record(self._read_study(document), document, sidecar, self._documents.version(version))

    def version_at(self, row: int) -> Version:
        """Return what is known of the document of the study in this row, without reading it."""
        return self._documents.version(int(self.columns.flat["version"][row]))

    def document_at(self, row: int) -> bytes:
        """Return the JSON of the study in this row, byte for byte."""
        return self._documents.read(int(self.columns.flat["version"][row]))[0]

    def study_at(self, row: int) -> Study:
        """Return the typed view of the study in this row of the columns."""
        return self._read_study(self._documents.read(int(self.columns.flat["version"][row]))[0])

    def outline_at(self, row: int) -> Study:
        """Return the typed view of the study in this row without its results."""
        return self._read_outline(self._documents.read(int(self.columns.flat["version"][row]))[0])

    def document(self, number: str) -> bytes:
        """Return a study's JSON as it was published, byte for byte."""
        return self.record(number).document

    def study(self, number: str) -> Study:
        """Return the typed view of a study."""
        return self.record(number).study

    def versions(self, number: str) -> list[Version]:
        """Return the versions of a study that this edition knows, the current one last."""
        return self._documents.versions(number, self.edition.number)

    @property
    def stored(self) -> Documents:
        """The documents of this edition and of those before it."""
        return self._documents

    def documents(self) -> Iterator[tuple[str, bytes]]:
        """Yield the number and the JSON of every study, in order of number."""
        for row, version in enumerate(self.columns.flat["version"]):
            yield self.columns.number(row), self._documents.read(int(version))[0]
