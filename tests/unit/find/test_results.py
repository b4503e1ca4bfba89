"""Posted results as a page shows them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jinja2
import msgspec
import pytest

import equipoise.terms
from equipoise.find.results import ResultsView, results_view
from equipoise.find.results_tables import ANALYZED, HEADING, Cell, Row, Table
from equipoise.records.dates import PartialDate
from equipoise.records.results import (
    AdverseEvent,
    AdverseEvents,
    Agreement,
    Analysis,
    Baseline,
    BaselineMeasure,
    Category,
    Class,
    Denom,
    DenomCount,
    DropWithdraw,
    EventCount,
    EventGroup,
    FlowCount,
    Group,
    Limitations,
    Measurement,
    Milestone,
    MoreInfo,
    OutcomeMeasure,
    OutcomeMeasures,
    ParticipantFlow,
    Period,
    PointOfContact,
    Results,
)

TEMPLATES = Path(equipoise.terms.__file__).parents[1] / "app" / "templates"

TWO = (Group("G0", "Drug", "10 mg daily"), Group("G1", "Placebo"))


def counts(*values: str) -> tuple[Denom, ...]:
    """Participants analyzed in groups G0, G1 and so on."""
    return (Denom("Participants", tuple(DenomCount(f"G{i}", value) for i, value in enumerate(values))),)


def category(*values: str, title: str | None = None) -> Category:
    """A category with a value for groups G0, G1 and so on."""
    return Category(title, tuple(Measurement(f"G{i}", value) for i, value in enumerate(values)))


def baseline_table(*measures: BaselineMeasure, denoms: tuple[Denom, ...] = ()) -> Table:
    """The table of a baseline with these measures in two groups."""
    view = results_view(Results(baseline_characteristics_module=Baseline(groups=TWO, denoms=denoms, measures=measures)))
    assert view.baseline is not None
    return view.baseline.table


def outcome(**stated: Any) -> Any:
    """The view of one outcome in two groups."""
    stated.setdefault("groups", TWO)
    module = OutcomeMeasures((OutcomeMeasure(**stated),))
    return results_view(Results(outcome_measures_module=module)).outcomes[0]


def texts(row: Row) -> list[str]:
    """The figures of a row."""
    return [cell.text for cell in row.cells]


def percents(row: Row) -> list[str]:
    """The shares of a row."""
    return [cell.percent for cell in row.cells]


class TestFlow:
    """Participant flow: a table for each period."""

    def table(self, *, groups: tuple[Group, ...] = TWO, **period: Any) -> Table:
        """The table of one period."""
        flow = ParticipantFlow(
            type_units_analyzed="Clinics", groups=groups, periods=(Period("Overall Study", **period),)
        )
        view = results_view(Results(participant_flow_module=flow))
        assert view.flow is not None
        return view.flow.periods[0]

    def test_milestones_come_before_the_reasons_for_leaving(self) -> None:
        """The reasons stand under a heading of their own, nested."""
        table = self.table(
            milestones=(Milestone("STARTED", None, (FlowCount("G0", None, "20"), FlowCount("G1", None, "21"))),),
            drop_withdraws=(DropWithdraw("Death", None, (FlowCount("G1", None, "1"),)),),
        )
        assert table.columns == ("Drug", "Placebo")
        assert [(row.header, row.kind, row.level, texts(row)) for row in table.rows] == [
            ("Started", "values", 0, ["20", "21"]),
            ("Reasons for not completing", HEADING, 0, []),
            ("Death", "values", 1, ["", "1"]),
        ]

    def test_units_and_comments_stand_with_their_number(self) -> None:
        """Units are a second figure; a comment is a footnote, stated once however often it is used."""
        table = self.table(
            milestones=(
                Milestone(
                    "STARTED",
                    "As randomized",
                    (FlowCount("G0", "Two moved", "20", "4"), FlowCount("G1", "Two moved", "9")),
                ),
            )
        )
        row = table.rows[0]
        assert row.notes == ("a",)
        assert row.cells == (Cell("20", "", "4 Clinics", ("b",)), Cell("9", "", "", ("b",)))
        assert [(note.mark, note.text_markup) for note in table.notes] == [
            ("a", "As randomized"),
            ("b", "Two moved"),
        ]

    def test_a_number_of_no_known_group_stands_under_unnamed_group(self) -> None:
        """A group id that no group has, and no group id, each get a column; other rows are as wide."""
        table = self.table(
            milestones=(
                Milestone("STARTED", None, (FlowCount("G0", None, "20"),)),
                Milestone("COMPLETED", None, (FlowCount("G7", None, "3"), FlowCount(None, None, "4"))),
            )
        )
        assert table.columns == ("Drug", "Placebo", "Unnamed group (G7)", "Unnamed group")
        assert [texts(row) for row in table.rows] == [["20", "", "", ""], ["", "", "3", "4"]]

    def test_an_id_of_two_groups_names_neither(self) -> None:
        """We do not guess which of two groups with one id a number belongs to."""
        table = self.table(
            groups=(Group("G0", "Drug"), Group("G0", "Placebo")),
            milestones=(Milestone("STARTED", None, (FlowCount("G0", None, "20"),)),),
        )
        assert table.columns == ("Drug", "Placebo", "Unnamed group (G0)")
        assert texts(table.rows[0]) == ["", "", "20"]

    def test_a_group_stated_twice_alike_is_one(self) -> None:
        """A plain repetition is no ambiguity."""
        table = self.table(
            groups=(TWO[0], TWO[0]), milestones=(Milestone("STARTED", None, (FlowCount("G0", None, "20"),)),)
        )
        assert (table.columns, texts(table.rows[0])) == (("Drug",), ["20"])

    def test_two_numbers_for_one_cell_are_both_shown(self) -> None:
        """Neither is known to be the right one."""
        table = self.table(
            milestones=(Milestone("STARTED", None, (FlowCount("G0", None, "20"), FlowCount("G0", None, "21"))),)
        )
        assert texts(table.rows[0]) == ["20; 21", ""]


class TestBaseline:
    """Baseline characteristics: one table of all measures."""

    def test_a_measure_of_one_row_is_that_row(self) -> None:
        """What the figures are stands beneath the measure's title."""
        value = Measurement("G0", "54.1", "9.8")
        table = baseline_table(
            BaselineMeasure(
                title="Age, Continuous",
                description="At consent",
                param_type="MEAN",
                dispersion_type="STANDARD_DEVIATION",
                unit_of_measure="years",
                classes=(Class(categories=(Category(None, (value,)),)),),
            ),
            denoms=counts("20", "21"),
        )
        assert [(row.header, row.kind, texts(row)) for row in table.rows] == [
            ("Participants analyzed", ANALYZED, ["20", "21"]),
            ("Age, Continuous", "values", ["54.1 (9.8)", ""]),
        ]
        assert table.rows[1].detail == "Mean (standard deviation) · years"
        assert table.rows[1].notes == ("a",)

    def test_categories_stand_under_their_measure_with_shares(self) -> None:
        """A count of participants shows its share of those analyzed; "participants" is said once."""
        table = baseline_table(
            BaselineMeasure(
                title="Sex",
                param_type="COUNT_OF_PARTICIPANTS",
                unit_of_measure="Participants",
                classes=(Class(categories=(category("5", "0", title="Female"), category("15", "21", title="Male"))),),
            ),
            denoms=counts("20", "21"),
        )
        assert [(row.header, row.level, percents(row)) for row in table.rows[1:]] == [
            ("Sex", 0, []),
            ("Female", 1, ["25.0 %", "0 %"]),
            ("Male", 1, ["75.0 %", "100 %"]),
        ]
        assert table.rows[1].detail == "Count of participants"

    @pytest.mark.parametrize(
        ("overall", "measure", "own", "expected"),
        [
            (counts("20"), (), (), "25.0 %"),
            (counts("20"), counts("10"), (), "50.0 %"),
            (counts("20"), counts("10"), counts("5"), "100 %"),
            (counts("20"), (), counts("NA"), ""),
            (counts("20"), (), counts("0"), ""),
            (counts("20"), (), (Denom("Participants", (DenomCount("G1", "9"),)),), ""),
            (counts("20"), (), (Denom("Eyes", (DenomCount("G0", "40"),)),), ""),
            (counts("4"), (), (), ""),
            ((), (), (), ""),
        ],
    )
    def test_a_share_is_of_the_nearest_denominator(
        self, overall: tuple[Denom, ...], measure: tuple[Denom, ...], own: tuple[Denom, ...], expected: str
    ) -> None:
        """Of the class, else of the measure, else of all; a denominator that does not fit gives no share."""
        table = baseline_table(
            BaselineMeasure(
                title="Smokers",
                param_type="COUNT_OF_PARTICIPANTS",
                denoms=measure,
                classes=(Class(None, own, (category("5"),)),),
            ),
            denoms=overall,
        )
        row = next(row for row in table.rows if row.header == "Smokers")
        assert row.cells[0] == Cell("5", expected)

    def test_no_share_where_the_record_asks_for_none(self) -> None:
        """``calculatePct`` false is kept to, and a mean has no share."""
        rows = baseline_table(
            BaselineMeasure(
                "A",
                param_type="COUNT_OF_PARTICIPANTS",
                calculate_pct=False,
                classes=(Class(categories=(category("5"),)),),
            ),
            BaselineMeasure("B", param_type="MEAN", classes=(Class(categories=(category("5"),)),)),
            denoms=counts("20"),
        ).rows
        assert [row.cells[0].percent for row in rows] == ["", "", ""]

    def test_units_are_counted_against_units(self) -> None:
        """A count of eyes is a share of eyes, not of people."""
        both = (*counts("20"), Denom("Eyes", (DenomCount("G0", "40"),)))
        table = baseline_table(
            BaselineMeasure(
                "Cataract",
                param_type="COUNT_OF_UNITS",
                denom_units_selected="Eyes",
                classes=(Class(categories=(category("10"),)),),
            ),
            denoms=both,
        )
        assert table.rows[-1].cells[0] == Cell("10", "25.0 %")

    def test_own_denominators_show_where_they_differ(self) -> None:
        """A class with the same numbers as its measure does not repeat them."""
        table = baseline_table(
            BaselineMeasure(
                "Weight",
                param_type="MEAN",
                classes=(
                    Class("Week 0", counts("20", "21"), (category("70", "71"),)),
                    Class("Week 4", counts("18", "21"), (category("69", "70"),)),
                ),
            ),
            denoms=counts("20", "21"),
        )
        assert [(row.header, row.level, row.kind) for row in table.rows] == [
            ("Participants analyzed", 0, ANALYZED),
            ("Weight", 0, HEADING),
            ("Week 0", 1, "values"),
            ("Week 4", 1, "values"),
            ("Participants analyzed", 2, ANALYZED),
        ]


