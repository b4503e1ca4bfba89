"""
A member of a list that was kept as words in front of the next: "peptic ulcer or drug-related bleeding".

::

    swallowed = X ("or" | "and/or") ("related" | cause "-induced" | …) name     # X, or such a name

X must be what the lexicon knows, of the kind of the name behind it.
"""

from __future__ import annotations

import re

import msgspec

from equipoise.criteria.context import reference
from equipoise.criteria.looks import Mend, Whole
from equipoise.rules.nodes import Not, Predicate, Rule, any_of, changed
from equipoise.terms.lexicon import lexicon

_MEMBER = re.compile(
    r"(?P<own>[a-z0-9][\w' -]*?),? (?:or|and/or) (?:to )?(?:any )?"
    r"(?P<kind>(?:other )?(?:[\w-]+[ -])?(?:related|associated|induced|mediated|caused))\Z"
)
# What says how far a tumor went is no other disease than the tumor.
_SPREAD = re.compile(r"(?:non-?)?(?:metasta|advanc|recurr|relaps|refractor|resist|progress|unresect|resid|primary)")
_KINDS = {"condition": "condition", "drug": "drug", "procedure": "procedure", "allergy": "drug"}


def _swallowed(whole: Whole) -> Rule:
    """
    Return a rule with what was swallowed as a member of its own.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Gastritis or aspirin-induced bleeding", section="exclusion")[0].reading
    'gastritis; or bleeding, aspirin-induced'
    """
    done = set[str]()

    def change(one: Predicate) -> Rule:
        kind = _KINDS.get(one.kind)
        for text in one.qualifier if kind is not None and one.op in ("present", "absent") else ():
            found = _MEMBER.match(text)
            if found is None or _SPREAD.match(found["own"]) or found["own"] in found["kind"]:
                continue
            known, at = lexicon().find(found["own"]), whole.words.find(text)
            if known is None or known.kind != kind or at < 0:
                continue
            rest = tuple(said for said in one.qualifier if said != text)
            own = msgspec.structs.replace(one, op="present", qualifier=(found["kind"], *rest))
            place = whole.start + at
            member = msgspec.structs.replace(
                own, concept=reference(known, (place, place + len(found["own"]))), qualifier=rest
            )
            either = any_of([own] if text in done else [member, own]) or one
            done.add(text)
            return either if one.op == "present" else Not(either)
        return one

    return changed(whole.rule, change)


MEND = Mend(_swallowed, parts="related associated induced mediated caused")
