"""The registry records of a folder: the conditions, interventions and MeSH terms they name, and their texts' words."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from lexicon_text import Row, clean, is_name, new_row, says_condition
from lxml import etree

from equipoise.terms.spelling import normal
from equipoise.terms.words import unseen


class Corpus:
    """What the registry records in a folder name: conditions, interventions, MeSH terms; and their texts' words."""

    def __init__(self, folder: Path) -> None:
        self.conditions: Counter[str] = Counter()
        self.keywords: Counter[str] = Counter()
        self.interventions: Counter[tuple[str, str]] = Counter()
        self.mesh: dict[str, str] = {}
        self.grams: Counter[str] = Counter()
        for name in ("ctg-studies.json.zip", "text-only-studies.json.zip"):
            with zipfile.ZipFile(folder / name) as archive:
                for item in archive.namelist():
                    if item.endswith(".json"):
                        self._json(json.loads(archive.read(item)))
        with zipfile.ZipFile(folder / "AllPublicXML-part.zip") as archive:
            for item in archive.namelist():
                if item.endswith(".xml"):
                    self._xml(etree.fromstring(archive.read(item)))

    def _study(self, conditions: Iterable[str], keywords: Iterable[str], text: str) -> None:
        self.conditions.update({clean(one) for one in conditions})
        self.keywords.update({clean(one) for one in keywords})
        words = re.findall(r"[a-z0-9'/+]+", normal(text))
        self.grams.update({" ".join(words[i : i + n]) for n in (1, 2, 3) for i in range(len(words) - n + 1)})

    def _json(self, study: dict) -> None:
        protocol = study["protocolSection"]
        module = protocol.get("conditionsModule", {})
        text = protocol.get("eligibilityModule", {}).get("eligibilityCriteria", "")
        self._study(module.get("conditions", []), module.get("keywords", []), text)
        for one in protocol.get("armsInterventionsModule", {}).get("interventions", []):
            self._intervention(one.get("type", ""), [one.get("name", ""), *one.get("otherNames", [])])
        browse = study.get("derivedSection", {}).get("conditionBrowseModule", {})
        for term in [*browse.get("meshes", []), *browse.get("ancestors", [])]:
            self.mesh[term["term"]] = term["id"]

    def _xml(self, study: etree._Element) -> None:
        texts = {tag: [e.text or "" for e in study.findall(tag)] for tag in ("condition", "keyword")}
        text = study.findtext("eligibility/criteria/textblock") or ""
        self._study(texts["condition"], texts["keyword"], text)
        for one in study.findall("intervention"):
            names = [one.findtext("intervention_name") or "", *(e.text or "" for e in one.findall("other_name"))]
            self._intervention(one.findtext("intervention_type") or "", names)
        for element in study.findall("condition_browse/mesh_term"):
            self.mesh.setdefault((element.text or "").strip(), "")

    def _intervention(self, kind: str, names: list[str]) -> None:
        self.interventions.update({(kind.upper().replace(" ", "_"), clean(name)) for name in names})


def corpus_conditions(seen: Corpus) -> Iterator[Row]:
    """Yield names of conditions in three studies or more; a keyword only if its form says that it is one."""
    for name, count in seen.conditions.items():
        if count >= 3 and is_name(name) and (count >= 8 or says_condition(name)):
            yield new_row(name, "corpus")
    for name, count in seen.keywords.items():
        if count >= 3 and is_name(name, words=4) and says_condition(name):
            yield new_row(name, "corpus")


def corpus_procedures(seen: Corpus) -> Iterator[Row]:
    """Yield procedures of three studies or more whose form says what they are."""
    for (kind, name), count in seen.interventions.items():
        words = name.split()
        shaped = any(unseen(words, start) == ("procedure", len(words) - start) for start in range(len(words)))
        if kind == "PROCEDURE" and count >= 3 and is_name(name, words=4) and shaped:
            yield new_row(name, "corpus")
