"""
Eligibility text as sections and items, as the text itself sets them.

This reads the layout alone (headings, lists, nesting), not what a criterion means. A heading
may be a paragraph, an item of a list, or the last line of an item: wherever it stands, what
follows it belongs to it. Where a text speaks of exclusion criteria in a place that could not
be read as a heading, the section has no side: an exclusion shown as an inclusion is worse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

from equipoise.find.markup import clean, is_parsable, parser, plain, render

Side = Literal["inclusion", "exclusion"]

# "Key Inclusion Criteria (Part B):", "Phase 1 exclusion criteria:"; the words after a colon are
# what the section says. A sentence that mentions the criteria ("who meet the inclusion criteria
# of the main study may …") goes on after the word, so it is no heading.
_HEADING = re.compile(
    r"\W*(?:(?:key|main|major|general|principal|subject|patient|participant)s?\W+)*"
    r"(?P<word>inclusion|exclusion|inclusive(?=\s+criteri)|exclusive(?=\s+criteri))\b[^.;:]{0,60}(?::\W*\Z|\Z|(?=:\s))",
    re.IGNORECASE,
)
_LED_HEADING = re.compile(
    r"[^.;:\n]{0,70}?\b(?P<word>inclusion|exclusion)\s+criteri(?:a|on)\b(?:\s*\([^)]{0,60}\))?\s*(?:[:.]\W*\Z|\Z|(?=[:.]\s))",
    re.IGNORECASE,
)
# Verbs and figures make a sentence of what stands before the word; "Phase 1" does not.
_SENTENCE = re.compile(
    r"\b(?:meets?|met|meeting|fulfil\w*|satisf\w+|see|per|of the|with the|any of|all of|no)\b"
    r"|(?<!phase )(?<!part )(?<!module )(?<!cohort )(?<!group )(?<!arm )(?<!stage )(?<!step )\b\d",
    re.IGNORECASE,
)
_SPEAKS_OF_EXCLUSION = re.compile(r"\b(?i:exclusion\s+criteri(?:a|on))\b\s*(?:[:.A-Z]|\Z|\n)")
# The registry sets this between two lists that follow each other; it says nothing.
_SEPARATOR = "<!-- -->"


class Item(msgspec.Struct, frozen=True):
    """One item of a list, with its sub-items; ``rest`` is what follows them, in order."""

    html: Markup
    text: str
    items: tuple[Item, ...] = ()
    ordered: bool = False
    rest: tuple[Block, ...] = ()


class Block(msgspec.Struct, frozen=True):
    """A paragraph (no items) or a list."""

    html: Markup = Markup()
    items: tuple[Item, ...] = ()
    ordered: bool = False


class Section(msgspec.Struct, frozen=True):
    """What stands under one heading. ``side`` is None where the text does not say."""

    heading: str
    side: Side | None
    blocks: tuple[Block, ...]

    @property
    def count(self) -> int:
        """How many items it has, sub-items aside."""
        return sum(len(block.items) or 1 for block in self.blocks)


class _Heading(msgspec.Struct, frozen=True):
    words: str
    side: Side
    rest: str


class _Listed(msgspec.Struct, frozen=True):
    item: Item
    ordered: bool
    list: int


_Unit = _Heading | _Listed | Block


def _render(tokens: list[Token]) -> Markup:
    md = parser()
    return clean(md.renderer.render(tokens, md.options, {}))


def _is_list(node: SyntaxTreeNode) -> bool:
    return node.type in ("bullet_list", "ordered_list")


def _words(node: SyntaxTreeNode) -> str:
    """Return the words of a paragraph, as plain text; an empty string for anything else."""
    return plain(node.children[0].content).strip() if node.type == "paragraph" else ""


def _heading(node: SyntaxTreeNode) -> _Heading | None:
    words = _words(node)
    found = _HEADING.match(words)
    lines = node.children[0].content.strip().count("\n") if words else 0
    if not found and not lines and (led := _LED_HEADING.match(words)):
        found = None if _SENTENCE.search(words[: led.start("word")]) else led
    if not found:
        return None
    side: Side = "inclusion" if found["word"].lower().startswith("inclusi") else "exclusion"
    mark = ":" if ":" in found[0] or words[found.end() :].startswith(":") else "."
    rest = node.children[0].content.partition(mark)[2].strip("* \t\n") if mark in words else ""
    return _Heading(words.partition(mark)[0].strip("* \t"), side, rest)


def _blocks(nodes: Sequence[SyntaxTreeNode]) -> tuple[Block, ...]:
    """Return paragraphs and lists in their order."""
    found = []
    for node in nodes:
        if _is_list(node):
            items = tuple(_item(item.children) for item in node.children)
            found.append(Block(items=items, ordered=node.type == "ordered_list"))
        elif _words(node) != _SEPARATOR:
            found.append(Block(_render(node.to_tokens())))
    return tuple(found)


def _item(nodes: Sequence[SyntaxTreeNode]) -> Item:
    """Return an item: its own words, its first list, and what follows that."""
    first = next((place for place, node in enumerate(nodes) if _is_list(node)), len(nodes))
    own = [node for node in nodes[:first] if _words(node) != _SEPARATOR]
    words = [plain(part.content) for node in own for part in node.walk() if part.type == "inline"]
    html = _render([token for node in own for token in node.to_tokens()])
    if first == len(nodes):
        return Item(html, " ".join(words))
    (listed,) = _blocks(nodes[first : first + 1])
    return Item(html, " ".join(words), listed.items, listed.ordered, _blocks(nodes[first + 1 :]))


def _holding(root: SyntaxTreeNode) -> set[int]:
    """Return the ids of the nodes that are headings or hold one, found in one pass."""
    found: set[int] = set()
    for part in root.walk():
        if part.type == "paragraph" and _heading(part) is not None:
            node: SyntaxTreeNode | None = part
            while node is not None and id(node) not in found:
                found.add(id(node))
                node = node.parent
    return found


def _units(nodes: Sequence[SyntaxTreeNode], lists: Iterator[int], holding: set[int]) -> Iterator[_Unit]:
    """Yield headings, paragraphs and items in the text's order; a list that holds a heading is opened."""
    for node in nodes:
        heading = _heading(node)
        if heading:
            yield heading
        elif _is_list(node):
            number = next(lists)
            for item in node.children:
                if id(item) in holding:
                    yield from _opened(item, node, number, lists, holding)
                else:
                    yield _Listed(_item(item.children), node.type == "ordered_list", number)
        elif _words(node) != _SEPARATOR:
            yield Block(_render(node.to_tokens()))


