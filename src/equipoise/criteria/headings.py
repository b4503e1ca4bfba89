"""
Tell which lines of an eligibility text are headings that name a side, and where they end.

::

    heading = words? ("inclusion" | "exclusion" | …) "criteria"? words? (":" rest?)?    a noun names the side
            | people ("are eligible" | "will be excluded" | …) "if"? ":"?               no other words

A sentence that mentions the criteria is no heading ("Patients who meet the inclusion criteria of the
main study …"), nor is one with words of its own about a patient ("Patients with stroke are excluded if:").
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

Side = Literal["inclusion", "exclusion"]


def _any(words: str) -> str:
    """Return a pattern for any of the alternatives, which white space separates; "_" stands for a blank."""
    return "(?:" + "|".join(words.split()).replace("_", r"[\s-]+") + ")"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# As registrants type it, "Exlusion" and "Inclussion" as well, and in the languages that registries hold.
_IN = _any(
    r"in?clus+i?ons? incusions? in[lc]{2}usions? inculsions? inclutions? inclusive(?=\s+criteri) inclusión inclusão"
    r" inclusione einschluss einschluß inclusie"
)
_EX = _any(
    r"excl?us+i?ons? exlusions? exculsions? eclusions? exclutions? exclusive(?=\s+criteri) exclusión exclusão"
    r" esclusione ausschluss ausschluß exclusie non_inclusions? non_eligibility ineligibility"
)
_NOUN = re.compile(
    rf"(?<!\w)(?<!\w-)(?:(?P<ex>{_EX})|(?P<in>{_IN})|(?P<weak>eligibility|entry|enrolment|enrollment|selection))"
    r"(?P<noun>[-\s/]*(?:crit[a-zéè]{3,5}s?|kriterien|factors?|requirements?))?(?!\w)",
    re.IGNORECASE,
)
_FOREIGN = re.compile(
    rf"crit[eéè]ri[a-z]{{1,3}}\s+(?:principales\s+)?(?:de\s+|di\s+|d['’]\s?)(?:(?P<ex>{_EX})|(?P<in>{_IN}))(?!\w)",
    re.IGNORECASE,
)
# What no heading lacks: most lines have none of it, and are not looked at any further.
_NOUN_SIGNS = ("clus", "clut", "lusion", "ligib", "entry", "enrol", "selection", "schlu")
_VERB_SIGNS = (
    "clu",
    "ligib",
    "enrol",
    "join",
    "participat",
    "take part",
    "qualif",
    "required",
    "must",
    "enter",
    "accept",
)
# Verbs, pronouns and figures make a sentence of what stands before the noun; "Phase 1" does not.
_MENTION = re.compile(
    rf"\b{_any('meets? met meeting fulfil[a-z]* satisf[a-z]+ see per the any all no not other_than as if who or')}\b"
    rf"|\b{_any('than from until after before prior since time date at within days? weeks? months?')}\b"
    rf"|\b{_any('includes? despite')}\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    "".join(
        f"(?<!{word} )"
        for word in ("phase", "part", "parts", "module", "cohort", "cohorts", "group", "groups", "arm", "stage", "step")
    )
    + r"(?<!\w)(?<!\d\.)\d(?!\d?\.\d)",
    re.IGNORECASE,
)
_ARE = re.compile(
    r"\s*(?:criteria)?\s*(?:for[^.:;]{3,60}?)?\s*\b"
    + _any("are is were was includes? included will_include will_be consist(?:s|ed)?_of comprised? apply")
    + r"\b(?:\s+(?:as follows|the following))?\s*[:：]?\s*",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s*(?:\([^)]{0,200}\)|\[[^\]]{0,200}\])\s*")
_BOTH = re.compile(r"\s*(?:/|and|or|&)\s*(?:inclusion|exclusion|ex)", re.IGNORECASE)
_VERB = re.compile(
    rf"\b{_any('is are was were be been have has had must should may can will would did does do apply')}\b",
    re.IGNORECASE,
)
_LABEL_END = re.compile(r"\s*[:：][\s.]*|\s+[-–—]\s+|\.\s+|\s+(?=(?:\(?1[.)])\s*[A-Z(])|\s*\.?\s*\Z")

_EXCLUDED = re.compile(
    r"exclu|ineligib|(?:\bnot|n't|n’t|cannot)\s+(?:be\s+)?(?:considered\s+)?(?:able to |allowed to )?"
    r"(?:eligib|includ|enrol|enter|participat|join|take part|qualif|accept)",
    re.IGNORECASE,
)
_INCLUDED = re.compile(
    r"eligib|includ|inclusion|enrol|enter|participat|join|take part|qualif|\brequired\b|\bmust\b",
    re.IGNORECASE,
)
MUST_NOT = re.compile(r"\b(?:not|no|none|never|without)\b", re.IGNORECASE)
_OPEN_END = re.compile(r"\b(?:if|they|who|have|has|when|criteria|you)\W*\Z")
# Who is spoken of, and that they may take part: words that say nothing about a patient.
_EMPTY = _words(
    """
    patient patients patient's subject subjects participant participants person persons people individual individuals
    volunteer volunteers candidate candidates who whom that which those these with have has having had meet meets
    meeting met fulfil fulfill fulfils fulfills fulfilling fulfilled satisfy satisfies satisfying satisfied any all
    each every one or more of the following criteria criterion criterias conditions condition reason reasons
    characteristics requirements will would be been are is were was may can cannot could should must not to for from
    in into on this our study trial protocol research excluded exclude excludes exclusion included include includes
    inclusion eligible ineligible eligibility enrolled enroll enrol enrollment enrolment entry enter participate
    participating participation join take part considered accepted if they you he she it when at only and also as an a
    below listed above both qualify their his her do does apply applies present there exists case cases event
    additionally addition furthermore in order presence among general principal main key major specific additional
    other required clinical investigation symptoms randomization randomisation visit screening baseline
    """
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_INLINE = re.compile(
    r"(?<!\s)\s++(?=(?:[-*•]\s*)?(?:(?:Key|Main|Major|General|Specific|Principal|KEY|MAIN)\s+)?"
    r"(?:Inclusion|Exclusion|INCLUSION|EXCLUSION|Inclusions|Exclusions)"
    r"(?:\s+(?:[Cc]riteria|CRITERIA|[Cc]riterion))?(?:\s*\([^)\n]{1,40}\))?"
    r"(?:\s*[:：]|\s*\.\s|\s+(?:includes?|included|are|were)\b|\s+(?:1[.)]|\(1\))|\s*\Z)|--[A-Z][^-\n]{3,50}--)"
)
_RUNS_INTO = re.compile(
    rf"\b{_any('in the of any all meet meets meeting by following per and or with to specific additional for')}\Z",
    re.IGNORECASE,
)
_FOR_WHOM = re.compile(
    _any("part cohort arm group phase stage study for step control patient_group") + r"\b", re.IGNORECASE
)
_STOPS = frozenset(".;,:)]/。；")


class Heading(msgspec.Struct, frozen=True):
    """A heading: the side it names (None for both), where it ends, and whether it says for whom it holds."""

    side: Side | None
    end: int
    limits: bool = False  # "(Part B)", "for the control group"
    verbal: bool = False  # "Patients will be excluded if"


def read_side(words: str) -> Heading | None:
    """Return the heading with which *words* begin, if they begin with one that names a side.

    >>> read_side("Key Exclusion Criteria (Part B): none").side
    'exclusion'
    >>> read_side("Patients who meet the inclusion criteria of the main study may join")
    """
    start = words[:240].lower()
    found = _noun(words) if any(map(start.__contains__, _NOUN_SIGNS)) else None
    return found or (_verbal(words) if any(map(start.__contains__, _VERB_SIGNS)) else None)


def _label(words: str, start: int) -> tuple[str, int, str]:
    """Return the label that holds *start*, where what follows begins, and the mark between."""
    found = _LABEL_END.search(words, start)
    if found is None:
        return words[start:], len(words), ""
    return words[start : found.start()], found.end(), found[0].strip()[:1].replace("：", ":")


def _noun(words: str) -> Heading | None:
    found = _FOREIGN.match(words, len(words) - len(words.lstrip("*_# "))) or _NOUN.search(words, 0, 120)
    if found is None:
        return None
    named = found.re is _FOREIGN or bool(found["noun"])
    before = words[: found.start()].strip("*_#•\"' \t(-").removeprefix("The ").removesuffix("The")
    tail, rest, mark = _label(words, found.end())
    tail = tail.strip("*_\"' \t")
    if len(before) > 70 or (any(sign in before for sign in ".;:?") and not before.replace(".", "").isdigit()):
        return None
    if _MENTION.search(before) or _FIGURE.search(before) or (found.re is _NOUN and found["weak"] and not named):
        return None
    again = _NOUN.search(tail)
    if again and named and says_nothing(tail) and not _BOTH.match(tail):
        return Heading("exclusion" if found["ex"] else "inclusion", rest)
    if _BOTH.match(tail) or again:
        return Heading(None, rest) if mark == ":" and rest == len(words) else None
    side: Side = "exclusion" if found["ex"] else "inclusion"
    return _ended(words, found, (side, tail, rest, mark, named))


def _ended(words: str, found: re.Match[str], label: tuple[Side, str, int, str, bool]) -> Heading | None:
    """Return the heading if what stands behind its noun may stand in one."""
    side, tail, rest, mark, named = label
    more = _BRACKETS.sub(" ", tail).strip()
    verb = _ARE.match(words, found.end())
    if verb and named:
        return Heading(side, verb.end())
    if _VERB.search(more):
        return None
    short = mark == ":" or (named and len(more.split()) < 10)
    first = found.start() < 30 and not tail
    if (
        found.start() < 3
        and named
        and mark != ":"
        and more[:1].isupper()
        and len(more.split()) > 3
        and not _FOR_WHOM.match(more)
    ):
        # "Exclusion criteria Inability to …": the colon was forgotten, and the words are a criterion.
        return Heading(side, found.end())
    if not (short or first) or len(more) > (120 if mark == ":" else 90) or any(sign in more for sign in ".;"):
        return None
    if not named and mark != ":" and (tail or rest < len(words) or len(words[: found.start()].split()) > 2):
        return None
    if mark in tuple("-–—.") and rest < len(words) and (tail or not named):
        # "Exclusion criteria - Part B" names its part; a dash or stop after more words belongs to a sentence.
        return Heading(side, len(words), limits=True) if mark != "." and named and len(words) < 90 else None
    return Heading(side, rest, limits=bool(tail))


def says_nothing(words: str) -> bool:
    """Return whether *words* only say who is spoken of and that they may (not) take part.

    >>> says_nothing("Patients meeting any of the following criteria will be excluded:")
    True
    >>> says_nothing("Patients with stroke are excluded if:")
    False
    """
    return all(word.lower().replace("’", "'") in _EMPTY for word in _WORD.findall(words)) and not re.search(
        r"\d", words
    )


def _verbal(words: str) -> Heading | None:
    begin = 0
    while (word := _WORD.match(words, begin)) is not None:  # words with a blank between, which no label ends at
        if word[0].lower().replace("’", "'") not in _EMPTY:
            return None  # most lines: one of their first words says something
        begin = word.end() + 1
        if words[word.end() : begin] != " ":
            break
    label, rest, mark = _label(words, 0)
    whole = rest == len(words) and "following" in label
    if not 0 < len(label) <= 200 or not (mark == ":" or whole or _OPEN_END.search(label)) or not says_nothing(label):
        return None
    if _EXCLUDED.search(label):
        return Heading("exclusion", rest, verbal=True)
    return Heading("inclusion", rest, verbal=True) if _INCLUDED.search(label) and not MUST_NOT.search(label) else None


def inline_headings(words: str) -> list[int]:
    """Return where headings begin within a line: "Inclusion: a; b. Exclusion: c".

    >>> inline_headings("Inclusion: adults; consent. Exclusion: stroke")
    [28]
    """
    if "clusion" not in words and "CLUSION" not in words and "--" not in words:
        return []
    places: list[int] = []
    for found in _INLINE.finditer(words):
        before = words[places[-1] if places else 0 : found.start()]
        after = words[found.end() : found.end() + 70]
        last = len(words) < found.end() + 20 and len(before.split()) > 3 and not _RUNS_INTO.search(before)
        if before[-1:] in _STOPS or after.startswith("--") or last or (len(before.split()) > 5 and ":" in after):
            places.append(found.end())
    return places
