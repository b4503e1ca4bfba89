"""Notes in a real browser: words are selected, a note is written, read again, changed, deleted and restored."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from equipoise.desk.page_text import read_part
from equipoise.store.library import Library

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("notes_browser")]

NUMBER = "NCT99000001"
SELECT = """([selector, start, end]) => {
  const walker = document.createTreeWalker(document.querySelector(selector), NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let seen = 0, node;
  while ((node = walker.nextNode())) {
    if (start >= seen && start <= seen + node.data.length) range.setStart(node, start - seen);
    if (end >= seen && end <= seen + node.data.length) { range.setEnd(node, end - seen); break; }
    seen += node.data.length;
  }
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}"""
ALL_OF = """(id) => getSelection().selectAllChildren(document.getElementById(id))"""


@pytest.fixture(scope="module")
def server(
    demonstration: Library, tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]
) -> Iterator[tuple[str, Path]]:
    """The address of a server, and its desk."""
    desk = tmp_path_factory.mktemp("notes") / "desk"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EQUIPOISE_DESK", str(desk))
        yield serve(Path(demonstration.folder.path)), desk


@pytest.fixture
def address(server: tuple[str, Path]) -> str:
    """The address of a server whose desk holds no note."""
    address, desk = server
    if (desk / "desk.sqlite").exists():
        with closing(sqlite3.connect(desk / "desk.sqlite")) as connection, connection:
            connection.execute("DELETE FROM notes")
    return address


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """A page of a study; it must end without an error of ours and without a request that leaves the server."""
    page, faults, asked = browser.new_page(), [], []
    page.set_default_timeout(10_000)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/studies/{NUMBER}")
    page.evaluate("localStorage.clear()")
    yield page
    page.close()
    # A refused form is an error to the console; tests that provoke one say so.
    assert [one for one in faults if "status of 4" not in one and "ERR_CONNECTION_REFUSED" not in one] == []
    assert all(url.startswith(address) for url in asked)


@contextmanager
def saved(page: Any) -> Iterator[None]:
    """Do what saves a note, and wait until the page has it."""
    with page.expect_event("load"):
        yield
    page.wait_for_selector(".note-told:not(:empty)")


def drag(page: Any, selector: str) -> str:
    """Select all words of an element with the mouse, and return them."""
    page.locator(selector).scroll_into_view_if_needed()
    box = page.evaluate(
        """(selector) => { const range = document.createRange();
        range.selectNodeContents(document.querySelector(selector)); const r = range.getBoundingClientRect();
        return [r.left, r.top, r.right, r.bottom]; }""",
        selector,
    )
    page.mouse.move(box[0] + 1, box[1] + 6)
    page.mouse.down()
    page.mouse.move(box[2] - 1, box[3] - 6, steps=4)
    page.mouse.up()
    return str(page.evaluate("getSelection().toString()"))


def marks(page: Any) -> str:
    return " ".join(" ".join(page.locator("mark.noted").all_text_contents()).split())


def test_words_are_noted_with_the_mouse(page: Any) -> None:
    """Select, press the pen, write, save: the words are marked; the note is changed, deleted and restored."""
    words = drag(page, "#I4 .words .read")
    page.locator(".note-pen").click()
    assert page.locator("dialog .note-quote").inner_text() == words.strip()
    page.locator("dialog textarea").fill("How long exactly?")
    page.locator("dialog input[name=tags]").fill("ask, time")
    with saved(page):
        page.locator("dialog button", has_text="Save").click()
    assert marks(page) == " ".join(words.split())
    page.reload()
    assert marks(page) == " ".join(words.split())
    page.locator(".note-number").click()
    assert "How long exactly?" in page.locator("dialog.note-box").inner_text()
    page.keyboard.press("Escape")
    page.locator("#your-notes a", has_text="Edit").click()
    page.locator("textarea").fill("How long, in minutes?")
    with saved(page):
        page.locator("button", has_text="Save").click()
    assert "How long, in minutes?" in page.locator("#your-notes").inner_text()
    page.locator("#your-notes button", has_text="Delete").click()
    page.locator("button", has_text="Undo").click()
    page.wait_for_selector("mark.noted")
    assert "How long, in minutes?" in page.locator("#your-notes").inner_text()


def test_the_keyboard_alone_suffices(page: Any) -> None:
    """Words selected by keys get a note by Alt and N, or by the pen that Tab reaches next; Ctrl and Enter saves."""
    page.locator("#I2 .words").dblclick(position={"x": 60, "y": 10})
    for _ in range(6):
        page.keyboard.press("Shift+ArrowRight")
    page.wait_for_selector(".note-pen")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "note-pen"
    page.keyboard.press("Enter")
    page.keyboard.type("First")
    with saved(page):
        page.keyboard.press("Control+Enter")
    assert page.evaluate("document.activeElement.className") == "note-number"
    page.evaluate(SELECT, ["#about p", 0, 20])
    page.keyboard.press("Alt+n")
    page.keyboard.type("Second")
    page.keyboard.press("Tab")
    page.keyboard.type("ask")
    with saved(page):
        page.keyboard.press("Enter")
    assert page.locator(".note-number").count() == 2


def test_the_keyboard_goes_on_from_a_note_on_the_study(page: Any) -> None:
    """Such a note stands at no words: once it is saved, the keyboard is at the note and not at the page's top."""
    page.keyboard.press("Alt+n")
    page.keyboard.type("On all of it")
    with saved(page):
        page.keyboard.press("Control+Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('.note-item'))")


def test_every_part_is_read_as_the_server_reads_it(page: Any, address: str) -> None:
    """All words of each part are, as the script takes them, what the server finds in it; so every place is found."""
    html = page.request.get(f"{address}/studies/{NUMBER}").text()
    for part in page.eval_on_selector_all("section.part", "parts => parts.map(part => part.id)"):
        found = read_part(html, part)
        assert found is not None
        page.evaluate(ALL_OF, part)
        page.keyboard.press("Alt+n")
        exact = page.locator("dialog[open] input[name=exact]").input_value()
        if len(found.text) <= 10_000:
            assert exact == found.text.strip()
        page.keyboard.press("Escape")


def test_any_selection_is_found_again(page: Any, address: str) -> None:
    """Selections across lines, tags, lists and tables, with letters beyond the first plane, are marked as selected."""
    page.evaluate("document.querySelector('#about p').prepend('👩🏽‍⚕️ ')")
    for selector, start, end in (("#about", 30, 400), ("#eligibility", 200, 900), ("#arms", 5, 300), ("#dates", 0, 80)):
        page.evaluate(SELECT, [selector, start, end])
        page.keyboard.press("Alt+n")
        exact = page.locator("dialog[open] input[name=exact]").input_value()
        first, last = (int(page.locator(f"dialog input[name={name}]").input_value()) for name in ("start", "end"))
        assert len(exact) == last - first
        page.locator("dialog textarea").fill(selector)
        with saved(page):
            page.locator("dialog button", has_text="Save").click()
        id = page.evaluate("location.hash").removeprefix("#mark-")
        number = page.locator(f"#note-{id} .note-disc").inner_text()
        html = page.request.get(f"{address}/studies/{NUMBER}").text()
        assert f'href="#note-{id}"' in html and int(number) > 0
    assert page.locator(".note-lost").count() == 0


def test_what_was_typed_is_kept_until_it_is_saved(page: Any, address: str) -> None:
    """Escape, a reload, a server that does not answer: the text is offered again, and saved makes one note."""
    page.evaluate(SELECT, ["#I2 .words", 4, 9])
    page.keyboard.press("Alt+n")
    page.keyboard.type("Typed with care")
    page.keyboard.press("Escape")
    assert "Typed with care" in page.locator(".note-draft").inner_text()
    page.reload()
    page.locator(".note-draft button", has_text="Go on writing").click()
    assert page.locator("dialog textarea").input_value() == "Typed with care"
    page.route("**/notes", lambda route: route.abort("connectionrefused"))
    page.locator("dialog button", has_text="Save").click()
    page.wait_for_selector("dialog .note-problem:not(:empty)")
    assert "Not saved: Equipoise does not answer" in page.locator("dialog .note-problem").inner_text()
    page.unroute("**/notes")

    # It reached the server, and the answer did not reach the browser: saved again, it is one note.
    def swallow(route: Any) -> None:
        route.fetch()
        route.abort("connectionrefused")

    page.route("**/notes", swallow)
    page.locator("dialog button", has_text="Save").click()
    page.wait_for_selector("dialog .note-problem:not(:empty)")
    page.unroute("**/notes")
    page.close()
    again = page.context.new_page()
    again.goto(f"{address}/studies/{NUMBER}")
    again.locator(".note-draft button", has_text="Go on writing").click()
    with saved(again):
        again.locator("dialog button", has_text="Save").click()
    assert again.locator("#your-notes .note-item").count() == 1
    assert again.locator(".note-draft").count() == 0
    again.close()


def test_two_tabs_are_shown_both_texts(page: Any, address: str) -> None:
    """The second tab to save sees what the first saved and what it typed, and keeps both."""
    page.keyboard.press("Alt+n")
    page.keyboard.type("Begun")
    with saved(page):
        page.keyboard.press("Control+Enter")
    link = page.locator("#your-notes a", has_text="Edit").get_attribute("href")
    other = page.context.new_page()
    for one in (page, other):
        one.goto(f"{address}{link}")
    other.locator("textarea").fill("From the other tab")
    with saved(other):
        other.locator("button", has_text="Save").click()
    page.locator("textarea").fill("From this tab")
    page.locator("button", has_text="Save").click()
    page.wait_for_selector("text=changed elsewhere while you wrote")
    assert page.locator(".note-other").inner_text() == "From the other tab"
    assert page.locator("textarea").input_value() == "From this tab"
    page.locator("textarea").fill("From both")
    with saved(page):
        page.locator("button", has_text="Save").click()
    assert "From both" in page.locator("#your-notes").inner_text()
    other.close()


def test_a_note_that_is_a_script_does_not_run(page: Any, address: str) -> None:
    """A note full of HTML is shown as letters on each page, and no dialog opens."""
    opened: list[str] = []
    page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    attack = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    page.evaluate(SELECT, ["#I2 .words", 4, 9])
    page.keyboard.press("Alt+n")
    page.locator("dialog textarea").fill(attack)
    with saved(page):
        page.locator("dialog button", has_text="Save").click()
    page.locator(".note-number").click()
    assert attack in page.locator("dialog").inner_text()
    page.goto(f"{address}/notes")
    assert attack in page.locator("main").inner_text()
    assert opened == []


def test_without_scripts_at_320_pixels(browser: Any, address: str) -> None:
    """On a small screen without scripts: a criterion's pen, the form, the mark; deleted and restored."""
    context = browser.browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(f"{address}/studies/{NUMBER}")
    page.locator("#I2 .note-offer").focus()
    page.keyboard.press("Enter")
    page.locator("textarea").fill("Written without scripts")
    page.locator("button", has_text="Save").click()
    assert re.search(r"#mark-\d+$", page.url)
    assert "arrest of presumed cardiac cause" in marks(page)
    page.locator("#your-notes button", has_text="Delete").click()
    page.locator("button", has_text="Undo").click()
    assert page.locator("mark.noted").count() > 0
    page.locator(".note-number").click()
    assert re.search(r"#note-\d+$", page.url)
    context.close()


@pytest.mark.parametrize("path", [f"/studies/{NUMBER}", "/notes", f"/studies/{NUMBER}/notes/new?part=about"])
def test_nothing_is_wider_than_a_small_screen(page: Any, address: str, path: str) -> None:
    """At 320 pixels no page of notes has to be moved sideways."""
    page.keyboard.press("Alt+n")
    page.keyboard.type("a" * 400)
    with saved(page):
        page.keyboard.press("Control+Enter")
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 720})
