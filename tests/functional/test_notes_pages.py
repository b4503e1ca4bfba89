"""Notes on the pages, by forms alone: written, shown on their words, changed, removed, restored, listed, saved."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import lxml.html
import pytest
from starlette.testclient import TestClient

from equipoise.app.web import make_app
from equipoise.desk.page_text import read_part
from equipoise.store.library import Library
from pages import Page

NUMBER = "NCT99000001"
STUDY = f"/studies/{NUMBER}"
OWN = {"sec-fetch-site": "same-origin"}


class Reader:
    """Somebody who reads without scripts: follows links, fills in forms and sends them."""

    def __init__(self, library: Library, desk: Path) -> None:
        app = make_app(library.folder.path, desk)
        app.state.now = lambda: datetime(2026, 1, 15, 8, 40, tzinfo=UTC)
        self.client = TestClient(app, follow_redirects=False)

    def page(self, address: str, status: int = 200) -> Page:
        """Return the page at an address."""
        answer = self.client.get(address)
        assert answer.status_code == status, answer.text[:2000]
        return Page(answer.text)

    def send(self, address: str, **values: object) -> tuple[int, str, str]:
        """Send a form; return the status, where it leads, and the page."""
        answer = self.client.post(address, data=values, headers=OWN)
        return answer.status_code, answer.headers.get("location", ""), answer.text

    def form(self, page: Page) -> dict[str, str]:
        """Return what the form of a note on a page holds."""
        form = page.tree.xpath("//form[contains(@class, 'note-form') and not(ancestor::template)]")[0]
        values = {one.get("name"): one.get("value", "") for one in form.xpath(".//input[@name]")}
        return values | {one.get("name"): one.text or "" for one in form.xpath(".//textarea")}

    def write(self, text: str, asked: str = "part=eligibility&criterion=I1", **changed: object) -> str:
        """Write a note, and return where it leads."""
        values = self.form(self.page(f"{STUDY}/notes/new?{asked}")) | {"text": text} | changed
        status, where, said = self.send(f"{STUDY}/notes", **values)
        assert status == 303, said[:2000]
        return where


@pytest.fixture
def reader(demonstration: Library, tmp_path: Path) -> Reader:
    return Reader(demonstration, tmp_path / "desk")


def marks(page: Page) -> list[str]:
    return page.all("//mark[contains(@class, 'noted')]")


def test_every_heading_and_criterion_leads_to_a_note(reader: Reader) -> None:
    """Without scripts a link at each section and criterion leads to a form, which shows the words it is about."""
    page = reader.page(STUDY)
    links = page.tree.xpath("//a[@class='note-offer']/@href")
    parts = page.tree.xpath("//section[@class='part']/@id")
    criteria = page.tree.xpath("//li[@data-id]/@data-id")
    assert [one for one in links if "criterion" not in one] == [f"{STUDY}/notes/new?part={part}" for part in parts]
    assert len([one for one in links if "criterion" in one]) == len(criteria) > 3
    for link in links:
        form = reader.form(reader.page(link))
        named = re.search(r"criterion=(.+)", link)
        if named:
            words = page.all(f"//li[@data-id='{named[1]}']/p[@class='words'][1]")[0]
            assert " ".join(form["exact"].split()) == words.split("Add a note on")[0].strip()
        else:
            assert form["exact"] == ""


def test_a_note_stands_on_its_words(reader: Reader) -> None:
    """Saved, it leads to its mark; its number leads to the note below, which leads back."""
    where = reader.write("Ask my doctor", tags="ask, dose")
    page = reader.page(STUDY)
    id = where.partition("#mark-")[2]
    assert where == f"{STUDY}#mark-{id}"
    words = reader.form(reader.page(f"{STUDY}/notes/new?part=eligibility&criterion=I1"))["exact"]
    assert " ".join(marks(page)) == words
    [number] = page.tree.xpath("//a[@class='note-number']")
    assert number.get("href") == f"#note-{id}" and "Note 1: Ask my doctor" in number.text_content()
    assert page.tree.xpath(f"//li[@id='note-{id}']//a/@href")[0].startswith(("/notes?tag", f"#mark-{id}"))
    assert "1 note" in page.all("//a[@class='note-count']")
    assert reader.client.get(STUDY).headers["cache-control"] == "no-store"


def test_a_page_without_notes_is_as_it_was(reader: Reader, tmp_path: Path) -> None:
    """It may be kept by a browser, has no mark, and no desk is made for one who only looks."""
    answer = reader.client.get(STUDY)
    assert "cache-control" not in answer.headers
    assert '<mark class="noted"' not in answer.text and "<!--note" not in answer.text
    reader.page("/notes")
    assert not (tmp_path / "desk").exists()


def test_notes_on_a_section_and_on_the_study(reader: Reader) -> None:
    """One stands at the heading, the other is listed alone."""
    section, whole = reader.write("On sites", "part=sites"), reader.write("On all", "")
    assert section.startswith(f"{STUDY}#mark-") and whole.startswith(f"{STUDY}#note-")
    page = reader.page(STUDY)
    assert page.tree.xpath("//section[@id='sites']/h2/a[@class='note-number']/@id") == [section.partition("#")[2]]
    assert page.tree.xpath(f"//li[@id='{whole.partition('#')[2]}']")
    assert marks(page) == []


def test_a_note_is_changed_removed_and_restored(reader: Reader) -> None:
    """Each by one form, and what was removed comes back by one press."""
    id = reader.write("First").partition("#mark-")[2]
    form = reader.form(reader.page(f"/notes/{id}"))
    assert form["text"] == "First"
    assert reader.send(f"/notes/{id}", **form | {"text": "Second"})[:2] == (303, f"{STUDY}#mark-{id}")
    assert reader.page(STUDY).all(f"//li[@id='note-{id}']//p[@class='note-text']") == ["Second"]
    assert reader.send(f"/notes/{id}/delete", back="study")[:2] == (303, f"{STUDY}?deleted={id}#notes")
    page = reader.page(f"{STUDY}?deleted={id}")
    assert marks(page) == [] and "The note was deleted." in page.text
    assert page.tree.xpath(f"//form[@action='/notes/{id}/restore']")
    assert "1 deleted in the last 30 days" in reader.page("/notes").text
    assert reader.send(f"/notes/{id}/restore", back="study")[:2] == (303, f"{STUDY}#mark-{id}")
    assert marks(reader.page(STUDY))


def test_two_tabs_lose_nothing(reader: Reader) -> None:
    """The second to save is shown both texts, and saves what it made of them."""
    id = reader.write("Begun").partition("#mark-")[2]
    one, two = (reader.form(reader.page(f"/notes/{id}")) for _ in range(2))
    reader.send(f"/notes/{id}", **one | {"text": "From the first tab"})
    status, _, said = reader.send(f"/notes/{id}", **two | {"text": "From the second tab"})
    page = Page(said)
    assert status == 409 and "changed elsewhere while you wrote" in page.text
    assert page.all("//div[@class='note-other']/p") == ["From the first tab"]
    form = reader.form(page)
    assert form["text"] == "From the second tab"
    assert reader.page(f"/notes/{id}").all("//textarea") == ["From the first tab"]
    assert reader.send(f"/notes/{id}", **form | {"text": "Both"})[0] == 303
    assert reader.page(f"/notes/{id}").all("//textarea") == ["Both"]
    told = reader.client.post(
        f"/notes/{id}", data=two | {"text": "Third"}, headers=OWN | {"accept": "application/json"}
    )
    assert told.status_code == 409


def test_a_form_sent_twice_makes_one_note(reader: Reader) -> None:
    """A browser that was closed while it saved sends the form again: there is one note."""
    form = reader.form(reader.page(f"{STUDY}/notes/new?part=about")) | {"text": "Once"}
    assert reader.send(f"{STUDY}/notes", **form)[1] == reader.send(f"{STUDY}/notes", **form)[1]
    assert len(reader.page(STUDY).tree.xpath("//li[contains(@class, 'note-item')]")) == 1


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script><img src=x onerror=alert(1)>", "هل الشاي دافئ؟ \u202e abc", "a" * 20_000]
)
def test_any_text_is_shown_as_text(reader: Reader, text: str) -> None:
    """Scripts and HTML are letters, right-to-left text has its direction, a long note is whole, on every page."""
    id = reader.write(text).partition("#mark-")[2]
    for address in (STUDY, "/notes", f"/notes/{id}", f"/notes/{id}/question"):
        page = reader.page(address)
        shown = page.tree.xpath("//*[@dir='auto' and not(ancestor::template)]")
        assert any(text in (one.text_content() or one.get("value", "")) for one in shown), address
        assert not page.tree.xpath("//img[@onerror]") and "<script>" not in page.html


def test_a_text_that_is_too_long_is_still_there(reader: Reader) -> None:
    """A megabyte is refused in words, and the form has all of it, to be shortened."""
    form = reader.form(reader.page(f"{STUDY}/notes/new?part=about")) | {"text": "tea & " * 200_000}
    status, _, said = reader.send(f"{STUDY}/notes", **form)
    page = Page(said)
    assert status == 400 and "The note has 1,199,999 characters; 20,000 are kept at most" in page.text
    assert page.tree.xpath("//textarea")[0].text_content().strip() == ("tea & " * 200_000).strip()
    assert reader.form(page)["key"] == form["key"]
    assert "You have no notes" in reader.page("/notes").text


def test_all_notes_are_listed_and_found(reader: Reader) -> None:
    """By words in the text, the quote or the tags, in any case, and by tag and study."""
    reader.write("Ask about WARFARIN", tags="Dose")
    reader.write("Straße", "part=sites", tags="dose, travel")
    page = reader.page("/notes")
    assert "2 notes. Only you see them." in page.text
    assert page.all("//ul[@aria-label='Tags in use']//a") == ["dose 2", "travel 1"]

    def found(asked: str) -> list[str]:
        return reader.page(f"/notes?{asked}").all("//section[@class='note-group']//p[@class='note-text']")

    assert found("q=warfarin") == found("q=about+ask") == ["Ask about WARFARIN"]
    assert found("q=STRASSE") == found("tag=travel") == ["Straße"]
    assert len(found("tag=DOSE")) == len(found(f"study={NUMBER}")) == 2
    assert found("q=nothing") == found("study=NCT99000002") == []


def test_notes_are_saved_and_brought_in_as_web_annotations(
    reader: Reader, demonstration: Library, tmp_path: Path
) -> None:
    """A file brought into another desk makes the same notes, and brought in twice makes none twice."""
    reader.write("One", tags="ask")
    reader.write("Two", "part=sites")
    reader.write("Three", "")
    answer = reader.client.get("/notes.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    other = Reader(demonstration, tmp_path / "other")
    for count, words in ((3, "3 notes added."), (3, "0 notes added, 3 were there already.")):
        sent = other.client.post("/notes/import", files={"file": ("n.jsonld", answer.content)}, headers=OWN)
        assert sent.status_code == 303
        page = other.page(sent.headers["location"])
        assert (
            words in page.text
            and len(page.tree.xpath("//section[@class='note-group']//li[@class='note-item']")) == count
        )
    assert marks(other.page(STUDY)) == marks(reader.page(STUDY))
    first, second = (json.loads(one.client.get("/notes.jsonld").content) for one in (reader, other))
    key = lambda one: one["id"]  # noqa: E731
    assert sorted(first["first"]["items"], key=key) == sorted(second["first"]["items"], key=key)


NO_JSON, NO_NOTE = "The file of notes is no JSON", "The file holds no Web Annotation"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"no json", NO_JSON),
        (b"\xff\xfe", NO_JSON),
        (b"[" * 100_000, NO_JSON),
        (b"{}", NO_NOTE),
        (b'[{"type":"Person"}]', NO_NOTE),
    ],
)
def test_a_file_that_is_none_is_refused(reader: Reader, content: bytes, problem: str) -> None:
    """A page says what is wrong; nothing was added."""
    sent = reader.client.post("/notes/import", files={"file": ("n.jsonld", content)}, headers=OWN)
    assert sent.status_code == 400 and problem in sent.text
    assert "You have no notes" in reader.page("/notes").text


def test_another_site_cannot_write(reader: Reader) -> None:
    """A request that did not come from our own pages changes nothing, for each address that changes something."""
    id = reader.write("Mine").partition("#mark-")[2]
    for address in (
        f"{STUDY}/notes",
        f"/notes/{id}",
        f"/notes/{id}/delete",
        f"/notes/{id}/restore",
        "/notes/import",
        "/notes/hint",
    ):
        for headers in ({"sec-fetch-site": "cross-site"}, {}, {"origin": "https://example.org"}):
            assert reader.client.post(address, data={"text": "x"}, headers=headers).status_code == 403
    assert reader.page(f"/notes/{id}").all("//textarea") == ["Mine"]


def test_a_desk_that_is_locked_keeps_what_was_typed(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page says so, the text is there to copy, and the same form is saved once the desk is free."""
    monkeypatch.setattr("equipoise.desk.database.PATIENCE", 0)
    reader.write("Before")
    form = reader.form(reader.page(f"{STUDY}/notes/new?part=about")) | {"text": "Typed with care"}
    with closing(sqlite3.connect(tmp_path / "desk" / "desk.sqlite", isolation_level=None)) as held:
        held.execute("BEGIN IMMEDIATE")
        status, _, said = reader.send(f"{STUDY}/notes", **form)
        page = Page(said)
        assert status == 503 and "Another program keeps the desk locked" in page.text
        assert page.all("//textarea") == ["Typed with care"]
        told = reader.client.post(f"{STUDY}/notes", data=form, headers=OWN | {"accept": "application/json"})
        assert told.status_code == 503 and "locked" in told.json()["problem"]
        assert reader.client.get(STUDY).status_code == 200
    assert reader.send(f"{STUDY}/notes", **reader.form(page))[0] == 303


