"""
Learn other names from what records say, with evidence for each.

Two kinds are learnt. *Names of substances*, from lists of an intervention's other names: a name that the lexicon does
not know is one of the drug that the list is about, where two sponsors say so, or one in a list that has two known
names of the drug, or, where it is a maker's code, with one. *Names of conditions*, from studies with one condition
for which the registry gives one term: where both go together in most records of the name, said by several sponsors.

What could be wider, narrower or another thing is left: a list about two drugs, a name that has a known name in it
(what stands beside it narrows), a class of drugs, a name said of several drugs. What the lexicon knows of both stays
as it is.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations

import msgspec

from equipoise.store.evidence import Said
from equipoise.store.taught import Lesson
from equipoise.terms.lexicon import Concept, Lexicon
from equipoise.terms.naming import clean_name, is_code, is_name, name_key, name_words, words_in, words_key

# Of the studies that say of what something is a name, so many must say the same.
_AGREEING = 0.9
_SPONSORS = 2
# Conditions: studies, the share of the name's studies that have the term, of the term's that have the name, and
# normalized pointwise mutual information.
_STUDIES, _FORWARD, _BACK, _TOGETHER = 3, 0.8, 0.05, 0.5

# Not what a study is about, so that nothing is another name of it.
_NO_THING = frozenset(
    ("placebo", "medication", "sodium chloride", "normal saline", "standard of care", "albumin infusion")
)
_BESIDE = frozenset(("disease", "disorder", "syndrome", "human", "of", "the", "in", "and"))
# What makes a condition a narrower one.
_NARROWING = words_in(
    """
    acute adult advanced childhood chronic congenital early end familial high idiopathic juvenile late locally low
    metastatic mild moderate newborn non pediatric persistent post postoperative primary recurrent refractory
    relapsed resistant secondary severe stage unspecified
    """
)


class _Support:
    """Who said that a name is one of a thing."""

    __slots__ = ("listed", "sponsors", "studies")

    def __init__(self) -> None:
        self.studies: set[int] = set()
        self.sponsors: set[str] = set()
        self.listed = False  # beside two known names of the thing, or one and it is a code, in a registrant's list

    def add(self, study: int, sponsor: str) -> None:
        self.studies.add(study)
        self.sponsors.add(sponsor)


class _Seen(msgspec.Struct, frozen=True):
    """What a text is: the drug that it names, the drugs that are named in it, or perhaps a new name."""

    key: str
    text: str
    drug: str = ""
    inside: tuple[str, ...] = ()
    new: bool = False


def _inside(words: list[str], lexicon: Lexicon) -> Iterator[Concept]:
    """Yield what is named in words, the longest first at each place."""
    at = 0
    while at < len(words):
        found = lexicon.longest(words, at)
        if found is not None:
            yield found[0]
        at += found[1] if found is not None else 1


def _parts(words: list[str], lexicon: Lexicon) -> Iterator[Concept]:
    """Yield what is named by a part of words that is not all of them, at any place and of any length."""
    for start in range(len(words)):
        for stop in range(start + 1, len(words) + 1):
            if stop - start < len(words) and (found := lexicon.find(" ".join(words[start:stop]))):
                yield found


def _is_described(concept: Concept | None, lexicon: Lexicon) -> bool:
    """Return whether the lexicon says more of a concept than that there is such a name."""
    if concept is None:
        return False
    said = concept.ambiguous or concept.codes or concept.synonyms
    return bool(said or lexicon.ancestors(concept.name) or lexicon.members(concept.name))


class _Substances:
    """Learns names of drugs from lists of other names."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._seen: dict[str, _Seen] = {}
        self._spelled: dict[str, Counter[str]] = {}
        self._uses: dict[str, dict[str, _Support]] = {}
        self._pairs: dict[tuple[str, str], _Support] = {}

    def _look(self, text: str) -> _Seen:
        known = self._seen.get(text)
        if known is None:
            known = self._seen[text] = self._read(text)
        return known

    def _read(self, text: str) -> _Seen:
        text = clean_name(text)
        words = name_words(text)
        key = words_key(words)
        if not words:
            return _Seen("", text)
        concept = self._lexicon.find(" ".join(words))
        if concept is not None:
            return _Seen(key, text, concept.name if concept.kind == "drug" and not concept.ambiguous else "")
        found = [one for one in _inside(words, self._lexicon) if not one.ambiguous]
        drugs = tuple(one.name for one in found if one.kind == "drug")
        return _Seen(key, text, inside=drugs, new=not found and is_name(text))

    def add(self, names: tuple[str, ...], study: int, sponsor: str, *, own: bool) -> None:
        """Learn from the names of one intervention; *own* are a registrant's, others the registry's."""
        first = self._look(names[0])
        if _is_joined(first.text):
            return
        seen = {one.key: one for one in map(self._look, names) if one.key}
        drugs = {name for one in seen.values() for name in (one.drug, *one.inside) if name}
        # "Interferon" beside "peginterferon alfa" names the class that it belongs to.
        things = {name for name in drugs if not any(name != one and self._lexicon.is_a(one, name) for one in drugs)}
        new = {key: one.text for key, one in seen.items() if one.new}
        if len(things) > 1 or not (first.new or things.intersection((first.drug, *first.inside))):
            return  # of two drugs, or of a class with its members: nobody knows which one has the name
        for key, text in new.items():
            self._spelled.setdefault(key, Counter())[text] += 1
        if things:
            known = sum(bool(one.drug) for one in seen.values()) if own else 0
            for key in new:
                support = self._uses.setdefault(key, {}).setdefault(next(iter(things)), _Support())
                support.add(study, sponsor)
                support.listed |= known > 1 or (known > 0 and is_code(new[key]))
        elif own:
            for one, other in combinations(sorted(new), 2):
                self._pairs.setdefault((one, other), _Support()).add(study, sponsor)

    def _written(self, key: str) -> str:
        """Return a name as most write it."""
        return min(self._spelled[key].items(), key=lambda item: (-item[1], item[0]))[0]

    def lessons(self) -> Iterator[Lesson]:
        """Yield what was learnt."""
        for key, uses in self._uses.items():
            thing, support = max(uses.items(), key=lambda item: (len(item[1].studies), item[0]))
            total = sum(len(one.studies) for one in uses.values())
            sure = len(support.sponsors) >= _SPONSORS or support.listed
            named = is_name(thing) and thing not in _NO_THING and not self._is_class(thing)
            if sure and named and len(support.studies) >= _AGREEING * total:
                yield Lesson(self._written(key), thing, len(support.studies), len(support.sponsors))
        for pair, support in self._pairs.items():
            if len(support.sponsors) < _SPONSORS or any(key in self._uses for key in pair):
                continue
            # The thing goes by the name that more write, and by a name rather than a code.
            first, second = sorted(pair, key=lambda key: (is_code(self._written(key)), -self._count(key), key))
            yield Lesson(self._written(second), self._written(first), len(support.studies), len(support.sponsors))

    def _count(self, key: str) -> int:
        return self._spelled[key].total()

    def _is_class(self, thing: str) -> bool:
        """Return whether a drug has members of its own: a regimen of several drugs is a member of each, and no kind."""
        above = {thing, *self._lexicon.ancestors(thing)}
        return any(above.issuperset(self._lexicon.ancestors(one)) for one in self._lexicon.members(thing))


