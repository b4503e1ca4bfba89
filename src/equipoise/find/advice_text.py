"""Questions where two texts of a record, or a text and the status, say different things."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from equipoise.find.advice_record import Advice, Place, quoted
from equipoise.find.facts import word
from equipoise.find.markup import skim
from equipoise.find.sentences import sentences
from equipoise.records.study import Study

# "The investigators assessed", "Patients were randomized": told as done. Work of others has its own words around it.
_TOLD = (
    "assessed|evaluated|investigated|compared|examined|explored|enrolled|recruited|randomi[sz]ed|analy[sz]ed|studied"
)
_DONE = re.compile(
    rf"\b(?:the (?:investigators?|researchers?|authors?)|we) (?:{_TOLD}|included|measured)\b"
    r"|\b(?:patients|participants|subjects|volunteers|children|women|cases|individuals|adults|they)\b[^.;:]{0,40}?"
    r"\bwere (?:randomly |then |equally |prospectively )*"
    r"(?:randomi[sz]ed|enrolled|recruited|assigned|allocated|divided|included in (?:the|this) study)\b"
    r"|(?<!in )(?<!of )(?<!for )\bthis (?:study|trial) "
    rf"(?:was (?:conducted|performed|carried out)|included|{_TOLD})\b",
    re.I,
)
_OTHERS = re.compile(
    r"\b(?:previous(?:ly)?|in (?:clinical )?practice|prior|earlier|past|recent(?:ly)?|published|literature|pilot"
    r"|in a (?:study|trial|phase|randomi[sz]ed)|phase \w+ (?:study|trial)|meta-analys[ei]s|retrospective(?:ly)?|showed"
    r"|shown|reported|et al|another|other (?:study|studies|trials)|cohort of|who were|that were|which were"
    r"|if |once |after |when |until |were to be|\d{4})",
    re.I,
)
_HOURS = r"(?P<n>\d{1,2}(?:\.\d)?)[- ]?(?:hours?|hrs?|h)\b"
_WITHIN = re.compile(
    rf"\bwithin (?:the first )?{_HOURS} (?:of|after|from|following|since) (?:the )?"
    r"(?P<event>[a-z]\w+(?: of [a-z]\w+(?: [a-z]\w+)?| [a-z]\w+)?)",
    re.I,
)
_FROM = re.compile(
    r"\btime (?:from|since|after) (?:the )?(?P<event>[a-z]\w+(?: \w+)?) (?:to|until) [\w ]{3,40}?"
    r"(?:exceeding|of more than|more than|longer than|greater than|over|[>≥]=?|within|less than|[<≤]=?|up to) ?"
    rf"{_HOURS}",
    re.I,
)
_SHORT_EVENTS = {"return of spontaneous": "rosc", "return of spontaneous circulation": "rosc", "rosc": "rosc"}
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12,
}  # fmt: skip
_EDITION = re.compile(
    rf"\b(?P<which>\d{{1,2}}(?:st|nd|rd|th)|{'|'.join(_ORDINALS)}) edition\b(?P<of>[^.;()]{{0,60}})", re.I
)
# Tests and classifications have editions, too; two of them are not at odds.
_GUIDELINE = re.compile(r"\b(?:guidelines?|guidance|(?:treatment|management) plan|consensus|recommendations?)\b", re.I)


def _texts(study: Study, *words: str) -> Iterator[tuple[str, str, str]]:
    """
    Yield the long texts of a record: the section that shows each, its name, and its words.

    A text without one of *words* is passed over before it is read.
    """
    listed = [
        ("main", "Title", study.title),
        ("about", "Summary", study.summary),
        ("about", "Detailed description", study.description),
        *(("arms", "Arms and interventions", arm.description) for arm in study.arms),
        ("eligibility", "Who can join", study.eligibility.eligibility_criteria),
    ]
    for section, label, text in listed:
        if text and (not words or any(word in text for word in words)):
            yield section, label, skim(text)


def _sentence(text: str, place: int) -> tuple[str, int]:
    """Return the sentence at a place, and where in it that place is."""
    return next(((text[a:b], place - a) for a, b in sentences(text) if a <= place < b), (text, place))


def _quoted(text: str, place: int) -> str:
    sentence, at = _sentence(text, place)
    return quoted(sentence, at=at)


def past_before_start(study: Study, today: date) -> Advice | None:
    """Ask whether a study has begun that is told as done and listed as not yet taking people in."""
    if study.status.overall_status != "NOT_YET_RECRUITING":
        return None
    for section, label, text in _texts(study):
        if section == "eligibility":
            continue
        for start, end in sentences(text):
            one = text[start:end]
            done = _DONE.search(one)
            if done and not _OTHERS.search(one):
                said = word("OverallStatus", "NOT_YET_RECRUITING")
                places = (
                    Place(section, label, quoted(one, at=done.start())),
                    Place("main", "Status", said.text if said else ""),
                )
                return Advice("past-before-start", "Has the study begun? It is told as something done.", places)
    return None


def _event(words: str) -> str:
    """Return the event that a time is counted from, in one form."""
    lower = re.sub(r"(?: (?:and|or|to|with|in|for|at))+\Z", "", " ".join(words.lower().split()))
    for long, short in _SHORT_EVENTS.items():
        if lower.startswith(long):
            return short
    for one in (
        "onset",
        "admission",
        "randomi",
        "surgery",
        "birth",
        "delivery",
        "injury",
        "arrest",
        "stroke",
        "symptom",
    ):
        if one in lower:
            return {"symptom": "onset", "stroke": "onset"}.get(one, one)
    return lower


def _hours(text: str) -> Iterator[tuple[float, str, int]]:
    for pattern in (_WITHIN, _FROM):
        for found in pattern.finditer(text):
            yield float(found["n"]), _event(found["event"]), found.start()


def hours_differ(study: Study, today: date) -> Advice | None:
    """Ask which time holds where title or summary and criteria count other hours from one event."""
    texts = list(_texts(study, "ithin", "ime from", "ime since", "ime after"))
    limits = [(one, *found) for one in texts if one[0] == "eligibility" for found in _hours(one[2])]
    told = [(one, *found) for one in texts if limits and one[0] != "eligibility" for found in _hours(one[2])]
    for one, number, event, place in told:
        same = [limit for limit in limits if limit[2] == event]
        if same and all(limit[1] != number for limit in same):
            other, _, _, at = same[0]
            places = tuple(
                Place(text[0], text[1], _quoted(text[2], spot)) for text, spot in ((one, place), (other, at))
            )
            return Advice("hours-differ", "Which time holds, or are two meant?", places)
    return None


def editions_differ(study: Study, today: date) -> Advice | None:
    """Ask which edition of a guideline holds where a record names two."""
    found: dict[int, Place] = {}
    for section, label, text in _texts(study, "edition", "Edition", "EDITION"):
        for edition in _EDITION.finditer(text):
            sentence, _ = _sentence(text, edition.start())
            if not _GUIDELINE.search(sentence):
                continue
            which = edition["which"].lower()
            number = _ORDINALS.get(which) or int(re.sub(r"\D", "", which))
            found.setdefault(number, Place(section, label, _quoted(text, edition.start())))
    if len(found) < 2:
        return None
    return Advice("editions-differ", "Which edition is followed?", tuple(found.values()))
