"""
Sealing: what is shared is encrypted under a key that only a passcode and its link give.

Argon2id makes the key (RFC 9106; memory and passes as OWASP's password storage cheat sheet asks at least), AES-256-GCM
encrypts, with a nonce of its own each time. What a text belongs to is authenticated with it, so that one that was
moved to another row, or is of another format, does not open.
"""

from __future__ import annotations

import hashlib
import secrets

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

# The number of all that follows here: another cost, cipher or form of the text is another format.
FORMAT = 1
MEMORY_KIB, PASSES, LANES = 19_456, 2, 1
KEY, SALT, NONCE = 32, 16, 12

# The length of what is sealed says no more of the text than this.
_BLOCK = 1024


class Sealed(msgspec.Struct, frozen=True):
    """An encrypted text."""

    nonce: bytes
    text: bytes


class NotOpened(Exception):
    """The key is not the right one, or the text was changed."""


def derive_key(passcode: str, *, token: str, salt: bytes) -> bytes:
    """Return the key of a share. It takes about a tenth of a second and 19 MiB, on purpose.

    The link's token takes part, so that a passcode alone is worth nothing to one who has the table but not the link.
    """
    argon = Argon2id(
        salt=salt, length=KEY, iterations=PASSES, lanes=LANES, memory_cost=MEMORY_KIB, secret=token.encode()
    )
    return argon.derive(passcode.encode())


def new_key() -> bytes:
    """Return a key by chance."""
    return secrets.token_bytes(KEY)


def key_of(secret: str) -> bytes:
    """Return a key from a secret that was drawn by chance and is long: nobody can try all of them."""
    return hashlib.sha256(b"equipoise key " + secret.encode()).digest()


def id_of(secret: str) -> str:
    """Return what stands in a table for a secret that does not.

    >>> id_of("a")[:8]
    'ca978112'
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def _about(what: str) -> bytes:
    return f"equipoise {FORMAT} {what}".encode()


def seal(key: bytes, text: bytes, *, about: str) -> Sealed:
    """Return *text* encrypted; *about* says what it belongs to.

    >>> sealed = seal(new_key(), b'"tea"', about="example")
    >>> len(sealed.text), b"tea" in sealed.text
    (1040, False)
    """
    nonce = secrets.token_bytes(NONCE)
    # What is sealed is JSON, to which space at its end adds nothing.
    padded = text.ljust(-(-len(text) // _BLOCK) * _BLOCK)
    return Sealed(nonce, AESGCM(key).encrypt(nonce, padded, _about(about)))


def unseal(key: bytes, sealed: Sealed, *, about: str) -> bytes:
    """Return the text of *sealed*.

    >>> key = new_key()
    >>> unseal(key, seal(key, b'"tea"', about="example"), about="example")
    b'"tea"'

    Raises:
        NotOpened: the key is not the right one, the text was changed, or it belongs to something else.
    """
    try:
        return AESGCM(key).decrypt(sealed.nonce, sealed.text, _about(about)).rstrip(b" ")
    except InvalidTag as error:
        raise NotOpened from error
