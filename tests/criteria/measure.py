"""
Measure the criteria compiler against limits and windows that a person read.

    python tests/criteria/measure.py [-v]

Feeds each item of `gold_limits.jsonl`, its text read from the shared corpus, through `equipoise criteria --jsonl -`
(or what $EQUIPOISE names) and prints precision, recall and F1. With -v: each reading missed and each made up.
How the readings were made and what counts as agreement stands in `README.md` beside this file.
"""

import functools
import importlib.util
import json
import os
import shlex
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script, only this folder is searched

from criteria.sample import BUNDLES, SHARED, eligibility_text

GOLD = Path(__file__).with_name("gold_limits.jsonl")
ELAPSED = ("duration", "event_time")
DAYS = {"min": 1 / 1440, "h": 1 / 24, "d": 1.0, "wk": 7.0, "mo": 30.4, "a": 365.0}
AT_MOST = ("within", "<", "<=")
Row = dict[str, Any]


@functools.cache
def rules() -> ModuleType:
    """Load the comparisons by which the compiler will be judged: names, quantities, lengths of time."""
    place = importlib.util.spec_from_file_location("shared_score", SHARED / "score" / "common.py")
    assert place is not None and place.loader is not None
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return module


def read_gold() -> list[Row]:
    """Return the items as read by hand, each with its text from the shared corpus."""
    rows: list[Row] = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    for source, name in BUNDLES.items():
        with zipfile.ZipFile(SHARED / "corpus" / name) as bundle:
            members = {Path(member).stem: member for member in bundle.namelist()}
            for row in rows:
                if row["source"] == source:
                    text = eligibility_text(source, bundle.read(members[row["study"]]))
                    row["text"] = text[slice(*row["span"])]
    return rows


def command() -> list[str]:
    """Return the command to ask: $EQUIPOISE, else the one installed beside this Python."""
    named = os.environ.get("EQUIPOISE")
    return shlex.split(named) if named else [str(Path(sys.executable).with_name("equipoise"))]


def ask(rows: list[Row]) -> list[Row]:
    """Return the compiler's answer for each item, in order."""
    lines = [{"id": str(n), "text": row["text"], "section": row["section"]} for n, row in enumerate(rows)]
    sent = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    done = subprocess.run([*command(), "criteria", "--jsonl", "-"], input=sent.encode(), capture_output=True)
    if done.returncode:
        raise SystemExit(f"{command()[0]} criteria: exit {done.returncode}: {done.stderr.decode()[-300:]}")
    answers: list[Row] = [json.loads(line) for line in done.stdout.decode().split("\n") if line.strip()]
    if [answer.get("id") for answer in answers] != [line["id"] for line in lines]:
        raise SystemExit("criteria --jsonl: the answers do not carry the questions' ids in order")
    return answers


def same_length(a: float, b: float) -> bool:
    """
    Return whether two lengths of time, in days, are within 4 %.

    >>> same_length(90, 3 * 30.4), same_length(28, 30.4)
    (True, False)
    """
    return abs(a - b) < 0.04 * b


def direction(side: str) -> str:
    """
    Return which way a limit of time runs.

    >>> direction("within"), direction(">=")
    ('at most', 'at least')
    """
    return "at most" if side in AT_MOST else "at least"


def times(predicate: Row) -> Iterator[tuple[float, str]]:
    """Yield each length of time that a predicate states, in days, and the way it runs."""
    window = predicate.get("window") or {}
    for side in ("within", "at_least", "for"):
        if days := rules().days(window.get(side)):
            yield days, direction(side)
    if predicate.get("kind") in ELAPSED and rules().numeric(predicate) and predicate.get("unit") in DAYS:
        yield float(predicate["value"]) * DAYS[predicate["unit"]], direction(predicate["op"])


def time_of(gold: Row) -> tuple[float, str] | None:
    """Return the length of time read by hand and the way it runs; None for a limit of another kind."""
    if "op" not in gold:
        side = "within" if "within" in gold else "at_least"
        return rules().days(gold[side]), direction(side)
    if gold["kind"] in ELAPSED:
        return gold["value"] * DAYS[gold["unit"]], direction(gold["op"])
    return None


