"""Rules in columns: kept with each edition, followed by study, made again where they lack, and checked."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from equipoise.errors import LibraryDamaged
from equipoise.intake.opening import open_library
from equipoise.rules.interned import NOT_UNDERSTOOD
from equipoise.rules.nodes import All, AnyOf, ConceptRef, Left, Not, Predicate, Rule
from equipoise.sources.ctgov import read_study
from equipoise.store.check import check
from equipoise.store.compiling import Compiling
from equipoise.store.library import Library
from equipoise.store.rebuild import rebuild
from equipoise.store.recompile import is_compiled, recompile
from equipoise.store.rule_columns import Answered, RuleColumns, RuleColumnsBuilder, RuleComparison
from equipoise.store.writer import LibraryWriter
from unit.store.made import FIRST, SECOND, THIRD, entry
from unit.store.test_compiled import Words, study


def _word(word: str) -> Rule:
    return Predicate(kind="condition", concept=ConceptRef(word.lower()))


def _read_rules(packed: bytes, text: str) -> Iterator[Answered]:
    """Give what `Words` packs: each word of a text is a criterion, and all of them the last one."""
    words = [_word(word) for word in packed.decode().split()]
    assert packed.decode() == text.upper()
    yield from (Answered(f"E{place}", rule) for place, rule in enumerate(words, start=1))
    yield Answered(f"I{len(words) + 1}", All(tuple(words)))


def how(compiler: Words, *, every: bool = False, rules: bool = True) -> Compiling:
    def read_text(data: bytes) -> str:
        return read_study(data).eligibility.eligibility_criteria or ""

    return Compiling(compiler, read_text, every=every, read_rules=_read_rules if rules else None)


def load(folder: Path, *documents: bytes, rules: bool = True) -> Library:
    with LibraryWriter(folder, compiling=how(Words(), rules=rules)) as writer:
        for one in documents:
            writer.add(entry(one))
        writer.publish()
    return open_library(folder)


def ids(library: Library) -> dict[int, list[str]]:
    """Return the ids of each study's criteria."""
    studies = library.rules.studies.tolist()
    return {number: [name for name, *_ in library.rules.of_study(number) or ()] for number in studies}


def faults(folder: Path) -> list[tuple[str, str]]:
    return [(one.where, one.problem) for one in check(folder, read_study, read_rules=_read_rules).faults]


def test_an_edition_has_the_rules_of_its_compiled_studies(tmp_path: Path) -> None:
    """In the order of the text; a study that nobody can join has none until all are compiled."""
    library = load(tmp_path, study(FIRST, "tea milk"), study(SECOND, "salt", "COMPLETED"), study(THIRD, "tea"))
    assert ids(library) == {99000901: ["E1", "E2", "I3"], 99000903: ["E1", "I2"]}
    # One word is one predicate, and all of one thing is that thing.
    assert len({rule for number in (99000901, 99000903) for _, rule, _ in library.rules.of_study(number) or ()}) == 3
    recompile(tmp_path, how(Words(), every=True))
    assert ids(open_library(tmp_path))[99000902] == ["E1", "I2"]
    assert faults(tmp_path) == []


def test_rules_follow_a_study_that_changes(tmp_path: Path) -> None:
    """A reader of the edition before keeps the rules that it had, its words included."""
    before = load(tmp_path, study(FIRST, "tea milk"), study(SECOND, "tea"))
    load(tmp_path, study(FIRST, "salt", updated="2024-02-01"))
    after = load(tmp_path, study(FIRST, "salt water", updated="2024-03-01"))
    assert not before.folder.edition(1).exists()
    assert (ids(before)[99000901], before.rules.words["concept"][1]) == (["E1", "E2", "I3"], '["tea",{}]')
    assert ids(after) == {99000901: ["E1", "E2", "I3"], 99000902: ["E1", "I2"]}
    assert len(after.rules.arrays["leaves"]) == 2 + len({"tea", "salt", "water"})
    assert faults(tmp_path) == []


@pytest.mark.parametrize("without", ["no folder", "no reader"])
def test_rules_that_an_edition_lacks_are_made_with_the_next(tmp_path: Path, without: str) -> None:
    """An earlier version wrote none; what was compiled is read back, and nothing compiled again."""
    library = load(tmp_path, study(FIRST, "tea"), study(SECOND, "milk"), rules=without == "no folder")
    if without == "no folder":
        place = library.folder.edition(1)
        shutil.rmtree(place / "rules")
        (place / "files.json").unlink()
    assert (len(open_library(tmp_path).rules), faults(tmp_path)) == (0, [])
    compiler = Words()
    assert not is_compiled(open_library(tmp_path), how(compiler))
    recompile(tmp_path, how(compiler))
    assert ids(open_library(tmp_path)) == {99000901: ["E1", "I2"], 99000902: ["E1", "I2"]}
    assert compiler.given == []


