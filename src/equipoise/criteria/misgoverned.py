"""
Words that govern more of a criterion than its rule has them govern; the rule is shown, and always unknown.

::

    denied   = "no" name ";" name …                     # the denial is of each of them
    negative = infection "negative"                     # read as the infection
    grave    = ("serious" | "clinically significant" | …) … "disease" …   # and a whole class was read without it
    purpose  = "for" "advanced or metastatic disease"   # what a treatment was for
    window   = A "or" B … "within" length               # and A was read without it
    some     = "for patients with" X ":" … | ages "years" "weigh" …       # nobody else is asked
    methods  = "unwilling to use contraception" … methods # under Exclusion: who uses one is not kept out
    serology = antibody "or" antigen ", and" "DNA" …    # both, and each was read alone
    one_of   = X "meet one of the following" ":" …      # only who has X is meant
    stages   = "stage III or IV, refractory, or recurrent" X   # of X
    reasons  = "for reasons other than" X | "surgery except for diagnosis of" X
    spared   = limit "in the presence of" ("liver metastases" | …)   # of who has them; the others need not
    judged   = X "and the investigator judges" …        # under Exclusion, and was read as one of two
    graded   = lab "of grade" n                         # no result of that size
    fasting  = "fasting or non-fasting" lab             # and fasting was read as asked for
    cleared  = lab "and creatinine" limit "or creatinine clearance" limit   # the clearance stands for the creatinine
    more     = "other than" A ";" in-situ tumor …       # which is excepted as well
    fellow   = "No" A … "or" B | "Either no" A "or" B   # B was read as asked for, or as denied
"""

from __future__ import annotations

import re

from equipoise.criteria.denials import DENYING
from equipoise.criteria.join import is_negative
from equipoise.criteria.kinds import OF_SOME
from equipoise.criteria.looks import Look, Whole, stated
from equipoise.rules.nodes import All, AnyOf, Not, Predicate, Rule, Span, Unless, children

_AFFIRMS = re.compile(
    r"\b(?:must|have|has|having|with|confirmed|diagnos\w+|documented|known|able|willing|history|prior|previous|no|not|without|"
    r"age|aged?|\d)\b"
)
_NEGATIVE = re.compile(r"\W{0,3}(?:sero-?)?negative\b")
_GRAVE = re.compile(
    r"\b(?:clinically (?:significant|relevant)|significant|serious|severe|uncontrolled|unstable|interfere|intercurrent|"
    r"major|poorly controlled)\b"
)
# Classes of which almost every patient has some kind.
_WHOLE = frozenset(
    (
        "autoimmune disease", "cardiovascular disease", "endocrine disease", "eye disease", "gastrointestinal disease",
        "heart disease", "hematologic disease", "immune disorder", "infection", "kidney disease", "liver disease",
        "lung disease", "malignant tumor", "mental disorder", "metabolic disease", "musculoskeletal disease",
        "neurological disorder", "respiratory disease", "skin disease", "urologic disease", "vascular disease",
    )
)  # fmt: skip
_PURPOSE = re.compile(
    r"\bfor (?:the )?(?:(?:locally )?advanced|recurrent|unresectable)(?:\s*(?:/|,|\band\b|\bor\b)\s*){1,2}metastatic\b"
)
_WITHIN = re.compile(
    r"\bor\b[^.;]*\b(?:within|in the (?:last|past))\s(?:the\s)?(?:(?:last|past|previous)\s)?\d+\s?(?:hour|day|week|"
    r"month|year)"
)
_FOR_SOME = re.compile(
    r"^\W*(?:\w{1,3}[.)]\s*)?for (?:all )?(?:the )?(?:participants|patients|subjects|those|individuals|asthmatics|"
    r"diabetics|smokers|"
    r"children|adults|adolescents|women|men|females|males)\b"
)
_AGED = re.compile(
    r"^\W*(?:patients|subjects|participants|children|adolescents|women|men|volunteers)\s(?:who are\s)?(?:aged?|"
    r"between)\s[^.;]{1,40}?"
    r"(?:years?|yrs?|months)(?: of age| old)?,?\s(?:weigh|must|should|need|are required)\b"
)
_OF_TWO_GROUPS = re.compile(r"\d[^.;]{0,24}\bfor\b[^.;]{1,40}?\band\b[^.;]{0,24}?\d[^.;]{0,24}\bfor\b")
_OF_SUBJECTS = re.compile(r"\brequired (?:of|for|in) (?:all )?(?:subjects|patients|participants|those|individuals)\b")
_METHODS = frozenset(
    (
        "barrier contraception", "bilateral oophorectomy", "bilateral salpingo oophorectomy",
        "bilateral tubal ligation", "condom", "contraception", "copper intrauterine device", "diaphragm",
        "effective contraception",
        "highly effective contraception", "hormonal contraceptive", "hormonal intrauterine device",
        "intrauterine device", "oral contraceptive", "sexual abstinence", "spermicide", "tubal ligation", "vasectomy",
    )
)  # fmt: skip
_UNWILLING = re.compile(
    r"\b(?:unwilling|not willing|unable|refus\w+|fail\w*|inadequate|without|not us\w+|do(?:es)? not|not practic\w+|"
    r"no\b)[^.]*?"
    r"\bcontracepti"
)
_SEROLOGY = frozenset(
    ("hepatitis b core antibody", "hepatitis b surface antigen", "hepatitis c antibody", "hepatitis b surface antibody")
)
_AND_COPIES = re.compile(r"\band\b[^.;]{0,40}?\b(?:hbv[\s-]?dna|hcv[\s-]?rna|dna|rna|viral load|pcr)\b")
_ONE_OF = re.compile(
    r"\bmeet(?:s|ing)? (?:one|any|at least (?:one|two)|two|either)(?: or more)? of (?:the|these)[^:;.]*:"
)
_STAGES = re.compile(
    r"\bstages?\s[\divxabc/ ,-]{1,24}(?:\sor\s[\divxabc]{1,5})?,\s*(?:or\s)?(?:refractory|recurrent|relapsed|"
    r"metastatic|persistent)"
)
_REASONS = re.compile(
    r"\b(?:reasons?|causes?|etiolog\w+|purposes?) other than\b|\bexcept (?:for )?(?:the )?(?:diagnos\w+|staging|"
    r"treatment|management) of\b"
)

