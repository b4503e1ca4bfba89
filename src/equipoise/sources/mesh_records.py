"""
What the lexicon learns from the MeSH terms that registry records carry: conditions, and what they are a kind of.

A record lists the terms of its conditions and, in no order, all the headings above them. Which heading is above
which term is certain only where a record has a single term, so only such records tell classes. The terms of
interventions are left: their headings say of what a substance is made, not what it is for. So are terms that do
not say themselves that they are a disease: among them are behavior, emergencies and the like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from equipoise.records.study import MeshTerm, Study
from equipoise.sources.mesh_concepts import is_no_kind, spoken, usable
from equipoise.terms.lexicon import Code, Concept, Lexicon
from equipoise.terms.vocabulary import Vocabulary
from equipoise.terms.words import unseen

SOURCE = "records"

_DISEASES = re.compile(
    r"(?:disease|disorder|syndrome|infection|neoplasm|tumor|cancer|carcinoma|leukemia|lymphoma|sarcoma|hemorrhage|fracture"
    r"|hypersensitivity|poisoning|pain|malformation)s?|(?:injur|allerg|deficienc|anomal|abnormalit)(?:y|ies)"
)


def records_vocabulary(studies: Iterable[Study], known: Lexicon) -> Vocabulary:
    """
    Return what *known* learns from the MeSH terms of studies' conditions.

    >>> from equipoise.terms.lexicon import lexicon
    >>> grubbers, infections = MeshTerm("D999999", "Disease, Grubber"), MeshTerm("D007239", "Infections")
    >>> study = Study(number="NCT99000000", condition_terms=(grubbers,), condition_ancestors=(infections,))
    >>> records_vocabulary([study], lexicon()).parents
    {'grubber disease': ('infection',)}
    """
    learned = _Learned(known)
    count = 0
    for study in studies:
        learned.add(study)
        count += 1
    file = f"{count:,} {'study' if count == 1 else 'studies'}"
    concepts = tuple(learned.concepts[name] for name in sorted(learned.concepts))
    parents = {name: tuple(sorted(above)) for name, above in sorted(learned.parents.items())}
    return Vocabulary(SOURCE, file, concepts, parents, len(learned.left_out))


class _Learned:
    """What was learned so far."""

    def __init__(self, known: Lexicon) -> None:
        self._known = known
        self.concepts: dict[str, Concept] = {}
        self.parents: dict[str, set[str]] = {}
        self.left_out: set[str] = set()

    def add(self, study: Study) -> None:
        """Take in the terms of a study."""
        names = [self._name(term) for term in study.condition_terms]
        name = names[0] if len(names) == 1 else None
        if name is None or not self._is(name, study.condition_terms[0]):
            return
        headings = [one.term for one in (*study.condition_terms, *study.condition_ancestors) if one.term]
        for term in study.condition_ancestors:
            above = None if is_no_kind(term.term or "", headings) else self._name(term)
            if above is None or not self._is(above, term) or name in self.parents.get(above, ()):
                continue
            if not self._known.is_a(above, name) and not self._known.is_a(name, above):
                self.parents.setdefault(name, set()).add(above)

    def _is(self, name: str, term: MeshTerm) -> bool:
        """Return whether a concept is just what the term names, not something near it that has it as a synonym."""
        found = self.concepts.get(name) or self._known.find(name)
        return found is not None and Code("mesh", term.id or "") in found.codes

    def _name(self, term: MeshTerm) -> str | None:
        """Return the name of a term's concept, or None where it names nothing that a criterion asks for."""
        phrase = spoken(term.term or "")
        found = self._known.find(phrase) if phrase else None
        if found is not None and found.kind == "condition" and not found.ambiguous:
            return found.name
        # A phrase that our tables give to another kind of thing, or to several, is left to them.
        if found is not None or not usable(phrase) or not _says_disease(phrase):
            self.left_out |= {phrase} if phrase else set()
            return None
        name = phrase.lower()
        codes = (Code("mesh", term.id),) if term.id else ()
        # In its own case: "AIDS" is found in capitals only.
        # "Kite carcinoma" was taken for a cancer by its last word; listed, it is one only if that is listed too.
        if name not in self.concepts and (by_its_form := self._known.ancestors(name)):
            self.parents[name] = set(by_its_form)
        self.concepts.setdefault(name, Concept("condition", name, codes, (phrase,) if phrase != name else ()))
        return name


def _says_disease(phrase: str) -> bool:
    """Return whether the last word of a phrase says that it is a disease.

    >>> _says_disease("peripheral nervous system diseases"), _says_disease("social behavior")
    (True, False)
    """
    words = phrase.lower().split()
    return bool(_DISEASES.fullmatch(words[-1])) or unseen(words, 0) == ("condition", len(words))
