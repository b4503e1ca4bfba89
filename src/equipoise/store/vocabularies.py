"""The vocabularies that a user added to a library, and the lexicon that knows them."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from functools import lru_cache
from pathlib import Path

import msgspec

from equipoise.errors import LibraryDamaged
from equipoise.store.durable import write_whole
from equipoise.store.editions import Folder
from equipoise.store.lock import take_lock, writing
from equipoise.terms.lexicon import Lexicon, lexicon
from equipoise.terms.vocabulary import Vocabulary

FOLDER = "vocabularies"


def keep_vocabulary(folder: Folder, vocabulary: Vocabulary) -> None:
    """
    Keep a vocabulary in a library; one of the same source is replaced.

    Raises:
        LibraryBusy: another process is writing.
        LibraryError: the folder cannot be written.
    """
    with take_lock(folder), writing(folder.path):
        place = folder.path / FOLDER
        place.mkdir(exist_ok=True)
        packed = gzip.compress(msgspec.json.encode(vocabulary), 6, mtime=0)
        write_whole(place / f"{vocabulary.source}.json.gz", packed)


def vocabularies(folder: Folder) -> list[Vocabulary]:
    """
    Return the vocabularies of a library, by source.

    Raises:
        LibraryDamaged: one of them cannot be read.
    """
    return [_read(path) for path in _files(folder)]


def library_lexicon(folder: Folder) -> Lexicon:
    """
    Return the lexicon that ships, with the vocabularies of a library added.

    Raises:
        LibraryDamaged: one of them cannot be read.
    """
    return _lexicon(_stamped(folder))


def vocabularies_mark(folder: Folder) -> str:
    """
    Return a mark that changes with the vocabularies of a library; it is empty where there are none.

    Raises:
        LibraryDamaged: one of them cannot be read.
    """
    return _mark(_stamped(folder))


@lru_cache(maxsize=16)
def _mark(files: tuple[tuple[Path, int], ...]) -> str:
    digest = hashlib.blake2b(digest_size=6)
    for path, _ in files:
        digest.update(_bytes(path))
    return digest.hexdigest() if files else ""


@lru_cache(maxsize=4)
def _lexicon(files: tuple[tuple[Path, int], ...]) -> Lexicon:
    wider = lexicon()
    for path, _ in files:
        wider = _read(path).added_to(wider)
    return wider


def _files(folder: Folder) -> list[Path]:
    return sorted((folder.path / FOLDER).glob("*.json.gz"))


def _stamped(folder: Folder) -> tuple[tuple[Path, int], ...]:
    """Return the files with the times of their last change: a page asks for them each time it is shown."""
    return tuple((path, path.stat().st_mtime_ns) for path in _files(folder))


def _read(path: Path) -> Vocabulary:
    try:
        return msgspec.json.decode(gzip.decompress(_bytes(path)), type=Vocabulary)
    except (OSError, EOFError, zlib.error, msgspec.DecodeError) as error:
        raise _damaged(path, error) from None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _damaged(path, error) from None


def _damaged(path: Path, error: Exception) -> LibraryDamaged:
    return LibraryDamaged(
        f"The vocabulary cannot be read ({error})",
        where=str(path),
        next="Add it again with `equipoise vocabulary add`, or delete this file.",
    )
