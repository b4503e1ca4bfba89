"""
Which facts of a record may speak of a concept: found by the names, classes and codes under which they do.

A long record has hundreds of facts, and few of them say anything of what a rule names. Those that are found here are
all that can, and a few more: whether one does speak is for the rule to ask.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence

from equipoise.records.patient import Fact
from equipoise.rules.interned import EXACT
from equipoise.rules.names import Names, causes, onset, variable_name
from equipoise.rules.nodes import ConceptRef

# When the symptoms of what they name began.
ONSETS = frozenset({"bleeding onset", "chest pain onset", "stroke onset"})


class Spoken:
    """The facts of a record, in groups that say the same but for time and value: a long record has few of these."""

    def __init__(self, facts: Sequence[Fact], names: Names) -> None:
        self._names = names
        alike: dict[Hashable, list[int]] = {}
        for place, fact in enumerate(facts):
            codes = () if fact.concept is None else tuple(sorted(fact.concept.codes.items()))
            named = (fact.kind, fact.name, fact.concept is None, codes)
            alike.setdefault((*named, fact.qualifier, fact.assertion), []).append(place)
        self.groups = list(alike.values())
        self._under: dict[Hashable, list[int]] = {}
        for number, places in enumerate(self.groups):
            for key in self._keys(facts[places[0]]):
                self._under.setdefault(key, []).append(number)

    def _keys(self, fact: Fact) -> Iterator[Hashable]:
        """Yield all under which a fact is found."""
        names = self._names
        if fact.concept is None:
            yield None  # what names nothing speaks of everything
            return
        yield "named", names.canonical(fact.name)
        said = (fact.name, *(f"{one} {fact.name}" for one in fact.qualifier), *causes(fact), onset(fact) or fact.name)
        for name in dict.fromkeys(map(names.canonical, said)):
            yield from (("about", one) for one in (name, *names.above(name)))
        yield "variable", variable_name(fact.name)
        yield "event", names.event(fact.name)
        yield from ((system, fact.concept.codes[system]) for system in EXACT if system in fact.concept.codes)

    def of(self, concept: ConceptRef) -> list[list[int]]:
        """Return the groups that may speak of a concept."""
        found = {number for key in self._sought(concept) for number in self._under.get(key, ())}
        return [self.groups[number] for number in sorted(found)]

    def _sought(self, concept: ConceptRef) -> Iterable[Hashable]:
        names = self._names
        name, used = names.canonical(concept.name), names.drug_of_use(concept.name)
        yield None
        yield "about", name
        if used is not None:
            yield "about", names.canonical(used)
        yield from (("named", one) for one in (name, *names.above(name)))
        yield "variable", variable_name(concept.name)
        yield "event", names.event(concept.name)
        yield from ((system, code) for system, code in concept.codes.items() if system in EXACT)


class Called:
    """What events are called in a record, by what they are."""

    def __init__(self, events: Iterable[Fact], names: Names) -> None:
        self._names = names
        self._called: dict[Hashable, set[str]] = {}
        for name in {fact.name for fact in events}:
            named, known = names.event(name), names.canonical(name)
            keys: list[Hashable] = [("event", named), *(("class", one) for one in (known, *names.above(known)))]
            for key in (*keys, ("event", "symptom onset")) if named in ONSETS else keys:
                self._called.setdefault(key, set()).add(name)

    def by(self, event: str) -> set[str]:
        """Return the names of those that are this event, or kinds of it."""
        keys = (("event", event), ("class", self._names.canonical(event)))
        return set[str]().union(*(self._called.get(key, ()) for key in keys))
