"""
Cut a paragraph that holds several criteria.

::

    paragraph = intro? (number words)+          running numbers: "1. … 2. … 3. …", "(a) … (b) …"
              | intro? (bullet words)+          "* … * …" behind sentence ends
              | intro (sign words)+             a list that runs on within a line: "any of: a) … b) …", "i) … ii) …"
              | sentence+                       at sentence ends and semicolons outside brackets

Abbreviations ("e.g.", "Dr."), initials, decimal points and "No. 5" end no sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from equipoise.criteria.lines import Span, trimmed

_NUMBER = re.compile(
    r"(?:(?<=\s)|(?<=[.;:~])|\A)(?:\((?P<a>\d{1,2}|[a-z])\)|(?P<b>\d{1,2}|[a-z])\)"
    r"|(?P<c>\d{1,2})\\?\.(?!\d)(?=\s*[^\W\d_]|\s*[<>≥≤=\\]|\s+\d))\s*(?=\S)"
)
_BEFORE_NUMBER = re.compile(r"(?:[.;:,)\]；。]|\b(?:and|or|are|is|criteria|include|have|be))\s*\Z", re.IGNORECASE)
_BULLET = re.compile(r"(?:(?<=[.;:,)]\s)|(?<=[.;:,)])|\A)\s*(?:[*•·]\s+(?=\S)|-\s+(?=[A-Z0-9<>≥≤\"(])|-(?=[A-Z][a-z]))")
_END = re.compile(r"(?<=[.;?!])[)\]\"'”’]?\s+(?=\S)|(?<=[.;])(?=[A-Z][a-z])|(?<=[；。])\s*(?=\S)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.?g|i\.?e|vs|dr|mr|mrs|ms|no|nos|al|spp|sp|approx|ca|cf|etc|st|inc|fig|vol|resp|incl|excl|max|min|wt"
    r"|ver|p\.?o|i\.?v|i\.?m|s\.?c|b\.?i\.?d|t\.?i\.?d|q\.?d|u\.?s|yrs?|wks?|mos?|hrs?|prof|ref|est|temp)|\b[A-Za-z]"
    r"|[.;:]\s*\d{1,2})\.\Z",
    re.IGNORECASE,
)
# Labels of the registry's oldest records, which ran their lists together without any mark.
_LABELS = (
    r"Age|Sex|Menopausal status|Performance status|Life expectancy|Hematopoietic|Hepatic|Renal|Cardiovascular|Pulmonary"
    r"|Other|Biologic therapy|Chemotherapy|Endocrine therapy|Radiotherapy|Surgery|Neurologic|Hormone receptor status"
)
_STARTS = (
    r"No|Not|At least|Fertile patients|Negative pregnancy|Must have|Recovered from|More than \d"
    r"|Concurrent [a-z]+ allowed|Prior [a-z]+ (?:allowed|therapy)|Absolute neutrophil|Platelet count|WBC"
    r"|Bilirubin|Creatinine|AST|SGOT|Hemoglobin|Measurable|Patients must"
)
_OLD = re.compile(
    (rf"(?<!\s)\s++(?=(?:{_LABELS}):\s)" + rf"|(?<=[a-z0-9)%³])\s++(?=(?:{_STARTS})\b)").replace(" ", r"\s+")
)

# The sign of an item in a list that runs on within a line, and the words that say that such a list follows.
_SIGN = re.compile(
    r"(?<![\w)\]])(?:(?P<open>\()\s?)?(?P<sign>\d{1,2}|[A-Ha-h]|[ivxIVX]{1,4})(?:(?P<close>\s?\))|\\?\.(?=\s+\S)(?!\s*\d))\s*(?=\S)"
)
_FIRST = re.compile(r"[1aAiI](?<![\w)][1aAiI])(?:\s?\)|\\?\.\s)")
_ROMAN = {sign: value for value, sign in enumerate(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"), 1)}
_LEADS = re.compile(r"(?::|：|\bfollowing)\s*\Z", re.IGNORECASE)
_WORDY = re.compile(r"(?!and\b|or\b|the\b)[^\W\d_]{3}", re.IGNORECASE)


def numbered(text: str, start: int, end: int, first: int = 1) -> list[Span]:
    """Return where each running number from *first* on begins and where its words begin; empty unless two run.

    >>> numbered("1. Age 18 to 75. 2. Stroke", 0, 26)
    [(0, 3), (17, 20)]
    """
    piece = text[start:end]
    if ")" not in piece and piece.isascii() and not (str(first) in piece and str(first + 1) in piece):
        return []  # most paragraphs, told at once
    found: list[Span] = []
    form, value = "", 0
    for one in _NUMBER.finditer(text, start, end):
        kind = str(next(name for name in "abc" if one[name]))
        sign = one[kind]
        number = int(sign) if sign.isdigit() else ord(sign) - 96
        this = kind + ("1" if sign.isdigit() else "a")
        if (this != form or number != value + 1) if found else number != first:
            continue
        if one.start() > start and not _BEFORE_NUMBER.search(text, max(start, one.start() - 12), one.start()):
            continue
        form, value = this, number
        found.append((one.start(), one.end()))
    return found if len(found) > 1 else []


def listed(text: str, start: int, end: int) -> list[Span]:
    """Return where each sign of a list that runs on in a line begins and where its words do; empty unless two run.

    >>> listed("any of: a) coma b) stroke (grade 1) c) sepsis", 0, 45)
    [(8, 11), (16, 19), (36, 39)]
    >>> listed("at screening (Visit 1) or baseline (Visit 2)", 0, 44)
    []
    """
    found: list[Span] = []
    if _FIRST.search(text, start, end) is None:
        return found
    form, value, seen = "", 0, start
    for one in _SIGN.finditer(text, start, end):
        between = text[seen : one.start()]
        if between.count("(") > between.count(")"):
            continue
        this, number = _numeral(one["sign"], roman=form[:1] in ("i", "I") if found else one["sign"] in ("i", "I"))
        # A full stop marks an item only behind a colon, and then behind each item's end.
        bare = not one["close"]
        this += ("(" if one["open"] else "") + ("." if bare else ")")
        if found and (this != form or number != value + 1 or not _WORDY.search(between)):
            continue
        if not found and (number != 1 or (bare and not _LEADS.search(between))):
            continue
        if found and bare and not _BEFORE_NUMBER.search(text, seen, one.start()):
            continue
        form, value, seen = this, number, one.end()
        found.append((one.start(), seen))
    return found if len(found) > 1 and _WORDY.search(text, seen, end) else []


def leads(intro: str) -> bool:
    """Return whether words say that a list follows."""
    return _LEADS.search(intro) is not None


def _numeral(sign: str, *, roman: bool) -> tuple[str, int]:
    """Return the system a sign is of, and its value in it."""
    if sign.isdigit():
        return "1", int(sign)
    letter = sign.lower()
    system, value = ("i", _ROMAN.get(letter, 0)) if roman else ("a", ord(letter) - 96 if len(letter) == 1 else 0)
    return system if sign.islower() else system.upper(), value


def bulleted(text: str, start: int, end: int) -> list[Span]:
    """Return where each bullet within a paragraph begins and where its words begin; empty unless two stand there.

    >>> bulleted("* Adults. * Stroke. * Consent", 0, 29)
    [(0, 2), (10, 12), (20, 22)]
    """
    if all(text.count(mark, start, end) < 2 for mark in "*•·-"):
        return []
    found = []
    for one in _BULLET.finditer(text, start, end):
        first = one.end() - len(one[0].lstrip())
        found.append((first, one.end()))
    return found if len({text[first] for first, _ in found}) == 1 and len(found) > 1 else []


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
        wordy = stop in ".?!" and (following.islower() or _ABBREVIATION.search(text, max(last, seen - 8), seen))
        # A bracket that never closes must not hold the rest of the paragraph together.
        if wordy or (depth and ")" in text[seen : seen + 400]):
            continue
        depth = 0
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
