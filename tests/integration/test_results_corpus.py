"""Every record with posted results in the shared corpus: nothing that it states is lost."""

from __future__ import annotations

import html
import json
import os
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import msgspec
import pytest

import equipoise.terms
from equipoise.find.results import ResultsView, results_view
from equipoise.find.results_tables import ANALYZED, HEADING, Table
from equipoise.records.dates import PartialDate
from equipoise.sources.ctgov import read_study
from equipoise.terms.enums import term, value_of
from equipoise.terms.fields import field_at

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("EQUIPOISE_SHARED") or ROOT.parent / "shared")
CORPUS = SHARED / "corpus" / "ctg-studies.json.zip"
TEMPLATES = Path(equipoise.terms.__file__).parents[1] / "app" / "templates"

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason=f"needs {CORPUS}; set EQUIPOISE_SHARED")

MODULES = (
    "participantFlowModule",
    "baselineCharacteristicsModule",
    "outcomeMeasuresModule",
    "adverseEventsModule",
    "moreInfoModule",
)

# Where a milestone of every period is published in capitals, and where posting goes without saying.
MILESTONES = {"STARTED": "Started", "COMPLETED": "Completed", "NOT COMPLETED": "Not completed"}
SILENT = {("reportingStatus", "POSTED"), ("dispersionType", "NA")}


@cache
def records() -> tuple[tuple[str, dict[str, Any], ResultsView], ...]:
    """Each record with results: its number, the published JSON, and the view."""
    found = []
    with zipfile.ZipFile(CORPUS) as archive:
        for name in archive.namelist():
            document = archive.read(name)
            if b'"resultsSection"' in document:
                study = read_study(document)
                assert study.results is not None
                published = json.loads(document)["resultsSection"]
                found.append((study.number, published, results_view(study.results)))
    return tuple(found)


def leaves(node: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield each text or number with its path, but for group ids and flags."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, f"{path}.{key}")
    elif isinstance(node, list):
        for value in node:
            yield from leaves(value, path)
    elif not isinstance(node, bool) and path.rpartition(".")[2] not in ("id", "groupId", "groupIds"):
        yield path, str(node)


def strings(node: Any) -> Iterator[str]:
    """Yield each text of a view."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        yield from (text for value in node.values() for text in strings(value))
    elif isinstance(node, list | tuple):
        yield from (text for value in node for text in strings(value))


def shown(path: str, value: str) -> str | None:
    """Return how a leaf should read in the view, or None if it goes without saying."""
    name = path.rpartition(".")[2]
    if (name, value) in SILENT:
        return None
    field = field_at(path)
    assert field is not None, f"no field at {path}"
    if name == "dispersionType" and ".analyses." not in path:
        known = value if field.enum else value_of("MeasureDispersionType", value)
        return term("MeasureDispersionType", known).short if known else value
    if field.enum:
        return term(field.enum, value).short
    if name == "anticipatedPostingDate":
        return PartialDate(value).words()
    if path.endswith("milestones.type"):
        return MILESTONES.get(value, value)
    return value


def expected_leaves(published: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each leaf of the five modules with how it should read."""
    for module in MODULES:
        for path, value in leaves(published.get(module, {}), f"resultsSection.{module}"):
            words = shown(path, value)
            if words is not None:
                yield path, words


def test_the_corpus_has_results() -> None:
    """The tests below look at real records."""
    assert len(records()) > 100


def test_every_leaf_is_in_the_view() -> None:
    """Texts as published, enumerations by their words, numbers as they are."""
    lost, seen = [], 0
    for number, published, view in records():
        everything = "\n".join(strings(msgspec.to_builtins(view))).casefold()
        for path, words in expected_leaves(published):
            seen += 1
            if words.casefold() not in everything:
                lost.append((number, path, words))
    assert lost == []
    assert seen > 100_000


def test_every_leaf_is_on_the_page() -> None:
    """The template prints all that the view holds."""
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True)
    environment.filters["markup"] = lambda source: source
    template = environment.get_template("_results.html")
    lost = []
    for number, published, view in records():
        page = html.unescape(template.render(results=view, flow=None)).casefold()
        lost += [(number, path, words) for path, words in expected_leaves(published) if words.casefold() not in page]
    assert lost == []


