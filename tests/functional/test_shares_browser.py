"""In a real browser: both secrets are copied, all fits a small screen, and the receiver gets in and out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from equipoise.desk.database import open_desk
from equipoise.desk.notes import Draft, add_note
from equipoise.desk.people import LOCAL, Person
from equipoise.store.library import Library

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

STUDY = "NCT99000001"


@pytest.fixture
def address(own_desk: Path, demonstration: Library, serve: Callable[[Path], str]) -> str:
    """A server with a note on its desk."""
    desk = open_desk(own_desk)
    add_note(desk, Person(LOCAL), Draft(study=STUDY, text="Ask about zebulonitis."), now=datetime.now(UTC))
    desk.close()
    return serve(demonstration.folder.path)


def fits(page: Any) -> bool:
    """Return whether nothing is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("width", [320, 1280])
def test_a_share_is_made_copied_and_opened(browser: Any, address: str, width: int) -> None:
    """The buttons copy what stands beside them; the link and passcode open the study; closing ends it."""
    browser.grant_permissions(["clipboard-read", "clipboard-write"])
    page, asked = browser.new_page(), []
    page.on("request", lambda request: asked.append(f"{request.url} {request.headers.get('referer', '')}"))
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.set_default_timeout(90_000)
    page.set_viewport_size({"width": width, "height": 720})
    page.goto(f"{address}/shares/new?study={STUDY}")
    assert fits(page)
    page.click("text=Make link and passcode")
    assert fits(page)
    found = {}
    for what in ("link", "passcode"):
        found[what] = page.inner_text(f"#{what}").strip()
        page.click(f"[data-copy={what}]")
        page.wait_for_selector(f"section:has(#{what}) [role=status]:has-text('Copied.')")
        assert page.evaluate("navigator.clipboard.readText()") == found[what]
    page.goto(found["link"])
    assert fits(page)
    page.fill("#passcode", found["passcode"].lower())
    page.keyboard.press("Enter")
    page.wait_for_selector("#shared-notes")
    assert fits(page)
    assert "Ask about zebulonitis." in page.inner_text("#shared-notes")
    assert page.evaluate("document.cookie") == ""
    page.fill("#text", "Yes, ask.")
    # By the keyboard: where the page still grows, a click may miss.
    page.locator("text=Send reply").press("Enter")
    page.wait_for_selector(".share-replies")
    page.click("text=Close")
    page.wait_for_selector("#passcode")
    page.go_back()
    assert "zebulonitis" not in page.content()
    page.goto(f"{address}/shares")
    assert fits(page)
    assert "Yes, ask." in page.inner_text("main")
    for one in (found["passcode"], found["passcode"].replace("-", ""), "zebulonitis"):
        assert one.lower() not in " ".join(asked).lower()
    assert problems == []
    page.close()


def test_without_scripts_both_are_selected_at_a_click(browser: Any, address: str) -> None:
    """Where scripts are off there is no button, and one click selects all of the text."""
    context = browser.browser.new_context(java_script_enabled=False) if browser.browser else None
    if context is None:
        pytest.skip("this browser makes no other context")
    page = context.new_page()
    page.goto(f"{address}/shares/new?study={STUDY}")
    page.click("text=Make link and passcode")
    assert page.is_hidden("[data-copy=link]")
    assert page.evaluate("getComputedStyle(document.getElementById('passcode')).userSelect") == "all"
    context.close()
