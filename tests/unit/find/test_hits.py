"""A result list shows what a study is and why it was found."""

from __future__ import annotations

from pathlib import Path

import pytest

from equipoise.find.hits import SNIPPET, Hit, Part, Snippet, read_hits, text_of
from equipoise.find.query import Query
from equipoise.find.search import search
from equipoise.store.library import Library
from unit.store.made import FIRST, document, library


def hits(studies: Library, text: str = "", *, offset: int = 0, limit: int = 20) -> tuple[Hit, ...]:
    return read_hits(studies, search(studies, Query(text=text)), offset=offset, limit=limit).items


def hit(folder: Path, text: str, title: str = "A study of ours", **modules: object) -> Hit:
    """Return the one hit for *text* in a library of one study."""
    (one,) = hits(library(folder, document(FIRST, title, **modules)), text)
    return one


def marked(parts: tuple[Part, ...]) -> list[str]:
    return [part.text for part in parts if part.marked]


def test_a_hit_has_what_the_record_says(tmp_path: Path) -> None:
    """In words; a closed study has no open site whatever its sites say."""
    modules = {
        "status": {
            "overallStatus": "RECRUITING",
            "startDateStruct": {"date": "2024-03"},
        },
        "design": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE1", "PHASE2"],
            "enrollmentInfo": {"count": 40},
        },
        "conditions": {"conditions": ["Stroke", "Rare disease"]},
        "armsInterventions": {"interventions": [{"type": "DRUG", "name": "Ours"}, {"type": "DRUG"}]},
        "sponsorCollaborators": {"leadSponsor": {"name": "Our hospital"}},
        "contactsLocations": {
            "locations": [
                {"country": "France", "status": "RECRUITING"},
                {"country": "Chile", "status": "COMPLETED"},
                {"country": "France"},
            ]
        },
        "updated": "2025-06-07",
    }
    one = hit(tmp_path / "open", "", **modules)
    assert (one.number, text_of(one.title), one.status, one.bucket, one.tone) == (
        FIRST,
        "A study of ours",
        "Recruiting",
        "Open now",
        "open",
    )
    assert [phase.text for phase in one.phases] == ["Phase 1", "Phase 2"]
    assert (one.type, one.enrollment, one.start, one.updated) == ("Interventional", 40, "March 2024", "7 June 2025")
    assert (one.conditions, one.interventions, one.sponsor) == (("Stroke", "Rare disease"), ("Ours",), "Our hospital")
    assert (one.countries, one.sites, one.open_sites) == (("France", "Chile"), 3, 1)
    assert (one.has_results, one.demonstration, one.snippet) == (False, False, None)
    modules["status"] = {"overallStatus": "COMPLETED"}
    assert hit(tmp_path / "closed", "", **modules).open_sites == 0


def test_a_hit_of_a_bare_record_says_that_it_is_not_stated(tmp_path: Path) -> None:
    """A record with a number alone is shown by it."""
    (one,) = hits(library(tmp_path, b'{"protocolSection":{"identificationModule":{"nctId":"NCT99000901"}}}'))
    assert (text_of(one.title), one.status, one.bucket, one.tone) == (FIRST, "Not stated", "Not stated", "unknown")
    assert (one.phases, one.type, one.sponsor, one.start, one.updated, one.enrollment) == ((), "", "", "", "", None)


def test_a_study_without_a_brief_title_is_shown_by_its_official_one(tmp_path: Path) -> None:
    """Rather than by its number."""
    data = document(identification={"officialTitle": "Official"}).replace(b'"briefTitle": "A study of ours", ', b"")
    (one,) = hits(library(tmp_path, data))
    assert text_of(one.title) == "Official"


def test_a_demonstration_record_says_so(tmp_path: Path) -> None:
    """In its hit."""
    data = b'{"demonstration":{"notice":"Invented","modelledOn":"NCT00000001"},' + document()[1:]
    (one,) = hits(library(tmp_path, data))
    assert one.demonstration


def test_the_words_are_marked_in_the_title(tmp_path: Path) -> None:
    """In any form, with accents and Greek before them; the title stays whole."""
    title = "β-Blockers, Sjögren’s ménières and the strokes: 𝟙 Stroke of luck"
    one = hit(tmp_path, "stroke sjogren", title)
    assert text_of(one.title) == title
    assert marked(one.title) == ["Sjögren", "strokes", "Stroke"]


def test_a_long_title_stays_whole(tmp_path: Path) -> None:
    """However long it is."""
    title = "Stroke " + "and other words " * 700 + "stroke"
    one = hit(tmp_path, "stroke", title)
    assert text_of(one.title) == title


def test_a_title_without_the_words_is_not_marked(tmp_path: Path) -> None:
    """They stand elsewhere."""
    one = hit(tmp_path, "stroke", description={"briefSummary": "After a stroke."})
    assert one.title == (Part("A study of ours"),)
    assert one.snippet is not None
    assert marked(one.snippet.parts) == ["stroke"]


