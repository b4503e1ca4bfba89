"""Statistics are what one finds by counting by hand, and are kept with the edition they belong to."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from api import Api, study
from equipoise.find import field_stats
from equipoise.find.statistics import Statistics, count_values, leaves, lists
from equipoise.intake.opening import open_library
from equipoise.terms.fields import field


@pytest.fixture
def api(tmp_path: Path) -> Api:
    """Twelve studies; one has nothing but a title."""
    api = Api(tmp_path / "library")
    records = [study(number) for number in range(1, 13)]
    records[11] = {"protocolSection": {"identificationModule": {"nctId": "NCT99000012", "briefTitle": "Bare"}}}
    api.load(*records)
    return api


def values_of(api: Api, *pieces: str) -> list[dict]:
    """Return the statistics of fields as JSON."""
    return api.json("/stats/field/values", fields=",".join(pieces))


def test_each_kind_of_field_has_its_figures(api: Api) -> None:
    """A category, a text, a date, a number and a yes or no."""
    phase, city, start, enrollment, results = values_of(
        api, "Phase", "LocationCity", "StartDate", "EnrollmentCount", "HasResults"
    )
    assert phase == {
        "type": "ENUM",
        "piece": "Phase",
        "field": "protocolSection.designModule.phases",
        "missingStudiesCount": 1,
        "uniqueValuesCount": 4,
        "topValues": [
            {"value": "NA", "studiesCount": 4},
            {"value": "PHASE2", "studiesCount": 4},
            {"value": "PHASE3", "studiesCount": 4},
            {"value": "PHASE1", "studiesCount": 3},
        ],
    }
    assert city["topValues"] == [{"value": "Leeds", "studiesCount": 11}]
    assert city["longest"] == {"length": 5, "nctId": "NCT99000001", "value": "Leeds"}
    assert (start["min"], start["max"], start["formats"]) == ("2024-02", "2024-12", ["yyyy-MM"])
    assert (enrollment["min"], enrollment["max"], enrollment["avg"]) == (10, 110, 60.0)
    assert (results["trueCount"], results["falseCount"], results["missingStudiesCount"]) == (0, 11, 1)


def test_types_and_branches_choose_fields(api: Api) -> None:
    """A branch stands for what is below it, and types for all fields of them."""
    assert {one["type"] for one in api.json("/stats/field/values", types="ENUM,BOOLEAN")} == {"ENUM", "BOOLEAN"}
    below = api.json("/stats/field/values", fields="StatusModule", types="ENUM")
    assert all(one["field"].startswith("protocolSection.statusModule.") for one in below)
    assert len(api.json("/stats/field/values")) == len(leaves())


def test_a_field_without_such_figures_is_not_found(api: Api) -> None:
    """404, with the nearest name or where all are listed."""
    said = api.refusal("/stats/field/values", status=404, fields="Fase")
    assert said == "No such field: Fase\nDid you mean Phase?"
    said = api.refusal("/stats/field/values", status=404, fields="Phase", types="DATE")
    assert said == "Phase: no such field has values of this type\n`/studies/metadata` lists every field."
    assert api.refusal("/stats/field/sizes", status=404, fields="BriefTitle").startswith("BriefTitle: no list")
    assert api.refusal("/stats/field/values", types="TEXT").startswith("Allowed values do not include `TEXT`")


def test_the_lengths_of_lists(api: Api) -> None:
    """How long they are, and in how many studies; a field that no study has is empty."""
    conditions, keywords = api.json("/stats/field/sizes", fields="Condition,Keyword")
    assert conditions["topSizes"] == [{"size": 2, "studiesCount": 6}, {"size": 1, "studiesCount": 5}]
    assert (conditions["minSize"], conditions["maxSize"], conditions["uniqueSizesCount"]) == (1, 2, 2)
    assert keywords == {"piece": "Keyword", "field": keywords["field"], "uniqueSizesCount": 0}


def test_the_sizes_of_records(api: Api) -> None:
    """They are those of the documents as published."""
    sizes = {number: len(document) for number, document in api.documents.items()}
    found = api.json("/stats/size")
    assert found["totalStudies"] == 12
    assert found["averageSizeBytes"] == round(sum(sizes.values()) / 12)
    largest = {one["id"]: one["sizeBytes"] for one in found["largestStudies"]}
    assert largest.items() <= sizes.items()
    assert max(sizes.values()) == found["largestStudies"][0]["sizeBytes"]
    assert sum(one["studiesCount"] for one in found["ranges"]) == 12


def test_texts_are_counted_beyond_what_memory_holds(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written to a file in between is counted with the rest."""
    whole = values_of(api, "BriefTitle", "Condition")
    monkeypatch.setattr(field_stats, "_SPILL", 2)

    again = count_values(open_library(api.folder), [field("BriefTitle"), field("Condition")])
    assert [one.unique_values_count for one in again] == [one["uniqueValuesCount"] for one in whole] == [12, 2]
    assert [(one.value, one.studies_count) for one in again[1].top_values or ()] == [
        ("Cold Feet", 11),
        ("Chilblains", 6),
    ]


def test_statistics_are_kept_with_their_edition(api: Api) -> None:
    """The next process reads them from the edition's folder; the next edition has its own."""
    before = values_of(api, "Phase")
    kept = api.folder / "editions" / "000001" / "statistics.json"
    stored = json.loads(kept.read_text("utf-8"))
    assert list(stored["values"]) == ["Phase"]
    stored["values"]["Phase"]["missingStudiesCount"] = 77
    kept.write_text(json.dumps(stored), "utf-8")
    assert values_of(Api(api.folder), "Phase")[0]["missingStudiesCount"] == 77
    api.load(study(13))
    assert values_of(api, "Phase")[0]["missingStudiesCount"] == before[0]["missingStudiesCount"] == 1


def test_a_file_of_statistics_that_is_broken_is_made_anew(api: Api) -> None:
    """It holds nothing that cannot be counted again."""
    before = values_of(api, "Phase")
    (api.folder / "editions" / "000001" / "statistics.json").write_bytes(b"{")
    assert values_of(Api(api.folder), "Phase") == before


def test_the_corpus_is_counted_as_by_hand(corpus) -> None:
    """Real records: every category, and every city, in the number of studies that have it."""
    statistics = Statistics(corpus)
    statuses: Counter[str] = Counter()
    cities: Counter[str] = Counter()
    sites: Counter[int] = Counter()
    for row in range(len(corpus)):
        one = corpus.record_at(row).study
        statuses.update([one.status.overall_status] if one.status.overall_status else [])
        cities.update({site.city for site in one.sites if site.city})
        sites.update([len(one.sites)] if one.sites else [])
    counted_statuses, counted_cities = statistics.values([field("OverallStatus"), field("LocationCity")])
    assert {one.value: one.studies_count for one in counted_statuses.top_values or ()} == statuses
    assert counted_cities.unique_values_count == len(cities)
    for one in counted_cities.top_values or ():
        assert cities[one.value] == one.studies_count
    assert min(one.studies_count for one in counted_cities.top_values or ()) == cities.most_common(250)[-1][1]
    [counted_sites] = statistics.sizes([one for one in lists() if one.piece == "Location"])
    assert {one.size: one.studies_count for one in counted_sites.top_sizes} == sites
