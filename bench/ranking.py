"""Measure how well a library is ranked for judged patients, and what each signal is worth.

    equipoise load --library LIBRARY ../shared/corpus/*.zip
    equipoise library compile --library LIBRARY --all
    python bench/ranking.py LIBRARY

*Full*: the whole library is ranked, and a study that nobody judged counts as not relevant. *Pool*: the judged studies
of each patient alone. Patients with at least one eligible study and ten judged ones. A row leaves one signal out, or
puts another in its place; *one half* and *other half* are the patients by the digest of their ids, so that a gain can
be seen to hold on both.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ir_measures
import numpy as np
from ir_measures import Qrel, R, ScoredDoc, nDCG

from equipoise.app.match_topics import Topic, topic_text
from equipoise.find import candidates, ranking, wants
from equipoise.find.compiled import lexicon_of
from equipoise.intake.opening import open_library
from equipoise.matching.match import see
from equipoise.notes.reader import read_note
from equipoise.store.index import JOINING
from equipoise.store.library import Library

TOPICS = Path(__file__).resolve().parents[2] / "shared" / "topics"
SETS = ("trec2021", "sigir2016")
DEPTH, FIRST = R(rel=1) @ 500, nDCG @ 10

Options = dict[str, Any]


def patients(name: str) -> tuple[dict[str, str], list[Qrel]]:
    """Return the patients of a set that are measured, and the judgements."""
    with (TOPICS / f"{name}_qrels.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    grades: dict[str, list[int]] = {}
    for row in rows:
        grades.setdefault(row["topic"], []).append(int(row["grade"]))
    kept = {topic for topic, several in grades.items() if 2 in several and len(several) >= 10}
    lines = (TOPICS / f"{name}_topics.jsonl").read_text("utf-8").splitlines()
    found = {
        one["id"]: topic_text(Topic(one["id"], one.get("text"), one.get("fields"))) for one in map(json.loads, lines)
    }
    judged = [Qrel(row["topic"], row["study"], int(row["grade"])) for row in rows if row["topic"] in kept]
    return {topic: text for topic, text in found.items() if topic in kept}, judged


def rank(library: Library, text: str, options: Options) -> list[str]:
    """Return the studies for a patient, the best first."""
    lexicon = lexicon_of(library)
    note = read_note(text, lexicon=lexicon)
    given = {"note": text} | options
    found = ranking.rank_studies(library, note.patient, see(note.patient, note.at, lexicon), **given)
    return [library.columns.number(row) for row in found.rows.tolist()]


def measure(run: dict[str, list[str]], judged: list[Qrel]) -> tuple[float, float, float]:
    """Return nDCG@10 of the full library, recall at 500 of it, and nDCG@10 of the judged pool."""
    judged = [one for one in judged if one.query_id in run]
    full = [ScoredDoc(topic, one, -float(at)) for topic, ones in run.items() for at, one in enumerate(ones)]
    pool = []
    for topic, ones in run.items():
        held = {one.doc_id for one in judged if one.query_id == topic}
        order = [one for one in ones if one in held]
        order += sorted(held.difference(order))
        pool += [ScoredDoc(topic, one, -float(at)) for at, one in enumerate(order)]
    ours = ir_measures.calc_aggregate([FIRST, DEPTH], judged, full)
    return ours[FIRST], ours[DEPTH], ir_measures.calc_aggregate([FIRST], judged, pool)[FIRST]


@contextmanager
def changed(*changes: tuple[Any, str, Any]) -> Iterator[None]:
    """Let parts of modules be others for a while."""
    before = [(module, name, getattr(module, name)) for module, name, _ in changes]
    for module, name, value in changes:
        setattr(module, name, value)
    try:
        yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)


def unread(_library: Library, rows: Any, _seen: Any) -> list[ranking.Standing]:
    """Return that nothing is known of how criteria stand."""
    return [ranking.Standing()] * len(rows)


def variants() -> Iterator[tuple[str, list[tuple[Any, str, Any]], Options]]:
    """Yield each way of ranking: its name, what is changed, and the options."""
    fields, silent = candidates._FIELDS, {"standings": unread}
    whole = {name: share for name, share in fields.items() if name != JOINING} | {
        "EligibilityCriteria": fields[JOINING]
    }
    everywhere = dict.fromkeys((*whole, "OfficialTitle", "Keyword", "InterventionName", "DetailedDescription"), 1.0)
    plain = [
        (wants, "_NAMED", 1.0),
        (wants, "_FIRST", 1.0),
        (wants, "NOTE_WORDS", frozenset()),
        (candidates, "_TOPIC", 0),
    ]
    yield "all words in all fields, no more", [*plain, (candidates, "_FIELDS", everywhere)], silent
    yield "title, condition, summary, criteria alone", [*plain, (candidates, "_FIELDS", whole)], silent
    yield "and the inclusion side for all criteria", plain, silent
    yield "and problems by name and class", plain[:3], silent
    yield "and words in names of problems, the first sentence, no words of notes", [], silent
    yield "**and how criteria stand: what ships**", [], {}
    yield "what ships, criteria whole", [(candidates, "_FIELDS", whole)], {}
    yield "what ships, without problems", [(candidates, "_TOPIC", 0)], {}
    yield "what ships, without age and sex of the record", [(ranking, "_parted", _all_first)], {}
    yield "what ships, from facts alone", [], {"note": ""}


def _all_first(found: candidates.Candidates) -> tuple[candidates.Candidates, candidates.Candidates]:
    places = np.arange(len(found.rows))
    return found.take(places[: ranking.LOOKED_AT]), found.take(places[ranking.LOOKED_AT :])


def is_first_half(patient: str) -> bool:
    """Return whether a patient belongs to the one half."""
    return int(hashlib.md5(patient.encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 0


def main() -> None:
    """Print a line of a table for each way of ranking."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library", type=Path)
    library = open_library(parser.parse_args().library)
    sets = {name: patients(name) for name in SETS}
    print("| | full | R@500 | pool | one half, full | other half, full | 2016: full | R@500 | pool | ms a patient |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for label, changes, options in variants():
        with changed(*changes):
            print(f"| {label} | {row(library, sets, options)} |", flush=True)


def row(library: Library, sets: dict[str, tuple[dict[str, str], list[Qrel]]], options: Options) -> str:
    """Return the figures of one way of ranking."""
    cells: list[str] = []
    begun, count = time.process_time(), 0
    runs = {
        name: {topic: rank(library, text, options) for topic, text in topics.items()}
        for name, (topics, _) in sets.items()
    }
    count = sum(map(len, runs.values()))
    spent = (time.process_time() - begun) / count
    for name, (_, judged) in sets.items():
        cells += [f"{value:.3f}" for value in measure(runs[name], judged)]
        if name == SETS[0]:
            halves: list[Callable[[str], bool]] = [is_first_half, lambda topic: not is_first_half(topic)]
            for half in halves:
                part = {topic: ones for topic, ones in runs[name].items() if half(topic)}
                cells.append(f"{measure(part, judged)[0]:.3f}")
    return " | ".join([*cells, f"{1000 * spent:.0f}"])


if __name__ == "__main__":
    main()
