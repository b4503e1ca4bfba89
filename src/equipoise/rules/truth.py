"""
Kleene's algebra: met, not met, unknown.

``None`` is unknown, as NULL is in SQL. An answer is known only where it comes out the same however the unknown
parts turn out.
"""

from __future__ import annotations

from collections.abc import Iterable


def not_(truth: bool | None) -> bool | None:
    """Return the opposite; the opposite of unknown is unknown.

    >>> not_(True), not_(False), not_(None)
    (False, True, None)
    """
    return None if truth is None else not truth


def all_(truths: Iterable[bool | None]) -> bool | None:
    """Return whether every one holds; one that does not settles it, and none at all hold.

    >>> all_([True, True]), all_([True, None]), all_([None, False]), all_([])
    (True, None, False, True)
    """
    seen = set(truths)
    if False in seen:
        return False
    return None if None in seen else True


def any_(truths: Iterable[bool | None]) -> bool | None:
    """Return whether one holds; one that does settles it.

    >>> any_([False, True, None]), any_([False, None]), any_([])
    (True, None, False)
    """
    seen = set(truths)
    if True in seen:
        return True
    return None if None in seen else False


def at_least(count: int, truths: Iterable[bool | None]) -> bool | None:
    """Return whether *count* or more hold, however the unknown ones turn out.

    >>> at_least(2, [True, True, None]), at_least(2, [True, None, False]), at_least(2, [True, False, False])
    (True, None, False)
    """
    seen = list(truths)
    if seen.count(True) >= count:
        return True
    return None if seen.count(True) + seen.count(None) >= count else False


def unless(rule: bool | None, exception: bool | None) -> bool | None:
    """Return whether the rule holds and the exception does not.

    >>> unless(True, False), unless(True, True), unless(False, None), unless(True, None)
    (True, False, False, None)
    """
    return all_((rule, not_(exception)))


def agreed(truths: Iterable[bool | None]) -> bool | None:
    """Return the one answer that all give; unknown where they differ or there is none.

    >>> agreed([True, True]), agreed([True, False]), agreed([])
    (True, None, None)
    """
    seen = set(truths)
    return seen.pop() if len(seen) == 1 else None
