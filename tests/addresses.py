"""
Every page of the server, for tests that look at each: **who adds a page adds a row to PAGES**.

A row has a name, an address, and what a reader does there before the page is looked at (a form sent, a part opened).
The library is the demonstration's, with the shared records below; the desk is the tests' own, with what earlier rows
left on it. Pages that need an account are in ``functional/test_accessibility.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urljoin

NOTE = (
    "67-year-old woman, collapsed at home on 2026-01-15. Asthma and heart failure. No diabetes. "
    "Possible pneumonia. Takes metformin. Platelets 84 x10^9/L. LVEF 35 %. Allergic to penicillin."
)


class Address(NamedTuple):
    """A page to look at: where it is, what is done there first, and what it answers."""

    name: str
    path: str
    before: Callable[[Any], None] | None = None
    status: int = 200
    shared: bool = False
    """It shows a record of the shared data."""
    long: bool = False
    """It takes too long for every run."""
    ends: str = ""
    """The route that answers in the end, where what is done leads on to another."""


def open_all(page: Any) -> None:
    """Open every part that is folded."""
    page.evaluate("document.querySelectorAll('details').forEach(node => node.open = true)")


def send_note(page: Any, note: str = NOTE) -> None:
    """Send a note about a patient."""
    page.get_by_label("Clinical note").fill(note)
    page.get_by_role("button", name="Find studies").or_(page.get_by_role("button", name="Check this patient")).click()


def matched_open(page: Any) -> None:
    """Send a note, and open what the answer folds."""
    send_note(page)
    open_all(page)


def print_sheet(page: Any) -> None:
    """Send a note, and ask for the sheet of the first study, in this tab."""
    send_note(page)
    page.evaluate("document.querySelectorAll('[formtarget]').forEach(node => node.removeAttribute('formtarget'))")
    page.get_by_role("button", name="Sheet to print").first.click()


def ask_near(page: Any) -> None:
    """Send a note, and ask for what is near a place."""
    page.get_by_label("Near").fill("Beijing, China")
    page.get_by_label("Within").fill("100 km")
    send_note(page)


def ask_beyond(page: Any) -> None:
    """Send a note and filters that no study passes."""
    page.get_by_label("Near").fill("Suva, Fiji")
    page.get_by_label("Within").fill("1 km")
    send_note(page)


def go(page: Any, path: str) -> None:
    """Go on to another page of the server."""
    page.goto(urljoin(page.url, path))


def keep_note(page: Any) -> None:
    """Write a note into the form, and save it; the study's page follows."""
    page.get_by_label("Your note").fill("Would the window of six hours still be open? Ask at the visit on Monday.")
    page.get_by_label("Tags").fill("window, to ask")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/studies/*")


def show_notes(page: Any) -> None:
    """Keep a note, and look at all of them."""
    keep_note(page)
    go(page, "/notes")


def follow(words: str) -> Callable[[Any], None]:
    """Return the act of keeping a note, and following a link of it in the list of notes."""

    def act(page: Any) -> None:
        show_notes(page)
        page.get_by_role("link", name=words).first.click()

    return act


def delete_note(page: Any) -> None:
    """Keep a note and delete it; the list offers to take that back."""
    show_notes(page)
    page.get_by_role("button", name="Delete").first.click()
    page.get_by_text("The note was deleted").wait_for()


def choose_notes(page: Any) -> None:
    """Keep a note, and go to where notes are shared."""
    keep_note(page)
    go(page, "/shares/new")


def make_share(page: Any) -> None:
    """Share notes."""
    choose_notes(page)
    for box in page.locator("[name=note]").all():
        box.check()
    page.get_by_label("Your name").fill("Ada")
    page.get_by_role("button", name="Make link and passcode").click()
    page.locator("#link").wait_for()


def list_shares(page: Any) -> None:
    """Share a note, and look at all shares."""
    make_share(page)
    go(page, "/shares")


def follow_share(page: Any) -> str:
    """Share a note and follow the link; return the passcode."""
    make_share(page)
    passcode: str = page.locator("#passcode").inner_text()
    page.goto(page.locator("#link").inner_text().strip())
    return passcode


def open_share(page: Any) -> None:
    """Share a note, and open it as who received it."""
    passcode = follow_share(page)
    page.get_by_label("Passcode").fill(passcode)
    page.get_by_role("button", name="Open").click()
    page.locator("#shared-notes").wait_for()


def open_second(page: Any) -> None:
    """Share notes on two studies, and open the second as who received them."""
    keep_note(page)
    go(page, "/studies/NCT99000007/notes/new")
    open_share(page)
    page.get_by_role("navigation", name="Studies").get_by_role("link").first.click()
    page.wait_for_url("**/s/*/*")


def mistype(page: Any) -> None:
    """Share a note, and mistype the passcode."""
    follow_share(page)
    page.get_by_label("Passcode").fill("AAAA")
    page.get_by_role("button", name="Open").click()
    page.locator("#fault").wait_for()


def save_study(page: Any) -> None:
    """Save a study, and look at what is saved."""
    if (button := page.get_by_role("button", name="Save this study")).count():
        button.click()
        page.wait_for_load_state()
    go(page, "/saved")


PAGES = [
    Address("front", "/"),
    Address("found", "/search?q=heart+OR+asthma"),
    Address("every filter open", "/search?q=asthma&near=Leeds,+UK&within=5000+km&status=open&age=45", open_all),
    Address("one part searched", "/search?cond=asthma&intr=air", open_all, long=True),
    Address("asked of criteria", "/search?requires=age+%3E%3D+18&accepts=asthma"),
    Address("many pages", "/search?q=study&page=2"),
    Address("nothing found", "/search?q=asthma&phase=PHASE3&status=withdrawn&type=OBSERVATIONAL"),
    Address("misspelled", "/search?q=astma"),
    Address("a query that cannot be read", "/search?q=%28asthma+AND+", status=400),
    Address("a place that is not known", "/search?near=Xyzzyq&within=5+km", status=400),
    Address("open study", "/studies/NCT99000002"),
    Address("not yet recruiting", "/studies/NCT99000001", open_all, long=True),
    Address("posted results", "/studies/NCT99000009", open_all),
    Address("withheld", "/studies/NCT99000011"),
    Address("terminated", "/studies/NCT99000014", long=True),
    Address("expanded access", "/studies/NCT99000020", long=True),
    Address("record", "/studies/NCT99000011/record"),
    Address("record with results", "/studies/NCT99000007/record", long=True),
    Address("no such study", "/studies/NCT00000000", status=404),
    Address("no such page", "/nowhere", status=404),
    Address("not answered so", "/match/sheet", status=405),
    Address("workbench", "/match"),
    Address("workbench for one study", "/match?study=NCT99000002"),
    Address("nothing read in a note", "/match", lambda page: send_note(page, "…"), status=400),
    Address("matched", "/match", send_note, long=True),
    Address("matched near a place", "/match", ask_near),
    Address("matched, all open", "/match", matched_open, long=True),
    Address("matched with one study", "/match?study=NCT99000002", matched_open),
    Address("matched with none", "/match", ask_beyond),
    Address("sheet", "/match?study=NCT99000002", print_sheet),
    Address("pictures of a search", "/search/pictures?q=heart+OR+asthma", open_all),
    Address("plain", "/studies/NCT99000002/plain", open_all),
    Address("plain, with a closed study", "/studies/NCT99000009/plain", long=True),
    Address("seed, plain", "/studies/NCT06062966/plain", open_all, shared=True),
    Address("glossary", "/glossary"),
    Address("saved", "/studies/NCT99000004", save_study, ends="/saved"),
    Address("nothing noted", "/notes"),
    Address("nothing shared", "/shares"),
    Address("note form", "/studies/NCT99000003/notes/new"),
    Address("study with a note", "/studies/NCT99000003/notes/new", keep_note, ends="/studies/{number}"),
    Address("notes", "/studies/NCT99000003/notes/new", show_notes, ends="/notes"),
    Address("note", "/studies/NCT99000003/notes/new", follow("Edit"), ends="/notes/{id:int}"),
    Address(
        "question", "/studies/NCT99000003/notes/new", follow("Ask the study team"), ends="/notes/{id:int}/question"
    ),
    Address("note deleted", "/studies/NCT99000003/notes/new", delete_note, ends="/notes"),
    Address("notes to share", "/studies/NCT99000003/notes/new", choose_notes, ends="/shares/new"),
    Address("share made", "/studies/NCT99000003/notes/new", make_share, ends="/shares"),
    Address("shares", "/studies/NCT99000003/notes/new", list_shares, ends="/shares"),
    Address("passcode", "/studies/NCT99000003/notes/new", follow_share, ends="/s/{token}"),
    Address("passcode mistyped", "/studies/NCT99000003/notes/new", mistype, status=400, ends="/s/{token}"),
    Address("shared study", "/studies/NCT99000003/notes/new", open_share, ends="/s/{token}"),
    Address("second shared study", "/studies/NCT99000003/notes/new", open_second, ends="/s/{token}/{place:int}"),
    Address("seed: cardiac arrest", "/studies/NCT07176754", open_all, shared=True),
    Address("seed: stroke", "/studies/NCT07263776", open_all, shared=True),
    Address("seed: lung", "/studies/NCT05914454", open_all, shared=True),
    Address("seed: heart failure", "/studies/NCT06062966", open_all, shared=True),
    Address("seed: stem cells", "/studies/NCT05689008", open_all, shared=True),
    Address("many references", "/studies/NCT03447678", shared=True, long=True),
    Address("old XML with results", "/studies/NCT00000125", open_all, shared=True, long=True),
    Address("results in ten groups", "/studies/NCT03729596", open_all, shared=True, long=True),
    Address("hundreds of sites", "/studies/NCT05850520", shared=True, long=True),
    Address("many arms", "/studies/NCT05914116", open_all, shared=True, long=True),
    Address("the largest record", "/studies/NCT04047862", shared=True, long=True),
    Address("its record", "/studies/NCT03729596/record", shared=True, long=True),
]
