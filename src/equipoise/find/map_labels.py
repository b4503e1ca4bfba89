"""Where names go on a map: beside what they name, over nothing else, the ones that matter first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from equipoise.find.map_marks import Mark, Style
from equipoise.find.projection import Frame

# How wide a letter is for its height, on average, and how much room a line needs.
_LETTER, _LINE = 0.54, 1.15
_LONGEST = 28


class Label(msgspec.Struct, frozen=True):
    """A name: where its line begins, ends or has its middle (``anchor``), and what it names (``kind``)."""

    x: float
    y: float
    anchor: str
    text: str
    kind: str
    dot: tuple[float, float] | None = None


class Name(NamedTuple):
    """A name to be placed at a point; ``gap`` is how far it stays off, ``kind`` what it names."""

    text: str
    x: float
    y: float
    gap: float
    kind: str


class Box(NamedTuple):
    """A part of the picture that is taken."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Return whether two boxes overlap.

        >>> Box(0, 0, 4, 4).meets(Box(3, 3, 9, 9)), Box(0, 0, 4, 4).meets(Box(4, 0, 9, 9))
        (True, False)
        """
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def box_of(label: Label, style: Style) -> Box:
    """Return the room that a label takes."""
    wide, high = len(label.text) * _LETTER * style.letters, style.letters * _LINE
    left = label.x - {"start": 0.0, "middle": wide / 2, "end": wide}[label.anchor]
    return Box(left, label.y - high * 0.8, left + wide, label.y + high * 0.25)


def place_labels(
    names: Iterable[Name], marks: Sequence[Mark], frame: Frame, style: Style, *, most: dict[str, int]
) -> tuple[Label, ...]:
    """Return the names that find room, at most so many of each kind; the first have the first choice."""
    taken = [Box(m.x - m.radius, m.y - m.radius, m.x + m.radius, m.y + m.radius) for m in marks]
    # The measure of length has the lower left corner.
    taken.append(Box(0, frame.height - 20 - 2 * style.letters, 150, frame.height))
    left, found, seen = dict(most), [], set[str]()
    for name in names:
        if not left.get(name.kind) or name.text in seen or len(name.text) > _LONGEST:
            continue
        label = _fitting(name, taken, frame, style)
        if label is not None:
            found.append(label)
            seen.add(name.text)
            taken.append(box_of(label, style))
            if label.dot:
                taken.append(Box(name.x - name.gap, name.y - name.gap, name.x + name.gap, name.y + name.gap))
            left[name.kind] -= 1
    return tuple(found)


def _fitting(name: Name, taken: Sequence[Box], frame: Frame, style: Style) -> Label | None:
    """Return a name where there is room for it: right, left, above or below; a land's name lies on the land."""
    off, half = name.gap + style.letters * 0.3, style.letters * 0.34
    places = [
        (name.x + off, name.y + half, "start"),
        (name.x - off, name.y + half, "end"),
        (name.x, name.y - name.gap - style.letters * 0.35, "middle"),
        (name.x, name.y + name.gap + style.letters, "middle"),
    ]
    if name.kind == "country":
        places = [(name.x, name.y + shift * style.letters, "middle") for shift in (0.0, -1.6, 1.6)]
    dot = (round(name.x, 1), round(name.y, 1)) if name.kind == "town" else None
    if dot and any(box.meets(Box(name.x - 1, name.y - 1, name.x + 1, name.y + 1)) for box in taken):
        return None
    for x, y, anchor in places:
        label = Label(round(x, 1), round(y, 1), anchor, name.text, name.kind, dot)
        box = box_of(label, style)
        inside = box.left > 4 and box.top > 4 and box.right < frame.width - 4 and box.bottom < frame.height - 4
        if inside and not any(box.meets(other) for other in taken):
            return label
    return None
