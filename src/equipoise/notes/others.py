"""
Whom a sentence is about: the patient, somebody beside them, or nobody.

::

    relative = ("his" | "the" | …)* ("mother" | "wife" | "donor" | …) …       # "Wife recently diagnosed with lupus"
             | ("baby" | "fetus") …                                           # in the note of a grown patient
    nobody   = "if" … | "the trial requires" … | "patients with" …

A relative who only tells of the patient ("Mother reports fever") does not make a sentence theirs. Where the sentence
comes back to the patient, its cues decide (`equipoise.notes.assertions`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from equipoise.notes.drafts import Draft

_SUBJECT = re.compile(r"^(?:\w+,?\s+){0,2}(She|He)\b")
_OTHERS = (
    r"(?:mother|father|sister|brother|sibling|aunt|uncle|grandmother|grandfather|grandparent|cousin|son|daughter|"
    r"parent|twin|mom|mum|dad|niece|nephew|husband|wife|spouse|partner|boyfriend|girlfriend|fianc[eé]e?|roommate|"
    r"housemate|flatmate|friend|coworker|colleague|neighbou?r|donor|stepfather|stepmother|classmate|passenger)s?"
)
_WHOSE = (
    r"(?:(?:his|her|their|the|a|my|one|patient['’]?s|pt['’]?s|maternal|paternal|older|younger|half|identical|"
    r"biological|living|deceased|late)[\s-]+)*"
)
# "His wife is pregnant", "The kidney donor was HIV positive".
_ANOTHER = re.compile(
    rf"^(?:(?:his|her|their|the|a|my|one|patient's)\s+)?(?:[\w-]+\s+){{0,2}}?{_OTHERS}(?:,[^,]{{1,40}},)?\s+"
    r"(?:also\s+|recently\s+)?(?:is|was|are|were|has|had|have|became|tests|tested|"
    r"took(?!\s(?:\w+\s)?(?:temp\w*|blood|bp|pulse|him|her|them|care|photos?|pictures?|time)\b))\b"
    # Who tells of the patient says nothing of themselves.
    r"(?!\s+(?:also\s+|recently\s+)?(?:noted|noticed|reported|stated|brought|called|observed|seen|found|been giving|"
    r"concern))",
    re.IGNORECASE,
)
# "Mother - diabetes", "Father: MI at 50".
_LABEL = re.compile(rf"^\W*(?:maternal\s|paternal\s)?{_OTHERS}\s?(?:[:–]|-\s)", re.IGNORECASE)
# "Mother bipolar I, father alcoholic", "Wife recently diagnosed with lupus", "Passenger (wife, 26 weeks pregnant)".
_FIRST = re.compile(
    rf"^\W*(?:[\w/ ]{{1,20}}:\s*)?{_WHOSE}(?:[\w-]+\s+)?{_OTHERS}\b(?!['’]s?\b|\s+(?:pregnancy|gestation|birth)|-)",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"\b(?:not(?:ed|es|iced|ices|ice)|report\w*|stat(?:es|ed)|says?|said|brought|brings?|call(?:ed|s)|den(?:y|ies|ied)|"
    r"thinks?|thought|feels?|felt|concern\w*|worr\w+|describ\w+|gave|giv\w+|found|witness\w*|saw|heard|clarif\w+|"
    r"confirm\w*|believ\w+|endors\w+|tells?|told|mention\w*|recall\w*|observ\w+|accompan\w+|bedside|here|help\w*|"
    r"lives?|lived|aware|updated|understand\w*|agree[sd]?|consent\w*|wants?|wanted|would|administer\w*|measured|took|"
    r"checked|tried|hcp|carer|caregiver|surrogate|poa|informant|historian|provid\w+|declin\w+|refus\w+|request\w*|"
    r"suspect\w*|asks?|asked|contact\w*|with (?:him|her|them|patient|pt))\b",
    re.IGNORECASE,
)
_PATIENT = re.compile(r"\b(?:he|she|him|patient|pt)\b", re.IGNORECASE)
_INFANT = re.compile(
    r"^\W*(?:(?:the|her|his|their|this)\s+)?(?:baby|infant|newborn|neonate|f(?:o?e)tus|f(?:o?e)tal)\b(?!\s+(?:blues|aspirin))",
    re.IGNORECASE,
)
# From this age on a "baby" in a note is the patient's.
_GROWN = 10
_QUOTED = re.compile(
    r"\b(?:trial|study|protocol|inclusion|exclusion|eligibility)\b[^.;]{0,60}?\b(?:requires?|excludes?|includes?|"
    r"excluding|allows?|permits?|mandates?|criteri\w+|patients|must|needs?|only)\b"
    r"|\b(?:patients|subjects|participants)\s(?:with|who|must|should|on|without)\b",
    re.IGNORECASE,
)
_IN_CASE = re.compile(
    r"^\W*(?:(?:plan|dispo\w*|a/p|imp\w*|\d+[.)])\s?:?\s*)?(?:if|should|in case|in the event|unless)\b"
    r"(?!\s(?:anything|needed))",
    re.IGNORECASE,
)


def is_of_another(sentence: str, people: Sequence[Draft]) -> bool:
    """
    Return whether the subject of a sentence is of the other sex than the patient: a relative, then.

    >>> from equipoise.notes.people import read_people
    >>> is_of_another("She has lupus.", read_people("A 40-year-old man."))
    True
    """
    found = _SUBJECT.match(sentence)
    sex = next((one.value for one in people if one.name == "sex"), None)
    return found is not None and sex is not None and found[1] != {"female": "She", "male": "He"}[str(sex)]


def is_of_relative(sentence: str, people: Sequence[Draft] = ()) -> bool:
    """
    Return whether a sentence says what somebody beside the patient is or has, and does not come back to the patient.

    >>> is_of_relative("His wife is pregnant."), is_of_relative("His wife was worried that he is febrile.")
    (True, False)
    >>> is_of_relative("Wife recently diagnosed with lupus."), is_of_relative("Mother reports fever and cough.")
    (True, False)
    """
    found = _ANOTHER.match(sentence) or _LABEL.match(sentence)
    if found is None and not _TELLS.search(sentence):
        found = _FIRST.match(sentence)
    if found is None and _is_grown(people):
        found = _INFANT.match(sentence)
    return found is not None and _PATIENT.search(sentence, found.end()) is None


def is_of_nobody(sentence: str) -> bool:
    """
    Return whether a sentence speaks of what may come, or of those whom a study takes: it says nothing of the patient.

    >>> is_of_nobody("If she bleeds we will stop apixaban."), is_of_nobody("The trial excludes prior irinotecan.")
    (True, True)
    """
    return _IN_CASE.match(sentence) is not None or _QUOTED.search(sentence) is not None


def _is_grown(people: Sequence[Draft]) -> bool:
    """Return whether the patient is known to be no infant."""
    return any(
        one.name == "age" and one.unit == "a" and isinstance(one.value, (int, float)) and one.value >= _GROWN
        for one in people
    )
