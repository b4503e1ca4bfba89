"""Compiled criteria in the library: stored by text, followed by edition, never worse than missing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from equipoise.intake.opening import open_library
from equipoise.sources.ctgov import read_study
from equipoise.store.check import check
from equipoise.store.compiled import CompiledText, CompiledTexts, CompiledWriter, digest_of
from equipoise.store.compiling import Compiling
from equipoise.store.demands import Literal
from equipoise.store.library import Library
from equipoise.store.postings import Postings, read_back
from equipoise.store.rebuild import compact, rebuild
from equipoise.store.recompile import is_compiled, recompile
from equipoise.store.writer import LibraryWriter
from unit.store.made import FIRST, SECOND, THIRD, document, entry


class Words:
    """A compiler whose criteria are a text's words, and which counts what it is given."""

    def __init__(self, mark: str = "words-1") -> None:
        self.mark = mark
        self.given: list[str] = []

    def compile(self, texts: Iterable[tuple[int, str]]) -> Iterator[tuple[int, CompiledText]]:
        """Yield the words of each text as what it demands."""
        for key, text in texts:
            self.given.append(text)
            words = (self._literal(place, word) for place, word in enumerate(text.split()))
            yield key, CompiledText(text.upper().encode(), tuple(words))

    @staticmethod
    def _literal(place: int, word: str) -> Literal:
        return Literal(place, 0, 1, True, f"condition|{word}", "present", None, None, "", "", "", "")


def how(compiler: Words, *, every: bool = False) -> Compiling:
    return Compiling(compiler, lambda data: read_study(data).eligibility.eligibility_criteria or "", every=every)


def study(number: str, text: str, status: str | None = "RECRUITING", updated: str = "2024-01-01") -> bytes:
    state = {"overallStatus": status} if status else {}
    return document(number, eligibility={"eligibilityCriteria": text}, status=state, updated=updated)


def load(folder: Path, compiler: Words, *documents: bytes) -> Library:
    with LibraryWriter(folder, compiling=how(compiler)) as writer:
        for one in documents:
            writer.add(entry(one))
        writer.publish()
    return open_library(folder)


def demanded(library: Library) -> dict[int, list[str]]:
    """Return the words that each compiled study demands."""
    return {
        number: sorted(one.concept.partition("|")[2] for one in literals)
        for number, literals in read_back(library.postings)
    }


def test_open_coming_and_silent_studies_are_compiled_as_they_come_in(tmp_path: Path) -> None:
    """A completed one is not, until it is asked for."""
    compiler = Words()
    library = load(
        tmp_path, compiler, study(FIRST, "tea"), study(SECOND, "milk", "COMPLETED"), study(THIRD, "salt", None)
    )
    assert demanded(library) == {99000901: ["tea"], 99000903: ["salt"]}
    assert (library.edition.compiler, library.edition.compiled) == ("words-1", 2)
    assert library.compiled.find("tea", "words-1").criteria == b"TEA"
    assert library.compiled.find("milk", "words-1") is None
    edition = recompile(tmp_path, how(compiler, every=True))
    assert (edition.compiled, demanded(open_library(tmp_path))[99000902]) == (3, ["milk"])


def test_a_text_is_compiled_once(tmp_path: Path) -> None:
    """Whichever studies and editions have it."""
    compiler = Words()
    load(tmp_path, compiler, study(FIRST, "tea"))
    load(tmp_path, compiler, study(SECOND, "tea"), study(THIRD, "milk"))
    assert compiler.given == ["tea", "milk"]


def test_a_changed_text_is_compiled_anew(tmp_path: Path) -> None:
    """And what it demanded before is gone; a reader of the edition before still has that."""
    before = load(tmp_path, Words(), study(FIRST, "tea"), study(SECOND, "milk"))
    after = load(tmp_path, Words(), study(FIRST, "salt water", updated="2024-02-01"))
    assert demanded(before) == {99000901: ["tea"], 99000902: ["milk"]}
    assert demanded(after) == {99000901: ["salt", "water"], 99000902: ["milk"]}


def test_a_study_that_was_compiled_stays_so_when_it_changes(tmp_path: Path) -> None:
    """Though nobody can join it any more."""
    load(tmp_path, Words(), study(FIRST, "tea"))
    after = load(tmp_path, Words(), study(FIRST, "salt", "COMPLETED", updated="2024-02-01"))
    assert demanded(after) == {99000901: ["salt"]}


def test_a_load_that_was_given_an_older_version_keeps_the_current_text(tmp_path: Path) -> None:
    """The postings follow the current version."""
    load(tmp_path, Words(), study(FIRST, "tea", updated="2024-02-01"))
    after = load(tmp_path, Words(), study(FIRST, "salt", updated="2024-01-01"))
    assert demanded(after) == {99000901: ["tea"]}


