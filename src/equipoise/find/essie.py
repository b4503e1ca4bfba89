r"""
Read search expressions in the registry's language, Essie.

::

    expression = both (OR both)*
    both       = prefixed ((AND | "," | nothing)? prefixed)*
    prefixed   = NOT prefixed | context prefixed | primary
    context    = AREA[name] | AREA[name:size] | SEARCH[Location|Study] | EXPANSION[…] | COVERAGE[…] | TILT[name]
    primary    = "(" expression ")" | RANGE[low, high] | MISSING | ALL | quoted | word+
    quoted     = '"' anything '"'

Operators are in capitals; ``and`` is a word. Words side by side are one term. ``\`` takes the meaning from
the character after it, or from the operator. A term is followed by AND if nothing else is between it and the
next part; a comma is an AND, except between digits. Only ``[`` and ``]`` must be escaped in words; ``(``, ``)``
and ``"`` must too, where they are not meant as marks.

Source: the registry's pages on search operators and syntax, and its API v2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeVar, get_args

import msgspec

from equipoise.errors import QueryError
from equipoise.find.expressions import (
    Both,
    Bounds,
    Covered,
    Covering,
    Either,
    Everything,
    Expression,
    Missing,
    Scope,
    Span,
    Tilted,
    Together,
    Widened,
    Widening,
    Within,
    Without,
    Words,
)
from equipoise.find.suggest import nearest

LONGEST = 20_000
DEEPEST = 60
MOST = 2_000

_CONTEXTS = ("AREA", "SEARCH", "EXPANSION", "COVERAGE", "TILT")
_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<bracketed>(?:AREA|SEARCH|EXPANSION|COVERAGE|TILT|RANGE)\s*\[(?P<inside>[^\[\]]*)\])
    |(?P<quoted>"(?P<text>(?:\\.|[^"\\])*)")
    |(?P<mark>[()])
    |(?P<comma>,(?!(?<=\d,)\d))
    |(?P<word>(?:\\.|,(?=\d)|[^\s()\[\]",\\])+)""",
    re.VERBOSE | re.DOTALL,
)
_Name = TypeVar("_Name", bound=str)


class _Token(msgspec.Struct, frozen=True):
    """``kind``: word, quoted, (, ), comma, AND, OR, NOT, MISSING, ALL, or the name of a bracketed operator."""

    kind: str
    text: str
    span: Span
    inside: Span = (0, 0)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def _tokens(text: str) -> Iterator[_Token]:
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise _no_token(text, place)
        place = found.end()
        kind = found.lastgroup
        if found["space"]:
            continue
        if found["bracketed"]:
            yield _Token(found[0].partition("[")[0].strip(), found["inside"], found.span(), found.span("inside"))
        elif found["quoted"]:
            yield _Token("quoted", _unescaped(found["text"]), found.span())
        elif found["mark"] or found["comma"] or found[0] in ("AND", "OR", "NOT", "MISSING", "ALL"):
            yield _Token(found[0], found[0], found.span())
        else:
            assert kind == "word"
            yield _Token("word", _unescaped(found[0]), found.span())


def _no_token(text: str, place: int) -> QueryError:
    mark, span = text[place], (place, place + 1)
    if mark == '"':
        return QueryError("A quotation mark is not closed", text=text, span=span, next=r"Close it, or write it as \".")
    if mark == "\\":
        return QueryError("Nothing follows the backslash", text=text, span=span, next=r"Write \\ for a backslash.")
    # No operator is longer, and a search from far back would take the square of the length.
    back = max(0, place - 40)
    named = re.compile(r"([A-Za-z]+)\s*\Z").search(text[:place], back)
    operators = (*_CONTEXTS, "RANGE")
    if mark == "[" and named and named[1].upper() in operators and named[1] not in operators:
        return QueryError(
            "Operators are written in capitals",
            text=text,
            span=named.span(1),
            next=f"Write {named[1].upper()}[…].",
        )
    if mark == "[" and named and named[1] in operators:
        return QueryError(
            f"{named[1]}[ is not closed", text=text, span=(named.start(1), place + 1), next="Close it with ]."
        )
    return QueryError(
        f"{mark} stands by itself",
        text=text,
        span=span,
        next=rf"Write \{mark} for the mark itself; operators with brackets are {', '.join(operators)}.",
    )


