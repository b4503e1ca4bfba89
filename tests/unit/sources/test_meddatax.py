"""A MedDataX page, as text, becomes a v2-shaped record with a sidecar."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.errors import RecordError
from equipoise.records.sidecar import ListedTrial, Mark, Sidecar
from equipoise.sources.incoming import Incoming
from equipoise.sources.meddatax import MeddataxPage
from equipoise.sources.meddatax_layout import HEADINGS, LABELS, is_explainer
from equipoise.terms.fields import field

PAGE = Path(__file__).parents[2].joinpath("data", "meddatax_page.txt").read_text("utf-8")
LINES = PAGE.split("\n")


def read(page: str) -> Incoming:
    """Read a page that is expected to be readable."""
    [result] = MeddataxPage().read(page.encode(), "page.txt")
    assert isinstance(result, Incoming), result
    return result


def value(incoming: Incoming, piece: str) -> Any:
    """Return what the document holds at a piece, or None."""
    node = json.loads(incoming.document)
    for name in field(piece).path.split("."):
        node = node.get(name) if isinstance(node, dict) else None
    return node


def marks(incoming: Incoming, piece: str) -> list[tuple[str, str]]:
    """Return kind and note of each mark on a piece."""
    held = incoming.sidecar.marks if incoming.sidecar else ()
    return [(mark.kind, mark.note) for mark in held if mark.piece == piece]


def without(*dropped: str) -> str:
    """Return the page without these lines."""
    return "\n".join(line for line in LINES if line not in dropped)


def unexplained() -> str:
    """Return the page as it were if the site explained nothing."""
    return "\n".join(line for line in LINES if not is_explainer(line))


@pytest.fixture(scope="module")
def page() -> Incoming:
    """The invented page, read."""
    return read(PAGE)


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        ("NCTId", "NCT99000101"),
        ("BriefTitle", "Warm Tea Against Cold Feet in Night-Shift Readers (TEAPOT)"),
        ("LastUpdatePostDate", "2026-01-05"),
        ("HasResults", False),
        ("OverallStatus", "RECRUITING"),
        ("Phase", ["PHASE2", "PHASE3"]),
        ("EnrollmentCount", 1240),
        ("StudyType", "INTERVENTIONAL"),
        ("StartDate", "2026-01"),
        ("CompletionDate", "2027-03-31"),
        (
            "BriefSummary",
            "Does warm tea help against cold feet?\n\n* Tea is warm.\n* Feet are not \\[always\\].",
        ),
        ("DetailedDescription", "Study Design\n\nFeet are measured at home."),
        ("Condition", ["Cold Feet Insomnia"]),
        ("DesignAllocation", "RANDOMIZED"),
        ("DesignInterventionModel", "PARALLEL"),
        ("DesignInterventionModelDescription", "Two groups, side by side."),
        ("DesignPrimaryPurpose", "TREATMENT"),
        ("DesignMasking", "TRIPLE"),
        ("DesignWhoMasked", ["PARTICIPANT", "INVESTIGATOR", "OUTCOMES_ASSESSOR"]),
        ("MinimumAge", "18 Years"),
        ("MaximumAge", None),
        ("Sex", "ALL"),
        ("HealthyVolunteers", True),
        ("LeadSponsor", {"name": "Institute of Evening Drinks", "class": "OTHER"}),
        ("Collaborator", [{"name": "Sock Makers' Guild", "class": "INDUSTRY"}]),
        ("ResponsiblePartyType", "PRINCIPAL_INVESTIGATOR"),
        ("ResponsiblePartyInvestigatorFullName", "Ada Kettle"),
        ("OrgStudyIdInfo", {"id": "TEA-1"}),
        ("SecondaryIdInfo", [{"id": "2025-999999-10-00", "type": "CTIS"}]),
        ("NCTIdAlias", ["NCT99000100"]),
    ],
)
def test_each_field_of_the_page_lands_in_its_place(page: Incoming, piece: str, expected: object) -> None:
    """What a page shows stands in the registry's field for it."""
    assert value(page, piece) == expected


def test_every_explainer_is_dropped_and_nothing_else(page: Incoming) -> None:
    """No sentence of the page's own is left, and no word of the study's is marked as not understood."""
    explainers = [line for line in LINES if is_explainer(line)]
    assert len(explainers) == 18
    document = page.document.decode()
    assert not [line for line in explainers if line in document]
    assert page.sidecar is not None
    assert not [mark for mark in page.sidecar.marks if "Not understood" in mark.note]


