"""
Parts of a criterion that its rule joined otherwise than the text may mean; the rule is shown, and always unknown.

::

    listed    = A "," B … "or" C                      # and A was asked for beside what "or" joins
    paired    = C "or" A "and" B                      # under Exclusion, where A and B may count each
    bare      = C "or" A B                            # two names with nothing between, as one of several
    examples  = A "and" B "such as" C                 # of both
    beside    = X "requiring" A "or" (who | any) B    # B is no need of X
    needed    = X "that is" word "or requires" A      # one of the two
    purposes  = treatment "for" A "," B "or" C        # what it was for, and nothing that counts by itself
    causes    = X "caused by" A "or" B                # and B was read by itself
    regimens  = "two lines of therapy including" A    # A is in them, and no other way to have had two
    elsewhere = drug "for a disease other than" X     # of what the drug is for, and not of the patient
    excused   = "except" A "or non-" B                # whoever has no B
    last      = "after the last dose of" drug         # when, and not what
    unable    = "does not tolerate" X                 # whether or not it was done
    barred    = "contraindications to" X "with" A     # to X with A
    but_not   = "non-insulin" drug                    # of who takes both, perhaps
    even      = "even if" A                           # A need not be so
    denied    = "no" X "such as" A B                  # A and B are no more wanted than X
    unlike    = "not healed" A "or" B                 # and B was denied with it; "A (not B)"
    off       = "off" X "for less than" length        # under Exclusion, since when it is not taken
    aside     = "is only required when" … | "is required to maintain" … | "(age ≥ 12 for patients with …)"
"""

from __future__ import annotations

import re

from equipoise.criteria.contraindicated import BARRED
from equipoise.criteria.denials import DENYING
from equipoise.criteria.join import is_negative
from equipoise.criteria.kinds import GIVEN
from equipoise.criteria.looks import Look, Whole, kinds_of
from equipoise.rules.nodes import All, AnyOf, Not, Predicate, Rule, Span, Unless, leaves

