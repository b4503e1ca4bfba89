"""What is saved, and what is new in it since it was last seen."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from equipoise.desk import saved
from equipoise.desk.accounts import add_person
from equipoise.desk.database import Desk, open_desk
from equipoise.desk.people import Person
from equipoise.errors import InputError, NotOnDesk, StudyNotFound
from equipoise.find.parameters import read_query
from equipoise.find.query import Query
from equipoise.intake.load import load
from equipoise.intake.opening import open_library
from equipoise.store.library import Library

NOW = datetime(2026, 1, 15, 9, 40, tzinfo=UTC)
ADA, BOB = Person(1), Person(2, "bob")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = open_desk(tmp_path / "desk")
    assert add_person(desk, "bob", "correct horse battery", NOW) == BOB
    return desk


def library_of(folder: Path, *studies: tuple[int, str, str, str]) -> Library:
    """Load studies (the end of a number, a title, a status, when it was updated), and return the library."""
    lines = [
        json.dumps(
            {
                "protocolSection": {
                    "identificationModule": {"nctId": f"NCT9900030{end}", "briefTitle": title},
                    "statusModule": {"overallStatus": status, "lastUpdatePostDateStruct": {"date": updated}},
                }
            }
        )
        for end, title, status, updated in studies
    ]
    file = folder / "studies.jsonl"
    file.write_text("\n".join(lines))
    load([file], folder / "library")
    return open_library(folder / "library")


TEA = (1, "Warm tea for cold feet", "NOT_YET_RECRUITING", "2026-01-01")
SOUP = (2, "Soup for cold feet", "RECRUITING", "2026-01-01")


def searches(desk: Desk, library: Library, person: Person = ADA) -> list[saved.SavedSearch]:
    return saved.list_searches(desk, person, library, lambda address: read_query(parse_qsl(address), library))


def test_a_saved_study_says_what_changed(desk: Desk, tmp_path: Path) -> None:
    """Nothing at first; after a load the fields that differ, from what to what; nothing again once it is seen."""
    library = library_of(tmp_path, TEA, SOUP)
    for number in ("NCT99000301", "NCT99000302"):
        saved.save_study(desk, ADA, library, number, NOW)
    assert [one.changed for one in saved.list_studies(desk, ADA, library)] == [False, False]

    library = library_of(tmp_path, (1, "Warm tea for very cold feet", "RECRUITING", "2026-02-01"))
    first, second = saved.list_studies(desk, ADA, library)
    assert (first.number, first.changed, second.changed) == ("NCT99000301", True, False)
    told = {change.label: change for change in first.changes or ()}
    assert told["Status"].before == ("Not yet recruiting",) and told["Status"].after == ("Recruiting",)
    assert [(one.kind, one.text) for one in told["Brief title"].pieces if one.kind != "kept"] == [("added", "very ")]

    saved.save_study(desk, ADA, library, "NCT99000301", NOW)
    assert not any(one.changed for one in saved.list_studies(desk, ADA, library))


def test_a_saved_search_says_what_is_new(desk: Desk, tmp_path: Path) -> None:
    """Studies that came and studies that changed since, each named as such; what it does not find is not told."""
    library = library_of(tmp_path, TEA, SOUP)
    saved.save_search(desk, ADA, library, Query(text="cold feet"), NOW)
    [one] = searches(desk, library)
    assert (one.total, one.fresh, one.words) == (2, 0, "studies with the words “cold feet”")

    library = library_of(
        tmp_path,
        (2, "Soup for cold feet", "COMPLETED", "2026-02-01"),
        (3, "Socks for cold feet", "RECRUITING", "2026-02-01"),
        (4, "Gloves for cold hands", "RECRUITING", "2026-02-01"),
    )
    [one] = searches(desk, library)
    assert (one.total, one.fresh) == (3, 2)
    assert {(study.number, study.added) for study in one.new} == {("NCT99000302", False), ("NCT99000303", True)}

    saved.see_search(desk, ADA, library, one.id, NOW + timedelta(days=1))
    assert [one.fresh for one in searches(desk, library)] == [0]


def test_the_same_is_saved_once(desk: Desk, tmp_path: Path) -> None:
    """Saving again marks as seen."""
    library = library_of(tmp_path, TEA)
    for _ in range(2):
        saved.save_search(desk, ADA, library, Query(text="tea"), NOW)
        saved.save_study(desk, ADA, library, "NCT99000301", NOW)
    assert len(searches(desk, library)) == len(saved.list_studies(desk, ADA, library)) == 1


def test_another_library_is_not_compared(desk: Desk, tmp_path: Path) -> None:
    """Its versions have other numbers: what is new in it cannot be told, and is not guessed."""
    library = library_of(tmp_path, TEA, SOUP)
    saved.save_study(desk, ADA, library, "NCT99000301", NOW)
    saved.save_study(desk, ADA, library, "NCT99000302", NOW)
    saved.save_search(desk, ADA, library, Query(text="feet"), NOW)
    (tmp_path / "other").mkdir()
    other = library_of(tmp_path / "other", TEA)
    one, two = sorted(saved.list_studies(desk, ADA, other), key=lambda one: one.number)
    assert (one.changed, one.changes, two.title) == (True, None, None)
    [search] = searches(desk, other)
    assert (search.elsewhere, search.total, search.fresh) == (True, 1, 0)


def test_what_is_saved_is_the_persons_own(desk: Desk, tmp_path: Path) -> None:
    """Nobody sees, marks or removes what another saved."""
    library = library_of(tmp_path, TEA)
    saved.save_study(desk, ADA, library, "NCT99000301", NOW)
    saved.save_search(desk, ADA, library, Query(text="tea"), NOW)
    [one] = searches(desk, library)
    assert saved.list_studies(desk, BOB, library) == searches(desk, library, BOB) == []
    assert not saved.is_saved(desk, BOB, "NCT99000301")
    saved.forget_study(desk, BOB, "NCT99000301")
    for act in (saved.forget_search, lambda desk, person, id: saved.see_search(desk, person, library, id, NOW)):
        with pytest.raises(NotOnDesk, match="no such saved search"):
            act(desk, BOB, one.id)
    assert saved.is_saved(desk, ADA, "NCT99000301") and len(searches(desk, library)) == 1
    saved.forget_study(desk, ADA, "NCT99000301")
    saved.forget_search(desk, ADA, one.id)
    assert saved.list_studies(desk, ADA, library) == searches(desk, library) == []


def test_a_search_that_cannot_be_asked_says_why(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A later version may refuse what an earlier one took; the others are still answered."""
    library = library_of(tmp_path, TEA)
    saved.save_search(desk, ADA, library, Query(text="tea"), NOW)
    found = saved.list_searches(desk, ADA, library, lambda address: read_query([("sort", "moon")], library))
    assert found[0].broken == "No such order"


def test_there_is_a_most(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More are refused; one that is there can still be marked."""
    monkeypatch.setattr(saved, "MOST", 1)
    library = library_of(tmp_path, TEA, SOUP)
    saved.save_study(desk, ADA, library, "NCT99000301", NOW)
    saved.save_study(desk, ADA, library, "NCT99000301", NOW)
    with pytest.raises(InputError, match="1 studies are saved, which is the most"):
        saved.save_study(desk, ADA, library, "NCT99000302", NOW)
    with pytest.raises(StudyNotFound):
        saved.save_study(desk, ADA, library, "NCT99000309", NOW)
