"""
The text of a TrialX Connect page, one study a page.

::

    page     = head section*
    head     = "Image"? title title? chip* "Powered by AI"?
    chip     = status | age | sex | phase, a line each, told apart by what they say
    section  = heading paragraph*
    heading  = "Overview" | "Eligibility" | "Study details" | "FAQs" | "Add a private note"

The page labels little, so that most of its small print is told by its form or its place;
each such field is marked. The overview is the page's own retelling and goes beside the
record. What no rule reads is marked ``as shown`` with its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from equipoise.errors import RecordError
from equipoise.sources.draft import Draft
from equipoise.sources.incoming import Incoming
from equipoise.sources.page_text import (
    Paragraph,
    count_lines,
    finish,
    join_paragraphs,
    mark_unread,
    read_age,
    read_date,
    read_enum,
    read_lines,
    read_phases,
    split_paragraphs,
)
from equipoise.terms.enums import enumerations
from equipoise.terms.fields import field

BADGE = "Powered by AI"
# The page's own, about any study and no one study: dropped with what stands below them.
FURNITURE = ("FAQs", "Learn more about clinical trials", "Add a private note")
_PICTURE = "Image"
_SECTIONS = ("Overview", "Eligibility", "Study details", *FURNITURE)
_SIGNATURE = (BADGE, *_SECTIONS)

_NUMBER = re.compile(r"NCT\d{8}", re.ASCII)
_AGE = r"(\d+(?: ?(?:year|month|week|day|hour|minute)s?)?)"
_FROM = re.compile(rf"{_AGE} ?(?:(?:and|or) (?:older|over|above|up)|\+)", re.I | re.ASCII)
_UNTIL = re.compile(rf"(?:up to {_AGE}|{_AGE} (?:and|or) younger)", re.I | re.ASCII)
_BETWEEN = re.compile(rf"{_AGE} ?(?:to|-|–) ?{_AGE}", re.I | re.ASCII)
_ANY_AGE = ("all ages", "any age")
_COARSE = re.compile(r"recruit|enrol|open|clos|complet|ended|stopp|paus", re.I)

_HEADING = re.compile(r"((?:In|Ex)clusion Criteria) ?:?", re.I)
_BULLET = re.compile(r"([•◦▪‣·]|[*-](?=\s)|\d{1,3}[.)](?=\s))\s*(\S.*)", re.ASCII)
_MARKUP = re.compile(r"([\\`*_<>\[\]&^~])")
_AT_START = re.compile(r"\A(\d{1,9}(?=[.)](?:\s|\Z))|(?=[#+-](?:\s|\Z)))(.)")


class TrialxPage:
    """The text of one TrialX Connect page."""

    name = "trialx"
    title = "TrialX Connect page, as text"

    def recognises(self, data: bytes) -> bool:
        """Return whether at least three of the page's fixed lines stand in *data*."""
        return count_lines(data, _SIGNATURE) >= 3

    def read(self, data: bytes, origin: str) -> Iterator[Incoming | RecordError]:
        """Yield the study that the page shows, or why it was not read."""
        try:
            sections = _read_sections(read_lines(data))
        except UnicodeDecodeError:
            yield RecordError("Not UTF-8 text", where=origin, next="Save the page as UTF-8 text.")
            return
        draft = Draft()
        _find_card(draft, sections)
        if not _read_card(draft, sections["Study details"]):
            yield RecordError(
                "No NCT number on this TrialX Connect page",
                where=origin,
                next="Save the whole page as text, with its card “Study details”, and load it again.",
            )
            return
        _read_head(draft, sections[""])
        _read_overview(draft, sections["Overview"])
        draft.put("EligibilityCriteria", read_criteria(draft, sections["Eligibility"]))
        yield finish(draft, origin, source=self.name)


def _read_sections(lines: Sequence[str]) -> dict[str, list[str]]:
    """Return the lines below each heading; those above the first, and the badge, stand under ``""``."""
    below: dict[str, list[str]] = {name: [] for name in ("", *_SECTIONS)}
    section = ""
    for line in lines:
        if line.strip() in _SECTIONS:
            section = line.strip()
        else:
            below["" if line.strip() == BADGE else section].append(line)
    return below


