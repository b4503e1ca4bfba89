"""
How far a label, a group or a denial of a criterion goes, where its rule gave it to all, or to none.

::

    whom    = people ("only" | "with" … ) ":" X     # X is asked of them; who they are was asked for, or lost
    twice   = limit … limit                         # of the same, and another: one of the two is of some
    fertile = "women of childbearing potential," "unwilling to use contraception"   # both at once
    active  = "women of childbearing potential and sexually active males"           # the men are
    fused   = "no" treatment treatment              # one treatment of both names
    run     = "no" X "LVEF at least 40 %"           # a requirement of its own
    turned  = "not" X "with negative test"          # what is wanted beside what is not
    broken  = "no" X "(recent)," Y "or" Z           # under Inclusion, Y and Z are no more wanted than X

The rule is shown, and always unknown. Three are mended: "no X precluding Y" is no X of which a person says that, "if
fertile" is of men as well, where no woman is named, and what a study is about is nothing that the patient has: "in
another trial related to X".
"""

from __future__ import annotations

import re

import msgspec

from equipoise.criteria.fertile import men
from equipoise.criteria.kinds import GIVEN
from equipoise.criteria.looks import Joint, Look, Mend, Whole, stated
from equipoise.rules.nodes import All, AnyOf, Not, Predicate, Rule, Span, all_of, any_of, changed, leaves

_GROUP = re.compile(
    r"\W*(?:(?:for|in)\s+)?(?:"
    r"(?!(?:fe)?males?\b|(?:wo)?m[ae]n\b)(?:[\w-]+\s){0,3}(?:only|non-patient\s+participants?)"
    r"|(?:on|off)-(?:treatment|study|therapy)\s+(?:participants?|patients?|subjects?)"
    r"|(?:primary|secondary|main|expansion|treatment|vaccin\w+|intervention|study)\s+groups?"
    r"|(?:cohorts|parts|groups|arms|phases)\s+[\w-]+(?:\s*,\s*[\w-]+)*\s*(?:and|to|&|or|-)\s*[\w-]+"
    r")\s*:(?=\s*\S)"
)
_ALL_PARTS = re.compile(r"\b(?:all|both|each)\b")
# "COVID-19 patients: age > 18": of other people nobody knows whether the study takes them.
_PEOPLE = re.compile(
    r"\W*(?:[\w/+-]+\s){1,5}?(?:patients|subjects|participants|volunteers|controls|individuals)"
    r"(?:\s(?:with|without|on|receiving|who)\b[^:.;]{3,60})?\s*:(?=\s*\S)"
)
_NO_PEOPLE = re.compile(
    r"\b(?:following|all|any|must|should|criteria|adequate|abnormal|defined|includ\w+|such|either|type of|elderly"
    r"|(?:wo)?men|(?:fe)?males?|aged?|have|has|are|is|function|eligible|excluded|status)\b"
)
_UPPER = frozenset(("<", "<="))
_LOWER = frozenset((">", ">="))
_BARS = re.compile(
    r"\b(?:unwilling|refus\w+|not (?:willing|using|practi[cs]ing|agree\w*|use)"
    r"|no(?:t on)? (?:adequate|effective|reliable)"
    r"|(?:do|does) not (?:use|agree|want|practi[cs]e)|without)\b"
)
_CONTRACEPTION = re.compile(r"contracept|birth control")
_FERTILE = frozenset(("childbearing potential", "premenopausal"))
_ACTIVE_MEN = re.compile(r"\bsexually active (?:fertile )?(?:men\b|males?\b)")
_DENIES = re.compile(
    r"\W*(?:[\w ]{1,20}:\s*)?(?:no|without|(?:[\w ]{1,30}\s)?(?:must|should|may|will|do|does|has|have) not)\b"
)
_ALLOWS = re.compile(
    r"\b(?:allowed|eligible|permitted|if|unless|except|provided|acceptable|may be|who|either|naive|more than)\b"
)
_SPACE = re.compile(r"\s+")
_WITH_NEGATIVE = re.compile(r"\s+(?:with|and)\s+(?:an?\s+|have\s+(?:an?\s+)?)?negative\b")
_OF_HER = re.compile(
    r"wom[ae]n|female|wocbp|mother|\bshe\b|\bhers?\b|pregnan|lactat|breast-?\s?feed|nursing|menopaus|menses"
)
_ABOUT = re.compile(r"\b(?:related to|associated with|for|of|on|about|regarding|involving|concerning)\b")
_ABLE = re.compile(r"\bfertile|\breproductive")
_PRECLUDES = re.compile(
    r"\W*(?:[\w ]{1,20}:\s*)?no\b(?:(?!\bthat\b|\bwhich\b)[^.;:])*\b(?:preclud|interfer|prevent|prohibit|limit)ing\b"
)


