"""The reference evaluator beyond its tables: evidence, what settles, clocks, codes, people's part."""

from __future__ import annotations

from typing import Any

import pytest

from equipoise.records.moments import Moment
from equipoise.records.patient import Patient, read_patient
from equipoise.rules.evaluate import Answer, answer_criterion, evaluate
from equipoise.rules.nodes import All, AnyOf, ConceptRef, Left, Not, Predicate, Rule, Window
from equipoise.terms.lexicon import Concept, lexicon
from equipoise.terms.normal_limits import common_limits
from spec.tables import read_record

AT = Moment("2026-01-15T09:40+01:00")


def _is(kind: str, name: str, **more: Any) -> Predicate:
    return Predicate(kind=kind, concept=ConceptRef(name), **more)


def _answer(rule: Rule, record: str, at: Moment = AT) -> Answer:
    return evaluate(rule, read_record(record), at=at)


PLATELETS = _is("measurement", "platelet count", op="<", value=100, unit="10*9/L")
CONSENT = _is("administrative", "informed consent")
ADULT = _is("demographic", "age", op=">=", value=18, unit="a")


def test_evidence_is_what_decided() -> None:
    """The result that was overtaken is no evidence, nor are the parts that did not decide."""
    record = (
        "measurement platelet count = 84 10*9/L on 2026-01-14; measurement platelet count = 200 10*9/L on 2025-01-01"
    )
    assert _answer(PLATELETS, record).evidence == ("f1",)
    asthma = _is("condition", "asthma")
    assert _answer(AnyOf((PLATELETS, asthma)), f"{record}; no condition asthma").evidence == ("f1",)
    assert _answer(All((PLATELETS, asthma)), f"{record}; no condition asthma").evidence == ("f3",)


@pytest.mark.parametrize(
    ("rule", "record", "settle"),
    [
        (PLATELETS, "", "no platelet count in this record: a result in ×10⁹/L would settle it"),
        (
            PLATELETS,
            "measurement platelet count = 84",
            "platelet count has no unit: a result in ×10⁹/L would settle it",
        ),
        (
            _is("measurement", "hemoglobin", op=">", value=9, unit="g/dL", window=Window(side="before", within="P3M")),
            "measurement hemoglobin = 10 g/dL on 2025-01-01",
            "no hemoglobin in its window in this record: a result in g/dL within the last 3 months would settle it",
        ),
        (
            _is("measurement", "alanine aminotransferase", op=">", value=2, relative_to="ULN"),
            "measurement alanine aminotransferase = 90 U/L",
            "alanine aminotransferase comes without the laboratory's range: a result with the laboratory's range "
            "would settle it",
        ),
        (_is("condition", "asthma"), "", "the record does not say whether this is so: asthma"),
        (
            _is("condition", "asthma", qualifier=("severe",)),
            "condition asthma",
            "whether asthma is severe",
        ),
        (
            _is("condition", "asthma"),
            "pending condition asthma",
            "whether asthma came true: the record has it as pending",
        ),
        (
            Predicate(kind="event_time", from_="stroke onset", to="randomization", op="<=", value=24, unit="h"),
            "event_time stroke onset on 2026-01-14",
            "when stroke onset was, to the minute",
        ),
        (ADULT, "", "the date of birth, or an age with its unit and date"),
        (CONSENT, "", "a person must answer: informed consent (a person answers)"),
        (Left((0, 4)), "", "words that were not understood: read them in the text"),
    ],
)
def test_what_would_settle_an_unknown_is_said(rule: Rule, record: str, settle: str) -> None:
    """The sentence names the fact and how fresh it must be, and no value of the patient's."""
    assert _answer(rule, record).settle == (settle,)


def test_people_answer_what_only_they_can() -> None:
    """A criterion is administrative where only such questions keep it open."""
    adult = "demographic age = 40 a"
    for rule, record, administrative in (
        (All((ADULT, CONSENT)), adult, True),
        (All((ADULT, CONSENT)), "", False),
        (All((ADULT, CONSENT)), "demographic age = 4 a", False),
        (Not(CONSENT), "", True),
        (AnyOf((CONSENT, Left((0, 1)))), "", False),
    ):
        answer = _answer(rule, record)
        assert answer.administrative is administrative
        if administrative:
            assert answer_criterion("inclusion", answer.holds, administrative=True) == "administrative"


def test_a_criterion_without_a_side_is_not_answered() -> None:
    """Whether it lets in or keeps out is not known."""
    assert answer_criterion(None, True) == "unknown"


def test_one_code_is_one_thing() -> None:
    """A LOINC code names a result whatever the record calls it; a group's code of diseases does not."""
    result = {
        "kind": "measurement",
        "concept": {"name": "Thr", "codes": {"loinc": "777-3"}},
        "value": 84,
        "unit": "10*9/L",
    }
    rule = Predicate(
        kind="measurement",
        concept=ConceptRef("platelet count", codes={"loinc": "777-3"}),
        op="<",
        value=100,
        unit="10*9/L",
    )
    assert evaluate(rule, read_patient({"facts": [result]}), at=AT).holds is True
    tumor = {"kind": "condition", "concept": {"name": "a growth", "codes": {"mesh": "D009369"}}}
    malignancy = Predicate(kind="condition", concept=ConceptRef("malignancy", codes={"mesh": "D009369"}))
    assert evaluate(malignancy, read_patient({"facts": [tumor]}), at=AT).holds is None


