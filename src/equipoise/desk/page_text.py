"""
The text of a part of a page as a browser has it, and where in the page's HTML each piece of it stands.

The text of a part is that of its text nodes. White space is one space, and the bounds of a block are white space, as
they are to a reader: `<li>Asthma</li><li>Gout</li>` is two words. What is beside the text (drawings, forms, and what we
put into it ourselves, which says ``data-aside``) is not of it. `static/notes.js` reads it by the same rules, and a test
in a browser compares the two.

The pages are ours: rendered from templates that escape, and from CommonMark that was sanitised; so tags are whole, and
a pattern reads them, which keeps the place of each and is ten times as fast as a parser.
"""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

SPACE = "\t\n\f\r \u00a0"
BLOCKS = frozenset(
    [
        "address", "article", "aside", "blockquote", "br", "caption", "dd", "details", "div", "dl", "dt", "figcaption",
        "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre",
        "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"
    ]
)  # fmt: skip
ASIDE = frozenset(
    [
        "svg", "math", "script", "style", "textarea", "select", "button"
    ]
)  # fmt: skip
_VOID = frozenset(
    [
        "area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"
    ]
)  # fmt: skip

_TAG = r"<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*)(?P<rest>(?:[^\"'>]|\"[^\"]*\"|'[^']*')*)>"
_TOKEN = re.compile(rf"{_TAG}|<!--.*?-->|(?P<space>[{SPACE}]+)|(?P<entity>&[#\w]+;)|(?P<word>[^<&{SPACE}]+|[<&])", re.S)
_PART = '<section class="part" id="{}"'


class Piece(NamedTuple):
    """A word, a space or an entity: where it begins in the text, and where it stands in the HTML.

    ``node`` tells the text nodes apart; ``after`` is where something may be put in after it: never inside a link.
    """

    start: int
    text: str
    source: int
    source_end: int
    node: int


class PartText(NamedTuple):
    """A part's text and its pieces; ``heading`` is where its heading ends in the HTML."""

    text: str
    pieces: tuple[Piece, ...]
    heading: int
    links: dict[int, int]


class _Reader:
    """Reads one part, tag by tag."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.length = 0
        self.node = 0
        self.beside: list[str] = []
        self.within = 0
        self.heading = -1
        self.links: dict[int, int] = {}
        self._linked: list[int] | None = None

    def tag(self, found: re.Match[str]) -> bool:
        """Take a tag; return whether the part ends with it."""
        name, ends = found["name"].lower(), bool(found["end"])
        self.node += 1
        if self.beside:
            if name == self.beside[-1]:
                self.beside.pop() if ends else self.beside.append(name)
            return False
        # A word that opens its explanation is a button, and text all the same.
        word = name == "button" and (ends or " interestfor=" in found["rest"])
        if not ends and ((name in ASIDE and not word) or "data-aside" in found["rest"]):
            if name not in _VOID and not found["rest"].endswith("/"):
                self.beside.append(name)
            return False
        if name in BLOCKS:
            self.put(" ", found.start(), found.start())
        if name == "a" or word:
            self._link(found.end(), ends)
        if name == "section":
            self.within += -1 if ends else 1
        if name == "h2" and ends and self.heading < 0:
            self.heading = found.start()
        return name == "section" and self.within == 0

    def _link(self, place: int, ends: bool) -> None:
        if not ends:
            self._linked = []
        elif self._linked is not None:
            self.links.update(dict.fromkeys(self._linked, place))
            self._linked = None

    def put(self, text: str, source: int, source_end: int) -> None:
        """Take a piece of text; white space after white space, and at the beginning, is none."""
        if self.beside or (text == " " and (not self.pieces or self.pieces[-1].text == " ")):
            return
        self.pieces.append(Piece(self.length, text, source, source_end, self.node))
        self.length += len(text)
        if self._linked is not None:
            self._linked.append(self.node)


def read_part(html: str, part: str) -> PartText | None:
    """
    Return the text of the part with this id, or None where the page has none.

    >>> found = read_part('<section class="part" id="who"><h2>Who</h2><p>Adults &amp; teens</p></section>', "who")
    >>> found.text
    'Who Adults & teens '
    """
    begin = html.find(_PART.format(part)) if re.fullmatch(r"[a-z-]+", part) else -1
    if begin < 0:
        return None
    reader = _Reader()
    for found in _TOKEN.finditer(html, begin):
        if found["name"]:
            if reader.tag(found):
                break
        elif found["space"]:
            reader.put(" ", found.start(), found.end())
        elif found["entity"]:
            said = unescape(found[0])
            reader.put(" " if said in SPACE else said, found.start(), found.end())
        elif found["word"]:
            reader.put(found[0], found.start(), found.end())
    text = "".join(piece.text for piece in reader.pieces)
    return PartText(text, tuple(reader.pieces), reader.heading, reader.links)


def words_between(part: PartText, begin: int, end: int) -> tuple[int, int] | None:
    """Return where in a part's text the words stand that lie in this range of the HTML, or None if there are none."""
    within = [piece for piece in part.pieces if piece.source >= begin and piece.source_end <= end]
    while within and within[0].text == " ":
        within.pop(0)
    while within and within[-1].text == " ":
        within.pop()
    return (within[0].start, within[-1].start + len(within[-1].text)) if within else None
