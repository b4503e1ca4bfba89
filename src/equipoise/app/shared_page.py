"""A study as somebody sees it to whom notes on it were sent: the study, the notes in place, and no way elsewhere."""

from __future__ import annotations

from datetime import date

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from equipoise.app.pages import title_of
from equipoise.app.rendering import render_page
from equipoise.app.study_html import render_study
from equipoise.desk.notes import beginning
from equipoise.desk.opening import LONGEST_NAME, LONGEST_REPLY, Opened
from equipoise.desk.placing import Orphan, place_notes
from equipoise.errors import StudyNotFound
from equipoise.store.library import Library

# Where a study's template has room for notes.
_ROOM = "<!--notes-->"
# What a study's page offers to its own readers. A receiver is offered nothing but the study itself.
_TOOLS = ("form", "script", "template", "dialog", "button", "input", "select", "textarea", "style", "link", "iframe")
_ELSEWHERE = ("related-studies",)
_LEADS_OUT = ("#", "http://", "https://", "mailto:", "tel:")


def shared_page(library: Library, opened: Opened, *, token: str, place: int, today: date, answering: int = 0) -> str:
    """Return the page of the study at a place, from 1, in what was shared; *answering* is the note to reply to."""
    studies = opened.bundle.studies
    place = place if 1 <= place <= len(studies) else 1
    number = studies[place - 1]
    notes = opened.bundle.notes_on(number)
    banner = ""
    try:
        page = render_study(library, library.record(number), today)
        banner = _banner(page)
        html, placed, orphans = place_notes(_article(page), notes)
    except StudyNotFound:
        html, placed, orphans = _ROOM, (), tuple(Orphan(note, None) for note in notes)
    study = alone(html) if html != _ROOM else html
    panel = render_page("_shared_notes.html", placed=placed, orphans=orphans, opened=opened, here=f"/s/{token}/{place}")
    before, _, after = study.partition(_ROOM)
    return render_page(
        "shared.html",
        number=number,
        banner=banner,
        there=html != _ROOM,
        study=before,
        panel=panel,
        rest=after,
        opened=opened,
        token=token,
        place=place,
        studies=[(at, one, title_of(library, one)) for at, one in enumerate(studies, 1)],
        words=dict(enumerate(map(beginning, opened.bundle.notes), 1)),
        # A note of another study is shown on its own page.
        here={note.id for note in notes},
        answering=answering,
        longest_reply=LONGEST_REPLY,
        longest_name=LONGEST_NAME,
    )


def _article(page: str) -> str:
    """Return the part of a study's page that is the study."""
    # Outcomes with results are articles in it: the last end is its own.
    return page[page.index("<article>") : page.rindex("</article>") + len("</article>")]


def _banner(page: str) -> str:
    """Return what a study's page says above all, such as that it is a demonstration record; else nothing."""
    start = page.find('<aside class="banner"')
    return alone(page[start : page.index("<main", start)].strip()) if start >= 0 else ""


def alone(html: str) -> str:
    """
    Return a study without what leads elsewhere on this server or does something there; links out of it stay.

    >>> alone('<p><a class="chip" href="/search?q=tea">tea</a> <a href="#about">About</a></p>')
    '<p><span class="chip">tea</span> <a href="#about">About</a></p>'
    >>> alone('<div><form action="/x"><button>Follow</button></form><p><a href="/match">Check</a></p>tea</div>')
    '<div>tea</div>'
    >>> alone('<div><nav><span>Full view</span><a href="/plain">Plain view</a></nav>tea</div>')
    '<div>tea</div>'
    """
    tree = lxml.html.fragment_fromstring(html)
    for node in list(tree.iter(*_TOOLS)):
        # A word that opens its explanation is a button, and does so here as well.
        if node.tag != "button" or not node.get("popovertarget"):
            node.drop_tree()
    for comment in list(tree.iter(etree.Comment)):
        if comment.text != _ROOM[4:-3]:
            comment.drop_tree()
    for section in list(tree.iter("section")):
        if section.get("id") in _ELSEWHERE:
            section.drop_tree()
    for node in list(tree.iter("a")):
        if (node.get("href") or "").removeprefix("#") in _ELSEWHERE:
            (_item(node)).drop_tree()
    for node in list(tree.iter("nav")):
        if not any(_stays(link) for link in node.iter("a")):
            node.drop_tree()
    for node in list(tree.iter("p")):
        if _is_only_links(node):
            node.drop_tree()
    for node in list(tree.iter("a")):
        if not _stays(node):
            node.tag = "span"
            for name in ("href", "rel", "target"):
                node.attrib.pop(name, None)
    return str(lxml.html.tostring(tree, encoding="unicode"))


def _stays(link: HtmlElement) -> bool:
    # An address that begins with two slashes is of another server, but nobody writes one by intent.
    return (link.get("href") or "").lower().startswith(_LEADS_OUT)


def _item(link: HtmlElement) -> HtmlElement:
    parent = link.getparent()
    return parent if parent is not None and parent.tag == "li" else link


def _is_only_links(node: HtmlElement) -> bool:
    """Return whether a paragraph is a line of ways elsewhere and says nothing itself."""
    if not len(node) or any(one.tag != "a" or _stays(one) for one in node):
        return False
    said = (node.text or "") + "".join(one.tail or "" for one in node)
    return not said.strip(" ·\n\t")
