"""Notes as W3C Web Annotations: what is written is read again, and what others write is read as far as it is a note."""

from __future__ import annotations

import json
from typing import Any

import pytest

from equipoise.desk.anchors import Anchor
from equipoise.desk.annotations import annotation, read_annotations, write_annotations
from equipoise.desk.notes import Note
from equipoise.errors import InputError

KEY = "6f0c3a52-2b1e-4c57-9d0a-0d8f6a1b2c3d"
NOTE = Note(
    id=7, person=1, study="NCT99000001", version="ab12", place=Anchor("about", "warm", "is ", ".", 7, 11),
    text="Ask about tea.", tags=("ask",), created="2026-01-15T08:40:00Z", changed="2026-01-16T08:40:00Z",
    deleted=None, revision=1, key=KEY,
)  # fmt: skip


def test_a_note_is_an_annotation() -> None:
    """The fields and their values are those of the model."""
    assert annotation(NOTE) == {
        "id": f"urn:uuid:{KEY}",
        "type": "Annotation",
        "motivation": "commenting",
        "created": "2026-01-15T08:40:00Z",
        "modified": "2026-01-16T08:40:00Z",
        "body": [
            {"type": "TextualBody", "value": "Ask about tea.", "format": "text/plain", "purpose": "commenting"},
            {"type": "TextualBody", "value": "ask", "purpose": "tagging"},
        ],
        "target": {
            "type": "SpecificResource",
            "source": "https://clinicaltrials.gov/study/NCT99000001",
            "schema:version": "ab12",
            "selector": {
                "type": "FragmentSelector",
                "conformsTo": "http://tools.ietf.org/rfc/rfc3236",
                "value": "about",
                "refinedBy": [
                    {"type": "TextQuoteSelector", "exact": "warm", "prefix": "is ", "suffix": "."},
                    {"type": "TextPositionSelector", "start": 7, "end": 11},
                ],
            },
        },
    }


def test_a_file_is_a_collection() -> None:
    """It names the model's context, and has all notes on one page."""
    tree = json.loads(write_annotations([NOTE]))
    assert tree["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert (tree["type"], tree["total"], tree["first"]["type"]) == ("AnnotationCollection", 1, "AnnotationPage")
    assert tree["first"]["items"] == [annotation(NOTE)]


def test_what_is_written_is_read_again() -> None:
    """Text, tags, place, version, key and the moment of writing come back."""
    [draft] = read_annotations(write_annotations([NOTE])).drafts
    assert (draft.study, draft.text, draft.tags, draft.place) == (NOTE.study, NOTE.text, NOTE.tags, NOTE.place)
    assert (draft.version, draft.key, draft.created) == (NOTE.version, KEY, NOTE.created)


def other(**changed: Any) -> bytes:
    tree = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": "https://example.org/anno1",
        "type": "Annotation",
        "bodyValue": "A comment",
        "target": "https://clinicaltrials.gov/study/NCT99000001",
    }
    return json.dumps(tree | changed).encode()


def test_another_programs_annotation_is_a_note() -> None:
    """A body that is a text, selectors side by side, a target by its address alone."""
    [plain] = read_annotations(other()).drafts
    assert (plain.text, plain.place, plain.study) == ("A comment", Anchor(), "NCT99000001")
    assert read_annotations(other()).drafts[0].key == plain.key
    quote = {"type": "TextQuoteSelector", "exact": "warm", "prefix": "is "}
    selectors = [{"type": "FragmentSelector", "value": "about"}, quote]
    target = {"source": {"id": "https://example.org/nct99000001"}, "selector": selectors}
    [placed] = read_annotations(b"[" + other(target=target) + b"]").drafts
    assert placed.place == Anchor("about", "warm", "is ")


@pytest.mark.parametrize(
    "changed",
    [
        {"target": "https://example.org/"},
        {"bodyValue": ""},
        {"bodyValue": "x" * 20_001},
        {"bodyValue": 5, "body": [7, None, {"value": ["x"]}]},
        {"target": [None, 5, {"source": 7}]},
    ],
)
def test_what_is_no_note_on_a_study_is_counted(changed: dict[str, Any]) -> None:
    """An annotation of something else, without a text, or of another shape stops nothing."""
    read = read_annotations(b"[" + other() + b"," + other(**changed) + b"]")
    assert (len(read.drafts), read.others) == (1, 1)


@pytest.mark.parametrize(
    "selector", [5, [[]], {"refinedBy": {"refinedBy": "x"}}, [{"type": ["x"], "start": "a"}] * 500]
)
def test_a_selector_of_any_shape_is_taken(selector: Any) -> None:
    """What is no selector that we know is passed over."""
    target = {"source": "https://clinicaltrials.gov/study/NCT99000001", "selector": selector}
    assert read_annotations(other(target=target)).drafts[0].place == Anchor()


@pytest.mark.parametrize("moment", ["yesterday", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00", 5, "2026-01-01"])
def test_a_moment_that_is_none_is_left_out(moment: Any) -> None:
    """The note is then of the moment at which it was brought in."""
    assert read_annotations(other(created=moment)).drafts[0].created == ""


def test_a_file_that_is_none_says_so() -> None:
    """The message says what to do."""
    with pytest.raises(InputError, match="The file holds no Web Annotation") as caught:
        read_annotations(b'{"type": "AnnotationCollection", "items": [{"type": "Person"}]}')
    assert caught.value.next == "Choose a file of notes that Equipoise wrote (.jsonld). Nothing was added."
