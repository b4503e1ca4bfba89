"""
Results: a variable and its value, with the unit where one is stated.

``result = variable filler* value unit?`` with fillers such as "of", "is", "was", ":" and "=".
"""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.criteria.context import Context, codes_of
from equipoise.criteria.limits import tidy
from equipoise.notes.drafts import Draft
from equipoise.terms.variables import Variable

_FILLERS = frozenset(("of", "is", "was", "are", "were", ":", "=", "at", "count", "level", "a", "an", "to", "the"))


def read_results(context: Context, taken: set[int]) -> Iterator[Draft]:
    """Yield a draft for each result, and add its tokens to *taken*."""
    for at in range(len(context.tokens)):
        named = None if at in taken else context.named(at)
        if named is None or not isinstance(named[0], Variable):
            continue
        variable, end = named
        place = end
        while place < len(context.tokens) and context.norm(place) in _FILLERS and place - end < 4:
            place += 1
        quantity = context.quantity(place)
        if quantity is None or context.norm(quantity.end) in ("/", "-", "to"):
            continue
        taken.update(range(at, quantity.end))
        yield Draft(
            kind="measurement",
            name=variable.name,
            codes=codes_of(variable),
            value=tidy(quantity.value),
            unit=quantity.unit,
            span=(context.tokens[at].start, quantity.stop),
        )
