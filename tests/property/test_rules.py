"""Laws of rules: what holds for every rule and every patient."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.records.moments import Moment, moment_at
from equipoise.records.patient import ASSERTIONS, FACT_KINDS, Fact, FactConcept, Patient, patient_json, read_patient
from equipoise.rules.constraints import clash, required
from equipoise.rules.english import describe_rule
from equipoise.rules.evaluate import answer_criterion, evaluate
from equipoise.rules.faults import Stated, check_criteria, check_rule
from equipoise.rules.nodes import (
    KINDS,
    OPS,
    All,
    AnyOf,
    AtLeast,
    ConceptRef,
    Left,
    Not,
    Predicate,
    Rule,
    Unless,
    Window,
    from_json,
    taking_out,
    to_json,
)
from equipoise.rules.nodes import leaves as leaves_of
from equipoise.rules.truth import all_, any_, at_least, not_, unless

AT = Moment("2026-01-15T09:40+01:00")

# The tables are read on the first call, and the machine may be busy: no law is about speed.
law = settings(deadline=None)

NAMES = (
    "asthma",
    "autoimmune disease",
    "rheumatoid arthritis",
    "warfarin",
    "anticoagulant",
    "surgery",
    "platelet count",
    "age",
    "sex",
    "born",
    "EGFR",
    "stroke onset",
    "therapy",
    "an unheard of thing",
)
MOMENTS = (
    "2026-01-15T08:00+01:00",
    "2026-01-14T22:10Z",
    "2026-01-15",
    "2026-01-14",
    "2025-12-18",
    "2025-12",
    "2019",
    "1980-02-29",
    "2026-03-01",
)
UNITS = (None, "10*9/L", "mg/dL", "a", "mo", "h", "d", "{score}")
QUALIFIERS = ("severe", "planned", "history of", "suspected", "family history", "ongoing", "baseline", "ever")
TRUTHS = st.sampled_from((True, False, None))

names = st.sampled_from(NAMES)
maybe_moment = st.none() | st.sampled_from(MOMENTS).map(Moment)
numbers = st.sampled_from((0, 1, 2, 7, 18, 24, 28, 75, 100, 0.5, 84000))
qualifiers = st.lists(st.sampled_from(QUALIFIERS), max_size=2, unique=True).map(tuple)
windows = st.builds(
    Window,
    anchor=st.sampled_from((None, "screening", "stroke onset", "surgery", "a thing")),
    side=st.sampled_from((None, "before", "after", "around")),
    within=st.sampled_from((None, "P28D", "PT24H", "P5Y", "P1M")),
    at_least=st.sampled_from((None, "P6M", "PT4H", "P3D")),
)


def seldom(rare: st.SearchStrategy[Any], usual: Any) -> st.SearchStrategy[Any]:
    """Return what draws *rare* one time in four: a rule that asks for everything at once is never answered."""
    return st.integers(0, 3).flatmap(lambda one: rare if one == 0 else st.just(usual))


@st.composite
def predicates(draw: st.DrawFn) -> Predicate:
    """Any predicate that the contract allows, sensible or not."""
    op = draw(st.sampled_from(OPS))
    limited = op not in ("present", "absent")
    return Predicate(
        kind=draw(st.sampled_from(KINDS)),
        concept=draw(st.none() | names.map(ConceptRef)),
        op=op,
        value=draw(numbers | st.sampled_from(("male", "female"))) if limited else None,
        upper=draw(numbers) if op == "between" else None,
        unit=draw(st.sampled_from(UNITS)) if limited else None,
        relative_to=draw(seldom(st.sampled_from(("ULN", "LLN", "baseline")), None)) if limited else None,
        qualifier=draw(seldom(qualifiers, ())),
        window=draw(seldom(windows, None)),
        which=draw(seldom(st.sampled_from(("latest", "any", "all", "worst")), None)),
        population=draw(seldom(st.sampled_from(("men", "Asian")), None)),
        alteration=draw(st.sampled_from((None, "L858R", "wild type", "mutation"))),
        from_=draw(st.sampled_from((None, "stroke onset", "surgery"))),
        to=draw(st.sampled_from((None, "randomization", "surgery"))),
        span=(0, 9),
    )


def _joined(inner: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        several.map(All),
        several.map(AnyOf),
        st.builds(AtLeast, st.integers(1, 3), several),
        inner.map(Not),
        st.builds(Unless, inner, inner),
    )


single: st.SearchStrategy[Rule] = predicates() | st.just(Left((0, 5)))
rules: st.SearchStrategy[Rule] = st.recursive(single, _joined, max_leaves=6)


@st.composite
def patients(draw: st.DrawFn, *, about: Rule | None = None, assertions: tuple[str, ...] = ASSERTIONS) -> Patient:
    """Any patient, with facts that contradict one another more often than real ones, most of them on the rule."""
    asked = [leaf for leaf in leaves_of(about) if isinstance(leaf, Predicate)]
    facts = []
    for place in range(draw(st.integers(0, 4))):
        leaf = draw(st.sampled_from(asked)) if asked and draw(st.integers(0, 4)) else None
        own = leaf is not None and bool(leaf.name)
        facts.append(
            Fact(
                id=f"f{place}",
                kind=draw(st.sampled_from(FACT_KINDS)) if leaf is None else leaf.kind,  # type: ignore[arg-type]
                concept=FactConcept(leaf.name) if leaf is not None and own else FactConcept(draw(names)),
                value=draw(st.none() | numbers | st.sampled_from(("male", "female", "Asian"))),
                unit=draw(st.sampled_from(UNITS)) if leaf is None else leaf.unit,
                range=draw(st.sampled_from((None, (0, 40), (None, 40), (12, None)))),
                when=draw(maybe_moment),
                until=draw(maybe_moment),
                assertion=draw(st.sampled_from(assertions)),  # type: ignore[arg-type]
                qualifier=draw(seldom(qualifiers, ())),
                alteration=draw(st.sampled_from((None, "L858R", "wild type"))),
            )
        )
    kinds = st.sampled_from([leaf.kind for leaf in asked] if asked else FACT_KINDS)
    return Patient(tuple(facts), frozenset(draw(st.sets(kinds, max_size=2))))  # type: ignore[arg-type]


@st.composite
def cases(
    draw: st.DrawFn, some: st.SearchStrategy[Any] = rules, assertions: tuple[str, ...] = ASSERTIONS
) -> tuple[Any, Patient]:
    """Return a rule and a patient of whom it asks something."""
    rule = draw(some)
    return rule, draw(patients(about=rule, assertions=assertions))


def holds(rule: Rule, patient: Patient) -> bool | None:
    return evaluate(rule, patient, at=AT).holds


# Truth


@law
@given(st.lists(TRUTHS, max_size=4), st.integers(0, 4))
def test_an_unknown_is_what_every_outcome_leaves_open(truths: list[bool | None], count: int) -> None:
    """Kleene's answer is known exactly where all ways to settle the unknown parts agree."""
    ways: list[list[bool]] = [[]]
    for truth in truths:
        ways = [[*way, one] for way in ways for one in ((True, False) if truth is None else (truth,))]

    def agreed(answers: set[Any]) -> bool | None:
        return answers.pop() if len(answers) == 1 else None

    assert all_(truths) is agreed({all(way) for way in ways})
    assert any_(truths) is agreed({any(way) for way in ways})
    assert at_least(count, truths) is agreed({sum(way) >= count for way in ways})
    assert not_(all_(truths)) is any_([not_(one) for one in truths])


