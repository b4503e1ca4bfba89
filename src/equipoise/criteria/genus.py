"""
A head that names what the things listed below it are kinds of: "any of the following cardiac events within 3 months:".

Such a head asks for nothing by itself; its time, and what it says of them all, is of each that is listed.

A head of examples ("uncontrolled illness, including:") says in what state each must be that has
no state or time of its own.

A class of treatments by their purpose has examples that are given for other ends as well: "immunotherapy, including
vaccines" asks for no vaccine against influenza.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from equipoise.criteria.kinds import FACTS
from equipoise.criteria.names import NEVER_PARTLY
from equipoise.rules.nodes import AnyOf, Predicate, Rule, changed

_LISTS = re.compile(r"\b(?:any|one|either)(?: (?:one )?or more)?(?: of)? the (?:below |following )[a-z]", re.IGNORECASE)

# What these are given for, or how; many a class of drugs is given so and otherwise.
_PURPOSES = frozenset(
    {
        "anticancer therapy", "antineoplastic agent", "immunotherapy", "biologic", "investigational drug",
        "neoadjuvant therapy", "adjuvant therapy", "targeted therapy", "qt prolonging drug",
    }
)  # fmt: skip
# Classes of which most are given for other ends as well; a drug that the text names is meant whatever it is given for.
_WIDE = frozenset(
    {
        "vaccine", "vaccination", "immunoglobulin", "hormone therapy", "endocrine therapy", "estrogen", "androgen",
        "corticosteroid", "interferon", "interleukin", "biologic", "immunotherapy", "monoclonal antibody",
        "therapeutic antibody", "hematopoietic growth factor", "colony stimulating factor", "growth hormone",
        "erythropoiesis stimulating agent", "immunomodulator", "immunosuppressive agent", "bisphosphonate",
        "analgesic", "antiemetic", "antibiotic", "antiviral", "antidepressant", "anticoagulant", "herbal medicine",
        "dietary supplement", "vitamin", "non steroidal anti inflammatory drug", "retinoid", "cell therapy",
        "gene therapy", "selective estrogen receptor modulator", "cytokine", "surgery", "ablation", "embolization",
        "laser therapy", "antipsychotic", "antiarrhythmic", "macrolide", "fluoroquinolone", "antifungal",
        "antihistamine",
    }
)  # fmt: skip
# In what state a disease is of which examples are listed, and examples that say so themselves; what is listed as a
# serious illness is held to be one.
_STATE = re.compile(
    r"\A(?!.*\bhistory\b).*\b(uncontrolled|active|unstable)\s(?:(?!or\b|and\b)[\w-]+\s){0,3}?(?:illness(?:es)?|diseases?|disorders?"
    r"|conditions?)\b[^.;]*\Z",
    re.IGNORECASE | re.DOTALL,
)
_NOW = re.compile(r"\W*(?:ongoing|active|current|known)\b", re.IGNORECASE)
_GRADED = frozenset(("unstable", "acute", "active", "severe", "end", "decompensated", "advanced", "malignant"))


def as_active(rules: Sequence[Rule], head: str, texts: Sequence[str]) -> list[Rule]:
    """
    Return what a head lists as examples, each in the state that the head says, where its text says nothing of that.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> gout = Predicate(kind="condition", concept=ConceptRef("gout"), op="present")
    >>> as_active([gout], "Active illness including:", ["gout"])[0].qualifier
    ('active',)
    """
    found = _STATE.search(head)
    if found is None:
        return list(rules)
    said = found[1].lower()

    def weighed(one: Rule) -> Rule:
        if type(one) is AnyOf:
            return AnyOf(tuple([weighed(part) for part in one.rules]))
        if type(one) is not Predicate or (one.kind, one.op) != ("condition", "present"):
            return one
        own = one.qualifier or one.window is not None or one.name.split()[0] in _GRADED or one.name in NEVER_PARTLY
        return one if own else msgspec.structs.replace(one, qualifier=(said,))

    return [one if _NOW.match(text) else weighed(one) for one, text in zip(rules, texts, strict=True)]


def given_as(rule: Predicate, heads: Sequence[Predicate]) -> Predicate:
    """Return a class of treatments that is an example of a purpose as one of that purpose alone."""
    if not rule.qualifier and any(one.name.startswith("topical ") for one in heads):
        return msgspec.structs.replace(rule, qualifier=("topical",))  # "topical anesthetics (such as lidocaine)"
    head = next((one.name for one in heads if one.name in _PURPOSES), None)
    if head is None or rule.name not in _WIDE or rule.op != "present":
        return rule
    return msgspec.structs.replace(rule, qualifier=(*rule.qualifier, f"as {head}"))


def is_genus(rule: Rule | None, head: str, start: int = 0) -> bool:
    """
    Return whether a head, which begins at *start*, only says what is listed below it.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> event = Predicate(kind="condition", concept=ConceptRef("cardiac event", span=(21, 34)))
    >>> is_genus(event, "Any of the following cardiac event:"), is_genus(event, "Those with a serious cardiac event:")
    (True, False)
    """
    if not isinstance(rule, Predicate) or rule.kind not in FACTS or rule.concept is None or rule.concept.span is None:
        return False
    found = _LISTS.search(head)
    return found is not None and start + found.end() - 1 <= rule.concept.span[0]


def listed_as(listed: Rule, genus: Predicate) -> Rule:
    """Return what is listed with the time of its head, and with what the head says of all of it."""

    def change(one: Predicate) -> Predicate:
        if one.kind not in FACTS:
            return one
        said = tuple(dict.fromkeys((*genus.qualifier, *one.qualifier))) if one.kind == genus.kind else one.qualifier
        return msgspec.structs.replace(one, window=one.window or genus.window, qualifier=said)

    return changed(listed, change)
