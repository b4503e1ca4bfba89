"""The registry's old XML, 10,638 records of it: all are read, nothing is overlooked, and v2 agrees."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from equipoise.sources.ctgov_xml import LEFT_OUT, CtgovXml, read_draft
from equipoise.sources.ctgov_xml_text import Element, parse, read_textblock
from equipoise.sources.incoming import Incoming

SHARED = Path(os.environ.get("EQUIPOISE_SHARED") or Path(__file__).parents[3] / "shared")
XML = SHARED / "corpus" / "AllPublicXML-part.zip"
JSON = SHARED / "corpus" / "ctg-studies.json.zip"

pytestmark = pytest.mark.skipif(
    not (XML.exists() and JSON.exists()),
    reason=f"needs {XML.name} and {JSON.name} in {SHARED / 'corpus'}; set EQUIPOISE_SHARED",
)


def records(path: Path, numbers: set[str] | None = None) -> Iterator[tuple[str, bytes]]:
    """Yield each record's number and bytes."""
    with ZipFile(path) as bundle:
        for name in bundle.namelist():
            number = Path(name).stem
            if name.endswith((".xml", ".json")) and (numbers is None or number in numbers):
                yield number, bundle.read(name)


def test_every_record_is_read_and_recognised() -> None:
    """All 10,638 become studies of the same number, with results where the XML has them."""
    source, read, faults = CtgovXml(), 0, []
    for number, data in records(XML):
        (result,) = source.read(data, number)
        if not isinstance(result, Incoming) or not source.recognises(data[:4096]):
            faults.append(number)
        elif result.study.number == number and result.study.has_results is (b"<clinical_results>" in data):
            read += 1
    assert (read, faults) == (10_638, [])


def test_what_v2_lacks_is_exactly_what_is_listed() -> None:
    """The paths of the corpus that no table takes are those that LEFT_OUT names, no more and no fewer."""
    left: set[str] = set()
    for number, data in records(XML):
        root = parse(data, number)
        assert isinstance(root, Element)
        read_draft(root)
        left.update(root.left())
    assert left == set(LEFT_OUT)


def test_no_character_of_the_prose_is_lost() -> None:
    """Whatever is not a blank, a list's dash or an escape stands in the prose as it stood in the XML."""
    blocks = re.compile(rb"<textblock>(.*?)</textblock>", re.DOTALL)
    for number, data in records(XML):
        for found in blocks.finditer(data):
            # The markup of XML itself is kept out of it: escapes such as &lt; are text here.
            block = found[1].decode().replace("&#xD;", "")
            before = re.sub(r"^ *-  ", "", block, flags=re.MULTILINE)
            after = re.sub(r"^ *\* ", "", read_textblock(block).replace("<!-- -->", ""), flags=re.MULTILINE)
            after = re.sub(r"\\([\\<>\[\]^&*~|_`#+.)-])", r"\1", after)
            assert "".join(after.split()) == "".join(before.split()), number


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each value with its path; events and sites, which v2 now orders otherwise, by their names."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}")
    elif isinstance(value, list):
        seen: Counter[str] = Counter()
        for place, inner in enumerate(value):
            name = str(place)
            if path.endswith("Events") or path.endswith("locations"):
                name = "/".join(str(inner.get(key)) for key in ("organSystem", "term", "facility", "zip"))
                seen[name] += 1
                name = f"{name} {seen[name]}"
            yield from leaves(inner, f"{path}[{name}]")
    else:
        yield path, value


# Changed by their sponsors between the XML's day and the JSON's.
CHANGED = {"NCT00006046", "NCT00006150", "NCT01298141", "NCT04524598"}
# What the registry has recoded since, over all records: places, MeSH terms, classes of organizations.
RECODED = re.compile(r"derivedSection|locations\[.*\]\.(city|state)$|(leadSponsor|organization)\.class$")


def test_v2_agrees_where_both_are_at_hand() -> None:
    """In the sixteen studies that both corpora hold, only what was changed or recoded since differs."""
    current = dict(records(JSON))
    both = {number for number, _ in records(XML, set(current))}
    agree, faults = 0, []
    for number, data in records(XML, both):
        (result,) = CtgovXml().read(data, number)
        assert isinstance(result, Incoming)
        theirs = dict(leaves(json.loads(current[number])))
        for path, value in leaves(json.loads(result.document)):
            if theirs.get(path) == value:
                agree += 1
            elif number not in CHANGED and not RECODED.search(path):
                faults.append((number, path, value, theirs.get(path)))
    assert len(both) == 16
    assert faults == []
    assert agree >= 6_380
