"""The plain view has the record's own sentences, whole and in their place, and says in words what its fields mean."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.find.markup import plain
from equipoise.find.page import study_page
from equipoise.find.plain_view import PlainView, chosen, describe_design, plain_view
from equipoise.records.study import (
    Arm,
    Contact,
    Design,
    DesignInfo,
    Intervention,
    Masking,
    Outcome,
    Outcomes,
    Site,
    Status,
    Study,
)
from equipoise.store.documents import Version
from equipoise.store.library import Record


def view(**said: Any) -> PlainView:
    """Return the plain view of a study."""
    study = Study(number="NCT99000901", **said)
    version = Version(1, "NCT99000901", 1, "ctgov", 9, "a.json", "2026-01-01", b"")
    page = study_page(Record(study, b"{}", None, version), [], date(2026, 1, 15))
    return plain_view(page, study)


SUMMARY = (
    "Colds are common.\n\n* Tea is *cheap*.\n\nThis study tests whether tea helps \\<8 people. It goes on. It ends."
)


def test_the_overview_has_whole_sentences_of_the_record() -> None:
    """Three at most, with the one that states the purpose; each says where it stands."""
    said = view(summary=SUMMARY).overview
    assert [one.words for one in said] == [
        "Colds are common.",
        "Tea is cheap.",
        "This study tests whether tea helps <8 people.",
    ]
    assert {(one.section, one.label) for one in said} == {("about", "Summary")}
    assert said[2].before == ""
    assert said[2].after == " It goes on. It ends."


def test_without_a_summary_the_description_speaks() -> None:
    """And says that it does; without both there is nothing."""
    assert [one.label for one in view(description="Tea is given twice a day.").overview] == ["Detailed description"]
    assert view().overview == ()


@given(st.text(alphabet=st.sampled_from("abc .!?\n*AB1(-"), max_size=300))
def test_every_sentence_is_of_the_text(text: str) -> None:
    """What is chosen is a part of the text, in its order, without overlap, never empty."""
    spans = chosen(plain(text))
    assert list(spans) == sorted(spans)
    assert all(plain(text)[start:end].strip() for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert len(spans) <= 3


def test_a_heading_is_no_sentence() -> None:
    """A short line without an end mark is passed over."""
    text = "Background\n\nTea is old. Purpose\n"
    assert [text[slice(*one)] for one in chosen(text)] == ["Tea is old."]


@pytest.mark.parametrize(
    ("info", "arms", "sentence"),
    [
        (
            {"allocation": "RANDOMIZED"},
            2,
            "Chance decides which group a person is in. Neither you nor your doctor can choose.",
        ),
        ({"intervention_model": "CROSSOVER"}, 2, "Everybody gets each treatment, one after the other."),
        ({"masking_info": Masking("NONE")}, 2, "Everybody knows which treatment is given."),
        (
            {"masking_info": Masking("DOUBLE", None, ("PARTICIPANT", "INVESTIGATOR"))},
            2,
            "You would not know which treatment you get while the study goes on.",
        ),
        (
            {"masking_info": Masking("SINGLE", None, ("OUTCOMES_ASSESSOR",))},
            2,
            "You would know which treatment you get; some of those who run the study would not.",
        ),
    ],
)
def test_the_fields_of_design_are_said_in_words(info: dict[str, Any], arms: int, sentence: str) -> None:
    """Each for somebody who joins."""
    groups = tuple(Arm(f"Group {place}", "EXPERIMENTAL") for place in range(arms))
    study = Study(
        number="NCT99000901", design=Design(study_type="INTERVENTIONAL", design_info=DesignInfo(**info)), arms=groups
    )
    assert sentence in list(describe_design(study))


def test_what_is_not_stated_is_not_said() -> None:
    """A record without fields of design gets no sentence, and with one group no word of chance."""
    assert list(describe_design(Study(number="NCT99000901"))) == []
    one = Study(
        number="NCT99000901",
        design=Design(study_type="INTERVENTIONAL", design_info=DesignInfo(allocation="RANDOMIZED")),
        arms=(Arm("All", "EXPERIMENTAL"),),
    )
    assert list(describe_design(one)) == []


def test_a_group_says_what_it_gets_and_what_the_record_says_of_it() -> None:
    """By the names of its interventions, however they are linked; the first two sentences of its description."""
    [group] = view(
        arms=(Arm("Tea", "EXPERIMENTAL", "Tea is hot. It is green. It is late.", ("Dietary Supplement: Green tea",)),),
        interventions=(Intervention("DIETARY_SUPPLEMENT", "Green tea", None, ("Tea",)),),
    ).groups
    assert group.given == ("Green tea",)
    assert [one.words for one in group.said] == ["Tea is hot.", "It is green."]


def test_who_can_be_called_is_at_an_open_site() -> None:
    """Sites that are closed, and people without phone or mail, are not named; more open sites are counted."""
    people = (Contact("Ann Lee", "CONTACT", "555-0100"),)
    found = view(
        status=Status(overall_status="RECRUITING"),
        sites=(
            Site("Closed house", "COMPLETED", contacts=people),
            Site("Silent house", "RECRUITING", contacts=(Contact("Bo Ek", "CONTACT"),)),
            *(Site(f"Open house {place}", "RECRUITING", contacts=people) for place in range(7)),
        ),
    )
    named = [one.site.facility for one in found.calls if one.site]
    assert len(named) == 5
    assert all(name and name.startswith("Open house") for name in named)
    assert found.more_open == 3


def test_primary_outcomes_stand_whole() -> None:
    """Each is linked to where it stands."""
    [one] = view(outcomes=Outcomes(primary_outcomes=(Outcome("Days with a cold", None, "90 days"),))).outcomes
    assert (one.words, one.section) == ("Days with a cold", "outcomes")