def _whom(whole: Whole) -> Span | None:
    """
    Find a label of people for whom alone the rest is asked: "Patients only: asthma".

    >>> from equipoise.rules.nodes import ConceptRef
    >>> old = Predicate(kind="demographic", concept=ConceptRef("age"), op=">", value=18, span=(25, 29))
    >>> _whom(Whole("Non-patient participants: > 18", 0, old, exclusion=False))
    (0, 25)
    """
    if any(one.population for one in whole.facts):
        return None
    found = _GROUP.match(whole.words)
    if found is not None:
        return None if _ALL_PARTS.search(found[0]) else found.span()
    found = _PEOPLE.match(whole.words) if type(whole.rule) is All and not whole.exclusion else None
    if found is None or type(whole.rule) is not All or _NO_PEOPLE.search(found[0]):
        return None
    places = [whole.span_of(one) for one in whole.rule.rules]
    within = [place is not None and place[1] <= found.end() for place in places]
    return found.span() if True in within and False in within else None


def _twice(whole: Whole) -> Span | None:
    """Find two limits of the same on one side that differ: the second is of some, as "5 x ULN in liver metastases"."""
    for part, _ in whole.wholes:
        limits = [one for one in part.rules if type(one) is Predicate and one.op in _UPPER | _LOWER]
        for place, one in enumerate(limits):
            for other in limits[place + 1 :]:
                if one.value != other.value and _is_alike(one, other):
                    return whole.span_of(other)
    return None


def _is_alike(one: Predicate, other: Predicate) -> bool:
    return (
        one.kind == other.kind == "measurement"
        and one.name == other.name
        and (one.op in _UPPER) == (other.op in _UPPER)
        and one.unit == other.unit
        and one.relative_to == other.relative_to
        and one.window == other.window
        and one.population == other.population
        and set(one.qualifier) <= set(other.qualifier)
    )


def _fertile(whole: Whole) -> Span | None:
    """Find those who could conceive as kept out for that, where they are if they do not prevent it."""
    if not _CONTRACEPTION.search(whole.words) or not _BARS.search(whole.words):
        return None
    for part, parent in whole.wholes:
        if type(part) is not AnyOf or (type(parent) is All and whole.exclusion):
            continue
        fertile = [one for one in part.rules if type(one) is Predicate and one.name in _FERTILE and one.op == "present"]
        others = [one for one in part.rules if _prevents(one)]
        if fertile and others:
            return whole.span_of(fertile[0])
    return None


def _prevents(rule: Rule) -> bool:
    return any(
        type(leaf) is Predicate and (leaf.name == "protocol compliance" or "contraception" in leaf.name)
        for leaf in leaves(rule)
    )


def _active(whole: Whole) -> Span | None:
    """Find the women as those of whom it is said that they are sexually active, where the men are."""
    found = _ACTIVE_MEN.search(whole.words)
    if found is None:
        return None
    for part, _ in whole.wholes:
        names = {one.name for one in part.rules if type(one) is Predicate} if type(part) is All else set[str]()
        if {"childbearing potential", "sexual activity"} <= names:
            return found.span()
    return None


def _fused(whole: Whole) -> Span | None:
    for joint in whole.among_all:
        if _is_denied(whole, joint) and (_is_one(joint) or _is_run(whole, joint) or _is_turned(whole, joint)):
            return whole.span_of(joint.other)
    return None


def _is_denied(whole: Whole, joint: Joint) -> bool:
    return any(type(part) is Not and part.rule is joint.part for part in whole.parts)


def _is_one(joint: Joint) -> bool:
    """Return whether two treatments are one: "no anticancer radiotherapy"."""
    return _are(joint, GIVEN) and _SPACE.fullmatch(joint.words) is not None


def _are(joint: Joint, kinds: frozenset[str]) -> bool:
    return all(type(one) is Predicate and one.kind in kinds and one.op == "present" for one in (joint.one, joint.other))


def _is_run(whole: Whole, joint: Joint) -> bool:
    """Return whether a requirement ran into a denial: "No heart failure LVEF at least 40 %"."""
    limit = joint.other
    if type(limit) is not Predicate or limit.kind != "measurement" or not _SPACE.fullmatch(joint.words):
        return False
    return (
        whole.text[joint.gap[1]].isupper() and limit.op in _LOWER and limit.name == "left ventricular ejection fraction"
    )


def _is_turned(whole: Whole, joint: Joint) -> bool:
    return not whole.exclusion and _WITH_NEGATIVE.match(whole.words, joint.gap[0]) is not None


