"""The five trial pages, read and shown again: what they showed is there, their faults are gone.

The numbers D1 … D36 are those of the faults described in docs/explanation/registries.md.
"""

from __future__ import annotations

import pytest

from equipoise.store.library import Library
from pages import Page, Site, text_of

INFLIXIMAB, TOCILIZUMAB, ARDS, INOTROPES, STEM_CELLS = (
    "NCT07176754",
    "NCT07263776",
    "NCT05914454",
    "NCT06062966",
    "NCT05689008",
)
ALL = [INFLIXIMAB, TOCILIZUMAB, ARDS, INOTROPES, STEM_CELLS]


@pytest.fixture(scope="module")
def site(seeds: Library) -> Site:
    return Site(seeds)


@pytest.fixture(scope="module")
def pages(site: Site) -> dict[str, Page]:
    return {number: site.page(f"/studies/{number}") for number in ALL}


@pytest.mark.parametrize(
    ("number", "status", "phase", "enrollment"),
    [
        (INFLIXIMAB, "Not yet recruiting", "Not applicable (no phases)", "208 participants"),
        (TOCILIZUMAB, "Recruiting", "Phase 3", "692 participants"),
        (ARDS, "“Non Recruiting”", "Phase 2", ""),
        (INOTROPES, "Recruiting", "Phase 1", "20 participants"),
        (STEM_CELLS, "Unknown status", "Phase 3", "60 participants"),
    ],
)
def test_what_matters_comes_first(
    pages: dict[str, Page], number: str, status: str, phase: str, enrollment: str
) -> None:
    """Status, phase and enrollment stand above the sections (D12, D13, D33)."""
    page = pages[number]
    assert page.all("//div[@class='state']/*[1]") == [status]
    first = page.all("//div[@class='first']/div")
    assert first[0].startswith(f"Phase {phase}")
    assert enrollment in first[0]


@pytest.mark.parametrize(
    ("number", "inclusion", "exclusion", "arms", "interventions", "sites", "central", "references"),
    [
        (INFLIXIMAB, 4, 15, 2, 2, 0, 2, 13),
        (TOCILIZUMAB, 6, 19, 2, 2, 22, 2, 0),
        (ARDS, 5, 6, 0, 0, 0, 0, 0),
        (INOTROPES, 6, 12, 1, 1, 1, 1, 0),
        (STEM_CELLS, 4, 9, 2, 1, 1, 1, 0),
    ],
)
def test_everything_that_was_listed_is_listed(
    pages: dict[str, Page],
    number: str,
    inclusion: int,
    exclusion: int,
    arms: int,
    interventions: int,
    sites: int,
    central: int,
    references: int,
) -> None:
    """Criteria, arms, interventions, sites, contacts and references are as many as on the page."""
    page = pages[number]
    counts = {
        "inclusion": len(page.tree.xpath("//div[@class='inclusion']/*[contains(@class,'criteria')]/li")),
        "exclusion": len(page.tree.xpath("//div[@class='exclusion']/*[contains(@class,'criteria')]/li")),
        "arms": len(page.tree.xpath("//section[@id='arms']//thead/tr/th")) - (1 if arms else 0),
        "interventions": len(page.tree.xpath("//section[@id='arms']//tbody/tr")),
        "sites": len(page.tree.xpath("//ul[@class='sites']/li")),
        "central": len(page.tree.xpath("//section[@id='sites']/ul[@class='people']/li")),
        "references": len(page.tree.xpath("//ol[@class='refs']/li")),
    }
    assert counts == {
        "inclusion": inclusion,
        "exclusion": exclusion,
        "arms": arms,
        "interventions": interventions,
        "sites": sites,
        "central": central,
        "references": references,
    }


def test_joined_conditions_stay_as_shown_and_say_so(pages: dict[str, Page]) -> None:
    """Where one joined condition ends cannot be known, so nothing is split (D1)."""
    assert pages[INFLIXIMAB].all("//ul[@aria-label='Conditions']/li") == [
        "Cardiac Arrest (CA) Post Cardiac Arrest Syndrome"
    ]
    assert pages[STEM_CELLS].all("//ul[@aria-label='Conditions']/li") == ["Mesenchymal Stem Cell COVID-19 Pneumonia"]
    assert "condition" in pages[INFLIXIMAB].part("record").lower()
    link = pages[INFLIXIMAB].tree.xpath("//ul[@aria-label='Conditions']/li/a/@href")[0]
    assert link.startswith("/search?q=Cardiac+Arrest")


