"""
By which standard a disease is measured, and illnesses of which nobody says what they are.

::

    standard = ("per" | "according to" | …) "RECIST" ("version"? number)? "criteria"?   # adds nothing to "measurable"
    illness  = grave+ ("intercurrent illness" | "medical condition" | …)              # a person answers
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from equipoise.criteria.agegroups import age_group
from equipoise.criteria.anchors import TimePhrase
from equipoise.criteria.context import Named, reference
from equipoise.criteria.kinds import FACTS, LISTING
from equipoise.criteria.scanstate import ScanState
from equipoise.criteria.times import ISO_UNITS as TIME_UNITS
from equipoise.rules.nodes import ConceptRef, Predicate
from equipoise.terms.cues import word_set
from equipoise.terms.lexicon import Concept

_VERSIONS = word_set("standards.versions")
# How bad an illness is, a person judges; "no illness" is asked of the record.
_GRAVE = word_set("standards.grave")
ILLNESS = "other illness"
_COMPONENTS = frozenset(("component", "components", "ingredient", "ingredients", "constituent", "constituents"))
_ANY_OF = frozenset(("any", "of", "its", "their", "the", "one", "other", "to", "these", "this", "more", "a"))
_ANYTHING = frozenset(("medication", "prescription drug", "concomitant medication"))
_RECEPTORS = {"er": "estrogen receptor", "pr": "progesterone receptor", "pgr": "progesterone receptor"}
_RESULTS = frozenset(("positive", "negative", "+"))
_FOR_STUDY = re.compile(
    r"\s*for (?:this (?:study|trial|protocol|research)|(?:study )?(?:enrol?lment|participation|inclusion|entry))"
    r"(?=\s*(?:[.;,]|\Z))",
    re.IGNORECASE,
)
YOUNG = frozenset(("children", "child", "infants", "infant", "adolescents", "pediatric", "neonates", "boys", "girls"))
MINORS = frozenset(("minor", "minors"))
_WHOM = frozenset(
    ("patient", "patients", "person", "persons", "subject", "subjects", "participants", "age", "less", "(")
)
_AGES = frozenset(("years", "year", "months", "age", "ages", "aged", "old", "yrs", "yo"))
_SO_LONG = frozenset(("for", "at", "least", "up", "to", "a", "period", "of", "minimum", "≥", ">", ">=", "more", "than"))
_OF_STUDY = word_set("standards.of_study")
_SITUATIONS = frozenset(("situation", "situations"))
_GOES_ON = frozenset(
    ("of", "requiring", "that", "which", "treated", "within", "in", "other", "except", "excluding", "apart", "aside")
)


_STATES = frozenset(("hospitalized", "hospitalised", "intubated", "ventilated"))
_THEN = frozenset(
    (
        "after", "ago", "at", "be", "been", "before", "during", "ever", "for", "had", "history", "if", "last", "past",
        "previous", "previously", "prior", "recently", "since", "time", "times", "was", "were", "when", "within",
    )
)  # fmt: skip


def is_now(word: str, length: int, named: Named, kind: str) -> bool:
    """Return whether a name begins with "current" in the text alone: "current smoker" is a smoker now."""
    said = length > 1 and word in ("current", "currently", "ongoing")
    return said and kind in FACTS and not named.name.startswith(word)


def is_state(norms: Sequence[str], at: int, named: Named) -> bool:
    """Return whether a word says what a patient is: "hospitalized" with no time beside it is in hospital now."""
    if norms[at] not in _STATES or named.name not in ("hospitalization", "intubation", "mechanical ventilation"):
        return False
    return _THEN.isdisjoint(norms)


class Standards(ScanState):
    """Reads such words."""

    def _standard(self, at: int, named: Concept, end: int) -> int:
        """Pass over "according to RECIST version 1.1": by which standard a disease is measured."""
        end = self.context.explain(end, named, at)
        before = len(self.found) - 1
        while before >= 0 and self.found[before].kind == "light":
            before -= 1
        if before >= 0 and self.found[before].kind in ("define", "by"):
            self.found[before].kind = "light"
        while (self.context.norm(end) in _VERSIONS or self._is_version(end)) and end < len(self.context.tokens):
            end += 1
        return self._add("light", at, end)

    def _is_version(self, at: int) -> bool:
        """Return whether a point stands between the digits of a version: "v1.1" is no sentence's end."""
        tokens = self.context.tokens
        if not 0 < at < len(tokens) - 1 or tokens[at].norm != ".":
            return False
        within = tokens[at - 1].end == tokens[at].start and tokens[at].end == tokens[at + 1].start
        return within or tokens[at - 1].norm == "v"

    def _receptor(self, at: int) -> int | None:
        """Read "ER positive" and "PR+": bare, these letters name a room and a response as often."""
        context, name = self.context, _RECEPTORS.get(self.context.norm(at))
        behind = context.norm(at + 1)
        if name is None or not context.tokens[at].word.isupper():
            return None
        if behind not in _RESULTS and not self._beside_receptor(at):
            return None
        concept = context.lexicon.find(name)
        if concept is None or (behind == "+" and not context.tokens[at + 1].glued):
            return None
        span = context.span(at, at + 1)
        said = ("positive",) if behind == "+" else ()
        rule = Predicate(kind="measurement", concept=reference(concept, span), op="present", qualifier=said, span=span)
        return self._add("atom", at, at + 1 + bool(said), rule=rule)

    def _is_aged(self, at: int, norm: str) -> bool:
        """Return whether an age says who "children" or "minor patients" are."""
        behind = self.context.norm(at + 1)
        if norm not in YOUNG and (norm not in MINORS or (norm == "minor" and behind not in _WHOM)):
            return False
        younger = behind in ("younger", "older", "under", "below", "<") and len(self.context.tokens) < 12
        return younger or any(token.norm in _AGES for token in self.context.tokens)

    def _for_study(self, at: int) -> bool:
        """Return whether "for this study" stands behind a token: that is what whoever is not eligible is not."""
        return _FOR_STUDY.match(self.context.text, self.context.tokens[at - 1].end) is not None

    def _beside_receptor(self, at: int) -> bool:
        """Return whether another receptor and the result of both stand behind a joint: "ER and/or PgR positive"."""
        norm, place, said = self.context.norm, at + 1, set[str]()
        while place - at < 5 and norm(place) in ("/", "and", "or", "and/or"):
            said.add(norm(place))
            place += 1
        return bool(said - {"/"}) and norm(place) in _RECEPTORS and norm(place + 1) in _RESULTS

    def _promised(self, at: int) -> int | None:
        """Read "during the study and for 4 weeks after it": so long contraception must be used."""
        context, place = self.context, at + 1
        while place - at < 7 and context.norm(place) in _OF_STUDY:
            place += 1
        if context.norm(place) not in ("and", "until"):
            return None
        place += 1
        while context.norm(place) in _SO_LONG:
            place += 1
        length = context.quantity(place)
        if length is None or length.unit not in TIME_UNITS:
            return None
        place = length.end
        if context.norm(place) not in ("after", "following", "post", "beyond", "past"):
            return None
        end = place + 1
        while end < len(context.tokens) and context.norm(end) in _OF_STUDY:
            end += 1
        if end == place + 1:
            return None
        span = context.span(at, end)
        time = TimePhrase("when", end, span, side="around", anchor="treatment period")
        return self._add("time", at, end, time=time)

    def _group_or_like(self, at: int) -> int | None:
        """Read a word that says more than itself: "equivalent", "ER" beside its result, "neonates"."""
        told = self._equivalent(at) or self._receptor(at)
        if told is not None:
            return told
        context = self.context
        whole = at == 0 and len([one for one in context.tokens if one.kind == "w"]) == 1
        age = age_group(context, at) if whole or self.measures.exclusion else None
        if age is None:
            return None
        if self.found and self.found[-1].kind == "and" and self.measures.exclusion:
            self.found[-1].kind = "or"  # "neonates and infants": nobody is both
        return self._add("atom", at, at + 1, rule=age)

    def _equivalent(self, at: int) -> int | None:
        """Read "prednisone or equivalent": another drug, of which the text does not say which."""
        if self.context.norm(at) != "equivalent" or not self.found or self.found[-1].kind != "or":
            return None
        end = self._add("word", at, at + 1)
        self.found[-1].linked = True
        return end

    def _component(self, at: int) -> int | None:
        """Read "allergy to X or any of its components": what else is in the product, where that is not named."""
        context, first = self.context, at - 1
        if context.norm(at) not in _COMPONENTS or not any(one.kind == "allergy" for one in self.found):
            return None
        while first > 0 and context.norm(first) in _ANY_OF:
            first -= 1
        if context.norm(first) not in ("or", "and", "/", "and/or"):
            return None
        named = [found[0] for place in range(at + 1, at + 6) if (found := context.named(place)) is not None]
        if any(not isinstance(one, Concept) or not (one.ambiguous or one.name in _ANYTHING) for one in named):
            return None
        for one in self.found[-6:]:
            one.kind = "or" if one.kind == "and" and one.first >= first else one.kind  # "X and its components": each
        span = context.span(at, at + 1)
        rule = Predicate(kind="drug", concept=ConceptRef("excipients", span=span), span=span)
        return self._add("atom", at, at + 1, rule=rule)

    def _illness(self, at: int, end: int) -> int | None:
        """Read "uncontrolled intercurrent illness": a person answers; what is given as an example counts by itself."""
        first = len(self.found)
        while first and (self.found[first - 1].kind in LISTING or self.found[first - 1].kind == "quality"):
            first -= 1
        grave = [one for one in self.found[first:] if one.text in _GRAVE]
        named = self.context.norm(at) in _GRAVE
        if not (grave or named) or self.context.norm(end + (self.context.norm(end) == "(")) in _GOES_ON:
            return None
        if any(
            token.norm in ("that", "which") and self.context.norm(end + place - 1) not in _SITUATIONS
            for place, token in enumerate(self.context.tokens[end:])
        ):
            return None  # "…, such as anxiety, that requires them to take other drugs": not every anxiety
        span = (grave[0].span[0], self.context.span(at, end)[1]) if grave else self.context.span(at, end)
        while first < len(self.found) and self.found[first].kind in LISTING:
            first += 1  # "infection or serious illness": what joins it to a name is none of its words
        for one in self.found[first:] if grave else ():
            one.kind = "light"
        rule = Predicate(kind="administrative", concept=ConceptRef(ILLNESS, span=span), span=span)
        return self._add("atom", at, end, rule=rule)
