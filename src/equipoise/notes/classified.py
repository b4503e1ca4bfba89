"""
Diseases that findings make by classification criteria, and diseases of which one excludes the other.

``terms/data/classifications.tsv`` has for a disease its features, each as the words that state it; so many of them,
with those that are needed, are the disease: a lupus is made of four features and an antibody, though the note does not
name it, and a cytomegalovirus infection of one that nothing else has. ``exclusive.tsv`` has what cannot be beside
what: a dementia is no mild cognitive impairment. Where the note speaks of the disease itself, in whatever way, its own
words stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import msgspec

from equipoise.criteria.context import codes_of
from equipoise.notes.assertions import Sayings
from equipoise.notes.drafts import Draft
from equipoise.notes.past import WHOLE
from equipoise.notes.sentences import Span
from equipoise.records.patient import Assertion
from equipoise.rules.names import MEASURED
from equipoise.terms.lexicon import Lexicon
from equipoise.terms.tables import read_table

_COUNT = 4
# Diseases with which nobody is healthy.
_DISEASES = (
    "heart failure", "coronary artery disease", "malignant tumor", "chronic obstructive pulmonary disease",
    "end stage renal disease", "liver cirrhosis", "diabetes", "hiv infection", "multiple sclerosis", "dementia",
    "schizophrenia", "epilepsy", "systemic lupus erythematosus", "rheumatoid arthritis", "chronic renal failure",
    "cystic fibrosis", "sickle cell disease", "sepsis", "pneumonia", "stroke", "myocardial infarction",
)  # fmt: skip
_CHILD = 18
_FEVER = 5
_DENIED = re.compile(r"\b(?:no|not|negative|without|absen\w+|denie[sd]|never|free of|rather than)\b", re.IGNORECASE)
# Said of another time.
_THEN = re.compile(
    r"\b(?:(?:months?|years?) (?:ago|earlier|before)|(?:19|20)\d\d|as a child|in childhood|history of|previous(?:ly)?|"
    r"in the past(?! (?:few|several|\w+ (?:days?|weeks?|months?))))\b",
    re.IGNORECASE,
)


class Feature(NamedTuple):
    """A feature of a disease: the words that state it, and whether the disease is never there without it."""

    name: str
    needed: bool
    words: re.Pattern[str] | None


@cache
def _classifications() -> dict[str, tuple[Feature, ...]]:
    found: dict[str, list[Feature]] = {}
    for row in read_table("classifications"):
        words = re.compile(rf"\b(?:{row['phrase']})", re.IGNORECASE) if row["phrase"] else None
        found.setdefault(row["condition"], []).append(Feature(row["feature"], bool(row["needed"]), words))
    return {name: tuple(features) for name, features in found.items()}


def with_classified(drafts: Sequence[Draft], text: str, sentences: Sequence[Span], lexicon: Lexicon) -> list[Draft]:
    """
    Return the drafts, with the diseases that their findings make, and those that these exclude.

    >>> from equipoise.terms.lexicon import lexicon
    >>> draft = Draft(kind="condition", name="dementia", span=(0, 8))
    >>> [(one.name, one.assertion) for one in with_classified([draft], "Dementia", [(0, 8)], lexicon())[1:]]
    [('mild cognitive impairment', 'absent'), ('healthy', 'absent')]
    """
    made = list(_made(drafts, text, sentences, lexicon))
    return [*drafts, *made, *_excluded([*drafts, *made], lexicon), *_unwell(drafts, lexicon)]


def _made(drafts: Sequence[Draft], text: str, sentences: Sequence[Span], lexicon: Lexicon) -> Iterator[Draft]:
    spoken = {one.name for one in drafts}
    for name, features in _classifications().items():
        if name in spoken or (name == "kawasaki disease" and not _is_child(drafts)):
            continue
        if any(lexicon.is_a(one, name) for one in spoken if one):
            continue
        found = {one.name: span for one in features if (span := _stated(one, drafts, text, sentences)) is not None}
        needed = [one.name for one in features if one.needed]
        others = [one for one in found if one not in needed]
        least = min(_COUNT, len(features))
        enough = len(found) >= least if name != "kawasaki disease" else len(others) >= _COUNT
        if enough and all(one in found for one in needed):
            first = min(found.values())
            made = _derived(name, (first[0], max(span[1] for span in found.values())), "present", lexicon)
            # What has criteria of its own is found by them; the others are what the note says in other words.
            yield made if len(features) > _COUNT else msgspec.structs.replace(made, qualifier=())


def _stated(feature: Feature, drafts: Sequence[Draft], text: str, sentences: Sequence[Span]) -> Span | None:
    """Return the words that state a feature of the patient, as being there now; None where none do."""
    if feature.words is None:
        return next((one.span for one in drafts if _has_fever(one)), None)
    for start, end in sentences:
        sentence = text[start:end]
        for found in feature.words.finditer(sentence):
            if _DENIED.search(found[0]) or _THEN.search(sentence):
                continue  # "the stool was negative for ova"; "hit his head as a child"
            if Sayings(sentence, [found.span()]).of(*found.span()).assertion == "present":
                return start + found.start(), start + found.end()
    return None


def _has_fever(draft: Draft) -> bool:
    """Return whether a draft is a fever of so many days."""
    days = {"d": 1, "wk": 7, "mo": 30}.get(draft.unit or "", 0)
    return (
        draft.kind == "duration"
        and draft.name == "fever"
        and isinstance(draft.value, (int, float))
        and draft.value * days >= _FEVER
    )


def _is_child(drafts: Sequence[Draft]) -> bool:
    ages = [one for one in drafts if one.name == "age" and isinstance(one.value, (int, float))]
    return any(one.unit != "a" or float(one.value or 0) < _CHILD for one in ages)


def _excluded(drafts: Sequence[Draft], lexicon: Lexicon) -> Iterator[Draft]:
    spoken = {one.name for one in drafts if one.kind == "condition"}
    for row in read_table("exclusive"):
        here = (
            one
            for one in drafts
            if one.kind == "condition"
            and one.assertion == "present"
            and lexicon.is_a(one.name, row["condition"])
            and (not row["qualifier"] or row["qualifier"] in one.qualifier)
        )
        cause = next(here, None)
        if cause is not None and row["denies"] not in spoken:
            yield _derived(row["denies"], cause.span, "absent", lexicon)


def _unwell(drafts: Sequence[Draft], lexicon: Lexicon) -> Iterator[Draft]:
    """Yield that who is in hospital, or has a disease of weight, is not healthy, unless the note calls them so."""
    if any(lexicon.is_a(one.name, "healthy") or one.name == WHOLE for one in drafts):
        return
    here = (one for one in drafts if one.assertion == "present" and one.kind in ("condition", "procedure"))
    cause = next((one for one in here if MEASURED not in one.qualifier and _weighs(one, lexicon)), None)
    if cause is not None:
        # No result of a day: whoever has such a disease is no healthy volunteer either.
        yield msgspec.structs.replace(_derived("healthy", cause.span, "absent", lexicon), qualifier=())


def _weighs(draft: Draft, lexicon: Lexicon) -> bool:
    if draft.kind == "procedure":
        return draft.name in ("hospitalization", "icu admission") and draft.when is None and draft.until is None
    return any(lexicon.is_a(draft.name, one) for one in _DISEASES)


def _derived(name: str, span: Span, assertion: Assertion, lexicon: Lexicon) -> Draft:
    concept = lexicon.find(name)
    codes = {} if concept is None else codes_of(concept)
    return Draft(kind="condition", name=name, codes=codes, span=span, assertion=assertion, qualifier=(MEASURED,))