def test_another_compiler_makes_all_anew(tmp_path: Path) -> None:
    """As soon as the library is written again."""
    first = load(tmp_path, Words(), study(FIRST, "tea"), study(SECOND, "milk", "COMPLETED"))
    recompile(tmp_path, how(Words(), every=True))
    newer = Words("words-2")
    assert not is_compiled(open_library(tmp_path), how(newer))
    library = load(tmp_path, newer, study(THIRD, "salt"))
    assert sorted(newer.given) == ["milk", "salt", "tea"]
    assert (library.edition.compiler, library.edition.compiled) == ("words-2", 3)
    assert is_compiled(library, how(newer))
    assert first.compiled.find("tea", "words-1") is not None


def test_a_study_without_criteria_is_compiled(tmp_path: Path) -> None:
    """It demands nothing, which is an answer."""
    compiler = Words()
    library = load(tmp_path, compiler, document(FIRST))
    assert (demanded(library), compiler.given) == ({99000901: []}, [])


def test_a_writer_that_compiles_nothing_keeps_what_is_compiled(tmp_path: Path) -> None:
    """Of studies that it does not touch."""
    load(tmp_path, Words(), study(FIRST, "tea"), study(SECOND, "milk"))
    with LibraryWriter(tmp_path) as writer:
        writer.add(entry(study(FIRST, "salt", updated="2024-02-01")))
        writer.publish()
    library = open_library(tmp_path)
    assert (demanded(library), library.edition.compiler) == ({99000902: ["milk"]}, "words-1")


def test_a_load_that_failed_shows_nothing(tmp_path: Path) -> None:
    """What it compiled lies ready for the next."""

    class Fails(Words):
        def compile(self, texts: Iterable[tuple[int, str]]) -> Iterator[tuple[int, CompiledText]]:
            yield from super().compile(list(texts)[:1])
            raise OSError(28, "No space left on device")

    load(tmp_path, Words(), study(FIRST, "tea"))
    from equipoise.errors import LibraryError

    with pytest.raises(LibraryError):
        load(tmp_path, Fails(), study(SECOND, "milk"), study(THIRD, "salt"))
    assert demanded(open_library(tmp_path)) == {99000901: ["tea"]}
    compiler = Words()
    library = load(tmp_path, compiler, study(SECOND, "milk"), study(THIRD, "salt"))
    assert demanded(library) == {99000901: ["tea"], 99000902: ["milk"], 99000903: ["salt"]}
    assert compiler.given == ["salt"]


def test_rebuild_makes_the_postings_from_what_is_stored(tmp_path: Path) -> None:
    """And compiles what is not."""
    load(tmp_path, Words(), study(FIRST, "tea"), study(SECOND, "milk"))
    with sqlite3.connect(tmp_path / "criteria.sqlite") as connection:
        connection.execute("DELETE FROM compiled WHERE digest = ?", (digest_of("tea"),))
    compiler = Words()
    rebuild(tmp_path, read_study, compiling=how(compiler))
    assert demanded(open_library(tmp_path)) == {99000901: ["tea"], 99000902: ["milk"]}
    assert compiler.given == ["tea"]


def test_a_library_that_is_opened_does_not_wait_for_its_criteria(tmp_path: Path) -> None:
    """Where its index must be made anew, what is stored is taken, and nothing is compiled."""
    load(tmp_path, Words(), study(FIRST, "tea"), study(SECOND, "milk"))
    with sqlite3.connect(tmp_path / "criteria.sqlite") as connection:
        connection.execute("DELETE FROM compiled WHERE digest = ?", (digest_of("tea"),))
    compiler = Words()
    stored = Compiling(compiler, how(compiler)._read_text, stored_only=True)
    rebuild(tmp_path, read_study, compiling=stored)
    assert (demanded(open_library(tmp_path)), compiler.given) == ({99000902: ["milk"]}, [])
    recompile(tmp_path, how(compiler))
    assert (demanded(open_library(tmp_path)), compiler.given) == ({99000901: ["tea"], 99000902: ["milk"]}, ["tea"])


@pytest.mark.parametrize("content", [b"", b"No database at all." * 500])
def test_a_file_of_criteria_that_is_broken_costs_nothing(tmp_path: Path, content: bytes) -> None:
    """Readers find no row in it; the next writer makes it anew."""
    load(tmp_path, Words(), study(FIRST, "tea"))
    (tmp_path / "criteria.sqlite").write_bytes(content)
    library = open_library(tmp_path)
    assert (library.compiled.find("tea", "words-1"), demanded(library)) == (None, {99000901: ["tea"]})
    rebuild(tmp_path, read_study, compiling=how(Words()))
    assert open_library(tmp_path).compiled.find("tea", "words-1").criteria == b"TEA"


