"""Measure one patient against every study at once; and the reference evaluator beside it.

    python bench/match.py ../shared/corpus --studies 70000 [--work FOLDER] [--profile NAME]

Prints one JSON object. The studies are put together out of the criteria of real texts, all of which are compiled first
(four minutes on two cores; kept in FOLDER). Real texts seldom repeat one another, so recombining alone would
leave too few distinct predicates: a share of the criteria is *varied* (another number, window, qualifier or concept, each
taken from another real predicate of the kind), so many that as many are distinct as the growth in the real
texts predicts for that number of criteria. Patients are invented. Milliseconds are the least of five rounds, by the clock
and of processor time; on a busy machine only the second say anything, and even they are longer there: compare two builds
that run side by side. The index is frozen for the collector of garbage, as the server does it.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import json
import math
import os
import platform
import pstats
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from patients import AT, invented

from criteria import BUNDLES, texts_of
from equipoise.intake.compile import compile_text
from equipoise.matching.columns import ANSWERS, States, screen_all
from equipoise.matching.index import RuleIndex
from equipoise.records.patient import Patient
from equipoise.rules.evaluate import answer_criterion, answer_rule
from equipoise.rules.nodes import Predicate, Rule, changed, from_json, leaves
from equipoise.rules.seen import Seen
from equipoise.store.rule_columns import Answered, RuleColumns, RuleColumnsBuilder

ROUNDS = 5
CRITERIA_A_STUDY = 24.3  # 1.7 million of 70,000 studies, as the design has it
# How many of the criteria are varied so that the predicates are as many as the growth predicts.
VARIED = 0.45
_SIZES = (0.25, 0.5, 1.0)
Row = tuple[str, Any]  # a criterion's id, and its rule as JSON


def _compiled(text: str) -> bytes:
    return compile_text(text).criteria


def read_rows(corpus: Path, work: Path) -> list[list[Row]]:
    """Return the parentless criteria of every real text, in an order of no meaning."""
    kept = work / "compiled.msgpack"
    if not kept.exists():
        found = dict.fromkeys(text for name in BUNDLES for text in texts_of(corpus / name) if text.strip())
        with Pool() as pool:
            packed = pool.map(_compiled, found, chunksize=50)
        work.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(msgspec.msgpack.encode(packed))
    packed = msgspec.msgpack.decode(kept.read_bytes())
    random.Random(1).shuffle(packed)
    every = (msgspec.msgpack.decode(one) for one in packed)
    return [[(row["id"], row["rule"]) for row in rows if row["parent"] is None] for rows in every]


def _rule(tree: Any) -> Rule | None:
    return None if tree is None else from_json(tree)


def growth(texts: list[list[Row]]) -> tuple[list[tuple[int, int, int]], RuleColumns]:
    """Return after so many criteria of real texts how many predicates and nodes are distinct, and the columns of all."""
    builder = RuleColumnsBuilder(None)
    marks = [int(len(texts) * part) for part in _SIZES]
    found = []
    for number, rows in enumerate(texts, start=1):
        builder.add(number, [Answered(name, _rule(tree)) for name, tree in rows])
        if number in marks:
            columns = builder.columns()
            found.append(tuple(len(columns.arrays[name]) for name in ("criteria", "leaves", "nodes")))
    return found, columns


def predicted(found: list[tuple[int, int, int]], criteria: int) -> dict[str, int]:
    """Return how many predicates and nodes that many criteria have, should they grow as they did last."""
    (half, *one), (whole, *two) = found[-2:]
    powers = [math.log(after / before) / math.log(whole / half) for before, after in zip(one, two, strict=True)]
    pairs = zip(("leaves", "nodes"), two, powers, strict=True)
    return {name: round(count * (criteria / whole) ** power) for name, count, power in pairs}


class Varier:
    """Changes a rule into one that a registrant might have written."""

    def __init__(self, rows: list[Row], seed: int) -> None:
        self._random = random.Random(seed)
        self._known: dict[str, list[Predicate]] = {}
        for _, tree in self._random.sample(rows, min(60_000, len(rows))):
            for one in leaves(_rule(tree)):
                if isinstance(one, Predicate):
                    self._known.setdefault(one.kind, []).append(one)

    def vary(self, rule: Rule) -> Rule:
        """Return the rule with each predicate taking something of another one of its kind."""
        return changed(rule, self._changed)

    def _changed(self, one: Predicate) -> Predicate:
        other = self._random.choice(self._known.get(one.kind, [one]))
        if isinstance(one.value, (int, float)) and isinstance(other.value, (int, float)):
            return msgspec.structs.replace(one, value=other.value)
        what = self._random.choice(("concept", "qualifier", "window"))
        return msgspec.structs.replace(one, **{what: getattr(other, what)})


def make_columns(rows: list[Row], studies: int) -> RuleColumns:
    """Return the columns of so many studies, of criteria that were drawn from real ones."""
    draw = random.Random(7)
    varier = Varier(rows, 8)
    builder = RuleColumnsBuilder(None)
    for number in range(1, studies + 1):
        count = max(1, round(draw.gammavariate(4, CRITERIA_A_STUDY / 4)))
        builder.add(number, _study(draw.choices(rows, k=count), varier, draw))
    return builder.columns()


def _study(rows: list[Row], varier: Varier, draw: random.Random) -> Iterator[Answered]:
    for place, (name, tree) in enumerate(rows, start=1):
        rule = _rule(tree)
        if rule is not None and draw.random() < VARIED:
            rule = varier.vary(rule)
        yield Answered(f"{name[0]}{place}", rule)


def least(function: Callable[[], Any]) -> tuple[float, float]:
    """Return the least milliseconds that a call takes, by the clock and of processor time."""
    taken = []
    for _ in range(ROUNDS):
        began, used = time.perf_counter(), time.process_time()
        function()
        taken.append((time.perf_counter() - began, time.process_time() - used))
    return min(one for one, _ in taken) * 1000, min(one for _, one in taken) * 1000


def by_reference(texts: list[list[Row]], patient: Patient, count: int = 150) -> tuple[float, dict[str, int]]:
    """Return the microseconds a criterion that the reference evaluator takes, and what it answers."""
    rules = [(name, _rule(tree)) for rows in texts[:count] for name, tree in rows]
    answers = dict.fromkeys(ANSWERS, 0)
    used = time.process_time()
    seen = Seen(patient, AT, _lexicon())
    for name, rule in rules:
        if rule is None:
            answers["unknown"] += 1
            continue
        answer = answer_rule(rule, seen)
        side = "inclusion" if name[0] == "I" else "exclusion"
        answers[answer_criterion(side, answer.holds, administrative=answer.administrative)] += 1
    return (time.process_time() - used) / len(rules) * 1e6, answers


def _lexicon() -> Any:
    from equipoise.terms.lexicon import lexicon

    return lexicon()


def _counts(states: States, studies: int) -> dict[str, int]:
    total = states.counts[:studies].sum(axis=0).tolist()
    return dict(zip(ANSWERS, total, strict=True))


def measure(corpus: Path, studies: int, work: Path, profile: str | None = None) -> dict[str, Any]:
    """Return all that is measured."""
    texts = read_rows(corpus, work)
    found, real = growth(texts)
    made = work / f"rules-{studies}"
    if not made.exists():
        make_columns([row for rows in texts for row in rows], studies).save(made)
    began = time.process_time()
    columns = RuleColumns.open(made)
    index = RuleIndex(columns.arrays, columns.words)
    opened = time.process_time() - began
    sample = RuleIndex(real.arrays, real.words)
    gc.collect()
    gc.freeze()
    rows = {}
    for name, patient in invented().items():
        clock, used = least(lambda patient=patient: screen_all(index, patient, at=AT))
        states = screen_all(index, patient, at=AT)
        each, answers = by_reference(texts, patient)
        assert answers == _counts(screen_all(sample, patient, at=AT), 150), "the evaluators differ"
        rows[name] = {
            "facts": len(patient.facts),
            "ms": round(clock),
            "ms of processor": round(used),
            "answers": dict(zip(ANSWERS, np.bincount(states.answers, minlength=4).tolist(), strict=True)),
            "reference, µs a criterion": round(each),
            "reference, s for all": round(each * len(states.answers) / 1e6),
        }
    if profile:
        _profile(lambda: screen_all(index, invented()[profile], at=AT))
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "load": os.getloadavg()[0],
        "real texts": dict(zip(("criteria", "leaves", "nodes"), zip(*found, strict=True), strict=True)),
        "predicted": predicted(found, len(index.rules)),
        "made": {name: len(columns.arrays[name]) for name in ("studies", "criteria", "leaves", "nodes", "parts")},
        "MB on disk": round(sum(file.stat().st_size for file in made.iterdir()) / 1e6),
        "s of processor to open": round(opened, 2),
        "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "patients": rows,
    }


def _profile(function: Callable[[], Any]) -> None:
    profile = cProfile.Profile()
    profile.runcall(function)
    pstats.Stats(profile, stream=sys.stderr).sort_stats("tottime").print_stats(30)


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--studies", type=int, default=70_000)
    parser.add_argument("--work", type=Path, default=Path("bench/work/match"))
    parser.add_argument("--profile")
    given = parser.parse_args()
    result = measure(given.corpus, given.studies, given.work, given.profile)
    json.dump(result, sys.stdout, indent=1, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
