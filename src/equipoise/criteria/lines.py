"""
The lines of an eligibility text: their indents, their markers, and which of them belong together.

::

    line    = indent marker* words
    marker  = bullet | number | letter | roman          "- " "• " "1. " "(1)" "1.1 " "a) " "iv. "
    number  = "("? digits ("." digits)* [.)]            with CommonMark's escapes: "1\\\\. "

A marker's *style* says which list it belongs to ("-", "1.", "(a)"), its *number* which place it has there.
Legacy records wrap their lines at a fixed width; `read_lines` joins those, and only those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

Span = tuple[int, int]

_BREAK = re.compile(r"[\r\n\x0b\x0c\x85\u2028\u2029](?:(?<=\r)\n)?")
_BULLETS = "-*+•‣◦·∙●○▪▫■□◆◇♦➢➤►▶▸✓✔√§–—‐‑−⁃・※→¬\uf0b7\uf0a7\uf0d8\uf0fc\uf02d\uf0be\uf06f\ufffd"
# A bullet may stand close to its word ("-Adults"), but "-5 °C" is a number and "**Adults**" is bold.
_MARKER = re.compile(
    r"[\u200b\ufeff\u200e]*(?:"
    rf"(?P<bullet>\\?[{re.escape(_BULLETS)}])(?:(?=\s)|(?![\d.\-*\s])(?=[^\W_]|[\"'“(\[<>≥≤\\]))"
    r"|(?P<dashes>--)(?=[\sA-Z])(?![^\n]{2,60}--)"
    r"|(?P<o>[oO])(?=\s)"
    r"|(?P<number>\(\d{1,2}\)|\[\d{1,2}\]|\d{1,2}(?:\.\d{1,2}){0,3}\\?[.)．、）](?![\d.])|\d{1,2}(?:\.\d{1,2}){1,3}(?=\s+[A-Z]))"
    r"|(?P<loose>\d{1,2}\s?[-–](?=\s*[A-Z][a-z])|\#\d{1,2}[.):]?(?=\s)|[IE]\d{1,2}[.):](?=\s))"
    r"|(?P<roman>\(?[ivx]{1,5}\\?[.)](?=\s|[A-Z])|\(?[IVX]{2,5}\\?[.)](?=\s))"
    r"|(?P<letter>\([a-zA-Z]\)|[a-zA-Z]\\?\)(?=\s|\w)|[a-z]\\?\.(?=\s|[A-Z][a-z])|[A-Z]\\?\.(?=\s))"
    r")\s*(?=\S)"
)
_LAST_DIGITS = re.compile(r"\d+(?=\D*\Z)")
# A marker alone on its line belongs to the words on the next one.
_LONE = re.compile(rf"(?:\(?\d{{1,2}}\\?[.)]|[{re.escape(_BULLETS)}]|\(?[a-z][.)])\Z")
_TILDE = re.compile("~")
_EMPHASIS = re.compile(r"\*[^*\s][^*]*\*\W*\Z")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")
_GOES_ON = re.compile(r"(?:[,(/&-]|\b(?:and|or|of|with|the|a|an|to|for|by|in))\s*\Z", re.IGNORECASE)
# Of what only the denial stands on a line: "No" above "uncontrolled gout".
_DENIES = re.compile(r"(?:no|not|without|absence of)\s*", re.IGNORECASE)
_NARROWEST, _WIDEST = 60, 110


@dataclass(slots=True)
class Line:
    """A line, or several that belong together: where its words lie, and how it is marked."""

    start: int  # of the marker, or of the words where there is none
    words: int  # where the words begin
    end: int
    indent: int
    style: str = ""
    number: int = 0
    blank: bool = True  # a blank line stands before it
    cut: bool = False  # it was cut from a longer line, at a heading within it

    @property
    def marked(self) -> bool:
        """Whether a bullet, number or letter stands before it."""
        return bool(self.style)


def trimmed(text: str, start: int, end: int) -> Span:
    """Return the span without the white space at its ends.

    >>> trimmed("  a b ", 0, 6)
    (2, 5)
    """
    if start < end <= len(text) and not (text[start].isspace() or text[end - 1].isspace()):
        return start, end  # most spans
    end = start + len(text[start:end].rstrip())
    return end - len(text[start:end].lstrip()), end


def _style(found: re.Match[str]) -> tuple[str, int]:
    """Return the style and the number of a marker."""
    kind = str(found.lastgroup)
    mark = found[kind].replace("\\", "")
    if kind in ("bullet", "dashes", "o"):
        return mark, 0
    if kind in ("number", "loose"):
        digits = _LAST_DIGITS.search(mark)
        return _LAST_DIGITS.sub("1", re.sub(r"\d+\.(?=\d)", "n.", mark)), int(digits[0]) if digits else 0
    letters = re.sub(r"[^a-zA-Z]", "", mark)
    case = "A" if letters.isupper() else "a"
    if kind == "roman":
        low = letters.lower()
        return mark.replace(letters, case + "i"), _ROMAN.index(low) + 1 if low in _ROMAN else 0
    return mark.replace(letters, case), ord(letters.lower()) - 96


def is_exported(text: str) -> bool:
    """Return whether a database wrote "~" for each line break.

    >>> is_exported("Inclusion:~Adults~Exclusion:~Stroke"), is_exported("Age ~ 18")
    (True, False)
    """
    return text.count("~") > 2 and not _BREAK.search(text.strip())


def _raw_lines(text: str) -> Iterator[Span]:
    mark = _TILDE if is_exported(text) else _BREAK
    start = 0
    for found in mark.finditer(text):
        yield start, found.start()
        start = found.end()
    yield start, len(text)


def _width(lines: list[str], lost: int) -> int:
    """Return the width at which a text was wrapped, 0 where it was not; *lost* is the indent of its first line.

    A line that another follows directly must be so full that the other's first word had no room.
    """
    lines = [" " * lost + lines[0], *lines[1:]]
    width = max(map(len, lines))
    if not _NARROWEST <= width <= _WIDEST:
        return 0
    full = short = 0
    for one, other in pairwise(lines):
        word = other.split(maxsplit=1)[:1]
        if one.strip() and word and not _MARKER.match(other.lstrip()):
            full, short = (full + 1, short) if len(one) + 1 + len(word[0]) > width - 3 else (full, short + 1)
    return width if full > 2 * short else 0


def _lost_indent(lines: list[str]) -> int:
    """Return the column of a text's lines where the first, its indent trimmed, stands at the edge; else 0."""
    if lines[0][:1].isspace() or not lines[0]:
        return 0
    return min((len(line) - len(line.lstrip()) for line in lines[1:] if line), default=0)


