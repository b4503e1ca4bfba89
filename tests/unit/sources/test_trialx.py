"""A TrialX Connect page, as text, becomes a v2-shaped record with a sidecar."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.errors import RecordError
from equipoise.records.sidecar import Sidecar
from equipoise.sources.draft import Draft
from equipoise.sources.incoming import Incoming
from equipoise.sources.trialx import TrialxPage, escape, read_criteria

DATA = Path(__file__).parents[2] / "data"
PAGE = DATA.joinpath("trialx_page.txt").read_text("utf-8")
LINES = PAGE.split("\n")


def read(page: str) -> Incoming:
    """Read a page that is expected to be readable."""
    [result] = TrialxPage().read(page.encode(), "page.txt")
    assert isinstance(result, Incoming), result
    return result


def sidecar(incoming: Incoming) -> Sidecar:
    """Return what stands beside the record."""
    assert incoming.sidecar is not None
    return incoming.sidecar


def criteria(text: str) -> str:
    """Write criteria from a page's text."""
    return read_criteria(Draft(), text.split("\n"))


@pytest.fixture(scope="module")
def page() -> Incoming:
    """The invented page, read."""
    return read(PAGE)


def test_chips_and_card_land_in_their_fields(page: Incoming) -> None:
    """Title once, limits of age, sex, phases; condition, number, sponsor and date from the card."""
    study = page.study
    assert (study.number, study.title) == ("NCT99000201", "Warm Socks for Cold Readers")
    limits = study.eligibility
    assert (limits.minimum_age, limits.maximum_age, limits.sex) == ("18 Years", "65 Years", "ALL")
    assert study.design.phases == ("PHASE1", "PHASE2")
    assert study.conditions == ("Cold Feet",)
    assert study.lead_sponsor is not None
    assert study.lead_sponsor.name == "Institute of Evening Drinks"
    assert study.updated == "2025-10-21"


def test_the_overview_stands_beside_the_record(page: Incoming) -> None:
    """A retelling by a machine is not the registered summary."""
    assert page.study.summary is None
    assert sidecar(page).overview == "Cold feet keep readers awake.\n\nSocks may help."
    assert sidecar(page).overview_by == "Powered by AI"
    assert sidecar(read(PAGE.replace("Powered by AI\n", ""))).overview_by is None


def test_marks_say_what_was_told_by_place_or_mended(page: Incoming) -> None:
    """What the page does not label is inferred; its coarse status is shown; broken lines are mended."""
    by_place = "The page does not label this; its place on the card tells."
    assert [(mark.piece, mark.kind, mark.note) for mark in sidecar(page).marks] == [
        ("Condition", "inferred", by_place),
        ("LeadSponsorName", "inferred", by_place),
        ("LastUpdatePostDate", "inferred", by_place),
        ("OverallStatus", "as shown", "“Non Recruiting” names no one status of the registry."),
        (
            "EligibilityCriteria",
            "mended",
            "Lines that the page breaks inside a bullet were joined.",
        ),
    ]


@pytest.mark.parametrize(
    ("chip", "status", "coarse"),
    [
        ("Non Recruiting", None, "Non Recruiting"),
        ("Recruiting", "RECRUITING", None),
        ("Active, not recruiting", "ACTIVE_NOT_RECRUITING", None),
        ("Enrollment closed", None, "Enrollment closed"),
    ],
)
def test_a_chip_is_a_status_only_by_its_exact_label(chip: str, status: str | None, coarse: str | None) -> None:
    """A bucket of several statuses stays a bucket."""
    incoming = read(PAGE.replace("Non Recruiting", chip))
    assert incoming.study.status.overall_status == status
    assert sidecar(incoming).coarse_status == coarse


@pytest.mark.parametrize(
    ("chip", "lower", "upper"),
    [
        ("18 years and older", "18 Years", None),
        ("18 years to 65 years", "18 Years", "65 Years"),
        ("6 months - 5 years", "6 Months", "5 Years"),
        ("18 to 65 years", "18 Years", "65 Years"),
        ("up to 17 years", None, "17 Years"),
        ("Up to 1 Year", None, "1 Year"),
        ("17 years and younger", None, "17 Years"),
        ("18+", "18 Years", None),
        ("All ages", None, None),
    ],
)
def test_the_chip_of_age(chip: str, lower: str | None, upper: str | None) -> None:
    """A limit that the chip does not state is no limit."""
    limits = read(PAGE.replace("18 years to 65 years", chip)).study.eligibility
    assert (limits.minimum_age, limits.maximum_age) == (lower, upper)


@pytest.mark.parametrize("chip", ["under 18 years", "grown-ups", "two sizes"])
def test_a_chip_that_is_none_is_reported(chip: str) -> None:
    """“Under 18” excludes 18, which no registry's limit says; it is shown and not turned into one."""
    incoming = read(PAGE.replace("18 years to 65 years", chip))
    assert incoming.study.eligibility.maximum_age is None
    notes = [mark.note for mark in sidecar(incoming).marks if mark.piece == "ProtocolSection"]
    assert notes == [f"Not understood; the page says: {chip}"]


