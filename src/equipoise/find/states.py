"""One patient against every compiled study of a library at once, by column."""

from __future__ import annotations

import gc
import threading
from weakref import WeakKeyDictionary

from equipoise.find.compiled import is_current, lexicon_of
from equipoise.matching.columns import States, screen_all
from equipoise.matching.index import RuleIndex
from equipoise.records.moments import Moment
from equipoise.records.patient import Patient
from equipoise.store.library import Library

_indexes: WeakKeyDictionary[Library, RuleIndex] = WeakKeyDictionary()
_making = threading.Lock()


def rule_index(library: Library) -> RuleIndex:
    """Return the rules of an edition as patients are put to them; making it takes a second or two for the registry."""
    with _making:
        if library not in _indexes:
            _indexes[library] = RuleIndex(library.rules.arrays, library.rules.words, lexicon=lexicon_of(library))
            # It lives as long as its edition, and goes with it without the collector: nothing in it refers to itself.
            # Looking through it for garbage at each patient takes a tenth of the time.
            gc.collect()
            gc.freeze()
        return _indexes[library]


def read_states(library: Library, patient: Patient, *, at: Moment) -> States | None:
    """
    Return how a patient, seen at a moment, stands to every criterion of the studies whose rules are in columns.

    None where this version's compiler, with the library's vocabularies, would read other rules: until they are compiled
    anew, criteria are answered one by one.
    """
    return screen_all(rule_index(library), patient, at=at) if is_current(library) else None