def test_masked_parties_are_a_list(pages: dict[str, Page]) -> None:
    """Masked parties that a page joined are told apart, since they are a closed set (D2)."""
    label = "Masking: who does not know"
    assert pages[INFLIXIMAB].row(label) == "Participant, Care provider"
    assert pages[TOCILIZUMAB].row(label) == "Participant, Care provider, Investigator, Outcomes assessor"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (INFLIXIMAB, "manufactured by Hisun Biopharmaceuticals"),
        (TOCILIZUMAB, "240 mg of tocilizumab injection will be diluted"),
        (INOTROPES, "Anakinra 100 mg SC daily will be administered"),
        (STEM_CELLS, "two doses of UC-MSCs treatment, each dose"),
    ],
)
def test_an_intervention_is_printed_once(pages: dict[str, Page], number: str, words: str) -> None:
    """Arms × interventions are one table, each text in it once (D3)."""
    assert pages[number].text.count(words) == 1


@pytest.mark.parametrize("number", ALL)
def test_no_escape_and_no_code_reaches_the_reader(pages: dict[str, Page], number: str) -> None:
    """Neither CommonMark escapes nor raw enumeration values are shown (D4, D12), the text as published aside."""
    page = Page(pages[number].html)
    [published] = page.tree.xpath("//details[@class='published']")
    published.drop_tree()
    text = page.text
    assert not [mark for mark in ("\\<", "\\>", "\\[", "\\]", "\\*", "\\^", "\\~", "\\_") if mark in text]
    raw = ("NOT_YET", "RECRUITING", "PLACEBO_COMPARATOR", "NO_INTERVENTION", "PHASE", "org_study_id", "RANDOMIZED")
    assert not [value for value in raw if value in text]


def test_a_power_of_ten_is_set_as_one_and_keeps_its_source(pages: dict[str, Page]) -> None:
    r"""`1\*10\^6` reads 1×10⁶; the published form can be seen (D5)."""
    mended = pages[STEM_CELLS].tree.xpath("//button[@class='mended term']")
    assert [(node.text, node.find("sup").text) for node in mended] == [("1×10", "6")]
    told = pages[STEM_CELLS].all(f"//div[@id='{mended[0].get('popovertarget')}']")
    assert told == ["1×106 Published as 1*10^6"]


def test_a_contact_stands_in_its_site(pages: dict[str, Page]) -> None:
    """Facility contacts are in their site's card; the backup belongs to the last site (D7, D8)."""
    cards = pages[TOCILIZUMAB].tree.xpath("//ul[@class='sites']/li")
    people = {
        text_of(card.xpath(".//div[@class='name']")[0]): [
            text_of(line) for line in card.xpath(".//ul[@class='people']/li")
        ]
        for card in cards
    }
    assert people["Lingshan County People's Hospital"][0].startswith("Xingcheng Lin")
    xuanwu = people["Xuanwu Hospital, Capital Medical University"]
    assert [line.split(",")[0] for line in xuanwu] == ["Chuanjie Wu", "Xunming Ji"]
    assert sum(len(lines) for lines in people.values()) == 23
    assert "Beijing, China" in pages[TOCILIZUMAB].text
    assert ", ," not in pages[TOCILIZUMAB].text


@pytest.mark.parametrize("number", [INFLIXIMAB, STEM_CELLS])
def test_an_empty_description_has_no_heading(pages: dict[str, Page], number: str) -> None:
    """A section with nothing in it is not shown (D14)."""
    assert "Detailed description" not in pages[number].all("//h3")


def test_a_stale_status_is_questioned(pages: dict[str, Page]) -> None:
    """Unknown status, a site still recruiting, a passed end: each is said (D17)."""
    warnings = pages[STEM_CELLS].all("//div[@class='note']//li")
    assert warnings == [
        "Nobody has confirmed this status since 18 January 2023, over 2 years ago.",
        "The planned completion date, 30 July 2023, has passed.",
        "1 site of 1 still listed as recruiting, against the status of the study as a whole. Ask before relying on it.",
    ]


