"""
What says of which of several values a limit is: "mean IOP", "peak troponin", "resting heart rate".

A name of a variable may take such a word in. Where the variable's own name does not hold it, it is kept as a
qualifier: a limit of a mean says nothing of a single value.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from equipoise.criteria.elements import Element
from equipoise.rules.nodes import Predicate, changed

_WHICH = frozenset(("mean", "average", "median", "peak", "maximum", "maximal", "highest", "lowest", "nadir"))
_STATES = frozenset(("fasting", "resting", "postprandial", "random", "nonfasting", "diurnal", "nocturnal"))
_BOUNDS = frozenset(("maximum", "maximal"))
_SIGNS = frozenset((">", "<", "≥", "≤", ">=", "<=", "above", "below", "greater", "less", "over", "under", "higher"))
# The longest of a lesion is its size, and what one does in a week is told as a mean.
_SIZES = frozenset(("size", "diameter", "thickness", "length", "depth", "width"))
_RATES = frozenset(("intake", "consumption", "drinks", "alcohol", "cigarettes", "smoking", "days", "frequency", "use"))
# These hardly change with a meal.
_STEADY = frozenset(("cholesterol", "lipoprotein"))


def of_which(found: Sequence[Element], place: int) -> None:
    """Keep the word by which a limit is of a mean, a peak or a state, where the name took it in or it seemed light."""
    one, before = found[place], found[place - 1] if place else None
    words = one.text.split()
    rule = one.predicate
    if one.rule is None or (rule is not None and (rule.kind != "measurement" or rule.op in ("present", "absent"))):
        return
    said = [word for word in words[:4] if word in _WHICH or word in _STATES]
    if before is not None and before.kind == "light" and before.text in _WHICH and rule is not None:
        said.insert(0, before.text)
    if _SIGNS.isdisjoint(words):
        said = [word for word in said if word not in _BOUNDS]  # "maximum serum creatinine of 2": the limit itself
    if not said:
        return

    def told(leaf: Predicate) -> Predicate:
        if leaf.kind != "measurement" or leaf.op in ("present", "absent"):
            return leaf
        own = set(leaf.name.split())
        if not own.isdisjoint(_RATES):
            return leaf
        new = [word for word in said if word not in own and word not in leaf.qualifier]
        new = [] if not own.isdisjoint(_SIZES) else new
        new = [word for word in new if word not in _STATES or own.isdisjoint(_STEADY)]
        return msgspec.structs.replace(leaf, qualifier=(*new, *leaf.qualifier)) if new else leaf

    one.rule = changed(one.rule, told)
