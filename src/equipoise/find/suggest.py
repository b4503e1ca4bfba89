"""What somebody may have meant: the known names that are nearest to one that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(given: str, known: Iterable[str], *, most: int = 3) -> list[str]:
    """Return the known names most like *given*, the likest first; case does not matter.

    >>> nearest("Brieftitel", ["BriefTitle", "OfficialTitle", "Phase"])
    ['BriefTitle']
    """
    named: dict[str, str] = {}
    for name in known:
        named.setdefault(name.casefold(), name)
    wanted = given[:80].casefold()
    if wanted in named:
        return [named[wanted]]
    near = difflib.get_close_matches(wanted, named, n=most, cutoff=0.6)
    # "Status" is a part of what is meant, though not much like it.
    parts = [name for name in named if len(wanted) >= 4 and wanted in name and name not in near]
    return [named[name] for name in (near + sorted(parts, key=len))[:most]]


def meant(given: str, known: Iterable[str]) -> str:
    """Return "Did you mean …?" with the nearest known names, or an empty string.

    >>> meant("Fase", ["Phase", "Sex"])
    'Did you mean Phase?'
    """
    near = nearest(given, known)
    return f"Did you mean {' or '.join(near)}?" if near else ""