class TestOutcomes:
    """Outcomes in order of rank, with their analyses."""

    def test_primary_outcomes_come_first(self) -> None:
        """Then secondary, other planned ones, those added afterward, and kinds that we do not know."""
        kinds = ("POST_HOC", "NEW_KIND", "SECONDARY", None, "OTHER_PRE_SPECIFIED", "PRIMARY")
        module = OutcomeMeasures(tuple(OutcomeMeasure(type=kind, title=str(kind)) for kind in kinds))
        view = results_view(Results(outcome_measures_module=module))
        assert [item.rank for item in view.outcomes] == [
            "Primary",
            "Secondary",
            "Other, planned beforehand",
            "Added afterward",
            "New kind",
            "Rank not stated",
        ]

    @pytest.mark.parametrize(
        ("status", "expected", "words"),
        [
            ("POSTED", None, ""),
            ("NOT_POSTED", None, "Not posted"),
            ("NOT_POSTED", PartialDate("2026-10"), "Not posted; posting expected October 2026"),
            (None, PartialDate("2026-10"), "Posting expected October 2026"),
        ],
    )
    def test_what_is_not_posted_says_when(self, status: str | None, expected: PartialDate | None, words: str) -> None:
        """An outcome without figures says when they are due, and has no empty table."""
        view = outcome(title="Survival", reporting_status=status, anticipated_posting_date=expected)
        assert (view.unposted, view.table) == (words, None)

    def test_values_show_spread_and_limits(self) -> None:
        """A spread is in round brackets, limits in square ones, and NA keeps its reason as a footnote."""
        measurements = (
            Measurement("G0", "12.3", None, "1.2", "20.3"),
            Measurement("G1", "NA", None, "1.2", "NA", "Too few events"),
        )
        view = outcome(
            param_type="MEDIAN",
            dispersion_type="Inter-Quartile Range",
            unit_of_measure="months",
            classes=(Class(categories=(Category(None, measurements),)),),
        )
        assert view.table.caption == "Median (interquartile range) · months"
        assert view.table.rows == (
            Row("Median", cells=(Cell("12.3 [1.2 to 20.3]"), Cell("NA [1.2 to NA]", notes=("a",)))),
        )
        assert view.table.notes[0].text_markup == "Too few events"

    def test_an_analysis_reads_as_a_sentence(self) -> None:
        """Groups by their titles, the estimate with its interval, the p-value as an equation."""
        analysis = Analysis(
            param_type="Hazard Ratio (HR)",
            param_value="0.91",
            ci_pct_value="95",
            ci_num_sides="TWO_SIDED",
            ci_lower_limit="0.81",
            ci_upper_limit="1.03",
            dispersion_type="STANDARD_ERROR_OF_MEAN",
            dispersion_value="0.2",
            p_value="0.04",
            p_value_comment="One look",
            statistical_method="Log Rank",
            non_inferiority_type="SUPERIORITY",
            group_ids=("G0", "G1", "G9"),
        )
        view = outcome(analyses=(analysis,)).analyses[0]
        assert view.groups == ("Drug", "Placebo", "Unnamed group (G9)")
        assert view.estimate == (
            "Hazard Ratio (HR): 0.91, 95 % CI 0.81 to 1.03, two-sided, standard error of the mean 0.2"
        )
        assert view.p_value == "p = 0.04"
        assert [(fact.label, fact.text or fact.text_markup) for fact in view.facts] == [
            ("Method", "Log Rank"),
            ("Question tested", "Superiority"),
            ("P-value comment", "One look"),
        ]

    @pytest.mark.parametrize(
        ("stated", "words"),
        [("<0.001", "p <0.001"), (".89", "p = .89"), ("P<.05", "P<.05"), (None, "")],
    )
    def test_a_p_value_keeps_its_sign(self, stated: str | None, words: str) -> None:
        """An equals sign is added only where no sign is stated."""
        assert outcome(analyses=(Analysis(p_value=stated),)).analyses[0].p_value == words

    @pytest.mark.parametrize(
        ("analysis", "words"),
        [
            (Analysis(ci_pct_value="95", ci_upper_limit="2"), "95 % CI up to 2"),
            (Analysis(ci_lower_limit="1", ci_upper_limit="2"), "CI 1 to 2"),
            (Analysis(ci_pct_value="95", ci_num_sides="TWO_SIDED"), "95 % CI without limits, two-sided"),
            (Analysis(ci_num_sides="TWO_SIDED"), "two-sided interval"),
            (Analysis(), ""),
        ],
    )
    def test_an_interval_may_lack_any_part(self, analysis: Analysis, words: str) -> None:
        """What is stated is shown, and no limit is made up."""
        assert outcome(analyses=(analysis,)).analyses[0].estimate == words


