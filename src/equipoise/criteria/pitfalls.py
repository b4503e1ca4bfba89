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
from collections.abc import Sequence

from equipoise.criteria import wordings
from equipoise.rules.nodes import AnyOf, Left, Predicate, Rule, Span, children, leaves

_BEGINS_OR = re.compile(r"\W*(?:and/)?or\b(?! else)", re.IGNORECASE)
# What stands between two criteria follows this mark: "0 or 1." ends a statement, "…, or" and "1." do not.
GAP = "\x1e"
_MARKER = r"(?:(?:\d{1,2}|[a-z])[.)]\W*)?"
_ENDS_OR = re.compile(rf"(?:\A|[\s,;/])or\W*(?:{GAP}\W*{_MARKER})?\Z|{GAP}\W*or\W*{_MARKER}\Z", re.IGNORECASE)


def pitfall(text: str, start: int, rule: Rule, *, exclusion: bool) -> Span | None:
    """
    Return where a criterion's words, at *start* in the source, most likely mean something else than its rule.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> asthma = Predicate(kind="condition", concept=ConceptRef("asthma"))
    >>> pitfall("Evaluated for asthma", 0, asthma, exclusion=False), pitfall("Asthma", 0, asthma, exclusion=False)
    ((0, 13), None)
    """
    words = text.lower()
    found = _Text(words, start, rule).misleads(exclusion=exclusion)
    if found is None:
        return None
    first, last = found.span()
    while last > first + 1 and words[last - 1] in " \n\r\t":
        last -= 1
    return start + first, start + max(last, first + 1)


class _Text:
    """The words of a criterion, and what was read of them."""

    def __init__(self, words: str, start: int, rule: Rule) -> None:
        self.words = words
        self.said = wordings.needed_in(words)
        self.plain = not self.said
        self.start = start
        self.rule = rule

    def misleads(self, *, exclusion: bool) -> re.Match[str] | None:
        """Return the first wording that misleads."""
        for one in wordings.always_in(self.said) if not self.plain else ():
            if (found := one.found_in(self.words)) is not None:
                return found
        if "?" in self.words or "*" in self.words:
            found = wordings.BROKEN.search(self.words)
            if found is not None:
                return found
        if "-10" in self.words and (found := wordings.POWER.search(self.words)) is not None:
            return found  # "80-109/L": a power of ten whose sign was lost
        named = None if self.plain else self._named() or self._tested()
        return named or self._counted(exclusion=exclusion)

    def _find(self, wording: wordings.Wording) -> re.Match[str] | None:
        return wording.search(self.words, self.said)

    def _facts(self) -> list[Predicate]:
        return [leaf for leaf in leaves(self.rule) if type(leaf) is Predicate]

    def _named(self) -> re.Match[str] | None:
        """Return a wording that misleads only where the rule took what it names for something else."""
        if (found := self._find(wordings.BETWEEN)) is not None:
            spans = [one.span for one in self._facts() if one.kind == "event_time"]
            if not any(span is not None and span[0] <= self.start + found.start() < span[1] for span in spans):
                return found
        found = self._find(wordings.SCANNED)
        if found is not None and any(one.name == "gestational age" for one in self._facts()):
            return found
        if (found := self._find(wordings.CAUSES)) is not None and type(self.rule) is AnyOf:
            return found  # "syndrome due to drugs, encephalitis, or trauma": causes all, perhaps
        if (found := self._find(wordings.BOTH_SEXES)) is not None and not any(
            one.name == "sex" and one.value == "male" for one in self._facts()
        ):
            return found  # "men or women of childbearing potential": not of women alone
        if (found := self._find(wordings.LIMITED)) is not None and self._given_at(found.end()):
            return found  # "that limits physical activity": it is not done
        if (found := self._find(wordings.STOPPED)) is not None and self._given_at(found.end()):
            return found  # "discontinuation of X" is not X
        found = self._find(wordings.REACTED)
        if (
            found is not None
            and self._given_at(found.end())
            and any(one.name == "adverse event" for one in self._facts())
        ):
            return found  # "adverse effects with X": not any of them in who takes X
        if (found := self._find(wordings.PHENCYCLIDINE)) is not None and any(
            one.name == "pneumocystis pneumonia" for one in self._facts()
        ):
            return found  # the drug, or who cares for the patient
        if (found := self._find(wordings.SWALLOWED)) is not None and any(
            one.kind == "drug" and any("swallow" in said for said in one.qualifier) for one in self._facts()
        ):
            return found  # who never had the drug may swallow it, or not
        if (found := self._find(wordings.REMITTED)) is not None and any(
            one.kind == "duration" and "remission" in " ".join(one.qualifier) for one in self._facts()
        ):
            return found
        return self._to_come()

    def _to_come(self) -> re.Match[str] | None:
        """Return "received or will receive X" where the rule took X for planned alone."""
        found = self._find(wordings.GIVEN_OR_TO_BE)
        planned = {one.name for one in self._facts() if "planned" in one.qualifier} if found is not None else set[str]()
        return found if planned - {one.name for one in self._facts() if "planned" not in one.qualifier} else None

    def _tested(self) -> re.Match[str] | None:
        """Return a wording by which tests, or what they are for, were read as what a patient has or takes."""
        if (found := self._find(wordings.NEGATIVE)) is not None and any(
            one.kind == "condition" and one.op == "present" and not one.qualifier and self._ends_before(one, found)
            for one in self._facts()
        ):
            return found  # "HIV, HBV or TB test is negative"
        if (found := self._find(wordings.SCREENED)) is not None and any(
            one.kind == "condition" and one.span and one.span[0] <= self.start + found.end() + 4
            for one in self._facts()
        ):
            return found  # "positive depression screen" is no depression
        if (found := self._find(wordings.UNFIT)) is not None and any(
            one.name == "exercise training" for one in self._facts()
        ):
            return found
        if (found := self._find(wordings.INDUCER)) is not None and any(
            "inducer" in said for one in self._facts() for said in one.qualifier
        ):
            return found  # "a CYP2C8 inhibitor or inducer": one of two, and no word of the next name
        if (found := self._find(wordings.EITHER_TEST)) is not None and type(self.rule) is AnyOf:
            return found  # "positive skin prick test or IgE to peanut": of peanut, both
        found = self._find(wordings.REACTS)
        if found is not None and any(
            one.kind == "drug" and one.op == "present" and one.span and one.span[0] >= self.start + found.end()
            for one in self._facts()
        ):
            return found  # "IgE to egg and milk": neither is given
        return None

    def _counted(self, *, exclusion: bool) -> re.Match[str] | None:
        """Return a wording that says whom the study took, when, or how something was found."""
        if exclusion and (found := self._find(wordings.COUNTING)) is not None:
            return found
        if (found := self._find(wordings.MOMENT)) is not None and self._given_at(found.end()):
            return found
        return wordings.FOUND.search(self.words) if _counts_alone(self.rule) else None

    def _ends_before(self, one: Predicate, found: re.Match[str]) -> bool:
        return one.span is not None and one.span[1] <= self.start + found.start()

    def _given_at(self, end: int) -> bool:
        """Return whether a treatment is asked for right behind a place in the text: it only says when, or of what."""
        at = self.start + end
        return any(
            one.kind in ("drug", "procedure") and one.span is not None and at <= one.span[0] <= at + 12
            for one in self._facts()
        )


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
