"""
A study's plain view: what somebody who might join asks first, in the record's own sentences.

Nothing here is rewritten. Sentences are taken whole, by rules that ``docs/explanation/plain-language.md`` gives, and
each keeps where it stands, so that a page can show it in its place. What the record's fields say (chance, masking,
placebo) is said in our words, which are the same for every study.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from equipoise.find.advice import not_said_elsewhere
from equipoise.find.advice_record import Advice
from equipoise.find.contacts import ContactLine, SiteCard
from equipoise.find.criteria import CriteriaView
from equipoise.find.facts import Word, date_words, word
from equipoise.find.grade import Reading
from equipoise.find.markup import plain
from equipoise.find.page import Places, StudyPage, Who
from equipoise.find.sentences import sentences
from equipoise.find.status import StatusView
from equipoise.records.study import Arm, Demonstration, Study
from equipoise.rules.nodes import Span

_MOST_SENTENCES = 3
_MOST_WORDS = 110
_MOST_OUTCOMES = 3
_MOST_SITES = 5

# How a record says what it is for.
_PURPOSE = re.compile(
    r"\b(?:aims?|aimed|purpose|goal|objectives?|main question|learn|find out|seeks?)\b"
    r"|\b(?:stud(?:y|ies)|trial|research|project|investigators?|researchers?)\b.{0,60}\b(?:test|compare|evaluate|assess|determine|investigate"
    r"|examine|explore|measure|describe|look)\w*"
    r"|^To (?:test|compare|evaluate|assess|determine|investigate|examine|explore|measure|describe|study)\b",
    re.IGNORECASE,
)


class Said(msgspec.Struct, frozen=True):
    """
    A sentence of the record: ``text[start:end]`` of the plain text of a field.

    ``section`` is the anchor of the place on the study's page that shows the field, ``label`` its name there.
    """

    section: str
    label: str
    text: str
    start: int
    end: int

    @property
    def words(self) -> str:
        """The sentence."""
        return self.text[self.start : self.end]

    @property
    def before(self) -> str:
        """What stands before it in its paragraph."""
        return self.text[self.text.rfind("\n", 0, self.start) + 1 : self.start]

    @property
    def after(self) -> str:
        """What stands after it in its paragraph."""
        end = self.text.find("\n", self.end)
        return self.text[self.end : end if end >= 0 else len(self.text)]


class Group(msgspec.Struct, frozen=True):
    """A group of the study: its name and kind, what it is given, and what the record says of it."""

    label: str
    kind: Word | None
    given: tuple[str, ...]
    said: tuple[Said, ...]


class Call(msgspec.Struct, frozen=True):
    """Whom to call: a site and its people, or the study's own contacts (``site`` is None)."""

    site: SiteCard | None
    people: tuple[ContactLine, ...]


class PlainView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a study's plain view shows."""

    number: str
    title: str
    demonstration: Demonstration | None
    status: StatusView
    who: Who
    runs: str
    measured: tuple[str, ...]
    takes: str | None
    places: Places
    overview: tuple[Said, ...]
    outcomes: tuple[Said, ...]
    design: tuple[str, ...]
    groups: tuple[Group, ...]
    criteria: CriteriaView
    calls: tuple[Call, ...]
    more_open: int
    advice: tuple[Advice, ...]
    grade: Reading | None

    @property
    def questions(self) -> tuple[Advice, ...]:
        """What the view asks of the record; faults of criteria are not shown beside them here."""
        return not_said_elsewhere(self.advice, criteria=False)


def plain_view(page: StudyPage, study: Study) -> PlainView:
    """Return the plain view of a study, from its page."""
    open_sites = [site for site in page.people.sites if site.open]
    calls = _calls(page, open_sites)
    return PlainView(
        number=page.number,
        title=page.title,
        demonstration=page.demonstration,
        status=page.status,
        who=page.who,
        runs=_runs(study),
        measured=tuple(dict.fromkeys(one.time_frame for one in study.outcomes.primary_outcomes if one.time_frame)),
        takes=study.design.target_duration,
        places=page.places,
        overview=_overview(study),
        outcomes=_outcomes(study),
        design=tuple(describe_design(study)),
        groups=tuple(_group(arm, study) for arm in study.arms),
        criteria=page.criteria,
        calls=calls,
        more_open=len(open_sites) - sum(one.site is not None for one in calls),
        advice=page.advice,
        grade=page.grade,
    )


def _runs(study: Study) -> str:
    start = date_words(study.status.start_date_struct, "StartDateType")
    end = date_words(study.status.completion_date_struct, "CompletionDateType")
    if start and end:
        return f"The study runs from {start} to {end}"
    if start or end:
        return f"The study begins on {start}" if start else f"The study ends on {end}"
    return "The record gives no dates"


