"""Citations are read back by the programs that people use: reference managers, BibTeX, TeX."""

from __future__ import annotations

import io
from datetime import date

import pytest
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st
from pybtex.database import parse_string
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

from equipoise.find.bibtex import bibtex_entry
from equipoise.find.citations import read_citations
from equipoise.find.cite import (
    cite_study,
    group_citations,
    references_bibtex,
    references_ris,
    references_text,
    study_bibtex,
    study_ris,
)
from equipoise.find.works import Author, read_work
from equipoise.records.dates import PartialDate
from equipoise.records.study import (
    DateStruct,
    Demonstration,
    Reference,
    References,
    Retraction,
    Sponsor,
    Status,
    Study,
)

TODAY = date(2026, 1, 15)
PAPER = (
    "Wong CK, van den Brande R, Li ML 3rd, West KP Jr; CPH Study Group. Does R&D of 5% {H_2O} cost < $3? A trial. "
    "Spine (Phila Pa 1976). 2016 Aug 5;18(8 Suppl):1327-35. doi: 10.1093/intimm/dxl065. Epub 2016 Jun 23."
)
OLD = "Aloisi F. Cytokines. J Immunol. 1992 Oct 1;149(7):2358-66."
ODD = "Cadham,F.T., Asthma due to grain rusts. Jama, 1924, 83(1):p.27."


def study(*references: Reference, title: str = "Socks & shoes for 50% of cold_feet") -> Study:
    return Study(
        number="NCT01234567",
        title=title,
        lead_sponsor=Sponsor("Leeds & Partners", "OTHER"),
        status=Status(
            start_date_struct=DateStruct(PartialDate("2015-03")),
            study_first_post_date_struct=DateStruct(PartialDate("2014-12-03")),
            last_update_post_date_struct=DateStruct(PartialDate("2025-10-01")),
        ),
        references=References(references=references),
    )


THREE = study(
    Reference(pmid="111", type="BACKGROUND", citation=ODD),
    Reference(pmid="222", type="RESULT", citation=OLD),
    Reference(pmid="333", type="RESULT", citation=PAPER, retractions=(Retraction(source="Spine. 2018", pmid="9"),)),
    Reference(pmid="444", type="DERIVED", citation="Lam B. Feet. Feet J. 2017;1:1-2."),
)


def read_ris(text: str) -> list[dict[str, object]]:
    return rispy.load(io.StringIO(text))


# LaTeX's own commands for a brace, which the reader does not know.
COMMANDS = get_default_latex_context_db()
COMMANDS.add_context_category(
    "braces", prepend=True, macros=[MacroTextSpec("textbraceleft", "{"), MacroTextSpec("textbraceright", "}")]
)


def read_back(text: str) -> str:
    """Return what TeX would print; versions of the reader differ in the circumflex that they make of it."""
    return LatexNodes2Text(latex_context=COMMANDS).latex_to_text(text).replace("ˆ", "^")


def test_a_study_as_a_line_of_text() -> None:
    """Sponsor, title, number, dates and address, as the National Library of Medicine asks for."""
    assert cite_study(study(title="Socks."), TODAY) == (
        "Leeds & Partners. Socks. "
        "ClinicalTrials.gov [Internet]. Bethesda (MD): National Library of Medicine (US); 2000- . "
        "Identifier NCT01234567; first posted 2014 Dec 3; updated 2025 Oct 1 [cited 2026 Jan 15]. "
        "Available from: https://clinicaltrials.gov/study/NCT01234567"
    )


def test_a_study_in_ris_and_bibtex() -> None:
    """Both readers have number, title and address back as they were."""
    [ris] = read_ris(study_ris(study()))
    assert (ris["accession_number"], ris["title"]) == ("NCT01234567", study().title)
    entries = parse_string(study_bibtex(study(), TODAY), "bibtex").entries
    entry = entries["NCT01234567"]
    assert read_back(entry.fields["title"]) == study().title
    assert (entry.fields["year"], entry.fields["url"]) == ("2014", "https://clinicaltrials.gov/study/NCT01234567")
    assert [read_back(str(person)) for person in entry.persons["author"]] == ["Leeds & Partners"]


def test_a_demonstration_has_no_address_of_the_registry() -> None:
    """An invented record must not look like a registered one, in any form."""
    made = Study(
        number="NCT99000001", title="Socks", demonstration=Demonstration(notice="Invented.", modelled_on="NCT01234567")
    )
    for text in (cite_study(made, TODAY), study_ris(made), study_bibtex(made, TODAY)):
        assert "clinicaltrials.gov" not in text.lower()
        assert "demonstration" in text.lower() or "Invented." in text


def test_results_stand_apart_from_background() -> None:
    """What was published before the study is background, though registered as its result (D25)."""
    groups = group_citations(read_citations(THREE))
    assert [(group.title, [one.pmid for one in group.citations]) for group in groups] == [
        ("Results of this study", ["333"]),
        ("Linked by the registry, as they name this study", ["444"]),
        ("Background", ["222", "111"]),
    ]


