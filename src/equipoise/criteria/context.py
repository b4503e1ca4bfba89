"""What the readers of one criterion share: its tokens, the tables, and the abbreviations that the record explains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from equipoise.criteria.limits import Comparison, Quantity, comparison_at, may_compare, quantity_at
from equipoise.criteria.records import Flag
from equipoise.criteria.tokens import Token, plain, tokenize
from equipoise.rules.nodes import ConceptRef, Span
from equipoise.terms.lexicon import Concept, Lexicon
from equipoise.terms.variables import Variable, Variables, variables
from equipoise.terms.words import begins_unseen

Named = Concept | Variable
_BEYOND = ("",) * 16
# "Non-insulin-dependent diabetes" is the second type.
_NON = ("non", "type 2 diabetes")


class Source:
    """A text as it was given, and with its typography made plain, character for character."""

    def __init__(self, given: str) -> None:
        self.given = given
        self.plain = plain(given)

    def write_over(self, span: Span, written: Iterable[tuple[Span, str]]) -> None:
        """Write other signs, as many each, at places within *span*."""
        start, end = span
        whole = own = self.plain[start:end]
        for (first, last), signs in written:
            own = own[: first - start] + signs + own[last - start :]
        if own is not whole:
            self.plain = self.plain[:start] + own + self.plain[end:]


# What can begin with a word: the phrase of a variable, of a concept or of a moment, and a name that no table lists,
# always or with "syndrome" right behind it.
_VARIABLE, _CONCEPT, _MOMENT, _UNSEEN, _SYNDROME = 1, 2, 4, 8, 16


class _Begins(dict[str, int]):
    """For each word what can begin with it, told once for all texts: with most words, nothing."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def __missing__(self, word: str) -> int:
        unseen = begins_unseen(word)
        found = (
            (_VARIABLE if variables().begins(word) else 0)
            | (_CONCEPT if self.lexicon.begins(word) else 0)
            | (_MOMENT if self.lexicon.begins_event(word) else 0)
            | (_UNSEEN if unseen else _SYNDROME if unseen is None else 0)
        )
        if len(self) < 200_000:
            self[word] = found
        return found


@lru_cache(maxsize=8)
def _begins(lexicon: Lexicon) -> _Begins:
    return _Begins(lexicon)


