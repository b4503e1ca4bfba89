"""What the document on vocabularies shows is what the commands print."""

from __future__ import annotations

import shutil
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"


def test_adding_a_vocabulary_is_true(consoles, read_doc, blocks, demonstration):
    """The commands print what the document shows, for a small file in the form of MeSH and our demonstration."""
    shutil.copy(DATA / "mesh_descriptors.xml", consoles.folder)
    shutil.copytree(demonstration.folder.path, consoles.folder / "demo")
    shown = blocks(read_doc("how-to/add-a-vocabulary.md"), "console")
    assert shown
    for block in shown:
        consoles.check(block)
