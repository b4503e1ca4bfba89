"""
Ages of another day than the one on which somebody joins: "younger than 60 at relapse", "at most 27 at their ITP".

::

    then  = age_limit ("at" | "when" | "upon") ("the"? "time of")? event   # an event that is over, or may be
    since = event ("before" | "between" | "at" | …) "the"? "age" age_limit  # "diagnosed before the age of 18"

Who joins is as old as at screening, consent or randomization, and at a treatment that the study gives. At a diagnosis,
an onset or a relapse somebody was younger, nobody knows by how much.
"""

from __future__ import annotations

import re

from equipoise.criteria.looks import Look, Whole
from equipoise.rules.nodes import Span

_AT = re.compile(
    r"[\s,)]*(?:(?:completed|years?|yrs?|months?|old|of age|inclusive|inclusively|or (?:older|younger|over|above|less"
    r"|more)|and (?:older|over|above|younger))[\s,()]*)*\(?\b(?:at|when|upon)\s+"
    r"(?P<of>(?:the\s+)?(?:(?:time|date|day|moment|age)\s+of\s+)?)(?P<event>[^.;:,()]{2,60})"
)
# Of these each stands for the day on which somebody joins, or comes after it.
_NOW = re.compile(
    r"\d|\b(?:least|most|screen\w*|consent\w*|assent\w*|icf|enrol\w*|random\w*|inclusion|included|stud\w+|visit|baseline|regist\w+|entry"
    r"|entering|recruit\w*|admission|admitted|sign\w*|day|trial|start\w*|begin\w*|dos\w+|initiat\w*|particip\w*|arriv\w+"
    r"|present\w*|vaccin\w*|immuni\w*|treatment|therapy|procedure|surgery|operation|intervention|infusion|injection"
    r"|assessment|evaluation|examination|testing|test|hospitali[sz]ation|inform\w*|ic|giving|obtaining|signature|collection"
    r"|donation|delivery|arrest|injury|trauma|accident|interview|survey|questionnaire|scan|imaging|exposure|time|application|submission"
    r"|allocation|induction|conditioning|eligibility|selection|measurement|exam|appointment|clinic|referral|biopsy|prescreen\w*"
    r"|pre-?\w*|emergency|hospital|index|current\w*|now|same|risk|low|high|any|end|completion|run-?in|check-?in|intake|launch)\b"
)
_THEN = re.compile(r"\b(?:diagnos\w+|onset|relapse|recurrence|first (?:symptom|seizure|episode)\w*)\b")

_SINCE_AGE = re.compile(
    r"\b(?:diagnos(?:ed|is)|onset|began|begun|menarche|menses|manifest\w*|occurr\w+|relapsed?|symptoms)\s"
    r"(?:(?:was|were|is|made|occurr\w+|of\s[a-z0-9 -]{3,30}?)\s){0,2}?"
    r"(?:before|prior\sto|between|by|at|from|until|after)\s(?:the\s|an\s)?(?:ages?)\b"
)


def _then_aged(whole: Whole) -> Span | None:
    """
    Find the words that give an age of another day.

    >>> from equipoise.rules.nodes import ConceptRef, Predicate
    >>> age = Predicate(kind="demographic", concept=ConceptRef("age"), op="<", value=60, unit="a", span=(0, 12))
    >>> _then_aged(Whole("Age under 60 at relapse", 0, age, exclusion=True))
    (13, 23)
    >>> _then_aged(Whole("Age under 60 at screening", 0, age, exclusion=True))
    """
    for one in whole.facts:
        if one.name != "age" or one.span is None:
            continue
        found = _AT.match(whole.words, max(one.span[1] - whole.start, 0))
        if found is not None and (_THEN.search(found["event"]) or not _NOW.search(found["event"])):
            return found.start("of") - 3, found.end()
    return None


def _event_aged(whole: Whole) -> Span | None:
    """
    Find an event with the age at which it was.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> texts = ("Gout diagnosed before the age of 16", "Gout diagnosed and age below 16 years")
    >>> [compile_criteria(text, section="exclusion")[0].computable for text in texts]
    ['partial', 'full']
    """
    for found in _SINCE_AGE.finditer(whole.words):
        for one in whole.facts:
            place = whole.span_of(one)
            if one.name == "age" and place is not None and found.start() < place[1] and place[0] <= found.end() + 20:
                return found.start(), max(place[1], found.end())
    return None


LOOKS = (Look(_then_aged, "at when upon"), Look(_event_aged, "age ages"))
