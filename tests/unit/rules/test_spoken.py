"""Facts that may speak of a concept are found by their names, classes and codes as if each of them were asked."""

from __future__ import annotations

from typing import Any

import pytest

from equipoise.records.moments import Moment
from equipoise.records.patient import Fact, read_patient
from equipoise.rules.nodes import ConceptRef
from equipoise.rules.seen import Seen
from equipoise.terms.lexicon import lexicon

NAMES = (
    "asthma", "autoimmune disease", "rheumatoid arthritis", "warfarin", "anticoagulant", "opioid use", "opioid",
    "morphine", "breast cancer", "metastatic breast cancer", "trauma", "cardiac arrest", "stroke", "stroke onset",
    "platelet count", "thrombocyte count", "an unheard of thing", "tumour necrosis factor inhibitor", "heart attack",
)  # fmt: skip
CODES: tuple[dict[str, str], ...] = ({}, {"snomed": "195967001"}, {"icd10": "J45"})


def _fact(name: str | None, kind: str, **more: Any) -> dict[str, Any]:
    codes = more.pop("codes", {})
    return {"kind": kind, **({} if name is None else {"concept": {"name": name, "codes": codes}}), **more}


FACTS = [
    *(_fact(name, kind) for name in NAMES for kind in ("condition", "drug", "procedure", "measurement", "event_time")),
    *(_fact("asthma", "condition", codes=one) for one in CODES),
    _fact("breast cancer", "condition", qualifier=["metastatic"]),
    _fact("cardiac arrest", "condition", qualifier=["due to trauma"]),
    _fact(None, "condition", assertion="absent"),
    _fact(None, "drug", assertion="absent"),
]


@pytest.mark.parametrize("codes", CODES)
@pytest.mark.parametrize("name", NAMES)
def test_what_is_found_is_all_that_speaks(name: str, codes: dict[str, str]) -> None:
    """By itself, a class, a kind, a cause, a use, an event, a variable, a code; also without some of the facts."""
    seen = Seen(read_patient({"facts": FACTS}), Moment("2026-01-15"), lexicon())
    concept, names = ConceptRef(name, codes), seen.names

    def speaks(fact: Fact) -> bool:
        ways = (names.answers, names.denies, names.caused_by, names.begun, names.measures, names.same)
        return any(way(fact, concept) for way in ways) or names.event(fact.name) == names.event(name)

    found = seen.speaking("found", speaks, concept)
    assert found == tuple(filter(speaks, seen.known)) != ()
    taken = {fact.id for fact in found[::2]}
    assert seen.without(taken).speaking("found", speaks, concept) == found[1::2]
