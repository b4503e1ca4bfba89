"""A worker gives back what it has let go of, and goes on where the system's library cannot do that."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from equipoise.app import heap


def tended(library: object, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Tend the heap for a while, without pause, with this in place of the system's library."""
    monkeypatch.setattr(heap, "_library", lambda: library)
    monkeypatch.setattr(heap, "_PAUSE", 0)

    async def tend() -> None:
        await asyncio.wait_for(heap.tend_heap(), seconds)

    # In a thread of its own: a browser that other tests have open runs a loop in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, tend()).result()


def test_memory_is_given_back_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the worker ends."""
    given: list[int] = []
    with pytest.raises(TimeoutError):
        tended(SimpleNamespace(malloc_trim=given.append), monkeypatch, 0.3)
    assert len(given) > 1
    assert set(given) == {0}


def test_a_library_that_cannot_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is tended, and nothing is said: neither there nor when the heap is to be shared."""
    tended(SimpleNamespace(), monkeypatch, 5)
    tended(None, monkeypatch, 5)
    heap.share_heap()
