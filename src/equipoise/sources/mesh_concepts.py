"""
What the lexicon learns from MeSH: new names for what it knows, new concepts, and what is a kind of what.

A heading that our tables name already stays one concept, under our name, with MeSH's identifier and those of its
names that we lack: so a class of ours and its members hold. A phrase that our tables know keeps its meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from equipoise.sources.mesh import Heading
from equipoise.terms.lexicon import Code, Concept, Lexicon
from equipoise.terms.spelling import normal
from equipoise.terms.vocabulary import Vocabulary
from equipoise.terms.words import QUALIFIERS

# Of MeSH's sixteen branches criteria ask for four; the others hold anatomy, organisms, places, kinds of people …
_KINDS = (("C", "condition"), ("F03", "condition"), ("D", "drug"), ("E", "procedure"))
# Words of the headings at the top of the tree: a phrase of nothing else says nothing about a patient.
_NEVER = frozenset(
    re.findall(
        r"\w+",
        """
        disease diseases syndrome symptom diagnosis therapeutics therapy treatment prognosis recurrence signs drug drugs
        pharmaceutical preparations chemicals water air food proteins peptides hormones enzymes surgical equipment death
        methods techniques investigative device devices research analysis evaluation monitoring risk safety
        """,
    )
)
# Where the tree files a heading for want of a better place: a disease of the breast is none of the skin, and a slipped
# disc is no hernia that a criterion means. The heading at the left is no kind of those at the right.
_NO_KIND = {
    "Breast Diseases": ("Skin Diseases", "Skin and Connective Tissue Diseases"),
    "Intervertebral Disc Displacement": ("Hernia", "Pathological Conditions, Anatomical"),
}


def is_no_kind(above: str, headings: Iterable[str]) -> bool:
    """Return whether a heading stands *above* others in the tree without their being kinds of it.

    >>> is_no_kind("Skin Diseases", ["Breast Neoplasms", "Breast Diseases"])
    True
    >>> is_no_kind("Neoplasms", ["Breast Neoplasms", "Breast Diseases"])
    False
    """
    return any(above in _NO_KIND.get(one, ()) for one in headings)


class _Entry(msgspec.Struct):
    """A heading on its way to becoming a concept."""

    kind: str
    name: str
    heading: Heading
    phrases: tuple[str, ...]


def mesh_vocabulary(headings: Iterable[Heading], known: Lexicon, *, file: str) -> Vocabulary:
    """Return what *known* learns from headings of MeSH.

    >>> from equipoise.terms.lexicon import lexicon
    >>> neoplasm = Heading("D999999", "Grubber Fever", ("Fever, Grubber",), ("C01.500",))
    >>> mesh_vocabulary([neoplasm], lexicon(), file="desc.xml").concepts[0].name
    'grubber fever'
    """
    entries: list[_Entry] = []
    left_out = 0
    for heading in headings:
        found = _entries(heading, known)
        entries += found
        left_out += not found
    concepts = _concepts(entries, known)
    return Vocabulary("mesh", file, tuple(concepts.values()), _parents(entries, known), left_out)


def spoken(term: str) -> str:
    """Return a heading as it is spoken, in the form in which phrases are compared.

    >>> spoken("Carcinoma, Non-Small-Cell Lung"), spoken("Leukemia, Myeloid, Acute"), spoken("AIDS")
    ('non small cell lung carcinoma', 'acute myeloid leukemia', 'AIDS')
    """
    # "AIDS" in lower case would be found in "hearing aids": an abbreviation is found in capitals only.
    if term.isupper() and term.isalnum():
        return term
    words = " ".join(reversed([normal(part) for part in term.split(", ")]))
    return " ".join(re.sub(r"[^\w\s'/+]", " ", words).split())


def _kind(heading: Heading) -> str | None:
    """Return what kind of thing a heading names, or None where criteria do not ask for such things."""
    for branch, kind in _KINDS:
        placed = any(tree.startswith(branch) for tree in heading.trees)
        # Of the chemicals only those count that MeSH gives a pharmacological action, and the actions themselves:
        # the rest are measured, eaten or found in the body.
        if placed and (kind != "drug" or heading.actions or any(tree.startswith("D27") for tree in heading.trees)):
            return kind
    return None


def usable(phrase: str) -> bool:
    """Return whether a phrase of MeSH says something about a patient by itself."""
    words = phrase.split()
    return len(phrase) > 3 and len(words) <= 8 and not all(one in QUALIFIERS or one in _NEVER for one in words)


def _entries(heading: Heading, known: Lexicon) -> list[_Entry]:
    """Return a heading and the narrower meanings under it, those that a criterion may name."""
    kind = _kind(heading)
    if kind is None:
        return []
    made = [_entry(kind, heading.name, heading.terms, heading, known)]
    made += [_entry(kind, one.name, one.terms, heading, known) for one in heading.narrower]
    return [entry for entry in made if entry is not None]


def _entry(kind: str, name: str, terms: tuple[str, ...], heading: Heading, known: Lexicon) -> _Entry | None:
    phrases = tuple(dict.fromkeys(phrase for phrase in map(spoken, (name, *terms)) if usable(phrase)))
    if not phrases:
        return None
    found = [one for one in map(known.find, phrases) if one is not None and one.kind == kind and not one.ambiguous]
    named = known.find(phrases[0])
    if named is not None and (named.kind != kind or named.ambiguous):
        # A name that our tables give to another kind of thing is left to them.
        return None
    # Other names tell which of our concepts this is only where they agree.
    agreed = named.name if named else found[0].name if len({one.name for one in found}) == 1 else phrases[0].lower()
    return _Entry(kind, agreed, heading, phrases)


def _concepts(entries: list[_Entry], known: Lexicon) -> dict[str, Concept]:
    concepts: dict[str, Concept] = {}
    claimed: dict[str, str] = {}
    for entry in entries:
        fresh = [
            one
            for one in entry.phrases
            if known.find(one) is None and claimed.setdefault(one, entry.name) == entry.name
        ]
        had = concepts.get(entry.name) or _known(entry.name, known) or Concept(entry.kind, entry.name)
        code = Code("mesh", entry.heading.identifier)
        own = spoken(entry.heading.name) in entry.phrases and not any(one.system == "mesh" for one in had.codes)
        # A name of ours that may mean something else too is not made certain by being told again.
        clear = [one for one in had.synonyms if entry.name in concepts or _means(one, entry.name, known)]
        names = dict.fromkeys((*clear, *(one for one in fresh if one != entry.name)))
        codes = (*had.codes, code) if own else had.codes
        concepts[entry.name] = msgspec.structs.replace(had, codes=codes, synonyms=tuple(names))
    return concepts


def _means(phrase: str, name: str, known: Lexicon) -> bool:
    found = known.find(phrase)
    return found is not None and found.name == name and not found.ambiguous


def _known(name: str, known: Lexicon) -> Concept | None:
    found = known.find(name)
    return found if found is not None and found.name == name else None


def _parents(entries: list[_Entry], known: Lexicon) -> dict[str, tuple[str, ...]]:
    """Return the classes of each concept: the heading above it in the tree, and the actions of a drug."""
    by_tree = {tree: entry for entry in reversed(entries) for tree in entry.heading.trees}
    heads = {id(entry.heading): entry for entry in reversed(entries)}
    actions = {entry.heading.name: entry.name for entry in entries if heads[id(entry.heading)] is entry}
    parents: dict[str, dict[str, None]] = {}
    for entry in entries:
        head = heads[id(entry.heading)]
        above = [head] if head is not entry else [_above(tree, by_tree) for tree in entry.heading.trees]
        names = [
            one.name
            for one in above
            if one is not None and one.kind == entry.kind and not is_no_kind(one.heading.name, [entry.heading.name])
        ]
        names += filter(None, (actions.get(action) or _drug_class(action, known) for action in entry.heading.actions))
        for name in names:
            # Our own tables decide where both say something: MeSH may not turn a class of ours upside down.
            if name != entry.name and not known.is_a(name, entry.name) and entry.name not in parents.get(name, {}):
                parents.setdefault(entry.name, {})[name] = None
    return {name: tuple(above) for name, above in parents.items()}


def _drug_class(action: str, known: Lexicon) -> str | None:
    """Return our class of drugs with an action that the file does not describe."""
    found = known.find(spoken(action))
    return found.name if found is not None and found.kind == "drug" and not found.ambiguous else None


def _above(tree: str, by_tree: dict[str, _Entry]) -> _Entry | None:
    """Return the nearest heading above a place in the tree."""
    while "." in tree:
        tree = tree.rpartition(".")[0]
        if tree in by_tree:
            return by_tree[tree]
    return None
