"""Measure the criteria compiler: criteria a second, milliseconds a criterion; and a baseline beside it.

    python bench/criteria.py ../shared/corpus --texts 2000 [--profile]

Prints one JSON object. The same texts go, one process and one core each time, through the compiler, through
``equipoise criteria --jsonl`` end to end, through splitting and tokenizing alone (what any reader has to do first), and
through a plain regex for "name operator number unit", the reader that most people would write first. Seconds are
of processor time, the best of three rounds that take turns, so that other work on the machine reaches all alike.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import platform
import pstats
import random
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from lxml import etree

from equipoise.criteria.compile import compile_criteria
from equipoise.criteria.split import split
from equipoise.criteria.tokens import plain, tokenize
from equipoise.rules.nodes import Predicate, leaves

ROUNDS = 3
BUNDLES = ("ctg-studies.json.zip", "text-only-studies.json.zip", "AllPublicXML-part.zip")
LIMIT = re.compile(
    r"(?P<op>[<>]=?|[≤≥]|\b(?:at least|at most|(?:greater|less|more|lower) than(?: or equal to)?)) *"
    r"(?P<value>\d[\d,.]*)(?: *(?:-|to) *\d[\d,.]*)? *(?P<unit>%|[a-zµ]+/[a-z\d]+|years?|kg(?:/m2)?|mmHg|x ?ULN)?",
    re.IGNORECASE,
)


def texts_of(bundle: Path) -> Iterator[str]:
    """Yield the eligibility texts of a bundle of registry records."""
    with ZipFile(bundle) as archive:
        for name in archive.namelist():
            if name.endswith(".json"):
                record = json.loads(archive.read(name))["protocolSection"]
                yield record.get("eligibilityModule", {}).get("eligibilityCriteria", "")
            elif name.endswith(".xml"):
                yield etree.fromstring(archive.read(name)).findtext("eligibility/criteria/textblock", "")


def sample(corpus: Path, count: int) -> list[str]:
    """Return so many texts, drawn from all bundles alike, the same each time."""
    found = [text for name in BUNDLES for text in texts_of(corpus / name) if text.strip()]
    return random.Random(5).sample(found, min(count, len(found)))


def split_and_tokenize(text: str) -> int:
    """Split a text and tokenize its criteria; return how many there are."""
    pieces, smooth = split(text).pieces, plain(text)
    for piece in pieces:
        tokenize(smooth, *piece.span, source=text)
    return len(pieces)


def read_by_regex(text: str) -> int:
    """Find "name operator number unit" in each line, the name being up to four words; return how many."""
    found = []
    for line in text.splitlines():
        for limit in LIMIT.finditer(line):
            name = line[max(0, limit.start() - 60) : limit.start()].split()[-4:]
            if name:
                found.append((" ".join(name), limit["op"], limit["value"], limit["unit"]))
    return len(found)


def compiled(text: str) -> int:
    """Compile a text; return how many parentless criteria it has."""
    return sum(one.parent is None for one in compile_criteria(text))


def seconds(function: Callable[[str], int], texts: list[str]) -> float:
    """Return the processor time that a function takes on all texts."""
    start = time.process_time()
    for text in texts:
        function(text)
    return time.process_time() - start


def end_to_end(texts: list[str]) -> float:
    """Return the processor time of the command line, its start and its JSON included."""
    lines = "".join(json.dumps({"id": place, "text": text, "section": None}) + "\n" for place, text in enumerate(texts))
    command = [sys.executable, "-c", "from equipoise.app.cli import main; main()", "criteria", "--jsonl", "-"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    answer = subprocess.run(command, input=lines.encode(), capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert answer.stdout.count(b"\n") == len(texts), "one answer a line"
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def each(texts: list[str]) -> dict[str, Any]:
    """Return how long single criteria take, each compiled alone, the best of three."""
    criteria = [one for text in texts for one in compile_criteria(text) if one.parent is None]
    taken = []
    for one in criteria:
        tries = []
        for _ in range(ROUNDS):
            start = time.process_time()
            compile_criteria(one.text, section=one.section)
            tries.append(time.process_time() - start)
        taken.append((min(tries), len(one.text)))
    taken.sort()
    found = {name: round(taken[int(len(taken) * part)][0] * 1000, 2) for name, part in (("p50", 0.5), ("p99", 0.99))}
    return {**found, "max": round(taken[-1][0] * 1000, 2), "characters of the slowest": taken[-1][1]}


def costliest(texts: list[str], count: int = 12) -> list[str]:
    """Return the functions in which most of the time goes, their own and with what they call."""
    profile = cProfile.Profile()
    profile.enable()
    seconds(compiled, texts)
    profile.disable()
    stats: Any = pstats.Stats(profile)
    total = stats.total_tt
    rows = sorted(stats.stats.items(), key=lambda row: -row[1][2])[:count]
    return [
        f"{own / total:.1%} own, {whole / total:.1%} in all: {Path(file).name} {name} ({calls:,} calls)"
        for (file, _, name), (_, calls, own, whole, _) in rows
    ]


def measure(corpus: Path, count: int, *, profile: bool = False) -> dict[str, Any]:
    """Return all that is measured."""
    texts = sample(corpus, count)
    ways: dict[str, Callable[[list[str]], float]] = {
        "compile": lambda some: seconds(compiled, some),
        "criteria --jsonl": end_to_end,
        "split and tokenize": lambda some: seconds(split_and_tokenize, some),
        "regex": lambda some: seconds(read_by_regex, some),
    }
    criteria = sum(compiled(text) for text in texts)  # and all tables are in memory
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(ROUNDS):
        for name, way in ways.items():
            best[name] = min(best[name], way(texts))
    limits = [
        leaf
        for text in texts
        for one in compile_criteria(text)
        if one.parent is None
        for leaf in leaves(one.rule)
        if isinstance(leaf, Predicate) and leaf.op not in ("present", "absent")
    ]
    found: dict[str, Any] = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "load": os.getloadavg()[0],
        "texts": len(texts),
        "criteria": criteria,
        "criteria a second a core": {name: round(criteria / spent) for name, spent in best.items()},
        "times the time of compile": {name: round(spent / best["compile"], 3) for name, spent in best.items()},
        "limits": {"compile": len(limits), "regex": sum(map(read_by_regex, texts))},
        "ms a criterion": each(texts),
    }
    return {**found, "costliest": costliest(texts)} if profile else found


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--texts", type=int, default=2000)
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    json.dump(measure(given.corpus, given.texts, profile=given.profile), sys.stdout, indent=1, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
