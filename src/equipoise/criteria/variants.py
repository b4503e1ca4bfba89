"""
Gene variants and tumor markers.

::

    variant    = gene joint-gene* change* | ("positive" | "negative" | "mutant" …) "for"? gene
    change     = "exon" number | "L858R" | "mutation" | "fusion" | "amplification" | "positive" | "wild type" …

A gene with no change named says nothing about a patient ("EGFR testing"), and is left to be a word.
"""

from __future__ import annotations

import re

from equipoise.criteria.context import Context, reference
from equipoise.criteria.measures import Measure
from equipoise.rules.nodes import Predicate, Rule, all_of, any_of
from equipoise.terms.cues import word_set
from equipoise.terms.lexicon import Concept

_CHANGES = word_set("variants.changes")
_FIRM = _CHANGES - word_set("variants.vague")
_ABSENT = frozenset(("negative", "wild", "wildtype", "unmethylated"))
_POINT = re.compile(r"[acdefghiklmnpqrstvwy]\d{1,4}(?:[acdefghiklmnpqrstvwyx]|fs|del|ins)?", re.IGNORECASE)


class VariantReader:
    """Reads the variants of one criterion."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def at(self, at: int, gene: Concept, end: int) -> Measure | None:
        """Return what is said of the gene at the tokens *at* to *end*, or None where nothing is."""
        genes = [(gene, at, end)]
        end = self.context.explain(end, gene, at)
        joint = ""
        while len(genes) < 6:
            place = end
            while self.context.norm(place) in (",", "or", "and", "/", "and/or"):
                joint = self.context.norm(place) if self.context.norm(place) in ("or", "and") else joint or "or"
                place += 1
            if place == end or place >= len(self.context.tokens):
                break
            named = self.context.named(place)
            if named is None or not isinstance(named[0], Concept) or named[0].kind != "gene":
                break
            genes.append((named[0], place, named[1]))
            end = self.context.explain(named[1], named[0], place)
        change, stop = self._change(end)
        if not change and self.context.norm(at - 1) not in ("mutated", "mutant", "positive", "negative"):
            return self._lone(genes, end) if gene.kind == "variant" else None
        rules: list[Rule] = [self._variant(*one, change=change, stop=stop) for one in genes]
        rule = all_of(rules) if joint == "and" else any_of(rules)
        return None if rule is None else Measure(rule, at, stop)

    def _lone(self, genes: list[tuple[Concept, int, int]], end: int) -> Measure:
        gene, first, last = genes[0]
        return Measure(self._variant(gene, first, last, change=[], stop=last), first, last if len(genes) > 1 else end)

    def _change(self, at: int) -> tuple[list[str], int]:
        """Return the words behind a gene that say how it is changed, and the next token."""
        context, words, firm, end = self.context, list[str](), False, at
        while at < len(context.tokens) and at - end < 6:
            token = context.tokens[at]
            if token.norm in _CHANGES:
                firm = firm or token.norm in _FIRM
            elif _POINT.fullmatch(token.norm) and token.norm not in ("a1", "d1"):
                firm = True
            elif token.norm == "exon" or (words and words[-1] == "exon" and token.kind == "n"):
                pass
            elif not (token.norm in ("(", ")", "/", "-", "or", "and") and words and self._goes_on(at + 1)):
                break
            words.append(token.norm)
            at += 1
            if token.norm not in ("(", "or", "and", "/"):
                end = at
        if not firm:
            return [], end
        return words[: len(words)], end

    def _goes_on(self, at: int) -> bool:
        token = self.context.tokens[at] if at < len(self.context.tokens) else None
        return token is not None and (token.norm in _CHANGES or bool(_POINT.fullmatch(token.norm)))

    def _variant(self, gene: Concept, first: int, last: int, *, change: list[str], stop: int) -> Predicate:
        absent = any(word in _ABSENT for word in change)
        said = [word for word in change if word not in ("gene", "status", "(", ")")]
        alteration = " ".join(word.upper() if _POINT.fullmatch(word) else word for word in said) or None
        span = self.context.span(first, last)
        if absent and set(said) <= {"negative"}:
            alteration = None
        if absent and alteration is not None:
            alteration = None if set(said) <= {"wild", "type", "wildtype", "negative"} else alteration
        gene, named = self._split(gene)
        return Predicate(
            kind="variant", concept=reference(gene, span), alteration=named or alteration,
            op="absent" if absent else "present", span=(span[0], self.context.tokens[stop - 1].end),
        )  # fmt: skip

    def _split(self, named: Concept) -> tuple[Concept, str | None]:
        """Return the gene and the alteration of a variant that has a name of its own: "EGFR L858R"."""
        words = named.name.split()
        gene = self.context.lexicon.find(words[0]) if named.kind == "variant" and len(words) > 1 else None
        return (named, None) if gene is None or gene.kind != "gene" else (gene, " ".join(words[1:]))
