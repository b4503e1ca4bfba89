"""
A criterion and those nested in it, as one rule.

::

    asked = "at least" count "of" | "any of" | "one of" | "all of" | nothing

Where the head does not say how many of the items it asks for, the last words of the items may ("…; or"). Else
items under Exclusion count one by one, and under Inclusion all must hold; but names alone in a list under
Inclusion ("carcinoma of: / breast / ovary") may be alternatives, so there the rule answers only what both say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from equipoise.criteria.counted import some_of
from equipoise.criteria.genus import as_active, is_genus, listed_as
from equipoise.criteria.headed import conditional, of_some
from equipoise.criteria.join import doubted
from equipoise.criteria.records import Side
from equipoise.rules.nodes import All, AnyOf, Left, Not, Predicate, Rule, Span, Unless, all_of, any_of, leaves

Part = tuple[Rule | None, Span, str]

_COUNT = re.compile(
    r"(?:at\s+least|≥|>=|minimum\s+of|any)?\s*\b(one|two|three|four|five|six|[1-6])\b(?:\s*\(\s*\d\s*\))?(?:\s+or\s+more)?"
    r"(?:\s+(?:additional|other|major|minor))?\s+(?:of|from)\b",
    re.IGNORECASE,
)
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_ANY = re.compile(
    r"\b(?:any|either|one)\s+(?:\w+\s+)?(?:of|criteri\w+)\b|\bone\s+or\s+more\b|\bor\s*:?\s*\Z|\beither\s*:?\s*\Z",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"\b(?:all|both|each)\s+(?:of\b|the\s+following|following)|\bmust\s+(?:meet|have|fulfil\w*)\s+all\b", re.IGNORECASE
)
_EXAMPLES = re.compile(r"\b(?:such as|includ\w+|e\.g\.|for example|but not limited to)\b[^.;]{0,40}\Z", re.IGNORECASE)
_EXCEPT = re.compile(
    r"\b(?:except\w*|unless|excluding|other than|exceptions?)\b[^.;]{0,60}:?\s*\Z",
    re.IGNORECASE,
)
# "The following are allowed:", and, of what follows, on which terms: "allowed if:".
_ALLOWED = re.compile(
    r"(?P<not>\b(?:not|never|cannot)\s+(?:be\s+)?(?:considered\s+)?|\bin|\b)(?P<word>allowed|permitted|permissible|eligible"
    r"|acceptable)\b(?P<rest>[^.;]{0,60}):?\s*\Z",
    re.IGNORECASE,
)
_TERMS = re.compile(r"\b(?:if|when|provided|who|only|unless|as long as)\b", re.IGNORECASE)
# "At least two risk factors:", where nothing says "of".
_COUNTED = re.compile(
    r"\b(?:at\s+least|minimum\s+of|≥|>=)\s*(one|two|three|four|five|six|[1-6])\s+(?:[\w/-]+\s+){0,5}(?:signs?|symptoms?"
    r"|criteri\w+|factors?|features?|abnormalit\w+|conditions?|findings?|characteristics?|manifestations?|parameters?"
    r"|items|components|indications?|comorbidit\w+)\b(?:(?!\b(?:and|all|follow\w+)\b)[^:.;]){0,80}:?\s*\Z",
    re.IGNORECASE,
)
# "Excluded within 30 days of study entry:", which the compiler gives to the items.
_TIMED = re.compile(
    r"\A(?:\w+\s+){0,2}(?:within|during|in)\s+(?:the\s+)?(?:last\s+|past\s+|previous\s+)?\w+\s+(?:hours|days|weeks|months|years)\b[^.;,]{0,60}:?\s*\Z",
    re.IGNORECASE,
)
# "You can join if you:", which only leads to what follows.
_ON = re.compile(
    r"\b(?:if|who|they|you|must|should|that|are|is|be|have|has|had|with|to|by|of|in|requires?|criteri\w+|follows)\s*:?\s*\Z",
    re.IGNORECASE,
)
# "Menopause, defined as:".
_DEFINED = re.compile(r"\bdefin(?:ed|ition)\b[^.;]{0,30}\Z", re.IGNORECASE)
# Words of a head that only say that a list follows.
_LABEL = re.compile(
    r"\b(?:following|criteri\w+|defined|function\w*|values?|parameters?|laborator\w+|tests?|results?|adequate|below|history|conditions?|diseases?|as|includ\w+"
    r"|acceptable|requirements?|abnormal\w*|labs?|findings?|organ|evidence|reserve|one|any|all|either|both|meet\w*|least|inadequate|impaired|risk)\b",
    re.IGNORECASE,
)


def asked(head: str, side: Side) -> tuple[str, int]:
    """
    Return what a head asks of its items: ``some`` and how many, ``all``, or nothing.

    >>> asked("at least two of the following:", "inclusion")
    ('some', 2)
    """
    found = _COUNT.search(head) or _COUNTED.search(head)
    if found is not None:
        word = found[1].lower()
        return "some", _NUMBERS.get(word) or int(word)
    if _ALL.search(head):
        return "all", 0
    if _ANY.search(head):
        return "some", 1
    return "", 0


def leads(own: Rule, head: str, side: Side) -> bool:
    """Return whether a head, read as *own*, says how many of its items it asks for, or only that they follow."""
    head = head.replace("\\", "").strip(" *_")
    nothing = not any(isinstance(leaf, Predicate) for leaf in leaves(own))
    says_little = nothing and (_is_label(head) or _TIMED.search(head) is not None or _ON.search(head) is not None)
    return says_little or bool(asked(head, side)[0])


def combine(
    own: Rule | None, span: Span, head: str, parts: Sequence[Part], side: Side, *, negated: bool = False
) -> Rule | None:
    """Return the rule of a head and its items; an item that was not understood stands in it as `Left`.

    *negated*: the head's negation reaches over its items: "no prior treatment with:".
    """
    rules: list[Rule] = [rule if rule is not None else Left(where) for rule, where, _ in parts]
    head = head.replace("\\", "").strip(" *_")
    allowed = _ALLOWED.search(head)
    if allowed is not None and (told := _allowance(own, span, (allowed, head), rules, side)) is not None:
        return told
    if _EXCEPT.search(head):
        exception = any_of(rules)
        assert exception is not None
        return Unless(own if own is not None and not isinstance(own, Left) else Left(span), exception)
    rules = as_active(rules, head, [text for _, _, text in parts]) if _EXAMPLES.search(head) else rules
    if negated:
        return _none_but(own, rules, span) if side == "inclusion" else _none_of(own, rules)
    how, count = asked(head, side)
    items = _items(how, count, rules, parts, side)
    if _DEFINED.search(head) and not how and side == "inclusion" and len(rules) > 1 and not _limits_only(rules):
        # "Menopause, defined as: no menses for a year / ovaries removed": all of it, or what counts each
        items = AnyOf((items, all_of([any_of(rules) or items, Left(span)]) or items))
    if own is None or (isinstance(own, Left) and (_is_label(head) or _TIMED.search(head))):
        return items
    if side == "inclusion" and of_some(own, head):
        return conditional(own, items, head, span, exclusion=False)
    if _is_woman(own) and side == "inclusion":
        # "Women who: are sterile": of a man nobody knows whether the study takes him.
        return AnyOf((All((own, items)), All((Not(own), Left(span)))))
    if _EXAMPLES.search(head) and (not how or (side == "exclusion" and count == 1)):
        if side == "inclusion" and _is_denial(own) and type(own) is not AnyOf:
            return _none_but(own, rules, span)  # "no heart disease, including (but not limited to):"
        return any_of([own, *rules])  # "heart disease, including any of the following:" has all of it
    if isinstance(own, Predicate) and own.op == "present" and is_genus(own, head, span[0]):
        return listed_as(items, own)
    if side == "exclusion" and not how and not head.endswith((":", "：")) and not isinstance(own, Left):
        either = all_of([any_of([own, items]) or items, Left(span)])
        both = all_of([own, items])
        assert both is not None and either is not None
        return AnyOf((both, either))  # a head with its items, or one more on the list
    return all_of([own, items])


def _allowance(
    own: Rule | None, span: Span, said: tuple[re.Match[str], str], rules: list[Rule], side: Side
) -> Rule | None:
    """
    Return what "the following are allowed:" makes of its list, or None where the list is asked for like any other.

    What is allowed is taken out under Exclusion, and asks for nothing under Inclusion; what is *not* allowed must not
    be. "Eligible if:" asks for what follows.
    """
    found, head = said
    kept = own if own is not None and not isinstance(own, Left) else None
    either, both = any_of(rules), all_of(rules)
    assert either is not None and both is not None
    terms = _TERMS.search(found["rest"]) is not None
    if found["not"]:
        if side == "exclusion" or terms:
            return None if side == "exclusion" else all_of([kept or Left(span), Left(span)])
        return _none_of(own, rules)
    if side == "inclusion":
        eligible = found["word"].lower() == "eligible"
        return None if eligible and terms else _shown(all_of([one for one in (kept, either) if one is not None]), span)
    taken = both if terms and not _ANY.search(head) else either
    return Unless(kept or Left(span), taken)


def _shown(rule: Rule | None, span: Span) -> Rule | None:
    """Return what is only said, and decides nothing."""
    return None if rule is None else doubted(rule, span)


def _none_of(own: Rule | None, rules: Sequence[Rule]) -> Rule | None:
    """Return the rule that nothing of a list holds, nor what its head names ("no antithrombotics, including:")."""
    inner: list[Rule] = []
    if isinstance(own, Not):
        inner.append(own.rule)
    elif isinstance(own, Predicate) and own.op == "absent":
        inner.append(msgspec.structs.replace(own, op="present"))
    elif own is not None and not isinstance(own, Left):
        return all_of([own, Not(any_of(rules) or own)])
    kept = any_of([one for one in inner if not isinstance(one, Left)] + list(rules))
    return None if kept is None else Not(kept)


def _none_but(own: Rule | None, rules: Sequence[Rule], span: Span) -> Rule | None:
    """
    Return that nothing of a list holds, beside what its items deny or allow by themselves.

    "No radiotherapy: / palliative radiotherapy allowed if …": who has what is allowed may have what is denied, perhaps.
    """
    apart = [one for one in rules if _is_denial(one)]
    none = _none_of(own, [one for one in rules if one not in apart])
    strict = all_of([one for one in (none, *apart) if one is not None])
    allowed = any_of([_denied(one.rules[0]) for one in apart if type(one) is AnyOf])
    if allowed is None or type(none) is not Not or strict is None:
        return strict
    loose = all_of([Not(Unless(none.rule, allowed)), *apart, Left(span)])
    return strict if loose is None else AnyOf((strict, loose))


def _denied(rule: Rule) -> Rule:
    """Return what a denial denies."""
    if type(rule) is AnyOf:
        return _denied(rule.rules[0])
    if type(rule) is Not:
        return rule.rule
    return msgspec.structs.replace(rule, op="present") if type(rule) is Predicate else rule


def _is_denial(rule: Rule) -> bool:
    """
    Return whether an item denies, or allows, by itself: under "no metastases:" it is none of what is not wanted.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> pain = Predicate(kind="condition", concept=ConceptRef("pain"))
    >>> _is_denial(pain), _is_denial(Not(pain)), _is_denial(AnyOf((Not(pain), pain)))
    (False, True, True)
    """
    if type(rule) is AnyOf:
        return _is_denial(rule.rules[0])
    return type(rule) is Not or (type(rule) is Predicate and rule.op == "absent")


def _is_woman(rule: Rule) -> bool:
    """Return whether a head only says of which sex it speaks."""
    return isinstance(rule, Predicate) and rule.name == "sex" and rule.op == "=" and not rule.qualifier


def _is_label(head: str) -> bool:
    return head.endswith(":") and bool(_LABEL.search(head))


def _items(how: str, count: int, rules: list[Rule], parts: Sequence[Part], side: Side) -> Rule:
    if how == "some":
        rule: Rule | None = some_of(count, rules, parts[-1][1])
    elif how == "all":
        rule = all_of(rules)
    else:
        rule = _unasked(rules, parts, side)
    assert rule is not None
    return rule


def _limits_only(rules: Sequence[Rule]) -> bool:
    """Return whether each of a list sets a limit to a result: organs work only where all of them are met."""
    facts = [[leaf for leaf in leaves(rule) if isinstance(leaf, Predicate)] for rule in rules]
    limits = [any(leaf.kind == "measurement" for leaf in each) for each in facts if each]
    return all(limits) and (len(limits) == len(rules) or len(limits) > 1)


def _unasked(rules: list[Rule], parts: Sequence[Part], side: Side) -> Rule | None:
    said = {
        match[1].lower()
        for _, _, text in parts[:-1]
        if (match := re.search(r"[\s,;](and/or|or|and)\W*\Z", text, re.IGNORECASE))
    }
    if said & {"or", "and/or"} and "and" not in said:
        return any_of(rules)
    if said == {"and"} and side == "inclusion":
        return all_of(rules)
    if side == "exclusion" and not said:
        return any_of(rules)
    if len(rules) > 1 and (side == "exclusion" or all(_is_name(rule) for rule in rules)):
        both, one = all_of(rules), any_of(rules)
        assert both is not None and one is not None
        between = (parts[0][1][1], parts[1][1][0])
        doubtful = all_of([one, Left(between)])
        assert doubtful is not None
        return AnyOf((both, doubtful))
    return all_of(rules)


def _is_name(rule: Rule) -> bool:
    """Return whether a rule names something one may have, rather than sets a limit or keeps something out."""
    if isinstance(rule, (Not, Unless)):
        return False
    facts = [leaf for leaf in leaves(rule) if isinstance(leaf, Predicate)]
    return bool(facts) and all(leaf.kind in ("condition", "variant") and leaf.op == "present" for leaf in facts)
