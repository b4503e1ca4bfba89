"""Criteria compile as studies come in: in this process for a few, in others for many."""

from __future__ import annotations

import io
import signal
from pathlib import Path

import pytest

from equipoise.criteria.compile import compile_criteria
from equipoise.errors import LibraryDamaged
from equipoise.find.compiled import mark_for, unpack
from equipoise.intake import compile as compiling
from equipoise.intake.compile import FEW, Compiler, compile_text, pack, work
from equipoise.store.editions import Folder
from equipoise.store.vocabularies import keep_vocabulary, library_lexicon
from equipoise.terms.lexicon import Code, Concept
from equipoise.terms.vocabulary import Vocabulary
from unit.store.made import document, library

TEXT = (
    "Inclusion Criteria:\r\n\r\n* Age ≥ 18 years\r\n* One of:\r\n  * stroke\r\n  * GCS \\<9\r\n\r\n"
    "Exclusion Criteria:\r\n\r\n* 2×109 /L platelets or oddness"
)

KITES = Vocabulary("mesh", "a.xml", (Concept("condition", "kitosis", (Code("mesh", "D9"),), ("kite malady",)),), {})


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Return the folder of a library that is not there yet."""
    return Folder(tmp_path / "library")


def test_what_is_stored_comes_back() -> None:
    """Every field of every criterion, nested ones too."""
    criteria = compile_criteria(TEXT)
    assert unpack(pack(criteria), TEXT) == list(criteria)
    assert compile_text(TEXT).criteria == pack(criteria)


def test_searches_and_loads_speak_of_the_same_compiler(tmp_path: Path) -> None:
    """What a load stored, a reader finds; a vocabulary changes the mark of both."""
    opened = library(tmp_path, document())
    before = mark_for(opened)
    assert Compiler(opened.folder).mark == before
    keep_vocabulary(opened.folder, KITES)
    assert Compiler(opened.folder).mark == mark_for(opened) != before


@pytest.mark.parametrize("workers", [1, 2])
def test_a_librarys_vocabulary_is_used(folder: Folder, workers: int) -> None:
    """In this process and in others."""
    texts = [(number, f"Exclusion Criteria:\n\n* Kite malady, or age > {number} years") for number in range(FEW + 1)]
    assert "condition|kitosis" not in str([made for _, made in Compiler(folder, workers).compile(iter(texts))])
    keep_vocabulary(folder, KITES)
    made = list(Compiler(folder, workers).compile(iter(texts)))
    assert made == [(number, compile_text(text, library_lexicon(folder))) for number, text in texts]
    assert all("condition|kitosis" in {one.concept for one in found.literals} for _, found in made)


def test_a_damaged_vocabulary_is_told_before_others_start(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it would be told as a process that has ended."""
    monkeypatch.setattr(compiling, "_Worker", None)
    keep_vocabulary(folder, KITES)
    (folder.path / "vocabularies" / "mesh.json.gz").write_bytes(b"letters")
    with pytest.raises(LibraryDamaged, match="The vocabulary cannot be read"):
        list(Compiler(folder, 2).compile((number, "stroke") for number in range(FEW)))


def test_only_answered_criteria_demand_something() -> None:
    """A nested one is in the rule of the one that holds it."""
    named = {one.concept for one in compile_text(TEXT).literals}
    assert "condition|stroke" in named
    assert len([one for one in compile_text(TEXT).literals if one.concept == "condition|stroke"]) == 1


def test_many_texts_are_compiled_in_other_processes_and_come_back_in_order(folder: Folder) -> None:
    """As they would be in this one."""
    texts = [(number, f"Inclusion Criteria:\n\n* Age ≥ {number % 90} years") for number in range(FEW + 70)]
    assert list(Compiler(folder, 2).compile(iter(texts))) == [(number, compile_text(text)) for number, text in texts]


def test_few_texts_need_no_other_process(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting one would take longer."""
    monkeypatch.setattr(compiling, "_Worker", None)
    assert [key for key, _ in Compiler(folder, 2).compile(iter([(7, "stroke"), (8, "")]))] == [7, 8]
    assert list(Compiler(folder, 2).compile(iter([]))) == []


def test_one_core_does_all_by_itself(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are."""
    monkeypatch.setattr(compiling, "_Worker", None)
    assert len(list(Compiler(folder, 1).compile((number, "stroke") for number in range(FEW + 5)))) == FEW + 5


def test_a_worker_that_is_gone_is_told(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The load then says that the edition cannot be written, and why."""
    monkeypatch.setattr(compiling.sys, "executable", "true")
    with pytest.raises(OSError, match=r"a process that compiles criteria has ended|Broken pipe"):
        list(Compiler(folder, 2).compile((number, "stroke") for number in range(FEW)))


def test_a_worker_ends_with_its_input(folder: Folder) -> None:
    """Also where that breaks off within a message."""
    before = signal.getsignal(signal.SIGINT)
    try:
        for given in (b"", b"\x09\x00", b"\x09\0\0\0\0\0\0\0abc"):
            answers = io.BytesIO()
            work(io.BytesIO(given), answers, folder)
            assert answers.getvalue() == b""
    finally:
        signal.signal(signal.SIGINT, before)
