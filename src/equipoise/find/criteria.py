"""
A study's criteria as a page shows them: sections, items, the words that were read, and what was left.

The layout is the text's own (headings, nesting, order); what each criterion means is the compiler's.
Words are marked by spans into the text as published, and its CommonMark escapes are then taken out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import msgspec

from equipoise.criteria.headings import read_side
from equipoise.criteria.records import Computable, Criterion, Side
from equipoise.criteria.split import Piece, Split, split
from equipoise.rules.english import describe_rule, describe_unit
from equipoise.rules.nodes import Left, Predicate, Rule, Span, leaves

# The kinds of predicates as a reader tells them apart, with the words of the legend.
FAMILIES = {
    "limit": "a limit: a result, an age, a length of time",
    "condition": "a condition or allergy",
    "drug": "a drug",
    "procedure": "a procedure",
    "administrative": "for a person to decide",
    "left": "not understood",
}
_FAMILY = {
    "measurement": "limit", "demographic": "limit", "prior_lines": "limit", "event_time": "limit", "duration": "limit",
    "condition": "condition", "allergy": "condition", "variant": "condition", "drug": "drug", "procedure": "procedure",
    "administrative": "administrative",
}  # fmt: skip

UNREAD = "not understood"

STATES: dict[Computable, tuple[str, str]] = {
    "full": ("read", "Every word that matters is in the reading."),
    "partial": ("read in part", "Some words that matter are not in the reading."),
    "administrative": ("a person decides", "Consent, compliance or judgement: no record can answer this."),
    "none": ("not read", "No rule could be made of this; read the text itself."),
}


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """A piece of text. ``kind`` is one of the families, or empty; ``help`` says how it was read, or why not."""

    text: str
    kind: str = ""
    help: str = ""


class Note(msgspec.Struct, frozen=True):
    """Words of the text, and what is to be said of them."""

    words: str
    note: str


class FaultNote(msgspec.Struct, frozen=True):
    """A fault of criterion ``at``: what is wrong, the line with a caret under the place, and what to do next."""

    at: str
    kind: str
    message: str
    pointed: str
    next: str


class CriterionView(msgspec.Struct, frozen=True):
    """
    A criterion as it is shown; ``lead`` is what stands before it and ``rest`` what follows its nested ones.

    ``reading`` is of all of it, nested ones included; ``left``, ``flags`` and ``faults`` are of its own
    words, for each nested one has its own.
    """

    id: str
    lead: str
    parts: tuple[Part, ...]
    items: tuple[CriterionView, ...]
    rest: tuple[Part, ...]
    computable: Computable
    state: str
    state_help: str
    reading: str
    left: tuple[Note, ...]
    flags: tuple[Note, ...]
    faults: tuple[FaultNote, ...] = ()

    @property
    def plain_reading(self) -> str:
        """The reading where it is whole and one sentence; one that needs brackets is no plain language."""
        return self.reading if self.computable == "full" and "(" not in self.reading else ""


class SectionView(msgspec.Struct, frozen=True):
    """The criteria under one heading. ``side`` is None where the text does not say; ``after`` is what follows them."""

    heading: str
    side: Side | None
    items: tuple[CriterionView, ...]
    after: str = ""


class CriteriaView(msgspec.Struct, frozen=True):
    """All criteria of a study, and the text as published."""

    sections: tuple[SectionView, ...]
    text: str
    kinds: tuple[str, ...]

    @property
    def legend(self) -> tuple[tuple[str, str], ...]:
        """The kinds of marks that are there, with their meaning."""
        return tuple((kind, words) for kind, words in FAMILIES.items() if kind in self.kinds)


# What CommonMark takes out of a text: the backslash of an escape, and the marks of emphasis.
_HIDDEN = re.compile(
    r"\\(?=[!-/:-@\[-`{-~])|(?<!\\)(?:\*\*|__)|(?<![\\\w*])\*(?=[^\s*][^*\n]*\*)|(?<=[^\s*\\])\*(?![\w*])|<!-- -->"
)


_SPACE = re.compile(r"\s+")


class _Text:
    """A text as published, read by spans."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._hidden = bytearray(len(text))
        for found in _HIDDEN.finditer(text):
            self._hidden[found.start() : found.end()] = b"\1" * len(found[0])

    def words(self, span: Span) -> str:
        """Return the words at a span on one line."""
        start, end = span
        kept = self._text[start:end]
        if self._hidden.find(1, start, end) >= 0:
            kept = "".join(char for place, char in enumerate(kept, start) if not self._hidden[place])
        return _SPACE.sub(" ", kept)

    def parts(self, span: Span, marks: Sequence[tuple[Span, str, str]]) -> tuple[Part, ...]:
        """Return a span as parts; of *marks* (span, kind, help) that lie over each other the shortest wins."""
        start, end = span
        owner = [-1] * (end - start)
        widest_first = sorted(range(len(marks)), key=lambda one: marks[one][0][0] - marks[one][0][1])
        for one in widest_first:
            (first, last), *_ = marks[one]
            first, last = max(first, start), min(last, end)
            if first < last:
                owner[first - start : last - start] = [one] * (last - first)
        found: list[Part] = []
        place = start
        for one, run in groupby(owner):
            stop = place + len(list(run))
            text = self.words((place, stop))
            if text:
                found.append(Part(text, *marks[one][1:]) if one >= 0 else Part(text))
            place = stop
        return tuple(found)


