"""A record's texts are read by the registry's fields, and what states nothing is not stated."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from equipoise.store.index import WHOLES, index_field, whole_value
from equipoise.store.pieces import LONG, folded, ranked, read_pieces, values_at
from equipoise.terms.areas import areas
from equipoise.terms.fields import field, fields
from unit.store.made import document

STATUS = {"whyStopped": " ", "startDateStruct": {"date": None}, "overallStatus": "COMPLETED"}


def read(**modules):
    return read_pieces(json.loads(document(**modules)))


def test_texts_are_read_once_by_field():
    """Numbers and flags as JSON writes them; a text that stands twice once."""
    texts, stated = read(
        conditions={"conditions": ["Stroke", "Fever", "Stroke"]},
        eligibility={"healthyVolunteers": False},
        design={"enrollmentInfo": {"count": 0}},
    )
    assert texts["Condition"] == ["Stroke", "Fever"]
    assert texts["HealthyVolunteers"] == ["false"]
    assert texts["EnrollmentCount"] == ["0"]
    assert {"Condition", "ConditionsModule", "ProtocolSection", "EnrollmentInfo", "EnrollmentCount"} <= stated


def test_what_states_nothing_is_not_stated():
    """Null, blanks, empty lists and objects, and branches of nothing else."""
    texts, stated = read(status=STATUS, conditions={"conditions": []}, sponsorCollaborators={"leadSponsor": {}})
    assert stated == {
        "ProtocolSection", "IdentificationModule", "NCTId", "BriefTitle", "StatusModule", "OverallStatus"
    }  # fmt: skip
    assert "WhyStopped" not in texts


def test_a_point_is_stated():
    """A site's place is an object of its own, not a branch."""
    _, stated = read(contactsLocations={"locations": [{"geoPoint": {"lat": 1.0, "lon": 2.0}}]})
    assert {"LocationGeoPoint", "Location"} <= stated


def test_odd_values_break_nothing():
    """A value where an object is due, an object where a value is, lists in lists."""
    conditions = {"conditions": [{"a": 1}, [["x"]], None, 5]}
    record = {"protocolSection": {"conditionsModule": conditions, "designModule": 7, "statusModule": ["x"]}}
    texts, stated = read_pieces(record)
    assert texts == {"Condition": ["5"]}
    assert stated == {"ProtocolSection", "ConditionsModule", "Condition"}


def test_every_field_of_an_area_has_a_field_of_the_index():
    """And the long texts; all others lie in one."""
    named = {piece for area in areas().values() for piece, _ in area.weights()}
    assert set(ranked()) == named | set(LONG)
    assert all(index_field(one.piece) in (one.piece, f"others.{one.piece}") for one in fields())
    assert all(not field(piece).is_struct for piece in WHOLES)


def test_values_lie_at_paths_through_lists():
    """However deep the lists, and nothing where the path ends early."""
    record = {"a": [{"b": {"c": [1, None, 2]}}, {"b": 3}, 4, {"b": {"c": "x"}}]}
    assert list(values_at(record, "a.b.c")) == [1, 2, "x"]
    assert list(values_at(record, "a.b.d")) == []


@given(st.text())
def test_folding_twice_is_folding_once(text):
    """Law: a folded value stays as it is, and its case does not count."""
    assert folded(folded(text)) == folded(text)
    assert whole_value("Phase", text) == f"Phase={text}"
