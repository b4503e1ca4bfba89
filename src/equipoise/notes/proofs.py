"""
What proved an infection, around its name in a sentence.

::

    proof = infection test … "positive"                       # "SARS-CoV-2 PCR was positive"
          | "positive" test "for" infection | "tested positive for" infection
          | infection … "confirmed by" test                   # "COVID-19 confirmed by RT-PCR"
"""

from __future__ import annotations

import re

_METHOD = r"(?:rt[- ]?)?(?P<{0}>pcr|polymerase chain reaction|naat|antigen|nucleic acid|swab|tests?\b)"
_MORE = r"(?:\s(?:tests?|testing|assay|swab))?"
_IS = r"(?:was|is|were|came|back|returned|also|result|results|again|on|admission)"
_BEHIND = re.compile(
    rf"^\s?(?:\([^()]{{1,20}}\)\s?)?(?:(?:virus|infection|rapid)\s)?{_METHOD.format('a')}{_MORE}\s"
    rf"(?:{_IS}\s){{0,4}}(?:positive|detected)\b"
    r"|^[^.;,]{0,20}?\b(?:confirmed|proven|diagnosed|documented|verified)\s(?:by|via|with|on|through|using)\s"
    rf"(?:\w+\s){{0,3}}?{_METHOD.format('b')}{_MORE}",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"\bpositive\s(?:\w+\s){{0,2}}?{_METHOD.format('a')}{_MORE}\s(?:for|of)\s(?:the\s)?$"
    rf"|{_METHOD.format('b')}{_MORE}\s(?:\w+\s){{0,2}}positive for\s$"
    r"|\btest(?:ed|s|ing)?\s(?P<c>positive)\sfor\s$",
    re.IGNORECASE,
)
# "SARS-CoV-2 PCR" is a name of the infection where it was positive.
_NAMED = re.compile(r"\s(?:rt[- ]?)?(?:pcr|antigen|naat|tests?)$", re.IGNORECASE)
_NAMES = {"polymerase chain reaction": "pcr", "naat": "pcr", "nucleic acid": "pcr"}


def proof_around(before: str, name: str, after: str) -> tuple[str, ...]:
    """
    Return what proved an infection, as a qualifier of it, by its name and the words around that.

    >>> proof_around("", "SARS-CoV-2", " RT-PCR was positive."), proof_around("", "COVID-19", " pneumonia")
    (('positive pcr',), ())
    """
    named = _NAMED.search(name)
    found = _BEHIND.search(named[0] + after if named is not None else after) or _BEFORE.search(before)
    if found is None:
        return ()
    test = next(word.lower() for word in found.groups() if word)
    method = _NAMES.get(test, test)
    return (f"positive {method if method in ('pcr', 'antigen') else 'test'}",)
