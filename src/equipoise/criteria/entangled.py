"""
Lists in which a head, a purpose or a limit went to one member, and whose text does not tell how far it goes.

::

    mixed    = A "and" B "or" C                  # where A was asked for beside B alone, and no comma sets C apart
    examples = X "including" A "," B             # under Exclusion, where A or B was asked for beside X
    reached  = "contraindication to" X "or" Y    # to both
    extent   = "recurrent or metastatic" X       # where both were asked for at once
    twice    = "history of" X "or" X words       # where both mentions were read as one
    drugs    = "allergy to multiple drugs"       # whichever they are
    limiting = X "," "precluding" …              # said of X, and no other ground
    during   = X "during" A "and" B              # X during both
    far      = A … "or" B                        # under Inclusion, with many words between
    bare     = A "," B … C                       # under Inclusion, where all were asked for and nothing relates them
    methods  = X "either by" test "or" test      # how X is found
    opinion  = X "such as" A "or" B "that would …"   # X, too, is left to a judgement
    subject  = tumor "must be" Y                     # under Inclusion, who has none does not meet it

The rule is shown, and always unknown.
"""

from __future__ import annotations

import re
from itertools import pairwise

from equipoise.criteria.contraindicated import BARRED
from equipoise.criteria.ends import span_of
from equipoise.criteria.join import METHODS, is_negative
from equipoise.criteria.kinds import FACTS, GIVEN
from equipoise.criteria.looks import Look, Whole, facts_of
from equipoise.rules.nodes import All, AnyOf, Not, Predicate, Rule, Span, leaves

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
_CAME = re.compile(r"(?:during|due to|because of|caused by|related to|secondary to|while on)\s")
_GOES_ON = re.compile(r"\W*(?:\w+apy\W*|treatment\W*)?(?:and|or|and/or|[,/])\W*(?:\w+\W+){0,2}")
_MULTIPLE = re.compile(r"\b(?:multiple|several|many) (?:drugs|medications|medicines)\b")
_FERTILE = frozenset(
    (
        "childbearing potential",
        "contraception",
        "effective contraception",
        "highly effective contraception",
        "vaccination",
    )
)
_ANEW = re.compile(r",\s*(?:and/)?or\b|;")
_SHOWS = re.compile(r"\b(?:show|reveal|demonstrat|suggest|indicat)\w*")
_AND = re.compile(r"\b(?:and|with|plus)\b")
_LIMITS = frozenset(("measurement", "demographic", "drug"))
_TESTS = METHODS | {"rt pcr test", "serology", "microbial culture", "lumbar puncture", "cytologic examination"}
_MANY = 6
_WHOM = frozenset(
    (
        "childbearing potential", "sex", "females of childbearing potential", "pregnancy", "lactation",
        "planning pregnancy",
    )
)  # fmt: skip
_MEASURED = frozenset(("measurable disease", "evaluable disease"))
_LISTS = re.compile(r"\n\s*(?:[-*•]|\d)|;|\bincludi?n?g?|\bfollowing\b|\be\.g|\bsuch as\b|\bgilbert")
_RELATES = re.compile(
    r"\b(?:with|who|whose|that|which|underg\w+|underwent|hav\w+|has|had|due|on|in|for|receiv\w+|requir\w+|need\w*|treated"
    r"|after|of|by|to|from|despite|taking|during|prior|before|under|using|at|without|based|via|plus|suffering|diagnosed"
    r"|admitted|caused|because|are|is|confirmed|scheduled|planned|refractory|must)\b"
)
_PARTS = re.compile(r"[a-z,\n]")
_MUST = re.compile(r"[^.;,]{0,24}?\b(?:must|should)\s(?:not\s)?(?:be|have|e|undergo)\b")
_PEOPLE = re.compile(
    r"\b(?:patients?|subjects?|participants?|wom[ae]n|m[ae]n|(?:fe)?males?|those|individuals?|people|persons?|volunteers?"
    r"|children|infants?|mothers?|they|who|whose|if|with)\b"
)
_OF_PEOPLE = frozenset(
    (
        "sex", "childbearing potential", "females of childbearing potential", "sexual activity", "premenopausal",
        "menopause", "pregnancy", "lactation", "age",
    )
)  # fmt: skip
_STATES = frozenset(("healthy", "ambulatory", "nonsmoker", "menopause", "healthy volunteer", "healthy adult"))
_BY = re.compile(r"\A[^,;.]*(?:\b(?:either|measurable|evaluable|confirmed)\b[^,;.]*|\()\b(?:by|on|via|either)\s*\Z")
_NEEDED = re.compile(r"\brequir|\A(?:need|treated)")


