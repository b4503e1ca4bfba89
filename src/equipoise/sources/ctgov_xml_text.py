"""
The legacy XML's elements, and how their words are written in v2.

A value is read as its v2 field's type says, so that tables of *element → piece* are enough
to say what goes where. Prose comes hard-wrapped and indented; v2 has CommonMark::

    textblock = paragraph (blank-line paragraph)*
    paragraph = marker? line+                 lines are joined by a space
    marker    = "-  " | digits ". "           a list item, at column 2, 7, 12 … of the block

A paragraph at column 0 is outside all lists, at column 5 inside an item of the first level.
The block's own first line lost its indent, and may be an item all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import msgspec
from lxml import etree

from equipoise.errors import RecordError
from equipoise.records.dates import Age, PartialDate
from equipoise.sources.draft import Draft
from equipoise.terms.enums import value_of
from equipoise.terms.fields import Field, field


class Element:
    """An XML element whose words are taken out one by one, so that what nobody took is seen."""

    __slots__ = ("_attributes", "_text", "children", "tag")

    def __init__(self, tag: str, text: str | None, attributes: dict[str, str]) -> None:
        self.tag = tag
        self._text = text
        self._attributes = attributes
        self.children: list[Element] = []

    def remove(self, child: Element) -> None:
        """Take a child out whole."""
        self.children.remove(child)

    def elements(self, path: str) -> list[Element]:
        """Return the elements at a path such as ``group_list/group``; ``a|b`` is either, in order."""
        found = [self]
        for step in path.split("/") if path != "." else ():
            tags = step.split("|")
            found = [child for parent in found for child in parent.children if child.tag in tags]
        return found

    def peek(self, path: str) -> str:
        """Return the words of the first element at a path, and leave them there."""
        return next((element._text or "" for element in self.elements(path)), "")

    def take(self, path: str) -> str | None:
        """Return the words at a path, once; ``a/@b`` is an attribute, ``.`` the element itself."""
        element = self
        for step in path.split("/"):
            if step == ".":
                break
            if step[0] == "@":
                return element._attributes.pop(step[1:], None)
            for child in element.children:
                if child.tag == step:
                    element = child
                    break
            else:
                return None
        text, element._text = element._text, None
        return text

    def take_all(self, path: str) -> list[str]:
        """Return the words of every element at a path."""
        return [text for element in self.elements(path) if (text := element.take(".")) is not None]

    def left(self, path: str = "") -> Iterator[str]:
        """Yield the path of each word and attribute that nobody took."""
        for name in self._attributes:
            yield f"{path}/@{name}".removeprefix("/")
        if self._text is not None:
            yield path
        for child in self.children:
            yield from child.left(f"{path}/{child.tag}".removeprefix("/"))


class Shape(msgspec.Struct, frozen=True):
    """What of an element goes where, by piece: single words, lists of words, lists of structures."""

    words: Mapping[str, str]
    lists: Mapping[str, tuple[str, Shape]] = {}
    many: Mapping[str, str] = {}


def read_pieces(draft: Draft, element: Element, shape: Shape) -> Iterator[tuple[str, Any]]:
    """Yield each piece that *element* holds; what cannot be read is marked in *draft*."""
    for path, piece in shape.words.items():
        text = element.take(path)
        if text is not None:
            yield piece, read_value(draft, piece, text)
    for path, piece in shape.many.items():
        values = (read_value(draft, piece, text) for text in element.take_all(path))
        yield piece, [value for value in values if value is not None]
    for path, (piece, inner) in shape.lists.items():
        items = (read_struct(draft, child, inner) for child in element.elements(path))
        yield piece, [item for item in items if item]


def read_struct(draft: Draft, element: Element, shape: Shape) -> dict[str, Any]:
    """Return the v2 structure that *element* holds."""
    pieces = read_pieces(draft, element, shape)
    return {field(piece).name: value for piece, value in pieces if value is not None and value != []}


def put_all(draft: Draft, element: Element, shape: Shape) -> None:
    """Put each piece that *element* holds at its own place in the document."""
    for piece, value in read_pieces(draft, element, shape):
        draft.put(piece, value)


def read_value(draft: Draft, piece: str, text: str) -> Any:
    """Return *text* as v2 writes that piece; where it cannot be so written, mark it and return None."""
    value = _reader(piece)(text)
    if value is None:
        shown = " ".join(text[:200].split())
        draft.mark(piece, "as shown", f"The XML says “{shown}”, which v2 has no value for")
    return value


# Labels that the registry has since reworded, and N/A for the absence of a limit or phase.
_OLD_LABELS = {
    ("AgencyClass", "u.s. fed"): "FED",
    ("DateType", "anticipated"): "ESTIMATED",
    ("DateType", "estimate"): "ESTIMATED",
    ("DesignMasking", "open label"): "NONE",
    ("DesignMasking", "no masking"): "NONE",
    ("DesignMasking", "single blind"): "SINGLE",
    ("DesignMasking", "double blind"): "DOUBLE",
    ("DesignMasking", "double-blind"): "DOUBLE",
    ("EnrollmentType", "anticipated"): "ESTIMATED",
    ("ObservationalModel", "case control"): "CASE_CONTROL",
    ("Phase", "n/a"): "NA",
    ("Sex", "both"): "ALL",
    ("WhoMasked", "caregiver"): "CARE_PROVIDER",
    ("WhoMasked", "subject"): "PARTICIPANT",
}
_YES_NO = {"yes": True, "no": False, "accepts healthy volunteers": True}
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_DATE = re.compile(r"(?:([A-Za-z]+) +(?:(\d{1,2}), *)?|(\d{1,2})/)?(\d{4})\Z", re.ASCII)
_GROUP = re.compile(r"([PBOE])([1-9]\d{0,4})\Z", re.ASCII)


def read_text(text: str) -> str:
    """Return plain words on one line."""
    return " ".join(text.split())


def read_yes_no(text: str) -> bool | None:
    """Return whether the XML says yes."""
    return _YES_NO.get(text.strip().casefold())


def read_count(text: str) -> int | None:
    """Return a whole number."""
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None


def read_date(text: str) -> str | None:
    """Return a date as precise as it was stated.

    >>> read_date("July 12, 2007"), read_date("July 2002"), read_date("12/2020"), read_date("2025")
    ('2007-07-12', '2002-07', '2020-12', '2025')
    """
    found = _DATE.match(" ".join(text.split()))
    if not found:
        return None
    name, day, number, year = found.groups()
    month = _MONTHS.index(name.casefold()) + 1 if name and name.casefold() in _MONTHS else int(number or 0)
    if (name or number) and not month:
        return None
    date = "-".join([year, *([f"{month:02}"] if month else []), *([f"{int(day):02}"] if day else [])])
    try:
        return str(PartialDate(date))
    except ValueError:
        return None


def read_time(text: str) -> str | None:
    """Return an age or duration with its unit."""
    words = " ".join(text.split())
    try:
        return str(Age(words)) if len(words) < 20 else None
    except ValueError:
        return None


def read_label(enum: str, label: str) -> str | None:
    """Return the value that an enumeration shows, or once showed, as *label*."""
    label = " ".join(label.split())
    return value_of(enum, label) or _OLD_LABELS.get((enum, label.casefold()))


def read_group(text: str) -> str:
    """Return a results group's id as v2 numbers it.

    >>> read_group("P1"), read_group("E12")
    ('FG000', 'EG011')
    """
    found = _GROUP.match(text)
    return f"{found[1].replace('P', 'F')}G{int(found[2]) - 1:03}" if found else text


def _choose(known: Field) -> Callable[[str], Any]:
    if known.enum is not None:
        enum = known.enum
        return lambda text: read_label(enum, text)
    if known.piece.endswith("GroupId"):
        return read_group
    if known.type == "markup":
        return read_prose
    by_type: dict[str, Callable[[str], Any]] = {
        "boolean": read_yes_no,
        "integer": read_count,
        "NormalizedDate": read_date,
        "NormalizedTime": read_time,
        "PartialDate": read_date,
    }
    return by_type.get(known.type.removesuffix("[]"), read_text)


@cache
def _reader(piece: str) -> Callable[[str], Any]:
    return _choose(field(piece))


# What CommonMark would misread. The registry escapes these wherever they stand …
_INLINE = re.compile(r"[\\<>\[\]^&*~|_`]")
# … and these where a paragraph begins with them: a list, a rule or a heading otherwise.
_START = re.compile(r"([-+](?=[ -]|\Z)|#{1,6}(?= |\Z))|(\d{1,9})([.)])(?= |\Z)", re.ASCII)


def escape(paragraph: str) -> str:
    r"""Return words that CommonMark shows as they are.

    >>> print(escape("1. WBC > 3 x 10^9/L [see below]"))
    1\. WBC \> 3 x 10\^9/L \[see below\]
    """
    text = _INLINE.sub(r"\\\g<0>", paragraph)
    found = _START.match(text)
    if not found:
        return text
    if found[1]:
        return "\\" + text
    return f"{found[2]}\\{found[3]}{text[found.end() :]}"


def read_prose(text: str) -> str:
    """Return a field's words as CommonMark; where lines are not indented, each is a paragraph."""
    if "\n " in text:
        return read_textblock(text)
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n\n".join(escape(line) for line in lines if line)


