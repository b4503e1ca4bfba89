"""What words find is kept for the searches that follow, and never for another search or edition."""

from __future__ import annotations

from pathlib import Path

import pytest

from equipoise.find import lookup
from equipoise.find.kept import Kept
from equipoise.find.query import Query
from equipoise.find.search import search
from equipoise.store.library import Library
from unit.store.made import document, library


@pytest.fixture
def small(tmp_path: Path) -> Library:
    """A library of three studies."""
    titles = ("Stroke in women", "Stroke stroke", "Fever")
    documents = [document(f"NCT9900000{count}", title) for count, title in enumerate(titles)]
    return library(tmp_path, *documents)


def test_filters_and_orders_share_what_the_words_find(small, monkeypatch):
    """The index is asked once for the same words."""
    first = search(small, Query(text="stroke"))
    monkeypatch.setattr(type(small.index), "hits", lambda *_: pytest.fail("the index was asked again"))
    assert search(small, Query(text="stroke")).rows.tolist() == first.rows.tolist()
    assert search(small, Query(text="stroke", sort="start")).total == first.total == 2


def test_other_words_are_looked_up_anew(small):
    """Words left out, or in another area, are another search."""
    assert search(small, Query(text="stroke")).total == 2
    assert search(small, Query(text="fever")).total == 1
    assert search(small, Query(areas={"titles": "stroke"})).total == 2
    assert search(small, Query(areas={"outc": "stroke"}), loosen=False, explain=False).total == 0


def test_what_was_looked_up_is_counted(small, monkeypatch):
    """An entry is as large as its arrays and a little more."""
    kept = Kept[lookup.Looked](10**6)
    monkeypatch.setattr(lookup, "_lately", kept)
    for word in ("stroke", "fever"):
        search(small, Query(text=word), facets=False, loosen=False, explain=False)
    assert len(kept) == 2
    assert kept.size > 2 * lookup._ENTRY
