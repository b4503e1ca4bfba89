"""
Smoking, alcohol and drugs of abuse: now, once, or never.

``habit = "smokes" | "former smoker" | "non-smoker" | "drinks alcohol" | "illicit drugs" …``, with what is said of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from equipoise.notes.drafts import Draft
from equipoise.notes.mentions import ONGOING
from equipoise.notes.reading import Reading
from equipoise.records.patient import Assertion


class Habit(msgspec.Struct, frozen=True):
    """A habit: the names of its facts, its words, and the words that are firm of now, of once and of never."""

    names: tuple[str, ...]
    words: re.Pattern[str]
    now: re.Pattern[str]
    once: re.Pattern[str]
    never: re.Pattern[str]


def _habit(names: tuple[str, ...], words: str, *, now: str, once: str, never: str) -> Habit:
    made = [re.compile(rf"(?<![\w-])(?:{one})(?![\w-])", re.IGNORECASE) for one in (words, now, once, never)]
    return Habit(names, *made)


_HABITS = (
    _habit(
        ("smoking",),
        r"smok(?:es?|ing|er|ed|ers)|tobacco(?: use| abuse| products)?|cigarettes?",
        now=(
            r"(?:currently |still |who )?smokes|(?:current|active|heavy|chronic) (?:\w+ )?smoker|"
            r"is a (?:\w+ )?smoker|smoker,? \(?(?:of )?\d|(?:trying|tried|wants|plans|wishes) to quit|"
            r"(?:has|have|been) (?:been )?smok(?:ed|ing)(?! (?:cessation|history))|"
            r"continues to smoke|current(?:ly)? smok(?:ing|es)|smokes? (?:\d|one|two|half)|(?:active|current|"
            r"ongoing) tobacco (?:use|abuse)"
        ),
        once=(
            r"(?:former|ex|previous|past|prior)[ -](?:\w+ )?smoker|(?<!to )quit(?: smoking)?"
            r"(?! (?:drinking|alcohol|etoh|drugs|using))|(?:stopped|gave up|given up|ceased) (?:smoking|cigarettes|"
            r"tobacco)|"
            r"used to smoke|smoker until|smoker \(?(?:quit|stopped)|"
            r"smoked|smoking history|history of (?:\w+ )*(?:smoking|tobacco)(?: use| abuse)?|heavy smoking|"
            r"remote (?:tobacco|smoking)"
        ),
        never=r"never[ -](?:a )?smok(?:er|ed)|lifelong non-?\s?smoker|non-?\s?smoker|non-?smoking|never used tobacco",
    ),
    _habit(
        ("alcohol consumption",),
        r"(?:drinks?|drinking|consumes?|uses?) (?:any )?(?:alcohol|etoh)|alcohol(?: use| consumption|"
        r" intake)?(?! (?:abuse|dependen|withdraw|level|swab))|etoh(?: use)?|drinks?(?= (?:occasionally|socially|"
        r"heavily|frequently|\d|around|about|a beer))|social drinker",
        now=(
            r"(?:drinks|consumes|uses) (?:alcohol|etoh|\d|around|about|a beer|occasionally|socially|heavily)|"
            r"(?:social|occasional|heavy) (?:alcohol )?(?:drinker|consumer|use)|alcohol (?:use )?"
            r"(?:occasionally|socially|consumption of)|smokes and drinks|drinks? a beer|occasional alcohol"
        ),
        once=(
            r"(?:off|quit|stopped) (?:alcohol|etoh|drinking)|former (?:\w+ )?drinker|used to drink|"
            r"history of (?:\w+ )*(?:alcohol|etoh|drinking)(?! (?:withdraw|level))"
        ),
        never=r"never drank|teetotal\w*|non-?drinker",
    ),
    _habit(
        ("illicit drug use", "drug use"),
        r"(?:illicit|recreational|street|iv|intravenous|illegal) drugs?(?: use| abuse)?|drug use|"
        r"substance (?:use|abuse)|ivdu|illicits",
        now=(
            r"(?:uses|using|active|current) (?:illicit|recreational|iv|intravenous) drugs?(?: use)?|(?:active|"
            r"current) (?:ivdu|substance (?:use|abuse))"
        ),
        once=(
            r"(?:former|prior|past|previous|history of|h/o) (?:\w+ )?(?:ivdu|iv drug use|drug use|drug abuse|"
            r"substance (?:use|abuse))"
        ),
        never=r"never used (?:illicit |recreational )?drugs",
    ),
)
_TOPIC = re.compile(
    r"^\s*(?:cessation|counsel|clinic|program)|^\s+(?:in|from) (?:his|her|the) (?:father|mother|husband|wife)",
    re.IGNORECASE,
)
_LAX = re.compile(
    r"\b(?:is|was|been|remains) not (?:\w+ )?(?:compliant|adherent)\b|\bnon-?\s?(?:compliant|adherent)\b|"
    r"\b(?:medication|med|drug|treatment) non-?\s?(?:compliance|adherence)\b|\bpoor (?:compliance|adherence)\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:secondhand|passive|second-hand|(?:husband|wife|father|mother|parents?|partner|"
    r"roommate)(?:'s)?\s+(?:also\s+)?(?:smokes|smoked|drinks|is a smoker))\b",
    re.IGNORECASE,
)


def read_habits(reading: Reading) -> Iterator[Draft]:
    """Yield what a sentence says of each habit that it names, and that the patient does not follow advice."""
    lax = _LAX.search(reading.text)
    if lax is not None and reading.section != "family":
        reading.take(reading.outside(*lax.span()))
        yield Draft(kind="condition", name="nonadherence", span=reading.outside(*lax.span()))
    if _OTHERS.search(reading.text) or reading.section == "family":
        for habit in _HABITS:
            for word in habit.words.finditer(reading.text):
                reading.take(reading.outside(*word.span()))
        return
    spots = sorted(one.span() for habit in _HABITS for one in habit.words.finditer(reading.text))
    reading.sayings.names = sorted({*reading.sayings.names, *spots})
    for habit in _HABITS:
        found = _told(reading, habit)
        if found is None:
            continue
        assertion, span, ever = found
        reading.take(reading.outside(*span))
        qualifier = ONGOING if assertion == "present" else ("history",) if ever else ()
        for name in habit.names:
            yield Draft(
                kind="condition", name=name, span=reading.outside(*span), assertion=assertion, qualifier=qualifier
            )


def _told(reading: Reading, habit: Habit) -> tuple[Assertion, tuple[int, int], bool] | None:
    never = habit.never.search(reading.text)
    if never is not None:
        return "absent", never.span(), "non" not in never[0].lower() or "lifelong" in never[0].lower()
    for word in habit.words.finditer(reading.text):
        if _TOPIC.match(reading.text[word.end() :]):
            continue
        said = reading.sayings.of(*word.span())
        denied = re.search(r"(?:n't|not|wont|won't) (?:currently )?$", reading.text[: word.start()], re.IGNORECASE)
        if said.assertion == "absent" or denied:
            return "absent", word.span(), said.ever
        if said.assertion is None:
            return None
    once, now = habit.once.search(reading.text), habit.now.search(reading.text)
    if once is not None and (now is None or once.start() <= now.start()):
        return "historical", once.span(), False
    return None if now is None else ("present", now.span(), False)
