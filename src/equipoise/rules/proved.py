"""
What proved an infection: "positive PCR", "confirmed by RT-PCR", "laboratory confirmed".

::

    pcr        proves what "test" and "laboratory" ask for
    antigen    likewise
    test       proves neither

A criterion asks for the proof in its own words, and a note states it in others.
"""

from __future__ import annotations

import re
from functools import lru_cache

_PROVES = (
    r"(?:positive|confirmed|confirmation|proven|documented|verified|diagnosed|detected|by|via|with|through|using|on)"
)
_METHODS = (
    ("pcr", r"(?:real time )?(?:reverse transcriptase |rt )?(?:pcr|polymerase chain reaction|naat|nucleic acid)"),
    ("antigen", r"(?:rapid )?antigen"),
    ("test", r"(?:laboratory|lab|swab|molecular)"),
)
_TAIL = r"(?: (?:tests?|testing|assay|results?|swab|confirmed|confirmation|positive))*"
_ASKED = tuple(
    (name, re.compile(rf"(?:{_PROVES} )*(?:(?:an?|the|at least one|nasopharyngeal|nasal|throat) )*{method}{_TAIL}"))
    for name, method in _METHODS
)
_BARE = re.compile(rf"(?:{_PROVES} )+(?:(?:an?|the) )?tests?(?: results?)?|tests? positive|tested positive")


@lru_cache(maxsize=4096)
def proof(said: str) -> str:
    """
    Return the method by which the words of a qualifier, in the form in which they are compared, prove something.

    >>> [proof(one) for one in ("positive rt pcr", "by pcr test", "laboratory confirmed", "positive margin", "by test")]
    ['pcr', 'pcr', 'test', '', 'test']
    """
    found = next((name for name, words in _ASKED if words.fullmatch(said)), "")
    return found or ("test" if _BARE.fullmatch(said) else "")


def proves(stated: str, wanted: str) -> bool:
    """
    Return whether one proof is as good as another, or better.

    >>> proves("pcr", "test"), proves("test", "pcr"), proves("", "test")
    (True, False, False)
    """
    return stated != "" and wanted in (stated, "test")
