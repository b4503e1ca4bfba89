"""Notes are put on the words that they speak of, and nothing else of the page is touched."""

from __future__ import annotations

import re

import lxml.html
import pytest

from equipoise.desk.anchors import Anchor, make_anchor
from equipoise.desk.notes import Note
from equipoise.desk.page_text import read_part
from equipoise.desk.placing import place_notes

PAGE = """<main><h1>Tea</h1><section class="part" id="about"><h2>About</h2>
  <p>Tea is <b>warm</b> &amp; sweet;   <a href="/x?a=1&amp;b=2" title="a > b">green</a> tea is not.</p>
  <ul><li>Asthma</li><li>Gout</li></ul><svg><text>drawn</text></svg>
  <p>Tea is <b>warm</b> in the evening.</p>
</section><section class="part" id="who"><h2>Who</h2><section><p>Adults</p></section><p>Men</p></section></main>"""


def note(id: int, place: Anchor, text: str = "Ask.") -> Note:
    return Note(
        id=id, person=1, study="NCT99000001", version="", place=place, text=text, tags=(), created="", changed="",
        deleted=None, revision=1, key=str(id),
    )  # fmt: skip


def on(words: str, *, part: str = "about", nth: int = 0) -> Anchor:
    found = read_part(PAGE, part)
    assert found is not None
    start = [one.start() for one in re.finditer(re.escape(words), found.text)][nth]
    return make_anchor(part, found.text, start, start + len(words))


def without_notes(html: str) -> str:
    html = re.sub(r'<a class="note-number".*?</a>', "", html)
    return re.sub(r'<mark class="noted"[^>]*>|</mark>', "", html)


def marked(html: str) -> list[str]:
    return [" ".join(one.text_content().split()) for one in lxml.html.fromstring(html).xpath("//mark")]


def test_the_text_of_a_part_is_what_a_reader_sees() -> None:
    """White space is one space, bounds of blocks are white space, drawings and other sections are not of it."""
    found = read_part(PAGE, "about")
    assert found is not None
    assert found.text == ("About Tea is warm & sweet; green tea is not. Asthma Gout Tea is warm in the evening. ")
    who = read_part(PAGE, "who")
    assert who is not None and who.text == "Who Adults Men "
    assert read_part(PAGE, "sites") is None


@pytest.mark.parametrize(
    ("words", "marks"),
    [
        ("warm & sweet", ["warm", "& sweet"]),
        ("sweet; green tea", ["sweet;", "green", "tea"]),
        ("Asthma Gout", ["Asthma", "Gout"]),
        ("not. Asthma", ["not.", "Asthma"]),
        ("green", ["green"]),
    ],
)
def test_words_are_marked_where_they_stand(words: str, marks: list[str]) -> None:
    """Each text node has a mark of its own, white space between blocks has none, and the page is else the same."""
    html, placed, orphaned = place_notes(PAGE, [note(7, on(words))])
    assert marked(html) == marks
    assert [(one.note.id, one.number, one.now) for one in placed] == [(7, 1, None)]
    assert orphaned == ()
    assert without_notes(html) == PAGE
    assert html.count('id="mark-7"') == 1


def test_the_number_is_never_inside_a_link() -> None:
    """A link in a link is no HTML: a note on the words of one has its number after it."""
    html, _, _ = place_notes(PAGE, [note(7, on("green"))])
    tree = lxml.html.fromstring(html)
    assert [one.text_content() for one in tree.xpath("//a[@class='note-number']")] == ["Note 1: Ask.1"]
    assert not re.search(r"<a [^>]*>(?:(?!</a>).)*<a ", html, re.DOTALL)


def test_notes_may_overlap() -> None:
    """Two notes that share words both mark them, and each has its number and its own mark."""
    notes = [note(7, on("Tea is warm & sweet")), note(8, on("warm & sweet; green")), note(9, on("warm", nth=1))]
    html, placed, _ = place_notes(PAGE, notes)
    assert [(one.note.id, one.number) for one in placed] == [(7, 1), (8, 2), (9, 3)]
    assert without_notes(html) == PAGE
    assert all(html.count(f'id="mark-{id}"') == 1 for id in (7, 8, 9))
    assert "<b><mark" in html and "</mark></b>" in html


def test_notes_are_numbered_as_they_stand() -> None:
    """The page's order counts; a note on a part stands at its heading, one on the study nowhere."""
    notes = [
        note(1, on("evening")),
        note(2, on("Adults", part="who")),
        note(3, Anchor(part="about")),
        note(4, Anchor()),
    ]
    html, placed, _ = place_notes(PAGE, notes)
    assert [(one.note.id, one.number) for one in placed] == [(4, None), (3, 1), (1, 2), (2, 3)]
    assert 'About<a class="note-number" data-aside id="mark-3"' in html


def test_what_a_note_says_is_escaped() -> None:
    """A note cannot put anything into the page."""
    html, _, _ = place_notes(PAGE, [note(1, on("evening"), '<script>alert("x")</script>')])
    assert "<script" not in html and "&lt;script&gt;" in html


def test_a_note_whose_words_are_gone_is_orphaned() -> None:
    """It is placed nowhere, and what stands there now is told; so is one of a part that is gone."""
    changed = PAGE.replace("in the evening", "at dawn")
    html, placed, orphaned = place_notes(changed, [note(1, on("in the evening")), note(2, Anchor("sites", "Leeds"))])
    assert html == changed and placed == ()
    assert [(one.note.id, one.now) for one in orphaned] == [(1, "at dawn."), (2, None)]


def test_placing_again_reads_the_same_text() -> None:
    """Our own marks and numbers are not of the text: a page that has notes on it has the same words to note."""
    html, _, _ = place_notes(PAGE, [note(7, on("warm & sweet")), note(3, Anchor(part="about"))])
    before, after = read_part(PAGE, "about"), read_part(html, "about")
    assert before is not None and after is not None and before.text == after.text
