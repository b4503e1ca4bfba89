"""One patient against criteria: answers, evidence, times, what is presumed, and several criteria as one."""

from __future__ import annotations

import pytest

from equipoise.criteria.compile import compile_criteria
from equipoise.matching.match import joined, judge, match_criteria, see
from equipoise.matching.verdicts import Asked, CriterionVerdict, verdict_json
from equipoise.records.moments import Moment
from equipoise.records.patient import Patient, read_patient

AT = Moment("2026-01-15T10:00+01:00")


def patient(*facts: dict, complete: tuple[str, ...] = ()) -> Patient:
    """Return a patient of these facts."""
    return read_patient({"facts": list(facts), "complete": list(complete)})


def fact(kind: str, name: str, **rest: object) -> dict:
    """Return a fact as JSON has it."""
    return {"kind": kind, "concept": {"name": name}, **rest}


def answer(text: str, section: str, *facts: dict) -> CriterionVerdict:
    """Return the verdict on a criterion's text."""
    (criterion,) = compile_criteria(text, section=section)
    return judge(Asked("c", criterion.section, criterion.rule, criterion.text), see(patient(*facts), AT))


def test_evidence_is_the_facts_that_decided() -> None:
    """A verdict names the fact that decided, and no other."""
    verdict = answer(
        "Platelets < 100 x 10^9/L",
        "exclusion",
        fact("condition", "asthma"),
        fact("measurement", "platelet count", value=84, unit="10*9/L"),
    )
    assert (verdict.answer, verdict.holds, verdict.evidence) == ("not met", True, ("f2",))


def test_silence_is_presumed_and_never_answered() -> None:
    """A note that does not speak of a disease leaves it unknown; that it is not there is only presumed."""
    silent = answer("Heart failure", "exclusion", fact("demographic", "age", value=64, unit="a"))
    assert (silent.answer, silent.presumed) == ("unknown", "met")
    asked = answer("Heart failure", "inclusion", fact("demographic", "age", value=64, unit="a"))
    assert (asked.answer, asked.presumed) == ("unknown", None)


@pytest.mark.parametrize("text", ["Pregnant women", "Creatinine > 2 mg/dL"])
def test_what_is_asked_of_everyone_is_not_presumed(text: str) -> None:
    """A pregnancy that nobody has ruled out and a number that nobody has measured are not assumed away."""
    assert answer(text, "exclusion").presumed is None


def test_a_pending_result_is_not_presumed_away() -> None:
    """Where the record speaks, and leaves it open, nothing is presumed."""
    verdict = answer("Tuberculosis", "exclusion", fact("condition", "tuberculosis", assertion="pending"))
    assert (verdict.answer, verdict.presumed) == ("unknown", None)


def test_a_washout_gives_the_day_from_which_it_is_met() -> None:
    """An excluded drug stopped ten days ago opens the study when its washout has passed."""
    stopped = fact("drug", "warfarin", when="2025-11-01", until="2026-01-05")
    verdict = answer("Treatment with warfarin within 28 days before screening", "exclusion", stopped)
    assert (verdict.answer, verdict.eligible_from) == ("not met", "2026-02-03")


def test_an_onset_window_gives_the_minute_at_which_it_closes() -> None:
    """A window that is open says until when."""
    onset = fact("event_time", "symptom onset", when="2026-01-15T08:10+01:00")
    verdict = answer("Time from symptom onset to randomization ≤ 24 hours", "inclusion", onset)
    assert (verdict.answer, verdict.closes_at) == ("met", "2026-01-16T08:10+01:00")


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("Able to give informed consent", "inclusion"),
        ("Unable or unwilling to give written informed consent", "exclusion"),
        ("Refusal to participate in the study", "exclusion"),
    ],
)
def test_stated_consent_answers_what_only_asks_for_it(text: str, section: str) -> None:
    """A record that says the patient consents, or refuses, answers the question for consent on either side."""
    given = fact("administrative", "informed consent")
    assert answer(text, section, given).answer == "met"
    assert answer(text, section, given | {"assertion": "absent"}).answer == "not met"
    assert answer(text, section).answer == "administrative"


@pytest.mark.parametrize(
    "text", ["Patient with health insurance", "Able to swallow tablets", "Suitable in the opinion of the investigator"]
)
def test_consent_answers_nothing_else(text: str) -> None:
    """Insurance, swallowing and an investigator's judgement are not consent."""
    assert answer(text, "inclusion", fact("administrative", "informed consent")).answer in ("administrative", "unknown")


def test_a_text_of_several_criteria_has_one_verdict() -> None:
    """Each of them must let the patient in; the gravest answer is the text's."""
    one, other = CriterionVerdict(id="I1", answer="met", holds=True), CriterionVerdict(id="I2", answer="unknown")
    blocked = CriterionVerdict(id="E1", answer="not met", evidence=("f1",))
    assert joined("c", [one, other]).answer == "unknown"
    assert joined("c", [one, other, blocked]).evidence == ("f1",)
    assert joined("c", [one, one]).answer == "met"


def test_counts_add_up_and_json_has_the_contract() -> None:
    """A study's counts are those of its criteria, and JSON has the fields that are promised."""
    rules = compile_criteria("Inclusion Criteria:\n\n* Age ≥ 18 years\n* Informed consent\n* Asthma")
    asked = [Asked(one.id, one.section, one.rule, one.text) for one in rules]
    seen = see(patient(fact("demographic", "age", value=64, unit="a")), AT)
    built = verdict_json(match_criteria(asked, seen, study="NCT99000001"))
    assert [built[name] for name in ("met", "not_met", "unknown", "administrative")] == [1, 0, 1, 1]
    first = built["criteria"][0]
    assert {name: first[name] for name in ("id", "answer", "presumed", "holds", "evidence", "settle")} == {
        "id": "I1",
        "answer": "met",
        "presumed": None,
        "holds": True,
        "evidence": ("f1",),
        "settle": None,
    }


