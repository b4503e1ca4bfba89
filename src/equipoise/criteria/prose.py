"""
Cut a paragraph that holds several criteria.

::

    paragraph = intro? (number words)+          running numbers: "1. … 2. … 3. …", "(a) … (b) …"
              | sentence+                       at sentence ends and semicolons outside brackets

Abbreviations ("e.g.", "Dr."), initials, decimal points and "No. 5" end no sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from equipoise.criteria.lines import Span, trimmed

_NUMBER = re.compile(
    r"(?:(?<=\s)|(?<=[.;:])|\A)(?P<mark>\((?P<a>\d{1,2}|[a-z])\)|(?P<b>\d{1,2}|[a-z])\)|(?P<c>\d{1,2})\\?\.(?!\d)(?=\s*[^\W\d_]|\s*[<>≥≤=\\]|\s+\d))\s*(?=\S)"
)
_BEFORE_NUMBER = re.compile(r"(?:[.;:,)\]]|\b(?:and|or|are|is|criteria|include|have|be))\s*\Z", re.IGNORECASE)
_END = re.compile(r"(?<=[.;?!])(?P<close>[)\]\"'”’]?)\s+(?=(?P<next>\S))|(?<=[.;])(?=[A-Z][a-z])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.?g|i\.?e|vs|dr|mr|mrs|ms|no|nos|al|spp|sp|approx|ca|cf|etc|st|inc|fig|vol|resp|incl|excl|max|min|wt|ver|p\.?o|i\.?v|i\.?m|s\.?c|b\.?i\.?d|t\.?i\.?d|q\.?d|u\.?s|yrs?|wks?|mos?|hrs?|prof|ref|est|temp)|\b[A-Za-z])\.\Z",
    re.IGNORECASE,
)
# Labels of the registry's oldest records, which ran their lists together without any mark.
_OLD = re.compile(
    r"\s+(?=(?:Age|Sex|Menopausal status|Performance status|Life expectancy|Hematopoietic|Hepatic|Renal|Cardiovascular"
    r"|Pulmonary|Other|Biologic therapy|Chemotherapy|Endocrine therapy|Radiotherapy|Surgery|Neurologic|Hormone receptor status): )"
    r"|(?<=[a-z0-9)%³])\s+(?=(?:No|Not|At least|Fertile patients|Negative pregnancy|Must have|Recovered from|More than \d|Prior [a-z]+ (?:allowed|therapy)|Concurrent [a-z]+ allowed|Absolute neutrophil|Platelet count|WBC|Bilirubin|Creatinine|AST|SGOT|Hemoglobin|Measurable|Patients must)\b)"
)


def numbered(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return where running numbers begin and where the words after each begin; empty unless two or more run.

    >>> numbered("1. Age 18 to 75. 2. Stroke", 0, 26)
    [(0, 3), (17, 20)]
    """
    found: list[tuple[int, int]] = []
    form, value = "", 0
    for one in _NUMBER.finditer(text, start, end):
        kind = str(next(name for name in "abc" if one[name]))
        sign = one[kind]
        number = int(sign) if sign.isdigit() else ord(sign) - 96
        this = kind + ("1" if sign.isdigit() else "a")
        if found and (this != form or number != value + 1):
            continue
        if not found and number != 1:
            continue
        if one.start() > start and not _BEFORE_NUMBER.search(text, max(start, one.start() - 12), one.start()):
            continue
        form, value = this, number
        found.append((one.start(), one.end()))
    return found if len(found) > 1 else []


def sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the sentences of a paragraph, and its parts between semicolons; brackets stay whole.

    >>> text = "Adults, e.g. over 18 years. Stroke; no coma (GCS 3; E. coli)."
    >>> [text[a:b] for a, b in sentences(text, 0, len(text))]
    ['Adults, e.g. over 18 years.', 'Stroke;', 'no coma (GCS 3; E. coli).']
    """
    last, depth, seen = start, 0, start
    for found in _END.finditer(text, start, end):
        for sign in text[seen : found.start()]:
            depth = depth + 1 if sign in "([" else max(0, depth - 1) if sign in ")]" else depth
        seen = found.start()
        following = text[found.end() : found.end() + 1]
        stop = text[found.start() - 1]
        if depth or (stop != ";" and (following.islower() or _ABBREVIATION.search(text, max(last, seen - 8), seen))):
            continue
        yield trimmed(text, last, found.end())
        last = found.end()
    if last < end:
        yield trimmed(text, last, end)


def old_lists(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the items of a list that an old record ran together.

    >>> text = "Age: 18 and over Sex: Women only Other: No angina Not pregnant"
    >>> [text[a:b] for a, b in old_lists(text, 0, len(text))]
    ['Age: 18 and over', 'Sex: Women only', 'Other: No angina', 'Not pregnant']
    """
    last = start
    for found in _OLD.finditer(text, start, end):
        if found.start() > last:
            yield trimmed(text, last, found.start())
            last = found.end()
    yield trimmed(text, last, end)
