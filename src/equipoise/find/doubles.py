"""Tell whether two contacts are probably one person; in doubt they are two."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

import msgspec


def letters(text: str) -> str:
    """Return *text* in lower case, without accents."""
    if text.isascii():
        return text.casefold()
    marks = unicodedata.normalize("NFKD", text)
    return "".join(mark for mark in marks if not unicodedata.combining(mark)).casefold()


# Degrees and titles that stand in names, but not those that are surnames too (Ma, Do, Ba).
_TITLE = re.compile("dr|prof|professor|doctor|md|phd|mph|msc|bsc|bsn|rn|mbbs|mba|pharmd|mr|mrs|ms|pi")
# Words of a desk, and any digit: "Study Coordinator" at two sites is two people.
_DESK = re.compile(
    r"[0-9]|\b(?:investigators?|coordinator|stud(?:y|ies)|trials?|clinical|research|site|cent(?:er|re)|office"
    r"|call|contact|info(?:rmation)?|manager|director|team|department|unit|support|desk|sponsor|program"
    r"|recruit(?:ing|ment)|hotline|referral|hospital|clinic|university|institute|pharma|patients?|medical"
    r"|line|services?|navigat(?:or|ion)|group)\b"
)


class Person(msgspec.Struct, frozen=True):
    """A contact as it is compared with others; ``words`` are those of the name, without titles."""

    name: str | None
    words: tuple[str, ...]
    phone: str | None
    mail: str | None
    place: int | None
    where: str

    @property
    def shared(self) -> list[str]:
        """What another contact of the same person has one of."""
        return [*self.words, *_initialled(self.words), *filter(None, (self.phone, self.mail))]


def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a person's name, without titles; none for a desk."""
    plain = re.sub(r"[.'\u2019]", "", letters(name))
    if _DESK.search(plain):
        return ()
    head = re.findall(r"[^\W\d_]+", plain.partition(",")[0])
    words = head if len(head) > 1 else re.findall(r"[^\W\d_]+", plain)
    kept = tuple(word for word in words if not _TITLE.fullmatch(word))
    full = tuple(word for word in kept if len(word) > 1)
    return full if len(full) > 1 else kept


def _initialled(words: tuple[str, ...]) -> set[str]:
    """Return "mqingbian" for Qingbian Ma: an initial run into the other name."""
    forms = [words[0][0] + words[1], words[1][0] + words[0]] if len(words) == 2 else []
    return {form for form in forms if len(form) >= 6}


def same_person(one: Person, other: Person) -> bool:
    """Return whether two contacts are probably one person."""
    if (one.phone and one.phone == other.phone) or (one.mail and one.mail == other.mail):
        return _near(one.words, other.words) or _alike("".join(one.words), "".join(other.words))
    # Two people of one name at two places, with nothing shared, may well be two people.
    together = None in (one.place, other.place) or one.place == other.place
    return together and _near(one.words, other.words)


def _near(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether two names are equal, up to order, an initial or one misspelt word."""
    turned = {"".join(one[at:] + one[:at]) for at in range(len(one))}
    whole = "".join(other)
    if whole in turned and len(whole) > 4:
        return True
    if len(one) == 1 or len(other) == 1:
        return bool(_initialled(other) & turned) or whole in _initialled(one)
    here, there = set(one) - set(other), set(other) - set(one)
    return len(one) == len(other) and len(here) == len(there) == 1 and _alike(here.pop(), there.pop())


def _alike(one: str, other: str) -> bool:
    long = min(len(one), len(other)) >= 6 and one[0] == other[0]
    return long and SequenceMatcher(None, one, other, autojunk=False).ratio() >= 0.85
