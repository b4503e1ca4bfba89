"""What a JSON text must be before it is decoded, so that whatever was read can also be shown."""

from __future__ import annotations

# The largest record of the 12,000 at hand has 1.5 MB.
LARGEST_RECORD = 64 << 20

# A published record is 7 deep, results included. Decoders stop at some hundred, each at
# another; here a record is refused long before, whoever decodes it later.
DEEPEST = 64
TOO_DEEP = "The JSON is nested too deeply"

_NO_BRACKET = bytes(set(range(256)) - set(b'"{}[]'))
_ONE_KIND = bytes.maketrans(b"[]", b"{}")


def check_text(document: bytes) -> str | None:
    """Return what is wrong with a document's size or encoding, or None.

    >>> check_text(b'{"title": "tr\\xe9s"}')
    'Not UTF-8 text (byte 13)'
    """
    if len(document) > LARGEST_RECORD:
        return f"The record has more than {LARGEST_RECORD >> 20} MiB"
    try:
        document.decode()
    except UnicodeDecodeError as error:
        return f"Not UTF-8 text (byte {error.start})"
    return None


def is_flat(document: bytes) -> bool:
    """Return whether the objects and lists of valid JSON lie at most :data:`DEEPEST` in one another.

    >>> is_flat(b'{"a": [{}], "b": "[[[["}'), is_flat(b"[" * 65 + b"]" * 65)
    (True, False)

    Strings are cut out, then the innermost pairs of brackets again and again, which takes
    less than half as long as decoding.
    """
    if b'\\"' in document:
        document = document.replace(b"\\\\", b"").replace(b'\\"', b"")
    marks = document.translate(_ONE_KIND, _NO_BRACKET).replace(b'""', b"")
    brackets = b"".join(marks.split(b'"')[::2])
    for _ in range(DEEPEST):
        if not brackets:
            break
        brackets = brackets.replace(b"{}", b"")
    return not brackets
