"""Which studies of an edition have compiled criteria, and how the next edition comes by them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np

from equipoise.errors import LibraryDamaged
from equipoise.store.columns import NOT_STATED, Array, Columns
from equipoise.store.compiled import CompiledText, CompiledWriter, TextCompiler, digest_of
from equipoise.store.documents import Documents
from equipoise.store.postings import Postings, PostingsBuilder
from equipoise.store.rule_columns import Answered, RuleColumns, RuleColumnsBuilder

Watch = Callable[[int, int], None]
# Gives the criteria that are answered, of those that were compiled and packed, and of the text.
RuleReader = Callable[[bytes, str], Iterable[Answered]]


class Demanded(NamedTuple):
    """What an edition's compiled criteria come to: what they demand, and their rules."""

    postings: Postings
    rules: RuleColumns

    @classmethod
    def none(cls) -> Demanded:
        """Return those of no study."""
        return cls(Postings.none(), RuleColumns.none())

    def without(self, numbers: Array) -> Demanded:
        """Return those of the other studies."""
        kept = ~np.isin(self.rules.studies, numbers)
        return Demanded(self.postings.without(numbers), self.rules if kept.all() else self.rules.keep(kept))

    def shared(self) -> Demanded:
        """Return those of the studies that have both: an earlier version wrote no rules."""
        lacking = np.setxor1d(self.postings.studies, self.rules.studies)
        return self.without(lacking) if len(lacking) else self


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


class _Builders:
    """Add studies to what the edition before demanded."""

    def __init__(self, kept: Demanded, read_rules: RuleReader | None) -> None:
        self._postings = PostingsBuilder(kept.postings)
        self._rules = RuleColumnsBuilder(kept.rules) if read_rules is not None else None
        self._kept, self._read_rules = kept, read_rules

    def add(self, number: int, made: CompiledText, text: str) -> None:
        """Add a compiled study."""
        self._postings.add(number, made.literals)
        if self._rules is not None and self._read_rules is not None:
            self._rules.add(number, self._read_rules(made.criteria, text) if made.criteria else ())

    def demanded(self) -> Demanded:
        """Return what all studies demand."""
        rules = self._kept.rules if self._rules is None else self._rules.columns()
        return Demanded(self._postings.postings(), rules)


class Compiling:
    """
    How an edition's criteria are compiled.

    *read_text* gives the eligibility text of a document; *every* compiles all studies, not only those
    that are open, coming or silent on it; *stored_only* compiles none and takes what is stored. Without *read_rules*
    no rules are kept in columns.
    ``seen`` collects the digests of the texts, where it is a set.
    """

    def __init__(
        self,
        compiler: TextCompiler,
        read_text: Callable[[bytes], str],
        *,
        every: bool = False,
        stored_only: bool = False,
        read_rules: RuleReader | None = None,
        watch: Watch = ignore,
    ) -> None:
        self.compiler = compiler
        self.every = every
        self._stored_only = stored_only
        self._read_text = read_text
        self.read_rules = read_rules
        self._watch = watch
        self.seen: set[bytes] | None = None

    def wanted(self, columns: Columns, before: Postings) -> Array:
        """Return the rows to compile: those that are to be compiled by their status or were so *before*."""
        if self.every:
            return np.arange(len(columns))
        codes = [code for name in COMPILED_STATUSES if (code := columns.code("status", name)) is not None]
        wanted = np.isin(columns.flat["status"], codes) | np.isin(columns.flat["number"], before.studies)
        return np.flatnonzero(wanted)

    def bring(self, documents: Documents, columns: Columns, *, kept: Demanded, before: Postings) -> Demanded:
        """Return what an edition demands: what is *kept*, and what else is wanted, compiled or read back.

        Raises:
            OSError, sqlite3.OperationalError: it cannot be written.
        """
        if self.read_rules is not None:
            kept = kept.shared()
        rows = self.wanted(columns, before)
        rows = rows[~np.isin(columns.flat["number"][rows], kept.postings.studies)]
        if not len(rows):
            return kept
        builders = _Builders(kept, self.read_rules)
        writer = CompiledWriter(documents.folder, self.compiler.mark)
        try:
            self._fill(builders, writer, documents, (rows, columns.flat["number"], columns.flat["version"]))
        finally:
            writer.close()
        return builders.demanded()

    def _text(self, documents: Documents, version: int) -> str | None:
        """Return a study's eligibility text, or None where its document is damaged, of which a check will tell."""
        try:
            return self._read_text(documents.read(version)[0])
        except LibraryDamaged:
            return None

    def _fill(
        self, builders: _Builders, writer: CompiledWriter, documents: Documents, of: tuple[Array, Array, Array]
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
                    builders.add(int(numbers[row]), known, text)
                    done += 1

        for row, made in self.compiler.compile(unknown()):
            text = waiting.pop(row)
            writer.put(text, made)
            builders.add(int(numbers[row]), made, text)
            done += 1
            self._watch(done, len(rows))
        self._watch(done, len(rows))
