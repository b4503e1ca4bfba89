"""Save a study and a search on the web, and see what is new in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from equipoise.app.web import make_app
from equipoise.store.library import Library

OWN = {"sec-fetch-site": "same-origin"}
NUMBER = "NCT99000001"


@pytest.fixture
def client(demonstration: Library, tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(make_app(demonstration.folder.path, tmp_path / "desk"), follow_redirects=False) as client:
        yield client


def test_looking_makes_no_desk(client: TestClient, tmp_path: Path) -> None:
    """Who only reads leaves nothing on the disk; the empty page says how to begin."""
    assert "Save this study" in client.get(f"/studies/{NUMBER}").text
    page = client.get("/saved")
    assert "Nothing is saved yet" in page.text and page.headers["cache-control"] == "no-store"
    assert not (tmp_path / "desk").exists()


def test_a_study_is_saved_and_removed(client: TestClient) -> None:
    """One button on its page does both."""
    answer = client.post("/saved/studies", data={"number": NUMBER.lower(), "do": "save"}, headers=OWN)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/studies/{NUMBER}")
    assert "Saved: remove" in client.get(f"/studies/{NUMBER}").text
    assert NUMBER in client.get("/saved").text
    client.post("/saved/studies", data={"number": NUMBER, "do": "remove"}, headers=OWN)
    assert "Nothing is saved yet" in client.get("/saved").text


def test_a_search_is_saved_and_removed(client: TestClient) -> None:
    """It is kept as it was asked, and told in words."""
    client.post("/saved/searches", data={"address": "q=stroke&phase=3"}, headers=OWN)
    page = client.get("/saved").text
    assert "Studies with the words “stroke”, Phase 3" in page and "/search?q=stroke&amp;phase=PHASE3" in page
    assert "nothing new since" in page
    gone = client.post("/saved/searches", data={"id": "1", "do": "remove"}, headers=OWN)
    assert gone.status_code == 303 and "Nothing is saved yet" in client.get("/saved").text
    for id in ("1", "no number", "9" * 30):
        again = client.post("/saved/searches", data={"id": id, "do": "seen"}, headers=OWN)
        assert again.status_code == 404 and "There is no such saved search" in again.text


def test_what_cannot_be_saved_says_why(client: TestClient) -> None:
    """A study that is not there, a search that cannot be understood, a request from elsewhere."""
    assert client.post("/saved/studies", data={"number": "NCT99999999"}, headers=OWN).status_code == 404
    assert client.post("/saved/searches", data={"address": "phase=five"}, headers=OWN).status_code == 400
    assert client.post("/saved/studies", data={"number": NUMBER}).status_code == 403
