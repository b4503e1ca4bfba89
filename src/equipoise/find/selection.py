"""
Some fields of a record, chosen by name.

::

    fields   = name ((","|"|") name)*
    name     = area | piece | path | piece in an older format | "@query"

An area stands for its fields, a field that holds others for all of them, and ``@query`` for the
fields in which the query looks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

import msgspec

from equipoise.errors import QueryError
from equipoise.find.suggest import nearest
from equipoise.records.published import BOM, read_json
from equipoise.terms.areas import areas
from equipoise.terms.fields import field, fields, find_field

QUERY = "@query"


# A tree of names: an empty one stands for all that lies below.
Tree = dict[str, "Tree"]


@cache
def _in_lower_case() -> dict[str, str]:
    names = [*areas(), *(one.piece for one in fields()), *(one.path for one in fields()), QUERY]
    return {name.lower(): name for name in names}


def nearest_field(name: str) -> str:
    """Return the sentence that names the fields whose names are nearest to *name*.

    >>> nearest_field("BriefTitel")
    'Did you mean BriefTitle?'
    """
    last = name.rpartition(".")[2].lower()
    known = _in_lower_case() | {one.name.lower(): one.piece for one in reversed(fields())}
    near = dict.fromkeys(known[form] for form in nearest(last, known))
    return f"Did you mean {' or '.join(near)}?" if near else "`/api/v2/studies/metadata` lists every field."


def read_fields(names: Iterable[str], *, queried: Collection[str] = ()) -> tuple[str, ...]:
    """Return the paths that *names* mean; *queried* are the pieces for which ``@query`` stands.

    >>> read_fields(["NCTId", "hasResults"])
    ('protocolSection.identificationModule.nctId', 'hasResults')

    Raises:
        QueryError: no field, and no area, has that name.
    """
    paths: dict[str, None] = {}
    for name in names:
        if name == QUERY:
            paths |= dict.fromkeys(field(piece).path for piece in queried)
        elif name in areas():
            paths |= dict.fromkeys(field(piece).path for piece, _ in areas()[name].weights())
        elif known := find_field(name):
            paths[known.path] = None
        else:
            raise QueryError("No such field", text=name, span=(0, len(name)), next=nearest_field(name))
    return tuple(paths)


def make_tree(paths: Iterable[str]) -> Tree:
    """Return the paths as a tree; what lies below a chosen path is chosen with it.

    >>> make_tree(["a.b", "a.c.d", "a.c"])
    {'a': {'b': {}, 'c': {}}}
    """
    tree: Tree = {}
    for path in sorted(set(paths), key=lambda path: (path.count("."), path)):
        *parents, last = path.split(".")
        node = tree
        for parent in parents:
            if parent in node and not node[parent]:
                break  # all of it is chosen already
            node = node.setdefault(parent, {})
        else:
            node[last] = {}
    return tree


def choose(value: Any, tree: Tree) -> Any:
    """Return of a part of a record what *tree* names, None where there is nothing of it."""
    if not tree:
        return value
    if isinstance(value, list):
        kept = [one for entry in value if (one := choose(entry, tree)) is not None]
        return kept or None
    if not isinstance(value, dict):
        return None
    chosen = {
        name: one for name, entry in value.items() if name in tree and (one := choose(entry, tree[name])) is not None
    }
    return chosen or None


def choose_fields(document: bytes, tree: Tree) -> bytes:
    """Return the fields of a document that *tree* names, as JSON on one line, in the order of the document."""
    return msgspec.json.encode(choose(read_json(document), tree) or {})


def one_line(document: bytes) -> bytes:
    """Return a document on one line: as it was published, save for the ends of its lines.

    >>> one_line(b'{"a": [1.50]}'), one_line(b'{\\n  "a": [1.50]\\n}')
    (b'{"a": [1.50]}', b'{"a":[1.50]}')
    """
    document = document.removeprefix(BOM).strip()
    return msgspec.json.format(document, indent=-1) if b"\n" in document or b"\r" in document else document


def write_json(record: Any) -> bytes:
    """Return plain objects as JSON on one line."""
    return msgspec.json.encode(record)
