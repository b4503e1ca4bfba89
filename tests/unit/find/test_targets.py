"""Names lead to the fields that are searched."""

from __future__ import annotations

import pytest

from equipoise.errors import QueryError
from equipoise.find.targets import find_target, target
from equipoise.terms.areas import areas
from equipoise.terms.fields import field, fields


def test_every_area_and_field_is_found_in_any_case():
    """By the name of an area, a field's piece name and its path."""
    for name in areas():
        found = find_target(name.upper())
        assert found is not None
        assert list(found.weights) == list(areas()[name].weights())
    for one in fields():
        by_piece, by_path = find_target(one.piece.lower()), find_target(one.path.upper())
        assert by_piece is not None
        # NCTIdSearch is an area; NCTId and the rest are fields.
        assert by_piece == by_path
        assert by_piece.piece == one.piece
        assert by_piece.label


def test_a_branch_is_searched_in_its_words():
    """Not in its dates, numbers and flags, which have none."""
    found = find_target("DesignModule")
    assert found is not None and found.field is None and found.stated == ("DesignModule",)
    pieces = {piece for piece, _ in found.weights}
    assert {"Phase", "DesignInterventionModelDescription"} <= pieces
    assert not {"EnrollmentCount", "PatientRegistry", "TargetDuration"} & pieces


def test_other_words_are_sought_where_the_registry_seeks_them():
    """In texts, not in ids, places and people."""
    for piece in ("Condition", "WhyStopped", "DetailedDescription"):
        assert find_target(piece).synonyms == {piece}
    for piece in ("LocationCity", "OverallOfficialName", "OrgStudyId", "LeadSponsorName", "Phase"):
        assert find_target(piece).synonyms == frozenset()
    for area in areas().values():
        for part in area.parts:
            assert {field(piece).synonyms for piece in part.pieces} == {part.synonyms}


def test_an_unknown_name_has_near_ones():
    """The whole message, and a name of any length is cut."""
    with pytest.raises(QueryError) as caught:
        target("ConditionSerch", text="AREA[ConditionSerch]x", span=(5, 19))
    assert str(caught.value) == (
        "Unknown area name: `ConditionSerch`\n    AREA[ConditionSerch]x\n         ^~~~~~~~~~~~~~\n"
        "Did you mean ConditionSearch or ConditionMesh or ConditionBrowseBranch?"
    )
    with pytest.raises(QueryError) as caught:
        target("z" * 5000, text="AREA[" + "z" * 5000 + "]x", span=(5, 5005))
    assert len(str(caught.value)) < 400
