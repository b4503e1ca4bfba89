"""Cut a stream into pieces: a line each where it is JSON lines, else one."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice, pairwise

import msgspec

from equipoise.errors import InputError
from equipoise.intake.limits import LARGEST_PIECE, too_large

_BOM = b"\xef\xbb\xbf"

# So many lines are looked at to tell whether each is a record: one may be blank or broken.
_LOOKED_AT = 20

_CHUNK = 1 << 16


class Piece(msgspec.Struct, frozen=True):
    """One line of JSON lines, or else the content of one file or zip member.

    ``share`` is how much of the given bytes it took; ``line`` is its number, or 0.
    """

    origin: str
    data: bytes
    share: int
    line: int = 0


Known = Callable[[bytes], bool]


class Feed(msgspec.Struct):
    """The unpacked bytes of a file or member; ``taken`` says how many given bytes they took so far."""

    origin: str
    stream: io.BufferedReader
    taken: Callable[[], int]
    share: int = 0

    def next_share(self) -> int:
        """Return how many given bytes were taken since the last call."""
        taken, before = self.taken(), self.share
        self.share = taken
        return taken - before


def cut(feed: Feed, known: Known) -> Iterator[Piece | InputError]:
    """
    Yield the pieces of a stream.

    ``json_lines = (object? line_end)*``, where the first line is a whole object and more
    follows, or one that ends an object is followed by one that begins an object (inside
    JSON, a comma would stand between them); and one of the first is *known* to be a
    record. Names of files tell nothing.
    """
    head = list(_head(feed.stream))
    if _are_lines(head) and any(map(known, head)):
        yield from _lines(feed, chain(head, _rest(feed.stream)))
        return
    data = read_all(feed.stream, head)
    yield Piece(feed.origin, data, feed.next_share()) if data is not None else too_large(feed.origin)


def read_all(stream: io.BufferedReader, head: Iterable[bytes] = ()) -> bytes | None:
    """Return *head* and what else *stream* holds, or None if that is too much to hold."""
    content = io.BytesIO()  # grows in place and gives its bytes without a copy
    for chunk in chain(head, iter(lambda: stream.read(_CHUNK), b"")):
        if content.write(chunk) and content.tell() > LARGEST_PIECE:
            return None
    return content.getvalue()


def _rest(stream: io.BufferedReader) -> Iterator[bytes]:
    """Yield lines, of one that is too long only so much that its length can be told."""
    return iter(lambda: stream.readline(LARGEST_PIECE + 1), b"")


def _head(stream: io.BufferedReader) -> Iterator[bytes]:
    size = 0
    for line in islice(_rest(stream), _LOOKED_AT):
        yield line
        size += len(line)
        if size > LARGEST_PIECE:
            return


def _are_lines(head: list[bytes]) -> bool:
    texts = [text for line in head if (text := line.removeprefix(_BOM).strip())]
    if len(texts) < 2 or not texts[0].startswith(b"{"):
        return False
    follows = any(one.endswith(b"}") and other.startswith(b"{") for one, other in pairwise(texts))
    return follows or _is_whole(texts[0])


def _is_whole(text: bytes) -> bool:
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _lines(feed: Feed, lines: Iterator[bytes]) -> Iterator[Piece | InputError]:
    number, cut_short = 1, False
    for line in lines:
        ended = line.endswith(b"\n")
        if len(line) > LARGEST_PIECE and not ended:
            if not cut_short:
                yield _long_line(f"{feed.origin}, line {number}")
        elif not cut_short and (data := line.removeprefix(_BOM).strip()):
            yield Piece(f"{feed.origin}, line {number}", data, feed.next_share(), number)
        cut_short = not ended
        number += ended


def _long_line(origin: str) -> InputError:
    return InputError(
        f"The line has more than {LARGEST_PIECE // (1 << 20)} MiB",
        where=origin,
        next="No record of a registry is that long. The other lines are read.",
    )
