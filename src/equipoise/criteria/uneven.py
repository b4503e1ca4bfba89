"""
Lists of which one member has words that the others may share, where grammar alone does not tell.

::

    led      = word name "or" name              # "salvage resection or ablation": of both, or of the first
    broken   = degree name "," name "or" degree name   # "severe ileus, colitis or severe emesis": the colitis, perhaps
    sited    = site noun "or" noun              # "brain infection or tumor": of the brain, both
    behind   = name "or" name words             # "gout or psoriasis in remission": both, or the second
    narrowed = name "(" kind of it ")"          # "glaucoma (narrow angle)": that kind is meant, perhaps

Such a member is known only where it is so with the words and without them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from equipoise.criteria.ends import adding, between, span_of
from equipoise.criteria.kinds import FACTS, GIVEN
from equipoise.criteria.looks import Mend, Whole
from equipoise.criteria.names import NEVER_PARTLY, said_of
from equipoise.criteria.shares import ALREADY, LISTED, OF_WOMEN, is_lead
from equipoise.rules.nodes import All, AnyOf, Left, Not, Predicate, Rule, Span, Unless

_GAP = re.compile(
    r"(?:\s(?:therap(?:y|ies)|treatment|agents?))?(?:\s*\([^(),;]{1,12}\))?(?:\s*,)?\s*(?:(?:and/or|or|and|&)\s+)?(?:other\s+)?|\s*/\s*"
)
_DIRECT = re.compile(
    r"(?:\s(?:therap(?:y|ies)|treatment|agents?))?(?:\s*\([^(),;]{1,12}\))?\s*(?:(?:and/or|or|and)\s+(?:other\s+)?|/\s*)"
)
# What tells one thing from others and says nothing that they could share.
_APART = frozenset(
    (
        "other", "another", "additional", "type", "stage", "primary", "secondary", "metastatic", "malignant", "benign",
        "existing", "reported", "registered", "implanted", "implantable", "same", "last", "first", "second", "third",
        "own", "study", "concurrent", "current", "prior", "previous", "baseline", "any", "possibly", "potentially",
        "cured", "cutaneous", "conducted", "human", "localized", "limited", "superficial", "situ", "weekly",
        "maintenance", "experimental", "classic",
        "conventional", "standard", "investigational", "containing", "solid", "total", "partial", "complete", "new",
        "nonmelanomatous", "squamous", "basal", "cell", "early", "late", "low", "non", "pre", "post", "anti", "use",
    )
)  # fmt: skip
# What is found at a site, and what is done there.
_FOUND = frozenset(
    (
        "infection", "infections", "inflammation", "inflammations", "lesion", "lesions", "disease", "diseases",
        "disorder", "disorders", "bleeding", "hemorrhage", "pain", "ulcer", "ulcers", "fracture", "fractures",
        "stenosis", "malformation", "malformations", "anomaly", "anomalies", "abnormality", "abnormalities", "injury",
        "injuries", "trauma", "abscess", "edema", "thrombosis", "infestation", "infestations", "obstruction",
        "perforation", "necrosis", "ischemia", "dysfunction", "deformity", "swelling", "fibrosis", "rash",
        "polyps", "cysts", "stones", "stricture", "strictures", "fistula", "fistulas", "prolapse", "rupture",
        "aneurysm", "ulceration", "scarring", "metastasis", "metastases", "diarrhea", "constipation", "atrophy",
        "neoplasm", "neoplasms", "tumor", "tumors", "tumour", "tumours", "mass", "masses",
    )
)  # fmt: skip
_DONE = frozenset(("surgery", "surgeries", "radiation", "irradiation", "radiotherapy", "chemoradiotherapy", "biopsy"))
_ORGANS = frozenset(("cancer", "cancers", "malignancy", "malignancies"))
_BROAD = frozenset(("disease", "diseases"))
# Before a treatment, these are no site, and no setting.
_NO_SITE = frozenset(
    (
        "anticancer", "anti-cancer", "cancer", "systemic", "hormone", "hormonal", "endocrine", "growth", "targeted",
        "biologic", "biological", "major", "minor", "cytotoxic", "anti-tumor", "antitumor", "antineoplastic",
        "combination", "drug", "stem", "bone", "blood", "post-operative", "hiv", "immune", "autoimmune",
        "opportunistic", "arteriovenous",
    )
)  # fmt: skip
_BEHIND = re.compile(
    r"\s*\(?\s*(?:of|to|in|for|with|from|during|requiring|treated|that|which|oral|topical|intravenous|systemic|iv|by"
    r"|active|inactive|due|secondary|not|on|at)\b|\s*\((?!\s*\w+\s*\))"
)
_NOT_BEHIND = re.compile(
    r"\(?\s*(?:see|as|e\.?g|i\.?e|in the opinion|by \w+ criteria|in combination|appendix|because|potential"
    r"|to be obtained|(?:in|on|by) (?:the )?(?:ecg|ekg|electrocardio\w+|ct|mri|imaging|x-?ray)|determined)\b|[^.;]*®"
)
_LINK = re.compile(r"(?:of|to|in|for|with|from|by|on|at|the|a)\s")
# These say the same as what they are a kind of, where it stands beside them.
_ALIKE = frozenset(("covid 19", "systemic sclerosis", "atopic dermatitis", "hiv infection", "type 2 diabetes"))


def _evened(whole: Whole) -> Rule:
    """
    Return the rule of a criterion, in doubt about what the members of its lists may share.

    >>> from equipoise.rules.nodes import ConceptRef, leaves
    >>> tumor, fever = (Predicate(kind="condition", concept=ConceptRef(name, span=span), qualifier=said)
    ...                 for name, span, said in (("infection", (6, 15), ("brain",)), ("neoplasm", (19, 24), ())))
    >>> len(list(leaves(_evened(Whole("Brain infection or tumor", 0, AnyOf((tumor, fever)), exclusion=True)))))
    4
    """
    if whole.is_open or not any(type(one) is AnyOf for one in whole.parts):
        return whole.rule
    return _Evener(whole).of(whole.rule)


def either_way(one: Predicate, said: str, at: Span) -> Rule:
    """Return a member that is known where it is so with more words and without them."""
    return AnyOf((adding(one, said), All((one, Left(at)))))


class _Evener:
    """Doubts the members of each list of a rule that may share a word of another."""

    def __init__(self, whole: Whole) -> None:
        self.lower, self.start, self.lexicon = whole.words, whole.start, whole.lexicon

    def of(self, rule: Rule) -> Rule:
        """Return a rule with each list in it changed, the inner ones first."""
        if type(rule) is Not:
            return Not(self.of(rule.rule))
        if type(rule) is Unless:
            return Unless(self.of(rule.rule), self.of(rule.exception))
        if type(rule) is All:
            return All(tuple([self.of(one) for one in rule.rules]))
        return self._list(rule.rules) if type(rule) is AnyOf else rule

    def _list(self, parts: Sequence[Rule]) -> Rule:
        found = list(parts)
        for chain in self._chains(parts):
            self._led(found, parts, chain)
            self._sited(found, parts, chain)
            self._behind(found, parts, chain)
        self._narrowed(found, parts)
        inner: list[Rule] = [self.of(one) if one is parts[place] else one for place, one in enumerate(found)]
        return AnyOf(tuple(inner))

    def _text(self, one: Rule) -> str:
        span = span_of(one)
        return self.lower[span[0] - self.start : span[1] - self.start] if span is not None else ""

    def _gap(self, one: Rule, other: Rule) -> str | None:
        return between(span_of(one), span_of(other), self.lower, self.start)

    def _chains(self, parts: Sequence[Rule]) -> Iterator[list[Predicate]]:
        """Yield the runs of names that only joints part."""
        run: list[Predicate] = []
        for one in parts:
            plain = type(one) is Predicate and one.kind in FACTS and one.op == "present"
            gap = self._gap(run[-1], one) if run and plain else None
            own = " ".join((*said_of(one), "")) if type(one) is Predicate else ""
            if gap is None or not _GAP.fullmatch(gap.removesuffix(own)):
                if len(run) > 1:
                    yield run
                run = []
            if plain and type(one) is Predicate:
                run.append(one)
        if len(run) > 1:
            yield run

    @staticmethod
    def _put(found: list[Rule], parts: Sequence[Rule], one: Predicate, rule: Rule) -> None:
        place = next((place for place, other in enumerate(parts) if other is one), None)
        if place is not None and found[place] is one:
            found[place] = rule

    def _before(self, one: Predicate) -> str:
        span = span_of(one)
        return " ".join(self.lower[: span[0] - self.start].split()) if span is not None else ""

    def _led(self, found: list[Rule], parts: Sequence[Rule], chain: Sequence[Predicate]) -> None:
        """Doubt whether what leads the first of a list is said of those that follow it bare."""
        first, before = chain[0], self._before(chain[0])
        led = next((text for text in said_of(first) if before.endswith(text)), None)
        if led is None or LISTED.search(before[: -len(led)]) or not set(led.split()).isdisjoint(_APART):
            return
        bare = self._bare(chain, led)
        lead = is_lead(led)
        if not lead and led.endswith("ly"):
            return
        if lead and len(chain) == 2 and bare and "other" in (self._gap(first, bare[0]) or "").split():
            self._put(found, parts, bare[0], adding(bare[0], led))  # "pending transplantation or other surgery"
            return
        if not bare or (not lead and (len(chain) > 2 or not self._direct(first, bare[0]))):
            return
        if lead and len(bare) == len(chain) - 1 and not self._direct(chain[-2], chain[-1]):
            return  # "untreated gout, or stroke" sets the second apart
        span = span_of(first)
        if span is not None:
            for one in bare:
                self._put(found, parts, one, either_way(one, led, (span[0] - len(led) - 1, span[0] - 1)))

    def _direct(self, one: Rule, other: Rule) -> bool:
        gap = self._gap(one, other)
        return gap is not None and bool(_DIRECT.fullmatch(gap))

    def _bare(self, chain: Sequence[Predicate], led: str) -> list[Predicate]:
        """Return those that follow the first of a list and have no words of their own."""
        first, bare = chain[0], []
        for one in chain[1:]:
            named = one.name.split()
            alike = one.kind == first.kind or {one.kind, first.kind} <= GIVEN
            own = named[0] in ALREADY or one.name in NEVER_PARTLY or one.name in OF_WOMEN
            if not alike or said_of(one) or own or one.name == first.name or led.split()[-1] in named:
                break
            text = self._text(one).split()
            if not text or text[0] in ALREADY:
                break
            bare.append(one)
        return bare

    def _sited(self, found: list[Rule], parts: Sequence[Rule], chain: Sequence[Predicate]) -> None:
        """Say of a bare noun what site or setting the name before it has: "brain infection or tumor"."""
        for one, other in pairwise(chain):
            own, text = self._text(one).split(), self._text(other)
            if len(own) < 2 or said_of(other) or not self._direct(one, other) or one.name == other.name:
                continue
            slashed = (self._gap(one, other) or "").strip() == "/"
            if own[-1] in _BROAD and own[0] not in ("chronic", "acute") and not slashed:
                continue  # "heart disease or bleeding"
            site = " ".join(own[:-1])
            whole = self.lexicon.find(f"{site} {text}")
            if len(other.name.split()) > len(text.split()) or len(text.split()) > 1 or own[-1] == text:
                continue
            sited = text in _FOUND or (text in _ORGANS and own[-1] in _FOUND) or text in _DONE
            if (
                sited
                and _NO_SITE.isdisjoint(own[:-1])
                and self._sites(own[:-1])
                and (own[-1] in _FOUND | _DONE or whole)
            ):
                span = span_of(one)
                if text in _FOUND and len(own) == 2:
                    self._put(found, parts, other, adding(other, site))
                elif span is not None:
                    self._put(found, parts, other, either_way(other, site, (span[0], span[0] + len(site))))

    @staticmethod
    def _sites(words: Sequence[str]) -> bool:
        return all(re.fullmatch(r"[a-z][a-z-]+", word) for word in words)

    def _behind(self, found: list[Rule], parts: Sequence[Rule], chain: Sequence[Predicate]) -> None:
        """Doubt whether what stands behind the last of a list is said of those before it."""
        last = chain[-1]
        span = span_of(last)
        rest = self.lower[span[1] - self.start :] if span is not None else ""
        plain = _LINK.sub("", " ".join(rest.replace("(", " ").split()), count=1)
        said = next((text for text in said_of(last) if text and plain.startswith(_LINK.sub("", text, count=1))), None)
        if said is None or span is None or not _BEHIND.match(rest) or _NOT_BEHIND.match(rest.strip()):
            return
        if not self._direct(chain[-2], last):
            return
        begins = span[1] + len(rest) - len(rest.lstrip())
        at = begins, span[1] + max(2, rest.find(said.split()[-1]) + len(said.split()[-1]))
        for one in reversed(chain[:-1]):
            if said_of(one) or one.name in OF_WOMEN or (one.kind != last.kind and {one.kind, last.kind} != GIVEN):
                return
            self._put(found, parts, one, AnyOf((adding(one, said), All((one, Left(at))))))

    def _narrowed(self, found: list[Rule], parts: Sequence[Rule]) -> None:
        """Doubt the name that a kind of it follows in brackets: "glaucoma (narrow angle glaucoma)"."""
        for one, other in pairwise(parts):
            gap, span = self._gap(one, other), span_of(other)
            if type(one) is not Predicate or type(other) is not Predicate or gap is None or span is None:
                continue
            own = " ".join(said_of(other))
            if gap.strip() not in ("(", f"( {own}", f"({own}") or one.name == other.name or one.kind != other.kind:
                continue
            behind = self.lower[span[1] - self.start : span[1] - self.start + 2].strip()
            text = self.lower[span[0] - self.start : span[1] - self.start]
            if not behind.startswith(")") or len(text) < 7 or not self.lexicon.is_a(other.name, one.name):
                continue
            if other.name not in _ALIKE:
                self._put(found, parts, one, All((one, Left((span[0] - 1, span[1] + 1)))))


MEND = Mend(_evened, joined=True)
