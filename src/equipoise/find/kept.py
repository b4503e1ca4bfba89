"""
What was made last, kept for who asks for it again: within so many bytes, and the oldest goes first.

What is kept of a library is kept under its :func:`serial`, so that nothing made of one edition answers for another.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from itertools import count
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from equipoise.store.library import Library

Value = TypeVar("Value")

# One thing may take this share of the room; a larger one would push out all that is asked for oftener.
_LARGEST = 6

_serials: WeakKeyDictionary[Library, int] = WeakKeyDictionary()
_next = count(1)
_serial_lock = threading.Lock()


def serial(library: Library) -> int:
    """Return a number of this opened edition that none opened later in this process has."""
    with _serial_lock:
        return _serials.setdefault(library, next(_next))


class Kept(Generic[Value]):
    """
    Things by key, of *most* bytes in all; of one with another key nothing is known.

    >>> kept = Kept[str](600)
    >>> for letter in "abcdefg":
    ...     kept.put(letter, letter.upper(), size=100)
    >>> kept.get("a"), kept.get("g"), kept.size
    (None, 'G', 600)
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self._kept: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable) -> Value | None:
        """Return what is kept under *key*, or None."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, value: Value, *, size: int) -> None:
        """Keep something of so many bytes, in place of what is kept under its key, if it is not too large."""
        if size > self.most // _LARGEST:
            return
        with self._lock:
            _, before = self._kept.pop(key, (None, 0))
            self._kept[key] = value, size
            self.size += size - before
            while self.size > self.most:
                _, (_, oldest) = self._kept.popitem(last=False)
                self.size -= oldest
