"""
The words that make logic of a criterion, and those that add nothing to it.

A phrase has one cue; the longest phrase at a token decides. What is neither a cue, nor light, nor in a
table or the lexicon is a word that matters: it is kept as a qualifier or left, never passed over.
"""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.terms.cues import cue_phrases, word_set

# Words before (or after) a concept that say how much of it, how sure, of what kind: kept in the text's words.
QUALIFIERS = word_set("cues.qualifiers")

# Qualifiers that change nobody: they say that the fact is one, or is in the record.
EMPTY = word_set("cues.empty")

LIGHT = word_set("cues.light")

FEMALE = frozenset(("female", "females", "girl", "girls", "woman", "women", "women's"))
MALE = frozenset(("boy", "boys", "male", "males", "man", "men", "men's"))
JOINTS = {",": "comma", ";": "stop", "/": "slash", ":": "colon", "&": "and", "+": "and", "-": "dash"}


class Cues:
    """Cues by phrase, the longest first."""

    def __init__(self) -> None:
        self._alone: dict[str, tuple[str, str, int]] = {}
        # By the first word and the second, which most often is none of a longer phrase's.
        self._longer: dict[str, dict[str, list[tuple[tuple[str, ...], tuple[str, str, int]]]]] = {}
        self._firsts: frozenset[str] = frozenset()
        for cue, phrases in cue_phrases().items():
            if cue[0] not in ("operator", "multiple"):
                for phrase in phrases:
                    self._add(phrase, cue)
        self._firsts = frozenset(self._alone) | frozenset(self._longer)

    def _add(self, phrase: tuple[str, ...], cue: tuple[str, str]) -> None:
        found = (*cue, len(phrase))
        if len(phrase) == 1:
            self._alone.setdefault(phrase[0], found)
        elif phrase:
            known = self._longer.setdefault(phrase[0], {}).setdefault(phrase[1], [])
            if all(other != phrase for other, _ in known):
                known.append((phrase, found))
                known.sort(key=lambda one: -len(one[0]))

    def longest(self, norms: Sequence[str], at: int) -> tuple[str, str, int] | None:
        """Return the cue of the longest phrase at a word, its name where it has one, and its length."""
        first = norms[at]
        if first not in self._firsts:
            return None  # most words
        longer = self._longer.get(first)
        if longer is not None and at + 1 < len(norms):
            for phrase, found in longer.get(norms[at + 1], ()):
                if found[2] == 2 or tuple(norms[at : at + found[2]]) == phrase:
                    return found
        return self._alone.get(first)


CUES = Cues()
