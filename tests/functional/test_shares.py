"""Notes are shared by a link and a passcode: what the sender sees, what the receiver sees, and what nobody sees."""

from __future__ import annotations

import logging
import re
import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import lxml.html
import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from equipoise.app.access import VARIABLE, Access, write_access
from equipoise.app.web import make_app
from equipoise.desk.accounts import add_person
from equipoise.desk.anchors import Anchor
from equipoise.desk.notes import Draft, Note, add_note
from equipoise.desk.people import LOCAL, Person
from equipoise.desk.sealing import derive_key, id_of
from equipoise.store.library import Library
from pages import TODAY, Page, text_of

ME = Person(LOCAL)
STUDY, OTHER = "NCT99000001", "NCT99000002"
OWN = {"sec-fetch-site": "same-origin"}
WRONG = "CCCC-CCCC-CCCC-CCCC"
WHOLE = Anchor()
HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)> "&amp; \u202eradiologist\u202c \U0001f9ea'


class Office:
    """A server with a desk and a clock of its own; its owner's browser, and browsers of others."""

    def __init__(self, library: Library, folder: Path) -> None:
        self.app = make_app(library.folder.path, folder)
        self.app.state.today = lambda: TODAY
        self.now = datetime(2026, 1, 15, 9, 40, tzinfo=UTC)
        self.app.state.now = lambda: self.now
        self.owner = self.browser("127.0.0.1")

    def browser(self, address: str) -> TestClient:
        """A browser that comes from an address."""
        client = TestClient(self.app, "http://desk.test", follow_redirects=False, client=(address, 50000))
        client.headers.update(OWN)
        return client

    def note(self, text: str, *, study: str = STUDY, place: Anchor = WHOLE) -> Note:
        """Keep a note of the owner's."""
        return add_note(self.app.state.drawer.desk(), ME, Draft(study=study, text=text, place=place), now=self.now)

    def share(self, *notes: Note, **fields: str) -> tuple[str, str]:
        """Share notes by the form; return the link's path and the passcode."""
        page = self.owner.post("/shares/new", data={"note": [str(note.id) for note in notes]})
        form = Page(page.text).tree.xpath("//input[@name='form']/@value")[0]
        data = {"note": [str(note.id) for note in notes], "form": form, "lasts": "7 days", "replies": "yes"} | fields
        made = self.owner.post("/shares", data=data)
        assert made.status_code == 200, made.text
        tree = Page(made.text).tree
        link, passcode = (text_of(tree.get_element_by_id(id)) for id in ("link", "passcode"))
        assert link.startswith("http://desk.test/s/")
        return link.removeprefix("http://desk.test"), passcode

    def opened(self, path: str, passcode: str, *, address: str = "192.0.2.7") -> TestClient:
        """A receiver's browser that opened a share."""
        client = self.browser(address)
        answer = client.post(path, data={"passcode": passcode})
        assert (answer.status_code, answer.headers["location"]) == (303, path), answer.text
        return client


@pytest.fixture
def office(demonstration: Library, tmp_path: Path) -> Office:
    return Office(demonstration, tmp_path / "desk")


def test_a_receiver_reads_the_study_with_the_notes_in_place(office: Office) -> None:
    """The passcode opens the study; a note stands at its words, one on the whole study in the list."""
    title = Page(office.owner.get(f"/studies/{STUDY}").text)
    words = text_of(title.tree.xpath("//section[@id='eligibility']//li")[0])[:40]
    notes = [
        office.note("Is this me?", place=Anchor("eligibility", words)),
        office.note("Ask my doctor first."),
        office.note("Mine alone."),
    ]
    path, passcode = office.share(*notes[:2], sender="Ada")
    receiver = office.opened(path, passcode)
    page = Page(receiver.get(path).text)
    assert "Ada shares 2 notes with you" in page.text
    assert text_of(page.tree.xpath("//h1")[0]) == text_of(title.tree.xpath("//h1")[0])
    assert page.all("//*[@class='banner']") == title.all("//*[@class='banner']") != []
    assert "Is this me?" in page.text and "Ask my doctor first." in page.text
    assert "Mine alone." not in page.text
    [mark] = page.tree.xpath("//section[@id='eligibility']//mark[@id='mark-1']")
    assert words.startswith(text_of(mark))
    # What the study's page says, the receiver's page says, but for what offers to write notes.
    for one in title.tree.xpath("//*[@data-aside]"):
        one.drop_tree()
    for part in ("arms", "outcomes", "sites", "identifiers"):
        assert page.part(part) == title.part(part)