def test_an_intervention_is_told_once_and_joined_to_its_groups(page: Incoming) -> None:
    """Groups cite interventions by kind and name; descriptions of several paragraphs stay whole."""
    groups = [(arm.label, arm.type, arm.intervention_names) for arm in page.study.arms]
    assert groups == [
        ("Tea", "EXPERIMENTAL", ("Dietary Supplement: Warm tea", "Device: Socks")),
        ("Water", "PLACEBO_COMPARATOR", ("Other: Warm water", "Device: Socks")),
        ("Nothing", "NO_INTERVENTION", ()),
    ]
    told = [(one.name, one.description, one.arm_group_labels) for one in page.study.interventions]
    assert told == [
        ("Warm tea", "One cup, 55 °C.\n\nWithout sugar.", ("Tea",)),
        ("Socks", None, ("Tea", "Water")),
        ("Warm water", None, ("Water",)),
    ]
    assert page.study.arms[0].description == "Warm tea every night.\n\nServed in a mug."


def test_criteria_stay_commonmark_and_their_headings_get_a_colon(page: Incoming) -> None:
    """Escapes, numbers and nested bullets stay as they stand; the age below the last is not part of it."""
    assert page.study.eligibility.eligibility_criteria == (
        "Inclusion Criteria:\n\n* Foot temperature \\<28 °C\n* Reads at night\n\n"
        "  * novels\n  * trial records\n\nExclusion Criteria:\n\n1. Dislike of tea"
    )


def test_sites_have_their_parts_and_their_own_contacts(page: Incoming) -> None:
    """A blank state is absent, a country may hold a comma, and each primary contact opens the next site."""
    leeds, daegu = page.study.sites
    assert (leeds.facility, leeds.city, leeds.state, leeds.country, leeds.status) == (
        "School of Hot Drinks, Main House",
        "Leeds",
        None,
        "United Kingdom",
        "RECRUITING",
    )
    assert (daegu.city, daegu.state, daegu.country) == ("Daegu", "North", "Korea, Republic of")
    assert [(one.name, one.role, one.phone) for one in leeds.contacts] == [
        ("Di Cup", "CONTACT", "113-496-0001"),
        ("Ed Lid", "CONTACT", None),
    ]
    assert [one.name for one in daegu.contacts] == ["Fe Pot"]
    note = "The page lists these contacts apart from the sites; they were joined by their order."
    assert marks(page, "LocationContact") == [("inferred", note)]


def test_contacts_that_do_not_fit_the_sites_stay_apart() -> None:
    """With one site fewer than primary contacts, no contact is given to any site; the mark holds them."""
    odd = read(without("Night Clinic", "Daegu, North, Korea, Republic of", "Site Status COMPLETED"))
    assert [site.contacts for site in odd.study.sites] == [()]
    assert marks(odd, "LocationContact") == [
        (
            "as shown",
            "The page lists 2 primary contacts apart from its 1 sites, so which site each is for cannot be"
            " known: Di Cup (primary, 113-496-0001); Ed Lid (backup); Fe Pot (primary)",
        )
    ]


@pytest.mark.parametrize(
    ("line", "city", "state", "zip_code", "country"),
    [
        ("Leeds, , United Kingdom", "Leeds", None, None, "United Kingdom"),
        ("Leeds, United Kingdom", "Leeds", None, None, "United Kingdom"),
        ("United Kingdom", None, None, None, "United Kingdom"),
        ("Leeds, Yorkshire, LS1 1AA, United Kingdom", "Leeds", "Yorkshire", "LS1 1AA", "United Kingdom"),
        ("Leeds, Hyde Park, , United Kingdom", "Leeds, Hyde Park", None, None, "United Kingdom"),
        ("Leeds, Hyde Park, Yorkshire, United Kingdom", None, None, None, "United Kingdom"),
    ],
)
def test_a_place_is_read_by_position(
    line: str, city: str | None, state: str | None, zip_code: str | None, country: str
) -> None:
    """Only parts whose place is sure become city and state; the others are in a mark."""
    site = read(PAGE.replace("Leeds, , United Kingdom", line)).study.sites[0]
    assert (site.city, site.state, site.zip, site.country) == (city, state, zip_code, country)


