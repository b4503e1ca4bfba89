"""Write the next edition of a library: its index and columns beside the last one's, then ``CURRENT``."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
import numpy as np

from equipoise.errors import LibraryDamaged, LibraryError
from equipoise.records.published import read_json
from equipoise.records.study import Study
from equipoise.store.columns import Columns, ColumnsBuilder, date_text, number_code
from equipoise.store.compiling import Compiling, Demanded
from equipoise.store.documents import Documents
from equipoise.store.editions import KEEP, Edition, Folder
from equipoise.store.evidence import Evidence, EvidenceBuilder
from equipoise.store.index import IndexWriter, copy_index
from equipoise.store.layout import index_format, layout
from equipoise.store.lock import take_lock, writing
from equipoise.store.migrate import migrate_locked
from equipoise.store.opening import open_columns, open_edition, open_tellings
from equipoise.store.postings import Postings
from equipoise.store.rule_columns import RuleColumns
from equipoise.store.seals import seal_files
from equipoise.store.taught import TaughtNames
from equipoise.store.teaching import learn
from equipoise.store.telling import TellingBuilder, Tellings
from equipoise.store.topics import read_naming
from equipoise.terms.lexicon import lexicon


class NextEdition:
    """The edition after the current one, while it is written; used as a context manager.

    Nothing of it is seen before it is published. With *anew* it begins with no study, else with
    those of the current edition. Without *compiling* the criteria that are compiled stay so, and no more are.

    Raises:
        LibraryBusy: another process is writing.
        LibraryTooNew: a later version of Equipoise wrote the library.
        LibraryStale: the index must first be made anew.
        LibraryError: the folder cannot be written.
    """

    def __init__(self, path: Path, *, anew: bool = False, compiling: Compiling | None = None) -> None:
        self._folder = Folder(path)
        self._compiling = compiling
        self._lock = take_lock(self._folder)
        self._published = False
        try:
            migrate_locked(self._folder)
            self._last = self._beginning() if anew else self._folder.current()
            self._number = self._last + 1
            old = self._folder.documents_of(self._last)
            self._documents = Documents(old, write=True, new=self._last == 0)
            try:
                self._begin(anew)
            except BaseException:
                self._documents.close()
                raise
        except BaseException:
            self._lock.release()
            raise

    def _beginning(self) -> int:
        """Return the edition whose documents are taken, whatever became of its other files."""
        try:
            current = self._folder.current()
        except LibraryDamaged:
            current = 0
        if current and (self._folder.edition(current) / "edition.json").exists():
            return current
        return self._folder.last_whole() or current or self._folder.open_edition()[1].number

    def _begin(self, anew: bool) -> None:
        old: Columns | None = None
        self._before_taught: Path | None = None
        self._before_tellings = (Tellings.none(), np.zeros(0, np.uint32))
        self._before, self._compiler = self._compiled_before()
        opened = open_edition(self._folder) if self._last and not anew else None
        with writing(self._folder.path):
            self._folder.drop_unpublished(self._last)
            if opened:
                place, edition = opened
                old = open_columns(place, edition)
                self._before_taught = place / "taught"
                self._before_tellings = (open_tellings(place, edition), old.flat["number"])
                copy_index(place / "index", self._place / "index")
            self._index = IndexWriter(self._place / "index")
        self._columns = ColumnsBuilder(old)
        self._said = EvidenceBuilder()
        with writing(self._folder.path):
            self._tellings = TellingBuilder(self._before_tellings, self._place)

    def _compiled_before(self) -> tuple[Demanded, str]:
        """Return what the last edition demanded and by what it was compiled; what cannot be read is made anew."""
        place = self._folder.edition(self._last)
        try:
            edition = msgspec.json.decode((place / "edition.json").read_bytes(), type=Edition)
            return Demanded(Postings.open(place / "criteria"), self._rules_before(place)), edition.compiler
        except (OSError, EOFError, ValueError, KeyError):
            return Demanded.none(), ""

    @staticmethod
    def _rules_before(place: Path) -> RuleColumns:
        try:
            return RuleColumns.open(place / "rules")
        except (OSError, EOFError, ValueError, KeyError):
            return RuleColumns.none()

    def _demanded(self, columns: Columns) -> Demanded:
        """Return what this edition demands, its wanted criteria compiled."""
        kept = self._before.without(self._columns.numbers)
        if self._compiling is None:
            return kept
        if self._compiler != self._compiling.compiler.mark:
            kept, self._compiler = Demanded.none(), self._compiling.compiler.mark
        return self._compiling.bring(self._documents, columns, kept=kept, before=self._before.postings)

    @property
    def _place(self) -> Path:
        return self._folder.edition(self._number)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del self._index  # its threads must end before its files go
        if not self._published:
            self._folder.drop_unpublished(self._last)
            if isinstance(error, LibraryError):
                # Nobody picks up what the disk has no room for.
                with suppress(sqlite3.Error):
                    self._documents.forget_after(self._last)
        self._documents.close()
        self._tellings.close()
        self._lock.release()

    def _finish(self, *, keep: int = KEEP) -> Edition:
        """Make everything written visible at once.

        Raises:
            LibraryError: the disk is full or cannot be written; the last edition stays.
        """
        with writing(self._folder.path):
            self._index.commit()
            columns = self._columns.columns()
            columns.save(self._place / "columns")
            demanded = self._demanded(columns)
            demanded.postings.save(self._place / "criteria")
            demanded.rules.save(self._place / "rules")
            self._teach(self._place / "taught")
            self._tellings.save(self._place / "telling", columns.flat["number"])
            seal_files(self._place, self._folder.edition(self._last) if self._last else None)
            self._documents.commit()
            edition = self._describe(columns, demanded.postings)
            self._folder.publish(edition, keep=keep)
        self._published = True
        return edition

    def _teach(self, place: Path) -> None:
        """Write what the records of this edition teach; where few of them changed, that is what the last one taught."""
        last = self._before_taught
        before = Evidence.open(last) if last else Evidence.none()
        evidence = self._said.evidence(before, self._columns.numbers)
        worth = last is None or evidence.is_worth_learning
        evidence.save(place, learnt=worth)
        names = TaughtNames.of(learn(evidence, lexicon())) if worth or last is None else TaughtNames.open(last)
        names.save(place)

    def _describe(self, columns: Columns, postings: Postings) -> Edition:
        updated = int(columns.flat["updated"].max())
        return Edition(
            number=self._number,
            made=datetime.now(UTC).isoformat(timespec="seconds"),
            studies=len(columns),
            sources=self._documents.sources([int(row) for row in columns.flat["version"]]),
            updated=date_text(updated),
            index=index_format(),
            layout=layout(),
            compiler=self._compiler,
            compiled=len(postings),
        )

    def _show(self, study: Study, document: bytes, row: int, *, instead: bool) -> None:
        """Put a study, whose *document* is in this row, into index and columns."""
        if instead:
            self._index.remove(study.number)
        naming, brief = read_naming(study)
        self._index.add(study, read_json(document), brief.topics())
        self._tellings.add(study, naming, number_code(study.number))
        self._columns.add(study, row)
        self._said.add(study, number_code(study.number))