def _gap(whole: Whole, one: Rule, other: Rule) -> Span | None:
    """Return the place between two parts, whichever stands first, or None where one lies in the other."""
    before, behind = whole.span_of(one), whole.span_of(other)
    if before is None or behind is None:
        return None
    first, last = sorted((before, behind))
    return (first[1], last[0]) if first[1] <= last[0] else None


def _mixed(whole: Whole) -> Span | None:
    """
    Find a list in which a bare name stands beside what is asked for together with something else.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> asthma, fever, cough = (Predicate(kind="condition", concept=ConceptRef(name, span=span))
    ...                         for name, span in (("asthma", (0, 6)), ("fever", (11, 16)), ("cough", (18, 23))))
    >>> _mixed(Whole("Asthma and fever, cough", 0, AnyOf((All((asthma, fever)), cough)), exclusion=True))
    (16, 18)
    """
    for part, _ in whole.wholes if not whole.is_open else ():
        if type(part) is not AnyOf or not any(type(one) is Predicate for one in part.rules):
            continue
        for place, one in enumerate(part.rules):
            if type(one) is All and not _is_one(whole, one) and not _is_looser(one, part):
                gap = _gap(whole, part.rules[place - 1] if place else part.rules[1], one)
                if gap is not None and not (_ANEW.search(whole.words[slice(*gap)]) and _is_said(whole, one)):
                    return gap
    return None


def _is_looser(one: All, part: AnyOf) -> bool:
    """Return whether what is asked for together is another limit on what is limited beside it: of whom, it says."""
    limited = {leaf.name for leaf in part.rules if type(leaf) is Predicate and leaf.kind == "measurement"}
    return any(leaf.name in limited for leaf in facts_of(one))


def _is_said(whole: Whole, part: All) -> bool:
    """Return whether the words ask for all of a part: "asthma and fever, or cough"."""
    return all(_AND.search(joint.words) for joint in whole.joints(part))


def _is_one(whole: Whole, part: All) -> bool:
    """Return whether what is asked for together says one thing: a disease and its grade, a need and its remedy."""
    found = list(leaves(part))
    facts = [leaf for leaf in found if type(leaf) is Predicate]
    if len(facts) < len(found) or any(
        leaf.kind == "administrative" or leaf.op == "absent" or leaf.name in _FERTILE for leaf in facts
    ):
        return True
    if any(type(one) is Not for one in part.rules) or all(leaf.kind == "measurement" for leaf in facts):
        return True
    if any(_NEEDED.search(said) for leaf in facts for said in leaf.qualifier):
        return True
    if len(part.rules) != 2:
        return False
    for one, other in (part.rules, part.rules[::-1]):
        limits = [leaf for leaf in leaves(other) if type(leaf) is Predicate]
        graded = limits and all(leaf.op not in ("present", "absent") and leaf.kind in _LIMITS for leaf in limits)
        gap = _gap(whole, one, other)
        between = whole.words[slice(*gap)] if gap is not None else ""
        told = "requir" in between or _SHOWS.search(between) is not None
        if type(one) is Predicate and ((graded and not _JOINED.search(between)) or told):
            return True
    return False


