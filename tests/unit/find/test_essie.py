"""The registry's language is read as its grammar says, and what is no expression is pointed at."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from equipoise.errors import QueryError
from equipoise.find.essie import DEEPEST, LONGEST, MOST, parse_expression, whole_text
from equipoise.find.expressions import (
    Both,
    Bounds,
    Covered,
    Either,
    Everything,
    Expression,
    Missing,
    Tilted,
    Together,
    Widened,
    Within,
    Without,
    Words,
    nodes,
)


def drawn(node: Expression | None) -> str:
    """Return a tree as a line: words by themselves, quoted ones in quotation marks, operators with their parts."""
    if isinstance(node, Words):
        return f'"{node.text}"' if node.quoted else node.text
    if isinstance(node, Both | Either):
        sign = " & " if isinstance(node, Both) else " | "
        return f"({sign.join(drawn(part) for part in node.parts)})"
    if isinstance(node, Without):
        return f"!{drawn(node.part)}"
    if isinstance(node, Within):
        return f"{node.name}{'#' if node.sized else ''}:{drawn(node.part)}"
    if isinstance(node, Together):
        return f"<{node.scope} {drawn(node.part)}>"
    if isinstance(node, Widened | Covered):
        return f"{node.how}~{drawn(node.part)}"
    if isinstance(node, Tilted):
        return f"^{node.name} {drawn(node.part)}"
    if isinstance(node, Bounds):
        return f"[{node.low}..{node.high}]"
    return {Missing: "MISSING", Everything: "ALL", type(None): "nothing"}[type(node)]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        # Words side by side are one term; operators are in capitals.
        ("heart attack", "heart attack"),
        ("  heart \n attack ", "heart attack"),
        ("heart and attack", "heart and attack"),
        ("Not or And", "Not or And"),
        ("NOTE ORAL ANDY MISSINGS", "NOTE ORAL ANDY MISSINGS"),
        ("stroke AND fever", "(stroke & fever)"),
        ("stroke OR fever OR pain", "(stroke | fever | pain)"),
        # AND binds closer than OR, NOT closer than AND.
        ("a OR b AND c", "(a | (b & c))"),
        ("a AND b OR c AND d", "((a & b) | (c & d))"),
        ("(a OR b) AND c", "((a | b) & c)"),
        ("NOT a AND b", "(!a & b)"),
        ("NOT a OR b", "(!a | b)"),
        ("NOT (a OR b)", "!(a | b)"),
        ("NOT NOT a", "!!a"),
        ("a NOT b", "(a & !b)"),
        ("a AND NOT b OR c", "((a & !b) | c)"),
        ("NOT heart attack", "!heart attack"),
        # What stands side by side and is no term is joined by AND.
        ('heart "acute attack" pain', '(heart & "acute attack" & pain)'),
        ("stroke (mild OR severe)", "(stroke & (mild | severe))"),
        ("(a) (b)", "(a & b)"),
        ("stroke AREA[Phase]PHASE1 fever", "(stroke & Phase:PHASE1 fever)"),
        ("a ALL MISSING b", "(a & ALL & MISSING & b)"),
        # A comma is an AND, but for one within a number and one that nothing follows.
        ("stroke, fever", "(stroke & fever)"),
        ("stroke,fever,pain", "(stroke & fever & pain)"),
        ("more than 1,000 mg", "more than 1,000 mg"),
        ("1, 000", "(1 & 000)"),
        ("stroke,", "stroke"),
        ("stroke,, fever", "(stroke & fever)"),
        ("stroke, AND fever", "(stroke & fever)"),
        ("stroke, OR fever", "(stroke | fever)"),
        ("(stroke,) fever", "(stroke & fever)"),
        ("a OR b, c", "(a | (b & c))"),
        # In quotation marks everything is words.
        ('"heart attack"', '"heart attack"'),
        ('"AND"', '"AND"'),
        ('"a, (b) [c] NOT"', '"a, (b) [c] NOT"'),
        ('""', '""'),
        (r'"say \"a\" \\"', r'"say "a" \"'),
        ('heart"attack"', '(heart & "attack")'),
        # A backslash takes the meaning from what follows.
        (r"\AND", "AND"),
        (r"stroke \OR fever", "stroke OR fever"),
        (r"\[18F\]FDG", "[18F]FDG"),
        (r"\(a\)", "(a)"),
        (r"a\,b", "a,b"),
        (r"a\ b", "a b"),
        (r"\\", "\\"),
        # Marks that are nothing here are words.
        ("HER2+ < 5% !x -y a/b", "HER2+ < 5% !x -y a/b"),
        # Contexts bind as closely as NOT, and nest.
        ("AREA[Phase]PHASE1 AND stroke", "(Phase:PHASE1 & stroke)"),
        ("AREA[Phase] PHASE1 OR stroke", "(Phase:PHASE1 | stroke)"),
        ("AREA[Phase](PHASE1 OR PHASE2)", "Phase:(PHASE1 | PHASE2)"),
        ("AREA [ BriefTitle ] x", "BriefTitle:x"),
        ("AREA[BriefTitle]AREA[Condition]x", "BriefTitle:Condition:x"),
        ("AREA[Phase]NOT PHASE1", "Phase:!PHASE1"),
        ("NOT AREA[Phase]PHASE1", "!Phase:PHASE1"),
        ("AREA[Location:size]3", "Location#:3"),
        ("AREA[Location : SIZE]RANGE[2, MAX]", "Location#:[2..None]"),
        ("AREA[a.b.c]x", "a.b.c:x"),
        ("SEARCH[Location](AREA[LocationCity]a AND b)", "<Location (LocationCity:a & b)>"),
        ("SEARCH[study]a", "<Study a>"),
        ("EXPANSION[none]a b", "None~a b"),
        ("COVERAGE[FullMatch]EXPANSION[Term]a", "FullMatch~Term~a"),
        ("TILT[StartDate]a b", "^StartDate a b"),
        # Sources.
        ("ALL", "ALL"),
        ("AREA[x]MISSING", "x:MISSING"),
        ("AREA[x]RANGE[MIN, MAX]", "x:[None..None]"),
        ("AREA[x]RANGE[ 2020-01 , 18 years ]", "x:[2020-01..18 years]"),
        ('AREA[x]RANGE["1", "2"]', "x:[1..2]"),
        ("AREA[x] RANGE [1,2]", "x:[1..2]"),
        ("a MISSING", "(a & MISSING)"),
        # Nothing.
        ("", "nothing"),
        (" \t\n", "nothing"),
    ],
)
def test_expressions_are_read(text, tree):
    """What stands on the left means what is drawn on the right."""
    assert drawn(parse_expression(text)) == tree


ERRORS = r"""
A quotation mark is not closed
    a "heart
      ^
