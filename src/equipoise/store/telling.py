"""
What related studies need of each study, so that none of their records is read: what it names, and its telling words.

In an edition's folder ``telling``: ``rows.npy``, a row a study in MessagePack, in the order of the columns;
``ends.npy``, where each one's row ends. Both are mapped. A word is kept as four bytes of a digest: of two words among
four thousand million that have the same, one may be taken for the other.
"""

from __future__ import annotations

import tempfile
import zlib
from array import array
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import IO

import msgspec
import numpy as np

from equipoise.errors import LibraryDamaged
from equipoise.records.study import Study
from equipoise.store.columns import Array
from equipoise.store.index import words
from equipoise.store.packed import PackedRows
from equipoise.store.topics import Naming, read_naming
from equipoise.terms.untelling import UNTELLING

# Grows by one when rows hold something else; an edition that has others is made anew.
TELLING = 1

# How often a word of the title counts where one of the criteria counts once.
_TITLE, _SUMMARY = 3, 2
# Who may join is said at the beginning; a text of a hundred thousand characters says no more.
_CRITERIA = 8_000
_BYTE = 255
_LONGEST, _KNOWN = 60, 250_000
_DIGEST = np.dtype("<u4")


class Telling(msgspec.Struct, frozen=True, array_like=True):
    """
    What related studies need of one.

    ``digests``: of its telling words, four bytes each; ``times``: a byte a word, how often it counts; ``often``: by the
    word's place, those that count oftener than a byte can tell.
    """

    naming: Naming
    digests: bytes
    times: bytes
    often: dict[int, int] = {}

    def __len__(self) -> int:
        """Return how many different telling words the study has."""
        return len(self.times)


def count_words(tellings: Sequence[Telling], wanted: Array) -> Array:
    """
    Return how often words count in each study: a row a study, a column a digest of those *wanted*,
    of which there is one at least, and which rise.

    >>> sepsis = read_telling(Study(number="NCT99000000", title="Anakinra for severe sepsis", summary="In sepsis."))
    >>> count_words([sepsis], np.array([digest_of("sepsi")], np.uint32)).tolist()
    [[5]]
    """
    # All studies at a time: one by one, most of the time would go into the calls.
    digests = np.frombuffer(b"".join(one.digests for one in tellings), _DIGEST)
    times = np.frombuffer(b"".join(one.times for one in tellings), np.uint8)
    ends = np.cumsum([len(one) for one in tellings])
    places = np.minimum(np.searchsorted(wanted, digests), len(wanted) - 1)
    found = np.flatnonzero(wanted[places] == digests)
    counted = np.zeros((len(tellings), len(wanted)), np.int64)
    counted[np.searchsorted(ends, found, side="right"), places[found]] = times[found]
    for row, one in enumerate(tellings):
        for place, often in one.often.items():
            begin = ends[row] - len(one)
            if wanted[places[begin + place]] == digests[begin + place]:
                counted[row, places[begin + place]] = often
    return counted


def digest_of(word: str) -> int:
    """Return the number that a word is kept as."""
    return zlib.crc32(word.encode())


def is_telling(word: str) -> bool:
    """Return whether a word, as the index knows it, says anything of what a study is about."""
    return len(word) > 2 and word not in UNTELLING and not word.isdigit()


def telling_texts(study: Study) -> tuple[str, str, str]:
    """Return the texts that words are taken from: titles and topics, summary, criteria."""
    named = [study.title, study.official_title, *study.conditions, *study.keywords]
    named += [name for one in study.interventions for name in (one.name, *one.other_names)]
    criteria = study.eligibility.eligibility_criteria or ""
    return "\n".join(filter(None, named)), study.summary or "", criteria[:_CRITERIA]


class _Digests(dict[str, tuple[int, ...]]):
    """The digests of the telling words in what stands between two spaces. A load asks for the same ones all day."""

    def __missing__(self, token: str) -> tuple[int, ...]:
        found = tuple(digest_of(word) for word in words(token) if is_telling(word))
        if len(token) <= _LONGEST and len(self) < _KNOWN:
            self[token] = found
        return found


_digests = _Digests()


