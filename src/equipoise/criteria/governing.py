"""
Tell what a line before others is to them: their parent, a sub-heading, or nothing.

::

    lead = words that say how many of what follows, or are not whole without it:
           "At least one of the following:" "Adequate function defined as:" "Excluded within 30 days:"
    sub  = a short line that ends with ":" and only names: "Laboratory values:", "Cohort A", "--Age--"
    note = "None", "Not applicable", "Other criteria may apply"
"""

from __future__ import annotations

import re

from equipoise.criteria.headings import says_nothing

_COLON = (":", "：")
_COUNT = re.compile(
    r"\b(?:at least|one or more|any|either|one|two|three|1|2|3|all|none|both|each|≥\s?\d|>=?\s?\d)\s+"
    r"(?:of|one|two|three|1|2|3|or more)\b|\bat least (?:one|two|three|\d)\b"
    r"|\b(?:any|either|none|both|one)\b[^:]{0,30}\Z|\bfollowings?\b|\bas follows\b",
    re.IGNORECASE,
)
_WHEN = re.compile(r"\b(?:days?|weeks?|wks?|months?|years?|hours?|hrs?)\b", re.IGNORECASE)
_GOVERNS = re.compile(
    r"\b(?:defined|definition|includ\w+|such as|must|should|have|has|having|meets?|meeting|fulfil\w*|with|without"
    r"|evidenced?|demonstrated|documented|confirmed|determined|indicated|limited to|if|unless|except\w*|who|because"
    r"|due to|requir\w+|excluding|are|is|were|e\.g|i\.e|allowed|permitted|recommended|provided)\b"
    r"|\b(?:that|by|of|to|as|from|for|than|be|was|and|or|no|not)\Z",
    re.IGNORECASE,
)
_STARTS_WITH_PART = re.compile(
    r"(?:for\s+)?(?:the\s+)?(?:part|cohort|arm|group|phase|module|stage|step|population|aim|sub-?study|dose|segment"
    r"|stratum|strata|section|specific|track)s?\b[^.;:]{0,50}\Z",
    re.IGNORECASE,
)
_PART = re.compile(
    r"(?:for\s+|in\s+)?(?:the\s+)?(?:(?:part|cohort|arm|group|phase|module|sub-?study)s?\s+(?:[A-Z]\b|\d|[ivxIVX]+\b)"
    r"|dose[\s-]+(?:escalation|expansion|finding|confirmation)\b)[^.;:]{0,45}\Z"
    r"|(?:the\s+)?(?:[\w-]+\s+){1,2}(?:group|cohort|arm|controls)\Z",
    re.IGNORECASE,
)
_VERB = re.compile(r"\b(?:is|are|was|were|be|been|have|has|had|must|should|may|can|will|would)\b", re.IGNORECASE)
# Labels of the registry's oldest records stand on lines of their own, often without a colon.
_LABELS = re.compile(
    r"(?:age|sex|gender|key|main|other|surgery|chemotherapy|radiotherapy|biologic therapy|endocrine therapy|hepatic"
    r"|renal|hematopoietic|cardiovascular|pulmonary|performance status|life expectancy|menopausal status"
    r"|hormone receptor status|immunologic|neurologic|inclusion|exclusion|criteria|patients|controls)\Z",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"[A-Z][A-Z /,&()-]{5,60}[A-Z)]\s*[:：](?=\s|\Z)\s*|\\?--\s*[A-Za-z][^-\n]{2,50}--\s*[:：]?\s*")
_DECORATED = re.compile(
    r"(?:\\?--+|==+|__+|\*\*+)\s*[^-=*_].{1,70}?\s*(?:--+|==+|__+|\*\*+)\s*[:：]?\s*\Z|#{1,4}\s+\S.{1,70}\Z"
)
_SIDES = r"(?:inclusion|exclusion|eligibility|in-?/?exclusion)"
_NOTHING = re.compile(
    r"[\W_]*(?:none(?: (?:stated|listed|specified|known))?|no|n/?a|not applicable[^.]{0,60}|nil"
    r"|not provided|not specified|unspecified"
    rf"|(?:there (?:are|is) )?no (?:other |specific )?(?:{_SIDES} )?criteri(?:a|on)(?: for[^.;]{{3,80}})?"
    r"|please contact site for information|eligibility criteria not identified in protocol"
    r"|(?:(?:please )?note\W+)?(?:there are )?(?:some )?(?:other|additional|further|more)\s+"
    rf"(?:protocol[- ]?(?:defined|specified|specific)\s+)?{_SIDES}?\W*(?:(?:and|or|and/or)?\W*{_SIDES}\W+)?"
    r"(?:criteria|exclusions|inclusions)\s*(?:may|might|could|can|will)?\s*(?:also\s+)?(?:apply|applied|applies|exist)?"
    r"(?:\s+as per protocol| per protocol)?(?:\.\s*the study center will determine[^.]{0,60})?)[\W_]*\Z",
    re.IGNORECASE,
)


