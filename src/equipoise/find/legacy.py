"""Long texts in the form that the registry had before CommonMark: no escapes, dashes for bullets."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from equipoise.find.selection import Tree, make_tree
from equipoise.terms.fields import fields

_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_BULLET = re.compile(r"^([ \t]*)[*+-]([ \t]+)(?=\S)", re.MULTILINE)


def legacy_text(text: str) -> str:
    r"""Return CommonMark *text* in the older form.

    >>> print(legacy_text("Inclusion:\n\n* GCS \\< 9\n    * \\*new\\*"))
    Inclusion:
    <BLANKLINE>
    - GCS < 9
        - *new*
    """
    return _ESCAPE.sub(r"\1", _BULLET.sub(r"\1-\2", text))


@cache
def _markup() -> Tree:
    return make_tree(one.path for one in fields() if one.kind == "markup")


def with_legacy_texts(record: Any, tree: Tree | None = None) -> Any:
    """Return a record with its long texts in the older form."""
    tree = _markup() if tree is None else tree
    if isinstance(record, list):
        return [with_legacy_texts(entry, tree) for entry in record]
    if isinstance(record, dict):
        return {name: with_legacy_texts(value, tree[name]) if name in tree else value for name, value in record.items()}
    return legacy_text(record) if isinstance(record, str) and not tree else record
