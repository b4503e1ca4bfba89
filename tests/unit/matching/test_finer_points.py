"""What the reference knows of names, qualifiers, exceptions and people, by column: each fact, and pairs of them."""

from __future__ import annotations

import random
from itertools import product

import msgspec
import pytest

from equipoise.matching.columns import screen_all
from equipoise.records.moments import Moment
from equipoise.records.patient import Fact, FactConcept, Patient
from equipoise.rules.nodes import All, AnyOf, ConceptRef, Not, Predicate, Rule, Unless, Window
from matched import columns_of, criterion, differences, index_of

AT = Moment("2026-01-15T09:40+01:00")
TUMORS = ("malignant tumor", "melanoma", "basal cell carcinoma")
CONDITIONS = (
    *TUMORS, "hypertension", "pregnancy", "lactation", "childbearing potential", "trauma", "cardiac arrest", "stroke",
    "opioid use",
)  # fmt: skip
QUALIFIERS = ((), ("controlled",), ("uncontrolled",), ("moderate to severe",), ("not treated",), ("recent",), ("odd",))
WINDOWS = (
    None,
    Window(anchor="screening"),
    Window(anchor="screening", side="around", within="P1M"),
    Window(side="before", within="P1Y"),
    Window(anchor="symptom onset", side="before", within="PT24H"),
)
ALT = "alanine aminotransferase"


def _is(name: str, kind: str = "condition", **more: object) -> Predicate:
    return Predicate(kind=kind, concept=ConceptRef(name), **more)  # type: ignore[arg-type]


def _rules() -> list[Rule]:
    plain = [
        _is(name, qualifier=qualifier, window=window, op=op)
        for name, qualifier, window, op in product(CONDITIONS, QUALIFIERS, WINDOWS, ("present", "absent"))
    ]
    drugs = [
        _is("morphine", "drug", op=op, value=2, unit="mg", window=window) for op in (">=", "<") for window in WINDOWS
    ]
    lasting = [_is(name, "duration", op=">=", value=2, unit="d") for name in ("stroke", "pregnancy", "trauma")]
    variants = [
        _is(name, "variant", alteration=alteration)
        for name, alteration in product(("EGFR", "EGFR L858R"), (None, "L858R", "mutations", "wild type"))
    ]
    excepted: list[Rule] = [
        rule
        for one, other in product(map(_is, TUMORS), (_is(name, window=WINDOWS[3]) for name in (*TUMORS, "trauma")))
        for rule in (Unless(one, other), Not(Unless(All((one, _is("hypertension"))), AnyOf((other, other)))))
    ]
    results = [
        _is(ALT, "measurement", op=op, value=value, upper=8, relative_to=relative, qualifier=qualifier)
        for op, value, relative, qualifier in product(
            ("<=", ">", "between"),
            (1, 2.5, 5),
            ("ULN", "LLN"),
            ((), ("despite therapy",), ("recent",), ("fasting",), ("fasting", "despite therapy")),
        )
    ]
    return [*plain, *drugs, *lasting, *variants, *excepted, *results]


def _facts() -> list[Fact]:
    def fact(kind: str, name: str, **more: object) -> Fact:
        return Fact(id="f", kind=kind, concept=FactConcept(name), **more)  # type: ignore[arg-type]

    named = [
        fact("condition", name, qualifier=qualifier, when=when)
        for name, qualifier, when in product(
            (*CONDITIONS, "skin cancer", "menopause"),
            ((), ("controlled",), ("severe",), ("treated",), ("due to trauma",)),
            (None, Moment("2026-01-10")),
        )
    ]
    stated = [
        fact("condition", name, assertion=assertion, until=Moment("2026-01-12"))
        for name, assertion in product(CONDITIONS, ("present", "historical", "absent", "planned"))
    ]
    more = [
        fact("drug", "morphine", value=4, unit="mg"),
        fact("drug", "morphine", until=Moment("2026-01-12")),
        fact("procedure", "hysterectomy"),
        fact("event_time", "stroke onset", when=Moment("2026-01-15T07:10+01:00")),
        fact("event_time", "onset of trauma", when=Moment("2026-01-15T07:10+01:00")),
        fact("duration", "stroke", value=3, unit="d"),
        fact("demographic", "sex", value="male"),
        fact("demographic", "age", value=12, unit="a"),
        fact("measurement", "pregnancy test", value="negative"),
        *(
            fact("measurement", ALT, value=value, unit=unit, range=range_, qualifier=qualifier)
            for value, unit, range_, qualifier in product(
                (40, 400), ("U/L", None), (None, (7, 56), (None, 56)), ((), ("fasting",), ("despite therapy",))
            )
        ),
        *(fact("variant", name, alteration=one) for name in ("EGFR", "EGFR L858R") for one in (None, "L858R", "T790M")),
    ]
    return [*named, *stated, *more]


RULES = _rules()
STUDIES = {1: [criterion(f"{'IE'[place % 2]}{place}", rule) for place, rule in enumerate(RULES, 1)]}


@pytest.mark.parametrize("complete", [False, True])
def test_finer_points_come_out_alike(complete: bool) -> None:
    """Exceptions of a kind, opposites, causes, onsets, drugs of use, who cannot be pregnant, common limits, "now"."""
    draw = random.Random(5)
    facts = _facts()
    sets = [[one] for one in draw.sample(facts, 45)] + [
        draw.sample(facts, count) for count in (2, 3, 6) for _ in range(18)
    ]
    index = index_of(columns_of(STUDIES))
    kinds = frozenset({"condition", "variant"}) if complete else frozenset()
    found = []
    for some in sets:
        named = tuple(msgspec.structs.replace(one, id=f"f{place}") for place, one in enumerate(some))
        patient = Patient(named, kinds)  # type: ignore[arg-type]
        found += differences(STUDIES, patient, AT, screen_all(index, patient, at=AT))
    assert found == []


def test_where_a_number_lies_is_asked_of_each_way_to_say_it() -> None:
    """A number says without a word that it is high or normal; whatever nobody knows of it stays open."""
    said = (("normal limits",), ("normal range for age",), ("elevated",), ("low",), ("odd",), ("odd", "low"))
    rules = [_is(ALT, "measurement", op=op, qualifier=one) for one in said for op in ("present", "absent")]
    asked = {1: [criterion(f"I{place}", rule) for place, rule in enumerate(rules, 1)]}
    for value, limits in product((3, 30, 300), (None, (0, 40), (None, 40))):
        fact = Fact(id="f1", kind="measurement", concept=FactConcept(ALT), value=value, unit="U/L", range=limits)
        assert list(differences(asked, Patient((fact,)), AT)) == []
