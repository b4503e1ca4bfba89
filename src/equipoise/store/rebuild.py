"""Make index and columns anew from the documents; compact the documents themselves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from equipoise.errors import LibraryDamaged
from equipoise.records.study import Study
from equipoise.store.compiled import CompiledWriter
from equipoise.store.compiling import Compiling
from equipoise.store.documents import Documents, Version, is_whole
from equipoise.store.editions import KEEP, Edition
from equipoise.store.library import StudyReader
from equipoise.store.lock import writing
from equipoise.store.next_edition import NextEdition

# How many documents the new compression dictionary learns from, evenly spread over all.
_SAMPLES = 2000
_BATCH = 5000

Watch = Callable[[int, int], None]


class Fault(msgspec.Struct, frozen=True):
    """Something in a library that is not as it should be."""

    where: str
    problem: str


class Rebuilt(msgspec.Struct, frozen=True):
    """What was made. ``faults`` are documents that could not be read; ``dropped`` counts earlier versions left out."""

    edition: Edition
    faults: list[Fault]
    dropped: int = 0


class _Rebuild(NextEdition):
    """The next edition, made of documents alone."""

    def __init__(self, path: Path, read_study: StudyReader, watch: Watch, compiling: Compiling | None) -> None:
        super().__init__(path, anew=True, compiling=compiling)
        self._read_study = read_study
        self._watch = watch
        self._faults: list[Fault] = []

    def rebuild(self, *, keep_editions: int = KEEP) -> tuple[Edition, list[Fault]]:
        """Put the current version of each study into index and columns, and publish them."""
        total = len(self._documents.rows(self._last))
        done = 0
        for versions in self._documents.studies(self._last):
            with writing(self._folder.path):
                self._restore(versions)
            done += len(versions)
            self._watch(done, total)
        return self._finish(keep=keep_editions), self._faults

    def _restore(self, versions: list[Version]) -> None:
        """Show the current version of a study, or the one before where that cannot be read."""
        for version in reversed(versions):
            read = self._read(version)
            if read is not None:
                self._show(*read, version.id, instead=False)
                return

    def _read(self, version: Version) -> tuple[Study, bytes] | None:
        try:
            document, sidecar = self._documents.read(version.id)
            if is_whole(version, document, sidecar):
                return self._read_study(document), document
            problem = "The document is not what was written"
        except (LibraryDamaged, msgspec.DecodeError) as error:
            problem = error.problem if isinstance(error, LibraryDamaged) else str(error)
        self._faults.append(Fault(f"{version.number}, version {version.id}", problem))
        return None

    def renew_documents(self, keep: int | None) -> int:
        """Copy the documents into a new file, the last *keep* versions of each study; return how many were left out."""
        old = self._documents
        rows = old.rows(self._last)
        kept = rows if keep is None else sorted(self._newest(old, keep))
        path = self._folder.new_documents(self._number)
        with writing(self._folder.path):
            self._documents = new = Documents(path, write=True, new=True)
            old.close()
        reading = Documents(self._folder.documents_of(self._last))
        with writing(self._folder.path):
            samples = [reading.read(row)[0] for row in kept[:: len(kept) // _SAMPLES + 1]]
            if len(samples) >= 100:  # zstd refuses to train on next to nothing
                new.train(samples)
            for done, _ in enumerate(new.copy_from(reading, kept, self._last), start=1):
                if done % _BATCH == 0:
                    new.commit()
                self._watch(done, len(kept))
        reading.close()
        return len(rows) - len(kept)

    def forget_texts_but(self, digests: set[bytes], mark: str) -> None:
        """Delete what other texts were compiled to; the edition is published."""
        with writing(self._folder.path):
            criteria = CompiledWriter(self._folder.path, mark)
            try:
                criteria.keep_only(digests)
            finally:
                criteria.close()

    def _newest(self, documents: Documents, keep: int) -> set[int]:
        return {version.id for versions in documents.studies(self._last) for version in versions[-keep:]}


def _ignore(done: int, total: int) -> None:
    return None


def rebuild(
    path: Path, read_study: StudyReader, *, compiling: Compiling | None = None, watch: Watch = _ignore
) -> Rebuilt:
    """Make the index and columns of a library anew from its documents, and publish them as its next edition.

    What became of the current edition's index, columns and description does not matter.

    Raises:
        LibraryEmpty: nothing was ever loaded.
        LibraryBusy, LibraryTooNew: it is being written, or a later version wrote it.
        LibraryError: the folder cannot be written; the last edition stays.
    """
    with _Rebuild(path, read_study, watch, compiling) as writer:
        edition, faults = writer.rebuild()
    return Rebuilt(edition, faults)


def compact(
    path: Path,
    read_study: StudyReader,
    *,
    keep: int | None = None,
    compiling: Compiling | None = None,
    watch: Watch = _ignore,
) -> Rebuilt:
    """Make a library as small and quick as it can be: documents with a new compression dictionary, one index.

    With *keep* only so many versions of each study remain, the current one counted; without
    it, all. The library must be whole, and needs room for a second copy of itself meanwhile.
    Killed, it leaves the old library as it was.

    Raises:
        LibraryDamaged: a document is not what was written; nothing is changed.
        LibraryEmpty, LibraryBusy, LibraryTooNew, LibraryError: as of :func:`rebuild`.
    """
    if compiling is not None:
        compiling.seen = set()
    with _Rebuild(path, read_study, watch, compiling) as writer:
        dropped = writer.renew_documents(keep)
        # The editions before have rows that are gone now.
        edition, faults = writer.rebuild(keep_editions=1)
        if compiling is not None and compiling.seen is not None:
            writer.forget_texts_but(compiling.seen, compiling.compiler.mark)
    return Rebuilt(edition, faults, dropped)