def read_telling(study: Study, naming: Naming | None = None) -> Telling:
    """
    Return what related studies need of a study; *naming* is what it names, where that was read.

    >>> found = read_telling(Study(number="NCT99000000", title="Anakinra for severe sepsis", summary="In sepsis."))
    >>> len(found), list(found.times)
    (2, [3, 5])
    """
    named, summary, criteria = telling_texts(study)
    tokens = named.split() * _TITLE + summary.split() * _SUMMARY + criteria.split()
    # Counted token by token, then by the words in each: most tokens come several times.
    counted = Counter(chain.from_iterable(map(_digests.__getitem__, tokens)))
    often = {place: times for place, times in enumerate(counted.values()) if times > _BYTE}
    times = [min(times, _BYTE) for times in counted.values()] if often else counted.values()
    digests = np.fromiter(counted, _DIGEST, len(counted)).tobytes()
    return Telling(naming or read_naming(study)[0], digests, bytes(times), often)


class Tellings:
    """The rows of an edition."""

    def __init__(self, rows: PackedRows, where: Path | None = None) -> None:
        self.rows = rows
        self._where = where
        self._decode = msgspec.msgpack.Decoder(Telling).decode

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, row: int) -> Telling:
        """Return the row of a study.

        Raises:
            LibraryDamaged: it is not what was written.
        """
        try:
            return self._decode(self.rows[row])
        except (msgspec.DecodeError, ValueError) as error:
            raise LibraryDamaged(
                f"What related studies need of the study in row {row} cannot be read ({error})",
                where=str(self._where),
                next="`equipoise library rebuild` makes it again from the documents, which stay untouched.",
            ) from None

    @classmethod
    def open(cls, folder: Path) -> Tellings:
        """Map the rows in *folder*.

        Raises:
            OSError, ValueError: a file is missing or broken.
        """
        return cls(PackedRows.open(folder), folder)

    @classmethod
    def none(cls) -> Tellings:
        """Return no rows."""
        return cls(PackedRows.of(()))


class TellingBuilder:
    """
    Gathers the rows of the studies that an edition changes, and sets them among those of the edition *before*.

    They wait in a file without a name, in the edition's folder: those of a whole registry would fill the memory.
    """

    def __init__(self, before: tuple[Tellings, Array], place: Path) -> None:
        self._old, self._old_numbers = before
        self._numbers = array("I")
        self._ends = array("Q")
        self._size = 0
        self._file: IO[bytes] = tempfile.TemporaryFile(dir=place)  # noqa: SIM115 - closed by `close`
        self._encode = msgspec.msgpack.Encoder().encode

    def add(self, study: Study, naming: Naming, number: int) -> None:
        """Add the row of a study under its number code; a later row replaces an earlier."""
        row = self._encode(read_telling(study, naming))
        self._size += self._file.write(row)
        self._numbers.append(number)
        self._ends.append(self._size)

    def close(self) -> None:
        """Let go of the rows."""
        # What still waits to be written need not be: a full disk has said so before, and nothing is lost with it.
        with suppress(OSError):
            self._file.close()

    def save(self, folder: Path, numbers: Array) -> None:
        """Write the rows of the studies with these *numbers*, in this order, into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        self._file.flush()
        fresh = np.memmap(self._file, np.uint8, "r") if self._size else np.zeros(0, np.uint8)
        parts = (self._old.rows, PackedRows(np.array(self._ends, np.uint64), np.asarray(fresh)))
        PackedRows.save_picked(folder, parts, *self._sources(numbers))

    def _sources(self, numbers: Array) -> tuple[Array, Array]:
        """Return for each study whether its row is fresh, and which row among the fresh or the old it is."""
        fresh = np.array(self._numbers, np.uint32)
        order = np.argsort(fresh, kind="stable")
        place = np.searchsorted(fresh[order], numbers, side="right") - 1
        is_fresh = np.zeros(len(numbers), bool)
        if len(fresh):
            is_fresh = (place >= 0) & (fresh[order][place] == numbers)
        row = np.searchsorted(self._old_numbers, numbers)
        row[is_fresh] = order[place[is_fresh]]
        return is_fresh.astype(np.int64), row
