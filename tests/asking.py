"""
Generated searches, each with what plain Python says of a document: a slow evaluator that shares nothing with the
engine but how a text becomes words.

A question is its text in the registry's language and a test of a published document.
"""

from __future__ import annotations

import calendar
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from equipoise.store.index import words
from equipoise.terms.areas import areas
from equipoise.terms.countries import country_name
from equipoise.terms.enums import enumerations
from equipoise.terms.fields import Field, field, fields

Document = dict[str, Any]
Test = Callable[[Document], bool]


@dataclass
class Question:
    """A search, and of which documents it holds."""

    text: str
    holds: Test


def values(inside: Any, path: str) -> list[Any]:
    """Return all that lies at a path."""
    found = [inside]
    for name in path.split("."):
        found = [one[name] for one in found if isinstance(one, dict) and name in one]
        found = [one for part in found for one in (part if isinstance(part, list) else [part])]
    return [one for one in found if one is not None]


def says(value: Any) -> bool:
    """Return whether something is stated: a text that is not empty, a number, or an object with something in it."""
    if isinstance(value, dict):
        return any(says(one) for one in value.values())
    if isinstance(value, list):
        return any(says(one) for one in value)
    return value is not None and (not isinstance(value, str) or bool(value.strip()))


def texts(inside: Any, piece: str, path: str | None = None) -> list[str]:
    """Return the texts of a field; countries under the name of today too."""
    found = [str(value) for value in values(inside, path or field(piece).path)]
    return found + [country_name(one) for one in found] if piece == "LocationCountry" else found


@cache
def stems(text: str) -> str:
    """Return the words of a text as one string with a space around each."""
    return f" {' '.join(words(text))} "


def has(text: str, term: str) -> bool:
    return f" {stems(term).strip()} " in stems(text)


def is_searched(one: Field) -> bool:
    return (
        one.kind in ("text", "markup")
        and not one.is_enum
        and one.type.removesuffix("[]") in ("text", "markup", "GeoName")
    )


# Figures are read one by one, and ids are often one letter: neither is what words are looked for in.
FIELDS = [
    one.piece
    for one in fields()
    if is_searched(one) and not re.search(r"(Value|Spread|Limit|Id|Num\w+|Link|Type)$", one.piece)
]
ENUMS = [
    "OverallStatus",
    "Phase",
    "Sex",
    "StdAge",
    "StudyType",
    "DesignAllocation",
    "InterventionType",
    "LeadSponsorClass",
]
ENUMS += ["DesignMasking", "LocationStatus", "ReferenceType", "StartDateType", "OutcomeMeasureType", "EnrollmentType"]
FLAGS = ["HealthyVolunteers", "OversightHasDMC", "HasResults", "IsFDARegulatedDrug"]
DATES = ["StartDate", "CompletionDate", "PrimaryCompletionDate", "LastUpdatePostDate", "StudyFirstSubmitDate"]
DATES += ["ResultsFirstPostDate", "StatusVerifiedDate", "LargeDocDate"]
AGES = ["MinimumAge", "MaximumAge"]
LISTS = ["Location", "Condition", "Intervention", "ArmGroup", "Phase", "StdAge", "LocationCity", "PrimaryOutcome"]
BRANCHES = [
    "ResultsSection",
    "DesignModule",
    "IPDSharingStatementModule",
    "ReferencesModule",
    "StartDateStruct",
    "Location",
]
DAYS = {"year": 365.2425, "month": 365.2425 / 12, "week": 7.0, "day": 1.0, "hour": 1 / 24, "minute": 1 / 1440}


def first_and_last(date: str) -> tuple[str, str]:
    """Return the first and the last day that a date can mean."""
    year, month, day = [*date[:10].split("-"), "", ""][:3]
    last = day or str(calendar.monthrange(int(year), int(month or 12))[1])
    return f"{year}-{month or '01'}-{day or '01'}", f"{year}-{month or '12'}-{last}"


def days(age: str) -> float:
    number, unit = age.split()
    return round(int(number) * DAYS[unit.lower().rstrip("s")], 3)


