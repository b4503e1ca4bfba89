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
    found     = method … ("suggests" | "evidence of") …   # where the method is one of a list of what counts each
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from equipoise.rules.nodes import AnyOf, Predicate, Rule, Span, children, leaves

_KIN = r"(?:relatives?|offspring|siblings?|brothers?|sisters?|(?:grand)?parents?|family members?)"
_METHODS = r"(?:ct|mri|mr|x-?rays?|radiograph\w*|tomography|imaging|ultraso\w+|resonance|scans?|endoscopy|angiography)"
_ANYWHERE = re.compile(
    r"\bdefined (?:as|by)\s*:?\s*\Z|\b(?:is|was|were) defined (?:as|by)\b|\bare defined by\b"
    r"|\b(?:diagnos(?:is|ed)|presence|evidence) (?:of )?(?:and/)?or (?:prior |previous |current )?"
    r"(?:treatment|therapy|treated)\b"
    rf"|\b{_KIN} (?:of|with|who|whose|has|have|had|diagnosed|affected|suffering)\b"
    rf"|\b(?:first|second)[- ]degree {_KIN}\b"
    r"|\brelated to (?:a|an|another) (?:patient|person|subject|individual|proband)\b"
    r"|\b(?:evaluat(?:ion|ed)|work-?up|worked up|screened|investigated|presenting for screening) for (?!the study\b)"
    r"|\bnegative (?:past |medical |personal |family )*histor(?:y|ies) (?:of|for)\b"
    r"|\?\s?(?:grade|stage|class|\d)"
    r"|,\s*\*\s|\brequirements?\s*:\s*\Z"
    r"|\b(?:drugs?|agents?|medications?|medicines?|therap(?:y|ies)|treatments?|products?|substances?|supplements?)"
    r" (?:that|which|known to|likely to|thought to) (?:are |is )?(?:known to |likely to )?"
    r"(?:may |can |could |might )?(?:cause|induce|prolong|affect|inhibit|alter|influence|produce|lead|increase|reduce)"
    r"|\bnot (?:planned|scheduled|intended|expected) (?:to|for)\b"
    r"|(?<!associated )(?<!treated )\b(?:therapy|treatment|exposure|contact|treated|vaccinated|immunized)"
    r" (?:with|to|by) (?:and/)?(?:or|and) (?!without)"
)  # fmt: skip
_LENGTH = r"(?:\d+|one|two|three|four|five|six|few)?[- ]?(?:hours?|days?|weeks?|months?|years?)"
_WARY = re.compile(
    r"\b(?:(?:in|un)eligible|unfit|unsuitable|not (?:eligible|fit|suitable|a candidate)|(?:not )?candidates?)\b"
    r"[^.,;:]{0,14}\b(?:for (?!(?:the|this) (?:study|trial))|to (?:receive|undergo|tolerate|take)\b)"
    rf"|\b(?:in|within|during) (?:the |their |its )?first {_LENGTH}\b(?! (?:of|after|following|from|since|post)\b(?! life))"
    r"|\A\W*(?:the )?(?:[\w-]+ ){0,2}donors?(?! site)\b|\bdonors?\s*:"
    r"|\b(?:in|among|within) (?:at least one |any |a |one |their |the |his or her |close |member of )*"
    r"(?:(?:members? of )?(?:the |their )?(?:immediate |nuclear )?famil(?:y|ies)\b|(?:first|second)[- ]degree|relatives\b"
    r"|siblings\b|parents\b|family members?\b)"
    r"|\bhistory \(or family|, an? [^,.;]{3,40}\b(?:medication|drug|agent|inhibitor|antagonist|agonist)\W*\Z"
    r"|\bfamily(?: medical)? histor(?:y|ies) (?:of )?(?:or|and|/|and/or) "
    r"|\bfamily (?:or|and|/|and/or) (?:personal|medical|past)"
    r"|\b(?:personal|medical|own|patient|past)(?: medical)?(?: history)?(?: of)?(?: or |, | and |/| and/or )(?:a )?family"
    r"(?: medical)? history"
    r"|\b(?:previous(?:ly)?|prior|earlier|already|past) (?:\w+ )?(?:enrol\w*|participa\w*|inclu\w*|random\w*) "
    r"(?:in|into) (?:this|the) (?:same |present |current )?(?:study|trial)\b(?! (?:drug|treatment|medication))"
    r"|\bother\b[^.;,]{0,60}\b(?:are|is|were|will be|can be|may be) included\b"
    r"|\b(?:group|arm|cohort|part)s? (?:\d|[a-d]|i{1,3})\b[^.:;]{0,30}\b(?:must|only|should|will)\b"
)
_NEGATIVE = re.compile(r"\b(?:is|are|was|were|be) (?:all )?negative\b(?! for)")
_CAUSES = re.compile(
    r"\b(?:due to|caused by|secondary to|related to|associated with|resulting from) [^,;.()]{3,40},[^;.()]*\b(?:or|and)\b"
)
_BETWEEN = re.compile(r"\b(?:interval|time|period|delay|gap)s? (?:elapsed )?between\b")
_SCANNED = re.compile(
    r"\b(?:examinations?|scans?|ultraso\w+|visits?|screening|tests?|delivery|biops\w+|amniocentesis|procedures?"
    r"|measured|performed|done|diagnosed|detected|loss|abortions?|miscarriages?|deaths?)\b[^.;,]{0,25}"
    r"\b(?:at|between|before|after|from|within)\b[^.;,]{0,30}\bweeks?\b"
)
_STOPPED = re.compile(
    r"\b(?:discontinu(?:ation|ed|ing)|cessation|withdrawal|interruption|withholding|stopp(?:ing|ed)|refus(?:al|ed|ing)"
    r"|omission|lack|unavailability|availability) (?:of |from |with )?(?:the |their |any |all |prior |previous )*"
)
_EITHER_TEST = re.compile(
    r"\b(?:prick tests?|spt|s?ige)\b[^.;,]{0,12} (?:and/)?or (?:\w+ ){0,3}?(?:s?ige|prick tests?|spt)\b"
)
_REACTS = re.compile(
    r"\b(?:s?ige|ige antibod\w+|prick tests?|spt|skin tests?|sensiti[sz]ation|sensiti[sz]ed|reactivity|challenge)\b"
    r"[^.;]{0,30}\b(?:to|for|against|with)\b"
)
_COUNTING = re.compile(
    r"\A\W*only\b|\b(?:were|was|are|is|will be|shall be) (?:included|enrolled|recruited|selected)\b"
    r"(?! in (?:another|other|an))"
)
_MOMENT = re.compile(
    r"\b(?:prior to|before|until|after|following|at the time of) (?:the |any |their )?(?:first |last )?"
    r"(?:receipt|receiving|start|starting|initiation|initiating|use|administration|commencement|completion|end)"
    r" (?:of )?"
)
_BEGINS_OR = re.compile(r"\W*(?:and/)?or\b(?! else)", re.IGNORECASE)
_ENDS_OR = re.compile(r"(?:\A|[\s,;/])or\W*(?:(?:\d{1,2}|[a-z])[.)]\W*)?\Z", re.IGNORECASE)
_FOUND = re.compile(
    rf"\b{_METHODS}\b[^.;,]{{0,45}}\b(?:suggest\w*|show\w*|reveal\w*|indicat\w*|demonstrat\w*|evidence of|signs? of"
    r"|findings?|consistent with|compatible with)\b"
)


