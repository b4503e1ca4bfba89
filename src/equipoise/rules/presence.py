"""
Whether a patient has a condition, takes a drug, had a procedure, is allergic, or has a variant.

Each fact about the concept is a *finding* (it speaks for it, for certain or perhaps) or a *denial* (it says that
there is none). Without a window the later of a finding and a denial decides. Silence answers nothing, unless the
record lists everything of the kind.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from equipoise.records.moments import Moment, Period
from equipoise.records.patient import Fact
from equipoise.rules.answer import Answer
from equipoise.rules.asserted import (
    AVOIDED,
    BESIDES,
    DEGREES,
    FAMILY,
    INTOLERANCE,
    PLANNED,
    SUSPECTED,
    asks_of_another,
    asks_what_is,
    asks_what_will_be,
)
from equipoise.rules.english import describe_rule
from equipoise.rules.lying import where_it_lies
from equipoise.rules.names import FORMER, HABITS, HISTORY, MEASURED, OF_DRUGS, SINCE, is_of_the_past
from equipoise.rules.nodes import ConceptRef, Predicate
from equipoise.rules.pregnancy import cannot_be, needs_no_test
from equipoise.rules.qualifiers import asks_where, entailed, wanted
from equipoise.rules.quantities import compared
from equipoise.rules.seen import Lie, Seen, is_now
from equipoise.rules.truth import all_, any_
from equipoise.rules.variants import alters, unaltered
from equipoise.terms.spelling import normal

_ASSERTED = {"historical": HISTORY, "planned": PLANNED, "possible": SUSPECTED, "family": FAMILY}

# Sources differ on whether dialysis or a transplant is a procedure or a condition; the catalogue's names do not.
_KINDS = {one: frozenset({"condition", "drug", "procedure"}) for one in ("drug", "procedure")}
_KINDS["condition"] = frozenset({"condition", "drug", "procedure", "event_time"})
# What a test that is reported in a word comes to. A number is neither: what counts as positive is the laboratory's.
_POSITIVE = frozenset({"positive", "detected", "reactive", "present", "abnormal"})
_NEGATIVE = frozenset({"negative", "not detected", "non reactive", "nonreactive", "undetected", "absent", "normal"})
_LIMITS = frozenset({"<", "<=", ">", ">=", "=", "between"})


class Finding(msgspec.Struct, frozen=True):
    """
    A fact that speaks for the concept: for certain, not for this rule, or perhaps and ``why`` only perhaps.

    ``certain`` says that it would meet the rule but for the window.
    """

    fact: Fact
    truth: bool | None
    lie: Lie = Lie(True)
    why: str | None = None
    certain: bool = False


class Presence:
    """What a record says on one predicate without a number, or on the dose of a drug."""

    def __init__(self, rule: Predicate, seen: Seen) -> None:
        self.rule = rule
        self.seen = seen
        self.wants = wanted(rule.qualifier)
        if rule.window is not None and (rule.window.within or rule.window.at_least):
            self.wants -= {"recent", "recently"}  # the window says how recent
        # What a patient has or takes "currently" is what the record has without an end.
        self.current = rule.kind in ("condition", "drug") and is_now(rule.window, seen.names)
        self.opening = None if rule.window is None or self.current else seen.opening(rule.window)
        self.findings = [Finding(fact, True, certain=True) for fact in needs_no_test(rule, seen)]
        self.denials: list[Fact] = [] if asks_of_another(self.wants) else list(cannot_be(rule, seen))
        concept = rule.concept
        if concept is not None:
            key = (rule.kind, concept.name, frozenset(concept.codes.items()))
            for fact in seen.speaking(key, self._speaks, None if rule.kind == "variant" else concept):
                self._weigh(fact)

    # Weighing one fact

    def _speaks(self, fact: Fact) -> bool:
        """Return whether a fact can say anything of what the rule names, whatever its window and qualifiers."""
        rule = self.rule
        if fact.kind not in _KINDS.get(rule.kind, frozenset({rule.kind})):
            return False
        about = rule.kind == "variant" or self._about(fact)
        return about or (rule.concept is not None and self.seen.names.denies(fact, rule.concept))

    def _weigh(self, fact: Fact) -> None:
        if fact.assertion == "family" and self.wants.isdisjoint(FAMILY):
            return  # of a relative, not of the patient
        if self.rule.kind == "variant":
            self._weigh_variant(fact)
        elif fact.assertion == "absent" or self._negative(fact):
            if self._denies(fact):
                self.denials.append(fact)
        elif self._about(fact):
            found = self._finding(fact)
            opposed = self._qualified(fact)[0] is False and fact.assertion == "present" and self._asks_of_now()
            if opposed and self.rule.concept is not None and self.seen.names.same(fact, self.rule.concept):
                self.denials.append(fact)  # a hypertension that is controlled is no uncontrolled one
            else:
                self.findings.append(found)
        elif self.rule.concept is not None and self.seen.names.denies(fact, self.rule.concept):
            # It has some autoimmune disease: rheumatoid arthritis perhaps, but nobody said so.
            self.findings.append(Finding(fact, None, why=f"which {fact.name} it is"))

    def _negative(self, fact: Fact) -> bool:
        """Return whether a test came out negative."""
        value = normal(fact.value) if isinstance(fact.value, str) else ""
        asked = self.rule.kind == "measurement" and not self.wants  # "a negative test" is a finding, too
        return asked and fact.assertion == "present" and value in _NEGATIVE

    def _about(self, fact: Fact) -> bool:
        concept = self.rule.concept
        if concept is None:
            return False
        names = self.seen.names
        if self.rule.kind == "measurement":
            return names.measures(fact, concept)
        return names.answers(fact, concept) or names.caused_by(fact, concept) or names.begun(fact, concept)

    def _denies(self, fact: Fact) -> bool:
        """Return whether a fact of absence answers this rule: of this or all of its class, and for all its time."""
        if self.rule.concept is None or not self.excludes(fact):
            return False
        if self.rule.kind == "measurement":
            return self.seen.names.measures(fact, self.rule.concept)
        return self.seen.names.denies(fact, self.rule.concept)

    def excludes(self, fact: Fact) -> bool:
        """Return whether a fact of absence answers this rule, should it be about what the rule names."""
        if not self.wants.isdisjoint(PLANNED | FAMILY | AVOIDED | BESIDES):
            return False
        if self.rule.kind in ("drug", "procedure") and asks_what_will_be(self.wants):
            return False  # who never had surgery may need it
        if asks_of_another(self.wants):
            return False
        if fact.concept is None and fact.kind != self.rule.kind:
            return False  # "no medications" says nothing of asthma
        if self._asks_of_now() and is_of_the_past(fact) and self.seen.names.is_sudden(ConceptRef(fact.name)):
            return False  # who never had a stroke may be here for the first
        stated = frozenset(map(normal, fact.qualifier))
        if MEASURED in stated:
            # A normal pulse today says nothing of earlier ones, nor of a tachycardia that comes in spells.
            if not self.wants <= DEGREES:
                return False
            stated -= {MEASURED}
        stated -= {OF_DRUGS}
        if SINCE in stated:
            if self.opening is None or self.opening.within is None:
                return False
            stated -= {SINCE}
        if fact.kind == self.rule.kind == "drug" and not self.wants.isdisjoint(HISTORY) and stated.isdisjoint(HISTORY):
            return False  # who takes none now may have taken it
        if fact.name in HABITS and not self.wants.isdisjoint(FORMER) and stated.isdisjoint(HISTORY):
            return False  # who does not smoke may have smoked
        if fact.kind == "allergy" and not self.wants.isdisjoint(INTOLERANCE) and stated.isdisjoint(INTOLERANCE):
            return False  # who is allergic to nothing may not bear a drug all the same
        # "No severe asthma" leaves asthma open; "no asthma" excludes a severe one.
        if not stated - HISTORY <= self.wants | entailed(self.wants):
            return False
        return self.opening is None or self.opening.covered(fact, ever=not stated.isdisjoint(HISTORY)) is True

    def _asks_of_now(self) -> bool:
        return self.wants.isdisjoint(HISTORY) and self.opening is None

    def _weigh_variant(self, fact: Fact) -> None:
        if self.rule.concept is None:
            return
        names = self.seen.names
        gene, asked = names.variant(self.rule.name, self.rule.alteration)
        named, stated = names.variant(fact.name, fact.alteration)
        if named != gene and not names.same(fact, self.rule.concept):
            return
        weigh = unaltered if fact.assertion == "absent" else alters
        altered = weigh(asked, stated)
        if altered is False and fact.assertion in ("present", "absent"):
            if self.opening is None and not self.wants:
                self.denials.append(fact)
            return
        found = self._finding(fact)
        asserted, why = self._asserted(fact)
        unclear = Finding(fact, None, why=f"which alteration of {gene} it is" if asserted is True else why)
        if fact.assertion != "absent" or altered is True:
            self.findings.append(found if altered is True else unclear)

    def _finding(self, fact: Fact) -> Finding:
        lie = Lie(True) if self.opening is None else self.opening.lies(fact)
        doubts = [self._asserted(fact), self._qualified(fact), self._dosed(fact), self._positive(fact)]
        certain = all(truth is True for truth, _ in doubts)
        doubts.append((lie.truth, f"when {fact.name} was"))
        truth = all_(truth for truth, _ in doubts)
        why = next((words for one, words in doubts if one is None), None)
        return Finding(fact, truth, lie, why if truth is None else None, certain)

    def stands(self, fact: Fact) -> bool | None:
        """Return whether a fact is asserted as the rule asks for it, a test with a positive result."""
        return all_((self._asserted(fact)[0], self._positive(fact)[0]))

    def states(self, fact: Fact) -> bool | None:
        """Return whether a fact states the qualifiers of the rule."""
        return self._qualified(fact)[0]

    def _asserted(self, fact: Fact) -> tuple[bool | None, str]:
        """Return whether the fact's assertion is the one asked for: what is planned, possible or past is no finding."""
        name, assertion = fact.name, fact.assertion
        past = f"whether {name} is so now: the record has it as past"
        if self.opening is None and self.wants.isdisjoint(HISTORY) and self.seen.is_past_stay(fact):
            return None, past  # who was in hospital last year is not in hospital
        if assertion in ("present", "absent"):
            if self.current and (fact.kind == "procedure" or (assertion == "present" and self.seen.long_ago(fact))):
                return None, f"when {name} was"
            over = self.opening is None and fact.kind != "procedure" and self.wants.isdisjoint(HISTORY)
            ended = over and self.seen.ended(fact)
            if ended is True and self.current:
                return False, ""
            return (None, past) if ended is not False else (True, "")
        if not self.wants.isdisjoint(_ASSERTED.get(assertion, ())):
            return True, ""
        if assertion == "historical" and self.current and self.seen.ended(fact) is True and fact.until is not None:
            return False, ""
        if assertion == "historical":
            past_counts = self.opening is not None or fact.kind == "procedure"
            # A diabetes of an earlier pregnancy is none of a pregnancy of now.
            past_counts = past_counts and not self.seen.names.is_a(self.rule.name, "pregnancy")
            return (True, "") if past_counts else (None, past)
        return None, f"whether {name} came true: the record has it as {assertion}"

    def _qualified(self, fact: Fact) -> tuple[bool | None, str]:
        """Return whether the fact states every qualifier that is asked for."""
        if not self.wants:
            return True, ""
        stated = frozenset(map(normal, fact.qualifier)) | _ASSERTED.get(fact.assertion, frozenset())
        # What a result of today comes to is no history: 99,000 platelets are no thrombocytopenic disease of before.
        if fact.assertion in ("present", "historical") and MEASURED not in stated:
            stated |= HISTORY
        if fact.kind == "allergy":
            stated |= INTOLERANCE
        if self.rule.kind == "measurement":
            stated |= where_it_lies(fact, self.seen)
        answers = {want: self.seen.names.states(want, stated, fact.name) for want in sorted(self.wants - stated)}
        missing = [want for want, answer in answers.items() if answer is None]
        if False in answers.values():
            return False, ""
        return (None, f"whether {fact.name} is {', '.join(missing)}") if missing else (True, "")

    def _positive(self, fact: Fact) -> tuple[bool | None, str]:
        """Return whether a test came out positive; a number alone does not say."""
        if self.rule.kind != "measurement" or fact.value is None or asks_where(self.wants):
            return True, ""
        positive = isinstance(fact.value, str) and normal(fact.value) in (self.wants - HISTORY or _POSITIVE)
        return (True, "") if positive else (None, f"whether {fact.name} is positive")

    def _dosed(self, fact: Fact) -> tuple[bool | None, str]:
        if self.rule.op not in _LIMITS:
            return True, ""
        # 4 mg of dexamethasone are not 4 mg of "a corticosteroid": a limit on a class needs an equivalent dose.
        same = self.rule.concept is not None and self.seen.names.same(fact, self.rule.concept)
        found = compared(self.rule, fact) if same else None
        return found, f"the dose of {self.rule.name} in {self.rule.unit or 'the unit of the limit'}"

    # Bringing the facts together

    def outcome(self) -> tuple[bool | None, Moment | None, Moment | None]:
        """Return what the findings and denials come to, and when that turns, without the words."""
        holds, _ = self._decide()
        return holds, *self._moves(holds)

    def answer(self) -> Answer:
        """Return what the findings and denials come to."""
        holds, facts = self._decide()
        evidence = tuple(fact.id for fact in facts)
        if self.opening is not None:
            evidence = tuple(dict.fromkeys((*evidence, *self.opening.evidence)))
        true_from, true_until = self._moves(holds)
        return Answer(
            holds=holds,
            evidence=evidence,
            settle=self._settle() if holds is None else (),
            true_from=true_from,
            true_until=true_until,
        )

    def _decide(self) -> tuple[bool | None, Sequence[Fact]]:
        standing = [one for one in self.findings if not self._overtaken(one)]
        found = [one.fact for one in standing if one.truth is True]
        if found:
            disputed = any(not self._overtakes(fact, denial) for fact in found for denial in self.denials)
            return (None if disputed or self._mixed() else True), [*found, *(self.denials if disputed else ())]
        open_ones = [one.fact for one in standing if one.truth is None and not self._told_apart(one)]
        if open_ones:
            return None, open_ones
        if self.denials:
            return self._none(), self.denials
        if self._too_soon():
            return False, [one.fact for one in self.findings]
        return (self._none() if self._complete() else None), ()

    def _told_apart(self, finding: Finding) -> bool:
        """Return whether a wider finding is not this: some cognitive impairment, and the mild one is denied."""
        concept = self.rule.concept
        if concept is None or self.opening is not None or self.rule.kind == "variant" or self._about(finding.fact):
            return False
        return any(self.seen.names.same(denial, concept) for denial in self.denials)

    def _none(self) -> bool | None:
        """Return what there being none means: not met, but a dose of *at most* so much may include none."""
        return None if self.rule.op in ("<", "<=") else False

    def _complete(self) -> bool:
        ahead = self.opening is not None and self.opening.ahead
        placed = self.opening is None or self.opening.point is not None
        if self.rule.kind not in self.seen.complete or not placed or not asks_what_is(self.wants) or ahead:
            return False
        concept, kind = self.rule.concept, self.rule.kind
        if kind != "allergy" and kind not in _KINDS:
            return True
        return concept is not None and self.seen.silent(kind, concept)

    def _mixed(self) -> bool:
        """Return whether one infarction lies a year back, as asked, and another does not: which one is meant?"""
        least = self.opening is not None and self.opening.least is not None and self.rule.which != "any"
        return least and any(one.lie.recent or one.lie.truth is None for one in self.findings)

    def _too_soon(self) -> bool:
        """Return whether all that is known is more recent than the window allows."""
        least = self.opening is not None and self.opening.least is not None
        return least and bool(self.findings) and all(one.lie.recent and one.certain for one in self.findings)

    def _overtaken(self, finding: Finding) -> bool:
        """Return whether a later denial of the same thing undoes a finding, where the rule asks about now."""
        if (
            self.opening is not None
            or finding.fact.assertion == "historical"
            or self.seen.ended(finding.fact) is not False
        ):
            return False
        concept = self.rule.concept
        same = [one for one in self.denials if concept is not None and self._equal(one, finding.fact)]
        return any(self._overtakes(denial, finding.fact) for denial in same)

    def _equal(self, one: Fact, other: Fact) -> bool:
        names = self.seen.names
        return names.canonical(one.name) == names.canonical(other.name)

    def _overtakes(self, later: Fact, earlier: Fact) -> bool:
        return self._start(earlier).below(self._start(later)) is True

    def _start(self, fact: Fact) -> Period:
        return self.seen.times(fact, by_clock=True).start

    def _moves(self, holds: bool | None) -> tuple[Moment | None, Moment | None]:
        """Return from when it will hold, and until when it does, where the facts say."""
        opening = self.opening
        if opening is None or any(one.truth is None for one in self.findings):
            return None, None
        ends = [one.lie.true_until for one in self.findings if one.truth is True] if holds is True else []
        begins = [one.lie.true_from for one in self.findings] if holds is False and self._too_soon() else []
        return self._last(begins), self._last(ends)

    def _last(self, ticks: Sequence[int | None]) -> Moment | None:
        known = [tick for tick in ticks if tick is not None]
        if self.opening is None or not known or len(known) < len(ticks):
            return None
        return self.seen.moment(max(known), by_clock=self.opening.by_clock)

    def _settle(self) -> tuple[str, ...]:
        opening = self.opening
        if opening is not None and opening.point is None and self.rule.window is not None:
            return (f"when {self.rule.window.anchor} was",)
        why = [one.why for one in self.findings if one.truth is None and one.why]
        if why and any_(one.truth for one in self.findings) is not True:
            return tuple(dict.fromkeys(why))
        if self.findings and (self.denials or self._mixed()):
            return (f"which of the statements on {self.rule.name} is right for: {describe_rule(self.rule)}",)
        return (f"the record does not say whether this is so: {describe_rule(self.rule)}",)


def presence(rule: Predicate, seen: Seen) -> Answer:
    """Return whether what the predicate names is there."""
    return Presence(rule, seen).answer()