def test_references_in_ris() -> None:
    """Authors, title, journal and pages are apart; what cannot be taken apart stays whole; retractions are said."""
    records = read_ris(references_ris(THREE))
    assert [one["accession_number"] for one in records] == ["333", "444", "222", "111"]
    first, *_, last = records
    assert first["authors"] == [
        "Wong, C. K.",
        "van den Brande, R.",
        "Li, M. L., 3rd",
        "West, K. P., Jr",
        "CPH Study Group",
    ]
    assert first["title"] == "Does R&D of 5% {H_2O} cost < $3? A trial"
    assert (first["doi"], first["start_page"], first["end_page"]) == ("10.1093/intimm/dxl065", "1327", "1335")
    assert "Retracted: Spine. 2018" in first["notes"]
    assert (last["type_of_reference"], last["title"], last["year"]) == ("GEN", ODD, "1924")


def test_references_in_bibtex() -> None:
    """The same in BibTeX: keys are unique, names in parts, signs of TeX as they were."""
    entries = parse_string(references_bibtex(THREE), "bibtex").entries
    assert [entry.fields["pmid"] for entry in entries.values()] == ["333", "444", "222", "111"]
    first, *_, last = entries.values()
    assert read_back(first.fields["title"]) == "Does R&D of 5% {H_2O} cost < $3? A trial"
    assert first.fields["pages"] == "1327--1335"
    people = first.persons["author"]
    assert [(" ".join(one.prelast_names + one.last_names), one.lineage_names) for one in people[:4]] == [
        ("Wong", []), ("van den Brande", []), ("Li", ["3rd"]), ("West", ["Jr"]),
    ]  # fmt: skip
    assert "Retracted" in first.fields["note"]
    assert (last.type, read_back(last.fields["title"])) == ("misc", ODD)


def test_references_as_text_say_what_was_retracted() -> None:
    """In text too, a retraction stands beside the work."""
    assert "Retracted: Spine. 2018." in references_text(THREE)


def test_a_study_without_references_has_empty_files() -> None:
    """Nothing to cite is nothing, not an error."""
    assert references_ris(study()) == references_bibtex(study()) == ""


@pytest.mark.parametrize(
    "citation",
    [
        ODD,
        "",
        "10",
        "Smith J, Jones",
        "Peeters W, van den Brande R, Polinder S...",
        "Hayes AF. Introduction to Mediation. The Guilford Press; 2022. 692 p",
        "DailyMed - FIRVANQ- vancomycin hydrochloride kit. Accessed September 7, 2023. https://dailymed.nlm.nih.gov/",
        "Das, S. and D. Gupta, Rust fungi of plants. World Allergy Organ J, 2013. 6(Suppl 1): p. P32.",
        "Pellicanò G, Martinelli F, et al. Ozone. Int J Ozone Ther 6:7-15, 2007.",
    ],
)
def test_other_citations_are_not_guessed_at(citation: str) -> None:
    """What is not in PubMed's form has no authors made up for it."""
    assert read_work(citation) is None


def test_a_citation_with_more_authors_says_so() -> None:
    """ "et al" becomes BibTeX's "others"."""
    work = read_work("Lam B, Wu C, et al. Feet. Feet J. 2017 Jan-Feb;1:1-2.")
    assert work is not None
    assert (work.others, len(work.authors), work.month) == (True, 2, 1)
    listed = study(Reference(type="RESULT", citation="Lam B, Wu C, et al. Feet. Feet J. 2017 Jan-Feb;1:1-2."))
    assert "author = {Lam, B. and Wu, C. and others}" in references_bibtex(listed)


# TeX draws some pairs of signs as one: ?` is ¿, -- a dash.
SIGNS = st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="`'-,\"<>?!")


@settings(deadline=None)
@given(st.text(SIGNS | st.sampled_from(r" {}\\%$&#_^~"), min_size=1, max_size=60).filter(str.strip))
def test_any_text_comes_back_from_bibtex(text: str) -> None:
    """Whatever a record says, the file stays readable, and TeX prints it as it was."""
    entry = bibtex_entry("misc", "key", {"author": [Author(text)], "title": text, "note": text, "url": text})
    read = parse_string(entry, "bibtex").entries["key"]
    printed = "".join(text.replace("ˆ", "^").split())
    assert "".join(read_back(read.fields["note"]).split()) == printed
    assert "".join(read_back(read.fields["title"]).split()) == printed


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_stays_in_its_line_of_ris(text: str) -> None:
    """No text of a record can begin a tag or end a record of its own."""
    records = read_ris(references_ris(study(Reference(type="RESULT", citation=f"{text}\r\nER  - \r\nTY  - {text}"))))
    assert len(records) == 1
