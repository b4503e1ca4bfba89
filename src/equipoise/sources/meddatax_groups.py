"""
The study groups and interventions of a MedDataX page.

The page prints every intervention in full in each group and once more in a list; the
record states it once and joins the two by name. The list also tells where, in a group, an
intervention's description ends and the next group's name begins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from equipoise.sources.draft import Draft
from equipoise.sources.meddatax_layout import NO_INTERVENTIONS, Sections
from equipoise.sources.page_text import Paragraph, join_paragraphs, mark_unread, read_enum, segments
from equipoise.terms.enums import term

_KIND = re.compile(r"Intervention Type (\S.*)")
_GROUP_ROW = re.compile(rf"(Group Type|Intervention Type) (\S.*)|({NO_INTERVENTIONS})")


@dataclass
class _Intervention:
    name: str
    type: str | None = None
    description: str = ""
    groups: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The name as the registry's groups cite it: ``Drug: Infliximab``."""
        return f"{term('InterventionType', self.type).label}: {self.name}" if self.type else self.name

    def entry(self) -> dict[str, object]:
        """Return it as the registry's structure has it."""
        parts = {
            "type": self.type,
            "name": self.name,
            "description": self.description,
            "armGroupLabels": self.groups,
        }
        return {name: value for name, value in parts.items() if value}


@dataclass
class _Group:
    label: str
    description: str = ""
    type: str | None = None
    interventions: list[_Intervention] = field(default_factory=list)

    def entry(self) -> dict[str, object]:
        """Return it as the registry's structure has it."""
        parts = {
            "label": self.label,
            "type": self.type,
            "description": self.description,
            "interventionNames": [one.title for one in self.interventions],
        }
        return {name: value for name, value in parts.items() if value}


def read_groups(draft: Draft, page: Sections) -> None:
    """Put the groups and the interventions, joined by name."""
    listed = _read_list(page["Interventions"])
    reading = _Groups(draft, listed)
    reading.read(page["Study Groups"])
    for group in reading.groups:
        for one in group.interventions:
            if group.label not in one.groups:
                one.groups.append(group.label)
    draft.put("ArmGroup", [group.entry() for group in reading.groups])
    draft.put("Intervention", [one.entry() for one in listed])


def _read_list(paragraphs: Sequence[Paragraph]) -> list[_Intervention]:
    """Read ``intervention = name description* "Intervention Type" type``."""
    listed: list[_Intervention] = []
    for above, hit in segments(paragraphs, _KIND):
        if above:
            one = _Intervention(
                above[0].plain, hit and read_enum("InterventionType", hit[1]), join_paragraphs(above[1:])
            )
            if one not in listed:
                listed.append(one)
    return listed


class _Groups:
    """Reads the groups.

    ``group = label description* "Group Type" type (none | intervention*)``

    ``intervention = name "Intervention Type" type description*``

    A group without its type is told by a name above the intervention's own.
    """

    def __init__(self, draft: Draft, listed: list[_Intervention]) -> None:
        self.groups: list[_Group] = []
        self._draft = draft
        self._listed = listed
        self._last: _Intervention | None = None

    def read(self, paragraphs: Sequence[Paragraph]) -> None:
        """Read the groups into ``groups``."""
        for above, hit in segments(paragraphs, _GROUP_ROW):
            if hit is None:
                self._end(above)
            elif hit[3]:
                self._open(self._take_description(above, keep=0))
            elif hit[1] == "Group Type":
                self._close_head(self._take_description(above, keep=1), hit[2])
            else:
                self._add(self._take_description(above, keep=1), hit[2])

    def _open(self, head: Sequence[Paragraph]) -> None:
        if head:
            self.groups.append(_Group(head[0].plain, join_paragraphs(head[1:])))
        self._last = None

    def _close_head(self, head: Sequence[Paragraph], kind: str) -> None:
        if not head:
            mark_unread(self._draft, "ArmGroup", [Paragraph(f"Group Type {kind}")])
            return
        self._open(head)
        self.groups[-1].type = read_enum("ArmGroupType", kind)

    def _add(self, above: Sequence[Paragraph], kind: str) -> None:
        if not above:
            mark_unread(self._draft, "Intervention", [Paragraph(f"Intervention Type {kind}")])
            return
        *head, name = above
        if head:
            self._open(head)
        one = self._find(name.plain, read_enum("InterventionType", kind))
        if self.groups:
            self.groups[-1].interventions.append(one)
        self._last = one

    def _find(self, name: str, kind: str | None) -> _Intervention:
        held = self.groups[-1].interventions if self.groups else []
        alike = [one for one in self._listed if one.name == name and one.type in (kind, None)]
        for one in [*(one for one in alike if one not in held), *alike]:
            one.type = kind
            return one
        self._listed.append(_Intervention(name, kind))
        return self._listed[-1]

    def _take_description(self, above: list[Paragraph], keep: int) -> list[Paragraph]:
        """Return *above* without the description of the intervention before it, at least *keep* of them."""
        if self._last is None:
            return above
        words, seen = self._last.description.split(), list[str]()
        for end in range(len(above) - keep + 1):
            if seen == words:
                return above[end:]
            if len(seen) >= len(words) or end == len(above):
                break
            seen += above[end].text.split()
        # Not in the list, or told otherwise there: a description is longer than a name.
        long = len(above) > keep and (len(above) > keep + 1 or keep == 0 or len(above[0].text) > len(above[1].text))
        if not long:
            return above
        note = "Where the intervention's description ends in its group was worked out by length."
        self._draft.mark("ArmGroup", "inferred", note)
        if self._last.description:
            mark_unread(self._draft, "InterventionDescription", above[:1])
        else:
            self._last.description = above[0].text
        return above[1:]

    def _end(self, below: list[Paragraph]) -> None:
        if self._last and not self._last.description:
            self._last.description = join_paragraphs(below)
            return
        mark_unread(self._draft, "ArmGroup", self._take_description(below, keep=0))