_GIVEN_THAT = re.compile(
    r"\d[^;]*\bin (?:the )?(?:presence|absence|cases?|setting|event) "
    r"(?:of|with)\b|^\W*in (?:the )?(?:presence|absence|cases?) (?:of|with)\b[^.;]*\d"
)
_GRADE = re.compile(r"\bgrade\b")
_LEVELS = re.compile(r"\b(?:grad\w*|scores?|stages?|class\w*|scales?|status|index)\b")
_FASTING = re.compile(r"\bfasting\b[^.;]*?\bor\b")
_CLEARANCES = frozenset(("creatinine clearance", "estimated glomerular filtration rate", "glomerular filtration rate"))
_CLEARANCE = re.compile(r"\bor\b[^.;]*?(?:clearance|\bcrcl\b|filtration|\be?gfr\b)")
_MORE = re.compile(
    r"\b(?:other than|except\w*|excluding|exclusion of)\b[^;]{3,120};\s*(?:and |or )?(?:\w+ly )?(?:\w+ )?"
    r"(?:basal|squamous|in[\s-]situ|carcinoma in|non-?melanoma\w*|superficial|(?:localized |early )?prostate cancer)\b"
)
_LIFTS = re.compile(r"\b(?:unless|except\w*|apart from|other than)\b")
# Of who has them, other limits are asked.
_SPARED = frozenset(
    ("bone marrow involvement", "bone metastases", "gilbert syndrome", "hemolysis", "liver involvement",
     "liver metastases", "metastatic disease")
)  # fmt: skip
_JUDGED = re.compile(
    r"\band (?:the )?(?:principal |study |treating |responsible )?(?:investigator|physician|pi)\b[^.;,]{0,60}"
    r"\b(?:judges?|considers?|deems?|determines?|believes?|decides?)\b"
)
_WHOM = OF_SOME | {"sex"}
_EITHER_NO = re.compile(
    r"\beither (?:no|not|never)\b[^.;]*\bor\b|^\W*(?:no|not|never)\b[^.;]*\bor (?:[\w-]+ ){0,5}stable (?:dose|regimen)"
)


def _parts(rule: Rule) -> tuple[Rule, ...]:
    return children(rule) if type(rule) is All or type(rule) is AnyOf else (rule,)


