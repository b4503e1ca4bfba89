"""
Joints of a criterion of which neither "and" nor "or" is sure, as the kinds of what they join tell.

::

    method   = X "confirmed by" test "or" test            # a test by itself keeps nobody out, nor lets in
    listed   = drug "," drug "," drug                     # under Inclusion, a list of what nobody says
    examples = X … "not limited to" A                     # A need not be so
    contrary = X "and" "no" X                             # of two groups
    non      = "no" "non-" A B                            # B of another kind than A
    led      = X "requiring" treatment "," A "," "or" B   # under Exclusion each
    turned   = label ":" "no" X                            # under Exclusion, what is wanted
    neither  = "not" A "or" "no" B                        # B is asked for, perhaps
    together = "coexistent" A "and" B | "both" A "and" B  # both, where each was read
    marked   = limit "-" limit "or" limit                 # the choice is between the last two
    refused  = "excluded if any of:" A "," B              # and they were asked for
    suffer   = A "suffering from" B "," C                 # with A all of them
    nor      = "no" A "or" limit                          # under Inclusion, neither
    either   = "current or long-term" X                   # and only the second was kept
    spared   = "life expectancy > 1 year, except for" X   # but for X, and who has X
    whom     = "PHASE II - FOR PATIENTS WITH" X ":" Y     # X says of whom Y is asked
    stages   = "premenopausal and postmenopausal women"   # nobody is both
"""

from __future__ import annotations

import re

from equipoise.criteria.join import is_negative
from equipoise.criteria.kinds import GIVEN
from equipoise.criteria.looks import Look, Whole, kinds_of
from equipoise.rules.nodes import All, AnyOf, Not, Predicate, Span

_TESTS = frozenset(
    (
        "ultrasound", "computed tomography", "magnetic resonance imaging", "biopsy", "histologic examination",
        "cytologic examination", "rt pcr test", "serology", "microbial culture", "immunohistochemistry", "chest ct",
        "bone scan", "chest radiograph", "brain mri", "imaging study", "blood test", "laboratory test", "pet ct",
        "fluorescence in situ hybridization", "physical examination", "x ray", "genetic testing",
    )
)  # fmt: skip
_RESULT = re.compile(r"\b(?:positive|negative|ab?normal|detect\w+|show\w*|reveal\w*|suspicious)\b")
_DONE = re.compile(
    r"\b(?:undergo\w*|underwent|schedul\w+|perform\w+|planned|refer\w+|candidates?|having had|have had|has had|need\w*"
    r"|requir\w+|contraindic\w+|unable|cannot|prior|previous|received|recent|eligible|available)\b"
)
_COMMAS = re.compile(r"[\s,;&]*(?:\band\b)?\s*")
_LIMITED = re.compile(r"\b(?:not|without)\s+(?:be\s+|being\s+|necessarily\s+)?(?:limited|restricted)\s+to\b")
_LED = re.compile(r"\s*,?\s*(?:which\s|that\s)?requir\w+\s[^.;]*,")
_LABELLED = re.compile(r"\W*[a-z][\w/ -]{1,30}:\s*no\b")
_PAIR = re.compile(
    r"\b(?:co-?\s?exist\w*|co-?\s?occur\w*|both)\s(?!(?:of\s|the\s)?(?:m[ae]n|males?|wom[ae]n|females?|sex\w*|genders?)\b)"
    r"(?:(?!\bother than\b|\bexcept)[^.;,]){2,80}?\band\b"
)
_KEPT_OUT = re.compile(r"\b(?:will be|are|is|be)\s+(?:excluded|ineligible|not eligible)\b")
_IF_ANY = re.compile(r"\bexcluded\s+(?:if|when)\b[^.;:]*\bany\b")
_SUFFER = re.compile(r"\b(?:suffering from|complaining of|presenting with)\b")
_TAKING = re.compile(r"\band\s+(?:who\s+are\s+)?(?:currently\s+)?(?:taking|receiving|on)\b")
_LIVES = re.compile(r"\blife expectancy\b[^.;]*\bexcept(?:ing)?\b(?!\s+(?:when|if))")
_RISK = re.compile(r"\bif pregnancy is\b")
_NO = re.compile(r"\W*(?:[a-z][\w/ -]{1,30}:\s*)?no\b")
_BARE_OR = re.compile(r"(?!.*\b(?:no|not|unless|except|if|have|has|with|are|is)\b)[\w\s,-]{0,25}\bor\b[\w\s-]{0,30}")
_EITHER = re.compile(
    r"\b(?:current|ongoing|concurrent)(?:,\s(?:or\s)?|\s(?:and/)?or\s|/)"
    r"(long-?term|chronic|recurrent|regular|frequent|persistent|prolonged|untreated)\b"
    r"|\b(?:prior|previous|past|history of),?\s(?:and/)?or\s(?:currently\s)?(active|suspected)\b"
)
_FOR_WHOM = re.compile(
    r"\b(?:for|in)\s(?:the\s|all\s)?(?:patients|subjects|participants|those|women|men)\s(?:with|who)\b[^.;:]*:\s"
)
_AGES = {"premenopausal", "menopause"}
_UNLIKE = frozenset(("condition", "allergy"))


