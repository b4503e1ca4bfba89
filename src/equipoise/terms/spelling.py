"""
One normal form of words: lower case, US spelling, Greek letters by name, no accents.

Tables are written in it and texts are brought to it, so that haemoglobin, hæmoglobin and Hemoglobin are
one word. A word that the text writes in capitals is known by its capitals too (`equipoise.terms.lexicon`).
"""

from __future__ import annotations

import re
import unicodedata

_GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "κ": "kappa", "λ": "lambda", "µ": "mu"}
_SPECIAL = _GREEK | {"μ": "mu", "ω": "omega", "æ": "ae", "œ": "oe", "ß": "ss", "ø": "o", "’": "'", "ʼ": "'"}

_US = {
    "haem": "hem",
    "oedema": "edema",
    "tumour": "tumor",
    "leukaem": "leukem",
    "anaem": "anem",
    "oestr": "estr",
    "paed": "ped",
    "pnoea": "pnea",
    "coeliac": "celiac",
    "anaesth": "anesth",
    "sulph": "sulf",
    "behaviour": "behavior",
    "aemi": "emi",
    "rrhoea": "rrhea",
    "foet": "fet",
    "gynaec": "gynec",
    "caesar": "cesar",
    "isation": "ization",
    "ised": "ized",
    "ising": "izing",
    "aetiolog": "etiolog",
    "caecum": "cecum",
    "faec": "fec",
    "labour": "labor",
    "centre": "center",
    "fibre": "fiber",
    "litre": "liter",
    "metre": "meter",
    "colour": "color",
    "neurone": "neuron",
    "programme": "program",
    "licence": "license",
    "orthopaed": "orthoped",
    "hypoglycaem": "hypoglycem",
    "uraem": "urem",
    "oesoph": "esoph",
    "enrolment": "enrollment",
}
_BRITISH = re.compile("|".join(sorted(_US, key=len, reverse=True)))
# Words that end in -ised, -ising without a Z in America, and others that only look British.
_AS_THEY_ARE = re.compile(
    r"(?:adv|superv|comprom|rev|exerc|prom|surpr|desp|dev|prem|ra|no|bru|lacera|immunocomprom|pra|dispra|comp?r|rem|exc|anised)is(?:ed|ing)"
    r"|(?:ar|r|upr)ising|antiseptic|toetal"
)


def normal(text: str) -> str:
    """
    Return *text* in the form in which words are compared; a hyphen becomes a space.

    >>> normal("Haemoglobin"), normal("TNF-α"), normal("ischæmia"), normal("hospitalised"), normal("compromised")
    ('hemoglobin', 'tnf alpha', 'ischemia', 'hospitalized', 'compromised')
    """
    text = text.lower()
    if not text.isascii():
        text = "".join(_SPECIAL.get(mark, mark) for mark in text)
        text = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    if "-" in text:
        text = text.replace("-", " ")
    if _BRITISH.search(text) and not _AS_THEY_ARE.search(text):
        text = _BRITISH.sub(lambda found: _US[found[0]], text)
    return text.strip()
