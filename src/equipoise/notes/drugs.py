"""
Drugs that a sentence names: taken now, taken once, to be taken, or not taken.

::

    taken  = ("takes" | "is on" | "current medications include" …) drug… | drug dose
    once   = ("received" | "cycles of" | "previous control with" | "did not tolerate" …) drug…
           | drug ("was stopped" | "was given")
    none   = "takes no medications"

A drug without such a word is a topic ("education on insulin") and no fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from equipoise.notes.cues import EXCEPT, names_of
from equipoise.notes.drafts import Draft
from equipoise.notes.mentions import ONGOING
from equipoise.notes.narrowing import narrowed
from equipoise.notes.reading import Name, Reading
from equipoise.records.patient import Assertion

_NOW = (
    r"(?:is|are|currently|now|remains?|(?:has|have) been|chronically|stable|also) (?:also |currently |now |still )?"
    r"(?:on|taking|using|receiving|treated with|managed with|under treatment with|maintained on|"
    r"controlled (?:with|on|by))|"
    r"currently(?: takes?| uses?| on| receives)?|takes?|taking|using|uses|receives|continues?(?: on| to take| to use)?|"
    r"continuing|(?:current |home |his |her |daily |regular )?(?:medications?|meds|medicines)(?: currently| now|"
    r" list)? "
    r"(?:include[sd]?|are|is|consist of|of)|medications?:|only uses|treating with|controlled (?:with|on|by)|"
    r"under treatment with|dependent on|home|injects|inhales"
)
_BEGUN = (
    r"started(?: on| taking| using)?|starting|initiated(?: on)?|placed on|put on|prescribed|begun on|began|switched to|"
    r"resumed?|restarted|changed (?:over )?to|transitioned to|converted to|stabilized on|discharged (?:home )?on|"
    r"increased|added"
)
_ONCE = (
    r"(?:was|were|had been|be) (?:also |initially |previously |then )?(?:on|taking|using|treated with|maintained on|"
    r"managed with|controlled with|given|administered|prescribed)|received|receiving|given|administered|"
    r"completed|completing|"
    r"(?:last|first|final|previous|single) dose of|cycles? of|courses? of|trials? of|"
    r"treated(?: \w+)? with|responded (?:\w+ )?to|"
    r"response to|respond to|failed|failure of|fails|(?:did|does|could|can)(?: not|n't) tolerate|"
    r"intolerant (?:of|to)|intolerance (?:of|to)|"
    r"tolerate|tried|tries|took|(?:has|have|had|having) (?:also |previously |recently )?taken|ingested|swallowed|"
    r"previous(?:ly)?(?: \w+){0,2}|prior(?! to)|formerly|used to(?: \w+){0,4}|used|stopped|"
    r"discontinued|held|holding|tapered off|"
    r"weaned (?:off|from)|switched from|changed from|off|no longer (?:on|takes|taking|using|uses|receiving|"
    r"receives)|in the past|"
    r"status post|s/p|followed by|after|progress(?:ed|ion|ing) (?:on|after|through|under|despite)|"
    r"relapsed? (?:on|after)|"
    r"refractory to|despite|(?:therapy|treatment|regimen) (?:has )?included|needed|reversed with|"
    r"improved (?:with|after|on)|"
    r"history of|h/o|requiring|required|cleared with|infusion of|injection of|bolus of|then|and then|with|on"
)
_STOPPED = re.compile(
    r"^,?\s(?:(?:taper|course|therapy|treatment)\s)?(?:stopped|discontinued|withdrawn|completed|finished)\b"
    r"(?!\s(?:smoking|drinking|working|taking|using))|"
    r"^\s(?:held|on hold|withheld|d/c'?e?d)\b|"
    r"^[^.;:]{0,50}?\b(?:(?:was|were|is|are|been|which was|which were|being)\s(?:\w+\s)?(?:stopped|discontinued|"
    r"held|withdrawn|"
    r"tapered(?: off)?|weaned|ceased|switched|not tolerated|withheld|completed)|"
    r",?\s(?:now|since|then|later|but)\s(?:been\s|was\s)?(?:stopped|discontinued|off\b)|"
    r"which (?:he|she|they) (?:did not|didn't|could not) tolerate|without (?:success|relief|benefit|response|"
    r"improvement))",
    re.IGNORECASE,
)
# The same in brackets behind a dose, and what stands in front of a drug that is to be stopped.
_STOPPED_ASIDE = re.compile(
    r"^[^.;:,()\n]{0,50}[(\[]\s?(?:(?:was|now|currently|recently|temporarily|self)[\s-])*(?:stopped|discontinued|held|"
    r"d/c(?:'?e?d)?|withheld|on hold|ceased|completed|finished|not taking|no longer taking)\b",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"\b(?:stop(?:ped)?|hold(?:ing)?|held|discontinued?|d/c(?:'?e?d)?|dc(?:'?e?d)?|cease|wean off|taper off)\s?:?\s"
    r"(?:(?:her|his|the|home|taking)\s)?$",
    re.IGNORECASE,
)
# What is said behind a drug says nothing of the next one.
_ASIDE = re.compile(
    r"\([^()]*\)|\b(?:taper |course )?(?:completed|finished|stopped|discontinued|held|d/c'?e?d)\s*(?=[,;)])",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\b(?:continu(?:e|es|ed|ing)|remains?|currently|already|still|stays?)\b[^.;,]{0,25}$", re.IGNORECASE
)
_BEGIN = re.compile(
    r"\b(?:start|begin|initiat|switch|put|plac|chang|transition|consider|add|trial|if|may|will)", re.IGNORECASE
)
_STARTED = re.compile(r"^\s(?:was\s|were\s)?(?:started|initiated|begun|added|resumed|restarted)\b", re.IGNORECASE)
# "Recombinant tissue plasminogen activator (t-PA) was administered", "R-CHOP x 6 cycles": once, as far as that says.
_GIVEN = re.compile(
    r"^\s?(?:\([^()]{1,30}\)\s?)?(?:therapy\s|infusion\s|treatment\s)?(?:was|were|has been|have been|had been)\s"
    r"(?:(?:also|then|subsequently|immediately|promptly|initially|first)\s)?(?:given|administered|infused|injected)\b"
    r"|^\s?(?:x|×)\s?\d{1,2}\s?(?:cycles?|courses?|doses?)\b",
    re.IGNORECASE,
)
# "On methadone 60 in 2022": then.
_IN_YEAR = re.compile(
    r"^(?:\s[\d.,/]+\s?[a-z%]*(?:\s(?:daily|od|bd|bid|tid|qd|qhs))?)?\s\(?(?:back )?in (?:early |late |mid-?)?(?:19|"
    r"20)\d\d\b",
    re.IGNORECASE,
)
_IN_CASE = re.compile(r"\b(?:if|when|should|unless|may|consider)\b", re.IGNORECASE)
_WAS = re.compile(r"\b(?:was|were|had|initially|previously|formerly|then|while|prior|before)\b", re.IGNORECASE)
_DOSE = re.compile(
    r"^\W*\d[\d.,/-]*\s*(?:mg|mcg|µg|ug|g|units?|iu|ml|%|tablets?|tabs?|puffs?|caps?)\b|"
    r"^[\w\s/]{0,12}\b(?:daily|bid|tid|qid|qd|prn|qhs|nightly|weekly|once a day|twice|three times)\b",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"(?:(?:takes?|taking|on|uses?|using|with|currently|is|has)\s+(?:currently\s+)?no\s+(?:current\s+|"
    r"regular\s+|home\s+|daily\s+|chronic\s+)?"
    r"|(?:not|n't)\s+(?:currently\s+)?(?:on|tak(?:e|ing)|us(?:e|ing))\s+any\s+(?:current\s+|regular\s+|home\s+|"
    r"chronic\s+)?"
    r"|\bno\s+(?:current\s+|regular\s+|home\s+|daily\s+)|^no\s+|denies\s+(?:taking|using|use of|any)\s+(?:any\s+)?"
    r"|no\s+history\s+of\s+\w+\s+or\s+(?:using|taking)\s+any\s+)"
    r"(?:medications?|mediations?|meds|medicines?|drugs and medications)\b(?!\s+(?:for|to|other|except|besides|"
    r"apart|that|which|allerg|change|overuse|abuse|misuse|errors?|interaction|reaction|side|adverse|complian|"
    r"adheren|refill|list|history))"
    r"|(?<=medications: )none\b|(?<=meds: )none\b",
    re.IGNORECASE,
)
_ONLY = re.compile(r"\bonly\b", re.IGNORECASE)
# A drug that is only part of another name, or that is talked of.
_TOPIC = re.compile(
    r"-(?:induced|related|associated|resistant|sensitive|naive|like|free)|"
    r"\s(?:induced|resistant|allerg|levels?\b|toxicity|challenge)",
    re.IGNORECASE,
)
_UNTOLERATED = re.compile(r"(?:not|n't|unable to) tolerate\s+(?:the\s)?$", re.IGNORECASE)
# "Agrees to surgery prior to chemotherapy": not yet.
_BEFORE = re.compile(r"\b(?:prior to|before|until)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
# Read as habits.
_HABITS = frozenset(("alcohol", "illicit drug", "nicotine", "tobacco", "cannabis"))
_WORDS = tuple(
    (kind, re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE))
    for kind, words in (("now", _NOW), ("begun", _BEGUN), ("once", _ONCE))
)


def read_drugs(reading: Reading) -> Iterator[Draft]:
    """Yield a draft for each drug, and one that names none where the note says that none is taken."""
    none = _NONE.search(reading.text)
    none = none or (
        re.match(r"(?:none|no medications?|nil)\b", reading.text, re.I) if reading.section == "drugs" else None
    )
    if none is not None and not (EXCEPT.search(reading.text) or _ONLY.search(reading.text)):
        span = reading.outside(*none.span())
        reading.take(span)
        yield Draft(kind="drug", name="", span=span, assertion="absent")
    if reading.section in ("allergies", "family"):
        return
    for name in reading.left():
        if name.concept.kind == "drug":
            yield from _drug(reading, name)


def _drug(reading: Reading, name: Name) -> Iterator[Draft]:
    reading.take(name.span)
    words = reading.context.source[name.span[0] : name.span[1]]
    after = reading.text[reading.inside(name.span)[1] :]
    clear = not name.concept.ambiguous or reading.section == "drugs" or _DOSE.match(after) is not None
    if not clear or name.concept.name in _HABITS | names_of("generic") or words in names_of("abbreviation"):
        return
    if _TOPIC.match(after):
        return
    said = reading.said(name)
    assertion, qualifier = said.assertion, tuple[str, ...]()
    untolerated = _UNTOLERATED.search(reading.text[: reading.inside(name.span)[0]]) is not None
    if untolerated or (said.why == "topic" and said.cue is not None and said.cue.words.startswith("response")):
        assertion = "historical"
    elif assertion == "absent":
        found = narrowed(reading, name, said)
        if found is None:
            return
        qualifier = (*found, *(("history",) if said.ever else ()))
    elif assertion in ("present", "historical"):
        assertion, qualifier = _use(reading, name, assertion, after)
    elif assertion in ("possible", "family"):
        return
    if assertion is not None:
        yield reading.draft(name, "drug", assertion, qualifier=qualifier)


def _use(reading: Reading, name: Name, said: Assertion, after: str) -> tuple[Assertion | None, tuple[str, ...]]:
    """Return whether a drug is taken now or was once, by the nearest word of use; None where there is none."""
    start = reading.inside(name.span)[0]
    if reading.section == "once" or is_stopped(reading.text[:start], after):
        return "historical", ()
    if _IN_YEAR.match(after) and not _BEGIN.search(reading.text[:start] + after[:30]):
        return "historical", ()
    if reading.section in ("plan", "problems"):
        return _in_plan(reading, start)
    if _BEFORE.search(reading.text[:start]):
        return None, ()
    if _STARTED.match(after):
        return "present", ()
    if _GIVEN.match(after):
        return "historical", ()
    kind = _nearest(reading.text[:start])
    if kind == "now" and reading.section != "drugs":
        return "present", ONGOING
    if said == "historical":
        return "historical", ()
    if reading.section == "drugs" and kind != "once":
        return "present", ONGOING
    if kind == "begun":
        return "present", ()
    if kind == "once":
        return "historical", ()
    return ("present", ()) if _DOSE.match(after) else (None, ())


def is_stopped(before: str, after: str) -> bool:
    """Return whether what stands around a drug says that it is taken no more.

    >>> is_stopped("", " 40 mg (stopped 2 weeks ago), prednisone"), is_stopped("STOP ", " 10 mg")
    (True, True)
    """
    if _STOPPED.match(after) or _STOPPED_ASIDE.match(after):
        return True
    return _STOP.search(before) is not None and _IN_CASE.search(before) is None


def _in_plan(reading: Reading, start: int) -> tuple[Assertion | None, tuple[str, ...]]:
    """Return what a plan says of a drug: that it is to go on, or to come."""
    clause = re.split(r"[;,]|\.\s", reading.text[:start])[-1]
    goes_on = _GOES_ON.search(clause) is not None
    listed = reading.section == "problems" and re.search(r"\bon\s(?:\w+\s)?$", clause, re.IGNORECASE)
    return ("present", ONGOING) if goes_on or (listed and not _BEGIN.search(clause)) else ("planned", ())


def without_stopped(text: str, drafts: list[Draft]) -> list[Draft]:
    """Return the drafts with a drug that is taken as past, where the note goes on to say that it was stopped."""
    stopped: dict[str, int] = {}
    for one in drafts:
        if one.kind == "drug" and one.assertion == "historical":
            begin, end = one.span
            line = text[text.rfind("\n", 0, begin) + 1 : begin]
            if is_stopped(re.split(r"[.;]\s", line)[-1], re.split(r"\.\s|\n", text[end : end + 100])[0]):
                stopped[one.name] = begin
    again = {one.name: one.span[0] for one in drafts if one.kind == "drug" and one.assertion == "present"}
    return [
        msgspec.structs.replace(one, assertion="historical", qualifier=())
        if one.kind == "drug" and one.assertion == "present" and stopped.get(one.name, -1) > again[one.name]
        else one
        for one in drafts
    ]


def _nearest(before: str) -> str:
    """Return the kind of the last word of use before a drug, of two that overlap the longer."""
    clause = re.split(r"(?:;|\bbut\b|\bhowever\b|\.\s)", _ASIDE.sub("", before))[-1]
    found = [(one.end(), one.end() - one.start(), kind) for kind, words in _WORDS for one in words.finditer(clause)]
    kinds = max(found, default=(0, 0, ""))
    if kinds[2] == "once" and kinds[1] <= 4:
        return _bare(clause, kinds[0])
    return kinds[2]


def _bare(clause: str, end: int) -> str:
    """Return what a bare "on" or "with" says: "hypertension on lisinopril" is now, "was on" and the rest once."""
    word = re.split(r"\W+", clause[:end].strip())[-1].lower()
    if word == "with":
        # "On dual therapy with aspirin": what is said of the therapy is said of its drugs.
        return _nearest(clause[: end - len("with")]) or "once"
    # "He was diagnosed in 2010, on dolutegravir": what was stands in front of the comma.
    piece = re.split(r",\s", clause[:end])[-1]
    return "now" if word == "on" and not _WAS.search(piece) else "once"