class _Reader:
    """Reads markers one after another: "i." is a letter after "h.", "E. coli" is no item."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.capital = 0  # the last capital letter that was a marker
        self.small = 0

    def line(self, start: int, end: int, indent: int, blank: bool) -> Line:
        """Return the line whose words lie at the span, without its markers."""
        line = Line(start, start, end, indent, blank=blank)
        if end - start < 6 and _LONE.match(self.text[start:end]):
            found = _MARKER.match(self.text[start:end] + " x")
            if found is not None:
                line.style, line.number = _style(found)
                line.words = end
            return line
        for _ in range(3):  # "* 1\\. Adults" and "- • Adults" have two
            found = _MARKER.match(self.text, line.words, end)
            if found is None or found.end() >= end or not self._stands(found, line, end):
                break
            line.style, line.number = _style(found)
            self._remember(line)
            line.words = found.end()
        return line

    def _stands(self, found: re.Match[str], line: Line, end: int) -> bool:
        """Return whether what looks like a marker is one."""
        after = self.text[found.end()]
        if found["bullet"] == "*" and _EMPHASIS.match(self.text, line.words, end):
            return False
        if found["o"] and line.marked:
            return False
        if found["letter"] and found["letter"][0].isupper() and found["letter"].endswith(".") and after.islower():
            number = ord(found["letter"][0]) - 64
            return number == self.capital + 1 and number > 1
        return not (found["letter"] and line.marked and found["letter"][0] not in "(aA")

    def _remember(self, line: Line) -> None:
        if line.style.strip("().") == "ai" and len(line.style) < 5 and self.small and line.number in (1, 5, 10):
            letter = {1: 9, 5: 22, 10: 24}[line.number]
            if letter == self.small + 1:
                line.style, line.number = line.style.replace("ai", "a"), letter
        kind = line.style.strip("().[]")
        if kind == "A":
            self.capital = line.number
        elif kind == "a":
            self.small = line.number
        elif kind == "1":
            self.small = self.capital = 0


def read_lines(text: str) -> list[Line]:
    """Return the lines that have words, wrapped ones joined.

    >>> [(line.style, line.number, line.indent) for line in read_lines("Adults\\n  1. Stroke\\n  2\\\\. Coma")]
    [('', 0, 0), ('1.', 1, 2), ('1.', 2, 2)]
    """
    spans = list(_raw_lines(text))
    raw = [text[start:end].rstrip() for start, end in spans]
    lost = _lost_indent(raw)
    reader, width = _Reader(text), _width(raw, lost)
    lines: list[Line] = []
    blank, before, lone = True, 0, False
    for start, end in spans:
        first, last = trimmed(text, start, end)
        if first == last:
            blank = True
            continue
        indent = len(text[start:first].expandtabs(4))
        line = reader.line(first, last, indent, blank)
        if lone and not line.marked:
            lines[-1].words, lines[-1].end = first, last
        elif lines and not blank and _joins(text, lines[-1], line, before if width else 0, width):
            lines[-1].end = last
        else:
            lines.append(line)
        lone = lines[-1].words == lines[-1].end
        blank, before = False, last - start + (lost if start == 0 else 0)
    _indent_first(text, lines)
    return lines


def _indent_first(text: str, lines: list[Line]) -> None:
    """Give the first item the column of its list: a text that was trimmed has lost it."""
    if len(lines) > 1 and lines[0].marked and not text[: lines[0].end].endswith(":"):
        least = min(line.indent for line in lines[1:])
        if lines[0].indent < least and lines[0].style == next((one.style for one in lines[1:] if one.marked), ""):
            lines[0].indent = least


def _joins(text: str, one: Line, line: Line, before: int, width: int) -> bool:
    """Return whether *line*, right below *one*, goes on with it."""
    full = width and before + 1 + len(text[line.start : line.end].split(maxsplit=1)[0]) > width - 3
    if line.marked:
        # A wrapped line may begin with what looks like a marker, "IV)" or "- 10"; it stands deeper than its item's own.
        return bool(full) and (line.indent > one.indent + 1 if one.marked else line.indent == one.indent)
    if full:
        return True
    if not one.marked:
        # Of a criterion that was cut out of its list the marker is lost, and the wrapped line stands by itself.
        return line.indent >= one.indent and bool(_DENIES.fullmatch(text, one.words, one.end))
    if line.indent >= one.indent + 2:
        return True
    return text[line.words].islower() or bool(_GOES_ON.search(text, max(one.words, one.end - 6), one.end))
