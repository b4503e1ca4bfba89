"""
Which alteration of a gene answers for which.

"EGFR" alone asks for any alteration. "Mutation" is any change of the sequence, which an amplification or a
fusion is not known to be. "Wild type" is that there is none.
"""

from __future__ import annotations

import re

from equipoise.terms.spelling import normal

_ANY = frozenset({"", "alteration", "altered", "positive", "aberration", "abnormality", "variant", "any"})
_PLURAL = re.compile(
    r"\b(alteration|aberration|abnormalit|variant|mutation|fusion|rearrangement|amplification|translocation|deletion)"
    r"(?:s|ies)\b"
)
_CODON = re.compile(r"[a-z]\d+")
_MUTATION = frozenset({"mutation", "mutated", "mutant", "mutations", "pathogenic variant", "pathogenic mutation"})
_NONE = frozenset({"wild type", "wildtype", "wt", "negative", "unmutated", "non mutated"})
# Changes of number or place, not of sequence. "Fusion" and "rearrangement" are reported for one another, but
# not every rearrangement is a fusion: neither answers for the other.
_STRUCTURAL = ("amplif", "fusion", "rearrang", "transloc", "express", "loss", "delet", "copy", "gain", "methyl")


def _form(alteration: str | None) -> str:
    form = _PLURAL.sub(lambda found: found[1] + ("y" if found[1].endswith("it") else ""), normal(alteration or ""))
    # "L858R mutation" is L858R.
    named = form.removesuffix(" mutation").removesuffix(" variant")
    return named if any(letter.isdigit() for letter in named) else form


def _is_mutation(form: str) -> bool:
    """Return whether an alteration is one of the sequence; an exon's deletion is."""
    return "exon" in form or not any(word in form for word in _STRUCTURAL)


def alters(asked: str | None, found: str | None) -> bool | None:
    """
    Return whether a finding of one alteration answers for the one that is asked for.

    >>> alters(None, "L858R"), alters("mutation", "L858R"), alters("L858R", "exon 19 deletion")
    (True, True, None)
    >>> alters("L858R", "wild type"), alters("wild type", "L858R"), alters("mutation", "amplification")
    (False, False, None)
    """
    asked, found = _form(asked), _form(found)
    if asked in _NONE or found in _NONE:
        return asked in _NONE and found in _NONE
    if asked == found or asked in _ANY or (_CODON.fullmatch(asked) and found[:-1] == asked):
        return True  # V600E is one of V600
    if asked in _MUTATION and found not in _ANY and _is_mutation(found):
        return True
    return None


def unaltered(asked: str | None, denied: str | None) -> bool | None:
    """
    Return what the absence of one alteration says on the one that is asked for.

    >>> unaltered("L858R", None), unaltered("wild type", None), unaltered("L858R", "T790M"), unaltered(None, "L858R")
    (False, True, None, None)
    """
    asked, denied = _form(asked), _form(denied)
    if denied in _NONE:
        return False if asked in _NONE else None
    if asked in _NONE:
        return True if denied in _ANY | _MUTATION else None
    if asked == denied or denied in _ANY:
        return False
    if denied in _MUTATION and asked not in _ANY and _is_mutation(asked):
        return False
    return None