def _method(whole: Whole) -> Span | None:
    """
    Find a test that counts by itself among what is found by it: "COVID-19 confirmed by PCR or CT".

    >>> from equipoise.rules.nodes import ConceptRef
    >>> cyst, scan = (Predicate(kind=kind, concept=ConceptRef(name), span=span)
    ...               for kind, name, span in (("condition", "cyst", (0, 4)), ("procedure", "ultrasound", (8, 10))))
    >>> _method(Whole("cyst or US", 0, AnyOf((cyst, scan)), exclusion=True))
    (8, 10)
    """
    if _DONE.search(whole.words):
        return None
    for part, _ in whole.wholes:
        if type(part) is not AnyOf or not any("condition" in kinds_of(one) for one in part.rules):
            continue
        for one in part.rules:
            plain = type(one) is Predicate and one.name in _TESTS and one.op == "present"
            if plain and type(one) is Predicate and not _RESULT.search(" ".join(one.qualifier)):
                return whole.span_of(one)
    return None


def _listed(whole: Whole) -> Span | None:
    """Find a bare list of drugs under Inclusion, of which nothing is said: are they allowed, or barred?"""
    if type(whole.rule) is not All or len(whole.rule.rules) < 2:
        return None
    parts = [one for one in whole.rule.rules if type(one) is Predicate]
    if len(parts) < len(whole.rule.rules) or any(one.kind != "drug" or one.op != "present" for one in parts):
        return None
    if any(one.window is not None or one.qualifier or one.value is not None for one in parts):
        return None
    place, gaps = whole.span_of(whole.rule), list(whole.joints(whole.rule))
    if place is None or len(gaps) + 1 < len(parts) or any(not _COMMAS.fullmatch(joint.words) for joint in gaps):
        return None
    around = whole.words[: place[0]] + whole.words[place[1] :]
    return place if not re.search("[a-z]", around) and any("," in joint.words for joint in gaps) else None


def _examples(whole: Whole) -> Span | None:
    found = _LIMITED.search(whole.words)
    if found is None:
        return None
    for joint in whole.among_all:
        if joint.gap[0] <= found.start() and found.end() <= joint.gap[1]:
            return found.span()
    for part, _ in whole.wholes:  # "X is kept out. Autoimmune diseases include, but are not limited to, A, B"
        for one in part.rules if type(part) is All and not whole.exclusion else ():
            place = whole.span_of(one)
            if type(one) is AnyOf and place is not None and place[0] < found.start() < place[1]:
                return found.span()
    return None


def _contrary(whole: Whole) -> Span | None:
    for part, _ in whole.wholes:
        if type(part) is not All:
            continue
        asked = [one for one in part.rules if type(one) is Predicate and one.window is None]
        held = {one.name for one in asked if one.op == "present" and "history of" not in one.qualifier}
        for one in asked:
            if one.op == "absent" and one.name in held:
                return whole.span_of(one)
    return None


def _non(whole: Whole) -> Span | None:
    """Find "no non-cancer illness", read as no illness of who has no cancer, and "nontobacco abuse"."""
    for part in whole.parts:
        inner = part.rule if type(part) is Not else part if whole.exclusion else None
        if type(inner) is not All:
            continue
        for one in inner.rules:
            if whole.exclusion and not (type(one) is Predicate and (one.kind in GIVEN or one.name.endswith(" use"))):
                continue  # "nonmetastatic carcinoma" is one of who has no metastasis
            place = whole.span_of(one) if is_negative(one) else None
            if place is not None and whole.words[max(place[0] - 4, 0) : place[0] + 3].find("non") >= 0:
                return place
    return None


def _led(whole: Whole) -> Span | None:
    for joint in whole.among_all:
        if type(joint.other) is not AnyOf or kinds_of(joint.one) != {"condition"}:
            continue
        first, kinds = kinds_of(joint.other.rules[0]), [kinds_of(one) for one in joint.other.rules]
        if re.search(r"\bi\.?e\b|\bnamely\b", joint.words):
            continue
        more = first <= GIVEN and any(kind & _UNLIKE for kind in kinds[1:])
        if more and "requir" in joint.words:
            return joint.gap
        if _LED.match(joint.words) and any(kind & _UNLIKE for kind in kinds):
            return joint.gap
    return None


def _turned(whole: Whole) -> Span | None:
    found = _LABELLED.match(whole.words)
    denied = is_negative(whole.rule) or (type(whole.rule) is AnyOf and all(map(is_negative, whole.rule.rules)))
    return found.span() if found is not None and denied else None


def _neither(whole: Whole) -> Span | None:
    for part in whole.parts:
        inner = part.rule if type(part) is Not else None
        for one in inner.rules if type(inner) is AnyOf else ():
            if is_negative(one):
                return whole.span_of(one)
    return None


