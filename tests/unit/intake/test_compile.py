"""Criteria compile as studies come in: in this process for a few, in others for many."""

from __future__ import annotations

import io
import signal

import pytest

from equipoise.criteria.compile import compile_criteria
from equipoise.find.compiled import MARK, unpack
from equipoise.intake import compile as compiling
from equipoise.intake.compile import FEW, Compiler, compile_text, pack, work

TEXT = (
    "Inclusion Criteria:\r\n\r\n* Age ≥ 18 years\r\n* One of:\r\n  * stroke\r\n  * GCS \\<9\r\n\r\n"
    "Exclusion Criteria:\r\n\r\n* 2×109 /L platelets or oddness"
)


def test_what_is_stored_comes_back() -> None:
    """Every field of every criterion, nested ones too."""
    criteria = compile_criteria(TEXT)
    assert unpack(pack(criteria), TEXT) == list(criteria)
    assert compile_text(TEXT).criteria == pack(criteria)


def test_searches_and_loads_speak_of_the_same_compiler() -> None:
    """What a load stored, a reader finds."""
    assert Compiler.mark == MARK


def test_only_answered_criteria_demand_something() -> None:
    """A nested one is in the rule of the one that holds it."""
    named = {one.concept for one in compile_text(TEXT).literals}
    assert "condition|stroke" in named
    assert len([one for one in compile_text(TEXT).literals if one.concept == "condition|stroke"]) == 1


def test_many_texts_are_compiled_in_other_processes_and_come_back_in_order() -> None:
    """As they would be in this one."""
    texts = [(number, f"Inclusion Criteria:\n\n* Age ≥ {number % 90} years") for number in range(FEW + 70)]
    assert list(Compiler(2).compile(iter(texts))) == [(number, compile_text(text)) for number, text in texts]


def test_few_texts_need_no_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting one would take longer."""
    monkeypatch.setattr(compiling, "_Worker", None)
    assert [key for key, _ in Compiler(2).compile(iter([(7, "stroke"), (8, "")]))] == [7, 8]
    assert list(Compiler(2).compile(iter([]))) == []


def test_one_core_does_all_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are."""
    monkeypatch.setattr(compiling, "_Worker", None)
    assert len(list(Compiler(1).compile((number, "stroke") for number in range(FEW + 5)))) == FEW + 5


def test_a_worker_that_is_gone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The load then says that the edition cannot be written, and why."""
    monkeypatch.setattr(compiling.sys, "executable", "true")
    with pytest.raises(OSError, match=r"a process that compiles criteria has ended|Broken pipe"):
        list(Compiler(2).compile((number, "stroke") for number in range(FEW)))


def test_a_worker_ends_with_its_input() -> None:
    """Also where that breaks off within a message."""
    before = signal.getsignal(signal.SIGINT)
    try:
        for given in (b"", b"\x09\x00", b"\x09\0\0\0\0\0\0\0abc"):
            answers = io.BytesIO()
            work(io.BytesIO(given), answers)
            assert answers.getvalue() == b""
    finally:
        signal.signal(signal.SIGINT, before)
