"""
The words that make logic of a criterion, and those that add nothing to it.

A phrase has one cue; the longest phrase at a token decides. What is neither a cue, nor light, nor in a
table or the lexicon is a word that matters: it is kept as a qualifier or left, never passed over.
"""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.criteria.tokens import Token
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
        self._cues: dict[tuple[str, ...], tuple[str, str]] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        for cue, phrases in cue_phrases().items():
            if cue[0] not in ("operator", "multiple"):
                for phrase in phrases:
                    self._add(phrase, cue)

    def _add(self, phrase: tuple[str, ...], cue: tuple[str, str]) -> None:
        if phrase and phrase not in self._cues:
            self._cues[phrase] = cue
            known = self._lengths.get(phrase[0], ())
            if len(phrase) not in known:
                self._lengths[phrase[0]] = tuple(sorted((*known, len(phrase)), reverse=True))

    def longest(self, tokens: Sequence[Token], at: int) -> tuple[str, str, int] | None:
        """Return the cue of the longest phrase at a token, its name where it has one, and its length."""
        for length in self._lengths.get(tokens[at].norm, ()):
            if at + length <= len(tokens):
                found = self._cues.get(tuple([token.norm for token in tokens[at : at + length]]))
                if found is not None:
                    return found[0], found[1], length
        return None


CUES = Cues()
