"""What has an explanation opens it; nothing else of a page changes."""

from __future__ import annotations

import re

import lxml.html
import pytest

from equipoise.app.explaining import explain


def tree(html: str) -> lxml.html.HtmlElement:
    return lxml.html.fragment_fromstring(str(explain(html)), create_parent="main")


def test_a_title_becomes_a_button_with_its_popover() -> None:
    """The button opens the popover by hover, focus and tap; the title is gone."""
    page = tree('<dd><span class="pill tone-open" title="It takes &quot;people&quot; &lt; now.">Open</span></dd>')
    [button] = page.xpath("//button")
    [tip] = page.xpath("//div[@popover]")
    assert button.get("popovertarget") == button.get("interestfor") == tip.get("id")
    assert button.get("class") == "pill tone-open term"
    assert button.get("type") == "button"
    assert tip.text_content() == 'Open It takes "people" < now.'
    assert page.xpath("//@title") == []


def test_what_is_inside_a_titled_word_stays() -> None:
    """A power of ten keeps its raised figure."""
    page = tree('<p class="words"><span class="mended" title="Published as 1*10^6">1×10<sup>6</sup></span> cells</p>')
    [button] = page.xpath("//p/button")
    assert (button.text, button.find("sup").text, button.tail) == ("1×10", "6", " cells")


def test_the_first_mention_in_a_section_is_marked_and_no_other() -> None:
    """A new section begins anew; one popover serves all."""
    page = tree(
        '<section><div class="prose"><p>A placebo, then a placebo.</p></div></section>'
        '<section><div class="prose"><p>Placebo.</p></div></section>'
    )
    assert [one.text for one in page.xpath("//button")] == ["placebo", "Placebo"]
    assert len(page.xpath("//div[@popover]")) == 1


def test_the_same_help_is_a_button_once_in_a_section() -> None:
    """A keyboard meets each explanation once, not at each of twenty rows."""
    page = tree('<section><abbr title="Help.">A</abbr> <abbr title="Help.">A</abbr></section>')
    assert len(page.xpath("//button")) == 1
    assert page.xpath("//@title") == []


@pytest.mark.parametrize(
    "html",
    [
        '<div class="prose"><p><a href="/x">placebo</a></p></div>',
        '<summary><span title="Help.">A</span></summary>',
        "<p>placebo</p>",
        '<p class="words">nothing to explain</p>',
        "<h2>Cold feet</h2>",
        '<p title="Help.">A paragraph</p>',
    ],
)
def test_what_may_hold_no_button_stays_as_it_is(html: str) -> None:
    """Links, summaries, and text that is no running text."""
    assert str(explain(html)) == html


def test_a_heading_that_the_glossary_knows_can_be_asked() -> None:
    """The question mark stands beside the words and has a name of its own; the words stay the heading."""
    page = tree("<h2>Who can join</h2>")
    [button] = page.xpath("//h2/button")
    assert button.get("aria-label") == "What is “Who can join”?"
    assert page.find("h2").text.strip() == "Who can join"
    assert button.text is None


def test_words_whose_reading_is_shown_keep_their_title() -> None:
    """How a criterion was read stands below it; where a word in it is explained, the title gives way."""
    read = '<span class="read limit" title="{0}">{0}</span>'
    page = tree(f'<p class="words">{read.format("age")} {read.format("ECOG")}</p>')
    assert page.xpath("//span/@title") == ["age"]
    assert page.xpath("//span/button/text()") == ["ECOG"]


def test_escaped_text_stays_escaped() -> None:
    """Nothing that a record says becomes a tag."""
    html = '<div class="prose"><p>&lt;script&gt;placebo&lt;/script&gt; &amp; ALT &lt; 3 × ULN</p></div>'
    page = tree(html)
    assert page.xpath("//script") == []
    assert "<script>placebo</script> & ALT < 3 × ULN" in page.xpath("//p")[0].text_content()
    assert [one.text for one in page.xpath("//p/button")] == ["placebo", "ALT", "ULN"]


def test_the_point_after_a_word_stays_on_its_line() -> None:
    """A browser may begin a line after any button, with the comma; in the words of a criterion, too."""
    page = explain('<p class="words">Give a <span class="read drug">placebo</span>, or randomized; done.</p>')
    assert re.findall(r'<span class="kept"><button[^>]*>([^<]*)</button>([.,;]*)</span>', page) == [
        ("placebo", ","),
        ("randomized", ";"),
    ]
    words = re.sub(r"<div popover.*|<[^>]*>", "", page)
    assert words == "Give a placebo, or randomized; done."
