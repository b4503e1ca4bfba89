"""Facts lie in windows by column as they do one by one."""

from __future__ import annotations

import random

import numpy as np

from equipoise.matching.trees import NEVER, moment_code
from equipoise.matching.windows import Lengths, Times, Windows
from equipoise.records.moments import EVER, Moment, parse_duration
from equipoise.records.patient import Patient, read_patient
from equipoise.rules.interned import window_word
from equipoise.rules.nodes import Window
from equipoise.rules.seen import Seen
from equipoise.terms.lexicon import lexicon

LENGTHS = (None, "P28D", "P1M", "P6M", "P2Y", "PT24H", "P1Y6M", "P0D")
ANCHORS = (None, "screening", "surgery", "stroke onset", "a wedding")
WHENS = (None, "2019", "2024-02", "2024-02-29", "2025-12-31", "2026-01-15", "2026-01-15T08:00+01:00", "0001-01-02")
KINDS = ("condition", "drug", "procedure", "measurement")
ASSERTIONS = ("present", "historical", "planned", "absent")


def some_patient(chance: random.Random) -> Patient:
    """Return a patient of whom little is certain."""
    facts = []
    for number in range(12):
        when, until = chance.choice(WHENS), chance.choice((None, None, *WHENS))
        kind, name = chance.choice(KINDS), chance.choice(("surgery", "asthma", "stroke", "aspirin"))
        fact = {"kind": kind, "concept": {"name": name}, "when": when, "until": until}
        facts.append({"id": f"f{number}", **fact, "assertion": chance.choice(ASSERTIONS)})
    return read_patient({"facts": facts})


def test_windows_are_as_one_by_one() -> None:
    """Of every window and every fact: whether it lies in it, is too recent, and when that turns."""
    every = [
        Window(anchor=anchor, side=side, within=within, at_least=least)
        for anchor in ANCHORS
        for side in (None, "before", "after", "around")
        for within in LENGTHS
        for least in LENGTHS
    ]
    chance = random.Random(3)
    for at in ("2026-01-15T09:40+01:00", "2026-01-15", "2026-01"):
        for _ in range(4):
            seen = Seen(some_patient(chance), Moment(at), lexicon())
            chosen = chance.sample(every, 300)
            windows = Windows(["", *(window_word(one) or "" for one in chosen)], seen.names)
            numbers, facts = (one.ravel() for one in np.mgrid[1 : len(chosen) + 1, 0 : len(seen.known)])
            lies = windows.lies(numbers, facts, Times(seen.known, seen), seen)
            moments = [windows.moments(numbers, one, clock=seen.clock).tolist() for one in lies[2:]]
            for place, (number, fact) in enumerate(zip(numbers.tolist(), facts.tolist(), strict=True)):
                opening = seen.opening(chosen[number - 1])
                lie = opening.lies(seen.known[fact])
                found = ({2: True, -2: False, 0: None}[int(lies.truth[place])], bool(lies.recent[place]))
                assert found == (lie.truth, lie.recent), (chosen[number - 1], seen.known[fact])
                turns = [
                    moment_code(seen.moment(tick, by_clock=opening.by_clock))
                    for tick in (lie.true_from, lie.true_until)
                ]
                assert [one[place] for one in moments] == turns, (chosen[number - 1], seen.known[fact])


def test_months_are_counted_as_one_by_one() -> None:
    """Into other years and from the ends of months, over the ends of the calendar, and not beyond all moments."""
    chance = random.Random(1)
    texts = ["P1M", "P13M", "P2Y", "P9999Y", "P999999M", "P28D", "PT36H", "P1Y6M", "P0D"]
    lengths = Lengths(parse_duration(text) for text in texts)
    ticks = np.array([*(chance.randrange(1, 3_650_000) for _ in range(400)), 1, 0, -5, EVER, -EVER, 3_652_059])
    for row, text in enumerate(texts):
        for sign in (1, -1):
            for by_clock in (True, False):
                rows, ruler = np.full(len(ticks), row), np.full(len(ticks), by_clock)
                made = lengths.shift(rows, ticks, sign, by_clock=ruler).tolist()
                wanted = [parse_duration(text).shift(tick, sign, by_clock=by_clock) for tick in ticks.tolist()]
                assert made == wanted
    assert NEVER < -EVER
