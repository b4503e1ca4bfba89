"""
A treatment that is needed, or planned, where its name was read as one that was given.

::

    planned = ("scheduled for" | "to be treated with" | "candidate for" | …) word* treatment (joint treatment)*
    needed  = ("requiring" | "need for" | …) word* treatment that is given once
    at-hand = ("emergency" | "elective" | …) word* operation          # of now, or planned

"Infection requiring antibiotics" is one of who takes them; a tumor that requires surgery is not yet operated on. What
was required once ("previously required", "requiring … within 6 months") was done.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from equipoise.criteria.kinds import NOW
from equipoise.criteria.looks import Mend, Whole
from equipoise.rules.asserted import asks_what_will_be
from equipoise.rules.nodes import Not, Predicate, Rule, Span, any_of, changed

_PLAN = (
    r"planned|plan(?:s|ning)?\b(?=\sto\b|\sfor\b|\son\b)|scheduled|to\sbe\s(?:treated|operated|biopsied|given)|(?<!able\s)(?<!ability\s)to\sundergo"
    r"|(?:is|are|due)\sto\sreceive|will\s(?:be\s)?(?:undergo(?:ing)?|receive|treated|receiving|have)|would\sbe\streated"
    r"|candidates?\s(?:for|to)|considered\sfor|anticipat\w+|expected\sto|awaiting|pending|about\sto"
    r"|consents?\sto|(?:can|could)\sbe\s(?:biopsied|operated|treated\sby|given|performed|resected|sampled)|to\sbe\s(?:performed|done|carried\sout)|(?:presenting|listed|booked|referred)\sfor"
)
# Of an operation: who had one of before is not undergoing it.
_NOW = r"(?<!been\s)(?<!after\s)(?<!before\s)undergoing|(?:who|that)\sundergo(?:es)?"
_NEED = r"requir(?:es?|ing|ements?)|needs?|needing|necessitat(?:es?|ing)|warrant(?:s|ing)"
_WORD = re.compile(rf"\b(?:(?P<plan>{_PLAN})|(?P<need>{_NEED})|(?P<now>{_NOW}))(?!\w)", re.IGNORECASE)
# What ends its reach: another statement, or a word of what was, is or must not be.
_ENDS = re.compile(
    r"[.;:!?]\s|[.;:]\Z|\b(?:have|has|had|having|who|whose|which|that|treated|received|receiving|taking|taken|using|used"
    r"|history|prior|previous\w*|current\w*|ongoing|recent\w*|past|no|not|without|within|after|before|during|since"
    r"|until|unless|except\w*|excluding|than|but|if|when|due|because|despite|allow\w*|failed|undergone|completed"
    r"|diagnos\w+|presence|evidence|defined|patients|subjects|participants|criteria|tolerat\w+)\b",
    re.IGNORECASE,
)
# "Within 30 days of planned dosing", "planned start of X" only say when.
_WHEN = re.compile(
    r"\W*(?:study|trial|start\w*|enrol\w*|dos(?:e|es|ing)|randomi\w+|visits?|date\w*|time\w*|first|initiation|inclusion"
    r"|infusion|day|c1d1|cycle|treatment\sstart|follow|index|screening)\b",
    re.IGNORECASE,
)
_OF = re.compile(r"\b(?:of|to|before|after|from|since|until)\s(?:the\s|their\s|any\s|a\s)?\Z", re.IGNORECASE)
# "Prior or planned X": the other time is asked for as well, and stands in a part of its own.
_OTHERWISE = re.compile(
    r"\b(?:prior|previous\w*|current\w*|history(?:\sof)?|recent\w*|past|received|had|undergone|receiving|ongoing"
    r"|concurrent\w*|completed|existing|done)\b(?P<name>[\w\s,]{0,30})(?:\b(?:or|and)|/|,)\s*(?:(?:are|is|be|were)\s)?\Z",
    re.IGNORECASE,
)
_OPERATION = re.compile(
    r"surg|resection|ectomy|plasty|transplant|repair|revascular|bypass|replacement\Z|amputation|cesarean|ablation"
    r"|excision|graft|otomy|ostomy|percutaneous coronary intervention|anesthesia"
)
_BEFORE = re.compile(
    r"\b(?:history|previous\w*|prior|past|ever|had|was|were|been|experienced|recent\w*|ago|during)\b", re.IGNORECASE
)
# What is done once, and then is not needed any more; a drug otherwise goes on while it is needed.
_ONCE = re.compile(
    r"chemotherapy|radiotherapy|systemic therapy|anticancer|antineoplastic|immunotherapy|targeted|blood product"
    r"|transfusion|surg|resection|ectomy|plasty|transplant|biopsy|drainage|repair|revascular|intervention|bypass|stent"
    r"|implant|replacement\Z|amputation|cesarean|ablation|excision|graft|debridement|embolization|laser|otomy|ostomy"
    r"|procedure|endoscopy|dilation|paracentesis|thoracentesis|cardioversion|caesarean|treatment\Z"
)
# "No radiotherapy is required", "catheterization is indicated".
_BEHIND = re.compile(
    r"\s*(?:therapy|treatment|surgery)?\s*(?:(?P<copula>is|are|was|were|be)\s)?(?:not\s)?(?:clinically\s|medically\s)?"
    r"(?:required|needed|necessary|indicated|warranted|planned|scheduled|considered|anticipated)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:no|not)\b[^.;:,]*\Z", re.IGNORECASE)
_URGENCY = re.compile(r"\b(?:semi-?)?(?:urgent|emergen\w+|elective)\b")
# What may stand beside the urgency of an operation of now: its kind.
_URGENT = frozenset(
    ("semi", "urgent", "emergency", "emergent", "elective", "and", "or", "major", "minor", "open", "primary")
)
_DONE = re.compile(
    r"\b(?:history|previous\w*|prior|past|ever|had|has|have|was|were|been|recent\w*|ago|during|after|post|since|before"
    r"|received|underw\w+|undergone|performed|done|last|within|require\w*|need\w*|indicat\w*|consent|except\w*|other)\b"
)
_MOST = 90
NEEDED, PLANNED = "needed", "planned"


def _ahead(whole: Whole) -> Rule:
    """
    Return the rule of a criterion in which what is to be done is no treatment that was given.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Abscess requiring drainage", section="exclusion")[0].reading
    'abscess, requiring drainage; and undergoing drainage, needed'
    """
    words, start = whole.words, whole.start
    named = [fact.concept.span for fact in whole.facts if fact.concept is not None]
    spans = [(span[0] - start, span[1] - start) for span in named if span is not None]

    def change(one: Predicate) -> Rule:
        if one.kind not in ("drug", "procedure") or one.window is not None or one.concept is None:
            return one
        span = one.concept.span
        if span is None or not start <= span[0] < start + len(words) or asks_what_will_be(frozenset(one.qualifier)):
            return one
        if one.name.endswith("contraception"):
            return one  # a duty
        says = _says(words, (span[0] - start, span[1] - start), one, spans)
        return msgspec.structs.replace(one, qualifier=(*one.qualifier, says)) if says else one

    return changed(whole.rule, change)


def given_once(one: Predicate) -> bool:
    """Return whether a treatment is over when it was given, as an operation is."""
    return _ONCE.search(one.name) is not None


def _says(words: str, place: Span, one: Predicate, spans: Sequence[Span]) -> str:
    """Return what the words beside a treatment say of it: that it is planned, or needed; or nothing."""
    behind = _BEHIND.match(words, place[1])
    if behind and (_DENIED.search(words, 0, place[0]) if behind["copula"] is None else one.kind == "procedure"):
        return NEEDED if given_once(one) else ""
    first = max(0, place[0] - _MOST)
    found = [word for word in _WORD.finditer(words, first, place[0]) if word.end() <= place[0]]
    if not found or _ENDS.search(words[found[-1].end() : place[0]]):
        return ""
    last = found[-1]
    if last["now"] is not None:
        operation = one.kind == "procedure" and _OPERATION.search(one.name) is not None
        past = _BEFORE.search(words[: last.start()].rpartition(".")[2]) or _BEFORE.search(
            words, place[1], place[1] + 60
        )
        return PLANNED if operation and past is None else ""
    if last["plan"] is None:
        past = _BEFORE.search(words[: last.start()].rpartition(".")[2])
        return NEEDED if given_once(one) and past is None else ""
    other = _OTHERWISE.search(words, 0, last.start())
    if other is not None and not any(other.start() < end <= other.end("name") for _, end in spans):
        return ""
    when = _WHEN.match(words, last.end()) or _OF.search(words, first, last.start())
    return "" if when else PLANNED


def _at_hand(whole: Whole) -> Rule:
    """
    Return the rule of a criterion in which an operation that is urgent, or is not, is the one of now.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Emergency surgery", section="exclusion")[0].reading
    'undergoing emergency surgery, around screening; or undergoing emergency surgery, planned'
    """
    if _DONE.search(whole.words):
        return whole.rule
    urgencies = [found.span() for found in _URGENCY.finditer(whole.words)]

    def change(one: Predicate) -> Rule:
        if one.kind != "procedure" or one.window is not None or one.concept is None or not _OPERATION.search(one.name):
            return one
        span = one.concept.span
        place = None if span is None else (span[0] - whole.start, span[1] - whole.start)
        # In the name, or right before it.
        if place is None or not any(place[0] - 20 <= first and last <= place[1] for first, last in urgencies):
            return one
        if not _URGENT.issuperset(re.findall(r"[a-z]+", " ".join(one.qualifier))):
            return one
        there = msgspec.structs.replace(one, op="present")
        now = msgspec.structs.replace(there, window=NOW)
        both = any_of([now, msgspec.structs.replace(there, qualifier=(*one.qualifier, PLANNED))]) or one
        return both if one.op == "present" else Not(both)

    return changed(whole.rule, change)


MENDS = (
    Mend(
        _ahead,
        "will would treated operated biopsied given performed done carried resected sampled receive considered pending"
        " about consent consents need needs needing needed necessary indicated booked listed referred presenting",
        parts="undergo plan schedul candidate anticipat expect await requir necessitat warrant",
    ),
    Mend(_at_hand, parts="emergen urgent elective"),
)
