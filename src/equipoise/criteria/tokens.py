r"""
Tokens of a criterion, each with its span in the source text.

::

    token    = operator | number | word | mark
    operator = "<" "≤" ">" "≥" "=" and their wrecks ("</=", "=>", "\<", "≧", "＜")
    number   = digits with thousands commas or a decimal point
    ordinal  = "1st" "2nd" "3rd", which are words
    word     = letters, then letters and digits ("pao2"); "e.g." and its like are one word
    mark     = "(" ")" "," ";" ":" "." "/" "-" "+" "%" …

A hyphen inside a word is no token: "IL-6" is ``il`` and ``6``, the latter *glued*. A hyphen between two
numbers is a mark, since it may be a range. A word that runs into a number ("to85") is two tokens.
"""

from __future__ import annotations

import re

import msgspec

from equipoise.terms.spelling import normal

# One character for one, so that offsets stay: full width to half, marks to the mark they are, CommonMark's
# escape to a space.
_PLAIN = str.maketrans(
    {
        **{chr(0xFF01 + place): chr(0x21 + place) for place in range(94)},
        **dict.fromkeys("\\\u00a0\u2007\u202f\u3000\u200b\ufeff", " "),
        **dict.fromkeys("‐‑‒–—―−﹣", "-"),
        **dict.fromkeys("≦⩽≲⋜", "≤"),
        **dict.fromkeys("≧⩾≳⋝", "≥"),
        **dict.fromkeys("﹤〈˂", "<"),
        **dict.fromkeys("﹥〉˃", ">"),
        **dict.fromkeys("，、﹐", ","),
        **dict.fromkeys("［【", "["),
        **dict.fromkeys("］】", "]"),
        **dict.fromkeys("’‘ʼ`´", "'"),
        **dict.fromkeys("“”„″", '"'),
        **dict.fromkeys("✕╳⨯∗⋅∙·", "×"),
        "；": ";",
        "：": ":",
        "。": ".",
        "～": "~",
        "º": "°",
    }
)

_ODD = re.compile("[" + "".join(map(re.escape, map(chr, _PLAIN))) + "]")

# What the font Symbol wrote as ≥ and ≤, read in another font.
_SYMBOL_FONT = re.compile(r"(?<![\w\d])[³£](?=\s?\d)")

# The first three are nearly all tokens; how long they are and what follows them shows that they are no others.
_KINDS = {
    "plain": r"(?-i: [^\W\d_]{7,}+(?![\w']) | (?:[^\W\d_]{2,}+ | [aA])(?![\w'.]) )",
    "sign": r"(?-i: [^\w\s<>=≤≥.] | \.(?!\d) )",
    "digits": r"(?-i: \d++(?:\.\d++)?+(?!\w|[.,]\d) )",
    "operator": r"[<>]\s?\(\s?=\s?\) | [<>]\s?/\s?=? | [<>]\s?=? (?:\s?=)? | =\s?/?\s?[<>] | [≤≥]\s?=? | =",
    "abbreviation": r"\b(?: e\.\s?g | i\.\s?e | vs | etc | approx | incl | excl | resp | spp | ca | max | min )\."
    r" | \be\s?\.g\b",
    "ordinal": r"\b(?:1st|2nd|3rd)\b",
    "number": r"\d{1,3}(?:,\d{3})+(?![\d])(?:\.\d+)? | \d+(?:\.\d+)? | (?<!\d)\.\d+",
    "run": r"(?:to|and|or|than|age|aged|ages|between|from|least|is|over|under|until)(?=\d)",
    "word": r"[^\W\d_]+(?:'[^\W\d_]+)*(?:\d[^\W_]*)?",
    "mark": r"[^\w\s] | _ | [^\W\d]",
}
_FLAGS = re.VERBOSE | re.IGNORECASE
# The tokens of a text as they are shown, and the kind of one alone: it depends on nothing around it.
_PARTS = re.compile(rf"\s*+( {' | '.join(_KINDS.values())} )", _FLAGS).findall
_TOKEN = re.compile(" | ".join(f"(?P<{kind}> {pattern} )" for kind, pattern in _KINDS.items()), _FLAGS)

_OPERATORS = {
    "<": "<",
    ">": ">",
    "=": "=",
    "≤": "<=",
    "≥": ">=",
    "<=": "<=",
    ">=": ">=",
    "=<": "<=",
    "=>": ">=",
    "<==": "<=",
    ">==": ">=",
}
_CLEAN = frozenset(("<", ">", "=", "≤", "≥", "<=", ">="))

COUNTS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
} | {
    "twenty": 20,
    "twenty-one": 21,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "once": 1,
    "twice": 2,
}

_ORDINALS = {"1st": "first", "2nd": "second", "3rd": "third"}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8}