def test_a_receiver_sees_nothing_else(office: Office) -> None:
    """No link or form leads to anything but this share, the page's own parts, and other sites."""
    path, passcode = office.share(office.note("Warm tea."), office.note("Cold tea.", study=OTHER))
    receiver = office.opened(path, passcode)
    for address in (path, f"{path}/2"):
        tree = Page(receiver.get(address).text).tree
        links = set(tree.xpath("//a/@href"))
        ours = {one for one in links if not one.startswith(("#", "https://", "http://", "mailto:", "tel:"))}
        assert {one.partition("?to=")[0] for one in ours} <= {f"{path}/1", f"{path}/2"}
        assert set(tree.xpath("//form/@action")) == {f"{path}/close", f"{path}/reply"}
        assert tree.xpath("//script") == []
        assert all(tree.xpath(f"//*[@id='{link[1:]}']") for link in links if link.startswith("#"))
    assert "Cold tea." in Page(receiver.get(f"{path}/2").text).text
    assert "Cold tea." not in Page(receiver.get(f"{path}/1").text).text
    # The cookie is for this share alone, for an hour, and no script can read it.
    answer = office.browser("192.0.2.8").post(path, data={"passcode": passcode})
    cookie = answer.headers["set-cookie"]
    for one in (f"Path={path}", "HttpOnly", "SameSite=strict", "Max-Age=3600"):
        assert one in cookie
    assert "Secure" not in cookie


def test_every_link_shows_the_same_page_before_the_passcode(office: Office) -> None:
    """Known or not, open or over, byte for byte; and so does each way of failing."""
    note = office.note("Warm tea.")
    (live, _), (over, old), (revoked, gone) = (office.share(note, lasts=one) for one in ("7 days", "1 hour", "7 days"))
    office.now += timedelta(hours=2)
    [id] = [one for one in re.findall(r"/shares/(\w+)/revoke", office.owner.get("/shares").text) if one in ids(revoked)]
    assert office.owner.post(f"/shares/{id}/revoke").status_code == 303
    tries = [(live, WRONG), (over, old), (revoked, gone), ("/s/unknown", WRONG), ("/s/x%20y", WRONG)]
    seen, answered = set(), set()
    for number, (path, passcode) in enumerate(tries):
        client = office.browser(f"192.0.2.{number + 10}")
        first = client.get(path)
        seen.add((first.status_code, first.text, tuple(sorted(first.headers.items()))))
        answer = client.post(path, data={"passcode": passcode})
        answered.add((answer.status_code, answer.text, tuple(sorted(answer.headers.items()))))
    assert len(seen) == len(answered) == 1
    assert answered.pop()[0] == 403


def ids(path: str) -> set[str]:
    """The id of the share that a path opens."""
    return {id_of(path.removeprefix("/s/"))}