@pytest.mark.parametrize(
    ("text", "side", "said"),
    [
        ("Both sexes", "inclusion", "met"),
        ("Male or female", "inclusion", "met"),
        ("Patients of any race", "inclusion", "met"),
        ("Biologic therapy: Not specified", "inclusion", "met"),
        ("Males and females", "exclusion", "unknown"),
        ("Male or female adults (as the law of the land defines them)", "inclusion", "unknown"),
        ("No healthy volunteers", "inclusion", "unknown"),
        ("All patients of age", "inclusion", "unknown"),
    ],
)
def test_what_limits_nobody_lets_everyone_in(text: str, side: str, said: str) -> None:
    """A criterion that anybody fulfils is met; one with another word in it is not taken for such."""
    assert answer(text, side).answer == said


@pytest.mark.parametrize(
    ("text", "side", "stated", "said"),
    [
        ("Prior chemotherapy", "exclusion", fact("drug", "carboplatin", assertion="historical"), "not met"),
        ("No prior chemotherapy", "inclusion", fact("drug", "carboplatin", assertion="historical"), "not met"),
        ("Prior chemotherapy", "exclusion", fact("drug", "chemotherapy", assertion="planned"), "unknown"),
        ("Prior warfarin", "exclusion", fact("drug", "warfarin", assertion="absent"), "unknown"),
        ("Prior warfarin", "exclusion", {"kind": "drug", "assertion": "absent"}, "unknown"),
        ("Prior warfarin", "exclusion", fact("drug", "warfarin", assertion="absent", qualifier=["history"]), "met"),
        ("Warfarin", "exclusion", {"kind": "drug", "assertion": "absent"}, "met"),
        ("Previous stroke", "exclusion", fact("condition", "stroke", assertion="historical"), "not met"),
    ],
)
def test_what_was_taken_before_is_asked_of_the_past(text: str, side: str, stated: dict, said: str) -> None:
    """A drug that was taken is a prior one; that none is taken now says nothing of before."""
    assert answer(text, side, stated).answer == said


def test_what_is_to_be_avoided_is_not_answered_by_its_absence() -> None:
    """Who is not pregnant has not thereby agreed to avoid a pregnancy."""
    asked = answer(
        "Use of contraception to avoid pregnancy", "inclusion", fact("condition", "pregnancy", assertion="absent")
    )
    assert asked.answer == "unknown"


def test_an_exclusion_that_lets_some_in_keeps_nobody_out() -> None:
    """Who has no other malignancy is not kept out by words on those who may come in with one."""
    text = "Patients with a history of other malignancy may be eligible if curatively treated"
    none = fact("condition", "malignant tumor", assertion="absent", qualifier=["history"])
    assert answer(text, "exclusion", none).answer == "unknown"


def test_a_list_that_is_not_limited_to_its_items_is_no_denial() -> None:
    """ "This includes but is not limited to" goes before examples."""
    text = "Active infection. This includes but is not limited to:\n  * tuberculosis\n  * HIV infection"
    top = [one for one in compile_criteria(text, section="exclusion") if one.parent is None]
    seen = see(patient(fact("condition", "tuberculosis")), AT)
    assert [judge(Asked("c", one.section, one.rule, one.text), seen).answer for one in top] == ["not met"]


@pytest.mark.parametrize(
    ("text", "side", "presumed"),
    [
        ("Patients undergoing elective carotid endarterectomy", "inclusion", "not met"),
        ("Elective cesarean section", "inclusion", "not met"),
        ("Cesarean section", "inclusion", None),
        ("Undergoing magnetic resonance imaging", "inclusion", None),
        ("Life expectancy of less than 3 months", "exclusion", "met"),
        ("Life expectancy of at least 3 months", "inclusion", None),
    ],
)
def test_an_operation_to_come_is_said(text: str, side: str, presumed: str | None) -> None:
    """Who has an operation before them, or few days to live, is known to: a silent record is presumed to deny it."""
    verdict = answer(text, side, fact("demographic", "age", value=44, unit="a"))
    assert (verdict.answer, verdict.presumed) == ("unknown", presumed)


def test_consent_is_no_word_of_a_disease() -> None:
    """A record that says the patient consents does not thereby speak of what a criterion of consent also names."""
    text = "Unable to give consent, or to undergo a lumbar whatsit"
    consents = fact("administrative", "informed consent")
    assert answer(text, "exclusion", consents).presumed == "met"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Unable, in the opinion of the investigator, to comply with the study requirements", "met"),
        ("Foreseeable non-compliance with the protocol as judged by the investigator", "met"),
        ("Unable to participate in the opinion of the investigator", "unknown"),
        ("History of poor compliance", "unknown"),
    ],
)
def test_who_will_comply_is_compliant_whoever_judges(text: str, said: str) -> None:
    """Compliance that an investigator is to judge is compliance; what else is judged is not promised."""
    promised = [fact("administrative", one) for one in ("informed consent", "protocol compliance")]
    assert answer(text, "exclusion", *promised).answer.replace("administrative", "unknown") == said
