"""Nobody reads or changes what is another's: every address is walked as another person, and as nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from equipoise.app.access import VARIABLE, Access, write_access
from equipoise.app.web import make_app
from equipoise.desk import saved
from equipoise.desk.accounts import add_person
from equipoise.desk.anchors import Anchor
from equipoise.desk.bundles import Bundle
from equipoise.desk.database import Desk, open_desk
from equipoise.desk.notes import Draft, add_note, notes_of, removed_notes
from equipoise.desk.people import Person
from equipoise.desk.shares import make_share, shares_of
from equipoise.find.query import Query
from equipoise.store.library import Library

NOW = datetime.now(UTC)
PASSWORD = "correct horse battery"
OWN = {"sec-fetch-site": "same-origin"}
NUMBER, OTHER = "NCT99000001", "NCT99000002"
# Words that stand in nothing but what is Ada's.
TEXT, TAG, SOUGHT, QUOTE = "zebulonitis", "quartermaine", "grommelkin", "persimmonade"
PRIVATE = (TEXT, TAG, SOUGHT, QUOTE)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return open_desk(tmp_path)


@pytest.fixture
def client(demonstration: Library, desk: Desk) -> Iterator[TestClient]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, "")
        write_access(Access(accounts=True, encrypted=True))
        app = make_app(demonstration.folder.path, desk.path.parent)
    with TestClient(app, base_url="https://trials.example", follow_redirects=False) as client:
        yield client


@pytest.fixture
def ada(desk: Desk, demonstration: Library) -> Person:
    """Somebody with a note, a deleted one, a share, a saved study and a saved search."""
    ada = add_person(desk, "ada", PASSWORD, NOW)
    add_person(desk, "bob", PASSWORD, NOW)
    place = Anchor("about", QUOTE)
    note = add_note(desk, ada, Draft(study=NUMBER, text=TEXT, tags=(TAG,), place=place), now=NOW)
    shared = Bundle((Draft(study=NUMBER, text=TEXT, tags=(TAG,), place=place),), "Ada", True)
    make_share(desk, ada, shared, notes=[(NUMBER, note.id)], lasts="7 days", form="f", now=NOW)
    saved.save_study(desk, ada, demonstration, NUMBER, NOW)
    saved.save_search(desk, ada, demonstration, Query(text=SOUGHT), NOW)
    return ada


def everything(desk: Desk, person: Person, library: Library) -> tuple[Any, ...]:
    """Return all that is somebody's."""
    searches = saved.list_searches(desk, person, library, lambda address: Query(text=SOUGHT))
    studies = saved.list_studies(desk, person, library)
    return notes_of(desk, person), removed_notes(desk, person, now=NOW), shares_of(desk, person, NOW), studies, searches


def addresses(client: TestClient, desk: Desk, ada: Person) -> Iterator[tuple[str, str]]:
    """Yield each method and address that is served, with Ada's own ids where it has one."""
    share = shares_of(desk, ada, NOW)[0].id
    note = notes_of(desk, ada)[0].id
    for route in client.app.routes:
        if isinstance(route, Route):
            path = route.path.replace("/shares/{id}", f"/shares/{share}").replace("{id:int}", str(note))
            path = path.replace("{number}", NUMBER).replace("{token}", "not-the-token").replace("{place:int}", "1")
            yield from ((method, path) for method in sorted(route.methods or ()) if method != "HEAD")


# What any form of ours may name; each route takes what it knows.
FORM = {
    "number": NUMBER, "id": "1", "do": "remove", "note": "1", "study": NUMBER, "text": "changed", "revision": "1",
    "tags": "", "key": "a-key-of-bobs", "lasts": "7 days", "form": "g", "passcode": "AAAA-AAAA-AAAA-AAAA", "q": TEXT,
    "address": "q=tea", "age": "64",
}  # fmt: skip


def walk(client: TestClient, desk: Desk, ada: Person) -> Iterator[tuple[str, str, int, str]]:
    """Ask for every address in every way, and yield what is answered."""
    for method, path in addresses(client, desk, ada):
        if path in ("/login", "/logout", "/account"):
            continue
        sent: dict[str, Any] = {"params": {"study": NUMBER, "q": "tea"}} if method == "GET" else {"data": FORM}
        answer = client.request(method, path, headers=OWN, **sent)
        yield method, path, answer.status_code, answer.text + str(answer.headers)


def test_another_person_reads_and_changes_nothing(
    client: TestClient, desk: Desk, ada: Person, demonstration: Library
) -> None:
    """Bob, logged in, asks for every address with the ids of what is Ada's: no word of hers, and nothing is changed."""
    before = everything(desk, ada, demonstration)
    assert all(before[:1]) and all(before[2:])
    assert client.post("/login", data={"name": "bob", "password": PASSWORD}, headers=OWN).status_code == 303
    walked = list(walk(client, desk, ada))
    assert len(walked) > 40
    assert [(method, path, word) for method, path, _, text in walked for word in PRIVATE if word in text] == []
    assert [(method, path) for method, path, status, _ in walked if status >= 500] == []
    assert everything(desk, ada, demonstration) == before


def test_nobody_reads_and_changes_nothing(client: TestClient, desk: Desk, ada: Person, demonstration: Library) -> None:
    """Who is not logged in is answered by nothing but what is open to all."""
    before = everything(desk, ada, demonstration)
    walked = list(walk(client, desk, ada))
    opened = {path for _, path, status, _ in walked if status == 200}
    # The page that asks for a passcode is the same for every link.
    assert opened <= {"/robots.txt", "/s/not-the-token", "/s/not-the-token/1"}
    assert [(method, path, word) for method, path, _, text in walked for word in PRIVATE if word in text] == []
    assert everything(desk, ada, demonstration) == before


def test_the_walk_would_see_it(client: TestClient, desk: Desk, ada: Person) -> None:
    """The same walk as Ada meets her words: a walk that saw nothing would prove nothing."""
    assert client.post("/login", data={"name": "ada", "password": PASSWORD}, headers=OWN).status_code == 303
    seen = {
        word for method, path, _, text in walk(client, desk, ada) if method == "GET" for word in PRIVATE if word in text
    }
    assert seen == set(PRIVATE)


def test_with_a_person_all_that_is_theirs_goes(desk: Desk, ada: Person, demonstration: Library) -> None:
    """Whoever runs the server removes an account: nothing of it stays in any table."""
    from equipoise.desk.accounts import remove_person

    remove_person(desk, "ada")
    assert not any(everything(desk, ada, demonstration))
    with desk.reading() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    assert not [word for word in PRIVATE if word in dump]
