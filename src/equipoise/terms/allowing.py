"""
Whether words that allow something set terms: with some, who does not keep them may be kept out; with none, nothing is
asked of anybody.
"""

from __future__ import annotations

import re

TERMS = re.compile(
    r"\b(?:only|if|provided|except|excluding|unless|must|should|but|other than|as long as|limited|maximum|up to"
    r"|stable|those|no|not|without|less|more|at least)\b|[<>≤≥=]"
    r"|\d\s*(?:%|percent|m?c?g\b|hours?|days?|weeks?|months?|years?)",
    re.IGNORECASE,
)
# What part of something is allowed, for what or when: who has another part of it may be kept out.
_PART = re.compile(
    r"\b(?:after|before|following|within|until|during|when|while|as|for|to|in|on|from|by|at|due|secondary|per|who|that"
    r"|controlled|uncomplicated|asymptomatic|local|locali[sz]ed|limited|palliative|\w+-dose|\w+-term|low|mild|small"
    r"|topical|inhaled|intranasal|oral|standard|selected|replacement|one|two|single|first|second|emergency|complete"
    r"|partial|definitive|primary|adjuvant|neo-?adjuvant|(?!approved|registered|licensed|marketed|allowed|permitted"
    r"|related|based|antiretroviral)\w+ed)\b",
    re.IGNORECASE,
)
_ALLOWED = re.compile(r"[^.;]*\b(?:allowed|permitted|acceptable|permissible)\W*", re.IGNORECASE)
_PAST = re.compile(r"\W*(?:[\w /-]{1,40}:\s*)?(?:any )?(?:prior|previous|past|earlier)\b", re.IGNORECASE)


def allows_whole(text: str) -> bool:
    """
    Return whether no word says on what terms, or which part of what it names, a text allows.

    >>> allows_whole("Prior aspirin or its like is allowed"), allows_whole("Topical steroids for eczema allowed")
    (True, False)
    """
    return TERMS.search(text) is None and _PART.search(text) is None


def allows_the_past(text: str) -> bool:
    """
    Return whether a text says that what was before is allowed, whatever it was: everybody fulfils that.

    >>> allows_the_past("Prior therapy with all licensed drugs is allowed"), allows_the_past("Prior surgery")
    (True, False)
    """
    said = text.replace("e.g.", "").strip()
    return _PAST.match(said) is not None and _ALLOWED.fullmatch(said) is not None and allows_whole(said)
