"""
Answer criteria of judged studies for the notes of the shared topics, and say which answers turned since a run before.

    python tests/criteria/replay_answers.py SEED > answers.jsonl
    python tests/criteria/replay_answers.py SEED answers.jsonl

For each note, criteria of sixteen studies that somebody judged for some patient, the same each time for a seed. Each
line is JSON: topic, study, id, section, text, reading, answer. With a file of a run before only what turned is
written, with the answer and the reading of then; answers that became unknown are counted. The question to each that
turned, and to any definite answer drawn from a run: would a physician who reads the note sign it?
"""

import json
import random
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from criteria.sample import BUNDLES, SHARED, eligibility_text
from equipoise.app.match_lines import AskedText, answer_text
from equipoise.criteria.compile import compile_criteria
from equipoise.matching.match import see
from equipoise.notes.reader import read_note
from equipoise.terms.lexicon import lexicon

STUDIES, CRITERIA = 16, 7
SETS = ("trec2021", "sigir2016")


def topics() -> Iterator[tuple[str, str]]:
    """Yield the name and the note of each topic."""
    for name in SETS:
        for line in (SHARED / "topics" / f"{name}_topics.jsonl").read_text(encoding="utf-8").splitlines():
            topic = json.loads(line)
            yield f"{name}:{topic['id']}", topic["text"]


def eligibility_texts() -> dict[str, str]:
    """Return the eligibility text of each study of the corpus that was judged for a topic."""
    judged = {
        line.split("\t")[1]
        for name in SETS
        for line in (SHARED / "topics" / f"{name}_qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]
    }
    found = {}
    for source, name in BUNDLES.items():
        with zipfile.ZipFile(SHARED / "corpus" / name) as bundle:
            for path in bundle.namelist():
                if (study := Path(path).stem) in judged:
                    found[study] = eligibility_text(source, bundle.read(path))
    return found


def answers(seed: int) -> Iterator[dict[str, str]]:
    """Yield the answers of a run, topic by topic."""
    chance, texts, known = random.Random(seed), eligibility_texts(), lexicon()
    for topic, note in topics():
        read = read_note(note)
        seen = see(read.patient, read.at, known)
        for study in chance.sample(sorted(texts), STUDIES):
            criteria = [one for one in compile_criteria(texts[study]) if one.parent is None]
            for one in chance.sample(criteria, min(CRITERIA, len(criteria))):
                verdict = answer_text(AskedText(one.id, one.text, one.section), seen, known)
                yield {
                    "topic": topic,
                    "study": study,
                    "id": one.id,
                    "section": one.section,
                    "text": " ".join(one.text.split()),
                    "reading": one.reading,
                    "answer": verdict.answer,
                }


def main() -> None:
    """Write the answers of a run, or those that turned since another."""
    before = {}
    for line in Path(sys.argv[2]).read_text(encoding="utf-8").splitlines() if len(sys.argv) > 2 else ():
        row = json.loads(line)
        before[row["topic"], row["study"], row["text"]] = row
    counted = Counter[str]()
    for row in answers(int(sys.argv[1])):
        was = before.get((row["topic"], row["study"], row["text"]))
        turned = was is not None and was["answer"] != row["answer"]
        counted["turned" if turned else "same" if was else "new"] += 1
        if was is not None and turned and row["answer"] == "unknown":
            counted["of these now unknown"] += 1
        elif not before or (was is not None and turned):
            then = {"was": was["answer"], "read": was["reading"]} if was is not None else {}
            sys.stdout.write(json.dumps({**row, **then}, ensure_ascii=False) + "\n")
    sys.stderr.write(f"{dict(counted)}\n")


if __name__ == "__main__":
    main()