def test_a_study_chair_is_a_study_official(pages: dict[str, Page]) -> None:
    """Officials stand under their own role, not all as principal investigators (D19)."""
    sponsors = pages[STEM_CELLS].part("sponsors")
    assert "Study officials" in sponsors
    assert pages[STEM_CELLS].row("Study chair") == "Zhongmin Liu, Dr. Shanghai East Hospital"
    assert "Principal investigator" not in sponsors


def test_who_is_responsible_is_named(pages: dict[str, Page]) -> None:
    """A sponsor who answers for the record is named; an investigator's parts stand apart (D20)."""
    assert pages[STEM_CELLS].row("Responsible party: role") == "Sponsor, Shanghai East Hospital"
    page = pages[TOCILIZUMAB]
    assert page.row("Responsible party: role") == "Principal investigator"
    assert page.row("Responsible investigator: name") == "Ji Xunming,MD,PhD"
    assert "Professor of Neurology" in (page.row("Responsible investigator: title") or "")


def test_the_lead_sponsor_comes_first(pages: dict[str, Page]) -> None:
    """The lead sponsor stands before its ten collaborators (D21)."""
    terms = pages[INFLIXIMAB].all("//section[@id='sponsors']/dl[1]/dt")
    assert terms == ["Lead sponsor", *["Collaborator"] * 10]
    names = pages[INFLIXIMAB].all("//section[@id='sponsors']/dl[1]/dd")
    assert names[0].startswith("Peking University Third Hospital")


def test_one_phone_has_one_shape_and_a_doubled_person_is_hinted(pages: dict[str, Page]) -> None:
    """8048284583 and 804-828-4583 are one number; near-equal names are pointed out (D24)."""
    links = pages[INOTROPES].tree.xpath("//section[@id='sites']//a[starts-with(@href,'tel:')]")
    assert {(link.get("href"), link.text) for link in links} == {("tel:+18048284583", "+1 804-828-4583")}
    assert "Probably the same person as" in pages[INOTROPES].part("sites")


def test_a_contact_that_cannot_be_reached_is_said(pages: dict[str, Page]) -> None:
    """A contact with neither phone nor mail gets a warning (D23)."""
    lines = pages[INFLIXIMAB].all("//section[@id='sites']/ul[@class='people']/li")
    assert [("No phone number or e-mail address" in line) for line in lines] == [False, True]


def test_the_model_note_is_a_field_of_its_own(pages: dict[str, Page]) -> None:
    """The note on the intervention model is not glued to the purpose (D27)."""
    note = [
        row for label, row in zip(pages[INOTROPES].all("//dt"), pages[INOTROPES].all("//dd"), strict=True)
        if row.startswith("This is a pilot study")
    ]  # fmt: skip
    assert len(note) == 1
    assert "Treatment" not in note[0]
    assert pages[INOTROPES].row("Primary purpose") == "Treatment"


def test_numbered_questions_in_a_line_are_a_list(pages: dict[str, Page]) -> None:
    """ "1. … 2. … 3. …" on one line is a list of three, and what follows is not part of it (D28)."""
    items = pages[STEM_CELLS].all("//section[@id='about']//ol/li")
    assert len(items) == 3
    assert items[2].endswith("critical COVID-19 patients.")


@pytest.mark.parametrize("number", ALL)
def test_there_is_one_title_and_no_stray_image(pages: dict[str, Page], number: str) -> None:
    """One h1 a page, "Image" is nowhere, and the title is not said twice but to cite it (D32)."""
    assert len(pages[number].tree.xpath("//h1")) == 1
    title = "Efficacy and Safety of Anakinra in Acute Respiratory Distress Syndrome"
    elsewhere = sum(pages[number].part(part).count(title) for part in ("related-studies", "cite"))
    assert pages[number].text.count(title) - elsewhere == (1 if number == ARDS else 0)
    assert "Image" not in pages[number].text


def test_a_coarse_status_is_shown_as_it_was_and_explained(pages: dict[str, Page]) -> None:
    """ "Non Recruiting" names no status of the registry; condition and date have labels (D33)."""
    page = pages[ARDS]
    assert page.all("//div[@class='state']/*")[:3] == ["“Non Recruiting”", "Not open", "as of 21 October 2025"]
    assert page.row("Last update posted") == "21 October 2025"
    assert page.row("Lead sponsor") == "Azienda Sanitaria-Universitaria Integrata di Udine"