_TOGETHER = re.compile(r"\b(?:both|all|each)(?: of)?(?: the| these)? following\b", re.IGNORECASE)


def ends_with_colon(words: str) -> bool:
    """Return whether words end with ":", whatever emphasis stands around it."""
    return words.rstrip(" *_").endswith(_COLON)


def is_intro(words: str) -> bool:
    """Return whether a line before a list says nothing of its own.

    >>> is_intro("Subjects must meet all of the following:"), is_intro("Subjects must have asthma and:")
    (True, False)
    """
    return len(words) < 240 and says_nothing(words)


def leads(words: str) -> str:
    """Return how a line that ends with ":" governs what follows: "count", "words", or an empty string.

    >>> leads("At least one of the following:"), leads("Adequate function defined as:"), leads("Cohort A:")
    ('count', 'words', '')
    """
    bare = words.strip("*_ :：")
    if _COUNT.search(bare):
        return "count"
    if len(bare) < 60 and _STARTS_WITH_PART.match(bare):
        return ""
    return "words" if _GOVERNS.search(bare) or len(bare) > 70 or is_timed(bare) else ""


def is_timed(words: str) -> bool:
    """Return whether a line limits what follows in time.

    >>> is_timed("Excluded within 30 days of study entry:"), is_timed("Excluded:")
    (True, False)
    """
    return bool(_WHEN.search(words)) and any(map(str.isdigit, words))


def all_together(words: str) -> bool:
    """Return whether a line says that only all of what follows, taken together, counts.

    >>> all_together("Both of the following:"), all_together("All of the following are excluded:")
    (True, False)
    """
    return bool(_TOGETHER.search(words)) and "exclu" not in words.lower()


def one_of_many(words: str) -> bool:
    """Return whether a line says that not all of what follows is needed.

    >>> one_of_many("Patients with any of the following:"), one_of_many("All of the following:")
    (True, False)
    """
    some = re.search(r"\b(?:at least|one|two|three|any|either|1|2|3|more)\b|[≥>]", words, re.IGNORECASE)
    return some is not None and not re.search(r"\b(?:all|each|every)\b", words, re.IGNORECASE)


def is_sub_heading(words: str) -> bool:
    """Return whether a line without a marker heads what follows and says nothing by itself.

    >>> [is_sub_heading(words) for words in ("Cohort A", "Laboratory values:", "Adults with stroke")]
    [True, True, False]
    """
    bare = words.strip("*_# :：-")
    if is_label(bare) or is_part(bare):
        return True
    if _DECORATED.match(words) and not bare.endswith("."):
        return True
    if ends_with_colon(words):
        return len(bare) < 100 and (
            not leads(words) or bool(re.search(r"\b(?:functions?|values?|organ|marrow)\b", bare))
        )
    return False


def is_label(words: str) -> bool:
    """Return whether words are one of the labels that old records set on lines of their own.

    >>> is_label("Age"), is_label("Other:"), is_label("Aged")
    (True, True, False)
    """
    return bool(_LABELS.match(words.strip("*_# :：-")))


def is_part(words: str) -> bool:
    """Return whether words name a part of the study for which what follows holds.

    >>> is_part("Dose expansion"), is_part("Part of the liver is removed")
    (True, False)
    """
    bare = words.strip("*_#:： ")
    return len(bare) < 60 and bool(_PART.match(bare)) and not _VERB.search(bare)


def is_note(words: str) -> bool:
    """Return whether a line says that there is no criterion, or only that there are more.

    >>> is_note("N/A"), is_note("None."), is_note("Other protocol-defined criteria may apply"), is_note("None of these")
    (True, True, True, False)
    """
    return len(words) < 200 and bool(_NOTHING.match(words))


def capitals(words: str) -> int:
    """Return where a heading in capitals or between dashes ends at which a line begins, 0 where there is none.

    >>> capitals("DISEASE CHARACTERISTICS: Proven tumor"), capitals("Proven tumor")
    (25, 0)
    """
    found = _CAPITALS.match(words)
    part = found is not None and _STARTS_WITH_PART.match(found[0].strip(" :："))
    return found.end() if found and not part else 0
