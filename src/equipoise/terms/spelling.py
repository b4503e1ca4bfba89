"""
One normal form of words: lower case, US spelling, Greek letters by name, no accents.

Tables are written in it and texts are brought to it, so that haemoglobin, hæmoglobin and Hemoglobin are
one word. A word that the text writes in capitals is known by its capitals too (`equipoise.terms.lexicon`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "κ": "kappa", "λ": "lambda", "µ": "mu"}
_SPECIAL = GREEK | {"μ": "mu", "ω": "omega", "æ": "ae", "œ": "oe", "ß": "ss", "ø": "o", "’": "'", "ʼ": "'"}

# Wherever they stand in a word: nothing else is spelled so.
_ANYWHERE = {
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
    "aetiolog": "etiolog",
    "caecum": "cecum",
    "faec": "fec",
    "enrolment": "enrollment",
}
# At the beginning of a word, whatever follows ("colours", "labouring").
_BEGINNINGS = {"labour": "labor", "colour": "color", "oesoph": "esoph"}
# Whole words and their plurals only: pemetrexed has no meter in it, and what is programmed is no program.
_WHOLE = {
    "centre": "center",
    "multicentre": "multicenter",
    "fibre": "fiber",
    "neurone": "neuron",
    "programme": "program",
    "licence": "license",
    **{f"{prefix}litre": f"{prefix}liter" for prefix in ("", "milli", "micro", "deci", "centi")},
    **{f"{prefix}metre": f"{prefix}meter" for prefix in ("", "milli", "micro", "centi", "kilo", "nano")},
}
_OTHER = {"centred": "centered", "licenced": "licensed"}


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_US = _ANYWHERE | _BEGINNINGS | _WHOLE | _OTHER
# "Gastrooesophageal" has the British word behind an o; "gastroesophageal" only looks as if it had. Angioedema
# is written so on both sides of the ocean.
_BRITISH = re.compile(
    rf"(?<!angi)(?:{_any_of(_ANYWHERE)})|\b(?:{_any_of(_BEGINNINGS)})|(?<=o)oesoph"
    rf"|\b(?:{_any_of(_WHOLE)})(?=s?\b)|\b(?:{_any_of(_OTHER)})\b"
)
# What no British spelling lacks: most words have none of these, and no rule is tried on them.
BRITISH_SIGNS = ("ae", "oe", "our", "ulph", "rolment", "entre", "ibre", "rone", "ramme", "cence", "litre", "metre")
# Words in -ise have a Z in America, save those in which it belongs to the stem (advise, exercise, compromise).
_WITH_S = (
    "adv|superv|[a-z]*comprom|rev|exerc|prom|surpr|desp|dev|prem|(?:app|up|disp|p|b)?ra|no|bru|compr|rem|exc|inc"
    "|circumc|prec|advert|telev|improv|disgu|po|cru|chast|franch|merchand|exorc|appr|dem|lia|(?:a|up)?r"
)
_ISED = re.compile(rf"\b(?!(?:un|non|re)?(?:{_WITH_S})is)([a-z]{{2,}}[a-z])is(?=(?:ed|ing|ations?|ational)\b)")


class _Spelled(dict[str, str]):
    """A word in US spelling. The rules see one word at a time, and a load brings them the same ones all day."""

    def __missing__(self, word: str) -> str:
        found = word
        for sign in BRITISH_SIGNS:
            if sign in word:
                found = _BRITISH.sub(lambda found: _US[found[0]], word)
                break
        # What the rule asks for last, looked for first: it is slow.
        if "ised" in found or "ising" in found or "isation" in found:
            found = _ISED.sub(r"\1iz", found)
        if len(word) <= _LONGEST and len(self) < _KNOWN:
            self[word] = found
        return found


_LONGEST, _KNOWN = 40, 60_000
_spelled = _Spelled()


# The way back: what a British writer may have written for a word in its normal form.
_UK = {us: uk for uk, us in (_ANYWHERE | _BEGINNINGS | _WHOLE).items()}
_AMERICAN = re.compile(
    rf"{_any_of(set(_ANYWHERE.values()))}|\b(?:{_any_of(set(_BEGINNINGS.values()))}|esoph)"
    rf"|\b(?:{_any_of(set(_WHOLE.values()))})(?=s?\b)"
)
_IZED = re.compile(r"(?<=[a-z]{3})iz(?=(?:ed|es?|ing|ations?|ational)\b)")


def british(text: str) -> str:
    """
    Return text in its normal form as a British writer may spell it; what nobody writes so finds nothing.

    >>> british("hemoglobin"), british("esophageal tumor"), british("randomized")
    ('haemoglobin', 'oesophageal tumour', 'randomised')
    """
    return _IZED.sub("is", _AMERICAN.sub(lambda found: _UK.get(found[0], found[0]), text))


def normal(text: str) -> str:
    """
    Return *text* in the form in which words are compared; a hyphen becomes a space.

    >>> normal("Haemoglobin"), normal("TNF-α"), normal("ischæmia"), normal("hospitalised"), normal("compromised")
    ('hemoglobin', 'tnf alpha', 'ischemia', 'hospitalized', 'compromised')

    What only looks British stays as it is.

    >>> normal("Oesophagus"), normal("gastro-oesophageal"), normal("gastroesophageal"), normal("pemetrexed")
    ('esophagus', 'gastro esophageal', 'gastroesophageal', 'pemetrexed')
    >>> normal("risedronate"), normal("programmed"), normal("programmes"), normal("millilitres")
    ('risedronate', 'programmed', 'programs', 'milliliters')
    """
    text = text.lower()
    if not text.isascii():
        text = "".join(_SPECIAL.get(mark, mark) for mark in text)
        text = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    if "-" in text:
        text = text.replace("-", " ")
    if " " in text:
        return " ".join([_spelled[word] for word in text.split(" ")]).strip()
    return _spelled[text].strip()
