"""
Why two studies are related, in words: only what both records say, the most telling first.

What both name comes before what one names more exactly than the other, that before a class that both belong to,
then words of both texts, then who may join and how the study is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

import msgspec

from equipoise.records.study import Study
from equipoise.store.index import stem_of
from equipoise.store.topics import Topics
from equipoise.terms.broader import breadth, broader
from equipoise.terms.enums import term
from equipoise.terms.lexicon import lexicon
from equipoise.terms.untelling import AMBIENT

# How telling a term is; None where so many studies have it that it is no reason.
Telling = Callable[[str], float | None]

_SAME = {
    "condition": ("same condition", "same conditions"),
    "drug": ("same drug", "same drugs"),
    "procedure": ("same procedure", "same procedures"),
    "gene": ("same gene", "same genes"),
    "intervention": ("same intervention", "same interventions"),
    "class": ("same kind of treatment", "same kinds of treatment"),
}
# In a small library every class is rare; how wide it is tells which says more.
_BREADTH = 0.5
_MOST, _MOST_NAMES, _MOST_WORDS, _FEW = 5, 3, 4, 2
# Years of 365 days: a limit in months or days may come to a little less than its years.
_ADULT, _OLDER = 18 * 365.0, 60 * 365.0


class Reason(msgspec.Struct, frozen=True):
    """
    Why two studies are related. ``kind``: ``condition``, ``drug``, ``procedure``, ``gene``, ``intervention``,
    ``class``, ``words``, ``people`` or ``design``; ``names``: what both have.
    """

    kind: str
    names: tuple[str, ...]
    text: str


class Words(msgspec.Struct, frozen=True):
    """The telling words of what a study is about, and of who may join, as the index knows them."""

    about: tuple[str, ...] = ()
    joining: tuple[str, ...] = ()


class Side(msgspec.Struct, frozen=True):
    """One of the two studies, with what it is about."""

    study: Study
    topics: Topics


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more


def _same(mine: Topics, theirs: Topics, telling: Telling) -> Iterator[tuple[float, Reason]]:
    """Yield what both name, kind by kind."""
    by_kind: dict[str, list[tuple[float, str]]] = {}
    for key in mine.own.keys() & theirs.own.keys():
        weight = telling(key)
        if weight is not None:
            one = mine.own[key]
            wide = one.kind in ("drug", "procedure") and _is_class(one.name)
            by_kind.setdefault("class" if wide else one.kind, []).append((-weight, one.name))
    for kind, found in by_kind.items():
        names = tuple(name for _, name in sorted(found))
        label = _SAME[kind][len(names) > 1]
        yield -min(found)[0], Reason(kind, names, f"{label}: {_listed(names)}")


@lru_cache(maxsize=4096)
def _is_class(name: str) -> bool:
    return bool(lexicon().members(name))


# Classes by the disease that is treated, which say less of two drugs than what both do.
_BY_DISEASE = frozenset(
    ("biologic disease modifying antirheumatic drug", "disease modifying antirheumatic drug", "disease modifying drug")
)


def _narrower(mine: Topics, theirs: Topics, telling: Telling) -> Iterator[tuple[float, Reason]]:
    """Yield what one study names and the other names more exactly."""
    shared = {theirs.own[key].name for key in mine.own.keys() & theirs.own.keys()}
    for wide, exact in ((mine, theirs), (theirs, mine)):
        for key, one in wide.own.items():
            names = exact.above.get(key, ())
            weight = telling(key)
            if not names or shared.intersection(names) or key in exact.own or weight is None:
                continue
            yield 0.8 * weight, Reason(one.kind, (*names, one.name), f"{_listed(names)}: a kind of {one.name}")


def _classes(mine: Topics, theirs: Topics, telling: Telling) -> Iterator[tuple[float, Reason]]:
    """Yield the classes that both belong to by different names, the rarest of those that say the same."""
    shared = {theirs.own[key].name for key in mine.own.keys() & theirs.own.keys()}
    found = []
    for key in mine.above.keys() & theirs.above.keys():
        ours, others, weight = mine.above[key], theirs.above[key], telling(key)
        # What both name, or one names more exactly, is said already.
        if weight is None or key in mine.own or key in theirs.own or shared.intersection((*ours, *others)):
            continue
        ours, others = _exact(_telling_names(ours)), _exact(_telling_names(others))
        said = any(name in theirs.above for name in ours) or any(name in mine.above for name in others)
        if ours and others and not said:
            found.append((_BREADTH * breadth(key) - weight, key, ours, others))
    seen: set[str] = set()
    for weight, key, ours, others in sorted(found, key=lambda one: (one[1] in _BY_DISEASE, one)):
        if seen >= {*ours, *others}:
            continue  # a wider class of the same two says less
        seen |= {*ours, *others}
        both = f"{_listed(ours)}; {_listed(others)}"
        condition = _is_condition(mine, ours[0])
        text = f"both {key} ({both})" if condition else f"same class: {key} ({both})"
        yield -0.5 * weight, Reason("class", (key, *ours, *others), text)


def _but_ambient(telling: Telling) -> Telling:
    """Return how telling terms are, where what happens in any study is no reason."""
    return lambda key: None if key in AMBIENT else telling(key)


def _telling_names(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in AMBIENT)


def _exact(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names without those of which another is a kind."""
    wide = {klass for name in names for klass in broader(name)}
    return tuple(name for name in names if name not in wide)