def test_a_line_broken_inside_a_bullet_is_joined_and_nesting_stays(pages: dict[str, Page]) -> None:
    """The third criterion is one item with three below it (D36)."""
    item = pages[ARDS].tree.xpath("//div[@class='inclusion']/ul/li")[2]
    assert len(item.xpath("./ul/li")) == 3
    lead = text_of(item)
    assert lead.startswith("ARDS-like clinical-laboratory profile, defined by at least one of the following criteria")


@pytest.mark.parametrize(
    ("number", "related"),
    [
        (INFLIXIMAB, ["NCT05240638 · Completed · Not applicable (no phases)"]),
        (TOCILIZUMAB, ["NCT06755944 · Enrolling by invitation · Phase 2 · Phase 3"]),
        (ARDS, []),
        (
            INOTROPES,
            ["NCT00181155 · Completed · Phase 2", "NCT06556810 · Active, not recruiting · Phase 1 · Phase 2"],
        ),
        (STEM_CELLS, []),
    ],
)
def test_the_trials_that_a_page_listed_are_listed(pages: dict[str, Page], number: str, related: list[str]) -> None:
    """Related trials keep number, status and phases; an empty list has no heading."""
    assert pages[number].all("//section[@id='related']//li/span") == related


def test_references_lead_to_pubmed_and_doi(pages: dict[str, Page]) -> None:
    """Thirteen references link to PubMed, those with a DOI to it, and their dating is questioned."""
    links = pages[INFLIXIMAB].tree.xpath("//ol[@class='refs']//a/@href")
    assert len([link for link in links if link.startswith("https://pubmed.ncbi.nlm.nih.gov/")]) == 13
    assert "https://doi.org/10.1016/S2468-2667(23)00173-1" in [
        link.replace("%28", "(").replace("%29", ")") for link in links
    ]
    assert "published before the study began" in pages[INFLIXIMAB].part("references")


@pytest.mark.parametrize("number", [INFLIXIMAB, TOCILIZUMAB, INOTROPES, STEM_CELLS])
def test_results_are_pending(pages: dict[str, Page], number: str) -> None:
    """A study without results says so."""
    assert pages[number].part("results").startswith("Study results Results pending")


@pytest.mark.parametrize(
    ("number", "identifier"),
    [
        (INFLIXIMAB, "IRB00006761-M20250549"),
        (TOCILIZUMAB, "IRIS-2"),
        (INOTROPES, "HM20027160"),
        (STEM_CELLS, "DFSC-2023(CR)-01"),
    ],
)
def test_identifiers_have_no_empty_type(pages: dict[str, Page], number: str, identifier: str) -> None:
    """An identifier is shown with a label and never with "-" as its type (D22)."""
    rows = pages[number].all("//section[@id='identifiers']/dl/dd")
    assert identifier in rows
    assert "-" not in rows


@pytest.mark.parametrize(
    ("number", "other", "reason"),
    [
        (ARDS, INOTROPES, "same drug: anakinra"),
        (INOTROPES, ARDS, "same drug: anakinra"),
        (TOCILIZUMAB, INFLIXIMAB, "same class: cytokine inhibitor (tocilizumab; infliximab)"),
        (TOCILIZUMAB, INOTROPES, "same class: interleukin inhibitor (tocilizumab; anakinra)"),
        (INFLIXIMAB, TOCILIZUMAB, "same class: cytokine inhibitor (infliximab; tocilizumab)"),
        (INFLIXIMAB, INOTROPES, "same class: cytokine inhibitor (infliximab; anakinra)"),
        (INFLIXIMAB, ARDS, "both critical illness (cardiac arrest; acute respiratory distress syndrome)"),
    ],
)
def test_related_studies_say_why(pages: dict[str, Page], number: str, other: str, reason: str) -> None:
    """Studies that share a drug, a class or a kind of illness find each other by names alone, and say so (D16)."""
    shown = pages[number].all("//section[@id='related-studies']//li")
    assert len(shown) == 4
    [one] = [text for text in shown if other in text]
    assert reason in one


def test_the_same_drug_comes_first(pages: dict[str, Page]) -> None:
    """Anakinra for lungs leads to anakinra for hearts before all others, and back."""
    for number, other in ((ARDS, INOTROPES), (INOTROPES, ARDS)):
        assert other in pages[number].all("//section[@id='related-studies']//li")[0]
