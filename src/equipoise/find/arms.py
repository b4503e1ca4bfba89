"""Arms and interventions as one table: each text once, a mark where they meet."""

from __future__ import annotations

import msgspec

from equipoise.find.facts import MOST_BESIDE, Word, word
from equipoise.records.study import Arm, Intervention, Study
from equipoise.terms.enums import term


class ArmView(msgspec.Struct, frozen=True):
    """A group of participants, a column of the table."""

    label: str
    type: Word | None
    markup: str
    count: int


class InterventionView(msgspec.Struct, frozen=True):
    """What is given or done, a row of the table; ``given`` says for each arm whether it gets it."""

    name: str
    type: Word | None
    markup: str
    other_names: tuple[str, ...]
    given: tuple[bool, ...]
    elsewhere: tuple[str, ...]


class Matrix(msgspec.Struct, frozen=True):
    """Arms × interventions. ``unlisted`` are names in an arm that no intervention has."""

    arms: tuple[ArmView, ...]
    interventions: tuple[InterventionView, ...]
    unlisted: tuple[str, ...]

    @property
    def many(self) -> bool:
        """Whether the arms are too many to stand beside each other on paper."""
        return len(self.arms) > MOST_BESIDE

    def given_to(self, row: InterventionView) -> list[str]:
        """Return the labels of the arms that get an intervention."""
        return [arm.label for arm, given in zip(self.arms, row.given, strict=True) if given]


def _key(text: str | None) -> str:
    return " ".join((text or "").split()).casefold()


def _full_name(intervention: Intervention) -> str:
    """Return the name by which an arm lists an intervention, ``Drug: Infliximab``."""
    kind = term("InterventionType", intervention.type).label if intervention.type else ""
    return f"{kind}: {intervention.name}"


def _gets(arm: Arm, intervention: Intervention) -> bool:
    listed = {_key(name) for name in arm.intervention_names}
    labels = {_key(label) for label in intervention.arm_group_labels if _key(label)}
    return _key(arm.label) in labels or _key(_full_name(intervention)) in listed


def matrix(study: Study) -> Matrix:
    """Return the table of a study's arms and interventions."""
    names = {_key(_full_name(intervention)) for intervention in study.interventions}
    labels = {_key(arm.label) for arm in study.arms}
    rows = tuple(
        InterventionView(
            name=intervention.name or "Unnamed",
            type=word("InterventionType", intervention.type),
            markup=intervention.description or "",
            other_names=intervention.other_names,
            given=tuple(_gets(arm, intervention) for arm in study.arms),
            elsewhere=tuple(label for label in intervention.arm_group_labels if _key(label) not in labels),
        )
        for intervention in study.interventions
    )
    arms = tuple(
        ArmView(
            label=arm.label or f"Group {place + 1}",
            type=word("ArmGroupType", arm.type),
            markup=arm.description or "",
            count=sum(row.given[place] for row in rows),
        )
        for place, arm in enumerate(study.arms)
    )
    unlisted = dict.fromkeys(n for arm in study.arms for n in arm.intervention_names if _key(n) not in names)
    return Matrix(arms, rows, tuple(unlisted))
