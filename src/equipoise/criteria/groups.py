"""
Of whom a sub-heading says that what stands under it is asked: "Cohort A:", "For the control group:".

::

    heading = part | control | other             whatever else the text holds
            | people                             beside one of the former, or beside other people
    part    = ("part" | "cohort" | "arm" | …) (letter | number) | "dose escalation" | words "group" | "substudy"
    control = "healthy"? ("controls" | "control group" | "comparison subjects")
    other   = "donors" | "caregivers" | "mothers" | "physicians" | …
    people  = "healthy volunteers" | "patients with asthma" | "children"

A study that takes several groups asks each its own questions, and nobody of whom the record does not say to which
group they belong. "All patients:" is no group, nor are the patients of a study that has no others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# In brackets behind a limit, these say of whom it is.
AGES = frozenset(("adults", "adult", "children", "infants", "adolescents", "pediatric", "neonates"))
_LONGEST = 90
_EVERYBODY = re.compile(r"\b(?:all|both|each|every|either|any|general|common|overall|entire|whole)\b", re.IGNORECASE)
# "Age group", "ECOG (Eastern Cooperative Oncology Group)", "a study of the Oncology Group": nobody's part of a study.
_NO_PART = re.compile(
    r"\b(?:age|blood|oncology|functional|risk|support|working|study) groups?\b|\bfor (?:the |this )?part of\b"
    r"|\bperformance\b|\bcooperative\b",
    re.IGNORECASE,
)
_NUMBER = r"(?:[A-H]\b|\d{1,2}[a-z]?\b|[IVX]{1,4}[ab]?\b|one\b|two\b|three\b|four\b)"
_PART = re.compile(
    rf"\b(?:part|cohort|arm|group|phase|module|stratum|track|sub-?study|aim|experiment|segment|study)s?\s*[#:-]?\s*"
    rf"{_NUMBER}|\bdose[\s-]+(?:escalation|expansion|finding|confirmation)\b"
    r"|\b(?:expansion|escalation|safety lead-?in|run-?in|pilot|feasibility|imaging|pharmacokinetic|pk|pediatric|adult"
    r"|japan\w*|china|chinese|extension)\s+(?:part|phase|portion|cohort|arm|stage)s?\b"
    r"|\b[\w-]+\s+(?:cohort|group|arm|stratum|sub-?group)s?\b|\bsub-?stud(?:y|ies)\b"
    r"|\A(?:cohort|group|arm|sub-?group)s?\b",
    re.IGNORECASE,
)
_CONTROL = re.compile(
    r"\A(?:for |in |as )?(?:the )?(?:[\w-]+ ){0,3}(?:controls?|comparators|comparison (?:subjects|participants|group))"
    r"(?: (?:subjects?|participants?|patients?|group|cohort|arm|individuals?|volunteers?|population|criteria))?\Z",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\A(?:for |in )?(?:the )?(?:[\w-]+ ){0,2}(?:donors?|care-?givers?|carers?|care-?takers?|partners?|spouses?"
    r"|parents?|guardians?|relatives?|family members?|siblings?|mothers?|fathers?|infants?|newborns?|physicians?"
    r"|clinicians?|providers?|nurses?|staff|dyads?|recipients?|cases|informants?|teachers?|students?|villages?|clusters?|sites?"
    r"|households?|health ?care (?:workers?|professionals?))\Z",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\A(?:for |in )?(?:the )?(?:[\w-]+ ){0,4}(?:patients?|subjects?|participants?|volunteers?|individuals?|adults?"
    r"|children|adolescents?|women|men|females?|males?|boys|girls|persons?|people|controls?|smokers?|users?)"
    r"(?: (?:with|without|who|on|undergoing|receiving|having|in|aged?)\b.*)?\Z",
    re.IGNORECASE,
)
# What no list of people ends with: then the words begin a criterion.
_SENTENCE = re.compile(
    r"\b(?:following|one of|is|are|was|were|will|must|should|can|may|have|has|had|by|if|that|adequate|functions?)\b"
)
_BRACKET = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*")
_MARKS = "*_#=\\-–—:：;,. \t\r\n"
_CRITERIA = re.compile(
    r"\b(?:(?:additional|specific|key|main|major|other|further|extra)\s+)?(?:(?:inclusion|exclusion|eligibility|entry"
    r"|selection|enrol\w+)\s*(?:and|/|or)?\s*)+(?:criteri\w+)?\b|\b(?:additional |specific |further )?criteri(?:a|on)\b"
    r"|\bonly\b",
    re.IGNORECASE,
)


def label_of(heading: str) -> str:
    """
    Return whom a heading names, in small letters and without what every heading has.

    >>> label_of("**Inclusion Criteria for Cohort 1:**"), label_of("--Part B (healthy) only--")
    ('cohort 1', 'part b (healthy)')
    """
    bare = _CRITERIA.sub(" ", heading.replace("\\", "").strip(_MARKS))
    words = bare.strip(_MARKS).lower().split()
    while words and words[0] in ("for", "in", "of", "the", "to", "as", "a"):
        words.pop(0)
    return " ".join(words).strip(_MARKS)


def is_group(label: str) -> bool:
    """
    Return whether a heading names a part of a study or other people than its patients, whatever else the text holds.

    >>> [is_group(one) for one in ("cohort 1", "healthy controls", "age group", "all patients", "asthma")]
    [True, True, False, False, False]
    """
    if not label or len(label) > _LONGEST or _EVERYBODY.search(label) or _NO_PART.search(label):
        return False
    bare = _BRACKET.sub(" ", label).strip()
    if not bare:
        return False
    return bool(_PART.search(bare) and len(bare.split()) < 9) or bool(_CONTROL.match(bare) or _OTHERS.match(bare))


def is_people(label: str) -> bool:
    """
    Return whether a heading names people, who may be all that a study takes.

    >>> is_people("healthy volunteers"), is_people("patients with asthma"), is_people("asthma")
    (True, True, False)
    """
    bare = _BRACKET.sub(" ", label).strip()
    if not 0 < len(bare) <= _LONGEST or _EVERYBODY.search(bare) or _SENTENCE.search(bare):
        return False
    return bool(_PEOPLE.match(bare))


def groups_among(headings: Iterable[str]) -> dict[str, str]:
    """
    Return of the headings of one text those that say of whom the rest is asked, each with its group.

    >>> groups_among(["Healthy volunteers:", "Patients with asthma:", "Laboratory values:"])
    {'Healthy volunteers:': 'healthy volunteers', 'Patients with asthma:': 'patients with asthma'}
    >>> groups_among(["Patients with asthma:", "Laboratory values:"])
    {}
    """
    labels = {heading: label_of(heading) for heading in dict.fromkeys(headings)}
    sure = {label for label in labels.values() if is_group(label)}
    people = {label for label in labels.values() if is_people(label)}
    several = people if len(people | sure) > 1 else set[str]()
    return {heading: label for heading, label in labels.items() if label in sure or label in several}
