"""
Build the tree of an eligibility text's items, line by line: sides, sub-headings, items, paragraphs.

::

    line = separator | joint | note | side heading rest? | sub-heading | item | paragraph
    joint = "or" | "and" | "and/or"     alone on a line
"""

from __future__ import annotations

import re
from collections import deque

from equipoise.criteria import governing, headings
from equipoise.criteria.headings import MUST_NOT, Heading, Side
from equipoise.criteria.lines import Line, Span
from equipoise.criteria.nesting import Lead, Nesting, Node, beside, opens, with_letters

# Deeper items become siblings: no one's criteria nest so, and nothing may recurse without bound.
DEEPEST = 8
_BULLET = re.compile(r"[*•·-]\s+(?=\S)")
_JOINT = re.compile(r"\W{0,3}(?P<word>and\s*/\s*or|or|and)\W{0,3}\Z", re.IGNORECASE)
_FOLLOWING = re.compile(r"\bfollowing\b[^.;]{0,60}\Z", re.IGNORECASE)
_ALLOWED = re.compile(r"(?:allowed|permitted|recommended)\b", re.IGNORECASE)
_OLD_LIST = re.compile(r"(?:excluded|required|allowed|recommended)\b", re.IGNORECASE)
_MUST = re.compile(r"\b(?:required|must)\b", re.IGNORECASE)


