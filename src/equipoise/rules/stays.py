"""Procedures that a patient is in the midst of, for as long as they last: stays, and care."""

from __future__ import annotations

from equipoise.rules.names import Names

# Days after which nobody is taken to be in hospital still, or to need what ends with the need.
LONGEST = 14
_STAYS = ("hospitalization", "icu admission", "institutionalization")
# What goes on until it ends, however long: who was ventilated last year is not known to be ventilated.
_NEEDED = (
    "arterial line", "central venous catheter", "chest tube", "dialysis", "epidural catheter",
    "extracorporeal membrane oxygenation", "nasogastric tube", "noninvasive ventilation", "oxygen therapy",
    "parenteral nutrition", "tube feeding", "urinary catheter", "venous catheter", "ventilatory support",
)  # fmt: skip
# The same of what most keep for years.
_KEPT = ("contraception", "effective contraception", "intermittent catheterization", "peg tube", "tracheostomy")


def is_stay(name: str, names: Names) -> bool:
    """Return whether a procedure is a stay, in a hospital or a home."""
    return any(names.is_a(name, one) for one in _STAYS)


def is_needed(name: str, names: Names) -> bool:
    """Return whether a procedure is care that ends with the need for it."""
    return any(names.is_a(name, one) for one in _NEEDED)


def is_care(name: str, names: Names) -> bool:
    """Return whether a procedure is care that lasts."""
    return is_needed(name, names) or any(names.is_a(name, one) for one in _KEPT)