def _find_card(draft: Draft, sections: dict[str, list[str]]) -> None:
    """Where the card has lost its heading, take it from the number's own line on."""
    if any(sections["Study details"]):
        return
    for name in ("Eligibility", "Overview", ""):
        for at, line in enumerate(sections[name]):
            if _NUMBER.fullmatch(line.strip()):
                sections["Study details"], sections[name] = sections[name][at:], sections[name][:at]
                note = "The card has no heading; the line above its number may be its condition."
                draft.mark("ProtocolSection", "as shown", note)
                return


def _read_card(draft: Draft, lines: Sequence[str]) -> bool:
    """
    Read ``card = condition* number sponsor? date?``, a line each; return whether it has its number.

    Only the number and the date can be told by their form. The others are told by their
    place, and all but the number are marked, for the page labels none of them.
    """
    items = [" ".join(line.split()) for line in lines if line.strip()]
    numbers = [at for at, item in enumerate(items) if _NUMBER.fullmatch(item)]
    if not numbers:
        return False
    at = numbers[0]
    dates = [item for item in items if read_date("LastUpdatePostDate", item)]
    sponsors = [item for item in items[at + 1 :] if item not in dates]
    conditions = [item for item in items[:at] if item not in dates]
    draft.put("NCTId", items[at])
    draft.put("Condition", conditions)
    draft.put("LeadSponsor", {"name": sponsors[0]} if sponsors else None)
    draft.put("LastUpdatePostDate", read_date("LastUpdatePostDate", dates[0]) if dates else None)
    told = (("Condition", conditions), ("LeadSponsorName", sponsors), ("LastUpdatePostDate", dates))
    for piece, found in told:
        if found:
            draft.mark(piece, "inferred", "The page does not label this; its place on the card tells.")
    mark_unread(draft, "ProtocolSection", [Paragraph(item) for item in [*sponsors[1:], *dates[1:]]])
    return True


def _read_head(draft: Draft, lines: Sequence[str]) -> None:
    """Read ``head = "Image"? title title? chip* badge?``; a repeated title says nothing new."""
    items = [" ".join(line.split()) for line in lines if line.strip()]
    if BADGE in items:
        draft.overview_by = BADGE
    items = [item for item in items if item not in (BADGE, _PICTURE)]
    title = items[0] if items else None
    draft.put("BriefTitle", title)
    pieces: set[str] = set()
    for chip in items[1:]:
        if chip != title and not _read_chip(draft, chip, pieces):
            mark_unread(draft, "ProtocolSection", [Paragraph(chip)])


def _read_chip(draft: Draft, chip: str, pieces: set[str]) -> bool:
    """Read one chip into the piece that it is of and that no chip has filled; return whether it is any."""
    for piece, read in (("OverallStatus", _read_known), ("Sex", _read_known), ("Phase", read_phases)):
        value = read(piece, chip)
        if value is not None and piece not in pieces:
            draft.put(piece, value)
            pieces.add(piece)
            return True
    if "Age" not in pieces and _read_age_chip(draft, chip):
        pieces.add("Age")
        return True
    if "OverallStatus" not in pieces and len(chip) <= 40 and _COARSE.search(chip):
        pieces.add("OverallStatus")
        draft.coarse_status = chip
        note = f"“{chip}” names no one status of the registry."
        draft.mark("OverallStatus", "as shown", note)
        return True
    return False


def _read_known(piece: str, chip: str) -> str | None:
    enum = field(piece).enum or ""
    value = read_enum(piece, chip)
    return value if value in enumerations()[enum] else None


