"""Arms × interventions: each text once, a mark where they meet."""

from __future__ import annotations

from equipoise.find.arms import matrix
from equipoise.records.study import Arm, Intervention, Study


def study(arms: list[Arm], interventions: list[Intervention]) -> Study:
    return Study(number="NCT99000901", arms=tuple(arms), interventions=tuple(interventions))


def given(arms: list[Arm], interventions: list[Intervention]) -> list[tuple[bool, ...]]:
    """Return for each intervention which arms get it."""
    return [row.given for row in matrix(study(arms, interventions)).interventions]


DRUG = Intervention(type="DRUG", name="Infliximab", arm_group_labels=("Active", "Both"))
DEVICE = Intervention(type="DEVICE", name="Cooling", arm_group_labels=("Both",))


def test_an_intervention_names_its_arms() -> None:
    """By their labels; an arm counts what it gets."""
    table = matrix(study([Arm("Active"), Arm("Both"), Arm("None")], [DRUG, DEVICE]))
    assert [row.given for row in table.interventions] == [(True, True, False), (False, True, False)]
    assert [arm.count for arm in table.arms] == [1, 2, 0]


def test_an_arm_names_its_interventions() -> None:
    """By kind and name, as the registry writes them; either side is enough."""
    arms = [
        Arm("Active", intervention_names=("Drug: Infliximab",)),
        Arm("Other", intervention_names=("Device: Cooling",)),
    ]
    assert given(arms, [Intervention("DRUG", "Infliximab"), Intervention("DEVICE", "Cooling")]) == [
        (True, False),
        (False, True),
    ]


def test_case_and_white_space_do_not_part_them() -> None:
    """Labels are typed twice, and not always alike."""
    arms = [Arm("Active  arm"), Arm("ACTIVE\nARM 2", intervention_names=("drug:  infliximab",))]
    assert given(arms, [Intervention("DRUG", "Infliximab", arm_group_labels=("active arm",))]) == [(True, True)]


def test_names_that_only_begin_alike_are_apart() -> None:
    """Arm 1 is not Arm 10."""
    assert given([Arm("Arm 1"), Arm("Arm 10")], [Intervention("DRUG", "A", arm_group_labels=("Arm 10",))]) == [
        (False, True)
    ]


def test_words_are_shown_and_texts_stand_once() -> None:
    """Types in words, descriptions with their arm or intervention."""
    arm = Arm("Active", "EXPERIMENTAL", "Gets it.", ("Drug: Infliximab",))
    drug = Intervention("DRUG", "Infliximab", "An *antibody*.", ("Active",), ("Ours", "Theirs"))
    table = matrix(study([arm], [drug]))
    assert (table.arms[0].label, table.arms[0].markup) == ("Active", "Gets it.")
    assert table.arms[0].type is not None
    assert table.arms[0].type.text == "Experimental"
    row = table.interventions[0]
    assert row.type is not None
    assert (row.name, row.type.text, row.markup, row.other_names) == (
        "Infliximab",
        "Drug",
        "An *antibody*.",
        ("Ours", "Theirs"),
    )
    assert (row.elsewhere, table.unlisted) == ((), ())


def test_what_meets_nothing_is_not_lost() -> None:
    """Labels of no arm, and names of no intervention, are listed."""
    table = matrix(
        study(
            [Arm("Active", intervention_names=("Drug: Infliximab", "Drug: Unknown", "drug: unknown"))],
            [Intervention("DRUG", "Infliximab", arm_group_labels=("Active", "Gone"))],
        )
    )
    assert table.interventions[0].elsewhere == ("Gone",)
    assert table.unlisted[0] == "Drug: Unknown"
    assert {name.casefold() for name in table.unlisted} == {"drug: unknown"}


def test_arms_and_interventions_without_names_are_shown() -> None:
    """A record may leave out either."""
    table = matrix(study([Arm(), Arm(None, "NO_INTERVENTION")], [Intervention()]))
    assert [arm.label for arm in table.arms] == ["Group 1", "Group 2"]
    assert [(row.name, row.type) for row in table.interventions] == [("Unnamed", None)]


def test_what_has_no_name_meets_nothing() -> None:
    """An arm without a label is not the arm that an empty label names."""
    assert given([Arm()], [Intervention("DRUG", "A", arm_group_labels=("",))]) == [(False,)]
    assert given([Arm("A", intervention_names=("",))], [Intervention("DRUG", "B")]) == [(False,)]


def test_no_arms_or_no_interventions_make_an_empty_table() -> None:
    """An observational study may have neither."""
    assert matrix(study([], [])) == matrix(Study(number="NCT99000902"))
    assert given([], [DRUG]) == [()]
    assert matrix(study([], [DRUG])).interventions[0].elsewhere == ("Active", "Both")