def _broken(whole: Whole) -> Span | None:
    """
    Find a list whose first member alone was denied, and whose others would let in.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> gout, fever = (Predicate(kind="condition", concept=ConceptRef(name), op=op, span=span)
    ...                for name, op, span in (("gout", "absent", (3, 7)), ("fever", "present", (17, 22))))
    >>> _broken(Whole("No gout (recent) fever", 0, AnyOf((gout, fever)), exclusion=False))
    (17, 22)
    """
    if type(whole.rule) is not AnyOf or not _DENIES.match(whole.words) or _ALLOWS.search(whole.words):
        return None
    first, *others = whole.rule.rules
    if type(first) is not Not and not (type(first) is Predicate and first.op == "absent"):
        return None
    wanted = [
        one for one in others if any(type(leaf) is Predicate and leaf.kind == "condition" for leaf in stated(one))
    ]
    return whole.span_of(wanted[0]) if wanted else None


def _precluding(whole: Whole) -> Rule:
    """
    Return "no X precluding Y" as no X of which a person says that it does.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("No dementia precluding study participation", section="inclusion")[0].reading
    "not (dementia and investigator's judgement (a person answers))"
    """
    if not _PRECLUDES.match(whole.words):
        return whole.rule
    denied: list[Rule] = []
    said: list[Rule] = []
    for one in _members(whole.rule):
        if type(one) is Not:
            denied.append(one.rule)
        elif type(one) is Predicate and one.kind == "administrative":
            said.append(one)
        elif type(one) is Predicate and one.op == "absent":
            denied.append(_present(one))
        else:
            return whole.rule
    named, judged = any_of(denied), any_of(said)
    return whole.rule if named is None or judged is None else Not(all_of([named, judged]) or named)


def _of_both(whole: Whole) -> Rule:
    """
    Return a rule in which those of reproductive potential may be men.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("If fertile, willing to use contraception", section="inclusion")[0].reading
    '(not (childbearing potential or sex is male)) or protocol compliance (a person answers)'
    """
    if _OF_HER.search(whole.words) or any(one.name == "sex" for one in whole.facts):
        return whole.rule

    def change(one: Predicate) -> Rule:
        if one.name != "childbearing potential" or one.span is None or one.qualifier or one.population:
            return one
        if not _ABLE.search(whole.words, max(one.span[0] - whole.start, 0), one.span[1] - whole.start):
            return one
        both = AnyOf((_present(one), men(one.span)))
        return Not(both) if one.op == "absent" else both

    return changed(whole.rule, change)


def _topic(whole: Whole) -> Rule:
    """
    Return a rule without what another study is about, which stands with the study.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Currently in another trial related to warfarin", section="exclusion")[0].reading
    'undergoing participation in another clinical study, related to warfarin, around screening'
    """
    if type(whole.rule) is not All:
        return whole.rule
    about = " ".join(
        said
        for one in whole.rule.rules
        if type(one) is Predicate and one.name.startswith("participation in another")
        for said in one.qualifier
    )
    if not _ABOUT.search(about):
        return whole.rule
    kept = [one for one in whole.rule.rules if not _is_told(whole, one, about)]
    return all_of(kept) or whole.rule


def _is_told(whole: Whole, rule: Rule, about: str) -> bool:
    """Return whether all that a part names stands in what is said of a study."""
    spans = [leaf.span if type(leaf) is Predicate else None for leaf in leaves(rule)]
    return all(
        span is not None and whole.words[span[0] - whole.start : span[1] - whole.start] in about for span in spans
    )


def _members(rule: Rule) -> list[Rule]:
    if type(rule) is All or type(rule) is AnyOf:
        return [part for one in rule.rules for part in _members(one)]
    return [rule]


def _present(one: Predicate) -> Predicate:
    return msgspec.structs.replace(one, op="present")


LOOKS = (
    Look(_whom, marks=":"),
    Look(
        _twice,
        "patients subjects participants those presence case cases who metastases metastasis involvement"
        " gilbert years year men women males females",
        joined=True,
    ),
    Look(_fertile, parts="bearing menopaus wocbp fertile reproduct", joined=True),
    Look(_active, "sexually", joined=True),
    Look(_broken, "no without not", joined=True, exclusion=False),
    Look(_fused, "no not without since from", joined=True, exclusion=False),
)
MENDS = (
    Mend(_precluding, "precluding interfering preventing prohibiting limiting", joined=True, exclusion=False),
    Mend(_of_both, "fertile reproductive", joined=True),
    Mend(_topic, "study studies trial trials", joined=True),
)
