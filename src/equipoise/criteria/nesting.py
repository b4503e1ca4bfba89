"""
Say below which open item a line with a marker stands.

An item is nested if it stands deeper, or if its list is of another style and follows a line that ends
with ":", or if a line leads it ("At least one of the following:"). Numbers decide where they can:
after "7. Due to: / 1. … / 2. …" an "8." goes on with the outer list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from equipoise.criteria.governing import ends_with_colon
from equipoise.criteria.headings import Side
from equipoise.criteria.lines import Line, Span

# "marked": items with markers; "same": items of its own list; "prose": lines without markers; ";": as long as
# they end with one; "one": a single line.
Lead = Literal["", "marked", "same", "prose", ";", "one"]
_OPEN_END = re.compile(r"(?:[;,]|\b(?:and|or))\Z", re.IGNORECASE)


@dataclass(slots=True, eq=False)
class Node:
    """An item in the making; ``lead`` says which lines it holds beyond those that stand deeper."""

    line: Line
    side: Side
    end: int
    section: int
    heading: Span | None = None
    joint: str = ""
    lead: Lead = ""
    prose: bool = False
    items: list[Node] = field(default_factory=list)

    @property
    def indent(self) -> int:
        """Its column."""
        return self.line.indent


def opens(text: str, end: int) -> bool:
    """Return whether what ends there says that a list goes on: "…;", "… or".

    >>> opens("fever; or", 9), opens("fever.", 6)
    (True, False)
    """
    return bool(_OPEN_END.search(text[max(0, end - 4) : end]))


def runs_on(one: Line, other: Line) -> bool:
    """Return whether a number is the next of the same list."""
    return bool(one.number) and other.style == one.style and other.number == one.number + 1


def beside(one: Line, other: Line) -> bool:
    """Return whether two lines stand at the same column; right-aligned numbers differ by one."""
    return abs(one.indent - other.indent) < 2


def with_letters(line: Line) -> bool:
    """Return whether a letter or a roman number marks the line."""
    return any(map(str.isalpha, line.style))


@dataclass(slots=True)
class Nesting:
    """The open items of a text, outermost first; each stands in the one before it."""

    text: str
    top: list[Node]
    open: list[Node]

    def colon(self, node: Node) -> bool:
        """Return whether a node's own words end with ":"."""
        return ends_with_colon(self.text[max(node.line.words, node.line.end - 8) : node.line.end])

    def close(self, line: Line, number: int) -> None:
        """Close what a line with a marker does not stand in; *number* is that of the next numbered line."""
        while self.open:
            last = self.open[-1]
            if last.lead:
                if self._led(last, line):
                    return
            elif last.line.marked and runs_on(last.line, line):
                self.open.pop()
                if not (self.open and self.open[-1].lead and self._outside(self.open[-1], line)):
                    return
            elif line.indent >= last.indent + 2:
                if last.line.marked or self.colon(last):
                    return
            elif line.indent > last.indent - 2 and self._settled(last, line, number):
                return
            if self.open and self.open[-1] is last:
                self.open.pop()

    def _led(self, lead: Node, line: Line) -> bool:
        """Return whether a line stands below one that leads."""
        if line.indent < lead.indent - 1:
            return False
        flat = bool(lead.items) and lead.lead != "marked" and line.indent < lead.indent + 2
        if flat and (lead.lead in ("prose", "one") or ends_with_colon(self.text[line.end - 8 : line.end])):
            return False
        if lead.lead == "same" and not (beside(lead.line, line) or line.indent > lead.indent):
            return False
        if len(lead.items) > 1 and opens(self.text, lead.items[0].end) and not opens(self.text, lead.items[-1].end):
            return False
        return not self._outside(lead, line)

    def _outside(self, lead: Node, line: Line) -> bool:
        """Return whether a number goes on with the list before the lead, and not with the lead's own."""
        if not lead.items or not line.number:
            return False
        siblings = self.open[-2].items if len(self.open) > 1 else self.top
        own = lead.items[-1].line
        if lead.line.marked:
            return runs_on(lead.line, line) and not runs_on(own, line)
        if len(siblings) < 2 or siblings[-1] is not lead or not runs_on(siblings[-2].line, line):
            return False
        return not runs_on(own, line) or (line.blank and not own.blank)

    def _settled(self, last: Node, line: Line, number: int) -> bool:
        """Return whether a line at the same column as *last* stands below it, or beside it and *last* is closed."""
        outer = [one for one in self.open[:-1] if beside(one.line, line) and one.line.style == line.style]
        colon = self.colon(last)
        if last.line.style == line.style:
            if line.number == 1 and last.line.number and colon:
                return True
            if line.number and not runs_on(last.line, line) and any(runs_on(one.line, line) for one in outer):
                return False
            self.open.pop()
            return True
        if outer or not last.line.marked:
            return False
        if colon or (line.number == 1 and last.line.number and with_letters(line)):
            return True
        if not line.number and last.line.number and number == last.line.number + 1:
            return True
        self.open.pop()
        return True