class Reading:
    """What the compiler said of one item: numeric limits and lengths of time, each to be matched once."""

    def __init__(self, answer: Row, text: str) -> None:
        """Take the predicates of the criteria that are answered; the same length said twice counts once."""
        top = [c["rule"] for c in answer["criteria"] if not c.get("parent") and c.get("rule")]
        found = [leaf for rule in top for leaf, _ in rules().predicates(rule)]
        self.text = text
        self.limits: list[Row] = [p for p in found if rules().numeric(p)]
        self.times: list[tuple[float, str]] = []
        self.used: list[Row] = []
        for p in found:
            for length, way in times(p):
                if not any(same_length(length, other) and way == its for other, its in self.times):
                    self.times.append((length, way))

    def take_limit(self, gold: Row) -> bool:
        """Match a limit read by hand, or one of its other readings, and use up what matched."""
        for want in [gold, *({**gold, **other} for other in gold.get("or", ()))]:
            near = [p for strict in (True, False) for p in self.limits if self._names(p, want, strict=strict)]
            used = [p for p in near if agrees(p, want)][:1] or range_parts(near, want)
            if used:
                self._use(used)
                return True
        return False

    def _names(self, p: Row, gold: Row, *, strict: bool) -> bool:
        """Return whether a limit is on the concept that was read; a donor's age, marked strict, is not any age."""
        concept = {"name": gold["concept"], "synonyms": gold.get("synonyms", [])}
        return bool(
            rules().same_name(p, {"kind": gold["kind"], "concept": concept}, self.text, strict or gold.get("strict"))
        )

    def _use(self, used: list[Row]) -> None:
        """Strike off limits and, with an elapsed time, the length that it states."""
        self.limits = [p for p in self.limits if not any(p is other for other in used)]
        self.used += used
        gone = [time for p in used if p.get("kind") in ELAPSED for time in times(p)]
        self.times = [time for time in self.times if time not in gone]

    def take_time(self, days: float, way: str) -> str | None:
        """Match a length of time and return the way it was said to run; one stated as a limit will do."""
        same = sorted((time for time in self.times if same_length(time[0], days)), key=lambda time: time[1] != way)
        if same:
            self.times.remove(same[0])
            return same[0][1]
        for p in self.limits:
            if p.get("unit") in DAYS and same_length(float(p["value"]) * DAYS[p["unit"]], days):
                self._use([p])
                return direction(p["op"])
        return None

    def forgive(self, gold: Row) -> None:
        """Strike off what may be a reading of something that the reader was unsure of: a limit of that number."""
        if time := time_of(gold):
            self.times = [other for other in self.times if not same_length(other[0], time[0])]
        numbers = {gold[end] for end in ("value", "upper") if end in gold}
        self.limits = [p for p in self.limits if not {p["value"], p.get("upper", p["value"])} <= numbers]

    def extra(self) -> tuple[list[Row], list[tuple[float, str]]]:
        """Return the limits and the lengths of time that nobody read; what is said again is no second mistake."""
        extras: list[Row] = []
        for p in self.limits:
            # An elapsed time is among the lengths already.
            if p.get("kind") not in ELAPSED and not any(_same_limit(p, other) for other in (*self.used, *extras)):
                extras.append(p)
        return extras, self.times


def _same_limit(p: Row, other: Row) -> bool:
    """Return whether two limits say the same of the same concept."""
    same = all(p.get(key) == other.get(key) for key in ("op", "value", "upper", "unit", "relative_to"))
    return same and rules().names(p)[:1] == rules().names(other)[:1]


def agrees(p: Row, gold: Row) -> bool:
    """Return whether operator, value, unit and reference are the same."""
    if p["op"] != gold["op"] or (p.get("relative_to") or None) != gold.get("relative_to"):
        return False
    unit = None if gold.get("relative_to") else p.get("unit")
    ends = ("value", "upper") if gold["op"] == "between" else ("value",)
    return all(rules().same_quantity(p[end], unit, gold[end], gold["unit"]) for end in ends)


def range_parts(near: list[Row], gold: Row) -> list[Row]:
    """Return the limits that together say a range: both its ends, or each of its classes; from 0, the upper end."""
    if gold["op"] != "between":
        return []
    low, high = gold["value"], gold["upper"]
    ways = [[(">=", low), ("<=", high)]]
    if gold["unit"] is None and high - low < 10:
        ways.append([("=", value) for value in range(low, high + 1)])
    if low == 0:
        ways.append([("<=", high)])
    for way in ways:
        parts = [[p for p in near if agrees(p, {**gold, "op": op, "value": value})][:1] for op, value in way]
        if all(parts):
            return [part[0] for part in parts]
    return []


