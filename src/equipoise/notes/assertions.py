"""
What a sentence says of the things it names: that they are there, are not, may be, were, are a relative's, are planned.

::

    sentence = (cue name…)*      # a cue in front governs the names behind it, until a word that ends its reach
    denial   = "no" | "denies" | "without" | "negative for" | …
    family   = "family history of" | "mother had" …

After Chapman et al., A simple algorithm for identifying negated findings (NegEx), J Biomed Inform 2001, and its
extension to other contexts (ConText, 2009): cues, their reach, and what ends it.
"""

from __future__ import annotations

import re

from equipoise.records.patient import Assertion

_FRONT: tuple[tuple[Assertion, str], ...] = (
    ("absent", r"no|not|denies|denied|deny|without|negative for|absence of|free of|never had|ruled out for|"
               r"no evidence of|no history of|no signs of|rules out|lack of|lacks|neither|nor"),
    ("family", r"family history of|family history is (?:significant|notable|positive) for|"
               r"(?:mother|father|sister|brother|aunt|uncle|grandmother|grandfather|cousin|sibling)s?"),
    ("possible", r"possible|possibly|probable|probably|suspected|suspicion of|suspicious for|concern for|"
                 r"concerning for|may have|might have|likely|rule out|r/o|presumed|questionable|suggestive of"),
    ("planned", r"planned|scheduled for|will undergo|awaiting|is to undergo|planning|will receive|will be started on"),
    ("pending", r"pending|ordered"),
    ("historical", r"history of|h/o|hx of|past medical history|status post|s/p|previous|prior|previously"),
)  # fmt: skip
_BEHIND: tuple[tuple[Assertion, str], ...] = (
    ("absent", r"(?:was|were|is|are) (?:ruled out|negative|absent|excluded|denied)|not (?:seen|found|present)"),
    ("pending", r"(?:is|was|are|were)? ?(?:pending|ordered)|results? (?:is|are)? ?pending"),
    ("planned", r"(?:is|was) (?:planned|scheduled)|planned"),
)
_STOPS = re.compile(
    r"\b(?:but|however|although|except|presents?|presented|who|which|because|since|complain\w*|reveal\w*|show\w*|"
    r"and (?:is|was|has|had|she|he|the)|now|currently)\b|[;:]",
    re.IGNORECASE,
)


def _compiled(table: tuple[tuple[Assertion, str], ...]) -> tuple[tuple[Assertion, re.Pattern[str]], ...]:
    return tuple((name, re.compile(rf"(?<![\w-])(?:{words})(?!\w)", re.IGNORECASE)) for name, words in table)


_FRONT_CUES, _BEHIND_CUES = _compiled(_FRONT), _compiled(_BEHIND)


def assertion_of(sentence: str, start: int, end: int) -> Assertion:
    """
    Return what a sentence says of the words between two offsets.

    >>> said = "She denies chest pain but has dyspnea."
    >>> assertion_of(said, 11, 21), assertion_of(said, 30, 37)
    ('absent', 'present')
    """
    behind = sentence[end : end + 40]
    for name, cue in _BEHIND_CUES:
        if cue.match(behind.lstrip()):
            return name
    for name, cue in _FRONT_CUES:
        if any(_reaches(sentence, found, start) for found in cue.finditer(sentence, 0, start)):
            return name
    return "present"


def _reaches(sentence: str, cue: re.Match[str], start: int) -> bool:
    return _STOPS.search(sentence, cue.end(), start) is None
