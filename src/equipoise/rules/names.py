"""Whether two names mean the same thing, or one a kind of the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import msgspec

from equipoise.records.patient import Fact
from equipoise.rules.nodes import ConceptRef
from equipoise.rules.qualifiers import levelled, stated_by
from equipoise.terms.lexicon import Lexicon
from equipoise.terms.spelling import normal

# Systems in which one code is one thing. A disease code of ICD or MeSH often names a group: hypertension and
# essential hypertension share I10, malignancy and neoplasm share a heading, so that equal codes are no proof.
_EXACT = ("loinc", "rxnorm", "snomed")


# What no list of problems or drugs is expected to name, however complete it is.
_NEVER_LISTED = frozenset(
    {"childbearing potential", "healthy", "healthy volunteer", "healthy subject", "smoking", "alcohol use", "fertility"}
    | {"planning pregnancy", "planning to breastfeed", "planning to father a child", "breastfed"}
    | {"participation in another clinical study", "hospitalization", "measurable disease"}
    | {"tobacco use", "nicotine use", "vaping", "smoking history", "cigar smoking", "pipe smoking", "cannabis use"}
    | {"heavy alcohol use", "binge drinking", "chronic alcohol use"}
)
# Names that any entry of a list may answer to.
_ANYTHING = frozenset(
    {"comorbidity", "disease", "illness", "chronic disease", "systemic disease", "disorder", "symptom"}
    | {"serious disease", "debilitating disease"}
    | {"drug", "medication", "treatment", "therapy", "intervention", "procedure", "surgery", "allergy"}
)

# Allergens that a criterion names by their part in its study: any allergy of a list may be to one of them.
_OF_STUDY = frozenset({"study drug", "investigational drug", "excipients", "vaccine", "biologic", "medication"})

# Words of a rule or a fact for what was.
HISTORY = frozenset({"history", "history of", "prior", "previous", "past", "ever"})
FORMER = HISTORY | {"former", "ex"}
# What one gives up, and has done all the same.
HABITS = frozenset({"smoking", "tobacco use", "nicotine use", "vaping", "alcohol use", "drug use", "cannabis use"})
# What nobody means who says "no medications".
NO_MEDICINES = (
    "vaccine", "illicit drug", "cannabinoid", "alcohol", "nicotine", "caffeine", "contrast agent", "blood product",
    "titanium", "latex", "grapefruit juice", "egg protein",
)  # fmt: skip

# What comes all at once: whoever never had heart disease may have its first infarction now.
SUDDEN = (
    "myocardial infarction", "myocardial injury", "acute coronary syndrome", "unstable angina", "cardiac arrest",
    "myocardial ischemia", "angina pectoris", "chest pain", "ischemic chest pain", "cor pulmonale",
    "stroke", "transient ischemic attack", "pulmonary embolism", "deep vein thrombosis", "venous thromboembolism",
    "bleeding", "shock", "sepsis", "infection", "pneumonia", "trauma", "fracture", "acute kidney injury",
    "acute respiratory failure", "acute heart failure", "acute pancreatitis", "appendicitis", "delirium", "overdose",
    "anaphylaxis", "aortic dissection", "myocarditis", "pericarditis", "endocarditis", "diabetic ketoacidosis",
    "encephalopathy", "cerebral ischemia", "cerebrovascular event", "middle cerebral artery occlusion",
    "intracranial artery occlusion", "cerebral vasospasm", "status epilepticus", "gastrointestinal perforation",
    "atelectasis", "pleural effusion", "pericardial effusion", "ascites", "hypoxia", "hypotension",
    "bowel ischemia", "bowel strangulation", "thrombocytopenia", "neutropenia", "leukopenia", "anemia",
)  # fmt: skip

# Found, or not found, by what was measured or examined: of that very thing, and of that day.
MEASURED = "as measured"
# Of an event that a record dates: there has been none since, which says nothing of whether there was one.
SINCE = "since then"
# Of a denial of all allergies to drugs.
OF_DRUGS = "of drugs"
# Who says "no infection" in a note speaks of what shows; an infection that nobody feels is no part of it. A record that
# a person fills in, item by item, means what its item says.
_SPOKEN = "note"
_AT_HAND = frozenset(("infection", "viral infection", "bacterial infection", "immunodeficiency", "immune disorder"))
_QUIET = (
    "hiv infection", "viral hepatitis", "tuberculosis", "latent tuberculosis", "sexually transmitted infection",
    "human papillomavirus infection", "helicobacter pylori infection", "cytomegalovirus infection", "syphilis",
)  # fmt: skip


def is_of_the_past(fact: Fact) -> bool:
    """Return whether a fact only says that something had not been: "no history of heart disease"."""
    return (
        fact.kind == "condition" and fact.assertion == "absent" and not HISTORY.isdisjoint(map(normal, fact.qualifier))
    )


_ONSET = re.compile(r"(.+?)(?: symptoms?)? onset|onset of (?:the )?(.+?)(?: symptoms?)?")
_CAUSE = re.compile(r"(?:due to|caused by|secondary to|because of) (.+)")


def causes(fact: Fact) -> list[str]:
    """Return what a fact says that it is due to."""
    found = (_CAUSE.match(normal(one)) for one in fact.qualifier)
    return [one[1] for one in found if one is not None]


def onset(fact: Fact) -> str | None:
    """Return what an event is the onset of."""
    found = _ONSET.fullmatch(normal(fact.name)) if fact.kind == "event_time" else None
    return None if found is None else found[1] or found[2]


# What a complete list must be for its silence to count.
Need = Literal["empty", "known", "placed"]


class Listing(msgspec.Struct, frozen=True):
    """Whether a list names nothing, only what the lexicon knows, and only what has a class there as well."""

    empty: bool
    known: bool
    placed: bool


class Names:
    """The lexicon as the evaluator asks it: by the catalogue's names, however a record writes them."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._known: dict[str, str] = {}
        self._events: dict[str, str] = {}
        self._above: dict[str, frozenset[str]] = {}
        self._uses: dict[str, str | None] = {}
        self._levels: dict[str, str] = {}
        self._needed: dict[str, Need | None] = {}
        self._stated: dict[tuple[str, tuple[str, ...] | frozenset[str], str], bool | None] = {}

    def canonical(self, name: str) -> str:
        """Return the catalogue's name of a condition, drug, procedure or gene; an unknown one in normal form."""
        found = self._known.get(name)
        if found is None:
            words = normal(name)
            concept = self._lexicon.find(name) or self._lexicon.find(words)
            known = concept is not None and not concept.ambiguous
            found = self._known[name] = concept.name if known and concept is not None else words
        return found

    def event(self, name: str | None) -> str | None:
        """Return the catalogue's name of an event, or of the thing that happened; None for none."""
        if name is None:
            return None
        if name not in self._events:
            words = name.split() if name.isupper() else normal(name).split()
            found = self._lexicon.longest_event(words, 0) if words else None
            whole = found is not None and found[1] == len(words)
            self._events[name] = found[0].name if found is not None and whole else self.canonical(name)
        return self._events[name]

    def is_a(self, name: str, klass: str) -> bool:
        """Return whether *name* is *klass* or known to be a kind of it."""
        one, other = self.canonical(name), self.canonical(klass)
        return one == other or other in self.above(one)

    def above(self, name: str) -> frozenset[str]:
        """Return every class that a name, which is the catalogue's, belongs to."""
        found = self._above.get(name)
        if found is None:
            found = self._above[name] = self._lexicon.ancestors(name)
        return found

    def answers(self, fact: Fact, concept: ConceptRef) -> bool:
        """Return whether a finding of the fact is a finding of the concept."""
        if MEASURED in fact.qualifier:
            return self.same(fact, concept)  # a pulse of 110 is a tachycardia, and no heart disease
        if self.is_a(fact.name, concept.name) or _same_code(fact, concept):
            return True
        # "Breast cancer", qualified as metastatic, is "metastatic breast cancer" where the lexicon has it.
        if any(self.is_a(f"{one} {fact.name}", concept.name) for one in fact.qualifier):
            return True
        used = self.drug_of_use(concept.name)
        return used is not None and fact.kind == "drug" and self.is_a(fact.name, used)

    def states(self, wanted: str, stated: tuple[str, ...] | frozenset[str], name: str) -> bool | None:
        """Return what `equipoise.rules.qualifiers.states` does; long records state the same of many facts."""
        key = (wanted, stated, name)
        if key not in self._stated:
            self._stated[key] = stated_by(wanted, [self._levelled(one) for one in stated], self._levelled(name))
        return self._stated[key]

    def _levelled(self, text: str) -> str:
        found = self._levels.get(text)
        if found is None:
            found = self._levels[text] = levelled(text)
        return found

    def caused_by(self, fact: Fact, concept: ConceptRef) -> bool:
        """Return whether the fact is due to the concept: a cardiac arrest due to trauma is also a trauma."""
        if fact.kind != "condition" or fact.assertion not in ("present", "historical"):
            return False
        return any(self.is_a(cause, concept.name) for cause in causes(fact))

    def begun(self, fact: Fact, concept: ConceptRef) -> bool:
        """Return whether the fact is the onset of the concept: who had a stroke onset had a stroke."""
        begun = onset(fact)
        return begun is not None and self.is_a(begun, concept.name)

    def variant(self, name: str, alteration: str | None) -> tuple[str, str | None]:
        """Return the gene, and its alteration, of a variant that may have a name of its own: "EGFR L858R"."""
        found = self._lexicon.find(name) or self._lexicon.find(normal(name))
        if found is None or found.kind != "variant":
            return self.canonical(name), alteration
        genes = [one for one in self._lexicon.ancestors(found.name) if found.name.startswith(f"{one} ")]
        if not genes:
            return found.name, alteration
        return genes[0], found.name.removeprefix(genes[0]).strip()

    def drug_of_use(self, name: str) -> str | None:
        """Return the drug of which a condition is the use: "opioid use"."""
        if name not in self._uses:
            words = normal(name)
            found = self._lexicon.find(words.removesuffix(" use")) if words.endswith(" use") else None
            self._uses[name] = found.name if found is not None and found.kind == "drug" else None
        return self._uses[name]

    def denies(self, fact: Fact, concept: ConceptRef) -> bool:
        """
        Return whether the absence of what the fact names is the absence of the concept.

        Who takes no medications may be vaccinated, drink, or have an implant of titanium.
        """
        if fact.concept is None:
            if OF_DRUGS in fact.qualifier:
                return self._is_drug(concept)
            return fact.kind != "drug" or not any(self.is_a(concept.name, one) for one in NO_MEDICINES)
        if MEASURED in fact.qualifier:
            return self.same(fact, concept)
        if _same_code(fact, concept) or not self.is_a(concept.name, fact.name):
            return _same_code(fact, concept)
        spoken = fact.source is not None and fact.source.document == _SPOKEN
        if spoken and self.canonical(fact.name) in _AT_HAND and any(self.is_a(concept.name, one) for one in _QUIET):
            return self.same(fact, concept)
        return not is_of_the_past(fact) or not self.is_sudden(concept) or self.is_sudden(ConceptRef(fact.name))

    def _is_drug(self, concept: ConceptRef) -> bool:
        """Return whether an allergen is a drug: "no known drug allergies" leaves eggs and latex open."""
        found = self._lexicon.find(concept.name) or self._lexicon.find(normal(concept.name))
        return (
            found is not None and found.kind == "drug" and not any(self.is_a(found.name, one) for one in NO_MEDICINES)
        )

    def is_sudden(self, concept: ConceptRef) -> bool:
        """Return whether something comes all at once, so that a history without its like does not speak of it."""
        return any(self.is_a(concept.name, one) for one in SUDDEN)

    def listing(self, facts: Sequence[Fact]) -> Listing:
        """Return what matters of a list of facts for what it does not name."""
        names = {fact.name for fact in facts}
        known = all(map(self._listed, names))
        return Listing(not names, known, known and all(map(self._placed, names)))

    def needed(self, concept: ConceptRef) -> Need | None:
        """
        Return what a complete list that does not name the concept must be so that it has none of it; None for nothing.

        It has not where the lexicon does not know the concept or a fact (they may be one thing under two names), and
        where the concept is a class and a fact belongs to no class that is known (it may belong to this one).
        """
        if concept.name not in self._needed:
            self._needed[concept.name] = self._need(concept.name)
        return self._needed[concept.name]

    def _need(self, asked: str) -> Need | None:
        name = self.canonical(asked)
        if name in _NEVER_LISTED or not self._listed(asked) or self.drug_of_use(asked) is not None:
            return None
        if name in _ANYTHING or name.startswith("unspecified"):
            return "empty"
        return "placed" if self._lexicon.members(name) else "known"

    def is_of_study(self, concept: ConceptRef) -> bool:
        """Return whether an allergen is named by its part in a study, and may be anything."""
        return self.canonical(concept.name) in _OF_STUDY

    def absent_by_silence(self, concept: ConceptRef, listing: Listing, *, of_allergies: bool = False) -> bool:
        """Return whether a list that is complete, and does not name the concept, has none of it."""
        if of_allergies and self.is_of_study(concept):
            return listing.empty
        needed = self.needed(concept)
        return needed is not None and bool(getattr(listing, needed))

    def _listed(self, name: str) -> bool:
        found = self._lexicon.find(name) or self._lexicon.find(normal(name))
        return found is not None and not found.ambiguous

    def _placed(self, name: str) -> bool:
        return bool(self._lexicon.ancestors(self.canonical(name)))

    def same(self, fact: Fact, concept: ConceptRef) -> bool:
        """Return whether the fact and the concept name the same thing."""
        return self.canonical(fact.name) == self.canonical(concept.name) or _same_code(fact, concept)

    def measures(self, fact: Fact, concept: ConceptRef) -> bool:
        """Return whether the fact is a result of the variable; a LOINC code or the name says so."""
        return variable_name(fact.name) == variable_name(concept.name) or _same_code(fact, concept)


def _same_code(fact: Fact, concept: ConceptRef) -> bool:
    if fact.concept is None or not fact.concept.codes or not concept.codes:
        return False
    codes = fact.concept.codes
    return any(system in codes and codes[system] == concept.codes.get(system) for system in _EXACT)


@lru_cache(maxsize=4096)
def variable_name(name: str) -> str:
    """Return the catalogue's name of a variable, however it is written."""
    from equipoise.terms.variables import variables

    words = normal(name)
    found = variables().find(name) or variables().find(words)
    return words if found is None else found.name
