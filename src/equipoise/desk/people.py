"""Whose a note is."""

from __future__ import annotations

import msgspec

# The one person of a desk on the computer itself, who needs no login.
LOCAL = 1


class Person(msgspec.Struct, frozen=True):
    """Somebody who has a desk; ``name`` is empty for the one person of a desk without accounts."""

    id: int
    name: str = ""