_STATED = frozenset(("condition", "drug", "procedure", "allergy", "variant"))
_COMMA = re.compile(r"\s*,\s*(?:an?\s)?")
_AND = re.compile(r"\s*,?\s*(?:and(?:/or)?|&)\s+(?:an?\s|the\s)?(?:(?:known|prior|current|history of)\s)*")
_ANOTHER = re.compile(
    r"\bor\s+(?:those|patients|subjects|participants|has|have|had|is|are|was|with|who|ever|an?\s+history|history|"
    r"evidence|presence|currently|any(?!\s+other)|(?:known\s)?infection)\b"
)
_NEED = re.compile(r"\b(?:requir\w+|need\w*|with|treated)\b")
_SUCH_AS = re.compile(r"\b(?:such as|includ\w+|e\.?g\b|i\.?e\b|like|for example)")
_OR_NEEDS = re.compile(
    r"\b(?:that|which|who)\s+(?:are|is|were|was)\s[\w\s,-]{3,60}?\bor\s(?:\w+\s)?(?:requir\w+|need\w*)\b"
)
_FOR = re.compile(r"\bfor\b(?! example)(?![^.;:()]*\b(?:have|has|had|history|who|requir\w+|currently)\b)[^.;:()]*\Z")
_CAUSE = re.compile(r"\b(?:caused by|secondary to|due to|related to|result(?:s|ing) from|because of)\b[^.;:()]*\Z")
_BARE_OR = re.compile(r"\s*(?:and/)?or\s+(?:an?\s|the\s)?|\s*,\s*(?:or\s+)?")
_OTHER_THAN = re.compile(
    r"\bfor\s(?:[\w-]+\s){0,4}?(?:diseases?|conditions?|indications?|malignanc\w+|cancers?|disorders?|infections?|"
    r"illness\w*|other)\s(?:\(?other than|than|except(?:\sfor)?)\b"
)
_AMONG = re.compile(r"\binclud|\bexclud|\(|\bunless\b|\bwhich\b|\bcount")
_LAST = re.compile(
    r"\b(?:last|final|first) (?:dose|doses|administration|infusion|injection|treatment|exposure)(?: of| to| with)"
    r"(?: (?:the|study|their))?\s+\Z"
)
_EVEN = re.compile(r"\beven (?:if|though|when|after)\b")
_EXCEPTED = re.compile(r"\bexcept(?:ions?)?(?: for| of)?\s*:")
_POINTS = re.compile(r"\b(?:e\.\s?g|i\.\s?e|etc)\.?")
_SPELT = re.compile(r"\bdefined\b|:")
_AFFIRMS = re.compile(r"\b(?:must|have|has|having|confirmed|diagnos\w+|able|willing|required)\b|[.;]")
_UNLIKE = re.compile(
    r"\bnot (?:been |yet |fully |adequately |well |completely )*(?:healed|drained|controlled|recovered|resolved|cured|"
    r"completed|accept\w*|approv\w*|answer\w*|tolerat\w*|to be used|in (?:\w+ )?remission)"
    r"|\bnot (?:adequately|well|fully|properly) treated\b"
    r"|\bcan ?(?:no|')t control\b|\bnot controlled\b"
)
_BRACKETED = re.compile(r"\(\s?not\b")
_ASIDES = re.compile(
    r"\bis only (?:required|needed|necessary)\b|\b(?:is|are) (?:required|needed|necessary) to (?:maintain|keep)\b"
    r"|\bis (?:needed|required|necessary) (?:for|in) (?:patients|subjects|participants|those|individuals)\b"
    r"|\bto confirm (?:the )?absence of\b|\bwill be excluded as will\b|\bnor will\b"
    r"|\(\s*(?:or )?aged?\b[^)]*\bfor\b[^)]*\)"
    r"|\b([\w-]+?)[- ](?:positive|negative) or \1[- ](?:positive|negative)\b"
    r"|\A\W*negative\b[^.]*\bwith the (?:following )?exception"
)
_TOGETHER = frozenset((
    "pregnancy", "lactation", "childbearing potential", "surgery", "contraception", "effective contraception",
    "recovery", "remission", "healthy",
))  # fmt: skip
_BY_MEANS = re.compile(r"\s*(?:\w+\s)?(?:with|using|by)\b")
_ABLE = frozenset(("tolerate", "tolerated", "allow", "permit", "possible", "accept", "wish", "finish", "able"))
_OF_WHOM = frozenset(("metastatic disease", "pregnancy", "childbearing potential", "stroke"))
_NON = re.compile(r"\bnon(?=[\s-])")
_OFF = re.compile(r"\boff\b[^.;]{2,80}\bfor (?:at least|less|more|fewer|a minimum|[<>≥≤])")
_TESTED = frozenset(("laboratory test", "blood test", "serologic test", "cross match", "microbial culture"))
_POSITIVE = re.compile(r"\bpositive (?:results?|findings?) (?:of|on|for|from|in)\b")


def _are_stated(*rules: Rule) -> bool:
    """Return whether parts only say what there is."""
    return all(
        type(leaf) is Predicate and leaf.kind in _STATED and leaf.op in ("present", "absent")
        for rule in rules
        for leaf in leaves(rule)
    )


def _kind(rule: Rule) -> str:
    return rule.kind if type(rule) is Predicate and rule.op == "present" else ""


def _name(rule: Rule) -> str:
    return rule.name if type(rule) is Predicate else ""


def _joined(whole: Whole) -> Span | None:
    """
    Find two parts that were asked for together, where the text may list what counts each.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> asthma, fever, cough = (Predicate(kind="condition", concept=ConceptRef(name), span=span)
    ...                         for name, span in (("asthma", (0, 6)), ("fever", (8, 13)), ("cough", (17, 22))))
    >>> _joined(Whole("Asthma, fever or cough", 0, All((asthma, AnyOf((fever, cough)))), exclusion=True))
    (6, 8)
    """
    if whole.is_open:
        return None  # what "and" and "or" leave open is open
    for part, parent, one, other, gap, words in whole.among_all:
        one_of = type(parent) is AnyOf
        if not one_of and not any(type(each) is AnyOf for each in part.rules):
            continue
        if _OR_NEEDS.search(words):
            return gap
        if type(other) is AnyOf and _is_of_another(whole, other, words):
            return gap
        if not _are_stated(one, other) or _may_stand_beside(one, other):
            continue
        if _COMMA.fullmatch(words) or (one_of and whole.exclusion and _AND.fullmatch(words)):
            return gap
        if one_of and not words.strip() and _kind(one) in ("variant", _kind(other)):
            return gap
    return None


