"""CommonMark becomes safe HTML: what a reader expects of it, and nothing that runs, loads or misleads."""

from __future__ import annotations

import random

import lxml.html
import pytest

from equipoise.find.markup import clean, is_paragraphs, listed, parser, plain, render, render_inline

ALLOWED = {"p", "ul", "ol", "li", "em", "strong", "a", "br", "sup", "span", "hr", "code"}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("Two\nlines", "<p>Two\nlines</p>\n"),
        ("Two\n\nparagraphs", "<p>Two</p>\n<p>paragraphs</p>\n"),
        ("**strong** and *weak*", "<p><strong>strong</strong> and <em>weak</em></p>\n"),
        ("* one\n* two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"),
        ("* one\n  * below", "<ul>\n<li>one\n<ul>\n<li>below</li>\n</ul>\n</li>\n</ul>\n"),
        ("3. three\n4. four", '<ol start="3">\n<li>three</li>\n<li>four</li>\n</ol>\n'),
        (r"GCS \<9 & \>3", "<p>GCS &lt;9 &amp; &gt;3</p>\n"),
        (r"\* no list", "<p>* no list</p>\n"),
        ("a  \nb", "<p>a<br>\nb</p>\n"),
        ("&lt;b&gt; &amp; &#x41;", "<p>&lt;b&gt; &amp; A</p>\n"),
        (
            "[the page](https://example.org/a?b=1&c=2)",
            '<p><a href="https://example.org/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">the page</a></p>\n',
        ),
        (
            "<https://example.org>",
            '<p><a href="https://example.org" rel="noopener noreferrer nofollow">https://example.org</a></p>\n',
        ),
    ],
)
def test_commonmark_is_rendered(text: str, html: str) -> None:
    """Paragraphs, lists, emphasis, escapes, entities, links."""
    assert str(render(text)) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# 1 rule", "<p># 1 rule</p>\n"),
        ("Title\n===", "<p>Title\n===</p>\n"),
        ("> 65 years", "<p>&gt; 65 years</p>\n"),
        ("    four spaces", "<p>four spaces</p>\n"),
        ("```\nfence\n```", "<p><code>fence</code></p>\n"),
        ("[a]: http://example.org\n\n[a]", "<p>[a]: http://example.org</p>\n<p>[a]</p>\n"),
    ],
)
def test_forms_that_people_type_by_accident_are_text(text: str, html: str) -> None:
    """A line that begins with a number sign, a greater-than sign or four spaces is what it says."""
    assert str(render(text)) == html


ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](  javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example)",
    "[x](/search?q=a)",
    "[x](#results)",
    "<javascript:alert(1)>",
    "![x](http://evil.example/x.png)",
    "![x](data:image/svg+xml;base64,xx)",
    '[x](http://a.example "onmouseover=alert(1)")',
    '[x](http://a.example"onmouseover="alert(1))',
    "[x](http://a.example 'x\" onmouseover=\"alert(1)')",
    "`<script>alert(1)</script>`",
    "10^6<script>alert(1)</script>",
    '1*10^6"onmouseover="alert(1)',
    "<style>*{background:url(//evil.example)}</style>",
    "<form action=//evil.example><input type=submit>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0>",
    "<!--<img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "\u0000<script>alert(1)</script>",
    "<math><mtext><script>alert(1)</script>",
    "<span class=mended title=x onclick=alert(1)>x</span>",
    "<span style='position:fixed'>x</span>",
]


@pytest.mark.parametrize("render_it", [render, render_inline])
@pytest.mark.parametrize("text", ATTACKS)
def test_nothing_of_a_record_runs_or_loads(text: str, render_it) -> None:
    """Only the tags of running text, no handler, no style, no image, links to http(s) alone."""
    tree = lxml.html.fragment_fromstring(str(render_it(text)), create_parent="div")
    for node in tree.iterdescendants():
        assert node.tag in ALLOWED
        assert set(node.attrib) <= {"href", "title", "rel", "start", "class"}
        assert node.get("class") in (None, "mended")
        if node.tag == "a" and "href" in node.attrib:
            assert node.get("href", "").startswith(("http://", "https://"))
            assert node.get("rel") == "noopener noreferrer nofollow"


def test_a_script_is_shown_as_the_text_that_it_is() -> None:
    """Readers see what the record says."""
    shown = lxml.html.fragment_fromstring(str(render("Use <script>alert(1)</script> here")), create_parent="div")
    assert shown.text_content().strip() == "Use <script>alert(1)</script> here"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5_000,
        "[" * 5_000 + "]" * 5_000,
        "![" * 5_000,
        "*" * 10_000,
        "* " * 5_000,
        "(" * 10_000,
        "<" * 10_000,
        "&" * 10_000,
        "1. " * 5_000,
        "10^" * 5_000,
        "`" * 5_000 + "a",
        "**a " * 5_000,
        "[a](" * 5_000,
        "\\" * 10_000,
    ],
    ids=lambda text: f"{text[:4]}×{len(text)}",
)
def test_nesting_and_repetition_end_soon(text: str) -> None:
    """No text takes the time or the stack that it likes."""
    for read in (render, render_inline, plain):
        assert read(text) is not None


def test_a_megabyte_is_rendered() -> None:
    """Long records exist; none of their words is lost."""
    text = "Some *plain* words of a long record, at 10^6 a time.\n\n" * 20_000
    assert len(text) > 1_000_000
    shown = lxml.html.fragment_fromstring(str(render(text)), create_parent="div").text_content()
    assert shown.count("words of a long record, at 10") == 20_000