@law
@given(TRUTHS, TRUTHS)
def test_unless_is_all_of_the_rule_and_not_the_exception(rule: bool | None, exception: bool | None) -> None:
    """An exception that does not hold changes nothing, one that holds ends it."""
    assert unless(rule, exception) is all_((rule, not_(exception)))


# Rules


@law
@given(rules)
def test_a_rule_survives_its_json(rule: Rule) -> None:
    """What is written as JSON reads back as the same rule."""
    assert from_json(json.loads(json.dumps(to_json(rule)))) == rule


@law
@given(rules)
def test_every_rule_can_be_said(rule: Rule) -> None:
    """Each rule has a sentence, on one line, and a list of faults."""
    said = describe_rule(rule)
    assert said.strip() == said and said and "\n" not in said
    assert all(fault.message and fault.next for fault in check_rule(rule))


@law
@given(patients())
def test_a_patient_survives_its_json(patient: Patient) -> None:
    """What is written as JSON reads back as the same patient."""
    assert read_patient(json.loads(json.dumps(patient_json(patient)))) == patient


@law
@given(cases())
def test_not_not_is_the_same(case: tuple[Rule, Patient]) -> None:
    """Denying a rule twice changes nothing; denying it once turns a known answer."""
    rule, patient = case
    answer = evaluate(rule, patient, at=AT)
    assert holds(Not(Not(rule)), patient) is answer.holds
    assert holds(Not(rule), patient) is not_(answer.holds)


