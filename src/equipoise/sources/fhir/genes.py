"""Variants of genes, as the genomics reporting guide writes them: one observation, its parts as components."""

from __future__ import annotations

import re

from equipoise.records.patient import Assertion
from equipoise.sources.fhir.case import Case
from equipoise.sources.fhir.elements import Resource, codings, items, text, words_of
from equipoise.sources.fhir.report import NotUsed
from equipoise.sources.fhir.times import Held
from equipoise.terms.coded import result_word

_VARIANT = frozenset({"69548-6"})
_GENE, _PROTEIN, _CODING = "48018-6", "48005-3", "48004-6"
_RESIDUES = "Ala Arg Asn Asp Cys Gln Glu Gly His Ile Leu Lys Met Phe Pro Ser Thr Trp Tyr Val Ter"
_LETTERS = dict(
    zip(
        _RESIDUES.split(),
        "ARNDCQEGHILKMFPSTWYV*",
        strict=True,
    )
)
_RESIDUE = re.compile("|".join(_LETTERS))


def is_variant(resource: Resource) -> bool:
    """Return whether an observation is an assessment of a variant."""
    return any(one.code in _VARIANT for one in codings(resource.get("code")))


def read_variant(resource: Resource, case: Case, times: Held, assertion: Assertion) -> None:
    """Add the variant, present or absent."""
    gene = _component(resource, _GENE)
    if not gene:
        raise NotUsed("names no gene")
    found = next(
        (word for one in codings(resource.get("valueCodeableConcept")) if (word := result_word(one.system, one.code))),
        "",
    )
    if found not in ("present", "absent", "positive", "negative", "detected", "not detected"):
        raise NotUsed("does not say whether the variant is there")
    if assertion == "present" and found in ("absent", "negative", "not detected"):
        assertion = "absent"
    alteration = protein_change(_component(resource, _PROTEIN)) or _component(resource, _CODING) or None
    if assertion == "absent" and alteration is None:
        raise NotUsed("does not say which variant is absent")
    case.add(
        resource,
        "variant",
        gene,
        held=times,
        assertion=assertion,
        alteration=alteration,
    )


def protein_change(said: str) -> str:
    """Return a change of a protein as people write it.

    >>> protein_change("NP_005219.2:p.(Leu858Arg)"), protein_change("p.V600E")
    ('L858R', 'V600E')
    """
    change = said.rpartition("p.")[2] if "p." in said else said
    return _RESIDUE.sub(lambda found: _LETTERS[found[0]], change.strip("()"))


def _component(resource: Resource, code: str) -> str:
    for part in items(resource, "component"):
        if any(one.code == code for one in codings(part.get("code"))):
            concept = part.get("valueCodeableConcept")
            said = [one.display for one in codings(concept) if one.display] or words_of(concept)
            return next(iter(said), "") or text(part, "valueString")
    return ""