def _examples(whole: Whole) -> Span | None:
    """Find examples that are asked for beside what they are examples of."""
    for joint in whole.among_all:
        if not _EXAMPLES.search(joint.words) or _AT_LEAST.search(joint.words):
            continue
        sides = joint.one, joint.other
        named = all(type(leaf) is Predicate and leaf.op == "present" for side in sides for leaf in leaves(side))
        if all(leaf.kind == "measurement" for side in sides for leaf in facts_of(side)):
            continue  # a panel, with its tests
        if named and not any(type(side) is Not for side in sides):
            return joint.gap
    return None


def _reached(whole: Whole) -> Span | None:
    """Find a treatment that follows what another is contraindicated for."""
    for joint in whole.among_any:
        barred = type(joint.one) is Predicate and BARRED in joint.one.qualifier
        bare = type(joint.other) is Predicate and joint.other.kind in GIVEN
        own = type(joint.other) is Predicate and BARRED in joint.other.qualifier
        if barred and bare and not own and "history" not in joint.words:
            return joint.gap
    return None


def _extent(whole: Whole) -> Span | None:
    """Find ways in which a tumor has spread, of which the text asks for one and the rule for all."""
    found = _EITHER.search(whole.words)
    if found is None:
        return None
    for leaf in whole.facts:
        spread = leaf.kind == "condition" and _EXTENTS.match(leaf.name) is not None
        if spread and any(_EXTENTS.search(said) and said in whole.words for said in leaf.qualifier):
            return found.span()
    return None


def _twice(whole: Whole) -> Span | None:
    """Find a thing named twice in the same words, of which the same was read though the text says more of one."""
    for joint in whole.among_any:
        one, other = joint.one, joint.other
        if type(one) is not Predicate or type(other) is not Predicate or not one.qualifier:
            continue
        same = (one.name, one.op, one.qualifier, one.window) == (other.name, other.op, other.qualifier, other.window)
        named = span_of(one), span_of(other)
        if not same or named[0] is None or named[1] is None or named[0] == named[1]:
            continue
        texts = [whole.words[span[0] - whole.start : span[1] - whole.start] for span in named if span is not None]
        plain = set(one.qualifier) <= {"history of"}
        alike = texts[0].split()[-1:] == texts[1].split()[-1:] and "evidence" in joint.words
        if alike or (texts[0] == texts[1] and (len(joint.words.split()) > 1 or not plain)):
            return joint.gap
    return None


def _limiting(whole: Whole) -> Span | None:
    """Find a participle that limits what stands before it, and was read as one more ground."""
    for part, _ in whole.wholes:
        for one, other in pairwise(part.rules) if type(part) is AnyOf else ():
            before = whole.span_of(one)
            if type(other) is Predicate and other.kind == "administrative" and before is not None:
                found = _LIMITING.match(whole.words, before[1])
                if found is not None:
                    return found.span()
    return None


def _during(whole: Whole) -> Span | None:
    """Find a treatment that goes on with what a condition came during, and was asked for by itself."""
    for one, other, gap in [(joint.one, joint.other, joint.gap) for joint in (*whole.among_all, *whole.among_any)]:
        if type(one) is not Predicate or type(other) is not Predicate or other.kind not in GIVEN:
            continue
        said = next((text for text in one.qualifier if _CAME.match(text) and text in whole.words), None)
        behind = span_of(other)
        if said is None or behind is None or one.kind in GIVEN:
            continue
        end = whole.words.index(said) + len(said)
        if _GOES_ON.fullmatch(whole.words[end : max(end, behind[0] - whole.start)]):
            return gap
    return None


def _several(whole: Whole) -> Span | None:
    """Find an allergy to drugs of which none is named."""
    found = _MULTIPLE.search(whole.words)
    allergies = {one.name for one in whole.facts if one.kind == "allergy"}
    return found.span() if found is not None and allergies and found[0] not in allergies else None


