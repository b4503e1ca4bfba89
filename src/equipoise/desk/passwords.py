"""Passwords, kept as argon2id hashes (RFC 9106), with OWASP's least memory and passes."""

from __future__ import annotations

import secrets
from functools import cache

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from equipoise.errors import InputError

# NIST SP 800-63B asks for length, not for kinds of characters; what is longer than the second is no password.
SHORTEST, LONGEST = 12, 1024

# OWASP's password storage cheat sheet: 19 MiB, two passes, one lane.
_MEMORY_KIB, _PASSES, _LANES = 19 * 1024, 2, 1


def hash_password(password: str) -> str:
    """Return what is kept of a password, in PHC form with a salt of its own."""
    made = Argon2id(salt=secrets.token_bytes(16), length=32, iterations=_PASSES, lanes=_LANES, memory_cost=_MEMORY_KIB)
    return made.derive_phc_encoded(password.encode())


def is_password(password: str, kept: str | None) -> bool:
    """Return whether a password is the one that was kept; it takes as long where there is none."""
    try:
        Argon2id.verify_phc_encoded(password[:LONGEST].encode(), kept or _decoy())
    except InvalidKey:
        return False
    return kept is not None


def check_password(password: str, name: str) -> None:
    """Check that a password may be set.

    Raises:
        InputError: it is too short, too long, or the name; the message does not repeat it.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputError(
            f"A password has {SHORTEST} to {LONGEST:,} characters",
            next="Several words make one that can be kept in mind.",
        )
    if name.casefold() in password.casefold() and len(password) < SHORTEST + len(name):
        raise InputError("The password is little more than the name", next="Take words that nobody would guess.")


@cache
def _decoy() -> str:
    return hash_password(secrets.token_urlsafe())
