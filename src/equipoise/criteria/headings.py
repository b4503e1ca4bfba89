"""
Tell which lines of an eligibility text are headings, and what each says.

::

    side      = [words] ("inclusion" | "exclusion" | …) ["criteria"] [words] [":"]     a noun that names a side
              | people ("are eligible" | "will be excluded" | …) ["if"] [":"]          only words that say nothing else
    intro     = such words without a side: "Patients must meet the following criteria:"
    leader    = words that say how many of what follows, or govern it: "At least one of the following:"
    sub       = a short line that ends with ":", "Cohort A", "**Part 1**"

A sentence that mentions the criteria is no heading, and a heading with words of its own about a
patient ("Patients with tuberculosis are excluded if:") is a criterion.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

Side = Literal["inclusion", "exclusion"]

# As registrants type it, "Exlusion" and "Inclussion" as well, and in the languages that registries hold.
_IN = r"in?clus+i?ons?|incusions?|in[lc]{2}usions?|inculsions?|inclutions?|inclusive(?=\s+criteri)|inclusión|inclusão|inclusione|einschluss|einschluß|inclusie"
_EX = r"excl?us+i?ons?|exlusions?|exculsions?|eclusions?|exclutions?|exclusive(?=\s+criteri)|exclusión|exclusão|esclusione|ausschluss|ausschluß|exclusie|non[- ]inclusions?|non[- ]eligibility|ineligibility"
_NOUN = re.compile(
    rf"(?<![\w-])(?:(?P<ex>{_EX})|(?P<in>{_IN}|eligibility|entry|enrolment|enrollment|selection))"
    r"(?P<noun>[-\s/]*(?:crit[a-zéè]{3,5}s?|kriterien|factors?|requirements?))?(?!\w)",
    re.IGNORECASE,
)
_MAYBE = re.compile(
    r"clu[sd]|clut|cusion|culsion|ligib|entry|enrol|selection|schlu|join|participat|take part|qualif", re.IGNORECASE
)
_MENTION = re.compile(
    r"\b(?:meets?|met|meeting|fulfil\w*|satisf\w+|see|per|the|any|all|no|not|other than|as|if|who|or|than|from|until|after|before|prior|since|time|date|at|within|from|days?|weeks?|months?)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"(?<!phase )(?<!part )(?<!parts )(?<!module )(?<!cohort )(?<!cohorts )(?<!group )(?<!arm )(?<!stage )(?<!step )(?<!study )(?<!aim )(?<!\w)\d",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*(?:\([^)]{0,80}\)|\[[^\]]{0,80}\])?\s*(?:(?P<are>are|is|were|includes?|included|will be|apply|as follows|will include|were as follows|are as follows)\b|(?P<more>(?:[-–—,/&+]|for|of|in|at|to|related|common|specific|only|during|by|all|and|phase|part|cohort|arm|group|stage|step|study|\(|\w)[^.;]{0,80})?)\s*\Z",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|have|has|had|must|should|may|can|will|would|did|does|do)\b", re.IGNORECASE
)
_LABEL_END = re.compile(r"\s*[:：]\s*|\s+[-–—]\s+|\.\s+|\s+(?=(?:\(?1[.)])\s*[A-Z(])|\s*\.?\s*\Z")

_EXCLUDED = re.compile(
    r"exclu|ineligib|(?:\bnot|n't|n’t|cannot)\s+(?:be\s+)?(?:considered\s+)?(?:able to |allowed to )?(?:eligib|includ|enrol|enter|participat|join|take part|qualif|accept)",
    re.IGNORECASE,
)
_INCLUDED = re.compile(r"eligib|includ|inclusion|enrol|enter|participat|join|take part|qualif", re.IGNORECASE)
# Who is spoken of, and that they may take part: words that say nothing about a patient.
_EMPTY = frozenset(
    """
    patient patients patient's subject subjects participant participants person persons people individual individuals
    volunteer volunteers candidate candidates who whom that which those these with have has having had meet meets meeting met
    fulfil fulfill fulfils fulfills fulfilling fulfilled satisfy satisfies satisfying any all each every one or more of the
    following criteria criterion criterias conditions condition reason reasons characteristics requirements will would be been
    are is were was may can cannot could should must not to for from in into on this our study trial protocol research
    excluded exclude excludes exclusion included include includes inclusion eligible ineligible eligibility enrolled enroll enrol
    enrollment enrolment entry enter participate participating participation join take part considered accepted if they you he she it
    when at only and also as an a below listed above both following: qualify n't satisfied their his her do does apply applies
    present there exists case cases event additionally addition furthermore in order presence among general principal
    main key major specific additional other
    """.split()
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

_COUNT = re.compile(
    r"\b(?:at least|one or more|any|either|one|two|three|1|2|3|all|none|both|each|≥\s?\d|>=?\s?\d)\s+(?:of|one|two|three|1|2|3|or more)\b|\bat least\b"
    r"|\b(?:any|either|none|both|one)\b[^:]{0,30}[:：]?\Z|\bfollowing\b|\bas follows\b",
    re.IGNORECASE,
)
_GOVERNS = re.compile(
    r"\b(?:defined|definition|includ\w+|such as|must|should|have|has|having|meets?|meeting|fulfil\w*|with|without|evidenced?|demonstrated|documented|confirmed|determined|indicated|limited to|if|unless|except\w*|who|because|due to|requir\w+|excluding|are|is|were|e\.g|i\.e)\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"(?:for\s+)?(?:the\s+)?(?:part|cohort|arm|group|phase|module|stage|step|population|aim|sub-?study|dose|segment|stratum|strata|section|specific)s?\b[^.;:]{0,50}\Z",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"[A-Z][A-Z /,&()-]{5,60}[A-Z)]\s*:(?=\s|\Z)")
_DECORATED = re.compile(
    r"(?:--+|==+|__+|\*\*+)\s*(?P<words>[^-=*_].{1,70}?)\s*(?:--+|==+|__+|\*\*+)\s*[:：]?\s*\Z|#{1,4}\s+\S.{1,70}\Z"
)
_NOTHING = re.compile(
    r"[\W_]*(?:(?:none|n/?a|not applicable|nil|no eligibility criteria|no (?:other )?(?:exclusion|inclusion) criteria|there are no (?:exclusion|inclusion) criteria|not provided|not specified|unspecified|please contact site for information"
    r"|eligibility criteria not identified in protocol)"
    r"|(?:(?:note|please note)\W+)?(?:other|additional|further|more)\s+(?:protocol[- ](?:defined|specified|specific)\s+)?(?:inclusion|exclusion|eligibility|in-?/?exclusion)?"
    r"\W*(?:(?:and|or|and/or)?\W*(?:exclusion|inclusion)\W+)?(?:criteria|exclusions|inclusions)\s*(?:may|might|could|can|will)?\s*(?:also\s+)?(?:apply|applied|applies)?(?:\s+as per protocol| per protocol)?)[\W_]*\Z",
    re.IGNORECASE,
)
_INLINE = re.compile(
    r"\s+(?=(?:(?:Key|Main|Major|General|Specific|Principal|KEY|MAIN)\s+)?(?:Inclusion|Exclusion|INCLUSION|EXCLUSION|Inclusions|Exclusions)"
    r"(?:\s+(?:[Cc]riteria|CRITERIA|[Cc]riterion))?(?:\s*\([^)\n]{1,40}\))?(?:\s*[:：]|\s+(?:include|are|were)\b|\s+(?:1[.)]|\(1\))))"
)


class Heading(msgspec.Struct, frozen=True):
    """A heading: the side it names, where it ends, and whether it says for whom it holds."""

    side: Side | None
    end: int
    limits: bool = False  # "(Part B)", "for the control group"
    verbal: bool = False  # "Patients will be excluded if"


def read_side(words: str) -> Heading | None:
    """Return the heading with which *words* begin, if they begin with one that names a side.

    >>> read_side("Key Exclusion Criteria (Part B): none").side
    'exclusion'
    >>> read_side("Patients who meet the inclusion criteria of the main study may join")
    """
    if not _MAYBE.search(words, 0, 240):
        return None
    return _noun(words) or _verbal(words)


def _label(words: str, start: int) -> tuple[int, int, str]:
    """Return where the label that holds *start* ends, where what follows begins, and the mark between."""
    found = _LABEL_END.search(words, start)
    if found is None:
        return len(words), len(words), ""
    return found.start(), found.end(), found[0].strip()


def _noun(words: str) -> Heading | None:
    found = _NOUN.search(words, 0, 120)
    if found is None or (not found["noun"] and found["in"] and found["in"][0] in "eEs"):
        return None
    before = words[: found.start()].strip("*_#•\"' \t(-")
    end, rest, mark = _label(words, found.end())
    tail = words[found.end() : end].strip("*_\"' \t")
    if len(before) > 70 or any(sign in before for sign in ".;:?") or _MENTION.search(before) or _FIGURE.search(before):
        return None
    if re.match(r"\s*(?:/|and|or|&)\s*(?:inclusion|exclusion)", tail, re.IGNORECASE) or _NOUN.search(tail):
        return Heading(None, rest) if mark in (":", "：") and rest == len(words) else None
    after = _TAIL.match(tail)
    side: Side = "exclusion" if found["ex"] else "inclusion"
    colon = mark in (":", "：")
    if after is None:
        return None
    if after["are"] and not tail[after.end("are") :].strip():
        return Heading(side, rest)
    if len(words) - rest and not colon and not (mark == "." or found["noun"]):
        return None
    if not colon and not found["noun"] and (tail or len(before.split()) > 2):
        return None
    if after["more"] and (_VERB.search(after["more"]) or (not colon and len(tail.split()) > 9)):
        return _are(words, found, side)
    if mark.startswith((".", "-", "–", "—")) and rest < len(words) and tail:
        return None
    return Heading(side, rest, limits=bool(tail))


_ARE = re.compile(
    r"\s*(?:for[^.:;]{3,40})?\b(?:are|is|were|was|includes?|included|will include|consist(?:s|ed)? of|comprised?)\b(?:\s+as follows)?\s*[:：]?\s*",
    re.IGNORECASE,
)


def _are(words: str, found: re.Match[str], side: Side) -> Heading | None:
    """Return the heading of "Exclusion criteria include pregnancy": the words after the verb are what it says."""
    verb = _ARE.match(words, found.end())
    return Heading(side, verb.end()) if verb and found["noun"] else None


def says_nothing(words: str) -> bool:
    """Return whether *words* only say who is spoken of and that they may (not) take part.

    >>> says_nothing("Patients meeting any of the following criteria will be excluded:")
    True
    >>> says_nothing("Patients with stroke are excluded if:")
    False
    """
    return all(word.lower().replace("’", "'") in _EMPTY for word in _WORD.findall(words))


def _verbal(words: str) -> Heading | None:
    end, rest, mark = _label(words, 0)
    label = words[:end]
    if mark not in (":", "：") and not re.search(r"\b(?:if|they|who|have|has|when|criteria)\W*\Z", label):
        return None
    if len(label) > 200 or not label or not says_nothing(label):
        return None
    if _EXCLUDED.search(label):
        return Heading("exclusion", rest, verbal=True)
    return Heading("inclusion", rest, verbal=True) if _INCLUDED.search(label) else None


def is_intro(words: str) -> bool:
    """Return whether a line before a list says nothing of its own: "Subjects must meet all of the following:"."""
    return words.rstrip(" *_").endswith((":", "：")) and len(words) < 240 and says_nothing(words)


def leads(words: str) -> str:
    """Return how a line that ends with ":" governs what follows: "count", "words", or an empty string.

    >>> leads("At least one of the following:"), leads("Adequate function defined as:"), leads("Cohort A:")
    ('count', 'words', '')
    """
    stripped = words.rstrip(" *_")
    if not stripped.endswith((":", "：")):
        return ""
    if _COUNT.search(stripped.rstrip(":： ")):
        return "count"
    if _PART.match(stripped.strip("*_ :：")) and len(stripped) < 60:
        return ""
    return "words" if _GOVERNS.search(stripped) or len(stripped) > 70 else ""


def one_of_many(words: str) -> bool:
    """Return whether a line says that not all of what follows is needed: "one or more of the following".

    >>> one_of_many("Patients with any of the following:"), one_of_many("All of the following:")
    (True, False)
    """
    return bool(
        re.search(r"\b(?:at least|one|two|three|any|either|1|2|3|more)\b", words, re.IGNORECASE)
    ) and not re.search(r"\b(?:all|each|every)\b", words, re.IGNORECASE)


def is_sub_heading(words: str) -> bool:
    """Return whether a line without a marker heads what follows and says nothing by itself.

    >>> [is_sub_heading(words) for words in ("Cohort A", "Laboratory values:", "Adults with stroke")]
    [True, True, False]
    """
    bare = words.strip("*_# ")
    if _DECORATED.match(words) and not bare.endswith("."):
        return True
    if bare.endswith((":", "：")):
        return len(bare) < 100
    return is_part(words)


def is_part(words: str) -> bool:
    """Return whether words name a part of the study for which what follows holds.

    >>> is_part("Dose expansion"), is_part("Part of the liver is removed")
    (True, False)
    """
    bare = words.strip("*_#:： ")
    return len(bare) < 50 and bool(_PART.match(bare)) and not _VERB.search(bare) and not _GOVERNS.search(bare)


def is_note(words: str) -> bool:
    """Return whether a line says that there is no criterion, or only that there are more.

    >>> is_note("N/A"), is_note("None."), is_note("Other protocol-defined criteria may apply"), is_note("None of these")
    (True, True, True, False)
    """
    return len(words) < 160 and bool(_NOTHING.match(words))


def capitals(words: str) -> int:
    """Return where a heading in capitals ends at which a line begins, 0 where there is none.

    >>> capitals("DISEASE CHARACTERISTICS: Proven tumor")
    24
    """
    found = _CAPITALS.match(words)
    return found.end() if found else 0


def inline_headings(words: str) -> list[int]:
    """Return where headings begin within a line: "Inclusion: a; b. Exclusion: c".

    >>> inline_headings("Inclusion: adults; consent. Exclusion: stroke")
    [28]
    """
    if "clusion" not in words and "CLUSION" not in words:
        return []
    places = []
    for found in _INLINE.finditer(words):
        so_far = found.start() - (places[-1] if places else 0)
        if words[found.start() - 1 : found.start()] in {".", ";", ",", ":", ")", "]", "/"} or so_far > 60:
            places.append(found.end())
    return places
