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
from collections.abc import Iterator

from equipoise.rules.nodes import All, AnyOf, Left, Not, Predicate, Rule, Span, Unless, children, leaves

_NO = re.compile(
    r"^\W*(?:[\w/ ]{0,30}:\s*)?(?:must (?:have|not have) )?(?:no|without|absence of|free of|lack of|not have|none of)\b"
)
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
_OF_SOME = frozenset(
    ("childbearing potential", "females of childbearing potential", "sex", "menopause", "premenopausal")
)
_EITHER_NO = re.compile(
    r"\beither (?:no|not|never)\b[^.;]*\bor\b|^\W*(?:no|not|never)\b[^.;]*\bor (?:[\w-]+ ){0,5}stable (?:dose|regimen)"
)


def misgoverned(text: str, start: int, rule: Rule, *, exclusion: bool) -> Span | None:
    """
    Return the words that govern more than the rule has them govern; *start* is where the text stands in the source.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> stroke = Predicate(kind="condition", concept=ConceptRef("stroke"), span=(3, 9))
    >>> pregnancy = Predicate(kind="condition", concept=ConceptRef("pregnancy"), span=(11, 20))
    >>> misgoverned("No stroke; pregnancy", 0, All((Not(stroke), pregnancy)), exclusion=False)
    (0, 2)
    """
    words = text.lower()
    for one in (
        _denied,
        _negative,
        _grave,
        _purpose,
        _window,
        _for_some,
        _methods,
        _serology,
        _one_of,
        _stages,
        _reasons,
        _spared,
        _judged,
        _fellow,
        _graded,
        _fasting,
        _cleared,
        _more,
    ):
        found = one(words, start, rule, exclusion)
        if found is not None:
            begin = found.start() + len(found[0]) - len(found[0].lstrip(" \n\r\t-*•.()"))
            return start + min(begin, found.end() - 1), start + found.end()
    return None


def _parts(rule: Rule) -> tuple[Rule, ...]:
    return children(rule) if type(rule) is All or type(rule) is AnyOf else (rule,)


def _stated(rule: Rule, *, held: bool = True) -> Iterator[Predicate]:
    """Yield the predicates that make a rule hold by being so."""
    if type(rule) is Predicate:
        if held and rule.op == "present":
            yield rule
    elif type(rule) is Not:
        yield from _stated(rule.rule, held=not held)
    elif type(rule) is Unless:
        yield from _stated(rule.rule, held=held)
    elif type(rule) is not Left:
        for one in children(rule):
            yield from _stated(one, held=held)


def _bare(rule: Rule, kinds: tuple[str, ...]) -> list[Predicate]:
    """Return the parts of a list that are one predicate that something is there."""
    return [one for one in _parts(rule) if type(one) is Predicate and one.kind in kinds and one.op == "present"]


def _denied(words: str, start: int, rule: Rule, exclusion: bool) -> re.Match[str] | None:
    found = None if exclusion or type(rule) is Not or type(rule) is Predicate else _NO.search(words)
    if found is None:
        return None
    for one in _stated(rule):
        place = -1 if one.span is None else one.span[0] - start
        mark = words.rfind(";", 0, max(place, 0)) if place >= 0 else words.find(";")
        clause = words[mark + 1 : place] if place > mark else ""
        if one.kind in ("condition", "allergy") and not _AFFIRMS.search(clause) and (mark > 0 or type(rule) is AnyOf):
            return found
    return None


def _negative(words: str, start: int, rule: Rule, exclusion: bool) -> re.Match[str] | None:
    for one in _stated(rule):
        end = -1 if one.span is None or one.kind != "condition" else one.span[1] - start
        if 0 < end < len(words) and (found := _NEGATIVE.match(words, end)) is not None:
            return found
    return None


def _grave(words: str, start: int, rule: Rule, exclusion: bool) -> re.Match[str] | None:
    found = _GRAVE.search(words)
    if found is None:
        return None
    stated = list(_stated(rule if exclusion or type(rule) is not Not else rule.rule))
    if not exclusion and type(rule) is not Not:
        stated = [one for part in _parts(rule) if type(part) is Not for one in _stated(part.rule)]
    for one in stated:
        behind = one.span is None or one.span[0] - start >= found.start()
        if one.name in _WHOLE and not one.qualifier and one.window is None and behind:
            return found
    return None


def _purpose(words: str, start: int, rule: Rule, exclusion: bool) -> re.Match[str] | None:
    if type(rule) is not AnyOf:
        return None
    alone = any(one.name == "metastatic disease" and not one.qualifier for one in _stated(rule))
    return _PURPOSE.search(words) if alone else None


def _window(words: str, start: int, rule: Rule, exclusion: bool) -> re.Match[str] | None:
    found = _WITHIN.search(words) if exclusion and type(rule) is AnyOf else None
    if found is None or not any(type(leaf) is Left for leaf in leaves(rule)):
        return None
    open_ = [one for one in _bare(rule, ("procedure", "drug")) if one.window is None and not one.qualifier]
    before = [one for one in open_ if one.span is None or one.span[0] - start < found.start()]
    return found if before else None


