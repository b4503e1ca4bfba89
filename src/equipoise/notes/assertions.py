"""
What a sentence says of the things it names: that they are there, are not, may be, were, are a relative's, are planned.

::

    sentence = (cue name…)*      # a cue in front governs the names behind it, until a word that ends its reach
    denial   = "no" | "denies" | "without" | "negative for" | …

After Chapman et al., A simple algorithm for identifying negated findings (NegEx), J Biomed Inform 2001, and its
extension to other contexts (ConText, 2009): cues, their reach, and what ends it. Where the reach is in doubt, nothing
is said: a fact that is missed does less harm than a false one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import get_args

import msgspec

from equipoise.notes.cues import Cue, behind_cue, front_cues, pattern
from equipoise.records.patient import Assertion

# Of what a cue says the words that are a fact's assertion; the others make nothing of a name.
_ASSERTIONS: dict[str, Assertion] = {one: one for one in get_args(Assertion) if one != "present"}
# What is written in front of an item that is there, in a list of what is not: "no rash, mild edema".
_THERE = re.compile(
    r"(?:mild|moderate|severe|slight|positive|some|occasional|intermittent|known|chronic|worsening|increas\w+|new|"
    r"elevated|normal|history|h/o|hx|s/p|status|prior|with|recent|bilateral|diffuse|left|right)\b|\+",
    re.IGNORECASE,
)
# What happens to a thing that is there: "no progression of cirrhosis".
_COURSE = re.compile(
    r"\b(?:progression|recurrence|worsening|exacerbation|flare|complications?|treatment|relapse|increase|"
    r"decrease|change)\w* (?:of|in|from)\b",
    re.IGNORECASE,
)
_OR = re.compile(r"\b(?:or|nor|and|vs|versus)\b|[,/&]", re.IGNORECASE)
# What a thing that was once was for: "a history of antibiotics for pneumonia".
_FOR = re.compile(r"\s*(?:for|from|due to|secondary to|after|in)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_WITH = re.compile(r"\bwith\b", re.IGNORECASE)


_ENDED = re.compile(r";|\n\s*\n|\s[-*•]{1,2}\s|\s--|[.!?]\s+(?=[A-Z])")
# A denial of all time.
_EVER = re.compile(
    r"\bnever\b|\b(?:has|have)(?: not|n't) (?:received|undergone)|^(?!.*\brecent\b).*(?:\bhistory\b|\bhx\b|\bh/o\b)"
)
_PRIOR = re.compile(r"\s*(?:any\s+)?(?:prior|previous|past|known history of)\b(?! to\b)", re.IGNORECASE)
_JOINED = re.compile(r"\s*(?:,|/|\band\b|\bor\b)\s*(?:(?:and|or)\s)?(?:[\w-]+\s)?")
# "Depression 2015 (resolved)".
_OVER = re.compile(
    r"(?:(?:in\s)?\d{4}\s)?\((?:now |since |fully )?(?:resolved|in remission|cured|recovered)\b", re.IGNORECASE
)
# What is said of the whole list that it stands behind.
_EVERY = re.compile(r"(?:were|are|have been|all)\b", re.IGNORECASE)
_SAYING = re.compile(r"\b(?:denied|excluded|ruled out|planned|scheduled|seen|found)\b", re.IGNORECASE)
# Examples of what is denied are denied: "no underlying disease such as diabetes".
_SUCH_AS = re.compile(r"\b(?:such as|including|like|e\.?g\.?)\b", re.IGNORECASE)


# How many words behind a bare "not" leave in doubt what it denies.
_NOT_FAR = 3
_ANSWER = re.compile(r"\s*[,–—-]")
_AND_THEN = re.compile(r"\b(?:followed by|and then|then)\b", re.IGNORECASE)
# A picture or a tracing is read in a line: what stands behind what is not there is often what is.
_READ = re.compile(
    r"^\W*(?:(?:repeat|today'?s|his|her|the|bedside|chest|head|brain)\s)*(?:E[CK]G|CXR|CT\w?|MR[IA]|echo\w*|TT?E|TOE|holter|x-?ray|"
    r"US|USS|ultrasound|\w*angiogra\w+|cath|PET\S*|EEG|EMG|telemetry|biopsy|histology|pathology|HRCT|DEXA|doppler\w*|smear|"
    r"colonoscopy|EGD|endoscopy|bronchoscopy|MIBG)\b",
    re.IGNORECASE,
)


class Said(msgspec.Struct, frozen=True):
    """
    What is said of a name: ``assertion``, None where no fact can be made of it.

    ``ever`` says that a denial is of all time, ``why`` is the kind of cue that made nothing of it.
    """

    assertion: Assertion | None = "present"
    ever: bool = False
    why: str = ""
    cue: Cue | None = None


class Sayings:
    """The cues of one sentence, asked what they say of its names."""

    def __init__(self, sentence: str, names: Sequence[tuple[int, int]]) -> None:
        self.sentence = sentence
        self.names = names
        self.cues = front_cues(sentence)

    def of(self, start: int, end: int, *, behind: bool = True, listed: bool = True, reach: int | None = None) -> Said:
        """
        Return what the sentence says of the name between two offsets.

        Without *behind* that is by what is in front alone, without *listed* not by what stands behind a list; a cue
        more than *reach* away governs nothing.

        >>> said = "She denies chest pain but has dyspnea."
        >>> sayings = Sayings(said, [(11, 21), (30, 37)])
        >>> sayings.of(11, 21).assertion, sayings.of(30, 37).assertion
        ('absent', 'present')
        """
        far = 0 if reach is None else start - reach
        near = itertools.takewhile(lambda cue: cue.end <= start, self.cues)
        here = [cue for cue in near if cue.start >= far and self._reaches(cue, start) is not False]
        sure = max((cue.start for cue in here if self._reaches(cue, start)), default=-1)
        unsure = [cue for cue in here if cue.start > sure]
        here = [cue for cue in here if cue not in unsure and self._reaches(cue, start)]
        front = {cue.says: cue for cue in here}
        after = self._behind(start, end, listed=listed) if behind else None
        if "family" in front or "other" in front:
            return Said(None if {"other", "absent"} & set(front) or after == "absent" else "family", why="family")
        if unsure:
            return Said(None, why="doubt", cue=unsure[-1])
        if after is not None and after != "topic":
            return self._from_behind(after, front)
        said = self._from_front(front, topic=after == "topic")
        asked = said.assertion in ("present", "historical") and self.asked(start)
        return Said("possible", why="possible") if asked else said

    def _from_behind(self, says: str, front: dict[str, Cue]) -> Said:
        if says == "absent" and "topic" in front:
            return Said(None, why="topic")
        if says in ("once", "historical") and not {"possible", "topic", "absent", "planned"}.isdisjoint(front):
            return self._from_front(front, topic=False)
        if says in ("absent", "possible") and {"absent"} & set(front):
            # "No murmurs were noted" denies once; "no X was ruled out" says nothing that we know.
            return Said("absent", ever="historical" in front, cue=front["absent"])
        if says == "once" and "absent" not in front:
            return Said("historical", why="once")
        if says == "absent" and "historical" in front:
            return Said("absent", ever=True, why=says)  # "Previous MI: no"
        return Said(_ASSERTIONS.get(says), why=says)

    def asked(self, start: int) -> bool:
        """Return whether the name stands in a question: "On opioids daily?"."""
        return "?" in self.sentence[start:] and self.sentence.rstrip().endswith("?")

    def _from_front(self, front: dict[str, Cue], *, topic: bool) -> Said:
        absent, past = front.get("absent"), front.get("historical")
        if absent is not None:
            if {"topic", "planned", "pending", "refused"} & set(front) or topic:
                return Said(None, why="topic")
            return Said("absent", ever=past is not None or self._ever(absent), cue=absent)
        if topic or "topic" in front:
            return Said(None, why="topic", cue=front.get("topic"))
        for says in ("refused", "pending", "possible", "planned", "historical"):
            if says in front:
                return Said(_ASSERTIONS.get(says), why=says, cue=front[says])
        return Said()

    def _ever(self, absent: Cue) -> bool:
        """Return whether a denial is of all time: "no prior stroke or infarction", "never had"."""
        return bool(_EVER.search(absent.words) or _PRIOR.match(self.sentence, absent.end))

    # How far a cue reaches

    def _reaches(self, cue: Cue, start: int) -> bool | None:
        """Return whether a cue in front governs the name at *start*; None where that is in doubt."""
        between = self._masked(cue.end, start)
        if cue.says == "planned":
            between = _AND_THEN.sub(",", between)  # of a plan all that follows is one
        passed = [one for one in self.names if cue.end <= one[0] and one[1] <= start]
        ended = bool(_ENDED.search(between)) or _leaves_bracket(between)
        if ended or pattern("stop").search(between):
            # What follows "her brother had X and" may go on about the brother.
            return None if cue.says in ("family", "other") and cue.words.split()[0] != "family" and not ended else False
        if cue.reach == "next":
            return self._not(between, passed) if cue.says == "absent" else self._next(cue, start, passed)
        if cue.words in ("if", "should", "would", "unless", "whether"):
            return "," not in between or not passed
        if cue.says == "absent":
            return self._denies(cue, start, between, passed)
        if not passed:
            return None if cue.says == "possible" and _COURSE.search(between) else True
        if pattern("verb").search(self._masked(passed[0][1], start)):
            return False
        if self._listed(passed, start):
            return True
        if cue.says == "planned" and _WITH.search(between):
            return False
        if cue.says == "historical" and _FOR.match(self.sentence[passed[-1][1] : start]):
            return True
        doubtful = cue.says in ("planned", "refused", "pending", "family", "other")
        return None if doubtful or (not _WITH.search(between) and cue.says != "historical") else False

    def _not(self, between: str, passed: Sequence[tuple[int, int]]) -> bool | None:
        """Return whether a bare "not" denies a name: the next word alone is sure ("Not diabetic")."""
        if passed:
            return None if self._is_one_list(between) else False
        return True if not between.strip() else None if len(between.split()) <= _NOT_FAR else False

    @staticmethod
    def _is_one_list(between: str) -> bool:
        return re.fullmatch(r"[\s□,/]*(?:\b(?:or|and|nor)\b[\s□,/]*)*", between) is not None

    def _masked(self, start: int, end: int) -> str:
        """Return the sentence between two places with the names in it blanked: "dyspnea on exertion" ends no list."""
        text = self.sentence[start:end]
        for one in self.names:
            if start <= one[0] and one[1] <= end:
                text = text[: one[0] - start] + "□" * (one[1] - one[0]) + text[one[1] - start :]
        return text

    def _without_cues(self, cue: Cue, start: int, between: str) -> str:
        """Return the text behind a denial with the cues in it blanked: "no family history of heart disease"."""
        for one in self.cues:
            if cue.end <= one.start and one.end <= start:
                blank = "□" * (one.end - one.start)
                between = between[: one.start - cue.end] + blank + between[one.end - cue.end :]
        return between

    def _next(self, cue: Cue, start: int, passed: Sequence[tuple[int, int]]) -> bool:
        """Return whether a name is the next one, or joined to it: "s/p lumpectomy and radiation"."""
        spots = [(cue.end, cue.end), *passed, (start, start)]
        first, *others = [self.sentence[one[1] : two[0]] for one, two in itertools.pairwise(spots)]
        near = len(first.split()) <= 4 and not re.search(r"[,:(]", first)
        return near and all(re.fullmatch(r"\s*(?:and|or|/|&)\s*(?:an?\s|the\s)?", gap) for gap in others)

    def _listed(self, passed: Sequence[tuple[int, int]], start: int) -> bool:
        """Return whether only joining words stand between the names passed and the one at *start*."""
        spots = [*passed, (start, start)]
        gaps = [self.sentence[one[1] : other[0]] for one, other in itertools.pairwise(spots)]
        return all(
            not gap.strip() or (_OR.search(gap) and len(gap) < 40 and re.fullmatch(r"[\w\s,/.&()'-]+", gap))
            for gap in gaps
        )

    def _denies(self, cue: Cue, start: int, between: str, passed: Sequence[tuple[int, int]]) -> bool | None:
        between = _SUCH_AS.sub(",", self._without_cues(cue, start, between))
        stated = re.split(r",|\b(?:and|or|nor)\b", self.sentence[cue.end : start])
        items = re.split(r",|\b(?:and|or|nor)\b", between)
        if pattern("absentstop").search(items[-1]) or _COURSE.search(items[-1]):
            return None
        if _ANSWER.match(between) and cue.words in ("no", "nil"):
            return None  # "Varices? No – endoscopy showed …"
        if not passed:
            return self._denies_first(cue, between)
        if pattern("verb").search(self._masked(passed[0][1], start)):
            return False
        if self._reaches(cue, passed[0][0]) is not True:
            return None
        gap = _SUCH_AS.sub(",", self.sentence[passed[-1][1] : start])
        if _WITH.search(items[-1]) or re.search(r"\bof\b", items[-1]) or not _OR.search(gap):
            return None  # "no recurrence of her cancer"; two names run together
        if _READ.match(self.sentence) and not re.search(r"\b(?:or|nor)\b", between) and not self._closes(start):
            return None  # "ECG: no ST elevation, LBBB"
        if any(_THERE.match(item.strip()) for item in stated[1:]) and not re.search(r"\b(?:or|nor)\b", between):
            return False if _THERE.match(stated[-1].strip()) else None
        if cue.words.endswith(("without", "w/o")) and "," in between and not self._closes(start):
            return None
        return True

    def _denies_first(self, cue: Cue, between: str) -> bool | None:
        """Return whether a denial reaches the first name behind it: words of the name's own may stand between."""
        if re.search(r"\bof\b", between):
            return None
        if re.search(r"(?:not|n't|nt)$", cue.words):
            # Of "did not VERB X" we know what it says of X for the verbs of the table alone.
            return None if between.strip() else True
        return None if len(between.split()) > 12 else True

    def _closes(self, start: int) -> bool:
        """Return whether the list that a name stands in ends in "or" or "and"."""
        rest = self.sentence[start : start + 120]
        before = self.sentence[max(0, start - 8) : start]
        return bool(
            re.search(r"\b(?:or|nor|and)\s+(?:any\s+)?$", before) or re.match(r"[^.;:()]*?\b(?:or|nor|and)\b", rest)
        )

    # What stands behind a name

    def _behind(self, start: int, end: int, *, listed: bool) -> str | None:
        rest = self.sentence[end:]
        bare = rest.lstrip()
        shift = len(rest) - len(bare)
        aside = re.match(r"\([^)]{1,30}\)\s*", bare) if shift else None
        if _OVER.match(bare):
            return "historical"
        bare = bare[aside.end() :] if aside is not None else bare
        found = behind_cue(re.sub(r"^(?::\s*|-+\s|[–—]\s*)", "", bare))
        if found is not None:
            return found[0]
        return self._behind_list(end) if listed else None

    def _behind_list(self, end: int) -> str | None:
        """Read "fever, chills and rash were denied": the cue stands behind the last of a list."""
        at, joined, slashed = end, False, True
        for one in self.names:
            if one[0] < at:
                continue
            gap = self.sentence[at : one[0]]
            if not _JOINED.fullmatch(gap) or pattern("stop").search(gap):
                return None
            at = one[1]
            joined = joined or re.search(r"\b(?:and|or)\b", gap) is not None
            slashed = slashed and gap.strip() == "/"
            rest = re.sub(r"^\s*(?:[:–—]\s*|-+\s)?", "", self.sentence[at:])
            found = behind_cue(rest)
            if found is not None:
                # "CLL, del17p negative" denies the last alone; "fever and chills denied" both.
                every = slashed or _EVERY.match(rest) or (joined and _SAYING.search(rest[: found[1]]))
                return found[0] if every and found[0] in ("absent", "planned") else None
        return None


def _leaves_bracket(between: str) -> bool:
    """Return whether a bracket that was open at the cue is closed before the name."""
    depth = 0
    for mark in between:
        depth += (mark in "([") - (mark in ")]")
        if depth < 0:
            return True
    return False
