"""
What a study is about: the conditions and interventions that it names, and the classes that they belong to.

Conditions, keywords, titles and interventions are read by the lexicon that ships, and so are the terms and ancestors
that the registry adds. A condition or intervention that the lexicon does not know is its own words, brought to
their stems. The index has these topics; the reasons why two studies are related are read from their records.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from equipoise.records.study import Study
from equipoise.terms.broader import broader
from equipoise.terms.lexicon import lexicon
from equipoise.terms.spelling import normal
from equipoise.terms.words import Stems

_WORD = re.compile(r"[^\W_]+")
_KINDS = frozenset(("condition", "drug", "procedure", "gene"))

# So many studies have these that they say nothing of any.
_UNTELLING = frozenset(
    (
        "placebo", "medication", "sodium chloride", "disease", "symptom", "comorbidity", "infusion",
        "standard of care", "supportive care", "blindness", "clinical trial", "tablet", "injection",
    )
)  # fmt: skip

# What stands before or after a name that the study is not about: "patients without diabetes", "steroid-free".
_NOT_BEFORE = frozenset(("without", "non", "no", "not", "excluding"))
_NOT_AFTER = frozenset(("free", "negative", "naive"))

# A condition or intervention in more words than this is a sentence; nobody else writes the same.
_LONGEST = 6

_stems = Stems()


class _Begins(dict[str, bool]):
    """Whether the lexicon has a phrase that begins with a word. A load asks for the same ones all day."""

    def __missing__(self, word: str) -> bool:
        found = lexicon().begins(word)
        if len(self) < 200_000:
            self[word] = found
        return found


_begins = _Begins()


def term_of(key: str) -> str:
    """Return a topic's key as the index has it, where a space parts one from the next.

    >>> term_of("heart failure")
    'heart_failure'
    """
    return key.replace(" ", "_")


class Named(msgspec.Struct, frozen=True, array_like=True):
    """
    A condition or intervention that a study names.

    ``kind`` is the lexicon's, or ``condition`` or ``intervention`` where only the record's field tells;
    ``name`` is the lexicon's, or else the record's own words.
    """

    kind: str
    name: str


class Topics(msgspec.Struct, frozen=True):
    """
    What a study is about. ``own`` maps the key of each topic to what is named; ``above`` the key of each
    class to the names that belong to it, none where the registry alone says so. ``conditions`` are the keys
    of both that are conditions; the others are interventions.
    """

    own: dict[str, Named]
    above: dict[str, tuple[str, ...]]
    conditions: frozenset[str]

    def terms(self) -> Iterator[str]:
        """Yield the keys as the index has them: what is named itself counts twice."""
        yield from self.own
        yield from self.own
        yield from (key for key in self.above if key not in self.own)


def _words(text: str) -> list[str]:
    """Return the words of *text* in the form of the lexicon; a word in capitals stays so in a text that is not."""
    plain = _WORD.findall(normal(text))
    if text.isupper() and len(plain) > 1:
        return plain
    given = _WORD.findall(text.replace("-", " "))
    if len(given) != len(plain):
        return plain
    return [raw if raw.isupper() else word for raw, word in zip(given, plain, strict=True)]


def _named(text: str) -> tuple[tuple[Named, ...], str]:
    """Return the concepts in *text*, and its words by their stems if there is none.

    >>> _named("Anakinra in heart failure")
    ((Named(kind='drug', name='anakinra'), Named(kind='condition', name='heart failure')), '')
    >>> _named("Walking Groups")
    ((), 'walking group')
    >>> _named("Heart failure without diabetes")[0]
    (Named(kind='condition', name='heart failure'),)
    """
    words, known = _words(text), lexicon()
    found, at = [], 0
    while at < len(words):
        hit = known.longest(words, at) if _begins[words[at]] else None
        if hit is None:
            at += 1
            continue
        concept, length = hit
        # Two letters are too few to trust among others: UC is ulcerative colitis, and umbilical cord.
        short = length == 1 and len(words) > 1 and len(words[at]) < 3
        denied = _NOT_BEFORE.intersection(words[max(0, at - 1) : at]) or _NOT_AFTER.intersection(
            words[at + length : at + length + 1]
        )
        telling = concept.kind in _KINDS and not concept.ambiguous and concept.name not in _UNTELLING
        if telling and not short and not denied:
            found.append(Named(concept.kind, concept.name))
        at += length
    rest = " ".join(_stems[word] for word in words) if not found and len(words) <= _LONGEST else ""
    return tuple(found), rest


# Conditions, interventions and the registry's terms come again and again; titles do not.
_named_again = lru_cache(maxsize=50_000)(_named)


def _texts(study: Study) -> Iterator[tuple[str, str]]:
    """Yield the texts that name topics, and what the whole text is, whatever it says; nothing for a keyword."""
    for condition in study.conditions:
        yield condition, "condition"
    for intervention in study.interventions:
        if intervention.name:
            yield intervention.name, "intervention"
        for name in intervention.other_names:
            yield name, "intervention"
    for keyword in study.keywords:
        yield keyword, ""
    for terms, kind in ((study.condition_terms, "condition"), (study.intervention_terms, "intervention")):
        for term in terms:
            if term.term:
                yield term.term, kind


class Naming(msgspec.Struct, frozen=True, array_like=True):
    """
    What a record names, of which its topics are made: ``own`` as in `Topics`, and the keys of the ancestors that
    the registry gives its ``conditions`` and its ``interventions``.
    """

    own: dict[str, Named]
    conditions: tuple[str, ...]
    interventions: tuple[str, ...]

    def keys(self) -> dict[str, bool]:
        """Return the keys of the topics, the classes first, each with whether it is a condition."""
        own = {key: one.kind in ("condition", "gene") for key, one in self.own.items()}
        found: dict[str, bool] = {}
        for key, is_condition in own.items():
            for name in broader(key.removeprefix("~")):
                if is_condition or name not in found:
                    found[name] = is_condition
        found.update(dict.fromkeys(self.conditions, True))
        for key in self.interventions:
            found.setdefault(key, False)
        found.update(own)
        return found

    def topics(self) -> Topics:
        """Return what the study is about."""
        above: dict[str, tuple[str, ...]] = {}
        for key, one in self.own.items():
            for name in broader(key.removeprefix("~")):
                above[name] = (*above.get(name, ()), one.name)
        for key in (*self.conditions, *self.interventions):
            above.setdefault(key, ())
        conditions = frozenset(key for key, is_condition in self.keys().items() if is_condition)
        return Topics(self.own, above, conditions)


def read_naming(study: Study) -> tuple[Naming, Naming]:
    """
    Return what a record names, and that without its official title.

    The official title is the longest text with the least that stands nowhere else, and the index does without.
    """
    own: dict[str, Named] = {}
    for text, kind in _texts(study):
        named, rest = _named_again(text)
        for one in named:
            own[one.name] = one
        if kind and rest and rest not in _UNTELLING:
            own.setdefault(f"~{rest}", Named(kind, " ".join(text.split())))
    for one in _named(study.title or study.official_title or "")[0]:
        own[one.name] = one
    conditions = tuple(key for term in study.condition_ancestors for key in _keys(term.term or ""))
    interventions = tuple(key for term in study.intervention_ancestors for key in _keys(term.term or ""))
    whole = dict(own)
    if study.title and study.official_title:
        for one in _named(study.official_title)[0]:
            whole[one.name] = one
    return Naming(whole, conditions, interventions), Naming(own, conditions, interventions)


def read_topics(study: Study, *, brief: bool = False) -> Topics:
    """
    Return what a study is about; *brief* is without its official title.

    >>> found = read_topics(Study(number="NCT99000000", title="Anakinra for ARDS", conditions=("Long Walks",)))
    >>> list(found.own), found.above["critical illness"]
    (['~long walk', 'anakinra', 'acute respiratory distress syndrome'], ('acute respiratory distress syndrome',))
    """
    return read_naming(study)[brief].topics()


@lru_cache(maxsize=20_000)
def _keys(term: str) -> tuple[str, ...]:
    """Return the keys of an ancestor that the registry gives."""
    named, rest = _named(term)
    return (*(one.name for one in named), *((f"~{rest}",) if rest else ()))