def _marks(criterion: Criterion, rule: Rule | None) -> list[tuple[Span, str, str]]:
    """Return what is to be marked in a criterion: the words of its predicates, and what was left."""
    marks = []
    for leaf in leaves(rule):
        if isinstance(leaf, Predicate) and leaf.span is not None:
            marks.append((leaf.span, _FAMILY[leaf.kind], describe_rule(leaf)))
        elif isinstance(leaf, Left):
            marks.append((leaf.span, "left", UNREAD))
    # What was left is marked last: where both claim a word, it was not understood.
    return marks + [
        (one.span, "left", UNREAD if one.reason == UNREAD else f"{UNREAD}: {one.reason}") for one in criterion.left
    ]


class _Builder:
    """Builds the views of one text."""

    def __init__(self, text: str, criteria: Sequence[Criterion], faults: Sequence[FaultNote]) -> None:
        self._text = _Text(text)
        self._criteria = {one.id: one for one in criteria}
        self._faults = faults
        self.kinds: set[str] = set()

    def words(self, span: Span) -> str:
        """Return the words at a span."""
        return self._text.words(span).strip()

    def view(self, piece: Piece, lead: str = "", above: Sequence[tuple[Span, str, str]] = ()) -> CriterionView:
        """Return a criterion with its nested ones; *above* are the marks of the one that holds it."""
        one = self._criteria.get(piece.id)
        marks = [*above, *(_marks(one, one.rule) if one else ())]
        tail = (piece.items[-1].span[1], piece.span[1]) if piece.items else (piece.span[1], piece.span[1])
        parts, rest = self._text.parts(piece.head, marks), self._text.parts(tail, marks)
        self.kinds |= {part.kind for part in (*parts, *rest) if part.kind}
        state: Computable = one.computable if one else "none"
        return CriterionView(
            id=piece.id,
            lead=lead,
            parts=_stripped(parts),
            items=tuple(self.view(item, above=marks) for item in piece.items),
            rest=_stripped(rest),
            computable=state,
            state=STATES[state][0],
            state_help=STATES[state][1],
            # "Not understood and not understood" is no reading.
            reading=one.reading if one and state != "none" else "",
            left=self._left(one, piece) if one else (),
            flags=self._flags(one, piece) if one else (),
            faults=tuple(fault for fault in self._faults if fault.at == piece.id),
        )

    def _left(self, one: Criterion, piece: Piece) -> tuple[Note, ...]:
        found = {left.span: left.reason for left in one.left if _is_own(piece, left.span)}
        return tuple(Note(self.words(span), reason) for span, reason in sorted(found.items()))

    def _flags(self, one: Criterion, piece: Piece) -> tuple[Note, ...]:
        said = {"mended": "read as", "inferred": "taken to mean"}
        found = {(flag.span, flag.kind, flag.to) for flag in one.flags if _is_own(piece, flag.span)}
        notes = ((self.words(span), kind, to) for span, kind, to in sorted(found))
        return tuple(
            Note(words, f"{said[kind]} {_spelt(to)}") for words, kind, to in notes if _bare(words) != _bare(to)
        )


def _is_own(piece: Piece, span: Span) -> bool:
    """Return whether a span lies in a criterion's own words, not in those of a nested one."""
    return not any(item.span[0] <= span[0] < item.span[1] for item in piece.items)


