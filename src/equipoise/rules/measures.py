"""
Whether a measured value meets a limit.

Results that lie in the window and state the qualifiers asked for count. The latest decides, unless the criterion
says any, all or worst; where it is not certain which one is the latest, all that may be must agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from equipoise.records.patient import Fact
from equipoise.rules.answer import Answer
from equipoise.rules.defaults import by_common_limits
from equipoise.rules.english import describe_unit, describe_window
from equipoise.rules.nodes import Predicate
from equipoise.rules.quantities import compared, why_not
from equipoise.rules.seen import Opening, Seen
from equipoise.rules.truth import agreed, all_, any_
from equipoise.rules.usual import unit_note
from equipoise.rules.worded import by_words
from equipoise.terms.spelling import normal

# That a result is the latest, or was measured in some way, is no kind of result.
LATEST = frozenset(
    {"recent", "current", "latest", "last", "most recent", "known", "evaluated", "assessed", "measured", "documented"}
    | {"reported"}
)
DESPITE = ("despite ", "in spite of ", "notwithstanding ")


class Result(msgspec.Struct, frozen=True):
    """A result, whether it counts, whether it meets the limit, and what to know of that."""

    fact: Fact
    counts: bool | None
    meets: bool | None
    note: str | None = None


class About(msgspec.Struct, frozen=True):
    """The results of a variable, and the one at baseline where there is one."""

    facts: tuple[Fact, ...]
    baseline: Fact | None = None


class Deciding(msgspec.Struct, frozen=True):
    """
    The results that decide on every limit that counts the same ones, and how their comparisons make one answer.

    ``way`` is ``any`` (one must meet it), ``all``, or ``agreed`` (none may differ); ``unseen`` says that there may be
    results that the record lacks. A limit must be met in the *circumstances* that the rule names, which ``stated`` says
    of each result; where they are not stated, what meets it may not. No result, no answer.
    """

    facts: tuple[Fact, ...] = ()
    way: str = "agreed"
    unseen: bool = False
    baseline: Fact | None = None

    def stated(self, rule: Predicate, seen: Seen) -> tuple[bool, ...]:
        """Return of each result whether it states the circumstances in which the limit must be met."""
        asked = circumstances(rule)
        return tuple(_stated(asked, fact, seen) is True for fact in self.facts)


def deciding(rule: Predicate, seen: Seen, about: About, lies: Mapping[str, bool | None]) -> Deciding:
    """
    Return the results that decide for a rule, whatever its limit is.

    *lies* says of the results *about* its variable, by their ids, whether they lie in its window.
    """
    counted = _counted(rule, about.facts, [lies[fact.id] for fact in about.facts], seen)
    sure = [fact for fact, counts in counted if counts is True]
    if not sure:
        return Deciding()
    perhaps = [fact for fact, counts in counted if counts is not False]
    if rule.which in ("any", "all"):
        lacks = "measurement" not in seen.complete or len(perhaps) > len(sure)
        return Deciding(tuple(sure), rule.which, lacks, about.baseline)
    if rule.which == "worst":
        return Deciding(tuple(perhaps), baseline=about.baseline)
    newest = _newest(sure, seen)
    latest = tuple(fact for fact in perhaps if _may_be_latest(fact, newest, seen))
    return Deciding(latest, baseline=about.baseline)


def measurement(rule: Predicate, seen: Seen) -> Answer:
    """Return whether the results of a variable meet the limit on it."""
    opening = None if rule.window is None else seen.opening(rule.window)
    results = _results(rule, seen, opening)
    holds, deciding = _decided(rule, results, seen)
    evidence = [one.fact.id for one in deciding]
    if opening is not None and evidence:
        evidence += opening.evidence
    settle = () if holds is not None else (_settle(rule, results, deciding),)
    notes = dict.fromkeys(one.note for one in deciding if one.note)
    note = "; ".join(notes) or None
    return Answer(
        holds=holds, evidence=tuple(dict.fromkeys(evidence)), settle=settle, note=None if holds is None else note
    )


def _results(rule: Predicate, seen: Seen, opening: Opening | None) -> list[Result]:
    """Return the results of the variable that count, for certain or perhaps."""
    about = read_about(rule, seen)
    lies = [True if opening is None else opening.lies(fact).truth for fact in about.facts]
    counted = _counted(rule, about.facts, lies, seen)
    return [
        _result(rule, fact, counts, baseline=about.baseline, seen=seen)
        for fact, counts in counted
        if counts is not False
    ]


def _result(rule: Predicate, fact: Fact, counts: bool | None, *, baseline: Fact | None, seen: Seen) -> Result:
    value, note = compared(rule, fact, baseline=baseline), unit_note(rule, fact)
    if value is None:
        value, note = by_common_limits(rule, fact, seen)
    if value is None:
        value, note = by_words(rule, fact, seen)
    meets = all_((value, _stated(circumstances(rule), fact, seen)))
    return Result(fact, counts, meets, None if meets is None else note)


def read_about(rule: Predicate, seen: Seen) -> About:
    """Return the results of the variable that a rule sets a limit on; its window and qualifiers do not matter."""
    concept = rule.concept
    if concept is None:
        return About(())

    def measures(fact: Fact) -> bool:
        stated = fact.kind == "measurement" and fact.assertion in ("present", "historical")
        return stated and seen.names.measures(fact, concept)

    about = list(seen.speaking(("results", concept.name, frozenset(concept.codes.items())), measures, concept))
    baselines = [fact for fact in about if "baseline" in map(normal, fact.qualifier)]
    baseline = baselines[0] if len(baselines) == 1 else None
    if rule.relative_to == "baseline":
        about = [fact for fact in about if fact not in baselines]
    return About(tuple(about), baseline)


def _counted(
    rule: Predicate, facts: Sequence[Fact], lies: Sequence[bool | None], seen: Seen
) -> list[tuple[Fact, bool | None]]:
    """
    Return of results whether they count: lie in the window, and are of the kind that is asked for.

    Fasting and at rest are kinds; that a result is the latest is none.
    """
    asked = {normal(one) for one in rule.qualifier} - LATEST - circumstances(rule)
    return [(fact, all_((_stated(asked, fact, seen), lie))) for fact, lie in zip(facts, lies, strict=True)]


def circumstances(rule: Predicate) -> set[str]:
    """Return the qualifiers that say under what the limit must be met: a value that does not meet it needs none."""
    return {normal(one) for one in rule.qualifier if normal(one).startswith(DESPITE)}


def _stated(asked: set[str], fact: Fact, seen: Seen) -> bool | None:
    answers = [seen.names.states(one, fact.qualifier, fact.name) for one in sorted(asked)]
    return True if all(one is True for one in answers) else None


def _decided(rule: Predicate, results: Sequence[Result], seen: Seen) -> tuple[bool | None, Sequence[Result]]:
    """Return the answer and the results that decided it, or that leave it open."""
    sure = [one for one in results if one.counts is True]
    if not sure:
        return None, results
    if rule.which == "any":
        return _known(any_((*(one.meets for one in sure), *_unseen(results, seen))), results)
    if rule.which == "all":
        return _known(all_((*(one.meets for one in sure), *_unseen(results, seen))), results)
    if rule.which == "worst":
        # Whether the worst is the highest or the lowest depends on the variable; where all agree it does not matter.
        return agreed(one.meets for one in results), results
    newest = _newest([one.fact for one in sure], seen)
    latest = [one for one in results if _may_be_latest(one.fact, newest, seen)]
    return agreed(one.meets for one in latest), latest


def _known(holds: bool | None, results: Sequence[Result]) -> tuple[bool | None, Sequence[Result]]:
    deciding = [one for one in results if one.counts is True and one.meets is holds]
    return holds, deciding or results


def _unseen(results: Sequence[Result], seen: Seen) -> list[bool | None]:
    """Return an unknown where the record may lack results, or one of its own may count."""
    return [] if "measurement" in seen.complete and all(one.counts is True for one in results) else [None]


def _newest(sure: Sequence[Fact], seen: Seen) -> int:
    """Return the minute from which on one of the results was for certain."""
    return max(seen.times(fact, by_clock=True).start.first for fact in sure)


def _may_be_latest(fact: Fact, newest: int, seen: Seen) -> bool:
    return seen.times(fact, by_clock=True).start.last >= newest


def _settle(rule: Predicate, results: Sequence[Result], deciding: Sequence[Result]) -> str:
    """Return what would settle an unknown: what is amiss, and the result that is needed."""
    wanted = f"a result{_in_unit(rule)}{describe_window(rule.window)} would settle it"
    if not results:
        within = " in its window" if rule.window is not None else ""
        return f"no {rule.name}{within} in this record: {wanted}"
    lacking = dict.fromkeys(why_not(rule, one.fact) for one in deciding if one.meets is None)
    if lacking:
        return f"{', '.join(lacking)}: {wanted}"
    if all(one.counts is None for one in results):
        asked = ", ".join(rule.qualifier)
        doubt = f"it is not stated that {rule.name} is {asked}" if asked else f"when {rule.name} was measured"
        return f"{doubt}: {wanted}"
    return f"the results of {rule.name} differ; which one counts: {rule.which or 'latest'}"


def _in_unit(rule: Predicate) -> str:
    if rule.relative_to is not None:
        return " with the laboratory's range" if rule.relative_to != "baseline" else " and one at baseline"
    return "" if rule.unit is None else f" in {describe_unit(rule.unit)}"