def test_sites_without_status_are_told_by_their_country() -> None:
    """A page of a closed study shows no site status; its sites are still facility and place."""
    closed = read(without("Site Status RECRUITING", "Site Status COMPLETED"))
    assert [(site.facility, site.city, site.status) for site in closed.study.sites] == [
        ("School of Hot Drinks, Main House", "Leeds", None),
        ("Night Clinic", "Daegu", None),
    ]


def test_people_keep_their_roles(page: Incoming) -> None:
    """A study chair stays one under any heading; a central contact has phone, extension and email."""
    assert [(one.name, one.role, one.affiliation) for one in page.study.officials] == [
        ("Ada Kettle", "PRINCIPAL_INVESTIGATOR", "Institute of Evening Drinks"),
        ("Bo Saucer", "STUDY_CHAIR", "Guild Hall"),
    ]
    [contact] = page.study.contacts
    assert (contact.name, contact.phone, contact.phone_ext, contact.email) == (
        "Cy Spoon",
        "+44 113 496 0000",
        "12",
        "cy.spoon@example.org",
    )


def test_references_and_related_trials(page: Incoming) -> None:
    """A reference has citation, type and PMID where shown; related trials stand in the sidecar."""
    assert [(one.pmid, one.type, one.citation) for one in page.study.references.references] == [
        ("99999999", "BACKGROUND", "Kettle A. On tea. J Invented Res. 2024;1(2):3-4."),
        (None, "RESULT", "Saucer B. On saucers. 2025."),
    ]
    assert page.sidecar is not None
    assert page.sidecar.related == (
        ListedTrial("Cocoa Against Cold Hands", "NCT99000102", "NOT_YET_RECRUITING", ("PHASE1", "PHASE2")),
        ListedTrial("A Walk Before Bed", "NCT99000103", "COMPLETED", ("NA",)),
    )


def test_what_cannot_be_known_is_marked_and_not_guessed(page: Incoming) -> None:
    """Joined conditions, a joined title and affiliation, and a country without a site carry a mark."""
    assert page.sidecar is not None
    assert page.sidecar.marks == (
        Mark(
            "Condition",
            "as shown",
            "“Cold Feet Insomnia” may be more than one condition:"
            " the page joins conditions, and where one ends cannot be known.",
        ),
        Mark(
            "DesignWhoMasked",
            "mended",
            "The page joins the masked parties; they were split by their names.",
        ),
        Mark(
            "ResponsiblePartyInvestigatorTitle",
            "as shown",
            "The page runs title and affiliation together; where the title ends cannot be known.",
        ),
        Mark(
            "LocationContact",
            "inferred",
            "The page lists these contacts apart from the sites; they were joined by their order.",
        ),
        Mark(
            "LocationCountry",
            "as shown",
            "The page also lists France, with no site there; whether sites there are active or past, it does not say.",
        ),
    )


def test_a_condition_of_one_word_has_no_mark() -> None:
    """One word is one condition."""
    assert marks(read(PAGE.replace("Cold Feet Insomnia", "Insomnia")), "Condition") == []


def test_a_page_without_explainers_keeps_every_word_of_the_study(page: Incoming) -> None:
    """The record is the same with and without the page's own sentences."""
    assert json.loads(read(unexplained()).document) == {
        **json.loads(page.document),
        "hasResults": False,
    }


def test_a_summary_that_opens_like_an_explainer_is_kept() -> None:
    """On a page that explains nothing, a first sentence to the reader may be the study's: kept and marked."""
    mine = "Review with us how warm the feet of readers are."
    bare = read(unexplained().replace("Does warm tea help", f"{mine}\n\nDoes warm tea help"))
    assert (bare.study.summary or "").startswith(mine)
    note = "The first sentence may be the page's own and not the study's."
    assert marks(bare, "BriefSummary") == [("as shown", note)]
    full = read(PAGE.replace("Does warm tea help", f"{mine}\n\nDoes warm tea help"))
    assert (full.study.summary or "").startswith(mine)
    assert marks(full, "BriefSummary") == []


def test_an_empty_description_is_absent() -> None:
    """An explainer alone is no description."""
    assert read(without("Study Design", "Feet are measured at home.")).study.description is None


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n\n\n"])
def test_line_ends_and_blank_lines_do_not_matter(page: Incoming, ends: str) -> None:
    """Line ends of any system give the same record, but for blank lines within a text."""
    again = read(PAGE.replace("\n\n" if ends == "\n\n\n" else "\n", ends))
    assert again.study == page.study


