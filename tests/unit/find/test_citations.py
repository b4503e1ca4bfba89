"""Citations: what a page says and links of a publication."""

from __future__ import annotations

import pytest

from equipoise.find.citations import PREDATES, parse_dois, parse_pmid, parse_year, read_citations
from equipoise.records.dates import PartialDate
from equipoise.records.study import DateStruct, Reference, References, Retraction, Status, Study

ZHENG = (
    "Zheng J, Lv C. Incidence of out-of-hospital cardiac arrest in China. Lancet Public Health. 2023 Dec;"
    "8(12):e923-e932. doi: 10.1016/S2468-2667(23)00173-1. Epub 2023 Sep 16."
)


def study(*references: Reference, start: str | None = "2025-10-01") -> Study:
    """Return a study that began then and names these publications."""
    began = DateStruct(PartialDate(start)) if start else DateStruct()
    return Study(
        number="NCT00000000",
        status=Status(start_date_struct=began),
        references=References(references),
    )


@pytest.mark.parametrize(
    ("text", "dois"),
    [
        (ZHENG, ["10.1016/S2468-2667(23)00173-1"]),
        ("See https://doi.org/10.1037/h0078812.", ["10.1037/h0078812"]),
        ("(doi:10.1000/xyz123)", ["10.1000/xyz123"]),
        ("DOI 10.1000/xyz123; 10.1000/XYZ123, dx.doi.org/10.5555/a", ["10.1000/xyz123", "10.5555/a"]),
        ("https://onlinelibrary.wiley.com/doi/full/10.1111/cns.13476?af=R", ["10.1111/cns.13476"]),
        ("https://www.tandfonline.com/doi/10.1080/10400435/abstract", ["10.1080/10400435"]),
        (
            "doi: 10.1002/(sici)1097-0142(19981115)83:10<1.0.co;2-9.",
            ["10.1002/(sici)1097-0142(19981115)83:10<1.0.co;2-9"],
        ),
        ("Rehabilitation, 4(1), 7-10. Rate 10.5/1000 and 10.12345/", []),
        ("", []),
    ],
)
def test_dois(text: str, dois: list[str]) -> None:
    """A DOI ends before the sentence's full stop and the brackets around it, not within its own."""
    assert [doi.text for doi in parse_dois(text)] == dois


def test_doi_links_are_encoded() -> None:
    """A DOI's address has no sign that ends an address or a tag."""
    (doi,) = parse_dois('10.1000/a<b>#c?d"e')
    assert doi.url == "https://doi.org/10.1000/a%3Cb%3E"
    (doi,) = parse_dois(ZHENG)
    assert doi.url == "https://doi.org/10.1016/S2468-2667(23)00173-1"


@pytest.mark.parametrize(
    ("text", "year"),
    [
        (ZHENG, 2023),
        ("Mol Neurobiol. 2021 Jun;58(6):2803-2811. doi: 10.1007/s12035-021-02293-1. Epub 2020 Jan 27.", 2021),
        ("Neural Regen Res. 2017 Dec;12(12):2007-2013.", 2017),
        ("Chronic disease, 1990-2015: a study of 2010. Lancet. 2017 Sep-Oct;5(9):691-706.", 2017),
        ("Ann Intern Med. 2007 Oct 2;147(7):478. Erratum In: Ann Intern Med. 2008 Feb 05;148(3):247.", 2007),
        ("Update on the application of IL-2. Clin Cancer Res. 2007 Jan 15;13(2 Pt 2):716s-720s.", 2007),
        ("Crit Care. 2020 Dec 5-11;24(1):1.", 2020),
        ("Magee, D. J. (2014). Orthopedic assessment. Elsevier. pp 1990-1999", 2014),
        ("Stephens, K. (2024, August). Improving chronic pain.", 2024),
        ("Russian Allergology Journal 4: 18-23, 2013.", 2013),
        ("Kale, A.A., 2019. Effect of exercises. Indian Journal, 13(2), p.19.", 2019),
        ("Fischer; 1962", 1962),
        ("Symptoms in healthy adults. In review", None),
        ("Coronavirus disease 2019 (COVID-19) situation report", None),
        ("[1] Winters S. 2017;151: 1-32. [2] El Masri J. 2022;65: 461-481.", None),
        ("DailyMed. Accessed September 7, 2023. https://dailymed.nlm.nih.gov/2023/1", None),
        ("pages 2001-2003", None),
        ("", None),
    ],
)
def test_years(text: str, year: int | None) -> None:
    """The year is the work's own; pages, titles, electronic dates and other papers give none."""
    assert parse_year(text) == year


