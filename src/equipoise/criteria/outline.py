"""
Build the tree of an eligibility text's items, line by line.

An item is nested if it stands deeper, if its list is of another style and follows a line that ends
with ":", or if a line without a marker leads it ("At least one of the following:"). Numbers decide
where they can: after "7. Due to: / 1. … / 2. …" an "8." goes on with the outer list.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field

from equipoise.criteria import headings
from equipoise.criteria.headings import Heading, Side
from equipoise.criteria.lines import Line, Span

DEEPEST = 8
_JOINT = re.compile(r"\W*(?P<word>and\s*/\s*or|or|and)\W*\Z", re.IGNORECASE)
_ENDS_OPEN = re.compile(r"(?:[;,]|\b(?:and|or))\s*\Z", re.IGNORECASE)
_COLON = (":", "：")


@dataclass(slots=True, eq=False)
class Node:
    """An item in the making."""

    line: Line
    side: Side
    end: int
    section: int
    heading: Span | None = None
    joint: str = ""
    lead: str = ""  # how a line without a marker holds what follows: "marked", "prose" or ";"
    prose: bool = False
    items: list[Node] = field(default_factory=list)

    @property
    def indent(self) -> int:
        """Its column."""
        return self.line.indent


class Outline:
    """The items that a text's lines make, with what is in none of them."""

    def __init__(self, text: str, given: Side | None) -> None:
        self.text = text
        self.given = given
        self.side: Side = given or "inclusion"
        self.assumed = False
        self.told = given is not None
        self.section = 0
        self.limit: Span | None = None
        self.sub: Span | None = None
        self.back: tuple[int, Side] | None = None
        self.joint = ""
        self.top: list[Node] = []
        self.open: list[Node] = []
        self.left: list[tuple[Span, str]] = []

    def read(self, lines: list[Line]) -> None:
        """Take in the lines, in order."""
        numbers = _next_numbers(lines)
        waiting = deque(zip(lines, numbers, strict=True))
        while waiting:
            line, number = waiting.popleft()
            following = waiting[0][0] if waiting else None
            rest = self._line(line, following, number)
            if rest is not None:
                waiting.appendleft((rest, number))

    def _line(self, line: Line, following: Line | None, number: int) -> Line | None:
        """Take in a line; return the part of it that stands behind a heading."""
        words = self.text[line.words : line.end]
        if not any(map(str.isalnum, words)):
            self._leave(line, "a separator")
            while self.open and self.open[-1].lead and self.open[-1].items:
                self.open.pop()
            return None
        if (joint := _JOINT.match(words)) is not None and self.section_has_items():
            self.joint = re.sub(r"\s", "", joint["word"].lower())
            self._leave(line, self.joint)
            return None
        heading = headings.read_side(words)
        if heading is not None and (self.given is None or self._fits(heading)):
            return self._side(line, heading, following)
        if headings.is_note(words):
            self._leave(line, "no criterion")
        elif line.marked:
            self._marked(line, words, following, number)
        else:
            return self._unmarked(line, words, following)
        return None

    def section_has_items(self) -> bool:
        """Return whether the present section has any item yet."""
        return bool(self.top) and self.top[-1].section == self.section

    def _leave(self, line: Line, reason: str, end: int | None = None) -> None:
        self.left.append(((line.start, end if end is not None else line.end), reason))

    def _fits(self, heading: Heading) -> bool:
        """Return whether a heading may stand in a text of a side that is known: it cannot change it."""
        return heading.side in (None, self.given)

    def _side(self, line: Line, heading: Heading, following: Line | None) -> Line | None:
        end = line.words + len(self.text[line.words : line.words + heading.end].rstrip())
        self._leave(line, "a heading", end)
        self.open, self.joint, self.sub = [], "", None
        self.section += 1
        if heading.side is not None:
            if line.marked and heading.verbal and following is not None and following.indent > line.indent + 1:
                self.back = (line.indent, self.side)
            elif not heading.verbal:
                self.back = None
            self.side, self.told = self.given or heading.side, True
            self.limit = (line.words, end) if heading.limits else self.limit if heading.verbal else None
        if line.words + heading.end >= line.end:
            return None
        return Line(line.words + heading.end, line.words + heading.end, line.end, line.indent, blank=False, cut=True)

    def _sub(self, line: Line, end: int | None = None) -> None:
        self._leave(line, "a heading", end)
        self.open, self.joint = [], ""
        self.sub = (line.words, end if end is not None else line.end)

    def _node(self, line: Line) -> Node:
        self.assumed = self.assumed or not self.told
        node = Node(line, self.side, line.end, self.section, self.sub or self.limit, self.joint)
        self.joint = ""
        return node

    def _add(self, node: Node) -> None:
        """Put a node below the innermost open one."""
        while len(self.open) >= DEEPEST:
            self.open.pop()
        (self.open[-1].items if self.open else self.top).append(node)
        self.open.append(node)
        self._stretch(node.end)

    def _stretch(self, end: int) -> None:
        for one in self.open:
            one.end = end

    def _ends_with_colon(self, node: Node) -> bool:
        """Return whether a node's own words end with ":"."""
        return self.text[node.line.words : node.line.end].rstrip(" *_").endswith(_COLON)

    # Lines with a marker

    def _marked(self, line: Line, words: str, following: Line | None, number: int) -> None:
        if self.back is not None and line.indent <= self.back[0]:
            self.side, self.back = self.back[1], None
            self.section += 1
        self._close(line, number)
        beside = following is not None and following.marked and abs(following.indent - line.indent) < 2
        if not self.open and beside and following and following.style == line.style and self._is_part(words):
            self._sub(line)
            return
        self._add(self._node(line))

    def _is_part(self, words: str) -> bool:
        """Return whether an item only says for whom the next ones hold: "Cohort A:"."""
        return words.rstrip(" *_").endswith(_COLON) and headings.is_sub_heading(words.rstrip(" *_:："))

    def _close(self, line: Line, number: int) -> None:
        """Close what the line does not stand in."""
        while self.open:
            last = self.open[-1]
            if last.lead:
                if line.indent >= last.indent - 1 and not self._goes_on_outside(last, line):
                    return
            elif last.line.marked and _runs_on(last.line, line):
                self.open.pop()
                return
            elif line.indent >= last.indent + 2:
                if last.line.marked or self._ends_with_colon(last):
                    return
            elif line.indent > last.indent - 2 and self._beside(last, line, number):
                return
            self.open.pop()

    def _goes_on_outside(self, lead: Node, line: Line) -> bool:
        """Return whether a number goes on with the list before the lead, and not with the lead's own."""
        if not lead.items or not line.number:
            return False
        own = lead.items[-1].line
        siblings = self.open[-2].items if len(self.open) > 1 else self.top
        place = len(siblings) - 2
        outer = siblings[place].line if place >= 0 and siblings[-1] is lead else None
        return outer is not None and _runs_on(outer, line) and not _runs_on(own, line)

    def _beside(self, last: Node, line: Line, number: int) -> bool:
        """Return whether an item at the same column as *last* stands below it; close *last* where it goes on with it."""
        outer = [one for one in self.open[:-1] if abs(one.indent - line.indent) < 2 and one.line.style == line.style]
        colon = self._ends_with_colon(last)
        if last.line.style == line.style:
            if line.number == 1 and last.line.number and colon:
                return True
            if (
                line.number
                and outer
                and not _runs_on(last.line, line)
                and any(_runs_on(one.line, line) for one in outer)
            ):
                return False
            self.open.pop()
            return True
        if outer or not last.line.marked:
            return False
        if colon or (line.number == 1 and last.line.number and _letters(line)):
            return True
        if not line.number and last.line.number and number == last.line.number + 1:
            return True
        self.open.pop()
        return True

    # Lines without one

    def _unmarked(self, line: Line, words: str, following: Line | None) -> Line | None:
        if self._below(line, words, following):
            return None
        if self.open and self.open[-1].lead in ("prose", ";") and self._prose_item(line, words):
            return None
        while self.open and (line.indent < self.open[-1].indent + 2 or not self._ends_with_colon(self.open[-1])):
            self.open.pop()
        if not self.open and (end := headings.capitals(words)):
            self._sub(line, line.words + len(words[:end].rstrip()))
            start = line.words + end
            start += len(self.text[start : line.end]) - len(self.text[start : line.end].lstrip())
            return Line(start, start, line.end, line.indent, blank=False, cut=True) if start < line.end else None
        lead = self._lead(line, words, following)
        if lead == "heading":
            self._leave(line, "a heading")
            self.open, self.joint = [], ""
        elif not lead and not self.open and following is not None and headings.is_sub_heading(words):
            self._sub(line)
        else:
            node = self._node(line)
            node.lead, node.prose = lead, not lead
            self._add(node)
        return None

    def _below(self, line: Line, words: str, following: Line | None) -> bool:
        """Take in a paragraph that belongs to an open item with a marker."""
        inner = [one for one in self.open if one.line.marked and line.indent >= one.indent + 2]
        if not inner or (line.blank and headings.is_part(words)):
            return False
        while self.open[-1] is not inner[-1]:
            self.open.pop()
        last = self.open[-1]
        colon = words.rstrip(" *_").endswith(_COLON)
        if not last.items and not (colon and following is not None and following.marked):
            last.line.end = line.end
            self._stretch(line.end)
            return True
        node = self._node(line)
        node.lead = "marked" if colon and following is not None and following.marked else ""
        self._add(node)
        if not node.lead:
            self.open.pop()
        return True

    def _prose_item(self, line: Line, words: str) -> bool:
        """Take in a line below one that leads lines without markers; return whether it stands there."""
        lead = self.open[-1]
        tight = bool(lead.items) and not lead.items[0].line.blank
        if line.indent < lead.indent or (lead.lead == "prose" and (line.blank and tight)):
            return False
        if words.rstrip(" *_").endswith(_COLON) or headings.capitals(words):
            return False
        self._add(self._node(line))
        self.open.pop()
        goes_on = bool(_ENDS_OPEN.search(words))
        if lead.lead == "prose" and goes_on and len(lead.items) == 1:
            lead.lead = ";"
        elif lead.lead == ";" and not goes_on:
            self.open.pop()
        return True

    def _lead(self, line: Line, words: str, following: Line | None) -> str:
        """Return how a line holds what follows it; "heading" where it says nothing itself."""
        if following is None:
            return ""
        colon = words.rstrip(" *_").endswith(_COLON)
        deeper = following.marked or following.indent >= line.indent + 2
        kind = headings.leads(words if colon else words + ":")
        if not colon and not (kind == "count" and following.marked and re.search(r"\bfollowing\b[^.;]*\Z", words)):
            return ""
        if headings.is_intro(words if colon else words + ":"):
            some = headings.one_of_many(words)
            if not (some and self.side == "inclusion") and (not self.section_has_items() or not kind):
                return "heading"
        if not kind:
            return ""
        if deeper:
            return "marked"
        if _ENDS_OPEN.search(self.text, following.words, following.end):
            return ";"
        return "prose" if kind == "count" else ""


def _runs_on(one: Line, other: Line) -> bool:
    """Return whether a number is the next of the same list."""
    return bool(one.number) and other.style == one.style and other.number == one.number + 1


def _letters(line: Line) -> bool:
    return any(map(str.isalpha, line.style))


def _next_numbers(lines: list[Line]) -> list[int]:
    """Return for each line the number of the next numbered line."""
    found, number = [], 0
    for line in reversed(lines):
        found.append(number)
        number = line.number if line.marked and line.number and not _letters(line) else number
    return found[::-1]
