"""What differs between two versions of a record."""

from __future__ import annotations

import json

from equipoise.find.changes import changes_between, word_changes


def document(**modules: object) -> bytes:
    return json.dumps({"protocolSection": modules}).encode()


def test_entries_of_a_list_are_compared_wherever_they_stand() -> None:
    """A condition that moved is no change; one that came is, and says so alone."""
    old = document(conditionsModule={"conditions": ["Stroke", "Ischemia"]})
    new = document(conditionsModule={"conditions": ["Ischemia", "Stroke", "Aphasia"]})
    [change] = changes_between(old, new)
    assert (change.label, change.before, change.after) == ("Conditions", (), ("Aphasia",))
    assert changes_between(old, document(conditionsModule={"conditions": ["Ischemia", "Stroke"]})) == ()


def test_a_field_that_went_is_told() -> None:
    """What the older version had alone comes last."""
    old = document(descriptionModule={"briefSummary": "Tea."}, conditionsModule={"conditions": ["Stroke"]})
    new = document(conditionsModule={"conditions": ["Aphasia"]})
    assert [(one.before, one.after) for one in changes_between(old, new)] == [
        (("Stroke",), ("Aphasia",)),
        (("Tea.",), ()),
    ]


def test_a_long_text_shows_what_changed_and_a_little_around_it() -> None:
    """Of a hundred words that stayed the same, those near the change are shown."""
    words = [f"word{number}" for number in range(200)]
    pieces = word_changes(" ".join(words), " ".join([*words[:100], "new", *words[100:]]))
    assert [one.kind for one in pieces] == ["kept", "added", "kept"]
    assert pieces[1].text.strip() == "new"
    assert all(len(one.text.split()) < 10 for one in pieces if one.kind == "kept")


def test_texts_with_little_in_common_are_not_mixed() -> None:
    """They are shown one after the other, and very long ones, too."""
    assert word_changes("warm tea in the morning", "no soup at night") == ()
    assert word_changes("a " * 5_000, "b " * 5_000) == ()