def pitfall(text: str, start: int, rule: Rule, *, exclusion: bool) -> Span | None:
    """
    Return where a criterion's words, at *start* in the source, most likely mean something else than its rule.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> asthma = Predicate(kind="condition", concept=ConceptRef("asthma"))
    >>> pitfall("Evaluated for asthma", 0, asthma, exclusion=False), pitfall("Asthma", 0, asthma, exclusion=False)
    ((0, 13), None)
    """
    words = text.lower()
    found = _ANYWHERE.search(words) or _WARY.search(words) or _named_in(words, start, rule)
    if found is None and exclusion:
        found = _COUNTING.search(words)
    if found is None and (start_of := _MOMENT.search(words)) is not None and _asks_for(rule, start + start_of.end()):
        found = start_of
    if found is None and _counts_alone(rule):
        found = _FOUND.search(words)
    if found is None:
        return None
    first, last = found.span()
    while last > first + 1 and words[last - 1] in " \n\r\t":
        last -= 1
    return start + first, start + max(last, first + 1)


def _named_in(words: str, start: int, rule: Rule) -> re.Match[str] | None:
    """Return a wording that misleads only where the rule took what it names for something else."""
    found = _BETWEEN.search(words)
    if found is not None:
        spans = [leaf.span for leaf in leaves(rule) if isinstance(leaf, Predicate) and leaf.kind == "event_time"]
        if not any(one is not None and one[0] <= start + found.start() < one[1] for one in spans):
            return found
    facts = [leaf for leaf in leaves(rule) if isinstance(leaf, Predicate)]
    if any(one.name == "gestational age" for one in facts) and (found := _SCANNED.search(words)) is not None:
        return found
    found = _NEGATIVE.search(words)
    if found is not None and any(
        one.kind == "condition"
        and one.op == "present"
        and one.span is not None
        and one.span[1] <= start + found.start()
        and not one.qualifier
        for one in facts
    ):
        return found  # "HIV, HBV or TB test is negative"
    found = _CAUSES.search(words)
    if found is not None and isinstance(rule, AnyOf):
        return found  # "syndrome due to drugs, encephalitis, or trauma": causes all, perhaps
    found = _STOPPED.search(words)
    if found is not None and any(
        one.kind in ("drug", "procedure")
        and one.span is not None
        and start + found.end() <= one.span[0] <= start + found.end() + 12
        for one in facts
    ):
        return found  # "discontinuation of X" is not X
    if (found := _EITHER_TEST.search(words)) is not None and isinstance(rule, AnyOf):
        return found  # "positive skin prick test or IgE to peanut": of peanut, both
    found = _REACTS.search(words)
    if found is not None and any(
        one.kind == "drug" and one.op == "present" and one.span is not None and one.span[0] >= start + found.end()
        for one in facts
    ):
        return found  # "IgE to egg and milk": neither is given
    return None


def _asks_for(rule: Rule, at: int) -> bool:
    """Return whether a treatment right behind a place in the text is asked for: it only says when."""
    return any(
        isinstance(leaf, Predicate)
        and leaf.kind in ("drug", "procedure")
        and leaf.span is not None
        and at <= leaf.span[0] <= at + 12
        for leaf in leaves(rule)
    )


def alternatives(texts: Sequence[str]) -> list[bool]:
    """
    Return which of the criteria of a list say that another will do: "A, or" and, on the next line, "B".

    >>> alternatives(["Asthma", "Fever, OR", "Cough", "Or malaise"])
    [False, True, True, True]
    """
    begins = [bool(_BEGINS_OR.match(text)) for text in texts]
    ends = [bool(_ENDS_OR.search(text[-16:])) for text in texts]
    return [begins[place] or ends[place] or (place > 0 and ends[place - 1]) for place in range(len(texts))]


def _counts_alone(rule: Rule) -> bool:
    """Return whether a bare procedure is one of several things of which each counts."""
    listed = rule.rules if isinstance(rule, AnyOf) else ()
    if any(isinstance(one, Predicate) and one.kind == "procedure" for one in listed):
        return True
    return any(_counts_alone(one) for one in children(rule))
