"""Check a library: files against their digests, documents against theirs, index and columns against documents."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import msgspec

from equipoise.errors import LibraryBusy, LibraryDamaged, LibraryError
from equipoise.records.published import read_json
from equipoise.records.study import Study
from equipoise.store.columns import Columns, ColumnsBuilder, number_text
from equipoise.store.compare import column_faults, index_faults, posting_faults, rule_faults, unfound, unlike_rows
from equipoise.store.compiled import FILE, CompiledText
from equipoise.store.compiling import RuleReader
from equipoise.store.documents import Documents, Version, is_whole
from equipoise.store.editions import Folder
from equipoise.store.index import Index
from equipoise.store.library import Library, StudyReader
from equipoise.store.lock import take_lock
from equipoise.store.postings import read_back
from equipoise.store.rebuild import Fault, Watch
from equipoise.store.rule_columns import RuleComparison
from equipoise.store.seals import broken_seals
from equipoise.store.telling import Tellings, read_telling

# How many studies are compared at once: enough that numpy is worth its calls.
_CHUNK = 1000


class Report(msgspec.Struct):
    """What a check found. ``notes`` are no faults."""

    studies: int = 0
    versions: int = 0
    faults: list[Fault] = []
    notes: list[str] = []


def _ignore(done: int, total: int) -> None:
    return None


def check(
    path: Path,
    read_study: StudyReader,
    *,
    quick: bool = False,
    read_rules: RuleReader | None = None,
    watch: Watch = _ignore,
) -> Report:
    """Return what is wrong with a library; *quick* leaves out the documents and all digests.

    Without *read_rules* the rules in columns are not compared with the compiled criteria. A library that cannot be
    written is checked as well.

    Raises:
        LibraryBusy: another process is writing.
        LibraryEmpty, LibraryTooNew, LibraryStale: there is nothing to check, or nothing that this version made.
    """
    folder = Folder(path)
    folder.check_format()
    if folder.current() == 0:
        folder.open_edition()
    try:
        lock = take_lock(folder)
    except LibraryBusy:
        raise
    except LibraryError:
        lock = None
    try:
        return _Check(folder, read_study, watch, read_rules).run(quick=quick)
    finally:
        if lock:
            lock.release()


class _Check:
    """One check, and what it has found so far."""

    def __init__(self, folder: Folder, read_study: StudyReader, watch: Watch, read_rules: RuleReader | None) -> None:
        self._folder = folder
        self._edition = folder.current()
        self._place = folder.edition(self._edition)
        self._read_study = read_study
        self._read_rules = read_rules
        self._watch = watch
        self._report = Report()
        self._tellings: Tellings | None = None

    def _fault(self, where: str, problem: str) -> None:
        fault = Fault(where.removeprefix(f"{self._folder.path}/"), problem)
        if fault not in self._report.faults[-1:]:
            self._report.faults.append(fault)

    def run(self, *, quick: bool) -> Report:
        """Check part after part."""
        library = self._opened(quick)
        self._tellings = library.tellings if library else None
        columns = library.columns if library else None
        self._left_over()
        try:
            with closing(Documents(self._folder.documents_of(self._edition))) as documents:
                self._rows(documents, columns)
                if not quick:
                    for problem in documents.check_pages():
                        self._fault(self._folder.documents.name, problem)
                    self._all_documents(documents, columns, library.index if library else None)
                    if library is not None:
                        self._criteria(library)
        except LibraryDamaged as error:
            self._fault(error.where or "", error.problem)
        return self._report

    def _opened(self, quick: bool) -> Library | None:
        """Return the library if its files, columns and index are sound."""
        before = len(self._report.faults)
        try:
            for name, problem in broken_seals(self._place, sizes_only=quick):
                self._fault(f"{self._place}/{name}", problem)
            if len(self._report.faults) > before:
                return None
            library = Library(self._folder.path, self._read_study)
        except LibraryDamaged as error:
            self._fault(error.where or "", error.problem)
            return None
        except (OSError, msgspec.DecodeError) as error:
            self._fault(str(self._place), str(error))
            return None
        for name, problem in column_faults(library.columns):
            self._fault(f"column {name}", problem)
        for problem in index_faults(library.index, library.columns):
            self._fault("index", problem)
        for problem in posting_faults(library.postings, library.columns):
            self._fault("criteria", problem)
        for problem in rule_faults(library.rules, library.columns):
            self._fault("rules", problem)
        if library.edition.studies != len(library):
            self._fault("edition.json", f"{library.edition.studies:,} studies; the columns have {len(library):,}")
        return library if len(self._report.faults) == before else None

    def _left_over(self) -> None:
        for number in self._folder.editions():
            if number > self._edition:
                self._report.notes.append(f"Edition {number} was never published; the next load removes it")

    def _rows(self, documents: Documents, columns: Columns | None) -> None:
        """Check which rows there are."""
        rows = set(documents.rows(self._edition))
        self._report.versions = len(rows)
        if columns is not None:
            self._report.studies = len(columns)
            for row, version in enumerate(columns.flat["version"].tolist()):
                if version not in rows:
                    self._fault(columns.number(row), f"Its document, version {version}, is missing")
        if left := len(documents.rows_after(self._edition)):
            what = "document" if left == 1 else "documents"
            note = f"{left:,} {what} of a load that did not finish; the next load uses or removes them"
            self._report.notes.append(note)

    def _all_documents(self, documents: Documents, columns: Columns | None, index: Index | None) -> None:
        """Read every document; compare index and columns with the current ones."""
        chunk: list[tuple[Study, bytes, int]] = []
        aliases = set(documents.aliases(self._edition))
        done = 0
        for versions in documents.studies(self._edition):
            read = [self._study(documents, version) for version in versions]
            current, number = read[-1], versions[-1].number
            if columns is not None and columns.row(number) is None:
                self._fault(number, "The columns do not have this study")
            elif current is not None:
                chunk.append((*current, versions[-1].id))
                for alias in current[0].aliases:
                    if (alias, number) not in aliases:
                        self._fault(number, f"Its alias {alias} is not known")
            done += len(versions)
            if len(chunk) >= _CHUNK:
                self._compare(chunk, columns, index)
                chunk = []
                self._watch(done, self._report.versions)
        self._compare(chunk, columns, index)
        self._watch(done, self._report.versions)
        if columns is not None:
            for alias, number in sorted(aliases):
                if columns.row(number) is None:
                    self._fault(alias, f"It is an alias of {number}, which is not there")

    def _criteria(self, library: Library) -> None:
        """Check the compiled criteria, and that the postings are what they demand."""
        for problem in library.compiled.check():
            self._fault(FILE, problem)
        rules = RuleComparison(library.rules) if self._read_rules is not None else None
        for code, literals in read_back(library.postings):
            number = number_text(code)
            try:
                text = library.study(number).eligibility.eligibility_criteria or ""
            except (LibraryDamaged, msgspec.DecodeError):
                continue  # told already
            found = library.compiled.find(text, library.edition.compiler) if text.strip() else CompiledText(b"", ())
            if found is None:
                self._fault(number, "Its compiled criteria are missing")
            elif sorted(map(repr, found.literals)) != sorted(map(repr, literals)):
                self._fault(number, "What its criteria demand differs from the compiled criteria")
            elif rules is not None and self._read_rules is not None:
                made = self._read_rules(found.criteria, text) if found.criteria else ()
                if rules.differs(code, made):
                    self._fault(number, "Its rules in columns differ from the compiled criteria")

    def _study(self, documents: Documents, version: Version) -> tuple[Study, bytes] | None:
        """Return the study of a version and its document, or None where its document is not whole."""
        where = f"{version.number}, version {version.id}"
        try:
            document, sidecar = documents.read(version.id)
            if is_whole(version, document, sidecar):
                return self._read_study(document), document
            self._fault(where, "The document is not what was written")
        except LibraryDamaged as error:
            self._fault(where, error.problem)
        except msgspec.DecodeError as error:
            self._fault(where, f"The document cannot be read ({error})")
        return None

    def _compare(self, chunk: list[tuple[Study, bytes, int]], columns: Columns | None, index: Index | None) -> None:
        if not chunk or columns is None or index is None:
            return
        builder = ColumnsBuilder(None)
        for study, _, row in chunk:
            builder.add(study, row)
        for study, _, _ in chunk:
            place = columns.row(study.number)
            if self._tellings is not None and place is not None and self._tellings[place] != read_telling(study):
                self._fault(study.number, "What related studies need of it differs from the document")
        for number, name in unlike_rows(columns, builder.columns()):
            self._fault(number, f"The column {name} differs from the document")
        for number in unfound(index, {study.number: read_json(document) for study, document, _ in chunk}):
            self._fault(number, "The index does not find the study by its words")