def _may_stand_beside(one: Rule, other: Rule) -> bool:
    """Return whether two names are one thing, or one of those that a woman is asked about together."""
    names = [leaf.name for rule in (one, other) for leaf in leaves(rule) if type(leaf) is Predicate]
    return len(set(names)) < len(names) or not _TOGETHER.isdisjoint(names)


def _is_of_another(whole: Whole, listed: AnyOf, words: str) -> bool:
    """Return whether one of some alternatives is none of what the words before them lead to."""
    inner = [joint.words for joint in whole.joints(listed)]
    if _AND.fullmatch(words) and inner and _SUCH_AS.search(inner[0]):
        return True
    return _NEED.search(words) is not None and any(_ANOTHER.search(one) for one in inner)


def _purposes(whole: Whole) -> Span | None:
    for _, _, one, other, gap, words in whole.among_any:
        if type(one) is not Predicate or _kind(other) != "condition" or "unless" in words:
            continue
        if one.kind in GIVEN and _FOR.search(words):
            return gap
        if _CAUSE.search(words) and "," not in words:
            return gap
    return None


def _regimens(whole: Whole) -> Span | None:
    if not any(one.kind == "prior_lines" for one in whole.facts):
        return None
    for _, _, one, other, _, words in whole.among_any:
        lines = type(one) is Predicate and one.kind == "prior_lines"
        if lines and kinds_of(other) == {"drug"} and _AMONG.search(words):
            return whole.span_of(one)
    return None


def _elsewhere(whole: Whole) -> Span | None:
    found = _OTHER_THAN.search(whole.words)
    if found is None or not any(
        type(one) is Unless and kinds_of(one.exception) == {"condition"} and kinds_of(one.rule) & GIVEN
        for one in whole.parts
    ):
        return None
    return found.span()


def _excused(whole: Whole) -> Span | None:
    """Find an exception that whoever lacks something falls under: "except cured cancer or nonmelanoma of the skin"."""
    for part in whole.parts:
        if type(part) is not Unless or type(part.exception) is not AnyOf:
            continue
        for one in part.exception.rules:
            if is_negative(one):
                return whole.span_of(one)
    return None


def _last(whole: Whole) -> Span | None:
    for one in whole.facts:
        place = whole.span_of(one)
        if one.kind == "drug" and one.window is None and place is not None:
            found = _LAST.search(whole.words, 0, place[0])
            if found is not None:
                return found.span()
    return None


def _even(whole: Whole) -> Span | None:
    found = _EVEN.search(whole.words)
    if found is None or not any((place := whole.span_of(one)) and place[0] >= found.end() for one in whole.facts):
        return None
    return found.span()


def _denied(whole: Whole) -> Span | None:
    """Find what is asked for behind a "no" that may deny it as well: "no infection with fever"."""
    if type(whole.rule) is not All or not is_negative(whole.rule.rules[0]):
        return None
    head = whole.rule.rules[0]
    found = DENYING.search(whole.words)
    if found is not None and type(head) is Not and type(head.rule) is Unless:
        listed = _EXCEPTED.search(whole.words)  # "no cancer except: lymphoma. Leukemia."
        return None if listed is None else listed.span()
    for _, _, one, other, gap, between in whole.joints(whole.rule) if found is not None else ():
        words = _POINTS.sub("", between)
        if one is not head or _AFFIRMS.search(words) or is_negative(other) or not _TOGETHER.isdisjoint(_names(other)):
            continue
        kinds = kinds_of(other) - {"administrative"}
        if kinds and (_SUCH_AS.search(words) or _SPELT.search(words)):
            return gap
        if kinds and kinds <= {"condition", "allergy"} and not re.search("[A-Z]", whole.text[slice(*gap)]):
            return gap
        if kinds == {"measurement"} and re.match(r"\s*with\b", words):
            return gap
    return None