def test_wrong_and_unknown_take_like_time(office: Office) -> None:
    """The time that a processor spends does not tell a link that is there from one that is not."""
    path, _ = office.share(office.note("Warm tea. " * 500))
    took: dict[str, list[float]] = {path: [], "/s/unknown": []}
    for number in range(9):
        for one in took:
            client = office.browser(f"198.51.{number}.{len(one)}")
            office.now += timedelta(hours=2)
            begin = time.process_time()
            assert client.post(one, data={"passcode": WRONG}).status_code == 403
            took[one].append(time.process_time() - begin)
    known, unknown = (statistics.median(one) for one in took.values())
    assert min(known, unknown) / max(known, unknown) > 0.6
    # Both hold the time of a key, as long as it is on this machine: without one they would be far quicker.
    keys = []
    for _ in range(9):
        begin = time.process_time()
        derive_key(WRONG, token="unknown", salt=b"s" * 16)
        keys.append(time.process_time() - begin)
    assert min(known, unknown) > 0.8 * min(keys)


def test_a_passcode_that_is_not_whole_is_not_tried(office: Office) -> None:
    """A sign too few costs no try, and what was typed is not repeated."""
    path, passcode = office.share(office.note("Warm tea."))
    client = office.browser("192.0.2.7")
    for _ in range(50):
        answer = client.post(path, data={"passcode": passcode[:-1]})
        assert answer.status_code == 400
        assert "Some are missing" in answer.text
        assert passcode[:-1] not in answer.text
    assert client.post(path, data={"passcode": f" {passcode.lower().replace('-', ' ')} "}).status_code == 303


def test_guessing_is_slowed_down_and_told(office: Office, monkeypatch) -> None:
    """After a few wrong tries one waits; after twenty the link is locked, and the sender reads of it and unlocks it."""
    derived = []
    monkeypatch.setattr("equipoise.app.opening_web.try_passcode", lambda *given: derived.append(given))
    path, passcode = office.share(office.note("Warm tea."))
    client, statuses = office.browser("192.0.2.66"), []
    for _ in range(60):
        answer = client.post(path, data={"passcode": WRONG})
        statuses.append(answer.status_code)
        if wait := answer.headers.get("retry-after"):
            assert "Try again in" in answer.text
            office.now += timedelta(seconds=int(wait))
    assert len(derived) == statuses.count(403) == 20
    assert set(statuses) == {403, 429}
    assert "tried in vain too often" in client.post(path, data={"passcode": passcode}).text
    page = Page(office.owner.get("/shares").text)
    assert "Someone tried 20 wrong passcodes and 41 more times too soon" in page.text
    assert "The link is locked" in page.text
    monkeypatch.undo()
    [unlock] = page.tree.xpath("//form[contains(@action, '/unlock')]/@action")
    assert office.owner.post(unlock).status_code == 303
    office.now += timedelta(hours=1)
    office.opened(path, passcode)


def test_the_sender_sees_opens_and_replies_and_revokes(office: Office) -> None:
    """A reply reaches the sender and the other receivers; revoking ends it for all at once."""
    path, passcode = office.share(office.note("Warm tea."))
    assert "Not opened yet" in Page(office.owner.get("/shares").text).text
    receiver, second = office.opened(path, passcode), office.opened(path, passcode)
    sent = receiver.post(f"{path}/reply", data={"name": "Grace", "text": HOSTILE})
    assert (sent.status_code, sent.headers["location"]) == (303, f"{path}#replies")
    for html in (second.get(path).text, office.owner.get("/shares").text):
        page = Page(html)
        [words] = page.tree.xpath("//ol[@class='share-replies']//p[@class='share-words']")
        assert words.text == HOSTILE
        assert words.get("dir") == "auto"
        assert [one.get("src") for one in page.tree.xpath("//script")] in ([], ["/static/notes.js"])
        assert page.tree.xpath("//img") == []
    page = Page(office.owner.get("/shares").text)
    assert "Opened twice, last 15 January 2026, 09:40 UTC." in page.text
    assert "1 note on" in page.text and "1 reply" in page.text
    [revoke] = page.tree.xpath("//form[contains(@action, '/revoke')]/@action")
    assert office.owner.post(revoke).status_code == 303
    assert "Open shared notes" in receiver.get(path).text
    assert receiver.post(f"{path}/reply", data={"text": "more"}).status_code == 403
    assert "Revoked 15 January 2026" in Page(office.owner.get("/shares").text).text
    assert office.owner.post(revoke.replace("revoke", "remove")).status_code == 303
    assert "You have not shared anything." in Page(office.owner.get("/shares").text).text


