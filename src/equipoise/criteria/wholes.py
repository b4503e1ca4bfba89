"""What the items of a list are together, once all of it was read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from equipoise.criteria.counted import after_unread, some_of
from equipoise.criteria.elements import Element
from equipoise.criteria.join import join
from equipoise.criteria.leading import lead_on
from equipoise.criteria.names import Names, spread
from equipoise.criteria.trailing import graded_too, lasting_too, of_all, perhaps_of_all, reacted_too
from equipoise.rules.nodes import Rule, all_of

if TYPE_CHECKING:
    from equipoise.criteria.grammar import Grammar


class Wholes(Names):
    """Makes one rule of the items of a list."""

    def __init__(self, grammar: Grammar, elements: Sequence[Element], *, each: bool) -> None:
        super().__init__(grammar, elements, each=each)
        self.asked: int | str | None = None
        self.firm = False

    def _whole(self) -> Rule | None:
        if (shared := of_all(self.items, each=self.each) if self.items else False) is not False:
            return self._with_last(sure=bool(shared))
        if isinstance(self.asked, int) and len(self.items) > 1:
            return some_of(self.asked, [item.rule for item in self.items], self.items[-1].span)
        if self.joint == "or":  # "shock, renal failure, or both"
            for item in self.items[1:]:
                item.joint = "or" if item.joint == "comma" else item.joint
        for place, item in enumerate(self.items):
            if not place or item.joint in ("or", "and"):
                spread(self.items[place:])  # "infection, or severe angina, arrhythmia or heart failure"
        if self.items:
            lead_on(self.items, self.grammar.words, self.elements[0].span[0])
            reacted_too(self.items)
            graded_too(self.items, self.grammar.words)
            lasting_too(self.items, self.grammar.words)
        after_unread(self.items)
        if self.asked == "all":
            return all_of([item.rule for item in self.items])
        return join(self.items, each=self.each, doubt=not self.negated and not self.firm)

    def _with_last(self, *, sure: bool) -> Rule | None:
        """Return a list with the limit at its end, which is of all of it; where that is not *sure*, perhaps."""
        narrow = None if sure else join(self.items, each=self.each, doubt=False)
        last = self.items.pop()
        wide = all_of([one for one in (self._whole(), last.rule) if one is not None])
        return wide if narrow is None or wide is None else perhaps_of_all(wide, narrow, last)