# What mended words are: "< 90 mL/min/{1.73_m2}", "18 to 85", ">= 1.5 ULN".
_MENDED = re.compile(r"(?P<limit>(?:[<>]=?|=)? ?[\d.]+(?: to [\d.]+)? )?(?P<unit>\S+)")
_SIGNS = str.maketrans({"≥": ">=", "≤": "<=", "^": "*", "µ": "u", "μ": "u"} | dict.fromkeys(" []{}_"))
_POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def _spelt(words: str) -> str:
    """Return UCUM as people write it.

    >>> _spelt(">= 1.5 10*9/L"), _spelt("< 90 mL/min/{1.73_m2}"), _spelt("18 to 85")
    ('≥ 1.5 ×10⁹/L', '< 90 mL/min/1.73 m²', '18 to 85')
    """
    found = _MENDED.fullmatch(words)
    said = f"{found['limit'] or ''}{describe_unit(found['unit'])}" if found else words
    return said.replace(">=", "≥").replace("<=", "≤")


def _bare(words: str) -> str:
    """Return words without what a reader would not call a change: spaces, case, the form of a sign or number.

    >>> _bare("≥ 9.0 x 10⁹/L") == _bare(">= 9 10*9/L"), _bare("< 3,500 mg/g") == _bare("< 3500 mg/g")
    (True, True)
    >>> _bare("2×109 /L") == _bare("2 10*9/L")
    False
    """
    raised = re.sub(r"10([⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda found: f"10*{found[1].translate(_POWERS)}", words)
    bare = raised.translate(_SIGNS).lower()
    bare = re.sub(r"(?<=\d)[x×·*]?(?=10\*\d|uln|lln)", "|", bare)
    bare = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", bare)
    # 9.0 is 9; 50.000 may be either, so it is told.
    return re.sub(r"(\d)\.0{1,2}(?!\d)", r"\1", re.sub(r"(\.\d*?[1-9])0+(?!\d)", r"\1", bare))


def _stripped(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return parts without white space and loose marks at both ends."""
    kept = list(parts)
    while kept and not kept[0].text.strip():
        kept.pop(0)
    while kept and not kept[-1].text.strip():
        kept.pop()
    if kept:
        kept[0] = msgspec.structs.replace(kept[0], text=kept[0].text.lstrip())
        kept[-1] = msgspec.structs.replace(kept[-1], text=kept[-1].text.rstrip())
    return tuple(kept)


_MARKER = re.compile(r"(?:[*+•·▪–—-]|\d{1,2}[.)])\s+")
_SILENT = {"a marker", "a separator"}


def _events(found: Split) -> list[tuple[int, Span | Piece]]:
    """Return headings, remarks and criteria in the order of the text."""
    inside = [piece.span for piece in found.pieces]
    events: list[tuple[int, Span | Piece]] = [(piece.span[0], piece) for piece in found.pieces]
    for one in found.left:
        if one.reason not in _SILENT and not any(start <= one.span[0] < end for start, end in inside):
            events.append((one.span[0], one.span))
    return sorted(events, key=lambda event: event[0])


def read_view(
    text: str,
    criteria: Sequence[Criterion],
    faults: Sequence[FaultNote] = (),
    *,
    section: Side | None = None,
) -> CriteriaView:
    """Return the criteria of a text as they are shown; *faults* with them.

    A *section* given means that all of the text is of that side, as it was compiled.
    """
    layout = split(text, section)
    builder = _Builder(text, criteria, faults)
    sections: list[_Open] = []
    lead = ""
    for _, event in _events(layout):
        if isinstance(event, Piece):
            if not sections or (sections[-1].side or "inclusion") != event.side:
                sections.append(_Open("", None if layout.assumed and event.side == "inclusion" else event.side))
            sections[-1].items.append(builder.view(event, lead))
            lead = ""
            continue
        words = _MARKER.sub("", builder.words(event))
        heading = read_side(words)
        if heading is None:
            lead = f"{lead} {words}".strip()
        elif sections and sections[-1].side == heading.side and not sections[-1].items:
            # "Inclusion Criteria:", then a sentence that introduces them: one heading and its lead.
            lead = f"{lead} {words}".strip()
        else:
            if lead and sections:
                sections[-1].after = lead
            sections.append(_Open(words.rstrip(": ").strip(), heading.side))
            lead = ""
    if lead:
        sections = sections or [_Open("", None)]
        sections[-1].after = lead
    done = tuple(SectionView(one.heading, one.side, tuple(one.items), one.after) for one in sections)
    return CriteriaView(done, text, tuple(kind for kind in FAMILIES if kind in builder.kinds))


class _Open(msgspec.Struct):
    """A section that is being read."""

    heading: str
    side: Side | None
    items: list[CriterionView] = []
    after: str = ""


def text_of(parts: Iterable[Part]) -> str:
    """Return the text of parts, unmarked."""
    return "".join(part.text for part in parts)


def every(items: Iterable[CriterionView]) -> Iterator[CriterionView]:
    """Yield criteria and all that are nested in them, in order."""
    for item in items:
        yield item
        yield from every(item.items)