@dataclass
class Tally:
    """Counts of one run, and the lines that -v prints."""

    limits: Counter[str] = field(default_factory=Counter)
    windows: Counter[str] = field(default_factory=Counter)
    kinds: Counter[tuple[str, bool]] = field(default_factory=Counter)
    ways: Counter[bool] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def scores(self, *boxes: Counter[str]) -> tuple[float, float, float]:
        """Return precision, recall and F1 of some boxes together; all of them where none is named."""
        box = sum(boxes or (self.limits, self.windows), Counter[str]())
        precision, recall, f1 = rules().f1(box["tp"], box["fp"], box["fn"])
        return precision, recall, f1


def count(tally: Tally, row: Row, answer: Row) -> None:
    """Add one item to the tally: limits first, then lengths of time, then what was unsure, then what is left."""
    said = Reading(answer, row["text"])
    read = [*row["limits"], *row["windows"]]
    where = f"{row['study']} {row['span'][0]}-{row['span'][1]}"
    for gold in sorted((g for g in read if not g.get("unsure")), key=lambda g: time_of(g) is not None):
        time = time_of(gold)
        way = said.take_time(*time) if time else None
        hit = way is not None if time else said.take_limit(gold)
        (tally.windows if time else tally.limits)["tp" if hit else "fn"] += 1
        tally.kinds[gold.get("kind", "window"), hit] += 1
        if time and hit:
            tally.ways[way == time[1]] += 1
        if not hit:
            tally.notes.append(f"missed {where} {_short(gold)} | {' '.join(row['text'].split())}")
    for gold in read:
        if gold.get("unsure"):
            said.forgive(gold)
    limits, lengths = said.extra()
    tally.limits["fp"] += len(limits)
    tally.windows["fp"] += len(lengths)
    extras = [*map(_short, limits), *map(_short, lengths)]
    tally.notes += [f"extra  {where} {extra} | {' '.join(row['text'].split())}" for extra in extras]


def _short(said: Row | tuple[float, str]) -> str:
    """Return a reading in a few words."""
    if isinstance(said, tuple):
        return f"{said[1]} {said[0]:g} days"
    concept = said.get("concept") or f"{said.get('from')} to {said.get('to')}"
    name = concept.get("name") if isinstance(concept, dict) else concept
    keys = ("kind", "op", "value", "upper", "unit", "relative_to", "within", "at_least")
    return " ".join([*(str(said[key]) for key in keys if said.get(key) is not None), f"({name})"])


def measure(rows: list[Row], answers: list[Row]) -> Tally:
    """Return the tally of the compiler's answers against the readings."""
    tally = Tally()
    for row, answer in zip(rows, answers, strict=True):
        count(tally, row, answer)
    return tally


def report(tally: Tally, *, verbose: bool) -> str:
    """Return the figures in words: limits, windows and both, recall by kind, the way times run."""
    lines = []
    for name, boxes in (("limits", [tally.limits]), ("windows", [tally.windows]), ("together", [])):
        box = sum(boxes or (tally.limits, tally.windows), Counter[str]())
        figures = "P {:.3f} R {:.3f} F1 {:.3f}".format(*tally.scores(*boxes))
        lines.append(f"{name}: {figures} (tp {box['tp']} fp {box['fp']} fn {box['fn']})")
    kinds = sorted({kind for kind, _ in tally.kinds})
    found = [
        f"{kind} {tally.kinds[kind, True]} of {tally.kinds[kind, True] + tally.kinds[kind, False]}" for kind in kinds
    ]
    lines.append("found: " + ", ".join(found))
    lines.append(f"times that run the way they were read: {tally.ways[True]} of {tally.ways.total()}")
    return "\n".join([*lines, *(tally.notes if verbose else ())]) + "\n"


if __name__ == "__main__":
    gold_rows = read_gold()
    sys.stdout.write(report(measure(gold_rows, ask(gold_rows)), verbose="-v" in sys.argv[1:]))