def test_a_desk_that_cannot_be_read_hides_no_study(reader: Reader, tmp_path: Path) -> None:
    """A damaged desk is told of on the study's page, which is else whole; what is typed is still there."""
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "desk.sqlite").write_bytes(b"No longer a database." * 500)
    page = reader.page(STUDY)
    assert "Your notes cannot be shown now." in page.text and page.part("eligibility")
    status, _, said = reader.send(f"{STUDY}/notes", text="Typed with care", key="", part="about")
    assert status == 503 and Page(said).all("//textarea") == ["Typed with care"]


def test_a_desk_that_is_gone_is_told_of(reader: Reader, tmp_path: Path) -> None:
    """A desk that was taken away is not taken for an empty one; what is typed is kept, and the desk may come back."""
    reader.write("Before")
    form = reader.form(reader.page(f"{STUDY}/notes/new?part=about")) | {"text": "Typed with care"}
    (tmp_path / "desk").rename(tmp_path / "away")
    for address in ("/notes", "/saved", "/shares"):
        assert "The desk is no longer where it was" in reader.page(address, 503).text
    page = reader.page(STUDY)
    assert "Your notes cannot be shown now." in page.text and page.part("eligibility")
    status, _, said = reader.send(f"{STUDY}/notes", **form)
    assert status == 503 and Page(said).all("//textarea") == ["Typed with care"]
    assert not (tmp_path / "desk").exists()
    (tmp_path / "away").rename(tmp_path / "desk")
    assert reader.send(f"{STUDY}/notes", **form)[0] == 303
    assert "2 notes" in reader.page(STUDY).text


