"""
A cited work taken apart: authors, title, journal, year, volume, pages.

The grammar is that of PubMed, which formats nearly all citations in registries::

    work    = authors ". " title ("." | "?" | "!") " " journal ". " date [";" place] "." rest
    place   = volume ["(" issue ")"] [":" pages]
    authors = author ("," author)* [", et al"] [";" group]
    author  = surname " " initials [" " ("Jr" | "Sr" | "2nd" | "3rd")]

A citation that does not fit is not guessed at: it stays one text.
"""

from __future__ import annotations

import re

import msgspec

_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {name: at for at, name in enumerate(_NAMES, 1)}
_AUTHOR = re.compile(
    r"(?P<surname>[^\W\d_][^,.;:\d]{0,60}?) (?P<initials>[^\W\d_a-z]{1,4}(?:-[^\W\d_a-z])?)"
    r"(?: (?P<rank>Jr|Sr|2nd|3rd|4th))?"
)
_WORK = re.compile(
    r"(?P<authors>[^.]{3,4000}?)\. (?P<title>[^\n]{3,600}?)(?P<mark>[.?!]) (?P<journal>[^.?!;\d][^.?!;]{1,120})\. "
    r"(?P<year>1[89]\d\d|20\d\d)(?: (?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[-\w]{0,4}"
    r"(?: (?P<day>\d{1,2})(?:-\d{1,2})?)?)?"
    r"(?:;(?P<volume>[\w ]{1,24})?(?:\((?P<issue>[^()]{1,30})\))?(?::(?P<pages>[\w.,; -]{1,40}?))?)?\.(?: |\Z)"
)
_ET_AL = re.compile(r",? et al\Z")


class Author(msgspec.Struct, frozen=True):
    """A person, or a group, which has a name alone."""

    name: str
    initials: str = ""
    rank: str = ""


class Work(msgspec.Struct, frozen=True):
    """A cited work in parts. ``month`` and ``day`` are 0 where they are not stated."""

    authors: tuple[Author, ...]
    title: str
    journal: str
    year: int
    month: int = 0
    day: int = 0
    volume: str = ""
    issue: str = ""
    pages: str = ""
    others: bool = False


def read_work(citation: str) -> Work | None:
    """Return the parts of a citation in PubMed's form, or None where it has another.

    >>> work = read_work("Wong CK, Lam CW Jr. Does dust matter? Int Immunol. 2006 Aug;18(8):1327-35. doi: 10.1/x.")
    >>> work.title, work.journal, work.year, work.volume, work.issue, work.pages
    ('Does dust matter?', 'Int Immunol', 2006, '18', '8', '1327-35')
    >>> [(one.name, one.initials, one.rank) for one in work.authors]
    [('Wong', 'CK', ''), ('Lam', 'CW', 'Jr')]
    >>> print(read_work("Cadham,F.T., Asthma due to grain rusts. Jama, 1924, 83(1):p.27."))
    None
    """
    found = _WORK.match(" ".join(citation.split()))
    authors = _authors(found["authors"]) if found else None
    if found is None or authors is None:
        return None
    return Work(
        authors=authors,
        title=found["title"] + (found["mark"] if found["mark"] != "." else ""),
        journal=found["journal"],
        year=int(found["year"]),
        month=_MONTHS.get(found["month"] or "", 0),
        day=int(found["day"] or 0),
        volume=(found["volume"] or "").strip(),
        issue=found["issue"] or "",
        pages=(found["pages"] or "").strip(),
        others=_ET_AL.search(found["authors"]) is not None,
    )


def _authors(text: str) -> tuple[Author, ...] | None:
    """Return the authors, groups last, or None if one is written otherwise."""
    people, *groups = _ET_AL.sub("", text).split("; ")
    found = [_AUTHOR.fullmatch(one) for one in people.split(", ")]
    if not all(found):
        return None
    named = [Author(one["surname"], one["initials"], one["rank"] or "") for one in found if one]
    return (*named, *(Author(group) for group in groups))


def last_page(pages: str) -> tuple[str, str]:
    """Return the first and the last page of a range, the last in full.

    >>> last_page("731-7"), last_page("e849-e855"), last_page("102176")
    (('731', '737'), ('e849', 'e855'), ('102176', ''))
    """
    first, _, last = pages.partition("-")
    if first.isdigit() and last.isdigit() and len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return first, last
