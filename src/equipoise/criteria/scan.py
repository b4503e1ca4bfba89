"""
From tokens to elements: at each token the reader that can read most reads on.

::

    element = bracket | separator | event-time | age | lines | measure | time | variant | concept | cue | sex
            | quality | light | word

A concept of the lexicon, a variable and a cue compete by length; a shorter name is never found inside a
longer one. "Hepatic or renal impairment" names two conditions: the half that lacks its noun borrows it.
"""

from __future__ import annotations

import msgspec

from equipoise.criteria.anchors import STUDY_MOMENTS, TimePhrase
from equipoise.criteria.borrow import Borrowing
from equipoise.criteria.context import Named, reference
from equipoise.criteria.cues import CUES, FEMALE, JOINTS, LIGHT, MALE, QUALIFIERS
from equipoise.criteria.elements import Element
from equipoise.criteria.events import LASTING, SPANS
from equipoise.criteria.grades import is_letter, tnm_at
from equipoise.criteria.homonyms import bare, meant
from equipoise.criteria.kinds import FACTS, NOW
from equipoise.criteria.limits import COMPARING, Comparison
from equipoise.criteria.measures import BOUNDS, Measure
from equipoise.criteria.misnamed import coded, intolerant, misnamed
from equipoise.criteria.naive import never_had
from equipoise.criteria.numbers import Numbers
from equipoise.criteria.special import SCALES, SPECIAL, Special
from equipoise.criteria.standards import MINORS, YOUNG, Standards, is_now, is_state
from equipoise.criteria.times import STARTS
from equipoise.criteria.tokens import Token
from equipoise.rules.nodes import ConceptRef, Predicate
from equipoise.terms.cues import word_set
from equipoise.terms.variables import Variable

# Marks that say the same wherever they stand.
_MARKS = {**dict.fromkeys("([{", "open"), **dict.fromkeys(")]}", "close"), **{mark: JOINTS[mark] for mark in ",;/:&"}}
_ALLERGIES = frozenset(("allergies", "allergy", "anaphylaxis", "hypersensitivity", "intolerance"))
_STUDY_KINDS = word_set("scan.study_kinds")

_COUNTING = frozenset(("at", "no", "up", "more", "less", "not", "a", "greater", "fewer", "between"))
_GENERIC = frozenset(
    ("comorbidity", "concomitant medication", "contraindication", "laboratory abnormality", "medication",
     "standard therapy", "prescription drug", "disease", "symptom", "complication", "syndrome", "disorder",
     "clinical trial", "risk factor")
)  # fmt: skip
# "Cocaine dependence" is a condition, though cocaine is a drug.
_DEPENDENCE = word_set("scan.dependence")
_SAID_AGAIN = frozenset(
    ("infection", "infections", "disease", "diseases", "disorder", "disorders", "seropositivity", "positivity",
     "syndrome", "presentation")
)  # fmt: skip
_TAKING_NOW = frozenset(("taking", "receiving", "undergoing", "using"))
_GOING_ON = frozenset(
    ("participate", "enroll", "enter", "join", "continue", "remain", "stay", "receive", "take", "use")
)
_MODIFYING = word_set("scan.modifying")
# Bare, these say when in the study, and nothing of the patient.
_MOMENTS = STUDY_MOMENTS | {"study entry", "treatment period", "assessment", "follow up", "first dose", "last dose"}


# A word that is none of these begins no limit, time or stage: most words, told at once.
_LEADS = STARTS | SPANS | LASTING | COMPARING | SCALES | frozenset(BOUNDS)
_LASTED = SPANS | LASTING
_COUNTS = COMPARING | frozenset(BOUNDS)
# What is light, or says more than a word of its own; what is neither is kept as it stands.
_TOLD = QUALIFIERS | LIGHT | YOUNG | MINORS | _TAKING_NOW | {"both", "of", "for"}
_SEXES = FEMALE | MALE