def _far(whole: Whole) -> Span | None:
    """Find alternatives of what is asked for with many words between them: what the first lead is of both, perhaps."""
    for joint in whole.among_any if not whole.is_open else ():
        ends = [*leaves(joint.one), *leaves(joint.other)]
        facts = [leaf for leaf in ends if type(leaf) is Predicate and leaf.kind != "administrative"]
        if len(facts) < len(ends) or any(type(one) is Not for one in joint.part.rules):
            continue
        if any(leaf.name in _WHOM or leaf.kind == "administrative" for leaf in facts_of(joint.part)):
            continue
        same = len({leaf.name for leaf in facts}) == 1 or facts[0].name in _MEASURED
        same = same or all(leaf.window is not None for leaf in facts)
        if not same and len(joint.words.split()) >= _MANY and not _LISTS.search(joint.words):
            return joint.gap
    return None


def _bare(whole: Whole) -> Span | None:
    """Find two of three things that are asked for with nothing between them that says how they belong together."""
    for joint in whole.among_all if not whole.is_open else ():
        one, other = joint.one, joint.other
        if len(joint.part.rules) < 3 or type(one) is not Predicate or type(other) is not Predicate:
            continue
        named = one.kind in FACTS and other.kind in FACTS and one.op == other.op == "present"
        between = joint.words
        for said in (*one.qualifier, *other.qualifier):
            between = between.replace(said, " ")
        apart = _PARTS.search(between if between.strip() else joint.words) and ";" not in between
        apart = apart and one.name != other.name and not {one.name, other.name} <= _STATES
        if named and apart and not _RELATES.search(between) and "and" not in between.split():
            return joint.gap
    return None


def _methods(whole: Whole) -> Span | None:
    """Find a test by which something is found, as one more thing that will do: "either by CT or biopsy"."""
    for joint in whole.among_any:
        one, other = joint.one, joint.other
        if type(one) is not Predicate or type(other) is not Predicate or other.name not in _TESTS:
            continue
        if one.kind in ("condition", "measurement") and _BY.search(joint.words):
            return joint.gap
    return None


def _opinion(whole: Whole) -> Span | None:
    """Find examples that a person judges, where what they are examples of keeps out by itself."""
    for joint in whole.among_any:
        judged = type(joint.other) is All and any(leaf.kind == "administrative" for leaf in facts_of(joint.other))
        bare = type(joint.one) is Predicate and joint.one.kind != "administrative"
        if judged and bare and _EXAMPLES.search(joint.words):
            return joint.gap
    return None


def _subject(whole: Whole) -> Span | None:
    """Find a disease or a test of which something is asked, read as a condition of whom to ask."""
    for part, _ in whole.wholes:
        first = part.rules[0] if type(part) is AnyOf else None
        facts = facts_of(first) if first is not None and is_negative(first) else []
        place = whole.span_of(first) if facts and first is not None else None
        if place is None or any(leaf.name in _OF_PEOPLE or leaf.population or leaf.kind == "drug" for leaf in facts):
            continue  # whoever takes a drug must have taken it for so long
        if any("toxicity" in leaf.name or "adverse" in leaf.name for leaf in facts):
            continue
        found = _MUST.match(whole.words, place[1])
        if found is not None and not _PEOPLE.search(whole.words, max(place[0] - _MANY * 9, 0), found.end()):
            return found.span()
    return None


LOOKS = (
    Look(_subject, "must should", joined=True, exclusion=False),
    Look(_mixed, joined=True),
    Look(_examples, "including include includes", joined=True),
    Look(_reached, parts="contra", joined=True),
    Look(_extent, "metastatic advanced unresectable recurrent relapsed inoperable progressive residual"),
    Look(_twice, joined=True),
    Look(_limiting, parts="ing", joined=True),
    Look(_during, "during due caused related secondary because while", joined=True),
    Look(_several, "multiple several many"),
    Look(_far, joined=True, exclusion=False),
    Look(_bare, joined=True, exclusion=False),
    Look(_methods, joined=True),
    Look(_opinion, "including include includes such eg e", joined=True),
)