def test_pmids_are_digits() -> None:
    """Only digits make a PubMed address."""
    assert parse_pmid(" 33501626 ") == "33501626"
    assert [parse_pmid(text) for text in (None, "", "0", "PMC1", "1/../2", "３３")] == [None] * 6


def test_a_citation_as_shown() -> None:
    """A publication has its text, words for its kind, and links."""
    (citation,) = read_citations(study(Reference("37722403", "DERIVED", ZHENG)))
    assert citation.text == ZHENG
    assert citation.kind == "Linked by the registry"
    assert citation.pubmed_url == "https://pubmed.ncbi.nlm.nih.gov/37722403/"
    assert citation.europe_pmc_url == "https://europepmc.org/article/MED/37722403"
    assert (citation.year, citation.is_result, citation.advisory) == (2023, False, None)


def test_results_that_predate_the_study_are_flagged() -> None:
    """D25: a result of 2023 of a study that began in 2025 is flagged and no result."""
    (citation,) = read_citations(study(Reference("37722403", "RESULT", ZHENG)))
    assert citation.advisory == PREDATES == "Published before the study began, though registered as a result."
    assert citation.is_result is False


@pytest.mark.parametrize("start", ["2023-12", "2020", None])
def test_results_of_the_same_year_are_not_flagged(start: str | None) -> None:
    """A result of the start year or later, or without a start date, stays a result."""
    (citation,) = read_citations(study(Reference("1", "RESULT", ZHENG), start=start))
    assert (citation.is_result, citation.advisory) == (True, None)


def test_background_is_never_flagged() -> None:
    """Background is meant to be older than the study."""
    (citation,) = read_citations(study(Reference("1", "BACKGROUND", ZHENG)))
    assert citation.advisory is None


def test_order() -> None:
    """Results come first, then linked ones, flagged ones and background; ties keep their order."""
    references = [
        Reference("1", "BACKGROUND", "A. 2001."),
        Reference("2", "RESULT", "B. 2002."),
        Reference("3", "DERIVED", "C. 2026."),
        Reference("4", "RESULT", "D. 2026."),
        Reference("5", None, "E."),
        Reference("6", "RESULT", "F"),
        Reference("7", "RESULT", "G. 2003."),
    ]
    order = [citation.pmid for citation in read_citations(study(*references))]
    assert order == ["4", "6", "3", "2", "7", "1", "5"]


def test_retractions() -> None:
    """A retraction is said, and linked where its number is one."""
    notices = (Retraction("30087149", "Clin Cancer Res. 2018 Aug 1;24(15):3783"), Retraction("x"))
    (citation,) = read_citations(study(Reference("17255299", "BACKGROUND", "A", notices)))
    assert [(notice.words, notice.url) for notice in citation.retractions] == [
        ("Retracted: Clin Cancer Res. 2018 Aug 1;24(15):3783", "https://pubmed.ncbi.nlm.nih.gov/30087149/"),
        ("Retracted", None),
    ]


def test_an_empty_reference() -> None:
    """A reference without anything is still shown, as nothing."""
    (citation,) = read_citations(study(Reference()))
    assert (citation.text, citation.kind, citation.year, citation.pubmed_url) == ("", None, None, None)


def test_an_unknown_kind_is_shown_as_published() -> None:
    """A kind that the registry adds tomorrow is put into words."""
    (citation,) = read_citations(study(Reference(type="LAY_SUMMARY")))
    assert citation.kind == "Lay summary"