def test_a_row_that_decayed_is_a_row_that_is_missing(tmp_path: Path) -> None:
    """Its checksum tells."""
    writer = CompiledWriter(tmp_path, "words-1")
    writer.put("tea", CompiledText(b"TEA", ()))
    writer.close()
    with sqlite3.connect(tmp_path / "criteria.sqlite") as connection:
        (made,) = connection.execute("SELECT made FROM compiled").fetchone()
        broken = made[:-1] + bytes([made[-1] ^ 1])
        connection.execute("UPDATE compiled SET made = ?", (broken,))
    assert CompiledTexts(tmp_path).find("tea", "words-1") is None
    assert list(CompiledTexts(tmp_path).check()) == ["Rows that are not what was written: 1"]


def test_compact_keeps_what_is_current(tmp_path: Path) -> None:
    """Texts that no study has any more, and other compilers' rows, go."""
    load(tmp_path, Words("words-0"), study(FIRST, "tea"), study(SECOND, "milk"))
    load(tmp_path, Words(), study(FIRST, "salt", updated="2024-02-01"))
    compact(tmp_path, read_study, compiling=how(Words()))
    with sqlite3.connect(tmp_path / "criteria.sqlite") as connection:
        rows = set(connection.execute("SELECT digest, compiler FROM compiled"))
    assert rows == {(digest_of("salt"), "words-1"), (digest_of("milk"), "words-1")}
    assert demanded(open_library(tmp_path)) == {99000901: ["salt"], 99000902: ["milk"]}


def _faults(folder: Path) -> list[tuple[str, str]]:
    return [(fault.where, fault.problem) for fault in check(folder, read_study).faults]


def test_a_check_finds_criteria_that_are_missing(tmp_path: Path) -> None:
    """And those that demand something else than the postings say."""
    load(tmp_path, Words(), study(FIRST, "tea"), study(SECOND, "milk"))
    assert _faults(tmp_path) == []
    writer = CompiledWriter(tmp_path, "words-1")
    writer.put("tea", CompiledText(b"TEA", ()))
    writer._connection.execute("DELETE FROM compiled WHERE digest = ?", (digest_of("milk"),))
    writer.close()
    assert _faults(tmp_path) == [
        (FIRST, "What its criteria demand differs from the compiled criteria"),
        (SECOND, "Its compiled criteria are missing"),
    ]


def test_a_check_finds_postings_that_are_not_made_as_they_are(tmp_path: Path) -> None:
    """Codes without a word, studies that are not there, a wrong order."""
    library = load(tmp_path, Words(), study(FIRST, "tea"), study(SECOND, "milk"))
    place = library.folder.edition(1)
    literals = np.load(place / "criteria" / "literals.npy")
    literals["study"][0] = 7
    literals["unit"][0] = 7
    np.save(place / "criteria" / "literals.npy", literals)
    (place / "files.json").unlink()
    assert _faults(tmp_path) == [
        ("criteria", "A code of unit has no word"),
        ("criteria", "The columns do not have all of its studies"),
    ]


def test_a_missing_file_of_the_postings_is_named(tmp_path: Path) -> None:
    """As any other file of an edition."""
    from equipoise.errors import LibraryDamaged

    library = load(tmp_path, Words(), study(FIRST, "tea"))
    (library.folder.edition(1) / "criteria" / "studies.npy").unlink()
    with pytest.raises(LibraryDamaged, match=r"criteria/studies\.npy"):
        open_library(tmp_path)
    rebuild(tmp_path, read_study, compiling=how(Words()))
    assert demanded(open_library(tmp_path)) == {99000901: ["tea"]}


def test_an_edition_without_postings_has_none(tmp_path: Path) -> None:
    """As one that an earlier version wrote; nothing of it must be migrated."""
    assert len(Postings.open(tmp_path / "criteria")) == 0


def test_postings_of_another_making_are_refused(tmp_path: Path) -> None:
    """Rather than misread."""
    Postings.none().save(tmp_path / "criteria")
    np.save(tmp_path / "criteria" / "literals.npy", np.zeros(3, [("study", "<u4")]))
    with pytest.raises(ValueError, match="the literals have other fields"):
        Postings.open(tmp_path / "criteria")
    (tmp_path / "criteria" / "names.json").write_bytes(b"{")
    with pytest.raises(msgspec.DecodeError):
        Postings.open(tmp_path / "criteria")
