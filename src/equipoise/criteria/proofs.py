"""
What a test found is asked of the test, and a test that only was done is none that found something.

::

    proved   = ("positive" | "negative") word* test ("for" | "of" | "to") name ((","|"or"|"and") name)*
             | test ("is" | "was" | …)? ("positive" | "negative") "for" name …
    proving  = procedure "-"? "positive" "for"? condition        # "PET-positive lesions": found by it, not beside it
    positive = ("positive" | "negative") word* procedure          # the word stays with the test
    killed   = tumor ("which" | "that" | …) "sensitive to" drug   # of the tumor; nobody is allergic

Antibodies stay when the infection has gone, and who had it once may be negative now. What proves an infection of now,
a virus that was found, is that infection, in the text's own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from equipoise.criteria.ends import between, span_of
from equipoise.criteria.kinds import NOW
from equipoise.criteria.tested import INFECTION
from equipoise.rules.nodes import (
    All,
    AnyOf,
    ConceptRef,
    Not,
    Predicate,
    Rule,
    Span,
    all_of,
    any_of,
    changed,
    leaves,
)

_TEST = (
    r"(?:tests?|testing|tested|results?|serolog\w+|seropositiv\w+|(?:rt[- ]?)?pcr|naat|polymerase chain reaction|"
    r"screen(?:ing|s)?|antibod(?:y|ies)|antigens?|assays?|swabs?|cultures?|titers?)"
)
_PROVED = re.compile(
    rf"\b(?P<result>positive|negative)\s+(?P<how>(?:(?!(?:or|and|for|of|with|who|if)\b)[\w-]+\s+){{0,4}}?{_TEST}(?:\s+{_TEST})*)"
    r"\s+(?:for|of|to)\s+"
    rf"|\b(?P<how2>{_TEST})\s+(?:(?:is|are|was|were|has|have|been)\s+)*(?P<result2>positive|negative)\s+for\s+"
    r"|\b(?P<how3>sero(?P<result3>positive|negative))\s+(?:for|to)\s+",
    re.IGNORECASE,
)
_LASTING = re.compile(r"serolog|sero(?:positiv|negativ)|antibod|titer", re.IGNORECASE)
_GERM = re.compile(r"\b(?:pcr|naat|polymerase|antigens?|cultures?|rna|dna)\b", re.IGNORECASE)
_GENES = re.compile(r"pcr|polymerase|naat|nucleic", re.IGNORECASE)
_GAP = re.compile(
    r"\s*(?:\([^()]{0,12}\)\s*)?(?:\s*(?:,|/|;|and/or|or|and|either|the|an?|known|any|virus|infections?|human|active|"
    r"chronic|acute|as well as)\s*)*",
    re.IGNORECASE,
)
_FINDINGS = {
    "hepatitis b": "hepatitis b serology", "hepatitis c": "hepatitis c antibody", "tuberculosis": "tuberculosis test",
    "syphilis": "syphilis test",
}  # fmt: skip
_VIRUS = re.compile(r"covid|sars|influenza|respiratory syncytial|coronavirus")
_POSITIVE_BEFORE = re.compile(r"\bpositive\s+(?:(?:result|test)s?\s+(?:of|for)\s+)?(?:an?\s+|the\s+)?$", re.IGNORECASE)
_KIND = (
    r"(?P<test>(?:rt[- ]?|real[- ]time\s+)?"
    r"(?:pcr|polymerase chain reaction|naat|nucleic acid|antigen|rapid|swab|tests?|testing|results?)\b(?:\s+tests?)?)"
)
_TEST_BEHIND = re.compile(rf"[^.;,]{{0,40}}?\b{_KIND}", re.IGNORECASE)
_POSITIVE_BEHIND = re.compile(rf"[^.;,]{{0,24}}?\b{_KIND}(?:\s+\w+){{0,2}}?\s+positive\b", re.IGNORECASE)
_POSITIVE_BETWEEN = re.compile(rf"\s*positive\s+\(?{_KIND}(?!\s+or\b)", re.IGNORECASE)
_CONFIRMED = re.compile(r"\b(?:confirm|prove|document|verif|diagnos|demonstrat|detect|establish)\w*\b")
_CONFIRMING = re.compile(
    r"(?:\s+(?:infection|disease|pneumonia|cases?|diagnosis|positive|was|is|that))*[\s,(]*"
    r"(?:(?:as\s+)?(?:confirmed|proven|documented|verified|diagnosed|demonstrated|detected|established)\s+)?"
    r"(?:(?:by|via|through|using|with|based\s+on|by\s+means\s+of|on)\s+)(?:(?:an?|the|at\s+least\s+(?:one|1)|positive|"
    r"standard)\s+)*",
    re.IGNORECASE,
)
_WAYS = frozenset(
    (
        "biopsy", "computed tomography", "magnetic resonance imaging", "ultrasound", "endoscopy", "angiography",
        "coronary angiography", "histologic examination", "cytologic examination", "liver biopsy", "chest ct",
        "endoscopic ultrasound", "colonoscopy", "nasopharyngeal swab", "imaging study", "polysomnography", "spirometry",
        "laboratory test", "genetic testing", "brain mri", "chest radiograph", "echocardiography",
        "electrocardiogram", "bone scan",
    )
)  # fmt: skip
_ANTIBODIES = frozenset(("hepatitis b", "hepatitis c"))
_IS_IT = ("hiv", "human immunodeficiency", "acquired immunodeficiency", "pregnancy")
_PROVING = re.compile(r"\s*[- ](?:(?:is|are|was|were)\s+)?positive\s+(?:for\s+)?(?:an?\s+|the\s+)?", re.IGNORECASE)
_BEFORE = re.compile(r"\b(positive|negative)\s+(?:(?!(?:or|and|for|of|with)\b)[\w-]+\s+){0,3}\Z", re.IGNORECASE)
_TESTS = re.compile(r"\b(?:test|culture|serology|swab|pcr|testing|examination|screen|smear|biopsy|cytology|assay)\b")
_KILLED = re.compile(
    r"\s*,?\s*(?:(?:which|that|who|and|is|are|was|were|be|must|still|remains?|considered|disease)\s+)*sensitive\s+to\s+",
    re.IGNORECASE,
)
_GROWTHS = re.compile(r"\b(?:cancer|carcinoma|tumor|neoplasm|lymphoma|leukemia|sarcoma|melanoma|malignan\w+)\b")


def of_tests(rule: Rule, words: str, start: int) -> Rule:
    """
    Return the rule of a criterion, *words* at *start*, in which what a test found is asked of the test.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Negative test for tuberculosis", section="inclusion")[0].reading
    'a finding of tuberculosis test, negative'
    """
    said = words.lower()
    if "positiv" in said or "negativ" in said:
        for found in _PROVED.finditer(words):
            if "pregnan" not in found.group().lower():  # "a negative pregnancy test for women of childbearing age"
                rule = _proved(rule, words, start, found)
        if "positive" in said:
            rule = within_all(rule, lambda whole: _found_by(whole, words, start))
            rule = changed(rule, lambda one: _infected(one, words, start))
        rule = changed(rule, _kept(words, start))
    if _CONFIRMED.search(said):
        rule = within_all(rule, lambda whole: _confirmed(whole, words, start))
    if "sensitive to" in said:
        rule = within_all(rule, lambda whole: _of_the_tumor(whole, words, start))
    return rule


def within_all(rule: Rule, change: Callable[[All], Rule]) -> Rule:
    """Return the rule with each whole in it changed that all of its parts make."""
    if type(rule) is All:
        return change(All(tuple([within_all(one, change) for one in rule.rules])))
    if type(rule) is AnyOf:
        return AnyOf(tuple([within_all(one, change) for one in rule.rules]))
    return Not(within_all(rule.rule, change)) if type(rule) is Not else rule


def _proved(rule: Rule, words: str, start: int, found: re.Match[str]) -> Rule:
    """Return the rule with the names of a list behind a test as what the test found."""
    at, listed = start + found.end(), set[Span]()
    for span in sorted({span for leaf in leaves(rule) if (span := span_of(leaf)) is not None}):
        if span[0] < at:
            continue
        if not _GAP.fullmatch(words[at - start : span[0] - start]):
            break
        listed.add(span)
        at = span[1]
    how = " ".join((found["how"] or found["how2"] or found["how3"]).lower().split())
    negative = (found["result"] or found["result2"] or found["result3"]).lower() == "negative"

    def finding(one: Predicate) -> Rule | None:
        """Return what the test found, or None where the infection itself is meant or something else."""
        plain = one.kind == "condition" and one.op in ("present", "absent") and not set(one.qualifier) - {"history of"}
        if span_of(one) not in listed or not plain or one.name.startswith(_IS_IT):
            return None
        lasting = _LASTING.search(how) is not None
        if not lasting and (one.name not in _FINDINGS or _GERM.search(how)):
            at_the_time = msgspec.structs.replace(one, window=one.window or NOW, op="absent")
            return at_the_time if negative else None
        name = _FINDINGS.get(one.name) or f"{one.name} {'serology' if lasting else 'test'}"
        said = ("negative" if negative else "positive", *one.qualifier)
        return msgspec.structs.replace(
            one, kind="measurement", concept=ConceptRef(name, span=span_of(one)), op="present", qualifier=said
        )

    def positive(one: Predicate) -> Rule:
        test = finding(one)
        if test is not None and one.name in _ANTIBODIES:  # who has it has the antibodies
            test = any_of([msgspec.structs.replace(one, op="present"), test]) or test
        if test is None:
            plain = span_of(one) in listed and one.kind == "condition" and not one.name.startswith(_IS_IT)
            proof = f"positive {how}" if not how.startswith("positive") else how
            told = plain and one.op in ("present", "absent") and not any(text in proof for text in one.qualifier)
            return msgspec.structs.replace(one, qualifier=(*one.qualifier, proof)) if told else one
        return Not(test) if one.op == "absent" else test

    return _negative(rule, finding) if negative else changed(rule, positive)


def _negative(rule: Rule, finding: Callable[[Predicate], Rule | None]) -> Rule:
    """Return the rule with what is denied, where a test denies it, as tests that were negative."""
    if type(rule) is Predicate:
        return (finding(rule) or rule) if rule.op == "absent" else rule
    if type(rule) is All or type(rule) is AnyOf:
        parts = tuple([_negative(one, finding) for one in rule.rules])
        return All(parts) if type(rule) is All else AnyOf(parts)
    if type(rule) is not Not:
        return rule
    inner = rule.rule.rules if type(rule.rule) is AnyOf else (rule.rule,)
    found = [finding(one) if type(one) is Predicate and one.op == "present" else None for one in inner]
    if all(one is None for one in found):
        return rule
    denied = [one if one is not None else Not(own) for one, own in zip(found, inner, strict=True)]
    return all_of(denied) or rule


def _found_by(rule: All, words: str, start: int) -> Rule:
    """Return "PET positive lesions" as lesions, positive in it."""
    parts = list(rule.rules)
    for place in range(len(parts) - 1, 0, -1):
        one, other = parts[place - 1], parts[place]
        if type(one) is not Predicate or type(other) is not Predicate or other.op != "present":
            continue
        gap = between(span_of(one), span_of(other), words, start)
        if (one.kind, other.kind) == ("procedure", "condition") and gap is not None and _PROVING.fullmatch(gap):
            told = any("positive" in text for text in other.qualifier)
            said = () if told else (f"{_text(one, words, start)} positive",)
            parts[place - 1 : place + 1] = [msgspec.structs.replace(other, qualifier=(*other.qualifier, *said))]
    return all_of(parts) or rule


def _infected(one: Predicate, words: str, start: int) -> Rule:
    """Return the infection of "positive COVID-19 PCR test" and of "COVID-19 PCR positive" in these words."""
    span = span_of(one)
    plain = one.kind == "condition" and one.op == "present" and not set(one.qualifier) - {"history of"}
    if span is None or not plain or INFECTION.search(one.name) is None:
        return one
    before, behind = words[: span[0] - start], words[span[0] - start :]
    if _POSITIVE_BEFORE.search(before):
        found = _TEST_BEHIND.match(behind)
    else:
        end = span[1] - start - len("positive") * words[: span[1] - start].lower().endswith(" positive")
        found = _POSITIVE_BEHIND.match(behind) or _POSITIVE_BETWEEN.match(words, end)
    if found is None or (_VIRUS.search(one.name) is None and _GENES.search(found["test"]) is None):
        return one
    return msgspec.structs.replace(
        one, qualifier=(*one.qualifier, f"positive {' '.join(found['test'].lower().split())}")
    )


def _confirmed(rule: All, words: str, start: int) -> Rule:
    """Return "X confirmed by PCR" as X, in these words: a test that was done may have found nothing."""
    parts = list(rule.rules)
    for place in range(len(parts) - 1, 0, -1):
        one, tests = parts[place - 1], parts[place]
        listed = tests.rules if type(tests) is AnyOf else (tests,)
        methods = [
            test for test in listed if type(test) is Predicate and test.kind == "procedure" and test.op == "present"
        ]
        if type(one) is not Predicate or one.kind != "condition" or one.op != "present" or len(methods) < len(listed):
            continue
        ends = [span for test in methods if (span := span_of(test)) is not None]
        gap = between(span_of(one), span_of(methods[0]), words, start)
        if gap is None or len(ends) < len(methods) or not _CONFIRMING.fullmatch(gap):
            continue
        if any(_TESTS.search(test.name) is None and test.name not in _WAYS for test in methods):
            continue
        said = " ".join((gap + words[ends[0][0] - start : max(ends)[1] - start]).lower().split()).lstrip(" -,:;")
        window = one.window or next((test.window for test in methods if test.window is not None), None)
        parts[place - 1 : place + 1] = [msgspec.structs.replace(one, qualifier=(*one.qualifier, said), window=window)]
    return all_of(parts) or rule


def _text(rule: Rule, words: str, start: int) -> str:
    span = span_of(rule)
    return " ".join(words[span[0] - start : span[1] - start].lower().split()) if span is not None else ""


def _kept(words: str, start: int) -> Callable[[Predicate], Rule]:
    """Return the change that gives a test the result that stands before it, where it was lost."""

    def change(one: Predicate) -> Rule:
        span = span_of(one)
        if span is None or one.kind != "procedure" or one.op != "present" or _TESTS.search(one.name) is None:
            return one
        found = _BEFORE.search(words[max(0, span[0] - start - 60) : span[0] - start])
        if found is None or any("positive" in text or "negative" in text for text in one.qualifier):
            return one
        return msgspec.structs.replace(one, qualifier=(found.group(1).lower(), *one.qualifier))

    return change


def _of_the_tumor(rule: All, words: str, start: int) -> Rule:
    """Return "a cancer which is sensitive to platinum" as such a cancer, and no allergy."""
    parts = list(rule.rules)
    for place in range(len(parts) - 1, 0, -1):
        one, other = parts[place - 1], parts[place]
        if type(one) is not Predicate or type(other) is not Predicate or one.op != "present":
            continue
        gap = between(span_of(one), span_of(other), words, start)
        grown = (one.kind, other.kind) == ("condition", "allergy") and _GROWTHS.search(one.name) is not None
        if grown and gap is not None and _KILLED.fullmatch(gap):
            said = f"sensitive to {_text(other, words, start)}"
            parts[place - 1 : place + 1] = [msgspec.structs.replace(one, qualifier=(*one.qualifier, said))]
    return all_of(parts) or rule