Close it, or write it as \".

Nothing follows the backslash
    heart \
          ^
Write \\ for a backslash.

[ stands by itself
    [18F]FDG
    ^
Write \[ for the mark itself; operators with brackets are AREA, SEARCH, EXPANSION, COVERAGE, TILT, RANGE.

] stands by itself
    a ] b
      ^
Write \] for the mark itself; operators with brackets are AREA, SEARCH, EXPANSION, COVERAGE, TILT, RANGE.

[ stands by itself
    CONTEXT[Study]a
           ^
Write \[ for the mark itself; operators with brackets are AREA, SEARCH, EXPANSION, COVERAGE, TILT, RANGE.

Operators are written in capitals
    x area[Phase]PHASE1
      ^~~~
Write AREA[…].

Operators are written in capitals
    a Range[1,2]
      ^~~~~
Write RANGE[…].

AREA[ is not closed
    a AREA[Phase b
      ^~~~~
Close it with ].

AREA[] names no field
    AREA[ ]x
    ^~~~~~~
Write AREA[BriefTitle].

TILT[] names no field
    TILT[]x
    ^~~~~~
Write TILT[BriefTitle].

Nothing is known as Condition:length
    AREA[Condition:length]3
         ^~~~~~~~~~~~~~~~
Only :size can follow a name.

Nothing opened this parenthesis
    a ) b
      ^
Remove it, or write \).

Nothing opened this parenthesis
    ) b
    ^
Remove it, or write \).

This parenthesis is not closed
    a AND (b
          ^
Close it with ), or write \(.

Nothing is in the parentheses
    a ()
       ^
Write something between them, or write \( and \) for the marks themselves.

Nothing to search for before )
    (a OR )
          ^
Write something there.

Nothing to search for before OR
    OR a
    ^~
Write something there, or put it in quotation marks to search for it.

Nothing to search for before OR
    a AND OR b
          ^~
Write something there, or put it in quotation marks to search for it.

Nothing to search for before the comma
    , a
    ^
Write something there, or put it in quotation marks to search for it.

Something is missing at the end
    a AND
      ^~~
Finish the search, or remove the operator.

Something is missing at the end
    NOT
    ^~~
Finish the search, or remove the operator.

Something is missing at the end
    AREA[Phase]
    ^~~~~~~~~~~
Finish the search, or remove the operator.

SEARCH knows no Site
    SEARCH[Site](x)
           ^~~~
Known: Location, Study.

COVERAGE knows no empty name
    COVERAGE[]x
             ^
Known: Contains, StartsWith, EndsWith, FullMatch.

EXPANSION knows no Concepts
    EXPANSION[Concepts]x
              ^~~~~~~~
Did you mean Concept? Known: None, Term, Concept, Relaxation, Lossy.

RANGE needs two limits
    AREA[StartDate]RANGE[2020]
                   ^~~~~~~~~~~
Write RANGE[2020-01-01, MAX], with MIN and MAX for no limit.

RANGE needs two limits
    RANGE[1, ]
    ^~~~~~~~~~
Write RANGE[2020-01-01, MAX], with MIN and MAX for no limit.

RANGE needs two limits
    RANGE[1,2,3]
    ^~~~~~~~~~~~
