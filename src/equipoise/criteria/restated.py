"""
Words in brackets or behind a limit that say again what stands before them, or only where and how it is written.

::

    again    = time "(" the same length ")"             # "within the past year (12 months)"
    scale    = limit of a score … "on the" scale | "(" scale ")"
    appendix = "(" "see"? "Appendix" letter? … ")"
    edition  = "(" "version" number ")" | "(" "incl" ")"
    method   = condition "(" test ")"                   # "SARS-CoV-2 positive (RT-PCR)": kept in its words
    state    = "(" "non-infectious" ")" condition       # what kind of it
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from equipoise.criteria.elements import Element

_LENGTH = re.compile(
    r"(\d+(?:\.\d+)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|)\s*(?:-\s*)?(day|week|month|year)s?\b"
)
_COUNTS = {
    "": 1.0, "a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0,
    "seven": 7.0, "eight": 8.0, "nine": 9.0, "ten": 10.0, "twelve": 12.0,
}  # fmt: skip
_DAYS = {"day": 1.0, "week": 7.0, "month": 30.4, "year": 365.0}
_NEAR = 0.04
_WORDS = frozenset(("word", "light", "quality", "comma", "stop", "colon"))
_SAID = frozenset(("light", "by", "open", "need", "define", "over", "with"))
_METHODS = frozenset(("rt pcr test",))
_INFECTIOUS = frozenset(("infectious", "noninfectious"))


def restated(found: list[Element], place: int) -> None:
    """Read a bracket that opens at a place."""
    end = next((at for at in range(place + 1, len(found)) if found[at].kind in ("close", "open")), None)
    if end is None or found[end].kind != "close" or end == place + 1:
        return
    inside, before = found[place + 1 : end], found[place - 1] if place else None
    words = [one.text for one in inside if one.kind != "light" or one.text != "a"]
    again = before is not None and before.kind == "time" and _same(before.text, inside)
    named = before is not None and before.kind in ("atom", "light")
    if again or (named and all(one.kind in _WORDS for one in inside) and _is_written(words)):
        _pass_over(found[place : end + 1])
    elif inside[-1].text in _INFECTIOUS and len(inside) < 4 and end + 1 < len(found):
        _kind_of(found, place, end)
    elif before is not None and len(inside) == 1:
        _method(found, place)


def scale_again(found: Sequence[Element], place: int) -> None:
    """Pass over a measure without a limit behind a limit of the same: "0-2 on the ECOG scale"."""
    one = found[place].predicate
    if one is None or one.kind != "measurement" or one.op != "present" or one.qualifier or not place:
        return
    at = place - 1
    while at >= 0 and found[at].kind in _SAID and place - at < 6:
        at -= 1
    limit = found[at].predicate if at >= 0 else None
    if limit is None or limit.name != one.name or limit.op in ("present", "absent") or at == place - 1:
        return
    if any(other.kind in ("word", "quality") for other in found[max(at - 2, 0) : at]):
        return  # "greater than NYHA class II": of the limit itself something was not read
    ends = place + 1 >= len(found) or found[place + 1].kind in ("close", "stop", "comma", "time", "light", "or", "and")
    if ends:
        _pass_over(found[at + 1 : place + 1])
        if place + 1 < len(found) and found[place + 1].kind == "close":
            _pass_over(found[place + 1 : place + 2])


def _pass_over(elements: Sequence[Element]) -> None:
    for one in elements:
        one.kind, one.rule = "light", None


def _same(time: str, inside: Sequence[Element]) -> bool:
    """Return whether a bracket holds the length of a time and nothing else."""
    if any(one.kind not in ("word", "light", "time") for one in inside):
        return False
    said, again = _LENGTH.findall(time), _LENGTH.fullmatch(" ".join(one.text for one in inside))
    if len(said) != 1 or again is None:
        return False
    first, second = _days(said[0][0], said[0][1]), _days(again[1], again[2])
    return first is not None and second is not None and abs(first - second) <= _NEAR * first


def _days(count: str, unit: str) -> float | None:
    value = _COUNTS.get(count)
    if value is None:
        value = float(count) if count[:1].isdigit() else None
    return None if value is None else value * _DAYS[unit]


def _is_written(words: Sequence[str]) -> bool:
    """Return whether words only say where or in which edition something is written."""
    if words in (["incl"], ["incl", "."], ["included"]):
        return True
    if words[:1] == ["version"] or (words[:1] and re.fullmatch(r"v(?:ersion)? ?\d(?: ?\. ?\d+)?", words[0])):
        return len(words) < 3 and all(re.fullmatch(r"(?:version|v)? ?[\d. ]*", word) for word in words)
    appended = [word for word in words if word.startswith("appendi")]
    return bool(appended) and words[0] in ("see", "refer", *appended) and len(words) < 5


def _kind_of(found: list[Element], place: int, end: int) -> None:
    """Keep "(non-infectious)" before a condition as what kind it is of."""
    ahead = found[end + 1]
    what = ahead.predicate
    texts = [one.text for one in found[place + 1 : end]]
    if texts not in (["noninfectious"], ["non", "infectious"], ["non", "-", "infectious"]):
        return
    if what is None or what.kind != "condition" or what.op != "present":
        return
    _pass_over(found[place : end + 1])
    ahead.rule = msgspec.structs.replace(what, qualifier=("non-infectious", *what.qualifier))


def _method(found: list[Element], place: int) -> None:
    """Keep the test by which a condition was found in its words: "(RT-PCR)"."""
    at = place - 1 - (place > 1 and found[place - 1].text == "positive")
    what, method = found[at].predicate, found[place + 1].predicate
    if what is None or what.kind != "condition" or what.op != "present" or method is None:
        return
    if method.name in _METHODS and not method.qualifier:
        found[at].rule = msgspec.structs.replace(what, qualifier=(*what.qualifier, found[place + 1].text))
        _pass_over(found[place : place + 3])
