"""Laws of rendering: no text fails, and none yields what a page must not have."""

from __future__ import annotations

import lxml.html
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.find.criteria import every, read_view, text_of
from equipoise.find.markup import listed, plain, render, render_inline, render_powers, skim

ALLOWED = {"p", "ul", "ol", "li", "em", "strong", "a", "br", "sup", "span", "hr", "code"}
ATTRIBUTES = {"a": {"href", "title", "rel"}, "span": {"title", "class"}, "ol": {"start"}}

_ATTACKS = ["<script>", "</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "](http://a.example)"]
_MARKS = [
    "* ",
    "1. ",
    "2. A",
    "\n",
    "\n\n",
    "    ",
    "10^6",
    "1*10^-3",
    "&lt;",
    "&#",
    "://",
    "![",
    "**",
    "title=",
    "javascript:",
]
_WORDS = ["Inclusion Criteria:", "Exclusion Criteria:", "word", "\u202e", "\u0000", "\ufeff", "\r", "\t", "𝟙", "é"]
_pieces = st.sampled_from([*_ATTACKS, *_MARKS, *_WORDS, *"[]()*_`\\<>&\"'^|#"])
_texts = st.text(max_size=200) | st.lists(_pieces | st.text(max_size=4), max_size=40).map("".join)


# lxml takes no control characters; a browser shows none.
_CONTROLS = {code: None for code in range(32) if chr(code) not in "\t\n\r"}


def _check(html: str) -> None:
    tree = lxml.html.fragment_fromstring(f"<div>{html.translate(_CONTROLS)}</div>")
    for node in tree.iterdescendants():
        assert node.tag in ALLOWED
        assert set(node.attrib) <= ATTRIBUTES.get(node.tag, set())
        assert node.get("class") in (None, "mended")
        assert node.get("href", "https://").startswith(("http://", "https://"))


@settings(deadline=None, max_examples=300)
@given(_texts)
def test_any_text_renders_to_the_plain_tags_of_running_text(text: str) -> None:
    """No tag, attribute or address but those that are allowed, as a block and in a line."""
    _check(str(render(text)))
    _check(str(render_inline(text)))


@settings(deadline=None, max_examples=200)
@given(_texts)
def test_any_eligibility_text_has_safe_parts(text: str) -> None:
    """Every part of every criterion, at every depth, and what stands around them."""
    view = read_view(text, [])
    assert view.text == text
    for section in view.sections:
        for item in every(section.items):
            for part in (*item.parts, *item.rest):
                _check(str(render_powers(part.text)))
        _check(str(render_powers(section.heading + section.after)))


@settings(deadline=None)
@given(_texts)
def test_any_text_has_a_plain_form(text: str) -> None:
    """It is text, and so is what a snippet is cut from."""
    assert isinstance(plain(text), str)
    assert isinstance(skim(text), str)


@settings(deadline=None)
@given(st.text(alphabet="abcXYZ \n", max_size=100))
def test_words_without_marks_stay_the_same_words(text: str) -> None:
    """Rendering adds and loses none."""
    tree = lxml.html.fragment_fromstring(str(render(text)), create_parent="div")
    assert tree.text_content().split() == plain(text).split() == text.split()


@settings(deadline=None)
@given(_texts)
def test_setting_a_list_loses_no_word(text: str) -> None:
    """Apart from the marks of its numbers, what is listed has the words that it had."""
    before, after = (one.replace(")", ".").split() for one in (text, listed(text)))
    assert after == before


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["Adults", "Consent given", "No stroke", "Pregnancy"]), min_size=1, max_size=5),
    st.booleans(),
)
def test_items_come_out_as_they_went_in(items: list[str], numbered: bool) -> None:
    """A list under each heading, in order."""
    lines = [f"{place}. {item}" if numbered else f"* {item}" for place, item in enumerate(items, 1)]
    text = "Inclusion Criteria:\n\n" + "\n".join(lines) + "\n\nExclusion Criteria:\n\n" + "\n".join(lines)
    sections = read_view(text, []).sections
    assert [section.side for section in sections] == ["inclusion", "exclusion"]
    for section in sections:
        assert [text_of(item.parts) for item in section.items] == items
