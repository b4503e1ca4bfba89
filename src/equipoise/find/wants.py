"""
What a patient asks a library for: the words of the record that tell, and the problems that it names.

Each word and problem has a weight. What the record denies, says of a relative, or only plans is no problem of the
patient, and its words are left out. Words inside the name of a problem weigh more than those around it, and what a
note begins with, its reason, more than what it ends with. A problem brings the words of its usual name along:
a note's *HTN* finds *hypertension*.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

import msgspec

from equipoise.notes.sentences import sentences
from equipoise.records.patient import Fact, FactKind, Patient
from equipoise.store.index import words
from equipoise.terms.untelling import NOTE_WORDS, UNTELLING

# What a kind of fact says of what a patient needs a study for. What is measured is answered, and not looked for.
_KINDS: dict[FactKind, float] = {"condition": 1.0, "variant": 0.6, "drug": 0.4, "procedure": 0.3}
_OWN = frozenset(("present", "historical", "possible"))
_DENIED = frozenset(("absent", "family"))
# What a problem of the first sentence weighs, a past one, and a word in a problem's name.
_FIRST, _PAST, _NAMED = 2.0, 0.8, 1.5

_WORD = re.compile(r"\w+")
_SHORTEST = 3


class Wants(msgspec.Struct, frozen=True):
    """Words, as the index knows them, and problems by name, each with its weight."""

    words: dict[str, float]
    problems: dict[str, float]


def read_wants(patient: Patient, note: str = "") -> Wants:
    """
    Return what a patient asks for; *note* is the text that the facts were read of, if there is one.

    >>> from equipoise.notes.reader import read_note
    >>> text = "A 64-year-old woman with asthma. No diabetes. Her mother had gout."
    >>> read_wants(read_note(text).patient, text)
    Wants(words={'asthma': 1.5}, problems={'asthma': 2.0})
    """
    facts = [fact for fact in patient.facts if fact.kind in _KINDS and fact.concept is not None]
    own = [fact for fact in facts if fact.assertion in _OWN]
    found = _words(note, own, [fact for fact in patient.facts if fact.assertion in _DENIED])
    for fact in own:
        for word in filter(_telling, words(fact.name)):
            found.setdefault(word, 1.0 if note else _NAMED)
    return Wants(found, _problems(own, _first(note)))


def _first(note: str) -> int:
    """Return where the first sentence of a note ends."""
    return next((end for _, end in sentences(note)), 0)


def _problems(facts: Iterable[Fact], first: int) -> dict[str, float]:
    weights: dict[str, list[float]] = {}
    for fact in facts:
        span = _span(fact)
        weight = _KINDS[fact.kind] * (_PAST if fact.assertion == "historical" else 1.0)
        weights.setdefault(fact.name, []).append(weight * (_FIRST if span is not None and span[0] < first else 1.0))
    return {name: max(several) * (1 + math.log(len(several))) for name, several in weights.items()}


def _span(fact: Fact) -> tuple[int, int] | None:
    return None if fact.source is None else fact.source.span


def _words(note: str, own: Iterable[Fact], denied: Iterable[Fact]) -> dict[str, float]:
    silent, named = bytearray(len(note)), bytearray(len(note))
    for facts, marks in ((denied, silent), (own, named)):
        for start, end in filter(None, map(_span, facts)):
            marks[start:end] = b"\1" * (min(end, len(note)) - start)
    times, best = Counter[str](), dict[str, float]()
    for found in _WORD.finditer(note):
        at = found.start()
        for word in words(found[0]) if not silent[at] else ():
            if _telling(word):
                times[word] += 1
                best[word] = max(best.get(word, 0.0), _NAMED if named[at] else 1.0)
    return {word: best[word] * (1 + math.log(count)) for word, count in times.items()}


def _telling(word: str) -> bool:
    return len(word) >= _SHORTEST and not word.isdigit() and word not in UNTELLING and word not in NOTE_WORDS
