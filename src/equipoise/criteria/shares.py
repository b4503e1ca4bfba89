"""
Words said of a whole list that its rule kept on one member: each gets them, where the grammar leaves no doubt.

::

    treated  = "except" "adequately treated" X ("," | "or") Y    # Y as well, unless it says how it was treated
    led      = words name (("," | "or" | "/") name)*             # "local swelling or infection": both are local
    either   = degree word "or" word noun                        # "serious acute or viral infection": both are serious
    women    = "women with" name "or" name                       # no man is meant
    staged   = stage site ("," | "or") site noun                 # "stage I ovarian or tubal cancer": of both
    routed   = "intravenous antibiotics or antifungals"          # both by vein

To say too much of a member leaves it unknown where its record does not say so; to say too little would answer wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from equipoise.criteria.ends import PLAIN, Ends, adding, span_of
from equipoise.criteria.kinds import FACTS
from equipoise.criteria.leading import HURTS, OWN
from equipoise.criteria.names import NEVER_PARTLY, OF_PAIRS, said_of
from equipoise.rules.nodes import All, AnyOf, Left, Not, Predicate, Rule, Unless, changed, leaves, parts

# What leads a member in the middle of a list is its own: "…, any clinically significant arrhythmia, edema".
LISTED = re.compile(
    r"(?:[,/;&(]|\b(?:or|and))\s*"
    r"(?:(?:clinically|medically|hemodynamically|any|known|an?|the|history of|other)[\s-]*)*\Z"
)
# With such words a list goes on: what led it leads what stands before them.
_MORE = re.compile(r"\s*(?:\([^()]{1,12}\)\s*)?,?\s*(?:and/or|or|and)\s+(?:any\s+|all\s+)?others?\b")
# A name that begins with one of these says for itself how it came about, or how it is given.
ALREADY = OWN | frozenset(
    (
        "hereditary", "congenital", "idiopathic", "primary", "secondary", "autoimmune", "allergic", "systemic", "oral",
        "topical", "intravenous", "parenteral", "inhaled", "local", "injectable",
    )
)  # fmt: skip
# Said of the first of a list, these are said of all of it, like what may be said of both of two.
_LEADS = OF_PAIRS | frozenset(
    (
        "pre-existing", "preexisting", "pre", "existing", "uncontrollable", "unhealed", "unhealable", "uncured",
        "local", "intercurrent", "comorbid", "co-morbid", "concomitant", "suspected", "possible", "probable",
        "self-reported", "self", "reported", "intracranial", "fetal", "maternal", "parenteral", "intravenous",
        "oral", "topical", "intrathecal", "intramuscular", "subcutaneous", "injectable", "intranasal", "inhaled",
        "therapeutic", "dose", "doses", "prescribed", "long-term", "long", "term", "short-term", "daily", "nocturnal",
        "life-threatening", "generalized", "visible", "palpable", "inadequately",
        "successful", "pending", "impending", "neoadjuvant", "neo-adjuvant", "adjuvant", "palliative", "treated",
        "incompletely", "partially", "apparent", "definite", "sudden", "long-standing", "longstanding", "standing",
        "coexistent", "coexisting", "obvious",
        "evident", "supplemental", "supplementary", "high", "low", "history", "of", "registered", "severely",
        "actively", "poorly", "sustained-release",
    )
)  # fmt: skip
_ANTIMICROBIAL = re.compile(
    r"(?:intravenous |parenteral |systemic )?anti(?:biotic|bacterial|fungal|viral|microbial|parasitic)\Z"
)
_ROUTED = re.compile(r"(?:intravenous|iv|parenteral|systemic)\b")
_REACH = frozenset(("by", "of", "with", "for", "to", "from", "receiving", "taking", "showing"))
_ORS = ("or", "and/or", "and")
_CAUSED = re.compile(r"\A(?:[\w-]+[\s-])?[\w-]+[\s-](?:induced|related|mediated|associated|defining)\Z")
_DEGREES = frozenset(
    (
        "serious", "severe", "significant", "clinically", "uncontrolled", "active", "major", "unstable", "symptomatic",
        "untreated", "life-threatening", "relevant",
    )
)  # fmt: skip
_FOUND_OUT = re.compile(r"(?:[\w-]+\s(?:(?:or|and|and/or)\s)?){0,5}?(?:confirmed|proven|documented|verified)\b")
_TREATED = re.compile(r"(?:\btreated|\bcured|\bresected|\bexcised|\bremoved|\bcontrolled|\binactive)\Z")
_TREATMENT = re.compile(r"\b(?:treat|cure|resect|excis|remov|control|inactive|remission|disease[- ]free|no evidence)")
_APART = re.compile(
    r"[;.:]|\b(?:any|other|another|(?:or|and) an?|those|patients|subjects|prior|previous|history|with|who|unless)\b"
)
SEX = re.compile(r"\b(?:wom[ae]n|females?|m[ae]n|males?|girls?|boys?)\b", re.IGNORECASE)
_HAVING = re.compile(
    r"\A\s*(?:(?:patients|subjects|participants)\s)?(?:with|who ha(?:ve|s|d)|having|diagnosed with|suffering from)\b"
    r"[^,;.:()]*\Z",
    re.IGNORECASE,
)
_ON = re.compile(r"(?!\s*,)[^;.:()]*\bor\b[^;.:()]*")
_BEGINS = re.compile(
    r"\A\W*(?:(?:pregnant|adult|elderly|other)\s)?(?:wom[ae]n|females?|m[ae]n|males?|girls?|boys?)"
    r"(?:\s(?:patients|subjects|participants))?\s(?:with|who|that|having|taking|receiving|currently|on|undergoing)\b",
    re.IGNORECASE,
)
_NEW = re.compile(r"[;.:]|\b(?:or|and)\s(?:those|patients|subjects|participants|who|anyone|individuals|pregnan)\b")
OF_WOMEN = frozenset(
    ("pregnancy", "lactation", "childbearing potential", "sexual activity", "menopause", "premenopausal")
)


def shares(rule: Rule, words: str, start: int) -> Rule:
    """
    Return the rule of a criterion, *words* at *start*, with what leads or ends a list said of each of its members.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Drug-induced rash or jaundice", section="exclusion")[0].reading
    'rash, drug-induced; or jaundice, drug-induced'
    """
    if not any(type(one) is AnyOf for one in parts(rule)):
        return rule
    return _Shares(words, start).of(rule)


def _leading(said: Sequence[str], before: str) -> list[str]:
    """Return what is said of the first of a list, where it stands before it and may be said of all of it."""
    led = next((text for text in said if before.endswith(text) and is_lead(text)), None)
    if led is None:
        return []
    found, before = [led], before[: -len(led)].rstrip()
    while (other := next((text for text in said if before.endswith(f"{text},")), None)) is not None:
        found, before = [other, *found], before[: -len(other) - 1].rstrip()  # "serious, non-healing wound or ulcer"
    return [] if LISTED.search(before) else found


def is_lead(text: str) -> bool:
    """Return whether words before a list may be said of all of it."""
    said = text.split()
    return (
        said[-1] in _REACH
        or bool(_CAUSED.search(text))
        or all(word in _LEADS or set(re.split("[-/]", word)) <= _LEADS for word in said)
    )


def _degree(text: str) -> str:
    """Return how grave the words before "acute or viral" say that both are."""
    said = text.split()
    end = next((at for at, word in enumerate(said) if word not in _DEGREES and word not in _ORS), len(said))
    end = min(end, len(said) - 1)
    while end and said[end - 1] in _ORS:
        end -= 1
    return " ".join(said[:end])


def _found_out(text: str) -> str:
    """Return how "confirmed advanced or metastatic" says that both were found."""
    found = _FOUND_OUT.match(text)
    return found[0] if found is not None and found.end() < len(text) else ""


class _Shares(Ends):
    """Gives the members of each list of a rule what is said of all of them."""

    def of(self, rule: Rule) -> Rule:
        """Return a rule with each list in it changed, the inner ones first; what is in doubt stays as it is."""
        if type(rule) is Not:
            return Not(self.of(rule.rule))
        if type(rule) is Unless:
            return Unless(self.of(rule.rule), self._treated(self.of(rule.exception)))
        if type(rule) is All:
            return rule if any(type(one) is Left for one in rule.rules) else All(tuple(map(self.of, rule.rules)))
        return self._list([self.of(one) for one in rule.rules]) if type(rule) is AnyOf else rule

    def _list(self, parts: list[Rule]) -> Rule:
        self._either(parts)
        self.ended(parts)
        for chain in self._chains(parts):
            self._led(parts, self._innermost(parts, chain))
            self._routed(parts, chain)
        self._staged(parts)
        return self._women(parts) or (AnyOf(tuple(parts)) if len(parts) > 1 else parts[0])

    def _chains(self, parts: Sequence[Rule]) -> Iterator[range]:
        """Yield the runs of names that only commas and joints part."""
        first = 0
        for place in range(1, len(parts) + 1):
            if place == len(parts) or not self._follows(parts, first, place):
                if place - first > 1:
                    yield range(first, place)
                first = place

    def _innermost(self, parts: Sequence[Rule], chain: range) -> range:
        """Return a run up to where "A or B, C" ends the list that its first words lead."""
        joined = False
        for place in chain[1:]:
            between = self.between(parts[place - 1], parts[place]) or ""
            gap = set(between.split())
            if joined and "," in between:
                return range(chain[0], place)
            joined = joined or not gap.isdisjoint(("or", "and", "and/or"))
        return chain

    def _follows(self, parts: Sequence[Rule], first: int, place: int) -> bool:
        """Return whether a name goes on with a run: "drug or alcohol abuse or dependence" names four."""
        named, spans = span_of(parts[place]), [span_of(one) for one in parts[first:place]]
        if named is None or None in spans:
            return False
        end = max(span[1] for span in spans if span is not None)
        return named in spans or bool(PLAIN.fullmatch(self.lower, end - self.start, max(named[0], end) - self.start))

    def _led(self, parts: list[Rule], chain: range) -> None:
        """Say of each of a run of names what leads the first of them."""
        first, others = parts[chain[0]], [parts[place] for place in chain[1:]]
        named = span_of(first)
        if type(first) is not Predicate or named is None or first.op != "present" or first.kind not in FACTS:
            return
        before = " ".join(self.lower[: named[0] - self.start].split())
        led = _leading(said_of(first), before)
        if not led:
            return
        last = self.between(parts[chain[-2]], parts[chain[-1]]) or ""
        apart = "," in last and (len(chain) == 2 or not {"or", "and"} & set(last.split()))
        if apart and not self._goes_on(parts, chain):
            return  # "untreated gout, or stroke" sets the second apart
        if "heal" in led[-1]:
            for place in chain[1:]:
                self._unhealed(parts, place, led)
            return
        for one in others:
            if type(one) is not Predicate or (one.kind, one.op) != (first.kind, "present"):
                return
            if (
                (said_of(one) and said_of(one) != tuple(led))
                or one.name in NEVER_PARTLY
                or one.name in OF_WOMEN
                or one.name.split()[0] in ALREADY
            ):
                return
            if one.name == first.name:
                return
        for place, one in zip(chain[1:], others, strict=True):
            if type(one) is Predicate and led[-1] not in one.name and not said_of(one):
                parts[place] = adding(one, *led)

    def _goes_on(self, parts: Sequence[Rule], chain: range) -> bool:
        """Return whether a list goes on behind a run: "uncontrolled gout, asthma or other diseases"."""
        named = span_of(parts[chain[-1]])
        found = None if named is None else _MORE.match(self.lower, named[1] - self.start)
        bare = all((self.between(parts[place - 1], parts[place]) or "").strip() == "," for place in chain[1:])
        return bare and found is not None

    @staticmethod
    def _unhealed(parts: list[Rule], place: int, led: Sequence[str]) -> None:
        """Say of a wound among others that it has not healed."""
        one = parts[place]
        if type(one) is Predicate and one.op == "present" and one.name.split()[-1] in HURTS and not said_of(one):
            parts[place] = adding(one, *led)

    def _routed(self, parts: list[Rule], chain: range) -> None:
        """Give the route of "intravenous antibiotics or antifungals" to both."""
        named = span_of(parts[chain[0]])
        found = _ROUTED.match(self.lower, named[0] - self.start) if named is not None else None
        listed = [one for place in chain if type(one := parts[place]) is Predicate and _ANTIMICROBIAL.match(one.name)]
        if found is None or len(listed) < len(chain):
            return
        for place, one in zip(chain[1:], listed[1:], strict=True):
            if not said_of(one) and not _ROUTED.match(one.name):
                parts[place] = adding(one, found[0])

    def _either(self, parts: list[Rule]) -> None:
        """Say of both what stands before "acute or viral infection"."""
        for place, (one, other) in enumerate(pairwise(parts)):
            if type(one) is not Predicate or type(other) is not Predicate or one.kind != other.kind:
                continue
            behind = span_of(other)
            degree = _degree(one.qualifier[0]) if one.qualifier else ""
            named = span_of(one)
            if not degree and one.qualifier and named is not None and behind is not None and behind[0] <= named[0]:
                degree = _found_out(one.qualifier[0])
            if not degree or behind is None or said_of(other) or one.op != other.op or other.op != "present":
                continue
            before = " ".join(self.lower[: behind[0] - self.start].split())
            if any(before.endswith(f"{one.qualifier[0]} {joint}") for joint in _ORS):
                parts[place + 1] = adding(other, degree)

    def _staged(self, parts: list[Rule]) -> None:
        """Give the stage of "stage I ovarian or tubal cancer" to each of the sites that share the noun."""
        for place, one in enumerate(parts[:-1]):
            if type(one) is not All or len(one.rules) != 2:
                continue
            stage, name = one.rules
            if type(stage) is not Predicate or stage.name != "cancer stage" or type(name) is not Predicate:
                continue
            end, last = place + 1, name
            while end < len(parts) and self._lacks(last, last.name.split()[-1]):
                other = parts[end]
                gap = self.between(last, other)
                if type(other) is not Predicate or other.kind != "condition" or gap is None:
                    break
                if not PLAIN.fullmatch(gap.removesuffix(" ".join((*other.qualifier, "")))):
                    break  # but "ovarian, primary peritoneal or tubal cancer" goes on
                last, end = other, end + 1
            if end > place + 1 and not self._lacks(last, name.name.split()[-1]):
                listed = [name, *parts[place + 1 : end]]
                parts[place:end] = [All((stage, AnyOf(tuple(listed))))]
                return

    def _lacks(self, one: Predicate, noun: str) -> bool:
        named = span_of(one)
        return named is not None and noun not in self.lower[named[0] - self.start : named[1] - self.start]

    def _women(self, parts: list[Rule]) -> Rule | None:
        """Return "women with A or B" as a list of what women have."""
        first = parts[0]
        if type(first) is not All or len(first.rules) != 2 or len(SEX.findall(self.words)) != 1:
            return None
        sex, name = first.rules
        if type(sex) is not Predicate or sex.name != "sex":
            return None
        begins = _BEGINS.match(self.words) is not None
        if not begins and not self._has(name):
            return None
        last: Rule = name
        for one in parts[1:]:
            gap = self.between(last, one)
            if type(one) is not Predicate or one.kind not in FACTS | {"allergy"} or one.name in OF_WOMEN:
                return None
            if gap is None or (_NEW.search(gap) if begins else one.kind != "condition" or not _ON.fullmatch(gap)):
                return None
            last = one
        return All((sex, AnyOf((name, *parts[1:]))))

    def _has(self, name: Rule) -> bool:
        """Return whether a name behind "women with" is what they have, wherever they stand."""
        found, named = SEX.search(self.words), span_of(name)
        if found is None or named is None:
            return False
        return _HAVING.match(self.words[found.end() : named[0] - self.start]) is not None

    def _treated(self, rule: Rule) -> Rule:
        """Return an exception in which how the first of a list was treated is asked of each."""
        if type(rule) is not AnyOf:
            return rule
        first = rule.rules[0]
        named = span_of(first)
        if type(first) is not Predicate or named is None or first.kind != "condition":
            return rule
        before = " ".join(self.lower[: named[0] - self.start].split())
        led = next((text for text in said_of(first) if _TREATED.search(text) and before.endswith(text)), None)
        if led is None or LISTED.search(before[: -len(led)]):
            return rule
        parts, at = [rule.rules[0]], named[1]
        for place, one in enumerate(rule.rules[1:], 1):
            facts = [leaf for leaf in leaves(one) if type(leaf) is Predicate and leaf.kind == "condition"]
            spans = [span for leaf in facts if (span := span_of(leaf)) is not None]
            gap = self.lower[at - self.start : min(spans)[0] - self.start] if spans else ";"
            if all(led in leaf.qualifier for leaf in facts) and facts:
                parts.append(one)
                at = max(spans)[1] if spans else at
                continue
            told = any(_TREATMENT.search(" ".join(leaf.qualifier)) for leaf in facts)
            if told or _APART.search(gap) or _TREATMENT.search(gap) or any(leaf.op != "present" for leaf in facts):
                return AnyOf((*parts, *rule.rules[place:]))
            parts.append(changed(one, lambda leaf: adding(leaf, led) if leaf.kind == "condition" else leaf))
            at = max(spans)[1]
        return AnyOf(tuple(parts))