class TestEvents:
    """Adverse events: totals, then organ systems."""

    def view(self, *events: AdverseEvent, groups: tuple[EventGroup, ...] = (EventGroup("G0", "Drug"),)) -> Any:
        """The view of serious events in these groups."""
        module = AdverseEvents(event_groups=groups, serious_events=events)
        return results_view(Results(adverse_events_module=module)).events

    def test_totals_are_of_those_at_risk(self) -> None:
        """Deaths, serious and other events, with the share; what is not reported is said to be so."""
        group = EventGroup("G0", "Drug", serious_num_affected=12, serious_num_at_risk=208, other_num_at_risk=208)
        rows = self.view(groups=(group,)).totals.rows
        assert [(row.header, row.detail, row.cells) for row in rows] == [
            ("Deaths from any cause", "Not stated", (Cell(),)),
            ("Serious adverse events", "", (Cell("12 / 208", "5.8 %"),)),
            ("Other adverse events", "", (Cell("– / 208"),)),
        ]

    def test_totals_stay_with_their_group_when_two_share_an_id(self) -> None:
        """The totals stand in the groups themselves, so nothing is ambiguous there."""
        groups = (
            EventGroup("G0", "Drug", deaths_num_affected=1, deaths_num_at_risk=10),
            EventGroup("G0", None, deaths_num_affected=2, deaths_num_at_risk=10),
        )
        totals = self.view(groups=groups).totals
        assert totals.columns == ("Drug", "Unnamed group (G0)")
        assert texts(totals.rows[0]) == ["1 / 10", "2 / 10"]

    def test_events_stand_under_their_organ_system(self) -> None:
        """Affected of those at risk, the share, and how often it happened."""
        stats = (EventCount("G0", 4, 3, 208),)
        section = self.view(
            AdverseEvent("Anaemia", "Blood", stats=stats),
            AdverseEvent("Nausea", "Gut", stats=stats),
            AdverseEvent("Neutropenia", "Blood", stats=(EventCount("G0", 1, None, 208), EventCount("G5", 1))),
        ).sections[0]
        assert [(table.caption, [row.header for row in table.rows]) for table in section.systems] == [
            ("Blood", ["Anaemia", "Neutropenia"]),
            ("Gut", ["Nausea"]),
        ]
        blood = section.systems[0]
        assert blood.columns == ("Drug", "Unnamed group (G5)")
        assert blood.rows[0].cells == (Cell("3 / 208", "1.4 %", "4 events"), Cell())
        assert blood.rows[1].cells == (Cell("– / 208", "", "1 event"), Cell("", "", "1 event"))

    def test_what_holds_for_all_events_is_said_once(self) -> None:
        """An event that differs says so in its row."""
        usual: dict[str, Any] = {
            "organ_system": "Blood",
            "source_vocabulary": "MedDRA 25.1",
            "assessment_type": "SYSTEMATIC_ASSESSMENT",
        }
        section = self.view(
            AdverseEvent("A", **usual), AdverseEvent("B", **usual), AdverseEvent("C", "Blood", notes="Mild")
        ).sections[0]
        assert [fact.text for fact in section.facts] == [
            "MedDRA 25.1, unless noted otherwise",
            "Systematic assessment, unless noted otherwise",
        ]
        assert [(row.detail, row.notes) for row in section.systems[0].rows] == [
            ("", ()),
            ("", ()),
            ("vocabulary not stated · assessment not stated", ("a",)),
        ]


