"""Elasticsearch's decay functions, against values worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from equipoise.errors import QueryError
from equipoise.find.decay import Decay, read_decay


@pytest.mark.parametrize(
    ("func", "expected"),
    [
        # scale 100, offset 10, decay 0.5; at 10, 60, 110, 210 km, so 0, 50, 100, 200 beyond the offset.
        ("exp", [1, math.sqrt(0.5), 0.5, 0.25]),
        ("gauss", [1, 0.5**0.25, 0.5, 0.0625]),
        ("linear", [1, 0.75, 0.5, 0]),
    ],
)
def test_a_distance_counts_as_its_function_says(func: str, expected: list[float]) -> None:
    """In full up to the offset, by *decay* at *scale* beyond it."""
    weights = Decay(func, scale=100, offset=10, decay=0.5).weights(np.array([10.0, 60.0, 110.0, 210.0]))
    assert weights == pytest.approx(expected)
    assert Decay(func, scale=100, offset=10).weights(np.array([0.0, 9.9, np.nan])).tolist() == [1, 1, 0]


def test_another_decay_is_met_at_the_scale() -> None:
    """Each function has the value *decay* at *scale*, whichever it is."""
    for func in ("exp", "gauss", "linear"):
        assert Decay(func, scale=80, decay=0.2).weights(np.array([80.0])) == pytest.approx([0.2])


def test_the_usual_decay_is_the_registrys() -> None:
    """Exponential, half at 300 miles, from the first mile on."""
    assert read_decay("") == Decay() == read_decay("func:exp,scale:300mi,offset:0mi,decay:0.5")
    assert Decay().weights(np.array([300 * 1.609344])) == pytest.approx([0.5])
    assert read_decay("func:gauss,scale:10km,offset:2mi,decay:.3") == Decay("gauss", 10, 2 * 1.609344, 0.3)


@pytest.mark.parametrize(
    ("text", "problem", "span"),
    [
        ("func:cubic", "This part of geoDecay cannot be read", (0, 10)),
        ("func:exp,scale:300", "This part of geoDecay cannot be read", (9, 18)),
        ("func:exp,,scale:3km", "This part of geoDecay cannot be read", (9, 10)),
        ("scale:0km", "The scale must be above 0", (0, 9)),
        ("func:exp,decay:1", "The decay must lie between 0 and 1", (9, 16)),
    ],
)
def test_a_wrong_decay_is_said(text: str, problem: str, span: tuple[int, int]) -> None:
    """With a caret below the part that is wrong."""
    with pytest.raises(QueryError) as raised:
        read_decay(text)
    assert (raised.value.problem, raised.value.span) == (problem, span)