Write RANGE[2020-01-01, MAX], with MIN and MAX for no limit.
"""


@pytest.mark.parametrize("message", ERRORS.strip().split("\n\n"))
def test_what_is_no_expression_is_pointed_at(message):
    """The whole message for the text that stands in it: what is wrong, where, and what to write instead."""
    with pytest.raises(QueryError) as caught:
        parse_expression(message.split("\n")[1].removeprefix("    "))
    assert str(caught.value) == message


def test_limits_on_size_are_named():
    """A search that is too long, has too many parts or is too deep is refused, and the place is shown."""
    with pytest.raises(QueryError) as long:
        parse_expression("a" * (LONGEST + 1))
    assert str(long.value) == (
        f"The search has 20,001 characters; at most 20,000 are read\n    {'a' * 60} …\n    ^{'~' * 59}\n"
        "Search for the words that matter."
    )
    with pytest.raises(QueryError) as many:
        parse_expression("x " * (MOST + 1))
    assert str(many.value) == (
        f"The search has more than 2,000 parts\n    … {'x ' * 40}\n    {' ' * 80}^\nSearch for the words that matter."
    )
    with pytest.raises(QueryError) as deep:
        parse_expression("(" * DEEPEST + "x" + ")" * DEEPEST)
    assert str(deep.value).startswith("The search is nested more than 60 deep\n    ")
    assert str(deep.value).endswith("\nWrite it flatter.")


def test_what_is_within_the_limits_is_read():
    """As many parts and as deep as is allowed."""
    assert len(list(nodes(parse_expression("x OR " * (MOST // 2 - 1) + "x")))) == MOST // 2 + 1
    deepest = DEEPEST - 1
    assert drawn(parse_expression("(" * deepest + "x" + ")" * deepest)) == "x"
    assert drawn(parse_expression("NOT " * deepest + "x")) == "!" * deepest + "x"


def test_a_long_text_is_shown_around_the_place():
    """Eighty characters on one line, whatever the text has, with the caret below the place."""
    text = "one line\n" * 20 + "AREA[Phase\tPHASE1\x1b[31m" + " and more\n" * 20
    with pytest.raises(QueryError) as caught:
        parse_expression(text)
    problem, shown, caret, _ = str(caught.value).split("\n")
    assert problem == "AREA[ is not closed"
    assert "\x1b" not in shown
    assert len(shown) == len("    … ") + 80 + len(" …")
    assert shown[caret.index("^") : caret.index("^") + 10] == "AREA[Phase"
    assert caught.value.text == text
    assert text[slice(*caught.value.span)] == "AREA["


MARKS = [
    "(",
    ")",
    '"',
    "\\",
    "[",
    "]",
    ",",
    " ",
    "\n",
    "AND",
    "OR",
    "NOT",
    "MISSING",
    "ALL",
    "RANGE[",
    "AREA[",
    "SEARCH[",
]
MARKS += [
    "RANGE[1, 2]",
    "AREA[Phase]",
    "AREA[Location:size]",
    "SEARCH[Location]",
    "EXPANSION[None]",
    "COVERAGE[EndsWith]",
]
MARKS += ["TILT[StartDate]", "heart", "stroke", "1,000", "é", "\x00", "\ud800", "𝒳", "\u202e", "PHASE1"]
texts = st.one_of(st.text(st.characters(), max_size=60), st.lists(st.sampled_from(MARKS), max_size=40).map("".join))


@settings(max_examples=1000, deadline=None)
@given(texts)
@example("AREA[" + "a" * 200)
@example("\ud800 AND \udfff")
def test_any_text_is_read_or_pointed_at(text):
    """Law: a text is an expression or a `QueryError`; spans lie inside the text and inside their parents'."""
    try:
        tree = parse_expression(text)
    except QueryError as error:
        start, end = error.span
        assert 0 <= start < end <= len(text)
        assert str(error).encode()  # no half characters
        return
    for node in nodes(tree) if tree is not None else ():
        start, end = node.span
        assert 0 <= start < end <= len(text)
        for part in nodes(node):
            assert start <= part.span[0] <= part.span[1] <= end
        if isinstance(node, Within):
            assert whole_text(text)[slice(*node.name_span)].startswith(node.name)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000,
        "(" * 9_000 + "x" + ")" * 9_000,
        "RANGE[" * 3_333,
        "AREA[Phase]" * 1_800,
        "NOT " * 5_000,
        '"' * 19_999,
        '"\\' * 10_000,
        "\\" * 19_999,
        "a" * 19_990 + " [",
        "a" * 19_000 + " " * 900 + "[",
        " " * 19_999 + "[",
        "a," * 10_000,
        "1," * 10_000,
        "AREA" + " " * 19_990,
        "AREA " * 4_000,
        "x" * 100_000,
        "(" * 100_000,
        "\x00" * 20_000,
        "\ud800" * 20_000,
        "a OR " * 4_000,
    ],
    ids=lambda text: f"{text[:6]!a}…{len(text)}",
)
def test_bombs_are_met_at_once(text):
    """No text takes long or breaks the reader, whatever it repeats."""
    start = time.process_time()
    try:
        parse_expression(text)
    except QueryError as error:
        assert len(str(error)) < 500
    assert time.process_time() - start < 2
