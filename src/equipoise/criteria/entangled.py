"""
Lists in which a head, a purpose or a limit went to one member, and whose text does not tell how far it goes.

::

    mixed    = A "and" B "," C "or" D            # where A was asked for beside B alone; "A or B" beside "C with D"
    examples = X "including" A "," B             # under Exclusion, where A or B was asked for beside X
    reached  = "contraindication to" X "or" Y    # to both
    extent   = "recurrent or metastatic" X       # where both were asked for at once
    twice    = "history of" X "or" X words       # where both mentions were read as one
    drugs    = "allergy to multiple drugs"       # whichever they are
    limiting = X "," "precluding" …              # said of X, and no other ground
    during   = X "during" A "and" B              # X during both

The rule is shown, and always unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from equipoise.criteria.contraindicated import BARRED
from equipoise.criteria.ends import span_of
from equipoise.rules.nodes import All, AnyOf, Left, Not, Predicate, Rule, Span, children, leaves

_TREATMENTS = frozenset(("drug", "procedure"))
_EXAMPLES = re.compile(r"\binclud(?:ing|es?)\b|\bsuch as\b|\be\.\s?g\b|\bexamples?\b")
_AT_LEAST = re.compile(r"\bat least\b|\bone of\b|\bminimum\b|\bmust\b")
_JOINED = re.compile(r"[,;]|\b(?:and|or)\b")
_EXTENTS = re.compile(
    r"\b(?:metastatic|locally advanced|advanced|unresectable|recurrent|relapsed|inoperable|progressive|residual)\b"
)
_EITHER = re.compile(
    r"\b(?:metastatic|advanced|unresectable|recurrent|relapsed|inoperable|progressive|residual)\b[\w\s'’(),/-]{0,40}?"
    r"(?:\bor\b|/)[\w\s'’(),/-]{0,40}?\b(?:metastatic|advanced|unresectable|recurrent|relapsed|inoperable|progressive)\b"
)
_LIMITING = re.compile(
    r"\s*,\s*(?:possibl[ey]\s|potentially\s|thereby\s|thus\s)?(?:preclud|interfer|prevent|affect|impair|limit|compromis"
    r"|mak|render|jeopardi[sz]|contraindicat|influenc|hamper|hinder|prohibit)ing\b"
)
_DURING = re.compile(r"(?:during|due to|because of|caused by|related to|secondary to|while on)\s")
_GOES_ON = re.compile(r"\W*(?:\w+apy\W*|treatment\W*)?(?:and|or|and/or|[,/])\W*(?:\w+\W+){0,2}")
_MULTIPLE = re.compile(r"\b(?:multiple|several|many) (?:drugs|medications|medicines)\b")
_FERTILE = frozenset(
    ("childbearing potential", "contraception", "effective contraception", "highly effective contraception", "vaccination")
)
_NEEDED = ("requir", "need", "treated")


def entangled(rule: Rule, words: str, start: int) -> Span | None:
    """
    Return the words by which a rule may have given to one member of a list what is of more; *start*: where they stand.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> asthma, fever, cough = (Predicate(kind="condition", concept=ConceptRef(name, span=span))
    ...                         for name, span in (("asthma", (0, 6)), ("fever", (11, 16)), ("cough", (18, 23))))
    >>> entangled(AnyOf((All((asthma, fever)), cough)), "Asthma and fever, cough", 0)
    (16, 18)
    """
    lower = words.lower()
    parts = list(_parts(rule))
    found = None
    if any(type(one) is AnyOf for one in parts):
        found = _mixed(parts, lower, start) or _reached(parts, lower, start) or _twice(parts, lower, start)
        found = found or _limiting(parts, lower, start)
    found = found or _examples(parts, lower, start) or _extent(rule, lower) or _during(parts, lower, start)
    if found is None and any(type(leaf) is Predicate and leaf.kind == "allergy" for leaf in leaves(rule)):
        several = _MULTIPLE.search(lower)
        found = several.span() if several is not None else None
    return None if found is None else (start + found[0], start + max(found[1], found[0] + 1))


def _parts(rule: Rule) -> Iterator[Rule]:
    yield rule
    if type(rule) is not Predicate and type(rule) is not Left:
        for one in children(rule):
            yield from _parts(one)


def _bounds(rule: Rule) -> Span | None:
    spans = [
        span
        for leaf in leaves(rule)
        if type(leaf) is Predicate
        for span in (leaf.span, leaf.concept and leaf.concept.span)
        if span
    ]
    return (min(span[0] for span in spans), max(span[1] for span in spans)) if spans else None


def _gap(one: Rule, other: Rule, start: int) -> Span | None:
    """Return the place between two parts, or None where the second does not follow the first."""
    before, behind = _bounds(one), _bounds(other)
    if before is None or behind is None or behind[0] < before[1]:
        return None
    return before[1] - start, behind[0] - start


def _gaps(part: All | AnyOf, start: int) -> Iterator[tuple[Rule, Rule, Span]]:
    for one, other in zip(part.rules, part.rules[1:], strict=False):
        gap = _gap(one, other, start)
        if gap is not None:
            yield one, other, gap


def _mixed(parts: list[Rule], lower: str, start: int) -> Span | None:
    """Find a list in which a bare name stands beside what is asked for together with something else."""
    for part in parts:
        if type(part) is not AnyOf or not any(type(one) is Predicate for one in part.rules):
            continue
        for place, one in enumerate(part.rules):
            if type(one) is All and not _is_one(one, lower, start):
                other = part.rules[place - 1] if place else part.rules[1]
                gap = _gap(other, one, start) or _gap(one, other, start)
                if gap is not None:
                    return gap
    return None


def _is_one(part: All, lower: str, start: int) -> bool:
    """Return whether what is asked for together says one thing: a disease and its grade, a need and its remedy."""
    facts = [leaf for leaf in leaves(part) if type(leaf) is Predicate]
    if any(leaf.kind == "administrative" or leaf.op == "absent" or leaf.name in _FERTILE for leaf in facts):
        return True
    if any(type(one) is Not for one in _parts(part)) or all(leaf.kind == "measurement" for leaf in facts):
        return True
    if any(said.startswith(("that requir", *_NEEDED)) or " requir" in said for leaf in facts for said in leaf.qualifier):
        return True
    if len(part.rules) != 2:
        return False
    for one, other in (part.rules, part.rules[::-1]):
        limits = [leaf for leaf in leaves(other) if type(leaf) is Predicate]
        graded = limits and all(leaf.op not in ("present", "absent") and leaf.kind != "drug" for leaf in limits)
        gap = _gap(one, other, start) or _gap(other, one, start)
        between = lower[slice(*gap)] if gap is not None else ""
        if type(one) is Predicate and ((graded and not _JOINED.search(between)) or "requir" in between):
            return True
    return False


def _examples(parts: list[Rule], lower: str, start: int) -> Span | None:
    """Find examples that are asked for beside what they are examples of."""
    for part in parts:
        for one, other, gap in _gaps(part, start) if type(part) is All else ():
            between = lower[slice(*gap)]
            if "includ" not in between or not _EXAMPLES.search(between) or _AT_LEAST.search(between):
                continue
            named = [type(leaf) is Predicate and leaf.op == "present" for side in (one, other) for leaf in leaves(side)]
            if all(named) and type(one) is not Not and type(other) is not Not:
                return gap
    return None


def _reached(parts: list[Rule], lower: str, start: int) -> Span | None:
    """Find a treatment that follows what another is contraindicated for."""
    if "contra" not in lower:
        return None
    for part in parts:
        for one, other, gap in _gaps(part, start) if type(part) is AnyOf else ():
            barred = type(one) is Predicate and BARRED in one.qualifier
            bare = type(other) is Predicate and other.kind in _TREATMENTS and BARRED not in other.qualifier
            if barred and bare and "history" not in lower[slice(*gap)]:
                return gap
    return None


def _extent(rule: Rule, lower: str) -> Span | None:
    """Find ways in which a tumor has spread, of which the text asks for one and the rule for all."""
    found = _EITHER.search(lower)
    if found is None:
        return None
    for leaf in leaves(rule):
        if type(leaf) is Predicate and leaf.kind == "condition" and _EXTENTS.match(leaf.name):
            said = [text for text in leaf.qualifier if _EXTENTS.search(text)]
            if said and said[0] in lower:
                return found.span()
    return None


def _twice(parts: list[Rule], lower: str, start: int) -> Span | None:
    """Find a thing named twice in the same words, of which the same was read though the text says more of one."""
    for part in parts:
        for one, other, gap in _gaps(part, start) if type(part) is AnyOf else ():
            if type(one) is not Predicate or type(other) is not Predicate or not one.qualifier:
                continue
            same = (one.name, one.op, one.qualifier, one.window) == (other.name, other.op, other.qualifier, other.window)
            named = span_of(one), span_of(other)
            if same and named[0] is not None and named[1] is not None and named[0] != named[1]:
                texts = [lower[span[0] - start : span[1] - start] for span in named if span is not None]
                if texts[0] == texts[1] and len(lower[slice(*gap)].split()) > 1:
                    return gap
    return None


def _limiting(parts: list[Rule], lower: str, start: int) -> Span | None:
    """Find a participle that limits what stands before it, and was read as one more ground."""
    if "ing" not in lower:
        return None
    for part in parts:
        for one, other in zip(part.rules, part.rules[1:], strict=False) if type(part) is AnyOf else ():
            before = _bounds(one)
            if type(other) is Predicate and other.kind == "administrative" and before is not None:
                found = _LIMITING.match(lower, before[1] - start)
                if found is not None:
                    return found.span()
    return None


def _during(parts: list[Rule], lower: str, start: int) -> Span | None:
    """Find a treatment that goes on with what a condition came during, and was asked for by itself."""
    for part in parts:
        if type(part) is not All and type(part) is not AnyOf:
            continue
        for one, other, gap in _gaps(part, start):
            if type(one) is not Predicate or type(other) is not Predicate or other.kind not in _TREATMENTS:
                continue
            said = next((text for text in one.qualifier if _DURING.match(text)), None)
            if said is None or one.kind in _TREATMENTS or said not in lower:
                continue
            end = lower.index(said) + len(said)
            behind = span_of(other)
            if behind is not None and end <= behind[0] - start and _GOES_ON.fullmatch(lower[end : behind[0] - start]):
                return gap
    return None
