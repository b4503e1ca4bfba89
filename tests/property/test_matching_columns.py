"""Laws of the column evaluator: it answers as the reference evaluator does, whatever is asked of whomever."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from equipoise.matching.agreement import ASKED
from equipoise.matching.columns import screen_all
from equipoise.matching.verdicts import Asked
from equipoise.records.moments import Moment
from equipoise.records.patient import Fact, FactConcept, Patient
from equipoise.rules.nodes import All, ConceptRef, Predicate, Rule, Window
from matched import columns_of, criterion, differences, index_of
from property.test_rules import patients, rules

MOMENTS = ("2026-01-15T09:40+01:00", "2026-01-15", "2026-01-15T09:40", "2026-01", "2019-06-30T23:50-05:00")
# Texts that only ask for agreement, or nothing, and others.
TEXTS = ("", "Signed informed consent", "Unable to comply with the protocol", "Agrees to participate", "Both sexes")

Case = tuple[dict[int, list[Asked]], Patient]

moments = st.sampled_from(MOMENTS).map(Moment)
questions: st.SearchStrategy[Rule | None] = st.just(Predicate(kind="administrative")) | st.none()
agreements = st.builds(
    Fact,
    id=st.just("a"),
    kind=st.just("administrative"),
    concept=st.sampled_from(ASKED).map(FactConcept),
    assertion=st.sampled_from(("present", "absent")),
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Return studies whose criteria share rules, and a patient of whom some of these ask."""
    drawn = draw(st.lists(rules, min_size=1, max_size=8))
    some = st.sampled_from(drawn) | questions
    made: dict[int, list[Asked]] = {}
    for number in range(draw(st.integers(1, 4))):
        parts = draw(st.lists(st.tuples(st.sampled_from("IE"), some, st.sampled_from(TEXTS)), max_size=6))
        made[number] = [criterion(f"{side}{place}", *rest) for place, (side, *rest) in enumerate(parts, 1)]
    made[9] = [criterion(f"I{place}", rule) for place, rule in enumerate(drawn, 1)]
    patient = draw(patients(about=All(tuple(drawn))))
    said = draw(st.lists(agreements, max_size=1))
    return made, msgspec.structs.replace(patient, facts=(*patient.facts, *said))


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(cases(), moments)
def test_columns_answer_as_the_reference_does(case: Case, at: Moment) -> None:
    """Each criterion's answer, truth and moments, each study's counts and moments."""
    assert list(differences(*case, at)) == []


@pytest.mark.long
@settings(deadline=None, max_examples=10_000, suppress_health_check=list(HealthCheck))
@given(cases(), moments)
def test_columns_answer_as_the_reference_does_at_length(case: Case, at: Moment) -> None:
    """Ten thousand times."""
    assert list(differences(*case, at)) == []


# Of the same thing, several facts and rules in windows: what one fact comes to is put together again by column.

THINGS = ("asthma", "autoimmune disease", "rheumatoid arthritis")
SPANS = (None, "P1M", "P6M", "P2Y")
windows = st.none() | st.builds(
    Window, side=st.sampled_from((None, "before")), within=st.sampled_from(SPANS), at_least=st.sampled_from(SPANS)
)
had = st.builds(
    Predicate,
    kind=st.sampled_from(("condition", "drug", "procedure")),
    concept=st.sampled_from(THINGS).map(ConceptRef),
    op=st.sampled_from(("present", "present", "absent")),
    window=windows,
    which=st.sampled_from((None, None, "any")),
    qualifier=st.sampled_from(((), (), ("severe",), ("history of",), ("idiopathic",), ("mild", "idiopathic"))),
)
findings = st.builds(
    Fact,
    id=st.just(""),
    kind=st.sampled_from(("condition", "procedure")),
    concept=st.sampled_from(THINGS).map(FactConcept),
    when=st.none() | st.sampled_from(("2026-01-10", "2025-12-18", "2025-05-01", "2020", "2026-01")).map(Moment),
    until=st.none() | st.sampled_from(("2026-01-12", "2025-06-30")).map(Moment),
    assertion=st.sampled_from(("present", "present", "present", "historical", "absent", "possible")),
    qualifier=st.sampled_from(((), (), ("severe",), ("ongoing",), ("as measured",))),
)


