"""Phrases of a table, found in running words by their stems, the longest first."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.terms.words import Stems


class Phrases:
    """Phrases by the stems of their words, and for each first word the lengths to try, longest first."""

    def __init__(self, stems: Stems) -> None:
        self.stems = stems
        self.names: dict[str, str] = {}
        self.lengths: dict[str, tuple[int, ...]] = {}

    def key(self, phrase: str) -> tuple[str, str, int]:
        """Return how *phrase* is stored, its first stem, and its length; one word in capitals stays so."""
        words = [self.stems[word] for word in phrase.split(" ")]
        return (phrase if len(words) == 1 and phrase.isupper() else " ".join(words)), words[0], len(words)

    def add(self, phrase: str, name: str, *, anew: bool = False) -> None:
        """Let *phrase* find *name*; the first to claim a phrase keeps it, unless it is claimed *anew*."""
        key, first, length = self.key(phrase)
        if anew or key not in self.names:
            self.names[key] = name
            known = self.lengths.get(first, ())
            if length not in known:
                self.lengths[first] = tuple(sorted((*known, length), reverse=True))

    def longest(self, words: Sequence[str], start: int) -> tuple[str, int] | None:
        """Return the name that the longest phrase at *start* finds, and the phrase's length in words."""
        stems, names = self.stems, self.names
        first = stems[words[start]]
        for length in self.lengths.get(first, ()):
            if length == 1:
                word = words[start]
                name = (names.get(word) if word.isupper() else None) or names.get(first)
            elif start + length <= len(words):
                name = names.get(" ".join([stems[word] for word in words[start : start + length]]))
            else:
                continue
            if name is not None:
                return name, length
        return None

    def copy(self) -> Phrases:
        """Return an index that may grow without changing this one."""
        twin = Phrases(self.stems)
        twin.names, twin.lengths = dict(self.names), dict(self.lengths)
        return twin