def _nor(whole: Whole) -> Span | None:
    """Find "no A or fever above 38", read as no A, or such a fever."""
    if type(whole.rule) is not AnyOf or not _NO.match(whole.words) or not is_negative(whole.rule.rules[0]):
        return None
    joint = next(whole.joints(whole.rule), None)
    if joint is None or "administrative" in kinds_of(joint.other) or not _BARE_OR.fullmatch(joint.words):
        return None
    return joint.gap


def _either(whole: Whole) -> Span | None:
    """Find "current or long-term use" of which only the second was kept."""
    for found in _EITHER.finditer(whole.words):
        kept = (found.group(1) or found.group(2)).replace("-", " ")
        dated = {one.name for one in whole.facts if one.window is not None}  # the first was kept as well
        for one in whole.facts if dated.isdisjoint(one.name for one in whole.facts if one.window is None) else ():
            place = whole.span_of(one)
            said = " ".join(one.qualifier).replace("-", " ")
            near = place is not None and place[1] > found.end() and place[0] - found.end() < 60
            if near and one.window is None and kept in said and not re.search(r"\b(?:current|history|ongoing)\b", said):
                return found.span()
    return None


def _together(whole: Whole) -> Span | None:
    found = _PAIR.search(whole.words)
    for joint in () if found is None or whole.is_open else whole.among_any:
        if found is not None and joint.gap[0] < found.end() <= joint.gap[1] + 1 and "or" not in joint.words.split():
            return found.span()
    return None


def _marked(whole: Whole) -> Span | None:
    """Find limits in lines of their own, the last with an "or", read as a choice between all of them."""
    if type(whole.rule) is not AnyOf or len(whole.rule.rules) < 3:
        return None
    if any(kinds_of(one) != {"measurement"} for one in whole.rule.rules):
        return None
    for joint in whole.joints(whole.rule):
        if re.search(r"[-*•;]\s*\Z|[-*•]\s", joint.words) and not re.search(r"\bor\b|/", joint.words):
            return joint.gap
    return None


def _refused(whole: Whole) -> Span | None:
    found = _IF_ANY.search(whole.words)
    if found is None or type(whole.rule) is not All or not any(not is_negative(one) for one in whole.rule.rules):
        return None
    return found.span()


def _taken(whole: Whole) -> Span | None:
    """Find "patients with A and taking B are not eligible", read as neither A nor B."""
    if not _KEPT_OUT.search(whole.words):
        return None
    for joint in whole.among_any:
        pair = kinds_of(joint.one) == {"condition"} and kinds_of(joint.other) == {"drug"}
        if type(joint.parent) is Not and pair and _TAKING.search(joint.words):
            return joint.gap
    return None


def _suffer(whole: Whole) -> Span | None:
    for part, _ in whole.wholes:
        first = part.rules[0] if type(part) is AnyOf and len(part.rules) > 2 else None
        for joint in whole.joints(first) if type(first) is All else ():
            if _SUFFER.search(joint.words):
                return joint.gap
    return None


def _spared(whole: Whole) -> Span | None:
    found = _LIVES.search(whole.words) if type(whole.rule) is AnyOf else None
    return None if found is None else found.span()


def _risk(whole: Whole) -> Span | None:
    found = _RISK.search(whole.words)
    return None if found is None else found.span()


def _whom(whole: Whole) -> Span | None:
    found = _FOR_WHOM.search(whole.words)
    for joint in whole.among_all if found is not None else ():
        before = whole.span_of(joint.one)
        if found is not None and before is not None and found.start() < before[1] <= found.end() <= joint.gap[1]:
            return found.span()
    return None


def _stages(whole: Whole) -> Span | None:
    for part, _ in whole.wholes:
        asked = [one for one in part.rules if type(one) is Predicate and one.op == "present" and one.name in _AGES]
        if type(part) is All and len({one.name for one in asked}) == len(_AGES):
            return whole.span_of(asked[0])
    return None


LOOKS = (
    Look(_method, "or", marks="/ ,", joined=True),
    Look(_listed, marks=",", joined=True, exclusion=False),
    Look(_examples, "limited restricted", joined=True),
    Look(_contrary, "no not without never", parts="non", joined=True),
    Look(_non, parts="non", joined=True),
    Look(_led, parts="requir", joined=True, exclusion=True),
    Look(_turned, "no", exclusion=True),
    Look(_neither, "no not without", parts="non negativ", joined=True, exclusion=False),
    Look(_nor, "no", joined=True, exclusion=False),
    Look(_together, "both", parts="exist occur", joined=True),
    Look(_marked, "or", joined=True, exclusion=False),
    Look(_refused, "excluded", joined=True, exclusion=False),
    Look(_taken, "excluded ineligible eligible", joined=True, exclusion=False),
    Look(_suffer, "suffering complaining presenting", joined=True, exclusion=False),
    Look(_spared, "expectancy", joined=True, exclusion=False),
    Look(_risk, "pregnancy"),
    Look(_whom, "for in", joined=True),
    Look(_stages, parts="menopaus", joined=True),
)  # fmt: skip
# What a mend may have read by then.
LATER = (Look(_either, "current ongoing concurrent prior previous past history"),)
