"""
Criteria that only ask whether the patient consents, or will do what the protocol asks.

A person answers them, and a record may say what that person answered: a fact of kind ``administrative`` named
``informed consent`` or ``protocol compliance``. A criterion counts as such only if each of its words belongs to that
question; "able to swallow tablets", "health insurance" and "in the opinion of the investigator" do not.
"""

from __future__ import annotations

import re

from equipoise.matching.verdicts import Asked
from equipoise.rules.nodes import Predicate, leaves
from equipoise.rules.seen import Seen

CONSENT, COMPLIANCE = "informed consent", "protocol compliance"

_WHO = (
    "a an the of to for in by and or from with on at any who whom are is be been has have having had do does did "
    "will must can may should their his her its this that it all as patient patients patient's patients' subject "
    "subjects subject's participant participants individual individuals person persons people study studies trial "
    "research clinical enrolled enrollment enrolment voluntary voluntarily parent parents guardian guardians legal "
    "legally authorized authorised representative representatives relative relatives family required obtained "
    "prior before entering"
)
_AGREE = (
    "informed consent consents consenting consented assent form forms icf written sign signed signs signing signature "
    "give gives given giving provide provides provided providing agree agrees agreed agreement accept accepts "
    "acceptance participate participation participating able unable ability inability willing unwilling willingness "
    "unwillingness refuse refuses refused refusing refusal lack lacking absence no not none non without full "
)
_COMPLY = (
    "comply complying compliance compliant noncompliance noncompliant adhere adherence adhering follow following "
    "cooperate cooperation protocol requirements requirement procedures procedure instructions visits visit schedule "
    "scheduled follow-up complete attend"
)
_CONSENT_WORDS = frozenset((_WHO + " " + _AGREE).split())
_ALL_WORDS = _CONSENT_WORDS | frozenset(_COMPLY.split())
_AGREEING = frozenset(("consent", "consents", "consented", "assent", "participate", "participation", "icf"))
_COMPLYING = frozenset(_COMPLY.split()) - {"procedure", "visit", "follow", "following", "complete", "attend"}
_WORD = re.compile(r"[a-z][a-z'-]*[a-z']|[a-z]")


def agreement(text: str) -> tuple[str, ...]:
    """
    Return what a criterion asks a person, where that is all it asks: consent, compliance, or both.

    >>> agreement("Unable to give informed consent"), agreement("Patient with health insurance")
    (('informed consent',), ())
    >>> agreement("Willing to sign the consent form and comply with study procedures")
    ('informed consent', 'protocol compliance')
    """
    words = _WORD.findall(text.lower().replace("’", "'").replace("/", " "))
    if not words or not _ALL_WORDS.issuperset(words):
        return ()
    asked = (CONSENT,) if not _AGREEING.isdisjoint(words) else ()
    return (*asked, COMPLIANCE) if not _COMPLYING.isdisjoint(words) else asked


def asks_only_agreement(asked: Asked) -> tuple[str, ...]:
    """Return what a criterion asks a person, where neither its words nor its rule ask for anything else."""
    return agreement(asked.text) if asked.text and _only_people(asked) else ()


def agreed(wanted: tuple[str, ...], seen: Seen) -> tuple[bool | None, tuple[str, ...]]:
    """Return whether the record says that the patient agrees to what is wanted, and the facts that say so."""
    facts = [one for one in seen.facts if one.kind == "administrative" and one.name in wanted]
    if any(one.assertion == "absent" for one in facts):
        return False, tuple(one.id for one in facts if one.assertion == "absent")
    given = [one for one in facts if one.assertion == "present"]
    if wanted and {one.name for one in given} == set(wanted):
        return True, tuple(one.id for one in given)
    return None, ()


def _only_people(asked: Asked) -> bool:
    found = [one for one in leaves(asked.rule) if isinstance(one, Predicate)]
    return all(one.kind == "administrative" or one.name == "nonadherence" for one in found)
