"""
A board on which the workers of a server leave what each of them may want, in memory that they share.

Workers are forked, and this memory with them; where the system starts them anew each has a board of its own. Nothing
locks it: a piece is taken only if it has the digest that was noted with it, so that one that another worker wrote over,
before or while it is read, is as if it were not there. What was left first goes first.
"""

from __future__ import annotations

import hashlib
import mmap
import struct
import threading

_DIGEST = 16
# Whose it is, the digest of the piece, where it begins and how long it is.
_NOTE = struct.Struct(f"<{_DIGEST}s{_DIGEST}sQI")
_NEXT = struct.Struct("<Q")
# Notes are found by digest alone: of so many places few are wanted twice.
_NOTES = 1 << 14
# One piece may take this share of the room.
_LARGEST = 16


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_DIGEST).digest()


class Board:
    """
    Pieces by name, of *room* bytes in all.

    >>> board = Board(1 << 16)
    >>> board.put("page 1", b"some bytes")
    >>> board.get("page 1"), board.get("page 2")
    (b'some bytes', None)
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._pieces = _NEXT.size + _NOTES * _NOTE.size
        self._memory = mmap.mmap(-1, self._pieces + room)
        self._threads = threading.Lock()

    def put(self, name: str, piece: bytes) -> None:
        """Leave a piece, if it is not too large."""
        if len(piece) > self._room // _LARGEST:
            return
        whose = _digest(name.encode())
        with self._threads:
            begin = _NEXT.unpack_from(self._memory)[0] % self._room
            if begin + len(piece) > self._room:
                begin = 0
            _NEXT.pack_into(self._memory, 0, begin + len(piece))
            self._memory[self._pieces + begin : self._pieces + begin + len(piece)] = piece
            _NOTE.pack_into(self._memory, self._note(whose), whose, _digest(piece), begin, len(piece))

    def get(self, name: str) -> bytes | None:
        """Return the piece of this name, if it is there whole."""
        whose = _digest(name.encode())
        owner, digest, begin, length = _NOTE.unpack_from(self._memory, self._note(whose))
        if owner != whose:
            return None
        piece = self._memory[self._pieces + begin : self._pieces + begin + length]
        return piece if _digest(piece) == digest else None

    @staticmethod
    def _note(whose: bytes) -> int:
        return _NEXT.size + int.from_bytes(whose[:4], "little") % _NOTES * _NOTE.size
