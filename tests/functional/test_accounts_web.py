"""Who may ask a server that others reach, and a server of this computer alone."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from equipoise.app.access import VARIABLE, Access, write_access
from equipoise.app.server import Place, check_place
from equipoise.app.web import make_app
from equipoise.desk.accounts import add_person, remove_person
from equipoise.desk.database import Desk, open_desk
from equipoise.errors import UserError
from equipoise.store.library import Library

NOW = datetime(2026, 1, 15, 9, 40, tzinfo=UTC)
PASSWORD = "correct horse battery"
OWN = {"sec-fetch-site": "same-origin"}
STUDY = "/studies/NCT99000001"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = open_desk(tmp_path)
    add_person(desk, "ada", PASSWORD, NOW)
    return desk


def client_of(library: Library, desk: Desk, access: Access, *, host: str = "trials.example") -> TestClient:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, "")
        write_access(access)
        app = make_app(library.folder.path, desk.path.parent)
    scheme = "https" if access.encrypted else "http"
    return TestClient(app, base_url=f"{scheme}://{host}", follow_redirects=False, headers={"accept": "text/html"})


@pytest.fixture
def client(demonstration: Library, desk: Desk) -> Iterator[TestClient]:
    with client_of(demonstration, desk, Access(accounts=True, encrypted=True)) as client:
        yield client


def log_in(client: TestClient, password: str = PASSWORD, next: str = "/") -> object:
    return client.post("/login", data={"name": "ada", "password": password, "next": next}, headers=OWN)


def test_pages_lead_to_the_login_and_back(client: TestClient) -> None:
    """Nobody's request for a page is led to the login, and from there on to the page."""
    answer = client.get(f"{STUDY}?a=b")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/login?next={STUDY}%3Fa%3Db")
    page = client.get(answer.headers["location"])
    assert page.status_code == 200 and f'value="{STUDY}?a=b"' in page.text
    answer = log_in(client, next=f"{STUDY}?a=b")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{STUDY}?a=b")
    assert client.get(STUDY).status_code == 200


def test_nothing_else_is_open(client: TestClient) -> None:
    """Each address but the login's is refused to nobody: pages, JSON, the API, what is sent."""
    for path in ("/", "/search", "/search.json?q=tea", f"{STUDY}.json", "/api/v2/studies", "/match", "/no-such-page"):
        program = client.get(path, headers={"accept": "application/json"})
        assert (program.status_code, program.json()["title"]) == (401, "This is not allowed")
        assert program.headers["www-authenticate"].startswith("Basic ")
        assert client.get(path).status_code == 303
    assert client.post("/match", data={"note": "x"}, headers=OWN).status_code == 401
    assert client.post("/api/match", json={"note": "x"}).status_code == 401


def test_the_cookie_is_secure(client: TestClient) -> None:
    """No script reads it, no other site sends it along, and it never travels in the open."""
    cookie = log_in(client).headers["set-cookie"]
    assert cookie.startswith("__Host-equipoise=")
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_a_wrong_password_says_so(client: TestClient) -> None:
    """The page says what is wrong, keeps the name, and does not show the password."""
    answer = log_in(client, password="not the password")
    assert answer.status_code == 403
    assert "The name or the password is not right" in answer.text and 'value="ada"' in answer.text
    assert "not the password" not in answer.text


def test_a_form_that_is_far_too_large_is_not_taken_in(client: TestClient) -> None:
    """Nobody who is not logged in can fill the memory of the server."""
    sent = client.post("/login", data={"name": "ada", "password": "x" * 300_000}, headers=OWN)
    assert sent.status_code == 400 and "The form has more than 256 KiB" in sent.text


def test_a_login_leads_nowhere_else(client: TestClient) -> None:
    """A link cannot use the login to lead to another site."""
    for next in ("https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)"):
        assert log_in(client, next=next).headers["location"] == "/"


