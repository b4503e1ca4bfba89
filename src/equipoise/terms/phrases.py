"""Phrases of a table, found in running words by their stems, the longest first."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.terms.words import Stems


class Phrases:
    """
    Phrases by the stems of their words.

    For each first stem, ``behind`` has the second ones and with each the lengths to try, longest first: where the
    second word begins none of them, as nearly everywhere in a text, no longer phrase is looked up.
    """

    def __init__(self, stems: Stems) -> None:
        self.stems = stems
        self.names: dict[str, str] = {}
        self.behind: dict[str, dict[str, tuple[int, ...]]] = {}
        # Phrases that get their keys when a text first asks for what begins with their first stem.
        self._waiting: dict[str, list[tuple[str, str, bool]]] = {}
        self._heads: dict[str, tuple[dict[str, tuple[int, ...]], tuple[str, int] | None]] = {}

    def key(self, phrase: str) -> tuple[str, list[str]]:
        """Return how *phrase* is stored, and the stems of its words; one word in capitals stays so."""
        words = [self.stems[word] for word in phrase.split(" ")]
        return (phrase if len(words) == 1 and phrase.isupper() else " ".join(words)), words

    def add(self, phrase: str, name: str, *, anew: bool = False) -> None:
        """Let *phrase* find *name*; the first to claim a phrase keeps it, unless it is claimed *anew*."""
        self._heads.clear()
        self._put(phrase, name, anew=anew)

    def _put(self, phrase: str, name: str, *, anew: bool) -> None:
        key, words = self.key(phrase)
        if anew or key not in self.names:
            self.names[key] = name
            behind = self.behind.setdefault(words[0], {})
            if len(words) > 1:
                known = behind.get(words[1], ())
                if len(words) not in known:
                    behind[words[1]] = tuple(sorted((*known, len(words)), reverse=True))

    def longest(self, words: Sequence[str], start: int) -> tuple[str, int] | None:
        """Return the name that the longest phrase at *start* finds, and the phrase's length in words."""
        word = words[start]
        behind, alone = self._heads.get(word) or self._head(word)
        if behind and start + 1 < len(words):
            stems = self.stems
            for length in behind.get(stems[words[start + 1]], ()):
                if start + length <= len(words):
                    name = self.names.get(" ".join([stems[word] for word in words[start : start + length]]))
                    if name is not None:
                        return name, length
        return alone

    def _head(self, word: str) -> tuple[dict[str, tuple[int, ...]], tuple[str, int] | None]:
        """Return what may stand behind a word, and what the word alone finds; each word is told once."""
        first = self.stems[word]
        if first not in self.behind and first in self._waiting:
            self._open(first)
        name = (self.names.get(word) if word.isupper() else None) or self.names.get(first)
        found = self.behind.get(first, {}), None if name is None else (name, 1)
        if len(self._heads) < 200_000:
            self._heads[word] = found
        return found

    def begins(self, word: str) -> bool:
        """Return whether a phrase begins with *word*."""
        first = self.stems[word]
        return first in self.behind or first in self._waiting

    def copy(self) -> Phrases:
        """Return an index that may grow without changing this one."""
        twin = Phrases(self.stems)
        twin._take(self)
        return twin

    def _open(self, first: str) -> None:
        for phrase, name, anew in self._waiting.pop(first):
            self._put(phrase, name, anew=anew)

    def _take(self, other: Phrases) -> None:
        self.names = dict(other.names)
        self.behind = {first: dict(seconds) for first, seconds in other.behind.items()}
