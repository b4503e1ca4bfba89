"""Vocabularies live in the library, and its lexicon knows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from equipoise.errors import LibraryBusy, LibraryDamaged
from equipoise.store.editions import Folder
from equipoise.store.lock import take_lock
from equipoise.store.vocabularies import keep_vocabulary, library_lexicon, vocabularies, vocabularies_mark
from equipoise.terms.lexicon import Code, Concept, lexicon
from equipoise.terms.vocabulary import Vocabulary

KITE = Concept("condition", "kite fever", (Code("mesh", "D990001"),), ("kite disease",))
OURS = Vocabulary("mesh", "desc.xml", (KITE,), {"kite fever": ("infection",)}, left_out=3)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "library")


def test_what_is_kept_is_read_back(folder: Folder) -> None:
    """A vocabulary survives, whole."""
    keep_vocabulary(folder, OURS)
    assert vocabularies(folder) == [OURS]


def test_the_librarys_lexicon_knows_it(folder: Folder) -> None:
    """Names and classes are found; without a vocabulary the lexicon is the one that ships."""
    assert library_lexicon(folder) is lexicon()
    keep_vocabulary(folder, OURS)
    assert library_lexicon(folder).find("kite disease") == KITE
    assert library_lexicon(folder).is_a("kite fever", "infection")
    assert library_lexicon(folder) is library_lexicon(folder)


def test_one_of_the_same_source_is_replaced(folder: Folder) -> None:
    """Next year's edition takes the place of this year's, and the mark says that something changed."""
    assert vocabularies_mark(folder) == ""
    keep_vocabulary(folder, OURS)
    before = vocabularies_mark(folder)
    keep_vocabulary(folder, Vocabulary("mesh", "next.xml", (), {}))
    assert [one.file for one in vocabularies(folder)] == ["next.xml"]
    assert vocabularies_mark(folder) not in ("", before)


def test_the_same_vocabulary_is_the_same_file(folder: Folder) -> None:
    """No clock and no name of a machine gets into the file."""
    keep_vocabulary(folder, OURS)
    before = vocabularies_mark(folder)
    keep_vocabulary(folder, OURS)
    assert vocabularies_mark(folder) == before


def test_a_second_writer_is_told_so(folder: Folder) -> None:
    """A vocabulary is not added while a load runs."""
    lock = take_lock(folder)
    try:
        with pytest.raises(LibraryBusy):
            keep_vocabulary(folder, OURS)
    finally:
        lock.release()


@pytest.mark.parametrize("damage", [b"", b"letters", b"\x1f\x8b\x08\x00"])
def test_a_damaged_file_says_what_to_do(folder: Folder, damage: bytes) -> None:
    """The message names the file and the repair."""
    keep_vocabulary(folder, OURS)
    path = folder.path / "vocabularies" / "mesh.json.gz"
    path.write_bytes(damage)
    with pytest.raises(LibraryDamaged, match=r"The vocabulary cannot be read .*\n.*equipoise vocabulary add"):
        vocabularies(folder)


def test_a_file_that_cannot_be_opened_says_so_too(folder: Folder) -> None:
    """Also where only its mark is asked for."""
    (folder.path / "vocabularies" / "mesh.json.gz").mkdir(parents=True)
    for read in (vocabularies, library_lexicon, vocabularies_mark):
        with pytest.raises(LibraryDamaged, match="The vocabulary cannot be read"):
            read(folder)
