"""Procedures that a patient is in the midst of, for as long as they last: stays, and care."""

from __future__ import annotations

from equipoise.rules.names import Names

# Days after which nobody is taken to be in hospital still.
LONGEST = 14
_STAYS = ("hospitalization", "icu admission", "institutionalization")
# What goes on until it ends, however long: who was ventilated last year is not known to be ventilated.
_CARE = (
    "arterial line", "central venous catheter", "chest tube", "contraception", "dialysis",
    "effective contraception", "epidural catheter",
    "extracorporeal membrane oxygenation", "intermittent catheterization", "nasogastric tube",
    "noninvasive ventilation", "oxygen therapy", "parenteral nutrition", "peg tube", "tracheostomy", "tube feeding",
    "urinary catheter", "venous catheter", "ventilatory support",
)  # fmt: skip


def is_stay(name: str, names: Names) -> bool:
    """Return whether a procedure is a stay, in a hospital or a home."""
    return any(names.is_a(name, one) for one in _STAYS)


def is_care(name: str, names: Names) -> bool:
    """Return whether a procedure is care that lasts."""
    return any(names.is_a(name, one) for one in _CARE)