def test_the_hint_is_put_away_for_good(reader: Reader) -> None:
    """The first visit shows how to keep notes; put away, it is never shown again."""
    assert "Keep notes on this text." in reader.page(STUDY).text
    assert reader.send("/notes/hint", back=NUMBER)[:2] == (303, STUDY)
    assert reader.send("/notes/hint", back=NUMBER)[0] == 303
    assert "Keep notes on this text." not in reader.page(STUDY).text
    assert "Keep notes on this text." not in reader.page("/studies/NCT99000002").text


def test_a_note_becomes_a_question(reader: Reader) -> None:
    """A mail is prepared to the study's contact with the number and the quoted words; the page can be printed."""
    id = reader.write("Is tea & milk allowed?\nAnd coffee?").partition("#mark-")[2]
    page = reader.page(f"/notes/{id}/question")
    quoted = reader.form(reader.page(f"/notes/{id}"))["exact"]
    letter = page.tree.xpath("//pre")[0].text_content()
    assert NUMBER in letter and quoted in letter and "Is tea & milk allowed?\nAnd coffee?" in letter
    links = page.tree.xpath("//a[contains(@class, 'button')]/@href")
    assert all(one.startswith("mailto:") and NUMBER in one and "%0D%0AAnd%20coffee%3F" in one for one in links)


def test_a_note_that_is_not_there(reader: Reader) -> None:
    """Numbers of no note, deleted ones, and numbers beyond all numbers give the same page."""
    id = reader.write("x").partition("#mark-")[2]
    reader.send(f"/notes/{id}/delete")
    for address in (f"/notes/{id}", "/notes/999", f"/notes/{10**30}", f"/notes/{id}/question"):
        assert "on your desk" in reader.page(address, 404).text
    assert reader.send(f"/notes/{10**30}/restore")[0] == 404


def test_the_text_that_a_page_has_does_not_depend_on_its_notes(reader: Reader) -> None:
    """With and without notes, each part's text is the same: a note on a page with notes finds its words."""
    before = reader.client.get(STUDY).text
    parts = lxml.html.fromstring(before).xpath("//section[@class='part']/@id")
    for asked in ("part=eligibility&criterion=I1", "part=eligibility&criterion=I2", "part=sites"):
        reader.write("x", asked)
    after = reader.client.get(STUDY).text
    for part in parts:
        one, other = read_part(before, part), read_part(after, part)
        assert one is not None and other is not None and one.text == other.text
        assert unescape(one.text) == one.text
