"""Ask the web pages of a library, and read what they show."""

from __future__ import annotations

from datetime import date

import lxml.etree
import lxml.html
from starlette.testclient import TestClient

from equipoise.app.web import make_app
from equipoise.store.library import Library

TODAY = date(2026, 1, 15)


BLOCKS = {"p", "div", "li", "dt", "dd", "br", "td", "th", "h1", "h2", "h3", "section", "ul", "ol", "caption"}


def text_of(node: lxml.html.HtmlElement) -> str:
    """Return what a reader sees in a node: blocks stand apart, white space is folded, what is beside it left out."""
    parts: list[str] = []
    walk = lxml.etree.iterwalk(node, events=("start", "end"))
    for event, one in walk:
        if event == "start" and one is not node and "data-aside" in one.attrib:
            walk.skip_subtree()
        elif event == "start":
            parts += [" " if one.tag in BLOCKS else "", one.text or ""]
        else:
            parts += [" " if one.tag in BLOCKS else "", (one.tail or "") if one is not node else ""]
    return " ".join("".join(parts).split())


class Page:
    """A page as it was answered."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.tree = lxml.html.document_fromstring(html)

    @property
    def text(self) -> str:
        """All text that a reader sees, white space folded."""
        return text_of(self.tree.find("body"))

    def part(self, id: str) -> str:
        """The text of the section with this id, empty where there is none."""
        found = self.tree.xpath(f"//section[@id='{id}']")
        return text_of(found[0]) if found else ""

    def all(self, xpath: str) -> list[str]:
        """The texts of the elements that *xpath* finds."""
        return [text_of(node) for node in self.tree.xpath(xpath)]

    def row(self, label: str) -> str | None:
        """What stands beside a label in a list of rows, or None."""
        for term in self.tree.xpath("//dl/dt"):
            if text_of(term) == label:
                return text_of(term.getnext())
        return None


class Site:
    """The web application of a library, as it is on a fixed day."""

    def __init__(self, library: Library) -> None:
        app = make_app(library.folder.path)
        app.state.today = lambda: TODAY
        self.client = TestClient(app, follow_redirects=False)

    def page(self, address: str, *, status: int = 200) -> Page:
        """Return the page at *address*."""
        answer = self.client.get(address)
        assert answer.status_code == status, answer.text[:500]
        return Page(answer.text)
