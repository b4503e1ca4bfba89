"""
Ages of another day than the one on which somebody joins: "younger than 60 at relapse", "at most 27 at their ITP".

::

    then = age_limit ("at" | "when" | "upon") ("the"? "time of")? event   # an event that is over, or may be

Who joins is as old as at screening, consent or randomization, and at a treatment that the study gives. At a diagnosis,
an onset or a relapse somebody was younger, nobody knows by how much.
"""

from __future__ import annotations

import re

from equipoise.rules.nodes import Predicate, Rule, Span, leaves

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


def then_aged(text: str, start: int, rule: Rule) -> Span | None:
    """
    Return the words of *text*, at *start* in the source, that give an age of another day.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> age = Predicate(kind="demographic", concept=ConceptRef("age"), op="<", value=60, unit="a", span=(0, 12))
    >>> then_aged("Age under 60 at relapse", 0, age), then_aged("Age under 60 at screening", 0, age)
    ((13, 23), None)
    """
    words = text.lower()
    for one in leaves(rule):
        if type(one) is not Predicate or one.name != "age" or one.span is None:
            continue
        found = _AT.match(words, max(one.span[1] - start, 0))
        if found is not None and (_THEN.search(found["event"]) or not _NOW.search(found["event"])):
            return start + found.start("of") - 3, start + found.end()
    return None
