"""Pictures of a search count what was found, and each bar's search finds as many."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from equipoise.find.charts import ResultPictures, draw_results
from equipoise.find.parameters import read_query
from equipoise.find.query import Query
from equipoise.find.search import search
from equipoise.store.library import Library
from unit.store.made import document, library


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Twenty studies of several phases, states, years and countries."""
    made = []
    phases = (["PHASE2"], ["PHASE2", "PHASE3"], ["PHASE3"], ["NA"], [])
    places = ("Germany", "France", "United States", "Japan")
    for at in range(20):
        sites = [{"city": "X", "country": places[(at + n) % 4]} for n in range(at % 4)]
        made.append(
            document(
                f"NCT{99_100_000 + at:08d}",
                "Stroke",
                design={"studyType": "INTERVENTIONAL", "phases": phases[at % 5]},
                status={
                    "overallStatus": ("RECRUITING", "COMPLETED")[at % 2],
                    **({"startDateStruct": {"date": f"{1990 + 2 * at}-03"}} if at % 6 else {}),
                },
                contactsLocations={"locations": sites},
            )
        )
    return library(tmp_path_factory.mktemp("charts"), *made)


def drawn(studies: Library, query: Query) -> ResultPictures:
    return draw_results(search(studies, query, facets=False), studies.columns)


def test_every_bar_leads_to_as_many_studies(studies: Library) -> None:
    """A bar's number is what its search finds, those that do not state it aside."""
    pictures = drawn(studies, Query(text="stroke", chosen={"status": ("RECRUITING",)}))
    bars = [bar for chart in (*pictures.charts, pictures.countries) for bar in chart.bars if bar.address]
    assert len(bars) > 12
    for bar in bars:
        found = search(studies, read_query(parse_qsl(bar.address or ""), studies), facets=False)
        assert found.total - found.unstated == bar.count, bar


def test_counts_are_of_what_was_found(studies: Library) -> None:
    """Only the studies found count, each once in its status, and the longest bar is whole."""
    pictures = drawn(studies, Query(text="stroke", chosen={"status": ("COMPLETED",)}))
    by_name = {chart.name: chart for chart in pictures.charts}
    assert [(bar.words, bar.count, bar.share) for bar in by_name["status"].bars] == [("Completed", 10, 100.0)]
    assert sum(bar.count for bar in by_name["start"].bars) == 10
    assert max(bar.share for bar in by_name["phase"].bars) == 100.0


def test_phases_are_in_their_order(studies: Library) -> None:
    """Early phases come first, and a study of two phases is said to count twice."""
    phase = drawn(studies, Query(text="stroke")).charts[0]
    assert [bar.words for bar in phase.bars][:2] == ["Phase 2", "Phase 3"]
    assert phase.note == "A study of two phases counts for both."


def test_years_long_past_stand_together(studies: Library) -> None:
    """Fifteen years have bars of their own, the latest first; empty ones show that nothing began."""
    bars = drawn(studies, Query(text="stroke")).charts[2].bars
    assert [bar.words for bar in bars[:3]] == ["2028", "2027", "2026"]
    assert bars[1].count == 0
    assert bars[1].address is None
    assert [bar.words for bar in bars[-2:]] == ["before 2014", "Not stated"]


def test_sites_are_counted_by_country(studies: Library) -> None:
    """The table has studies and sites; the map a circle for each country, its area as its sites."""
    pictures = drawn(studies, Query(text="stroke"))
    assert pictures.map is not None
    known = [bar for bar in pictures.countries.bars if bar.words != "Not stated"]
    assert sum(bar.more or 0 for bar in known) == 30
    assert len(pictures.map.large) == len(pictures.map.small) == 4
    assert {circle.words.split(":")[0] for circle in pictures.map.large} >= {"Germany", "France", "Japan"}
    bars = {line.words: line.address for line in pictures.countries.bars}
    assert all(one.address == bars[one.words.split(":")[0]] for one in pictures.map.large), "one search, two ways in"


def test_nothing_found_draws_nothing(studies: Library) -> None:
    """No study, no bars, no map."""
    pictures = drawn(studies, Query(text="zebra"))
    assert pictures.map is None
    assert not pictures.countries.bars