def test_a_page_without_blank_lines_is_read(page: Incoming) -> None:
    """Some ways of copying lose blank lines; each line is then a paragraph."""
    flat = read("\n".join(line for line in LINES if line))
    assert flat.study.arms == page.study.arms
    assert flat.study.sites == page.study.sites
    assert flat.study.status == page.study.status


def test_sections_may_stand_in_any_order(page: Incoming) -> None:
    """Order carries nothing: the sections of the second half before those of the first."""
    middle = PAGE.index("\nSponsors\n")
    head = PAGE.index("\nStudy Results\n")
    turned = PAGE[:head] + PAGE[middle:] + "\n" + PAGE[head:middle]
    assert read(turned).study == page.study


def test_a_lost_heading_does_not_lose_its_rows(page: Incoming) -> None:
    """Rows go to the section where their label is at home."""
    lost = read(without("Basic Information", "Eligibility Criteria"))
    assert lost.study.status == page.study.status
    assert lost.study.eligibility.minimum_age == "18 Years"


def test_an_unknown_section_is_reported_with_its_words() -> None:
    """What this reader has no rule for is kept in a mark."""
    new = "Tea Leaves\n\nSee what can be read in the leaves of this study.\n\nA long journey.\n\nCountries\n"
    odd = read(PAGE.replace("Countries\n", new))
    note = "Not understood; the page's section “Tea Leaves” says: A long journey."
    assert ("as shown", note) in marks(odd, "ProtocolSection")
    assert [site.city for site in odd.study.sites] == ["Leeds", "Daegu"]


def test_a_label_that_is_not_known_is_reported() -> None:
    """A row below the intervention model is not taken for its note."""
    odd = read(PAGE.replace("Two groups, side by side.", "Blend\n\nEARL_GREY"))
    assert value(odd, "DesignInterventionModelDescription") is None
    assert [note for _, note in marks(odd, "DesignInfo")] == [
        "Not understood; the page says: Blend",
        "Not understood; the page says: EARL_GREY",
    ]


def test_a_status_of_no_registry_is_coarse() -> None:
    """“Non Recruiting” may be any of several: no status, and the words in the sidecar."""
    odd = read(PAGE.replace("\nRECRUITING\n", "\nNon Recruiting\n", 1))
    assert odd.study.status.overall_status is None
    assert odd.sidecar is not None
    assert odd.sidecar.coarse_status == "Non Recruiting"
    note = "The page shows “Non Recruiting”, which is no value of this field."
    assert marks(odd, "OverallStatus") == [("as shown", note)]


def test_posted_results_are_said_in_a_mark() -> None:
    """A page that speaks of results does not make the record claim them."""
    posted = read(PAGE.replace("Results pending", "Results available"))
    assert value(posted, "HasResults") is None
    assert marks(posted, "HasResults")[0] == (
        "as shown",
        "The page says of results: Results available. The results themselves are not on it.",
    )


@pytest.mark.parametrize(
    ("shown", "put", "piece"),
    [
        ("1,240 participants", "many participants", "EnrollmentCount"),
        ("2027-03-31", "2027-02-31", "CompletionDate"),
        ("PHASE2/PHASE3", "PHASE7", "Phase"),
        ("18 Years", "grown up", "MinimumAge"),
        ("Yes", "Perhaps", "HealthyVolunteers"),
    ],
)
def test_a_value_that_is_none_is_marked(shown: str, put: str, piece: str) -> None:
    """A value that the field cannot hold leaves it out and is told as shown."""
    odd = read(PAGE.replace(f"\n{shown}\n", f"\n{put}\n", 1))
    assert value(odd, piece) is None
    note = f"The page shows “{put}”, which is no value of this field."
    assert marks(odd, piece) == [("as shown", note)]


def test_a_page_in_another_language_keeps_what_it_can() -> None:
    """Its number and title are read; its sections are reported."""
    odd = read("Thé chaud contre pieds froids\n\nNCT ID: NCT99000101\n\nRésumé\n\nDu thé.")
    assert odd.study.title == "Thé chaud contre pieds froids"
    assert [note for _, note in marks(odd, "ProtocolSection")] == [
        "Not understood; the page says: Résumé",
        "Not understood; the page says: Du thé.",
    ]