def _read_age_chip(draft: Draft, chip: str) -> bool:
    """
    Read the limits of age; return whether the chip is one.

    ``ages = age ("and older" | "+") | "up to" age | age "and younger" | age ("to" | "-") age | "all ages"``

    An age without a unit has that of the other limit; where neither has one, years, marked.
    """
    if chip.casefold() in _ANY_AGE:
        return True
    lower = upper = None
    if hit := _FROM.fullmatch(chip):
        lower = hit[1]
    elif hit := _UNTIL.fullmatch(chip):
        upper = hit[1] or hit[2]
    elif hit := _BETWEEN.fullmatch(chip):
        lower, upper = hit[1], hit[2]
    else:
        return False
    unit = re.search(r"[a-z]+", f"{upper or ''} {lower or ''}", re.I)
    for piece, age in (("MinimumAge", lower), ("MaximumAge", upper)):
        if age:
            number = re.match(r"\d+", age)
            own = re.search(r"[a-z]+", age, re.I) or unit
            assert number is not None, "an age begins with its number"
            draft.put(piece, read_age(piece, f"{number[0]} {own[0] if own else 'years'}"))
            if not own:
                draft.mark(piece, "inferred", f"“{chip}” has no unit; it is read as years.")
    return True


def _read_overview(draft: Draft, lines: Sequence[str]) -> None:
    """Keep the overview beside the record: it is retold, and not the registered summary."""
    overview = join_paragraphs(split_paragraphs(lines, lambda line, previous: False))
    draft.overview = overview or None


class _Block(msgspec.Struct):
    """A heading or paragraph, or (with a bullet) an item, of the criteria; ``margin`` is its indent."""

    text: str
    bullet: str = ""
    margin: int = 0

    def write(self) -> str:
        """Return it as CommonMark."""
        return " " * self.margin + (f"{self.bullet} " if self.bullet else "") + escape(self.text)


def read_criteria(draft: Draft, lines: Sequence[str]) -> str:
    """
    Write the criteria as CommonMark, as the registry publishes them.

    ``criteria = (heading | item | paragraph)*``

    ``item = indent bullet text (line_end text)* item*``

    An item lies in the nearest one above that is indented less. A line without a bullet
    right below an item is the rest of it (the page breaks long ones), and is joined.
    """
    blocks: list[_Block] = []
    above: list[tuple[int, int]] = []
    gap, joined = True, False
    for line in lines:
        plain = line.strip()
        indent = len(line) - len(line.lstrip())
        if not plain:
            pass
        elif heading := _HEADING.fullmatch(plain):
            above = []
            blocks.append(_Block(f"{heading[1]}:"))
        elif hit := _BULLET.fullmatch(plain):
            above = [one for one in above if one[0] < indent]
            margin = above[-1][1] if above else 0
            bullet = hit[1] if hit[1][0].isdigit() else "*"
            blocks.append(_Block(hit[2], bullet, margin))
            above.append((indent, margin + len(bullet) + 1))
        elif blocks and blocks[-1].bullet and not gap and (indent or not plain.endswith(":")):
            blocks[-1].text += f" {plain}"
            joined = True
        else:
            above = [one for one in above if one[0] < indent]
            blocks.append(_Block(plain, "", above[-1][1] if above else 0))
        gap = not plain
    if joined:
        draft.mark("EligibilityCriteria", "mended", "Lines that the page breaks inside a bullet were joined.")
    return _write(blocks)


def _write(blocks: Sequence[_Block]) -> str:
    """Join blocks: items of one list stand line by line, and a blank line opens a list within an item."""
    parts = []
    for previous, block in zip([None, *blocks], blocks, strict=False):
        if previous is not None:
            tight = block.bullet and previous.bullet and block.margin <= previous.margin
            parts.append("\n" if tight else "\n\n")
        parts.append(block.write())
    return "".join(parts)


def escape(text: str) -> str:
    r"""Return *text* with a backslash before what CommonMark would read as markup, as the registry does.

    >>> print(escape("PaO2 < 200 [mm]"), escape("2. and more"), escape("- 4 * 5"))
    PaO2 \< 200 \[mm\] 2\. and more \- 4 \* 5
    """
    return _AT_START.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", text), count=1)
