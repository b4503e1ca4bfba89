"""
By which book a diagnosis is made: words that a criterion may add and that ask for nothing more than the diagnosis.

::

    by-book  = ("according to" | "as defined by" | "by" | "per" …) "the"? society word* ("criteria" | "guidelines" …)?
    meeting  = ("meets" | "fulfils" …) count? word* "criteria" ("for" | "of") condition

Who has rheumatoid arthritis "according to the ACR criteria" has rheumatoid arthritis: a record's diagnosis is made by
such a book. "Meets the criteria for surgery" names no disease, and is left as it stands.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from equipoise.criteria.context import Context
from equipoise.criteria.cues import QUALIFIERS
from equipoise.terms.lexicon import Concept

_SOCIETY = (
    r"(?:american (?:college|heart|diabetes|academy|society|thoracic|psychiatric)[a-z ]{0,60}?|"
    r"european (?:league|society|alliance|association|respiratory)[a-z ]{0,60}?|world health organi[sz]ation|"
    r"international (?:headache|league|society|association|classification)[a-z ]{0,50}?|"
    r"global initiative for (?:asthma|chronic obstructive lung disease(?: \(gold\))?)|gold|"
    r"acr(?:/eular)?|eular(?:/acr)?|slicc|aha|ada|who|esc|ats(?:/ers)?|ers|gina|"
    r"dsm[- ]?(?:iv|v|5|iii)?[a-z- ]{0,8}?|icd[- ]?\d{0,2}|nincds[- /]adrda|mcdonald|rome [iv]+|ichd[- ]?\d?|ihs|duke|"
    r"jones|rotterdam|cdc|idsa|kdigo|caspar|asas|aasld|easl|petersen|framingham)"
)
_BOOK = r"(?:criteria|criterion|guidelines?|classification|definitions?|recommendations?|consensus)"
_OLD = r"(?:the |current |revised |modified |updated |international |established |standard |(?:19|20)\d\d )*"
_BY = re.compile(
    rf"(?:as )?(?:(?:defined|determined|diagnosed|classified|established|confirmed|assessed) )?"
    rf"(?:according to|by|per|based on|using|in accordance with|following) {_OLD}{_SOCIETY}"
    rf"(?: (?:(?:19|20)\d\d|revised|modified|diagnostic|classification|clinical))*"
    rf"(?: {_BOOK}|(?=\s?(?:[.,;)(]|\Z)))(?:\s?\([a-z/]{{2,8}}\))?"
)
_COUNT = r"(?:\d+|one|two|three|four|five|six)"
_MEETING = re.compile(
    rf"(?:meet(?:s|ing)?|met|fulfil(?:l|s|ls|ling|led)?|satisf(?:y|ies|ying|ied)) (?:at least )?"
    rf"(?:{_COUNT} (?:or more )?(?:of (?:the )?(?:\d+|eleven) )?)?(?:of )?"
    rf"(?:(?:the|(?:19|20)\d\d|revised|modified|current|updated|established|international|diagnostic|classification|"
    rf"clinical|research|standard|{_SOCIETY})[ /-]+){{0,6}}criteria (?:for|of) (?:the )?"
    r"(?:(?:diagnosis|classification) of )?(?:an? )?"
)
_LONGEST = 240
_FIRST = frozenset(
    (
        "as", "defined", "determined", "diagnosed", "classified", "established", "confirmed", "assessed", "according",
        "by", "per", "based", "using", "in", "following", "meet", "meets", "meeting", "met", "fulfil", "fulfill",
        "fulfils", "fulfills", "fulfilling", "fulfilled", "satisfy", "satisfies", "satisfying", "satisfied",
    )
)  # fmt: skip


def book_at(context: Context, at: int) -> int | None:
    """Return the token behind the words that say by which book a diagnosis is made; None where there are none."""
    if context.norm(at) not in _FIRST:
        return None
    start = context.tokens[at].start
    text = context.source[start : start + _LONGEST].lower()
    found = _MEETING.match(text)
    if found is not None:
        end = _token(context, start + found.end())
        return end if _is_condition(context, end) else None
    found = _BY.match(text) if at else None
    return None if found is None else _token(context, start + found.end())


def _token(context: Context, offset: int) -> int:
    return bisect_left(context.tokens, offset, key=lambda token: token.start)


def _is_condition(context: Context, at: int) -> bool:
    named = context.named(at + (context.norm(at) in QUALIFIERS)) if at < len(context.tokens) else None
    return named is not None and isinstance(named[0], Concept) and named[0].kind == "condition"
