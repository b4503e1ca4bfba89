"""
What kind of study another one is; who is in a registry is not in a drug trial, nor in a similar study.

::

    kind = word ("or"? word)*        # "a drug or device trial", "an investigational therapeutic drug trial"
"""

from __future__ import annotations

from collections.abc import Sequence

_KINDS = {
    "interventional": "interventional", "intervention": "interventional", "investigational": "investigational",
    "therapeutic": "therapeutic", "experimental": "experimental", "drug": "drug", "drugs": "drug",
    "vaccine": "vaccine", "vaccines": "vaccine", "device": "device", "devices": "device", "treatment": "treatment",
    "similar": "similar", "competing": "competing", "randomized": "randomized", "pharmaceutical": "pharmaceutical",
    "medication": "drug", "medications": "drug", "biologic": "biologic",
}  # fmt: skip
_EITHER = frozenset(("or", "and", "/", "and/or"))


def kind_of_study(norms: Sequence[str]) -> tuple[str, ...]:
    """
    Return the words that say what kind of study is meant, as one qualifier.

    >>> kind_of_study("a drug or medical device trial".split()), kind_of_study("another clinical trial".split())
    (('drug or device',), ())
    """
    said: list[str] = []
    either = False
    for norm in norms:
        kind = _KINDS.get(norm)
        either = either or norm in _EITHER
        if kind is not None and (either or kind not in said[-1:]):
            said += ["or", kind] if either and said else [kind]
            either = False
    return (" ".join(said),) if said else ()
