"""What is kept has its room, and belongs to one opened edition."""

from __future__ import annotations

from pathlib import Path

import pytest

from equipoise.find import best as best_module
from equipoise.find.best import best
from equipoise.find.kept import Kept, serial
from equipoise.find.query import Query
from equipoise.find.search import counting, search
from equipoise.intake.opening import open_library
from equipoise.store.library import Library
from unit.store.made import document, library, write


def numbered(count: int) -> str:
    return f"NCT9900{count:04}"


@pytest.fixture
def many(tmp_path: Path) -> Library:
    """A library of 70 studies of stroke, of which every tenth is of fever too."""
    titles = (f"Stroke {'and fever' if count % 10 == 0 else 'alone'}" for count in range(70))
    return library(tmp_path, *(document(numbered(count), title) for count, title in enumerate(titles)))


def test_the_oldest_goes_first_and_what_was_asked_for_is_not_old() -> None:
    """Room is counted in bytes, and reading makes new."""
    kept = Kept[str](600)
    for letter in "abcdef":
        kept.put(letter, letter, size=100)
    assert kept.get("a") == "a"
    kept.put("g", "g", size=100)
    assert [letter for letter in "abcdefg" if kept.get(letter)] == list("acdefg")
    assert (kept.size, len(kept)) == (600, 6)


def test_one_thing_does_not_take_the_room_of_all() -> None:
    """What is larger than a sixth of the room is not kept; what is kept again counts once."""
    kept = Kept[str](600)
    kept.put("large", "a", size=101)
    kept.put("small", "b", size=90)
    kept.put("small", "c", size=40)
    assert (kept.get("large"), kept.get("small"), kept.size) == (None, "c", 40)


def test_each_opened_edition_has_its_own_number(tmp_path: Path) -> None:
    """Also the same edition, opened twice: nothing of one is ever taken for the other's."""
    one = library(tmp_path, document())
    assert serial(one) == serial(one) != serial(open_library(tmp_path))


def test_the_next_page_asks_the_index_nothing(many: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither does the same page again; counts are asked for when they are wanted first."""
    without = best(many, Query(text="stroke"), 20)
    first = best(many, Query(text="stroke"), 20, facets=True)
    monkeypatch.setattr(type(many.index), "best", lambda *_: pytest.fail("the index was asked again"))
    monkeypatch.setattr(type(many.index), "counts", lambda *_: pytest.fail("the index was asked again"))
    assert best(many, Query(text="stroke"), 20, facets=True).rows.tolist() == first.rows.tolist()
    second = best(many, Query(text="stroke"), 40)
    whole = search(many, Query(text="stroke"))
    assert second.rows.tolist() == whole.rows[:40].tolist()
    assert (without.rows.tolist(), without.facets) == (whole.rows[:20].tolist(), ())
    assert (first.facets, first.total) == (whole.facets, 70)


def test_a_page_further_on_is_looked_up(many: Library) -> None:
    """Of what is kept nobody is told that it is all."""
    best(many, Query(text="stroke"), 20)
    assert best(many, Query(text="stroke"), 70).rows.tolist() == search(many, Query(text="stroke")).rows.tolist()


def test_what_a_filter_looked_up_is_found_without_it(many: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that read all of its hits has those of the same words alone."""
    search(many, Query(text="fever", chosen={"sex": ("FEMALE",)}))
    monkeypatch.setattr(best_module, "ask", lambda *_, **__: pytest.fail("the words were asked for again"))
    found = best(many, Query(text="fever"), 5, loosen=False)
    assert (len(found.rows), found.total, found.marks) == (5, 7, {"fever"})


def test_some_of_the_words_are_kept_apart_from_all_of_them(many: Library) -> None:
    """A program that wants all words gets none, also after a page that showed studies with some."""
    query = Query(text="fever zzgone")
    for _ in range(2):
        page = best(many, query, 20)
        program = best(many, query, 20, loosen=False, explain=False)
        assert (page.total, page.some_words, program.total, program.some_words) == (7, True, 0, False)


def test_what_filters_find_is_counted_once(many: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Filters alone, and nothing that says whom somebody is looking for."""
    count, sexes = counting(many), {"sex": ("FEMALE", "")}
    # Not stated is kept.
    assert count(Query(chosen=sexes)) == count(Query(chosen=sexes, text="stroke")) == 70
    monkeypatch.setattr("equipoise.find.search.look_up", lambda *_, **__: pytest.fail("looked up again"))
    assert counting(many)(Query(chosen=sexes)) == 70
    for other in (Query(chosen=sexes, text="stroke"), Query(chosen={"sex": ("MALE",)}), Query(stated_only=True)):
        with pytest.raises(pytest.fail.Exception):
            count(other)


def test_a_load_is_seen_at_once(many: Library) -> None:
    """An edition that is opened afterwards answers for itself, and the earlier one as before."""
    before = best(many, Query(text="fever"), 20, facets=True)
    write(many.folder.path, document(numbered(99), "Fever"))
    after = best(open_library(many.folder.path), Query(text="fever"), 20, facets=True)
    assert (before.total, after.total, best(many, Query(text="fever"), 20, facets=True).total) == (7, 8, 7)
