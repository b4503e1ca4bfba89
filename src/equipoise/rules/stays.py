"""Procedures that a patient is in the midst of, for as long as they last: stays, and care; and what is over at once."""

from __future__ import annotations

from equipoise.rules.names import Names

# Days after which nobody is taken to be in hospital still, or to need what ends with the need.
LONGEST = 14
# The words by which a fact says that it has not ended.
RUNNING = frozenset({"ongoing", "current", "currently", "active", "continuing"})
_STAYS = ("hospitalization", "icu admission", "institutionalization")
# What goes on until it ends, however long: who was ventilated last year is not known to be ventilated.
_NEEDED = (
    "arterial line", "central venous catheter", "chest tube", "dialysis", "epidural catheter",
    "extracorporeal membrane oxygenation", "nasogastric tube", "noninvasive ventilation", "oxygen therapy",
    "parenteral nutrition", "tube feeding", "urinary catheter", "venous catheter", "ventilatory support",
    "cast", "colostomy", "cpap", "ileostomy", "nephrostomy", "orthodontic treatment", "ostomy",
)  # fmt: skip
# The same of what most keep for years.
_KEPT = (
    "contact lens", "contraception", "denture", "effective contraception", "hearing aid", "infusion pump",
    "insulin pump", "intermittent catheterization", "jejunostomy", "peg tube", "tracheostomy", "wheelchair",
)  # fmt: skip

# Conditions and drugs that are over when they have been; others go on until the record ends them.
_MOMENTARY = (
    "cardiac arrest", "fracture", "myocardial infarction", "seizure", "stroke", "transient ischemic attack", "vaccine",
)  # fmt: skip


def is_stay(name: str, names: Names) -> bool:
    """Return whether a procedure is a stay, in a hospital or a home."""
    return any(names.is_a(name, one) for one in _STAYS)


def is_needed(name: str, names: Names) -> bool:
    """Return whether a procedure is care that ends with the need for it."""
    return any(names.is_a(name, one) for one in _NEEDED)


def is_care(name: str, names: Names) -> bool:
    """Return whether a procedure is care that lasts."""
    return is_needed(name, names) or any(names.is_a(name, one) for one in _KEPT)


def is_momentary(name: str, names: Names) -> bool:
    """Return whether a condition, or a drug, is over when it has been."""
    return any(names.is_a(name, one) for one in _MOMENTARY)
