"""
Makes the words of a page that readers may not know open their explanation.

A page's templates write ``<abbr title="…">`` or ``<span title="…">`` where a label or a value has an explanation.
Nobody who reads by touch or by keyboard ever sees a title, so each becomes a button with a popover, which the browser
opens on hover, on focus and on a tap, and closes on Escape. In running text, which is told by its class, the first
mention of a glossary's word in a section does the same; a heading that the glossary knows is followed by a small
question mark.

It works on rendered HTML, in one pass, and knows how our templates write it: with double quotes, and running text
without a block of its own kind inside.
"""

from __future__ import annotations

import re
from html import escape, unescape

from markupsafe import Markup

from equipoise.terms.glossary import find_terms, headings

# The classes of what is running text, in which words are looked up.
_RUNNING = "(?:prose|words|said|results-prose|results-estimate|results-facts)"
# Every way begins with "<", which the search finds at once; the two that most tags would try come last.
_SEEN = re.compile(
    r"<(?:(?P<section>section\b)"
    # What may hold no button is passed over whole.
    r"|(?P<closed>a|summary|pre|label|button|svg)\b[^<]*+(?:<(?!/(?P=closed)>)[^<]*+)*+</(?P=closed)>"
    rf'|(?P<begin>(?P<block>div|p|dl) class="{_RUNNING}">)(?P<running>.*?)(?=</(?P=block)>)'
    r"|(?P<heading>h[23]\b[^>]*>)(?P<words>[^<]+)(?=</h[23]>)"
    r'|(?P<tag>abbr|span)\b(?P<left>(?: [a-z-]+="[^"]*")*?) title="(?P<help>[^"]*)"(?P<right>(?: [a-z-]+="[^"]*")*)>'
    r"(?P<said>[^<]*(?:<(?!/?(?:abbr|span)\b)[^<]*)*)</(?P=tag)>)",
    re.DOTALL,
)
# A word's button and the points after it, which stay on its line.
_POINT = re.compile(r'(<button type="button" class="[^"]*\bterm\b[^>]*>[^<]*</button>)((?:</span>)?)([.,;:!?)\]’”]+)')
_TAG = re.compile(r"<a\b.*?</a>|<[^>]*>", re.DOTALL)
_TITLE = re.compile(r' title="[^"]*"')


def explain(html: str) -> Markup:
    """Return HTML with its explanations as buttons, and their popovers after it.

    >>> print(explain('<dt><abbr title="How many.">Enrollment</abbr></dt>'))
    <dt><button type="button" class="term" popovertarget="x1" popovertargetaction="show" interestfor="x1">Enrollment\
</button></dt><div popover id="x1" class="tip"><strong>Enrollment</strong> How many.</div>
    """
    return Markup(_Explainer().run(html))  # noqa: S704 (it adds tags of its own and escaped text to what is safe)


class _Explainer:
    """Explains one page."""

    def __init__(self) -> None:
        self._tips: dict[str, str] = {}
        self._seen: set[str] = set()

    def run(self, html: str) -> str:
        """Return the page."""
        return _POINT.sub(r'<span class="kept">\1\3</span>\2', _SEEN.sub(self._one, html)) + "".join(
            self._tips.values()
        )

    def _one(self, found: re.Match[str]) -> str:
        kind = found.lastgroup
        if kind == "section":
            self._seen.clear()
        elif kind == "running":
            return "<" + found["begin"] + self._running(found["running"])
        elif kind == "said":
            return self._titled(found)
        elif kind == "words":
            return self._heading(found)
        return found[0]

    def _button(self, help: str, label: str, names: str = "term", more: str = "") -> str:
        """
        Return the tag that opens an explanation: a tap or Enter by *popovertarget*, hover and focus by *interestfor*.

        *label* is HTML.
        """
        tip = self._tips.get(help)
        id = tip.split('"', 2)[1] if tip else f"x{len(self._tips) + 1}"
        if tip is None:
            words = f"<strong>{label}</strong> {escape(help, quote=False)}"
            self._tips[help] = f'<div popover id="{id}" class="tip">{words}</div>'
        return (
            f'<button type="button" class="{names}"{more} popovertarget="{id}" popovertargetaction="show"'
            f' interestfor="{id}">'
        )

    def _titled(self, found: re.Match[str]) -> str:
        """Return a button in place of a tag with a title; the same words are explained once in a section."""
        rest = found["left"] + found["right"]
        if ' class="read ' in rest:
            return found[0]  # how criteria were read stands below each of them
        help = unescape(found["help"])
        if help in self._seen:
            return f"<span{rest}>{found['said']}</span>"
        self._seen.add(help)
        names = rest.partition(' class="')[2].partition('"')[0]
        return f"{self._button(help, found['said'], f'{names} term' if names else 'term')}{found['said']}</button>"

    def _heading(self, found: re.Match[str]) -> str:
        """Return a heading, with a question mark where the glossary knows it."""
        words = found["words"].strip()
        entry = headings().get(unescape(words))
        if entry is None:
            return found[0]
        button = self._button(entry.text, escape(entry.term), "ask", f' aria-label="What is “{words}”?"')
        return f"{found[0]} {button}</button>"

    def _running(self, html: str) -> str:
        """Return running text with the first mention of each word that the glossary knows as a button."""
        out: list[str] = []
        place = 0
        for tag in _TAG.finditer(html):
            self._text(html[place : tag.start()], out)
            out.append(tag[0])
            place = tag.end()
        self._text(html[place:], out)
        return _SEEN.sub(self._one, "".join(out)) if ' title="' in html else "".join(out)

    def _text(self, text: str, out: list[str]) -> None:
        place = 0
        for found in find_terms(text):
            if found.entry.id in self._seen:
                continue
            self._seen.add(found.entry.id)
            if out and out[-1].startswith("<span"):
                out[-1] = _TITLE.sub("", out[-1])  # two explanations would lie over each other
            written = text[found.start : found.end]
            button = self._button(found.entry.text, escape(found.entry.term), "term word")
            out += (text[place : found.start], f"{button}{written}</button>")
            place = found.end
        out.append(text[place:])
