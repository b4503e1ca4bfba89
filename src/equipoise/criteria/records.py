"""What the compiler gives back: a criterion with its rule, what was left of it, and what was mended."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from equipoise.rules.nodes import Rule, Span, from_json, to_json

Side = Literal["inclusion", "exclusion"]
Computable = Literal["full", "partial", "administrative", "none"]

# Grows when the same text may compile to something else; stored rules of another number are made anew.
COMPILER = "14"


class Leftover(msgspec.Struct, frozen=True):
    """Words that matter and found no place in the rule."""

    span: Span
    reason: str


class Flag(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was mended (``mended``) or read into the text (``inferred``), the text's words and ours."""

    kind: Literal["mended", "inferred"]
    span: Span
    from_: str = msgspec.field(name="from")
    to: str


class Criterion(msgspec.Struct, frozen=True):
    """
    One criterion of a study, as it was read.

    ``text`` is the source's own characters at ``span``; ``reading`` says the rule in English. A nested
    criterion has a ``parent``, whose rule holds the whole tree; only parentless ones are answered.
    """

    id: str
    parent: str | None
    section: Side
    span: Span
    text: str
    reading: str
    computable: Computable
    rule: Rule | None
    left: tuple[Leftover, ...] = ()
    flags: tuple[Flag, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the criterion as ``equipoise criteria --format json`` prints it."""
        return {
            "id": self.id,
            "parent": self.parent,
            "section": self.section,
            "span": list(self.span),
            "text": self.text,
            "reading": self.reading,
            "computable": self.computable,
            "rule": None if self.rule is None else to_json(self.rule),
            "left": [{"span": list(one.span), "reason": one.reason} for one in self.left],
            "flags": [{**msgspec.to_builtins(one), "span": list(one.span)} for one in self.flags],
        }

    @classmethod
    def from_json(cls, tree: dict[str, Any]) -> Criterion:
        """Return the criterion that `to_json` gave.

        Raises:
            ValueError: *tree* is not one.
        """
        start, end = tree["span"]
        return cls(
            id=tree["id"],
            parent=tree["parent"],
            section=tree["section"],
            span=(start, end),
            text=tree["text"],
            reading=tree["reading"],
            computable=tree["computable"],
            rule=None if tree["rule"] is None else from_json(tree["rule"]),
            left=msgspec.convert(tuple(tree["left"]), tuple[Leftover, ...]),
            flags=msgspec.convert(tuple(tree["flags"]), tuple[Flag, ...]),
        )
