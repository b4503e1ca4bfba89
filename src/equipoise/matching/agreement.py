"""
Criteria that only ask whether the patient consents, or will do what the protocol asks.

A person answers them, and a record may say what that person answered: a fact of kind ``administrative`` named
``informed consent`` or ``protocol compliance``. A criterion counts as such only if each of its words belongs to that
question; "able to swallow tablets" and "health insurance" do not. That an investigator is to judge it does, of
compliance alone: what else they judge, the patient does not promise. Whatever one is willing to do for a study
("willing to fast before each visit") is compliance with it, where the criterion says nothing else; what a body can do
is not, nor what becomes of children.

Criteria that limit nobody ("both sexes", "prior therapy: not specified", "prior therapy with any drug is allowed") ask
nothing of anybody: they let everyone in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from equipoise.matching.verdicts import Asked
from equipoise.rules.nodes import Predicate, Rule, leaves
from equipoise.rules.seen import Seen
from equipoise.terms.allowing import allows_the_past
from equipoise.terms.cues import word_set

CONSENT, COMPLIANCE = "informed consent", "protocol compliance"

_WORDS = word_set("agreement.words")
# One of these makes it a question of consent or of compliance; the others need somebody's will or ability beside them:
# "participation in research" by itself is about another study.
_CONSENTING = word_set("agreement.consenting")
_COMPLYING = word_set("agreement.complying")
_WILLING = word_set("agreement.willing")
_JOINING = word_set("agreement.joining")
_DOING = word_set("agreement.doing")
_JUDGING = word_set("agreement.judging")
# To stay to the end, and not to.
_FOLLOWING, _LOSING = word_set("agreement.following"), word_set("agreement.losing")
# What somebody who complies with a protocol does, and the will to it.
_ACTS = word_set("agreement.acts")
_ABLE = word_set("agreement.able")
_REFUSING, _AGREEING = word_set("agreement.refusing"), word_set("agreement.agreeing")
_WILL = frozenset(("willing", "unwilling", "willingness", "unwillingness"))
# Before a will: whose it is, that it must be, and the other words of the question.
_WHOSE = word_set("agreement.whose")
# What no promise to keep to a protocol covers: what a body can do, a family, what a person judges.
_BODILY, _BEYOND = word_set("agreement.bodily"), word_set("agreement.beyond")
_NAY = frozenset(("not", "no", "never"))
_BEARING = frozenset(("tolerate", "undergo"))
_ASKED_TOO = frozenset(("nonadherence", "cancer screening"))
# What only explains the question: an aside, until when, during what, of which organ.
_ASIDE = re.compile(
    r"\([^()]*\)|^\W*\d{1,2}\.\s|\buntil (?:the )?next [^(),;.]*|\bduring (?:the )?(?:study |trial )?"
    r"(?:treatments?|procedures?|sessions?|imaging|examination)\b|\b(?:\w+ )?cancer (?=screening\b)"
    r"|\b(?:for|of) (?:the|their|his|her|a) child\b"
)
# "Use of protocol-specified methods of contraception": whoever keeps to the protocol uses them.
_SPECIFIED = re.compile(
    r"\b(?:use (?:of )?)?(?:protocol|study)[- ](?:specified|defined|approved|required|mandated) (?:methods? of )?"
    r"(?:contracept\w+|birth control)(?: methods?)?\b"
)
# Why somebody cannot consent: whoever can is not meant, whatever else they have.
_CAUSE = re.compile(
    r"(?P<who>\A[^.;,]*\b(?:unable|inability|incapable|incapacity|cannot|not able)\b[^.;,]*\bconsent(?:\W+form)?)\s"
    r"(?:due to|because of|owing to|as a result of|secondary to)\s(?:[\w/'-]+\s?){1,9}\W*\Z"
)
_WORD = re.compile(r"[a-z][a-z'-]*[a-z']|[a-z]")

# What a criterion that limits nobody consists of; it names a word of either sex, or any of what it does not limit.
_ANYBODY = word_set("nobody.words")
_WOMEN, _MEN = word_set("nobody.women"), word_set("nobody.men")
_ANY = re.compile(
    rf"\b(?:any|all|both|either)\s(?:{'|'.join(sorted(word_set('nobody.any')))})\b"
    r"|\b(?:regardless|irrespective|independent) of\b"
    r"|\b(?:without|no) (?:regard|limits?|restrictions?) (?:to|on|for|of)\b"
)
_UNSAID = re.compile(
    r"(?:[a-z][a-z /-]{0,40}:\s*)?(?:(?:none |not )(?:specified|stated)|see (?:disease|patient) characteristics)\W*"
)


def agreement(text: str, section: str | None = None) -> tuple[str, ...]:
    """
    Return what a criterion asks a person, where that is all it asks: consent, compliance, or both.

    >>> agreement("Unable to give informed consent"), agreement("Patient with health insurance")
    (('informed consent',), ())
    >>> agreement("Willing to sign the consent form and comply with study procedures")
    ('informed consent', 'protocol compliance')
    """
    said = _SPECIFIED.sub("comply", _ASIDE.sub(" ", _lowered(text))).replace("/", " ").replace("follow up", "follow-up")
    words = {word.removesuffix("'s") for word in _WORD.findall(_CAUSE.sub(r"\g<who>", said))}
    if _does(words, section):
        return (COMPLIANCE,)
    if not words or not words <= _WORDS or (words & _JUDGING and not words & (_COMPLYING | _FOLLOWING)):
        return ()
    willing = not words.isdisjoint(_WILLING)
    consent = not words.isdisjoint(_CONSENTING) or (willing and not words.isdisjoint(_JOINING))
    comply = not words.isdisjoint(_COMPLYING) or (willing and not words.isdisjoint(_DOING))
    # Who is at risk to be lost to follow-up may not do what the protocol asks.
    comply = comply or (not words.isdisjoint(_LOSING) and not words.isdisjoint(_FOLLOWING))
    comply = comply or _bears(words)
    return (*((CONSENT,) if consent else ()), *((COMPLIANCE,) if comply else ()))


def _lowered(text: str) -> str:
    return text.lower().replace("’", "'")


def _bears(words: set[str]) -> bool:
    """Return whether it is asked who can and will bear what the study does: its screening, the position it needs."""
    able = not words.isdisjoint(_ABLE)
    both = able and not words.isdisjoint(_WILL) and not words.isdisjoint(_BEARING)
    return both or (able and {"undergo", "screening"} <= words)


def _does(words: set[str], section: str | None) -> bool:
    """
    Return whether a criterion asks for the will to take part in what the study does: taking tablets, being enrolled.

    Whether somebody is able to is not a question of will; nor is it the study's doing that an inclusion wants refused.
    """
    if not words <= _WORDS | _ACTS or words.isdisjoint(_ACTS) or not words.isdisjoint(_ABLE | _CONSENTING | _JUDGING):
        return False
    return not words.isdisjoint({"exclusion": _REFUSING, "inclusion": _AGREEING}.get(section or "", frozenset[str]()))


def _promises(asked: Asked) -> tuple[str, ...]:
    """Return what somebody who does all that a criterion wants them to be willing to do agrees to, or nothing."""
    words = [word.removesuffix("'s") for word in _WORD.findall(_lowered(asked.text).replace("/", " "))]
    at = next((place for place, word in enumerate(words) if word in _AGREEING | _REFUSING), None)
    if at is None or "to" not in words[at : at + 5] or not set(words[:at]) <= _WHOSE or _has(words[:at]):
        return ()
    negated = not _NAY.isdisjoint(words[:at])
    refused = negated if words[at] in _AGREEING else not negated
    able = not _ABLE.isdisjoint(words[: at + 3])
    deed = set(words[at + 3 :]) | (set(words[at + 1 : at + 3]) - _ABLE)
    if refused != (asked.section == "exclusion") or deed & _BEYOND or (able and deed & _BODILY):
        return ()
    return (*((CONSENT,) if deed & _CONSENTING else ()), COMPLIANCE)


def _has(words: Sequence[str]) -> bool:
    """Return whether words before a will say that something is there already: "has, or is willing to have, …"."""
    return "or" in words and bool({"has", "have"} & set(words))


def asks_only_agreement(asked: Asked) -> tuple[str, ...]:
    """Return what a criterion asks a person, where neither its words nor its rule ask for anything else."""
    if not asked.text or not _only_people(asked):
        return ()
    wanted = agreement(asked.text, asked.section)
    return wanted if wanted or not _only_promises(asked.rule) else _promises(asked)


def _only_promises(rule: Rule | None) -> bool:
    """Return whether a rule was read whole, and asks for consent and compliance alone."""
    found = list(leaves(rule))
    return bool(found) and all(
        isinstance(one, Predicate) and one.kind == "administrative" and one.name in (CONSENT, COMPLIANCE)
        for one in found
    )


def limits_nobody(rule: Rule | None, section: str | None, text: str) -> bool:
    """
    Return whether a criterion has no rule because everyone fulfils it.

    >>> limits_nobody(None, "inclusion", "Both sexes"), limits_nobody(None, "inclusion", "Male or female adults")
    (True, False)
    >>> limits_nobody(None, "exclusion", "Males and females"), limits_nobody(None, "exclusion", "Not specified")
    (False, True)
    """
    if rule is not None or not text:
        return False
    said = " ".join(text.lower().replace("’", "'").replace("/", " ").replace("\\", " ").split())
    if _UNSAID.fullmatch(said) or (section == "inclusion" and allows_the_past(said)):
        return True
    words = set(_WORD.findall(said))
    both = not words.isdisjoint(_WOMEN) and not words.isdisjoint(_MEN)
    if section != "inclusion" or not words <= _ANYBODY or ("children" in words and not both):
        return False  # "children of any race": no adults
    return both or _ANY.search(said) is not None


# What a criterion may ask a person, each as a bit; and that it asks nothing, which is none of these.
ASKED = (CONSENT, COMPLIANCE)
NOTHING = 1 << len(ASKED)


def agreement_asked(rule: Rule | None, section: str | None, text: str) -> int:
    """Return what a criterion asks a person, where that is all it asks, as the bits of `ASKED`; or `NOTHING`."""
    if limits_nobody(rule, section, text):
        return NOTHING
    wanted = asks_only_agreement(Asked("", section, rule, text))
    return sum(1 << place for place, one in enumerate(ASKED) if one in wanted)


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
    # "Unable to consent due to dementia": a demented patient who can is not meant.
    caused = asked.section == "exclusion" and _CAUSE.search(_lowered(asked.text)) is not None
    return all(
        one.kind == "administrative" or one.name in _ASKED_TOO or (caused and one.kind == "condition") for one in found
    )
