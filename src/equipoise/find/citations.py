"""
The publications of a study as a page shows them: links, year, kind and retractions.

A citation is one string that a registrant typed or PubMed formatted. What can be read from it
with certainty is read; a year that could be another number is left unknown.
"""

from __future__ import annotations

import re
from urllib.parse import quote

import msgspec

from equipoise.records.study import Reference, Retraction, Study
from equipoise.terms.enums import term_of

PREDATES = "Published before the study began, though registered as a result."

_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"\u201c\u201d{}|]{1,300}", re.ASCII)
# Publishers' addresses go on after the DOI: …/doi/10.1111/cns.13476/full?af=R
_AFTER_DOI = re.compile(r"/(?:full|fulltext|abstract|pdf|epdf|html|meta)\Z|[?#].*\Z", re.IGNORECASE)
_CLOSERS = {")": "(", "]": "[", ">": "<"}

_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Spring|Summer|Autumn|Fall|Winter"
_YEAR = r"(1[89]\d\d|20\d\d)"
# PubMed: "Mol Neurobiol. 2021 Jun;58(6):2803-2811." and "Lancet. 2020 Dec 5-11;396".
_BEFORE_VOLUME = re.compile(
    rf"\b{_YEAR}(?:[ ,]+(?:{_MONTHS})\w*\.?)?(?:[-/]\w+\.?)?(?: \d+(?:-\w+)*)?(?: \d+)?"
    r"\s*;\s*(?:Suppl|Spec|Pt|\(?[A-Za-z]{0,3}\d)"
)
# APA: "(2019)", "(2024, August)"; Harvard: "Kale, A.A., 2019. Effect of …".
_IN_BRACKETS = re.compile(rf"\({_YEAR}[a-z]?(?:,? (?:{_MONTHS})\w*\.?(?: \d+)?)?\)")
_AT_END = re.compile(rf"(?<![-\u2013:/\d]){_YEAR}\s*[.)]*\s*\Z")
# A year that is no page number (no digit, hyphen, colon or slash touches it) and no part of a
# name ("coronavirus disease 2019 pandemic"): a month stands beside it or a sentence part ends.
_ALONE = re.compile(
    rf"(?:(?<=\s)|(?<=[,(]))(?:(?:{_MONTHS})\w*\.? (?:\d+, )?{_YEAR}(?![-\u2013/\w])"
    rf"|{_YEAR}(?=\s*[.,;)\]]|:\s| (?:{_MONTHS})))"
)
# Dates of other events, and other papers: they must not give their year to this one.
_OTHER_DATES = re.compile(
    r"\b(?:Epub|eCollection|[Rr]etrieved|[Aa]ccessed|[Aa]vailable|[Cc]ited)\b[^.;\]]*[.;\]]?"
    r"|https?://\S+|\bPMC?ID:?\s*\w+"
)
_OTHER_PAPERS = re.compile(
    r"\b(?:Erratum|Comment|Update|Retraction|Expression of concern|(?:Corrected and )?[Rr]epublished)"
    r" (?:in|from|of):",
    re.IGNORECASE,
)


class Doi(msgspec.Struct, frozen=True):
    """A digital object identifier and the address that resolves it."""

    text: str
    url: str


class RetractionNotice(msgspec.Struct, frozen=True):
    """The notice by which a publication was withdrawn."""

    words: str
    url: str | None


class Citation(msgspec.Struct, frozen=True):
    """One publication.

    ``kind`` is what the registry calls it; ``advisory`` says what does not fit. ``is_result``:
    it can report what this study found; ``role`` is ``result``, ``linked`` (the registry found that it names this
    study) or ``background``.
    """

    text: str
    kind: str | None
    is_result: bool
    year: int | None = None
    pmid: str | None = None
    pubmed_url: str | None = None
    europe_pmc_url: str | None = None
    dois: tuple[Doi, ...] = ()
    retractions: tuple[RetractionNotice, ...] = ()
    advisory: str | None = None
    role: str = "background"


def read_citations(study: Study) -> tuple[Citation, ...]:
    """Return the publications of *study*: results, then linked ones, then background.

    A publication that is registered as a result and appeared before the study's start year is
    kept in sight with an advisory, after those that can be results, and is not one of them.
    """
    start = study.status.start_date_struct.date
    began = start.year if start else None

    def key(pair: tuple[Citation, Reference]) -> int:
        citation, reference = pair
        if citation.is_result:
            return 0
        return 1 if reference.type == "DERIVED" else 2 if citation.advisory else 3

    found = study.references.references
    pairs = [(describe_reference(each, began=began), each) for each in found]
    return tuple(citation for citation, _ in sorted(pairs, key=key))


