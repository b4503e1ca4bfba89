"""An edition keeps the names that its records teach, and what they were learnt from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from equipoise.intake.opening import open_library
from equipoise.sources.ctgov import read_study
from equipoise.store.evidence import Evidence
from equipoise.store.packed import PackedRows
from equipoise.store.rebuild import rebuild
from equipoise.store.taught import Lesson, TaughtNames
from unit.store.made import FIRST, SECOND, THIRD, document, library, write


def record(number: str, sponsor: str, *names: str) -> bytes:
    given: dict[str, Any] = {"type": "DRUG", "name": names[0], "otherNames": list(names[1:])}
    return document(
        number,
        sponsorCollaborators={"leadSponsor": {"name": sponsor}},
        armsInterventions={"interventions": [given]},
    )


def things(folder: Path, key: str) -> list[str]:
    row = open_library(folder).taught.find(key)
    return [one.name for one in row.things] if row else []


def test_names_are_found_by_their_keys_alone(tmp_path: Path) -> None:
    """A name finds its thing, the thing its names, most said first; a part of a name finds nothing."""
    names = TaughtNames.of(
        [
            Lesson("Zorba Forte", "cisplatin", 2, 2),
            Lesson("Fizzle", "cisplatin", 9, 3),
            Lesson("Wobble", "etoposide", 1, 1),
        ]
    )
    names.save(tmp_path / "taught")
    opened = TaughtNames.open(tmp_path / "taught")
    row = opened.find("cisplatin")
    assert row is not None and [one.name for one in row.names] == ["Fizzle", "Zorba Forte"]
    assert opened.find("zorba") is None
    found = opened.longest(["zorba", "forte", "trial"], 0)
    assert found is not None and found[1] == 2


def test_a_library_learns_with_each_edition(tmp_path: Path) -> None:
    """The second sponsor that says so makes it a name; a changed record takes it back."""
    write(tmp_path, record(FIRST, "A", "cisplatin", "Zorbacis"))
    assert things(tmp_path, "zorbacis") == []
    write(tmp_path, record(SECOND, "B", "cisplatin", "Zorbacis"))
    assert things(tmp_path, "zorbacis") == ["cisplatin"]
    write(tmp_path, record(SECOND, "B", "cisplatin", "Fizzle"))
    assert things(tmp_path, "zorbacis") == []


def test_a_rebuilt_library_knows_the_same(tmp_path: Path) -> None:
    """What is learnt depends on the records, not on the way to them."""
    write(tmp_path, record(FIRST, "A", "cisplatin", "Zorbacis"))
    write(tmp_path, record(SECOND, "B", "cisplatin", "Zorbacis"), record(THIRD, "C", "cis-platinum"))
    folder = open_library(tmp_path).folder
    before = {file.name: file.read_bytes() for file in sorted((folder.edition(2) / "taught").iterdir())}
    rebuild(tmp_path, read_study)
    after = {file.name: file.read_bytes() for file in sorted((folder.edition(3) / "taught").iterdir())}
    assert before == after


def test_few_changes_of_many_wait() -> None:
    """Where next to nothing changed names are not learnt anew, and what changed is counted until they are."""
    many = Evidence.none().changed(np.zeros(0, np.uint32), dict.fromkeys(range(1000), b"\x90"))
    learnt = Evidence(many.studies, PackedRows.of([b"\x90"] * 1000))
    few = learnt.changed(np.array([1, 2, 5000]), {1: b"\x90", 5000: b"\x90"})
    assert (few.waiting, few.is_worth_learning, len(few)) == (3, False, 1000)
    more = few.changed(np.arange(10, 20), dict.fromkeys(range(10, 20), b"\x90"))
    assert (more.waiting, more.is_worth_learning) == (13, True)


def test_what_is_given_beside_a_drug_is_no_name_of_it(tmp_path: Path) -> None:
    """A list that names another intervention of the study is none of names."""
    both = [{"type": "DRUG", "name": "cisplatin", "otherNames": ["ZQX-12345"]}, {"type": "DRUG", "name": "ZQX-12345"}]
    made = library(tmp_path, document(FIRST, armsInterventions={"interventions": both}))
    assert made.taught.find("zqx 12345") is None
