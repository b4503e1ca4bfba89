"""
Draw criteria that the compiler calls read in full, to be judged by someone who did not write it.

    python tests/criteria/sample_full.py SEED [HOW_MANY] > readings.jsonl

One criterion a study, studies at random from all three bundles of the shared corpus; another seed gives another
sample. Each line is JSON: study, id, section, span, the text on one line, the reading and the rule. The question to
each: could this rule give a wrong definite answer about some plausible patient?
"""

import json
import random
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from criteria.sample import BUNDLES, SHARED, eligibility_text
from equipoise.criteria.compile import compile_criteria
from equipoise.rules.nodes import to_json


def readings(chance: random.Random) -> Iterator[dict[str, object]]:
    """Yield one reading of each study that has one, studies in random order."""
    bundles = {source: zipfile.ZipFile(SHARED / "corpus" / name) for source, name in BUNDLES.items()}
    places = sorted((source, name) for source, bundle in bundles.items() for name in bundle.namelist())
    chance.shuffle(places)
    for source, name in places:
        text = eligibility_text(source, bundles[source].read(name))
        full = [one for one in compile_criteria(text) if one.computable == "full" and one.rule and not one.parent]
        if not full:
            continue
        one = chance.choice(full)
        yield {
            "study": Path(name).stem,
            "id": one.id,
            "section": one.section,
            "span": one.span,
            "text": " ".join(one.text.split()),
            "reading": one.reading,
            "rule": to_json(one.rule),
        }


if __name__ == "__main__":
    wanted = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    for _, row in zip(range(wanted), readings(random.Random(int(sys.argv[1]))), strict=False):
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
