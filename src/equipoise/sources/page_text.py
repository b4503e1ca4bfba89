"""
The text of a trial page: its lines, its paragraphs, and the values that a page writes.

The readers of values return what the registry would publish, or None for what is no such
value; a page's reader then marks it rather than guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import msgspec

from equipoise.errors import RecordError
from equipoise.records.dates import Age, PartialDate
from equipoise.sources.ctgov import read_record
from equipoise.sources.draft import Draft
from equipoise.sources.incoming import Incoming
from equipoise.terms.enums import enumerations, value_of
from equipoise.terms.fields import field

_CONSTANT = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*\Z", re.ASCII)
_BLANK = ("", "-", "–", "—")
_NO_AGE = (*_BLANK, "N/A", "NA", "None")


class Paragraph(msgspec.Struct, frozen=True):
    """Lines that belong together; ``gap`` says whether a blank line stood above them."""

    text: str
    gap: bool = True

    @property
    def plain(self) -> str:
        """The paragraph as one line."""
        return " ".join(self.text.split())


def read_lines(data: bytes) -> list[str]:
    """Return the lines of UTF-8 text, without their ends and what blank space stands there.

    Raises:
        UnicodeDecodeError: not UTF-8.
    """
    return [line.rstrip() for line in re.split(r"\r\n?|\n", data.decode("utf-8-sig"))]


def count_lines(data: bytes, known: Sequence[str]) -> int:
    r"""Return how many of the *known* lines stand in *data*, each counted once.

    >>> count_lines(b"Overview\n\nFAQs\nFAQs", ["Overview", "FAQs", "Study details"])
    2
    """
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace")
    return len(set(known) & {line.strip() for line in re.split(r"[\r\n]+", text)})


def split_paragraphs(lines: Sequence[str], alone: Callable[[str, str], bool]) -> list[Paragraph]:
    """
    Join lines to paragraphs.

    ``paragraph = line (line_end line)*``, ended by a blank line, and by a line for which
    ``alone(line, previous)`` holds: such a line is a paragraph of its own. Where a text has
    no blank line at all (as some ways of copying a page leave it), each line is one.
    """
    spaced = "" in "\n".join(lines).strip().split("\n")
    found: list[tuple[list[str], bool]] = []
    open_ended, gap, previous = False, True, ""
    for line in lines:
        if not line.strip():
            open_ended, gap = False, True
            continue
        single = alone(line.strip(), previous)
        if open_ended and spaced and not single:
            found[-1][0].append(line)
        else:
            found.append(([line], gap or not spaced))
        open_ended, gap, previous = not single, False, line.strip()
    return [Paragraph("\n".join(texts), gap) for texts, gap in found]


def join_paragraphs(paragraphs: Sequence[Paragraph]) -> str:
    """Return the text of *paragraphs* as it stood, with one blank line for each gap."""
    return "".join(("\n\n" if p.gap else "\n") + p.text for p in paragraphs).lstrip("\n")


def segments(
    paragraphs: Sequence[Paragraph], marker: re.Pattern[str]
) -> Iterator[tuple[list[Paragraph], re.Match[str] | None]]:
    """Yield what stands above each *marker* line, and the marker; last, what stands below all.

    >>> lines = [Paragraph("a"), Paragraph("Kind X"), Paragraph("b")]
    >>> [([p.text for p in above], hit and hit[1]) for above, hit in segments(lines, re.compile("Kind (.+)"))]
    [(['a'], 'X'), (['b'], None)]
    """
    above: list[Paragraph] = []
    for paragraph in paragraphs:
        if hit := marker.fullmatch(paragraph.plain):
            yield above, hit
            above = []
        else:
            above.append(paragraph)
    if above:
        yield above, None


def is_blank(text: str) -> bool:
    """Return whether a page writes *text* where it has nothing to say."""
    return text.strip() in _BLANK


def read_enum(piece: str, text: str) -> str | None:
    """Return the value that *text* is, or whose label it is; an unknown constant is one, too.

    >>> read_enum("OverallStatus", "Not yet recruiting"), read_enum("OverallStatus", "PAUSED_FOR_NOW")
    ('NOT_YET_RECRUITING', 'PAUSED_FOR_NOW')
    >>> print(read_enum("OverallStatus", "Non Recruiting"))
    None
    """
    enum = field(piece).enum
    assert enum is not None, f"{piece} is not an enumeration"
    if text in enumerations()[enum]:
        return text
    return value_of(enum, text) or (text if _CONSTANT.match(text) else None)


def read_phases(piece: str, text: str) -> list[str] | None:
    """Return the phases of a list joined by slashes.

    >>> read_phases("Phase", "PHASE2/PHASE3"), read_phases("Phase", "Phase 1/2")
    (['PHASE2', 'PHASE3'], ['PHASE1', 'PHASE2'])
    """
    if text.casefold() in ("n/a", "not applicable"):
        return ["NA"]
    phases = []
    for part in text.split("/"):
        name = f"PHASE{part.strip()}" if re.fullmatch(r"\s*[1-4]\s*", part, re.ASCII) else part.strip()
        phase = read_enum(piece, name)
        if phase not in enumerations()["Phase"]:
            return None
        phases.append(phase)
    return phases


_MONTHS = {
    name[:3]: f"{number:02}"
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_WRITTEN = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)(?:-(?P<day>\d\d))?(?:T.*)?", re.ASCII),
    re.compile(r"(?:(?P<day>\d{1,2}) )?(?P<month>[A-Za-z]{3,9})\.?,? (?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<month>[A-Za-z]{3,9})\.? (?P<day>\d{1,2}), (?P<year>\d{4})", re.ASCII),
)


def read_date(piece: str, text: str) -> str | None:
    """
    Return a date as the registry writes it.

    ``date = year "-" month ("-" day)? | (day " ")? month_name " " year | month_name " " day ", " year``

    >>> read_date("StartDate", "21 October 2025"), read_date("StartDate", "October 2025")
    ('2025-10-21', '2025-10')
    """
    for form in _WRITTEN:
        if hit := form.fullmatch(" ".join(text.split())):
            month = _MONTHS.get(hit["month"][:3].casefold(), hit["month"])
            parts = [hit["year"], month, *([hit["day"].zfill(2)] if hit["day"] else [])]
            try:
                return str(PartialDate("-".join(parts)))
            except ValueError:
                return None
    return None


def read_age(piece: str, text: str) -> str | None:
    """Return an age with its unit, such as ``18 Years``.

    >>> read_age("MinimumAge", "18 years"), read_age("MinimumAge", "adults")
    ('18 Years', None)
    """
    try:
        return str(Age(" ".join(text.split()).title()))
    except ValueError:
        return None


def read_age_limit(piece: str, text: str) -> str | None:
    """Return an age, or "" where the page says that there is no limit."""
    return "" if text in _NO_AGE else read_age(piece, text)


def read_count(piece: str, text: str) -> int | None:
    """Return the number in ``number " participants"?``.

    >>> read_count("EnrollmentCount", "1,208 participants")
    1208
    """
    hit = re.fullmatch(r"(\d{1,3}(?:,\d{3})+|\d{1,9})(?: participants?)?", text, re.ASCII)
    return int(hit[1].replace(",", "")) if hit else None


def read_yes_no(piece: str, text: str) -> bool | None:
    """Return whether the page says yes or no."""
    return {"yes": True, "no": False}.get(text.casefold())


def put_value(draft: Draft, piece: str, text: str, read: Callable[[str, str], object] = read_enum) -> None:
    """Put the value that *text* is; what is no such value is marked, and a dash is nothing."""
    value = read(piece, text)
    if value is not None:
        draft.put(piece, value)
        enum = field(piece).enum
        if isinstance(value, str) and enum and value not in enumerations()[enum]:
            draft.mark(piece, "as shown", f"“{value}” is no value that this reader knows.")
    elif not is_blank(text):
        draft.mark(piece, "as shown", f"The page shows “{text}”, which is no value of this field.")


def mark_unread(draft: Draft, piece: str, paragraphs: Sequence[Paragraph]) -> None:
    """Mark what a page also says and its reader has no field for."""
    for paragraph in paragraphs:
        draft.mark(piece, "as shown", f"Not understood; the page says: {paragraph.plain}")


def finish(draft: Draft, origin: str, *, source: str) -> Incoming | RecordError:
    """Return the study that was drafted, with what the page shows beside it."""
    read = read_record(draft.document(), origin, source=source)
    if isinstance(read, RecordError):
        return read
    return msgspec.structs.replace(read, sidecar=draft.sidecar())
