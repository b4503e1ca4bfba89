"""
Names that the note's other words make another thing: an abbreviation of two, a vaccine, the heading of a test.

::

    other   = "ACS" beside sickle cell disease | "ICD" beside Parkinson's | "TBI" beside the ankle-brachial index
    vaccine = infection in a sentence on vaccination
    label   = infection ":" … "negative"
    part    = "fetal" name | "in" "first pregnancy"
"""

from __future__ import annotations

import re

# In such a note it is something else: acute chest syndrome, impulse control disorder, toe-brachial index.
_OTHER_THING = {
    "ACS": re.compile(r"\bsickle|\bHb\s?S[SC]\b|\bVOC\b|chest syndrome", re.IGNORECASE),
    "ICD": re.compile(
        r"\bimpulse|\bparkinson|\bpramipexole|\bropinirole|\brotigotine|dopamine agonist|\blevodopa|\bsinemet",
        re.IGNORECASE,
    ),
    "TBI": re.compile(r"\bABI\b|brachial|\bRutherford|claudication|\bCLTI\b|\bPAD\b|total body irradiation"),
    "CTX": re.compile(r""),  # cyclophosphamide or ceftriaxone: no note tells
    "GAD": re.compile(r"\bT1DM?\b|type 1 diab|\bislet|GAD\s?65|\bGAD (?:pos|neg|ab)", re.IGNORECASE),
    "DES": re.compile(r"diethylstilb", re.IGNORECASE),
    "MAC": re.compile(r"an[ae]?esthe", re.IGNORECASE),
}
_VACCINE = re.compile(r"\b(?:vaccin\w*|immuni[sz]\w*|vax\w*|UTD|up to date|booster|jab)\b", re.IGNORECASE)
_LABEL = re.compile(
    r"^\s?:\s?[^.;]{0,40}?\b(?:neg(?:ative)?|non-?\s?reactive|indeterminate|not detected|pending|immune|normal)\b",
    re.IGNORECASE,
)
_NOT_OWN = re.compile(r"\b(?:f(?:o)?etal|maternal|paternal|donor|neonatal|newborn)['’]?s?\s+(?:\w+\s)?$", re.IGNORECASE)
_THAT_PREGNANCY = re.compile(r"\b(?:in|during|with|from|after|since|of|her)\s+(?:her\s+|the\s+)?$", re.IGNORECASE)
# A number behind an abbreviation makes it the name of an index: "TBI 0.2".
_INDEX = re.compile(r"^\s?[=:]?\s?\d+\.\d")


def is_another_thing(words: str, text: str) -> bool:
    """
    Return whether an abbreviation is another thing in a note.

    >>> is_another_thing("ACS", "HbSS, ACS twice"), is_another_thing("ACS", "Chest pain, rule out ACS")
    (True, False)
    """
    known = _OTHER_THING.get(words)
    return known is not None and known.search(text) is not None


def is_doubtful(sentence: str, span: tuple[int, int], *, infection: bool) -> bool:
    """
    Return whether the words around a name leave open what it is, or whose.

    >>> is_doubtful("Fetal echo normal", (6, 10), infection=False), is_doubtful("TB: QFT neg", (0, 2), infection=True)
    (True, True)
    """
    start, end = span
    words, before, after = sentence[start:end], sentence[:start], sentence[end:]
    if _NOT_OWN.search(before) or (words.isupper() and _INDEX.match(after)):
        return True
    if words.lower() == "first pregnancy" and _THAT_PREGNANCY.search(before):
        return True
    return infection and (_LABEL.match(after) is not None or _VACCINE.search(sentence) is not None)