class Context:
    """One criterion, tokenized, with what it may be asked."""

    def __init__(self, text: Source, span: Span, lexicon: Lexicon, abbreviations: dict[str, Named]) -> None:
        self.source = text.given
        self.text = text.plain
        # A number takes no unit from the next criterion.
        self._own = text.plain[: span[1]]
        self.lexicon = lexicon
        self.variables: Variables = variables()
        self.abbreviations = abbreviations
        self._begins = _begins(lexicon)
        self.tokens: list[Token] = tokenize(self.text, *span, source=self.source)
        self._end = len(self.tokens)
        self.words = [token.word for token in self.tokens]
        # What lies beyond either end is an empty word, a few places far: ``norms[at + 2]`` and ``norms[-1]`` are safe.
        self.norms = [*[token.norm for token in self.tokens], *_BEYOND]
        self._opens = "(" in self.words
        self.flags: list[Flag] = []
        self._named: dict[int, tuple[Named, int] | None] = {}
        self._comparisons: dict[int, Comparison | None] = {}
        self._quantities: dict[int, Quantity | None] = {}

    def span(self, first: int, last: int) -> Span:
        """Return the span of the tokens from *first* up to *last*, which is not in it."""
        return self.tokens[first].start, self.tokens[last - 1].end

    def norm(self, at: int) -> str:
        """Return the normal form of a token, or an empty string past the end."""
        return self.norms[at] if 0 <= at < self._end else ""

    def named(self, at: int) -> tuple[Named, int] | None:
        """Return the variable or concept that the longest phrase at a token names, and the next token."""
        if at in self._named:
            return self._named[at]
        if at >= self._end or self.tokens[at].kind == "m":
            return None
        found = self._named[at] = self._name(at)
        return found

    def comparison(self, at: int) -> Comparison | None:
        """Return the comparison that begins at a token."""
        if at in self._comparisons:
            return self._comparisons[at]
        if at >= len(self.tokens) or not may_compare(self.tokens[at]):
            return None
        self._comparisons[at] = comparison_at(self._own, self.tokens, at)
        return self._comparisons[at]

    def quantity(self, at: int) -> Quantity | None:
        """Return the number with its unit that begins at a token."""
        if at >= len(self.tokens) or self.tokens[at].value is None:
            return None
        if at not in self._quantities:
            self._quantities[at] = quantity_at(self._own, self.tokens, at)
        return self._quantities[at]

    def _name(self, at: int) -> tuple[Named, int] | None:
        token = self.tokens[at]
        begins = self._begins[token.word]
        if not begins and token.word not in self.abbreviations:
            return None  # most words
        before = self.norm(at - 1) if token.glued else ""
        if before == "anti" or (before.endswith("non") and before != "non"):
            return None  # "anti-IGF-1R": against what is named; "confirmednon-small cell": not what is named
        guess = bool(begins & _UNSEEN) or (begins & _SYNDROME and self.norms[at + 1].startswith("syndrome"))
        if not guess and not begins & (_VARIABLE | _CONCEPT):
            explained = self.abbreviations.get(token.word)
            return None if explained is None else (explained, at + 1)
        if token.norm in ("depression", "depressions") and self._is_of_st(at):
            found = self.lexicon.longest(["st", "segment", "depression"], 0)
            return (found[0], at + 1) if found is not None else None
        variable = self.variables.longest(self.words, at) if begins & _VARIABLE else None
        concept = self.lexicon.longest(self.words, at, guess=bool(guess))
        if variable is not None and not self._is_whole(at + variable[1]):
            variable = None
        if concept is not None and not self._is_whole(at + concept[1]):
            concept = None
        if concept is not None and token.norm == "non" and not concept[0].name.startswith(_NON):
            concept = None  # "non-healing wound" is no name of any wound
        if variable is not None and (concept is None or variable[1] >= concept[1]):
            return variable[0], at + variable[1]
        across = self._name_across(at, concept[1] if concept is not None else 1) if self._opens else None
        if across is not None:
            return across
        explained = self.abbreviations.get(token.word)
        if explained is not None and (concept is None or concept[1] == 1):
            return explained, at + 1
        return None if concept is None else (concept[0], at + concept[1])

    def _is_of_st(self, at: int) -> bool:
        """Return whether a depression is the other side of an elevation: "ST elevation and/or depression"."""
        back = at - 1
        while self.norm(back) in ("or", "and", "/", "new"):
            back -= 1
        if back == at - 1 or self.norm(back) not in ("elevation", "elevations", "elevated"):
            return False
        return "st" in (self.norm(back - 1), self.norm(back - 2))

    def _is_whole(self, end: int) -> bool:
        """Return whether a word ends before a token: "IGF-1" does not in "IGF-1R"."""
        if end >= len(self.tokens):
            return True
        before, after = self.tokens[end - 1], self.tokens[end]
        return before.end < after.start or after.kind != "w" or before.kind != "n" or len(after.word) > 1

    def _name_across(self, at: int, length: int) -> tuple[Concept, int] | None:
        """Read "central nervous system (CNS) metastases": a name with its abbreviation inside."""
        words = self.words
        for place in range(at + max(1, length), min(at + 6, len(words) - 2)):
            if words[place] == "(" and place + 3 < len(words) and words[place + 2] == ")":
                found = self.lexicon.longest([*words[at:place], *words[place + 3 : place + 6]], 0)
                if found is not None and found[1] > place - at and not found[0].ambiguous:
                    return found[0], at + found[1] + 3
                return None
            if not words[place][0].isalpha():
                return None
        return None

    def event(self, at: int) -> tuple[Concept, int] | None:
        """Return the moment that the longest phrase at a token names, and the phrase's length."""
        if at >= len(self.words) or not self._begins[self.words[at]] & _MOMENT:
            return None
        return self.lexicon.longest_event(self.words, at)

    def close_of(self, at: int) -> int:
        """Return the token that closes the bracket at *at*, or the number of tokens."""
        depth = 0
        for place in range(at, len(self.tokens)):
            norm = self.tokens[place].norm
            if norm in ("(", "[", "{"):
                depth += 1
            elif norm in (")", "]", "}"):
                depth -= 1
                if depth == 0:
                    return place
        return len(self.tokens)

    def explain(self, at: int, named: Named, first: int) -> int:
        """
        Read "(GCS)" or "[GCS]" behind the name that began at *first*: what it stands for, and the next token.

        A bracket that only repeats the name in other words is passed over too; any other is left where it is.
        """
        if self.norm(at) not in ("(", "["):
            return at
        close = self.close_of(at)
        inside = self.tokens[at + 1 : close]
        if not inside or len(inside) > 8 or close >= len(self.tokens):
            return at
        again = self.named(at + 1)
        if again is not None and again[1] == close and _same(again[0], named):
            return close + 1
        word = inside[0].word
        tail = all(token.glued or token.kind == "n" for token in inside[1:])
        if len(inside) > 3 or not tail or not word.isupper() or not self._is_short_for(word, first, at):
            return at
        known = self.lexicon.longest([word], 0) if len(inside) == 1 else None
        if known is not None and not known[0].ambiguous and known[0].name in named.name:
            return close + 1  # "latent tuberculosis (TB)": TB goes on to mean tuberculosis
        if len(inside) == 1:
            self.abbreviations[word] = self._shortened(word, named, first, at)
            self._named.clear()
        return close + 1

    def _shortened(self, word: str, named: Named, first: int, at: int) -> Named:
        """Return what an abbreviation is short for: in "embryonal rhabdomyosarcoma (RMS)" of the last word alone."""
        mark = word[0].lower()
        if self.norm(first)[:1] == mark:
            return named
        begins = [place for place in range(first + 1, at) if self.norm(place)[:1] == mark]
        found = self.lexicon.longest(self.words[begins[0] : at], 0) if begins else None
        whole = found is not None and found[1] == at - begins[0] and not found[0].ambiguous
        return found[0] if found is not None and whole else named

    def _is_short_for(self, word: str, first: int, at: int) -> bool:
        """Return whether *word* begins like one of the words before the bracket, as an abbreviation does."""
        if not 2 <= len(word) <= 8:
            return False
        initials = "".join(token.norm[0] for token in self.tokens[max(0, first - 2) : at] if token.kind == "w")
        letters = iter(initials.upper())
        return word[0] in initials.upper() and (sum(mark in letters for mark in word) >= 2 or len(word) <= 3)


def _same(one: Named, other: Named) -> bool:
    return one.name == other.name


def reference(named: Named, span: Span) -> ConceptRef:
    """Return the concept of a predicate: its name, synonyms and codes, and the words that name it."""
    return ConceptRef(named.name, named.synonyms[:6], codes_of(named), span)


def codes_of(named: Named) -> Mapping[str, str]:
    """Return the codes of a concept or a variable by system."""
    if isinstance(named, Variable):
        return {"loinc": named.loinc} if named.loinc else {}
    return {code.system: code.value for code in reversed(named.codes)}