def _bare(rule: Rule, kinds: tuple[str, ...]) -> list[Predicate]:
    """Return the parts of a list that are one predicate that something is there."""
    return [one for one in _parts(rule) if type(one) is Predicate and one.kind in kinds and one.op == "present"]


def _place(found: re.Match[str] | None) -> Span | None:
    """Return where a pattern was found, without the blanks and marks that it begins with."""
    if found is None:
        return None
    begin = found.start() + len(found[0]) - len(found[0].lstrip(" \n\r\t-*•.()"))
    return min(begin, found.end() - 1), found.end()


def _denied(whole: Whole) -> Span | None:
    """
    Find a denial before a list, of which something behind was read as asked for.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> stroke = Predicate(kind="condition", concept=ConceptRef("stroke"), span=(3, 9))
    >>> pregnancy = Predicate(kind="condition", concept=ConceptRef("pregnancy"), span=(11, 20))
    >>> _denied(Whole("No stroke; pregnancy", 0, All((Not(stroke), pregnancy)), exclusion=False))
    (0, 2)
    """
    words = whole.words
    found = None if type(whole.rule) is Not else DENYING.search(words)
    for one in whole.stated if found is not None else ():
        place = -1 if one.span is None else one.span[0] - whole.start
        mark = words.rfind(";", 0, max(place, 0)) if place >= 0 else words.find(";")
        clause = words[mark + 1 : place] if place > mark else ""
        if (
            one.kind in ("condition", "allergy")
            and not _AFFIRMS.search(clause)
            and (mark > 0 or type(whole.rule) is AnyOf)
        ):
            return _place(found)
    return None


def _negative(whole: Whole) -> Span | None:
    for one in whole.stated:
        end = -1 if one.span is None or one.kind != "condition" else one.span[1] - whole.start
        if 0 < end < len(whole.words) and (found := _NEGATIVE.match(whole.words, end)) is not None:
            return _place(found)
    return None


def _grave(whole: Whole) -> Span | None:
    found = _GRAVE.search(whole.words)
    if found is None:
        return None
    rule = whole.rule
    if whole.exclusion:
        held = whole.stated
    elif type(rule) is Not:
        held = list(stated(rule.rule))
    else:
        held = [one for part in _parts(rule) if type(part) is Not for one in stated(part.rule)]
    for one in held:
        behind = one.span is None or one.span[0] - whole.start >= found.start()
        if one.name in _WHOLE and not one.qualifier and one.window is None and behind:
            return _place(found)
    return None


def _purpose(whole: Whole) -> Span | None:
    if type(whole.rule) is not AnyOf:
        return None
    alone = any(one.name == "metastatic disease" and not one.qualifier for one in whole.stated)
    return _place(_PURPOSE.search(whole.words)) if alone else None


def _window(whole: Whole) -> Span | None:
    found = _WITHIN.search(whole.words) if type(whole.rule) is AnyOf and whole.is_open else None
    if found is None:
        return None
    open_ = [one for one in _bare(whole.rule, ("procedure", "drug")) if one.window is None and not one.qualifier]
    before = any(one.span is None or one.span[0] - whole.start < found.start() for one in open_)
    return _place(found) if before else None


def _for_some(whole: Whole) -> Span | None:
    if type(whole.rule) is not All:
        return None
    return _place(_FOR_SOME.search(whole.words) or _AGED.search(whole.words) or _OF_TWO_GROUPS.search(whole.words))


def _of_subjects(whole: Whole) -> Span | None:
    return _place(_OF_SUBJECTS.search(whole.words))


def _methods(whole: Whole) -> Span | None:
    found = _UNWILLING.search(whole.words)
    return _place(found) if found is not None and any(one.name in _METHODS for one in whole.stated) else None


def _serology(whole: Whole) -> Span | None:
    if type(whole.rule) is not AnyOf:
        return None
    alone = any(type(one) is Predicate and one.name in _SEROLOGY for one in whole.rule.rules)
    return _place(_AND_COPIES.search(whole.words)) if alone else None


def _one_of(whole: Whole) -> Span | None:
    found = _ONE_OF.search(whole.words) if type(whole.rule) is AnyOf else None
    if found is None:
        return None
    heads = any(one.span is not None and one.span[1] - whole.start <= found.start() for one in whole.stated)
    return _place(found) if heads else None