def _is_condition(topics: Topics, name: str) -> bool:
    return any(one.name == name and one.kind in ("condition", "gene") for one in topics.own.values())


_AROUND = ".,;:()[]\"'"


def _tokens(texts: Iterable[str | None]) -> dict[str, None]:
    """Return what stands between the spaces of texts, each once, in order and in lower case."""
    return dict.fromkeys(" ".join(text for text in texts if text).lower().replace("/", " ").split())


# Asked of the same study for each that is related to it.
@lru_cache(maxsize=8)
def _said(texts: tuple[str | None, ...]) -> dict[str, str]:
    """Return the words of texts as the index knows them, and as the texts write them."""
    found: dict[str, str] = {}
    for token in _tokens(texts):
        bare = token.strip(_AROUND)
        if stem := stem_of(bare):
            found.setdefault(stem, bare)
    return found


def _shared(mine: tuple[str | None, ...], theirs: tuple[str | None, ...], telling: Iterable[str]) -> tuple[str, ...]:
    """Return the telling words that stand in both texts, as ours write them."""
    ours = _said(mine)
    wanted = [word for word in telling if word in ours]
    others = {stem_of(token.strip(_AROUND)) for token in _tokens(theirs)} if wanted else ()
    return tuple(ours[word] for word in wanted if word in others)


def _about(study: Study) -> tuple[str | None, ...]:
    return (study.title, *study.conditions, *study.keywords, study.summary)


def _words(mine: Study, theirs: Study, telling: Words, said: str) -> Iterator[Reason]:
    """Yield the words of both that are not *said* yet; those of criteria only where nothing else is."""
    both = [word for word in _shared(_about(mine), _about(theirs), telling.about) if word not in said]
    if both:
        yield Reason("words", tuple(both[:_MOST_WORDS]), f"both speak of {', '.join(both[:_MOST_WORDS])}")
    elif not said:
        ours, others = mine.eligibility.eligibility_criteria, theirs.eligibility.eligibility_criteria
        both = list(_shared((ours,), (others,), telling.joining))[:_MOST_WORDS]
        if both:
            yield Reason("words", tuple(both), f"criteria of both speak of {', '.join(both)}")


def _people(study: Study) -> str:
    """Return whom a study takes, in a word, where its limits of age say so."""
    limits = study.eligibility
    low, high = limits.minimum_age, limits.maximum_age
    if low is None or low.days < _ADULT:
        # "Up to 18 years" is what a study of children states as often as "up to 17".
        return "children" if high is not None and high.end <= _ADULT + 2 * 366 else ""
    if low.days >= _OLDER:
        return "older adults"
    return {"FEMALE": "women", "MALE": "men"}.get(limits.sex or "", "adults")


def _design(mine: Study, theirs: Study, *, bare: bool) -> Iterator[Reason]:
    """Yield what is alike in who may join and in how the studies are done; *bare*: nothing else is."""
    people = _people(mine)
    if people and people == _people(theirs):
        yield Reason("people", (people,), f"both for {people}")
    phases = [phase for phase in mine.design.phases if phase != "NA" and phase in theirs.design.phases]
    if phases:
        names = tuple(term("Phase", phase).short for phase in phases)
        yield Reason("design", names, f"both {' and '.join(name.lower() for name in names)}")
    kind = mine.design.study_type
    if kind and kind == theirs.design.study_type and (bare or kind != "INTERVENTIONAL"):
        name = term("StudyType", kind).short.lower()
        yield Reason("design", (name,), f"both {name}")


def read_reasons(mine: Side, theirs: Side, telling: Telling, words: Words) -> tuple[Reason, ...]:
    """Return why two studies are related; *words* are telling ones of the first, which need not stand in both."""
    telling = _but_ambient(telling)
    topical = [
        *_same(mine.topics, theirs.topics, telling),
        *_narrower(mine.topics, theirs.topics, telling),
        *_classes(mine.topics, theirs.topics, telling),
    ]
    topical.sort(key=lambda pair: (-pair[0], pair[1].text))
    found = [reason for _, reason in topical[:_MOST]]
    if len(found) < _FEW:
        found += _words(mine.study, theirs.study, words, "; ".join(reason.text for reason in found))
    return (*found, *_design(mine.study, theirs.study, bare=not found))[: _MOST + _FEW]
