"""
Draw criteria at random from the shared corpus, to be read by hand.

    python tests/criteria/sample.py [HOW_MANY]

One item a study, a third of them from each bundle, always the same for the same seed. An item is a bullet with the
lines that go on with it or, where a paragraph is longer than 400 characters, one of its sentences. Only items that
hold a digit or a word of limits and time are drawn: what a number is must be read, not assumed, so "COVID-19" is drawn
just as "platelets below 50" is. Each line of output is JSON: study, source, span, a guess at the section, the text.
"""

import json
import os
import random
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

SHARED = Path(os.environ.get("EQUIPOISE_SHARED", Path(__file__).parents[3] / "shared"))
SEED = 20_260_115
BUNDLES = {
    "json": "ctg-studies.json.zip",
    "text": "text-only-studies.json.zip",
    "xml": "AllPublicXML-part.zip",
}
BULLET = re.compile(r"[ \t]*(?:[-*•·–]|\(?\d{1,2}[.)]|\(?[a-zA-Z][.)])[ \t]+")
NUMBERED = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|eight|ten|twelve|fourteen|twenty|thirty|class|stage|grade|greater|less|below|"
    r"above|more than|within|prior to|weeks?|months?|days?|hours?|years?|upper limit|normal limits?)\b",
    re.IGNORECASE,
)


def eligibility_text(source: str, data: bytes) -> str:
    """Return the eligibility text of a record exactly as stored, entities decoded; empty where there is none."""
    if source == "xml":
        return ElementTree.fromstring(data).findtext("eligibility/criteria/textblock") or ""
    module = json.loads(data).get("protocolSection", {}).get("eligibilityModule", {})
    return str(module.get("eligibilityCriteria") or "")


def items(text: str) -> Iterator[tuple[int, int]]:
    """Yield the span of each bullet, paragraph or, in a long paragraph, sentence."""
    start = end = None
    at = 0
    for line in [*text.splitlines(keepends=True), ""]:
        bare = line.strip()
        if start is not None and end is not None and (not bare or BULLET.match(line)):
            yield from _pieces(text, start, end)
            start = None
        if bare:
            first = at + len(line) - len(line.lstrip())
            marker = BULLET.match(line)
            start = start if start is not None else at + marker.end() if marker else first
            end = at + len(line.rstrip())
        at += len(line)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a span of up to 400 characters as it is, a longer one sentence by sentence."""
    if end - start <= 400:
        yield start, end
        return
    for found in re.finditer(r"\S.*?(?:[.;](?=\s)|\Z)", text[start:end], re.DOTALL):
        yield start + found.start(), start + found.end()


def section_before(text: str, at: int) -> str | None:
    """Guess the side from the last heading before *at*; the reader corrects it."""
    found = re.findall(r"\b(inclusion|exclusion)\b(?=[^.\n]{0,60}(?::|\n))", text[:at], re.IGNORECASE)
    return found[-1].lower() if found else None


def candidates(text: str) -> list[tuple[int, int]]:
    """Return the spans of the items that may be drawn."""
    return [(a, b) for a, b in items(text) if 15 <= b - a <= 400 and NUMBERED.search(text[a:b])]


def draw(source: str, count: int) -> list[dict[str, object]]:
    """Return *count* items of one bundle, one a study, in the order drawn."""
    chance = random.Random(f"{SEED} {source}")
    rows: list[dict[str, object]] = []
    with zipfile.ZipFile(SHARED / "corpus" / BUNDLES[source]) as bundle:
        names = sorted(bundle.namelist())
        chance.shuffle(names)
        for name in names:
            text = eligibility_text(source, bundle.read(name))
            spans = candidates(text)
            if not spans:
                continue
            a, b = chance.choice(spans)
            rows.append({"study": Path(name).stem, "source": source, "span": [a, b]})
            rows[-1] |= {"section": section_before(text, a), "text": text[a:b]}
            if len(rows) == count:
                break
    return rows


def sample(count: int) -> list[dict[str, object]]:
    """Return *count* items, the bundles in turn."""
    drawn = [draw(source, -(-count // len(BUNDLES))) for source in BUNDLES]
    return [row for turn in zip(*drawn, strict=True) for row in turn][:count]


if __name__ == "__main__":
    for row in sample(int(sys.argv[1]) if sys.argv[1:] else 240):
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