def test_more_information_is_in_words() -> None:
    """Flags become sentences, the limit its words and what it means."""
    more = MoreInfo(
        Limitations("Few took part"),
        Agreement(False, "LTE60", True, "Ask *first*"),
        PointOfContact("A. Doe", "Clinic", "a@example.org", "555-0100", "12"),
    )
    view = results_view(Results(more_info_module=more)).more
    assert view is not None
    assert view.limitations_markup == "Few took part"
    assert view.agreement == (
        "Not all principal investigators are employed by the sponsor.",
        "An agreement limits what they may say or publish about the results after the study.",
        "Limit: 60 days or less. The sponsor can hold back what investigators publish for at most 60 days.",
    )
    assert view.agreement_markup == "Ask *first*"
    assert view.contact is not None
    assert view.contact.phone == "555-0100, extension 12"


HOLLOW = Results(
    ParticipantFlow(groups=(Group(),), periods=(Period(), Period(None, (Milestone(),), (DropWithdraw(),)))),
    Baseline(
        groups=(Group(),),
        denoms=(Denom(),),
        measures=(BaselineMeasure(), BaselineMeasure(classes=(Class(),))),
    ),
    OutcomeMeasures(
        (
            OutcomeMeasure(),
            OutcomeMeasure(classes=(Class(categories=(Category(),)),), analyses=(Analysis(),)),
        )
    ),
    AdverseEvents(
        event_groups=(EventGroup(),),
        other_events=(AdverseEvent(), AdverseEvent(stats=(EventCount(),))),
    ),
    MoreInfo(Limitations(), Agreement(), PointOfContact()),
)


