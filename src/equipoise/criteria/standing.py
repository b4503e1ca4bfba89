"""
What goes on now, though no word of the tables says so: "having haemodialysis", "chronic renal failure on dialysis".

::

    led    = ("receiving" | "undergoing" | "taking" | "having" | "on" | "presenting for" | …) list   # all of the list
    shared = current-name ("or" | ",") list                                # "current use of A or B": both
    ahead  = ("scheduled for" | "planned" | "pending" | …) list            # "pending A or B": neither was done
    care   = "dialysis" | "mechanical ventilation" | "oxygen therapy" | …  # goes on until it ends, and then is none
    life   = "shift work" | "nursing home residence" | "palliative care" | …      # how somebody lives: now, too

A procedure that was done once is had for ever, so one that is asked of now needs to say so. A word of the past, of a
plan or of another time in the same clause ("has required dialysis", "ventilated after surgery") leaves it as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import msgspec

from equipoise.criteria.kinds import FACTS, GIVEN, NOW
from equipoise.rules.nodes import Predicate, Rule, Span, changed, leaves
from equipoise.terms.lexicon import lexicon as shipped

# What goes on until it ends: who was ventilated last year is not ventilated.
_CARE = (
    "dialysis", "enteral nutrition", "extracorporeal membrane oxygenation", "noninvasive ventilation",
    "oxygen therapy", "parenteral nutrition", "respiratory support", "tube feeding", "ventilatory support",
)  # fmt: skip
# How somebody lives, or what is gone on with, as long as nothing says otherwise.
_LIFE = (
    "continuous glucose monitoring", "dietary restriction", "do not intubate order",
    "do not resuscitate order", "hospice care", "institutionalization", "mobility aid", "nursing home residence",
    "palliative care", "pcp prophylaxis", "psychiatric treatment", "sexual abstinence", "shift work",
    "transfusion dependence", "vegetarian diet", "weight loss treatment",
)  # fmt: skip
_STAYS = frozenset(("hospitalization", "icu admission", "intubation"))
_LESS = re.compile(r"(?:less|fewer|no more|not more) than\b|no longer than\b|at most\b|[<≤]")
# What is put in stays, and a test is over as soon as it is done.
_STAYS_IN = re.compile(
    r"contracep|steril|tubal|vasectom|implant|pacemaker|defibrillator|stent|intrauterine|device|abstinence|prosthe"
    r"|(?:tomograph|imaging|radiograph|ultrasound|electrocardiogra|echocardiogra|examination|test|scan|biopsy|culture"
    r"|analysis|grading|scopy|serology)\w*\Z"
)
_CUE = re.compile(
    r"(?P<before>(?:[\w/'-]+\s+)?)"
    r"\b(?P<cue>(?:be\s+|already\s+|still\s+|currently\s+|presently\s+|actively\s+)*"
    r"(?:receiving|undergoing|taking|having|being\s+(?:treated\s+with|given)|(?:is|are)\s+using|on|presenting\s+for|presented\s+for))\s+"
    r"(?!(?:an?\s+)?(?:had|history|been|undergone|received|prior|previous(?:ly)?)\b)"
)
# Before these words, what is received is of another time, or is no treatment.
_NO_CUE = frozenset(
    (
        "after", "avoid", "been", "before", "by", "despite", "ever", "following", "for", "from", "had", "history", "if",
        "of", "previously", "prior", "since", "start", "started", "stop", "stopped", "to", "until", "upon", "was",
        "were", "when", "while", "without", "planned", "planning", "anticipated", "expected", "effect", "effects",
        "information", "impact", "influence", "based", "depending", "dependent", "never", "once", "previous", "time",
        "prevent", "preventing", "risk", "willing", "plan", "cannot", "recently",
    )
)  # fmt: skip
# "On" stands before much that is no treatment: it is what these people are.
_ON = frozenset(
    (
        "are", "be", "currently", "is", "patients", "patient", "subjects", "subject", "participants", "participant",
        "individuals", "persons", "people", "those", "women", "men", "children", "adults", "not", "or", "and",
        "already", "still", "either", "who", "infants", "maintained", "recipients", "volunteers",
    )
)  # fmt: skip
_APART = re.compile(r"\b(?:and|or|for|to|with|than)\b")
_STUDY = "participation in another"
_EVER = re.compile(
    r"(?<!current )\bhistory of (?:any )?(?:receiving|taking|undergoing|using|being on)\s+"
    r"|\bpreviously (?:or currently )?(?:on|taking|receiving)\s+"
    r"|\b(?:have|has|had|been|received|taken|used)(?: had| been| received| taken| used)?\s*,? or (?:is |are |who are |"
    r"have |has )?(?:currently|now|presently)\s+"
    r"(?:(?:have|has|receiving|on|taking|using|complicated with|treated with)\s+)*"
)
# What comes on a treatment, and whatever became of that.
_TURNS = frozenset(("disease progression", "relapse", "tumor progression", "recurrent disease", "treatment failure"))
_LISTED = re.compile(
    r"\s*(?:\(?s?\)?)?\s*(?:,|/|\(|\bor\b|\band/or\b|\band\b|\bincluding\b|\bsuch\s+as\b|\be\.?g\.?,?|\bi\.?e\.?,?"
    r"|\bto be performed\b|\bunder\b|\bwith\b|\brequiring\b|\busing\b|\bin\b|\ban?\b|\bthe\b|\bany\b|\bother\b"
    r"|\beither\b|\btherapy\b|\btreatment\b|\s)*\s*"
)
_ALIKE = re.compile(r"\s*(?:,|/|\bor\b|\band/or\b)+\s*(?:an?\s+)?")
_OTHERWISE = re.compile(
    r"\b(?:prior|previous\w*|histor\w+|had|have|has|received|required|underwent|undergone|was|were|ever|never|past|been"
    r"|pre-?\w*existing|earlier|lasting|duration|longer|post\w*|after|before|following|since|during|until|within|last"
    r"|ago|plan\w*|schedul\w*|expect\w*|anticipat\w*|likely|unlikely|may|might|possib\w+|potential\w*|candidates?|eligib\w+"
    r"|will|would|about|impending|imminent|await\w*|listed|refus\w+|wean\w*|willing\w*|intend\w*|intention|if|first"
    r"|time|times|days?|weeks?|months?|hours?|years?|new|recent\w*|start\w*|initiat\w*|begin\w*|undergo|receive|risk|need\w*"
    r"|requir\w+|able|unable|contraindicat\w+|indicat\w+|allergy|allergic|hypersensitiv\w+|intoleran\w+|fail\w*"
    r"|recover\w*|survi\w+|accept\w*|consent\w*|agree\w*|discharg\w*|long[\s-]?term|complications?)\b"
)
_AHEAD = re.compile(r"\A(planned|scheduled|pending|awaiting|anticipated|expected|proposed|upcoming|imminent)\b")
_TAKES_PART = re.compile(
    r"\b(?:is|are|be|currently|concurrently|simultaneously|also|still|presently)\s+(?:or\s+)?"
    r"(?:participat\w+|enrol\w+|taking|tak(?:e|ing)\s+part|involved)\b"
    r"|\b(?:participants?|patients?|subjects?|volunteers?)\s+(?:include\s+)?in\s"
    r"|\b(?:concurrent|concomitant|simultaneous)\b"
)
_LEADING = re.compile(r"\A(?:(?:currently|presently|receiving|undergoing|taking)(?:\s+|\Z))+")
_PLANNED = re.compile(
    r"\b(?:plan\w*|schedul\w*|expect\w*|anticipat\w*|intend\w*|likely|pending|await\w*|prior|previous|past|recent\w*|"
    r"possible|history|proposed|needed|indicated|upcoming|eligible|candidate|history of)\b"
)


def _members(names: tuple[str, ...]) -> frozenset[str]:
    known = shipped()
    return frozenset(names).union(*(known.members(one) for one in names))


@cache
def _care() -> frozenset[str]:
    return _members(_CARE)


@cache
def _life() -> frozenset[str]:
    return _care() | _members(_LIFE)


def is_care(name: str) -> bool:
    """Return whether a procedure is care that goes on until it ends.

    >>> is_care("hemodialysis"), is_care("appendectomy")
    (True, False)
    """
    return name in _care()


def has_gone_on(rule: Rule, time: str) -> bool:
    """Return whether a time is how long care has gone on: "ventilated less than 24 hours before enrollment"."""
    if type(rule) is not Predicate or rule.op != "present" or not (is_care(rule.name) or rule.name in _STAYS):
        return False
    return _LESS.match(time) is not None


def standing(rule: Rule, words: str, start: int) -> Rule:
    """
    Return the rule of a criterion, *words* (in lower case) at *start*, in which what goes on is asked of now.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Patients having haemodialysis or peritoneal dialysis", section="exclusion")[0].reading
    'undergoing hemodialysis, around screening; or undergoing peritoneal dialysis, around screening'
    """
    named = {
        leaf.concept.span: leaf
        for leaf in leaves(rule)
        if type(leaf) is Predicate and leaf.concept is not None and leaf.concept.span is not None
    }
    open_ = {span for span, leaf in named.items() if _is_open(leaf)}
    of_any_time = "history" in words or "previously" in words or "current" in words or "now" in words
    if not open_ and not of_any_time:
        return rule  # most
    list_ = _Standing(words, start, named, _either(rule))
    ever = list_.ever() if of_any_time else set()
    rule = changed(rule, _not_now(ever)) if ever else rule
    open_ -= ever
    if not open_:
        return rule
    now = (list_.led() | list_.shared() | list_.cared(open_) | list_.taking_part(open_)) & open_
    if now:
        rule = changed(rule, _of_now(now))
    ahead = {span: said for span, said in list_.ahead().items() if span in open_ - now}
    return changed(rule, _to_come(ahead)) if ahead else rule


def _either(rule: Rule) -> set[Span]:
    """Return the names that are asked for in two ways: "ongoing or planned X"."""
    spans = [leaf.concept.span for leaf in leaves(rule) if type(leaf) is Predicate and leaf.concept is not None]
    return {span for span in spans if span is not None and spans.count(span) > 1}


def _is_open(one: Predicate) -> bool:
    """Return whether nothing says when a treatment was, or is to be."""
    if one.op not in ("present", "absent") or one.kind not in FACTS or one.window is not None:
        return False
    if one.kind == "condition" and one.qualifier:
        return False
    stays = one.kind == "procedure" and _STAYS_IN.search(one.name) is not None
    return not stays and not any(_PLANNED.search(said) for said in one.qualifier)


def _of_now(places: set[Span]) -> Callable[[Predicate], Rule]:
    def change(one: Predicate) -> Rule:
        if one.concept is None or one.concept.span not in places or not _is_open(one):
            return one
        said = (_LEADING.sub("", text) for text in one.qualifier)
        return msgspec.structs.replace(one, window=NOW, qualifier=tuple(text for text in said if text))

    return change


def _to_come(places: dict[Span, str]) -> Callable[[Predicate], Rule]:
    def change(one: Predicate) -> Rule:
        said = None if one.concept is None or one.concept.span is None else places.get(one.concept.span)
        if said is None or not _is_open(one):
            return one
        return msgspec.structs.replace(one, qualifier=(said, *one.qualifier))

    return change


def _not_now(places: set[Span]) -> Callable[[Predicate], Rule]:
    def change(one: Predicate) -> Rule:
        then = one.concept is not None and one.concept.span in places and one.window == NOW
        return msgspec.structs.replace(one, window=None) if then else one

    return change


class _Standing:
    """The names of a criterion, by where they stand in its words."""

    def __init__(self, words: str, start: int, named: dict[Span, Predicate], twice: set[Span]) -> None:
        self.words, self.start, self.named, self.twice = words, start, named, twice
        self.spans = sorted(named)

    def led(self) -> set[Span]:
        """Return the names of the lists that a verb leads: "receiving A or B"."""
        found = set[Span]()
        for cue in _CUE.finditer(self.words):
            if cue["before"].strip() in _NO_CUE or (cue["cue"] == "on" and not self._is_on(cue)):
                continue
            found |= self._list(cue.end())
        return found

    def _is_on(self, cue: re.Match[str]) -> bool:
        """Return whether "on" says what people or a disease are given: "HIV infection on antiretroviral therapy"."""
        named = next((self.named[span] for span in self.spans if span[0] - self.start >= cue.end()), None)
        if named is None or not (named.kind == "drug" or is_care(named.name)):
            return False  # "on echocardiography"
        before, words = cue["before"].strip(), self.words[: cue.start("cue")].rstrip()
        if before:
            return before in _ON or any(
                span[1] == len(words) + self.start and one.kind == "condition" and one.name not in _TURNS
                for span, one in self.named.items()
            )
        return words[-1:] in ("", "(", ",", ";", ":", ".", "-", "*")

    def ever(self) -> set[Span]:
        """Return the names of the lists that are asked of any time: "have had or currently have A"."""
        return {span for cue in _EVER.finditer(self.words) for span in self._list(cue.end(), FACTS)}

    def _list(self, at: int, kinds: frozenset[str] = GIVEN) -> set[Span]:
        """Return the names of the list that begins at *at*."""
        first = next((span for span in self.spans if span[0] - self.start >= at), None)
        if first is None or self.named[first].kind not in kinds:
            return set()
        gap, said = self.words[at : first[0] - self.start], self._gap(at, first)
        if len(said.split()) > 3 or set(gap) & set(",;.:()") or _APART.search(said):
            return set()
        return {first, *self._behind(first, kinds)}

    def _behind(self, span: Span, kinds: frozenset[str] = GIVEN) -> list[Span]:
        """Return the names of the list that a name begins."""
        found, at = list[Span](), span[1] - self.start
        for other in self.spans:
            if other[0] - self.start < at:
                continue
            if self.named[other].kind not in kinds or not _LISTED.fullmatch(self._gap(at, other)):
                break
            found.append(other)
            at = other[1] - self.start
        return found

    def _gap(self, at: int, span: Span) -> str:
        """Return the words before a name that are none of what is said of it."""
        own = " ".join(self.named[span].qualifier)
        gap = self.words[at : span[0] - self.start]
        return " ".join(word for word in gap.split() if word.strip(",()") not in own)

    def shared(self) -> set[Span]:
        """Return the names behind one of now that share its "current"."""
        found = set[Span]()
        for place, span in enumerate(self.spans[:-1]):
            alike = GIVEN if self.named[span].kind in GIVEN else frozenset(("condition",))
            if self.named[span].window != NOW or self.named[span].kind not in FACTS:
                continue
            at = span[1] - self.start
            for other in self.spans[place + 1 :]:
                gap = self.words[at : other[0] - self.start] if other[0] - self.start >= at else ";"
                if _ALIKE.fullmatch(gap) is None or self.named[other].kind not in alike:
                    break
                found.add(other)
                at = other[1] - self.start
        return found

    def ahead(self) -> dict[Span, str]:
        """Return the names behind one that is planned, and the word for it."""
        found = dict[Span, str]()
        for span in self.spans[:-1]:
            leaf = self.named[span]
            said = next((told for text in leaf.qualifier if (told := _AHEAD.match(text)) is not None), None)
            begin = max(0, span[0] - self.start - 60)
            if (
                said is None
                or leaf.kind not in GIVEN
                or span in self.twice
                or said[1] not in self.words[begin : span[0] - self.start]
            ):
                continue
            found.update(dict.fromkeys(self._behind(span), said[1]))
        return found

    def cared(self, spans: set[Span]) -> set[Span]:
        """Return the names of care that goes on, in clauses of which no word tells of another time."""
        return {
            span for span in spans if self.named[span].name in _life() and not _OTHERWISE.search(self._clause(span))
        }

    def taking_part(self, spans: set[Span]) -> set[Span]:
        """Return the names of a study in which somebody takes part now."""
        begin = {span: max(0, span[0] - self.start - 40) for span in spans if self.named[span].name.startswith(_STUDY)}
        return {
            span
            for span, at in begin.items()
            for cue in _TAKES_PART.finditer(self.words, at, span[1] - self.start)
            if cue.end() >= span[0] - self.start
        }

    def _clause(self, span: Span) -> str:
        first, last = span[0] - self.start, span[1] - self.start
        begin = max(self.words.rfind(mark, 0, max(0, first)) for mark in ".;:\n") + 1
        end = min((at for mark in ".;:\n" if (at := self.words.find(mark, last)) >= 0), default=len(self.words))
        return self.words[begin:end]