class Outline:
    """The items that a text's lines make, with what is in none of them."""

    def __init__(self, text: str, given: Side | None) -> None:
        self.text = text
        self.given = given
        self.side: Side = given or "inclusion"
        self.told = given is not None
        self.assumed = False
        self.section = 0
        self.limit: Span | None = None  # a side heading that says for whom it holds
        self.sub: Span | None = None
        self.back: tuple[int, Side] | None = None  # from which column on another side holds again
        self.before: Side | None = None  # the side that holds again after "Required:"
        self.joint = ""
        self.top: list[Node] = []
        self.open: list[Node] = []
        self.nesting = Nesting(text, self.top, self.open)
        self.left: list[tuple[Span, str]] = []

    def read(self, lines: list[Line]) -> None:
        """Take in the lines, in order."""
        waiting = deque(zip(lines, _next_numbers(lines), strict=True))
        while waiting:
            line, number = waiting.popleft()
            rest = self._line(line, waiting[0][0] if waiting else None, number)
            if rest is not None:
                waiting.appendleft((rest, number))

    def _line(self, line: Line, following: Line | None, number: int) -> Line | None:
        """Take in a line; return the part of it that stands behind a heading."""
        words = self.text[line.words : line.end]
        if not any(map(str.isalnum, words)):
            self._separator(line)
            return None
        if len(words) < 16 and (joint := _JOINT.match(words)) is not None and self._has_items():
            self.joint = re.sub(r"\s", "", joint["word"].lower())
            self._leave(line, self.joint)
            return None
        if governing.is_note(words):
            self._leave(line, "no criterion")
            return None
        heading = headings.read_side(words[:600])
        if heading is not None and self._holds(heading, words):
            return self._side(line, heading, following)
        if line.marked:
            self._marked(line, words, following, number)
            return None
        return self._unmarked(line, words, following)

    def _separator(self, line: Line) -> None:
        self._leave(line, "a separator")
        while self.open and self.open[-1].lead and self.open[-1].items:
            self.open.pop()

    def _has_items(self) -> bool:
        """Return whether the present section has any item yet."""
        return bool(self.top) and self.top[-1].section == self.section

    def _leave(self, line: Line, reason: str, end: int | None = None) -> None:
        self.left.append(((line.start, end if end is not None else line.end), reason))

    # Headings

    def _holds(self, heading: Heading, words: str) -> bool:
        """Return whether a heading changes the side and is nothing else: "one of" and "all of" make it a parent."""
        if self.given is not None:
            return heading.side in (None, self.given) and heading.end >= len(words)
        if heading.verbal and heading.side is not None:
            label = words[: heading.end]
            some = governing.one_of_many(label)
            every = bool(re.search(r"\ball of\b", label, re.IGNORECASE))
            if (some and heading.side == "inclusion") or (every and heading.side == "exclusion"):
                self._turn(heading.side)
                return False
        return True

    def _turn(self, side: Side) -> None:
        if side != self.side:
            self.section += 1
            self.open.clear()
        self.side, self.told = side, True

    def _side(self, line: Line, heading: Heading, following: Line | None) -> Line | None:
        end = line.words + len(self.text[line.words : line.words + heading.end].rstrip())
        self._leave(line, "a heading", end)
        self.open.clear()
        self.joint = ""
        self.section += 1
        if heading.side is not None:
            deeper = following is not None and following.indent > line.indent + 1
            if line.marked and heading.verbal and deeper:
                self.back = (line.indent, self.side)
            elif not heading.verbal:
                self.back = None
            local = heading.verbal and not line.marked and self.side == "exclusion" and heading.side == "inclusion"
            self.before = self.side if local and _MUST.search(self.text[line.words : end]) else None
            self.side, self.told = self.given or heading.side, True
            self.limit = (line.words, end) if heading.limits else self.limit if heading.verbal else None
        self.sub = self.sub if heading.verbal else None
        return self._rest(line, line.words + heading.end)

    def _rest(self, line: Line, start: int) -> Line | None:
        """Return what stands behind a heading on its line, if anything does."""
        start = line.end - len(self.text[start : line.end].lstrip())
        if start >= line.end:
            return None
        bullet = _BULLET.match(self.text, start, line.end)
        return Line(start, bullet.end() if bullet else start, line.end, line.indent, blank=False, cut=True)

    def _sub(self, line: Line, end: int | None = None) -> None:
        end = line.words + len(self.text[line.words : end].rstrip()) if end is not None else line.end
        self._leave(line, "a heading", end)
        self.open.clear()
        self.joint, self.sub = "", (line.words, end)

    # Items

    def _node(self, line: Line, lead: Lead = "") -> Node:
        self.assumed = self.assumed or not self.told
        node = Node(line, self.side, line.end, self.section, self.sub or self.limit, self.joint, lead)
        self.joint = ""
        return node

    def _add(self, node: Node) -> None:
        """Put a node below the innermost open one."""
        del self.open[DEEPEST - 1 :]
        if self.open and self.open[-1].side != node.side:
            self.open.clear()  # what keeps out is no part of what lets in
        (self.open[-1].items if self.open else self.top).append(node)
        self.open.append(node)
        self._stretch(node.end)

    def _stretch(self, end: int) -> None:
        for one in self.open:
            one.end = end

    def _marked(self, line: Line, words: str, following: Line | None, number: int) -> None:
        """Take in a line with a marker."""
        if self.back is not None and line.indent <= self.back[0]:
            self.side, self.back = self.back[1], None
            self.section += 1
        self.nesting.close(line, number)
        lead: Lead = ""
        if following is not None and governing.ends_with_colon(words):
            same = following.marked and beside(line, following) and following.style == line.style
            if same and not self.open and self._names_only(words):
                return self._sub(line)
            lead = self._item_lead(line, words, following, same)
        return self._add(self._node(line, lead))

    def _names_only(self, words: str) -> bool:
        """Return whether an item only says for whom the next ones hold: "Cohort A:", "Any of the following:"."""
        if governing.is_part(words):
            return True
        if self.side == "exclusion":
            return governing.is_intro(words) and not governing.all_together(words)
        return governing.is_intro(words) and not governing.one_of_many(words)

    def _item_lead(self, line: Line, words: str, following: Line, same: bool) -> Lead:
        """Return how an item that ends with ":" holds lines that do not stand deeper."""
        some = governing.leads(words) == "count" and governing.one_of_many(words)
        if same and (some or (_OLD_LIST.match(words) and governing.is_timed(words))):
            return "same"
        if some and not following.marked and following.indent < line.indent + 2:
            return ";" if opens(self.text, following.end) else "prose"
        return ""

    # Paragraphs

    def _unmarked(self, line: Line, words: str, following: Line | None) -> Line | None:
        """Take in a line without a marker; return the part of it that stands behind a heading."""
        if self._below(line, words, following) or self._led(line, words):
            return None
        while self.open and (line.indent < self.open[-1].indent + 2 or not self.nesting.colon(self.open[-1])):
            self.open.pop()
        if self.before is not None and not self.open and self._has_items():
            self.side, self.before = self.before, None
            self.section += 1
        if not self.open and (end := governing.capitals(words)):
            self._sub(line, line.words + end)
            return self._rest(line, line.words + end)
        lead = self._lead(line, words, following)
        if lead is None:
            self._leave(line, "a heading")
            self.open.clear()
        elif not lead and not self.open and following is not None and governing.is_sub_heading(words):
            self._sub(line)
        else:
            node = self._node(line, lead)
            node.prose = not lead
            self._add(node)
        return None

    def _below(self, line: Line, words: str, following: Line | None) -> bool:
        """Take in a paragraph that belongs to an open item with a marker; return whether it does."""
        inner = [place for place, one in enumerate(self.open) if one.line.marked and line.indent >= one.indent + 2]
        if not inner or (line.blank and governing.is_part(words)):
            return False
        del self.open[inner[-1] + 1 :]
        last = self.open[-1]
        leads = governing.ends_with_colon(words) and following is not None and following.marked
        if not last.items and not leads:
            last.line.end = line.end
            self._stretch(line.end)
            return True
        self._add(self._node(line, "marked" if leads else ""))
        if not leads:
            self.open.pop()
        return True

    def _led(self, line: Line, words: str) -> bool:
        """Take in a line below one that leads lines without markers; return whether it stands there."""
        if not self.open or self.open[-1].lead not in ("prose", ";", "one"):
            return False
        lead = self.open[-1]
        apart = bool(lead.items) and line.blank and not lead.items[0].line.blank
        if (line.indent < lead.indent and not lead.line.marked) or (lead.lead == "prose" and apart):
            return False
        if governing.ends_with_colon(words) or governing.capitals(words):
            return False
        self._add(self._node(line))
        self.open.pop()
        goes_on = opens(self.text, line.end)
        if lead.lead == "prose" and goes_on and len(lead.items) == 1:
            lead.lead = ";"
        elif lead.lead == "one" or (lead.lead == ";" and not goes_on):
            self.open.pop()
        return True

    def _lead(self, line: Line, words: str, following: Line | None) -> Lead | None:
        """Return how a line holds what follows it; None where it is a heading that says nothing itself."""
        colon = governing.ends_with_colon(words)
        if following is None or not (colon or (following.marked and _FOLLOWING.search(words[-100:]))):
            return ""
        kind = governing.leads(words)
        if governing.is_label(words) and not self.open:
            return ""
        if governing.is_intro(words) and not (self.side == "inclusion" and MUST_NOT.search(words)):
            some = governing.one_of_many(words)
            some = governing.all_together(words) if self.side == "exclusion" else some
            if not some and (not self._has_items() or not kind):
                return None
        if not kind or (kind != "count" and not colon):
            return ""
        if following.marked or following.indent >= line.indent + 2:
            return "marked"
        if opens(self.text, following.end):
            return ";"
        if _ALLOWED.match(words) or governing.is_timed(words):
            return "one"
        return "prose" if kind == "count" else ""


def _next_numbers(lines: list[Line]) -> list[int]:
    """Return for each line the number of the next numbered line."""
    found, number = [], 0
    for line in reversed(lines):
        found.append(number)
        number = line.number if line.number and not with_letters(line) else number
    return found[::-1]