class Scanner(Numbers, Special, Borrowing, Standards):
    """Reads the elements of one criterion."""

    def elements(self, first: int = 0) -> list[Element]:
        """Return the elements of the criterion, from the token *first* on."""
        at = first
        while at < len(self.context.tokens):
            at = self._next(at)
        return self.found

    def _next(self, at: int) -> int:
        token = self.context.tokens[at]
        if token.kind == "m":
            return self._mark(at)
        if token.kind == "w" and token.value is None and token.norm not in _LEADS and not is_letter(token):
            return self._name_or_cue(at)
        measured = self._staged(at) or self._tnm(at, token)
        if measured is None:
            measured = self._limit_or_time(at)
        if measured is not None:
            return measured
        if token.kind == "o":
            return self._add("word", at, at + 1)
        return self._name_or_cue(at)

    def _tnm(self, at: int, token: Token) -> int | None:
        found = tnm_at(self.context, at) if is_letter(token) else None
        return None if found is None else self._measure(found)

    def _mark(self, at: int) -> int:
        norm = self.context.norms[at]
        if (kind := _MARKS.get(norm)) is not None:
            return self._add(kind, at, at + 1)
        if norm == "-" and self._starts_anew(at):
            return self._add("stop", at, at + 1)
        if norm == ".":
            return self._add("stop", at, at + 1) if self._ends(at) else self._add("light", at, at + 1)
        if (
            norm == "+"
            and self.found
            and self.found[-1].kind == "atom"
            and self.context.tokens[at].start == self.context.tokens[at - 1].end
        ):
            return self._add("light", at, at + 1)
        if norm == "±" or (norm == "+" and self.context.norm(at + 1) == "/" and self.context.norm(at + 2) == "-"):
            return self._add("regardless", at, at + (1 if norm == "±" else 3))
        if norm == "+" and "+" in (self.context.norm(at - 1), self.context.norm(at + 1)):
            return self._add("word", at, at + 1)  # "IHC (++)"
        return self._add(JOINTS.get(norm, "light"), at, at + 1)

    def _starts_anew(self, at: int) -> bool:
        """Return whether a dash stands where a line break was: "… cisplatin- Prior treatment with …"."""
        tokens, text = self.context.tokens, self.context.source
        if at == 0 or at + 2 >= len(tokens) or tokens[at + 1].kind != "w" or tokens[at - 1].kind == "n":
            return False
        start = tokens[at + 1].start
        return start > tokens[at].end and text[start].isupper() and not text[start : start + 2].isupper()

    def _ends(self, at: int) -> bool:
        """Return whether a point ends a sentence."""
        tokens = self.context.tokens
        if at + 1 >= len(tokens):
            return True
        if at and tokens[at - 1].norm == "st":
            return False  # "St. John's wort"
        text, start = self.context.source, tokens[at + 1].start
        if start > tokens[at].end and at and tokens[at - 1].kind == "w" and len(tokens[at - 1].norm) > 4:
            return True
        if start == tokens[at].end and at and tokens[at - 1].kind == "w" and len(tokens[at - 1].norm) > 4:
            return text[start : start + 2].istitle() and text[start + 1 : start + 2].islower()  # "… transplant.Known …"
        return start > tokens[at].end and (text[start].isupper() or text[start].isdigit() or tokens[at + 1].kind == "m")

    # Numbers

    def _limit_or_time(self, at: int) -> int | None:
        """Read a limit, an age, lines of treatment or a time that begins at a token with a number or its lead."""
        token = self.context.tokens[at]
        if token.kind == "w" and token.value is None:
            elapsed = self.events.elapsed(at) or self.events.duration(at) if token.norm in _LASTED else None
            if elapsed is not None:
                return self._measure(elapsed)
            promised = self._promised(at) if token.norm in ("during", "throughout") else None
            if promised is not None:
                return promised
            if token.norm not in _COUNTS:
                return self._time(at, self.times.at(at))
        measure = self.events.passed(at) or self._measure_at(at, token)
        if measure is not None:
            return self._measure(measure)
        limit = self.context.comparison(at)
        counted = self._counted(at, limit) or self._months_of(at, limit)
        if counted is not None:
            return counted
        time = self._time(at, self.times.at(at) or self._recent(at, limit))
        return self._loose_number(at, token, limit) if time is None else time

    def _time(self, at: int, time: TimePhrase | None) -> int | None:
        """Add a time, unless a bare "at screening" is more than that: "on dialysis", "post stroke"."""
        named = self.context.named(at) if time is not None and time.mode == "when" else None
        if time is None or (named is not None and named[1] >= time.end):
            return None
        return self._add("time", at, time.end, time=time)

    def _measure_at(self, at: int, token: Token) -> Measure | None:
        """Return the limit that begins with its number, with what it is of."""
        if token.value is not None and (enclosed := self.ages.enclosed(at)) is not None:
            return enclosed
        flipped = self.measures.flipped(at) if token.value is not None else self.measures.bounded(at)
        if flipped is not None:
            return flipped
        if token.value is not None or token.kind == "o" or token.norm in _COUNTING:
            lines = self.lines.at(at)
            if lines is not None:
                return lines
        limit = self.context.comparison(at)
        return None if limit is None else self.ages.aged_before(at, limit) or self.measures.limited(at, limit)

    def _loose_number(self, at: int, token: Token, limit: Comparison | None) -> int | None:
        """Read a limit whose variable stands before it in other words, a dose, or a number that is left."""
        if limit is not None:
            stated = token.kind != "w" or token.value is not None or limit.unit is not None or limit.relative_to
            read = (self._dosed(at, limit.end) if stated else None) or self._worded(at, limit)
            if read is not None or stated:
                return read or self._add("word", at, limit.end)
        if token.kind == "n" and self.context.named(at) is None:
            number = self.context.quantity(at)
            end = self._lettered(number.end if number is not None else at + 1)
            return self._dosed(at, end) or self._add("word", at, end)
        return None

    # Names and cues

    def _name_or_cue(self, at: int) -> int:
        context = self.context
        token = context.tokens[at]
        special = None
        if token.norm in SPECIAL or token.value is not None:
            special = (
                self._more_criteria(at)
                or self._either_way(at)
                or self._other_study(at)
                or self._asked(at)
                or self._tested(at)
            )
        if special is None:
            special = self._by_book(at) or self._borrowed(at)
        if special is not None:
            return special
        named = context.named(at)
        cue = CUES.longest(context.norms, at)
        if cue is not None and cue[0] == "aged" and cue[2] > 1 and context.norm(at + cue[2]) == "least":
            cue = (cue[0], cue[1], cue[2] - 1)  # "age at least 18"
        if cue is not None and cue[0] == "aged" and (named is None or cue[2] >= named[1] - at):
            aged = self.ages.aged(at, at + cue[2])
            if aged is not None:
                return self._measure(aged)
            any_age = context.norm(at + 1) == ":" and context.norm(at + 2) in ("any", "all")
            light = cue[2] > 1 or context.norm(at) != "age" or any_age
            return self._add("light" if light else "word", at, at + cue[2])
        if named is not None and (
            cue is None or named[1] - at > cue[2] or (named[1] - at == cue[2] and cue[0] in ("over", "with", "admin"))
        ):
            read = self._named(at, *named)
            if read is not None:
                return read
        if cue is not None:
            return self._cue(at, cue)
        return self._plain_word(at)

    def _cue(self, at: int, cue: tuple[str, str, int]) -> int:
        kind, name, length = cue
        if kind == "exclude" and length == 1 and self.context.norm(at - 1) in ("a", "an", "any", "of", "using"):
            return self._add("word", at, at + 1)  # "a prohibited contraceptive"
        if (
            kind in ("exclude", "allow")
            and self.context.norm(at + length) in ("for", "to", "if")
            and self.context.norm(at + length + 1) not in _STUDY_KINDS
            and self.context.norm(at + length + 1) not in _GOING_ON
            and self.context.norm(at + length) != "if"
            and not (kind == "exclude" and self._for_study(at + length))
        ):
            return self._add("word", at, at + length)
        if kind in ("or", "and") and length == 2 and (self.context.named(at + 1) or self._least(at + 1)):
            return self._add(kind, at, at + 1)  # "or in situ carcinoma", "and at least 18"
        last = self.context.norm(at + length - 1) if kind == "light" and length > 1 else ""
        if last in ("study", "trial") and (named := self.context.named(at + length - 1)) and named[1] > at + length:
            return self._add("light", at, at + length - 1)  # "the study medication"
        if kind == "light" and self.context.norm(at + length - 1) in ("study", "trial") and self._noun(at + length):
            return self._add("light", at, at + 1) if length > 1 else self._add("word", at, at + 1)
        if kind == "not" and length == 1 and self.context.norm(at) in ("no", "not") and self.context.comparison(at):
            return self._add("word", at, at + 1)
        if kind == "not" and length == 2 and self.context.norms[at + 1 : at + 3] == ["more", "than"]:
            return self._add("word", at, at + 3)  # "no more than one …": a limit that was not read
        if kind == "admin":
            span = self.context.span(at, at + length)
            rule = Predicate(kind="administrative", concept=ConceptRef(name, span=span), span=span)
            return self._add("admin", at, at + length, rule=rule)
        if kind == "with" and length == 1 and self.context.norm(at) == "in":
            event = self.context.event(at + 1)
            end = at + 1 + (event[1] if event else 0)
            if event and event[0].name == "birth":
                return self._add("word", at, end)  # "in puerperium": when
            if event and self.context.norm(end - 1) in ("study", "trial") and self._noun(end):
                end = at + 1  # "in the study eye"
            return self._add("light", at, end)
        return self._add(kind, at, at + length)

    def _least(self, at: int) -> bool:
        return self.context.norms[at : at + 2] == ["at", "least"]

    def _noun(self, at: int) -> bool:
        """Return whether a token may be a noun, so that "the study" only qualifies it ("the study antibiotics")."""
        tokens = self.context.tokens
        if at >= len(tokens) or tokens[at].kind != "w" or tokens[at].norm in LIGHT:
            return False
        return CUES.longest(self.context.norms, at) is None

    def _plain_word(self, at: int) -> int:
        norm = self.context.norms[at]
        if norm in _SEXES:
            return self._sex(at)
        event = self.context.event(at)
        if event is not None and (event[1] > 1 or norm not in LIGHT):
            end = self.context.explain(at + event[1], event[0], at)
            after = self.events.named_duration(at, event[0], end) or self.events.after_event(at, event[0].name, end)
            if after is not None:
                return self._measure(after)
            if event[0].name in _MOMENTS:
                return self._add("event", at, end)
        if (other := self._group_or_like(at)) is not None:
            return other
        if norm not in _TOLD:
            return self._back_borrowed(at) or self._none_of(at) or self._add("word", at, at + 1)
        if norm in QUALIFIERS:
            return self._add("quality", at, at + 1)
        if self._is_aged(at, norm):
            return self._add("light", at, at + 1)  # "children aged 2 to 12": the age says who
        if norm in _TAKING_NOW and self._is_taken(at):
            return self._add("quality", at, at + 1)
        if norm == "both" and self.context.norm(at - 1) in ("at", "on", "in"):
            return self._add("word", at, at + 1)  # "at both visits": each counts
        if norm in LIGHT or norm in ("of", "for"):
            return self._caused(at) or self._component(at) or self._add("light", at, at + 1)
        return self._back_borrowed(at) or self._none_of(at) or self._add("word", at, at + 1)

    def _sex(self, at: int) -> int:
        norm = self.context.norm(at)
        value = "female" if norm in FEMALE else "male"
        span = self.context.span(at, at + 1)
        rule = Predicate(kind="demographic", concept=ConceptRef("sex", span=span), op="=", value=value, span=span)
        return self._add("sex", at, at + 1, rule=rule)

    def _variable(self, at: int, named: Variable, end: int) -> int | None:
        context = self.context
        if (one := meant(context, named, at, end)) is None:
            return None
        named = one
        measure = self.measures.named(at, named, end)
        if measure is not None:
            return self._measure(measure)
        if bare(context, named, at, end):
            return None
        concept = context.lexicon.longest(context.words, at)
        if concept is not None and at + concept[1] == end and not concept[0].ambiguous and concept[0].kind in FACTS:
            return self._named(at, concept[0], end)
        if end - at == 1 and named.kind not in ("lab", "function") and not context.tokens[at].word.isupper():
            return None  # "systolic function", "stage", "weight loss": no limit, and the word alone names too much
        return self._atom(at, named, end, "measurement")

    def _named(self, at: int, named: Named, end: int) -> int | None:
        context = self.context
        if isinstance(named, Variable):
            return self._variable(at, named, end)
        if named.kind in ("gene", "variant"):
            variant = self.variants.at(at, named, end)
            return self._measure(variant) if variant is not None else None
        if named.name == "comorbidity" and (illness := self._illness(at, end)) is not None:
            return illness
        if named.ambiguous or named.name in _GENERIC or misnamed(context, named, at, end):
            return None
        if (code := coded(context, named, at, end)) is not None:
            return self._add("light", at, code)
        if named.name == "type 1 diabetes" and context.norm(at) == "insulin":
            return self._insulin(at, end)
        if named.name == "dsm criteria":
            return self._add("light", at, end)  # by which book a diagnosis was made
        if named.name == "recist":
            return self._standard(at, named, end)
        part = self._part_of_name(at, named, end)
        if part is not None:
            return part
        if context.norm(end) == "like" and context.tokens[end].glued:
            return self._add("word", at, end + 1)
        if named.kind == "drug" and context.norm(end) in _DEPENDENCE:
            span = context.span(at, end + 1)
            name = ConceptRef(f"{named.name} {context.norm(end)}", span=span)
            return self._add("atom", at, end + 1, rule=Predicate(kind="condition", concept=name, span=span))
        if named.kind == "drug" and context.norm(end) in _ALLERGIES:
            span = context.span(at, end)
            only, name = intolerant(context.norm(end)), reference(named, span)
            rule = Predicate(kind="allergy", concept=name, qualifier=only, span=context.span(at, end + 1))
            return self._add("atom", at, end + 1, rule=rule)
        condition = named.kind == "condition"
        limited = (self._pain(at, named, end) or self._limited_condition(at, named, end)) if condition else None
        if limited is not None:
            return limited
        lasting = self.events.named_duration(at, named, end) if condition else None
        if lasting is not None:
            return self._measure(lasting)
        return self._atom(at, named, end, named.kind if named.kind in FACTS else "measurement")

    def _atom(self, at: int, named: Named, end: int, kind: str) -> int:
        rule = self._predicate(named, at, end, kind)
        if is_now(self.context.norm(at), end - at, named, kind) or is_state(self.context.norms, at, named):
            rule = msgspec.structs.replace(rule, window=NOW)
        last = self.context.explain(end, named, at)
        last += self.context.norm(last) == "virus" and self.context.lexicon.is_a(named.name, "viral infection")
        if kind == "condition" and self.context.norm(last) in _SAID_AGAIN and not self.context.tokens[last].glued:
            last += 1  # "HIV (…) infection", "Sjögren's disease": the noun says nothing more
        if (naive := never_had(self.context, rule, at, last)) is not None:
            return self._add("atom", at, naive[1], rule=naive[0])
        if self.context.norm(last) in _MODIFYING and self.context.tokens[last].glued:
            return self._add("quality", at, last + 1)  # "AIDS-defining", "steroid-refractory": of what follows
        self._add("atom", at, end, rule=rule)
        if last > end:
            self.found[-1].last = last
        return last