def describe_reference(reference: Reference, *, began: int | None = None) -> Citation:
    """Return one publication; *began* is the year in which the study began.

    >>> paper = Reference(type="RESULT", citation="Aloisi F. J Immunol. 1992 Oct 1;149(7):2358-66.")
    >>> describe_reference(paper, began=2025).advisory
    'Published before the study began, though registered as a result.'
    """
    text = (reference.citation or "").strip()
    year, pmid = parse_year(text), parse_pmid(reference.pmid)
    predates = reference.type == "RESULT" and year is not None and began is not None and year < began
    is_result = reference.type == "RESULT" and not predates
    return Citation(
        text=text,
        kind=term_of("ReferenceType", reference.type).short if reference.type else None,
        is_result=is_result,
        year=year,
        pmid=pmid,
        pubmed_url=_pubmed(pmid),
        europe_pmc_url=f"https://europepmc.org/article/MED/{pmid}" if pmid else None,
        dois=parse_dois(text),
        retractions=tuple(_notice(each) for each in reference.retractions),
        advisory=PREDATES if predates else None,
        role="result" if is_result else "linked" if reference.type == "DERIVED" else "background",
    )


def _notice(retraction: Retraction) -> RetractionNotice:
    source = (retraction.source or "").strip()
    return RetractionNotice(
        words=f"Retracted: {source}" if source else "Retracted",
        url=_pubmed(parse_pmid(retraction.pmid)),
    )


def _pubmed(pmid: str | None) -> str | None:
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else None


def parse_pmid(text: str | None) -> str | None:
    """Return the PubMed number in *text* if it is digits and nothing else.

    >>> parse_pmid(" 33501626 "), parse_pmid("PMC7685261")
    ('33501626', None)
    """
    digits = (text or "").strip()
    return digits if re.fullmatch(r"[1-9][0-9]{0,8}", digits) else None


def parse_dois(text: str) -> tuple[Doi, ...]:
    """Return each DOI in *text* once, in order.

    ``doi = "10." digit{4,9} "/" character+``, less what closes the sentence or the brackets
    around it.

    >>> [doi.text for doi in parse_dois("doi: 10.1016/S2468-2667(23)00173-1. Epub 2023 Sep 16.")]
    ['10.1016/S2468-2667(23)00173-1']
    >>> [doi.url for doi in parse_dois("(https://doi.org/10.1037/a<b>)")]
    ['https://doi.org/10.1037/a%3Cb%3E']
    """
    found: dict[str, str] = {}
    for match in _DOI.finditer(text):
        doi = _trim(match.group())
        if not doi.endswith("/"):
            found.setdefault(doi.casefold(), doi)
    return tuple(Doi(doi, "https://doi.org/" + quote(doi, safe="/:;()._-")) for doi in found.values())


def _trim(doi: str) -> str:
    while True:
        shorter = _AFTER_DOI.sub("", doi).rstrip(".,;:'\u2019*")
        last = shorter[-1:]
        if last in _CLOSERS and shorter.count(last) > shorter.count(_CLOSERS[last]):
            shorter = shorter[:-1]
        if shorter == doi:
            return doi
        doi = shorter


def parse_year(citation: str) -> int | None:
    """Return the year in which the cited work appeared, or None if several could be meant.

    A page range, the year in a title and the date of the electronic version are not it.

    >>> parse_year("Neural Regen Res. 2017 Dec;12(12):2007-2013. doi: 10.4103/1673-5374.221157.")
    2017
    >>> parse_year("Mol Neurobiol. 2021 Jun;58(6):2803-2811. Epub 2020 Jan 27.")
    2021
    >>> print(parse_year("[1] Winters S. Breast cancer. 2017. [2] El Masri J. A review. 2022. 65."))
    None
    """
    text = _OTHER_PAPERS.split(_DOI.sub(" ", citation), maxsplit=1)[0]
    text = _OTHER_DATES.sub(" ", text).strip()
    for pattern in (_BEFORE_VOLUME, _IN_BRACKETS, _AT_END, _ALONE):
        years = {next(filter(None, match.groups())) for match in pattern.finditer(text)}
        if years:
            return int(years.pop()) if len(years) == 1 else None
    return None
