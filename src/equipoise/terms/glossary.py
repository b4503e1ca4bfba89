"""
The words that readers may not know, explained in plain English, from ``terms/data/glossary.tsv``.

``forms`` are the ways in which a text writes the word, with ``|`` between them; a form with capitals inside
is met letter for letter: *EGFR* is a gene, *eGFR* a test of the kidneys. ``near`` are words beside which it means
something else: a lung's *compliance* is not a patient's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from equipoise.terms.tables import read_table

# The groups of the glossary, in the order in which its page has them.
GROUPS = {
    "design": "How a study is built",
    "status": "Whether a study takes people",
    "joining": "Who can join",
    "tests": "Tests, scores and measures",
    "care": "Treatment and medicine",
    "safety": "Safety and oversight",
    "results": "Results and figures",
    "record": "The record and its numbers",
    "section": "Parts of a study’s page",
}

# Where an explanation can be checked. The words of ours are our own.
SOURCES = {
    "CTG": ("ClinicalTrials.gov, glossary", "https://clinicaltrials.gov/study-basics/glossary"),
    "DATA": ("ClinicalTrials.gov, data definitions", "https://clinicaltrials.gov/policy/protocol-definitions"),
    "NCI": ("NCI Dictionary of Cancer Terms", "https://www.cancer.gov/publications/dictionaries/cancer-terms"),
    "LAB": ("MedlinePlus, medical tests", "https://medlineplus.gov/lab-tests/"),
    "MED": ("MedlinePlus, health topics", "https://medlineplus.gov/healthtopics.html"),
    "ICH": ("ICH guideline E6, good clinical practice", "https://www.ich.org/page/efficacy-guidelines"),
    "FDA": ("FDA, learn about drug and device approvals", "https://www.fda.gov/patients"),
}


class Entry(msgspec.Struct, frozen=True):
    """One word of the glossary. ``id`` is its anchor on the glossary's page."""

    id: str
    term: str
    forms: tuple[str, ...]
    near: frozenset[str]
    group: str
    text: str
    source: str


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


@cache
def entries() -> tuple[Entry, ...]:
    """Return the glossary, in the table's order."""
    return tuple(
        Entry(
            id=_slug(row["term"]) if row["group"] != "section" else f"section-{_slug(row['term'])}",
            term=row["term"],
            forms=tuple(form for form in row["forms"].split("|") if form),
            near=frozenset(row["near"].split()),
            group=row["group"],
            text=row["text"],
            source=row["source"],
        )
        for row in read_table("glossary")
    )


@cache
def headings() -> dict[str, Entry]:
    """Return the entries that explain a heading of a page, by its words."""
    return {form: one for one in entries() if one.group == "section" for form in (one.term, *one.forms)}


class _Form(msgspec.Struct, frozen=True):
    """A form as its words; ``exact`` is the form itself where its capitals must be met too."""

    words: tuple[str, ...]
    exact: str
    entry: Entry


_WORD = re.compile(r"[^\W_]+")
_NEXT = re.compile(r"(?:[ \-‐‑–]|\s+)([^\W_]+)")  # what may stand between the words of one form, and the next
_BEFORE = re.compile(r"([^\W_]+)[\W_]*\Z")
_AFTER = re.compile(r"[\W_]*([^\W_]+)")


@cache
def _forms() -> dict[str, tuple[_Form, ...]]:
    """Return the forms by their first word in lower case, the longest first; one word has its plural, too."""
    found: dict[str, list[_Form]] = {}
    for one in entries():
        if one.group == "section":
            continue
        for written in dict.fromkeys((one.term, *one.forms)):
            words = _WORD.findall(written)
            exact = written if len(words) == 1 and written[1:] != written[1:].lower() else ""
            form = _Form(tuple(word.lower() for word in words), exact, one)
            firsts = {form.words[0], f"{form.words[0]}s"} if len(words) == 1 else {form.words[0]}
            for first in firsts:
                found.setdefault(first, []).append(form)
    return {first: tuple(sorted(forms, key=lambda form: -len(form.words))) for first, forms in found.items()}


class Found(msgspec.Struct, frozen=True):
    """Where a text has a word of the glossary."""

    start: int
    end: int
    entry: Entry


def find_terms(text: str) -> Iterator[Found]:
    """Yield the words of *text* that the glossary explains, the longest where several begin at one place.

    >>> [one.entry.term for one in find_terms("A double-blind trial; eGFR at baseline")]
    ['Double-blind', 'eGFR', 'Baseline']
    """
    forms = _forms()
    # Most texts are short and have none: that is told at once.
    if forms.keys().isdisjoint(_WORD.findall(text.lower())):
        return
    done = 0
    for word in _WORD.finditer(text):
        known = forms.get(word[0].lower())
        if known is None or word.start() < done:
            continue
        for form in known:
            end = _end(form, text, word)
            if end and not _is_near(form.entry, text, word.start(), end):
                done = end
                yield Found(word.start(), end, form.entry)
                break


def _end(form: _Form, text: str, first: re.Match[str]) -> int:
    """Return where a form ends whose first word stands in the text, or 0 where another word follows."""
    if form.exact:
        return first.end() if first[0] in (form.exact, f"{form.exact}s") else 0
    end, last = first.end(), len(form.words) - 1
    for place, wanted in enumerate(form.words[1:], 1):
        found = _NEXT.match(text, end)
        if found is None:
            return 0
        said = found[1].lower()
        if said != wanted and not (place == last and said == f"{wanted}s"):
            return 0
        end = found.end()
    return end


def _is_near(entry: Entry, text: str, start: int, end: int) -> bool:
    """Return whether a word stands beside which it means something else."""
    if not entry.near:
        return False
    beside = (_BEFORE.search(text, max(0, start - 40), start), _AFTER.match(text, end))
    return any(found is not None and found[1].lower() in entry.near for found in beside)
