"""
The catalogue's names of what a record calls by codes and words.

The table of codes comes first, since the words beside a code may say less than the code ("Diabetes" for type 2).
Then come the words, taken whole, without what names only the kind of entry ("(disorder)") or adds nothing
("unspecified"). A part of a name is never taken for the name: "aspirin allergy" is not aspirin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from equipoise.records.patient import Assertion, FactKind
from equipoise.sources.fhir.elements import codings, words_of
from equipoise.terms.coded import named
from equipoise.terms.lexicon import Concept, lexicon
from equipoise.terms.spelling import normal

# SNOMED CT ends a name with the kind of entry; some records end it with an abbreviation of the name.
_TAG = re.compile(
    r"\s*\((?:disorder|finding|procedure|situation|event|substance|product|regime/therapy|morphologic abnormality"
    r"|observable entity|organism|physical object|qualifier value|medicinal product|clinical drug|record artifact"
    r"|[A-Z][A-Za-z]{1,6})\)\s*$"
)
# What ICD-10-CM adds and what adds nothing to a name.
_EMPTY = re.compile(
    r",?\s*\b(?:unspecified(?:\s+(?:site|part|severity|side|degree|organism|type|whether|eye)\b.*)?|uncomplicated|nos"
    r"|initial encounter.*|subsequent encounter.*|not intractable.*|single episode.*|site not specified"
    r"|without (?:complications?|status migrainosus|esophagitis|loss of consciousness|aura)\b.*"
    r"|not otherwise specified)$",
    re.I,
)
_UNSPECIFIED = re.compile(
    r"^(?:unspecified|other)\s+|\bunspecified (?:site|part) of (?:unspecified )?(?:female )?", re.I
)
_KIND_OF_STATEMENT: tuple[tuple[re.Pattern[str], Assertion], ...] = (
    (re.compile(r"^no (?:known )?(?:personal )?history of\s+", re.I), "absent"),
    (re.compile(r"^(?:family history(?: of|:)|fh:?)\s+", re.I), "family"),
    (
        re.compile(r"^(?:(?:personal |past |previous )?(?:medical )?history of|h/o|status post|s/p)\s+", re.I),
        "historical",
    ),
    (re.compile(r"^(?:suspected|suspicion of|possible|probable|presumed)\s+", re.I), "possible"),
    (re.compile(r"^(?:no evidence of|absence of|no known|denies|no)\s+", re.I), "absent"),
)


class Named(msgspec.Struct, frozen=True):
    """A name, what kind of thing it names, how the words state it, and whether the catalogue has it."""

    name: str
    kind: FactKind
    assertion: Assertion = "present"
    known: bool = True
    ever: bool = False
    also: tuple[str, ...] = ()


def find(words: str) -> Concept | None:
    """Return what words, taken whole, name for certain.

    >>> find("Myocardial Infarction").name, find("DM diet")
    ('myocardial infarction', None)
    """
    return _find(words)


@lru_cache(maxsize=8192)
def _find(words: str) -> Concept | None:
    for form in dict.fromkeys((words, normal(words), normal(re.sub(r"[-_,/]+", " ", words)))):
        found = lexicon().find(" ".join(form.split()))
        if found is not None and not found.ambiguous:
            return found
    return None


def untagged(words: str) -> str:
    """Return a name without the kind of entry behind it.

    >>> untagged("Asthma (disorder)"), untagged("Type 2 diabetes (DM)")
    ('Asthma', 'Type 2 diabetes')
    """
    while (shorter := _TAG.sub("", words)) != words and shorter:
        words = shorter
    return words.replace("_", " ").strip()


def stated(words: str) -> tuple[str, Assertion, bool]:
    """
    Return what is named, how the words state it, and whether they speak of all the past.

    >>> stated("History of appendectomy"), stated("Suspected sepsis (situation)")
    (('appendectomy', 'historical', True), ('sepsis', 'possible', False))
    """
    words = untagged(words)
    for pattern, assertion in _KIND_OF_STATEMENT:
        rest = pattern.sub("", words)
        if rest != words and rest:
            return rest, assertion, "history" in words.lower()
    return words, "present", False


def forms(words: str) -> Iterator[str]:
    """Yield a name and what is left of it without words that add nothing."""
    yield words
    shorter = _EMPTY.sub("", words)
    while shorter != words and shorter:
        yield shorter
        words, shorter = shorter, _EMPTY.sub("", shorter)
    plain = _UNSPECIFIED.sub("", words)
    if plain != words and plain:
        yield plain


def condition_named(concept: object, *, exact: bool = False) -> Named | None:
    """
    Return what a CodeableConcept of a condition or procedure names, None where it has neither code nor words.

    With *exact* no wider name will do: the absence of the wider thing is more than the record says.

    >>> one = condition_named({"text": "History of appendectomy (situation)"})
    >>> one.name, one.kind, one.assertion
    ('appendectomy', 'procedure', 'historical')
    """
    said = [stated(words) for words in words_of(concept)]
    if not exact:
        for coding in codings(concept):
            row = named(coding.system, coding.code)
            if row is not None:
                history = row.kind == "history" or any(assertion == "historical" for _, assertion, _ in said)
                kind: FactKind = (
                    "procedure" if row.kind == "procedure" else "drug" if row.kind == "drug" else "condition"
                )
                return Named(
                    row.names[0], kind, "historical" if history else "present", ever=history, also=row.names[1:]
                )
    for words, assertion, ever in said:
        for form in (words,) if exact else forms(words):
            found = find(form)
            if found is not None and found.kind in ("condition", "procedure", "drug"):
                return Named(found.name, _kind(found.kind), assertion, ever=ever)
    if said:
        words, assertion, ever = said[0]
        return Named(normal(words), "condition", assertion, known=False, ever=ever)
    code = next((f"{one.system.rpartition('/')[2]} {one.code}" for one in codings(concept)), "")
    return Named(code, "condition", known=False) if code else None


def _kind(kind: str) -> FactKind:
    return "procedure" if kind == "procedure" else "drug" if kind == "drug" else "condition"
