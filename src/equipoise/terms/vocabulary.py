"""A vocabulary that a user adds to a library: concepts with their phrases, and what is a kind of what."""

from __future__ import annotations

import msgspec

from equipoise.terms.lexicon import Concept, Lexicon


class Vocabulary(msgspec.Struct, frozen=True):
    """
    What a lexicon learns from one file.

    ``source`` is the kind of vocabulary (``mesh``), ``file`` the name of the file it was read from, ``left_out``
    how many of its entries name nothing that a criterion asks for.
    """

    source: str
    file: str
    concepts: tuple[Concept, ...]
    parents: dict[str, tuple[str, ...]]
    left_out: int = 0

    def added_to(self, lexicon: Lexicon) -> Lexicon:
        """Return a lexicon that knows this vocabulary too.

        >>> from equipoise.terms.lexicon import lexicon
        >>> grubs = Vocabulary("ours", "a.txt", (Concept("condition", "grub fever", synonyms=("grubs",)),), {})
        >>> grubs.added_to(lexicon()).find("grubs").name
        'grub fever'
        """
        return lexicon.extended(self.concepts, parents=self.parents)
