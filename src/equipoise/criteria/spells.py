"""
When "A requiring B" is one thing: who has A, and B for something else, is not meant.

A spell (an infection, a bleeding) is treated by itself. A disease that lasts and a treatment of its own, dialysis of
renal failure say, belong together anyway; surgery, a stay in hospital or steroids may be for anything.
"""

from __future__ import annotations

from collections.abc import Iterable

from equipoise.rules.nodes import Predicate
from equipoise.terms.lexicon import Lexicon

_SPELLS = frozenset(
    (
        "infection", "exacerbation", "bleeding", "hemorrhage", "reaction", "flare", "injury", "fracture", "sepsis",
        "pneumonia", "seizure", "trauma", "wound", "episode", "thrombosis", "embolism", "syncope", "hypotension",
    )
)  # fmt: skip
# What is given for many diseases, so that having it says nothing of this one.
_BROAD = (
    "analgesic", "antibiotic", "antineoplastic agent", "antipsychotic", "chemotherapy", "corticosteroid",
    "hospitalization", "icu admission", "immunosuppressive agent", "intubation", "medication", "opioid",
    "oxygen therapy", "radiotherapy", "surgery", "systemic therapy", "transfusion", "vasopressor",
)  # fmt: skip


def is_spell(rule: Predicate, lexicon: Lexicon) -> bool:
    """Return whether a condition is over when it has been, so that each spell is treated by itself."""
    return not _SPELLS.isdisjoint(rule.name.split()) or lexicon.is_a(rule.name, "infection")


def is_broad(given: Iterable[Predicate], lexicon: Lexicon) -> bool:
    """Return whether one of some treatments is given for many diseases."""
    return any(one.name == broad or lexicon.is_a(one.name, broad) for one in given for broad in _BROAD)
