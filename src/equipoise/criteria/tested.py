"""
What a test found, where its word stands beside the infection that was looked for, or beside the tests themselves.

::

    found   = result infection test+                      # "positive COVID-19 PCR test result"
            | infection test+ be? result "result"?        # "COVID-19 PCR positive", "malaria test is negative"
            | infection "positive" (test+ | "(" test+ ")")   # "HIV-1 positive result"
    result  = "positive" | "negative"
    test    = "test" | "testing" | "PCR" | "RT-PCR" | "antigen test" | "swab" | "result" …
    serum   = ("seropositive" | "seropositivity") ("for" | "to" | "of") infection | HIV "seropositive" "status"
    neither = infection ("," | "and") … infection "negative"      # none of them
    both    = receptor "and" receptor result              # that result of both
    each    = "positive" finding ("," | "or" …) finding … # a finding, HBsAg, is a test of its own: a result of each
    of      = finding … "result" | "positive for" finding

The test is passed over here, so that the infection is asked for; `proofs` keeps it in the words of the infection.
What no test found is denied of now, but under Exclusion: there it stays in doubt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from equipoise.criteria.elements import Element
from equipoise.criteria.kinds import LISTING, NOW
from equipoise.rules.nodes import Predicate

INFECTION = re.compile(
    r"hepatitis|\bhiv\b|virus|viral|infection|syphilis|covid|influenza|malaria|immunodeficiency syndrome"
)
# These are found by their antibodies, which stay when the infection has gone.
_LASTING = re.compile(r"hepatitis|tubercul|syphilis")
_RESULTS = frozenset(("result", "results"))
_TESTS = _RESULTS | {"test", "tests", "testing"}
# Of the germ itself; beside a tumor, pCR is a response.
_OF_GERMS = frozenset(("pcr", "swab", "swabs", "rt-pcr"))
_KNOWN = frozenset(("rt pcr test", "antigen test"))
_SERUM = frozenset(("seropositive", "seropositivity"))
_POSITIVE_FOR = frozenset(("positive for", "tested positive for"))
_HIV = frozenset(("hiv infection", "hiv 1 infection", "hiv 2 infection"))
_COUNTS = frozenset(("two", "three", "2", "3", "consecutive", "repeated", "repeat", "serial"))
_BE = frozenset(("is", "are", "was", "were"))
_ENDS = frozenset(("stop", "comma", "or", "and", "close", "time"))
_FINDING = re.compile(r"antibod|antigen|\btest\b|serolog|\brna\b|\bdna\b")

WORDS = frozenset(("positive", "negative", "seronegative")) | _SERUM | _RESULTS | _POSITIVE_FOR


def read_result(found: Sequence[Element], place: int, *, exclusion: bool) -> None:
    """Read what a test found at one of `WORDS`, or at a name that holds its result, in place."""
    one = found[place]
    if one.kind == "atom" and one.text not in WORDS:
        _behind(found, place, place)
    elif one.kind == "quality" and one.text not in _SERUM:
        denied = exclusion and one.text != "positive"  # whom nobody tested is not kept out
        if denied or not _beside(found, place):
            _both(found, place)
            (_each if one.text == "positive" else _neither)(found, place)
    elif one.text in _SERUM:
        _in_serum(found, place)
    elif one.text in _RESULTS and one.kind == "word":
        _result_of(found, place)
    elif one.text in _POSITIVE_FOR and one.kind == "light":
        _positive_for(found, place)


def _beside(found: Sequence[Element], place: int) -> bool:
    """Read a result beside an infection and its tests: the infection is asked for, or denied."""
    end = _past_tests(found, place + 2)
    if end > place + 2 and _found(found, place, place + 1, (place + 2, end)):
        return True
    be = place
    while be and found[be - 1].kind == "light" and found[be - 1].text in _BE:
        be -= 1
    first = be
    while first and _is_test(found[first - 1]):
        first -= 1
    if first < be:
        return bool(first) and _found(found, place, first - 1, (first, _past_tests(found, place + 1)))
    return 0 < place == be and _behind(found, place, place - 1)


def _behind(found: Sequence[Element], place: int, at: int) -> bool:
    """Read tests behind a result, and behind the infection at a place, which may hold it: "HIV positive result"."""
    end = _past_bracket(found, place + 1)
    if not end:
        end = _past_tests(found, place + 1)
        if end == place + 1 or not _ends(found, end):
            return False
    return _found(found, place, at, (place + 1, end))


def _found(found: Sequence[Element], place: int, at: int, tests: tuple[int, int]) -> bool:
    """Pass over the tests for what is named at a place, if a test may find it."""
    one, positive = found[at], found[place].text.endswith("positive")
    rule = one.predicate
    listed = [other for other in found[slice(*tests)] if other is not found[place] and other is not one]
    germs = any(other.text in _OF_GERMS or other.rule is not None for other in listed)
    if rule is None or rule.kind != "condition" or rule.op != "present":
        return False
    if (germs or not positive) and INFECTION.search(rule.name) is None:
        return False
    if not positive:
        first, end = min(place, at, tests[0]), max(place, at, tests[1] - 1) + 1
        if rule.qualifier or (not germs and _LASTING.search(rule.name)) or _is_one_of(found, first, end):
            return False
        one.rule = msgspec.structs.replace(rule, op="absent", window=rule.window or NOW)
        found[place].kind = "light"
    for other in listed:
        if _is_test(other) or other.kind in ("open", "close"):
            other.kind, other.rule = "light", None
    return True


def _is_one_of(found: Sequence[Element], first: int, end: int) -> bool:
    """Return whether what stands at a place is one of several: a test of two, or one of two tests."""
    before = next((place for place in range(first - 1, -1, -1) if found[place].kind not in LISTING), first - 1)
    behind = next((place for place in range(end, len(found)) if found[place].kind not in LISTING), end)
    led = 0 <= before < first - 1 and _is_infection(found[before])
    return led or (behind > end and _is_infection(found[behind])) or found[max(first - 1, 0)].text in _COUNTS


def _is_test(one: Element) -> bool:
    if one.kind == "atom":
        return one.predicate is not None and one.predicate.name in _KNOWN and one.predicate.op == "present"
    return one.kind in ("word", "light", "quality") and (one.text in _TESTS or one.text in _OF_GERMS)


def _past_tests(found: Sequence[Element], at: int) -> int:
    while at < len(found) and _is_test(found[at]):
        at += 1
    return at


def _past_bracket(found: Sequence[Element], at: int) -> int:
    """Return the end of a bracket that holds tests alone; 0 where there is none."""
    end = _past_tests(found, at + 1)
    inside = end > at + 1 and found[at].kind == "open" and end < len(found) and found[end].kind == "close"
    return end + 1 if inside else 0


def _ends(found: Sequence[Element], at: int) -> bool:
    return at >= len(found) or found[at].kind in _ENDS


def _in_serum(found: Sequence[Element], place: int) -> None:
    """Pass over "seropositive for" an infection, and over "seropositive status" behind HIV."""
    at = place + 1
    while at < len(found) and (found[at].kind == "over" or found[at].text in ("with", "for", "to", "of", "the")):
        at += 1
    ahead = found[at].predicate if at < len(found) else None
    behind = found[place - 1].predicate if place else None
    if ahead is not None and ahead.kind == "condition" and ahead.op == "present":
        linked = at > place + 1 and INFECTION.search(ahead.name) is not None
        if linked or (ahead.name in _HIV and _ends(found, at + 1)):
            for other in found[place:at]:
                other.kind, other.rule = "light", None
    elif behind is not None and behind.name in _HIV and at < len(found) and found[at].text == "status":
        found[place].kind = found[at].kind = "light"


def _result_of(found: Sequence[Element], place: int) -> None:
    """Pass over "result" behind a finding that is named without a limit: "HBsAg positive test result"."""
    at = place - 1
    while at > place - 3 and at > 0 and found[at].kind == "light":
        at -= 1
    what = found[at].predicate if at >= 0 else None
    if what is not None and what.kind == "measurement" and what.op == "present":
        found[place].kind = "light"


def _positive_for(found: Sequence[Element], place: int) -> None:
    """Keep the result of "positive for HBsAg"."""
    one, at = found[place], place + 1
    while at < len(found) and at - place < 4 and found[at].kind in ("word", "quality"):
        at += 1
    what = found[at].predicate if at < len(found) else None
    if what is not None and what.kind == "measurement" and what.op == "present":
        start = one.span[1] - len("positive for")
        one.kind, one.text, one.span = "quality", "positive", (start, start + len("positive"))


def _neither(found: Sequence[Element], place: int) -> None:
    """Read "HIV and hepatitis B negative" as neither."""
    at, joints, listed = place, set[str](), list[Element]()
    while at and found[at - 1].kind == "light" and found[at - 1].text.startswith("virus"):
        at -= 1
    while at and _is_infection(found[at - 1]):
        listed.append(found[at - 1])
        at -= 1
        before = at
        while at and found[at - 1].kind in LISTING:
            at -= 1
            joints.add(found[at].kind)
        if at == before:
            break
    if len(listed) < 2 or joints & {"or", "slash"}:
        return
    for one in listed:
        rule = one.predicate
        assert rule is not None
        one.rule = msgspec.structs.replace(rule, op="absent")
    found[place].kind = "light"


def _both(found: Sequence[Element], place: int) -> None:
    """Read "ER and PR negative" as that result of both."""
    pair = found[place - 3 : place] if place > 2 else ()
    if len(pair) < 3 or pair[1].kind != "and":
        return
    rules = [one.predicate for one in pair[::2]]
    for one, rule in zip(pair[::2], rules, strict=True):
        plain = rule is not None and rule.op == "present" and not rule.qualifier and rule.name.endswith("receptor")
        if not plain or one.kind != "atom":
            return
    first = rules[0]
    assert first is not None
    pair[0].rule = msgspec.structs.replace(first, qualifier=(found[place].text,))


def _is_infection(one: Element) -> bool:
    rule = one.predicate if one.kind == "atom" else None
    plain = rule is not None and rule.kind == "condition" and rule.op == "present" and not rule.qualifier
    return plain and rule is not None and INFECTION.search(rule.name) is not None


def _each(found: Sequence[Element], place: int) -> None:
    """Read "positive HBsAg, anti-HBc, or anti-HIV" as a result of each."""
    at = place + 1
    while at < len(found) and found[at].kind == "light":
        at += 1
    if at >= len(found) or _finding(found[at]) is None:
        return
    while at + 1 < len(found):
        behind = at + 1
        while behind < len(found) and found[behind].kind in LISTING:
            behind += 1
        rule = _finding(found[behind]) if at + 1 < behind < len(found) else None
        if rule is None:
            return
        told = found[behind + 1] if behind + 1 < len(found) else None
        if told is not None and (told.kind in ("quality", "word") or told.text.startswith("is")):
            return
        found[behind].rule = msgspec.structs.replace(rule, qualifier=("positive",))
        at = behind


def _finding(one: Element) -> Predicate | None:
    """Return what a test of its own looks for, where nothing is said of it."""
    rule = one.predicate if one.kind == "atom" else None
    plain = rule is not None and rule.kind == "measurement" and rule.op == "present" and not rule.qualifier
    return rule if plain and rule is not None and _FINDING.search(rule.name) else None
