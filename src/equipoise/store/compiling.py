"""Which studies of an edition have compiled criteria, and how the next edition comes by them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from equipoise.errors import LibraryDamaged
from equipoise.store.columns import NOT_STATED, Array, Columns
from equipoise.store.compiled import CompiledText, CompiledWriter, TextCompiler, digest_of
from equipoise.store.documents import Documents
from equipoise.store.postings import Postings, PostingsBuilder

Watch = Callable[[int, int], None]

# Whom people can join now or soon, or whose record does not say: their criteria are compiled as they come in.
COMPILED_STATUSES = (
    "RECRUITING",
    "NOT_YET_RECRUITING",
    "ENROLLING_BY_INVITATION",
    "AVAILABLE",
    NOT_STATED,
)


def ignore(done: int, total: int) -> None:
    """Watch nothing."""


class Compiling:
    """
    How an edition's criteria are compiled.

    *read_text* gives the eligibility text of a document; *every* compiles all studies, not only those
    that are open, coming or silent on it; *stored_only* compiles none and takes what is stored.
    ``seen`` collects the digests of the texts, where it is a set.
    """

    def __init__(
        self,
        compiler: TextCompiler,
        read_text: Callable[[bytes], str],
        *,
        every: bool = False,
        stored_only: bool = False,
        watch: Watch = ignore,
    ) -> None:
        self.compiler = compiler
        self.every = every
        self._stored_only = stored_only
        self._read_text = read_text
        self._watch = watch
        self.seen: set[bytes] | None = None

    def wanted(self, columns: Columns, before: Postings) -> Array:
        """Return the rows to compile: those that are to be compiled by their status or were so *before*."""
        if self.every:
            return np.arange(len(columns))
        codes = [code for name in COMPILED_STATUSES if (code := columns.code("status", name)) is not None]
        wanted = np.isin(columns.flat["status"], codes) | np.isin(columns.flat["number"], before.studies)
        return np.flatnonzero(wanted)

    def bring(self, documents: Documents, columns: Columns, *, kept: Postings, before: Postings) -> Postings:
        """Return the postings of an edition: those that are *kept*, and what else is wanted, compiled or read back.

        Raises:
            OSError, sqlite3.OperationalError: it cannot be written.
        """
        rows = self.wanted(columns, before)
        rows = rows[~np.isin(columns.flat["number"][rows], kept.studies)]
        builder = PostingsBuilder(kept)
        if not len(rows):
            return builder.postings()
        writer = CompiledWriter(documents.folder, self.compiler.mark)
        try:
            self._fill(builder, writer, documents, (rows, columns.flat["number"], columns.flat["version"]))
        finally:
            writer.close()
        return builder.postings()

    def _text(self, documents: Documents, version: int) -> str | None:
        """Return a study's eligibility text, or None where its document is damaged, of which a check will tell."""
        try:
            return self._read_text(documents.read(version)[0])
        except LibraryDamaged:
            return None

    def _fill(
        self, builder: PostingsBuilder, writer: CompiledWriter, documents: Documents, of: tuple[Array, Array, Array]
    ) -> None:
        rows, numbers, versions = of
        done = 0
        waiting: dict[int, str] = {}

        def unknown() -> Iterator[tuple[int, str]]:
            """Yield the texts that are not stored; put the literals of the others into place."""
            nonlocal done
            for row in rows.tolist():
                text = self._text(documents, int(versions[row]))
                if text is None:
                    continue
                known = writer.find(text) if text.strip() else CompiledText(b"", ())
                if self.seen is not None:
                    self.seen.add(digest_of(text))
                if known is None and self._stored_only:
                    continue
                if known is None:
                    waiting[row] = text
                    yield row, text
                else:
                    builder.add(int(numbers[row]), known.literals)
                    done += 1

        for row, made in self.compiler.compile(unknown()):
            writer.put(waiting.pop(row), made)
            builder.add(int(numbers[row]), made.literals)
            done += 1
            self._watch(done, len(rows))
        self._watch(done, len(rows))
