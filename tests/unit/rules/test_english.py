"""A rule is said in one sentence, and no field that changes its meaning is left unsaid."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from equipoise.rules.english import describe_rule
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
)


def _is(kind: str, name: str, **more: Any) -> Predicate:
    return Predicate(kind=kind, concept=ConceptRef(name), **more)


STROKE = _is("condition", "ischemic stroke")

SENTENCES: list[tuple[Rule, str]] = [
    (_is("measurement", "platelet count", op="<", value=100, unit="10*9/L"), "platelet count below 100 ×10⁹/L"),
    (
        _is(
            "condition",
            "ischemic stroke",
            window=Window(anchor="randomization", side="before", within="PT24H"),
        ),
        "ischemic stroke, within 24 hours before randomization",
    ),
    (_is("allergy", "tocilizumab"), "allergy to tocilizumab"),
    (_is("demographic", "sex", op="=", value="female"), "sex is female"),
    (_is("demographic", "age", op="between", value=18, upper=85, unit="a"), "age 18 to 85 years"),
    (_is("demographic", "age", op=">=", value=1, unit="a"), "age at least 1 year"),
    (
        _is("measurement", "alanine aminotransferase", op=">", value=2, relative_to="ULN"),
        "alanine aminotransferase above 2 × the upper limit of normal",
    ),
    (
        Predicate(kind="event_time", from_="stroke onset", to="arterial puncture", op="<=", value=24, unit="h"),
        "time from stroke onset to arterial puncture at most 24 hours",
    ),
    (_is("duration", "return of spontaneous circulation", op=">", value=20, unit="min"),
     "duration of return of spontaneous circulation above 20 minutes"),
    (_is("prior_lines", "chemotherapy", op=">=", value=2), "prior lines of chemotherapy at least 2"),
    (Predicate(kind="prior_lines", op="<=", value=3), "prior lines of treatment at most 3"),
    (_is("variant", "EGFR", alteration="L858R"), "EGFR L858R (variant)"),
    (_is("variant", "EGFR"), "EGFR alteration"),
    (_is("drug", "warfarin", op="absent"), "no treatment with warfarin"),
    (_is("drug", "prednisone", op=">", value=10, unit="mg/d"), "treatment with prednisone above 10 mg/d"),
    (_is("procedure", "surgery", window=Window(side="before", within="P28D")),
     "undergoing surgery, within the last 28 days"),
    (_is("condition", "cardiac arrest", qualifier=("due to trauma",)), "cardiac arrest, due to trauma"),
    (_is("measurement", "hemoglobin", op="<", value=9, unit="g/dL", population="men", which="worst"),
     "in men: hemoglobin below 9 g/dL (the worst result)"),
    (_is("administrative", "informed consent"), "informed consent (a person answers)"),
    (Left((0, 4)), "[not understood]"),
    (Not(STROKE), "no ischemic stroke"),
    (Not(_is("measurement", "hemoglobin", op="<", value=9, unit="g/dL")), "not (hemoglobin below 9 g/dL)"),
    (Unless(_is("condition", "autoimmune disease"), _is("condition", "vitiligo")),
     "autoimmune disease, unless vitiligo"),
    (AtLeast(2, (_is("condition", "fever"), _is("condition", "cough"), STROKE)),
     "at least 2 of: fever; cough; ischemic stroke"),
    (All((STROKE, AnyOf((_is("condition", "fever"), _is("condition", "cough"))))),
     "ischemic stroke and (fever or cough)"),
    (All((AnyOf((STROKE, Left((0, 4)))), Left((0, 4)))), "ischemic stroke [in doubt]"),
    (All((AnyOf((STROKE, Left((0, 4)))), Left((0, 4)), Left((5, 9)), _is("condition", "fever"))),
     "ischemic stroke [in doubt] and fever and [not understood]"),
    (All((AnyOf((STROKE, Left((0, 4)))), Left((5, 9)))), "(ischemic stroke or [not understood]) and [not understood]"),
    (AnyOf((Left((0, 4)), STROKE, Left((5, 9)))), "ischemic stroke or [not understood]"),
    (All((Left((0, 4)), Left((5, 9)))), "[not understood]"),
    (AnyOf((AnyOf((STROKE, Left((0, 4)))), Left((0, 4)))), "(ischemic stroke or [not understood]) or [not understood]"),
    (AtLeast(1, (Left((0, 4)), Left((5, 9)))), "at least 1 of: [not understood]; [not understood]"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "sentence"), SENTENCES, ids=[sentence for _, sentence in SENTENCES])
def test_a_rule_reads_as_people_say_it(rule: Rule, sentence: str) -> None:
    """The sentence is plain English."""
    assert describe_rule(rule) == sentence


WINDOW = Window(anchor="screening", side="before", within="P28D", at_least="P3D")
FULL = Predicate(
    kind="measurement",
    concept=ConceptRef("platelet count"),
    op="between",
    value=100,
    upper=200,
    unit="10*9/L",
    relative_to="ULN",
    qualifier=("fasting",),
    window=WINDOW,
    which="any",
    population="men",
    alteration="L858R",
    from_="stroke onset",
    to="surgery",
)
OTHERS: dict[str, list[Any]] = {
    "kind": [kind for kind in KINDS if kind != "measurement"],
    "concept": [ConceptRef("hemoglobin"), None],
    "op": [op for op in OPS if op != "between"],
    "value": [101, 100.5, None, "high"],
    "upper": [201, None],
    "unit": ["mg/dL", "10*6/L", "10*3/uL", "a", None],
    "relative_to": ["LLN", "baseline", None],
    "qualifier": [(), ("sitting",), ("fasting", "sitting")],
    "window": [
        None,
        *(
            msgspec.structs.replace(WINDOW, **{field: value})
            for field, values in {
                "anchor": ["surgery", None],
                "side": ["after", "around", None],
                "within": ["PT28H", "P29D", None],
                "at_least": ["P4D", "P3M", "PT3M", None],
            }.items()
            for value in values
        ),
    ],
    "which": ["all", "worst", "latest", None],
    "population": ["women", None],
    "alteration": ["T790M", None],
    "from_": ["surgery", None],
    "to": ["randomization", None],
}


@pytest.mark.parametrize("kind", KINDS)
def test_changing_any_field_changes_the_sentence(kind: str) -> None:
    """No two values of a field sound the same, whatever the kind."""
    full = msgspec.structs.replace(FULL, kind=kind)
    for op in ("between", ">=", "present"):
        base = msgspec.structs.replace(full, op=op)
        for field, values in OTHERS.items():
            said = [describe_rule(msgspec.structs.replace(base, **{field: one})) for one in values]
            others = [*said, describe_rule(base)]
            changed = {repr(one) for one in (getattr(base, field), *values)}
            assert len(set(others)) == len(changed), (op, field, sorted(others))


def test_every_field_is_tested() -> None:
    """A field that a predicate gains is a field that the sentence must say."""
    not_meaning = {"span"}
    assert {field.name for field in msgspec.structs.fields(Predicate)} - not_meaning == set(OTHERS)


def test_the_shape_of_a_tree_is_said() -> None:
    """Two trees of the same leaves that mean different things read differently."""
    one, other, third = (_is("condition", name) for name in ("fever", "cough", "asthma"))
    trees: list[Rule] = [
        All((one, other, third)),
        AnyOf((one, other, third)),
        All((one, AnyOf((other, third)))),
        AnyOf((All((one, other)), third)),
        AtLeast(1, (one, other, third)),
        AtLeast(2, (one, other, third)),
        Unless(one, All((other, third))),
        Unless(All((one, other)), third),
        Not(All((one, other, third))),
        All((Not(one), other, third)),
        All((Not(All((one, other))), third)),
    ]
    assert len({describe_rule(tree) for tree in trees}) == len(trees)
