"""
Words before or behind a name that make something else of it; what was read is folded into one, or in doubt.

::

    trial     = "participation in a trial of" treatment   # such a trial, and not any trial and the treatment
    untreated = condition "and" "not receiving treatment"
    risk      = ("high risk" | "potential") "for" name    # not had yet
    free      = "not require" "a diagnosis of" name       # nothing is asked
    barred    = name "that contradicts treatment with" drug
    resisting = "resistant to" drug | drug "-resistant"   # of the germ, or the tumor
    unlike    = "non-" word ("or" | "and" | noun) …       # of another noun
    lacking   = name "- uninfected"
    effect    = "drugs with known" finding                # of the drug
    evaluable = "evaluable for" name
    doubted   = "negative PCR" … "suspicious cases of" name
    tested    = "by" test "or" test                       # where one of them was read as done, whatever it found
    hormone   = "hCG" … ("assay" | "pregnancy")           # measured, and not given
    treatment = "related to" name "or its treatment"
    pregnant  = "enrolled in this study for a previous pregnancy"
    most      = "most patients will …"                    # tells, and asks nothing
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from equipoise.criteria.attach import STATES
from equipoise.criteria.ends import span_of
from equipoise.criteria.join import doubted
from equipoise.criteria.kinds import STUDIES
from equipoise.criteria.looks import Look, Mend, Whole
from equipoise.criteria.wordings import Wording, words_of
from equipoise.rules.nodes import All, AnyOf, Left, Not, Predicate, Rule, Span, Unless, children, leaves

_STUDY = "participation in another clinical study"
_TRIAL = re.compile(
    r"\b(?:participat\w+|enrol\w+|treat\w+)\s+in\s[^.;,()]{0,50}?\b(?:trials?|stud(?:y|ies))\s+"
    r"(?=(?:of|on|with|for|involving|using|testing|evaluating|investigating)\b)"
)
_NAMED = frozenset(("condition", "measurement", "drug"))
_STUDIED = frozenset(("investigational drug", "study drug", "investigational device"))
_LONGEST = 60
_UNTREATED = re.compile(
    r"\bnot\s+(?:currently\s+|yet\s+)?(?:been\s+)?(?:receiving|on|undergoing|taking|under|treated)"
    r"(?:\s+(?:any|adequate|appropriate|specific)?\s*(?:treatment|therapy))?\W*\Z"
)
# Of a name that stands right behind.
_LEADING = (
    Wording(
        "risk",
        r"\b(?:high|higher|increased|elevated|low|significant|substantial)[- ]risk"
        r" (?:patients |individuals |subjects |women |men |people |groups? )?(?:for|of) (?:developing |the |an? )*",
    ),
    Wording("potential", r"\b(?:with|has|have|having) (?:a |an |the )?potential (?:for|of|to develop) (?:the |an? )?"),
    Wording("evaluable", r"\bevaluable for "),
    Wording(
        "require requires required",
        r"\b(?:not|no) (?:be )?require[ds]? (?:an? |any )?(?:diagnosis|history|evidence) of ",
    ),
    Wording("requirement", r"\bno requirement (?:that|to have) (?:[a-z]+ ){0,3}"),
    Wording("contradict contradicts contradicting contraindicate contraindicates contraindicating",
            r"\b(?:contradict|contraindicat)\w* (?:the )?(?:treatment|therapy|use)s? (?:with|of) "),
    Wording(
        "drug drugs agent agents medication medications medicine medicines therapy therapies treatment treatments",
        r"\b(?:drugs?|agents?|medications?|medicines?|therap(?:y|ies)|treatments?) with (?:an? )?"
        r"(?:(?:known|possible|significant|established|well-known)(?: risk (?:of|for))?"
        r"|(?:potential|risk) (?:of|for|to cause)) (?:the |an? )?",
        holds=(" with ",),
    ),
)  # fmt: skip
_ALWAYS = (
    Wording("most", r"\A\W*most (?:of the )?(?:patients|subjects|participants|children|women)\b"),
    Wording(
        "enrolled included",
        r"\b(?:enrolled|included) (?:in|into) (?:this|the) (?:study|trial) (?:for|in|during) "
        r"(?:an? |her |their )?(?:previous|prior|earlier)\b",
    ),
    Wording(
        "suspicious suspected",
        r"\bnegative (?:[\w-]+ )?(?:pcr|tests?|swabs?|results?) [^.;]{0,20}\b(?:suspicious|suspected)\b",
    ),
    Wording(
        "treatment treatments therapy",
        r"\b(?:related|due|secondary|caused|attributable|associated|resulting) (?:to|by|with|from) [^.;,]{3,40}"
        r"\b(?:and/)?or (?:its|their|the) (?:treatments?|therapy)\b",
    ),
)  # fmt: skip
_TESTED = Wording(
    "swab serologic serology serological pcr antigen antibody",
    r"\b(?:by|via|through|using) (?:an? |the )?[\w -]{0,30}\b(?:or|and/or|/) ?[\w -]{0,20}"
    r"\b(?:tests?|testing|serology|assays?|swabs?|pcr|antigen)\b",
)
_GERM = re.compile(
    r"\b(?:pathogens?|cultures?|isolates?|virus|viral|hiv|bacteri\w+|infections?|strains?|organisms?|gram|tb)\b"
)
_AGAINST = re.compile(r"(?:vir|vudine|cillin|penem|azole|floxacin|(?<!anthra)cycline|mycin|micin|bactam)\Z")
_MEASURED = Wording("hcg gonadotropin gonadotrophin", r"\b(?:assays?|tests?|levels?|pregnan\w+)\b")
_NON = re.compile(r"\bnon-?\s?\Z")
_GIVEN = re.compile(r"\s+(?:[a-z]+\s+)?(?:treatments?|therap(?:y|ies)|drugs?|medications?|agents?)\b")
_LACKING = re.compile(r"[\s-]*\bun-?infected\b")
_NEEDED = frozenset().union(
    *(one.needs for one in (*_LEADING, *_ALWAYS, _TESTED, _MEASURED)),
    ("non", "uninfected", "resistant", "resistance", "not"),
    STUDIES,
)


def sensed(rule: Rule, text: str, start: int) -> Rule:
    """
    Return the rule of a criterion, *text* at *start*, with what belongs to one thing as one.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Participation in a clinical trial of statins", section="exclusion")[0].reading
    'undergoing participation in another clinical study, of statins, around screening'
    """
    words = text.lower()
    said = _NEEDED.intersection(words_of(words))
    if said and (places := _places(rule, words, start, said)):
        rule = _apart(rule, places)
    if "not" in said and (found := _UNTREATED.search(words)) is not None:
        rule = _untreated(rule, start + found.start())
    if STUDIES.isdisjoint(said):
        return rule
    ends = [found.end() for found in _TRIAL.finditer(words)]
    return _folded(rule, words, start, ends) if ends else rule


def _places(rule: Rule, words: str, start: int, said: frozenset[str]) -> dict[Span, Span]:
    """Return where the names stand that are not what they name, each with the words that say so."""
    found = dict[Span, Span]()
    resists = any(type(leaf) is Predicate and leaf.kind == "drug" and _resists(leaf, words) for leaf in leaves(rule))
    leading = [match for one in _LEADING if (match := one.search(words, said)) is not None]
    for leaf in leaves(rule):
        span = span_of(leaf)
        if type(leaf) is not Predicate or span is None:
            continue
        first, last = span[0] - start, span[1] - start
        for match in leading:
            if leaf.kind in _NAMED and 0 <= first - match.end() <= 1:
                found[span] = (start + match.start(), start + match.end())
        given = leaf.kind == "drug" and (resists or _is_measured(leaf, words, said))
        turned_round = _is_turned(leaf, words, first, last) or _follows(leaf, words, start, found)
        if given or (leaf.kind == "condition" and turned_round):
            found[span] = span
    return found


def _follows(leaf: Predicate, words: str, start: int, found: dict[Span, Span]) -> bool:
    """Return whether a denial is the second of two of which the first is none: "non-infectious or autoimmune X"."""
    span = span_of(leaf)
    if leaf.op != "absent" or span is None:
        return False
    return any(
        other[1] <= span[0] and words[other[1] - start : span[0] - start].strip() in ("or", "and", "and/or")
        for other in found
    )


def _apart(rule: Rule, places: dict[Span, Span]) -> Rule:
    """Return the rule with the names at these places in doubt, where they are not yet."""
    if type(rule) is Predicate:
        place = places.get(span_of(rule) or (-1, -1))
        return rule if place is None else doubted(rule, place)
    if type(rule) is Not:
        return Not(_apart(rule.rule, places))
    if type(rule) is Unless:
        return Unless(_apart(rule.rule, places), _apart(rule.exception, places))
    if type(rule) is AnyOf:
        return AnyOf(tuple([_apart(one, places) for one in rule.rules]))
    if type(rule) is All and not any(type(one) is Left for one in rule.rules):
        return All(tuple([_apart(one, places) for one in rule.rules]))
    return rule


def _resists(leaf: Predicate, words: str) -> bool:
    """Return whether a drug is named for what a germ resists: a tumor that resists one had it."""
    germ = _GERM.search(words) is not None or _AGAINST.search(leaf.name) is not None
    return germ and any("resist" in text for text in leaf.qualifier)


def _is_measured(leaf: Predicate, words: str, said: frozenset[str]) -> bool:
    if leaf.name != "human chorionic gonadotropin" or leaf.value is not None:
        return False
    return _MEASURED.search(words, said) is not None


def _is_turned(leaf: Predicate, words: str, first: int, last: int) -> bool:
    """Return whether a "non-" was read as a denial and is of another noun, or an "uninfected" was not read as one."""
    if leaf.op == "present":
        return _LACKING.match(words, last) is not None
    if leaf.name in STATES or leaf.name == "metastatic disease" or _NON.search(words[:first]) is None:
        return False
    return leaf.name.startswith(f"{words[first:last]} ") or _GIVEN.match(words, last) is not None


def _untreated(rule: Rule, end: int) -> Rule:
    """Return "latent X and not receiving treatment", of which nothing else was read, as untreated X."""
    if type(rule) is not Predicate or rule.kind != "condition" or rule.op != "present" or rule.window is not None:
        return rule
    if rule.span is None or rule.span[1] > end or any("treat" in text or "receiv" in text for text in rule.qualifier):
        return rule
    return msgspec.structs.replace(rule, qualifier=(*rule.qualifier, "untreated"))


def _folded(rule: Rule, words: str, start: int, ends: Sequence[int]) -> Rule:
    """Return the rule in which a trial, and what is studied in it, are one."""
    if type(rule) is Not:
        return Not(_folded(rule.rule, words, start, ends))
    if type(rule) is Unless:
        return Unless(_folded(rule.rule, words, start, ends), rule.exception)
    if type(rule) is AnyOf:
        return AnyOf(tuple([_folded(one, words, start, ends) for one in rule.rules]))
    if type(rule) is not All or len(rule.rules) != 2:
        return rule
    trial, treated = rule.rules
    if type(trial) is not Predicate or trial.name != _STUDY or trial.op != "present":
        return rule
    spans = [_given(leaf) for leaf in leaves(treated)]
    known = [span for span in spans if span is not None]
    if len(known) != len(spans) or not known or _of_any_trial(treated):
        return rule
    first, last = min(known)[0] - start, max(span[1] for span in known) - start
    end = max((end for end in ends if end <= first), default=-1)
    said = " ".join(words[end:last].split())
    if end < 0 or len(said) > _LONGEST or set(said) & set(".;:"):
        return rule
    windows = [leaf.window for leaf in leaves(treated) if type(leaf) is Predicate and leaf.window is not None]
    window = trial.window or (windows[0] if windows else None)
    return msgspec.structs.replace(trial, qualifier=(*trial.qualifier, said), window=window)


def _of_any_trial(rule: Rule) -> bool:
    """Return whether what is studied is what every trial studies."""
    return all(type(leaf) is Predicate and leaf.name in _STUDIED for leaf in leaves(rule))


def _given(leaf: Rule) -> Span | None:
    """Return where a treatment is named."""
    if type(leaf) is not Predicate or leaf.kind not in ("drug", "procedure") or leaf.op != "present":
        return None
    return span_of(leaf)


def _misnamed(whole: Whole) -> Span | None:
    """
    Find words that make something else of a name than the rule says.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> asthma = Predicate(kind="condition", concept=ConceptRef("asthma", span=(14, 20)))
    >>> _misnamed(Whole("Most patients will have asthma", 0, asthma, exclusion=False))
    (0, 13)
    """
    return next((match.span() for one in _ALWAYS if (match := one.search(whole.words, whole.said)) is not None), None)


def _by_a_test(whole: Whole) -> Span | None:
    found = _TESTED.search(whole.words, whole.said)
    return found.span() if found is not None and _done_alone(whole.rule) else None


def _done_alone(rule: Rule) -> bool:
    """Return whether a test that was merely done is one of several things of which each counts."""
    inner = children(rule)
    if type(rule) is AnyOf and any(
        type(one) is Predicate and one.name in ("serology", "polymerase chain reaction", "antibody test")
        for one in inner
    ):
        return True
    return any(_done_alone(one) for one in inner)


LOOKS = (
    Look(_misnamed, " ".join(sorted(word for one in _ALWAYS for word in one.needs))),
    Look(_by_a_test, " ".join(_TESTED.needs), joined=True),
)


MEND = Mend(lambda whole: sensed(whole.rule, whole.text, whole.start), " ".join(_NEEDED))