class Asker:
    """Makes questions of what some documents have."""

    def __init__(self, documents: list[Document], seed: int) -> None:
        self._documents = documents
        self._random = random.Random(seed)

    def _one(self, piece: str, inside: list[Document] | None = None, path: str | None = None) -> str | None:
        """Return a value that some document has in a field."""
        for _ in range(60):
            found = values(self._random.choice(inside or self._documents), path or field(piece).path)
            if found:
                return str(self._random.choice(found))
        return None

    def _term(self, text: str, most: int = 3) -> str | None:
        """Return some words of a text that stand side by side, with nothing but a space between them."""
        runs = re.findall(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*", text)
        runs = [run for run in runs if words(run)]
        if not runs:
            return None
        chosen = self._random.choice(runs).split()
        start = self._random.randrange(len(chosen))
        return " ".join(chosen[start : start + self._random.randint(1, most)])

    def words(self) -> Question | None:
        """Words of one field: side by side, apart, or in some way at a place in it."""
        piece = self._random.choice(FIELDS)
        value = self._one(piece)
        term = self._term(value) if value else None
        if term is None or not stems(term).strip():
            return None
        if re.search(r"\b(AND|OR|NOT|ALL|MISSING)\b", term):
            return self._quoted(f"AREA[{piece}]", term, [piece])
        kind = self._random.choice(
            ["quoted", "Term", "Relaxation", "Lossy", "None", "StartsWith", "EndsWith", "FullMatch"]
        )
        if kind == "quoted":
            return self._quoted(f"AREA[{piece}]", term, [piece])
        if kind in ("Relaxation", "Lossy"):
            some = any if kind == "Lossy" else all
            return Question(
                f"AREA[{piece}]EXPANSION[{kind}]{term}",
                lambda d: some(any(has(text, part) for text in texts(d, piece)) for part in term.split()),
            )
        if kind == "Term":
            return Question(
                f"EXPANSION[Term]AREA[{piece}]({term})", lambda d: any(has(t, term) for t in texts(d, piece))
            )
        if kind == "None":
            exact = re.compile(rf"(?<!\w){re.escape(term)}(?!\w)")
            return Question(
                f"AREA[{piece}]EXPANSION[None]{term}",
                lambda d: any(exact.search(" ".join(text.split())) for text in texts(d, piece)),
            )
        return self._covered(piece, term if kind != "FullMatch" or len(value or "") > 80 else value or term, kind)

    def _quoted(self, before: str, term: str, pieces: list[str]) -> Question:
        return Question(f'{before}"{term}"', lambda d: any(has(t, term) for piece in pieces for t in texts(d, piece)))

    def _covered(self, piece: str, term: str, kind: str) -> Question | None:
        if re.search(r'["\\]', term) or piece in ("LocationCountry", "NCTId") or not stems(term).strip():
            return None  # whole values of countries are compared letter by letter, not by their words
        wanted = stems(term)
        tests: dict[str, Callable[[str], bool]] = {
            "StartsWith": lambda text: stems(text).startswith(wanted),
            "EndsWith": lambda text: stems(text).endswith(wanted),
            "FullMatch": lambda text: stems(text) == wanted,
        }
        return Question(
            f'AREA[{piece}]COVERAGE[{kind}]"{term}"', lambda d: any(tests[kind](text) for text in texts(d, piece))
        )

    def area(self) -> Question | None:
        """A phrase in one of the fields of an area."""
        area = self._random.choice(
            [one for one in areas().values() if one.name not in ("FunderTypeSearch", "ExternalIdTypesSearch")]
        )
        pieces = [piece for part in area.parts if not part.is_enum for piece in part.pieces]
        value = self._one(self._random.choice(pieces))
        term = self._term(value) if value else None
        enums = [piece for part in area.parts if part.is_enum for piece in part.pieces]
        if term is None or not stems(term).strip() or any(has(said, term) for one in enums for said in self._said(one)):
            return None  # an enumeration is searched by the words of its labels, which are not in the document
        return self._quoted(f"AREA[{area.name}]", term, pieces)

    @staticmethod
    def _said(piece: str) -> Iterator[str]:
        for value, known in enumerations()[field(piece).enum or ""].items():
            yield from (value.replace("_", " "), known.label, f"{known.label} {value.replace('_', ' ')}")

    def choice(self) -> Question | None:
        """A value of an enumeration or flag, in one of the ways in which it may be written."""
        if self._random.random() < 0.2:
            piece = self._random.choice(FLAGS)
            wanted = self._random.choice([True, False])
            return Question(f"AREA[{piece}]{str(wanted).lower()}", lambda d: wanted in values(d, field(piece).path))
        piece = self._random.choice(ENUMS)
        value = self._one(piece)
        if value is None:
            return None
        known = enumerations()[field(piece).enum or ""][value]
        written = self._random.choice([value, f'"{known.label}"', f'"{value.lower()}"'])
        return Question(f"AREA[{piece}]{written}", lambda d: value in values(d, field(piece).path))

    def limits(self) -> Question | None:
        """Limits on a date, an age or a number."""
        kind = self._random.choice(["date", "age", "number"])
        if kind == "number":
            ends: list[Any] = sorted(self._random.sample([0, 1, 10, 24, 50, 100, 300, 1000, 10**6], 2))
            path = field("EnrollmentCount").path
            return self._range(
                "EnrollmentCount", ends, lambda d, low, high: any(low <= n <= high for n in values(d, path))
            )
        piece = self._random.choice(DATES if kind == "date" else AGES)
        path = field(piece).path
        two = [self._one(piece), self._one(piece)]
        if None in two:
            return None
        if kind == "age":
            ends = sorted((str(one) for one in two), key=days)
            return self._range(
                piece, ends, lambda d, low, high: any(days(low) <= days(one) <= days(high) for one in values(d, path))
            )
        ends = sorted(str(one)[: self._random.choice([4, 7, 10])] for one in two)
        if first_and_last(ends[0])[0] > first_and_last(ends[1])[1]:
            return None
        return self._range(
            piece,
            ends,
            lambda d, low, high: any(
                first_and_last(low)[0] <= first_and_last(one)[0] <= first_and_last(high)[1] for one in values(d, path)
            ),
        )

    def _range(self, piece: str, ends: list[Any], test: Callable[[Document, Any, Any], bool]) -> Question:
        low, high = ends
        how = self._random.choice(["both", "same", "min", "max"])
        if how == "both":
            return Question(f"AREA[{piece}]RANGE[{low}, {high}]", lambda d: test(d, low, high))
        if how == "same":
            return Question(f"AREA[{piece}]{low}", lambda d: test(d, low, low))
        lowest, highest = {"EnrollmentCount": (-1, 10**12), "MinimumAge": ("0 Days", "999 Years")}.get(
            "MinimumAge" if piece in AGES else piece, ("1000", "9999")
        )
        if how == "min":
            return Question(f"AREA[{piece}]RANGE[MIN, {high}]", lambda d: test(d, lowest, high))
        return Question(f"AREA[{piece}]RANGE[{low}, MAX]", lambda d: test(d, low, highest))

    def missing(self) -> Question:
        """A field or a branch that is not stated."""
        piece = self._random.choice([*FIELDS, *ENUMS, *FLAGS, *DATES, *AGES, *BRANCHES, *BRANCHES])
        path = field(piece).path
        return Question(f"AREA[{piece}]MISSING", lambda d: not any(says(one) for one in values(d, path)))

    def size(self) -> Question:
        """How many values there are."""
        piece, number = self._random.choice(LISTS), self._random.randint(0, 5)
        path = field(piece).path
        if self._random.random() < 0.5:
            return Question(f"AREA[{piece}:size]{number}", lambda d: len(values(d, path)) == number)
        return Question(f"AREA[{piece}:size]RANGE[{number}, MAX]", lambda d: len(values(d, path)) >= number)

    def site(self) -> Question | None:
        """Two or three clauses that hold of one site."""
        sites = [
            site for one in self._random.sample(self._documents, 40) for site in values(one, field("Location").path)
        ]
        clauses = [self._of_site(sites) for _ in range(self._random.randint(1, 3))] if sites else [None]
        if None in clauses:
            return None
        known = [one for one in clauses if one is not None]
        operator = self._random.choice(["AND", "AND", "OR"])
        some = all if operator == "AND" else any
        path = field("Location").path
        return Question(
            f"SEARCH[Location]({f' {operator} '.join(one.text for one in known)})",
            lambda d: any(some(one.holds(site) for one in known) for site in values(d, path)),
        )

    def _of_site(self, sites: list[Document]) -> Question | None:
        piece = self._random.choice(
            [
                "LocationCity",
                "LocationCity",
                "LocationState",
                "LocationCountry",
                "LocationStatus",
                "LocationZip",
                "LocationFacility",
            ]
        )
        below = field(piece).path.removeprefix(field("Location").path + ".")
        value = self._one(piece, sites, below)
        term = self._term(value, 2) if value else None
        if value is None or term is None or not stems(term).strip():
            return None
        if piece == "LocationStatus":
            question = Question(f"AREA[{piece}]{value}", lambda s: s.get(below) == value)
        elif self._random.random() < 0.2:
            question = Question(f"AREA[{piece}]MISSING", lambda s: not says(s.get(below)))
        else:
            question = Question(f'AREA[{piece}]"{term}"', lambda s: any(has(t, term) for t in texts(s, piece, below)))
        return self._not(question) if self._random.random() < 0.3 else question

    @staticmethod
    def _not(question: Question) -> Question:
        return Question(f"NOT {question.text}", lambda d: not question.holds(d))

    def leaf(self) -> Question:
        """Any of these."""
        kinds = [
            self.words,
            self.words,
            self.words,
            self.area,
            self.choice,
            self.limits,
            self.missing,
            self.size,
            self.site,
        ]
        while True:
            question = self._random.choice(kinds)()
            if question is not None:
                return question

    def question(self, depth: int = 2) -> Question:
        """A question of up to so many levels of AND, OR and NOT."""
        draw = self._random.random()
        if depth == 0 or draw < 0.35:
            return self.leaf()
        if draw < 0.5:
            return self._not(self._closed(self.question(depth - 1)))
        parts = [self._closed(self.question(depth - 1)) for _ in range(self._random.randint(2, 3))]
        operator = self._random.choice(["AND", "OR"])
        some = all if operator == "AND" else any
        return Question(f" {operator} ".join(one.text for one in parts), lambda d: some(one.holds(d) for one in parts))

    @staticmethod
    def _closed(question: Question) -> Question:
        return Question(f"({question.text})", question.holds)