def _for_some(words: str, start: int, rule: Rule, exclusion: bool) -> re.Match[str] | None:
    if exclusion:
        return None
    if (found := _FOR_SOME.search(words)) is not None and type(rule) is All:
        return found
    found = _AGED.search(words) or _OF_TWO_GROUPS.search(words) if type(rule) is All else None
    return found or _OF_SUBJECTS.search(words)


def _methods(words: str, start: int, rule: Rule, exclusion: bool) -> re.Match[str] | None:
    found = _UNWILLING.search(words) if exclusion and "contracepti" in words else None
    return found if found is not None and any(one.name in _METHODS for one in _stated(rule)) else None


def _serology(words: str, start: int, rule: Rule, exclusion: bool) -> re.Match[str] | None:
    if type(rule) is not AnyOf:
        return None
    alone = any(type(one) is Predicate and one.name in _SEROLOGY for one in _parts(rule))
    return _AND_COPIES.search(words) if alone else None


def _one_of(words: str, start: int, rule: Rule, exclusion: bool) -> re.Match[str] | None:
    found = _ONE_OF.search(words) if type(rule) is AnyOf else None
    if found is None:
        return None
    heads = any(one.span is not None and one.span[1] - start <= found.start() for one in _stated(rule))
    return found if heads else None


def _stages(words: str, start: int, rule: Rule, exclusion: bool) -> re.Match[str] | None:
    if exclusion or type(rule) is not AnyOf:
        return None
    alone = any(type(one) is Predicate and one.name == "cancer stage" for one in _parts(rule))
    return _STAGES.search(words) if alone else None


def _reasons(words: str, start: int, rule: Rule, exclusion: bool) -> re.Match[str] | None:
    return _REASONS.search(words) if _has_exception(rule) else None


def _spared(words: str, start: int, rule: Rule, exclusion: bool) -> re.Match[str] | None:
    found = None if exclusion else _GIVEN_THAT.search(words)
    facts = [leaf for leaf in leaves(rule) if type(leaf) is Predicate] if found is not None else []
    limits = any(one.kind == "measurement" and one.value is not None for one in facts)
    if found is None or not limits or any(one.population for one in facts) or _LIFTS.search(words, 0, found.end()):
        return None
    return found if any(one.name in _SPARED for one in facts) else None


def _judged(words: str, start: int, rule: Rule, exclusion: bool) -> re.Match[str] | None:
    return _JUDGED.search(words) if exclusion and type(rule) is AnyOf else None


def _fellow(words: str, start: int, rule: Rule, exclusion: bool) -> re.Match[str] | None:
    """Find a list that begins with a "no" and whose rest is asked for; "either no A or B" denies one of them."""
    if exclusion:
        return None
    if type(rule) is Not:
        return _EITHER_NO.search(words)
    found = _NO.match(words) if type(rule) is AnyOf and " or " in words else None
    parts = _parts(rule)
    if found is None or _LIFTS.search(words) or not any(map(_is_denied, parts)):
        return None
    asked = [part for part in parts if type(part) is Predicate and part.kind != "demographic" and not _is_denied(part)]
    told = any(one.name in _OF_SOME for part in parts for one in leaves(part) if type(one) is Predicate)
    return found if not told and any(part.kind != "administrative" for part in asked) else None


def _graded(words: str, start: int, rule: Rule, exclusion: bool) -> re.Match[str] | None:
    for one in leaves(rule) if "grade" in words else ():
        if type(one) is not Predicate or one.kind != "measurement" or one.value is None or one.span is None:
            continue
        plain = one.unit is None and one.relative_to is None and _LEVELS.search(one.name) is None
        found = _GRADE.search(words, one.span[0] - start, one.span[1] - start) if plain else None
        if found is not None:
            return found
    return None


def _fasting(words: str, start: int, rule: Rule, exclusion: bool) -> re.Match[str] | None:
    alone = type(rule) is AnyOf and any(type(one) is Predicate and one.name == "fasting" for one in rule.rules)
    return _FASTING.search(words) if alone else None


def _cleared(words: str, start: int, rule: Rule, exclusion: bool) -> re.Match[str] | None:
    if exclusion or type(rule) is not AnyOf or type(rule.rules[0]) is not All:
        return None
    other = any(type(one) is Predicate and one.name in _CLEARANCES for one in rule.rules[1:])
    last = rule.rules[0].rules[-1]
    beside = other and type(last) is Predicate and last.name == "serum creatinine"
    return _CLEARANCE.search(words) if beside else None


def _more(words: str, start: int, rule: Rule, exclusion: bool) -> re.Match[str] | None:
    return _MORE.search(words) if ";" in words and type(rule) is AnyOf else None


def _is_denied(rule: Rule) -> bool:
    return type(rule) is Not or (type(rule) is Predicate and rule.op == "absent")


def _has_exception(rule: Rule) -> bool:
    if type(rule) is Unless:
        return True
    return type(rule) is not Predicate and type(rule) is not Left and any(map(_has_exception, children(rule)))
