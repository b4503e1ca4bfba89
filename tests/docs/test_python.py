"""The page on Python lists each public name; `test_links` runs its examples."""

from __future__ import annotations

import re

import equipoise


def test_every_public_name_is_documented(read_doc):
    """The table has the public names, all of them, in order."""
    assert re.findall(r"^\| `(\w+)` \|", read_doc("reference/python.md"), re.MULTILINE) == equipoise.__all__
