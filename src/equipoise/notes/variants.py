"""
Gene variants, by gene and alteration: found, denied, or not known yet.

``variant = gene change* | gene ("testing" | "status") ("ordered" | "pending")``; changes are the criteria reader's
(`equipoise.criteria.variants`). A gene with nothing said of it is no fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from equipoise.criteria.variants import VariantReader
from equipoise.notes.drafts import Draft
from equipoise.notes.reading import Name, Reading
from equipoise.records.patient import Assertion
from equipoise.rules.nodes import Predicate, leaves

_WAITING = re.compile(
    r"^\W*(?:(?:gene|mutations?|mutational|molecular|status|testing|tests?|analysis|sequencing|panel|results?|"
    r"studies|and|[A-Z0-9]{3,6})\W+)*"
    r"(?:(?:is|was|are|were|has been|have been|remains?)\s+)?(?:still\s+)?"
    r"(?:pending|ordered|sent|awaited|requested|planned|in progress|outstanding)",
)
_NEGATIVE = re.compile(
    r"^\s*(?:gene\s+)?(?:mutations?\s+)?(?:(?:testing|test|analysis|status)\s+)?(?:is|was|were|"
    r"are)\s+(?:negative|wild[- ]type|not (?:detected|found|present|identified))",
    re.IGNORECASE,
)
_POSITIVE = re.compile(
    r"^\s*(?:gene\s+)?(?:(?:testing|test|analysis|status)\s+)?(?:is|was|were)\s+(?:positive|mutated|amplified|"
    r"rearranged)",
    re.IGNORECASE,
)
_OUTCOME = re.compile(r"\b(?:positive|negative|mutated|wild[- ]?type|amplified|stable|high|low)\b|[+-]$", re.IGNORECASE)
# "MSI-stable" is no instability.
_NOT_SO = re.compile(r"^[\s-]?(?:stable|low|intact|proficient|retained|indeterminate|L|S)\b")
_RESULTS = frozenset(("positive", "negative", "wild", "type", "wildtype", "detected"))
_CHANGED = frozenset(("mutation", "mutations", "mutated", "mutant", "variant", "positive"))
_TESTED = re.compile(r"\b(?:test(?:ed|ing)?|sequencing|panel|analysis|stud(?:y|ies)) (?:for|of)\b", re.IGNORECASE)


def read_variants(reading: Reading) -> Iterator[Draft]:
    """Yield a draft for each variant that a sentence states."""
    if reading.section == "family":
        return
    done = 0
    for name in list(reading.left()):
        if name.first < done or name.concept.kind not in ("gene", "variant") or name.concept.ambiguous:
            continue
        measure = VariantReader(reading.context).at(name.first, name.concept, name.last)
        after = reading.text[reading.inside(name.span)[1] :]
        if name.concept.kind == "variant" and _NOT_SO.match(after):
            reading.take(name.span)
        elif _WAITING.match(after):
            yield reading.draft(name, "variant", "pending")
            reading.take(name.span)
        elif measure is not None:
            if name.concept.kind == "variant" and not isinstance(measure.rule, Predicate):
                # "MSS, BRAF wild type": what is a variant by its name has no part in another's outcome.
                yield from _said_of(reading, name, after, behind=False)
                continue
            done = measure.end
            for leaf in leaves(measure.rule):
                if isinstance(leaf, Predicate):
                    yield from _stated(reading, name, leaf)
            reading.take(reading.context.span(measure.first, measure.end))
        else:
            yield from _said_of(reading, name, after)


def _said_of(reading: Reading, name: Name, after: str, *, behind: bool = True) -> Iterator[Draft]:
    assertion: Assertion | None = "absent" if _NEGATIVE.match(after) else "present" if _POSITIVE.match(after) else None
    if not behind:
        assertion = reading.sayings.of(*reading.inside(name.span), listed=False).assertion
    if assertion is not None and reading.said(name).why not in ("family", "topic"):
        yield reading.draft(name, "variant", assertion)
        reading.take(name.span)


def _stated(reading: Reading, name: Name, leaf: Predicate) -> Iterator[Draft]:
    """Yield the variant of one gene: its own words decide, and then the cues around it."""
    if leaf.concept is None or leaf.span is None:
        return
    start, end = reading.inside(leaf.span)
    # "EGFR mutation positive and ALK negative": what has an outcome of its own is no item of a list with another's.
    own = leaf.op == "absent" or leaf.alteration is not None or _OUTCOME.search(reading.text[start:end]) is not None
    said = reading.sayings.of(start, end, listed=not own)
    rest = reading.text[end:]
    waiting = _WAITING.match(rest) is not None or said.assertion == "pending"
    assertion = "pending" if waiting else said.assertion
    if leaf.op == "absent":
        assertion = "absent" if assertion in ("present", "absent", "historical") else None
    if assertion == "historical":
        assertion = "present"
    if assertion is None or (assertion == "present" and _TESTED.search(reading.text[:start])):
        return
    gene, alteration = _parted(reading, leaf.concept.name, leaf.alteration)
    codes = dict(leaf.concept.codes) if gene == leaf.concept.name else {}
    yield Draft(kind="variant", name=gene, codes=codes, span=leaf.span, assertion=assertion, alteration=alteration)


def _parted(reading: Reading, name: str, alteration: str | None) -> tuple[str, str | None]:
    """Return gene and alteration of a variant that has a name of its own: "EGFR L858R mutation" is L858R of EGFR."""
    above = reading.context.lexicon.ancestors(name)
    gene = next((one for one in above if name.startswith(f"{one} ")), None)
    return (name, _plain(alteration)) if gene is None else (gene, name.removeprefix(f"{gene} "))


def _plain(alteration: str | None) -> str | None:
    """Return an alteration without what the assertion says, and without "mutation" where it has a name of its own.

    >>> _plain("mutation negative"), _plain("R175H mutation"), _plain("alterations"), _plain("positive")
    ('mutation', 'R175H', 'alteration', None)
    """
    words = [word for word in (alteration or "").split() if word not in _RESULTS]
    if any(mark.isdigit() for word in words for mark in word):
        words = [word for word in words if word not in _CHANGED]
    last = words[-1:]
    plural = last and last[0].endswith(("tions", "ments", "sions", "ants", "ions"))
    return " ".join([*words[:-1], last[0][:-1] if plural else last[0]]) if words else None