class _Reader:
    """Reads the tokens of one text, from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_tokens(text))
        if len(self._tokens) > MOST:
            raise QueryError(
                f"The search has more than {MOST:,} parts",
                text=text,
                span=self._tokens[MOST].span,
                next="Search for the words that matter.",
            )
        self._place = 0
        self._depth = 0

    @property
    def _next(self) -> _Token | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def _kind(self) -> str:
        return self._next.kind if self._next else "end"

    def _take(self) -> _Token:
        token = self._tokens[self._place]
        self._place += 1
        return token

    def _error(self, problem: str, span: Span, next: str) -> QueryError:
        return QueryError(problem, text=self._text, span=span, next=next)

    def read(self) -> Expression:
        """Return what the whole text says."""
        expression = self._either()
        if self._next is not None:
            # The loop below stops only at a parenthesis that nothing opened.
            raise self._error("Nothing opened this parenthesis", self._next.span, r"Remove it, or write \).")
        return expression

    def _either(self) -> Expression:
        parts = [self._both()]
        while self._kind() == "OR":
            self._take()
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Either(tuple(parts), _span(parts))

    def _both(self) -> Expression:
        parts = [self._prefixed()]
        while self._kind() not in ("OR", ")", "end"):
            if self._kind() in ("AND", ","):
                operator = self._take()
                if operator.kind == "," and self._kind() in ("OR", "AND", ",", ")", "end"):
                    continue  # "stroke," and "stroke, AND aphasia" say no more than "stroke AND aphasia"
            parts.append(self._prefixed())
        return parts[0] if len(parts) == 1 else Both(tuple(parts), _span(parts))

    def _prefixed(self) -> Expression:
        self._depth += 1
        if self._depth > DEEPEST:
            last = self._tokens[self._place - 1].span
            raise self._error(f"The search is nested more than {DEEPEST} deep", last, "Write it flatter.")
        try:
            return self._one()
        finally:
            self._depth -= 1

    def _one(self) -> Expression:
        token = self._next
        if token is None:
            raise self._nothing()
        if token.kind == "NOT":
            self._take()
            part = self._prefixed()
            return Without(part, (token.span[0], part.span[1]))
        if token.kind in _CONTEXTS:
            self._take()
            return self._context(token)
        return self._primary()

    def _nothing(self) -> QueryError:
        end = len(self._text)
        last = self._tokens[self._place - 1].span if self._place else (0, max(1, end))
        return self._error("Something is missing at the end", last, "Finish the search, or remove the operator.")

    def _context(self, token: _Token) -> Expression:
        inside = token.text.strip()
        start = token.inside[0] + len(token.text) - len(token.text.lstrip())
        named: Span = (start, start + max(1, len(inside)))
        if token.kind in ("AREA", "TILT") and not inside:
            raise self._error(f"{token.kind}[] names no field", token.span, f"Write {token.kind}[BriefTitle].")
        part = self._prefixed()
        span = (token.span[0], part.span[1])
        if token.kind == "AREA":
            name, colon, rest = inside.partition(":")
            if colon and rest.strip().lower() != "size":
                raise self._error(f"Nothing is known as {inside}", named, "Only :size can follow a name.")
            return Within(name.strip(), part, span, named, sized=bool(colon))
        if token.kind == "TILT":
            return Tilted(inside, part, span, named)
        if token.kind == "SEARCH":
            scope: Scope = self._choice(token.kind, inside, named, get_args(Scope))
            return Together(scope, part, span)
        if token.kind == "EXPANSION":
            widening: Widening = self._choice(token.kind, inside, named, get_args(Widening))
            return Widened(widening, part, span)
        covering: Covering = self._choice(token.kind, inside, named, get_args(Covering))
        return Covered(covering, part, span)

    def _choice(self, operator: str, given: str, span: Span, known: tuple[_Name, ...]) -> _Name:
        for one in known:
            if one.lower() == given.lower():
                return one
        near = nearest(given, known)
        meant = f"Did you mean {near[0]}? " if near else ""
        raise self._error(f"{operator} knows no {given or 'empty name'}", span, f"{meant}Known: {', '.join(known)}.")

    def _primary(self) -> Expression:
        token = self._take()
        if token.kind == "(":
            return self._inner(token)
        if token.kind == "RANGE":
            return self._range(token)
        if token.kind == "MISSING":
            return Missing(token.span)
        if token.kind == "ALL":
            return Everything(token.span)
        if token.kind == "quoted":
            return Words(token.text, token.span, quoted=True)
        if token.kind != "word":
            raise self._nothing_before(token)
        words = [token]
        while self._kind() == "word":
            words.append(self._take())
        return Words(" ".join(word.text for word in words), (words[0].span[0], words[-1].span[1]))

    def _nothing_before(self, token: _Token) -> QueryError:
        """Return what is wrong where an operator or a parenthesis stands in the place of words."""
        if token.kind == ")":
            before = self._tokens[self._place - 2].kind if self._place > 1 else ""
            if before == "(":
                return self._error(
                    "Nothing is in the parentheses",
                    token.span,
                    r"Write something between them, or write \( and \) for the marks themselves.",
                )
            if not before:
                return self._error("Nothing opened this parenthesis", token.span, r"Remove it, or write \).")
            return self._error("Nothing to search for before )", token.span, "Write something there.")
        said = "the comma" if token.kind == "," else token.kind
        return self._error(
            f"Nothing to search for before {said}",
            token.span,
            "Write something there, or put it in quotation marks to search for it.",
        )

    def _inner(self, opened: _Token) -> Expression:
        expression = self._either()
        if self._kind() != ")":
            raise self._error("This parenthesis is not closed", opened.span, r"Close it with ), or write \(.")
        self._take()
        return expression

    def _range(self, token: _Token) -> Expression:
        low, comma, high = token.text.partition(",")
        if not comma or "," in high or not low.strip() or not high.strip():
            raise self._error(
                "RANGE needs two limits", token.span, "Write RANGE[2020-01-01, MAX], with MIN and MAX for no limit."
            )
        ends = [None if end.strip() in ("MIN", "MAX") else end.strip().strip('"') for end in (low, high)]
        return Bounds(ends[0], ends[1], token.span)


def _span(parts: list[Expression]) -> Span:
    return (parts[0].span[0], parts[-1].span[1])


def whole_text(text: str) -> str:
    r"""Return a text in which half characters, as broken input leaves them, are marks of their own: no index has them.

    >>> whole_text("caf\udce9") == "caf\ufffd"
    True
    """
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def parse_expression(text: str) -> Expression | None:
    """
    Return what *text* says, or None where it says nothing.

    >>> parse_expression("heart attack AND NOT AREA[Phase]PHASE1").parts[1].part.name
    'Phase'

    Raises:
        QueryError: it is no expression; the caret shows where.
    """
    text = whole_text(text)
    if len(text) > LONGEST:
        raise QueryError(
            f"The search has {len(text):,} characters; at most {LONGEST:,} are read",
            text=text[:60] + " …",
            span=(0, 60),
            next="Search for the words that matter.",
        )
    if not text.strip():
        return None
    return _Reader(text).read()