def test_rebuild_makes_rules_anew(tmp_path: Path) -> None:
    """From what is stored, whatever became of the files."""
    library = load(tmp_path, study(FIRST, "tea"))
    (library.folder.edition(1) / "rules" / "leaves.npy").write_bytes(b"")
    with pytest.raises(LibraryDamaged, match=r"rules/leaves\.npy"):
        open_library(tmp_path)
    rebuild(tmp_path, read_study, compiling=how(Words()))
    assert ids(open_library(tmp_path)) == {99000901: ["E1", "I2"]}


def _changed(folder: Path, name: str, array: np.ndarray) -> None:
    np.save(folder / "editions" / "000001" / "rules" / f"{name}.npy", array)
    (folder / "editions" / "000001" / "files.json").unlink(missing_ok=True)


def test_a_check_finds_rules_that_are_not_those_of_the_criteria(tmp_path: Path) -> None:
    """By comparing each study's with what its text compiled to."""
    library = load(tmp_path, study(FIRST, "tea milk"), study(SECOND, "milk"))
    criteria = library.rules.arrays["criteria"].copy()
    criteria["rule"][0] = criteria["rule"][1]
    _changed(tmp_path, "criteria", criteria)
    assert faults(tmp_path) == [(FIRST, "Its rules in columns differ from the compiled criteria")]


def test_a_check_finds_rules_that_are_not_made_as_they_are(tmp_path: Path) -> None:
    """Words and parts that are not there, offsets that do not fit."""
    library = load(tmp_path, study(FIRST, "tea milk"))
    arrays = {name: array.copy() for name, array in library.rules.arrays.items()}
    arrays["leaves"]["unit"][2] = 9
    arrays["parts"][0] = 99
    for name in ("leaves", "parts"):
        _changed(tmp_path, name, arrays[name])
    assert faults(tmp_path) == [
        ("rules", "A code of unit has no word"),
        ("rules", "A rule names one that is not there"),
    ]
    _changed(tmp_path, "offsets", np.array([0, 9]))
    assert faults(tmp_path)[1:] == [("rules", "The offsets do not fit the values")]


def test_columns_of_another_layout_are_none(tmp_path: Path) -> None:
    """They are made anew, not misread."""
    RuleColumns.none().save(tmp_path / "rules")
    (tmp_path / "rules" / "names.json").write_bytes(b'{"layout":0,"words":{}}')
    assert len(RuleColumns.open(tmp_path / "rules")) == 0
    assert len(RuleColumns.open(tmp_path / "nowhere")) == 0


def test_columns_with_other_fields_are_refused(tmp_path: Path) -> None:
    """Rather than misread."""
    RuleColumns.none().save(tmp_path / "rules")
    np.save(tmp_path / "rules" / "nodes.npy", np.zeros(3, [("op", "u1")]))
    with pytest.raises(ValueError, match="the nodes of its rules have other fields"):
        RuleColumns.open(tmp_path / "rules")


def test_a_strange_id_is_refused() -> None:
    """Only parentless criteria are answered."""
    with pytest.raises(ValueError, match=r"not the id of a criterion that is answered: 'I3\.1'"):
        RuleColumnsBuilder(None).add(1, [Answered("I3.1", None)])


def test_rules_that_always_answer_alike_are_one() -> None:
    """What was not understood, however it is nested; the order of parts; all of all."""
    tea, milk, left = _word("tea"), _word("milk"), Left((0, 3))
    builder = RuleColumnsBuilder(None)
    doubted = All((AnyOf((tea, left)), left))  # the compiler's own way to say that nobody can tell
    assert [builder.number(one) for one in (None, left, Not(left), doubted)] == [NOT_UNDERSTOOD] * 4
    assert builder.number(All((tea, All((milk, tea))))) == builder.number(All((milk, tea)))
    assert builder.number(AnyOf((tea, milk, tea))) == builder.number(AnyOf((milk, tea)))
    # A denial of a denial forgets when an unknown answer turns.
    assert builder.number(Not(Not(tea))) != builder.number(tea)


def test_what_a_criterion_asks_a_person_is_compared(tmp_path: Path) -> None:
    """Columns by which a criterion asks for consent differ from those by which it does not."""
    builder = RuleColumnsBuilder(None)
    builder.add(99000901, [Answered("I1", None, 1)])
    comparison = RuleComparison(builder.columns())
    assert not comparison.differs(99000901, [Answered("I1", None, 1)])
    assert comparison.differs(99000901, [Answered("I1", None, 0)])
