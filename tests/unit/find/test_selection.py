"""Fields of a record are chosen by any of their names, and nothing else of it comes along."""

from __future__ import annotations

import json

import msgspec
import pytest

from equipoise.errors import QueryError
from equipoise.find.legacy import with_legacy_texts
from equipoise.find.selection import choose_fields, make_tree, one_line, read_fields, read_json
from equipoise.terms.areas import areas
from equipoise.terms.fields import fields
from every_field import as_json, every_field

RECORD = as_json(every_field(lambda known: f"word {known.piece} \\< end"))


def chosen(*names: str) -> dict:
    """Return what is chosen of a record that has every field."""
    return json.loads(choose_fields(RECORD, make_tree(read_fields(names))))


def paths_of(value: object, path: str = "") -> set[str]:
    """Return the paths of all that a record holds."""
    if isinstance(value, list):
        return set().union(*(paths_of(one, path) for one in value))
    if not isinstance(value, dict) or set(value) == {"lat", "lon"}:
        return {path}
    return set().union(*(paths_of(one, f"{path}.{name}" if path else name) for name, one in value.items()))


@pytest.mark.parametrize("known", fields(), ids=lambda known: known.piece)
def test_a_field_brings_itself_and_what_is_below_it(known) -> None:
    """Piece and path choose the same: exactly the fields at and below the path."""
    by_piece = chosen(known.piece)
    assert by_piece == chosen(known.path)
    every = paths_of(json.loads(RECORD))
    assert paths_of(by_piece) == {one for one in every if f"{one}.".startswith(f"{known.path}.")}
    assert paths_of(by_piece)


def test_an_area_stands_for_its_fields() -> None:
    """Each area brings its fields and no others."""
    for name, area in areas().items():
        assert chosen(name) == chosen(*(piece for piece, _ in area.weights()))


def test_all_fields_are_the_whole_record() -> None:
    """The six branches together are the record, in its order."""
    names = (
        "hasResults",
        "DerivedSection",
        "ProtocolSection",
        "ResultsSection",
        "AnnotationSection",
        "DocumentSection",
    )
    assert choose_fields(RECORD, make_tree(read_fields(names))) == msgspec.json.encode(json.loads(RECORD))


def test_a_field_that_is_misspelled_is_refused() -> None:
    """The message names the nearest, by the last part of a path too."""
    for name, meant in (("LocationCitty", "LocationCity"), ("protocolSection.x.briefTitel", "BriefTitle")):
        with pytest.raises(QueryError) as caught:
            read_fields([name])
        assert str(caught.value).startswith(f"No such field\n    {name}\n")
        assert f"Did you mean {meant}" in str(caught.value)


def test_numbers_beyond_a_computers_are_kept() -> None:
    """A number of fifty digits in a field that nobody reads does not break the rest."""
    document = b'{"hasResults": true, "long": ' + b"9" * 400 + b"}"
    assert read_json(document)["hasResults"] is True
    assert one_line(b"\xef\xbb\xbf" + document + b"\n") == document


def test_only_long_texts_take_the_older_form() -> None:
    """Escapes leave the fields that hold CommonMark, and no other field changes."""
    old, new = json.loads(RECORD), with_legacy_texts(json.loads(RECORD))
    for known in fields():
        if not known.is_struct and known.type != "GeoPoint":
            before, after = (_at(record, known.path) for record in (old, new))
            assert (before == after) is (known.kind != "markup"), known.path
            if known.kind == "markup":
                assert after == before.replace("\\<", "<")


def _at(record: object, path: str) -> object:
    for name in path.split("."):
        record = record[0] if isinstance(record, list) else record
        record = record[name]  # type: ignore[index]  # the record has every field
    return record