def cell_texts(tables: Iterable[Table], *, kinds: tuple[str, ...] = ("values",)) -> Counter[tuple[str, str]]:
    """Count the cells of *tables* by their column and what they show."""
    return Counter(
        (column, f"{cell.text}|{cell.detail}")
        for table in tables
        for row in table.rows
        if row.kind in kinds
        for column, cell in zip(table.columns, row.cells, strict=True)
        if cell.text or cell.detail
    )


def titles(groups: list[dict[str, Any]]) -> dict[str, str]:
    """Return the title of each group id."""
    assert len({group["id"] for group in groups}) == len(groups)
    return {group["id"]: group["title"] for group in groups}


def measured(module: dict[str, Any], measures: list[dict[str, Any]]) -> Counter[tuple[str, str]]:
    """Count the measurements of *measures* by group and by how they should read."""
    counted: Counter[tuple[str, str]] = Counter()
    names = titles(module.get("groups", []))
    for measure in measures:
        for block in measure.get("classes", []):
            for category in block.get("categories", []):
                for stated in category.get("measurements", []):
                    text = stated["value"]
                    if "spread" in stated:
                        text += f" ({stated['spread']})"
                    if "lowerLimit" in stated or "upperLimit" in stated:
                        text += f" [{stated.get('lowerLimit', '–')} to {stated.get('upperLimit', '–')}]"
                    counted[names[stated["groupId"]], text + "|"] += 1
    return counted


def test_every_measurement_has_a_cell_of_its_own() -> None:
    """Each figure stands once, in the column of its group: none is lost, doubled or moved."""
    for number, published, view in records():
        baseline = published.get("baselineCharacteristicsModule")
        if baseline is not None:
            assert view.baseline is not None
            assert cell_texts([view.baseline.table]) == measured(baseline, baseline["measures"]), number
        stated = published.get("outcomeMeasuresModule", {}).get("outcomeMeasures", [])
        order = ["PRIMARY", "SECONDARY", "OTHER_PRE_SPECIFIED", "POST_HOC"]
        stated = sorted(stated, key=lambda outcome: order.index(outcome["type"]))
        for outcome, shown_outcome in zip(stated, view.outcomes, strict=True):
            tables = [shown_outcome.table] if shown_outcome.table else []
            assert cell_texts(tables) == measured(outcome, [outcome]), (number, outcome["title"])


def test_every_flow_count_and_event_count_has_a_cell_of_its_own() -> None:
    """So do those who reached a milestone, left for a reason, or had an event."""
    for number, published, view in records():
        flow = published["participantFlowModule"]
        names, units = titles(flow["groups"]), flow.get("typeUnitsAnalyzed", "units")
        wanted = Counter(
            (names[stated["groupId"]], f"{stated['numSubjects']}|{stated.get('numUnits', '')} {units}")
            if "numUnits" in stated
            else (names[stated["groupId"]], f"{stated['numSubjects']}|")
            for period in flow["periods"]
            for block in (*period["milestones"], *period.get("dropWithdraws", []))
            for stated in block.get("achievements", block.get("reasons", []))
        )
        assert view.flow is not None
        assert cell_texts(view.flow.periods) == wanted, number
        events = published.get("adverseEventsModule", {})
        names = titles(events.get("eventGroups", []))
        wanted = Counter(
            (names[stated["groupId"]], event_text(stated))
            for kind in ("seriousEvents", "otherEvents")
            for event in events.get(kind, [])
            for stated in event["stats"]
        )
        sections = view.events.sections if view.events else ()
        assert cell_texts(table for section in sections for table in section.systems) == wanted, number


def event_text(stated: dict[str, int]) -> str:
    """How the numbers of an event should read."""
    events = stated.get("numEvents")
    detail = "" if events is None else "1 event" if events == 1 else f"{events} events"
    return f"{stated.get('numAffected', '–')} / {stated['numAtRisk']}|{detail}"


def test_every_row_is_as_wide_as_its_table() -> None:
    """No record of the corpus needs an unnamed group, and no share exceeds the whole."""
    for number, _, view in records():
        tables = [*(view.flow.periods if view.flow else ())]
        tables += [view.baseline.table] if view.baseline else []
        tables += [outcome.table for outcome in view.outcomes if outcome.table]
        if view.events:
            tables += [view.events.totals]
            tables += [table for section in view.events.sections for table in section.systems]
        for table in tables:
            assert not [column for column in table.columns if column.startswith("Unnamed")], number
            for row in table.rows:
                assert row.kind in ("values", HEADING, ANALYZED)
                assert len(row.cells) == (0 if row.kind == HEADING else len(table.columns)), number
