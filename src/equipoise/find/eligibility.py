"""
Eligibility text as sections and items, as the text itself sets them.

This reads the layout alone (headings, lists, nesting), not what a criterion means.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

from equipoise.find.markup import LONGEST, clean, parser, plain, render

Side = Literal["inclusion", "exclusion"]

_HEADING = re.compile(
    r"\W*(?:(?:key|main|major|general|principal|subject|patient|participant)s?\W+)*"
    r"(inclusion|exclusion|inclusive(?=\s+criteri)|exclusive(?=\s+criteri))\b[^.;:]{0,60}(?::\W*\Z|\Z|(?=:\s))",
    re.IGNORECASE,
)


class Item(msgspec.Struct, frozen=True):
    """One item of a list, with its sub-items."""

    html: Markup
    text: str
    items: tuple[Item, ...] = ()


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


def _render(tokens: list[Token]) -> Markup:
    md = parser()
    return clean(md.renderer.render(tokens, md.options, {}))


def _item(node: SyntaxTreeNode) -> Item:
    own: list[Token] = []
    words: list[str] = []
    below: list[Item] = []
    for child in node.children:
        if child.type in ("bullet_list", "ordered_list"):
            below += [_item(item) for item in child.children]
        else:
            own += child.to_tokens()
            words += [plain(grand.content) for grand in child.walk() if grand.type == "inline"]
    return Item(_render(own), " ".join(words), tuple(below))


def _side(heading: str) -> Side | None:
    found = _HEADING.match(heading)
    if not found:
        return None
    return "inclusion" if found[1].lower().startswith("inclusi") else "exclusion"


def read_sections(text: str) -> tuple[Section, ...]:
    """Return the sections of an eligibility text.

    >>> text = "Inclusion Criteria:\\n\\n* Adults\\n\\nExclusion Criteria:\\n\\n* None"
    >>> [section.side for section in read_sections(text)]
    ['inclusion', 'exclusion']
    """
    if len(text) > LONGEST:
        return (Section("", None, (Block(render(text)),)),)
    root = SyntaxTreeNode(parser().parse(text))
    sections: list[Section] = []
    heading, side, blocks = "", None, list[Block]()

    def close() -> None:
        if blocks or heading:
            sections.append(Section(heading, side, tuple(blocks)))

    for node in root.children:
        words = plain(node.children[0].content) if node.type == "paragraph" else ""
        if words and _side(words):
            close()
            heading, side, blocks = words.partition(":")[0].strip("* \t"), _side(words), []
            rest = node.children[0].content.partition(":")[2].strip("* \t\n")
            if rest:
                blocks.append(Block(clean(parser().render(rest))))
        elif node.type in ("bullet_list", "ordered_list"):
            items = tuple(_item(item) for item in node.children)
            blocks.append(Block(items=items, ordered=node.type == "ordered_list"))
        else:
            blocks.append(Block(_render(node.to_tokens())))
    close()
    return tuple(sections)