class _Block(msgspec.Struct):
    """A paragraph; ``depth`` counts the items around it, its own ``marker`` included."""

    depth: int
    marker: str
    text: str


_PARAGRAPHS = re.compile(r"\n(?:[^\S\n]*\n)+")
_MARKER = re.compile(r"(?:-  |(\d{1,9})\. +)(?=\S)", re.ASCII)


def read_textblock(text: str) -> str:
    r"""Return a hard-wrapped, indented block as CommonMark.

    >>> read_textblock('\n      Any of:\n\n        -  asthma, or a\n           wheeze\n\n        -  rash\n')
    'Any of:\n\n* asthma, or a wheeze\n* rash'
    """
    return _render(list(_blocks(text.replace("\r\n", "\n").expandtabs())))


def _blocks(text: str) -> Iterator[_Block]:
    paragraphs = [[ln for ln in part.split("\n") if ln.strip()] for part in _PARAGRAPHS.split(text)]
    paragraphs = [lines for lines in paragraphs if lines]
    base = _column(paragraphs[0][0]) if paragraphs else 0
    for place, lines in enumerate(paragraphs):
        columns = [max(_column(line) - base, 0) for line in lines]
        words = " ".join(" ".join(lines).split())
        found = _MARKER.match(lines[0].lstrip())
        if found and place == 0:
            level, off = 0, 2 if _is_item(found, columns[1:], paragraphs[1:2]) else 0
        else:
            level, off = divmod(columns[0] + len(found[1] or "-") - 1 if found else 0, 5)
        if found and off == 2:
            marker = f"{found[1]}. " if found[1] else "* "
            yield _Block(level + 1, marker, words[len(marker) :])
        else:
            yield _Block(columns[0] // 5, "", words)


def _column(line: str) -> int:
    return len(line) - len(line.lstrip())


def _is_item(marker: re.Match[str], hanging: list[int], following: list[list[str]]) -> bool:
    """Return whether the first paragraph, which lost its indent, is an item: only "1." may be prose."""
    if marker[1] is None or hanging:
        return marker[1] is None or hanging[0] == 5
    return any(lines[0].lstrip().startswith(f"{int(marker[1]) + 1}. ") for lines in following)


def _render(blocks: list[_Block]) -> str:
    """Write the blocks, tight within a list and apart elsewhere, as the registry does."""
    parts: list[str] = []
    markers: list[str] = []  # of the open items, outermost first
    inside = 0  # in how many items the last block was, if it began none
    for block in blocks:
        outer = min(block.depth - bool(block.marker), len(markers))
        sibling = markers[outer] if block.marker and outer < len(markers) else ""
        markers = markers[:outer]
        indent = " " * sum(map(len, markers))
        if parts:
            lead_in = 0 < outer == inside and block.marker in ("* ", "1. ")
            parts.append("\n" if lead_in else _gap(block.marker, sibling, indent))
        parts.append(indent + block.marker + escape(block.text))
        inside = 0 if block.marker else outer
        if block.marker:
            markers.append(block.marker)
    return "".join(parts)


def _gap(marker: str, sibling: str, indent: str) -> str:
    """Return what stands before a block that begins with *marker*, after *sibling* in the same list."""
    if not sibling or (marker == "* ") is not (sibling == "* "):
        return "\n\n"
    if marker != "* " and int(marker[:-2]) <= int(sibling[:-2]):
        # A second list that begins anew at once would be numbered on; the registry parts them so.
        return f"\n\n{indent}<!-- -->\n\n"
    return "\n"


AS_PUBLISHED = "The file is not ClinicalTrials.gov's XML as published; fetch it again. The other records are read."
_NO_DTD = "The registry's files have none, and one can be made to do harm. Remove it to read the file."


def parse(data: bytes, origin: str) -> Element | RecordError:
    """Return the root of one file, or the error that says why it was refused."""
    # lxml and not defusedxml, whose own lxml module "is no longer supported" (0.7) and whose other
    # parser is Python's slow one. By lxml's documentation these switches leave entities unexpanded
    # and fetch nothing; libxml2 stops at 256 levels, at 10 MB of text in one place, and where
    # entities in an attribute grow too much. It still reads a DTD, so a file with one is refused.
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        return RecordError(f"Not well-formed XML: {error.msg}", where=origin, next=AS_PUBLISHED)
    if root.getroottree().docinfo.internalDTD is not None:
        return RecordError("The XML has a document type definition (DTD)", where=origin, next=_NO_DTD)
    if root.tag != "clinical_study":
        return RecordError(f"Expected <clinical_study>, got <{root.tag[:40]}>", where=origin, next=AS_PUBLISHED)
    return _element(root)


def _element(node: etree._Element) -> Element:
    text = node.text
    element = Element(
        str(node.tag),
        text if text and not text.isspace() else None,
        {str(name): str(value) for name, value in node.attrib.items()},
    )
    element.children.extend(map(_element, node))
    return element
