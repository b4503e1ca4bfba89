"""
How old the people are of whom a criterion speaks: "All adult patients with …", "Children with asthma".

::

    of_age   = determiner? word{0,4} group people? (stop | ("with" | "who" | "undergoing" | …) …)
    group    = "adult" | "adults" | "children" | "infants" | "neonates" | "adolescents" | "pediatric" people | …

An adult is whoever is 18, as `equipoise.criteria.grown` has it. The ages at which somebody surely is none of the
younger ones are generous: twenty at most are adolescents (WHO: 10 to 19), and what is called pediatric ends at 21 in
some countries. Under Exclusion nobody of another age is kept out; under Inclusion nobody of another age is asked for.
A criterion that states ages says it all itself, and where a study takes both, of either nothing is added.
"""

from __future__ import annotations

import re

from equipoise.rules.nodes import All, AnyOf, ConceptRef, Left, Predicate, Rule, Span, leaves

_PEOPLE = (
    r"(?:patients?|subjects?|participants?|volunteers?|individuals?|persons?|people|population|recipients?|survivors?"
    r"|in-?patients?|out-?patients?|men|women|man|woman|males?|females?|candidates?|residents?|smokers?)"
)
# Before the group, what says no other person, no place and no denial.
_BEFORE = (
    r"\A\W*(?:\d{1,2}[.)]\s+)?(?:(?:asa|american society of an\w+)\b[^.;:,]{0,40}?\s)?"
    r"(?:(?:is|are|be|being|this includes?|includes?)\s+)?"
    r"(?:(?!(?:for|of|in|by|with|from|to|at|on|no|non|not|any other|other|another|both|and|or|nor|an?d/or|if|when|young"
    r"|protected|household|responsible|accompan\w+|parents?|mothers?|fathers?|care\w*|siblings?|family|born|bear\w*"
    r"|who|whose|that|which|are|were|was|wom[ae]n|m[ae]n|breast[\w-]*|feed\w*|ha(?:s|ve|ving|d)|must|should"
    r"|written|legal|vulnerable|incapacitated|without|than|since|during|chronic)\b)"
    r"[a-z][\w-]*\s+){0,4}?"
)
_BEHIND = (
    r"\s*(?:[.;,]?\s*\Z|,?\s*(?:with|who|whose|whom|having|had|suffering|undergoing|diagnosed|admitted|hospitali[sz]ed"
    r"|presenting|receiving|requiring|scheduled|treated|affected|born|referred|unable|without|that|known|infected|being"
    r"|attending|on|under|excluded|weighing"
    r"|(?:(?:will|must|should) be|are|were|is) (?:excluded|included|eligible|considered|enrolled))\b)"
)
_ADULT = re.compile(
    rf"{_BEFORE}(?P<group>adults(?: and elderly)?(?:\s+{_PEOPLE})?|adult(?:\s+(?!(?:onset|type|form|from|of|with|for"
    rf"|relatives?|family|donors?|child\w*|care\w*|parents?)\b)[\w-]+){{0,3}}?\s+{_PEOPLE}(?:\s+(?:or|and)\s+(?:fe)?males?)?){_BEHIND}",
    re.IGNORECASE,
)
# From these on nobody is of the group any more.
ENDS = {"neonat": (6, "mo"), "newborn": (6, "mo"), "infan": (24, "mo"), "bab": (24, "mo"), "toddler": (6, "a")}
ENDS |= {"child": (18, "a"), "adolescen": (20, "a"), "teen": (20, "a"), "minor": (21, "a"), "p": (21, "a")}
ENDS |= {"boys": (21, "a"), "girls": (21, "a")}
_YOUNG = re.compile(
    rf"{_BEFORE}(?P<group>(?:children|infants|babies|neonates|newborns|toddlers|adolescents|teenagers|minors"
    rf"|p(?:a)?ediatric\s+(?:[\w-]+\s+)?{_PEOPLE}|(?:minor|infant|neonatal|newborn|adolescent)\s+{_PEOPLE})"
    rf"(?:\s*(?:,|/|and|or)+\s*(?:children|infants|babies|neonates|newborns|toddlers|adolescents|teenagers))*)"
    rf"{_BEHIND}",
    re.IGNORECASE,
)
# Below these, whoever is of a group surely is.
_SURE = {"neonat": (28, "d"), "newborn": (28, "d"), "infan": (12, "mo"), "bab": (12, "mo"), "toddler": (3, "a")}
_SURE |= {"child": (12, "a"), "minor": (18, "a"), "p": (12, "a")}
_NAMED = re.compile(r"neonat|newborn|infan|bab|toddler|child|adolescen|teen|minor|p(?=a?ediatric)", re.IGNORECASE)
# What no words of these lack.
_SIGNS = ("adult", "child", "infan", "neonat", "newborn", "adolescen", "teen", "minor", "ediatric", "babies", "toddler")
# Who states an age, or speaks of others as well, says whom it means by itself.
_AGED = re.compile(
    r"\bage[ds]?\b|\bold\b|\byears?\b|\byrs?\b|\bmonths?\b|\by/?o\b|[<>≤≥]\s*\d+\s*y|\byoung\w*|\bolder\b|\badolescence\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:patients?|subjects?|participants?|adults?|women|woman|pregnan\w*|lactat\w*|men|people|persons?|volunteers?"
    r"|individuals?|smok\w+|elderly|those|any|everyone|siblings?|household)\b",
    re.IGNORECASE,
)
_TIED = re.compile(
    r"\b(?:must|should|shall|will|may|can|need|needs|eligible|allowed|their own|child|children|p(?:a)?ediatric"
    r"|infants?|neonat\w+|newborns?|adolescents?|minors?|parents?|guardians?|caregivers?|mothers?|boys|girls)\b",
    re.IGNORECASE,
)
_MODAL = re.compile(r"\b(?:must|should|shall|will|may|can be|need|needs|eligible|allowed)\b", re.IGNORECASE)
_TAKEN = re.compile(
    r"\b(?:are|is|were|will be|may be|can be) (?:eligible|included|enrolled|considered|recruited|invited|selected)\b",
    re.IGNORECASE,
)
_OF_MOTHERS = re.compile(r"\b(?:mothers?|maternal|breast\w*)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[.;]\s+\S|\n\s*[-•*]")
_WITH_YOUNG = re.compile(
    r"\b(?:children|p(?:a)?ediatric|infants?|neonat\w+|newborns?|adolescents?|teen\w*|youth|boys|girls|parents?"
    r"|guardians?|caregivers?|age[ds]?\W+(?:[a-z]+\W+){0,3}(?:\d|1[0-7])"
    r"|(?:\d|1[0-7])\s*(?:years|yrs)? (?:of age|old))\b",
    re.IGNORECASE,
)
_WITH_ADULTS = re.compile(
    r"\b(?:adults?|mothers?|caregivers?|parents? (?:with|who|of)|men|women|elderly)\b"
    r"|\bage[ds]?\W+(?:[a-z]+\W+){0,3}(?:1[89]|2\d)\b",
    re.IGNORECASE,
)


