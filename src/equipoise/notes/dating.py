"""
Which fact of a sentence each time phrase dates.

::

    dated = fact link* when | when link* fact+ | event link* when | when link* event
    link  = "that" | "started" | "was" | "in his chest" …      # nothing that could be another fact

A time behind a fact dates the nearest one; one at the head of a clause dates those that follow it; "for 5 days" and
"5 days of" say how long as well. A fact that is denied or of a relative is not dated, and only what is planned is dated
after the time zero. The moment is as precise as its vaguest part.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from equipoise.notes.drafts import Draft
from equipoise.notes.sentences import Span
from equipoise.notes.when import BARE_YEAR, When
from equipoise.notes.zero import Zero
from equipoise.records.moments import Moment

_LONGEST = 12  # a list of symptoms that one time dates
_DATED = frozenset(("condition", "drug", "procedure", "measurement", "event_time"))
_LASTING = frozenset(("condition", "drug", "procedure", "event_time"))
_WORDS = (
    r"past|last|planned|scheduled|previous|preceding|that|which|who|has|had|have|having|been|was|were|is|are|it|she|he|patient|the|a|an|his|her|their|of|with|on|in|for|at|by|from|to|as|"
    r"started|starting|start|starts|began|begun|beginning|begins|occurred|occurring|happened|developed|developing|appeared|"
    r"diagnosed|diagnosis|first|noted|noticed|onset|suddenly|sudden|gradually|gradual|abruptly|abrupt|acutely|acute|performed|done|"
    r"placed|given|administered|received|completed|made|suffered|sustained|confirmed|found|seen|continued|persisted|"
    r"persisting|persistent|lasted|lasting|ongoing|back|x|dx|s/p|taken|last|dose|achieved|obtained|restored|established|reached|"
    r"witnessed|estimated|documented|recorded|measured|drawn|repeated|currently|now|about|approximately|around|since|only|just|"
    r"initially|treated|taking|takes|took|on|use|using|therapy|treatment|complicated|symptoms?|history|level|value|result|results|"
    r"presenting|worse|underwent|experienced|reported|reports|describes|described|admitted|hospitali[sz]ed|intubated|"
    r"became|become|approx\.|ca\.|constant|intermittent|progressive|being|after|stopped|discontinued|resolved|ended|ending|quit|held"
)
_LINK = re.compile(
    rf"(?:[\s,(:\[*@~-]|\bafter\s\d+\s?min(?:utes?)?\b(?:\sof\s[A-Za-z]+)?|\b(?:{_WORDS})\b|\b(?:in|to|of|on|over)\s(?:his|her|the|their|both|my)\s(?:[a-z]+\s){{0,3}}?[a-z]+)*",
    re.IGNORECASE,
)
_CHAIN = re.compile(r"\s?(?:,|and|,\s?and|or|&|/|with)\s?(?:an?\s|the\s|some\s|\w+\s)?", re.IGNORECASE)
_AHEAD_STOP = re.compile(
    r"[;]|\.(?=\s)|\b(?:now|currently|today|but|who|which|presents?|until|then|later|before|after|since|denies|no|not|without|and\s(?:is|he|she|the|has|was))\b",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"(?:^|[,;:(\n]|\b(?:and|then|but|who|that|where|also|patient|he|she|had|has|was|were|is|showed|on|in|at|from|approximately|about|the|an?|dated))\s*$",
    re.I,
)
_ENDED = re.compile(
    r"\b(?:stopped|discontinued|resolved|ended|quit|ceased|held|last (?:dose|taken|received|given|drink))\b",
    re.IGNORECASE,
)
# Of "treated for asthma since May" the treatment has the date.
_TREATED = re.compile(
    r"\b(?:treat(?:ment|ed|ing)|therapy|medications?|drugs?|surgery|operated|hospitali[sz]ed|vaccinated)\s(?:of|for|with|against)\s(?:\w+\s){0,2}$",
    re.IGNORECASE,
)
# What brings somebody to hospital at once: "hospitalized for a stroke two weeks ago" says when both were.
_SUDDEN = frozenset(
    ("stroke", "ischemic stroke", "hemorrhagic stroke", "transient ischemic attack", "myocardial infarction",
     "st elevation myocardial infarction", "non st elevation myocardial infarction", "pulmonary embolism",
     "cardiac arrest", "subarachnoid hemorrhage", "intracerebral hemorrhage")
)  # fmt: skip
_SHOWED = re.compile(
    r"\)?\s?(?:,\s)?(?:which\s)?(?:show\w*|reveal\w*|demonstrat\w*|report\w*|found|with|estimat\w*|:)", re.IGNORECASE
)
_WAS = re.compile(r"\b(?:was|were|had|did)\b", re.IGNORECASE)
# "Has had a cough for a week" has it still.
_HAD = re.compile(
    r"(?<!has )(?<!have )(?<!having )\bhad\b|\b(?:was|were|did)\b(?! (?:brought|seen|admitted))", re.IGNORECASE
)
_TAKEN_NOW = re.compile(
    r"\b(?:has|have|been|is|are|currently|takes|taking|on|using|remains|continues)\b", re.IGNORECASE
)
_HAD_UNTIL = re.compile(
    r"\b(?:treated|received|course|completed|given|was on|stopped|until|resolved|quit|ended)\b", re.IGNORECASE
)
# "Lasting 30 minutes" says how long a bout is, "for 30 minutes" how long it has gone on.
_EPISODE = re.compile(
    r"\b(?:lasting|lasted|lasts|duration(?: of)?|sustained(?: for)?|maintained(?: for)?)\s*:?\s*(?:for\s)?$",
    re.IGNORECASE,
)
_ONSETS = re.compile(
    r"\b(?:start(?:ed|ing)|began|begun|beginning|onset|developed|sudden|suddenly|abrupt|abruptly)\b", re.IGNORECASE
)

_FOUND = re.compile(
    r"\b(?:diagnos\w+|dx'?d?|found|detected|discovered|known|since|onset|start\w*|began|begun)\b", re.IGNORECASE
)


def _is_number(draft: Draft) -> bool:
    return draft.kind == "measurement" and isinstance(draft.value, (int, float)) and draft.when is None


class Dating:
    """Dates the drafts of one sentence."""

    def __init__(self, text: str, sentence: Span, zero: Zero) -> None:
        self.text = text
        self.sentence = sentence
        self.zero = zero

    def date(self, drafts: Sequence[Draft], whens: Sequence[When]) -> list[Draft]:
        """Return the drafts, dated, with the lengths of time that the sentence states."""
        facts = sorted(drafts, key=lambda one: one.span)
        lasted: list[Draft] = []
        last: list[int] = []
        whens = [one for one in whens if not self._is_value(facts, one)]
        for place, when in enumerate(whens):
            edges = (
                whens[place - 1].span[1] if place else self.sentence[0],
                whens[place + 1].span[0] if place + 1 < len(whens) else self.sentence[1],
            )
            targets = self._targets(facts, when, edges)
            if not targets and when.role == "for" and place and self._linked(edges[0], when.span[0]):
                targets = last  # "ROSC at 06:10, sustained for 25 minutes"
            last = targets
            for number in targets:
                facts[number], length = self._dated(facts[number], when)
                lasted += length
        # A number of some year back is no result of now, and its day is not known.
        kept = [one for one in facts if not (one.assertion == "historical" and _is_number(one))]
        return [*kept, *lasted]

    def _is_value(self, facts: Sequence[Draft], when: When) -> bool:
        """Return whether what looks like a year is the number of a result: "ferritin 2010"."""
        return BARE_YEAR.fullmatch(self.text[when.span[0] : when.span[1]]) is not None and any(
            one.kind == "measurement" and one.span[0] < when.span[1] and when.span[0] < one.span[1] for one in facts
        )

    # Which facts

    def _targets(self, facts: Sequence[Draft], when: When, edges: Span) -> list[int]:
        usable = [
            n
            for n, one in enumerate(facts)
            if one.kind in _DATED and edges[0] <= one.span[0] and one.span[1] <= edges[1]
        ]
        behind = [n for n in usable if facts[n].span[1] <= when.span[0]]
        ahead = [n for n in usable if facts[n].span[0] >= when.span[1]]
        if when.ahead:
            return self._ahead(facts, ahead, when)
        event = self._event(facts, behind, when)
        if event is not None:
            return [event]
        if behind and not self._is_reason(facts, behind) and self._linked(facts[behind[-1]].span[1], when.span[0]):
            return [*self._chained(facts, behind, when), *self._shown(facts, behind[-1], ahead, when)]
        whole = behind[-2:] if len(behind) > 1 and self._is_reason(facts, behind) else []
        if whole and self._linked(facts[whole[1]].span[1], when.span[0]):
            return whole if facts[whole[1]].name in _SUDDEN else whole[:1]
        head = self.text[max(self.sentence[0], edges[0], when.span[0] - 60) : when.span[0]]
        if when.role == "for" or not (_HEAD.search(head) or not head.strip()) or behind:
            return []
        return self._ahead(facts, ahead, when, many=True)

    def _event(self, facts: Sequence[Draft], behind: Sequence[int], when: When) -> int | None:
        """Return the event that a time dates across another fact: "ROSC after 20 minutes of CPR at 06:10"."""
        for number in behind[-3:-1]:
            one = facts[number]
            apart = one.span[1] <= facts[behind[-1]].span[0]
            if one.kind == "event_time" and when.role == "at" and apart and self._linked(one.span[1], when.span[0]):
                return number
        return None

    def _is_reason(self, facts: Sequence[Draft], behind: Sequence[int]) -> bool:
        """Return whether the nearest fact is the reason of another: "hospitalized for heart failure 3 weeks ago"."""
        nearest = facts[behind[-1]]
        return (
            nearest.kind == "condition"
            and _TREATED.search(self.text, max(self.sentence[0], nearest.span[0] - 60), nearest.span[0]) is not None
        )

    def _shown(self, facts: Sequence[Draft], nearest: int, ahead: Sequence[int], when: When) -> list[int]:
        """Return the results that a dated examination showed: "echo 2 months ago showed LVEF 30 %"."""
        measured = [number for number in ahead if facts[number].kind == "measurement"]
        if facts[nearest].kind != "procedure" or not measured or not _SHOWED.match(self.text, when.span[1]):
            return []
        return self._ahead(facts, measured, when, many=True)

    def _linked(self, start: int, end: int) -> bool:
        return end - start <= 90 and _LINK.fullmatch(self.text, start, end) is not None

    def _chained(self, facts: Sequence[Draft], behind: Sequence[int], when: When) -> list[int]:
        """Return the nearest fact, those of the same span, and, where the phrase is of all, the list it ends."""
        nearest = behind[-1]
        found = [nearest]
        gap = self.text[facts[nearest].span[1] : when.span[0]]
        of_all = when.role != "at" or _ONSETS.search(gap) is not None
        for number in reversed(behind[-_LONGEST:-1]):
            before, after = facts[number], facts[found[-1]]
            same = before.span[1] > after.span[0]  # the onset of chest pain, and the pain
            joined = of_all and before.kind == after.kind == "condition" and self._joined(before, after)
            if not same and not joined:
                break
            found.append(number)
        return found

    def _joined(self, before: Draft, after: Draft) -> bool:
        return _CHAIN.fullmatch(self.text, before.span[1], after.span[0]) is not None

    def _ahead(self, facts: Sequence[Draft], ahead: Sequence[int], when: When, *, many: bool = False) -> list[int]:
        found: list[int] = []
        stop = when.span[1]
        for number in ahead:
            one = facts[number]
            gap = self.text[stop : one.span[0]]
            if not found:
                if not self._leads(gap):
                    return []
            elif one.span[0] < stop:
                pass  # the same words
            elif many and one.kind == "measurement":
                if _AHEAD_STOP.search(gap) or len(gap) > 60:
                    break
            elif not self._joined(facts[found[-1]], one):
                break
            found.append(number)
            stop = max(stop, one.span[1])
        return found

    def _leads(self, gap: str) -> bool:
        """Return whether the words between a time at the head of a clause and the first fact link the two."""
        if len(gap) > 70 or _AHEAD_STOP.search(gap):
            return False
        words = gap.split()
        return len(words) <= 3 or _LINK.fullmatch(" ".join(["", *words[:-2], ""])) is not None

    # What comes of it

    def _dated(self, fact: Draft, when: When) -> tuple[Draft, list[Draft]]:
        if fact.assertion == "planned" and when.role == "at" and fact.when is None and self._ahead_of_now(when):
            assert when.stretch is not None
            return msgspec.structs.replace(fact, when=self.zero.moment(*when.stretch)), []
        if fact.assertion not in ("present", "historical", "possible"):
            return fact, []
        if when.role == "at" and self._was_then(fact, when):
            return msgspec.structs.replace(fact, assertion="historical"), []
        between = self._between(fact, when)
        lengths = self._length(fact, when)
        if when.role == "for" and _EPISODE.search(self.text, max(self.sentence[0], when.span[0] - 12), when.span[0]):
            return fact, lengths
        moment = self._moment(when)
        ended = _ENDED.search(between) is not None or (fact.kind == "drug" and self._last_dose(fact))
        if moment is None or (when.role == "for" and not self._until_now(fact, between)):
            return fact, lengths
        if when.role == "at" and ended and fact.kind in ("condition", "drug"):
            return (fact if fact.until else msgspec.structs.replace(fact, until=moment)), lengths
        if fact.when is not None or fact.kind not in _DATED or (when.role == "for" and fact.kind == "measurement"):
            return fact, lengths
        dated = msgspec.structs.replace(fact, when=moment)
        if fact.kind == "event_time":
            dated.span = (min(fact.span[0], when.span[0]), max(fact.span[1], when.span[1]))
        was = _HAD if fact.kind == "condition" else _WAS
        goes_on = when.role == "since" or (
            when.role == "for" and ((when.ahead and fact.kind == "condition") or not was.search(self._clause(fact)))
        )
        if goes_on and fact.kind in ("drug", "condition") and fact.assertion == "present":
            dated.qualifier = (*dated.qualifier, "ongoing")
        return dated, lengths

    def _was_then(self, fact: Draft, when: When) -> bool:
        """
        Return whether a time some way back says that a fact was so then, and leaves open whether it is so now.

        A disease that lasts goes on, and so does one that was found then.
        """
        near = self._between(fact, when) + self.text[max(self.sentence[0], when.span[0] - 12) : when.span[0]]
        if _FOUND.search(near) or "ongoing" in fact.qualifier:
            return False
        return when.past and fact.kind in ("condition", "procedure", "measurement")

    def _clause(self, fact: Draft) -> str:
        return self.text[max(self.sentence[0], fact.span[0] - 60) : fact.span[0]]

    def _between(self, fact: Draft, when: When) -> str:
        if fact.span[1] <= when.span[0]:
            return self.text[fact.span[1] : when.span[0]]
        return self.text[when.span[1] : fact.span[0]]

    def _last_dose(self, fact: Draft) -> bool:
        before = self.text[max(self.sentence[0], fact.span[0] - 24) : fact.span[0]]
        return (
            re.search(r"\b(?:last|stopped|discontinued|held|quit)\s(?:dose\s)?(?:of\s)?(?:\w+\s)?$", before, re.I)
            is not None
        )

    def _until_now(self, fact: Draft, between: str) -> bool:
        """Return whether what has lasted so long goes on, so that it began so long ago."""
        clause = self.text[self.sentence[0] : self.sentence[1]]
        if fact.kind == "drug":
            before = self.text[max(self.sentence[0], fact.span[0] - 60) : fact.span[0]]
            return _TAKEN_NOW.search(before + between) is not None and not _HAD_UNTIL.search(before + between)
        return fact.kind == "condition" and not _HAD_UNTIL.search(clause) and fact.assertion != "possible"

    def _length(self, fact: Draft, when: When) -> list[Draft]:
        length = when.length
        if (
            when.role != "for"
            or length is None
            or not length.exact
            or fact.kind not in _LASTING
            or fact.assertion == "possible"
            or (fact.kind == "procedure" and fact.assertion == "historical")
        ):
            return []
        value = int(length.low) if length.low == int(length.low) else length.low
        span = (min(fact.span[0], when.span[0]), max(fact.span[1], when.span[1]))
        return [Draft(kind="duration", name=fact.name, codes=fact.codes, value=value, unit=length.unit, span=span)]

    def _ahead_of_now(self, when: When) -> bool:
        return when.stretch is not None and when.stretch[0] > self.zero.now[1]

    def _moment(self, when: When) -> Moment | None:
        if when.stretch is None or when.stretch[0] > self.zero.now[1]:
            return None
        return self.zero.moment(*when.stretch)
