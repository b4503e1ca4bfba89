"""
"Other" before two names that share it: "other cytotoxic drugs or targeted therapies".

::

    shared = "other" words X ("or" | "and/or" | "/") Y      # where nothing is said of Y: of both

Who has the disease that the study treats, or takes what it gives, is not kept out by that.
"""

from __future__ import annotations

import re

from equipoise.criteria.ends import adding
from equipoise.criteria.kinds import GIVEN
from equipoise.criteria.looks import Joint, Mend, Whole
from equipoise.criteria.names import said_of
from equipoise.criteria.shares import LISTED
from equipoise.rules.nodes import Predicate, Rule, changed

_OR = re.compile(r"\s*(?:and/or|or|/)\s*")
_STUDIES = re.compile(r"\b(?:study|trial|device|research)\b")

# What a window tells of may stand behind "other".
_WHEN = re.compile(r"(?:\s(?:concurrent|concomitant|current|simultaneous|prior|previous|ongoing|active))+\Z")


def _likewise(whole: Whole) -> Rule:
    """
    Return a rule with an "other" said of both of two names that share it.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Other cytotoxic drugs or targeted therapies", section="exclusion")[0].reading
    'treatment with chemotherapy, other; or treatment with targeted therapy, other'
    """
    # By the part itself: an equal one may stand elsewhere.
    shared = {id(joint.other) for joint in whole.among_any if _is_shared(whole, joint)}
    if not shared:
        return whole.rule
    return changed(whole.rule, lambda one: adding(one, "other") if id(one) in shared else one)


def _is_shared(whole: Whole, joint: Joint) -> bool:
    one, other = joint.one, joint.other
    if type(one) is not Predicate or type(other) is not Predicate or not _OR.fullmatch(joint.words):
        return False
    alike = one.kind == other.kind or {one.kind, other.kind} <= GIVEN
    if not alike or one.op != other.op or other.op != "present" or said_of(other) or _STUDIES.search(other.name):
        return False
    if one.concept is None or one.concept.span is None:
        return False
    before = _WHEN.sub("", " ".join(whole.words[: one.concept.span[0] - whole.start].split()))
    led = next((text for text in said_of(one) if text.split()[0] == "other" and before.endswith(text)), None)
    return led is not None and not LISTED.search(before[: -len(led)])


MEND = Mend(_likewise, "other", joined=True)