def test_a_deep_list_keeps_its_text() -> None:
    """Beyond the depth that is rendered, the words are still there."""
    text = "\n".join("  " * depth + f"* level {depth}" for depth in range(60))
    shown = lxml.html.fragment_fromstring(str(render(text)), create_parent="div").text_content()
    assert [depth for depth in range(60) if f"level {depth}" not in shown] == []


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("1*10^6", '<span class="mended" title="Published as 1*10^6">1×10<sup>6</sup></span>'),
        (r"1\*10\^6", '<span class="mended" title="Published as 1*10^6">1×10<sup>6</sup></span>'),
        ("2.5 x 10^-3", '<span class="mended" title="Published as 2.5 x 10^-3">2.5×10<sup>−3</sup></span>'),
        ("100×10^9/L", '<span class="mended" title="Published as 100×10^9">100×10<sup>9</sup></span>/L'),
        ("10^9", '10<span class="mended" title="Published as ^9"><sup>9</sup></span>'),
        ("mm^3", 'mm<span class="mended" title="Published as ^3"><sup>3</sup></span>'),
        ("a ^ b", "a ^ b"),
        ("^3", "^3"),
        ("10*6", "10*6"),
        ("x^y", "x^y"),
    ],
)
def test_powers_are_set_as_powers_and_marked(text: str, html: str) -> None:
    """The published form can be seen; what is no power stays."""
    assert str(render_inline(text)) == html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "It asks: 1. Is it safe? 2. Does it work? People come twice.",
            "It asks:\n\n1. Is it safe?\n2. Does it work?\n\nPeople come twice.",
        ),
        (
            "It asks 1. Is it safe? 2. Does it work? 3. Is it liked?",
            "It asks\n\n1. Is it safe?\n2. Does it work?\n3. Is it liked?",
        ),
        ("It asks: 1) Is it safe? 2) Does it work?", "It asks:\n\n1. Is it safe?\n2. Does it work?"),
        (
            "Before.\n\nIt asks: 1. Is it safe? 2. Does it work?\n\nAfter.",
            "Before.\n\nIt asks:\n\n1. Is it safe?\n2. Does it work?\n\nAfter.",
        ),
        ("Aims: 1. Safety 2. Effect", "Aims:\n\n1. Safety\n2. Effect"),
    ],
)
def test_numbered_questions_on_one_line_become_a_list(text: str, expected: str) -> None:
    """They follow a colon or are three; what follows the last is a paragraph."""
    assert listed(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No numbers.",
        "One reason: 1. Only one.",
        "1. A list\n2. As such",
        "1. Starts at once 2. And goes on: 3. Third",
        "Given on day 1. Then again on day 2. Then rest.",
        "Class 1. Or class 2. Nothing follows a colon",
        "It has: 2. Is first 1. Is second",
        "It has: 2. Starts late 3. Goes on",
        "Doses: 1. 5 mg 2. 10 mg",
        "In phases 1. and 2. we look.",
        "It asks: 1. is it safe? 2. does it work?",
        "Version 1.2. The next: 1.3. Nothing more.",
        "It asks:\n1. Is it safe?\n2. Does it work?",
        "Ratio 2:1. Patients are seen. 2. Nobody",
    ],
)
def test_numbers_that_are_no_list_stay_text(text: str) -> None:
    """Days, classes, doses, real lists, runs that do not start at 1 or do not count on."""
    assert listed(text) == text


def test_no_word_is_lost_when_a_list_is_made() -> None:
    """The words before, in and after, in order."""
    text = "The aims are: 1. To see. Twice. 2. To hear. What else is there is here. And here."
    assert listed(text).replace("\n\n", " ").replace("\n", " ") == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("* GCS \\<9\n* *never* before", "GCS <9\nnever before"),
        ("One\ntwo\n\nthree", "One two\nthree"),
        ("[the page](https://example.org) & `code`", "the page & code"),
        ("&amp; &lt;", "& <"),
        ("<b>not ours</b>", "<b>not ours</b>"),
        ("1. one\n   * below\n2. two", "one\nbelow\ntwo"),
    ],
)
def test_plain_text_has_the_words_alone(text: str, words: str) -> None:
    """A line for each paragraph or item."""
    assert plain(text) == words


PIECES = (
    *(
        "People",
        "come",
        "x",
        "é",
        "5",
        "1.",
        "1) A",
        "2. B",
        "- ",
        "* ",
        "_",
        "**",
        "`",
        "\\",
        "<b>",
        "&amp;",
        "&",
        "^2",
    ),
    *("^2", "~~~", "#", "|", "[a](b)", "!", '"', "'", "+", "=", "---", "http://a.b", ":", "(", "."),
    *(" ", "  ", "\n", "\n\n", "\n\n\n", "\t", "\xa0", "\u2003"),
)


def test_paragraphs_that_no_parser_reads_are_what_the_parser_makes_of_them() -> None:
    """Where a text is taken for nothing but paragraphs, CommonMark reads the same; also what is plain in it."""
    chance, seen = random.Random(4), 0
    for _ in range(20_000):
        text = "".join(chance.choice(PIECES) for _ in range(chance.randrange(1, 9)))
        text = "Adults" + text if chance.random() < 0.5 else text
        if is_paragraphs(text):
            seen += 1
            assert render(text) == clean(parser().render(listed(text))), text
            words = [token.content for token in parser().parse(text) if token.type == "inline"]
            assert plain(text) == "\n".join(words), text
    assert seen > 1000