def test_a_vocabulary_of_the_users_own_reasons_too() -> None:
    """A lexicon that is passed in knows more members of a class."""
    rule, patient = _is("drug", "anticoagulant"), read_record("drug novelban")
    assert evaluate(rule, patient, at=AT).holds is None
    wider = lexicon().extended([Concept("drug", "novelban")], parents={"novelban": ["anticoagulant"]})
    assert evaluate(rule, patient, at=AT, lexicon=wider).holds is True


@pytest.mark.parametrize(
    ("at", "onset", "holds"),
    [
        ("2026-01-15T09:40+01:00", "2026-01-14T09:40", True),
        ("2026-01-15T09:40+01:00", "2026-01-14T08:39Z", False),
        ("2026-01-15T09:40", "2026-01-14T09:40-05:00", True),
        ("2026-01-15T09:40", "2026-01-14T09:39-05:00", False),
        ("2026-01-15", "2026-01-15T08:00-05:00", True),
        ("2026-01-15", "2026-01-14T08:00-05:00", None),
    ],
)
def test_moments_without_a_zone_are_on_the_patients_clock(at: str, onset: str, *, holds: bool | None) -> None:
    """A zone that is left out is the one of the moment, else the one that the record names."""
    rule = Predicate(kind="event_time", from_="stroke onset", to="randomization", op="<=", value=24, unit="h")
    assert _answer(rule, f"event_time stroke onset on {onset}", at=Moment(at)).holds is holds


def test_eligible_from_is_when_the_last_washout_ends() -> None:
    """Two drugs, two washouts: both must be over; any other exclusion keeps the moment open."""
    washout = [
        Not(_is("drug", name, window=Window(side="before", within=length)))
        for name, length in (("warfarin", "P14D"), ("rituximab", "P6M"))
    ]
    record = "drug warfarin since 2025-01-01 until 2026-01-10; drug rituximab since 2025-12-01 until 2025-12-01"
    assert _answer(All(tuple(washout)), record).true_from == "2026-06-02"
    asthma = Not(_is("condition", "asthma"))
    assert _answer(All((*washout, asthma)), f"{record}; condition asthma").true_from is None


def test_a_window_closes_at_the_earliest_end() -> None:
    """Of two windows that are open, the one that shuts first is the end."""
    rules = [
        Predicate(kind="event_time", from_="stroke onset", to="randomization", op="<=", value=hours, unit="h")
        for hours in (24, 36)
    ]
    assert _answer(All(tuple(rules)), "event_time stroke onset on 2026-01-14T22:10+01:00").true_until == (
        "2026-01-15T22:10+01:00"
    )


def test_a_length_of_time_that_is_none_is_an_error() -> None:
    """A window that cannot be read is a fault of the rule, and is not passed over."""
    with pytest.raises(ValueError, match="Expected a duration such as P28D or PT24H, got '28 days'"):
        evaluate(_is("drug", "warfarin", window=Window(within="28 days")), Patient(), at=AT)


def test_a_default_range_is_said() -> None:
    """What common laboratories' limits decide says so, however deep it stands; the laboratory's own says nothing."""
    limit = _is("measurement", "alanine aminotransferase", op=">", value=2, relative_to="ULN")
    tree = All((Not(_is("condition", "asthma")), limit))
    assert _answer(tree, "no condition asthma; measurement ALT = 300 U/L").note == (
        "ALT comes without the laboratory's range: it is so by the upper limit of every common laboratory, "
        "19 to 70 U/L for adults"
    )
    assert _answer(limit, "measurement ALT = 300 U/L normal 7 to 40").note is None
    assert _answer(limit, "measurement ALT = 90 U/L").note is None


@pytest.mark.parametrize("name", ["alanine aminotransferase", "total bilirubin", "serum creatinine", "platelet count"])
def test_what_a_default_decides_every_laboratory_in_its_span_decides_alike(name: str) -> None:
    """A result that is decided without a range is decided the same with any range from the table."""
    limits = common_limits(name, "ULN")
    assert limits is not None
    rule = _is("measurement", name, op=">", value=1.5, relative_to="ULN")
    for tenths in range(1, 60):
        value = limits.high * tenths / 10
        record = f"measurement {name} = {value:.3f} {limits.unit}"
        alone = _answer(rule, record).holds
        told = {_answer(rule, f"{record} normal 0 to {top}").holds for top in (limits.low, limits.high)}
        assert {alone} == told if alone is not None else len(told) == 2


@pytest.mark.parametrize("kind", ["condition", "procedure", "allergy", "variant"])
def test_a_denial_of_everything_is_of_its_own_kind(kind: str) -> None:
    """ "No medications" denies every drug, and leaves diseases, operations and allergies unknown."""
    nothing = read_patient({"facts": [{"kind": "drug", "assertion": "absent"}]})
    at = Moment("2026-01-15")
    assert evaluate(_is("drug", "warfarin"), nothing, at=at).holds is False
    assert evaluate(_is(kind, "asthma"), nothing, at=at).holds is None
