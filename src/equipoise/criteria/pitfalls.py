"""
Wordings that read well and mean something else; what is read of them is shown, and always unknown.

::

    heading   = … "defined as" ":"                        # what it means stands elsewhere
    counting  = "only"? … "were" ("included" | "enrolled")  # under Exclusion: whom the study took, not whom it kept out
    kin       = "relatives of" … | "related to a patient with" …
    sought    = "evaluated for" … | "tested for" …        # it was looked for, and perhaps not found
    denied    = "negative history of" …
    broken    = "?" level | "," "*" …                     # a sign, or a line break, was lost
    dangling  = ("with" | "to" | "of") ("or" | "and") …   # "prior therapy with or hypersensitivity to X"
    unfit     = ("ineligible" | "unfit" | …) "for" | "to receive" …   # for a treatment, which is not asked for
    first     = ("in" | "within") "the first" n "hours"   # of what is not said, or of a life
    between   = "interval between" …                     # where the two events were not read
    scanned   = examination … weeks "of gestation"        # when it was done, and not how old the pregnancy is
    others    = "donor" ":" …                             # of somebody else
    kinds     = ("family" | "medical") "history or" …     # of the patient, or of the family
    group     = "group 2 participants must" …             # it holds for some
    reacted   = "adverse reactions to" …                 # to these drugs, and to no other
    limited   = "limits" …                               # what stands behind it is not done
    sexes     = "men or women of childbearing potential"  # where the men were not read
    both      = word "and" "non-" same-word                # "cirrhotic and non-cirrhotic": either will do
    expected  = "expected to" ("have" | "develop" | …)    # it is not there yet
    pcp       = drug-of-abuse … "PCP" | "PCP use" | …      # where the pneumonia was read
    swallowed = "unable to swallow" drug                  # of the taking, and not of the treatment
    found     = method … ("suggests" | "evidence of") …   # where the method is one of a list of what counts each
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from equipoise.criteria import wordings
from equipoise.criteria.looks import Look, Whole
from equipoise.rules.nodes import AnyOf, Left, Predicate, Rule, Span, children

_BEGINS_OR = re.compile(r"\W*(?:and/)?or\b(?! else)", re.IGNORECASE)
# What stands between two criteria follows this mark: "0 or 1." ends a statement, "…, or" and "1." do not.
GAP = "\x1e"
_MARKER = r"(?:(?:\d{1,2}|[a-z])[.)]\W*)?"
_ENDS_OR = re.compile(rf"(?:\A|[\s,;/])or\W*(?:{GAP}\W*{_MARKER})?\Z|{GAP}\W*or\W*{_MARKER}\Z", re.IGNORECASE)


def _trimmed(found: re.Match[str] | None) -> Span | None:
    """Return where a wording was found, without the blanks at its end."""
    if found is None:
        return None
    said = found[0].rstrip(" \n\r\t")
    return found.start(), found.start() + max(len(said), 1)


def _always(whole: Whole) -> Span | None:
    """
    Find a wording that misleads whatever was read.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> asthma = Predicate(kind="condition", concept=ConceptRef("asthma"))
    >>> _always(Whole("Evaluated for asthma", 0, asthma, exclusion=False))
    (0, 13)
    """
    for one in wordings.always_in(whole.said):
        if (found := one.found_in(whole.words)) is not None:
            return _trimmed(found)
    return None


def _broken(whole: Whole) -> Span | None:
    return _trimmed(wordings.BROKEN.search(whole.words))


def _power(whole: Whole) -> Span | None:
    return _trimmed(wordings.POWER.search(whole.words))  # "80-109/L": a power of ten whose sign was lost


def _where(wording: wordings.Wording, misread: Callable[[Whole, re.Match[str]], bool], *, joined: bool = False) -> Look:
    """Return a look for a wording that misleads only where the rule took what it names for something else."""

    def find(whole: Whole) -> Span | None:
        found = wording.found_in(whole.words)
        return _trimmed(found) if found is not None and misread(whole, found) else None

    return Look(find, " ".join(wording.needs), joined=joined)


def _between(whole: Whole, found: re.Match[str]) -> bool:
    at = whole.start + found.start()
    spans = [one.span for one in whole.facts if one.kind == "event_time"]
    return not any(span is not None and span[0] <= at < span[1] for span in spans)


def _named(name: str) -> Callable[[Whole, re.Match[str]], bool]:
    return lambda whole, _: any(one.name == name for one in whole.facts)


def _any_of(whole: Whole, found: re.Match[str]) -> bool:
    return type(whole.rule) is AnyOf


def _no_man(whole: Whole, found: re.Match[str]) -> bool:
    return not any(one.name == "sex" and one.value == "male" for one in whole.facts)


def _given_behind(whole: Whole, found: re.Match[str]) -> bool:
    """Return whether a treatment is asked for right behind a wording: it only says when, or of what."""
    at = whole.start + found.end()
    return any(
        one.kind in ("drug", "procedure") and one.span is not None and at <= one.span[0] <= at + 12
        for one in whole.facts
    )


def _reacted(whole: Whole, found: re.Match[str]) -> bool:
    return _given_behind(whole, found) and any(one.name == "adverse event" for one in whole.facts)


def _swallowed(whole: Whole, found: re.Match[str]) -> bool:
    return any(one.kind == "drug" and any("swallow" in said for said in one.qualifier) for one in whole.facts)


def _remitted(whole: Whole, found: re.Match[str]) -> bool:
    return any(one.kind == "duration" and "remission" in " ".join(one.qualifier) for one in whole.facts)


def _to_come(whole: Whole, found: re.Match[str]) -> bool:
    planned = {one.name for one in whole.facts if "planned" in one.qualifier}
    return not planned <= {one.name for one in whole.facts if "planned" not in one.qualifier}


def _ends_before(whole: Whole, found: re.Match[str]) -> bool:
    """Return whether a condition, of which nothing else is said, ends before a wording."""
    at = whole.start + found.start()
    return any(
        one.kind == "condition"
        and one.op == "present"
        and not one.qualifier
        and one.span is not None
        and one.span[1] <= at
        for one in whole.facts
    )


def _screened(whole: Whole, found: re.Match[str]) -> bool:
    at = whole.start + found.end() + 4
    return any(one.kind == "condition" and one.span and one.span[0] <= at for one in whole.facts)


def _induced(whole: Whole, found: re.Match[str]) -> bool:
    return any("inducer" in said for one in whole.facts for said in one.qualifier)


def _given_later(whole: Whole, found: re.Match[str]) -> bool:
    at = whole.start + found.end()
    return any(
        one.kind == "drug" and one.op == "present" and one.span is not None and one.span[0] >= at for one in whole.facts
    )


def _found(whole: Whole) -> Span | None:
    return _trimmed(wordings.FOUND.search(whole.words)) if _counts_alone(whole.rule) else None


def of_others(head: str) -> bool:
    """
    Return whether the items below a head are of somebody else.

    >>> of_others("No close contact with the following:"), of_others("None of the following:")
    (True, False)
    """
    return wordings.OF_OTHERS.search(head.lower()) is not None


def alternatives(texts: Sequence[str]) -> list[bool]:
    """
    Return which of the criteria of a list say that another will do: "A, or" and, on the next line, "B".

    >>> alternatives(["Asthma", "Fever, OR", "Cough", "Or malaise"])
    [False, True, True, True]

    What stands behind a criterion, its list marker say, may follow it behind a `GAP`.

    >>> alternatives(["ECOG 0 or 1.", "Asthma"]), alternatives(["ECOG 0, or" + GAP + "2.", "Asthma"])
    ([False, False], [True, True])
    """
    begins = [bool(_BEGINS_OR.match(text)) for text in texts]
    ends = ["or" in text[-16:].lower() and bool(_ENDS_OR.search(text[-16:])) for text in texts]
    return [begins[place] or ends[place] or (place > 0 and ends[place - 1]) for place in range(len(texts))]


_EXCEPTIONS = re.compile(
    r"\b(?:except(?:ions?|ing)?(?: (?:are|is|include|for|of|the following))*|unless|other than)\W*:\W*\Z", re.IGNORECASE
)


def dangling(heads: Sequence[str]) -> list[bool]:
    """
    Return which of the criteria of a list end before their exceptions, or are such exceptions on the next line.

    >>> dangling(["Other cancer. EXCEPTIONS are:", "basal cell carcinoma", "Pregnancy"])
    [True, True, False]
    """
    ends = [":" in head[-60:] and bool(_EXCEPTIONS.search(head[-60:])) for head in heads]
    return [end or (place > 0 and ends[place - 1]) for place, end in enumerate(ends)]


def _counts_alone(rule: Rule) -> bool:
    """Return whether a bare procedure is one of several things of which each counts."""
    inner = children(rule)
    if type(rule) is AnyOf:
        for one in inner:
            if type(one) is Predicate and one.kind == "procedure":
                return True
    return True in [_counts_alone(one) for one in inner if type(one) is not Predicate and type(one) is not Left]


LOOKS = (
    Look(_always, " ".join(word for one in wordings.ALWAYS for word in one.needs)),
    Look(_broken, marks="? *"),
    Look(_power, marks="-10"),
    _where(wordings.BETWEEN, _between),
    _where(wordings.SCANNED, _named("gestational age")),
    _where(wordings.CAUSES, _any_of, joined=True),  # "syndrome due to drugs, encephalitis, or trauma": causes all
    _where(wordings.BOTH_SEXES, _no_man),  # "men or women of childbearing potential": not of women alone
    _where(wordings.LIMITED, _given_behind),  # "that limits physical activity": it is not done
    _where(wordings.STOPPED, _given_behind),  # "discontinuation of X" is not X
    _where(wordings.REACTED, _reacted),  # "adverse effects with X": not any of them in who takes X
    _where(wordings.PHENCYCLIDINE, _named("pneumocystis pneumonia")),  # the drug, or who cares for the patient
    _where(wordings.SWALLOWED, _swallowed),  # who never had the drug may swallow it, or not
    _where(wordings.REMITTED, _remitted),
    _where(wordings.GIVEN_OR_TO_BE, _to_come),  # "received or will receive X", where X was read as planned alone
    _where(wordings.NEGATIVE, _ends_before),  # "HIV, HBV or TB test is negative"
    _where(wordings.SCREENED, _screened),  # "positive depression screen" is no depression
    _where(wordings.UNFIT, _named("exercise training")),
    _where(wordings.INDUCER, _induced),  # "a CYP2C8 inhibitor or inducer": one of two, and no word of the next name
    _where(wordings.EITHER_TEST, _any_of, joined=True),  # "positive skin prick test or IgE to peanut": of it, both
    _where(wordings.REACTS, _given_later),  # "IgE to egg and milk": neither is given
    _where(wordings.COUNTING, lambda whole, _: whole.exclusion),
    _where(wordings.MOMENT, _given_behind),
    Look(_found, joined=True),
)