def _names(rule: Rule) -> set[str]:
    return {leaf.name for leaf in leaves(rule) if type(leaf) is Predicate}


def _unlike(whole: Whole) -> Span | None:
    """Find a list whose first part alone was denied: "not healed wounds, or gout", "cardiotomy (not CABG)"."""
    for part in whole.parts:
        if type(part) is Not and type(part.rule) is AnyOf and len(part.rule.rules) > 1:
            found = _UNLIKE.search(whole.words) if whole.exclusion else None
            if found is not None:
                return found.span()
            kinds = [_kind(one) for one in part.rule.rules]
            if whole.exclusion and kinds[0] in GIVEN and "condition" in kinds:
                return whole.span_of(part)  # "phlebitis not treated with heparin or thrombosis"
        elif type(part) is AnyOf:
            for one in part.rules:
                place = whole.span_of(one) if is_negative(one) else None
                if place is not None and _BRACKETED.search(whole.words[max(place[0] - 8, 0) : place[0] + 4]):
                    return place
    return None


def _barred(whole: Whole) -> Span | None:
    """Find "contraindications to anticoagulation with warfarin": to that, and not in who takes it."""
    if not any(one.qualifier[:1] == (BARRED,) for one in whole.facts):
        return None
    for _, _, one, other, gap, words in whole.among_all:
        barred = type(one) is Predicate and one.qualifier[:1] == (BARRED,)
        if barred and kinds_of(other) <= GIVEN and _BY_MEANS.match(words):
            return gap
    return None


def _but_not(whole: Whole) -> Span | None:
    """Find "non-insulin antidiabetic", read as an antidiabetic of who takes no insulin."""
    for part, _ in whole.wholes:
        denied = {one.name for one in part.rules if type(one) is Predicate and one.op == "absent"}
        if type(part) is AnyOf and denied >= {"pregnancy", "lactation"}:
            return whole.span_of(part)  # "non-pregnant, non-lactating, or sterile"
        for _, _, one, other, _, _ in whole.joints(part) if denied and type(part) is All else ():
            place = whole.span_of(one)
            if type(one) is not Predicate or one.op != "absent" or place is None or _kind(other) not in _STATED:
                continue
            if {one.name, _name(other)} == {"pregnancy", "lactation"}:
                return place  # "non-pregnant or lactating"
            if one.kind in GIVEN or (whole.exclusion and one.kind == "condition" and one.name not in _OF_WHOM):
                found = _NON.search(whole.words, max(place[0] - 5, 0), place[0] + 4)
                if found is not None:
                    return found.start(), place[1]
    return None


def _unable(whole: Whole) -> Span | None:
    """Find "does not tolerate venipuncture", read as not undergoing one."""
    for one in whole.facts:
        if one.kind in GIVEN and one.op == "absent" and not _ABLE.isdisjoint(" ".join(one.qualifier).split()):
            return whole.span_of(one)
    return None


def _aside(whole: Whole) -> Span | None:
    return _place(_ASIDES.search(whole.words))


def _off(whole: Whole) -> Span | None:
    return _place(_OFF.search(whole.words))


def _positive(whole: Whole) -> Span | None:
    return _place(_POSITIVE.search(whole.words)) if any(one.name in _TESTED for one in whole.facts) else None


def _place(found: re.Match[str] | None) -> Span | None:
    return None if found is None else found.span()


LOOKS = (
    Look(_joined, joined=True),
    Look(_purposes, "for caused secondary due related because", parts="result", joined=True),
    Look(_regimens, joined=True),
    Look(_elsewhere, "than", parts="except", joined=True),
    Look(_excused, joined=True),
    Look(_last, "last final first"),
    Look(_even, "even"),
    Look(_denied, "no none not without absence free", joined=True, exclusion=False),
    Look(_unlike, joined=True),
    Look(_barred, joined=True),
    Look(_but_not, joined=True),
    Look(_unable),
    Look(
        _aside, "required needed necessary confirm excluded nor age aged positive negative",
    ),
    Look(_off, "off", exclusion=True),
    Look(_positive, "positive"),
)  # fmt: skip