@settings(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))
@given(st.lists(had, min_size=4, max_size=12), st.lists(findings, min_size=1, max_size=5), st.booleans())
def test_facts_of_one_thing_are_put_together_alike(asked: list[Predicate], facts: list[Fact], complete: bool) -> None:
    """Older and newer ones, contradictions, what is over, what is too recent."""
    named = tuple(msgspec.structs.replace(one, id=f"f{place}") for place, one in enumerate(facts))
    patient = Patient(named, frozenset({"condition"}) if complete else frozenset())
    made = {1: [criterion(f"I{place}", rule) for place, rule in enumerate(asked, 1)]}
    assert list(differences(made, patient, Moment(MOMENTS[0]))) == []


# Who cannot be pregnant: by sex, by age, by what is past, by a test; and who is all the same.

CHILD = ("pregnancy", "lactation", "childbearing potential", "females of childbearing potential", "planning pregnancy")
of_women = st.builds(
    Predicate,
    kind=st.just("condition"),
    concept=st.sampled_from(("pregnancy", *CHILD)).map(ConceptRef),
    op=st.sampled_from(("present", "absent")),
    window=windows | st.sampled_from((Window("screening"), Window("screening", "after", "P1Y"))),
    qualifier=st.sampled_from(((), (), (), ("below 60 years",), ("able to conceive",), ("history of",))),
)
tests_of_them = st.builds(
    Predicate,
    kind=st.just("measurement"),
    concept=st.just(ConceptRef("pregnancy test")),
    window=windows,
    qualifier=st.sampled_from((("negative",), ("positive",), ())),
)
births = st.builds(
    Predicate,
    kind=st.just("procedure"),
    concept=st.just(ConceptRef("cesarean section")),
    qualifier=st.sampled_from(((), ("elective",), ("previous",))),
)
of_her = st.builds(
    Fact,
    id=st.just(""),
    kind=st.just("condition"),
    concept=st.sampled_from((*CHILD, "menopause", "premenopausal", "hysterectomy", "ectopic pregnancy")).map(
        FactConcept
    ),
    when=st.none() | st.sampled_from(("2026-01-10", "2020")).map(Moment),
    until=st.none() | st.just(Moment("2025-06-30")),
    assertion=st.sampled_from(("present", "present", "historical", "absent", "possible", "planned")),
)
who = st.builds(
    Fact,
    id=st.just(""),
    kind=st.just("demographic"),
    concept=st.just(FactConcept("sex")),
    value=st.sampled_from(("male", "female")),
)
ages = st.builds(
    Fact,
    id=st.just(""),
    kind=st.just("demographic"),
    concept=st.just(FactConcept("age")),
    value=st.sampled_from((6, 7, 8, 30, 55, 56, 57)),
    unit=st.just("a"),
    when=st.none() | st.just(Moment("2026-01-10")),
)
results = st.builds(
    Fact,
    id=st.just(""),
    kind=st.just("measurement"),
    concept=st.just(FactConcept("pregnancy test")),
    value=st.sampled_from(("negative", "positive")),
    when=st.none() | st.just(Moment("2026-01-10")),
)


@settings(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))
@given(
    st.lists(of_women | tests_of_them | births, min_size=4, max_size=12),
    st.lists(of_her | results, max_size=2),
    st.lists(who | ages, min_size=1, max_size=2),
    st.booleans(),
)
def test_who_cannot_be_pregnant_is_told_alike(
    asked: list[Predicate], told: list[Fact], people: list[Fact], complete: bool
) -> None:
    """By sex, by age, by what is past and by a test, against what the record says all the same."""
    facts = tuple(msgspec.structs.replace(one, id=f"f{place}") for place, one in enumerate((*told, *people)))
    patient = Patient(facts, frozenset({"condition"}) if complete else frozenset())
    made = {1: [criterion(f"I{place}", rule) for place, rule in enumerate(asked, 1)]}
    assert list(differences(made, patient, Moment(MOMENTS[0]))) == []


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(cases(), cases(), moments)
def test_columns_of_many_editions_are_those_made_at_once(first: Case, second: Case, at: Moment) -> None:
    """Studies that come and go leave no trace in the rules of the others."""
    old, patient = columns_of(first[0]), first[1]
    new = {number + 3: criteria for number, criteria in second[0].items()}
    kept = old.keep(~np.isin(old.studies, list(new)))
    both = {**{number: one for number, one in first[0].items() if number not in new}, **new}
    later, anew = columns_of(new, kept), columns_of(both)
    assert list(differences(both, patient, at, screen_all(index_of(later), patient, at=at))) == []
    assert {name: len(one) for name, one in later.arrays.items()} == {
        name: len(one) for name, one in anew.arrays.items()
    }
