"""
Conditions and procedures that a sentence names, each with what it says of them.

A disease that lasts ("history of diabetes") is there; an event or an illness that passes ("history of stroke") is
past. A denial keeps the words that narrow it: "no significant stenosis" says nothing of a slight one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from equipoise.notes.assertions import Said
from equipoise.notes.cues import names_of
from equipoise.notes.doubtful import is_another_thing, is_doubtful
from equipoise.notes.drafts import Draft
from equipoise.notes.narrowing import PAST, narrowed, words_before
from equipoise.notes.over import is_over, is_reason
from equipoise.notes.proofs import proof_around
from equipoise.notes.reading import Name, Reading
from equipoise.records.patient import Assertion
from equipoise.terms.words import QUALIFIERS

ONGOING = ("ongoing",)
# What the name is only a part of, or what only names it.
_TESTED = re.compile(r"^\W*(?:is |was |are |were )?(?:negative|neg|unremarkable|normal|within normal)\b", re.IGNORECASE)
_PREFIXES = frozenset(("non", "anti", "pre", "pseudo", "un", "peri", "para"))
_SEVERITY = (
    {"witnessed", "unwitnessed"}
    | QUALIFIERS
    & frozenset(
        [
            "acute",
            "chronic",
            "severe",
            "moderate",
            "mild",
            "recurrent",
            "refractory",
            "active",
            "symptomatic",
            "asymptomatic",
            "uncontrolled",
            "controlled",
            "bilateral",
            "advanced",
            "terminal",
            "persistent",
            "progressive",
            "relapsed",
            "metastatic",
            "localized",
            "stable",
            "unstable",
            "primary",
            "secondary",
            "intermittent",
            "major",
            "minor",
            "disseminated",
            "significant",
            "residual",
            "treated",
            "untreated",
        ]
    )
    | {"metastatic", "end-stage", "resistant", "early", "late", "critical", "diastolic", "systolic", "worsening"}
)
_SPAN_OF_TIME = re.compile(
    r"^\W*(?:(?:for|over|in|since|x)\s+(?:the\s+)?(?:past\s+|last\s+)?)?\d+|since|for the (?:past|last)", re.IGNORECASE
)


def read_mentions(reading: Reading) -> Iterator[Draft]:
    """Yield a draft for each condition and procedure that no other reader has taken."""
    for name in reading.left():
        concept = name.concept
        if concept.ambiguous or concept.name in names_of("generic") or _unsure(reading, name):
            continue
        if concept.kind == "condition":
            yield from _condition(reading, name)
        elif concept.kind == "procedure":
            yield from _procedure(reading, name)


def _unsure(reading: Reading, name: Name) -> bool:
    """Return whether the words are too short or too loose a name: an abbreviation of many things, a made-up one."""
    words = reading.context.source[name.span[0] : name.span[1]]
    if words in names_of("abbreviation"):
        return True
    if words.lower() in names_of("loose") and reading.section not in PAST:
        return True
    # A name joined to another word by a hyphen is part of that: "stroke-like", "non-hypertensive".
    if reading.context.tokens[name.first].glued and reading.context.norm(name.first - 1) in _PREFIXES:
        return True
    infection = reading.context.lexicon.is_a(name.concept.name, "infection")
    if is_another_thing(words, reading.context.source) or is_doubtful(
        reading.text, reading.inside(name.span), infection=infection or "tuberculosis" in name.concept.name
    ):
        return True
    behind = reading.context.source[name.span[1] : name.span[1] + 2]
    return len(behind) == 2 and behind[0] == "-" and behind[1].isalpha()


def _condition(reading: Reading, name: Name) -> Iterator[Draft]:
    said = reading.said(name)
    assertion = said.assertion
    if assertion == "absent" and said.cue is not None and _is_wish(reading, name, said.cue.end):
        assertion = "present"
    if reading.section == "family":
        assertion = "family" if assertion in ("present", "historical", "family") else None
    elif reading.section in ("plan", "allergies", "drugs"):
        return
    elif assertion in ("planned", "pending"):
        assertion = None
    if assertion == "present" and _was(reading, name):
        assertion = "historical"
    elif assertion == "historical":
        assertion = _past(reading, name, said)
    elif assertion == "present" and reading.section in PAST:
        assertion = "present" if lasts(reading, name) else "historical"
    if assertion is None:
        return
    qualifier = narrowed(reading, name, said) if assertion == "absent" else _stated(reading, name)
    if qualifier is None:
        return
    if assertion == "present" and lasts(reading, name):
        qualifier = (*qualifier, *ONGOING)
    if assertion in ("present", "historical") and reading.context.lexicon.is_a(name.concept.name, "infection"):
        start, end = reading.inside(name.span)
        qualifier = (*qualifier, *proof_around(reading.text[:start], reading.text[start:end], reading.text[end:]))
    if assertion == "absent" and said.ever:
        qualifier = (*qualifier, "history")
    yield reading.draft(name, "condition", assertion, qualifier=qualifier)


def _is_wish(reading: Reading, name: Name, denied: int) -> bool:
    """Return whether a wish has a verb of its own behind a denial: "takes no drugs and would like to conceive"."""
    between = reading.text[denied : reading.inside(name.span)[0]]
    return name.concept.name == "planning pregnancy" and re.search(r"\b(?:and|but)\s(?:\w+\s)?$", between) is not None


def _was(reading: Reading, name: Name) -> bool:
    """Return whether the words around a condition say that it is over, or is what a drug did then."""
    start, end = reading.inside(name.span)
    before, after = reading.text[:start], reading.text[end:]
    infection = reading.context.lexicon.is_a(name.concept.name, "infection") or "infection" in name.concept.name
    if is_over(after, infection=infection and not lasts(reading, name)):
        return True
    place = reading.names.index(name)
    of_drug = place > 0 and reading.names[place - 1].concept.kind == "drug"
    near = of_drug and not reading.text[reading.inside(reading.names[place - 1].span)[1] : start].strip(" ([")
    return not lasts(reading, name) and is_reason(before, after, of_drug=near)


def lasts(reading: Reading, name: Name) -> bool:
    """Return whether a disease lasts: having had it is having it."""
    above = {name.concept.name, *reading.context.lexicon.ancestors(name.concept.name)}
    return not names_of("lasting").isdisjoint(above) and names_of("passing").isdisjoint(above)


def _past(reading: Reading, name: Name, said: Said) -> Assertion:
    """Return what a history of something comes to: a disease that lasts is there, and so is a presenting complaint."""
    cue = said.cue
    if cue is None:
        # It has resolved, or it was at some age.
        return "present" if said.why == "once" and lasts(reading, name) else "historical"
    if cue.reach == "list" and lasts(reading, name):
        return "present"
    if cue.reach != "list" and cue.words not in ("treated for", "status post", "s/p") and lasts(reading, name):
        return "present" if reading.context.lexicon.is_a(name.concept.name, "chronic disease") else "historical"
    if cue.reach == "list" and name.concept.name in names_of("symptom"):
        before = reading.text[: cue.start].lower()
        after = reading.text[cue.end :]
        complained = re.search(
            r"\b(?:presents?|presented|presenting|comes|came|brought|seen|referred|admitted)\b", before
        )
        within = reading.text[reading.inside(name.span)[1] :]
        if complained and not re.search(r"\bpast\b|\bmedical\b", cue.words):
            return "present"
        if _SPAN_OF_TIME.match(after) or _SPAN_OF_TIME.match(within):
            return "present"
    return "historical"


def _procedure(reading: Reading, name: Name) -> Iterator[Draft]:
    said = reading.said(name)
    assertion = said.assertion
    before, after = reading.text[: reading.inside(name.span)[0]], reading.text[reading.inside(name.span)[1] :]
    if reading.section == "family" or assertion == "family":
        return
    if assertion == "absent" and said.cue is None and _TESTED.match(after):
        assertion = "present"  # "the biopsy was negative": it was done
    denied = said.cue.words if assertion == "absent" and said.cue is not None else ""
    if denied.startswith("negative") or denied == "not":
        assertion = None  # "not intubated" is of this time, and leaves open what was done before
    if assertion == "possible":
        assertion = None
    if assertion == "present" and reading.section in ("plan", "problems", "allergies"):
        assertion = None if reading.section == "allergies" else "planned"
    if assertion == "present" and _TO_COME.search(before):
        assertion = "planned"
    if assertion == "present" and not _done(reading, name):
        assertion = None
    if assertion == "present" and (
        _BORN.search(before)
        or reading.section in PAST
        or _is_past_stay(reading, name, after)
        or (_WAS_ON.search(before) and _LONG_AGO.search(after))
    ):
        assertion = "historical"
    if assertion is None:
        return
    qualifier = narrowed(reading, name, said) if assertion == "absent" else ()
    if assertion == "present" and (_GOES_ON.search(before) or _SINCE.match(after)):
        qualifier = ONGOING
    if qualifier is not None:
        ever = ("history",) if assertion == "absent" and said.ever else ()
        yield reading.draft(name, "procedure", assertion, qualifier=(*qualifier, *ever))


# "Born at 34 weeks, NICU for 3 weeks".
_BORN = re.compile(r"\b(?:born|birth|neonatal period|perinatal(?:ly)?|prematurity)\b", re.IGNORECASE)
# "Held until dental extraction", "For hip replacement."
_TO_COME = re.compile(
    r"\b(?:until|pending|awaiting|prior to|ahead of)\s(?:\w+\s){0,2}$|^\W*(?:now )?for\s(?:\w+\s){0,2}$", re.I
)
# "Was on home oxygen in 2019", and "has been on dialysis since 2012".
_WAS_ON = re.compile(r"\b(?:was|were|had been)\s(?:\w+\s)?(?:on|receiving|using)\s(?:[\w-]+\s){0,2}$", re.IGNORECASE)
_LONG_AGO = re.compile(
    r"^[^.;,]{0,30}?\b(?:in|until|till|during)\s(?:\w+\s)?(?:19|20)\d\d\b|^[^.;,]{0,30}?\b(?:years?|months?) ago\b|"
    r"^[^.;,]{0,30}?\blast year\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\b(?:is|are|remains?|currently|now|still|continues?|(?:has|have) been)\s(?:\w+\s)?"
    r"(?:on|receiving|undergoing|using)\s(?:[\w-]+\s){0,2}$",
    re.IGNORECASE,
)
_SINCE = re.compile(r"^\s(?:[\w()]+\s){0,3}since\b", re.IGNORECASE)
# A stay in hospital that the note does not say to be this one: "asthma requiring hospitalization", "twice last year".
_STAYS = frozenset(("hospitalization", "icu admission"))
_ONCE_BEFORE = re.compile(
    r"\b(?:(?:had|has|have) (?:\w+ )?been|requir(?:ing|ed|es)|need(?:ing|ed|s)|multiple|several|frequent|recurrent|"
    r"repeated|many|last|recent|earlier|\d+|one|two|three|four|never|led to|resulted in|history)\s(?:[\w-]+\s){0,2}$",
    re.IGNORECASE,
)
_ONCE_AFTER = re.compile(
    r"^[^.;]*?\b(?:once|twice|\w+ times|before|"
    r"previously|(?:weeks?|months?|years?) (?:ago|earlier)|last (?:year|month|week)|in (?:19|20)\d\d|"
    r"discharged|now presents|presents now|currently presents)\b",
    re.IGNORECASE,
)


def _is_past_stay(reading: Reading, name: Name, after: str) -> bool:
    """Return whether a stay in hospital was an earlier one, or may have been."""
    if name.concept.name not in _STAYS:
        return False
    before = reading.text[: reading.inside(name.span)[0]]
    return _ONCE_BEFORE.search(before) is not None or _ONCE_AFTER.search(after) is not None


_DONE = re.compile(
    r"\b(?:underwent|had|has had|undergoing|undergoes|performed|done|reveal\w*|show\w*|demonstrat\w*|confirm\w*|"
    r"report\w*|per|on|"
    r"status post|s/p|after|following|with|for|received|receives|admitted|hospitalized|required|"
    r"requiring|uses|using|was|were|is|"
    r"noted|found|negative|positive|normal|via|by|from|treated|complicated|placed|placement|ago|yesterday|today|last|at|in|repeat)\b",
    re.IGNORECASE,
)


def _done(reading: Reading, name: Name) -> bool:
    """Return whether a verb of the sentence says that a procedure took place, or its list does."""
    return reading.section in PAST or _DONE.search(reading.text) is not None


def _stated(reading: Reading, name: Name) -> tuple[str, ...]:
    """Return the words in front of a finding that say how bad or how long it is."""
    before = reading.names[: reading.names.index(name)]
    least = max([0, *(reading.inside(one.span)[1] for one in before)])
    found: list[str] = []
    for word in reversed(words_before(reading, name, least)):
        if word not in _SEVERITY:
            break
        found.insert(0, word)
    return tuple(found)