@law
@given(rules, rules, patients())
def test_de_morgan(one: Rule, other: Rule, patient: Patient) -> None:
    """Not both is: either not the one or not the other."""
    assert holds(Not(All((one, other))), patient) is holds(AnyOf((Not(one), Not(other))), patient)
    assert holds(Not(AnyOf((one, other))), patient) is holds(All((Not(one), Not(other))), patient)
    if not all(taking_out(Unless(one, other))):
        assert holds(Unless(one, other), patient) is holds(All((one, Not(other))), patient)


@law
@given(rules, rules, patients())
def test_an_exception_takes_out_no_more_than_itself(one: Rule, other: Rule, patient: Patient) -> None:
    """Where it does not apply a rule stands as it is, and where the rule does not hold no exception makes it hold."""
    rule, exception = holds(one, patient), holds(other, patient)
    if exception is False or rule is False:
        assert holds(Unless(one, other), patient) is rule
    if holds(Unless(one, other), patient) is True:
        assert rule is True


@law
@given(st.lists(rules, max_size=3), rules, patients())
def test_adding_a_criterion_makes_no_one_newly_eligible(criteria: list[Rule], more: Rule, patient: Patient) -> None:
    """Who meets a longer list of criteria meets each of the shorter one."""
    if holds(All((*criteria, more)), patient) is True:
        assert holds(All(tuple(criteria)), patient) is True


@law
@given(cases())
def test_exclusion_is_not(case: tuple[Rule, Patient]) -> None:
    """Excluding a rule and including its opposite let in the same patients."""
    rule, patient = case
    answer, opposite = evaluate(rule, patient, at=AT), evaluate(Not(rule), patient, at=AT)
    assert answer_criterion("exclusion", answer.holds, administrative=answer.administrative) == answer_criterion(
        "inclusion", opposite.holds, administrative=opposite.administrative
    )


def _filled(rule: Rule, more: Rule) -> Rule:
    """Return the rule with *more* in each place that was not understood."""
    if isinstance(rule, Left):
        return more
    if isinstance(rule, Not):
        return Not(_filled(rule.rule, more))
    if isinstance(rule, Unless):
        return Unless(_filled(rule.rule, more), _filled(rule.exception, more))
    if isinstance(rule, AtLeast):
        return AtLeast(rule.count, tuple(_filled(one, more) for one in rule.rules))
    if isinstance(rule, (All, AnyOf)):
        return type(rule)(tuple(_filled(one, more) for one in rule.rules))
    return rule


@law
@given(cases(), predicates())
def test_understanding_more_turns_no_known_answer(case: tuple[Rule, Patient], more: Rule) -> None:
    """Whatever the words that were not understood turn out to mean, a known answer stays."""
    rule, patient = case
    before = holds(rule, patient)
    if before is not None:
        assert holds(_filled(rule, more), patient) is before


# Patients