def chosen(text: str) -> tuple[Span, ...]:
    """
    Return the sentences of a text that tell best what it is about, in the order of the text.

    The first that states a purpose is one of them, else the first; then come those from the beginning, three in all
    and so many that they have no more than 110 words. A line without an end mark and of fewer than six words is a
    heading and none of them.

    >>> text = "Background: Colds are common. Many people get them. Tea is cheap. This study tests tea."
    >>> [text[start:end] for start, end in chosen(text)]
    ['Background: Colds are common.', 'Many people get them.', 'This study tests tea.']
    """
    spans = [(a, b) for a, b in sentences(text) if text[b - 1] in ".!?" or len(text[a:b].split()) >= 6]
    if not spans:
        return ()
    first = next((one for one in spans if _PURPOSE.search(text[slice(*one)])), spans[0])
    kept, words = {first}, len(text[slice(*first)].split())
    for one in spans:
        words += len(text[slice(*one)].split()) if one not in kept else 0
        if len(kept) == _MOST_SENTENCES or words > _MOST_WORDS:
            break
        kept.add(one)
    return tuple(sorted(kept))


def _overview(study: Study) -> tuple[Said, ...]:
    """Return sentences of the summary, or of the description where there is no summary."""
    for label, markup in (("Summary", study.summary), ("Detailed description", study.description)):
        text = plain(markup or "")
        found = tuple(Said("about", label, text, *span) for span in chosen(text))
        if found:
            return found
    return ()


def _outcomes(study: Study) -> tuple[Said, ...]:
    names = [one.measure for one in study.outcomes.primary_outcomes if one.measure]
    return tuple(Said("outcomes", "Primary outcome", one, 0, len(one)) for one in names[:_MOST_OUTCOMES])


def _group(arm: Arm, study: Study) -> Group:
    text = plain(arm.description or "")
    said = tuple(Said("arms", "Arms and interventions", text, *span) for span in sentences(text)[:2])
    given = [one.name for one in study.interventions if one.name and arm.label in one.arm_group_labels]
    listed = [name.partition(": ")[2] or name for name in arm.intervention_names]
    return Group(
        arm.label or "Unnamed group", word("ArmGroupType", arm.type), tuple(dict.fromkeys(listed or given)), said
    )


_ALLOCATION = {
    "RANDOMIZED": "Chance decides which group a person is in. Neither you nor your doctor can choose.",
    "NON_RANDOMIZED": "Chance does not decide which group a person is in.",
}
_MODEL = {
    "CROSSOVER": "Everybody gets each treatment, one after the other.",
    "SINGLE_GROUP": "Everybody in the study gets the same.",
    "FACTORIAL": "Treatments are tested alone and together.",
    "SEQUENTIAL": "Groups begin one after another; what is learned from one can change the next.",
}


def describe_design(study: Study) -> Iterator[str]:
    """Yield what the record's fields of design mean for somebody who joins, a sentence each."""
    info = study.design.design_info
    if study.design.study_type == "OBSERVATIONAL":
        yield "This study watches and records. It does not decide which treatment anybody gets."
    if study.design.study_type == "EXPANDED_ACCESS":
        yield "This is no study: it is a way to get a treatment that is not approved yet."
    if info.allocation in _ALLOCATION and len(study.arms) != 1:
        yield _ALLOCATION[info.allocation]
    if info.intervention_model in _MODEL and not (info.intervention_model == "SINGLE_GROUP" and len(study.arms) > 1):
        yield _MODEL[info.intervention_model]
    kinds = {arm.type for arm in study.arms}
    if "PLACEBO_COMPARATOR" in kinds:
        yield "The record lists a placebo group: its people get something without the active treatment in it."
    if "SHAM_COMPARATOR" in kinds:
        yield "The record lists a sham group: its people get something that is made to look like the treatment."
    if "NO_INTERVENTION" in kinds:
        yield "One group gets nothing from the study beyond what it would get anyway."
    yield from _masking(info.masking_info.masking, info.masking_info.who_masked)


def _masking(masking: str | None, masked: Sequence[str]) -> Iterator[str]:
    if masking == "NONE":
        yield "Everybody knows which treatment is given."
    elif "PARTICIPANT" in masked:
        yield "You would not know which treatment you get while the study goes on."
    elif masked:
        yield "You would know which treatment you get; some of those who run the study would not."


def _calls(page: StudyPage, open_sites: Sequence[SiteCard]) -> tuple[Call, ...]:
    """Return open sites that name somebody who can be reached, else the contacts of the whole study."""
    found = []
    for site in open_sites:
        people = tuple(line for line in site.contacts if line.phone or line.mail)
        if people:
            found.append(Call(site, people))
    central = tuple(line for line in page.people.contacts if line.phone or line.mail)
    calls = found[:_MOST_SITES]
    return (*([Call(None, central)] if central else []), *calls)
