"""Run the command ``bench``."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
from rich.console import Console

from equipoise.app.bench import RankingFigures, VerdictFigures, measure_ranking, measure_verdicts
from equipoise.app.terminal import quiet_pipe
from equipoise.store.editions import Folder, library_folder
from equipoise.store.vocabularies import library_lexicon


def run_bench(
    verdicts: Path | None, topics: Path | None, judgements: Path | None, *, library: Path | None, as_json: bool
) -> None:
    """Measure what was asked for, and print it."""
    found: dict[str, VerdictFigures | RankingFigures] = {}
    if verdicts is not None:
        found["verdicts"] = measure_verdicts(verdicts, library_lexicon(Folder(library_folder(library))))
    if topics is not None and judgements is not None:
        found["ranking"] = measure_ranking(topics, judgements, library)
    with quiet_pipe():
        if as_json:
            sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
            return
        console = Console(highlight=False)
        for figures in found.values():
            for line in _verdict_lines(figures) if isinstance(figures, VerdictFigures) else _ranking_lines(figures):
                console.print(line, soft_wrap=True)


def _verdict_lines(one: VerdictFigures) -> list[str]:
    return [
        f"answers that agree, of {one.spoken_rows:,} criteria that the note speaks of: {one.spoken:.3f}",
        f"with what is presumed, of all {one.rows:,}: {one.presumed:.3f}",
        f"met for not met, or the reverse: {one.unsafe:,}",
        f"not met found: {one.kept_out_found:,} of {one.kept_out:,}",
    ]


def _ranking_lines(one: RankingFigures) -> list[str]:
    return [
        f"nDCG@10 over {one.topics:,} topics, the whole library, unjudged as 0: {one.ndcg_10:.3f}",
        f"nDCG@10 of the judged studies alone: {one.pool_ndcg_10:.3f}",
        f"recall at 500: {one.recall_500:.3f}",
    ]
