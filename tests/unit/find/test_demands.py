"""Asking what criteria demand: what is certain is found, what would be a guess is not."""

from __future__ import annotations

import pytest

from equipoise.criteria.compile import compile_criteria
from equipoise.errors import QueryError
from equipoise.find.demands import read_demand
from equipoise.find.entailing import demanded, entailing
from equipoise.store.demands import read_literals
from equipoise.store.postings import Postings, PostingsBuilder
from equipoise.terms.lexicon import Concept, lexicon


def postings(*texts: str) -> Postings:
    """Return the postings of studies with these eligibility texts, numbered from 1."""
    builder = PostingsBuilder(Postings.none())
    for number, text in enumerate(texts, 1):
        found = compile_criteria(text)
        assert all(one.rule is not None for one in found), text
        builder.add(number, read_literals((one.section, one.rule) for one in found if one.rule and not one.parent))
    return builder.postings()


def answers(kind: str, phrase: str, text: str) -> bool:
    """Return whether a study with this text is found."""
    demand = read_demand(kind, phrase)
    found = entailing(demanded(postings(text)), demand.rule, holds=kind == "requires").tolist()
    return found == [1]


def includes(*items: str) -> str:
    return "Inclusion Criteria:\n\n" + "\n".join(f"* {item}" for item in items)


def excludes(*items: str) -> str:
    return "Exclusion Criteria:\n\n" + "\n".join(f"* {item}" for item in items)


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("platelet count >= 50 10*9/L", includes("Platelet count ≥ 100 × 10^9/L"), True),
        ("platelet count >= 100 10*9/L", includes("Platelet count ≥ 100 × 10^9/L"), True),
        ("platelet count > 100 10*9/L", includes("Platelet count ≥ 100 × 10^9/L"), False),
        ("platelet count >= 150 10*9/L", includes("Platelet count ≥ 100 × 10^9/L"), False),
        ("platelet count < 50 10*9/L", includes("Platelet count ≥ 100 × 10^9/L"), False),
        ("platelet count >= 50 10*9/L", excludes("Platelet count < 100 × 10^9/L"), True),
        ("platelet count > 100 10*9/L", excludes("Platelet count < 100 × 10^9/L"), False),
        ("platelet count > 100 10*9/L", excludes("Platelet count ≤ 100 × 10^9/L"), True),
        ("platelet count >= 100 10*9/L", includes("Platelet count ≥ 100,000 /mm3"), True),
        ("platelet count < 50 10*9/L", includes("Platelet count < 30 × 10^9/L"), True),
        ("age >= 18 years", includes("Age 18 to 65 years"), True),
        ("age > 12 years", includes("Age 18 to 65 years"), True),
        ("age >= 18 years", includes("Age 16 to 65 years"), False),
        ("heart failure", includes("Heart failure"), True),
        ("heart failure", excludes("Heart failure"), False),
        ("stroke", includes("Ischemic stroke"), True),
        ("ischemic stroke", includes("Stroke"), False),
        ("heart failure", includes("Heart failure or stroke"), False),
        ("heart failure", includes("Heart failure", "Stroke"), True),
    ],
)
def test_a_study_requires_what_everyone_who_joins_must_be(phrase: str, text: str, found: bool) -> None:
    """By an inclusion that entails it or an exclusion whose contrary does; units converted."""
    assert answers("requires", phrase, text) is found


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("heart failure", excludes("Heart failure"), True),
        ("heart failure", includes("No heart failure"), True),
        ("heart failure", includes("Heart failure"), False),
        ("heart failure", excludes("Severe heart failure"), False),
        ("ischemic stroke", excludes("Stroke"), True),
        ("stroke", excludes("Ischemic stroke"), False),
        ("pregnancy", excludes("Pregnancy or lactation"), True),
        ("rivaroxaban", excludes("Anticoagulants"), True),
        ("anticoagulant", excludes("Rivaroxaban"), False),
        ("platelet count < 50 10*9/L", excludes("Platelet count < 100 × 10^9/L"), True),
        ("platelet count < 150 10*9/L", excludes("Platelet count < 100 × 10^9/L"), False),
        ("age > 80 years", includes("Age 18 to 65 years"), True),
    ],
)
def test_a_study_excludes_what_nobody_who_joins_may_be(phrase: str, text: str, found: bool) -> None:
    """By a criterion about it, or about what it is a kind of; never by one about a part of it."""
    assert answers("excludes", phrase, text) is found