def test_criteria_are_written_as_the_registry_does(page: Incoming) -> None:
    """Bullets nest, a broken line is joined, and what CommonMark would read as markup is escaped."""
    assert page.study.eligibility.eligibility_criteria == (
        "Inclusion Criteria:\n\n"
        "* Foot temperature \\< 28 °C \\[both feet\\]\n"
        "* Any one of the following\n\n"
        "  * reads at night\n\n"
        "    * novels \\* and essays\n"
        "  * reads at dawn\n"
        "* Owns 2+ socks\n\n"
        "Exclusion Criteria:\n\n"
        "* Wool\\_allergy \\& itching"
    )


@pytest.mark.parametrize(
    ("shown", "written"),
    [
        ("  1. one\n    • two\n  2. three", "1. one\n\n   * two\n2. three"),
        ("  • one\nExclusion Criteria\n  • two", "* one\n\nExclusion Criteria:\n\n* two"),
        ("  • one\nits rest", "* one its rest"),
        ("  • one\nNote:\n  • two", "* one\n\nNote:\n\n* two"),
        ("Only by post.", "Only by post."),
        ("", ""),
    ],
)
def test_lists_of_other_shapes(shown: str, written: str) -> None:
    """Numbers, headings that touch the list, and plain lines."""
    assert criteria(shown) == written


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1))
def test_escaping_loses_no_character(text: str) -> None:
    """Without its backslashes before punctuation, the text is what it was."""
    bare, at, escaped = "", 0, escape(text)
    while at < len(escaped):
        at += escaped[at] == "\\"
        bare += escaped[at]
        at += 1
    assert bare == text


def test_furniture_goes_nowhere(page: Incoming) -> None:
    """Questions about any trial, the note panel and the picture's name are not the study's."""
    everything = page.document.decode() + repr(page.sidecar)
    for own in ("Is tea safe?", "Mostly.", "Pick some words.", "Image", "Learn more"):
        assert own not in everything


def test_a_card_that_lost_its_heading_is_read() -> None:
    """The card begins at its number, which stands alone on its line; what is above is marked."""
    incoming = read(PAGE.replace("Study details\n", ""))
    assert incoming.study.number == "NCT99000201"
    assert incoming.study.lead_sponsor is not None
    note = "The card has no heading; the line above its number may be its condition."
    assert note in [mark.note for mark in sidecar(incoming).marks]


@pytest.mark.parametrize("data", [b"", PAGE.replace("NCT99000201", "").encode()])
def test_a_page_without_its_number_is_refused(data: bytes) -> None:
    """The error says what to do."""
    [result] = TrialxPage().read(data, "page.txt")
    assert str(result) == (
        "page.txt: No NCT number on this TrialX Connect page\n"
        "Save the whole page as text, with its card “Study details”, and load it again."
    )


def test_the_page_is_recognised_by_its_fixed_lines() -> None:
    """Whatever its title and line ends; a page of another source is left alone."""
    source = TrialxPage()
    assert source.recognises(PAGE.replace("\n", "\r\n").encode())
    assert not source.recognises(DATA.joinpath("meddatax_page.txt").read_bytes())
    assert not source.recognises(b'{"protocolSection": {}}')


def test_line_ends_do_not_matter(page: Incoming) -> None:
    """CRLF gives the same record."""
    assert read(PAGE.replace("\n", "\r\n")).document == page.document


@given(st.sets(st.integers(0, len(LINES) - 1)))
def test_any_lines_may_be_missing(dropped: set[int]) -> None:
    """A page without any of its lines is a study or a refusal, and never raises."""
    left = "\n".join(line for at, line in enumerate(LINES) if at not in dropped)
    [result] = TrialxPage().read(left.encode(), "page.txt")
    assert isinstance(result, Incoming | RecordError)


STUDY_LINES = ("Cold feet keep readers awake.", "Socks may help.", "Cold Feet", "Institute of Evening Drinks")


@given(st.sets(st.integers(0, len(LINES) - 1), max_size=6))
def test_no_line_of_the_study_is_lost(dropped: set[int]) -> None:
    """Whatever lines are missing, those of the study that are left stand in the record or beside it."""
    left = [line for at, line in enumerate(LINES) if at not in dropped]
    [result] = TrialxPage().read("\n".join(left).encode(), "page.txt")
    if isinstance(result, Incoming):
        seen = result.document.decode() + repr(result.sidecar)
        present = [line.strip() for line in left]
        assert [line for line in STUDY_LINES if line in present and line not in seen] == []


@given(st.permutations(LINES))
def test_lines_in_any_order_never_raise(lines: list[str]) -> None:
    """Even a page shuffled line by line is a study or a refusal."""
    [result] = TrialxPage().read("\n".join(lines).encode(), "page.txt")
    assert isinstance(result, Incoming | RecordError)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_study_or_a_refusal(data: bytes) -> None:
    """Nothing that a file can hold raises."""
    [result] = TrialxPage().read(b"NCT99000201\n" + data, "page.txt")
    assert isinstance(result, Incoming | RecordError)