@pytest.mark.parametrize("data", [b"", b"\n\n", without("NCT ID: NCT99000101").encode(), b"NCT ID: NCT123"])
def test_a_page_without_its_number_is_refused(data: bytes) -> None:
    """A related trial's number is never taken for the study's."""
    [result] = MeddataxPage().read(data, "page.txt")
    assert isinstance(result, RecordError)
    assert str(result) == (
        "page.txt: No NCT number on this MedDataX page\n"
        "Save the whole page as text, with its line “NCT ID:”, and load it again."
    )


def test_what_is_not_utf8_is_refused() -> None:
    """Text in another encoding would be read wrongly in silence."""
    [result] = MeddataxPage().read(PAGE.encode("utf-16"), "page.txt")
    assert str(result) == "page.txt: Not UTF-8 text\nSave the page as UTF-8 text."


def test_the_page_is_recognised_by_its_fixed_lines() -> None:
    """The head is enough, whatever the title; a page of another source is left alone."""
    source = MeddataxPage()
    assert source.recognises(PAGE[:1000].encode())
    assert source.recognises(PAGE.replace("\n", "\r\n").encode())
    assert not source.recognises(PAGE.splitlines()[0].encode())
    assert not source.recognises(PAGE.encode("utf-16"))
    trialx = PAGE_OF_TRIALX.read_bytes()
    assert not source.recognises(trialx)


PAGE_OF_TRIALX = Path(__file__).parents[2] / "data" / "trialx_page.txt"


def test_every_heading_and_label_has_its_home() -> None:
    """A heading's leftovers are marked on a field that exists; a label's section is one of them."""
    assert all(field(piece).label for piece in HEADINGS.values())
    assert set(LABELS.values()) <= set(HEADINGS)


@pytest.mark.parametrize(
    "line", ["Group Type EXPERIMENTAL", "Intervention Type DRUG", "Interventions", "Role: primary", "x"]
)
def test_a_hostile_page_is_read_in_good_time(line: str) -> None:
    """A line many times over is no reason to go through the page as many times."""
    place = "\n\nTea\n\nWarm tea every night."
    [result] = MeddataxPage().read(PAGE.replace(place, f"\n\n{line}" * 20_000 + place).encode(), "page.txt")
    assert isinstance(result, Incoming)


@given(st.sets(st.integers(0, len(LINES) - 1)))
def test_any_lines_may_be_missing(dropped: set[int]) -> None:
    """A page without any of its lines is a study or a refusal, and never raises."""
    left = "\n".join(line for at, line in enumerate(LINES) if at not in dropped)
    [result] = MeddataxPage().read(left.encode(), "page.txt")
    assert isinstance(result, Incoming | RecordError)
    assert isinstance(result, RecordError) == ("NCT ID: NCT99000101" not in left)


def shown(incoming: Incoming) -> str:
    """Return all that a reader of the record and of what stands beside it could see, without line ends."""
    beside = incoming.sidecar or Sidecar()
    words = [*(mark.note for mark in beside.marks), *(trial.title for trial in beside.related)]
    return " ".join(" ".join([repr(json.loads(incoming.document)), *words]).replace("\\n", " ").split())


STUDY_LINES = [line for line in LINES if len(line) > 3 and line in shown(read(PAGE)) and line not in HEADINGS]


@settings(max_examples=300)
@given(st.sets(st.integers(0, len(LINES) - 1), max_size=6))
def test_no_line_of_the_study_is_lost(dropped: set[int]) -> None:
    """Whatever lines are missing, those of the study that are left stand in the record or beside it."""
    left = [line for at, line in enumerate(LINES) if at not in dropped]
    [result] = MeddataxPage().read("\n".join(left).encode(), "page.txt")
    if isinstance(result, Incoming):
        assert [line for line in STUDY_LINES if line in left and line not in shown(result)] == []


@given(st.permutations(LINES))
def test_lines_in_any_order_never_raise(lines: list[str]) -> None:
    """Even a page shuffled line by line is a study or a refusal."""
    [result] = MeddataxPage().read("\n".join(lines).encode(), "page.txt")
    assert isinstance(result, Incoming | RecordError)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_study_or_a_refusal(data: bytes) -> None:
    """Nothing that a file can hold raises."""
    [result] = MeddataxPage().read(b"NCT ID: NCT99000101\n" + data, "page.txt")
    assert isinstance(result, Incoming | RecordError)
    assert isinstance(MeddataxPage().recognises(data), bool)