def render(view: ResultsView) -> str:
    """The partial as the site renders it, with markup left as it is."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.filters["markup"] = lambda source: source
    return environment.get_template("_results.html").render(results=view, flow=None)


@pytest.mark.parametrize("results", [Results(), HOLLOW], ids=["nothing posted", "every list empty"])
def test_hollow_records_are_shown(results: Results) -> None:
    """A record whose parts state nothing makes a page, and JSON that reads back as the same view."""
    view = results_view(results)
    assert "results" in render(view)
    assert msgspec.json.decode(msgspec.json.encode(view), type=ResultsView) == view


def test_the_page_is_tables_with_headers_and_no_inline_code() -> None:
    """Captions, scopes, a scrollable region; escaped text; no script and no inline style."""
    events = tuple(AdverseEvent(f"<b>Event</b> {i}", "Blood") for i in range(13))
    page = render(
        results_view(
            Results(
                participant_flow_module=ParticipantFlow(
                    groups=TWO,
                    periods=(Period("P", (Milestone("STARTED", "Why", (FlowCount("G0", "Who", "20"),)),)),),
                ),
                adverse_events_module=AdverseEvents(serious_events=events[:12], other_events=events),
            )
        )
    )
    assert '<div class="results-scroll" tabindex="0" role="region" aria-label="P">' in page
    assert "<caption>" in page
    assert '<th scope="col">Drug</th>' in page
    assert '<th scope="row">Started<sup' in page
    for mark in ("a", "b"):
        assert f'href="#results-flow-1-{mark}"' in page
        assert f'id="results-flow-1-{mark}"' in page
    assert "&lt;b&gt;Event&lt;/b&gt; 0" in page
    assert not re.search(r"<script|style=|\son\w+=|<b>", page)
    assert re.findall(r'<details class="results-system"(.*?)>', page) == [" open", ""]


def test_ids_are_unique_on_the_page() -> None:
    """Each footnote and each part can be linked to."""
    without = Category(None, (Measurement("G0", "NA", comment="Few"),))
    stated = OutcomeMeasure(groups=TWO, classes=(Class(categories=(without,)),))
    outcomes = OutcomeMeasures((stated, stated, stated))
    ids = re.findall(r'id="([^"]+)"', render(results_view(Results(outcome_measures_module=outcomes))))
    assert len(ids) == len(set(ids)) == 7
