"""
The lexicon: which phrase names which condition, drug, procedure, gene or event, and what is a kind of what.

Phrases are compared by the stems of their words (`equipoise.terms.words`), the longest first. A phrase in
capitals in the tables (ALL, MS, CAP) is found only where the text writes it in capitals, since in lower case
it is an English word, a unit or too many things. A phrase that names more than one thing is *ambiguous*:
whoever asks must know from its surroundings that this thing is meant, or say that it does not know.

``is_a`` reasons in the safe direction only. That rivaroxaban is an anticoagulant is listed; that something
is *not* an anticoagulant never follows from a list, so ``False`` here means "not known to be", never "is not".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files

import msgspec

from equipoise.terms.phrases import Phrases
from equipoise.terms.words import Stems, unseen

TABLES = ("conditions", "drugs", "procedures", "genes", "classes", "events")

# What an unseen condition is for certain, by its last word.
_HEAD_CLASS = {
    "cancer": "malignant tumor",
    "carcinoma": "malignant tumor",
    "malignancy": "malignant tumor",
    "leukemia": "leukemia",
    "lymphoma": "lymphoma",
    "sarcoma": "sarcoma",
    "tumor": "neoplasm",
    "neoplasm": "neoplasm",
    "infection": "infection",
    "fracture": "fracture",
    "injury": "trauma",
    "hemorrhage": "bleeding",
    "bleeding": "bleeding",
    "pain": "pain",
}


class Code(msgspec.Struct, frozen=True):
    """A code and the system it belongs to: ``icd10cm``, ``mesh``, ``drugbank``."""

    system: str
    value: str


class Concept(msgspec.Struct, frozen=True):
    """
    What a phrase names.

    ``kind`` is ``condition``, ``drug``, ``procedure``, ``gene``, ``variant``, ``measurement`` or ``event``.
    ``ambiguous`` belongs to the phrase that was found, ``guessed`` says that no table lists the name and
    only the form of its words gave it away.
    """

    kind: str
    name: str
    codes: tuple[Code, ...] = ()
    synonyms: tuple[str, ...] = ()
    ambiguous: bool = False
    guessed: bool = False


class _Shelves(Phrases):
    """
    Phrases shelved by their first stem; a shelf's phrases are given their keys when a text first asks for it.

    A run reads a few thousand words; keys for all 34,000 phrases would take most of the time to load.
    """

    def add(self, phrase: str, name: str, *, anew: bool = False) -> None:
        """Let *phrase* find *name*; the first to claim a phrase keeps it, unless it is claimed *anew*."""
        first = self.stems[phrase.partition(" ")[0]]
        if first in self.behind:
            super().add(phrase, name, anew=anew)
        else:
            self._heads.clear()
            self._waiting.setdefault(first, []).append((phrase, name, anew))

    def phrases(self) -> Iterable[str]:
        """Return the key of every phrase."""
        for first in list(self._waiting):
            self._open(first)
        return self.names.keys()

    def copy(self) -> _Shelves:
        """Return an index that may grow without changing this one."""
        twin = _Shelves(self.stems)
        twin._take(self)
        twin._waiting = {first: list(shelf) for first, shelf in self._waiting.items()}
        return twin


class Lexicon:
    """
    Concepts by phrase, and classes by member.

    >>> words = "history of type 2 diabetes mellitus".split()
    >>> concept, length = lexicon().longest(words, 2)
    >>> concept.name, length
    ('type 2 diabetes', 4)
    >>> lexicon().is_a("rivaroxaban", "anticoagulant")
    True
    """

    def __init__(self) -> None:
        self._rows: dict[str, tuple[str, str, str]] = {}
        self._parents: dict[str, tuple[str, ...]] = {}
        self._children: dict[str, tuple[str, ...]] | None = None
        self._things = _Shelves(Stems())
        self._events = _Shelves(self._things.stems)
        self._concepts: dict[str, Concept] = {}

    def longest(self, words: Sequence[str], start: int, *, guess: bool = False) -> tuple[Concept, int] | None:
        """
        Return what the longest known phrase at *start* names, and its length in words.

        *words* are normalized; a word in capitals in the source may be left in capitals. With *guess*, a
        longer name that only the form of its words gives away is taken instead.
        """
        found = self._things.longest(words, start)
        if guess:
            shape = unseen(words, start)
            # "Nausea syndrome" is no syndrome's name: it is nausea, in a list whose last item is one.
            listed = (
                found is not None
                and shape is not None
                and self._things.stems[words[start + shape[1] - 1]] == "syndrome"
            )
            if shape is not None and not listed and (found is None or shape[1] > found[1]):
                return self._guessed(shape[0], words[start : start + shape[1]]), shape[1]
        return None if found is None else (self._concept(found[0]), found[1])

    def begins(self, word: str) -> bool:
        """Return whether a phrase begins with *word*; most words begin none, and this is quick to ask."""
        return self._things.begins(word)

    def begins_event(self, word: str) -> bool:
        """Return whether the phrase of a moment begins with *word*."""
        return self._events.begins(word)

    def longest_event(self, words: Sequence[str], start: int) -> tuple[Concept, int] | None:
        """Return the moment that the longest phrase at *start* names ("symptom onset", "randomization")."""
        found = self._events.longest(words, start)
        return None if found is None else (self._concept(found[0]), found[1])

    def find(self, phrase: str) -> Concept | None:
        """Return what *phrase*, taken whole, names.

        >>> lexicon().find("heart attack").name
        'myocardial infarction'
        """
        words = phrase.split()
        found = self._things.longest(words, 0) if words else None
        return self._concept(found[0]) if found is not None and found[1] == len(words) else None

    def members(self, name: str) -> frozenset[str]:
        """Return every name that is listed as a kind of *name*, itself aside."""
        if self._children is None:
            self._children = _turned(self._parents)
        return _closure(name, self._children)

    def ancestors(self, name: str) -> frozenset[str]:
        """Return every class that *name* is known to belong to."""
        above = _closure(name, self._parents)
        if not above and name not in self._rows:
            head = _HEAD_CLASS.get(name.rpartition(" ")[2])
            return frozenset() if head is None else frozenset({head, *_closure(head, self._parents)})
        return above

    def is_a(self, name: str, klass: str) -> bool:
        """Return whether *name* is *klass* or known to be a kind of it; False does not say that it is none."""
        return name == klass or klass in self.ancestors(name)

    def names(self, kind: str | None = None) -> list[str]:
        """Return the canonical names, of one kind or all."""
        return [name for name, row in self._rows.items() if kind is None or row[0] == kind]

    def phrases(self) -> Iterable[str]:
        """Yield every phrase that names something, as the tables write it."""
        for name, row in self._rows.items():
            yield name
            yield from (phrase.lstrip("?") for phrase in row[2].split(" | ") if phrase)

    def extended(self, concepts: Iterable[Concept], *, parents: Mapping[str, Sequence[str]] | None = None) -> Lexicon:
        """
        Return a lexicon that also knows *concepts*, by their names and synonyms; this one stays as it is.

        What a user adds wins over what ships: a phrase listed here finds the new concept.
        """
        wider = Lexicon()
        wider._rows, wider._parents = dict(self._rows), dict(self._parents)
        wider._things, wider._events = self._things.copy(), self._events.copy()
        wider._concepts = dict(self._concepts)
        for concept in concepts:
            wider._adopt(concept)
        for name, above in (parents or {}).items():
            wider._parents[name] = tuple(dict.fromkeys((*wider._parents.get(name, ()), *above)))
        return wider

    def _adopt(self, concept: Concept) -> None:
        index = self._events if concept.kind == "event" else self._things
        codes = " ".join(f"{code.system}:{code.value}" for code in concept.codes)
        self._rows[concept.name] = (concept.kind, codes, " | ".join(concept.synonyms))
        self._concepts[concept.name] = concept
        for phrase in (concept.name.lower(), *concept.synonyms):
            index.add(" ".join(phrase.split()), concept.name, anew=True)

    def _guessed(self, kind: str, words: Sequence[str]) -> Concept:
        last = self._things.stems[words[-1]]
        return Concept(kind, " ".join((*words[:-1], last)).lower(), guessed=True)

    def _concept(self, key: str) -> Concept:
        found = self._concepts.get(key)
        if found is None:
            name = key.removeprefix("?")
            kind, codes, phrases = self._rows[name]
            found = self._concepts[key] = Concept(
                kind=kind,
                name=name,
                codes=tuple(Code(*code.split(":", 1)) for code in codes.split()),
                synonyms=tuple(word.lstrip("?") for word in phrases.split(" | ")[:6] if word),
                ambiguous=key[0] == "?",
            )
        return found

    def _read(self, table: str) -> None:
        """Take in one table: a row is a concept, its phrases, what it is a kind of, and its members."""
        text = files("equipoise.terms").joinpath("data", f"{table}.tsv").read_text("utf-8")
        head, *lines = text.splitlines()
        kind = table.removesuffix("s")
        index = self._events if kind == "event" else self._things
        keys = head.split("\t")
        # A column that this table lacks is read from the empty cell that every line is given at its end.
        place = [keys.index(key) if key in keys else -1 for key in ("name", "kind", "codes", "phrases")]
        above, below = (keys.index(key) if key in keys else -1 for key in ("parents", "members"))
        rows, parents = self._rows, self._parents
        for line in lines:
            cells = [*line.split("\t"), ""]
            name, own_kind, codes, phrases = [cells[at] for at in place]
            if name not in rows:
                rows[name] = (own_kind or kind, codes, phrases)
                index.add(name, name)  # in its own case: "EGFR" is a gene, "eGFR" a filtration rate
            for phrase in phrases.split(" | ") if phrases else ():
                _add(index, phrase, name)
            if cells[above]:
                parents[name] = (*parents.get(name, ()), *cells[above].split(" | "))
            for member in cells[below].split(" | ") if cells[below] else ():
                parents[member] = (*parents.get(member, ()), name)


def _add(index: _Shelves, phrase: str, name: str) -> None:
    if phrase[0] == "?":
        phrase, name = phrase[1:], "?" + name
    index.add(phrase, name)
    # Tokenizers differ on what they do with a slash; "her2/neu" is found in one, two and three words.
    if "/" in phrase:
        index.add(" ".join(phrase.replace("/", " ").split()), name)
        index.add(" ".join(phrase.replace("/", " / ").split()), name)


def _turned(parents: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    children: dict[str, list[str]] = {}
    for name, above in parents.items():
        for parent in above:
            children.setdefault(parent, []).append(name)
    return {name: tuple(below) for name, below in children.items()}


def _closure(name: str, steps: Mapping[str, Sequence[str]]) -> frozenset[str]:
    found: set[str] = set()
    rest = list(steps.get(name, ()))
    while rest:
        one = rest.pop()
        if one not in found and one != name:
            found.add(one)
            rest += steps.get(one, ())
    return frozenset(found)


@cache
def lexicon() -> Lexicon:
    """Return the lexicon that ships, read once.

    >>> lexicon().find("anticoagulants").name
    'anticoagulant'
    """
    ours = Lexicon()
    for table in TABLES:
        ours._read(table)
    return ours