def _stages(whole: Whole) -> Span | None:
    if type(whole.rule) is not AnyOf:
        return None
    alone = any(type(one) is Predicate and one.name == "cancer stage" for one in whole.rule.rules)
    return _place(_STAGES.search(whole.words)) if alone else None


def _reasons(whole: Whole) -> Span | None:
    return _place(_REASONS.search(whole.words)) if any(type(one) is Unless for one in whole.parts) else None


def _spared(whole: Whole) -> Span | None:
    found = _GIVEN_THAT.search(whole.words)
    if found is None or not any(one.kind == "measurement" and one.value is not None for one in whole.facts):
        return None
    if any(one.population for one in whole.facts) or _LIFTS.search(whole.words, 0, found.end()):
        return None
    return _place(found) if any(one.name in _SPARED for one in whole.facts) else None


def _judged(whole: Whole) -> Span | None:
    return _place(_JUDGED.search(whole.words)) if type(whole.rule) is AnyOf else None


def _fellow(whole: Whole) -> Span | None:
    """Find a list that begins with a "no" and whose rest is asked for; "either no A or B" denies one of them."""
    if type(whole.rule) is Not:
        return _place(_EITHER_NO.search(whole.words))
    found = DENYING.match(whole.words) if type(whole.rule) is AnyOf and " or " in whole.words else None
    parts = _parts(whole.rule)
    if found is None or _LIFTS.search(whole.words) or not any(map(is_negative, parts)):
        return None
    asked = [part for part in parts if type(part) is Predicate and part.kind != "demographic" and not is_negative(part)]
    told = any(one.name in _WHOM for one in whole.facts)
    return _place(found) if not told and any(part.kind != "administrative" for part in asked) else None


def _graded(whole: Whole) -> Span | None:
    for one in whole.facts:
        if one.kind != "measurement" or one.value is None or one.span is None:
            continue
        plain = one.unit is None and one.relative_to is None and _LEVELS.search(one.name) is None
        first, last = one.span[0] - whole.start, one.span[1] - whole.start
        found = _GRADE.search(whole.words, first, last) if plain else None
        if found is not None:
            return _place(found)
    return None


def _fasting(whole: Whole) -> Span | None:
    rule = whole.rule
    alone = type(rule) is AnyOf and any(type(one) is Predicate and one.name == "fasting" for one in rule.rules)
    return _place(_FASTING.search(whole.words)) if alone else None


def _cleared(whole: Whole) -> Span | None:
    rule = whole.rule
    if type(rule) is not AnyOf or type(rule.rules[0]) is not All:
        return None
    other = any(type(one) is Predicate and one.name in _CLEARANCES for one in rule.rules[1:])
    last = rule.rules[0].rules[-1]
    beside = other and type(last) is Predicate and last.name == "serum creatinine"
    return _place(_CLEARANCE.search(whole.words)) if beside else None


def _more(whole: Whole) -> Span | None:
    return _place(_MORE.search(whole.words)) if type(whole.rule) is AnyOf and ";" in whole.words else None


LOOKS = (
    Look(_denied, "no none not without absence free lack", joined=True, exclusion=False),
    Look(_negative, parts="negative"),
    Look(
        _grave, "significant relevant serious severe uncontrolled unstable interfere intercurrent major controlled",
    ),
    Look(_purpose, "metastatic", joined=True),
    Look(_window, "within last past", joined=True, exclusion=True),
    Look(_for_some, "for must should need required", parts="weigh", joined=True, exclusion=False),
    Look(_of_subjects, "required", exclusion=False),
    Look(_methods, parts="contracepti", exclusion=True),
    Look(_serology, "dna rna viral pcr", joined=True),
    Look(_one_of, parts="meet", joined=True),
    Look(_stages, "stage stages", joined=True, exclusion=False),
    Look(_reasons, "than", parts="except", joined=True),
    Look(_spared, "presence absence case cases setting event", exclusion=False),
    Look(_judged, parts="judge consider deem determine believe decide", joined=True, exclusion=True),
    Look(_fellow, "or", joined=True, exclusion=False),
    Look(_graded, "grade"),
    Look(_fasting, "fasting", joined=True),
    Look(_cleared, parts="clearance crcl filtration gfr", joined=True, exclusion=False),
    Look(_more, parts="other except exclu", joined=True),
)  # fmt: skip
