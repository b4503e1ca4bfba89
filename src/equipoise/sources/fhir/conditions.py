"""Conditions: how sure the record is of them, from when until when they held, how severe they are, at which stage."""

from __future__ import annotations

import re

from equipoise.records.patient import Assertion
from equipoise.sources.fhir.case import Case
from equipoise.sources.fhir.elements import Resource, code_of, codes_of, codings, items, text, words_of
from equipoise.sources.fhir.naming import Named, condition_named, find
from equipoise.sources.fhir.report import NotUsed
from equipoise.sources.fhir.times import Held, held, moment
from equipoise.terms.coded import result_word
from equipoise.terms.spelling import normal
from equipoise.terms.variables import variables

_VERIFIED: dict[str, Assertion] = {"": "present", "confirmed": "present", "refuted": "absent"}
_DOUBTED = frozenset({"unconfirmed", "provisional", "differential"})
_GOES_ON = frozenset({"active", "recurrence", "relapse"})
_OVER = frozenset({"inactive", "remission", "resolved"})
_WORDS = {"recurrence": "recurrent", "relapse": "relapsed", "remission": "in remission"}
_NOTHING = frozenset({"no-known-problems", "160245001", "1287211007"})
_NO_INFORMATION = frozenset({"no-problem-info", "no-procedure-info"})
# The events that are the onset of a condition, where the record has the time of day.
_ONSETS = {
    "ischemic stroke": "stroke onset",
    "stroke": "stroke onset",
    "intracerebral hemorrhage": "stroke onset",
    "subarachnoid hemorrhage": "stroke onset",
    "cardiac arrest": "cardiac arrest time",
    "chest pain": "chest pain onset",
}


def read_condition(resource: Resource, case: Case) -> None:
    """Add what a Condition states."""
    verified, clinical = code_of(resource.get("verificationStatus")), code_of(resource.get("clinicalStatus"))
    if verified == "entered-in-error":
        raise NotUsed("was entered in error")
    codes = {one.code for one in codings(resource.get("code"))}
    if codes & _NO_INFORMATION:
        raise NotUsed("says that nothing is known")
    said: Assertion = "possible" if verified in _DOUBTED else _VERIFIED.get(verified, "possible")
    if codes & _NOTHING:
        if said != "present":
            raise NotUsed("says that there are no problems, and is not confirmed")
        case.add(resource, "condition", None, held=Held(moment(resource.get("recordedDate"))), assertion="absent")
        return
    one = condition_named(resource.get("code"), exact=said == "absent")
    if one is None:
        raise NotUsed("has neither a code nor words")
    times, assertion = _times(resource, clinical, said), said
    if said == "present" and one.assertion != "present":
        # "History of" something has a beginning of its own, which is not that of the thing.
        assertion, times = one.assertion, times if one.assertion == "possible" else Held()
    elif said != one.assertion and one.assertion != "present":
        raise NotUsed(f"is {verified}, and its name already says that it is {one.assertion}")
    elif said == "present" and clinical in _OVER and times.until is None:
        assertion = "historical"
    if clinical and clinical not in _GOES_ON | _OVER:
        case.partly(resource, "has a clinical status that R4 does not know")
    qualifier = _qualifiers(resource, clinical, going=assertion == "present" and times.until is None)
    if one.ever and assertion == "absent":
        qualifier.append("history")
    case.add_named(
        resource, one, codes=codes_of(resource.get("code")), held=times, assertion=assertion, qualifier=qualifier
    )
    if said == "present":
        _add_onset(resource, case, one)
        _add_stages(resource, case)


def _times(resource: Resource, clinical: str, said: Assertion) -> Held:
    """Return when it held; its end counts from ``abatement[x]``, or from the period of its onset."""
    if said == "absent":
        # A refutation holds as of when it was recorded: the onset is that of what turned out not to be.
        return Held(moment(resource.get("recordedDate")))
    began, ended = held(resource, "onset"), held(resource, "abatement")
    until = ended.until or ended.when
    if until is None and clinical not in _GOES_ON:
        until = began.until
    return Held(began.when, until)


def _qualifiers(resource: Resource, clinical: str, *, going: bool) -> list[str]:
    said = [words for one in items(resource, "severity") for words in words_of(one)[:1]]
    said += [words for one in items(resource, "bodySite") for words in words_of(one)[:1]]
    qualifier = [normal(re.sub(r"\s*\(.*\)$", "", words)) for words in said]
    if clinical in _GOES_ON and going:
        qualifier.append("ongoing")
    return [*qualifier, _WORDS.get(clinical, "")]


def _add_onset(resource: Resource, case: Case, one: Named) -> None:
    """Add the onset as an event of its own where it is one; the time at which a visit began is not it."""
    event, began = _ONSETS.get(one.name), held(resource, "onset").when
    if event is None or began is None or not began.to_the_minute or began == moment(resource.get("recordedDate")):
        return
    encounter = case.resolve(resource, resource.get("encounter"))
    if encounter is not None and moment(text(encounter, "period", "start")) == began:
        return
    case.add(resource, "event_time", event, held=Held(began))


def _add_stages(resource: Resource, case: Case) -> None:
    """Add each stage or class that the catalogue knows, as the number that stands for it."""
    for stage in items(resource, "stage"):
        found = next((level for words in words_of(stage.get("summary")) if (level := staged(words)) is not None), None)
        if found is None:
            case.partly(resource, "a stage that is not understood")
            continue
        when = Held(moment(resource.get("recordedDate")))
        codes = codes_of(stage.get("summary"))
        case.add(resource, "measurement", found[0], held=when, value=found[1], codes=codes)


def staged(words: str) -> tuple[str, float] | None:
    """
    Return the class or stage that words name, and the number that stands for it.

    >>> staged("NYHA III"), staged("CKD G3a"), staged("GOLD 2"), staged("HbA1c 6.0%")
    (('nyha class', 3.0), ('ckd stage', 3.0), ('gold stage', 2.0), None)
    """
    parts = words.replace("-", " ").split()
    for cut in range(len(parts) - 1, 0, -1):
        head, rest = " ".join(parts[:cut]), parts[cut:]
        variable = next(
            (
                found
                for name in (head, f"{head} stage", f"{head} class")
                if (found := variables().find(name)) is not None and found.kind in ("class", "stage")
            ),
            None,
        )
        if variable is not None and len(rest) == 1:
            level = rest[0].upper()
            value = variable.levels.get(level, variable.levels.get(level.rstrip("ABC")))
            digits = re.fullmatch(r"G?(\d)[ABC]?", level)
            if value is None and digits is not None and variable.levels:
                value = float(digits[1])
            if value is not None and (variable.high is None or 0 <= value <= variable.high):
                return variable.name, value
    return None


def finding_of(concept: object) -> Named | None:
    """Return the condition that a coded result names, None where it is a mere word such as positive."""
    if any(result_word(one.system, one.code) is not None for one in codings(concept)):
        return None
    one = condition_named(concept)
    return one if one is not None and one.known and find(one.name) is not None else None
