"""Finished pages are kept, and never shown where something else is to be read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from equipoise.app import kept_pages, web
from equipoise.app.board import Board
from equipoise.app.kept_pages import may_keep
from equipoise.app.web import make_app
from equipoise.find.near import read_place
from equipoise.find.query import Query, read_age
from unit.store.made import FIRST, document, write

OWN = {"sec-fetch-site": "same-origin"}


class Watched(Board):
    """A board that tells what was left on it."""

    def __init__(self) -> None:
        super().__init__(1_000_000)
        self.left: list[str] = []

    def put(self, name: str, piece: bytes) -> None:
        """Leave a page."""
        self.left.append(kept_pages.unpack(piece))
        super().put(name, piece)


@pytest.fixture(autouse=True)
def pages(monkeypatch: pytest.MonkeyPatch) -> Watched:
    """No pages but those of the test."""
    kept = Watched()
    monkeypatch.setattr(kept_pages, "_pages", kept)
    return kept


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """A server of a library of one study, with a desk of its own."""
    write(tmp_path / "library", document(FIRST, "Anakinra in stroke", updated="2026-01-01"))
    with TestClient(make_app(tmp_path / "library", tmp_path / "desk"), base_url="http://127.0.0.1") as client:
        yield client


def text(client: TestClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


def test_the_second_look_makes_no_page(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same page is sent, byte for byte."""
    addresses = (f"/studies/{FIRST}", "/search?q=stroke", "/")
    first = [text(client, address) for address in addresses]
    monkeypatch.setattr(web, "render_study", lambda *_, **__: pytest.fail("made again"))
    monkeypatch.setattr(web, "render_page", lambda *_, **__: pytest.fail("made again"))
    assert [text(client, address) for address in addresses] == first


def test_a_load_is_shown_at_once(client: TestClient, tmp_path: Path) -> None:
    """The pages of the edition before are not."""
    for title in ("Anakinra in stroke", "Anakinra in stroke, amended"):
        write(tmp_path / "library", document(FIRST, title, updated="2026-02-01"))
        for address in (f"/studies/{FIRST}", "/search?q=anakinra"):
            assert ("amended" in text(client, address)) == ("amended" in title)


def test_another_day_makes_another_page(client: TestClient, pages: Watched) -> None:
    """What is out of date, and how long ago, depends on it."""
    for day in (date(2026, 1, 2), date(2026, 1, 3), date(2026, 1, 3)):
        client.app.state.today = lambda day=day: day
        text(client, f"/studies/{FIRST}")
    assert len(pages.left) == 2


def test_what_is_somebodys_own_is_not_kept(client: TestClient, pages: Watched) -> None:
    """A saved study says so, a note stands on the page, and neither is there once it is gone."""
    plain = text(client, f"/studies/{FIRST}")
    client.post("/saved/studies", data={"number": FIRST, "do": "save"}, headers=OWN)
    noted = client.post(f"/studies/{FIRST}/notes", data={"text": "Ask about zebrafish"}, headers=OWN)
    assert noted.status_code == 200
    assert "zebrafish" in text(client, f"/studies/{FIRST}")
    assert len(pages.left) == 2
    assert not any("zebrafish" in page for page in pages.left)
    assert plain != text(client, f"/studies/{FIRST}")


def test_searches_for_a_patient_are_not_kept(client: TestClient, pages: Watched) -> None:
    """By age, place, criteria, or what may be a pasted note; nor a study's page as seen from a place."""
    for address in (
        "/search?q=stroke&age=81",
        "/search?near=Leeds&within=50",
        "/search?accepts=age+80",
        "/search?q=" + "stroke+" * 40,
        f"/studies/{FIRST}?near=Leeds",
    ):
        text(client, address)
    assert pages.left == []
    assert not may_keep(Query(age=read_age("81")), "age=81")
    assert not may_keep(Query(near=read_place("Leeds", None)), "near=Leeds")
