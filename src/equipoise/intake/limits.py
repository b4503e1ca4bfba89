"""
What a file may cost to read. No real registry file comes near these limits.

``docs/explanation/limits.md`` says how each was chosen, and a test compares.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from equipoise.errors import InputError

MIB = 1 << 20

# What must be held whole: a file or member that is not JSON lines, or one line. An API page
# of 1,000 studies has some 20 MB.
LARGEST_PIECE = 256 * MIB

# How many times its size a file may unpack to. Registry text packs 4 times smaller, a single record up to 26.
RATIO = 200

# A small member may be a long run of one character and pack better than that.
SMALL = 16 * MIB

# Archives in archives: a zip with a zip of .gz files is three deep.
DEEPEST = 3

# The list of members at a zip's end, which is held while it is read. That of the registry's
# bulk zip, with 550,000 members, has some 35 MB.
LARGEST_CONTENTS = 128 * MIB


class Allowance:
    """What one named file may unpack to, archives inside it included.

    ``given`` returns how many bytes of it there are, or, in a stream, were read so far.
    """

    def __init__(self, given: Callable[[], int]) -> None:
        self._given = given
        self._unpacked = 0

    def charge(self, size: int) -> None:
        """Note that *size* more bytes were unpacked.

        Raises:
            Exceeded: that was too much.
        """
        self._unpacked += size
        if self._unpacked > LARGEST_PIECE + RATIO * self._given():
            raise Exceeded


class Exceeded(Exception):
    """More was unpacked than a registry file holds; the file is left."""


def check_ratio(packed: int, unpacked: int, origin: str) -> InputError | None:
    """Return the error where this much out of so little is a zip bomb."""
    if unpacked <= SMALL or unpacked <= RATIO * packed:
        return None
    return InputError(
        f"It unpacks to {unpacked / MIB:,.0f} MiB, more than {RATIO} times its size",
        where=origin,
        next="No registry file does; it may have been made to do harm. Leave it out.",
    )


def too_large(origin: str) -> InputError:
    """Return the error for what would have to be held whole and is too large for that."""
    return InputError(
        f"It has more than {LARGEST_PIECE // MIB} MiB and is not JSON lines, one study a line",
        where=origin,
        next="Write it as JSON lines, or split it into files.",
    )


def exceeded(origin: str) -> InputError:
    """Return the error for a file that was left because it unpacks to too much."""
    return InputError(
        f"It unpacks to more than {RATIO} times its size; the rest of it was not read",
        where=origin,
        next="No registry file does; it may have been made to do harm. Leave it out.",
    )


def shown(name: str) -> str:
    r"""Return a file's name with what cannot be seen, or turns text round, written out.

    >>> print(shown("a\x00b\u202egpj.exe"))
    a\x00b\u202egpj.exe
    """
    return "".join(
        char.encode("unicode_escape", "surrogatepass").decode("ascii")
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")
        else char
        for char in name
    )