class Token(msgspec.Struct, gc=False):
    """
    A piece of the text. ``kind`` is ``o`` (operator), ``n`` (number), ``w`` (word) or ``m`` (mark).

    ``norm`` is its normal form, ``word`` what the lexicon is asked (capitals kept), ``value`` the number that
    it states, in digits or in words. ``glued``: a hyphen joins it to the token before.
    """

    kind: str
    norm: str
    word: str
    start: int
    end: int
    value: float | None = None
    glued: bool = False
    mended: bool = False


class _Shown(dict[str, tuple[str, str, str, float | None]]):
    """For each token as it is shown its kind, its normal form, what the lexicon is asked, and its number; told once."""

    def __missing__(self, shown: str) -> tuple[str, str, str, float | None]:
        found = _told(shown)
        if len(self) < 200_000:
            self[shown] = found
        return found


def _told(shown: str) -> tuple[str, str, str, float | None]:
    kinds = None if shown.isalpha() else _TOKEN.fullmatch(shown)
    kind = "word" if shown.isalpha() else "mark" if kinds is None else kinds.lastgroup
    if kind == "plain" or kind == "word" or kind == "run":
        norm = normal(shown)
        value = COUNTS.get(norm)
        word = shown if shown.isupper() and len(shown) > 1 else norm
        return "w", norm, word, None if value is None else float(value)
    if kind == "sign" or kind == "mark":
        return "m", shown, shown, None
    if kind == "digits" or kind == "number":
        return "n", shown, shown, float(shown.replace(",", ""))
    if kind == "operator":
        return "o", shown, shown, None
    norm = _ORDINALS[normal(shown)] if kind == "ordinal" else shown.replace(".", "").replace(" ", "").lower()
    return "w", norm, norm, None  # "1ſt" is an ordinal too


_shown = _Shown()


def plain(text: str) -> str:
    r"""Return *text* with the typographic variants of marks and digits replaced one for one.

    >>> plain("BMI ≧ １８，\\< 30")
    'BMI ≥ 18, < 30'
    """
    if text.isascii():
        return text.replace("\\", " ").replace("`", "'")
    if _ODD.search(text) is not None:
        text = text.translate(_PLAIN)
    if "³" in text or "£" in text:
        return _SYMBOL_FONT.sub(lambda found: "≥" if found[0] == "³" else "≤", text)
    return text


def number_of(token: Token) -> float | None:
    """Return the value of a token that is a digit, a number in words, or a Roman numeral."""
    if token.value is not None:
        return token.value
    return float(_ROMAN[token.norm]) if token.norm in _ROMAN and token.word.isupper() else None


def tokenize(text: str, start: int = 0, end: int | None = None, *, source: str | None = None) -> list[Token]:
    """
    Return the tokens of *text*, already `plain`, between two offsets.

    *source* is the text before `plain`; where given, an operator that needed mending says so.

    >>> [(token.kind, token.norm) for token in tokenize("Platelets <100,000")]
    [('w', 'platelets'), ('o', '<'), ('n', '100,000')]
    >>> [token.word for token in tokenize("anti-IL-6, 18 to85")]
    ['anti', 'IL', '6', ',', '18', 'to', '85']
    """
    stop = len(text) if end is None else end
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    tokens: list[Token] = []
    glued, at = False, start
    for shown in _PARTS(text, start, stop):
        a = text.find(shown, at)
        at = b = a + len(shown)
        kind, norm, word, value = _shown[shown]
        if kind == "w" or kind == "n":
            tokens.append(Token(kind, norm, word, a, b, value, glued))
        elif kind == "o":
            tokens.append(_operator(shown, a, b, source))
        elif shown == "-" and _inside(text, a, b, stop):
            glued = True
            continue
        else:
            tokens.append(Token("m", shown, shown, a, b))
        glued = False
    return tokens


def _operator(shown: str, a: int, b: int, source: str | None) -> Token:
    bare = shown.replace(" ", "").replace("/", "").replace("(", "").replace(")", "")  # ">(=)"
    if shown.endswith("/"):  # "≤/" is no operator that we know; "</" is the first half of "</="
        bare = shown[0]
    bare = bare.replace("≤=", "≤").replace("≥=", "≥")
    norm = _OPERATORS.get(bare) or _OPERATORS[bare[0]]
    raw = (
        shown
        if source is None
        else source[max(0, a - 1) : b].lstrip(" ")
        if source[max(0, a - 1)] == "\\"
        else source[a:b]
    )
    return Token("o", norm, norm, a, b, None, False, raw.rstrip(" ") not in _CLEAN)


def _inside(text: str, a: int, b: int, stop: int) -> bool:
    """Return whether the hyphen between two offsets joins two halves of a word."""
    if a == 0 or b >= stop:
        return False
    before, after = text[a - 1], text[b]
    return before.isalnum() and after.isalnum() and not (before.isdigit() and after.isdigit())
