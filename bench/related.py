"""Measure related studies against a tf-idf more-like-this, by what experts judged.

    equipoise load --library LIBRARY ../shared/corpus/*.zip
    python bench/related.py LIBRARY

Two studies that experts judged eligible (grade 2) for the same patient are related. For each such study the judged
ones are ranked, without itself; nDCG@10. *All judged*: those of every patient, which asks for the right disease.
*Same patient*: those that were judged for the patient in question, which all look right to a search engine; the
experts' verdict alone sets them apart.

The baseline is what most people would write: scikit-learn's tf-idf, English stop words, of title, conditions and
summary, and the cosine. What was tuned was tuned on the patients whose id has an even digest.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import ir_measures
import numpy as np
from ir_measures import Qrel, ScoredDoc, nDCG
from sklearn.feature_extraction.text import TfidfVectorizer

from equipoise.find.likeness import Likeness, Rarities
from equipoise.find.related import rank_related, read_side, related_studies
from equipoise.intake.opening import open_library
from equipoise.records.study import Study
from equipoise.store.library import Library

TOPICS = Path(__file__).resolve().parents[2] / "shared" / "topics"
SETS = ("trec2021", "sigir2016")
Ranker = Callable[[str], list[str]]


def judgements(library: Library) -> dict[str, dict[str, int]]:
    """Return the grade of each judged study that the library has, by patient."""
    found: dict[str, dict[str, int]] = {}
    for name in SETS:
        with (TOPICS / f"{name}_qrels.tsv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                if row["study"] in library:
                    found.setdefault(f"{name}:{row['topic']}", {})[row["study"]] = int(row["grade"])
    return found


def is_tuned_on(patient: str) -> bool:
    """Return whether a patient belongs to the half that was tuned on."""
    return int(hashlib.md5(patient.encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 0


def ours(library: Library, depth: int) -> Ranker:
    """Return what ranks by our related studies, the first *depth* of the whole library."""
    rarities = Rarities(library.index)

    def ranker(number: str) -> list[str]:
        study, naming = library.study(number), library.tellings[library.row(number)].naming
        ranked = rank_related(library, read_side(study, naming), Likeness(rarities, study, naming), depth)
        return [library.columns.number(int(row)) for row in ranked.rows]

    return ranker


def baseline(library: Library) -> Ranker:
    """Return what ranks by tf-idf and cosine."""

    def text(study: Study) -> str:
        return " ".join(filter(None, (study.title, *study.conditions, study.summary)))

    rows = range(len(library))
    matrix = TfidfVectorizer(stop_words="english").fit_transform(text(library.study_at(row)) for row in rows)

    def ranker(number: str) -> list[str]:
        row = library.columns.row(number)
        scores = (matrix @ matrix[row].T).toarray().ravel()
        return [library.columns.number(int(one)) for one in np.argsort(-scores, kind="stable") if one != row]

    return ranker


def measured(judged: dict[str, dict[str, int]], ranker: Ranker) -> dict[tuple[str, str], float]:
    """Return nDCG@10 by pool and half; what a ranker does not name comes last, by number."""
    everything = sorted({study for grades in judged.values() for study in grades})
    cache: dict[str, list[str]] = {}
    values: dict[tuple[str, str], list[float]] = {}
    for patient, grades in judged.items():
        eligible = [study for study, grade in grades.items() if grade == 2]
        half = "tuned on" if is_tuned_on(patient) else "held out"
        for study in eligible if len(eligible) > 1 else ():
            order = cache.get(study) or cache.setdefault(study, ranker(study))
            for pool, members in (("all judged", everything), ("same patient", sorted(grades))):
                wanted = set(members) - {study}
                named = [one for one in order if one in wanted]
                named += sorted(wanted - set(named))
                run = [ScoredDoc("q", one, -place) for place, one in enumerate(named)]
                qrels = [Qrel("q", one, 1) for one in eligible if one != study]
                value = float(ir_measures.calc_aggregate([nDCG @ 10], qrels, run)[nDCG @ 10])
                for part in (half, "all", patient.split(":")[0]):
                    values.setdefault((pool, part), []).append(value)
    return {key: statistics.mean(found) for key, found in values.items()}


def timed(library: Library, count: int) -> None:
    """Print how long the related studies of random ones take, reasons and all."""
    chance = random.Random(4)
    numbers = [library.columns.number(chance.randrange(len(library))) for _ in range(count + 20)]
    times = []
    for place, number in enumerate(numbers):
        start = time.perf_counter()
        related_studies(library, number)
        if place >= 20:
            times.append((time.perf_counter() - start) * 1000)
    times.sort()
    print(f"{len(library):,} studies: p50 {statistics.median(times):.1f} ms, p99 {times[int(count * 0.99)]:.1f} ms")


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser()
    parser.add_argument("library", type=Path)
    parser.add_argument("--times", type=int, default=300, help="how many studies to time")
    parser.add_argument("--depth", type=int, default=300, help="how many studies to read and compare")
    parser.add_argument("--only-times", action="store_true")
    given = parser.parse_args()
    library = open_library(given.library)
    if not given.only_times:
        judged = judgements(library)
        rankers = {
            "tf-idf": baseline(library),
            "ours, 72 deep": ours(library, 72),
            f"ours, {given.depth} deep": ours(library, given.depth),
        }
        found = {name: measured(judged, ranker) for name, ranker in rankers.items()}
        best = list(found)[-1]
        for key in found[best]:
            row = "  ".join(f"{name} {values[key]:.4f}" for name, values in found.items())
            print(f"{key[0]:13} {key[1]:10} {row}  ratio {found[best][key] / found['tf-idf'][key]:.3f}", flush=True)
    timed(library, given.times)


if __name__ == "__main__":
    main()
