"""
Compile the eligibility texts of a library, in several processes where there is enough to do.

A worker is a process of this module's own, which reads batches of texts and answers with what they
compile to. It ends when its input does, so none outlives the load that started it.
"""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from functools import cached_property
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from typing import IO

import msgspec

from equipoise.criteria.records import COMPILER, Criterion
from equipoise.matching.agreement import agreement_asked
from equipoise.rules.nodes import from_json
from equipoise.sources.ctgov import read_study
from equipoise.store.compiled import CompiledText
from equipoise.store.compiling import Compiling, Watch, ignore
from equipoise.store.demands import mark_of, read_literals
from equipoise.store.editions import Folder
from equipoise.store.rule_columns import Answered
from equipoise.store.vocabularies import library_lexicon, vocabularies_mark
from equipoise.terms.lexicon import Lexicon

# Texts that are compiled in this process: starting others takes as long.
FEW = 100
# Texts that go to a worker at once: a few hundred criteria, some 0.2 s of work.
_BATCH = 20
# Batches that wait for each worker, so that none stands idle; more would only take memory.
_AHEAD = 3

_SIZE = struct.Struct("<Q")


def pack(criteria: Iterable[Criterion]) -> bytes:
    """Return criteria as they are stored: without their text, which their spans give."""
    rows = [{name: value for name, value in one.to_json().items() if name != "text"} for one in criteria]
    return msgspec.msgpack.encode(rows)


def answered_criteria(packed: bytes, text: str) -> Iterator[Answered]:
    """Yield the criteria that are answered, of those that `pack` packed, with what they ask a person."""
    for row in msgspec.msgpack.decode(packed):
        if row["parent"] is None:
            rule = None if row["rule"] is None else from_json(row["rule"])
            yield Answered(row["id"], rule, agreement_asked(rule, row["section"], text[slice(*row["span"])]))


def compile_text(text: str, lexicon: Lexicon | None = None) -> CompiledText:
    """Return what an eligibility text compiles to."""
    # Imported late: a load may have nothing to compile.
    from equipoise.criteria.compile import compile_criteria

    criteria = compile_criteria(text, lexicon=lexicon)
    answered = ((one.section, one.rule) for one in criteria if one.parent is None and one.rule is not None)
    return CompiledText(pack(criteria), tuple(read_literals(answered)))


class Compiler:
    """
    Compiles texts in this process, or in *workers* others where there are more than a few.

    The vocabularies in a library's *folder* are used beside the lexicon that ships.
    """

    def __init__(self, folder: Folder, workers: int | None = None) -> None:
        self._folder = folder
        self._workers = workers if workers is not None else os.cpu_count() or 1

    # Worked out when it is first asked for: by then a load holds the lock, and no vocabulary is added beside it.
    @cached_property
    def mark(self) -> str:
        """By which compiler, and with which vocabularies.

        Raises:
            LibraryDamaged: a vocabulary cannot be read.
        """
        return mark_of(COMPILER, vocabularies_mark(self._folder))

    # The lexicon takes 0.2 s to read, and a load may have nothing to compile.
    @cached_property
    def _lexicon(self) -> Lexicon:
        return library_lexicon(self._folder)

    def compile(self, texts: Iterable[tuple[int, str]]) -> Iterator[tuple[int, CompiledText]]:
        """Yield what each text compiles to, with the key that it was given with, in order."""
        rest = iter(texts)
        first = list(islice(rest, FEW))
        if self._workers < 2 or len(first) < FEW:
            for key, text in first:
                yield key, compile_text(text, self._lexicon)
            for key, text in rest:
                yield key, compile_text(text, self._lexicon)
            return
        if vocabularies_mark(self._folder):
            library_lexicon(self._folder)  # one that is damaged is told here, with its name, and not by a worker
        yield from self._in_parallel(first, rest)

    def _in_parallel(
        self, first: list[tuple[int, str]], rest: Iterator[tuple[int, str]]
    ) -> Iterator[tuple[int, CompiledText]]:
        with ExitStack() as stack:
            free: SimpleQueue[_Worker] = SimpleQueue()
            for _ in range(self._workers):
                free.put(stack.enter_context(_Worker(self._folder)))
            threads = stack.enter_context(ThreadPoolExecutor(self._workers))

            def ask(batch: list[tuple[int, str]]) -> list[CompiledText]:
                worker = free.get()
                try:
                    return worker.ask([text for _, text in batch])
                finally:
                    free.put(worker)

            asked: deque[tuple[list[tuple[int, str]], Future[list[CompiledText]]]] = deque()
            for batch in _batches(first, rest):
                asked.append((batch, threads.submit(ask, batch)))
                if len(asked) >= _AHEAD * self._workers:
                    yield from _answers(*asked.popleft())
            while asked:
                yield from _answers(*asked.popleft())


def _batches(first: list[tuple[int, str]], rest: Iterator[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    both = (pair for part in (first, rest) for pair in part)
    return iter(lambda: list(islice(both, _BATCH)), [])


def _answers(batch: list[tuple[int, str]], future: Future[list[CompiledText]]) -> Iterator[tuple[int, CompiledText]]:
    return zip((key for key, _ in batch), future.result(), strict=True)


def _send(stream: IO[bytes], data: bytes) -> None:
    stream.write(_SIZE.pack(len(data)))
    stream.write(data)
    stream.flush()


def _receive(stream: IO[bytes]) -> bytes | None:
    """Return the next message, or None at the end."""
    head = stream.read(_SIZE.size)
    if len(head) < _SIZE.size:
        return None
    (size,) = _SIZE.unpack(head)
    data = stream.read(size)
    return data if len(data) == size else None


class _Worker:
    """One worker; used as a context manager."""

    def __init__(self, folder: Folder) -> None:
        command = [sys.executable, "-m", "equipoise.intake.compile", str(folder.path)]
        # Our own interpreter and module; the library's path is no more than an argument.
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603

    def __enter__(self) -> _Worker:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        with suppress(OSError):  # it may be gone
            self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def ask(self, texts: list[str]) -> list[CompiledText]:
        """Return what these texts compile to.

        Raises:
            OSError: the worker is gone; it was killed, or had no memory.
        """
        assert self._process.stdin is not None and self._process.stdout is not None
        _send(self._process.stdin, msgspec.msgpack.encode(texts))
        answer = _receive(self._process.stdout)
        if answer is None:
            raise OSError("a process that compiles criteria has ended")
        return msgspec.msgpack.decode(answer, type=list[CompiledText])


def work(given: IO[bytes], answers: IO[bytes], folder: Folder) -> None:
    """Answer batches of texts until there are no more."""
    # Ctrl-C reaches all processes of a terminal; the one that reads our answers ends us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while (data := _receive(given)) is not None:
        texts = msgspec.msgpack.decode(data, type=list[str])
        lexicon = library_lexicon(folder)
        _send(answers, msgspec.msgpack.encode([compile_text(text, lexicon) for text in texts]))


def _text(document: bytes) -> str:
    return read_study(document).eligibility.eligibility_criteria or ""


def compiling(path: Path, *, every: bool = False, stored_only: bool = False, watch: Watch = ignore) -> Compiling:
    """Return how a library's criteria are compiled; see :class:`~equipoise.store.compiling.Compiling`."""
    compiler = Compiler(Folder(path))
    return Compiling(compiler, _text, every=every, stored_only=stored_only, read_rules=answered_criteria, watch=watch)


if __name__ == "__main__":
    try:
        work(sys.stdin.buffer, sys.stdout.buffer, Folder(Path(sys.argv[1])))
    except BrokenPipeError:  # the process that asked was killed
        os._exit(1)