@pytest.mark.parametrize(
    ("phrase", "text", "ruled_out"),
    [
        ("age 80", includes("Age 18 to 65 years"), True),
        ("age 80", includes("Age 18 years or older"), False),
        ("platelet count 60 10*9/L", includes("Platelet count ≥ 100 × 10^9/L"), True),
        ("platelet count 60 10*9/L", excludes("Platelet count < 50 × 10^9/L"), False),
        ("platelet count 60 10*9/L", includes("Hemoglobin ≥ 9 g/dL"), False),
        ("pregnancy", excludes("Pregnancy"), True),
        ("pregnancy", includes("Heart failure"), False),
    ],
)
def test_a_fact_is_ruled_out_by_what_contradicts_it(phrase: str, text: str, ruled_out: bool) -> None:
    """A demand that the fact says nothing of does not."""
    demand = read_demand("accepts", phrase)
    assert (entailing(demanded(postings(text)), demand.rule, holds=False).tolist() == [1]) is ruled_out


def test_several_studies_are_told_apart() -> None:
    """Each by its own criteria, in order of number."""
    texts = (excludes("Heart failure"), includes("Age ≥ 18 years"), excludes("Stroke", "Heart failure"))
    known = demanded(postings(*texts))
    assert entailing(known, read_demand("excludes", "heart failure").rule, holds=False).tolist() == [1, 3]
    assert entailing(known, read_demand("excludes", "heart failure or stroke").rule, holds=False).tolist() == [3]


def test_nothing_compiled_answers_nothing() -> None:
    """And is no error."""
    known = demanded(Postings.none())
    for phrase in ("heart failure", "age > 80 years"):
        assert entailing(known, read_demand("requires", phrase).rule).tolist() == []


def test_a_vocabulary_widens_questions_and_answers() -> None:
    """A name that only it knows is understood, and its classes count."""
    kitosis = Concept("condition", "kitosis", synonyms=("kite malady",))
    wider = lexicon().extended([kitosis], parents={"kitosis": ["infection"]})
    with pytest.raises(QueryError, match="not understood"):
        read_demand("excludes", "kite malady")
    asked = read_demand("excludes", "kite malady", wider)
    assert asked.words == "excluding kitosis"
    stored = postings(excludes("Infection"))
    assert entailing(demanded(stored, wider), asked.rule, holds=False).tolist() == [1]
    assert entailing(demanded(stored), asked.rule, holds=False).tolist() == []


def test_a_question_says_itself_in_english() -> None:
    """With the compiler's own reading of it, so that a misreading shows."""
    assert read_demand("requires", "platelet count  < 50 10*9/L").words == "requiring platelet count below 50 ×10⁹/L"
    assert read_demand("excludes", "heart failure").words == "excluding heart failure"
    assert read_demand("accepts", "age 80").words == "whose criteria do not rule out age exactly 80 years"


def test_a_question_that_is_not_understood_says_where() -> None:
    """The whole message."""
    with pytest.raises(QueryError) as caught:
        read_demand("requires", "heart failure and gribble wobbliness")
    first, text, caret, last = str(caught.value).split("\n")
    assert first == "This is not understood as a criterion"
    assert text == "    heart failure and gribble wobbliness"
    assert set(caret.strip()) <= {"^", "~"}
    assert last == 'Write it as criteria do: "platelet count < 50 10*9/L", "heart failure", "age 80".'


@pytest.mark.parametrize("phrase", ["", "signed consent", "???"])
def test_what_states_nothing_about_a_patient_is_no_question(phrase: str) -> None:
    """Nothing, what only a person answers, marks."""
    with pytest.raises(QueryError, match="This is not understood as a criterion"):
        read_demand("requires", phrase)


def test_a_long_question_is_refused() -> None:
    """It would be several."""
    with pytest.raises(QueryError, match="A question about criteria has at most 300 characters"):
        read_demand("requires", "stroke or " * 100)