def _opened(
    item: SyntaxTreeNode, within: SyntaxTreeNode, number: int, lists: Iterator[int], holding: set[int]
) -> Iterator[_Unit]:
    """Yield the parts of an item that holds a heading: what stands before it is still an item."""
    before = 0
    while before < len(item.children) and id(item.children[before]) not in holding:
        before += 1
    if before:
        yield _Listed(_item(item.children[:before]), within.type == "ordered_list", number)
    yield from _units(item.children[before:], lists, holding)


def read_sections(text: str) -> tuple[Section, ...]:
    """Return the sections of an eligibility text.

    >>> text = "Inclusion Criteria:\\n\\n* Adults\\n\\nExclusion Criteria:\\n\\n* None"
    >>> [section.side for section in read_sections(text)]
    ['inclusion', 'exclusion']
    """
    if is_parsable(text):
        try:
            return _read(text)
        except RecursionError:  # lists nested by the hundred: no one's criteria, but shown all the same
            pass
    return (Section("", None, (Block(render(text)),)),)


def _read(text: str) -> tuple[Section, ...]:
    sections: list[Section] = []
    heading, side = "", None
    units: list[_Listed | Block] = []
    numbers = iter(range(len(text) + 1))
    root = SyntaxTreeNode(parser().parse(text))
    for unit in [*_units(root.children, numbers, _holding(root)), None]:
        if isinstance(unit, (_Listed, Block)):
            units.append(unit)
            continue
        if units or heading:
            sections.append(_section(heading, side, units))
        if unit is not None:
            heading, side, units = unit.words, unit.side, []
            if unit.rest:
                units.append(Block(clean(parser().render(unit.rest))))
    return tuple(sections)


def _section(heading: str, side: Side | None, units: Sequence[_Listed | Block]) -> Section:
    blocks: list[Block] = []
    last = -1
    for unit in units:
        if isinstance(unit, Block):
            blocks.append(unit)
            last = -1
        elif unit.list == last:
            blocks[-1] = msgspec.structs.replace(blocks[-1], items=(*blocks[-1].items, unit.item))
        else:
            blocks.append(Block(items=(unit.item,), ordered=unit.ordered))
            last = unit.list
    doubtful = side == "inclusion" and any(_speaks_of_exclusion(block) for block in blocks)
    return Section(heading, None if doubtful else side, tuple(blocks))


def _speaks_of_exclusion(block: Block) -> bool:
    if _SPEAKS_OF_EXCLUSION.search(block.html.striptags()):
        return True
    return any(
        _SPEAKS_OF_EXCLUSION.search(item.text)
        or any(_speaks_of_exclusion(part) for part in (Block(items=item.items), *item.rest))
        for item in block.items
    )
