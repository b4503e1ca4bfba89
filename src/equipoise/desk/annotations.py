"""
Notes as W3C Web Annotations, written and read.

A note is an Annotation (https://www.w3.org/TR/annotation-model/): its text and tags are bodies, its target is the
study's record. Where in it: a FragmentSelector names the section of the page, refined by the words themselves
(TextQuoteSelector) and where they stood (TextPositionSelector). ``schema:version`` tells which version of the record it
was. A file is an AnnotationCollection with one page.

What other programs write is read, too, as far as it is a note on a study: the selectors may stand side by side, alone,
or refine one another; a body may be a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from equipoise.desk.anchors import CONTEXT, Anchor
from equipoise.desk.clock import stamp
from equipoise.desk.notes import LONGEST, Draft, Note, clean_text, read_tags
from equipoise.errors import InputError

CONTEXT_ADDRESS = "http://www.w3.org/ns/anno.jsonld"
# Where the registry has the record; notes on it from anywhere name it so.
SOURCE = "https://clinicaltrials.gov/study/"
_HTML_FRAGMENT = "http://tools.ietf.org/rfc/rfc3236"
_NUMBER = re.compile(r"\bNCT\d{8}\b", re.IGNORECASE)
_DEEP = 8
_NEXT = "Choose a file of notes that Equipoise wrote (.jsonld). Nothing was added."


class Read(msgspec.Struct, frozen=True):
    """What a file held: the notes, and how many annotations are none on a study."""

    drafts: tuple[Draft, ...]
    others: int


def annotation(note: Note) -> dict[str, Any]:
    """Return a note as an annotation."""
    bodies = [{"type": "TextualBody", "value": note.text, "format": "text/plain", "purpose": "commenting"}]
    bodies += [{"type": "TextualBody", "value": tag, "purpose": "tagging"} for tag in note.tags]
    return {
        "id": f"urn:uuid:{note.key}",
        "type": "Annotation",
        "motivation": "commenting",
        "created": note.created,
        "modified": note.changed,
        "body": bodies,
        "target": _target(note),
    }


def _target(note: Note) -> dict[str, Any]:
    target: dict[str, Any] = {"type": "SpecificResource", "source": f"{SOURCE}{note.study}"}
    if note.version:
        target["schema:version"] = note.version
    place = note.place
    if place.part:
        selector: dict[str, Any] = {"type": "FragmentSelector", "conformsTo": _HTML_FRAGMENT, "value": place.part}
        if place.exact:
            quote = {"type": "TextQuoteSelector", "exact": place.exact, "prefix": place.prefix, "suffix": place.suffix}
            selector["refinedBy"] = [
                quote,
                {"type": "TextPositionSelector", "start": place.start, "end": place.end},
            ]
        target["selector"] = selector
    return target


def write_annotations(notes: Sequence[Note]) -> bytes:
    """Return notes as a file: a collection with one page."""
    id = f"urn:uuid:{uuid5(NAMESPACE_URL, ' '.join(note.key for note in notes))}"
    page = {"id": f"{id}#1", "type": "AnnotationPage", "startIndex": 0, "items": [annotation(note) for note in notes]}
    collection = {
        "@context": CONTEXT_ADDRESS,
        "id": id,
        "type": "AnnotationCollection",
        "label": "Notes on studies",
        "total": len(notes),
        "first": page,
    }
    return msgspec.json.format(msgspec.json.encode(collection), indent=1) + b"\n"


def read_annotations(content: bytes) -> Read:
    """
    Return the notes of a file.

    Raises:
        InputError: it is no JSON, or holds no annotation.
    """
    try:
        tree = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise InputError("The file of notes is no JSON", next=_NEXT) from None
    found = list(_annotations(tree, 0))
    if not found:
        raise InputError("The file holds no Web Annotation", next=_NEXT)
    drafts = [draft for one in found if (draft := _draft(one)) is not None]
    return Read(tuple(drafts), len(found) - len(drafts))


def _annotations(tree: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _DEEP:
        return
    if isinstance(tree, list):
        for one in tree:
            yield from _annotations(one, depth + 1)
    elif isinstance(tree, dict):
        if "Annotation" in _list(tree.get("type", tree.get("@type"))):
            yield tree
        else:
            for name in ("first", "items", "next", "@graph"):
                yield from _annotations(tree.get(name), depth + 1)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _word(tree: Any, name: str) -> str:
    value = tree.get(name) if isinstance(tree, dict) else None
    return value if isinstance(value, str) else ""


def _draft(tree: dict[str, Any]) -> Draft | None:
    """Return an annotation as a note, or None where it is none on a study or says nothing."""
    texts, tags = _said(tree)
    for target in _list(tree.get("target")):
        named = target if isinstance(target, str) else _word(target, "source") or _word(target, "id")
        number = _NUMBER.search(named or _word(_field(target, "source"), "id"))
        text = clean_text("\n\n".join(texts))
        if number and text and len(text) <= LONGEST:
            return Draft(
                study=number[0].upper(),
                text=text,
                version=_word(target, "schema:version"),
                place=_place(_field(target, "selector")),
                tags=read_tags(",".join(tags)),
                key=_key(tree),
                created=_moment(_word(tree, "created")),
            )
    return None


def _moment(text: str) -> str:
    """Return a moment as the desk keeps it, or nothing where it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return stamp(found) if found.tzinfo and 1 < found.year < 9999 else ""


def _field(tree: Any, name: str) -> Any:
    return tree.get(name) if isinstance(tree, dict) else None


def _said(tree: dict[str, Any]) -> tuple[list[str], list[str]]:
    texts, tags = [_word(tree, "bodyValue")], []
    for body in _list(tree.get("body")):
        value = body if isinstance(body, str) else _word(body, "value")
        tags.append(value) if _word(body, "purpose") == "tagging" else texts.append(value)
    return [one for one in texts if one], [one.replace(",", " ") for one in tags if one]


def _key(tree: dict[str, Any]) -> str:
    """Return what makes an annotation that is read twice one note."""
    id = _word(tree, "id") or _word(tree, "@id")
    if id.startswith("urn:uuid:"):
        return id.removeprefix("urn:uuid:").lower()
    return str(uuid5(NAMESPACE_URL, id or msgspec.json.encode(tree, order="sorted").decode()))


def _place(selectors: Any) -> Anchor:
    part = ""
    quote: dict[str, Any] = {}
    position: dict[str, Any] = {}
    waiting, seen = _list(selectors), 0
    while waiting and seen < 100:
        one, seen = waiting.pop(0), seen + 1
        if not isinstance(one, dict):
            continue
        kind = _word(one, "type")
        if kind == "FragmentSelector":
            part = part or _word(one, "value").lstrip("#")
        elif kind == "TextQuoteSelector":
            quote = quote or one
        elif kind == "TextPositionSelector":
            position = position or one
        waiting += _list(one.get("refinedBy"))
    start, end = (value if isinstance(value, int) else 0 for value in (position.get("start"), position.get("end")))
    before, after = _word(quote, "prefix")[-CONTEXT:], _word(quote, "suffix")[:CONTEXT]
    return Anchor(part, _word(quote, "exact") if part else "", before, after, start, end)
