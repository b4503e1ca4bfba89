"""
What a sentence says is over: an infection that was treated, a drug's harm in a bracket, a disease that has resolved.

::

    over   = name (date | ",")* ("resolved" | "in remission" | "excised" | …)
           | infection (date | ",")* ("treated" | "repeat negative" | "SVR") | name ":" "in remission"
    reason = drug "(" name ")" | ("stopped" | "held") ("due to" | "for") name     # what it did then

A disease that lasts is not over because it is treated.
"""

from __future__ import annotations

import re

_DATE = r"(?:(?:in\s|on\s|dx\s|since\s)?(?:[A-Z][a-z]{2,8}\.?\s)?(?:\d{1,2}/)?(?:19|20)\d\d|(?:in\s)[A-Z][a-z]{2,8})"
_GAP = (
    rf"^(?:[^.;,:()\d]{{0,20}}\d{{0,2}},)?\s*[:,(–-]?\s*(?:{_DATE}\s*[,(–-]?\s*)?"
    r"(?:(?:now|since|fully|successfully|completely|was|is|has been|been|currently)\s)*"
)
_RESOLVED = re.compile(
    _GAP + r"(?:resolved|in (?:full |complete |partial |sustained |clinical |deep )*remission|cured|recovered|excised|"
    r"cleared|healed|spontaneously cleared|quiescent)\b(?=\s*(?:[.,;:()/–-]|$)|\s(?:with|after|by|on|in|since|"
    r"without|prior|"
    r"before|spontaneously|completely|now|following|(?:19|20)\d\d|\d))"
    # "Lung cancer 2009, lobectomy, no recurrence".
    r"|^[^.;]{0,60}?[,–-]\s?(?:no (?:evidence of )?(?:recurrence|disease)|NED|disease[ -]free)\b",
    re.IGNORECASE,
)
_TREATED = re.compile(
    _GAP + r"(?:treated|tx'?d|rx'?d|eradicated|s/p (?:treatment|tx|rx)|status post treatment|completed treatment)\b"
    r"|^[^.;]{0,60}?\b(?:SVR\d*|sustained virologic\w* response|repeat (?:\w+ )?neg\w*|test of cure neg\w*)\b",
    re.IGNORECASE,
)
# "Recurrent" and what goes on being treated is not over.
_GOES_ON = re.compile(
    r"\b(?:being|currently|still|under|undergoing|ongoing|not|never|un|partially|inadequately)\s*$", re.IGNORECASE
)
_CEASED = r"(?:stopped|discontinued|d/c'?e?d|dc'?d|held|withdrawn|ceased|switched|changed|intolerant|failed)"
_REASON = re.compile(
    rf"\b{_CEASED}\b[^.;()]{{0,25}}?(?:\b(?:due to|d/t|for|because of|b/c(?: of)?|2/2|secondary to|after|owing to)|"
    rf"\()\s*"
    r"(?:\w+\s)?$",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"[(\[]\s?$")
_CLOSED = re.compile(r"^\s?[)\],]")


def is_over(after: str, *, infection: bool) -> bool:
    """
    Return whether the words behind a name say that it is over.

    >>> is_over(" 2022, resolved. HCV", infection=True), is_over(" treated 2023, RPR 1:2", infection=True)
    (True, True)
    >>> is_over(" treated with lisinopril", infection=False)
    False
    """
    found = _RESOLVED.match(after) or (_TREATED.match(after) if infection else None)
    return found is not None and _GOES_ON.search(re.split(r"(?i)treated|resolved", found[0])[0]) is None


def is_reason(before: str, after: str, *, of_drug: bool) -> bool:
    """
    Return whether a name is what a drug did or was stopped for; *of_drug* says that a drug is named just before.

    >>> is_reason("MTX d/c'd 2023 (", "). Adalimumab", of_drug=False), is_reason("azathioprine (", "),", of_drug=True)
    (True, True)
    """
    if _REASON.search(before):
        return True
    return of_drug and _BRACKET.search(before) is not None and _CLOSED.match(after) is not None
