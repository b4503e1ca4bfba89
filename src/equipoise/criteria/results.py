"""
Results that stand before or behind what they are of: "a negative test for", "greater than grade 1".

::

    tested = ("negative" | "positive") test-word* "for"
    graded = operator "grade" level                       # beside a condition: how grave it is
"""

from __future__ import annotations

from equipoise.criteria.cues import QUALIFIERS
from equipoise.criteria.scanstate import ScanState
from equipoise.terms.cues import word_set
from equipoise.terms.lexicon import Concept
from equipoise.terms.variables import Variable

RESULTS = frozenset(("negative", "positive", "negatively", "positively"))
_TESTS = word_set("scan.tests")
_JOINTS = frozenset((",", "or", "and", "/"))
_GRADES = frozenset(("1", "2", "3", "4", "5", "i", "ii", "iii", "iv", "v"))


class Results(ScanState):
    """Reads such results."""

    def _tested(self, at: int) -> int | None:
        """Read "negative test for": what follows is absent; "positive test for" says nothing more than what follows."""
        context = self.context
        if context.norm(at) not in RESULTS:
            return None
        end = at + 1
        while end - at < 7 and context.norm(end) in _TESTS:
            end += 1
        if context.norm(end) != "for" and not (end > at + 1 and context.norm(end) in ("of", "to")):
            return None
        named = context.named(end + 1) or context.named(end + 2)
        test = named is not None and (isinstance(named[0], Variable) or named[0].kind == "measurement")
        alone = context.norm(at).startswith("positive") or _JOINTS.isdisjoint(context.norms[end + 1 :])
        if test and alone and end > at + 1:
            self._add("quality", at, at + 1)  # "negative test for HIV antibody": a result of that test
            return self._add("light", at + 1, end + 1)
        if named is not None and named[0].kind == "drug" and context.norm(at).startswith("positive"):
            return self._add("quality", at, end)  # "positive screen for alcohol": not whoever drinks
        return self._add("not" if context.norm(at).startswith("negative") else "light", at, end + 1)

    def _condition_graded(self, at: int, place: int) -> int | None:
        """Read "neuropathy > grade 1", "greater than grade 2 rash": how grave that condition is."""
        context, end = self.context, place + 1
        ranged = context.norm(end) in ("-", "to", "or", "/", "and") and context.norm(end + 1) in _GRADES
        if context.norm(place) not in _GRADES or ranged or "including" in context.norms[end : end + 2]:
            return None  # "above grade II (including grade II)"
        before = self.found[-1].predicate if self.found and self.found[-1].kind == "atom" else None
        ahead = context.named(end + (context.norm(end) in QUALIFIERS))
        ill = ahead is not None and isinstance(ahead[0], Concept) and ahead[0].kind == "condition"
        if ill or (before is not None and before.kind == "condition" and before.op == "present"):
            return self._add("quality", at, end)
        return None
