"""What workers leave for each other is found whole, or not at all."""

from __future__ import annotations

import multiprocessing
import os
import random
import threading

import pytest

from equipoise.app import board as module
from equipoise.app.board import Board


def test_what_was_left_first_goes_first() -> None:
    """A piece that was written over is not there any more; nothing is ever given for another."""
    board, pieces = Board(1_000), {f"page {count}": os.urandom(60) for count in range(40)}
    for name, piece in pieces.items():
        board.put(name, piece)
    found = {name: board.get(name) for name in pieces}
    assert {name for name, piece in found.items() if piece} == {f"page {count}" for count in range(24, 40)}
    assert all(piece in (None, pieces[name]) for name, piece in found.items())


def test_a_piece_left_again_is_the_new_one() -> None:
    """The name has one piece."""
    board = Board(1_000)
    for piece in (b"one", b"two"):
        board.put("page", piece)
    assert board.get("page") == b"two"


def test_a_large_piece_is_not_taken() -> None:
    """It would push out all others."""
    board = Board(1_000)
    board.put("page", b"x" * 63)
    assert board.get("page") is None


def test_pieces_whose_notes_fall_together_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """The later one is there."""
    monkeypatch.setattr(module, "_NOTES", 1)
    board = Board(1_000)
    board.put("one", b"1")
    board.put("two", b"2")
    assert (board.get("one"), board.get("two")) == (None, b"2")


def test_what_is_not_whole_is_not_there() -> None:
    """As when another worker writes at the same time."""
    board = Board(1_000)
    board.put("page", b"some bytes")
    board._memory[board._pieces + 4 : board._pieces + 5] = b"?"
    assert board.get("page") is None


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork")
def test_a_worker_finds_what_another_left() -> None:
    """Also where several write at once: each reads what it says it is, or nothing."""
    board, fork = Board(20_000), multiprocessing.get_context("fork")

    def work(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(4_000):
            name = f"{chance.randrange(40)}"
            piece = board.get(name)
            if piece is not None and piece != name.encode() * 300:
                os._exit(1)
            board.put(name, name.encode() * 300)

    workers = [fork.Process(target=work, args=(seed,)) for seed in range(3)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(60)
    assert [one.exitcode for one in workers] == [0, 0, 0]
    assert any(board.get(f"{count}") for count in range(40))


def test_threads_write_one_after_the_other() -> None:
    """All that they left is there."""
    board = Board(100_000)
    threads = [
        threading.Thread(target=lambda part=part: [board.put(f"{part} {one}", b"x" * 90) for one in range(100)])
        for part in range(4)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    missing = sum(board.get(f"{part} {one}") is None for part in range(4) for one in range(100))
    # Some have their notes in one place.
    assert missing < 20
