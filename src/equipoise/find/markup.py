"""
CommonMark, in which the registry publishes long texts, as safe HTML or as plain text.

Rendered by markdown-it-py and sanitised by nh3: no HTML of the record survives, no image is
loaded, and links lead to http(s) only. The block forms that people type by accident are off:
a line that begins with ``#``, ``>`` or four spaces is text here, not a heading, a quotation
or code.

Two faults are mended where a reader would stumble, and marked so that the published form
can be seen: ``1*10^6`` reads 1×10⁶, and "the questions are: 1. … 2. … 3. …" on one line is a list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from html import escape
from itertools import pairwise

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

_TAGS = {"p", "ul", "ol", "li", "em", "strong", "a", "br", "sup", "span", "hr", "code"}
_ATTRIBUTES = {"a": {"href", "title"}, "span": {"title"}, "ol": {"start"}}

# "1*10^6", "1 x 10^-3": a product of a number and a power of ten; or "10^9", "mm^3": a caret
# before a number.
_POWER = re.compile(
    r"(?P<factor>\d(?:[\d.,]*\d)?)\s?[*x×·]\s?10\s?\^\s?\(?(?P<ten>[-+−]?\d{1,3})\)?"
    r"|(?<=[\w)])\^\s?\(?(?P<power>[-+−]?\d{1,3})\)?"
)

_NUMBERED = re.compile(r"(?:(?<=^)|(?<=\s))(\d{1,2})[.)]\s+(?=[A-Z])")
_SENTENCE_END = re.compile(r"[.!?](?=\s+[A-Z])|\Z")


def _power(found: re.Match[str]) -> str:
    factor = f"{found['factor']}×10" if found["factor"] else ""
    power = (found["ten"] or found["power"]).replace("-", "−")
    return f'<span class="mended" title="Published as {found[0]}">{factor}<sup>{power}</sup></span>'


def _text(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    return _POWER.sub(_power, escape(tokens[index].content, quote=False))


@cache
def parser() -> MarkdownIt:
    """Return the CommonMark parser, with the forms switched off that are typed by accident."""
    md = MarkdownIt("commonmark", {"html": False, "maxNesting": 140})
    # An address without a scheme would lead into these pages.
    md.validateLink = lambda url: url.lower().startswith(("http://", "https://"))  # type: ignore[method-assign]  # its documented way
    md.disable(
        [
            "heading",
            "lheading",
            "blockquote",
            "code",
            "fence",
            "html_block",
            "html_inline",
            "image",
            "reference",
        ]
    )
    md.add_render_rule("text", _text)
    return md


def listed(text: str) -> str:
    """Return *text* with a run of numbered questions inside a paragraph set as a list.

    The run starts at 1, counts on, and follows a colon or has three items. The last item
    has as many sentences as the longest of the others; what follows is a new paragraph.

    >>> listed("It asks: 1. Is it safe? 2. Does it work? People come twice.")
    'It asks:\\n\\n1. Is it safe?\\n2. Does it work?\\n\\nPeople come twice.'
    """
    return "\n\n".join(_listed_paragraph(part) for part in text.split("\n\n"))


def _listed_paragraph(text: str) -> str:
    marks: list[re.Match[str]] = []
    for found in _NUMBERED.finditer(text):
        if int(found[1]) == len(marks) + 1:
            marks.append(found)
    before = text[: marks[0].start()].rstrip() if marks else ""
    if len(marks) < 2 or not before or "\n" in text or not (before.endswith(":") or len(marks) >= 3):
        return text
    items = [text[a.end() : b.start()].strip() for a, b in pairwise(marks)]
    longest = max(sum(1 for _ in _SENTENCE_END.finditer(item)) for item in items)
    rest = text[marks[-1].end() :]
    ends = [found.end() for found in _SENTENCE_END.finditer(rest)]
    end = ends[min(longest, len(ends)) - 1]
    items.append(rest[:end].strip())
    lines = [f"{place}. {item}" for place, item in enumerate(items, 1)]
    return "\n\n".join(part for part in (before, "\n".join(lines), rest[end:].strip()) if part)


def clean(html: str) -> Markup:
    """Return HTML with nothing in it but the plain tags of running text."""
    return Markup(  # noqa: S704 (nh3 has just made it safe)
        nh3.clean(
            html,
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            url_schemes={"http", "https"},
            link_rel="noopener noreferrer nofollow",
            allowed_classes={"span": {"mended"}},
        )
    )


# The registry allows 32,000 characters. Beyond this, CommonMark takes seconds to parse, for what
# no one wrote as such.
LONGEST = 50_000


# Deeper nesting than any reader follows; the parser drops what lies below its own limit.
_TOO_DEEP = re.compile(r"^(?:[ \t]*(?:[*+-]|\d{1,9}[.)])[ \t]+){40}|^ {130}|^(?=[ \t]{33})[ \t]*\t", re.MULTILINE)


def is_parsable(text: str) -> bool:
    """Return whether *text* is parsed as CommonMark; one too long or too deep is shown as it is."""
    return len(text) <= LONGEST and not _TOO_DEEP.search(text)


def _render_long(text: str) -> Markup:
    """Return a text that is too long to parse, as it is: escaped, with its line ends."""
    return Markup("<p>") + Markup("<br>\n").join(text.split("\n")) + Markup("</p>\n")


# Lines of words and common signs with an empty line between two: CommonMark reads nothing into them but paragraphs.
_SIGNS = r"[^\x00-\x1f\x7f-\xa0\\*_`\[\]<>&^~|\u2028\u2029\ud800-\udfff]"
_PARAGRAPHS = re.compile(rf"[A-Za-z]{_SIGNS}*+(?<!\s)(?:\n\n[A-Za-z]{_SIGNS}*+(?<!\s))*+")
# The first of what may be numbered questions.
_FIRST = re.compile(r"(?<!\S)1[.)]\s")


def is_paragraphs(text: str) -> bool:
    """Return whether *text* is paragraphs and nothing else, which needs no parser. Four texts of five are.

    >>> is_paragraphs("People come twice.\\n\\nThen they are called."), is_paragraphs("Twice:\\n* at home")
    (True, False)
    """
    return len(text) <= LONGEST and _PARAGRAPHS.fullmatch(text) is not None and not _FIRST.search(text)


@lru_cache(maxsize=512)
def render(text: str) -> Markup:
    """Return CommonMark *text* as safe HTML.

    >>> print(render("GCS \\\\<9 & 1\\\\*10\\\\^6"))
    <p>GCS &lt;9 &amp; <span class="mended" title="Published as 1*10^6">1×10<sup>6</sup></span></p>
    <BLANKLINE>
    """
    if is_paragraphs(text):
        html = text.replace("\n\n", "</p>\n<p>")
        return Markup(f"<p>{html}</p>\n")  # noqa: S704 (it has no sign that HTML gives a meaning)
    if is_parsable(text):
        try:
            return clean(parser().render(listed(text)))
        except RecursionError:  # nested by the hundred
            pass
    return _render_long(text)


def render_inline(text: str) -> Markup:
    """Return one line of CommonMark as safe HTML without a paragraph."""
    return Markup.escape(text) if len(text) > LONGEST else clean(parser().renderInline(text))


def render_powers(text: str) -> Markup:
    """Return plain text as safe HTML, powers of ten and carets set as powers.

    >>> print(render_powers("<100 x 10^9/L"))
    &lt;<span class="mended" title="Published as 100 x 10^9">100×10<sup>9</sup></span>/L
    """
    return Markup(_POWER.sub(_power, escape(text, quote=False)))  # noqa: S704 (all but our own tags is escaped)


_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_STRONG = re.compile(r"(?<!\\)(?:\*\*|__)")
_BULLET = re.compile(r"^[ \t]*(?:[*+-]|\d{1,3}[.)])[ \t]+", re.MULTILINE)


def skim(text: str) -> str:
    r"""Return CommonMark *text* without escapes and bullets: near enough for a snippet, at once.

    :func:`plain` parses the text and is a hundred times slower, too slow for a result list.

    >>> skim("* GCS \\<9\n* never before")
    'GCS <9\nnever before'
    """
    if "**" in text or "__" in text:
        text = _STRONG.sub("", text)
    if "\\" in text:
        text = _ESCAPE.sub(r"\1", text)
    return _BULLET.sub("", text)


def plain(text: str) -> str:
    r"""Return CommonMark *text* as plain text, a line for each paragraph or item.

    >>> plain("* GCS \\<9\n* *never* before")
    'GCS <9\nnever before'
    """
    if is_paragraphs(text):
        return text.replace("\n\n", "\n")
    if not is_parsable(text):
        return skim(text)
    try:
        tokens = parser().parse(text)
    except RecursionError:
        return skim(text)
    lines = []
    for token in tokens:
        if token.type == "inline":
            parts = (
                " " if child.type in ("softbreak", "hardbreak") else child.content for child in token.children or ()
            )
            lines.append("".join(parts))
    return "\n".join(lines)