@law
@given(predicates())
def test_an_empty_record_answers_nothing(rule: Predicate) -> None:
    """Absence belongs to the data: a record that says nothing leaves every predicate unknown."""
    answer = evaluate(rule, Patient(), at=AT)
    assert answer.holds is None
    assert answer.settle


@law
@given(cases(), st.sampled_from(FACT_KINDS))
def test_a_complete_list_turns_no_answer(case: tuple[Rule, Patient], kind: Any) -> None:
    """To learn that a record lists everything of a kind settles answers and turns none."""
    rule, patient = case
    before = holds(rule, patient)
    if before is not None:
        assert holds(rule, Patient(patient.facts, patient.complete | {kind})) is before


@law
@given(cases(), st.randoms())
def test_the_order_of_facts_does_not_matter(case: tuple[Rule, Patient], random: Any) -> None:
    """A record read in another order gives the same answers."""
    rule, patient = case
    facts = list(patient.facts)
    random.shuffle(facts)
    assert holds(rule, Patient(tuple(facts), patient.complete)) is holds(rule, patient)


@law
@given(cases(predicates(), ("possible", "planned", "pending", "family")))
def test_what_is_not_found_is_no_finding(case: tuple[Predicate, Patient]) -> None:
    """A record of plans, doubts and relatives meets nothing that does not ask for them."""
    rule, patient = case
    if rule.op == "present" and not {"planned", "suspected", "family history"} & set(rule.qualifier):
        assert holds(rule, patient) is not True


@law
@given(cases())
def test_an_answer_names_facts_of_the_record(case: tuple[Rule, Patient]) -> None:
    """Evidence is facts of the patient, each once; what would settle is said where something is open."""
    rule, patient = case
    answer = evaluate(rule, patient, at=AT)
    assert set(answer.evidence) <= {fact.id for fact in patient.facts}
    assert len(set(answer.evidence)) == len(answer.evidence)
    assert bool(answer.settle) is (answer.holds is None)
    assert answer.true_from is None or answer.holds is False
    assert answer.true_until is None or answer.holds is not False


@law
@given(cases(predicates()))
def test_a_moment_turns_the_answer_when_it_says(case: tuple[Predicate, Patient]) -> None:
    """A rule that does not hold yet may hold at the moment that it names, one that does holds until its own."""
    rule, patient = case
    answer = evaluate(rule, patient, at=AT)
    if answer.true_from is not None:
        assert evaluate(rule, patient, at=answer.true_from).holds is not False
    if answer.true_until is not None and answer.holds is True:
        assert evaluate(rule, patient, at=answer.true_until).holds is not False


# Faults


@law
@given(predicates(), predicates(), st.booleans(), st.booleans(), patients())
def test_no_patient_meets_two_criteria_that_clash(
    one: Predicate, other: Predicate, first: bool, second: bool, patient: Patient
) -> None:
    """Where two demands are said to exclude one another, no record meets both."""
    for ours in required(one, wanted=first):
        for theirs in required(other, wanted=second):
            if clash(ours, theirs):
                met = [holds(need.rule if need.wanted else Not(need.rule), patient) for need in (ours, theirs)]
                assert met != [True, True]


@law
@given(
    st.lists(st.builds(Stated, st.sampled_from(("inclusion", "exclusion", None)), rules, st.just((0, 9))), max_size=3)
)
def test_criteria_can_always_be_checked(criteria: list[Stated]) -> None:
    """No list of criteria breaks the check."""
    assert all(fault.spans for fault in check_criteria(criteria, sex="FEMALE"))


# Moments


@law
@given(st.datetimes().map(lambda one: one.isoformat()[:16]), st.integers(-840, 840))
def test_a_minute_survives_its_number(text: str, clock: int) -> None:
    """A moment to the minute, as a number and back, is the same instant."""
    tick = Moment(text).period(by_clock=True, clock=clock).first
    back = moment_at(tick, by_clock=True, clock=clock)
    assert back is not None and back[:16] == text
    assert back.period(by_clock=True, clock=0).first == tick