def _is_joined(text: str) -> bool:
    words = text.lower().split()
    return "+" in text or "/" in text or not {"and", "plus", "with"}.isdisjoint(words)


class _Conditions:
    """Learns names of conditions from the registry's terms for them."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._support: dict[tuple[str, str], _Support] = {}
        self._names: Counter[str] = Counter()
        self._terms: Counter[str] = Counter()
        self._spelled: dict[str, Counter[str]] = {}
        self._keys: dict[str, str] = {}
        self._studies = 0

    def add(self, condition: str, terms: tuple[str, ...], study: int, sponsor: str) -> None:
        """Learn from a study's only condition and the registry's terms for it."""
        key = self._keys.get(condition) or self._keys.setdefault(condition, name_key(condition))
        self._studies += 1
        self._names[key] += 1
        self._terms.update(terms)
        if len(terms) == 1:
            self._spelled.setdefault(key, Counter())[" ".join(condition.split())] += 1
            self._support.setdefault((key, terms[0]), _Support()).add(study, sponsor)

    def lessons(self) -> Iterator[Lesson]:
        """Yield what was learnt."""
        for (key, term), support in self._support.items():
            together = len(support.studies)
            if together < _STUDIES or len(support.sponsors) < _SPONSORS:
                continue
            forward, back = together / self._names[key], together / self._terms[term]
            if forward < _FORWARD or back < _BACK or self._shared(together, key, term) < _TOGETHER:
                continue
            name = min(self._spelled[key].items(), key=lambda item: (-item[1], item[0]))[0]
            if self._is_same(name, term):
                concept = self._concept(name)
                hub = concept if _is_described(concept, self._lexicon) else self._concept(term)
                thing, other = (term, name) if hub is not concept or hub is None else (name, term)
                yield Lesson(other, hub.name if hub else thing, together, len(support.sponsors))

    def _shared(self, together: int, key: str, term: str) -> float:
        """Return how much the two go together beyond chance, from -1 to 1."""
        chance = self._names[key] * self._terms[term] / self._studies
        return math.log(together / chance) / (math.log(self._studies / together) or 1.0)

    def _concept(self, text: str) -> Concept | None:
        return self._lexicon.find(" ".join(name_words(text))) or self._lexicon.find(" ".join(name_words(_turned(text))))

    def _is_same(self, name: str, term: str) -> bool:
        """Return whether nothing in two names says that one is narrower, or that they are known to be apart."""
        if len(name) <= 3 and name.isupper():
            return False
        ours, theirs = self._concept(name), self._concept(term)
        if _is_described(ours, self._lexicon) and _is_described(theirs, self._lexicon):
            return False
        if ours is not None and (ours.ambiguous or ours.kind != "condition"):
            return False
        first, second = set(name_key(name).split()), set(name_key(term).split())
        if first - _BESIDE <= second or second - _BESIDE <= first:
            return False  # of one, the other says more; or only less, which every search finds
        if (first ^ second) & _NARROWING or any(word.isdigit() for word in first ^ second):
            return False
        parts = _parts(name_words(name), self._lexicon)
        return not any(one.kind == "condition" and not one.ambiguous for one in parts)


def _turned(term: str) -> str:
    """Return a heading in the order in which people say it.

    >>> _turned("Carcinoma, Non-Small-Cell Lung")
    'Non-Small-Cell Lung Carcinoma'
    """
    return " ".join(reversed([part.strip() for part in term.split(",")]))


def learn(evidence: Iterable[tuple[int, Said]], lexicon: Lexicon) -> list[Lesson]:
    """
    Return what the records of a library teach, in order of name.

    >>> from equipoise.terms.lexicon import lexicon
    >>> said = [(1, Said("A", lists=(("cyclophosphamide", "Neosar"),))), (2, Said("B", lists=(("Cytoxan", "Neosar"),)))]
    >>> learn(said, lexicon())
    [Lesson(name='Neosar', thing='cyclophosphamide', studies=2, sponsors=2)]
    """
    substances, conditions = _Substances(lexicon), _Conditions(lexicon)
    for study, said in evidence:
        for names in said.lists:
            substances.add(names, study, said.sponsor, own=True)
        if said.given:
            substances.add(said.given, study, said.sponsor, own=False)
        if said.condition:
            conditions.add(said.condition, said.terms, study, said.sponsor)
    lessons = [*substances.lessons(), *conditions.lessons()]
    return sorted(lessons, key=lambda one: (name_key(one.name), one.thing))