def of_age(rule: Rule | None, words: str, span: Span, record: str, *, exclusion: bool) -> Rule | None:
    """
    Return the rule of a criterion as one of people of the age that it names; *record*: all that lets in.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("All adult patients with asthma", section="inclusion")[0].reading
    'age at least 18 years and asthma'
    """
    if not any(map(words.lower().__contains__, _SIGNS)):
        return rule  # most
    if _AGED.search(words) or any(type(leaf) is Predicate and leaf.name == "age" for leaf in leaves(rule)):
        return rule
    found = None if exclusion else _ADULT.match(words)
    if found is not None:
        behind = _TAKEN.sub(" ", words[found.end("group") :])
        if _TIED.search(behind) or _WITH_YOUNG.search(record.replace(words, " ")):
            return rule
        return _of(rule, ">=", (18, "a"), (span[0] + found.start("group"), span[0] + found.end("group")))
    found = _YOUNG.match(words)
    if found is None:
        return rule
    behind = _TAKEN.sub(" ", words[found.end("group") :])
    if _OTHERS.search(behind) or (exclusion and _SENTENCE.search(behind)):
        return rule
    told = _MODAL.search(behind) or _OF_MOTHERS.search(behind)
    if not exclusion and (told or _WITH_ADULTS.search(record.replace(words, " "))):
        return rule
    names = [one.lower() for one in _NAMED.findall(found["group"])]
    most = max((ENDS[one] for one in names), key=lambda one: one[0] * (12 if one[1] == "a" else 1))
    place = (span[0] + found.start("group"), span[0] + found.end("group"))
    made = _of(rule, "<", most, place)
    alone = not behind.strip(" .;,") and all(type(leaf) is Left for leaf in leaves(rule))
    return (
        AnyOf((age_limit("<", _SURE[names[0]], place), made))
        if alone and len(names) == 1 and names[0] in _SURE
        else made
    )


def age_limit(op: str, limit: tuple[int, str], span: Span) -> Predicate:
    """Return a limit of the patient's age, at the words that say so."""
    concept = ConceptRef("age", span=span)
    return Predicate(kind="demographic", concept=concept, op=op, value=limit[0], unit=limit[1], span=span)


def _of(rule: Rule | None, op: str, limit: tuple[int, str], span: Span) -> Rule:
    age = age_limit(op, limit, span)
    return All((age, *(rule.rules if type(rule) is All else (rule if rule is not None else Left(span),))))
