"""
A study, and the works that it names, as others cite them: a line of text, RIS, BibTeX.

What is only the registry's word for it is said: whether a work reports what the study found, was published before the
study began, or was retracted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

import msgspec

from equipoise.find.bibtex import bibtex_entry
from equipoise.find.citations import Citation, read_citations
from equipoise.find.export_csv import PAGE
from equipoise.find.export_ris import TAGS, ris_records
from equipoise.find.works import Author, Work, last_page, read_work
from equipoise.records.dates import PartialDate
from equipoise.records.study import Study

_END = "\r\n"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Demonstration records are nowhere but here.
_REGISTRY_TAGS = frozenset({"DB", "DP", "UR"})

ROLES = {
    "result": "Result of this study",
    "linked": "Linked by the registry, as it names this study",
    "background": "Background",
}


class CiteView(msgspec.Struct, frozen=True):
    """How to cite a study: a line of text, and the address that will stay."""

    text: str
    url: str | None
    references: int


class CitationGroup(msgspec.Struct, frozen=True):
    """Citations of one role."""

    title: str
    citations: tuple[Citation, ...]


def study_url(study: Study) -> str | None:
    """Return the address at which the registry keeps a study; a demonstration record has none."""
    return None if study.demonstration else PAGE.format(study.number)


def cite_view(study: Study, today: date) -> CiteView:
    """Return how a page says to cite a study."""
    return CiteView(cite_study(study, today), study_url(study), len(study.references.references))


def cite_study(study: Study, today: date) -> str:
    """Return the citation of a study as a line of text, in the form that its registry's library asks for.

    >>> print(cite_study(Study(number="NCT01234567", title="Socks for cold feet."), date(2026, 1, 5)))
    Socks for cold feet. ClinicalTrials.gov [Internet]. Bethesda (MD): National Library of Medicine (US); 2000- .
    Identifier NCT01234567 [cited 2026 Jan 5]. Available from: https://clinicaltrials.gov/study/NCT01234567
    """
    title = (study.title or study.official_title or study.number).strip().rstrip(".")
    who = f"{study.lead_sponsor.name.rstrip('.')}. " if study.lead_sponsor and study.lead_sponsor.name else ""
    posted, updated = study.status.study_first_post_date_struct.date, study.updated
    dates = f"; first posted {_day(posted)}" if posted else ""
    dates += f"; updated {_day(updated)}" if updated else ""
    if study.demonstration:
        return f"{who}{title}. Demonstration record of Equipoise, not a registered study: {study.number}{dates}."
    return (
        f"{who}{title}. ClinicalTrials.gov [Internet]. Bethesda (MD): National Library of Medicine (US); 2000- . "
        f"Identifier {study.number}{dates} [cited {_day(PartialDate(today.isoformat()))}]. "
        f"Available from: {PAGE.format(study.number)}"
    )


def _day(day: PartialDate) -> str:
    """Return a date as NLM writes it: ``2026 Jan 5``."""
    parts = [str(day.year)]
    parts += [_MONTHS[day.month - 1].capitalize()] if day.month else []
    return " ".join([*parts, *([str(day.day)] if day.day else [])])


def study_ris(study: Study) -> str:
    """Return a study as RIS."""
    demonstration = study.demonstration
    text = "".join(ris_records([study], [tag for tag in TAGS if not (demonstration and tag in _REGISTRY_TAGS)]))
    if demonstration:
        text = text.replace("ER  - ", f"N1  - {' '.join(demonstration.notice.split())}{_END}ER  - ")
    return text


def study_bibtex(study: Study, today: date) -> str:
    """Return a study as a BibTeX entry."""
    posted = study.status.study_first_post_date_struct.date or study.status.start_date_struct.date
    updated = f"; updated {study.updated.words()}" if study.updated else ""
    url, demonstration = study_url(study), study.demonstration
    lead = study.lead_sponsor.name if study.lead_sponsor else None
    fields: dict[str, str | list[Author]] = {
        "author": [Author(lead)] if lead else [],
        "title": study.title or study.official_title or study.number,
        "year": str(posted.year) if posted else "",
        "month": _MONTHS[posted.month - 1] if posted and posted.month else "",
        "howpublished": "Demonstration record of Equipoise" if demonstration else "ClinicalTrials.gov",
        "note": demonstration.notice if demonstration else f"Identifier {study.number}{updated}",
        "url": url or "",
        "urldate": today.isoformat() if url else "",
    }
    return bibtex_entry("misc", study.number, fields)


def group_citations(citations: Iterable[Citation]) -> tuple[CitationGroup, ...]:
    """Return citations by role: what the study found stands apart from what came before it."""
    titles = {
        "result": "Results of this study",
        "linked": "Linked by the registry, as they name this study",
        "background": "Background",
    }
    several = tuple(citations)
    groups = (CitationGroup(title, tuple(c for c in several if c.role == role)) for role, title in titles.items())
    return tuple(group for group in groups if group.citations)


def _notes(citation: Citation, study: Study) -> list[str]:
    said = [ROLES[citation.role] if citation.role != "result" else f"{ROLES['result']}, {study.number}"]
    return [*said, *([citation.advisory] if citation.advisory else []), *(one.words for one in citation.retractions)]


def references_ris(study: Study) -> str:
    """Return the works that a study names as RIS, its own results first."""
    return "".join(_END.join([*_ris(one, study), ""]) for one in read_citations(study))


def _ris(citation: Citation, study: Study) -> Iterator[str]:
    work = read_work(citation.text)
    pairs: list[tuple[str, str]] = [("TY", "JOUR" if work else "GEN")]
    pairs += _ris_work(work) if work else [("TI", citation.text)]
    if work is None and citation.year:
        pairs.append(("PY", str(citation.year)))
    pairs += [("DO", doi.text) for doi in citation.dois[:1]]
    pairs += [("AN", citation.pmid)] if citation.pmid else []
    pairs += [("UR", one) for one in (citation.pubmed_url, *(doi.url for doi in citation.dois[:1])) if one]
    pairs += [("KW", ROLES[citation.role])]
    pairs += [("N1", note) for note in _notes(citation, study)]
    yield from (f"{tag}  - {line}" for tag, text in pairs if (line := " ".join(text.split())))
    yield "ER  - "


def _ris_work(work: Work) -> list[tuple[str, str]]:
    first, last = last_page(work.pages)
    day = "/".join([f"{work.year}", *(f"{part:02d}" if part else "" for part in (work.month, work.day))]) + "/"
    return [
        *(("AU", name_of(author)) for author in work.authors),
        ("TI", work.title),
        ("JO", work.journal),
        ("PY", str(work.year)),
        ("DA", day),
        ("VL", work.volume),
        ("IS", work.issue),
        ("SP", first),
        ("EP", last),
    ]


def name_of(author: Author) -> str:
    """Return an author as reference managers write one.

    >>> name_of(Author("Lam", "CW", "Jr")), name_of(Author("CPH Study Group"))
    ('Lam, C. W., Jr', 'CPH Study Group')
    """
    if not author.initials:
        return author.name
    spaced = " ".join(f"{letter}." for letter in author.initials if letter != "-")
    return ", ".join(part for part in (author.name, spaced, author.rank) if part)


def references_bibtex(study: Study) -> str:
    """Return the works that a study names as BibTeX, its own results first."""
    return "\n".join(
        _bibtex(one, study, f"{study.number}-{place}") for place, one in enumerate(read_citations(study), 1)
    )


def _bibtex(citation: Citation, study: Study, key: str) -> str:
    work = read_work(citation.text)
    doi = citation.dois[0].text if citation.dois else ""
    fields: dict[str, str | list[Author]] = {"title": citation.text, "year": str(citation.year or "")}
    if work:
        fields = {
            "author": [*work.authors, *([Author("others")] if work.others else [])],
            "title": work.title,
            "journal": work.journal,
            "year": str(work.year),
            "month": _MONTHS[work.month - 1] if work.month else "",
            "volume": work.volume,
            "number": work.issue,
            "pages": "--".join(part for part in last_page(work.pages) if part),
        }
    fields |= {"doi": doi, "pmid": citation.pmid or "", "url": citation.pubmed_url or ""}
    fields |= {"keywords": ROLES[citation.role], "note": ". ".join(one.rstrip(".") for one in _notes(citation, study))}
    return bibtex_entry("article" if work else "misc", key, fields)


def references_text(study: Study) -> str:
    """Return the works that a study names as text, by role, those taken for its results first."""
    parts = []
    for group in group_citations(read_citations(study)):
        parts += [
            group.title,
            *(f"- {' '.join([one.text, *(n.words + '.' for n in one.retractions)])}" for one in group.citations),
            "",
        ]
    return "\n".join(parts)


# What a study is cited as, and what its references are.
STUDY_FORMS: dict[str, Callable[[Study, date], str]] = {
    "txt": lambda study, today: cite_study(study, today) + "\n",
    "ris": lambda study, _: study_ris(study),
    "bib": study_bibtex,
}
REFERENCE_FORMS: dict[str, Callable[[Study], str]] = {
    "txt": references_text,
    "ris": references_ris,
    "bib": references_bibtex,
}
MEDIA = {
    "txt": "text/plain; charset=utf-8",
    "ris": "application/x-research-info-systems",
    "bib": "application/x-bibtex; charset=utf-8",
}