def test_what_others_wrote_is_text(office: Office) -> None:
    """Scripts and marks of direction in a note, a quote or a name are shown as they are and do nothing."""
    note = office.note(HOSTILE, place=Anchor("about", HOSTILE))
    path, passcode = office.share(note, sender=HOSTILE[:80])
    page = Page(office.opened(path, passcode).get(path).text)
    assert page.tree.xpath("//script | //img | //@onerror") == []
    [words] = page.tree.xpath("//p[@class='share-words']")
    assert (words.text, words.get("dir")) == (HOSTILE, "auto")
    assert page.tree.xpath("//bdi")[0].text == HOSTILE[:80].strip()
    chooser = Page(office.owner.get(f"/shares/new?study={STUDY}").text)
    assert chooser.tree.xpath("//script[not(@src)] | //img | //@onerror") == []


def test_closing_forgets_the_receiver(office: Office) -> None:
    """On a computer that others use, what was opened is closed: the cookie opens nothing any more."""
    path, passcode = office.share(office.note("Warm tea."))
    receiver = office.opened(path, passcode)
    secret = receiver.cookies.get("opened")
    assert receiver.post(f"{path}/close").status_code == 303
    again = office.browser("192.0.2.9").get(path, headers={"cookie": f"opened={secret}"})
    assert "Warm tea." not in again.text


def test_only_our_own_pages_share_and_revoke(office: Office) -> None:
    """Another site that is open in the owner's browser shares and revokes nothing."""
    path, passcode = office.share(office.note("Warm tea."))
    [id] = ids(path)
    stranger = {"sec-fetch-site": "cross-site"}
    for address in ("/shares", "/shares/new", *(f"/shares/{id}/{act}" for act in ("revoke", "unlock", "remove"))):
        assert office.owner.post(address, headers=stranger).status_code == 403
    receiver = office.opened(path, passcode)
    for address in (path, f"{path}/reply"):
        assert receiver.post(address, data={"passcode": passcode, "text": "x"}, headers=stranger).status_code == 403


def test_the_form_says_what_is_wrong(office: Office) -> None:
    """No note, no such lifetime, a form sent twice: each says what to do, and shares nothing."""
    note = office.note("Warm tea.")
    good = {"note": str(note.id), "form": "form-0001", "lasts": "7 days"}
    for change, said in (
        ({"note": "999"}, "No note was chosen"),
        ({"lasts": "forever"}, "There is no such lifetime"),
        ({"sender": "x" * 81}, "A share has at most 500 notes"),
        ({"form": ""}, "A share has at most 500 notes"),
        ({"text": "x" * 300_000}, "The form has more than 256 KiB"),
    ):
        answer = office.owner.post("/shares", data=good | change)
        assert answer.status_code == 400
        assert said in answer.text
    assert office.owner.post("/shares", data=good).status_code == 200
    assert "This form was sent before" in office.owner.post("/shares", data=good).text
    assert office.owner.get("/shares").text.count('class="share open"') == 1


def test_a_desk_that_cannot_be_written_says_so(office: Office) -> None:
    """Nothing is shared, no passcode is tried, and the page says that nothing was lost."""
    note = office.note("Warm tea.")
    path, passcode = office.share(note)
    desk = office.app.state.drawer.desk()
    desk._engine.dispose()
    sa.event.listen(desk._engine, "connect", lambda one, _: one.execute("PRAGMA query_only=ON"))
    sent = office.owner.post("/shares", data={"note": str(note.id), "form": "form-0002", "lasts": "7 days"})
    tried = office.browser("192.0.2.7").post(path, data={"passcode": passcode})
    for answer in (sent, tried):
        assert answer.status_code == 503
        assert "The desk cannot be written" in answer.text
        assert "passcode" not in Page(answer.text).text.lower()