@pytest.mark.parametrize(
    ("modules", "place"),
    [
        ({"description": {"briefSummary": "A stroke."}}, "Summary"),
        ({"description": {"detailedDescription": "A stroke."}}, "Description"),
        ({"eligibility": {"eligibilityCriteria": "Inclusion Criteria:\n\n* A stroke"}}, "Eligibility"),
        ({"outcomes": {"primaryOutcomes": [{"measure": "Strokes"}]}}, "Summary"),
        ({"armsInterventions": {"armGroups": [{"label": "A", "description": "For strokes"}]}}, "Description"),
    ],
)
def test_a_snippet_says_where_it_stands(tmp_path: Path, modules: dict, place: str) -> None:
    """The section that has the words."""
    one = hit(tmp_path, "stroke OR AREA[DetailedDescription]stroke OR AREA[EligibilityCriteria]stroke", **modules)
    assert one.snippet is not None
    assert one.snippet.place == place
    assert [word.lower().rstrip("s") for word in marked(one.snippet.parts)] == ["stroke"]


def test_a_snippet_comes_from_where_most_words_stand(tmp_path: Path) -> None:
    """The summary's among equals."""
    one = hit(
        tmp_path,
        "acute stroke",
        description={"briefSummary": "A stroke.", "detailedDescription": "An acute stroke."},
    )
    assert one.snippet is not None
    assert (one.snippet.place, marked(one.snippet.parts)) == ("Description", ["acute", "stroke"])


def test_a_snippet_from_inside_begins_with_dots(tmp_path: Path) -> None:
    """So that nobody takes it for the beginning."""
    text = "Nothing here matters. " * 60 + "Then a stroke came. " + "Nor does this. " * 60
    one = hit(tmp_path, "stroke", description={"briefSummary": text})
    assert one.snippet is not None
    shown = text_of(one.snippet.parts)
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert marked(one.snippet.parts) == ["stroke"]
    assert len(shown) < SNIPPET + 20


def test_a_snippet_that_is_the_whole_text_has_no_dots(tmp_path: Path) -> None:
    """Nothing was left out."""
    one = hit(tmp_path, "stroke", description={"briefSummary": "After a stroke."})
    assert one.snippet is not None
    assert text_of(one.snippet.parts) == "After a stroke."


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        (r"GCS \<9 after a stroke", "GCS <9 after a stroke"),
        (
            r"stroke with NIHSS \>= 5, 1\*10\^6 cells \[sic\] in all",
            "stroke with NIHSS >= 5, 1*10^6 cells [sic] in all",
        ),
        ("Stroke & <b>bold</b> text", "Stroke & <b>bold</b> text"),
        ("* A stroke\n* NIHSS \\> 4 now", "A stroke · NIHSS > 4 now"),
    ],
)
def test_a_snippet_has_no_escapes_of_markup(tmp_path: Path, published: str, shown: str) -> None:
    """Neither backslashes nor bullets; the lines of a list stay told apart."""
    one = hit(tmp_path, "stroke", description={"briefSummary": published})
    assert one.snippet is not None
    assert text_of(one.snippet.parts).removesuffix(" …") == shown


def test_without_words_the_summary_opens(tmp_path: Path) -> None:
    """Its first words, cut between two."""
    whole = hit(tmp_path / "a", "", description={"briefSummary": r"Short \< text."})
    assert whole.snippet == Snippet("Summary", (Part("Short < text."),))
    long = hit(tmp_path / "b", "", description={"briefSummary": "some words " * 100})
    assert long.snippet is not None
    shown = text_of(long.snippet.parts)
    assert shown.endswith((" some …", " words …"))
    assert len(shown) <= SNIPPET + 2


def test_without_a_summary_the_description_opens_under_its_own_name(tmp_path: Path) -> None:
    """A description is not called a summary."""
    one = hit(tmp_path, "", description={"detailedDescription": "In detail."})
    assert one.snippet == Snippet("Description", (Part("In detail."),))


def test_a_summary_in_one_word_is_cut_as_well(tmp_path: Path) -> None:
    """A text without a space still fits the page and shows something."""
    one = hit(tmp_path, "", description={"briefSummary": "x" * 1000})
    assert one.snippet is not None
    assert 10 < len(text_of(one.snippet.parts)) <= SNIPPET + 2


def test_hits_come_page_by_page(tmp_path: Path) -> None:
    """Offset and limit; past the end there is nothing."""
    studies = library(tmp_path, *(document(f"NCT99{count:06d}", "Same") for count in range(1, 8)))
    every = [one.number for one in hits(studies, "same", limit=100)]
    assert len(every) == 7
    paged = [one.number for offset in (0, 3, 6, 9) for one in hits(studies, "same", offset=offset, limit=3)]
    assert paged == every


def test_a_phrase_is_marked(tmp_path: Path) -> None:
    """Its words, where they stand side by side."""
    one = hit(tmp_path, '"heart failure"', "Heart failure and failure to thrive")
    assert marked(one.title)[:2] == ["Heart", "failure"]
