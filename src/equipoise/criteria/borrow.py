"""
Names that share a word: "hepatic or renal impairment", "liver disease or failure", "nonpregnant".
"""

from __future__ import annotations

from itertools import product

import msgspec

from equipoise.criteria.books import book_at
from equipoise.criteria.cues import EMPTY, QUALIFIERS
from equipoise.criteria.scanstate import ScanState
from equipoise.rules.nodes import Predicate, any_of
from equipoise.terms.cues import word_set
from equipoise.terms.lexicon import Concept

_JOINERS = frozenset((",", "or", "and", "/", "and/or", "&"))
_KINDS = {"condition": "condition", "drug": "drug", "procedure": "procedure"}
_HEADS = word_set("scan.heads")
_SITED = frozenset(("cancer", "cancers", "carcinoma", "carcinomas", "tumor", "tumors"))
_A_CONDITION = Concept("condition", "")
_VIRUSES = frozenset(("virus", "viruses"))
_INFECTIONS = frozenset(("infection", "infections"))
_SPECIMENS = frozenset(("blood", "plasma", "saliva", "serum", "urinary", "urine"))


class Borrowing(ScanState):
    """Reads names that lack a word which their neighbour has."""

    def _by_book(self, at: int) -> int | None:
        """Pass over by which book a diagnosis is made: "according to the ACR criteria"."""
        end = book_at(self.context, at)
        return None if end is None else self._add("light", at, end)

    def _borrowed(self, at: int) -> int | None:
        """Read a word that lacks the noun which the next name in its list has."""
        norms = self.context.norms
        one = self._borrowed_by(at, at) if norms[at + 1] in _JOINERS else None
        return one or (self._borrowed_by(at, at + 1) if norms[at + 2] in _JOINERS else None)

    def _borrowed_by(self, start: int, at: int) -> int | None:
        """Read the words from one token to another as lacking the noun of a later name in their list."""
        context = self.context
        norms, tokens = context.norms, context.tokens
        if at > start and (at + 1 >= len(tokens) or tokens[start].kind != "w" or norms[start] in QUALIFIERS):
            return None
        if tokens[at].kind != "w" or norms[at + 1] not in _JOINERS or norms[at] in EMPTY or norms[at] in _SPECIMENS:
            return None
        place, words = at, 0
        while norms[place + 1] in _JOINERS and words < 5:
            place += 2
            while norms[place] in _JOINERS:
                place += 1
            first = place
            while (
                (norms[place] in QUALIFIERS or norms[place] in ("other", "any"))
                and norms[place + 1] not in _JOINERS
                and context.lexicon.longest(context.words, place) is None
            ):
                place += 1
            if place >= len(tokens) or tokens[place].kind != "w":
                return None
            words += 1
            concept = context.lexicon.longest(context.words, place, guess=True)
            if concept is not None and place > first and norms[at] in QUALIFIERS:
                return None  # "live/attenuated influenza vaccine": two kinds of the same
            if concept is not None and concept[1] >= 2:
                return self._borrow((start, at), context.words[place + 1 : place + concept[1]], concept[0])
            if norms[place] in _HEADS or norms[place + 1] in _HEADS:
                head = place if norms[place] in _HEADS else place + 1
                return self._borrow((start, at), [context.words[head]], _A_CONDITION)
        return None

    def _borrow(self, words: tuple[int, int], tail: list[str], lender: Concept) -> int | None:
        (at, last), lexicon = words, self.context.lexicon
        own = self.context.words[at : last + 1]
        if last == at and self._repeated(last, own[0]):
            return None  # "AIDS or AIDS related complex", "fish or fish oil": the name is whole
        if last > at and own[-1] == "function" and "normal" in (own[0], self.context.norm(at - 1)):
            return None  # "normal hepatic function or mild hepatic impairment"
        if lender.kind in ("gene", "variant", "measurement"):
            whole = lexicon.longest([*own, *tail], 0)
            return self._add("word", at, last + 1) if whole is not None and whole[1] == len(own) + len(tail) else None
        if lender.kind not in _KINDS or lender.ambiguous or tail in (["syndrome"], ["syndromes"]):
            return None
        if lender.kind != "drug" and self.context.norm(at) in QUALIFIERS:
            return None
        # A name that a table lists comes first: "cardiac or coronary artery disease" has no "cardiac artery disease".
        listed = self.context.named(at)
        spans = listed is not None and listed[1] > last + 1  # "basal or squamous cell skin cancer" is one name
        for guess, skip in product((False, True), range(len(tail))):
            if (guess or spans) and skip + 1 < len(tail) and tail[-1] in _SITED:
                continue  # "colon, lung, or invasive breast cancer": the site is not shared
            asked = [*own, *tail[skip:]]
            found = lexicon.longest(asked, 0, guess=guess)
            if found is not None and found[1] == len(asked) and not found[0].ambiguous and found[0].kind == lender.kind:
                if self._within(own, found[0]):
                    return None  # "tuberculosis or other infections": not latent tuberculosis too
                rule = self._predicate(found[0], at, last + 1, _KINDS[found[0].kind])
                end = self._add("atom", at, last + 1, rule=rule)
                self.found[-1].lent = True
                return end
        return None

    def _within(self, own: list[str], wider: Concept) -> bool:
        """Return whether words name something by themselves that is a kind of what they would name with more."""
        named = self.context.lexicon.longest(own, 0)
        if named is None or named[1] != len(own) or named[0].name == wider.name:
            return False
        return named[0].kind == wider.kind and self.context.lexicon.is_a(named[0].name, wider.name)

    def _repeated(self, at: int, word: str) -> bool:
        """Return whether a word before a joint is said again behind it."""
        place = at + 1
        while self.context.norm(place) in _JOINERS or self.context.norm(place) in QUALIFIERS:
            place += 1
        return place < len(self.context.words) and self.context.words[place] == word

    def _back_borrowed(self, at: int) -> int | None:
        """Read a noun whose first half stands in the name before it: "liver disease or failure"."""
        if len(self.found) < 2 or self.found[-1].kind not in ("or", "and", "comma", "slash"):
            return None
        words = self._words_before(at)
        if len(words) < 2:
            return None
        whole = [*words[:-1], self.context.words[at]]
        found = self.context.lexicon.longest(whole, 0)
        if found is None or found[1] != len(whole) or found[0].ambiguous or found[0].kind not in _KINDS:
            return None
        rule = self._predicate(found[0], at, at + 1, _KINDS[found[0].kind])
        other = self._first_half(words[-1], self.context.words[at])
        end = self._add("atom", at, at + 1, rule=rule if other is None else any_of([other, rule]))
        self.found[-1].lent = True
        if self.context.norm(end) in _VIRUSES and self.context.lexicon.is_a(found[0].name, "viral infection"):
            end = self._add("light", end, end + 1 + (self.context.norm(end + 1) in _INFECTIONS))
        return end

    def _words_before(self, at: int) -> list[str]:
        """Return the words of the name whose noun is lacking; of letters ("hepatitis A, B, or C") the first one's."""
        last, letters = len(self.found) - 2, len(self.context.norms[at]) == 1
        while letters and last > 0:
            one = self.found[last]
            if not (one.kind in ("or", "and", "comma", "slash") or (one.kind == "atom" and one.last == one.first + 1)):
                break
            last -= 1
        before = self.found[last]
        return self.context.words[before.first : before.last] if before.kind == "atom" else []

    def _first_half(self, noun: str, other: str) -> Predicate | None:
        """Return "drug abuse" of "drug or alcohol dependence or abuse": both halves have both nouns."""
        if len(self.found) < 4 or not self.found[-4].lent or self.found[-3].kind not in ("or", "and", "slash"):
            return None
        half = self.found[-4]
        own = self.context.words[half.first : half.last]
        found = self.context.lexicon.longest([*own, other], 0)
        if found is None or found[1] != len(own) + 1 or found[0].kind not in _KINDS or own[-1] == noun:
            return None
        return self._predicate(found[0], half.first, half.last, _KINDS[found[0].kind])

    def _none_of(self, at: int) -> int | None:
        """Read "nonpregnant", "nonsmoker"."""
        norm = self.context.norms[at]
        found = self.context.lexicon.longest([norm[3:]], 0) if norm[:3] == "non" and len(norm) > 8 else None
        if found is None or found[0].ambiguous or found[0].kind != "condition":
            return None
        rule = self._predicate(found[0], at, at + 1, "condition")
        return self._add("atom", at, at + 1, rule=msgspec.structs.replace(rule, op="absent"))
