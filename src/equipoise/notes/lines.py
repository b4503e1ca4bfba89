"""
Lines of earlier treatment.

::

    lines = count ("prior" | "previous")? "lines of" treatment | ("progressed on" | "failed" …) ordinal "-line"
    none  = "treatment-naive" | "no prior" ("lines of")? ("systemic" | "anticancer") "therapy"
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from equipoise.criteria.tokens import COUNTS
from equipoise.notes.drafts import Draft
from equipoise.notes.reading import Reading

_COUNT = re.compile(
    r"\b(?P<count>\d{1,2}|one|two|three|four|five|six|seven|eight)\s+(?:different\s+|separate\s+)?(?:prior|"
    r"previous|earlier|past)?\s*"
    r"(?:lines|line|regimens?)(?:\s+of\s+(?P<of>[\w\s-]*?(?:chemotherapy|therapy|treatment|immunotherapy))\b|(?=\W|$))",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:prior|previous|previously|after|received|completed|failed|had|has had|underwent|progress\w+|despite|"
    r"s/p|status post|following|refractory|treated)\b",
    re.IGNORECASE,
)
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_ORDINAL = re.compile(
    r"\b(?:progress(?:ed|ion|ing)?|failed|failure|relapsed?|refractory|recurred|after|following|completed|"
    r"received|treated)\b[^.;]{0,40}?"
    r"\b(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th)[ -]line\b",
    re.IGNORECASE,
)
_NTH = re.compile(r"\b(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th)[ -]line\b", re.IGNORECASE)
_NONE = re.compile(
    r"\btreatment[- ]na[iï]ve\b|\b(?:no|not (?:had|received)(?: any)?|without)\s+(?:prior|"
    r"previous)\s+(?:lines?\s+of\s+)?"
    r"(?:systemic |anti-?cancer |cancer[- ]directed |oncologic )(?:therapy|treatment)\b|"
    r"\bno prior lines of (?:therapy|treatment)\b",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"\b(?:will|plan\w*|candidate|to (?:start|begin|receive)|consider\w*|recommend\w*|offered|eligible)\b",
    re.IGNORECASE,
)


def read_lines(reading: Reading) -> Iterator[Draft]:
    """Yield the number of lines that a sentence states, the most where it counts on."""
    none = _NONE.search(reading.text)
    if none is not None:
        span = reading.outside(*none.span())
        reading.take(span)
        yield Draft(kind="prior_lines", name="therapy", span=span, assertion="absent")
        return
    found = _COUNT.search(reading.text)
    if found is not None and _PAST.search(reading.text) and not _PLANNED.search(reading.text[: found.start()]):
        count = found["count"].lower()
        value = int(count) if count.isdigit() else int(COUNTS[count])
        yield _draft(reading, found, value, _of(found["of"]))
        return
    past = _ORDINAL.search(reading.text)
    if past is not None and not _PLANNED.search(reading.text):
        all_ = [past["nth"], *(one["nth"] for one in _NTH.finditer(reading.text, past.end()))]
        yield _draft(reading, past, max(_ORDINALS[one.lower()] for one in all_), "therapy")


def _of(words: str | None) -> str:
    words = (words or "").lower()
    return "chemotherapy" if "chemo" in words else "immunotherapy" if "immuno" in words else "therapy"


def _draft(reading: Reading, found: re.Match[str], value: int, name: str) -> Draft:
    return Draft(kind="prior_lines", name=name, value=value, span=reading.outside(*found.span()))