def test_a_study_that_is_gone_leaves_its_notes(office: Office) -> None:
    """Where the library has lost the study, the notes stand with the words that they were on."""
    note = office.note("Warm tea.", study="NCT99000999", place=Anchor("about", "the leaf"))
    path, passcode = office.share(note)
    page = Page(office.opened(path, passcode).get(path).text)
    assert "This library does not have the study now" in page.text
    assert "Warm tea." in page.text and "the leaf" in page.text


def test_pages_that_only_look_make_no_desk(demonstration: Library, tmp_path: Path) -> None:
    """Neither the list of shares nor a link makes a desk where there is none."""
    office = Office(demonstration, tmp_path / "none")
    for address in ("/shares", "/shares/new", "/s/unknown", "/s/unknown/2"):
        assert office.owner.get(address).status_code == 200
    assert office.owner.get("/s/unknown", headers={"cookie": "opened=x"}).status_code == 200
    assert not (tmp_path / "none").exists()


def test_nothing_is_kept_or_told_by_headers(office: Office) -> None:
    """No page of a share is stored, listed or told to another site."""
    path, passcode = office.share(office.note("Warm tea."))
    receiver = office.opened(path, passcode)
    for answer in (receiver.get(path), office.browser("192.0.2.9").get("/s/unknown")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "noindex" in answer.headers["x-robots-tag"]
    assert "Disallow: /s/" in office.owner.get("/robots.txt").text


def test_addresses_and_logs_have_neither_passcode_nor_note(office: Office, caplog, capfd) -> None:
    """All that is asked for, answered as a header, logged or printed on the way is free of both."""
    caplog.set_level(logging.DEBUG)
    asked: list[str] = []

    def keep(client: TestClient) -> TestClient:
        client.event_hooks = {
            "request": [lambda one: asked.append(f"{one.url} {one.headers.get('referer', '')}")],
            "response": [lambda one: asked.append(str(one.headers.get("location", "")))],
        }
        return client

    keep(office.owner)
    path, passcode = office.share(office.note("zebulonitis"), sender="quartermaine")
    receiver = keep(office.browser("192.0.2.7"))
    receiver.post(path, data={"passcode": WRONG})
    receiver.post(path, data={"passcode": passcode})
    assert "zebulonitis" in receiver.get(path).text
    receiver.post(f"{path}/reply", data={"text": "grommelkin"})
    office.owner.get("/shares")
    printed = capfd.readouterr()
    said = "\n".join([*asked, caplog.text, printed.out, printed.err]).lower()
    assert path.lower() in said
    for one in (passcode, passcode.replace("-", ""), "zebulonitis", "quartermaine", "grommelkin", WRONG):
        assert one.lower() not in said


@pytest.mark.parametrize("proxied", [False, True])
def test_limits_are_by_the_address_of_the_connection_or_what_the_proxy_says(office: Office, proxied: bool) -> None:
    """Nobody gets a limit of their own by a header that they write, nor by another address of their network."""
    office.app.state.access = Access(proxied=proxied)
    statuses = []
    for number in range(30):
        client = office.browser("192.0.2.1" if proxied else f"2001:db8:1:2::{number}")
        says = f"203.0.113.{number}, 2001:db8:1:2::{number}" if proxied else f"203.0.113.{number}"
        answer = client.post(f"/s/unknown-{number}", data={"passcode": WRONG}, headers={"x-forwarded-for": says})
        statuses.append(answer.status_code)
    assert statuses == [403] * 10 + [429] * 20
    other = {"x-forwarded-for": "2001:db8:1:3::1"} if proxied else {}
    assert office.browser("2001:db8:1:3::1").post("/s/x", data={"passcode": WRONG}, headers=other).status_code == 403


def test_links_have_the_servers_own_address(office: Office) -> None:
    """It is the one under which the sender reached it; where that is by HTTPS, the cookie goes by HTTPS alone."""
    note = office.note("Warm tea.")
    fields = {"note": str(note.id), "lasts": "7 days"}
    office.app.state.access = Access(encrypted=True)
    made = office.owner.post("/shares", data=fields | {"form": "form-0003"}, headers={"host": "trials.example"})
    tree = lxml.html.document_fromstring(made.text)
    link, passcode = (text_of(tree.get_element_by_id(id)) for id in ("link", "passcode"))
    assert link.startswith("https://trials.example/s/")
    assert "this computer alone" not in made.text
    path = link.removeprefix("https://trials.example")
    answer = office.browser("192.0.2.7").post(path, data={"passcode": passcode})
    assert "Secure" in answer.headers["set-cookie"]
    made = office.owner.post("/shares", data=fields | {"form": "form-0004"}, headers={"host": "127.0.0.1:8000"})
    assert "This link works on this computer alone" in made.text


def test_a_reply_is_on_one_note(office: Office) -> None:
    """Each note leads to a reply that is on it; who reads the reply sees which note it answers."""
    path, passcode = office.share(office.note("Does my old TB count?"), office.note("How far must I travel?"))
    receiver = office.opened(path, passcode)
    page = Page(receiver.get(path).text)
    ways = page.tree.xpath("//section[@id='shared-notes']//a[contains(@href, '?to=')]/@href")
    assert ways == [f"{path}/1?to=1#replies", f"{path}/1?to=2#replies"]
    chosen = Page(receiver.get(ways[1]).text).tree.xpath("//select[@name='note']/option[@selected]")
    assert [one.text for one in chosen] == ["How far must I travel?"]
    receiver.post(f"{path}/reply", data={"note": "2", "text": "Not at all."})
    receiver.post(f"{path}/reply", data={"note": "0", "text": "Good questions."})
    for html in (receiver.get(path).text, office.owner.get("/shares").text):
        on = [text_of(one) for one in Page(html).tree.xpath("//ol[@class='share-replies']/li/p[1]")]
        assert ["How far must I travel?" in one for one in on] == [True, False]


def test_a_receiver_needs_no_account(demonstration: Library, tmp_path: Path, monkeypatch) -> None:
    """On a server with accounts a shared link opens without one, and nothing else does."""
    monkeypatch.setenv(VARIABLE, "")
    write_access(Access(accounts=True, encrypted=True))
    office = Office(demonstration, tmp_path / "desk")
    desk = office.app.state.drawer.desk()
    ada = add_person(desk, "ada", "correct horse battery", office.now)
    note = add_note(desk, ada, Draft(study=STUDY, text="Warm tea."), now=office.now)
    office.owner.base_url = "https://desk.test"
    assert office.owner.get("/shares", headers={"accept": "text/html"}).headers["location"] == "/login?next=/shares"
    assert office.owner.post("/login", data={"name": "ada", "password": "correct horse battery"}).status_code == 303
    fields = {"note": str(note.id), "lasts": "7 days", "form": "form-0005"}
    tree = lxml.html.document_fromstring(office.owner.post("/shares", data=fields).text)
    link, passcode = (text_of(tree.get_element_by_id(id)) for id in ("link", "passcode"))
    receiver = office.browser("192.0.2.7")
    receiver.base_url = "https://desk.test"
    path = link.removeprefix("https://desk.test")
    assert receiver.post(path, data={"passcode": passcode}).status_code == 303
    page = Page(receiver.get(path).text)
    assert "Warm tea." in page.text
    assert "/saved" not in page.html and "/account" not in page.html
    assert receiver.get("/shares").status_code == 401
    assert receiver.get(f"/studies/{STUDY}").status_code == 401
