"""
What goes on now, though no word of the tables says so: "having haemodialysis", "chronic renal failure on dialysis".

::

    led    = ("receiving" | "undergoing" | "taking" | "having" | "on" | "presenting for" | …) list   # all of the list
    shared = current-name ("or" | "," | "including" …) list                # "current use of A or B": both
    care   = "dialysis" | "mechanical ventilation" | "oxygen therapy" | …  # goes on until it ends, and then is none

A procedure that was done once is had for ever, so one that is asked of now needs to say so. A word of the past, of a
plan or of another time in the same clause ("has required dialysis", "ventilated after surgery") leaves it as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import msgspec

from equipoise.rules.nodes import Predicate, Rule, Span, Window, changed, leaves
from equipoise.terms.lexicon import lexicon as shipped

_NOW = Window(anchor="screening", side="around")
_GIVEN = frozenset(("drug", "procedure"))
# What goes on until it ends: who was ventilated last year is not ventilated.
_CARE = (
    "dialysis", "enteral nutrition", "extracorporeal membrane oxygenation", "noninvasive ventilation",
    "oxygen therapy", "parenteral nutrition", "respiratory support", "tube feeding", "ventilatory support",
)  # fmt: skip
# What is put in stays, and a test is over as soon as it is done.
_STAYS_IN = re.compile(
    r"contracep|steril|tubal|vasectom|implant|pacemaker|defibrillator|stent|intrauterine|device|abstinence|prosthe"
    r"|(?:tomograph|imaging|radiograph|ultrasound|electrocardiogra|echocardiogra|examination|test|scan|biopsy|culture"
    r"|analysis|grading|scopy|serology)\w*\Z"
)
_CUE = re.compile(
    r"(?P<before>(?:[\w/'-]+\s+)?)"
    r"\b(?P<cue>(?:be\s+|already\s+|still\s+|currently\s+|presently\s+|actively\s+)*"
    r"(?:receiving|undergoing|taking|having|being\s+(?:treated\s+with|given)|on|presenting\s+for|presented\s+for))\s+"
)
# Before these words, what is received is of another time, or is no treatment.
_NO_CUE = frozenset(
    (
        "after", "avoid", "been", "before", "by", "despite", "ever", "following", "for", "from", "had", "history", "if",
        "of", "previously", "prior", "since", "start", "started", "stop", "stopped", "to", "until", "upon", "was",
        "were", "when", "while", "without", "planned", "planning", "anticipated", "expected", "effect", "effects",
        "information", "impact", "influence", "based", "depending", "dependent", "never", "once", "previous", "time",
        "prevent", "preventing", "risk", "willing", "plan", "cannot", "recently",
    )
)  # fmt: skip
# "On" stands before much that is no treatment: it is what these people are.
_ON = frozenset(
    (
        "", "are", "be", "currently", "is", "patients", "patient", "subjects", "subject", "participants", "participant",
        "individuals", "persons", "people", "those", "women", "men", "children", "adults", "not", "or", "and",
        "already", "still", "either", "who", "failure", "disease", "infants", "maintained", "recipients", "volunteers",
    )
)  # fmt: skip
_BEFORE = re.compile(r"\bpreviously on (?:[\w-]+ ){0,2}\Z")
_LISTED = re.compile(
    r"\s*(?:\(?s?\)?)?\s*(?:,|/|\(|\bor\b|\band/or\b|\band\b|\bincluding\b|\bsuch\s+as\b|\be\.?g\.?,?|\bi\.?e\.?,?"
    r"|\bto be performed\b|\bunder\b|\bwith\b|\busing\b|\ban?\b|\bthe\b|\bany\b|\bother\b|\beither\b"
    r"|\btherapy\b|\btreatment\b|\s)*\s*"
)
_ALIKE = re.compile(r"\s*(?:,|/|\bor\b|\band/or\b)+\s*(?:an?\s+)?")
_OTHERWISE = re.compile(
    r"\b(?:prior|previous\w*|histor\w+|had|have|has|received|required|underwent|undergone|was|were|ever|never|past|been"
    r"|pre-?\w*existing|earlier|lasting|duration|longer|post\w*|after|before|following|since|during|until|within|last"
    r"|ago|plan\w*|schedul\w*|expect\w*|anticipat\w*|likely|unlikely|may|might|possib\w+|potential\w*|candidates?|eligib\w+"
    r"|will|would|about|impending|imminent|await\w*|listed|refus\w+|wean\w*|willing\w*|intend\w*|intention|if|first"
    r"|time|times|days?|weeks?|months?|hours?|years?|new|recent\w*|start\w*|initiat\w*|begin\w*|undergo|receive|risk|need\w*"
    r"|requir\w+|able|unable|contraindicat\w+|indicat\w+|allergy|allergic|hypersensitiv\w+|intoleran\w+|fail\w*"
    r"|recover\w*|survi\w+|accept\w*|consent\w*|agree\w*|discharg\w*|long[\s-]?term|complications?)\b"
)
_LEADING = re.compile(r"\A(?:(?:currently|presently|receiving|undergoing|taking)(?:\s+|\Z))+")
_PLANNED = re.compile(
    r"\b(?:plan\w*|schedul\w*|expect\w*|anticipat\w*|intend\w*|likely|pending|await\w*|prior|previous|past|recent\w*|"
    r"possible|history|proposed|needed|indicated|upcoming|eligible|candidate|history of)\b"
)


@cache
def _care() -> frozenset[str]:
    known = shipped()
    return frozenset(_CARE).union(*(known.members(one) for one in _CARE))


def standing(rule: Rule, words: str, start: int) -> Rule:
    """
    Return the rule of a criterion, *words* (in lower case) at *start*, in which what goes on is asked of now.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Patients having haemodialysis or peritoneal dialysis", section="exclusion")[0].reading
    'undergoing hemodialysis, around screening; or undergoing peritoneal dialysis, around screening'
    """
    named = {
        leaf.concept.span: leaf
        for leaf in leaves(rule)
        if type(leaf) is Predicate and leaf.concept is not None and leaf.concept.span is not None
    }
    if "previously on" in words:
        rule = changed(rule, _not_now({span for span in named if _BEFORE.search(words, 0, span[0] - start)}))
    open_ = [span for span, leaf in named.items() if _is_open(leaf)]
    if not open_:
        return rule
    now = _led(words, start, named) | _shared(words, start, named) | _cared(words, start, named, open_)
    return changed(rule, _of_now(now.intersection(open_))) if now.intersection(open_) else rule


def _is_open(one: Predicate) -> bool:
    """Return whether nothing says when a treatment was, or is to be."""
    if one.op not in ("present", "absent") or one.kind not in _GIVEN or one.window is not None:
        return False
    stays = one.kind == "procedure" and _STAYS_IN.search(one.name) is not None
    return not stays and not any(_PLANNED.search(said) for said in one.qualifier)


def _of_now(places: frozenset[Span] | set[Span]) -> Callable[[Predicate], Rule]:
    def change(one: Predicate) -> Rule:
        if one.concept is None or one.concept.span not in places or not _is_open(one):
            return one
        said = (_LEADING.sub("", text) for text in one.qualifier)
        return msgspec.structs.replace(one, window=_NOW, qualifier=tuple(text for text in said if text))

    return change


def _not_now(places: set[Span]) -> Callable[[Predicate], Rule]:
    def change(one: Predicate) -> Rule:
        then = one.concept is not None and one.concept.span in places and one.window == _NOW
        return msgspec.structs.replace(one, window=None) if then else one

    return change


def _led(words: str, start: int, named: dict[Span, Predicate]) -> set[Span]:
    """Return the names of the lists that a verb leads: "receiving A or B"."""
    found = set[Span]()
    for cue in _CUE.finditer(words):
        before = cue["before"].strip().strip("(),;:.")
        last = cue["cue"].split()[-1]
        if before in _NO_CUE or (last == "on" and cue["cue"] == "on" and before not in _ON):
            continue
        found |= _list(words, cue.end(), start, named, only_care=False)
    return found


def _list(words: str, at: int, start: int, named: dict[Span, Predicate], *, only_care: bool) -> set[Span]:
    """Return the names of the list that begins at *at*."""
    found = set[Span]()
    for first, last in sorted(named):
        if first - start < at:
            continue
        gap = words[at : first - start]
        leaf = named[first, last]
        own = " ".join(leaf.qualifier)
        rest = " ".join(word for word in gap.split() if word.strip(",()") not in own)
        if leaf.kind not in _GIVEN or not (_LISTED.fullmatch(rest) if found else len(rest.split()) <= 3):
            break
        if not found and (set(gap) & set(",;.:()") or re.search(r"\b(?:and|or|for|to|with|than)\b", rest)):
            break
        found.add((first, last))
        at = last - start
    return found


def _shared(words: str, start: int, named: dict[Span, Predicate]) -> set[Span]:
    """Return the names behind one of now that share its "current"."""
    found, spans = set[Span](), sorted(named)
    for place, span in enumerate(spans[:-1]):
        if named[span].window != _NOW or named[span].kind not in _GIVEN:
            continue
        at = span[1] - start
        for other in spans[place + 1 :]:
            gap = words[at : other[0] - start] if other[0] - start >= at else ";"
            if _ALIKE.fullmatch(gap) is None or named[other].kind not in _GIVEN:
                break
            found.add(other)
            at = other[1] - start
    return found


def _cared(words: str, start: int, named: dict[Span, Predicate], spans: list[Span]) -> set[Span]:
    """Return the names of care that goes on, in clauses of which no word tells of another time."""
    found = set[Span]()
    for first, last in spans:
        if named[first, last].name not in _care():
            continue
        begin = max(words.rfind(mark, 0, max(0, first - start)) for mark in ".;:\n") + 1
        end = min((at for mark in ".;:\n" if (at := words.find(mark, last - start)) >= 0), default=len(words))
        if _OTHERWISE.search(words, begin, end) is None:
            found.add((first, last))
    return found
