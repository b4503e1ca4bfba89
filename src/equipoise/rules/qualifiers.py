"""
Whether a fact states a qualifier that a rule asks for, says its opposite, or says nothing of it.

A qualifier may be stated in the fact's qualifiers or in its name: "type 2 diabetes" is diabetes, type 2. One of
several is enough where the rule names several: "acute or chronic", "moderate to severe". What is severe is significant,
what is significant need not be severe; a result that is high is neither low nor normal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from equipoise.rules.proved import proof, proves
from equipoise.terms.spelling import normal

_GRADES = ("mild", "moderate", "severe", "critical")
# Only words of which one excludes the other for as long as a fact holds. Mild is none of them: an asthma that is
# mild today may be the severe one that a text means.
_PAIRS = (
    ("controlled", "uncontrolled"),
    ("well controlled", "uncontrolled"),
    ("controlled", "poorly controlled"),
    ("well controlled", "poorly controlled"),
    ("active", "inactive"),
    ("symptomatic", "asymptomatic"),
    ("stable", "unstable"),
    ("treated", "untreated"),
    ("witnessed", "unwitnessed"),
)
_OPPOSITES = frozenset(_PAIRS) | frozenset((other, one) for one, other in _PAIRS)
# What more says of what it is said of, by what less would be. "Severe" does not state "serious": of an acne, say.
_GRAVE = ("critical", "life threatening", "massive", "end stage")
_MORE = {
    "significant": ("clinically significant", "severe", "serious", *_GRAVE),
    "clinically significant": ("significant", "severe", "serious", *_GRAVE),
    "serious": _GRAVE,
}
_LESS = {more: tuple(less for less, several in _MORE.items() if more in several)
         for more in ("significant", "clinically significant", "severe", "serious", *_GRAVE)}  # fmt: skip
# Words for where a result lies. A note's result is "elevated", "low", "normal" or "abnormal".
_RESULTS: dict[str, frozenset[str]] = {
    "elevated": frozenset({"elevated", "high", "raised", "increased", "abnormally elevated", "abnormally high"}
                          | {"above normal", "above normal range", "above the normal range", "above normal limits"}),
    "low": frozenset({"low", "decreased", "reduced", "suppressed", "lowered", "abnormally low", "below normal"}
                     | {"below normal range", "below the normal range", "below normal limits"}),
    "normal": frozenset({"normal", "normal limits", "normal range", "within normal limits", "within normal range"}
                        | {"normal institutional limits", "institutional normal limits", "institutional normal range"}
                        | {"institutional range of normal", "institutional limits of normal"}),
    "abnormal": frozenset({"abnormal", "outside normal range", "outside the normal range", "outside normal limits"}),
}  # fmt: skip
_RESULT_OF = {word: result for result, words in _RESULTS.items() for word in words}
_NORMAL, _BEYOND = frozenset({"normal"}), frozenset({"elevated", "low"})
# The results that a word states, and those that exclude it.
_STATING = {"abnormal": _BEYOND | {"abnormal"}, **{one: frozenset({one}) for one in ("elevated", "low", "normal")}}
_EXCLUDING = {"elevated": _NORMAL | {"low"}, "low": _NORMAL | {"elevated"}, "normal": _BEYOND | {"abnormal"},
              "abnormal": _NORMAL}  # fmt: skip
# What a list of kinds ends with that leaves none out.
_REST = frozenset(("nos", "not otherwise specified", "unspecified"))
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_LEVEL = re.compile(r"\b(stage|grade|class|type|phase) (i{1,3}|iv|v)(?=[a-c]?\b)")
_NEGATED = ("non", "not", "no", "without", "never", "un", "less")


@lru_cache(maxsize=1 << 14)
def wanted(qualifiers: tuple[str, ...]) -> frozenset[str]:
    """Return the qualifiers of a rule in the form in which words are compared."""
    return frozenset(map(normal, qualifiers))


def states(wanted: str, stated: Iterable[str], name: str) -> bool | None:
    """
    Return whether a fact with these qualifiers, and this name, states the one that is wanted; False for its opposite.

    >>> states("moderate to severe", ["severe"], "asthma"), states("type 2", [], "type 2 diabetes")
    (True, True)
    >>> states("uncontrolled", ["controlled"], "hypertension"), states("severe", [], "asthma") is None
    (False, True)
    >>> states("significant", ["severe"], "aortic stenosis"), states("severe", ["significant"], "aortic stenosis")
    (True, None)
    >>> states("decreased", ["elevated"], "thyroid-stimulating hormone")
    False
    """
    return stated_by(wanted, [levelled(one) for one in stated], levelled(name))


def stated_by(wanted: str, said: Sequence[str], name: str) -> bool | None:
    """Return what `states` does, of qualifiers and a name that are `levelled`."""
    wanted, choices, without = _asked(wanted)
    if len(choices) > 1 and not _REST.isdisjoint(choices):
        return True  # "(I, II, NOS)": whichever it is
    if wanted in said or any(_within(choice, place) for choice in choices for place in (*said, name)):
        return True
    asked = proof(wanted)
    if asked and any(proves(proof(one), asked) for one in said):
        return True
    results = [_RESULT_OF[choice] for choice in choices if choice in _RESULT_OF]
    if any(not _STATING[one].isdisjoint(said) for one in results):
        return True
    if any(_within(more, place) for choice in choices for more in _MORE.get(choice, ()) for place in (*said, name)):
        return True
    if results and len(results) == len(choices):
        return False if all(not _EXCLUDING[one].isdisjoint(said) for one in results) else None
    if without is not None:
        return True if f"un{without}" in said else False if without in said else None
    opposite = all(any((choice, one) in _OPPOSITES for one in said) for choice in choices)
    return False if opposite else None


@lru_cache(maxsize=4096)
def _asked(wanted: str) -> tuple[str, tuple[str, ...], str | None]:
    """Return a qualifier that a rule asks for as it is compared, what of several would do, and what must be lacking."""
    wanted = levelled(wanted)
    return wanted, tuple(_choices(wanted)), _without(wanted)


def asks_where(wants: Iterable[str]) -> bool:
    """Return whether qualifiers ask where a result lies: high, low, normal or not."""
    return any(choice in _RESULT_OF for want in wants for choice in _asked(want)[1])


def entailed(wants: Iterable[str]) -> frozenset[str]:
    """Return what is so of all that is as is wanted: what is denied to be significant is not severe.

    >>> sorted(entailed(["severe"])), sorted(entailed(["serious or unstable"]))
    (['clinically significant', 'severe', 'significant'], [])
    """
    return frozenset(less for want in wants for less in _entailed(want))


@lru_cache(maxsize=4096)
def _entailed(wanted: str) -> frozenset[str]:
    """Return what each of the choices entails: one word that says more is enough, "significant chronic" has it."""
    choices = _asked(wanted)[1]
    said = [
        {less for more, several in _LESS.items() if _within(more, one) for less in (more, *several)} for one in choices
    ]
    return frozenset(set.intersection(*said)) if said else frozenset()


def tokens(text: str) -> frozenset[str]:
    """Return the words of a name or a qualifier, as they are compared.

    >>> sorted(tokens("Type II diabetes"))
    ['2', 'diabetes', 'type']
    """
    return frozenset(levelled(text).split())


def tellings(wanted: str) -> list[frozenset[str]]:
    """
    Return sets of words of which a fact must have one whole set, or `states` says nothing of what is wanted.

    >>> [sorted(one) for one in tellings("inactive or uncontrolled")]
    [['inactive'], ['uncontrolled'], ['active'], ['controlled'], ['controlled', 'well']]
    """
    wanted, choices, without = _asked(wanted)
    opposites = sorted(other for one, other in _OPPOSITES if one in choices)
    lacking = [without, f"un{without}"] if without is not None else []
    results = [_RESULT_OF[choice] for choice in choices if choice in _RESULT_OF]
    others = [word for one in results for word in sorted(_STATING[one] | _EXCLUDING[one])]
    others += [other for choice in choices for other in (*_MORE.get(choice, ()), *sorted(_entailed(wanted)))]
    # Of what names nothing, or all there is, every fact says something.
    whole = not choices or (len(choices) > 1 and not _REST.isdisjoint(choices))
    return [frozenset()] if whole else [frozenset(one.split()) for one in (*choices, *opposites, *others, *lacking)]


def levelled(text: str) -> str:
    """Return a name or a qualifier as it is compared: in normal form, with grades and stages in figures."""
    return _LEVEL.sub(lambda found: f"{found[1]} {_ROMAN[found[2]]}", normal(text))


def _choices(wanted: str) -> Iterator[str]:
    """Yield what of several would do; the whole, where only one is named."""
    low, _, high = (wanted.replace(" to ", " ") if wanted.count(" to ") == 1 else wanted).partition(" ")
    if low in _GRADES and high in _GRADES:
        yield from _GRADES[_GRADES.index(low) : _GRADES.index(high) + 1]
    else:
        yield from (part.strip() for part in re.split(r" or |/|, ", wanted) if part.strip())


def _within(wanted: str, said: str) -> bool:
    """Return whether the words are among those said, and not denied there."""
    before, found, _ = f" {said} ".partition(f" {wanted} ")
    return bool(found) and not (before.split() and before.split()[-1] in _NEGATED)


def _without(wanted: str) -> str | None:
    """Return the first word of what must be lacking: "without witnessed collapse" asks for an unwitnessed one."""
    found = re.match(r"(?:without|not|no) (\w+)", wanted)
    return found[1] if found else None
