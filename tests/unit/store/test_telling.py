"""An edition keeps what related studies need of each study, as its record says it."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from equipoise.errors import LibraryDamaged
from equipoise.intake.opening import open_library
from equipoise.records.study import Study
from equipoise.sources.ctgov import read_study
from equipoise.store.check import check
from equipoise.store.editions import Folder
from equipoise.store.index import words
from equipoise.store.rebuild import rebuild
from equipoise.store.telling import Tellings, count_words, digest_of, is_telling, read_telling, telling_texts
from unit.store.made import FIRST, SECOND, THIRD, document, library, write

# Marks at which a text may be cut into words otherwise by Python than by the index.
MARKS = [
    " ",
    "\n",
    "\u00a0",
    "\u3000",
    "\x1f",
    "-",
    "/",
    "'",
    "’",
    "_",
    "\u0301",
    "Ⓐ",
    "₂",
    "½",
    "क\u094d",
    "é",
    "ß",
    "İ",
]
SAID = ["asthma", "Asthmatic", "ISCHÆMIA", "TNF", "α-blockers", "24", "patients", "sepsis", "x" * 61]


def plainly(study: Study) -> dict[str, int]:
    """Count the telling words of a study in the plain way: each text cut by the index, one after the other."""
    found: Counter[str] = Counter()
    for text, share in zip(telling_texts(study), (3, 2, 1), strict=True):
        for word, times in Counter(words(text)).items():
            found[word] += share * times
    return {word: times for word, times in found.items() if is_telling(word)}


def check_counts(study: Study) -> None:
    """Compare a study's row with its words counted plainly."""
    telling, said = read_telling(study), plainly(study)
    wanted = np.array(sorted(digest_of(word) for word in said), np.uint32)
    places = {digest: place for place, digest in enumerate(wanted.tolist())}
    counted = {places[digest_of(word)]: times for word, times in said.items()}
    # One row a study: those beside it are not mixed up with it.
    for row in count_words([telling, telling], wanted).tolist():
        assert dict(enumerate(row)) == counted
    assert len(telling) == len(said)


def test_words_are_those_of_the_index() -> None:
    """Whatever stands between words, the row counts those that the index would."""
    chance = random.Random(5)
    for _ in range(500):
        text = "".join(chance.choice(SAID if chance.random() < 0.5 else MARKS) for _ in range(30))
        check_counts(Study(number=FIRST, title=text, summary=text[::-1], conditions=("sepsis",)))


def test_a_word_said_very_often_is_counted_exactly() -> None:
    """Beyond what a byte can tell, too."""
    study = Study(number=FIRST, title="asthma " * 200, summary="asthma sepsis " * 100)
    check_counts(study)
    assert max(plainly(study).values()) == 800


def test_rows_follow_the_studies(tmp_path: Path) -> None:
    """Studies that are added, changed and left have their own rows, in every order, and so they do after a rebuild."""
    write(tmp_path, document(THIRD, "Gout"), document(FIRST, "Asthma"))
    write(tmp_path, document(SECOND, "Sepsis in newborns"), document(THIRD, "Gout and stones", updated="2026-01-02"))
    for _ in range(2):
        found = open_library(tmp_path)
        assert [list(found.tellings[row].naming.own) for row in range(3)] == [["asthma"], ["sepsis"], ["gout"]]
        for row in range(3):
            assert found.tellings[row] == read_telling(found.study_at(row))
        rebuild(tmp_path, read_study)


def test_damage_is_named(tmp_path: Path) -> None:
    """A row that is not what was written is named, with what helps; a check finds it; a file cut short stays shut."""
    library(tmp_path, document(FIRST, "Asthma"), document(SECOND, "Sepsis"))
    folder = Folder(tmp_path).edition(1) / "telling"
    rows = folder / "rows.npy"
    data = rows.read_bytes()
    rows.write_bytes(data[:-20] + b"\xc1" * 20)
    with pytest.raises(LibraryDamaged, match="library rebuild"):
        open_library(tmp_path).tellings[1]
    assert any("telling/rows.npy" in fault.where for fault in check(tmp_path, read_study).faults)
    rows.write_bytes(data[:-20])
    with pytest.raises(LibraryDamaged, match=r"rows\.npy"):
        open_library(tmp_path)
    rebuild(tmp_path, read_study)
    assert not check(tmp_path, read_study).faults


def test_ends_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    """Rows that end elsewhere than their file are not opened."""
    library(tmp_path, document(FIRST, "Asthma"))
    folder = Folder(tmp_path).edition(1) / "telling"
    np.save(folder / "ends.npy", np.array([3], np.uint64))
    with pytest.raises(ValueError, match="do not fit"):
        Tellings.open(folder)


def test_an_edition_of_an_earlier_layout_is_made_anew(tmp_path: Path) -> None:
    """A library without these rows, as earlier versions wrote it, is made anew when it is opened."""
    library(tmp_path, document(FIRST, "Asthma"))
    place = Folder(tmp_path).edition(1)
    said = place / "edition.json"
    layout = open_library(tmp_path).edition.layout
    said.write_text(said.read_text().replace(layout, "2-00000000"))
    for file in (place / "telling").iterdir():
        file.unlink()
    assert len(open_library(tmp_path).tellings) == 1
