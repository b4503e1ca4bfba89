"""
Other names for things that a library's own records teach, as an edition keeps them.

In an edition's folder ``taught``: ``keys.npy``, the digests of the names' keys in order; ``offsets.npy``, where each
name's row ends; ``names.npy``, the rows in MessagePack. All are mapped, so that a server's workers share them, and a
search reads the rows of its own words only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import numpy as np

from equipoise.store.columns import Array
from equipoise.store.packed import PackedRows
from equipoise.terms.naming import name_key

# A name of more words is none that `equipoise.terms.naming` takes.
_LONGEST = 8


class Taught(msgspec.Struct, frozen=True, array_like=True):
    """A name, and how many studies of how many sponsors said that it is one."""

    name: str
    studies: int
    sponsors: int


class Lesson(msgspec.Struct, frozen=True):
    """That ``name`` is another name of ``thing``, and who said so."""

    name: str
    thing: str
    studies: int
    sponsors: int


class Row(msgspec.Struct, frozen=True, array_like=True):
    """What is known of one key: the ``things`` that it is a name of, and the other ``names`` of the thing it is."""

    key: str
    things: tuple[Taught, ...] = ()
    names: tuple[Taught, ...] = ()


def _digest(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little")


class TaughtNames:
    """The names that one edition teaches."""

    def __init__(self, keys: Array, rows: PackedRows) -> None:
        self._keys = keys
        self._rows = rows

    def __len__(self) -> int:
        return len(self._keys)

    def find(self, key: str) -> Row | None:
        """Return what is known of a key (`equipoise.terms.naming.name_key`), or None.

        >>> names = TaughtNames.of([Lesson("Neosar", "cyclophosphamide", 26, 12)])
        >>> names.find("neosar").things[0].name, names.find("aspirin")
        ('cyclophosphamide', None)
        """
        if not len(self._keys):
            return None
        digest = np.uint64(_digest(key))
        place = int(np.searchsorted(self._keys, digest))
        if place == len(self._keys) or self._keys[place] != digest:
            return None
        row = msgspec.msgpack.decode(self._rows[place], type=Row)
        return row if row.key == key else None

    def longest(self, words: Sequence[str], start: int) -> tuple[Row, int] | None:
        """Return what is known of the longest name at *start*, and its length in words."""
        if not len(self._keys):
            return None
        for length in range(min(_LONGEST, len(words) - start), 0, -1):
            row = self.find(name_key(" ".join(words[start : start + length])))
            if row is not None:
                return row, length
        return None

    def save(self, folder: Path) -> None:
        """Write the names into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "keys.npy", self._keys)
        self._rows.save(folder, ends="offsets", rows="names")

    @classmethod
    def open(cls, folder: Path) -> TaughtNames:
        """Map the names in *folder*; there are none where it has no such folder.

        Raises:
            OSError, ValueError: a file is missing or broken.
        """
        if not folder.is_dir():
            return cls.none()
        keys = np.asarray(np.load(folder / "keys.npy", mmap_mode="r", allow_pickle=False))
        return cls(keys, PackedRows.open(folder, ends="offsets", rows="names"))

    @classmethod
    def none(cls) -> TaughtNames:
        """Return no names."""
        return cls(np.zeros(0, np.uint64), PackedRows.of(()))

    @classmethod
    def of(cls, lessons: Iterable[Lesson]) -> TaughtNames:
        """Return the names of these lessons; those that most sponsors and studies say stand first."""
        things: dict[str, list[Taught]] = {}
        names: dict[str, list[Taught]] = {}
        for one in lessons:
            things.setdefault(name_key(one.name), []).append(Taught(one.thing, one.studies, one.sponsors))
            names.setdefault(name_key(one.thing), []).append(Taught(one.name, one.studies, one.sponsors))
        rows = [
            Row(key, tuple(sorted(things.get(key, ()), key=_order)), tuple(sorted(names.get(key, ()), key=_order)))
            for key in things.keys() | names.keys()
        ]
        rows.sort(key=lambda row: (_digest(row.key), row.key))
        keys = np.array([_digest(row.key) for row in rows], np.uint64)
        return cls(keys, PackedRows.of(map(msgspec.msgpack.encode, rows)))


def _order(one: Taught) -> tuple[int, int, str]:
    return -one.sponsors, -one.studies, one.name
