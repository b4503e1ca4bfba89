"""
The figures of matching, measured again by whoever has the judged data: experts' verdicts on criteria, judged studies.

Verdicts: one JSON object a line, with ``note``, ``criterion_type``, ``criterion_text``, ``expert_eligibility`` and
``expert_sentences``. Judgements: a table of topic, study and grade with a line of names above, as TREC gives them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from equipoise.app.files import json_lines, read_text, source_name
from equipoise.app.match_lines import AskedText, answer_text
from equipoise.app.match_topics import read_topics, topic_text
from equipoise.app.progress import watched
from equipoise.criteria.records import Side
from equipoise.errors import InputError
from equipoise.find.compiled import lexicon_of
from equipoise.find.ranking import rank_studies
from equipoise.intake.opening import open_library
from equipoise.matching.match import see
from equipoise.notes.reader import read_note
from equipoise.terms.lexicon import Lexicon

# What an expert's word comes to, by the side of the criterion.
_MEANS = {
    ("inclusion", "included"): "met",
    ("inclusion", "not included"): "not met",
    ("exclusion", "excluded"): "not met",
    ("exclusion", "not excluded"): "met",
    ("inclusion", "not enough information"): "unknown",
    ("exclusion", "not enough information"): "unknown",
}
_NUMBERED = re.compile(r"(?m)^\d+\. ")
_ROW = "A line has note, criterion_type, criterion_text, expert_eligibility and expert_sentences."
# Fewer judged studies than this say little of an order.
LEAST = 10


class Verdict(msgspec.Struct, frozen=True):
    """A line: a note, a criterion, what an expert says of it, and the sentences of the note that say so."""

    note: str
    criterion_type: Side
    criterion_text: str
    expert_eligibility: str
    expert_sentences: list[int] | str


class Judged(msgspec.Struct, frozen=True):
    """An expert's verdict, what we answer, and what we presume; ``spoken`` says that the note speaks of it."""

    expert: str
    spoken: bool
    answer: str
    presumed: str


class VerdictFigures(msgspec.Struct, frozen=True):
    """How answers agree with experts: shares, and counts of what must not and what should happen."""

    rows: int
    spoken_rows: int
    spoken: float
    presumed: float
    unsafe: int
    kept_out_found: int
    kept_out: int


class RankingFigures(msgspec.Struct, frozen=True):
    """How an order agrees with judges; in ``pool`` only judged studies are ranked, elsewhere unjudged ones count 0."""

    topics: int
    ndcg_10: float
    recall_500: float
    pool_ndcg_10: float


def measure_verdicts(path: Path, lexicon: Lexicon) -> VerdictFigures:
    """
    Return how our answers agree with experts' verdicts.

    Raises:
        InputError: a line is no verdict.
    """
    rows = list(json_lines(path, Verdict, example=_ROW))
    with watched("Verdicts") as watch:
        found = []
        for number, (_, row) in enumerate(rows, 1):
            watch(number, len(rows))
            found += _judged(row, lexicon)
    return verdict_figures(found)


def _judged(row: Verdict, lexicon: Lexicon) -> list[Judged]:
    expert = _MEANS.get((row.criterion_type, row.expert_eligibility))
    if expert is None:
        return []  # "not applicable"
    read = read_note(_NUMBERED.sub("", row.note), lexicon=lexicon)
    asked = AskedText("c", row.criterion_text, row.criterion_type)
    verdict = answer_text(asked, see(read.patient, read.at, lexicon), lexicon)
    decided = verdict.answer if verdict.answer in ("met", "not met") else "unknown"
    presumed = decided if decided != "unknown" else verdict.presumed or "unknown"
    return [Judged(expert, row.expert_sentences not in ([], "", "[]"), decided, presumed)]


def verdict_figures(rows: Sequence[Judged]) -> VerdictFigures:
    """
    Return the figures of judged rows.

    >>> verdict_figures([Judged("met", True, "met", "met"), Judged("not met", True, "unknown", "met")]).spoken
    0.5
    """
    spoken = [one for one in rows if one.spoken]
    kept_out = [one for one in rows if one.expert == "not met"]
    return VerdictFigures(
        rows=len(rows),
        spoken_rows=len(spoken),
        spoken=sum(one.answer == one.expert for one in spoken) / max(1, len(spoken)),
        presumed=sum(one.presumed == one.expert for one in rows) / max(1, len(rows)),
        unsafe=sum({one.answer, one.expert} == {"met", "not met"} for one in rows),
        kept_out_found=sum(one.answer == "not met" for one in kept_out),
        kept_out=len(kept_out),
    )


def measure_ranking(topics: Path, judgements: Path, library: Path | None) -> RankingFigures:
    """
    Return how our order of a library's studies agrees with judges, over topics with an eligible study and ten judged.

    Raises:
        InputError: a line is no topic or no judgement.
    """
    opened_library = open_library(library)
    lexicon = lexicon_of(opened_library)
    grades = read_grades(judgements)
    kept = [one for one in read_topics(topics) if _tells(grades.get(str(one.id), {}))]
    figures = []
    with watched("Topics") as watch:
        for number, topic in enumerate(kept, 1):
            watch(number, len(kept))
            text = topic_text(topic)
            note = read_note(text, lexicon=lexicon)
            found = rank_studies(opened_library, note.patient, see(note.patient, note.at, lexicon), note=text)
            order = [opened_library.columns.number(row) for row in found.rows.tolist()]
            figures.append(_of_topic(order, grades[str(topic.id)]))
    means = [sum(column) / len(figures) for column in zip(*figures, strict=True)] if figures else [0.0] * 3
    return RankingFigures(len(figures), *means)


def _tells(grades: Mapping[str, int]) -> bool:
    return len(grades) >= LEAST and 2 in grades.values()


def _of_topic(order: Sequence[str], grades: Mapping[str, int]) -> tuple[float, float, float]:
    relevant = {study for study, grade in grades.items() if grade >= 1}
    recall = len(relevant.intersection(order[:500])) / len(relevant)
    pool = [study for study in order if study in grades]
    return ndcg(order, grades), recall, ndcg([*pool, *sorted(set(grades).difference(pool))], grades)


def ndcg(order: Iterable[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """
    Return the normalized discounted cumulative gain of an order, as trec_eval has it.

    >>> ndcg(["a", "b"], {"b": 2, "a": 0}) == 1 / math.log2(3)
    True
    """
    gains = [grades.get(study, 0) for study, _ in zip(order, range(depth), strict=False)]
    best = sorted(grades.values(), reverse=True)[:depth]
    ideal = _discounted(best)
    return _discounted(gains) / ideal if ideal else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return sum(max(gain, 0) / math.log2(place + 1) for place, gain in enumerate(gains, 1))


def read_grades(path: Path) -> dict[str, dict[str, int]]:
    """
    Return the grades of each topic's studies.

    Raises:
        InputError: a line has not three columns, or a grade is no number.
    """
    lines = read_text(path, too_long="No judgements are that many.").splitlines()
    found: dict[str, dict[str, int]] = {}
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) != 3 or not re.fullmatch(r"-?\d", cells[2]):
            problem = "A judgement has a topic, a study and a grade, with tabs between"
            raise InputError(problem, where=f"{source_name(path)}, line {number:,}", next="Grades are 0, 1 and 2.")
        found.setdefault(cells[0], {})[cells[1]] = int(cells[2])
    return found
