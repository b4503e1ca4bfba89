"""What the document on `sync` says is so: its commands run, and it has every message and parameter."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path

import pytest

import equipoise
from equipoise.sources.ctgov_api import BASE, Selection, parameters
from equipoise.sources.download import Limits
from registry import Registry, serving, study

SOURCE = Path(equipoise.__file__).parent
DOC = "how-to/sync.md"
MAKERS = {"InputError", "LibraryBusy", "LibraryDamaged", "LibraryError", "_Fault", "_broken_paging", "_refused"}


def test_the_commands_are_true(consoles, read_doc, blocks):
    """The commands print what the document shows, with a server of the test in place of the registry."""
    studies = [study(count, updated=f"2026-01-{day}") for count, day in enumerate((10, 11, 12, 14, 15), 1)]
    with serving(Registry(studies)) as registry:
        for block in blocks(read_doc(DOC), "console"):
            if "--url" not in block:
                block = block.replace(BASE, registry.address)
                block = block.replace("equipoise sync", f"equipoise sync --url {registry.address}")
            consoles.check(block)


def test_every_parameter_is_documented(read_doc):
    """The table has each parameter that is sent, with its value where that is fixed."""
    text = read_doc(DOC)
    rows = dict(re.findall(r"^\| `/studies` \| `([^`]+)` \| (.*) \|", text, re.MULTILINE))
    sent = parameters(Selection("x", date(2026, 1, 14), undated=True), "y")
    assert set(rows) == set(sent)
    fixed = parameters(Selection(since=date(2026, 1, 14)))
    assert all(f"`{value}`" in rows[name] for name, value in fixed.items())


def words_of(node: ast.AST) -> list[str]:
    """Return the fixed words in an expression."""
    texts = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return [text.strip(" (:;") for text in texts if len(text.strip()) > 7]


@pytest.mark.parametrize("name", ["sources/download.py", "sources/ctgov_api.py", "intake/spool.py", "intake/sync.py"])
def test_every_message_is_documented(name, read_doc):
    """Each message that the code has is in the document."""
    text = read_doc(DOC)
    tree = ast.parse((SOURCE / name).read_text("utf-8"))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            maker = getattr(node.func, "id", getattr(node.func, "attr", ""))
            found += words_of(node.args[-1 if maker == "_broken_paging" else 0]) if maker in MAKERS else []
        elif isinstance(node, ast.FunctionDef) and node.name == "_describe":
            found += [words for words in words_of(node) if words not in ast.get_docstring(node, clean=False)]
    assert [words for words in found if words not in text] == []


def test_the_limits_are_documented(read_doc):
    """The numbers of the document are those of the code."""
    text, limits = read_doc(DOC), Limits()
    for phrase in (
        f"Nothing came for {limits.silence:g} s",
        f"within {limits.connect:g} s",
        f"not whole after {limits.answer:g} s",
        f"larger than {limits.largest >> 20} MiB",
        f"the last of {limits.tries} tries",
    ):
        assert phrase in text
    assert limits.wait == 5 * 60
