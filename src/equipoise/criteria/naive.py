"""
"X-naive": never treated with X.

::

    naive = treatment "-"? ("treatment" | "therapy")? "naive"     # no such treatment, now or before

"For taxane-naive patients, …" says of whom the rest is asked, "naive or experienced" asks nothing of it: both are
left. Before the name of a disease ("docetaxel-naive prostate cancer") the words stay a qualifier of it: whether another
disease was treated so is open.
"""

from __future__ import annotations

import msgspec

from equipoise.criteria.context import Context
from equipoise.criteria.join import negation
from equipoise.criteria.kinds import GIVEN
from equipoise.rules.nodes import Predicate, Rule
from equipoise.terms.lexicon import Concept

# Of these it says that they are not taken, whatever was taken years ago.
_LOOSELY = frozenset(
    ("opioid", "corticosteroid", "inhaled corticosteroid", "analgesic", "nonsteroidal anti-inflammatory")
)
_GIVEN = frozenset(("treatment", "therapy", "therapies", "treatments"))


def never_had(context: Context, rule: Predicate, first: int, last: int) -> tuple[Rule, int] | None:
    """Return that a treatment named up to a token was never had, and the next token, where "naive" stands there."""
    at = last + (context.norm(last) in _GIVEN)
    if context.norm(at) != "naive" or context.norm(at + 1) in ("to", "for"):
        return None
    if rule.kind not in GIVEN or rule.name in _LOOSELY:
        return None
    if context.norm(first - 1) in ("for", "in", "among") or "experienced" in context.norms:
        return None
    ahead = context.named(at + 1)
    if ahead is not None and isinstance(ahead[0], Concept) and ahead[0].kind == "condition":
        return None
    if rule.kind == "drug":
        rule = msgspec.structs.replace(rule, qualifier=("history of", *rule.qualifier))
    return negation(rule), at + 1
