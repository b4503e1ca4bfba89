"""
Passcodes: made by chance, to be read out and typed in.

``passcode = group "-" group "-" group "-" group``, a group being four symbols of :data:`ALPHABET`.
"""

from __future__ import annotations

import secrets
import unicodedata

# Of signs that look alike one is kept; no vowels, so that no word comes about. 23 signs, 16 of them: 72 bits.
ALPHABET = "CDFHJKMNPRTVWXY23456789"
GROUP, GROUPS = 4, 4
LENGTH = GROUP * GROUPS

# What somebody may read or type for a sign that is meant.
_LOOKS_LIKE = str.maketrans("A0OQEG1SBUZ", "4DDD36758V2")


def make_passcode() -> str:
    """Return a new passcode, as it is shown.

    >>> len(make_passcode())
    19
    """
    signs = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(signs[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def read_passcode(text: str) -> str:
    """Return the signs of a passcode as it was typed: case, spaces, dashes and look-alikes do not matter.

    >>> read_passcode(" h4kd–9mnx tr7c_2vpw ")
    'H4KD9MNXTR7C2VPW'
    >>> read_passcode("HAKD 9MNX TR1C ZUPW")
    'H4KD9MNXTR7C2VPW'
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(sign for sign in plain if sign.isascii() and sign.isalnum()).translate(_LOOKS_LIKE)


def is_whole(signs: str) -> bool:
    """Return whether so many signs were typed as a passcode has; nothing is said of whether it is right.

    >>> is_whole("H4KD9MNXTR7C2VPW"), is_whole("H4KD")
    (True, False)
    """
    return len(signs) == LENGTH