def test_another_site_cannot_ask(client: TestClient) -> None:
    """What changes something must come from our own page: by fetch metadata, else by the origin."""
    data = {"name": "ada", "password": PASSWORD}
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "none"},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {},
    ):
        assert client.post("/login", data=data, headers=headers).status_code == 403
    assert client.post("/login", data=data, headers={"origin": "https://trials.example"}).status_code == 303
    assert client.post("/logout", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.get(STUDY).status_code == 200


def test_logging_out_ends_the_session(client: TestClient) -> None:
    """The cookie that was used is worth nothing any more."""
    log_in(client)
    token = client.cookies["__Host-equipoise"]
    assert client.post("/logout", headers=OWN).headers["location"] == "/login"
    client.cookies.set("__Host-equipoise", token)
    assert client.get(STUDY).status_code == 303


def test_a_password_can_be_changed(client: TestClient) -> None:
    """With the one until now; the browser at hand stays logged in."""
    log_in(client)
    wrong = client.post("/account", data={"old": "not the password", "new": "another password"}, headers=OWN)
    assert wrong.status_code == 403
    weak = client.post("/account", data={"old": PASSWORD, "new": "short"}, headers=OWN)
    assert weak.status_code == 400 and "12 to 1,024" in weak.text
    done = client.post("/account", data={"old": PASSWORD, "new": "another password"}, headers=OWN)
    assert done.headers["location"] == "/account?changed"
    assert "Your password was changed" in client.get("/account?changed").text
    assert log_in(client).status_code == 403 and log_in(client, "another password").status_code == 303


def test_programs_send_name_and_password(client: TestClient, desk: Desk) -> None:
    """HTTP Basic opens the API; a person who is removed is refused at once."""
    sent = {"authorization": "Basic " + base64.b64encode(f"ada:{PASSWORD}".encode()).decode(), "accept": "*/*"}
    for _ in range(2):
        assert client.get("/api/v2/studies?pageSize=1", headers=sent).status_code == 200
    assert client.get("/", headers={"authorization": "Basic ???"}).status_code == 403
    remove_person(desk, "ada")
    assert client.get("/api/v2/studies?pageSize=1", headers=sent).status_code == 403


def test_without_encryption_the_login_says_so(demonstration: Library, desk: Desk) -> None:
    """On purpose only; the cookie has another name, since a browser would not keep the first."""
    with client_of(demonstration, desk, Access(accounts=True)) as client:
        assert "reached without encryption" in client.get("/login").text
        assert log_in(client).headers["set-cookie"].startswith("equipoise=")


@pytest.mark.browser
def test_a_browser_logs_in_without_encryption(demonstration: Library, desk: Desk, browser: Any) -> None:
    """Over plain HTTP a browser says by its origin alone that a form is ours; the policy of referrers lets it."""
    with client_of(demonstration, desk, Access(accounts=True)) as client:
        page = browser.new_page()
        sent = []

        def answer(route: Any, request: Any) -> None:
            if request.resource_type != "document":
                route.abort()
            elif request.method == "POST":
                # Asked of this request alone: one that the page drops as it goes on never tells its headers.
                sent.append(request.all_headers().get("origin"))
                route.fulfill(status=200, body="in")
            else:
                got = client.get("/login")
                route.fulfill(status=got.status_code, headers=dict(got.headers), body=got.text)

        page.route("**/*", answer)
        page.goto("http://trials.example/login")
        page.fill("#name", "ada")
        page.fill("#password", PASSWORD)
        with page.expect_navigation():
            page.click("button:text('Log in')")
        page.unroute_all(behavior="wait")
        page.close()
    assert sent == ["http://trials.example"]


def test_a_server_of_this_computer_has_no_login(demonstration: Library, desk: Desk) -> None:
    """It answers under this computer's names alone, so that no other site can lead a browser to it."""
    for host, status in (("localhost", 200), ("127.0.0.1:8000", 200), ("rebound.example", 403), ("10.0.0.5", 403)):
        with client_of(demonstration, desk, Access(loopback=True), host=host) as client:
            assert (host, client.get(STUDY).status_code) == (host, status)
    with client_of(demonstration, desk, Access(loopback=True), host="localhost") as client:
        assert client.get("/login").status_code == 404


def test_a_place_that_others_reach_is_checked(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an account, or without encryption that nobody waived, no server is started."""
    monkeypatch.setenv("EQUIPOISE_DESK", str(tmp_path / "empty"))
    check_place(Place("127.0.0.1"))
    check_place(Place("::1"))
    for place in (Place("0.0.0.0"), Place("trials.example", plain_http=True), Place("127.0.0.1", proxy=True)):
        with pytest.raises(UserError, match="nobody has an account yet"):
            check_place(place)
    monkeypatch.setenv("EQUIPOISE_DESK", str(desk.path.parent))
    with pytest.raises(UserError, match="would travel unencrypted"):
        check_place(Place("0.0.0.0"))
    check_place(Place("0.0.0.0", plain_http=True))
    check_place(Place("127.0.0.1", proxy=True))
    with pytest.raises(UserError, match="belong together"):
        check_place(Place("0.0.0.0", certificate=tmp_path / "a.pem"))
    with pytest.raises(UserError, match="no such file"):
        check_place(Place("0.0.0.0", certificate=tmp_path / "a.pem", key=tmp_path / "b.pem"))
