"""Questions where a study's title and its fields of design say different things."""

from __future__ import annotations

import re
from datetime import date

from equipoise.find.advice_record import Advice, Place, quoted
from equipoise.find.facts import word
from equipoise.records.study import Arm, Intervention, Study

_BLIND = re.compile(
    r"\b(?:double|triple|quadruple|single|observer|evaluator|assessor|investigator)[- ](?:blind|mask)(?:ed)?\b", re.I
)
_OPEN = re.compile(r"\bopen[- ]label(?:led|ed)?\b", re.I)
_RANDOM = re.compile(r"(?<!non-)(?<!non )(?<!non)\brandomi[sz]ed\b", re.I)
_NOT_RANDOM = re.compile(r"\bnon-?\s?randomi[sz]ed\b", re.I)
_ONE = r"[1-4]|IV|I{1,3}"
_PHASE = re.compile(
    rf"\b(?:[Pp]hase|PHASE)[- ](?P<one>{_ONE})[ABab]?"
    rf"(?:\s?(?:/|-|and|&|to|through)\s?(?:[Pp]hase )?(?P<two>{_ONE})[ABab]?)?\b"
)
_NUMBERS = {"I": 1, "II": 2, "III": 3, "IV": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_PLACEBO = re.compile(
    r"placebo|placibo|sham|vehicle|saline|sodium chloride|nacl|diluent|dummy|sugar pill|inactive|inert|matching|matched"
    r"|\bwater\b|dextrose|lactose|starch|glucose|ringer|control|simulat|mock|fake|maltodextrin|cellulose|\boil\b|\bbase\b",
    re.I,
)  # fmt: skip
_TITLE_PLACEBO = re.compile(r"\bplacebo[- ]controlled\b", re.I)


def _title(study: Study, pattern: re.Pattern[str]) -> str | None:
    """Return the first of the two titles that has a pattern."""
    return next((one for one in (study.title, study.official_title) if one and pattern.search(one)), None)


def _titled(title: str) -> Place:
    return Place("main", "Title", quoted(title))


def _design(piece: str, value: str | None, label: str) -> Place:
    said = word(piece, value)
    return Place("design", "Design", f"{label}: {said.text if said else 'not stated'}")


def masking_against_title(study: Study, today: date) -> Advice | None:
    """Ask whether the study is blind where title and field of masking differ."""
    masking = study.design.design_info.masking_info.masking
    blind, openly = _title(study, _BLIND), _title(study, _OPEN)
    title = blind if masking == "NONE" else openly if masking in ("DOUBLE", "TRIPLE", "QUADRUPLE") else None
    if title is None or (blind and openly):
        return None  # a blind study with an open extension has both
    question = "Do people know which treatment is given, or not?"
    return Advice("masking-against-title", question, (_titled(title), _design("DesignMasking", masking, "Masking")))


def allocation_against_title(study: Study, today: date) -> Advice | None:
    """Ask whether chance makes the groups where title and field of allocation differ."""
    allocation = study.design.design_info.allocation
    yes, no = _title(study, _RANDOM), _title(study, _NOT_RANDOM)
    title = yes if allocation == "NON_RANDOMIZED" and not no else no if allocation == "RANDOMIZED" and not yes else None
    if allocation == "NA" and yes and len(study.arms) > 1:
        title = yes
    if title is None:
        return None
    places = (_titled(title), _design("DesignAllocation", allocation, "Allocation"))
    return Advice("allocation-against-title", "Does chance decide who gets which treatment?", places)


def phase_against_title(study: Study, today: date) -> Advice | None:
    """Ask which phase it is where the title names another than the field."""
    stated = {int(one[-1]) for one in study.design.phases if one[-1:].isdigit()}
    title = _title(study, _PHASE)
    if not stated or title is None:
        return None
    named = {_NUMBERS[part] for found in _PHASE.finditer(title) for part in found.groups() if part}
    if named & stated:
        return None
    phases = " / ".join(said.text for one in study.design.phases if (said := word("Phase", one)))
    places = (_titled(title), Place("main", "Phase", f"Phase: {phases}"))
    return Advice("phase-against-title", "Which phase is this?", places)


def _given(arm: Arm, interventions: tuple[Intervention, ...]) -> str:
    """Return all that the record says of what an arm is given."""
    mine = [one for one in interventions if arm.label in one.arm_group_labels]
    said = [part for one in mine for part in (one.name, one.description, *one.other_names)]
    return " ".join(part for part in (arm.label, arm.description, *arm.intervention_names, *said) if part)


def placebo_group_without_placebo(study: Study, today: date) -> Advice | None:
    """Ask what a placebo group gets where nothing that it is given is called a placebo or the like."""
    for arm in study.arms:
        if arm.type in ("PLACEBO_COMPARATOR", "SHAM_COMPARATOR") and not _PLACEBO.search(
            _given(arm, study.interventions)
        ):
            kind = word("ArmGroupType", arm.type)
            given = ", ".join(arm.intervention_names) or "nothing is listed"
            words = f"{quoted(arm.label or 'Unnamed group')}, {kind.text.lower() if kind else ''}: {given}"
            places = (Place("arms", "Arms and interventions", words),)
            return Advice(
                "placebo-group-without-placebo", "Does this group get a placebo, or a real treatment?", places
            )
    return None


def placebo_in_title_only(study: Study, today: date) -> Advice | None:
    """Ask where the placebo is that the title names, if no group and nothing given is one."""
    title = _title(study, _TITLE_PLACEBO)
    if title is None or not study.arms or any(one.type == "PLACEBO_COMPARATOR" for one in study.arms):
        return None
    said = [part for one in study.interventions for part in (one.name, one.description, *one.other_names) if part]
    said += [part for one in study.arms for part in (one.label, one.description) if part]
    if any(_PLACEBO.search(one) for one in said):
        return None
    labels = ", ".join(quoted(one.label) for one in study.arms if one.label)
    places = (_titled(title), Place("arms", "Arms and interventions", f"Groups: {labels}"))
    return Advice("placebo-in-title-only", "Which group gets the placebo that the title names?", places)


def groups_against_model(study: Study, today: date) -> Advice | None:
    """Ask how many groups there are where the number listed does not fit the model."""
    info, count = study.design.design_info, len(study.arms)
    compared = any(one.type in ("ACTIVE_COMPARATOR", "PLACEBO_COMPARATOR", "SHAM_COMPARATOR") for one in study.arms)
    if info.allocation == "RANDOMIZED" and count == 1 and info.intervention_model != "CROSSOVER":
        question, field = (
            "Between which groups does chance decide?",
            _design("DesignAllocation", "RANDOMIZED", "Allocation"),
        )
    elif info.intervention_model == "SINGLE_GROUP" and count > 1 and compared:
        question, field = "Is there one group, or several?", _design("DesignInterventionModel", "SINGLE_GROUP", "Model")
    else:
        return None
    labels = ", ".join(quoted(one.label) for one in study.arms if one.label)
    return Advice(
        "groups-against-model", question, (field, Place("arms", "Arms and interventions", f"Groups: {labels}"))
    )
