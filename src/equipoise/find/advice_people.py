"""Questions about who takes part: how many, of which sex and age, in good health or not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from equipoise.find.advice_record import Advice, Place, quoted
from equipoise.find.facts import word
from equipoise.find.markup import skim
from equipoise.find.sentences import sentences
from equipoise.records.dates import Age
from equipoise.records.study import Study

_BOTH = re.compile(
    r"\b(?:men|males?|boys?|husbands?|fathers?|both sexes|partners?|couples?|famil(?:y|ies)|bab(?:y|ies)|infants?"
    r"|newborns?|neonat\w+|child(?:ren)?|providers?|parents?|off-?spring|fetal|foetal|fetus\w*)\b",
    re.I,
)
_WOMEN = re.compile(r"\b(?:in|among|for|of) (?:\w+[- ]){0,2}?(?:wom[ae]n|females|mothers|girls)\b", re.I)
_ALSO_WOMEN = re.compile(
    r"\b(?:wom[ae]n|females?|girls?|wives|mothers|couples?|partners?|both sexes|famil(?:y|ies)|trans\w*|and)\b", re.I
)
_MEN = re.compile(r"\b(?:in|among|for|of) (?:\w+[- ]){0,2}?(?:men|males|boys)\b", re.I)
_HEALTHY = re.compile(
    r"\bhealthy (?:\w+ ){0,2}?(?:volunteers?|subjects?|participants?|adults?|men|women|males?)\b", re.I
)
_AGED = re.compile(
    r"\bage[ds]?\s+(?:between\s+|from\s+|of\s+)?(?P<low>\d{1,3})\s*(?:-|–|to|and|through)\s*(?P<high>\d{1,3})\s*(?:years?|yrs?|y\.?o)\b",
    re.I,
)


def enrollment_zero(study: Study, today: date) -> Advice | None:
    """Ask whether nobody took part, where the record counts nobody and does not say that the study never began."""
    stated, status = study.design.enrollment_info, study.status.overall_status
    if stated.count != 0 or status in ("WITHDRAWN", None) or study.design.study_type == "EXPANDED_ACCESS":
        return None
    said = word("OverallStatus", status)
    places = (
        Place("design", "Enrollment", "Enrollment: 0 participants"),
        Place("main", "Status", said.text if said else ""),
    )
    return Advice("enrollment-zero", "Did nobody take part, or was the number not filled in?", places)


def sex_against_title(study: Study, today: date) -> Advice | None:
    """Ask who may join where the title is of one sex and the field says all, or the other."""
    sex, title = study.eligibility.sex, study.title or ""
    women = _WOMEN.search(title) and not _BOTH.search(title)
    men = _MEN.search(title) and not _ALSO_WOMEN.search(title)
    if not ((women and sex in ("ALL", "MALE")) or (men and sex in ("ALL", "FEMALE"))):
        return None
    said = {"ALL": "all", "FEMALE": "female", "MALE": "male"}[sex or ""]
    places = (Place("main", "Title", quoted(title)), Place("eligibility", "Who can join", f"Sex: {said}"))
    return Advice("sex-against-title", f"Are only {'women' if women else 'men'} meant?", places)


def volunteers_against_title(study: Study, today: date) -> Advice | None:
    """Ask whether healthy people may join where the title says so and the field does not."""
    if study.eligibility.healthy_volunteers is not False:
        return None
    title = next((one for one in (study.title, study.official_title) if one and _HEALTHY.search(one)), None)
    if title is None:
        return None
    places = (
        Place("main", "Title", quoted(title)),
        Place("eligibility", "Who can join", "Accepts healthy volunteers: no"),
    )
    return Advice("volunteers-against-title", "Can healthy people join?", places)


# A sentence that tells of others' work, or of how common an illness is, names no ages of this study.
_ELSEWHERE = re.compile(
    r"\b(?:previous(?:ly)?|reported|frequent|prevalen\w+|inciden\w+|common|literature|showed|shown|recommend\w*|approved|guideline|estimated"
    r"|cohort|population of|study by|et al|survey|\d+ ?%|million)\b",
    re.I,
)

# Words of a sentence that says who takes part, and a range of numbers: two of them are two groups.
_JOINING = re.compile(
    r"\b(?:this (?:study|trial)|the study|we (?:will|aim)|will (?:be|include|enroll|recruit)|eligible"
    r"|may (?:join|take part|participate)|plan to|participants|volunteers"
    r"|to (?:evaluate|assess|determine|compare|investigate|study|test))\b",
    re.I,
)
_RANGE = re.compile(r"\d{1,3}\s*(?:-|–|to|and|through)\s*\d{1,3}|[<>≥≤]\s?\d|\bolder\b|\byounger\b")


def _years(age: Age | None) -> float | None:
    return None if age is None else age.days / 365.2425


def _ages_named(text: str, *, title: bool) -> Iterator[tuple[int, int, str, int]]:
    """Yield the ranges of age that a text gives for its own study: both ends, the sentence, and where in it."""
    for found in _AGED.finditer(text):
        start, end = next((a, b) for a, b in sentences(text) if a <= found.start() < b)
        sentence = text[start:end]
        ours = title or (_JOINING.search(sentence) and not _ELSEWHERE.search(sentence))
        if ours and len(_RANGE.findall(sentence)) == 1:
            yield int(found["low"]), int(found["high"]), sentence, found.start() - start


def ages_against_text(study: Study, today: date) -> Advice | None:
    """Ask which ages may join where title or summary name a range and the fields another."""
    limits = (study.eligibility.minimum_age, study.eligibility.maximum_age)
    low, high = (_years(one) for one in limits)
    if low is None and high is None:
        return None
    texts = (
        ("main", "Title", study.title),
        ("main", "Title", study.official_title),
        ("about", "Summary", study.summary),
    )
    for section, label, text in texts:
        for one, other, sentence, at in _ages_named(skim(text or ""), title=label == "Title"):
            # "Aged 18 to 65" may mean up to the 66th birthday.
            if one >= other or (abs((low or 0) - one) < 1.01 and (high is None or abs(high - other) < 1.01)):
                continue
            stated = " to ".join(limit.words() for limit in limits if limit)
            places = (
                Place(section, label, quoted(sentence, at=at)),
                Place("eligibility", "Who can join", f"Ages: {stated}"),
            )
            return Advice("ages-against-text", f"From {one} to {other} years, or as the fields say?", places)
    return None
